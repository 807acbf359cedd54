// Runs the audits of npm `graphql-http` against a server: node audit.mjs http://127.0.0.1:8080/graphql
// Prints every audit that did not pass, and how many passed. Exit status 1 if any failed.
import { serverAudits } from 'graphql-http';

const url = process.argv[2];
if (!url) {
  console.error('usage: node audit.mjs URL');
  process.exit(2);
}

let passed = 0;
const audits = serverAudits({ url });
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status === 'ok') {
    passed += 1;
  } else {
    console.log(`${result.status} ${audit.id} ${audit.name}: ${result.reason}`);
  }
}
console.log(`${passed}/${audits.length}`);
process.exit(passed === audits.length ? 0 : 1);
