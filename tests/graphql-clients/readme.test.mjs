// README.md shows the very code that the tests run.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { here, repository } from './server.mjs';

test('the snippets of the README are those that the tests run', () => {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  const folder = join(here, 'snippets');
  const names = readdirSync(folder);
  assert.equal(names.length, 3);
  for (const name of names) {
    const block = `\`\`\`js\n${readFileSync(join(folder, name), 'utf8')}\`\`\`\n`;
    assert.ok(readme.includes(block), `README.md does not show ${name} as it is`);
  }
});
