//! A clock that jumps, forth and back, under a service that runs.

use serde_json::{Value, json};

use crate::support::database::Database;
use crate::support::kind::{USERS, program_key};
use crate::support::server::Process;
use crate::support::socket::Socket;

both_engines!(a_clock_that_jumps_loses_nothing);

const WATCH: &str = "subscription($after: String) { suggestionEvents(platformKey: \"acme\", after: $after) { node { action at } } }";
const LIST: &str = "{ suggestionEvents(platformKey: \"acme\", last: 7) { nodes { action at } pageInfo { endCursor } } }";

/// The library that shifts the clock of a process.
fn shifting() -> String {
    let found = std::fs::read_dir("/usr/lib").unwrap().find_map(|folder| {
        let library = folder.unwrap().path().join("faketime/libfaketimeMT.so.1");
        library.exists().then(|| library.display().to_string())
    });
    found.expect("Debian's package faketime, which scripts/test installs")
}

async fn a_clock_that_jumps_loses_nothing(database: &Database) {
    let shift = |by: &str| database.file("clock", by);
    let file = shift("+0");
    let service = Process::start(
        database,
        &[
            ("LD_PRELOAD", &shifting()),
            ("FAKETIME_TIMESTAMP_FILE", &file),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ],
    );
    let key = service.authorized(format!("Api-Token {}", database.key("acme")));
    let anna = service.authorized(database.bearer("anna"));
    let mut socket = Socket::ready(
        &service.base,
        &format!("Api-Token {}", database.key("acme")),
    )
    .await;
    let newest =
        key.data(LIST, json!({})).await["suggestionEvents"]["pageInfo"]["endCursor"].take();
    socket
        .subscribe("1", WATCH, json!({ "after": newest }))
        .await;
    let viewer = async || {
        anna.graphql("{ viewer { user { username } } }", json!({}))
            .await
            .status
    };
    let suggest = async |number: i64, message: &str| {
        let input = json!({
            "platformKey": "acme", "programKey": program_key("100x"), "user": USERS.subject(number), "message": message,
        });
        USERS.create(&key, input).await["outcome"].clone()
    };
    let bulk = json!({
        "platformKey": "acme", "idempotencyKey": "once",
        "items": [USERS.item("ml", 20), USERS.item("zh", 21)],
    });

    let mut told: Vec<Value> = Vec::new();
    let mut number = 0;
    for (by, accepted) in [
        ("+0", 200),
        ("+7200", 401),
        ("-7200", 200),
        ("+7200", 401),
        ("+0", 200),
    ] {
        shift(by);
        assert_eq!(
            viewer().await,
            accepted,
            "a token of an hour, the clock at {by}"
        );
        number += 1;
        let message = format!("number {number}");
        assert!(matches!(
            suggest(12, &message).await.as_str(),
            Some("CREATED" | "UPDATED")
        ));
        told.push(socket.next("1").await["suggestionEvents"]["node"].take());
        // Sent again, whatever the clock says: the same answer, and nothing twice.
        let done = USERS.bulk_create(&key, bulk.clone()).await;
        assert_eq!(done["createdCount"], 2, "{done}");
        if number == 1 {
            told.push(socket.next("1").await["suggestionEvents"]["node"].take());
            told.push(socket.next("1").await["suggestionEvents"]["node"].take());
        }
        assert_eq!(key.get("/readyz").await.status, 200);
    }

    // The history is in the order in which things happened, whatever time they bear.
    let history = key.data(LIST, json!({})).await;
    assert_eq!(
        history["suggestionEvents"]["nodes"],
        Value::Array(told.clone())
    );
    let at: Vec<&str> = told
        .iter()
        .filter_map(|event| event["at"].as_str())
        .collect();
    assert!(!at.is_sorted());
}
