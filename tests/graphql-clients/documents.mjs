// The documents of operations/ by the name of the operation, each with the fragments that it uses. One
// operation a file: Apollo's manifest generator asks for that.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse, separateOperations } from 'graphql';
import { here } from './server.mjs';

const folder = join(here, 'operations');
const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

export const documents = separateOperations(parse(texts.join('\n'), { noLocation: true }));
