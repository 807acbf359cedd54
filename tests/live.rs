//! Subscriptions, and everything else over WebSockets and event streams.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use tokio_tungstenite::tungstenite::{Bytes, Message};

use crate::support::kind::{GROUPS, USERS};
use crate::support::server::Process;
use crate::support::socket::{EventStream, SPEAKS, Socket};
use crate::support::{Client, Database, Engine, Server};

both_engines!(
    every_row_of_the_protocol,
    operations_over_a_websocket,
    who_may_open_a_websocket,
    limits_of_a_websocket,
    pings_are_answered_both_ways,
    event_streams,
    plain_http_is_refused,
    events_of_every_door,
    filters_of_a_subscription,
    from_a_cursor_without_gap_or_repeat,
    cursors_that_are_none,
    who_may_follow,
    departments_follow_what_is_theirs,
    rights_that_end,
    a_reader_that_is_too_slow,
    replicas_hear_of_each_other,
    looking_is_enough,
    a_person_is_told_of_changes,
    a_stopping_server_says_so,
    metrics_of_subscriptions,
);

const EVENTS: &str = "subscription ($platformKey: String! = \"acme\", $departmentMode: Boolean! = false,
    $filter: SuggestionEventFilter, $after: String) {
  suggestionEvents(platformKey: $platformKey, departmentMode: $departmentMode, filter: $filter, after: $after) {
    cursor node { id action kind source program { key } user { username } group { databaseId } actor { username }
      batch { id } changes { field } } } }";

const PROGRAMS: &str = "subscription ($platformKey: String! = \"acme\") {
  suggestedPrograms(platformKey: $platformKey) { at stateCounts { pending accepted dismissed } } }";

/// How soon an event must be there, with time to spare for a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// Begins to follow events: those that happen after this, however long the server takes to begin.
async fn follow(socket: &mut Socket, id: &str, mut variables: Value) {
    let given = |name: &str, default: Value| variables.get(name).cloned().unwrap_or(default);
    let list = json!({
        "platformKey": given("platformKey", json!("acme")),
        "departmentMode": given("departmentMode", json!(false)),
    });
    let document = "query ($platformKey: String!, $departmentMode: Boolean!) {
        suggestionEvents(platformKey: $platformKey, departmentMode: $departmentMode, last: 1) {
          pageInfo { endCursor } } }";
    socket.subscribe("newest", document, list).await;
    let newest = socket.next("newest").await["suggestionEvents"]["pageInfo"]["endCursor"].take();
    assert_eq!(socket.hear().await["type"], "complete");
    variables["after"] = if newest.is_null() {
        json!(cursor(0, 0))
    } else {
        newest
    };
    socket.subscribe(id, EVENTS, variables).await;
}

/// The cursor of a place in the order of events.
fn cursor(settled: i64, id: i64) -> String {
    use base64::Engine as _;
    let text = json!(["se", "AT", false, settled, id]).to_string();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

async fn suggest(client: &Client, program: &str, user: i64) -> Value {
    let item = json!({ "platformKey": "acme", "items": [USERS.item(program, user)] });
    let document = USERS.mutation_document("BulkCreate", "createdCount batch { id }");
    let mut data = client.data(&document, json!({ "input": item })).await;
    data["programSuggestionBulkCreate"].take()
}

/// Suggests a program with a message to a learner: an event each time.
async fn message(client: &Client, text: &str) {
    let mut item = USERS.item("ds", 20);
    item["message"] = json!(text);
    let input = json!({ "platformKey": "acme", "items": [item] });
    let document = USERS.mutation_document("BulkCreate", "updatedCount");
    let data = client.data(&document, json!({ "input": input })).await;
    assert_eq!(data["programSuggestionBulkCreate"]["updatedCount"], 1);
}

async fn newest(client: &Client) -> String {
    let document =
        "{ suggestionEvents(platformKey: \"acme\", last: 1) { pageInfo { endCursor } } }";
    let data = client.data(document, json!({})).await;
    let cursor = &data["suggestionEvents"]["pageInfo"]["endCursor"];
    cursor.as_str().unwrap().to_owned()
}

async fn every_row_of_the_protocol(server: &Server) {
    let token = format!("Bearer {}", server.token("anna"));
    let init = json!({ "type": "connection_init", "payload": { "authorization": token } });
    let ask = json!({ "id": "1", "type": "subscribe", "payload": { "query": EVENTS } });
    let text = |value: &Value| Message::text(value.to_string());
    let long = "x".repeat(1_000);
    for (messages, code, reason) in [
        (
            vec![Message::text("nonsense")],
            4400,
            "The message is not JSON.",
        ),
        (
            vec![Message::text("[]")],
            4400,
            "A message is a JSON object.",
        ),
        (
            vec![Message::text("{}")],
            4400,
            "The message has no `type`.",
        ),
        (
            vec![text(&json!({ "type": 3 }))],
            4400,
            "The `type` of a message is a string.",
        ),
        (
            vec![text(&json!({ "type": "start" }))],
            4400,
            "Clients send no message of the type `start`.",
        ),
        (
            vec![text(&json!({ "type": long }))],
            4400,
            "Clients send no message of the type `xxx",
        ),
        (vec![text(&json!({ "type": "connection_ack" }))], 4400, ""),
        (
            vec![text(&json!({ "type": "connection_init", "payload": "x" }))],
            4400,
            "",
        ),
        (
            vec![text(&json!({ "type": "ping", "payload": 1 }))],
            4400,
            "",
        ),
        (
            vec![text(&json!({ "type": "pong", "payload": [] }))],
            4400,
            "",
        ),
        (
            vec![Message::Binary(Bytes::from_static(b"{}"))],
            4400,
            "Messages are text, and not binary.",
        ),
        (vec![text(&ask)], 4401, "Unauthorized"),
        (
            vec![text(&init), text(&init)],
            4429,
            "Too many initialisation requests",
        ),
        (
            vec![text(&init), text(&ask), text(&ask)],
            4409,
            "Subscriber for 1 already exists",
        ),
        (
            vec![
                text(&init),
                text(&json!({ "type": "subscribe", "payload": { "query": "{ x }" } })),
            ],
            4400,
            "",
        ),
        (
            vec![
                text(&init),
                text(&json!({ "id": "", "type": "subscribe", "payload": { "query": "{ x }" } })),
            ],
            4400,
            "",
        ),
        (
            vec![
                text(&init),
                text(&json!({ "id": 1, "type": "subscribe", "payload": { "query": "{ x }" } })),
            ],
            4400,
            "",
        ),
        (
            vec![
                text(&init),
                text(&json!({ "id": "1", "type": "subscribe" })),
            ],
            4400,
            "",
        ),
        (
            vec![
                text(&init),
                text(&json!({ "id": "1", "type": "subscribe", "payload": {} })),
            ],
            4400,
            "",
        ),
        (
            vec![
                text(&init),
                text(&json!({ "id": "1", "type": "subscribe", "payload": { "query": 1 } })),
            ],
            4400,
            "",
        ),
        (
            vec![
                text(&init),
                text(
                    &json!({ "id": "1", "type": "subscribe", "payload": { "query": "{ x }", "variables": [] } }),
                ),
            ],
            4400,
            "",
        ),
        (
            vec![
                text(&init),
                text(
                    &json!({ "id": "1", "type": "subscribe", "payload": { "query": "{ x }", "extensions": 1 } }),
                ),
            ],
            4400,
            "",
        ),
        (
            vec![text(&init), text(&json!({ "type": "complete" }))],
            4400,
            "",
        ),
        (
            vec![text(
                &json!({ "type": "connection_init", "payload": { "Authorization": "Bearer no" } }),
            )],
            4403,
            "Forbidden",
        ),
        (
            vec![text(
                &json!({ "type": "connection_init", "payload": { "AUTHORIZATION": "nonsense x" } }),
            )],
            4403,
            "Forbidden",
        ),
        (
            vec![text(
                &json!({ "type": "connection_init", "payload": { "Authorization": 7 } }),
            )],
            4403,
            "Forbidden",
        ),
        (
            vec![text(
                &json!({ "type": "connection_init", "payload": { "Authorization": token, "authorization": token } }),
            )],
            4403,
            "Forbidden",
        ),
    ] {
        let mut socket = Socket::open(server.base(), &[SPEAKS]).await.unwrap();
        for message in &messages {
            socket.send(message.clone()).await;
        }
        let (found, why) = socket.closed().await;
        assert_eq!(found, code, "{messages:?}: {why}");
        assert!(why.starts_with(reason), "{messages:?}: {why}");
        assert!(!why.is_empty() && why.len() <= 123, "{why}");
    }
    // Credentials of the header are asked before anything is said.
    let mut socket = Socket::open(server.base(), &[SPEAKS, ("authorization", "Bearer no")])
        .await
        .unwrap();
    assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));
    // Without a subprotocol that is spoken here.
    let mut socket = Socket::open(server.base(), &[]).await.unwrap();
    let closed = socket.closed().await;
    assert_eq!(closed, (4406, "Subprotocol not acceptable".to_owned()));
    // Whatever the client has completed may be asked again, and what is unknown is passed over.
    let mut socket = server.socket("anna").await;
    socket.say(json!({ "type": "pong" })).await;
    socket
        .say(json!({ "id": "nobody", "type": "complete" }))
        .await;
    socket.say(ask.clone()).await;
    socket.say(json!({ "id": "1", "type": "complete" })).await;
    socket.say(ask).await;
    socket
        .subscribe("2", "{ viewer { user { username } } }", json!({}))
        .await;
    let answer = socket.next("2").await;
    assert_eq!(answer["viewer"]["user"]["username"], "anna");
    assert_eq!(
        socket.hear().await,
        json!({ "id": "2", "type": "complete" })
    );
}

