// Subscriptions with the clients that front ends use: graphql-ws and graphql-sse by themselves, and beneath
// Apollo Client and urql.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import WebSocket from 'ws';
import { ask, start } from './server.mjs';

let server;
before(async () => {
  server = await start();
});
after(() => server.stop());

const EVENTS = `subscription Events($after: String) {
  suggestionEvents(platformKey: "acme", after: $after) { cursor node { id action program { key } } }
}`;

const NEWEST = '{ suggestionEvents(platformKey: "acme", last: 1) { pageInfo { endCursor } } }';

async function newest() {
  return (await ask(server, NEWEST)).suggestionEvents.pageInfo.endCursor;
}

let messages = 0;
// Changes a suggestion, which is an event.
async function change() {
  messages += 1;
  const item = {
    programKey: 'program-v1:acme+ds+2026',
    user: { username: 'student1' },
    message: `message ${messages}`,
  };
  const document = `mutation ($input: ProgramSuggestionBulkCreateInput!) {
    programSuggestionBulkCreate(input: $input) { updatedCount } }`;
  const { programSuggestionBulkCreate } = await ask(server, document, {
    input: { platformKey: 'acme', items: [item] },
  });
  assert.equal(programSuggestionBulkCreate.updatedCount, 1);
}

const websocket = (authorization = server.authorization) =>
  createWs({
    url: server.url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: authorization },
    retryAttempts: 0,
  });

const sse = (authorization = server.authorization) =>
  createSse({ url: server.url, headers: { authorization }, retryAttempts: 0 });

for (const [name, connect] of [
  ['graphql-ws', websocket],
  ['graphql-sse', sse],
]) {
  test(`${name}: events as they happen, and on from a cursor`, async () => {
    const client = connect();
    let after = await newest();
    for (let round = 0; round < 2; round += 1) {
      const events = client.iterate({ query: EVENTS, variables: { after } });
      // Both rounds: what has happened before somebody asks, and what happens then.
      await change();
      const seen = [(await events.next()).value];
      await change();
      seen.push((await events.next()).value);
      for (const { data, errors } of seen) {
        assert.equal(errors, undefined);
        assert.equal(data.suggestionEvents.node.action, 'UPDATED');
        assert.notEqual(data.suggestionEvents.cursor, after);
        after = data.suggestionEvents.cursor;
      }
      await events.return();
    }
    client.dispose();
  });

  test(`${name}: queries and mutations`, async () => {
    const client = connect();
    const query = client.iterate({ query: '{ platform(key: "acme") { key } }' });
    assert.deepEqual((await query.next()).value.data, { platform: { key: 'acme' } });
    assert.equal((await query.next()).done, true);
    const document = `mutation ($input: ProgramSuggestionBulkCreateInput!) {
      programSuggestionBulkCreate(input: $input) { dryRun } }`;
    const input = { platformKey: 'acme', items: [], dryRun: true };
    const mutation = client.iterate({ query: document, variables: { input } });
    const { data, errors } = (await mutation.next()).value;
    assert.ok(data ?? errors);
    client.dispose();
  });
}

test('graphql-ws: what is wrong with an operation ends it with its errors', async () => {
  const client = websocket();
  const told = client.iterate({ query: '{ nothing }' }).next();
  await assert.rejects(told, (errors) => {
    assert.equal(errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
    return true;
  });
  client.dispose();
});

test('graphql-ws: wrong credentials close the connection', async () => {
  const told = websocket('Bearer no').iterate({ query: '{ __typename }' }).next();
  await assert.rejects(told, (event) => {
    assert.equal(event.code, 4403);
    assert.equal(event.reason, 'Forbidden');
    return true;
  });
});

test('graphql-sse: what is wrong with an operation comes as a result, wrong credentials as 401', async () => {
  const { value } = await sse().iterate({ query: '{ nothing }' }).next();
  assert.equal(value.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  await assert.rejects(sse('Bearer no').iterate({ query: '{ __typename }' }).next(), (error) => {
    assert.equal(error.response.status, 401);
    return true;
  });
});

test('Apollo Client subscribes over a WebSocket', async () => {
  const socket = websocket();
  const client = new ApolloClient({
    link: new GraphQLWsLink(socket),
    cache: new InMemoryCache(),
  });
  const variables = { after: await newest() };
  await change();
  const event = await first(client.subscribe({ query: gql(EVENTS), variables }));
  assert.equal(event.data.suggestionEvents.node.action, 'UPDATED');
  client.stop();
  socket.dispose();
});

test('Apollo Client without a WebSocket is told what to use', async () => {
  const headers = { authorization: server.authorization };
  const client = new ApolloClient({
    link: new HttpLink({ uri: server.url, headers }),
    cache: new InMemoryCache(),
  });
  const result = await first(client.subscribe({ query: gql(EVENTS) })).catch((error) => ({ error }));
  assert.ok(result.error);
  client.stop();
});

test('urql subscribes over a WebSocket, and by fetch', async () => {
  const socket = websocket();
  const over = [
    new Client({
      url: server.url,
      exchanges: [
        subscriptionExchange({
          forwardSubscription: ({ query, variables }) => ({
            subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
          }),
        }),
      ],
    }),
    new Client({
      url: server.url,
      fetchOptions: { headers: { authorization: server.authorization } },
      fetchSubscriptions: true,
      exchanges: [fetchExchange],
    }),
  ];
  for (const client of over) {
    const variables = { after: await newest() };
    await change();
    const event = await new Promise((resolve) => {
      const { unsubscribe } = client.subscription(EVENTS, variables).subscribe((result) => {
        resolve(result);
        setImmediate(() => unsubscribe());
      });
    });
    assert.equal(event.error, undefined);
    assert.equal(event.data.suggestionEvents.node.action, 'UPDATED');
  }
  socket.dispose();
});

// The first value of an observable.
function first(observable) {
  return new Promise((resolve, reject) => {
    const subscription = observable.subscribe({
      next(value) {
        resolve(value);
        setImmediate(() => subscription.unsubscribe());
      },
      error: reject,
    });
  });
}
