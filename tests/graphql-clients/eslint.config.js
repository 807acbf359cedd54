// @graphql-eslint on schema.graphql and on the documents of these tests. The rule sets are taken whole; what
// does not fit is switched off or narrowed here, rule by rule, with the reason.
import graphql from '@graphql-eslint/eslint-plugin';

const { configs, parser, processor } = graphql;
const here = 'tests/graphql-clients';
// These paths are seen from the working directory, which is this folder; those of ESLint (`files`) from the
// root of the repository.
const schema = '../../schema.graphql';
const project = (documents) => ({ schema, documents, include: documents });
// The plugin takes one configuration for all; projects keep apart what goes with what.
const language = {
  languageOptions: {
    parser,
    parserOptions: {
      graphQLConfig: {
        projects: {
          operations: project('operations/*.graphql'),
          codegen: project('codegen/program.ts'),
          relay: project('relay/*.js'),
          default: { schema },
        },
      },
    },
  },
  plugins: { '@graphql-eslint': graphql },
};

// The code around the documents is not judged here, and need not even be parsed.
const nothing = {
  parseForESLint: (text) => ({
    ast: {
      type: 'Program',
      body: [],
      comments: [],
      tokens: [],
      range: [0, text.length],
      loc: { start: { line: 1, column: 0 }, end: { line: 1, column: 0 } },
    },
  }),
};

export default [
  { ignores: ['**/generated/**'] },
  {
    ...language,
    files: ['schema.graphql'],
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      // Both styles stand for the same text: one line where it fits, a block where it does not.
      '@graphql-eslint/description-style': 'off',
      // It takes `username`, one word, for a field that repeats the name of its type.
      '@graphql-eslint/no-typename-prefix': 'off',
      // An id is for what can be fetched again. The rest lives inside of an answer: places in lists,
      // payloads and their parts, and the caller, who is one.
      '@graphql-eslint/strict-id-in-types': [
        'error',
        {
          acceptedIdNames: ['id'],
          acceptedIdTypes: ['ID'],
          exceptions: {
            types: [
              'PageInfo', 'ProgramCount', 'SuggestionAnswer', 'SuggestionChange',
              'SuggestedProgramsChanged', 'SuggestionStateCounts', 'SuggestionWay', 'UserError', 'Viewer',
              'ViewerPlatform', 'WebhookDelivery',
            ],
            suffixes: ['Connection', 'Edge', 'Page', 'Payload', 'Permissions', 'Result'],
          },
        },
      ],
      // Not every list is a connection: `nodes`, numbered pages and the results of a bulk are lists that
      // end. And a delivery of a webhook is listed, but cannot be fetched by itself. What the rule says about
      // edges otherwise holds.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
    },
  },
  {
    files: [`${here}/relay/*.js`, `${here}/codegen/program.ts`],
    languageOptions: { parser: nothing },
    processor,
  },
  {
    ...language,
    files: [`${here}/operations/*.graphql`, `${here}/codegen/program.ts/*.graphql`],
    rules: configs['flat/operations-recommended'].rules,
  },
  {
    ...language,
    files: [`${here}/relay/*.js/*.graphql`],
    rules: {
      ...configs['flat/operations-recommended'].rules,
      // relay-compiler asks for names that begin with the file's and end with the kind of operation.
      '@graphql-eslint/naming-convention': 'off',
      // Relay's directives, and the arguments of fragments, are known to its compiler, which checks them.
      '@graphql-eslint/known-directives': 'off',
      '@graphql-eslint/no-undefined-variables': 'off',
    },
  },
];
