// graphql-codegen: the client preset generates types and collects documents, tsc judges a program that
// uses them, and the program runs against a server that executes nothing else.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { ask, here, record, start } from './server.mjs';

const generated = join(here, 'generated/codegen');
const map = join(generated, 'gql/persisted-documents.json');

function run(tool, ...args) {
  try {
    execFileSync(process.execPath, [join(here, 'node_modules', tool), ...args], {
      cwd: join(here, 'codegen'),
      stdio: 'pipe',
    });
  } catch ({ stdout, stderr }) {
    throw new Error(`${tool}:\n${stdout}${stderr}`);
  }
}

let server;
let program;
before(async () => {
  rmSync(generated, { recursive: true, force: true });
  run('@graphql-codegen/cli/cjs/bin.js', '--config', 'codegen.ts');
  // Emits nothing where anything is wrong with the types.
  run('typescript/bin/tsc', '--project', '.');
  program = await import(join(generated, 'out/codegen/program.js'));
  server = await start({
    WAYMARK_GRAPHQL_TRUSTED_DOCUMENTS: map,
    WAYMARK_GRAPHQL_TRUSTED_MODE: 'require',
  });
});
after(() => server.stop());

const requests = record();
beforeEach(() => requests.splice(0));

test('the documents are collected under the SHA-256 of their texts', () => {
  const documents = Object.entries(JSON.parse(readFileSync(map, 'utf8')));
  assert.equal(documents.length, 3);
  for (const [id, text] of documents) {
    assert.equal(id, `sha256:${createHash('sha256').update(text).digest('hex')}`);
  }
});

test('the typed program reads, suggests and withdraws by the ids of its documents', async () => {
  const { count, rows } = await program.suggested(server, '2026-01-03T09:00:00Z');
  assert.ok(count > 0);
  assert.equal(rows.length, count);
  assert.deepEqual(new Set(rows.map(({ year }) => year)), new Set(['2026']));
  assert.ok(!rows.some(({ program }) => program === 'program-v1:acme+ecole+2026'), 'excluded');

  const made = await program.suggest(server, 'program-v1:shared+intro+2026', '104');
  assert.deepEqual([made.outcome, made.codes], ['CREATED', []]);
  assert.deepEqual(made.row.metadata, { from: ['a', 'test'] });
  assert.equal((await program.suggested(server, '2026-01-03T09:00:00Z')).count, count + 1);
  assert.equal(await program.withdraw(server, made.row.id), made.row.id);
  assert.equal((await program.suggested(server, '2026-01-03T09:00:00Z')).count, count);

  const failed = await program.suggest(server, 'no-such-program', '104');
  assert.deepEqual(failed, { outcome: 'FAILED', row: null, codes: ['PROGRAM_NOT_FOUND'] });
  for (const { body } of requests) {
    assert.deepEqual(Object.keys(body), ['documentId', 'variables']);
    assert.match(body.documentId, /^sha256:[0-9a-f]{64}$/);
  }
});

test('errors reach the program with their codes', async () => {
  await assert.rejects(program.suggested(server, 'yesterday'), /BAD_USER_INPUT/);
});

test('any other document is refused', async () => {
  await assert.rejects(ask(server, '{ viewer { isDmAdmin } }'), /FORBIDDEN/);
});
