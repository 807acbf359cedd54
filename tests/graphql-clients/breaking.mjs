// Whether a client that was built against any earlier version of schema.graphql still works with the
// present one: node breaking.mjs [REPOSITORY]
//
// The present version is that of the working copy. The earlier ones are all that the history of HEAD holds
// (of merges the side they were merged into), so that it does not matter how many commits a change takes, nor
// which of them is looked at. A breaking change is a failure unless breaking-changes.txt declares it. Where
// the history holds no earlier version (a shallow clone, a copy without history) it says so and succeeds.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const FILE = 'schema.graphql';
const DECLARED = 'tests/graphql-clients/breaking-changes.txt';
const repository = resolve(process.argv[2] ?? fileURLToPath(new URL('../..', import.meta.url)));

const git = (...args) =>
  execFileSync('git', ['-C', repository, ...args], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();

// Every text of the file but the present one, the newest first, with the commit that brought it.
function earlier(present) {
  let commits;
  try {
    commits = git('log', '--first-parent', '--format=%h', '--', FILE).split('\n').filter(Boolean);
  } catch {
    return []; // No git, or no repository.
  }
  const versions = new Map();
  for (const commit of commits) {
    let text;
    try {
      text = git('show', `${commit}:./${FILE}`);
    } catch {
      continue; // The commit that removed it.
    }
    if (text !== present && !versions.has(text)) versions.set(text, commit);
  }
  return [...versions].map(([text, commit]) => ({ text, commit }));
}

// The declared changes: a line is a kind of change, a place in the schema, a colon, and the reason.
function declared() {
  const file = join(repository, DECLARED);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return new Set(
    lines
      .map((line) => line.trim())
      .filter((line) => line && !line.startsWith('#'))
      .map((line) => {
        const found = /^([A-Z_]+ [^\s:]+): \S/.exec(line);
        if (found) return found[1];
        console.error(`${DECLARED}: not "KIND PLACE: REASON": ${line}`);
        process.exit(2);
      }),
  );
}

const present = readFileSync(join(repository, FILE), 'utf8');
const versions = earlier(present);
const known = declared();
if (versions.length === 0) {
  console.log(`There is no other version of ${FILE} in this history: nothing to compare with.`);
  process.exit(0);
}

const found = new Map();
for (const { text, commit } of versions) {
  for (const change of await diff(buildSchema(text), buildSchema(present))) {
    if (change.criticality.level !== CriticalityLevel.Breaking) continue;
    const name = `${change.type} ${change.path}`;
    // The newest version that has it is the one to look at.
    if (!found.has(name)) found.set(name, { commit, message: change.message });
  }
}
const undeclared = [...found].filter(([name]) => !known.has(name));
for (const [name, { commit, message }] of undeclared) {
  console.log(`${name}: ${message} (it was otherwise in ${commit})`);
}
// A line that declares nothing would one day let pass what nobody meant. A shallow clone cannot know.
const shallow = git('rev-parse', '--is-shallow-repository').trim() === 'true';
const idle = shallow ? [] : [...known].filter((name) => !found.has(name));
for (const name of idle) console.log(`${DECLARED} declares what is not there: ${name}`);
console.log(
  `${versions.length} earlier version(s) of ${FILE}, ${found.size} breaking change(s), ` +
    `${undeclared.length} of them undeclared.`,
);
if (undeclared.length > 0) {
  console.log(`Where a change is meant, declare it in ${DECLARED}: "KIND PLACE: REASON".`);
}
process.exit(undeclared.length + idle.length > 0 ? 1 : 0);