async fn operations_over_a_websocket(server: &Server) {
    let mut socket = server.socket("anna").await;
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "query ($a: Int!) { __typename @include(if: true) node(id: $a) { id } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "query A { __typename } query B { __typename }",
            "OPERATION_RESOLUTION_FAILURE",
        ),
        (
            "query ($key: String!) { platform(key: $key) { key } }",
            "BAD_USER_INPUT",
        ),
        (
            "subscription { a: suggestedPrograms(platformKey: \"acme\") { at } b: suggestedPrograms(platformKey: \"acme\") { at } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { suggestedPrograms(platformKey: \"acme\") @skip(if: false) { at } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "subscription { suggestedPrograms(platformKey: \"nowhere\") { at } }",
            "FORBIDDEN",
        ),
    ] {
        socket.subscribe("1", query, json!({})).await;
        assert_eq!(socket.error("1").await, code, "{query}");
    }
    socket
        .say(
            json!({ "id": "n", "type": "subscribe", "payload": { "query": "{ __typename }",
        "variables": { "n": 0 } } }),
        )
        .await;
    assert_eq!(socket.next("n").await, json!({ "__typename": "Query" }));
    assert_eq!(socket.hear().await["type"], "complete");

    // Errors of fields come with the data; several operations go on side by side.
    socket
        .subscribe("field", "{ node(id: \"x\") { id } }", json!({}))
        .await;
    let message = socket.hear().await;
    assert_eq!(message["type"], "next");
    assert_eq!(message["payload"]["data"], json!({ "node": null }));
    assert_eq!(
        message["payload"]["errors"][0]["extensions"]["code"],
        "INVALID_ID"
    );
    assert_eq!(socket.hear().await["type"], "complete");

    // A mutation, by a document that is named only.
    let document = USERS.mutation_document("BulkCreate", "createdCount");
    let input = json!({ "platformKey": "acme", "items": [USERS.item("ml", 20)] });
    socket
        .subscribe("write", &document, json!({ "input": input }))
        .await;
    let written = socket.next("write").await;
    assert_eq!(written["programSuggestionBulkCreate"]["createdCount"], 1);
    assert_eq!(socket.hear().await["type"], "complete");
    let hash = sha256("{ viewer { user { username } } }");
    let persisted = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let named =
        json!({ "id": "named", "type": "subscribe", "payload": { "extensions": persisted } });
    socket.say(named.clone()).await;
    assert_eq!(socket.error("named").await, "PERSISTED_QUERY_NOT_FOUND");
    socket
        .say(json!({ "id": "sent", "type": "subscribe", "payload": {
        "query": "{ viewer { user { username } } }", "extensions": persisted } }))
        .await;
    socket.next("sent").await;
    assert_eq!(socket.hear().await["type"], "complete");
    socket.say(named).await;
    assert_eq!(
        socket.next("named").await["viewer"]["user"]["username"],
        "anna"
    );
    assert_eq!(socket.hear().await["type"], "complete");

    // Without credentials what is public is answered, and a subscription is not.
    let mut nobody = Socket::open(server.base(), &[SPEAKS]).await.unwrap();
    nobody.say(json!({ "type": "connection_init" })).await;
    assert_eq!(nobody.hear().await["type"], "connection_ack");
    nobody
        .subscribe("1", "{ viewer { user { id } } }", json!({}))
        .await;
    assert_eq!(nobody.next("1").await, json!({ "viewer": null }));
    assert_eq!(nobody.hear().await["type"], "complete");
    for query in [EVENTS, PROGRAMS] {
        nobody.subscribe("1", query, json!({})).await;
        assert_eq!(nobody.error("1").await, "UNAUTHENTICATED");
    }
}

fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(text))
}

