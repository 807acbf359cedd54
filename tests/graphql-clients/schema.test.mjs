// schema.graphql as graphql-js sees it: it is valid, the service shows the very same by introspection, and
// what it becomes does not break what it was (breaking.mjs, @graphql-inspector/core).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  parse,
  printSchema,
  validateSchema,
} from 'graphql';
import { ask, here, repository, start } from './server.mjs';

const committed = readFileSync(join(repository, 'schema.graphql'), 'utf8');

test('graphql-js builds the schema and finds nothing wrong with it', () => {
  assert.deepEqual(validateSchema(buildSchema(committed)), []);
});

test('introspection through the door gives the committed schema, directives included', async (t) => {
  const server = await start();
  t.after(() => server.stop());
  const introspection = await ask(
    server,
    getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
  );
  const shown = lexicographicSortSchema(buildClientSchema(introspection));
  const expected = lexicographicSortSchema(buildSchema(committed));
  assert.equal(printSchema(shown), printSchema(expected));
  assert.deepEqual(names(shown), names(expected));
  assert.deepEqual(directives(shown), directives(expected));
});

const names = (schema) => schema.getDirectives().map(({ name }) => name).sort();

// What the text declares. printSchema leaves out directives that the specification names, and buildSchema
// adds those that are not there, as it knows them.
function directives(schema) {
  const declared = parse(committed).definitions.filter(({ kind }) => kind === 'DirectiveDefinition');
  return declared.map(({ name }) => {
    const { locations, isRepeatable, args, description } = schema.getDirective(name.value);
    return {
      name: name.value,
      description,
      locations: [...locations].sort(),
      isRepeatable,
      args: args.map(({ name, type, defaultValue }) => `${name}: ${type} = ${defaultValue}`),
    };
  });
}

test('no client that was built against an earlier version breaks, but for what is declared', () => {
  const { status, stdout, stderr } = check(repository);
  assert.equal(status, 0, `${stdout}${stderr}`);
});

function check(folder) {
  const run = spawnSync(process.execPath, [join(here, 'breaking.mjs'), folder]);
  return { status: run.status, stdout: String(run.stdout), stderr: String(run.stderr) };
}

// A repository with these versions of the schema, a commit each.
function history(t, ...versions) {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-history.'));
  t.after(() => rmSync(folder, { recursive: true }));
  const git = (...args) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
      stdio: 'pipe',
    });
  git('init', '--quiet');
  const write = (name, text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const commit = () => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'one more');
  };
  for (const version of versions) {
    write('schema.graphql', version);
    commit();
  }
  return { folder, write, commit };
}

const removed = committed.replace(/\t"Who is calling;[^\n]*\n\tviewer: Viewer\n/, '');
const declaration = 'tests/graphql-clients/breaking-changes.txt';

test('a breaking change fails, before it is committed and after, until it is declared', (t) => {
  assert.notEqual(removed, committed);
  const { folder, write, commit } = history(t, committed);
  write('schema.graphql', removed);
  const uncommitted = check(folder);
  assert.equal(uncommitted.status, 1, uncommitted.stdout);
  assert.match(uncommitted.stdout, /^FIELD_REMOVED Query\.viewer: /m);

  commit();
  write('another', 'file');
  commit();
  assert.equal(check(folder).status, 1, 'a clean clone, some commits later');

  write(declaration, '# With a reason.\nFIELD_REMOVED Query.viewer: nobody ever asked who they were\n');
  const declared = check(folder);
  assert.equal(declared.status, 0, declared.stdout);
  assert.match(declared.stdout, /0 of them undeclared/);

  write(declaration, 'FIELD_REMOVED Query.viewer\n');
  assert.equal(check(folder).status, 2, 'a line without a reason');
});

test('what breaks in several commits fails, what was put back passes', (t) => {
  const later = removed.replace('type Viewer {', 'type Viewer {\n\tmore: Int');
  assert.equal(check(history(t, committed, removed, later).folder).status, 1);
  const back = check(history(t, committed, removed, committed).folder);
  assert.equal(back.status, 0, back.stdout);
});

test('an addition passes, and a declaration of what did not happen fails', (t) => {
  const more = committed.replace('type Viewer {', 'type Viewer {\n\tmore: Int');
  const { folder, write } = history(t, committed, more);
  const added = check(folder);
  assert.equal(added.status, 0, added.stdout);
  assert.match(added.stdout, /^1 earlier version/m);
  write(declaration, 'FIELD_REMOVED Query.viewer: not so\n');
  assert.equal(check(folder).status, 1);
});

test('without history it says that there is nothing to compare with', (t) => {
  const { folder } = history(t, committed, removed);
  const shallow = join(folder, 'shallow');
  execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${folder}`, shallow], { stdio: 'pipe' });
  const bare = join(folder, 'copy');
  mkdirSync(bare);
  writeFileSync(join(bare, 'schema.graphql'), committed);
  rmSync(join(folder, '.git'), { recursive: true });
  for (const place of [shallow, bare]) {
    const { status, stdout } = check(place);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /nothing to compare with/);
  }
});
