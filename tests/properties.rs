//! What must hold whatever the input: walks over pages, creating and updating, search and order.
//!
//! The input is made up by proptest, the same in every run; `PROPTEST_CASES` asks for more of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::support::kind::{BOTH, GROUPS, Kind, USERS, database_ids, program_key};
use crate::support::{Client, Database, Engine, Server, large};

both_engines!(
    a_walk_sees_every_stable_row_exactly_once,
    creating_and_updating_is_what_a_simple_model_says,
    search_and_order_are_what_unicode_says,
    whatever_is_sent_is_answered,
    whatever_is_imported_is_answered,
);

/// Runs a property that talks to a server.
fn check<S: Strategy>(cases: u32, strategy: S, property: impl AsyncFn(S::Value))
where
    S::Value: std::fmt::Debug,
{
    let config = Config {
        cases: Config::default().cases.max(cases).min(if more_is_wanted() {
            u32::MAX
        } else {
            cases
        }),
        failure_persistence: None,
        max_shrink_iters: 100,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(config, rng).run(&strategy, |value| {
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(property(value)));
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

#[expect(clippy::disallowed_methods, reason = "proptest's own variable")]
fn more_is_wanted() -> bool {
    std::env::var("PROPTEST_CASES").is_ok()
}

/// Something that happens to a row between two pages: suggested, changed or deleted.
#[derive(Debug, Clone)]
struct Event {
    program: usize,
    subject: i64,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Suggest { accepted: bool, visible: bool },
    Delete,
}

/// The programs of the rows that come and go; no row of the fixture has them.
const VOLATILE: [&str; 3] = ["100x", "webxdev", "ecole"];

fn events() -> impl Strategy<Value = Vec<Event>> {
    let what = prop_oneof![
        (any::<bool>(), any::<bool>())
            .prop_map(|(accepted, visible)| What::Suggest { accepted, visible }),
        Just(What::Delete),
    ];
    let event = (0..VOLATILE.len(), 20..24_i64, what).prop_map(|(program, subject, what)| Event {
        program,
        subject,
        what,
    });
    prop::collection::vec(event, 0..4)
}

#[derive(Debug, Clone)]
struct Walk {
    users: bool,
    field: usize,
    descending: bool,
    backward: bool,
    size: i64,
    between: Vec<Vec<Event>>,
}

async fn a_walk_sees_every_stable_row_exactly_once(server: &Server) {
    const USER_FIELDS: [&str; 10] = [
        "ID",
        "USER_ID",
        "USERNAME",
        "NAME",
        "PROGRAM_KEY",
        "PROGRAM_NAME",
        "ACCEPTED",
        "VISIBLE",
        "CREATED",
        "MODIFIED",
    ];
    const GROUP_FIELDS: [&str; 10] = [
        "ID",
        "GROUP_ID",
        "GROUP_NAME",
        "PROGRAM_KEY",
        "PROGRAM_NAME",
        "ACCEPTED",
        "VISIBLE",
        "CREATED",
        "MODIFIED",
        "USER_COUNT",
    ];
    let anna = server.user("anna");
    // The rows of the volatile programs may not be among the stable ones.
    for kind in BOTH {
        let document = kind.page_document("results { id program { key } }");
        let variables = json!({ "platformKey": "acme", "pageSize": 100, "filter": { "programKeys": VOLATILE.map(program_key) } });
        let found = anna.data(&document, variables).await;
        let results = found[format!("{}Page", kind.prefix)]["results"]
            .as_array()
            .unwrap();
        let suggestions: Vec<Value> = results
            .iter()
            .map(|row| json!({ "id": row["id"] }))
            .collect();
        kind.bulk_delete(&anna, json!({ "suggestions": suggestions }))
            .await;
        // More stable rows, with many that tie.
        let items: Vec<Value> = ["ds", "ml", "strasse", "zh"]
            .iter()
            .flat_map(|program| (20..24).map(|who| kind.item(program, who)))
            .collect();
        let payload = kind.bulk_create(&anna, json!({ "items": items })).await;
        assert_eq!(payload["failedCount"], json!(0));
    }
    let walk = (
        any::<bool>(),
        0..10_usize,
        any::<bool>(),
        any::<bool>(),
        1..9_i64,
        prop::collection::vec(events(), 24),
    )
        .prop_map(|(users, field, descending, backward, size, between)| Walk {
            users,
            field,
            descending,
            backward,
            size,
            between,
        });
    check(24, walk, async |walk: Walk| {
        let (kind, field) = if walk.users {
            (USERS, USER_FIELDS[walk.field])
        } else {
            (GROUPS, GROUP_FIELDS[walk.field])
        };
        let stable: BTreeSet<i64> = stable_rows(&anna, kind).await;
        let direction = if walk.descending { "DESC" } else { "ASC" };
        let (count, cursor, edge, more) = if walk.backward {
            ("last", "before", "startCursor", "hasPreviousPage")
        } else {
            ("first", "after", "endCursor", "hasNextPage")
        };
        let mut between = walk.between.iter();
        let mut seen: Vec<i64> = Vec::new();
        let mut at = Value::Null;
        loop {
            let variables = json!({
                "platformKey": "acme", "orderBy": { "field": field, "direction": direction },
                count: walk.size, cursor: at,
            });
            let page = kind.connection(&anna, variables).await;
            let ids = database_ids(&page["nodes"]);
            if walk.backward {
                seen.splice(0..0, ids);
            } else {
                seen.extend(ids);
            }
            if page["pageInfo"][more] == json!(false) {
                break;
            }
            at = page["pageInfo"][edge].clone();
            for event in between.next().into_iter().flatten() {
                happen(&anna, kind, event).await;
            }
        }
        let stable_seen: Vec<i64> = seen
            .iter()
            .copied()
            .filter(|id| stable.contains(id))
            .collect();
        let once: BTreeSet<i64> = stable_seen.iter().copied().collect();
        assert_eq!(
            once.len(),
            stable_seen.len(),
            "a row was seen twice: {seen:?}"
        );
        assert_eq!(once, stable, "a row was missed: {seen:?}");
    });
}

async fn stable_rows(client: &Client, kind: Kind) -> BTreeSet<i64> {
    let document = kind.page_document("results { databaseId program { key } }");
    let variables = json!({ "platformKey": "acme", "pageSize": 100 });
    let data = client.data(&document, variables).await;
    let rows = data[format!("{}Page", kind.prefix)]["results"]
        .as_array()
        .unwrap()
        .clone();
    let stable: Vec<Value> = rows
        .into_iter()
        .filter(|row| {
            let key = row["program"]["key"].as_str().unwrap();
            !VOLATILE.iter().any(|program| program_key(program) == key)
        })
        .collect();
    database_ids(&json!(stable)).into_iter().collect()
}

async fn happen(client: &Client, kind: Kind, event: &Event) {
    let mut item = kind.item(VOLATILE[event.program], event.subject);
    match event.what {
        What::Suggest { accepted, visible } => {
            item["accepted"] = json!(accepted);
            item["visible"] = json!(visible);
            let payload = kind.create(client, item).await;
            assert_eq!(payload["userErrors"], json!([]));
        }
        What::Delete => {
            let there = kind.create(client, item).await;
            let input = json!({ "suggestion": { "id": there["suggestion"]["id"] } });
            let payload = kind.delete(client, input).await;
            assert_eq!(payload["userErrors"], json!([]));
        }
    }
}

/// What is known of a suggestion.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    accepted: bool,
    visible: bool,
    metadata: Value,
}

#[derive(Debug, Clone)]
enum Request {
    Create {
        single: bool,
        abort: bool,
        dry: bool,
        items: Vec<Item>,
    },
    Delete {
        keys: Vec<(usize, i64)>,
    },
}

#[derive(Debug, Clone)]
struct Item {
    /// One more than there are: a program that is not there.
    program: usize,
    /// One more than there are: nobody.
    subject: i64,
    accepted: Option<bool>,
    visible: Option<bool>,
    /// `None`: omitted; `Some(None)`: null.
    metadata: Option<Option<u8>>,
}

const PROGRAMS: [&str; 4] = ["ds", "ml", "zh", "nowhere"];

fn requests() -> impl Strategy<Value = Vec<Request>> {
    let item = (
        prop_oneof![8 => 0..3_usize, 1 => Just(3)],
        prop_oneof![8 => 20..23_i64, 1 => Just(999)],
        any::<Option<bool>>(),
        any::<Option<bool>>(),
        prop_oneof![
            Just(None),
            Just(Some(None)),
            (0..3_u8).prop_map(|n| Some(Some(n)))
        ],
    )
        .prop_map(|(program, subject, accepted, visible, metadata)| Item {
            program,
            subject,
            accepted,
            visible,
            metadata,
        });
    let request = prop_oneof![
        5 => (any::<bool>(), any::<bool>(), prop::bool::weighted(0.2), prop::collection::vec(item, 1..8))
            .prop_map(|(single, abort, dry, items)| Request::Create { single, abort, dry, items }),
        1 => prop::collection::vec((0..3_usize, 20..23_i64), 1..4).prop_map(|keys| Request::Delete { keys }),
    ];
    prop::collection::vec(request, 1..12)
}

/// The simplest thing that could do it.
#[derive(Debug, Clone, Default)]
struct Model(BTreeMap<(usize, i64), Row>);

impl Model {
    fn apply(&mut self, item: &Item) -> &'static str {
        if item.program == 3 || item.subject == 999 {
            return "FAILED";
        }
        let key = (item.program, item.subject);
        let before = self.0.get(&key).cloned();
        let mut row = before.clone().unwrap_or(Row {
            accepted: false,
            visible: true,
            metadata: json!({}),
        });
        row.accepted = item.accepted.unwrap_or(row.accepted);
        row.visible = item.visible.unwrap_or(row.visible);
        match item.metadata {
            None => {}
            Some(None) => row.metadata = json!({}),
            Some(Some(n)) => row.metadata = json!({ "n": n }),
        }
        let outcome = match before {
            None => "CREATED",
            Some(before) if before == row => "UNCHANGED",
            Some(_) => "UPDATED",
        };
        self.0.insert(key, row);
        outcome
    }
}

fn to_input(kind: Kind, item: &Item) -> Value {
    let mut input = kind.item(PROGRAMS[item.program], item.subject);
    if let Some(accepted) = item.accepted {
        input["accepted"] = json!(accepted);
    }
    if let Some(visible) = item.visible {
        input["visible"] = json!(visible);
    }
    if let Some(metadata) = item.metadata {
        input["metadata"] = metadata.map_or(Value::Null, |n| json!({ "n": n }));
    }
    input
}

async fn creating_and_updating_is_what_a_simple_model_says(server: &Server) {
    let anna = server.user("anna");
    check(
        20,
        (any::<bool>(), requests()),
        async |(users, requests): (bool, Vec<Request>)| {
            let kind = if users { USERS } else { GROUPS };
            let all: Vec<Value> = kind
                .ids(&anna, json!({}))
                .await
                .iter()
                .map(|id| json!({ "databaseId": id.to_string() }))
                .collect();
            kind.bulk_delete(&anna, json!({ "suggestions": all })).await;
            let model = RefCell::new(Model::default());
            for request in requests {
                match request {
                    Request::Create {
                        single: true,
                        items,
                        ..
                    } => {
                        for item in &items {
                            let expected = model.borrow_mut().apply(item);
                            let payload = kind.create(&anna, to_input(kind, item)).await;
                            assert_eq!(payload["outcome"], json!(expected), "{item:?}");
                        }
                    }
                    Request::Create {
                        abort, dry, items, ..
                    } => {
                        let mut after = model.borrow().clone();
                        let mut expected: Vec<&str> =
                            items.iter().map(|item| after.apply(item)).collect();
                        let failed = expected.contains(&"FAILED");
                        if abort && failed {
                            expected = vec!["FAILED"; items.len()];
                        } else if !dry {
                            *model.borrow_mut() = after;
                        }
                        let input = json!({
                            "items": items.iter().map(|item| to_input(kind, item)).collect::<Vec<_>>(),
                            "errorPolicy": if abort { "ABORT" } else { "CONTINUE" },
                            "dryRun": dry,
                        });
                        let payload = kind.bulk_create(&anna, input).await;
                        let outcomes = crate::support::kind::column(&payload["results"], "outcome");
                        assert_eq!(outcomes, expected, "{items:?}");
                        let successes = expected
                            .iter()
                            .filter(|outcome| **outcome != "FAILED")
                            .count();
                        assert_eq!(payload["successes"], json!(successes));
                    }
                    Request::Delete { keys } => {
                        let rows = rows(&anna, kind).await;
                        for key in keys {
                            let there = model.borrow_mut().0.remove(&key).is_some();
                            let id = rows.get(&key).map_or("999999", |(id, _)| id);
                            let input = json!({ "suggestion": { "databaseId": id } });
                            let payload = kind.delete(&anna, input).await;
                            assert_eq!(payload["deletedId"].is_string(), there);
                        }
                    }
                }
                let there: BTreeMap<(usize, i64), Row> = rows(&anna, kind)
                    .await
                    .into_iter()
                    .map(|(key, (_, row))| (key, row))
                    .collect();
                assert_eq!(there, model.borrow().0);
            }
        },
    );
}

/// What is there, by key, with the id.
async fn rows(client: &Client, kind: Kind) -> BTreeMap<(usize, i64), (String, Row)> {
    let subject = kind.subject;
    let document = kind.page_document(&format!(
        "results {{ databaseId accepted visible metadata program {{ key }} {subject} {{ databaseId }} }}"
    ));
    let variables = json!({ "platformKey": "acme", "pageSize": 100 });
    let data = client.data(&document, variables).await;
    let results = data[format!("{}Page", kind.prefix)]["results"]
        .as_array()
        .unwrap();
    results
        .iter()
        .map(|row| {
            let program = PROGRAMS
                .iter()
                .position(|program| json!(program_key(program)) == row["program"]["key"]);
            let number: i64 = row[subject]["databaseId"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap();
            let number = if subject == "user" {
                number
            } else {
                number - 81
            };
            let id = row["databaseId"].as_str().unwrap().to_owned();
            let row = Row {
                accepted: row["accepted"].as_bool().unwrap(),
                visible: row["visible"].as_bool().unwrap(),
                metadata: row["metadata"].clone(),
            };
            ((program.unwrap(), number), (id, row))
        })
        .collect()
}

/// Letters whose case, order or meaning to a database is not plain.
const LETTERS: [&str; 32] = [
    "a", "A", "b", "B", "z", "é", "É", "e\u{301}", "ß", "ẞ", "İ", "i", "I", "ı", "Σ", "σ", "ς",
    "%", "_", "\\", "\"", "*", " ", "-", "'", "数", "据", "💥", "ﬁ", "Ǆ", "(", "\u{1}",
];

/// What folding makes of these letters, each by itself.
fn fold(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    lower
        .map(|letter| if letter == 'ς' { 'σ' } else { letter })
        .collect()
}

fn text(longest: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(0..LETTERS.len(), 1..=longest)
        .prop_map(|letters| letters.into_iter().map(|letter| LETTERS[letter]).collect())
}

async fn search_and_order_are_what_unicode_says(given: &Server) {
    // Some names, some of them blank to a careless eye, and pieces to search for.
    let names = prop::collection::vec(text(7).prop_map(|name| format!("{name}x")), 40);
    let input = (names, prop::collection::vec(text(4), 60));
    let engine: Engine = given.database.engine;
    check(
        2,
        input,
        async |(names, queries): (Vec<String>, Vec<String>)| {
            let mut lines = vec![
                json!({ "type": "platform", "key": "acme", "org": "o", "name": "Acme" }),
                json!({ "type": "user", "id": 1, "username": "root", "name": "Root", "dm_admin": true }),
                json!({ "type": "program", "platform": "acme", "key": "p", "name": "p" }),
            ];
            for (number, name) in names.iter().enumerate() {
                let id = 100 + number;
                lines.push(json!({ "type": "group", "id": id, "platform": "acme", "name": name }));
                lines.push(json!({ "type": "program_group_suggestion", "platform": "acme", "program": "p", "group": id, "id": id }));
            }
            let server = large::serve(engine, &lines);
            let root = server.user("root");
            for query in &queries {
                let blank = query.trim().is_empty();
                let folded = fold(query);
                let mut expected: Vec<(String, i64)> = names
                    .iter()
                    .zip(100_i64..)
                    .map(|(name, id)| (fold(name.trim()), id))
                    .filter(|(name, _)| blank || name.contains(&folded))
                    .collect();
                // Rust compares text by its UTF-8, which is the order of its code points.
                expected.sort();
                let expected: Vec<i64> = expected.into_iter().map(|(_, id)| id).collect();
                let variables = json!({ "query": query, "orderBy": { "field": "GROUP_NAME" } });
                let found = GROUPS.ids(&root, variables).await;
                assert_eq!(found, expected, "searched for {query:?}");
            }
        },
    );
}

/// What stands in the place of a cursor, an id or a parameter: any text, what is encoded like ours, and one of ours
/// with a change.
#[derive(Debug, Clone)]
enum Token {
    Any(String),
    Encoded(String),
    Changed { at: usize, to: char },
}

fn tokens() -> impl Strategy<Value = Token> {
    let inside = prop_oneof![
        ".{0,40}",
        r#"\[("[a-z_]{1,20}",){0,3}(null|true|-?[0-9]{1,25}|".{0,9}"),-?[0-9]{1,25}\]"#,
        "(User|Program|Platform|ProgramSuggestion|SuggestionEvent|Nothing):-?[0-9]{0,25}",
        "SuggestedProgram:.{0,20}",
    ];
    prop_oneof![
        ".{0,60}".prop_map(Token::Any),
        "[-_A-Za-z0-9+/=]{0,60}".prop_map(Token::Any),
        inside.prop_map(Token::Encoded),
        (any::<usize>(), proptest::char::range('-', 'z'))
            .prop_map(|(at, to)| Token::Changed { at, to }),
    ]
}

impl Token {
    fn text(&self, ours: &str) -> String {
        use base64::Engine as _;
        match self {
            Self::Any(text) => text.clone(),
            Self::Encoded(text) => base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text),
            Self::Changed { at, to } => {
                let mut text: Vec<char> = ours.chars().collect();
                let at = at % text.len();
                text[at] = *to;
                text.into_iter().collect()
            }
        }
    }
}

/// Cursors, global ids and the parameters of REST: whatever they are, the answer says so, and it is never a fault of
/// ours.
async fn whatever_is_sent_is_answered(server: &Server) {
    const DOCUMENT: &str = "query($cursor: String, $id: ID!, $ids: [ID!]) {
        first: programSuggestions(platformKey: \"acme\", first: 1, after: $cursor) { edges { cursor node { id } } }
        named: programSuggestions(platformKey: \"acme\", first: 1, filter: { userIds: $ids }) { totalCount }
        node(id: $id) { id }
    }";
    let client = server.key("acme");
    let page =
        "{ programSuggestions(platformKey: \"acme\", first: 1) { edges { cursor node { id } } } }";
    let data = client.data(page, json!({})).await;
    let edge = &data["programSuggestions"]["edges"][0];
    let cursor = edge["cursor"].as_str().unwrap().to_owned();
    let id = edge["node"]["id"].as_str().unwrap().to_owned();
    let names = "(page|page_size|sort|search|accepted|visible|user_id|group_id|program_key|platform_org|[a-z]{1,8})";
    let parameters = prop::collection::vec((names, tokens()), 0..4);
    let strategy = (tokens(), tokens(), parameters);
    check(48, strategy, async |(after, node, parameters)| {
        let node = node.text(&id);
        let variables = json!({ "cursor": after.text(&cursor), "id": node, "ids": [node] });
        let answer = client.graphql(DOCUMENT, variables.clone()).await;
        assert!(
            answer.status.as_u16() < 500,
            "{variables}: {}",
            answer.text()
        );
        for error in answer.json()["errors"].as_array().into_iter().flatten() {
            let code = error["extensions"]["code"].as_str().unwrap();
            let expected = [
                "INVALID_CURSOR",
                "INVALID_ID",
                "BAD_USER_INPUT",
                "NOT_FOUND",
            ];
            assert!(expected.contains(&code), "{variables}: {error}");
        }
        let mut url =
            reqwest::Url::parse("http://a/api/catalog/suggestions/program/manage/").unwrap();
        url.query_pairs_mut().append_pair("platform_key", "acme");
        for (name, value) in &parameters {
            url.query_pairs_mut().append_pair(name, &value.text("2"));
        }
        let path = format!("{}?{}", url.path(), url.query().unwrap());
        let answer = client.get(&path).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
        answer.json();
    });
}

/// Lines of an import: each bad one is named by its number, and with one of them nothing is written.
async fn whatever_is_imported_is_answered(database: &Database) {
    let before = database.export();
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("[]".to_owned()),
        Just("{\"a\":{}}".to_owned()),
        "-?[0-9]{1,25}(\\.[0-9]{1,20})?",
        ".{0,20}".prop_map(|text| Value::from(text).to_string()),
        Just("\"acme\"".to_owned()),
    ];
    let field = (
        "(type|key|platform|program|user|group|id|name|role|active|metadata|[a-z_]{1,9})",
        value,
    )
        .prop_map(|(name, value)| format!("\"{name}\":{value}"));
    let kind = "(platform|program|user|member|department|group|group_member|program_suggestion|suggestion_answer)";
    let object = (kind, prop::collection::vec(field, 0..5)).prop_map(|(kind, fields)| {
        let mut all = vec![format!("\"type\":\"{kind}\"")];
        all.extend(fields);
        format!("{{{}}}", all.join(","))
    });
    let line = prop_oneof![3 => object, 1 => ".{0,60}"];
    let lines = prop::collection::vec(line, 1..8);
    check(12, lines, async |lines: Vec<String>| {
        let mut input = lines.join("\n");
        // One is bad for certain.
        input.push_str("\n{\"type\":\"nothing\"}\n");
        let number = input.matches('\n').count();
        let ended = database
            .waymark(&["import", "-"])
            .input(input.clone())
            .end();
        assert_eq!(ended.status, Some(1), "{input}\n{}", ended.stderr);
        assert!(
            ended.stderr.contains(&number.to_string()) && !ended.stderr.contains("panic"),
            "{input}\n{}",
            ended.stderr
        );
    });
    assert_eq!(database.export(), before);
}
