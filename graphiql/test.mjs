// The page at /graphiql in a real browser, against the running program, with no other network:
//
//   WAYMARK=target/debug/waymark CHROMIUM=/usr/bin/chromium node --test graphiql/test.mjs
//
// `scripts/graphiql` runs it so. Whatever the page asks for elsewhere, writes to the console as an
// error, or tries against its own policy fails the test that it happens in.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { chromium } from 'playwright-core';
import { groups } from './src/examples.js';

const program = resolve(process.env.WAYMARK);
const folder = mkdtempSync(join(tmpdir(), 'waymark-graphiql.'));
const database = `sqlite://${join(folder, 'demo.db')}`;
const settings = { PATH: process.env.PATH, WAYMARK_LISTEN: '127.0.0.1:0', WAYMARK_DATABASE_URL: database };

const COUNT = 'query Count { programSuggestionPage(platformKey: "acme") { count } }';

const running = [];
let demo;
let browser;

before(async () => {
  demo = await start(['demo'], {}, 'stdout', /Waymark demo on (\S+)/, /Stop with/);
  const keys = ['api-key', 'create', '--platform', 'acme', '--name', 'browser'];
  const options = { cwd: folder, env: settings, encoding: 'utf8' };
  demo.key = execFileSync(program, keys, options).trim();
  assert.match(demo.key, /^[0-9a-f]{64}$/);
  demo.token = /Bearer (\S+)/.exec(demo.said)[1];
  [, demo.learner] = /learner \(acme\.learner\)\s+Bearer (\S+)/.exec(demo.said);
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
});

after(async () => {
  await browser?.close();
  for (const child of running) {
    if (child.exitCode === null && child.kill()) {
      await once(child, 'exit');
    }
  }
  rmSync(folder, { recursive: true });
});

