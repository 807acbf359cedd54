// Verifies a message of a webhook: SECRET, and {body, headers} as JSON on standard input. A changed body must not
// be accepted.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.argv[2]);
const { body, headers } = JSON.parse(readFileSync(0, 'utf8'));
assert.equal(webhook.verify(body, headers).type, 'suggestion.events');
assert.throws(() => webhook.verify(`${body} `, headers));
