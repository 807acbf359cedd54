//! Connections: paging by cursor, forwards and backwards.

use serde_json::{Value, json};

use crate::support::Server;
use crate::support::kind::{BOTH, GROUPS, Kind, USERS, database_ids};

both_engines!(
    exactly_one_of_first_and_last,
    forwards,
    backwards,
    between_two_cursors,
    cursors_are_bound_to_the_list_and_its_order,
    a_cursor_whose_row_is_gone_still_works,
    nested_lists_page_alike,
);

/// The arguments that no connection takes.
fn wrong_counts() -> [Value; 9] {
    [
        json!({}),
        json!({ "first": null, "last": null }),
        json!({ "first": 0 }),
        json!({ "last": 0 }),
        json!({ "first": -1 }),
        json!({ "first": 101 }),
        json!({ "last": 101 }),
        json!({ "first": i32::MAX }),
        json!({ "first": 1, "last": 1 }),
    ]
}

async fn exactly_one_of_first_and_last(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let document = kind.connection_document("totalCount");
        for mut variables in wrong_counts() {
            variables["platformKey"] = json!("acme");
            assert_eq!(
                anna.code(&document, variables.clone()).await,
                "BAD_USER_INPUT",
                "{variables}"
            );
        }
        for variables in [json!({ "first": 1 }), json!({ "last": 100 })] {
            let mut variables = variables;
            variables["platformKey"] = json!("acme");
            anna.data(&document, variables).await;
        }
    }
    let document = "query ($first: Int, $last: Int) { platform(key: \"acme\") {
        programs(first: $first, last: $last) { totalCount } } }";
    for variables in wrong_counts() {
        assert_eq!(
            anna.code(document, variables.clone()).await,
            "BAD_USER_INPUT",
            "{variables}"
        );
    }
}

async fn forwards(server: &Server) {
    let anna = server.user("anna");
    let ask = async |variables: Value| page(USERS, &anna, variables).await;
    let one = ask(json!({ "first": 3 })).await;
    assert_eq!(one.ids, [1008, 1007, 1006]);
    assert_eq!((one.next, one.previous), (true, false));
    let two = ask(json!({ "first": 3, "after": one.end })).await;
    assert_eq!(two.ids, [1005, 1004, 1003]);
    assert_eq!((two.next, two.previous), (true, true));
    let three = ask(json!({ "first": 3, "after": two.end })).await;
    assert_eq!(three.ids, [1002, 1001]);
    assert_eq!((three.next, three.previous), (false, true));
    let four = ask(json!({ "first": 3, "after": three.end })).await;
    assert_eq!(four.ids, [0; 0]);
    assert_eq!((four.next, four.end), (false, Value::Null));
    // A page that holds exactly what is there.
    let all = ask(json!({ "first": 8 })).await;
    assert_eq!((all.ids.len(), all.next, all.previous), (8, false, false));
    assert!(ask(json!({ "first": 7 })).await.next);
}

async fn backwards(server: &Server) {
    let anna = server.user("anna");
    let ask = async |variables: Value| page(GROUPS, &anna, variables).await;
    let one = ask(json!({ "last": 3 })).await;
    // In the order of the list all the same.
    assert_eq!(one.ids, [3005, 3006, 3007]);
    assert_eq!((one.next, one.previous), (false, true));
    let two = ask(json!({ "last": 3, "before": one.start })).await;
    assert_eq!(two.ids, [3002, 3003, 3004]);
    assert_eq!((two.next, two.previous), (true, true));
    let three = ask(json!({ "last": 3, "before": two.start })).await;
    assert_eq!(three.ids, [3001]);
    assert_eq!((three.next, three.previous), (true, false));
    let four = ask(json!({ "last": 3, "before": three.start })).await;
    assert_eq!(four.ids, [0; 0]);
    assert_eq!((four.previous, four.start), (false, Value::Null));
}

async fn between_two_cursors(server: &Server) {
    let anna = server.user("anna");
    let order = json!({ "field": "PROGRAM_NAME", "direction": "DESC" });
    let all = page(
        USERS,
        &anna,
        json!({ "first": 100, "orderBy": order.clone() }),
    )
    .await;
    assert_eq!(all.ids, [1008, 1003, 1007, 1005, 1002, 1006, 1004, 1001]);
    let between = |count: Value| {
        let mut variables = count;
        variables["orderBy"] = order.clone();
        variables["after"] = json!(all.cursors[1]);
        variables["before"] = json!(all.cursors[6]);
        variables
    };
    let front = page(USERS, &anna, between(json!({ "first": 2 }))).await;
    assert_eq!(front.ids, [1007, 1005]);
    assert!(front.next);
    let back = page(USERS, &anna, between(json!({ "last": 2 }))).await;
    assert_eq!(back.ids, [1002, 1006]);
    assert!(back.previous);
    let whole = page(USERS, &anna, between(json!({ "first": 100 }))).await;
    assert_eq!(whole.ids, [1007, 1005, 1002, 1006]);
    // The total is that of the list, not of the part.
    assert_eq!(whole.total, json!(8));
}

