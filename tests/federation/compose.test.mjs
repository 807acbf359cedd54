// What `waymark schema --federation` prints composes with other subgraphs, for both composers there are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import * as apollo from "@apollo/composition";
import * as guild from "@theguild/federation-composition";
import { buildSchema, parse, print } from "graphql";

import { typeDefs as courses } from "./courses.mjs";

const waymark = parse(readFileSync(process.env.WAYMARK_TEST_SUBGRAPH, "utf8"));

const link = (directives) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: [${directives}])`;

// A subgraph that finds anything of the whole graph by its id.
const nodes = (directive) =>
  parse(`
    ${link('"@key", "@override"')}
    type Query { node(id: ID!): Node ${directive} }
    interface Node { id: ID! }
    type Course implements Node @key(fields: "id") { id: ID! }
    ${["Platform", "Department", "Program", "User", "UserGroup", "ProgramSuggestion", "ProgramGroupSuggestion"]
      .map((name) => `type ${name} implements Node @key(fields: "id") { id: ID! }`)
      .join("\n")}
  `);

// The keys of a type in a supergraph, each with the subgraph that resolves it.
const keysIn = (supergraph) => (type) =>
  parse(supergraph)
    .definitions.find((it) => it.kind === "ObjectTypeDefinition" && it.name.value === type)
    .directives.filter((it) => it.name.value === "join__type")
    .map((it) => Object.fromEntries(it.arguments.map(({ name, value }) => [name.value, value.value])))
    .map(({ graph, key }) => `${graph} ${key}`);

for (const [name, composer] of Object.entries({ "@theguild/federation-composition": guild, "@apollo/composition": apollo })) {
  const compose = (others) =>
    composer.composeServices(
      Object.entries({ waymark, ...others }).map(([name, typeDefs]) => ({
        name,
        typeDefs,
        url: `http://${name}.example/graphql`,
      })),
    );
  const errors = (composed) => (composed.errors ?? []).map((error) => error.message);

  describe(name, () => {
    test("composes the subgraph alone", () => {
      assert.deepEqual(errors(compose({})), []);
    });

    test("composes it with a subgraph that extends programs and users", () => {
      const composed = compose({ courses });
      assert.deepEqual(errors(composed), []);
      const joined = keysIn(composed.supergraphSdl);
      for (const [type, keys] of Object.entries({
        Program: ["WAYMARK id", "WAYMARK key platform { key }", "COURSES key platform { key }"],
        User: ["WAYMARK id", "WAYMARK databaseId", "COURSES databaseId"],
        UserGroup: ["WAYMARK id", "WAYMARK databaseId"],
        Platform: ["WAYMARK id", "WAYMARK key", "COURSES key"],
      })) {
        assert.deepEqual(joined(type).sort(), keys.sort(), type);
      }
      const types = buildSchema(composed.supergraphSdl, { assumeValidSDL: true }).getTypeMap();
      assert.ok(types.Program.getFields().courses && types.Program.getFields().imageUrl);
      assert.ok(types.User.getFields().authored && types.User.getFields().username);
      assert.ok(!types.Query.getFields()._entities && !types.Query.getFields()._service);
    });

    test("`node` is not silently taken from two subgraphs, and can be taken over by one", () => {
      const twice = errors(compose({ nodes: nodes("") }));
      assert.equal(twice.length, 1);
      assert.match(twice[0], /Query\.node/);
      const composed = compose({ nodes: nodes('@override(from: "waymark")') });
      assert.deepEqual(errors(composed), []);
      const node = buildSchema(composed.supergraphSdl, { assumeValidSDL: true }).getQueryType().getFields().node;
      const fields = node.astNode.directives.filter((it) => it.name.value === "join__field").map(print);
      assert.ok(fields.some((field) => field.includes("graph: NODES")), fields.join(" "));
      assert.ok(!fields.some((field) => field.includes("graph: WAYMARK") && !field.includes("usedOverridden")), fields.join(" "));
    });
  });
}