async fn who_may_open_a_websocket(database: &Database) {
    let process = Process::start(
        database,
        &[
            ("WAYMARK_CORS_ORIGINS", "https://app.example.org"),
            ("WAYMARK_PUBLIC_URL", "https://suggestions.example.org/x"),
            ("WAYMARK_SUBSCRIPTIONS_CONNECTIONS", "2"),
            ("WAYMARK_SUBSCRIPTIONS_INIT_TIMEOUT", "100ms"),
        ],
    );
    let base = process.base.clone();
    let own = base.clone();
    for (origin, refused) in [
        (own.as_str(), false),
        ("https://app.example.org", false),
        ("https://suggestions.example.org", false),
        ("https://suggestions.example.org:443", false),
        ("https://suggestions.example.org:8443", true),
        ("https://evil.example.org", true),
        ("https://app.example.org.evil.example.org", true),
        ("http://127.0.0.1", true),
        ("null", true),
    ] {
        let opened = Socket::open(&base, &[SPEAKS, ("origin", origin)]).await;
        assert_eq!(opened.is_err(), refused, "{origin}");
        match opened {
            Err(status) => assert_eq!(status, 403, "{origin}"),
            // Nothing is said.
            Ok(mut socket) => {
                let closed = socket.closed().await;
                assert_eq!(
                    closed,
                    (4408, "Connection initialisation timeout".to_owned())
                );
            }
        }
    }
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-version", "8"),
    ];
    let old = process
        .anonymous()
        .send(reqwest::Method::GET, "/graphql", &upgrade, Vec::new())
        .await;
    assert_eq!(old.status, 426);
    assert_eq!(old.headers["sec-websocket-version"], "13");
    // A place is free again when its connection is gone.
    let first = Socket::open(&base, &[SPEAKS]).await.unwrap();
    let second = Socket::open(&base, &[SPEAKS]).await.unwrap();
    assert_eq!(Socket::open(&base, &[SPEAKS]).await.err(), Some(503));
    drop((first, second));
    while Socket::open(&base, &[SPEAKS]).await.is_err() {}
}

async fn limits_of_a_websocket(database: &Database) {
    let process = Process::start(
        database,
        &[
            ("WAYMARK_LIMITS_BODY_BYTES", "20000"),
            ("WAYMARK_SUBSCRIPTIONS_OPERATIONS", "2"),
        ],
    );
    let key = format!("Api-Token {}", database.key("acme"));
    let mut socket = Socket::ready(&process.base, &key).await;
    socket.subscribe("1", EVENTS, json!({})).await;
    socket.subscribe("2", EVENTS, json!({})).await;
    socket.subscribe("3", EVENTS, json!({})).await;
    assert_eq!(socket.error("3").await, "RATE_LIMITED");
    socket.say(json!({ "id": "2", "type": "complete" })).await;
    socket.subscribe("3", "{ __typename }", json!({})).await;
    socket.next("3").await;
    for (frame, code) in [
        (Message::text("x".repeat(20_001)), 1009),
        (Message::text("x".repeat(3_000_000)), 1009),
        (Message::Binary(Bytes::from(vec![0; 20_001])), 1009),
    ] {
        let mut socket = Socket::open(&process.base, &[SPEAKS]).await.unwrap();
        socket.send(frame).await;
        assert_eq!(socket.closed().await.0, code);
    }
    let mut socket = Socket::open(&process.base, &[SPEAKS]).await.unwrap();
    let padded = format!(
        "{{\"type\":\"connection_init\"{}}}",
        " ".repeat(20_000 - 26)
    );
    socket.send(Message::text(padded)).await;
    assert_eq!(socket.hear().await["type"], "connection_ack");
}

async fn pings_are_answered_both_ways(database: &Database) {
    let process = Process::start(
        database,
        &[
            ("WAYMARK_SUBSCRIPTIONS_PING", "100ms"),
            ("WAYMARK_SUBSCRIPTIONS_CONNECTIONS", "1"),
        ],
    );
    let mut socket = Socket::open(&process.base, &[SPEAKS]).await.unwrap();
    // Before the connection is acknowledged as well.
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    socket
        .say(json!({ "type": "ping", "payload": { "n": 1 } }))
        .await;
    assert_eq!(
        socket.hear().await,
        json!({ "type": "pong", "payload": { "n": 1 } })
    );
    socket.say(json!({ "type": "connection_init" })).await;
    let (mut frames, mut messages) = (0, 0);
    while frames < 3 || messages < 3 {
        match socket.frame().await.unwrap().unwrap() {
            Message::Ping(_) => frames += 1,
            Message::Text(text) if text == "{\"type\":\"ping\"}" => messages += 1,
            _ => {}
        }
    }
    // A client that does not even read answers nothing: the server closes, and its place is free again.
    drop(socket);
    let open = || Socket::open(&process.base, &[SPEAKS]);
    let mut silent = loop {
        if let Ok(socket) = open().await {
            break socket;
        }
    };
    while open().await.is_err() {}
    assert_eq!(silent.closed().await.0, 1008);
}

async fn event_streams(server: &Server) {
    let anna = server.user("anna");
    let begin = newest(&anna).await;
    // A query is answered with one event.
    let response = anna
        .event_stream("{ viewer { user { username } } }", json!({}))
        .await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let mut stream = EventStream::new(response);
    let (name, data) = stream.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &data["data"]["viewer"]["user"]["username"]),
        ("next", &json!("anna"))
    );
    assert_eq!(stream.next().await.unwrap().0, "complete");
    assert!(stream.next().await.is_none());
    // What cannot be executed is told in the stream, as the protocol asks.
    for (query, code) in [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        (
            "subscription { suggestionEvents(platformKey: \"globex\") { cursor } }",
            "FORBIDDEN",
        ),
    ] {
        let mut stream = EventStream::new(anna.event_stream(query, json!({})).await);
        let (name, data) = stream.next().await.unwrap();
        assert_eq!(name, "next");
        assert_eq!(data["errors"][0]["extensions"]["code"], code, "{data:#}");
        assert_eq!(data.get("data"), None);
        assert_eq!(stream.next().await.unwrap().0, "complete");
        assert!(stream.next().await.is_none());
    }
    // What is no request of GraphQL is refused as ever.
    let wrong = server
        .authorized("Bearer no")
        .event_stream("{ __typename }", json!({}))
        .await;
    assert_eq!(wrong.status(), 401);
    let get = |accept: &'static str, query: &str| {
        let path = format!(
            "/graphql?query={}",
            query.replace(' ', "%20").replace('"', "%22")
        );
        let anna = anna.clone();
        async move {
            anna.send(
                reqwest::Method::GET,
                &path,
                &[("accept", accept)],
                Vec::new(),
            )
            .await
        }
    };
    let written = get("text/event-stream", "mutation { suggestedProgramRestore(input: { suggestedProgram: { id: \"x\" } }) { outcome } }").await;
    assert_eq!(written.status, 405);
    let read = get("text/event-stream", "{ __typename }").await;
    assert!(
        read.text()
            .starts_with("event: next\ndata: {\"data\":{\"__typename\":\"Query\"}}\n\n"),
        "{}",
        read.text()
    );
    // A mutation by POST.
    let document = USERS.mutation_document("BulkCreate", "createdCount");
    let input = json!({ "platformKey": "acme", "items": [USERS.item("zh", 20)] });
    let mut stream = EventStream::new(
        anna.event_stream(&document, json!({ "input": input }))
            .await,
    );
    let (_, data) = stream.next().await.unwrap();
    assert_eq!(
        data["data"]["programSuggestionBulkCreate"]["createdCount"], 1,
        "{data:#}"
    );
    // A subscription, from a cursor.
    let mut stream = EventStream::new(anna.event_stream(EVENTS, json!({ "after": begin })).await);
    let (_, data) = stream.next().await.unwrap();
    let first = &data["data"]["suggestionEvents"]["node"];
    assert_eq!(first["user"]["username"], "student1");
    suggest(&anna, "zh", 21).await;
    let (name, data) = stream.next().await.unwrap();
    let event = &data["data"]["suggestionEvents"];
    assert_eq!(
        (name.as_str(), &event["node"]["user"]["username"]),
        ("next", &json!("student2"))
    );
    let mut again = EventStream::new(
        anna.event_stream(EVENTS, json!({ "after": event["cursor"] }))
            .await,
    );
    suggest(&anna, "ml", 22).await;
    for stream in [&mut stream, &mut again] {
        let (_, data) = stream.next().await.unwrap();
        assert_eq!(
            data["data"]["suggestionEvents"]["node"]["user"]["username"],
            "student3"
        );
    }
}

