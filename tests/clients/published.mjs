// Drives all eight operations with the client that the upstream API publishes for JavaScript. Nothing
// of it is patched: it is told the base URL and the key.
//
//   node published.mjs BASE_URL KEYS     KEYS: a JSON object, see keys() in tests/rest/clients.rs
import assert from "node:assert/strict";
import { ApiError, CatalogService, OpenAPI } from "@iblai/iblai-api";

const [base, keysJson] = process.argv.slice(2);
const keys = JSON.parse(keysJson);
OpenAPI.BASE = base;

const as = (name) => {
  OpenAPI.HEADERS = name ? { Authorization: `Api-Token ${keys[name]}` } : {};
};

/** The error that a call must end with. */
const refused = async (status, call) => {
  const error = await call().then(
    (answer) => assert.fail(`expected ${status}, got ${JSON.stringify(answer)}`),
    (error) => error,
  );
  assert.ok(error instanceof ApiError, String(error));
  assert.equal(error.status, status, JSON.stringify(error.body));
  return error.body;
};

const platformKey = "acme";
const ds = "program-v1:acme+ds+2026";
const zh = "program-v1:acme+zh+2026";
const groups = (options = {}) =>
  CatalogService.catalogSuggestionsProgramManageGroupRetrieve({ platformKey, ...options });
const users = (options = {}) =>
  CatalogService.catalogSuggestionsProgramManageRetrieve({ platformKey, ...options });
const suggestToUser = (body, options = {}) =>
  CatalogService.catalogSuggestionsProgramManageCreate({
    platformKey,
    requestBody: { platform_key: platformKey, program_key: zh, ...body },
    ...options,
  });
const suggestToGroup = (body, options = {}) =>
  CatalogService.catalogSuggestionsProgramManageGroupCreate({
    platformKey,
    requestBody: { platform_key: platformKey, program_key: zh, ...body },
    ...options,
  });
const bulk = (suggestion_data, body = {}) =>
  CatalogService.catalogSuggestionsProgramManageBulkCreate({
    requestBody: { platform_key: platformKey, suggestion_data, ...body },
  });
const ids = (page) => page.results.map((row) => row.id);

/** Every row, page by page as the links lead. */
const walk = async (first) => {
  const rows = [...first.results];
  for (let link = first.next_page; link; ) {
    const answer = await fetch(link, { headers: OpenAPI.HEADERS });
    assert.equal(answer.status, 200, link);
    const page = await answer.json();
    assert.equal(page.count, first.count);
    rows.push(...page.results);
    link = page.next_page;
  }
  return rows;
};

// --- lists: pages, order, search ---------------------------------------------------------------
as("platform");
const everyGroup = await groups({ pageSize: 100 });
assert.equal(everyGroup.count, everyGroup.results.length);
assert.equal(everyGroup.next_page, null);
assert.equal(everyGroup.previous_page, null);
assert.deepEqual(ids(everyGroup), ids(everyGroup).toSorted((a, b) => a - b));
const walked = await walk(await groups({ pageSize: 2 }));
assert.deepEqual(walked, everyGroup.results);
const everyUser = await users({ pageSize: 100 });
assert.deepEqual(ids(everyUser), ids(everyUser).toSorted((a, b) => b - a));
assert.deepEqual(await walk(await users({ pageSize: 3 })), everyUser.results);
const past = await users({ page: 99, pageSize: 3 });
assert.deepEqual(past.results, []);
assert.match(past.previous_page, /page=3(&|$)/);
const byName = (await groups({ sort: "-group_name" })).results.map((row) => row.group_name);
assert.equal(byName[0], "ÉCOLE Straße");
assert.deepEqual(
  (await groups({ query: "100%" })).results.map((row) => row.group_name),
  ["Web Guild", "Everyone 100%"],
);
assert.equal((await users({ query: "ÉMILE" })).results[0].username, "student1");
await refused(400, () => groups({ sort: "colour" }));
await refused(400, () => users({ page: 0 }));
await refused(400, () => users({ query: " " }));

