import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';

// A deletion says what to forget; whatever comes or goes, the pages of its list are asked for again.
const changes = (list, __typename) => (result, _arguments, cache, { fieldName }) => {
  const { outcome, deletedId } = result[fieldName];
  if (outcome !== 'CREATED' && !deletedId) return;
  if (deletedId) cache.invalidate({ __typename, id: deletedId });
  for (const field of cache.inspectFields('Query')) {
    if (field.fieldName === list) cache.invalidate('Query', field.fieldKey);
  }
};
const ofUsers = changes('programSuggestions', 'ProgramSuggestion');
const ofGroups = changes('programGroupSuggestions', 'ProgramGroupSuggestion');

export const connect = (url, authorization, schema) =>
  new Client({
    url,
    fetchOptions: { headers: { authorization } },
    exchanges: [
      cacheExchange({
        schema, // the introspection of the service, or of schema.graphql
        keys: { Viewer: () => null, ViewerPlatform: () => null },
        resolvers: {
          Query: {
            programSuggestions: relayPagination(),
            programGroupSuggestions: relayPagination(),
          },
        },
        updates: {
          Mutation: {
            programSuggestionCreate: ofUsers,
            programSuggestionDelete: ofUsers,
            programGroupSuggestionCreate: ofGroups,
            programGroupSuggestionDelete: ofGroups,
          },
        },
      }),
      fetchExchange,
    ],
  });
