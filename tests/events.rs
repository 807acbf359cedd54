//! What happened: events, history and batches.

use serde_json::{Value, json};

use crate::support::kind::{BOTH, GROUPS, USERS};
use crate::support::{Client, Server};

both_engines!(
    every_door_writes_events,
    nothing_happened,
    pages_of_events,
    filters_of_events,
    who_sees_events,
    batches_of_a_platform,
    many_writers_and_readers,
    what_is_gone_is_null,
);

const FIELDS: &str = "id action kind source requestId suggestionId apiKeyName program { key } user { username }
    group { databaseId } actor { username } changes { field before after } batch { id operation } platform { key } at";

async fn events(client: &Client, mut variables: Value) -> Value {
    let document = format!(
        "query ($platformKey: String!, $departmentMode: Boolean! = false, $filter: SuggestionEventFilter,
            $first: Int, $after: String, $last: Int, $before: String) {{
          suggestionEvents(platformKey: $platformKey, departmentMode: $departmentMode, filter: $filter,
            first: $first, after: $after, last: $last, before: $before) {{
            nodes {{ {FIELDS} }} edges {{ cursor }} totalCount
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    if variables.get("platformKey").is_none() {
        variables["platformKey"] = json!("acme");
    }
    if variables.get("first").is_none() && variables.get("last").is_none() {
        variables["last"] = json!(100);
    }
    let body = client.graphql(&document, variables).await.json();
    match body["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!(code),
        None => body["data"]["suggestionEvents"].clone(),
    }
}

/// The newest events, once there are so many after a cursor: an open transaction of somebody else delays them.
async fn since(client: &Client, cursor: &Value, count: usize) -> Vec<Value> {
    for _ in 0..2_000 {
        let list = events(client, json!({ "first": 100, "after": cursor })).await;
        let rows = list["nodes"].as_array().unwrap();
        assert!(rows.len() <= count, "{rows:#?}");
        if rows.len() == count {
            return rows.clone();
        }
        tokio::task::yield_now().await;
    }
    panic!("not {count} events after {cursor}");
}

async fn newest(client: &Client) -> Value {
    events(client, json!({ "last": 1 })).await["pageInfo"]["endCursor"].clone()
}

async fn mutate(client: &Client, document: &str) -> Value {
    let mut data = client.data(document, json!({})).await;
    let field = data.as_object().unwrap().keys().next().unwrap().clone();
    data[field].take()
}

async fn every_door_writes_events(server: &Server) {
    let (anna, key) = (server.user("anna"), server.key("acme"));
    let imported = events(&anna, json!({ "first": 1 })).await;
    assert_eq!(imported["totalCount"], 15, "the fixture was imported");
    assert_eq!(imported["nodes"][0]["source"], "IMPORT");
    assert_eq!(imported["nodes"][0]["batch"]["operation"], "import");
    let mut cursor = newest(&anna).await;

    // A single creation, and a change by a key.
    let made = mutate(&anna, "mutation { programSuggestionCreate(input: { platformKey: \"acme\",
        programKey: \"program-v1:acme+100x+2026\", user: { username: \"student1\" } }) {
        batch { id operation createdCount updatedCount deletedCount actor { username } events(first: 5) { totalCount nodes { action } } }
        suggestion { id } } }").await;
    assert_eq!(made["batch"]["operation"], "programSuggestionCreate");
    assert_eq!(made["batch"]["createdCount"], 1);
    assert_eq!(made["batch"]["actor"]["username"], "anna");
    assert_eq!(
        made["batch"]["events"],
        json!({ "totalCount": 1, "nodes": [{ "action": "CREATED" }] })
    );
    let id = made["suggestion"]["id"].clone();
    mutate(
        &key,
        "mutation { programSuggestionCreate(input: { platformKey: \"acme\",
        programKey: \"program-v1:acme+100x+2026\", user: { username: \"student1\" }, visible: false,
        message: \"hello\", dueAt: \"2030-01-01T00:00:00Z\", metadata: { a: 1 } }) { outcome } }",
    )
    .await;
    let found = since(&anna, &cursor, 2).await;
    assert_eq!(found[0]["action"], "CREATED");
    assert_eq!(found[0]["kind"], "USER");
    assert_eq!(found[0]["suggestionId"], id);
    assert_eq!(found[0]["changes"], json!([]));
    assert_eq!(found[0]["actor"]["username"], "anna");
    assert_eq!(found[0]["apiKeyName"], Value::Null);
    assert_eq!(found[0]["source"], "GRAPHQL");
    assert_eq!(found[0]["batch"]["id"], made["batch"]["id"]);
    assert_eq!(found[1]["action"], "UPDATED");
    assert_eq!(found[1]["actor"], Value::Null);
    assert_eq!(found[1]["apiKeyName"], "acme");
    assert_eq!(
        found[1]["changes"],
        json!([
            { "field": "visible", "before": true, "after": false },
            { "field": "metadata", "before": {}, "after": { "a": 1 } },
            { "field": "message", "before": null, "after": "hello" },
            { "field": "dueAt", "before": null, "after": "2030-01-01T00:00:00.000000Z" },
        ])
    );

    // In bulk, by REST, by filter, and a deletion.
    cursor = newest(&anna).await;
    let items = json!([
        GROUPS.item("ml", 20),
        GROUPS.item("none", 20),
        GROUPS.item("ds", 20),
        GROUPS.item("ds", 23),
    ]);
    let input = json!({ "platformKey": "acme", "items": items });
    let document = GROUPS.mutation_document(
        "BulkCreate",
        "createdCount batch { id createdCount } errorCodes userErrors { message }",
    );
    let data = anna.data(&document, json!({ "input": input })).await;
    let batch = &data["programGroupSuggestionBulkCreate"]["batch"];
    assert_eq!(batch["createdCount"], 2, "{data:#}");
    let found = since(&anna, &cursor, 2).await;
    let groups: Vec<&Value> = found
        .iter()
        .map(|event| &event["group"]["databaseId"])
        .collect();
    assert_eq!(groups, ["101", "104"], "in the order of the request");
    cursor = newest(&anna).await;
    let body = json!({ "platform_key": "acme", "program_key": "program-v1:acme+ml+2026", "user_id": "student1" });
    let answer = anna
        .send(
            reqwest::Method::POST,
            "/api/catalog/suggestions/program/manage/",
            &[
                ("content-type", "application/json"),
                ("x-request-id", "mine"),
            ],
            body.to_string().into_bytes(),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = since(&anna, &cursor, 1).await;
    assert_eq!(found[0]["source"], "REST");
    assert_eq!(found[0]["requestId"], "mine");
    cursor = newest(&anna).await;
    let done = mutate(&anna, "mutation { programSuggestionUpdateWhere(input: { platformKey: \"acme\",
        filter: { userIds: [\"23\"] }, set: { visible: false }, expectedCount: 1 }) { updatedCount batch { updatedCount } } }").await;
    assert_eq!(
        done,
        json!({ "updatedCount": 1, "batch": { "updatedCount": 1 } })
    );
    let found = since(&anna, &cursor, 1).await;
    assert_eq!(
        found[0]["changes"],
        json!([{ "field": "visible", "before": true, "after": false }])
    );
    cursor = newest(&anna).await;
    let gone = mutate(
        &anna,
        &format!(
            "mutation {{ programSuggestionDelete(input: {{ suggestion: {{ id: {id} }} }}) {{
        deletedId batch {{ deletedCount }} }} }}"
        ),
    )
    .await;
    assert_eq!(gone["deletedId"], id);
    assert_eq!(gone["batch"]["deletedCount"], 1);
    let found = since(&anna, &cursor, 1).await;
    assert_eq!(
        (&found[0]["action"], &found[0]["suggestionId"]),
        (&json!("DELETED"), &id)
    );

    // A person answers: no batch; the flag that follows is an event too.
    cursor = newest(&anna).await;
    let student = server.user("student1");
    let of_ds = "suggestedProgram: { key: { platformKey: \"acme\", programKey: \"program-v1:acme+ds+2026\" } }";
    mutate(
        &student,
        &format!("mutation {{ suggestedProgramAccept(input: {{ {of_ds} }}) {{ outcome }} }}"),
    )
    .await;
    mutate(&student, &format!("mutation {{ suggestedProgramDismiss(input: {{ {of_ds}, reason: NO_TIME, comment: \"later\" }}) {{ outcome }} }}")).await;
    mutate(
        &student,
        &format!("mutation {{ suggestedProgramRestore(input: {{ {of_ds} }}) {{ outcome }} }}"),
    )
    .await;
    let found = since(&anna, &cursor, 5).await;
    let actions: Vec<&Value> = found.iter().map(|event| &event["action"]).collect();
    assert_eq!(
        actions,
        ["ACCEPTED", "UPDATED", "DISMISSED", "UPDATED", "RESTORED"]
    );
    assert!(
        found
            .iter()
            .all(|event| event["batch"].is_null() && event["actor"]["username"] == "student1")
    );
    assert_eq!(found[0]["suggestionId"], Value::Null);
    assert_eq!(
        found[1]["changes"],
        json!([{ "field": "accepted", "before": false, "after": true }])
    );
    assert_eq!(
        found[2]["changes"],
        json!([{ "field": "reason", "before": null, "after": "NO_TIME" }, { "field": "comment", "before": null, "after": "later" }])
    );

    // History follows the key, over a deletion and a new creation; and has the answers.
    mutate(&anna, "mutation { programSuggestionCreate(input: { platformKey: \"acme\",
        programKey: \"program-v1:acme+100x+2026\", user: { username: \"student1\" } }) { outcome } }").await;
    let history = |program: &'static str, user: u32| {
        let anna = anna.clone();
        async move {
            let document = USERS
                .page_document("results { history(first: 50) { totalCount nodes { action } } }");
            let variables = json!({ "platformKey": "acme", "filter": { "programKeys": [program], "userIds": [user.to_string()] } });
            let data = anna.data(&document, variables).await;
            let rows = data["programSuggestionPage"]["results"][0]["history"]["nodes"]
                .as_array()
                .unwrap()
                .clone();
            rows.into_iter()
                .map(|row| row["action"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(
        history("program-v1:acme+100x+2026", 20).await,
        ["CREATED", "UPDATED", "DELETED", "CREATED"]
    );
    assert_eq!(
        history("program-v1:acme+ds+2026", 20).await,
        [
            "CREATED",
            "ACCEPTED",
            "UPDATED",
            "DISMISSED",
            "UPDATED",
            "RESTORED"
        ]
    );

    // An import is one batch. What was written before it can be read by now.
    since(&anna, &cursor, 6).await;
    cursor = newest(&anna).await;
    let lines = [
        json!({ "type": "program_suggestion", "platform": "acme", "program": "program-v1:acme+ds+2026", "user": "student1", "visible": false }),
        json!({ "type": "program_suggestion", "platform": "acme", "program": "program-v1:acme+ds+2026", "user": "student2" }),
        json!({ "type": "program_group_suggestion", "platform": "acme", "program": "program-v1:acme+zh+2026", "group": 102 }),
    ];
    let path = server.database.file(
        "more.ndjson",
        lines.map(|line| format!("{line}\n")).concat(),
    );
    server.database.waymark(&["import", &path]).succeed();
    let found = since(&anna, &cursor, 3).await;
    let batches: std::collections::BTreeSet<&str> = found
        .iter()
        .map(|event| event["batch"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(batches.len(), 1);
    assert!(found.iter().all(|event| event["source"] == "IMPORT"));
}

async fn nothing_happened(server: &Server) {
    let anna = server.user("anna");
    let cursor = newest(&anna).await;
    for kind in BOTH {
        let create =
            kind.mutation_document("BulkCreate", "batch { id } failedCount unchangedCount");
        for input in [
            json!({ "items": [kind.item("ds", 20)] }),
            json!({ "items": [kind.item("none", 20)] }),
            json!({ "items": [kind.item("ml", 20), kind.item("none", 20)], "errorPolicy": "ABORT" }),
            json!({ "items": [kind.item("ml", 20)], "dryRun": true }),
        ] {
            let mut input = input;
            input["platformKey"] = json!("acme");
            let data = anna.data(&create, json!({ "input": input })).await;
            assert_eq!(
                data[format!("{}BulkCreate", kind.prefix)]["batch"],
                Value::Null
            );
        }
        for act in ["UpdateWhere", "DeleteWhere"] {
            let document = kind.mutation_document(act, "batch { id }");
            let mut input = json!({ "platformKey": "acme", "expectedCount": kind.of_acme.len(), "dryRun": true });
            if act == "UpdateWhere" {
                input["set"] = json!({ "message": "x" });
            }
            let data = anna.data(&document, json!({ "input": input })).await;
            assert_eq!(data[format!("{}{act}", kind.prefix)]["batch"], Value::Null);
        }
    }
    let of_ds = "suggestedProgram: { key: { platformKey: \"acme\", programKey: \"program-v1:acme+ds+2026\" } }";
    mutate(
        &server.user("student1"),
        &format!("mutation {{ suggestedProgramRestore(input: {{ {of_ds} }}) {{ outcome }} }}"),
    )
    .await;
    // An idempotent request that is answered again changes nothing, and names the first batch.
    let input =
        json!({ "platformKey": "acme", "items": [USERS.item("ml", 20)], "idempotencyKey": "k" });
    let document = USERS.mutation_document("BulkCreate", "batch { id } createdCount");
    let first = anna.data(&document, json!({ "input": input })).await;
    assert!(first["programSuggestionBulkCreate"]["batch"]["id"].is_string());
    assert_eq!(anna.data(&document, json!({ "input": input })).await, first);
    since(&anna, &cursor, 1).await;
}

async fn pages_of_events(server: &Server) {
    let anna = server.user("anna");
    let all = events(&anna, json!({ "first": 100 })).await;
    let ids = |list: &Value| -> Vec<String> {
        let rows = list["nodes"].as_array().unwrap();
        rows.iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let whole = ids(&all);
    assert_eq!(whole.len(), 15);
    let (mut forward, mut after) = (Vec::new(), Value::Null);
    loop {
        let part = events(&anna, json!({ "first": 4, "after": after })).await;
        forward.extend(ids(&part));
        assert_eq!(part["pageInfo"]["hasPreviousPage"], forward.len() > 4);
        after = part["pageInfo"]["endCursor"].clone();
        if part["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(forward, whole);
    let (mut backward, mut before) = (Vec::new(), Value::Null);
    loop {
        let part = events(&anna, json!({ "last": 4, "before": before })).await;
        let mut rows = ids(&part);
        rows.extend(backward);
        backward = rows;
        before = part["pageInfo"]["startCursor"].clone();
        if part["pageInfo"]["hasPreviousPage"] == false {
            break;
        }
    }
    assert_eq!(backward, whole);
    let end = events(
        &anna,
        json!({ "first": 5, "after": all["pageInfo"]["endCursor"] }),
    )
    .await;
    assert_eq!(end["nodes"], json!([]));
    assert_eq!(
        events(&anna, json!({ "first": 5, "after": "nonsense" })).await,
        "INVALID_CURSOR"
    );
    assert_eq!(
        events(&anna, json!({ "first": 101 })).await,
        "BAD_USER_INPUT"
    );
}

async fn filters_of_events(server: &Server) {
    let anna = server.user("anna");
    let batch = mutate(&anna, "mutation { programSuggestionDelete(input: { suggestion: { databaseId: \"1001\" } }) { batch { id } } }").await["batch"]["id"].clone();
    for (filter, count) in [
        (json!({ "actions": ["DELETED"] }), 1),
        (json!({ "actions": ["CREATED"] }), 15),
        (json!({ "actions": [] }), 0),
        (json!({ "kind": "GROUP" }), 7),
        (json!({ "kind": "USER" }), 9),
        (json!({ "programKeys": ["program-v1:acme+ds+2026"] }), 4),
        (json!({ "programKeys": [] }), 0),
        (json!({ "userIds": ["20"] }), 3),
        (json!({ "groupIds": ["101", "102"] }), 3),
        (json!({ "actorIds": ["10"] }), 1),
        (json!({ "batchIds": [batch] }), 1),
        (
            json!({ "after": "2020-01-01T00:00:00Z", "before": "2999-01-01T00:00:00Z", "userIds": ["20"] }),
            3,
        ),
        (json!({ "before": "2020-01-01T00:00:00Z" }), 0),
        (json!({ "kind": "GROUP", "userIds": ["20"] }), 0),
    ] {
        // What was just written can be held back by somebody else's open transaction.
        for attempt in 0.. {
            let list = events(&anna, json!({ "filter": filter, "first": 100 })).await;
            let rows = list["nodes"]
                .as_array()
                .unwrap_or_else(|| panic!("{list} for {filter}"))
                .len();
            if rows == count {
                assert_eq!(list["totalCount"], json!(count));
                break;
            }
            assert!(attempt < 2_000, "{rows} for {filter}");
        }
    }
    let wrong = json!({ "filter": { "userIds": ["x"] }, "first": 1 });
    assert_eq!(events(&anna, wrong).await, "INVALID_ID");
}

async fn who_sees_events(server: &Server) {
    let count = |list: Value| list["totalCount"].clone();
    let mode = |on: bool| json!({ "departmentMode": on, "first": 100 });
    for client in [
        server.user("anna"),
        server.user("root"),
        server.key("acme"),
        server.key("acme-root"),
    ] {
        assert_eq!(count(events(&client, mode(false)).await), 15);
    }
    assert_eq!(count(events(&server.user("cody"), mode(true)).await), 4);
    assert_eq!(events(&server.user("cody"), mode(false)).await, "FORBIDDEN");
    for client in [
        server.user("student1"),
        server.user("gabi"),
        server.user("nobody"),
        server.key("globex"),
    ] {
        assert_eq!(events(&client, mode(true)).await, "FORBIDDEN");
    }
    assert_eq!(
        events(&server.anonymous(), mode(true)).await,
        "UNAUTHENTICATED"
    );
    // By id: as the event.
    let all = events(&server.user("anna"), mode(false)).await;
    let ids: Vec<&Value> = all["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["id"])
        .collect();
    let batch = &all["nodes"][0]["batch"]["id"];
    let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on SuggestionEvent { action batch { id } } } }";
    for (client, events, of_batch) in [
        (server.user("anna"), 15, true),
        (server.user("root"), 15, true),
        (server.user("cody"), 4, false),
        (server.user("student1"), 0, false),
        (server.user("gabi"), 0, false),
    ] {
        let data = client.data(document, json!({ "ids": ids })).await;
        let seen = data["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|node| !node.is_null());
        assert_eq!(seen.count(), events);
        let data = client
            .data(
                "query ($id: ID!) { node(id: $id) { id } }",
                json!({ "id": batch }),
            )
            .await;
        assert_eq!(data["node"].is_object(), of_batch);
    }
}

async fn batches_of_a_platform(server: &Server) {
    let document = "query ($mode: Boolean!, $first: Int, $after: String, $last: Int, $before: String) {
        suggestionBatches(platformKey: \"acme\", departmentMode: $mode, first: $first, after: $after, last: $last, before: $before) {
          totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
          nodes { id operation source createdCount events(first: 2) { totalCount } } } }";
    let (anna, cody) = (server.user("anna"), server.user("cody"));
    for user in ["student2", "student3", "student4"] {
        let document = format!("mutation {{ programSuggestionCreate(input: {{ platformKey: \"acme\",
            programKey: \"program-v1:acme+100x+2026\", user: {{ username: \"{user}\" }} }}) {{ outcome }} }}");
        mutate(&anna, &document).await;
    }
    let mut data = anna
        .data(document, json!({ "mode": false, "first": 2 }))
        .await;
    let list = data["suggestionBatches"].take();
    assert_eq!(list["totalCount"], 4);
    assert_eq!(list["pageInfo"]["hasNextPage"], true);
    assert_eq!(list["nodes"][0]["operation"], "programSuggestionCreate");
    let variables = json!({ "mode": false, "first": 2, "after": list["pageInfo"]["endCursor"] });
    let mut data = anna.data(document, variables).await;
    let rest = data["suggestionBatches"].take();
    assert_eq!(rest["pageInfo"]["hasNextPage"], false);
    assert_eq!(rest["pageInfo"]["hasPreviousPage"], true);
    assert_eq!(rest["nodes"][1]["operation"], "import");
    assert_eq!(rest["nodes"][1]["createdCount"], 15);
    let mut data = anna
        .data(document, json!({ "mode": false, "last": 1 }))
        .await;
    assert_eq!(
        data["suggestionBatches"]["nodes"].take(),
        json!([rest["nodes"][1]])
    );
    // Only what lies wholly in the departments.
    let data = cody
        .data(document, json!({ "mode": true, "first": 10 }))
        .await;
    assert_eq!(data["suggestionBatches"]["totalCount"], 1);
    assert_eq!(
        cody.code(document, json!({ "mode": false, "first": 10 }))
            .await,
        "FORBIDDEN"
    );
}

async fn many_writers_and_readers(server: &Server) {
    const WRITERS: u32 = 8;
    const EACH: u32 = 6;
    let anna = server.user("anna");
    let start = newest(&anna).await;
    let write = |writer: u32| {
        let anna = server.user("anna");
        async move {
            for round in 0..EACH {
                // Short transactions, and long ones.
                let size = if writer.is_multiple_of(2) { 1 } else { 40 };
                let items: Vec<Value> = (0..size)
                    .map(|number| {
                        let mut item = USERS.item("100x", 20 + i64::from(writer % 4));
                        item["message"] = json!(format!("{writer} {round} {number}"));
                        item
                    })
                    .collect();
                let input = json!({ "platformKey": "acme", "items": items });
                USERS.bulk_create(&anna, input).await;
            }
        }
    };
    let expected: u32 = (0..WRITERS)
        .map(|writer| {
            if writer.is_multiple_of(2) {
                EACH
            } else {
                EACH * 40
            }
        })
        .sum();
    let read = |page: u32| {
        let (anna, start) = (server.user("anna"), start.clone());
        async move {
            let (mut seen, mut after) = (Vec::new(), start);
            while seen.len() < expected as usize {
                let list = events(&anna, json!({ "first": page, "after": after })).await;
                let rows = list["nodes"].as_array().unwrap();
                seen.extend(rows.iter().map(|row| row["id"].clone()));
                if !rows.is_empty() {
                    after = list["pageInfo"]["endCursor"].clone();
                }
            }
            seen
        }
    };
    let (_, walks) = tokio::join!(
        futures_util::future::join_all((0..WRITERS).map(write)),
        futures_util::future::join_all([1, 7, 30, 100].map(read)),
    );
    for walk in &walks {
        let distinct: std::collections::BTreeSet<String> =
            walk.iter().map(Value::to_string).collect();
        assert_eq!(distinct.len(), expected as usize);
        assert_eq!(walk, &walks[0], "every reader sees the same order");
    }
}

/// Whoever runs the database may delete a group, or a program with everything about it.
async fn what_is_gone_is_null(server: &Server) {
    let anna = server.user("anna");
    server.database.execute(
        "DELETE FROM program_group_suggestions WHERE group_id = 101;
         DELETE FROM group_members WHERE group_id = 101;
         DELETE FROM user_groups WHERE id = 101",
    );
    let list = events(
        &anna,
        json!({ "first": 100, "filter": { "kind": "GROUP" } }),
    )
    .await;
    let groups: Vec<&Value> = list["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| &event["group"])
        .collect();
    assert_eq!(groups.len(), 7);
    let gone = groups.iter().filter(|group| group.is_null()).count();
    assert_eq!(gone, 2, "{list:#}");
    assert!(list["nodes"][0]["suggestionId"].is_string());

    server.database.execute(
        "DELETE FROM program_suggestions WHERE program_id IN (SELECT id FROM programs WHERE key = 'program-v1:acme+zh+2026');
         DELETE FROM program_group_suggestions WHERE program_id IN (SELECT id FROM programs WHERE key = 'program-v1:acme+zh+2026');
         DELETE FROM programs WHERE key = 'program-v1:acme+zh+2026'",
    );
    let list = events(&anna, json!({ "first": 100 })).await;
    let rows = list["nodes"].as_array().unwrap();
    assert!(!rows.is_empty());
    assert!(
        rows.iter()
            .all(|event| event["program"]["key"] != "program-v1:acme+zh+2026")
    );
    assert_eq!(list["totalCount"], json!(rows.len()));
    // They take no place on a page either.
    let (mut walked, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = events(&anna, json!({ "first": 1, "after": after })).await;
        walked.extend(page["nodes"].as_array().unwrap().iter().cloned());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(&walked, rows);
}
