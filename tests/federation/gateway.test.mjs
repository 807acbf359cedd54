// A gateway over this service and another subgraph, both running: what one of them names, the other
// fills in, and each caller gets what that caller may see.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";

import { createGatewayRuntime } from "@graphql-hive/gateway-runtime";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

import { courseServer, typeDefs } from "./courses.mjs";

const { WAYMARK_TEST_URL, WAYMARK_TEST_SUBGRAPH, WAYMARK_TEST_ANNA, WAYMARK_TEST_GABI } = process.env;

describe("through a gateway", () => {
  const server = createServer(courseServer());
  let gateway;
  let sent;

  before(async () => {
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const composed = composeServices([
      { name: "waymark", url: WAYMARK_TEST_URL, typeDefs: parse(readFileSync(WAYMARK_TEST_SUBGRAPH, "utf8")) },
      { name: "courses", url: `http://127.0.0.1:${server.address().port}/graphql`, typeDefs },
    ]);
    assert.deepEqual(composed.errors ?? [], []);
    gateway = createGatewayRuntime({
      supergraph: composed.supergraphSdl,
      logging: false,
      maskedErrors: false,
      propagateHeaders: {
        fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get("authorization") }),
      },
      plugins: () => [
        {
          onSubgraphExecute: ({ subgraphName }) => {
            sent.push(subgraphName);
          },
        },
      ],
    });
  });

  after(async () => {
    await gateway?.[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });

  const ask = async (authorization, query, variables) => {
    sent = [];
    const response = await gateway.fetch("http://gateway.example/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", ...(authorization && { authorization }) },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  };

  test("from here to the other one and back", async () => {
    const answer = await ask(
      WAYMARK_TEST_ANNA,
      `{ programSuggestionPage(platformKey: "acme", orderBy: { field: ID, direction: ASC }, pageSize: 2) {
           results {
             user { username authored { title program { name } } }
             program { courses { nodes { title author { username email } } pageInfo { hasNextPage } } }
           } } }`,
    );
    assert.deepEqual(answer, {
      data: {
        programSuggestionPage: {
          results: [
            {
              user: { username: "student1", authored: [{ title: "Statistics", program: { name: "Data Science" } }] },
              program: {
                courses: {
                  nodes: [
                    { title: "Statistics", author: { username: "student1", email: "s1@acme.example" } },
                    { title: "Plots", author: { username: "both", email: "both@waymark.example" } },
                  ],
                  pageInfo: { hasNextPage: false },
                },
              },
            },
            {
              user: {
                username: "student2",
                authored: [{ title: "Networks", program: { name: "Machine Learning 100%" } }],
              },
              program: {
                courses: {
                  nodes: [{ title: "Networks", author: { username: "student2", email: "shared@acme.example" } }],
                  pageInfo: { hasNextPage: false },
                },
              },
            },
          ],
        },
      },
    });
    assert.ok(sent.filter((name) => name === "waymark").length >= 2, "it came back");
    assert.ok(sent.includes("courses"));
  });

  const COURSES = "{ courses { title author { username } program { name platform { name } } } }";

  test("from the other one to here, as far as the caller sees", async () => {
    const acme = { name: "Acme University" };
    const globex = { name: "Globex Academy" };
    const science = { name: "Data Science", platform: acme };
    const anna = await ask(WAYMARK_TEST_ANNA, COURSES);
    assert.deepEqual(anna.data.courses, [
      { title: "Statistics", author: { username: "student1" }, program: science },
      { title: "Plots", author: { username: "both" }, program: science },
      { title: "Networks", author: { username: "student2" }, program: { name: "Machine Learning 100%", platform: acme } },
      { title: "First steps", author: null, program: null },
      { title: "Lost", author: null, program: null },
    ]);
    const gabi = await ask(WAYMARK_TEST_GABI, COURSES);
    assert.deepEqual(gabi.data.courses, [
      { title: "Statistics", author: null, program: null },
      // A member of both platforms.
      { title: "Plots", author: { username: "both" }, program: null },
      { title: "Networks", author: null, program: null },
      { title: "First steps", author: { username: "glen" }, program: { name: "Introduction", platform: globex } },
      { title: "Lost", author: null, program: null },
    ]);
    // Whatever a gateway makes of a null, it is none of these.
    for (const { errors = [] } of [anna, gabi]) {
      for (const { extensions } of errors) {
        assert.ok(!["UNAUTHENTICATED", "FORBIDDEN", "INTERNAL_SERVER_ERROR"].includes(extensions?.code));
      }
    }
  });

  test("nobody without credentials", async () => {
    const { data, errors } = await ask(undefined, COURSES);
    assert.deepEqual(data.courses.map((course) => course.author ?? course.program), Array(5).fill(null));
    assert.ok(errors.some((error) => error.extensions?.code === "UNAUTHENTICATED"), JSON.stringify(errors));
  });
});
