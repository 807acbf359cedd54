// @apollo/client: cursor pages, the normalised cache, errors, automatic persisted queries.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import {
  ApolloClient,
  CombinedGraphQLErrors,
  HttpLink,
  InMemoryCache,
  ServerError,
} from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { parse } from 'graphql';
import { filter, firstValueFrom } from 'rxjs';
import { documents } from './documents.mjs';
import { ask, record, start } from './server.mjs';
import { connect, forget } from './snippets/apollo.mjs';

let server;
before(async () => (server = await start()));
after(() => server.stop());

// What clients sent since the test began.
const requests = record();
beforeEach(() => requests.splice(0));

const variables = { platformKey: 'acme', first: 3 };
const rows = (data) => data.programGroupSuggestions.edges.map(({ node }) => node);

// The list as the server has it, in one page.
async function listed() {
  const data = await ask(
    server,
    `{ programGroupSuggestions(platformKey: "acme", first: 100) { totalCount edges { node { id } } } }`,
  );
  return rows(data).map(({ id }) => id);
}

// A list that is being looked at: what a component would show. Apollo tells those who watch in the next
// turn of the event loop.
async function watch(client) {
  const query = client.watchQuery({ query: documents.GroupSuggestions, variables });
  const subscription = query.subscribe({});
  await client.query({ query: documents.GroupSuggestions, variables });
  const shown = async () => {
    await turn();
    const { data } = await firstValueFrom(query.pipe(filter(({ loading }) => !loading)));
    return data;
  };
  return { query, shown, stop: () => subscription.unsubscribe() };
}

async function wholeList(client) {
  const list = await watch(client);
  let { pageInfo } = (await list.shown()).programGroupSuggestions;
  while (pageInfo.hasNextPage) {
    const page = await list.query.fetchMore({ variables: { after: pageInfo.endCursor } });
    assert.notEqual(page.data.programGroupSuggestions.pageInfo.endCursor, pageInfo.endCursor);
    ({ pageInfo } = page.data.programGroupSuggestions);
  }
  return list;
}

test('pages are merged without holes or duplicates', async () => {
  const client = connect(server.url, server.authorization);
  const list = await wholeList(client);
  const asked = requests.length;
  const expected = await listed();
  assert.ok(asked >= 3, `at least three pages, not ${asked}`);
  assert.equal(asked, Math.ceil(expected.length / variables.first));
  assert.deepEqual(rows(await list.shown()).map(({ id }) => id), expected);
  assert.equal((await list.shown()).programGroupSuggestions.totalCount, expected.length);
  list.stop();
});

test('lists with other arguments are kept apart', async () => {
  const client = connect(server.url, server.authorization);
  const ask = (query) =>
    client.query({ query: documents.GroupSuggestions, variables: { ...variables, query } });
  const [web, science] = [await ask('web'), await ask('science')];
  assert.ok(rows(web.data).length > 0 && rows(science.data).length > 0);
  assert.notDeepEqual(rows(web.data), rows(science.data));
  assert.deepEqual(rows((await ask('web')).data), rows(web.data));
  assert.equal(requests.length, 2, 'the third answer comes from the cache');
});

test('suggesting again changes the row that is shown, without asking for the list again', async () => {
  const client = connect(server.url, server.authorization);
  const list = await wholeList(client);
  const [first] = rows(await list.shown());
  requests.splice(0);
  const { data } = await client.mutate({
    mutation: documents.SuggestToGroup,
    variables: {
      input: {
        platformKey: 'acme',
        programKey: first.program.key,
        group: { id: first.group.id },
        accepted: !first.accepted,
      },
    },
  });
  assert.equal(data.programGroupSuggestionCreate.outcome, 'UPDATED');
  assert.equal(rows(await list.shown())[0].id, first.id);
  assert.equal(rows(await list.shown())[0].accepted, !first.accepted);
  assert.equal(requests.length, 1);
  list.stop();
});

test('a suggestion is created into the list and evicted from it by its deletedId', async () => {
  const client = connect(server.url, server.authorization);
  const list = await wholeList(client);
  const before = rows(await list.shown()).map(({ id }) => id);
  const created = await client.mutate({
    mutation: documents.SuggestToGroup,
    variables: {
      input: {
        platformKey: 'acme',
        programKey: 'program-v1:shared+intro+2026',
        group: { databaseId: '104' },
        metadata: { from: ['a', 'test'] },
      },
    },
    update(cache, { data: { programGroupSuggestionCreate: payload } }) {
      cache.updateQuery({ query: documents.GroupSuggestions, variables }, (held) => ({
        programGroupSuggestions: {
          ...held.programGroupSuggestions,
          edges: [
            ...held.programGroupSuggestions.edges,
            { __typename: 'ProgramGroupSuggestionEdge', cursor: '', node: payload.suggestion },
          ],
        },
      }));
    },
  });
  const { outcome, suggestion } = created.data.programGroupSuggestionCreate;
  assert.equal(outcome, 'CREATED');
  assert.deepEqual(suggestion.metadata, { from: ['a', 'test'] });
  const withIt = await listed();
  assert.deepEqual(withIt, [...before, suggestion.id]);
  assert.deepEqual(rows(await list.shown()).map(({ id }) => id), withIt);

  // By its id it is found in the cache, and is the very same there.
  const id = client.cache.identify(suggestion);
  assert.equal(id, `ProgramGroupSuggestion:${suggestion.id}`);
  assert.ok(client.cache.extract()[id]);

  requests.splice(0);
  const removed = await client.mutate({
    mutation: documents.WithdrawFromGroup,
    variables: { input: { suggestion: { id: suggestion.id } } },
    update(cache, { data }) {
      forget(cache, 'ProgramGroupSuggestion', data.programGroupSuggestionDelete);
    },
  });
  assert.deepEqual(removed.data.programGroupSuggestionDelete.userErrors, []);
  assert.equal(client.cache.extract()[id], undefined);
  assert.deepEqual(rows(await list.shown()).map(({ id }) => id), before);
  assert.equal(requests.length, 1, 'nothing but the mutation was sent');
  assert.deepEqual(await listed(), before);
  list.stop();

  const gone = await client.query({ query: documents.AnyNode, variables: { id: suggestion.id } });
  assert.equal(gone.data.node, null);
});

