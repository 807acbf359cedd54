// A small typed client. It sends documents by their hashes alone. What must not pass the type check stands
// below `@ts-expect-error`: if it did pass, that would be an error in its turn.
import type { TypedDocumentString } from '../generated/codegen/gql/graphql.js';
import { graphql, unmask, type FragmentType } from '../generated/codegen/gql/index.js';

export interface Service {
  url: string;
  authorization: string;
}

export const Row = graphql(/* GraphQL */ `
  fragment Row on ProgramGroupSuggestion {
    id
    accepted
    metadata
    created
    program {
      id
      key
    }
    group {
      id
      name
    }
  }
`);

export const Suggested = graphql(/* GraphQL */ `
  query Suggested($platformKey: String!, $filter: ProgramGroupSuggestionFilter) {
    programGroupSuggestionPage(platformKey: $platformKey, filter: $filter, pageSize: 100) {
      count
      results {
        id
        ...Row
      }
    }
  }
`);

export const Suggest = graphql(/* GraphQL */ `
  mutation Suggest($input: ProgramGroupSuggestionCreateInput!) {
    programGroupSuggestionCreate(input: $input) {
      outcome
      suggestion {
        id
        ...Row
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export const Withdraw = graphql(/* GraphQL */ `
  mutation Withdraw($input: ProgramGroupSuggestionDeleteInput!) {
    programGroupSuggestionDelete(input: $input) {
      deletedId
      userErrors {
        code
      }
    }
  }
`);

async function execute<Data, Variables>(
  { url, authorization }: Service,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ documentId: document.__meta__?.['hash'], variables }),
  });
  const { data, errors } = (await response.json()) as {
    data: Data;
    errors?: { message: string; extensions: { code: string } }[];
  };
  if (errors) throw new Error(errors.map(({ extensions }) => extensions.code).join());
  return data;
}

// What a component that shows a row is given: masked, until it says which fragment it reads.
function show(masked: FragmentType<typeof Row>) {
  const row = unmask(Row, masked);
  // A DateTime is a text, as it goes over the wire.
  const year: string = row.created.slice(0, 4);
  // @ts-expect-error It is not a Date.
  row.created satisfies Date;
  return { id: row.id, year, program: row.program.key, metadata: row.metadata };
}

export async function suggested(service: Service, createdAfter: string) {
  const { programGroupSuggestionPage: page } = await execute(service, Suggested, {
    platformKey: 'acme',
    filter: { createdAfter },
  });
  // @ts-expect-error Only the component that has the fragment sees its fields.
  page.results[0]?.accepted;
  return { count: page.count, rows: page.results.map(show) };
}

export async function suggest(service: Service, programKey: string, group: string) {
  const { programGroupSuggestionCreate: payload } = await execute(service, Suggest, {
    input: {
      platformKey: 'acme',
      programKey,
      group: { databaseId: group },
      metadata: { from: ['a', 'test'] },
    },
  });
  // @ts-expect-error No outcome is called that.
  payload.outcome === 'SUGGESTED';
  return {
    outcome: payload.outcome,
    row: payload.suggestion && show(payload.suggestion),
    codes: payload.userErrors.map(({ code }) => code),
  };
}

export async function withdraw(service: Service, id: string) {
  const { programGroupSuggestionDelete: payload } = await execute(service, Withdraw, {
    input: { suggestion: { id } },
  });
  return payload.deletedId;
}

// What the types of the input refuse. Never called.
export const refused = (service: Service) => [
  // @ts-expect-error `platformKey` is missing.
  execute(service, Suggested, {}),
  // @ts-expect-error A filter of groups knows no users.
  execute(service, Suggested, { platformKey: 'acme', filter: { userIds: ['1'] } }),
  execute(service, Withdraw, {
    // @ts-expect-error A suggestion is named in one of two ways, not in both (`@oneOf`).
    input: { suggestion: { id: 'x', databaseId: '1' } },
  }),
  execute(service, Suggest, {
    // @ts-expect-error Metadata is an object.
    input: { platformKey: 'acme', programKey: 'x', group: { id: 'x' }, metadata: 'text' },
  }),
];
