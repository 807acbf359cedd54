import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

// What makes two lists different, paging left out.
const list = ['platformKey', 'platformOrg', 'departmentMode', 'query', 'filter', 'orderBy'];

export const connect = (uri, authorization) =>
  new ApolloClient({
    link: new HttpLink({ uri, headers: { authorization } }),
    cache: new InMemoryCache({
      typePolicies: {
        Query: {
          fields: {
            programSuggestions: relayStylePagination(list),
            programGroupSuggestions: relayStylePagination(list),
          },
        },
      },
    }),
  });

// For the `update` of a mutation that deletes: lists let go of what was evicted.
export const forget = (cache, __typename, { deletedId }) =>
  deletedId && cache.evict({ id: cache.identify({ __typename, id: deletedId }) });
