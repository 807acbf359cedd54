// Writes what the differential test sends as inputs for scripts/fuzz to begin with: node seeds.mjs FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents, requests } from '../tests/js/documents.mjs';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node seeds.mjs FOLDER');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const inputs = [
  ...documents.map(({ source }) => source),
  ...requests.map(([source, variables]) => `${source}\n---\n${JSON.stringify(variables)}`),
];
inputs.forEach((input, index) => writeFileSync(join(folder, `${index}`), input));