// --- one user: create, update, unchanged, delete, delete again ------------------------------------
const created = await suggestToUser({ user_id: "student1", metadata: { from: "js" } });
assert.equal(created.user_id, 20);
assert.equal(created.accepted, false);
assert.equal(created.visible, true);
assert.match(created.created, /Z$/);
const updated = await suggestToUser({ user_id: "20", accepted: true });
assert.deepEqual(
  { ...updated, modified: null },
  { ...created, accepted: true, modified: null },
);
assert.deepEqual(await suggestToUser({ user_id: "20", email: "s1@acme.example" }), updated);
await refused(400, () => suggestToUser({ user_id: "nobody" }));
await refused(400, () => suggestToUser({ user_id: "student1", username: "student2" }));
await refused(400, () => suggestToUser({ user_id: "student1", program_key: "no such" }));
await refused(400, () => suggestToUser({ user_id: "student1", platform_key: "globex" }));
const gone = { suggestionId: created.id, platformKey };
assert.equal(await CatalogService.catalogSuggestionsProgramManageDestroy(gone), undefined);
const notFound = await refused(404, () => CatalogService.catalogSuggestionsProgramManageDestroy(gone));
assert.equal(typeof notFound.detail, "string");

// --- one group ------------------------------------------------------------------------------------
const group = await suggestToGroup({ group_id: 102, visible: false });
assert.equal(group.group_name, "Web Guild");
assert.equal(group.visible, false);
assert.equal(group.user_count, 1);
assert.equal((await suggestToGroup({ group_id: 102, visible: true })).id, group.id);
await refused(400, () => suggestToGroup({ group_id: 999 }));
const goneGroup = { suggestionId: group.id, platformKey };
await CatalogService.catalogSuggestionsProgramManageGroupDestroy(goneGroup);
await refused(404, () => CatalogService.catalogSuggestionsProgramManageGroupDestroy(goneGroup));

// --- many, of which some fail ---------------------------------------------------------------------
const many = await bulk([
  { program_key: zh, user_id: 20 },
  { program_key: "no such", user_id: 20 },
  { program_key: zh, user_id: "student2", accepted: true },
  { program_key: zh, email: "shared@acme.example" },
  { program_key: zh, username: "gone" },
  { program_key: zh, user_id: 20 },
]);
assert.equal(many.successes, 3);
assert.deepEqual(many.error_codes, ["PROGRAM_NOT_FOUND", "AMBIGUOUS_USER", "USER_NOT_FOUND"]);
assert.deepEqual(
  many.results.map((result) => result.status),
  ["created", "failed", "created", "failed", "failed", "unchanged"],
);
assert.deepEqual(await bulk([]), { successes: 0, error_codes: [], results: [] });
await refused(400, () => bulk([7]));

// --- department mode ------------------------------------------------------------------------------
as("department_admin");
await refused(403, () => groups());
const mine = await groups({ departmentMode: true });
assert.deepEqual(new Set(mine.results.map((row) => row.group_id)), new Set([101, 102, 106]));
await refused(403, () => suggestToGroup({ group_id: 103, department_mode: true }));
await refused(403, () => suggestToUser({ user_id: "student3", department_mode: true }));
const outside = await bulk([{ program_key: ds, user_id: 22 }], { department_mode: true });
assert.deepEqual(outside.error_codes, ["OUT_OF_SCOPE"]);
await refused(404, () =>
  CatalogService.catalogSuggestionsProgramManageDestroy({ suggestionId: 1003, departmentMode: true }),
);

// --- one user's own, and those who may not ---------------------------------------------------------
as("learner");
await refused(403, () => users());
await refused(403, () => bulk([]));
const own = await CatalogService.catalogSuggestionsProgramUserRetrieve({ username: "student1" });
assert.ok(own.count > 0);
assert.ok(own.results.every((row) => row.username === "student1" && row.visible));
await refused(403, () =>
  CatalogService.catalogSuggestionsProgramUserRetrieve({ username: "student2" }),
);
as("platform");
const ofStudent = await CatalogService.catalogSuggestionsProgramUserRetrieve({
  username: "20",
  userId: 20,
  email: "s1@acme.example",
  platformKey,
  sort: "program_key",
});
assert.equal(ofStudent.count, own.count);
const unknown = await CatalogService.catalogSuggestionsProgramUserRetrieve({ username: "nemo" });
assert.deepEqual(unknown.results, []);

as("other_platform");
await refused(403, () => users());
as(null);
await refused(401, () => users());
console.log("all eight operations, as the JavaScript client calls them");
