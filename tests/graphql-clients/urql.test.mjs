// urql: @urql/core with the normalised cache (graphcache) that knows the schema, and persisted queries.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Client, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { getIntrospectionQuery, parse } from 'graphql';
import { documents } from './documents.mjs';
import { ask, record, start } from './server.mjs';
import { connect } from './snippets/urql.mjs';

let server;
let schema;
before(async () => {
  server = await start();
  schema = await ask(server, getIntrospectionQuery());
});
after(() => server.stop());

const requests = record();
beforeEach(() => requests.splice(0));

const client = () => connect(server.url, server.authorization, schema);
const variables = { platformKey: 'acme', first: 3 };
const ids = (list) => list.edges.map(({ node }) => node.id);

async function query(client, document, variables, context) {
  const { data, error } = await client.query(document, variables, context).toPromise();
  if (error) throw error;
  return data;
}

// The pages one after the other, as a component asks for them; answers what the last one shows.
async function wholeList(client) {
  let shown = await query(client, documents.GroupSuggestions, variables);
  for (let page = shown; page.programGroupSuggestions.pageInfo.hasNextPage; ) {
    const { endCursor } = page.programGroupSuggestions.pageInfo;
    page = await query(client, documents.GroupSuggestions, { ...variables, after: endCursor });
    assert.notEqual(page.programGroupSuggestions.pageInfo.endCursor, endCursor);
    shown = page;
  }
  return shown.programGroupSuggestions;
}

async function listed() {
  const data = await ask(
    server,
    '{ programGroupSuggestions(platformKey: "acme", first: 100) { edges { node { id } } } }',
  );
  return ids(data.programGroupSuggestions);
}

test('the cache takes the schema, and finds nothing to complain about in a round trip', async (t) => {
  const complaints = ['warn', 'error'].map((level) => t.mock.method(console, level, () => {}));
  const one = client();
  await wholeList(one);
  await query(one, documents.WhoAmI, {});
  const created = await one
    .mutation(documents.SuggestToGroup, {
      input: { platformKey: 'acme', programKey: 'no-such-program', group: { databaseId: '101' } },
    })
    .toPromise();
  assert.equal(created.data.programGroupSuggestionCreate.userErrors[0].code, 'PROGRAM_NOT_FOUND');
  const said = complaints.flatMap(({ mock }) => mock.calls.map((call) => call.arguments.join(' ')));
  assert.deepEqual(said, []);
});

test('pages are merged without holes or duplicates', async () => {
  const list = await wholeList(client());
  const asked = requests.length;
  const expected = await listed();
  assert.ok(asked >= 3, `at least three pages, not ${asked}`);
  assert.equal(asked, Math.ceil(expected.length / variables.first));
  assert.deepEqual(ids(list), expected);
  assert.equal(list.totalCount, expected.length);
});

test('suggesting again changes the row in the cache, by its id', async () => {
  const one = client();
  const [{ node }] = (await wholeList(one)).edges;
  requests.splice(0);
  const { data } = await one
    .mutation(documents.SuggestToGroup, {
      input: {
        platformKey: 'acme',
        programKey: node.program.key,
        group: { id: node.group.id },
        accepted: !node.accepted,
      },
    })
    .toPromise();
  assert.equal(data.programGroupSuggestionCreate.outcome, 'UPDATED');
  const again = await query(one, documents.GroupSuggestions, variables);
  assert.equal(again.programGroupSuggestions.edges[0].node.accepted, !node.accepted);
  assert.equal(requests.length, 1, 'nothing but the mutation was sent');
});

test('after a creation and a deletion the list is asked for again, and the deletedId is forgotten', async () => {
  const one = client();
  const before = ids(await wholeList(one));
  const created = await one
    .mutation(documents.SuggestToGroup, {
      input: {
        platformKey: 'acme',
        programKey: 'program-v1:shared+intro+2026',
        group: { databaseId: '104' },
      },
    })
    .toPromise();
  const { outcome, suggestion } = created.data.programGroupSuggestionCreate;
  assert.equal(outcome, 'CREATED');
  const withIt = await listed();
  assert.deepEqual(withIt, [...before, suggestion.id]);
  assert.deepEqual(ids(await wholeList(one)), withIt);
  const inCache = await query(one, documents.AnyNode, { id: suggestion.id });
  assert.equal(inCache.node.databaseId, suggestion.databaseId);

  const removed = await one
    .mutation(documents.WithdrawFromGroup, { input: { suggestion: { id: suggestion.id } } })
    .toPromise();
  assert.equal(removed.data.programGroupSuggestionDelete.deletedId, suggestion.id);
  assert.deepEqual(ids(await wholeList(one)), before);
  assert.deepEqual(await listed(), before);
  assert.equal((await query(one, documents.AnyNode, { id: suggestion.id })).node, null);
});

test('a GraphQL error has its code in extensions', async () => {
  const { data, error } = await client()
    .query(documents.GroupSuggestions, { ...variables, after: 'nonsense' })
    .toPromise();
  assert.ok(!data);
  assert.equal(error.graphQLErrors[0].extensions.code, 'INVALID_CURSOR');
  assert.equal(error.networkError, undefined);
});

test('wrong credentials are 401, with a code to act on', async () => {
  const one = connect(server.url, `Api-Token ${'0'.repeat(64)}`, schema);
  const { error } = await one.query(documents.WhoAmI, {}).toPromise();
  assert.equal(error.response.status, 401);
  assert.equal(error.graphQLErrors[0].extensions.code, 'UNAUTHENTICATED');
  assert.ok(error.graphQLErrors[0].message.length > 10);
});

test('automatic persisted queries: the hash, the text once, and then the hash alone', async () => {
  const persisted = () =>
    new Client({
      url: server.url,
      fetchOptions: { headers: { authorization: server.authorization } },
      exchanges: [
        persistedExchange({ preferGetForPersistedQueries: true, enableForMutation: true }),
        fetchExchange,
      ],
    });
  // A document that no other test sends: the service has never seen it.
  const document = parse('query Once($key: String!) { platform(key: $key) { id org } }');
  const first = await query(persisted(), document, { key: 'acme' });
  assert.equal(requests.length, 2);
  assert.equal(requests[0].method, 'GET');
  assert.equal(new URL(requests[0].url).searchParams.get('query'), null);

  requests.splice(0);
  assert.deepEqual(await query(persisted(), document, { key: 'acme' }), first);
  assert.equal(requests.length, 1);
  const sent = new URL(requests[0].url).searchParams;
  assert.equal(sent.get('query'), null);
  assert.match(JSON.parse(sent.get('extensions')).persistedQuery.sha256Hash, /^[0-9a-f]{64}$/);

  requests.splice(0);
  const { data } = await persisted()
    .mutation(documents.WithdrawFromGroup, { input: { suggestion: { databaseId: '999999' } } })
    .toPromise();
  assert.equal(data.programGroupSuggestionDelete.userErrors[0].code, 'SUGGESTION_NOT_FOUND');
  assert.ok(requests.every(({ method }) => method === 'POST'));
});
