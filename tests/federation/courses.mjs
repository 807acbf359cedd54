// A second subgraph: courses, which are parts of programs and have authors. It knows programs by their
// keys and people by the learning system's ids, and nothing else of them.
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse } from "graphql";
import { createYoga } from "graphql-yoga";

export const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])

  type Query {
    courses: [Course!]!
  }
  type Course @key(fields: "id") {
    id: ID!
    title: String!
    program: Program
    author: User
  }
  type Program @key(fields: "key platform { key }") {
    key: String!
    platform: Platform!
    courses: CourseConnection!
  }
  type Platform @key(fields: "key") {
    key: String!
  }
  type User @key(fields: "databaseId") {
    databaseId: ID!
    authored: [Course!]!
  }
  type CourseConnection {
    nodes: [Course!]!
    pageInfo: PageInfo!
  }
  type PageInfo @shareable {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }
`);

const courses = [
  { id: "1", title: "Statistics", platform: "acme", program: "program-v1:acme+ds+2026", author: "20" },
  { id: "2", title: "Plots", platform: "acme", program: "program-v1:acme+ds+2026", author: "25" },
  { id: "3", title: "Networks", platform: "acme", program: "program-v1:acme+ml+2026", author: "21" },
  { id: "4", title: "First steps", platform: "globex", program: "program-v1:shared+intro+2026", author: "31" },
  { id: "5", title: "Lost", platform: "acme", program: "program-v1:acme+none+2026", author: "999999" },
];

const resolvers = {
  Query: { courses: () => courses },
  Course: {
    program: (course) => ({ key: course.program, platform: { key: course.platform } }),
    author: (course) => ({ databaseId: course.author }),
  },
  Program: {
    courses: (program) => ({
      nodes: courses.filter((it) => it.program === program.key && it.platform === program.platform.key),
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
    }),
  },
  User: { authored: (user) => courses.filter((it) => it.author === user.databaseId) },
};

// What answers requests for it.
export const courseServer = () =>
  createYoga({ schema: buildSubgraphSchema({ typeDefs, resolvers }), logging: false });
