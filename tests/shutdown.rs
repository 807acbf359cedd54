//! Stopping: what is running is finished, what comes later is refused.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::Database;
use crate::support::kind::USERS;
use crate::support::server::Process;

both_engines!(
    what_is_running_is_finished,
    an_idle_server_stops,
    who_asks_is_answered_for_a_while,
);

async fn an_idle_server_stops(database: &Database) {
    let mut server = Process::start(database, &[]);
    assert_eq!(server.anonymous().get("/livez").await.status, 200);
    server.terminate();
    assert_eq!(server.wait(), Some(0));
}

/// Whoever sends requests here needs a moment to see that this is over, but does not keep the server for ever.
async fn who_asks_is_answered_for_a_while(database: &Database) {
    let mut server = Process::start(database, &[]);
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let count = "{ programSuggestions(platformKey: \"acme\", first: 1) { totalCount } }";
    key.data(count, json!({})).await;
    server.terminate();
    while !server.log().contains("stopping") {
        tokio::task::yield_now().await;
    }
    let told = Instant::now();
    let ready = key.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json()["reason"], "stopping");
    let mut answered = 0;
    while let Ok(answer) = key.try_graphql(count, json!({})).await {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("connection"), Some("close"));
        answered += 1;
    }
    assert!(answered > 10, "{answered}");
    let took = told.elapsed();
    assert!(took > Duration::from_secs(4), "{took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert_eq!(server.wait(), Some(0));
}

async fn what_is_running_is_finished(database: &Database) {
    let mut server = Process::start(database, &[]);
    let root = database
        .waymark(&["token", "issue", "--user", "root"])
        .succeed();
    let client = server.authorized(format!("Bearer {}", root.trim_end()));
    // Long enough to be still at it when the signal comes: ten thousand items, all in conflict with
    // one another.
    let items: Vec<Value> = (0..10_000)
        .map(|number| {
            let mut item = USERS.item("100x", 20 + number % 4);
            item["metadata"] = json!({ "n": number });
            item
        })
        .collect();
    let request = tokio::spawn({
        let client = client.clone();
        async move {
            USERS
                .mutate(
                    &client,
                    "BulkCreate",
                    "successes",
                    json!({ "items": items }),
                )
                .await
        }
    });
    // The server says so itself: one request is being answered.
    loop {
        let metrics = server.anonymous().get("/metrics").await.text();
        let in_flight = metrics
            .lines()
            .find_map(|line| line.strip_prefix("waymark_http_requests_in_flight "))
            .map(|number| number.parse::<f64>().unwrap());
        // This look at the metrics is the other one.
        if in_flight.unwrap() >= 2.0 || request.is_finished() {
            break;
        }
    }
    server.terminate();
    assert_eq!(request.await.unwrap(), json!({ "successes": 10_000 }));
    assert_eq!(server.wait(), Some(0));
    let export = database.export();
    let line = export
        .lines()
        .find(|line| line.contains("acme+100x") && line.contains("student1"));
    assert!(
        line.unwrap().contains(r#""metadata":{"n":9996}"#),
        "{line:?}"
    );
}
