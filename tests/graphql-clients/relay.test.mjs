// Relay: relay-compiler against schema.graphql, and relay-runtime against a server that executes nothing
// but what the compiler has collected.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import relay from 'relay-runtime';
import { ask, here, record, repository, start } from './server.mjs';
import { connect } from './snippets/relay.mjs';

const folder = join(here, 'generated/relay');
const map = join(folder, 'persisted-queries.json');
const artifact = (name) =>
  createRequire(import.meta.url)(join(folder, `artifacts/operations${name}.graphql.js`));

// The compiler stays inside the folder of its configuration: the schema is brought there.
function compile() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'artifacts'), { recursive: true });
  copyFileSync(join(repository, 'schema.graphql'), join(folder, 'schema.graphql'));
  // Its artifacts are CommonJS, as bundlers take them.
  writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
  writeFileSync(map, '{}');
  const compiler = join(here, 'node_modules/relay-compiler/cli.js');
  execFileSync(process.execPath, [compiler, 'relay.config.json'], { cwd: here, stdio: 'pipe' });
}

let server;
let open;
before(async () => {
  compile();
  server = await start({
    WAYMARK_GRAPHQL_TRUSTED_DOCUMENTS: map,
    WAYMARK_GRAPHQL_TRUSTED_MODE: 'require',
  });
  // The same without trusted documents, to ask what the compiler has not seen.
  open = await start();
});
after(async () => {
  await server.stop();
  await open.stop();
});

const requests = record();
beforeEach(() => requests.splice(0));

const environment = () => connect(server.url, server.authorization);

// Runs a query, and reads what a component at its root is given.
async function query(environment, name, variables) {
  const request = artifact(name);
  const operation = relay.createOperationDescriptor(request, variables);
  environment.retain(operation);
  await relay.fetchQuery(environment, request, variables).toPromise();
  return environment.lookup(operation.fragment).data;
}

// Reads a fragment, as useFragment does.
function read(environment, name, reference) {
  const selector = relay.getSingularSelector(artifact(name), reference);
  const { data, isMissingData } = environment.lookup(selector);
  assert.equal(isMissingData, false, `the store lacks data for ${name}`);
  return data;
}

function mutate(environment, name, variables) {
  const mutation = artifact(name);
  return new Promise((onCompleted, onError) =>
    relay.commitMutation(environment, { mutation, variables, onCompleted, onError }),
  );
}

// The next page of a connection, as usePaginationFragment asks for it.
async function loadNext(environment, name, reference, count) {
  const fragment = artifact(name);
  const data = read(environment, name, reference);
  const { connectionPathInFragmentData, paginationRequest, paginationMetadata } =
    relay.getPaginationMetadata(fragment, name);
  const connection = connectionPathInFragmentData.reduce((at, key) => at[key], data);
  const { owner } = relay.getSingularSelector(fragment, reference);
  const { identifierInfo } = relay.getRefetchMetadata(fragment, name);
  const variables = relay.getPaginationVariables(
    'forward',
    count,
    connection.pageInfo.endCursor,
    { ...owner.variables, ...reference.__fragments[fragment.name] },
    identifierInfo ? { id: data[identifierInfo.identifierField] } : {},
    paginationMetadata,
  );
  await relay.fetchQuery(environment, paginationRequest, variables).toPromise();
  return connectionPathInFragmentData.reduce(
    (at, key) => at[key],
    read(environment, name, reference),
  );
}

const list = { platformKey: 'acme', count: 3, cursor: null };
const connectionId = relay.ConnectionHandler.getConnectionID(
  'client:root',
  'operations_programGroupSuggestions',
  { platformKey: 'acme' },
);
const ids = (environment, root) =>
  read(environment, 'GroupSuggestions', root).programGroupSuggestions.edges.map(
    ({ node }) => node.id,
  );

async function wholeList(environment) {
  const root = await query(environment, 'GroupSuggestionsQuery', list);
  let { pageInfo } = read(environment, 'GroupSuggestions', root).programGroupSuggestions;
  while (pageInfo.hasNextPage) {
    const { endCursor } = pageInfo;
    ({ pageInfo } = await loadNext(environment, 'GroupSuggestions', root, list.count));
    assert.notEqual(pageInfo.endCursor, endCursor);
  }
  return root;
}

// The list as the server has it: another store, one page.
async function listedIds() {
  const other = environment();
  return ids(other, await query(other, 'GroupSuggestionsQuery', { ...list, count: 100 }));
}

test('only the ids of documents are sent, and the map of the compiler has them all', async () => {
  await wholeList(environment());
  const documents = JSON.parse(readFileSync(map, 'utf8'));
  assert.ok(requests.length > 0);
  for (const { body, status } of requests) {
    assert.deepEqual(Object.keys(body), ['documentId', 'variables']);
    assert.ok(documents[body.documentId]);
    assert.equal(status, 200);
  }
});