async fn plain_http_is_refused(server: &Server) {
    let anna = server.user("anna");
    for accept in [
        "application/json",
        "application/graphql-response+json",
        "*/*",
    ] {
        let body = json!({ "query": EVENTS }).to_string();
        let headers = [("content-type", "application/json"), ("accept", accept)];
        let answer = anna
            .send(
                reqwest::Method::POST,
                "/graphql",
                &headers,
                body.into_bytes(),
            )
            .await;
        assert_eq!(answer.status, 400, "{accept}");
        let error = &answer.json()["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_REQUEST");
        let message = error["message"].as_str().unwrap();
        for transport in ["graphql-transport-ws", "text/event-stream"] {
            assert!(message.contains(transport), "{message}");
        }
    }
    let query = "subscription%7BsuggestedPrograms(platformKey:%22acme%22)%7Bat%7D%7D";
    let answer = anna.get(&format!("/graphql?query={query}")).await;
    assert_eq!(answer.status, 400);
}

async fn events_of_every_door(server: &Server) {
    let anna = server.user("anna");
    let mut socket = server.socket("anna").await;
    follow(&mut socket, "e", json!({})).await;
    let batch = suggest(&anna, "ml", 20).await["batch"]["id"].take();
    let first = socket.next("e").await;
    let node = &first["suggestionEvents"]["node"];
    assert_eq!(
        (&node["action"], &node["source"]),
        (&json!("CREATED"), &json!("GRAPHQL"))
    );
    assert_eq!(node["batch"]["id"], batch);
    assert_eq!(node["actor"]["username"], "anna");
    let body = json!({ "platform_key": "acme", "program_key": "program-v1:acme+zh+2026", "user_id": "student1" });
    let headers = [("content-type", "application/json")];
    let path = "/api/catalog/suggestions/program/manage/";
    let answer = anna
        .send(
            reqwest::Method::POST,
            path,
            &headers,
            body.to_string().into_bytes(),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        socket.next("e").await["suggestionEvents"]["node"]["source"],
        "REST"
    );
    // An import is another process.
    let line = json!({ "type": "program_group_suggestion", "platform": "acme", "program": "program-v1:acme+zh+2026", "group": 102 });
    let path = server.database.file("more.ndjson", format!("{line}\n"));
    let begun = Instant::now();
    server.database.waymark(&["import", &path]).succeed();
    let event = socket.next("e").await;
    assert_eq!(event["suggestionEvents"]["node"]["source"], "IMPORT");
    assert!(begun.elapsed() < SOON);
    // The answer of a person.
    let of_ds = "suggestedProgram: { key: { platformKey: \"acme\", programKey: \"program-v1:acme+ds+2026\" } }";
    let accept =
        format!("mutation {{ suggestedProgramAccept(input: {{ {of_ds} }}) {{ outcome }} }}");
    server.user("student1").data(&accept, json!({})).await;
    let answered = socket.next("e").await;
    let node = &answered["suggestionEvents"]["node"];
    assert_eq!(
        (&node["action"], &node["batch"]),
        (&json!("ACCEPTED"), &Value::Null)
    );
    assert_eq!(
        socket.next("e").await["suggestionEvents"]["node"]["action"],
        "UPDATED"
    );
    // A bulk comes in the order of its items, and as the list has it.
    let cursor = answered["suggestionEvents"]["cursor"].clone();
    let items = json!([
        GROUPS.item("ml", 20),
        GROUPS.item("ds", 20),
        GROUPS.item("ds", 23)
    ]);
    let document = GROUPS.mutation_document("BulkCreate", "createdCount");
    let input = json!({ "platformKey": "acme", "items": items });
    anna.data(&document, json!({ "input": input })).await;
    let mut seen = Vec::new();
    for _ in 0..2 {
        seen.push(socket.next("e").await["suggestionEvents"].take());
    }
    let document = EVENTS_LIST;
    let list = anna.data(document, json!({ "after": cursor })).await;
    let edges = list["suggestionEvents"]["edges"].as_array().unwrap();
    assert_eq!(&edges[1..], seen, "{edges:#?}");
}

const EVENTS_LIST: &str = "query ($after: String) { suggestionEvents(platformKey: \"acme\", first: 100, after: $after) {
    edges { cursor node { id action kind source program { key } user { username } group { databaseId } actor { username }
      batch { id } changes { field } } } } }";

