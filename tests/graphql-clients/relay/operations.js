// What relay-compiler compiles at test time. The tests read its output, as babel-plugin-relay would have
// this file do it; the tags themselves are never run.
import { graphql } from 'relay-runtime';

graphql`
  query operationsGroupSuggestionsQuery($platformKey: String!, $count: Int!, $cursor: String) {
    ...operationsGroupSuggestions
      @arguments(platformKey: $platformKey, count: $count, cursor: $cursor)
  }
`;

graphql`
  fragment operationsGroupSuggestions on Query
  @argumentDefinitions(
    platformKey: { type: "String!" }
    count: { type: "Int!" }
    cursor: { type: "String" }
  )
  @refetchable(queryName: "operationsGroupSuggestionsPaginationQuery") {
    programGroupSuggestions(platformKey: $platformKey, first: $count, after: $cursor)
      @connection(key: "operations_programGroupSuggestions", filters: ["platformKey"]) {
      edges {
        node {
          id
          ...operationsRow
        }
      }
    }
  }
`;

graphql`
  fragment operationsRow on ProgramGroupSuggestion
  @refetchable(queryName: "operationsRowRefetchQuery") {
    id
    databaseId
    accepted
    modified
    program {
      id
      key
    }
    group {
      id
      name
    }
  }
`;

graphql`
  query operationsPlatformQuery($key: String!) {
    platform(key: $key) {
      id
      ...operationsPlatformPrograms @arguments(count: 4)
    }
  }
`;

graphql`
  fragment operationsPlatformPrograms on Platform
  @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" })
  @refetchable(queryName: "operationsPlatformProgramsPaginationQuery") {
    id
    programs(first: $count, after: $cursor) @connection(key: "operationsPlatform_programs") {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

graphql`
  mutation operationsSuggestMutation(
    $input: ProgramGroupSuggestionCreateInput!
    $connections: [ID!]!
  ) {
    programGroupSuggestionCreate(input: $input) {
      outcome
      suggestion
        @appendNode(connections: $connections, edgeTypeName: "ProgramGroupSuggestionEdge") {
        id
        ...operationsRow
      }
      userErrors {
        code
      }
    }
  }
`;

graphql`
  mutation operationsChangeMutation($input: ProgramGroupSuggestionCreateInput!) {
    programGroupSuggestionCreate(input: $input) {
      outcome
      suggestion {
        id
        ...operationsRow
      }
    }
  }
`;

graphql`
  mutation operationsWithdrawMutation(
    $input: ProgramGroupSuggestionDeleteInput!
    $connections: [ID!]!
  ) {
    programGroupSuggestionDelete(input: $input) {
      # The compiler takes one of the two for each field.
      deletedId @deleteEdge(connections: $connections)
      deletedRecord: deletedId @deleteRecord
      userErrors {
        code
      }
    }
  }
`;

graphql`
  mutation operationsWithdrawManyMutation(
    $input: ProgramGroupSuggestionBulkDeleteInput!
    $connections: [ID!]!
  ) {
    programGroupSuggestionBulkDelete(input: $input) {
      deletedIds @deleteEdge(connections: $connections)
      deletedCount
    }
  }
`;
