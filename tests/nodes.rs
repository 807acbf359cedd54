//! Looking things up by id.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::ids::Ids;
use crate::support::{Caller, Server};

both_engines!(
    who_sees_what,
    nodes_come_in_the_order_asked,
    there_are_limits,
    ids_that_cannot_be,
    what_is_gone_is_not_found,
    every_type_by_id,
);

const CALLERS: [(&str, Caller); 11] = [
    ("root", Caller::User("root")),
    ("anna", Caller::User("anna")),
    ("dora", Caller::User("dora")),
    ("cody", Caller::User("cody")),
    ("dual", Caller::User("dual")),
    ("stud1", Caller::User("student1")),
    ("ivo", Caller::User("ivo")),
    ("gabi", Caller::User("gabi")),
    ("key", Caller::Key("acme")),
    ("k-dual", Caller::Key("acme-dual")),
    ("anon", Caller::Anonymous),
];

/// What each caller is shown of everything there is, each by its id.
async fn who_sees_what(server: &Server) {
    let ids = Ids::of(server).await;
    let (names, values): (Vec<&str>, Vec<&str>) = ids.all().unzip();
    assert!(values.len() <= 100, "one request is enough");
    let mut columns = Vec::new();
    for (_, caller) in CALLERS {
        let client = server.caller(caller);
        let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
        let answer = client.graphql(document, json!({ "ids": values })).await;
        let body = answer.json();
        let nodes = body["data"]["nodes"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| {
                assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
                vec![Value::Null; values.len()]
            });
        for (node, id) in nodes.iter().zip(&values) {
            assert!(node.is_null() || node["id"] == json!(id));
        }
        columns.push(nodes);
    }
    let mut table = format!("{:<44}", "");
    for (name, _) in CALLERS {
        write!(table, "{name:<7}").unwrap();
    }
    for (row, name) in names.iter().enumerate() {
        write!(table, "\n{name:<44}").unwrap();
        for column in &columns {
            let cell = if column[row].is_null() { "." } else { "x" };
            write!(table, "{cell:<7}").unwrap();
        }
    }
    let table: String = table
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    insta::assert_snapshot!("node_table", table);
}

const NODES: &str = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
const NODE: &str = "query ($id: ID!) { node(id: $id) { id } }";

async fn nodes_come_in_the_order_asked(server: &Server) {
    let ids = Ids::of(server).await;
    let (web, sales) = (ids.get("group 102"), ids.get("group 103"));
    let asked = json!({ "ids": [
        ids.get("suggestion 1002"), sales, web, ids.get("platform acme"), web,
        ids.get("platform globex"), ids.get("user student2"),
    ] });
    let seen = |id: &str| json!({ "id": id });
    let data = server.user("dora").data(NODES, asked).await;
    assert_eq!(
        data["nodes"],
        json!([
            seen(ids.get("suggestion 1002")),
            null,
            seen(web),
            seen(ids.get("platform acme")),
            seen(web),
            null,
            seen(ids.get("user student2")),
        ])
    );
    let data = server.user("dora").data(NODES, json!({ "ids": [] })).await;
    assert_eq!(data["nodes"], json!([]));
}

async fn there_are_limits(server: &Server) {
    let ids = Ids::of(server).await;
    let anna = server.user("anna");
    let many = |count: usize| json!({ "ids": vec![ids.get("group 101"); count] });
    let data = anna.data(NODES, many(100)).await;
    assert_eq!(data["nodes"].as_array().unwrap().len(), 100);
    assert_eq!(anna.code(NODES, many(101)).await, "BAD_USER_INPUT");
}

async fn ids_that_cannot_be(server: &Server) {
    let ids = Ids::of(server).await;
    let anna = server.user("anna");
    let good = ids.get("group 101");
    let long = "A".repeat(10_000);
    for wrong in ["", "101", "nonsense", "💥", "a\u{0}b", &good[1..], &long] {
        let id = json!({ "id": wrong });
        assert_eq!(anna.code(NODE, id).await, "INVALID_ID", "{wrong}");
        let ids = json!({ "ids": [good, wrong, wrong, good] });
        let body = anna.graphql(NODES, ids).await.json();
        let seen = json!({ "id": good });
        assert_eq!(body["data"]["nodes"], json!([seen, null, null, seen]));
        let errors = body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 2, "{body:#}");
        for (error, place) in errors.iter().zip([1, 2]) {
            assert_eq!(error["extensions"]["code"], "INVALID_ID", "{body:#}");
            assert_eq!(error["path"], json!(["nodes", place]), "{body:#}");
        }
    }
}

async fn what_is_gone_is_not_found(server: &Server) {
    let ids = Ids::of(server).await;
    let anna = server.user("anna");
    let id = ids.get("suggestion 1002");
    let document = "mutation ($id: ID!) { programSuggestionDelete(input: { suggestion: { id: $id } }) { deletedId } }";
    let data = anna.data(document, json!({ "id": id })).await;
    assert_eq!(data["programSuggestionDelete"]["deletedId"], json!(id));
    let data = anna.data(NODE, json!({ "id": id })).await;
    assert_eq!(data["node"], json!(null));
}

async fn every_type_by_id(server: &Server) {
    let ids = Ids::of(server).await;
    let anna = server.user("anna");
    let document = "query ($id: ID!) { node(id: $id) { __typename id
        ... on Platform { key }
        ... on Department { databaseId key parent { key } }
        ... on Program { key platform { key } }
        ... on User { databaseId username email }
        ... on UserGroup { databaseId userCount department { key } platform { key } }
        ... on ProgramSuggestion { databaseId user { username } program { key } platform { key } suggestedBy { username } metadata }
        ... on ProgramGroupSuggestion { databaseId userCount group { databaseId } program { key } platform { key } } } }";
    for (name, mut expected) in [
        (
            "platform acme",
            json!({ "__typename": "Platform", "key": "acme" }),
        ),
        (
            "department web",
            json!({ "__typename": "Department", "databaseId": "2", "key": "web", "parent": { "key": "eng" } }),
        ),
        (
            "program acme program-v1:acme+zh+2026",
            json!({ "__typename": "Program", "key": "program-v1:acme+zh+2026", "platform": { "key": "acme" } }),
        ),
        (
            "user student1",
            json!({ "__typename": "User", "databaseId": "20", "username": "student1", "email": "s1@acme.example" }),
        ),
        (
            "group 104",
            json!({ "__typename": "UserGroup", "databaseId": "104", "userCount": 4, "department": null, "platform": { "key": "acme" } }),
        ),
        (
            "suggestion 1002",
            json!({
                "__typename": "ProgramSuggestion", "databaseId": "1002", "user": { "username": "student2" },
                "program": { "key": "program-v1:acme+ml+2026" }, "platform": { "key": "acme" },
                "suggestedBy": { "username": "dora" }, "metadata": { "why": "fits", "n": [1, 2.5, null] },
            }),
        ),
        (
            "group suggestion 3004",
            json!({
                "__typename": "ProgramGroupSuggestion", "databaseId": "3004", "userCount": 4,
                "group": { "databaseId": "104" }, "program": { "key": "program-v1:acme+web_dev+2026" },
                "platform": { "key": "acme" },
            }),
        ),
    ] {
        expected["id"] = json!(ids.get(name));
        let data = anna.data(document, json!({ "id": ids.get(name) })).await;
        assert_eq!(data["node"], expected, "{name}");
    }
}
