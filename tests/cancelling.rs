//! A statement ends in the database when the request ends that wanted it: after a timeout, and when the client is
//! gone.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Client, Database, Engine, until};

both_engines!(
    statements_end_with_a_timeout,
    statements_end_with_their_client,
);

const LIST: &str =
    "{ programSuggestions(platformKey: \"acme\", first: 5) { nodes { program { key } } } }";
const REST_LIST: &str = "/api/catalog/suggestions/program/manage/?platform_key=acme";

/// Reading programs takes for ever, and so does storing a suggestion.
fn let_statements_run_for_ever(database: &Database) {
    database.execute(match database.engine {
        Engine::Sqlite => {
            "PRAGMA legacy_alter_table = on;
             ALTER TABLE programs RENAME TO programs_kept;
             CREATE VIEW for_ever AS
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS n FROM n;
             CREATE VIEW programs AS SELECT * FROM programs_kept WHERE (SELECT n FROM for_ever) = 0;
             CREATE TRIGGER takes_for_ever BEFORE INSERT ON program_suggestions
             BEGIN SELECT n FROM for_ever; END;"
        }
        Engine::Postgres => {
            "ALTER TABLE programs RENAME TO programs_kept;
             CREATE VIEW programs AS SELECT * FROM programs_kept WHERE (SELECT pg_sleep(86400)) IS NULL;
             CREATE FUNCTION takes_for_ever() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM pg_sleep(86400); RETURN NEW; END $$;
             CREATE TRIGGER takes_for_ever BEFORE INSERT ON program_suggestions FOR EACH ROW
             EXECUTE FUNCTION takes_for_ever();"
        }
    });
}

/// Programs are read as before.
fn let_lists_be_read(database: &Database) {
    database.execute(match database.engine {
        Engine::Sqlite => {
            "PRAGMA legacy_alter_table = on;
             DROP VIEW programs;
             ALTER TABLE programs_kept RENAME TO programs;"
        }
        Engine::Postgres => "DROP VIEW programs; ALTER TABLE programs_kept RENAME TO programs;",
    });
}

/// How many statements of the service the database executes.
fn executed(database: &Database, server: &Process) -> usize {
    match database.engine {
        // Each connection has a thread. It runs, or waits for what is next.
        Engine::Sqlite => {
            let threads = Path::new("/proc")
                .join(server.id().to_string())
                .join("task");
            let states = std::fs::read_dir(threads).unwrap().filter_map(|thread| {
                // It may have ended meanwhile.
                std::fs::read_to_string(thread.unwrap().path().join("stat")).ok()
            });
            states
                .filter(|state| state.contains("(sqlx-sqlite-") && state.contains(") R "))
                .count()
        }
        Engine::Postgres => {
            let active = database.numbers(
                "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND state = 'active' AND application_name = 'waymark'",
            );
            usize::try_from(active[0][0].unwrap()).unwrap()
        }
    }
}

async fn statements_end_with_a_timeout(database: &Database) {
    let server = Process::start(database, &[("WAYMARK_LIMITS_REQUEST_TIMEOUT", "300ms")]);
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let_statements_run_for_ever(database);
    let before = suggestions(database);

    let answer = key.graphql(LIST, json!({})).await.json();
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "TIMEOUT",
        "{answer}"
    );
    until(async || executed(database, &server) == 0).await;

    assert_eq!(key.get(REST_LIST).await.status, 503);
    until(async || executed(database, &server) == 0).await;

    let_lists_be_read(database);
    let answer = create(&key, 22).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "TIMEOUT",
        "{answer}"
    );
    until(async || executed(database, &server) == 0).await;

    // Nothing is left behind: the next ones write.
    database.execute(without_trigger(database));
    assert_eq!(suggestions(database), before);
    let answer = create(&key, 22).await;
    assert_eq!(answer["errors"], json!(null), "{answer}");
}

async fn statements_end_with_their_client(database: &Database) {
    let server = Process::start(database, &[("WAYMARK_LIMITS_REQUEST_TIMEOUT", "1h")]);
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let_statements_run_for_ever(database);
    let before = suggestions(database);
    let goes_away = async |request: &mut (dyn Future<Output = String> + Unpin + Send)| {
        tokio::select! {
            answer = request => panic!("{answer}"),
            () = until(async || executed(database, &server) == 1) => {}
        }
    };
    let list = async { key.graphql(LIST, json!({})).await.text() };
    goes_away(&mut Box::pin(list)).await;
    until(async || executed(database, &server) == 0).await;

    let list = async { key.get(REST_LIST).await.text() };
    goes_away(&mut Box::pin(list)).await;
    until(async || executed(database, &server) == 0).await;

    let_lists_be_read(database);
    let created = async { create(&key, 22).await.to_string() };
    goes_away(&mut Box::pin(created)).await;
    until(async || executed(database, &server) == 0).await;

    let items = json!({ "items": [USERS.item("ml", 21), USERS.item("ds", 22)] });
    let created = async { USERS.bulk_create(&key, items).await.to_string() };
    goes_away(&mut Box::pin(created)).await;
    until(async || executed(database, &server) == 0).await;

    let body = json!({ "platform_key": "acme", "user_id": 22, "program_key": "program-v1:acme+100x+2026" });
    let created = async {
        let path = "/api/catalog/suggestions/program/manage/";
        let headers = [("content-type", "application/json")];
        let body = body.to_string().into_bytes();
        key.send(reqwest::Method::POST, path, &headers, body)
            .await
            .text()
    };
    goes_away(&mut Box::pin(created)).await;
    until(async || executed(database, &server) == 0).await;

    database.execute(without_trigger(database));
    assert_eq!(suggestions(database), before);
    let answer = create(&key, 22).await;
    assert_eq!(answer["errors"], json!(null), "{answer}");
    assert_eq!(
        suggestions(database)[0][0].unwrap(),
        before[0][0].unwrap() + 1
    );
}

async fn create(client: &Client, user: i64) -> Value {
    let mut input = USERS.item("100x", user);
    input["platformKey"] = json!("acme");
    let document = USERS.mutation_document("Create", "outcome");
    let answer = client.graphql(&document, json!({ "input": input })).await;
    answer.json()
}

fn without_trigger(database: &Database) -> &'static str {
    match database.engine {
        Engine::Sqlite => "DROP TRIGGER takes_for_ever",
        Engine::Postgres => "DROP TRIGGER takes_for_ever ON program_suggestions",
    }
}

fn suggestions(database: &Database) -> Vec<Vec<Option<i64>>> {
    database.numbers("SELECT count(*) FROM program_suggestions")
}