/// Each event passes the same filters in a list and in a subscription, caught up with and live.
async fn filters_of_a_subscription(server: &Server) {
    let anna = server.user("anna");
    let begin = newest(&anna).await;
    let filters = |batch: Value| {
        vec![
            json!({ "actions": ["UPDATED"] }),
            json!({ "actions": [] }),
            json!({ "kind": "GROUP" }),
            json!({ "programKeys": ["program-v1:acme+ml+2026"] }),
            json!({ "userIds": ["20"] }),
            json!({ "groupIds": ["101"], "kind": "GROUP" }),
            json!({ "userIds": ["20"], "groupIds": ["101"] }),
            json!({ "actorIds": ["20"] }),
            json!({ "actorIds": ["10"], "actions": ["CREATED"] }),
            json!({ "batchIds": [batch] }),
            json!({ "after": "2020-01-01T00:00:00Z", "before": "2999-01-01T00:00:00Z" }),
            json!({ "after": "2999-01-01T00:00:00Z" }),
            json!({ "before": "2020-01-01T00:00:00Z" }),
            json!({}),
        ]
    };
    let mut live = server.socket("anna").await;
    let count = filters(json!("x")).len();
    for (number, filter) in filters(json!(null)).into_iter().enumerate() {
        let mut filter = filter;
        if filter.get("batchIds").is_some() {
            filter = json!({});
        }
        follow(&mut live, &number.to_string(), json!({ "filter": filter })).await;
    }
    let batch = suggest(&anna, "ml", 20).await["batch"]["id"].take();
    suggest(&anna, "zh", 21).await;
    message(&anna, "new").await;
    let document = GROUPS.mutation_document("BulkCreate", "createdCount");
    let input = json!({ "platformKey": "acme", "items": [GROUPS.item("ml", 20)] });
    anna.data(&document, json!({ "input": input })).await;
    let of_ds = "suggestedProgram: { key: { platformKey: \"acme\", programKey: \"program-v1:acme+ds+2026\" } }";
    let accept =
        format!("mutation {{ suggestedProgramAccept(input: {{ {of_ds} }}) {{ outcome }} }}");
    server.user("student1").data(&accept, json!({})).await;
    let delete = "mutation { programSuggestionDeleteWhere(input: { platformKey: \"acme\", expectedCount: 1,
        filter: { programKeys: [\"program-v1:acme+zh+2026\"], userIds: [\"21\"] } }) { deletedCount } }";
    anna.data(delete, json!({})).await;
    let document = "query ($filter: SuggestionEventFilter, $after: String) {
        suggestionEvents(platformKey: \"acme\", first: 100, after: $after, filter: $filter) { edges { cursor } } }";
    let list = async |filter: &Value| -> Vec<Value> {
        let variables = json!({ "after": begin, "filter": filter });
        let list = anna.data(document, variables).await;
        let edges = list["suggestionEvents"]["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["cursor"].clone()).collect()
    };
    let mut expected = Vec::new();
    for filter in filters(json!(null)) {
        let without = filter.get("batchIds").map(|_| json!({}));
        expected.push(list(&without.unwrap_or(filter)).await);
    }
    // Each goes at its own speed, so what is to come is counted. What should not come would be
    // heard here or below.
    let mut received: Vec<Vec<Value>> = vec![Vec::new(); count];
    for _ in 0..expected.iter().map(Vec::len).sum() {
        let mut message = live.hear().await;
        assert_eq!(message["type"], "next", "{message:#}");
        let number: usize = message["id"].as_str().unwrap().parse().unwrap();
        received[number].push(message["payload"]["data"]["suggestionEvents"]["cursor"].take());
    }
    assert_eq!(received, expected);
    // The same, caught up with.
    for (number, filter) in filters(batch).into_iter().enumerate() {
        let listed = list(&filter).await;
        let id = format!("late {number}");
        live.subscribe(&id, EVENTS, json!({ "after": begin, "filter": filter }))
            .await;
        let mut late = Vec::new();
        for _ in &listed {
            late.push(live.next(&id).await["suggestionEvents"]["cursor"].take());
        }
        assert_eq!(late, listed, "{filter}");
        live.say(json!({ "id": id, "type": "complete" })).await;
    }
}

/// Readers that go on from the last cursor again and again, while several writers write.
async fn from_a_cursor_without_gap_or_repeat(server: &Server) {
    let anna = server.user("anna");
    let begin = newest(&anna).await;
    const WRITERS: usize = 4;
    const EACH: usize = 60;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let anna = anna.clone();
            tokio::spawn(async move {
                for number in 0..60_u8 {
                    let mut item = USERS.item("ds", 20 + i64::from(number % 4));
                    item["metadata"] = json!({ "writer": writer, "number": number });
                    let input = json!({ "platformKey": "acme", "items": [item] });
                    let document = USERS.mutation_document("BulkCreate", "updatedCount");
                    anna.data(&document, json!({ "input": input })).await;
                }
            })
        })
        .collect();
    let total = WRITERS * EACH;
    let read = async {
        let (mut cursor, mut seen) = (json!(begin), Vec::new());
        while seen.len() < total {
            let mut socket = server.socket("anna").await;
            socket
                .subscribe("e", EVENTS, json!({ "after": cursor }))
                .await;
            // A different number each time.
            for _ in 0..(1 + seen.len() * 7 % 23).min(total - seen.len()) {
                let mut edge = socket.next("e").await["suggestionEvents"].take();
                cursor = edge["cursor"].take();
                seen.push(edge["node"]["id"].take());
            }
        }
        (cursor, seen)
    };
    let (cursor, seen) = read.await;
    for writer in writers {
        writer.await.unwrap();
    }
    let mut listed = Vec::new();
    let mut after = json!(begin);
    loop {
        let list = anna.data(EVENTS_LIST, json!({ "after": after })).await;
        let edges = list["suggestionEvents"]["edges"].as_array().unwrap();
        let Some(last) = edges.last() else { break };
        after = last["cursor"].clone();
        listed.extend(edges.iter().map(|edge| edge["node"]["id"].clone()));
    }
    assert_eq!(seen.len(), total);
    assert_eq!(seen, listed);
    assert_eq!(cursor, after);
}

async fn cursors_that_are_none(server: &Server) {
    let anna = server.user("anna");
    let mut socket = server.socket("anna").await;
    let programs = anna
        .data(
            "{ platform(key: \"acme\") { programs(first: 1) { pageInfo { endCursor } } } }",
            json!({}),
        )
        .await;
    let of_another_list = programs["platform"]["programs"]["pageInfo"]["endCursor"].clone();
    for cursor in [json!(""), json!("nonsense"), json!("W10"), of_another_list] {
        socket
            .subscribe("e", EVENTS, json!({ "after": cursor }))
            .await;
        assert_eq!(socket.error("e").await, "INVALID_CURSOR", "{cursor}");
    }
    for (variables, code) in [
        (json!({ "filter": { "userIds": ["x"] } }), "INVALID_ID"),
        (json!({ "filter": { "batchIds": ["x"] } }), "INVALID_ID"),
        (
            json!({ "filter": { "actions": ["NOTHING"] } }),
            "BAD_USER_INPUT",
        ),
    ] {
        socket.subscribe("e", EVENTS, variables.clone()).await;
        assert_eq!(socket.error("e").await, code, "{variables}");
    }
    // The organisation must be that of the platform.
    let query = "subscription { suggestionEvents(platformKey: \"acme\", platformOrg: \"other\") { cursor } }";
    socket.subscribe("e", query, json!({})).await;
    assert_eq!(socket.error("e").await, "BAD_USER_INPUT");
    // Nothing has happened after a cursor of the future, and others do not suffer from it.
    let future = cursor(9_000_000_000_000_000, 9_000_000_000_000_000);
    socket
        .subscribe("future", EVENTS, json!({ "after": future }))
        .await;
    follow(&mut socket, "e", json!({})).await;
    suggest(&anna, "ml", 20).await;
    assert_eq!(
        socket.next("e").await["suggestionEvents"]["node"]["action"],
        "CREATED"
    );
}

async fn who_may_follow(server: &Server) {
    for (username, platform, departments, code) in [
        ("anna", "acme", false, None),
        ("root", "acme", false, None),
        ("gabi", "globex", false, None),
        ("dora", "acme", true, None),
        ("dora", "acme", false, Some("FORBIDDEN")),
        ("student1", "acme", false, Some("FORBIDDEN")),
        ("student1", "acme", true, Some("FORBIDDEN")),
        ("gabi", "acme", false, Some("FORBIDDEN")),
        ("anna", "globex", false, Some("FORBIDDEN")),
        ("anna", "nowhere", false, Some("FORBIDDEN")),
        ("root", "nowhere", false, Some("BAD_USER_INPUT")),
        ("nobody", "acme", false, Some("FORBIDDEN")),
    ] {
        let mut socket = server.socket(username).await;
        let variables = json!({ "platformKey": platform, "departmentMode": departments });
        socket.subscribe("e", EVENTS, variables).await;
        match code {
            Some(code) => assert_eq!(socket.error("e").await, code, "{username} {platform}"),
            None => {
                socket.subscribe("after", "{ __typename }", json!({})).await;
                assert_eq!(
                    socket.next("after").await["__typename"],
                    "Query",
                    "{username} {platform}"
                );
            }
        }
    }
    // What happens on a platform is told to those who follow that platform, and to nobody else.
    let mut gabi = server.socket("gabi").await;
    follow(&mut gabi, "e", json!({ "platformKey": "globex" })).await;
    suggest(&server.user("anna"), "ml", 20).await;
    let line = json!({ "type": "program_suggestion", "platform": "globex",
        "program": "program-v1:globex+ds+2026", "user": "gabi" });
    let path = server.database.file("globex.ndjson", format!("{line}\n"));
    server.database.waymark(&["import", &path]).succeed();
    let event = gabi.next("e").await;
    assert_eq!(
        event["suggestionEvents"]["node"]["program"]["key"],
        "program-v1:globex+ds+2026"
    );
    // The persons.
    for (username, platform, code) in [
        ("student1", "acme", None),
        ("student1", "globex", Some("FORBIDDEN")),
        ("root", "acme", Some("FORBIDDEN")),
    ] {
        let mut socket = server.socket(username).await;
        socket
            .subscribe("p", PROGRAMS, json!({ "platformKey": platform }))
            .await;
        match code {
            Some(code) => assert_eq!(socket.error("p").await, code, "{username} {platform}"),
            None => assert!(socket.next("p").await["suggestedPrograms"]["at"].is_string()),
        }
    }
    let key = format!("Api-Token {}", server.database.key("acme"));
    let mut socket = Socket::ready(server.base(), &key).await;
    socket.subscribe("p", PROGRAMS, json!({})).await;
    assert_eq!(socket.error("p").await, "FORBIDDEN");
}

async fn departments_follow_what_is_theirs(server: &Server) {
    let anna = server.user("anna");
    let begin = newest(&anna).await;
    let mut dora = server.socket("dora").await;
    follow(&mut dora, "e", json!({ "departmentMode": true })).await;
    // student1 is in the department, student2 in one below it, student3 in another.
    for user in [22, 20, 22, 21] {
        suggest(&anna, "100x", user).await;
    }
    let document =
        "query { suggestionEvents(platformKey: \"acme\", departmentMode: true, last: 2) {
        nodes { user { username } } } }";
    let mut seen = Vec::new();
    for _ in 0..2 {
        let event = dora.next("e").await;
        seen.push(event["suggestionEvents"]["node"]["user"]["username"].clone());
    }
    assert_eq!(seen, ["student1", "student2"]);
    let listed = server.user("dora").data(document, json!({})).await;
    assert_eq!(
        listed["suggestionEvents"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    // The same, caught up with.
    dora.subscribe(
        "late",
        EVENTS,
        json!({ "departmentMode": true, "after": begin }),
    )
    .await;
    for username in ["student1", "student2"] {
        let event = dora.next("late").await;
        assert_eq!(
            event["suggestionEvents"]["node"]["user"]["username"],
            username
        );
    }
    // Departments are as they are now: student3 joins one.
    let line = json!({ "type": "department_member", "platform": "acme", "department": "web", "user": "student3", "admin": false });
    let path = server.database.file("member.ndjson", format!("{line}\n"));
    server.database.waymark(&["import", &path]).succeed();
    suggest(&anna, "strasse", 22).await;
    // Both subscriptions are told, whichever first.
    let mut told = Vec::new();
    for _ in 0..2 {
        let message = dora.hear().await;
        let event = &message["payload"]["data"]["suggestionEvents"];
        assert_eq!(event["node"]["user"]["username"], "student3", "{message:#}");
        told.push(message["id"].as_str().unwrap().to_owned());
    }
    told.sort();
    assert_eq!(told, ["e", "late"]);
}

async fn rights_that_end(server: &Server) {
    const LIMIT: Duration = Duration::from_secs(5);
    let database = &server.database;
    // A key is revoked, another one expires, a token expires, roles are taken away.
    let made = |arguments: &[&str]| {
        let mut all = vec!["api-key", "create", "--platform", "acme", "--name", "short"];
        all.extend(arguments);
        database.waymark(&all).succeed().trim_end().to_owned()
    };
    let key = format!("Api-Token {}", made(&[]));
    let mut revoked = Socket::ready(server.base(), &key).await;
    follow(&mut revoked, "e", json!({})).await;
    let list = database
        .waymark(&["api-key", "list", "--format", "json"])
        .succeed();
    let keys: Value = serde_json::from_str(&list).unwrap();
    let mut keys = keys.as_array().unwrap().iter();
    let id = keys.find(|key| key["name"] == "short").unwrap()["id"].to_string();
    let token = database
        .waymark(&["token", "issue", "--user", "root", "--expires-in", "10s"])
        .succeed();
    let mut expired = Socket::ready(server.base(), &format!("Bearer {}", token.trim_end())).await;
    expired.subscribe("e", EVENTS, json!({})).await;
    let mut stream = EventStream::new(
        server
            .authorized(format!("Bearer {}", token.trim_end()))
            .event_stream(EVENTS, json!({}))
            .await,
    );
    let mut admin = server.socket("anna").await;
    follow(&mut admin, "e", json!({})).await;
    let mut learner = server.socket("student1").await;
    learner.subscribe("p", PROGRAMS, json!({})).await;
    learner.next("p").await;

    let begun = Instant::now();
    database.waymark(&["api-key", "revoke", &id]).succeed();
    let lines = [
        json!({ "type": "member", "platform": "acme", "user": "anna", "role": "learner", "active": true }),
        json!({ "type": "member", "platform": "acme", "user": "student1", "role": "learner", "active": false }),
    ];
    let path = database.file(
        "roles.ndjson",
        lines.map(|line| format!("{line}\n")).concat(),
    );
    database.waymark(&["import", &path]).succeed();
    let taken = Instant::now();
    assert_eq!(revoked.error("e").await, "UNAUTHENTICATED");
    assert!(begun.elapsed() < LIMIT + taken.duration_since(begun));
    assert_eq!(admin.error("e").await, "FORBIDDEN");
    assert_eq!(learner.error("p").await, "FORBIDDEN");
    assert!(taken.elapsed() < LIMIT, "{:?}", taken.elapsed());
    assert_eq!(expired.error("e").await, "UNAUTHENTICATED");
    let (name, data) = stream.next().await.unwrap();
    assert_eq!(
        (name.as_str(), &data["errors"][0]["extensions"]["code"]),
        ("next", &json!("UNAUTHENTICATED"))
    );
    assert_eq!(stream.next().await.unwrap().0, "complete");
    assert!(stream.next().await.is_none());
    // The connections stay, and are told the same again.
    for socket in [&mut revoked, &mut expired] {
        socket.subscribe("e", EVENTS, json!({})).await;
        assert_eq!(socket.error("e").await, "UNAUTHENTICATED");
    }
    admin.subscribe("e", EVENTS, json!({})).await;
    assert_eq!(admin.error("e").await, "FORBIDDEN");
}

async fn a_reader_that_is_too_slow(database: &Database) {
    // Not reading is all that is wrong with it here.
    let process = Process::start(database, &[("WAYMARK_SUBSCRIPTIONS_PING", "10m")]);
    let key = format!("Api-Token {}", database.key("acme"));
    let anna = process.authorized(key.clone());
    let begin = newest(&anna).await;
    // Large messages, so that what the system keeps of them is soon full.
    let names: String = (0..90).map(|n| format!("a{n}: requestId ")).collect();
    let document = format!(
        "subscription ($after: String) {{ suggestionEvents(platformKey: \"acme\", after: $after) {{ cursor node {{ {names} }} }} }}"
    );
    let mut slow = Socket::ready(&process.base, &key).await;
    slow.subscribe("slow", &document, json!({})).await;
    let mut quick = Socket::ready(&process.base, &key).await;
    follow(&mut quick, "e", json!({})).await;
    const ROUNDS: usize = 6;
    const BULK: usize = 1_000;
    let writing = {
        let anna = anna.clone();
        tokio::spawn(async move {
            for round in 0..ROUNDS {
                let items: Vec<Value> = (0..BULK)
                    .map(|n| {
                        let mut item = USERS.item(if n % 2 == 0 { "ds" } else { "100x" }, 20);
                        item["metadata"] = json!({ "n": format!("{round} {n}") });
                        item
                    })
                    .collect();
                let input = json!({ "platformKey": "acme", "items": items });
                let document = USERS.mutation_document("BulkCreate", "createdCount updatedCount");
                anna.data(&document, json!({ "input": input })).await;
            }
        })
    };
    // One that reads gets everything, although another does not read at all.
    let mut last = json!(null);
    for _ in 0..ROUNDS * BULK {
        last = quick.next("e").await["suggestionEvents"]["cursor"].take();
    }
    writing.await.unwrap();
    let (before, code) = slow.until_error("slow").await;
    assert_eq!(code, "SLOW_CONSUMER");
    assert!(before.len() < ROUNDS * BULK, "{}", before.len());
    // It goes on from its cursor, and misses nothing.
    let cursor = &before.last().unwrap()["suggestionEvents"]["cursor"];
    slow.subscribe("again", EVENTS, json!({ "after": cursor }))
        .await;
    let mut found = json!(null);
    for _ in before.len()..ROUNDS * BULK {
        found = slow.next("again").await["suggestionEvents"]["cursor"].take();
    }
    assert_eq!(found, last);
    assert_ne!(json!(begin), last);
}

/// With looking from time to time as good as switched off, PostgreSQL tells the other replica. SQLite has nothing
/// to tell with: it is looked.
async fn replicas_hear_of_each_other(database: &Database) {
    let poll = match database.engine {
        Engine::Postgres => "1h",
        Engine::Sqlite => "100ms",
    };
    let environment = [("WAYMARK_SUBSCRIPTIONS_POLL", poll)];
    let here = Process::start(database, &environment);
    let there = Process::start(database, &environment);
    let key = format!("Api-Token {}", database.key("acme"));
    let mut socket = Socket::ready(&here.base, &key).await;
    follow(&mut socket, "e", json!({})).await;
    // The listener has connected once an event of the same process came, or of another.
    let other = there.authorized(key.clone());
    let mine = here.authorized(key);
    message(&mine, "here").await;
    socket.next("e").await;
    for number in 0..20 {
        let begun = Instant::now();
        message(&other, &format!("there {number}")).await;
        socket.next("e").await;
        assert!(begun.elapsed() < SOON);
    }
}

/// What nobody tells of is found all the same: here written beside the service.
async fn looking_is_enough(database: &Database) {
    let process = Process::start(database, &[("WAYMARK_SUBSCRIPTIONS_POLL", "200ms")]);
    let key = format!("Api-Token {}", database.key("acme"));
    let mut socket = Socket::ready(&process.base, &key).await;
    follow(&mut socket, "e", json!({})).await;
    let settled = match database.engine {
        Engine::Postgres => "CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)",
        Engine::Sqlite => "0",
    };
    database.execute(&format!(
        "INSERT INTO suggestion_events (settled, batch_id, platform_id, program_id, kind, recipient_id, action, suggestion_id)
         SELECT {settled}, batch_id, platform_id, program_id, kind, recipient_id, 2, suggestion_id
         FROM suggestion_events WHERE kind = 0 ORDER BY id LIMIT 1"
    ));
    let event = socket.next("e").await;
    assert_eq!(event["suggestionEvents"]["node"]["action"], "DELETED");
}

async fn a_person_is_told_of_changes(server: &Server) {
    let anna = server.user("anna");
    let student = server.user("student1");
    let mut socket = server.socket("student1").await;
    socket.subscribe("p", PROGRAMS, json!({})).await;
    let counts = |changed: &Value| {
        let counts = &changed["suggestedPrograms"]["stateCounts"];
        ["pending", "accepted", "dismissed"].map(|state| counts[state].as_i64().unwrap())
    };
    let listed = || async {
        let document = "{ suggestedPrograms(platformKey: \"acme\", first: 1) { stateCounts { pending accepted dismissed } } }";
        let data = student.data(document, json!({})).await;
        counts(&data)
    };
    let at = |changed: &Value| {
        changed["suggestedPrograms"]["at"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = socket.next("p").await;
    assert_eq!(counts(&first), listed().await);

    // An answer, a suggestion to the person, and one to a group of theirs.
    let of_ds = "suggestedProgram: { key: { platformKey: \"acme\", programKey: \"program-v1:acme+ds+2026\" } }";
    let dismiss =
        format!("mutation {{ suggestedProgramDismiss(input: {{ {of_ds} }}) {{ outcome }} }}");
    student.data(&dismiss, json!({})).await;
    let changed = socket.next("p").await;
    assert_eq!(counts(&changed), listed().await);
    assert_ne!(counts(&changed), counts(&first));
    assert!(at(&changed) > at(&first));
    suggest(&anna, "100x", 20).await;
    let suggested = socket.next("p").await;
    assert_eq!(counts(&suggested), listed().await);
    assert_eq!(counts(&suggested)[0], counts(&changed)[0] + 1);
    // What concerns others is not told: the next message is of the group.
    suggest(&anna, "zh", 23).await;
    let mut item = GROUPS.item("zh", 20);
    item["message"] = json!("look");
    let input = json!({ "platformKey": "acme", "items": [item] });
    let document = GROUPS.mutation_document(
        "BulkCreate",
        "createdCount updatedCount failedCount userErrors { message }",
    );
    let written = anna.data(&document, json!({ "input": input })).await;
    assert_eq!(
        written["programGroupSuggestionBulkCreate"]["failedCount"], 0,
        "{written:#}"
    );
    let told = socket.next("p").await;
    assert_eq!(counts(&told), listed().await);

    // Many changes are few messages, a second apart.
    for number in 0..12 {
        message(&anna, &format!("again {number}")).await;
    }
    let mut before = told;
    loop {
        let next = socket.next("p").await;
        let seconds = |changed: &Value| {
            let at = at(changed);
            let time = at
                .split('T')
                .nth(1)
                .unwrap()
                .trim_end_matches('Z')
                .to_owned();
            time.split(':')
                .fold(0.0, |sum, part| sum * 60.0 + part.parse::<f64>().unwrap())
        };
        let apart = (seconds(&next) - seconds(&before)).rem_euclid(86_400.0);
        assert!(apart >= 0.99, "{apart}");
        before = next;
        // The last message that was sent is the last word.
        if counts(&before) == listed().await {
            break;
        }
    }

    // A membership, by an import.
    let line = json!({ "type": "group_member", "group": 101, "user": "student1", "active": false });
    let path = server.database.file("left.ndjson", format!("{line}\n"));
    server.database.waymark(&["import", &path]).succeed();
    let expected = listed().await;
    loop {
        let next = socket.next("p").await;
        if counts(&next) == expected {
            break;
        }
    }
    // A window that opens and closes.
    let mut item = USERS.item("ml", 20);
    let now = time::OffsetDateTime::parse(&at(&before), &Rfc3339).unwrap();
    let soon = now + Duration::from_secs(15);
    item["visibleFrom"] = json!(soon.format(&Rfc3339).unwrap());
    let input = json!({ "platformKey": "acme", "items": [item] });
    let document = USERS.mutation_document("BulkCreate", "createdCount");
    anna.data(&document, json!({ "input": input })).await;
    let closed = expected[0];
    loop {
        let next = socket.next("p").await;
        if counts(&next)[0] == closed + 1 {
            break;
        }
    }
    assert_eq!(listed().await[0], closed + 1);
}

async fn a_stopping_server_says_so(database: &Database) {
    let mut process = Process::start(database, &[]);
    let key = format!("Api-Token {}", database.key("acme"));
    let mut idle = Socket::open(&process.base, &[SPEAKS]).await.unwrap();
    let mut socket = Socket::ready(&process.base, &key).await;
    follow(&mut socket, "e", json!({})).await;
    let mut stream = EventStream::new(
        process
            .authorized(key)
            .event_stream(EVENTS, json!({}))
            .await,
    );
    let begun = Instant::now();
    process.terminate();
    for socket in [&mut idle, &mut socket] {
        assert_eq!(socket.closed().await.0, 1001);
    }
    assert!(stream.next().await.is_none());
    drop((idle, socket, stream));
    assert_eq!(process.wait(), Some(0));
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

async fn metrics_of_subscriptions(server: &Server) {
    let anna = server.user("anna");
    let metric = |text: &str, name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(name));
        let line = line.unwrap_or_else(|| panic!("no {name} in\n{text}"));
        line.rsplit_once(' ').unwrap().1.parse().unwrap()
    };
    let now = || async { server.anonymous().get("/metrics").await.text() };
    let before = now().await;
    for action in [
        "CREATED",
        "UPDATED",
        "DELETED",
        "ACCEPTED",
        "DISMISSED",
        "RESTORED",
    ] {
        assert_eq!(
            metric(
                &before,
                &format!("waymark_events_total{{action=\"{action}\"}}")
            ),
            0.0
        );
    }
    assert_eq!(
        metric(&before, "waymark_subscriptions{transport=\"websocket\"}"),
        0.0
    );
    assert_eq!(
        metric(&before, "waymark_subscriptions{transport=\"sse\"}"),
        0.0
    );
    let mut socket = server.socket("anna").await;
    follow(&mut socket, "a", json!({})).await;
    follow(&mut socket, "b", json!({})).await;
    let mut stream = EventStream::new(anna.event_stream(EVENTS, json!({})).await);
    suggest(&anna, "ml", 20).await;
    message(&anna, "hello").await;
    stream.next().await.unwrap();
    let open = now().await;
    assert_eq!(
        metric(&open, "waymark_events_total{action=\"CREATED\"}"),
        1.0
    );
    assert_eq!(
        metric(&open, "waymark_events_total{action=\"UPDATED\"}"),
        1.0
    );
    assert_eq!(
        metric(&open, "waymark_subscriptions{transport=\"websocket\"}"),
        2.0
    );
    assert_eq!(
        metric(&open, "waymark_subscriptions{transport=\"sse\"}"),
        1.0
    );
    drop((socket, stream));
    loop {
        let text = now().await;
        let open = ["websocket", "sse"].map(|it| {
            metric(
                &text,
                &format!("waymark_subscriptions{{transport=\"{it}\"}}"),
            )
        });
        if open == [0.0, 0.0] {
            break;
        }
    }
}
