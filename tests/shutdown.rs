//! Stopping: what is running is finished, what comes later is refused.

use serde_json::{Value, json};

use crate::support::Database;
use crate::support::kind::USERS;
use crate::support::server::Process;

both_engines!(what_is_running_is_finished, an_idle_server_stops);

async fn an_idle_server_stops(database: &Database) {
    let mut server = Process::start(database, &[]);
    assert_eq!(server.anonymous().get("/livez").await.status, 200);
    server.terminate();
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