/** Starts the program, and waits until it said where it listens and has said its last word. */
async function start(words, environment, stream, address, last = address) {
  const env = { ...settings, ...environment };
  const child = spawn(program, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  const server = { said: '' };
  const complaints = [];
  (stream === 'stdout' ? child.stderr : child.stdout).on('data', data => complaints.push(data));
  for await (const line of createInterface(child[stream])) {
    server.said += `${line}\n`;
    server.base ??= address.exec(line)?.[1];
    if (last.test(line)) {
      child[stream].resume();
      return server;
    }
  }
  throw new Error(`${words} ended:\n${server.said}${Buffer.concat(complaints)}`);
}

/** A proxy that puts a path before everything, as one in front of several services does. */
async function behind(prefix, base) {
  const proxy = http.createServer((request, response) => {
    if (!request.url.startsWith(`${prefix}/`)) {
      response.writeHead(404).end();
      return;
    }
    const { method, headers } = request;
    const onward = http.request(base + request.url.slice(prefix.length), { method, headers });
    onward.on('response', answer => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return { proxy, base: `http://127.0.0.1:${proxy.address().port}` };
}

/** Whoever visits: a browser without a past, which may reach one server only. */
class Visitor {
  /** What must not have happened. */
  wrong = [];
  /** Texts of errors on the console that the test brings about. */
  expected = [];
  requests = [];

  static async at(base) {
    const visitor = new Visitor();
    visitor.base = base;
    visitor.context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await visitor.context.route('**/*', route => {
      const url = route.request().url();
      visitor.requests.push(url);
      if (new URL(url).origin === new URL(base).origin) {
        return route.continue();
      }
      visitor.wrong.push(`asked for ${url}`);
      return route.abort();
    });
    await visitor.context.addInitScript(() => {
      addEventListener('securitypolicyviolation', event => {
        console.error(`against the policy: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    return visitor;
  }

  async open(path = '/graphiql') {
    const page = await this.context.newPage();
    page.on('pageerror', error => this.wrong.push(`threw ${error}`));
    page.on('console', message => {
      const text = message.text();
      const fine = this.expected.some(expected => text.includes(expected));
      if (['error', 'warning'].includes(message.type()) && !fine) {
        this.wrong.push(`said ${text}`);
      }
    });
    const answer = await page.goto(this.base + path);
    assert.equal(answer.status(), 200);
    return new Page(page);
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.wrong, []);
  }
}

/** GraphiQL as somebody uses it. */
class Page {
  constructor(page) {
    this.page = page;
    this.secret = page.getByLabel('Key or token');
    this.status = page.getByRole('status');
  }

  /** Waits until the schema is there. */
  async ready() {
    await this.page.locator('.graphiql-query-editor .CodeMirror').waitFor();
    await this.page.locator('button[aria-label="Re-fetch GraphQL schema"]:not([disabled])').waitFor();
    return this;
  }

  async use(secret) {
    await this.secret.fill(secret);
    await this.page.getByRole('button', { name: 'Use', exact: true }).click();
  }

  /** Replaces what stands in an editor by typing. */
  async type(section, text) {
    await this.page.locator(`${section} .CodeMirror:visible`).click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.insertText(text);
  }

  /** What stands in an editor. */
  content(section) {
    const editor = this.page.locator(`${section} .CodeMirror:visible`);
    return editor.evaluate(element => element.CodeMirror.getValue());
  }

  /** Runs what stands in the editor, and gives the answer. */
  async run() {
    const answered = this.page.waitForResponse(
      response => response.url().endsWith('/graphql') && !asksForSchema(response.request()),
    );
    await this.page.getByRole('button', { name: /^Execute query/ }).click();
    const { data, errors } = await (await answered).json();
    // And it is shown.
    await this.shown(text => text.includes('"data"') || text.includes('"errors"'));
    const shown = JSON.parse(await this.content('.graphiql-response'));
    assert.deepEqual(shown, errors ? { errors, ...(data !== undefined && { data }) } : { data });
    return shown;
  }

  /** Writes a query over the one that is there, and runs it at once. */
  async count(name = 'Count') {
    await this.type('.graphiql-query-editor', COUNT.replace('Count', name));
    return this.run();
  }

  /** Waits until the pane for answers shows something. */
  async shown(holds) {
    let text;
    const late = Date.now() + 20_000;
    while (Date.now() < late) {
      text = await this.content('.graphiql-response');
      if (holds(text)) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    assert.fail(`shown instead: ${text}`);
  }

  /** Everything that the browser keeps beyond this tab. */
  async kept() {
    const stored = await this.page.evaluate(() => JSON.stringify({ ...localStorage }));
    const cookies = await this.page.context().cookies();
    const databases = await this.page.evaluate(() => indexedDB.databases());
    return stored + JSON.stringify(cookies) + JSON.stringify(databases) + this.page.url();
  }
}

function asksForSchema(request) {
  return request.postDataJSON()?.operationName === 'IntrospectionQuery';
}

function isData(answer) {
  assert.equal(answer.errors, undefined, JSON.stringify(answer));
  assert.ok(answer.data.programSuggestionPage.count > 1000);
}

function isRefused(answer) {
  assert.equal(answer.errors?.[0]?.extensions?.code, 'UNAUTHENTICATED', JSON.stringify(answer));
}

test('every example is valid, and runs on the data of the demo', async () => {
  const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
  const used = new Set();
  const names = new Set();
  const examples = groups.flatMap(group => group.examples.map(example => ({ ...example, caller: group.caller })));
  for (const { title, query, variables, caller } of examples) {
    const document = parse(query);
    assert.deepEqual(validate(schema, document), [], title);
    const [operation] = document.definitions;
    names.add(operation.name.value);
    operation.selectionSet.selections.forEach(field => used.add(field.name.value));
    if (operation.operation === 'subscription') {
      // It goes on: another test follows it.
      continue;
    }
    const response = await fetch(`${demo.base}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: caller === 'learner' ? `Bearer ${demo.learner}` : `Api-Token ${demo.key}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = await response.json();
    assert.equal(answer.errors, undefined, `${title}: ${JSON.stringify(answer)}`);
    for (const [field, value] of Object.entries(answer.data)) {
      assert.ok(value, `${title}: ${field} is empty`);
      assert.deepEqual(value.userErrors ?? [], [], title);
      assert.ok(value.successes !== 0 && value.deletedCount !== 0 && value.count !== 0, title);
      assert.ok(value.matchedCount !== 0, title);
      assert.ok(caller !== 'learner' || (value.outcome ?? 'UPDATED') === 'UPDATED', title);
      assert.ok(value.totalCount !== 0 && value.programs?.totalCount !== 0, title);
    }
  }
  assert.equal(names.size, examples.length, 'a tab is found by its name');
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap(type => Object.keys(type.getFields()));
  // The others are as one that is shown, for many or for groups; or need an address that is one's own.
  assert.deepEqual(
    fields.filter(field => !used.has(field)),
    [
      'nodes',
      'programGroupSuggestionBulkCreate',
      'programGroupSuggestionBulkDelete',
      'programSuggestionDeleteWhere',
      'programGroupSuggestionUpdateWhere',
      'programGroupSuggestionDeleteWhere',
      'suggestionBatchUndo',
      'webhookEndpointCreate',
      'webhookEndpointUpdate',
      'webhookEndpointRotateSecret',
      'webhookEndpointReplay',
      'webhookEndpointDelete',
    ],
  );
});

test('it opens, completes a field, and explains the schema', async () => {
  const visitor = await Visitor.at(demo.base);
  const graphiql = await (await visitor.open()).ready();
  const { page } = graphiql;
  assert.equal(await page.title(), 'Waymark: GraphiQL');
  await page.getByRole('heading', { name: 'Examples' }).waitFor();

  const hints = page.locator('.CodeMirror-hints');
  const typeNode = async () => {
    await graphiql.type('.graphiql-query-editor', '{ ');
    await page.keyboard.type('node');
    await hints.getByRole('option', { name: 'nodes' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await hints.getByText('Several objects by their global ids').waitFor();
  };
  await typeNode();
  await page.keyboard.press('Enter');
  assert.match(await graphiql.content('.graphiql-query-editor'), /^\{ nodes/);

  // From what is offered to its type in the documentation.
  await typeNode();
  await hints.getByRole('link', { name: 'Node', exact: true }).click();
  await page.getByText('Anything that has a global id, by which').waitFor();

  // From a field to its type in the documentation.
  await graphiql.type('.graphiql-query-editor', 'query Who { viewer { isDmAdmin } }');
  await page.locator('.graphiql-query-editor .cm-property', { hasText: 'viewer' }).hover();
  await page.locator('.CodeMirror-info').getByRole('link', { name: 'Viewer', exact: true }).click();
  await page.getByText('The caller, as the service knows them.').waitFor();
  while (await page.getByRole('link', { name: /Go back to/ }).count()) {
    await page.getByRole('link', { name: /Go back to/ }).click();
  }
  await page.getByRole('link', { name: 'Mutation', exact: true }).first().click();
  await page.getByText('Deletes a suggestion to a user.').waitFor();
  await visitor.leave();
});

test('dialogs and menus keep to the policy', async () => {
  const visitor = await Visitor.at(demo.base);
  const graphiql = await (await visitor.open()).ready();
  const { page } = graphiql;
  for (const [name, title] of [['Open short keys dialog', 'Short Keys'], ['Open settings dialog', 'Settings']]) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').getByText(title).first().waitFor();
    if (title === 'Settings') {
      await page.getByRole('button', { name: 'Dark' }).click();
      await page.locator('body.graphiql-dark').waitFor();
      // A key that somebody put among the headers by hand cannot be kept either.
      assert.equal(await page.getByText('Persist headers').count(), 0);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await graphiql.type('.graphiql-query-editor', 'query A { __typename } query B { viewer { isDmAdmin } }');
  // With several operations it is the button of a menu.
  await page.locator('button[aria-haspopup="menu"][aria-label^="Execute query"]').click();
  await page.getByRole('menuitem', { name: 'B' }).click();
  await graphiql.shown(text => /"viewer": null/.test(text));
  await visitor.leave();
});

test('an example opens in a tab of its own, with variables', async () => {
  const visitor = await Visitor.at(demo.base);
  const graphiql = await (await visitor.open()).ready();
  const { page } = graphiql;
  await graphiql.use(demo.key);
  for (const title of ['Suggested to groups, searched', 'Many at once, as a dry run']) {
    await page.getByRole('button', { name: title }).click();
    const answer = await graphiql.run();
    assert.equal(answer.errors, undefined);
  }
  const { data } = JSON.parse(await graphiql.content('.graphiql-response'));
  assert.equal(data.programSuggestionBulkCreate.dryRun, true);
  assert.equal(await page.getByRole('tab').count(), 3);
  // Once more: the tab that is there.
  await page.getByRole('button', { name: 'Suggested to groups, searched' }).click();
  assert.equal(await page.getByRole('tab').count(), 3);
  assert.match(await graphiql.content('.graphiql-query-editor'), /SearchGroupSuggestions/);
  assert.match(await graphiql.content('.graphiql-editor-tool'), /"search": "law"/);
  await visitor.leave();
});

test('a subscription shows what happens, until it is stopped', async () => {
  const visitor = await Visitor.at(demo.base);
  const graphiql = await (await visitor.open()).ready();
  const { page } = graphiql;
  await graphiql.use(demo.key);
  await graphiql.status.getByText('platform key, platform admin of acme').waitFor();
  const sockets = [];
  page.on('websocket', socket => sockets.push(socket));
  await page.getByRole('button', { name: 'Follow what happens' }).click();
  await page.getByRole('button', { name: /^Execute query/ }).click();
  const change = async message => {
    const input = {
      platformKey: 'acme',
      items: [{ programKey: 'program-v1:acme+30.7001+2026', group: { databaseId: '501' }, message }],
    };
    const response = await fetch(`${demo.base}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Api-Token ${demo.key}` },
      body: JSON.stringify({
        query: `mutation ($input: ProgramGroupSuggestionBulkCreateInput!) {
          programGroupSuggestionBulkCreate(input: $input) { failedCount } }`,
        variables: { input },
      }),
    });
    const { data } = await response.json();
    assert.equal(data.programGroupSuggestionBulkCreate.failedCount, 0);
  };
  // Only what happens from its begin on is shown, and nothing tells when that is.
  let number = 0;
  const late = Date.now() + 20_000;
  while (!/"suggestionEvents"/.test(await graphiql.content('.graphiql-response'))) {
    assert.ok(Date.now() < late, 'nothing is shown');
    number += 1;
    await change(`message ${number}`);
  }
  assert.equal(sockets.length, 1);
  assert.equal(sockets[0].url(), `${demo.base.replace('http', 'ws')}/graphql`);
  const ended = sockets[0].waitForEvent('close');
  await page.getByRole('button', { name: /^Stop query/ }).click();
  await ended;
  await visitor.leave();
});

test('without a key an answer says what is missing; with one there is data', async () => {
  const visitor = await Visitor.at(demo.base);
  const graphiql = await (await visitor.open()).ready();
  isRefused(await graphiql.count());
  await graphiql.use(demo.key);
  await graphiql.status.getByText('platform key, platform admin of acme').waitFor();
  isData(await graphiql.count());
  await graphiql.page.getByRole('button', { name: 'Forget it' }).click();
  isRefused(await graphiql.count());

  // A whole header, whatever kind is chosen.
  await graphiql.use(`Authorization: Bearer ${demo.token}`);
  await graphiql.status.getByText('demo.admin, DM admin').waitFor();
  isData(await graphiql.count());
  await visitor.leave();
});

test('a wrong key is told at once, and what cannot be one is not sent', async () => {
  const visitor = await Visitor.at(demo.base);
  const graphiql = await (await visitor.open()).ready();
  await graphiql.use('two words');
  await graphiql.page.getByRole('alert').getByText('no spaces').waitFor();
  // The browser notes every answer with such a status.
  visitor.expected.push('status of 401');
  await graphiql.use('0'.repeat(64));
  await graphiql.status.getByText('(UNAUTHENTICATED)').waitFor();
  await visitor.leave();
});

test('a key stays in its tab', async () => {
  const visitor = await Visitor.at(demo.base);
  const first = await (await visitor.open()).ready();
  await first.use(demo.key);
  isData(await first.count());

  await first.page.reload();
  await first.ready();
  await first.status.getByText('platform admin of acme').waitFor();
  isData(await first.count());
  // It is not shown again.
  const html = await first.page.content();
  assert.ok(!html.includes(demo.key));

  const second = await (await visitor.open()).ready();
  await second.secret.waitFor();
  isRefused(await second.count());
  assert.ok(!(await second.kept()).includes(demo.key));

  // The queries themselves are kept, and so would be the headers beside them.
  await second.page.getByRole('button', { name: 'Headers', exact: true }).click();
  await second.type('.graphiql-editor-tool', `{"Authorization": "Api-Token ${demo.key}"}`);
  // Turning to another tab and back makes GraphiQL take note of them.
  await second.page.getByRole('button', { name: 'New tab' }).click();
  await second.page.getByRole('tab', { name: 'Count' }).getByRole('button').first().click();
  await second.page.getByRole('tab', { name: 'Count', selected: true }).waitFor();
  isData(await second.count('Secret'));
  await second.page.reload();
  await second.ready();
  for (const page of [first, second]) {
    const kept = await page.kept();
    assert.match(kept, /waymark:\/:graphiql:queries/);
    assert.match(kept, /query Secret/);
    assert.ok(!kept.includes(demo.key), kept);
  }
  await visitor.leave();
});

test('a link with a key in its fragment needs no pasting, and the address forgets it', async () => {
  const visitor = await Visitor.at(demo.base);
  const [link, key] = /\/graphiql#key=([0-9a-f]{64})/.exec(demo.said);
  const graphiql = await (await visitor.open(link)).ready();
  assert.equal(graphiql.page.url(), `${demo.base}/graphiql`);
  await graphiql.status.getByText('platform key, platform admin of acme').waitFor();
  isData(await graphiql.count());
  assert.ok(!(await graphiql.kept()).includes(key));
  await graphiql.page.reload();
  await graphiql.ready();
  isData(await graphiql.count());
  // Where the page is open already.
  await graphiql.page.evaluate(token => { location.hash = `#token=${token}`; }, demo.token);
  await graphiql.status.getByText('demo.admin, DM admin').waitFor();
  assert.equal(graphiql.page.url(), `${demo.base}/graphiql`);
  await visitor.leave();
});

test('it works behind a proxy that puts a path before it', async t => {
  const { proxy, base } = await behind('/suggestions', demo.base);
  t.after(() => {
    proxy.close();
    proxy.closeAllConnections();
  });
  const visitor = await Visitor.at(base);
  for (const path of ['/suggestions/graphiql', '/suggestions/graphiql/']) {
    const graphiql = await (await visitor.open(path)).ready();
    assert.equal(graphiql.page.url(), `${base}/suggestions/graphiql`);
    await graphiql.use(demo.key);
    isData(await graphiql.count());
    const links = await graphiql.page.locator('.bar a, .examples a').evaluateAll(all => all.map(a => a.href));
    assert.equal(links.length, 3);
    for (const link of links) {
      assert.ok(link.startsWith(`${base}/suggestions/`), link);
      assert.equal((await fetch(link)).status, 200, link);
    }
    // Nothing is shared with another service below the same host.
    assert.match(await graphiql.kept(), /waymark:\/suggestions\/:graphiql:tabState/);
    await graphiql.page.close();
  }
  assert.ok(visitor.requests.every(url => url.startsWith(`${base}/suggestions/`)), visitor.requests);
  await visitor.leave();
});

test('where only callers see the schema, it appears with the key', async () => {
  const server = await start(
    ['serve'],
    { WAYMARK_INTROSPECTION_MODE: 'authenticated', WAYMARK_LOG_FORMAT: 'json' },
    'stderr',
    /"address":"([^"]+)"/,
  );
  const visitor = await Visitor.at(`http://${server.base}`);
  visitor.expected.push('status of 400');
  const graphiql = await (await visitor.open()).ready();
  const { page } = graphiql;
  await graphiql.shown(text => text.includes('The schema is shown to callers with credentials only'));
  await graphiql.use(demo.key);
  // The report goes when it is not true any more.
  await graphiql.shown(text => text === '');
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByRole('link', { name: 'Mutation', exact: true }).first().waitFor();
  isData(await graphiql.count());
  await visitor.leave();
});