test('what a person can mend is data, and changes no list', async () => {
  const client = connect(server.url, server.authorization);
  const list = await wholeList(client);
  const before = await list.shown();
  const { data } = await client.mutate({
    mutation: documents.SuggestToGroup,
    variables: {
      input: { platformKey: 'acme', programKey: 'no-such-program', group: { databaseId: '101' } },
    },
  });
  const { outcome, suggestion, userErrors } = data.programGroupSuggestionCreate;
  assert.deepEqual([outcome, suggestion], ['FAILED', null]);
  assert.equal(userErrors[0].code, 'PROGRAM_NOT_FOUND');
  assert.deepEqual(userErrors[0].field, ['input', 'programKey']);
  assert.deepEqual(await list.shown(), before);
  list.stop();
});

test('a GraphQL error has its code in extensions', async () => {
  const client = connect(server.url, server.authorization);
  const query = { query: documents.GroupSuggestions, variables: { ...variables, after: 'nonsense' } };
  await assert.rejects(client.query(query), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    const [{ extensions, message, path }] = error.errors;
    assert.equal(extensions.code, 'INVALID_CURSOR');
    assert.ok(extensions.requestId, 'a request id, to find the log line by');
    assert.deepEqual(path, ['programGroupSuggestions']);
    assert.ok(message.length > 10);
    return true;
  });
});

test('wrong credentials are 401: errors of GraphQL where the client asks for its media type', async () => {
  const client = connect(server.url, `Api-Token ${'0'.repeat(64)}`);
  await assert.rejects(client.query({ query: documents.WhoAmI }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assert.equal(error.errors[0].extensions.code, 'UNAUTHENTICATED');
    assert.equal(error.data, undefined);
    return true;
  });
  assert.equal(requests[0].status, 401);
  assert.match(requests[0].type, /^application\/graphql-response\+json/);
});

test('wrong credentials are 401: a network error with a readable body where it asks for JSON', async () => {
  const client = new ApolloClient({
    link: new HttpLink({
      uri: server.url,
      headers: { accept: 'application/json', authorization: `Api-Token ${'0'.repeat(64)}` },
    }),
    cache: new InMemoryCache(),
  });
  await assert.rejects(client.query({ query: documents.WhoAmI }), (error) => {
    assert.ok(ServerError.is(error), String(error));
    assert.equal(error.statusCode, 401);
    const [{ message, extensions }] = JSON.parse(error.bodyText).errors;
    assert.equal(extensions.code, 'UNAUTHENTICATED');
    assert.ok(message.length > 10);
    return true;
  });
});

test('automatic persisted queries: the hash by GET, the text once, and then the hash alone', async () => {
  const persisted = () =>
    new ApolloClient({
      link: new PersistedQueryLink({
        sha256: (text) => createHash('sha256').update(text).digest('hex'),
        useGETForHashedQueries: true,
      }).concat(
        new HttpLink({ uri: server.url, headers: { authorization: server.authorization } }),
      ),
      cache: new InMemoryCache(),
    });
  // A document that no other test sends: the service has never seen it.
  const query = {
    query: parse('query Once($key: String!) { platform(key: $key) { id name } }'),
    variables: { key: 'acme' },
  };

  const first = await persisted().query(query);
  assert.deepEqual(requests.map(({ method, status }) => [method, status]), [
    ['GET', 400],
    ['POST', 200],
  ]);
  assert.equal(new URL(requests[0].url).searchParams.get('query'), null);
  assert.ok(requests[1].body.query);

  requests.splice(0);
  const second = await persisted().query(query);
  assert.deepEqual(second.data, first.data);
  assert.equal(requests.length, 1);
  const { method, url } = requests[0];
  assert.equal(method, 'GET');
  const sent = new URL(url).searchParams;
  assert.equal(sent.get('query'), null);
  assert.equal(JSON.parse(sent.get('extensions')).persistedQuery.version, 1);

  // A mutation is never sent by GET, by its hash or otherwise.
  requests.splice(0);
  const mutated = await persisted().mutate({
    mutation: documents.WithdrawFromGroup,
    variables: { input: { suggestion: { databaseId: '999999' } } },
  });
  const [{ code }] = mutated.data.programGroupSuggestionDelete.userErrors;
  assert.equal(code, 'SUGGESTION_NOT_FOUND');
  assert.ok(requests.every(({ method }) => method === 'POST'));
});
