//! What is killed, stopped, full or crossed: what a client sees of it, and that nothing is lost.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Database, Empty, Engine, large, run};

/// Waits for something that a query or an answer will show.
async fn until(condition: impl AsyncFn() -> bool) {
    while !condition().await {
        tokio::task::yield_now().await;
    }
}

/// A token of this user, for any server over this database.
fn token(database: &Database, username: &str) -> String {
    let token = database
        .waymark(&["token", "issue", "--user", username])
        .succeed();
    format!("Bearer {}", token.trim_end())
}

#[test]
fn a_bulk_whose_server_is_killed_is_done_once() {
    run(Engine::Postgres, a_killed_bulk);
}

/// The processes of PostgreSQL in which the service waits for a lock.
fn wait_for_locks(database: &Database) -> Vec<i64> {
    let waiting = database.numbers(
        "SELECT CAST(pid AS bigint) FROM pg_stat_activity WHERE datname = current_database()
         AND application_name = 'waymark' AND wait_event_type = 'Lock'",
    );
    waiting.iter().map(|row| row[0].unwrap()).collect()
}

async fn a_killed_bulk(_: &Empty) {
    const ITEMS: usize = 10_000;
    let database = large::database(Engine::Postgres, &large::lines(false));
    let root = token(&database, "root");
    let killed = Process::start(&database, &[]);
    let other = Process::start(&database, &[]);
    let first = killed.authorized(&root);
    let second = other.authorized(&root);
    let item = |number: usize| {
        json!({
            "programKey": format!("p{}", number / 100),
            "user": { "databaseId": (1000 + number % 100).to_string() },
            "metadata": { "n": number },
        })
    };
    // One is there already, and somebody holds it: the bulk stores all the others and waits for that one.
    let there = json!({ "items": [{ "programKey": "p50", "user": { "databaseId": "1050" } }] });
    let there = USERS.bulk_create(&first, there).await;
    assert_eq!(there["createdCount"], 1);
    let total =
        async || USERS.page(&second, json!({ "platformKey": "acme" })).await["count"].clone();
    assert_eq!(total().await, 1);
    let holding = database
        .hold("SELECT * FROM program_suggestions FOR UPDATE")
        .await;

    let selection = "createdCount updatedCount unchangedCount failedCount \
        results { index outcome suggestion { databaseId } }";
    let document = USERS.mutation_document("BulkCreate", selection);
    let items: Vec<Value> = (0..ITEMS).map(item).collect();
    let input = json!({ "platformKey": "acme", "idempotencyKey": "once", "items": items });
    let variables = json!({ "input": input });
    let request = tokio::spawn({
        let (document, variables) = (document.clone(), variables.clone());
        async move { first.try_graphql(&document, variables).await }
    });
    until(async || !wait_for_locks(&database).is_empty()).await;
    let broken_off = wait_for_locks(&database);
    assert_eq!(broken_off.len(), 1);
    // Dropped is killed, with SIGKILL.
    drop(killed);
    assert!(request.await.unwrap().is_err());

    // Its client asks the other server, while the lock is still held.
    let retried = tokio::spawn({
        let (second, document, variables) = (second.clone(), document.clone(), variables.clone());
        async move { second.data(&document, variables).await }
    });
    // PostgreSQL has ended what was killed, and the other one has got as far.
    until(async || {
        let waiting = wait_for_locks(&database);
        !waiting.is_empty() && !waiting.contains(&broken_off[0])
    })
    .await;
    assert_eq!(total().await, 1);
    holding.let_go().await;
    let answer = &retried.await.unwrap()["programSuggestionBulkCreate"];
    let counts = [
        "createdCount",
        "updatedCount",
        "unchangedCount",
        "failedCount",
    ];
    let counts = counts.map(|name| answer[name].as_u64().unwrap());
    assert_eq!(counts, [9_999, 1, 0, 0]);
    // Asked once more, it is the same answer.
    let again = &second.data(&document, variables).await["programSuggestionBulkCreate"];
    assert_eq!(again, answer);

    // Every item once, as the export and both ways of counting say, and one event for each.
    let export = database.export();
    let mut stored = BTreeMap::new();
    for line in export.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["type"] == "program_suggestion" {
            *stored.entry(line["metadata"]["n"].as_u64()).or_insert(0) += 1;
        }
    }
    assert_eq!(stored.len(), ITEMS);
    assert!(stored.values().all(|times| *times == 1));
    assert_eq!(total().await, ITEMS);
    let filter = json!({ "createdAfter": "1970-01-01T00:00:00Z" });
    let counted = json!({ "platformKey": "acme", "filter": filter });
    assert_eq!(USERS.page(&second, counted).await["count"], ITEMS);
    let events = "SELECT count(*) FROM suggestion_events";
    assert_eq!(database.numbers(events), [[Some(10_001)]]);
}
