//! Lists are read from a streaming replica, and whoever has written reads what they wrote.

use serde_json::json;

use crate::support::cluster::Cluster;
use crate::support::kind::USERS;
use crate::support::server::{Process, statements_of};
use crate::support::{Client, Database, Empty, Engine, run, until, waymark};

const CHOSEN: &str = "lists are read from the replica";
const PASSED_BY: &str = "the replica is away or behind";

/// Waits until the log says something for the nth time.
async fn until_said(server: &Process, text: &str, times: usize) {
    until(async || server.log().matches(text).count() == times).await;
}

/// How often this server has looked into the table of suggestions. It counts late.
fn looked_up(server: &Database) -> i64 {
    let asked = "SELECT CAST(coalesce(seq_scan, 0) + coalesce(idx_scan, 0) AS bigint)
        FROM pg_stat_user_tables WHERE relname = 'program_suggestions'";
    server.numbers(asked)[0][0].unwrap()
}

async fn suggestions(client: &Client) -> Vec<i64> {
    USERS.ids(client, json!({ "platformKey": "acme" })).await
}

async fn create(client: &Client, user: i64) -> i64 {
    let created = USERS
        .create(client, {
            let mut input = USERS.item("strasse", user);
            input["platformKey"] = json!("acme");
            input
        })
        .await;
    let id = created["suggestion"]["databaseId"].as_str();
    id.unwrap_or_else(|| panic!("{created}")).parse().unwrap()
}

/// The names and texts of the statements about the replica itself.
pub(crate) async fn statements() -> Vec<(String, String)> {
    let primary = Cluster::start_new("");
    let database = primary.database();
    let replica = primary.start_replica();
    let environment = [
        ("WAYMARK_DATABASE_READ_URL", replica.url()),
        ("WAYMARK_LOG_LEVEL", "info,waymark::sql=debug".to_owned()),
    ];
    let environment = environment
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let server = Process::start(&database, &environment);
    until_said(&server, CHOSEN, 1).await;
    suggestions(&server.authorized(format!("Api-Token {}", database.key("acme")))).await;
    let mut sent = statements_of(&server.log());
    sent.retain(|(name, _)| name.starts_with("replica."));
    sent
}

#[test]
fn whoever_has_written_reads_it() {
    run(Engine::Postgres, written_is_read);
}

async fn written_is_read(_: &Empty) {
    let primary = Cluster::start_new("");
    let database = primary.database();
    let replica = primary.start_replica();
    let at_replica = Database::at_server(replica.url());
    let server = Process::start(&database, &[("WAYMARK_DATABASE_READ_URL", &replica.url())]);
    let key = |name: &str| server.authorized(format!("Api-Token {}", database.key(name)));
    let (writer, same_key, reader) = (key("acme"), key("acme"), key("acme-root"));
    until_said(&server, CHOSEN, 1).await;
    let before = suggestions(&reader).await;
    until(async || looked_up(&at_replica) > 0).await;

    // The replica replays no more. Those who write read it at the primary.
    at_replica.execute("SELECT pg_wal_replay_pause()");
    let created = create(&writer, 22).await;
    for client in [&writer, &same_key] {
        assert!(suggestions(client).await.contains(&created));
    }
    let learner = server.authorized(database.bearer("student4"));
    let of_learner = "{ suggestedPrograms(platformKey: \"acme\", states: [PENDING, ACCEPTED, DISMISSED], first: 1) {
        nodes { id state } } }";
    let mine = learner.data(of_learner, json!({})).await;
    let mine = mine["suggestedPrograms"]["nodes"][0].clone();
    assert_eq!(mine["state"], "PENDING");
    let answer = "mutation ($id: ID!) { suggestedProgramDismiss(input: { suggestedProgram: { id: $id } }) { outcome } }";
    let answer = learner.data(answer, json!({ "id": mine["id"] })).await;
    assert_eq!(answer["suggestedProgramDismiss"]["outcome"], "UPDATED");
    let now = learner.data(of_learner, json!({})).await;
    assert_eq!(now["suggestedPrograms"]["nodes"][0]["id"], mine["id"]);
    assert_eq!(now["suggestedPrograms"]["nodes"][0]["state"], "DISMISSED");

    // A replica that falls behind is passed by, for everybody.
    until_said(&server, PASSED_BY, 1).await;
    let seen = suggestions(&reader).await;
    assert_eq!(seen.len(), before.len() + 1);
    assert!(seen.contains(&created));

    // It catches up, and shows what was written.
    at_replica.execute("SELECT pg_wal_replay_resume()");
    until_said(&server, CHOSEN, 2).await;
    assert_eq!(suggestions(&reader).await, seen);
    assert_eq!(suggestions(&writer).await, seen);

    // It goes away and comes back: nobody notices.
    replica.stop("immediate");
    assert_eq!(suggestions(&reader).await, seen);
    until_said(&server, PASSED_BY, 2).await;
    let created = create(&writer, 23).await;
    assert!(suggestions(&writer).await.contains(&created));
    replica.start();
    until_said(&server, CHOSEN, 3).await;
    until(async || suggestions(&reader).await.contains(&created)).await;
    let ready = server.anonymous().get("/readyz").await;
    assert_eq!(ready.status, 200);
}

#[test]
fn a_replica_is_for_postgresql() {
    let wrong = [
        (
            "sqlite://a.db",
            "postgres://a@b/c",
            "database_url must begin with postgres://",
        ),
        (
            "postgres://a@b/c",
            "sqlite://a.db",
            "must begin with postgres://",
        ),
    ];
    for (url, read_url, says) in wrong {
        let said = waymark(&["config", "check"])
            .env("WAYMARK_DATABASE_URL", url)
            .env("WAYMARK_DATABASE_READ_URL", read_url)
            .fail(2);
        assert!(
            said.contains("WAYMARK_DATABASE_READ_URL") && said.contains(says),
            "{said}"
        );
    }
}
