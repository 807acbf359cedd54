// Apollo's persisted query manifest: made by Apollo's tool, taken by the server as its only documents,
// and used by Apollo Client with the link that reads it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';
import { parse } from 'graphql';
import { documents } from './documents.mjs';
import { here, record, start } from './server.mjs';

const folder = join(here, 'generated/manifest');
const file = join(folder, 'persisted-query-manifest.json');

let manifest;
let server;
before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tool = join(here, 'node_modules/@apollo/generate-persisted-query-manifest/cli.js');
  execFileSync(process.execPath, [tool, '--config', 'persisted-query-manifest.config.json'], {
    cwd: here,
    stdio: 'pipe',
  });
  manifest = JSON.parse(readFileSync(file, 'utf8'));
  server = await start({
    WAYMARK_GRAPHQL_TRUSTED_DOCUMENTS: file,
    WAYMARK_GRAPHQL_TRUSTED_MODE: 'require',
  });
});
after(() => server.stop());

const requests = record();
beforeEach(() => requests.splice(0));

const client = (options = {}) =>
  new ApolloClient({
    link: new PersistedQueryLink({
      ...generatePersistedQueryIdsFromManifest({ loadManifest: () => manifest }),
      ...options,
    }).concat(new HttpLink({ uri: server.url, headers: { authorization: server.authorization } })),
    cache: new InMemoryCache(),
  });

test('the manifest has every operation', () => {
  assert.equal(manifest.format, 'apollo-persisted-query-manifest');
  const names = manifest.operations.map(({ name }) => name);
  assert.deepEqual(names.sort(), Object.keys(documents).sort());
});

test('Apollo Client asks by the ids of the manifest alone, queries by GET where it is told so', async () => {
  const variables = { platformKey: 'acme', first: 3 };
  const query = { query: documents.GroupSuggestions, variables };
  const posted = await client().query(query);
  const got = await client({ useGETForHashedQueries: true }).query(query);
  assert.equal(posted.data.programGroupSuggestions.edges.length, 3);
  assert.deepEqual(got.data, posted.data);
  const [post, get] = requests;
  const { id } = manifest.operations.find(({ name }) => name === 'GroupSuggestions');
  assert.equal(post.body.query, undefined);
  assert.equal(post.body.extensions.persistedQuery.sha256Hash, id);
  assert.deepEqual([post.method, get.method, requests.length], ['POST', 'GET', 2]);

  const { data } = await client().mutate({
    mutation: documents.WithdrawFromGroup,
    variables: { input: { suggestion: { databaseId: '999999' } } },
  });
  assert.equal(data.programGroupSuggestionDelete.userErrors[0].code, 'SUGGESTION_NOT_FOUND');
});

test('a document that is not in the manifest is refused, by its hash and by its text', async () => {
  const automatic = new ApolloClient({
    link: new PersistedQueryLink({
      sha256: (text) => createHash('sha256').update(text).digest('hex'),
    }).concat(new HttpLink({ uri: server.url, headers: { authorization: server.authorization } })),
    cache: new InMemoryCache(),
  });
  const query = parse('query NotThere { viewer { isDmAdmin } }');
  await assert.rejects(automatic.query({ query }), (error) => {
    assert.ok(CombinedGraphQLErrors.is(error), String(error));
    assert.equal(error.errors[0].extensions.code, 'FORBIDDEN');
    return true;
  });
  assert.deepEqual(requests.map(({ body }) => Boolean(body.query)), [false, true]);
});
