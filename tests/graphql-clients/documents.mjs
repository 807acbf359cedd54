// The operations of operations.graphql by name, each a document of its own with the fragments it uses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, separateOperations } from 'graphql';
import { here } from './server.mjs';

export const documents = separateOperations(
  parse(readFileSync(join(here, 'operations.graphql'), 'utf8'), { noLocation: true }),
);