async fn cursors_are_bound_to_the_list_and_its_order(server: &Server) {
    let anna = server.user("anna");
    for (kind, other) in [(USERS, GROUPS), (GROUPS, USERS)] {
        let order = json!({ "field": "PROGRAM_NAME", "direction": "ASC" });
        let variables = json!({ "first": 2, "orderBy": order });
        let cursor = page(kind, &anna, variables).await.end;
        let document = kind.connection_document("totalCount");
        for order in [
            json!({ "field": "PROGRAM_NAME", "direction": "DESC" }),
            json!({ "field": "PROGRAM_KEY", "direction": "ASC" }),
            json!({ "field": "CREATED", "direction": "ASC" }),
            json!({ "field": "ID", "direction": "ASC" }),
        ] {
            for (count, argument) in [("first", "after"), ("last", "before")] {
                let variables = json!({
                    "platformKey": "acme", "orderBy": order, count: 2, argument: cursor,
                });
                let code = anna.code(&document, variables).await;
                assert_eq!(code, "INVALID_CURSOR", "{order} {argument}");
            }
        }
        let foreign = page(other, &anna, json!({ "first": 2, "orderBy": order })).await;
        let nested = anna
            .data(
                "{ platform(key: \"acme\") { programs(first: 1) { pageInfo { endCursor } } } }",
                json!({}),
            )
            .await;
        let nested = &nested["platform"]["programs"]["pageInfo"]["endCursor"];
        let text = cursor.as_str().unwrap();
        for wrong in [
            foreign.end,
            nested.clone(),
            json!(""),
            json!("nonsense"),
            json!("AAAA"),
            json!("💥"),
            json!("null"),
            json!("MTAwMQ=="),
            json!(&text[1..]),
            json!(format!("{text}x")),
            json!(format!("{text}\u{0}")),
        ] {
            let variables = json!({
                "platformKey": "acme", "orderBy": order, "first": 2, "after": wrong,
            });
            let code = anna.code(&document, variables).await;
            assert_eq!(code, "INVALID_CURSOR", "{wrong}");
        }
        // The same order with another filter is still the same order.
        let variables = json!({
            "platformKey": "acme", "orderBy": order, "first": 2, "after": cursor,
            "filter": { "accepted": true },
        });
        anna.data(&document, variables).await;
    }
}

async fn a_cursor_whose_row_is_gone_still_works(server: &Server) {
    let anna = server.user("anna");
    let one = page(USERS, &anna, json!({ "first": 3 })).await;
    let input = json!({ "suggestion": { "databaseId": "1006" } });
    let payload = USERS.delete(&anna, input).await;
    assert_eq!(payload["userErrors"], json!([]));
    let two = page(USERS, &anna, json!({ "first": 3, "after": one.end })).await;
    assert_eq!(two.ids, [1005, 1004, 1003]);
}

async fn nested_lists_page_alike(server: &Server) {
    let anna = server.user("anna");
    let document =
        "query ($first: Int, $after: String, $last: Int, $before: String, $query: String) {
        platform(key: \"acme\") {
            programs(first: $first, after: $after, last: $last, before: $before, query: $query) {
                nodes { key } edges { cursor node { key } } totalCount
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
            }
            groups(first: $first, last: $last, query: $query) { nodes { databaseId } totalCount }
        } }";
    let programs = async |variables: Value| {
        let mut data = anna.data(document, variables).await;
        let programs = data["platform"]["programs"].take();
        let keys: Vec<String> = programs["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["key"].as_str().unwrap().to_owned())
            .collect();
        (keys, programs)
    };
    let (all, page) = programs(json!({ "first": 100 })).await;
    assert_eq!(all.len(), 10);
    assert_eq!(page["totalCount"], json!(10));
    assert_eq!(page["pageInfo"]["hasNextPage"], json!(false));

    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        // The cursor is of the list of programs, so the groups are asked for without one.
        let (keys, page) = programs(json!({ "first": 4, "after": after })).await;
        seen.extend(keys);
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(seen, all);
    let (last, page) = programs(json!({ "last": 4 })).await;
    assert_eq!(last, all[6..]);
    assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(true));
    let before = page["pageInfo"]["startCursor"].clone();
    let (middle, _) = programs(json!({ "last": 4, "before": before })).await;
    assert_eq!(middle, all[2..6]);

    let data = anna
        .data(document, json!({ "first": 100, "query": "100%" }))
        .await;
    let platform = &data["platform"];
    assert_eq!(
        platform["programs"]["nodes"],
        json!([{ "key": "program-v1:acme+ml+2026" }])
    );
    assert_eq!(
        platform["groups"],
        json!({ "nodes": [{ "databaseId": "104" }], "totalCount": 1 })
    );
    for wrong in ["", "nonsense"] {
        let variables = json!({ "first": 1, "after": wrong });
        assert_eq!(anna.code(document, variables).await, "INVALID_CURSOR");
    }
}

/// A part of acme's list.
struct Page {
    ids: Vec<i64>,
    cursors: Vec<String>,
    next: bool,
    previous: bool,
    start: Value,
    end: Value,
    total: Value,
}

async fn page(kind: Kind, client: &crate::support::Client, mut variables: Value) -> Page {
    variables["platformKey"] = json!("acme");
    let page = kind.connection(client, variables).await;
    let edges = page["edges"].as_array().unwrap();
    let nodes: Vec<&Value> = edges.iter().map(|edge| &edge["node"]).collect();
    assert_eq!(json!(nodes), page["nodes"]);
    let info = &page["pageInfo"];
    let cursor = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
    assert_eq!(info["startCursor"], cursor(edges.first()));
    assert_eq!(info["endCursor"], cursor(edges.last()));
    Page {
        ids: database_ids(&page["nodes"]),
        cursors: edges
            .iter()
            .map(|edge| edge["cursor"].as_str().unwrap().to_owned())
            .collect(),
        next: info["hasNextPage"].as_bool().unwrap(),
        previous: info["hasPreviousPage"].as_bool().unwrap(),
        start: info["startCursor"].clone(),
        end: info["endCursor"].clone(),
        total: page["totalCount"].clone(),
    }
}
