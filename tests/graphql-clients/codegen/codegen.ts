// graphql-codegen with its client preset, as a front end sets it up: documents are written in the code,
// typed from schema.graphql, and collected under their hashes.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../../schema.graphql',
  documents: 'program.ts',
  importExtension: '.js',
  generates: {
    '../generated/codegen/gql/': {
      preset: 'client',
      presetConfig: {
        persistedDocuments: true,
        fragmentMasking: { unmaskFunctionName: 'unmask' },
      },
      config: {
        documentMode: 'string',
        scalars: {
          DateTime: 'string',
          JSONObject: { input: 'Record<string, unknown>', output: 'Record<string, unknown>' },
          JSON: 'unknown',
        },
        strictScalars: true,
        useTypeImports: true,
        enumsAsTypes: true,
      },
    },
  },
};

export default config;
