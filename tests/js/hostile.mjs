// Sends documents made to hurt, and shows what comes back, how long it takes and how much memory the
// server takes for it: node hostile.mjs URL [PID]
// Exit status 1 if one of them is answered otherwise than expected, or costs the server two seconds of
// CPU (of a program that was not optimised).
import { readFileSync } from 'node:fs';

const [url, pid] = process.argv.slice(2);
if (!url) {
  console.error('usage: node hostile.mjs URL [PID]');
  process.exit(2);
}

const repeat = (count, one) => Array.from({ length: count }, (_, index) => one(index)).join(' ');
const bomb = (levels) =>
  `{ node(id: "x") { ...F0 } } ${repeat(levels, (n) => `fragment F${n} on Node { ...F${n + 1} ...F${n + 1} }`)} fragment F${levels} on Node { id }`;
const wrap = (count, open, core, close) => open.repeat(count) + core + close.repeat(count);
const lists = (levels) =>
  `{ platform(key: "acme") { ${'groups(first: 100) { nodes { platform { '.repeat(levels)} id ${'} } } '.repeat(levels)} } }`;

const documents = {
  'fragment bomb, 24 levels': bomb(24),
  'fragment bomb, 60 levels': bomb(60),
  'fragment bomb, 2,000 levels': bomb(2000),
  'fragment bomb of fields, 60 levels': `{ node(id: "x") { ...F0 } } ${repeat(60, (n) => `fragment F${n} on Node { a: id ...F${n + 1} b: id ...F${n + 1} }`)} fragment F60 on Node { id }`,
  'fragment cycle': '{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }',
  'fragment cycle, unused': '{ viewer { isDmAdmin } } fragment F on Query { ...G } fragment G on Query { ...F }',
  'fragment chain of 3,000': `{ ...F0 } ${repeat(3000, (n) => `fragment F${n} on Query { ...F${n + 1} }`)} fragment F3000 on Query { __typename }`,
  '10,000 aliases': `{ ${repeat(10_000, (n) => `a${n}: __typename`)} }`,
  '1,000 aliases of a list': `{ ${repeat(1_000, (n) => `a${n}: viewer { isDmAdmin }`)} }`,
  '14,000 times the same field': `{ ${repeat(14_000, () => '__typename')} }`,
  '9,000 times the same field below': `{ viewer { ${repeat(9_000, () => 'isDmAdmin')} } }`,
  '4,000 conflicting fields': `{ ${repeat(4_000, (n) => (n % 2 ? 'x: __typename' : 'x: viewer { isDmAdmin }'))} }`,
  '2,000 overlapping inline fragments': `{ node(id: "x") { ${repeat(2_000, (n) => (n % 2 ? '... on Program { x: platform { id } }' : '... on UserGroup { x: platform { id } }'))} } }`,
  '20,000 selections deep': wrap(20_000, '{ viewer ', '{ isDmAdmin }', '}'),
  '20,000 inline fragments deep': `{ ${wrap(20_000, '... { ', '__typename', ' }')} }`,
  '20,000 lists deep': `{ nodes(ids: ${wrap(20_000, '[', '"x"', ']')}) { id } }`,
  '20,000 input objects deep': `{ programSuggestions(platformKey: "a", first: 1, filter: ${wrap(20_000, '{a:', '1', '}')}) { totalCount } }`,
  '20,000 list types deep': `query ($x: ${wrap(20_000, '[', 'ID', ']')}) { nodes(ids: $x) { id } }`,
  '90 levels of departments': `{ node(id: "x") { ... on Department ${wrap(90, '{ parent ', '{ id }', '}')} } }`,
  'list amplification, 3 levels': lists(3),
  'list amplification, 6 levels': lists(6),
  'introspection of fields of fields': `{ __schema { types ${wrap(4, '{ fields { type ', '{ name }', '} }')} } }`,
  'introspection of types, 12 levels': `{ __type(name: "Query") ${wrap(6, '{ fields { type ', '{ name }', '} }')} }`,
  'introspection, 1,000 times': `{ ${repeat(1_000, (n) => `a${n}: __schema { types { name } }`)} }`,
  '1,000,000 tokens': `{ ${'a '.repeat(1_000_000)} }`,
  '2 MB in one name': `{ ${'a'.repeat(2_000_000)} }`,
  '2 MB in one string': `{ node(id: "${'a'.repeat(2_000_000)}") { id } }`,
  '2 MB of escapes': `{ node(id: "${'\\u0041'.repeat(350_000)}") { id } }`,
  '2 MB of commas': `{ ${','.repeat(2_000_000)} __typename }`,
  '2 MB of comment': `{ __typename } #${'x'.repeat(2_000_000)}`,
  '2 MB of lines': `{ ${'\n'.repeat(2_000_000)} __typename }`,
  '3,000 directives': `{ __typename ${'@include(if: true) '.repeat(3_000)} }`,
  '3,000 unknown directives': `{ __typename ${repeat(3_000, (n) => `@d${n}`)} }`,
  '2,000 unknown fields': `{ ${repeat(2_000, (n) => `unknown${n}`)} }`,
  '2,000 unknown arguments': `{ platform(${repeat(2_000, (n) => `unknown${n}: 1`)}) { id } }`,
  '2,000 variables': `query (${repeat(2_000, (n) => `$v${n}: ID`)}) { node(id: "x") { id } }`,
  '2,000 operations': repeat(2_000, (n) => `query Q${n} { __typename }`),
  '1,000 operations with 1,000 fragments': `${repeat(1_000, (n) => `query Q${n} { ...F${n % 500} }`)} ${repeat(500, (n) => `fragment F${n} on Query { __typename }`)}`,
  '7,000 values in a list': `{ nodes(ids: [${repeat(7_000, (n) => `"${n}"`)}]) { id } }`,
};
// Large, and no more than that.
const executed = new Set(['9,000 times the same field below', '7,000 values in a list']);

async function send(query, operationName) {
  const started = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query, operationName }),
  });
  const answer = await response.json();
  return [answer, performance.now() - started];
}

function megabytes() {
  if (!pid) return 0;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024;
}

// What the server worked, whatever else the machine does: ticks of 10 ms.
function worked() {
  if (!pid) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

let failed = 0;
const table = {};
await send('{ __typename }');
let before = megabytes();
for (const [name, document] of Object.entries(documents)) {
  const workedBefore = worked();
  const [answer, took] = await send(document);
  const work = worked() - workedBefore;
  const after = megabytes();
  const code = answer.errors?.[0].extensions.code ?? 'executed';
  const harmless = 'data' in answer;
  const wrong = work > 2000 || (harmless && !executed.has(name));
  if (wrong) failed += 1;
  table[name] = {
    bytes: document.length,
    answer: code,
    errors: answer.errors?.length ?? 0,
    ms: Number(took.toFixed(1)),
    'ms of CPU': work,
    'MB more': Number((after - before).toFixed(1)),
    '': wrong ? 'WRONG' : '',
  };
  before = after;
}
console.table(table);
process.exit(failed === 0 ? 0 : 1);
