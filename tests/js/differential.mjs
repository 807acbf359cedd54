// Asks graphql-js and a running server about the same documents: is it valid, and do its variables
// fit? node differential.mjs SCHEMA_FILE URL
// Prints every disagreement and the score. Exit status 1 below 98 per cent of agreement, or for a
// disagreement that is not explained in `reasons`.
import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { documents, requests } from './documents.mjs';
import { reasons } from './reasons.mjs';
import { addScalars } from './scalars.mjs';

const [schemaFile, url] = process.argv.slice(2);
if (!url) {
  console.error('usage: node differential.mjs SCHEMA_FILE URL');
  process.exit(2);
}
const schema = buildSchema(readFileSync(schemaFile, 'utf8'));
addScalars(schema);

function reference(source, variables) {
  let document;
  try {
    document = parse(source);
  } catch (error) {
    return ['GRAPHQL_PARSE_FAILED', error.message];
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return ['GRAPHQL_VALIDATION_FAILED', errors[0].message];
  if (variables) {
    const operation = document.definitions[0];
    const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
    if (coerced.errors) return ['BAD_USER_INPUT', coerced.errors[0].message];
  }
  return ['ok', ''];
}

async function ours(source, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
    },
    body: JSON.stringify({ query: source, variables, operationName: firstName(source) }),
  });
  const answer = await response.json();
  // With `data` it was executed: whatever went wrong then is not asked here.
  if ('data' in answer) return ['ok', ''];
  const { message, extensions } = answer.errors[0];
  // Without variables only the document is asked about: it got as far as to need some.
  if (!variables && extensions.code === 'BAD_USER_INPUT') return ['ok', ''];
  return [extensions.code, message];
}

function firstName(source) {
  try {
    const operations = parse(source).definitions.filter((one) => one.kind === 'OperationDefinition');
    return operations.length > 1 ? operations[0].name?.value : undefined;
  } catch {
    return undefined;
  }
}

let agreed = 0;
let unexplained = 0;
const scores = {};
const all = [
  ...documents.map(({ group, source }) => ({ group, source })),
  ...requests.map(([source, variables]) => ({ group: 'coercion', source, variables })),
];
for (const { group, source, variables } of all) {
  const [expected, theirs] = reference(source, variables);
  const [found, message] = await ours(source, variables);
  const score = (scores[group] ??= { documents: 0, agreed: 0 });
  score.documents += 1;
  if (expected === found) {
    agreed += 1;
    score.agreed += 1;
    continue;
  }
  const key = variables ? `${source} ${JSON.stringify(variables)}` : source;
  const reason = reasons[key];
  if (!reason) unexplained += 1;
  console.log(`${reason ? 'known' : 'NEW'}: ${key}`);
  console.log(`  graphql-js: ${expected} ${theirs}`);
  console.log(`  waymark:    ${found} ${message}`);
  if (reason) console.log(`  because:    ${reason}`);
}
console.table(scores);
const share = (100 * agreed) / all.length;
console.log(`${agreed}/${all.length} (${share.toFixed(1)} %)`);
process.exit(share >= 98 && unexplained === 0 ? 0 : 1);
