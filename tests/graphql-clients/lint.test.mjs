// @graphql-eslint: the schema by its rules for schemas and for Relay, the documents of these tests by its
// rules for operations. eslint.config.js says which rules do not apply, and why.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import { here, repository } from './server.mjs';

const eslint = new ESLint({
  cwd: repository,
  overrideConfigFile: join(here, 'eslint.config.js'),
});

// How many files were looked at. All that was found is in the message where it fails.
async function lint(...files) {
  const results = await eslint.lintFiles(files);
  const found = results.filter(({ messages }) => messages.length > 0);
  assert.equal(found.length, 0, (await eslint.loadFormatter('stylish')).format(found));
  return results.length;
}

// What the rules say about a text that stands in the place of a file.
async function rules(text, filePath) {
  const [{ messages }] = await eslint.lintText(text, { filePath: join(repository, filePath) });
  return messages.map(({ ruleId }) => ruleId);
}

test('the schema keeps the rules for schemas and for Relay', async () => {
  assert.equal(await lint('schema.graphql'), 1);
});

test('the documents keep the rules for operations', async () => {
  const folder = 'tests/graphql-clients';
  assert.equal(await lint(`${folder}/operations/*.graphql`), 6);
  assert.equal(await lint(`${folder}/relay/*.js`, `${folder}/codegen/program.ts`), 2);
});

test('the rules are at work', async () => {
  const operation = await rules(
    'query GetIt($unused: Int) { platform(key: "acme") { name nonsense } }',
    'tests/graphql-clients/operations/any-node.graphql',
  );
  for (const rule of [
    'naming-convention',
    'no-unused-variables',
    'fields-on-correct-type',
    'require-selections',
  ]) {
    assert.ok(operation.includes(`@graphql-eslint/${rule}`), `${rule}: ${operation}`);
  }
  const relay = await rules(
    'graphql`query operationsQuery { platform(key: "acme") { id nonsense } }`',
    'tests/graphql-clients/relay/operations.js',
  );
  assert.deepEqual(relay, ['@graphql-eslint/fields-on-correct-type']);
  const schema = await rules(
    `type Query { things: ThingConnection } "All." type ThingConnection { edges: [Thing!]! }
     type Thing { Name: String }`,
    'schema.graphql',
  );
  for (const rule of [
    'naming-convention',
    'relay-connection-types',
    'require-description',
    'strict-id-in-types',
  ]) {
    assert.ok(schema.includes(`@graphql-eslint/${rule}`), `${rule}: ${schema}`);
  }
});
