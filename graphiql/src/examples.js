// What the panel "Examples" offers: an operation for each task, with variables that fit the data of
// `waymark demo`. The tests run every one of them against it.

const PLATFORM = 'acme';
/** A program that the demo suggests to none of the learners below. */
const PROGRAM = 'program-v1:acme+30.7001+2026';

/** What the first tab holds. */
export const WELCOME = `# Paste a key or token above, then
# press Ctrl-Enter. Ctrl-Space completes
# what you type.

query WhoAmI {
  viewer {
    user {
      username
      name
    }
    isDmAdmin
    platforms {
      role
      platform {
        key
        name
      }
      departments {
        key
        name
      }
    }
  }
}
`;

export const groups = [
  {
    title: 'Who and where',
    examples: [
      {
        title: 'Who am I',
        about: 'The caller, the roles, the departments.',
        query: WELCOME,
      },
      {
        title: 'A platform to choose from',
        about: 'Its programs and groups, searched by name.',
        query: `query PlatformChoices($key: String!, $search: String) {
  platform(key: $key) {
    key
    org
    name
    programs(query: $search, first: 5) {
      totalCount
      nodes {
        key
        name
      }
    }
    groups(query: $search, first: 5) {
      totalCount
      nodes {
        id
        databaseId
        name
        userCount
        department {
          name
        }
      }
    }
  }
}
`,
        variables: { key: PLATFORM, search: 'law' },
      },
      {
        title: 'Anything by its global id',
        about: 'What Relay and caches refetch by.',
        query: `query Refetch($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on ProgramGroupSuggestion {
      program {
        name
      }
      group {
        name
      }
      accepted
      modified
    }
  }
}
`,
        variables: { id: 'UHJvZ3JhbUdyb3VwU3VnZ2VzdGlvbjo2' },
      },
    ],
  },
  {
    title: 'Lists',
    examples: [
      {
        title: 'Suggested to groups, by cursor',
        about: 'Pass endCursor as after for the next page.',
        query: `query GroupSuggestions($platform: String!, $first: Int!, $after: String) {
  programGroupSuggestions(
    platformKey: $platform
    orderBy: { field: MODIFIED, direction: DESC }
    first: $first
    after: $after
  ) {
    totalCount
    nodes {
      id
      program {
        key
        name
      }
      group {
        name
      }
      userCount
      accepted
      modified
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
        variables: { platform: PLATFORM, first: 5, after: null },
      },
      {
        title: 'Suggested to groups, searched',
        about: 'A text in the names, and a filter.',
        query: `query SearchGroupSuggestions(
  $platform: String!
  $search: String
  $filter: ProgramGroupSuggestionFilter
) {
  programGroupSuggestions(
    platformKey: $platform
    query: $search
    filter: $filter
    orderBy: { field: PROGRAM_NAME }
    first: 10
  ) {
    totalCount
    nodes {
      program {
        name
      }
      group {
        name
      }
      accepted
      created
    }
  }
}
`,
        variables: {
          platform: PLATFORM,
          search: 'law',
          filter: { accepted: false, createdAfter: '2026-03-01T00:00:00Z' },
        },
      },
      {
        title: 'Suggested to groups, by page number',
        about: 'For tables with numbered pages.',
        query: `query GroupSuggestionPage($platform: String!, $page: Int!) {
  programGroupSuggestionPage(platformKey: $platform, page: $page, pageSize: 5) {
    count
    page
    pageCount
    nextPage
    previousPage
    results {
      databaseId
      program {
        name
      }
      group {
        name
      }
      userCount
      accepted
    }
  }
}
`,
        variables: { platform: PLATFORM, page: 2 },
      },
      {
        title: 'Suggested to users, by cursor',
        about: 'Newest first, with who suggested it.',
        query: `query UserSuggestions($platform: String!, $first: Int!, $after: String) {
  programSuggestions(platformKey: $platform, first: $first, after: $after) {
    totalCount
    nodes {
      id
      user {
        username
        name
      }
      program {
        name
      }
      accepted
      metadata
      suggestedBy {
        username
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
        variables: { platform: PLATFORM, first: 5, after: null },
      },
      {
        title: 'Suggested to one user',
        about: 'By global or integer id, page by page.',
        query: `query SuggestionsOfUser($platform: String!, $user: ID!) {
  programSuggestionPage(platformKey: $platform, filter: { userIds: [$user] }) {
    count
    results {
      databaseId
      program {
        key
        name
      }
      accepted
      created
    }
  }
}
`,
        variables: { platform: PLATFORM, user: '1008' },
      },
    ],
  },
  {
    title: 'Suggest',
    examples: [
      {
        title: 'A program to a group',
        about: 'Run it twice: CREATED, then UNCHANGED.',
        query: `mutation SuggestToGroup($input: ProgramGroupSuggestionCreateInput!) {
  programGroupSuggestionCreate(input: $input) {
    outcome
    suggestion {
      id
      databaseId
      group {
        name
      }
      userCount
    }
    userErrors {
      code
      message
      field
    }
  }
}
`,
        variables: {
          input: {
            platformKey: PLATFORM,
            programKey: PROGRAM,
            group: { databaseId: '540' },
            metadata: { source: 'graphiql' },
          },
        },
      },
      {
        title: 'A program to a user',
        about: 'The user by id, username or e-mail.',
        query: `mutation SuggestToUser($input: ProgramSuggestionCreateInput!) {
  programSuggestionCreate(input: $input) {
    outcome
    suggestion {
      id
      databaseId
      user {
        name
      }
      program {
        name
      }
    }
    userErrors {
      code
      message
      field
    }
  }
}
`,
        variables: {
          input: {
            platformKey: PLATFORM,
            programKey: PROGRAM,
            user: { username: 'acme.learner' },
          },
        },
      },
      {
        title: 'Many at once, as a dry run',
        about: 'Writes nothing until dryRun is false.',
        query: `mutation SuggestToMany($input: ProgramSuggestionBulkCreateInput!) {
  programSuggestionBulkCreate(input: $input) {
    dryRun
    successes
    createdCount
    updatedCount
    unchangedCount
    failedCount
    results {
      index
      outcome
      userErrors {
        code
        message
        field
      }
    }
    userErrors {
      code
      message
    }
  }
}
`,
        variables: {
          input: {
            platformKey: PLATFORM,
            dryRun: true,
            errorPolicy: 'ABORT',
            idempotencyKey: 'my-first-bulk',
            items: [
              { programKey: PROGRAM, user: { username: 'acme.learner' } },
              { programKey: PROGRAM, user: { username: 'acme.learner2' } },
              { programKey: PROGRAM, user: { username: 'acme.learner3' }, accepted: true },
            ],
          },
        },
      },
    ],
  },
  {
    title: 'Delete',
    examples: [
      {
        title: 'Many of users, as a dry run',
        about: 'Writes nothing until dryRun is false.',
        query: `mutation DeleteMany($input: ProgramSuggestionBulkDeleteInput!) {
  programSuggestionBulkDelete(input: $input) {
    dryRun
    deletedCount
    failedCount
    deletedIds
    results {
      index
      outcome
      userErrors {
        code
        message
      }
    }
    userErrors {
      code
      message
    }
  }
}
`,
        variables: {
          input: {
            platformKey: PLATFORM,
            dryRun: true,
            suggestions: [{ databaseId: '4' }, { databaseId: '5' }],
          },
        },
      },
      {
        title: 'One of a group',
        about: 'Really deletes, so only once.',
        query: `mutation DeleteOfGroup($input: ProgramGroupSuggestionDeleteInput!) {
  programGroupSuggestionDelete(input: $input) {
    deletedId
    userErrors {
      code
      message
    }
  }
}
`,
        variables: { input: { platformKey: PLATFORM, suggestion: { databaseId: '7' } } },
      },
      {
        title: 'One of a user',
        about: 'Really deletes, so only once.',
        query: `mutation DeleteOfUser($input: ProgramSuggestionDeleteInput!) {
  programSuggestionDelete(input: $input) {
    deletedId
    userErrors {
      code
      message
    }
  }
}
`,
        variables: { input: { platformKey: PLATFORM, suggestion: { databaseId: '3' } } },
      },
    ],
  },
];
