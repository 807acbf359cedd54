// A running `waymark` of its own for one test file: a database in a temporary folder with the directory
// of tests/fixtures, a key of the platform acme, and a port that the system chose.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
export const here = fileURLToPath(new URL('.', import.meta.url));

// scripts/clients says which program it has built.
const program = process.env.WAYMARK_PROGRAM ?? join(repository, 'target/debug/waymark');

// Starts one. `environment` is added to the settings, e.g. WAYMARK_GRAPHQL_TRUSTED_DOCUMENTS.
export async function start(environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-clients.'));
  const run = {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      WAYMARK_DATABASE_URL: `sqlite://${join(folder, 'waymark.db')}`,
      WAYMARK_LISTEN: '127.0.0.1:0',
      WAYMARK_LOG_FORMAT: 'json',
      ...environment,
    },
  };
  const waymark = (...args) => execFileSync(program, args, { ...run, stdio: 'pipe' }).toString();
  waymark('import', join(repository, 'tests/fixtures/directory.ndjson'));
  const key = waymark('api-key', 'create', '--platform', 'acme', '--name', 'clients').trim();

  const child = spawn(program, ['serve'], { ...run, stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = once(child, 'exit');
  // No server outlives its test, not even one that took too long and is ended with a signal.
  process.once('exit', () => child.kill());
  process.once('SIGTERM', () => process.exit(1));
  const address = await new Promise((resolve, reject) => {
    const log = [];
    createInterface({ input: child.stderr })
      .on('line', (line) => {
        log.push(line);
        const found = /"address":"([^"]*)"/.exec(line);
        if (found) resolve(found[1]);
      })
      .on('close', () => reject(new Error(`the server did not start:\n${log.join('\n')}`)));
  });
  return {
    url: `http://${address}/graphql`,
    authorization: `Api-Token ${key}`,
    async stop() {
      child.kill();
      await exit;
      rmSync(folder, { recursive: true });
    },
  };
}

// Every request that clients send from now on, as they sent it, with the status of its answer.
export function record() {
  const requests = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url, options = {}) => {
    const request = {
      url: String(url),
      method: options.method ?? 'GET',
      body: options.body ? JSON.parse(options.body) : undefined,
    };
    requests.push(request);
    const response = await real(url, options);
    request.status = response.status;
    request.type = response.headers.get('content-type');
    return response;
  };
  return requests;
}

// Asks without any client: what the clients have in their caches is compared with this.
export async function ask({ url, authorization }, query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