test('a document that the compiler has not seen is refused', async () => {
  await assert.rejects(ask(server, '{ viewer { isDmAdmin } }'), /FORBIDDEN/);
  assert.ok((await ask(open, '{ viewer { isDmAdmin } }')).viewer);
});

test('@connection: pages are merged without holes or duplicates', async () => {
  const one = environment();
  const root = await wholeList(one);
  assert.ok(requests.length >= 3, `at least three pages, not ${requests.length}`);
  const all = await ask(
    open,
    '{ programGroupSuggestions(platformKey: "acme", first: 100) { edges { node { id } } } }',
  );
  assert.deepEqual(ids(one, root), all.programGroupSuggestions.edges.map(({ node }) => node.id));
});

test('@refetchable on a type of Node: one row is fetched again by its id', async () => {
  const one = environment();
  const root = await wholeList(one);
  const [{ node }] = read(one, 'GroupSuggestions', root).programGroupSuggestions.edges;
  const row = read(one, 'Row', node);
  // Changed behind the back of this store.
  await mutate(environment(), 'ChangeMutation', {
    input: {
      platformKey: 'acme',
      programKey: row.program.key,
      group: { id: row.group.id },
      accepted: !row.accepted,
    },
  });
  assert.equal(read(one, 'Row', node).accepted, row.accepted);
  const { identifierInfo, refetchableRequest } = relay.getRefetchMetadata(artifact('Row'), 'Row');
  assert.equal(identifierInfo.identifierField, 'id');
  await relay.fetchQuery(one, refetchableRequest, { id: node.id }).toPromise();
  assert.equal(read(one, 'Row', node).accepted, !row.accepted);
});

test('a connection below a Node pages on through node(id:)', async () => {
  const one = environment();
  const { platform } = await query(one, 'PlatformQuery', { key: 'acme' });
  let programs = read(one, 'PlatformPrograms', platform).programs;
  while (programs.pageInfo.hasNextPage) {
    const { endCursor } = programs.pageInfo;
    programs = await loadNext(one, 'PlatformPrograms', platform, 4);
    assert.notEqual(programs.pageInfo.endCursor, endCursor);
  }
  assert.ok(requests.length >= 3, `at least three pages, not ${requests.length}`);
  const all = await ask(
    open,
    '{ platform(key: "acme") { programs(first: 100) { nodes { id name } } } }',
  );
  const shown = programs.edges.map(({ node: { id, name } }) => ({ id, name }));
  assert.deepEqual(shown, all.platform.programs.nodes);
});

test('@appendNode, @deleteEdge and @deleteRecord: a suggestion comes and goes by its id', async () => {
  const one = environment();
  const root = await wholeList(one);
  const before = ids(one, root);
  const suggest = (databaseId) =>
    mutate(one, 'SuggestMutation', {
      input: {
        platformKey: 'acme',
        programKey: 'program-v1:shared+intro+2026',
        group: { databaseId },
      },
      connections: [connectionId],
    });

  const { outcome, suggestion } = (await suggest('104')).programGroupSuggestionCreate;
  assert.equal(outcome, 'CREATED');
  assert.deepEqual(ids(one, root), [...before, suggestion.id]);
  assert.deepEqual(ids(one, root), await listedIds());

  requests.splice(0);
  const removed = await mutate(one, 'WithdrawMutation', {
    input: { suggestion: { id: suggestion.id } },
    connections: [connectionId],
  });
  assert.deepEqual(removed.programGroupSuggestionDelete.userErrors, []);
  assert.deepEqual(ids(one, root), before);
  assert.equal(one.getStore().getSource().get(suggestion.id), null, 'the record is deleted');
  assert.equal(requests.length, 1, 'nothing but the mutation was sent');

  // The same with several at once, by deletedIds.
  const two = [await suggest('104'), await suggest('105')].map(
    ({ programGroupSuggestionCreate: { suggestion } }) => suggestion.id,
  );
  assert.deepEqual(ids(one, root), [...before, ...two]);
  const { programGroupSuggestionBulkDelete: bulk } = await mutate(one, 'WithdrawManyMutation', {
    input: { platformKey: 'acme', suggestions: two.map((id) => ({ id })) },
    connections: [connectionId],
  });
  assert.equal(bulk.deletedCount, 2);
  assert.deepEqual(ids(one, root), before);
  assert.deepEqual(await listedIds(), before);
});

test('an error reaches the caller with its code', async () => {
  const failing = query(environment(), 'GroupSuggestionsQuery', { ...list, cursor: 'nonsense' });
  await assert.rejects(failing, (error) => {
    assert.equal(error.source.errors[0].extensions.code, 'INVALID_CURSOR');
    return true;
  });
  const stranger = connect(server.url, `Api-Token ${'0'.repeat(64)}`);
  await assert.rejects(query(stranger, 'GroupSuggestionsQuery', list), (error) => {
    assert.equal(error.source.errors[0].extensions.code, 'UNAUTHENTICATED');
    return true;
  });
  assert.equal(requests.at(-1).status, 401);
});
