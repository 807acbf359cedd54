// What the panel "Examples" offers: an operation for each task, with variables that fit the data of
// `waymark demo`. The tests run every one of them against it, with the platform key, or as who
// `caller` says.

const PLATFORM = 'acme';
/** A program that the demo suggests to none of the learners of `Suggest`. */
const PROGRAM = 'program-v1:acme+30.7001+2026';

/** Names a program that the demo suggests to the learner. */
const own = code => ({ key: { platformKey: PLATFORM, programKey: `program-v1:acme+${code}+2026` } });

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
        variables: { id: 'UHJvZ3JhbUdyb3VwU3VnZ2VzdGlvbjo1' },
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
            user: { username: 'acme.learner2' },
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
              { programKey: PROGRAM, user: { username: 'acme.learner2' } },
              { programKey: PROGRAM, user: { username: 'acme.learner3' } },
              { programKey: PROGRAM, user: { username: 'acme.learner4' }, accepted: true },
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
        variables: { input: { platformKey: PLATFORM, suggestion: { databaseId: '2' } } },
      },
    ],
  },
  {
    title: 'As a learner',
    caller: 'learner',
    examples: [
      {
        title: 'What is suggested to me',
        about: 'Each program once, with the ways that lead to it.',
        query: `query SuggestedToMe($platform: String!, $states: [SuggestionState!]!) {
  suggestedPrograms(platformKey: $platform, states: $states, first: 10) {
    totalCount
    stateCounts {
      pending
      accepted
      dismissed
    }
    nodes {
      id
      state
      program {
        key
        name
      }
      dueAt
      overdue
      ways {
        direct
        groupName
        suggestedByName
        message
      }
      viewerCan {
        answer
      }
    }
  }
}
`,
        variables: { platform: PLATFORM, states: ['PENDING', 'ACCEPTED'] },
      },
      {
        title: 'Accept',
        about: 'By its key here; by its id as well.',
        query: `mutation AcceptProgram($input: SuggestedProgramAcceptInput!) {
  suggestedProgramAccept(input: $input) {
    outcome
    suggestedProgram {
      id
      state
      answer {
        accepted
        reason
        comment
        answeredAt
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
        variables: { input: { suggestedProgram: own('11.0902') } },
      },
      {
        title: 'Dismiss, with a reason',
        about: 'The list leaves it out from then on.',
        query: `mutation DismissProgram($input: SuggestedProgramDismissInput!) {
  suggestedProgramDismiss(input: $input) {
    outcome
    suggestedProgram {
      id
      state
      answer {
        accepted
        reason
        comment
        answeredAt
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
        variables: { input: { suggestedProgram: own('11.0803'), reason: 'NO_TIME', comment: 'Next year.' } },
      },
      {
        title: 'Take an answer back',
        about: 'Accepted or dismissed, it is pending again.',
        query: `mutation TakeAnswerBack($input: SuggestedProgramRestoreInput!) {
  suggestedProgramRestore(input: $input) {
    outcome
    suggestedProgram {
      id
      state
      answer {
        accepted
        reason
        comment
        answeredAt
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
        variables: { input: { suggestedProgram: own('11.0802') } },
      },
    ],
  },
  {
    title: 'Who answered',
    examples: [
      {
        title: 'Who dismissed, and why',
        about: 'A list by state, its counts, its top programs.',
        query: `query WhoDismissed($platform: String!, $filter: ProgramSuggestionFilter) {
  programSuggestions(platformKey: $platform, filter: $filter, first: 5) {
    totalCount
    stateCounts {
      pending
      accepted
      dismissed
    }
    topPrograms(first: 3) {
      count
      program {
        name
      }
    }
    nodes {
      user {
        name
      }
      program {
        name
      }
      state
      answer {
        reason
        comment
        answeredAt
      }
    }
  }
}
`,
        variables: { platform: PLATFORM, filter: { states: ['DISMISSED'] } },
      },
      {
        title: 'Who of a group',
        about: 'Every member, whatever led to the answer.',
        query: `query WhoOfGroup($platform: String!, $group: ID!, $states: [SuggestionState!]) {
  programGroupSuggestions(platformKey: $platform, filter: { groupIds: [$group] }, first: 1) {
    totalCount
    nodes {
      program {
        name
      }
      group {
        name
      }
      userCount
      stateCounts {
        pending
        accepted
        dismissed
      }
      members(states: $states, first: 10) {
        totalCount
        nodes {
          user {
            name
          }
          state
          answer {
            reason
            comment
          }
          ways {
            direct
            groupName
          }
        }
      }
    }
  }
}
`,
        variables: { platform: PLATFORM, group: '501', states: ['PENDING', 'DISMISSED'] },
      },
      {
        title: 'What happened last',
        about: 'Each change and answer, and each bulk.',
        query: `query WhatHappened($platform: String!) {
  suggestionEvents(platformKey: $platform, last: 5) {
    nodes {
      at
      action
      source
      program {
        name
      }
      user {
        name
      }
      group {
        name
      }
      actor {
        name
      }
    }
    pageInfo {
      endCursor
    }
  }
  suggestionBatches(platformKey: $platform, first: 3) {
    nodes {
      at
      operation
      source
      createdCount
      updatedCount
      deletedCount
    }
  }
}
`,
        variables: { platform: PLATFORM },
      },
      {
        title: 'Who is told what happens',
        about: 'The endpoints of webhooks, and what became of the last messages.',
        query: `query WhoIsTold($platform: String!) {
  webhookEndpoints(platformKey: $platform, first: 20) {
    nodes {
      id
      url
      actions
      state
      failingSince
      pendingCount
      deliveries(first: 3) {
        nodes {
          at
          attempt
          statusCode
          error
          events
        }
      }
    }
  }
}
`,
        variables: { platform: PLATFORM },
      },
      {
        title: 'Follow what happens',
        about: 'Runs until you stop it. Change something in another tab.',
        query: `subscription FollowWhatHappens($platform: String!) {
  suggestionEvents(platformKey: $platform) {
    cursor
    node {
      at
      action
      source
      program {
        name
      }
      user {
        name
      }
      group {
        name
      }
    }
  }
}
`,
        variables: { platform: PLATFORM },
      },
      {
        title: 'Change what a list shows, as a dry run',
        about: 'Only if it is as many as you saw.',
        query: `mutation ChangeWhatAListShows($input: ProgramSuggestionUpdateWhereInput!) {
  programSuggestionUpdateWhere(input: $input) {
    dryRun
    matchedCount
    updatedCount
    unchangedCount
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
            query: 'law',
            filter: { states: ['PENDING'] },
            set: { message: 'The law school has an open day on Friday.' },
            expectedCount: 102,
            dryRun: true,
          },
        },
      },
    ],
  },
];
