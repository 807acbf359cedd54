//! What was acknowledged is stored, and what could not be stored is refused, whatever the database does
//! in between.

use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

use crate::support::cluster::SmallDisk;
use crate::support::server::Process;
use crate::support::{Client, Database, Engine, run};

both_engines!(writes_that_fail_cost_no_later_ones);

/// Metadata that makes a statement fail, and metadata that makes the commit fail.
const REFUSED: [&str; 2] = ["refused by a statement", "refused by the commit"];

/// Makes the two kinds of failure. On SQLite the failing statement ends the transaction as well, as it
/// does where the disk is full.
fn let_writes_fail(database: &Database) {
    let [statement, commit] = REFUSED;
    let late = "CREATE TABLE late (user_id BIGINT NOT NULL REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);";
    database.execute(&match database.engine {
        Engine::Sqlite => format!(
            "{late}
             CREATE TRIGGER fails_at_once BEFORE INSERT ON program_suggestions WHEN NEW.metadata LIKE '%{statement}%'
             BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END;
             CREATE TRIGGER fails_late AFTER INSERT ON program_suggestions WHEN NEW.metadata LIKE '%{commit}%'
             BEGIN INSERT INTO late VALUES (-1); END;"
        ),
        Engine::Postgres => format!(
            "{late}
             CREATE FUNCTION fails_at_once() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END $$;
             CREATE TRIGGER fails_at_once BEFORE INSERT ON program_suggestions FOR EACH ROW
             WHEN (NEW.metadata LIKE '%{statement}%') EXECUTE FUNCTION fails_at_once();
             CREATE FUNCTION fails_late() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN INSERT INTO late VALUES (-1); RETURN NULL; END $$;
             CREATE TRIGGER fails_late AFTER INSERT ON program_suggestions FOR EACH ROW
             WHEN (NEW.metadata LIKE '%{commit}%') EXECUTE FUNCTION fails_late();"
        ),
    });
}

/// After statements and commits that failed, all that is acknowledged is seen by another process, and
/// after a restart.
async fn writes_that_fail_cost_no_later_ones(database: &Database) {
    let_writes_fail(database);
    let mut server = Process::start(database, &[]);
    let client = administrator(database, &server);
    // In turn: a commit that fails is worst on a connection that a failed statement left behind.
    for note in [REFUSED, REFUSED].concat() {
        let answer = create(&client, 21, note).await;
        assert!(answer["errors"].is_array(), "{answer}");
    }
    let single = create(&client, 21, "single").await;
    let single = &single["data"]["programSuggestionCreate"]["outcome"];
    assert_eq!(single, "CREATED");
    let bulk = client
        .data(
            "mutation($input: ProgramSuggestionBulkCreateInput!) { programSuggestionBulkCreate(input: $input) { createdCount } }",
            json!({ "input": { "platformKey": "acme", "idempotencyKey": "once",
                "items": [item(22, "bulk"), item(23, "bulk")] } }),
        )
        .await;
    assert_eq!(bulk["programSuggestionBulkCreate"]["createdCount"], 2);
    let stored = |name: &str| {
        database
            .export()
            .matches(&format!("{{\"note\":\"{name}\"}}"))
            .count()
    };
    assert_eq!((stored("single"), stored("bulk")), (1, 2));
    assert!(!database.export().contains("refused"));
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    assert_eq!((stored("single"), stored("bulk")), (1, 2));
    assert!(!database.export().contains("refused"));
}

#[test]
fn a_disk_that_takes_no_more_is_said_and_costs_nothing() {
    run(Engine::Sqlite, a_disk_that_takes_no_more);
}

/// Only an embedded database is written by the service itself.
async fn a_disk_that_takes_no_more(database: &Database) {
    let server = Process::start_limited(database, 1_500);
    writes_until_refused(database, server, async |server| server.allow_any_size()).await;
}

#[test]
fn a_full_disk_of_sqlite_is_said_and_costs_nothing() {
    run(Engine::Sqlite, a_full_disk);
}

async fn a_full_disk(database: &Database) {
    let Some(disk) = SmallDisk::mount(8) else {
        eprintln!("not run: only root may mount a small disk");
        return;
    };
    disk.take(4);
    database.move_file(&disk.folder);
    let server = Process::start(database, &[]);
    writes_until_refused(database, server, async |_| disk.make_room()).await;
}

/// Writes until there is no room, reads meanwhile, and goes on once there is room again.
async fn writes_until_refused(
    database: &Database,
    mut server: Process,
    make_room: impl AsyncFnOnce(&Process),
) {
    let client = administrator(database, &server);
    let mut acknowledged = Vec::new();
    let mut refused = None;
    for number in 0..400 {
        // So large that the file of the write-ahead log is soon at its limit.
        let note = format!("note-{number}-{}", "x".repeat(14_000));
        let answer = update(&client, &note).await;
        if answer.status == 200 {
            assert!(answer.json()["errors"].is_null(), "{}", answer.text());
            acknowledged.push(note);
        } else {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the limit was not met");
    assert_eq!(refused.status, 503);
    assert!(refused.headers.contains_key(RETRY_AFTER));
    let body = refused.json();
    assert_eq!(
        body["errors"][0]["extensions"]["code"],
        "SERVICE_UNAVAILABLE"
    );
    for number in 0..3 {
        let again = update(&client, &format!("again-{number}-{}", "x".repeat(14_000))).await;
        assert_eq!(again.status, 503);
    }
    // Reads go on, and show the last note that was acknowledged.
    let last = acknowledged.last().unwrap();
    assert_eq!(&note_of(&client).await, last);

    make_room(&server).await;
    assert_eq!(update(&client, "after").await.status, 200);
    assert_eq!(note_of(&client).await, "after");
    assert!(database.export().contains("{\"note\":\"after\"}"));
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    assert!(database.export().contains("{\"note\":\"after\"}"));
}

#[test]
fn a_database_that_only_reads_is_said() {
    run(Engine::Postgres, a_read_only_database);
}

/// A primary that became a replica, or that somebody set to read only.
async fn a_read_only_database(database: &Database) {
    let server = Process::start(database, &[]);
    let client = administrator(database, &server);
    assert_eq!(update(&client, "before").await.status, 200);
    database.set_read_only(true);
    database.end_connections();
    let refused = update(&client, "refused").await;
    assert_eq!(refused.status, 503);
    assert!(refused.headers.contains_key(RETRY_AFTER));
    assert_eq!(note_of(&client).await, "before");
    database.set_read_only(false);
    assert_eq!(update(&client, "after").await.status, 200);
    assert_eq!(note_of(&client).await, "after");
    // Connections that ended while they were idle cost nobody an error.
    database.end_connections();
    assert_eq!(update(&client, "again").await.status, 200);
}

fn administrator(database: &Database, server: &Process) -> Client {
    server.authorized(format!("Api-Token {}", database.key("acme")))
}

fn item(user: i64, note: &str) -> Value {
    json!({ "programKey": PROGRAM, "user": { "databaseId": user.to_string() }, "metadata": { "note": note } })
}

/// A program that the fixture suggests to nobody.
const PROGRAM: &str = "program-v1:acme+100x+2026";

async fn create(client: &Client, user: i64, note: &str) -> Value {
    let mut input = item(user, note);
    input["platformKey"] = json!("acme");
    let answer = client
        .graphql(
            "mutation($input: ProgramSuggestionCreateInput!) { programSuggestionCreate(input: $input) { outcome } }",
            json!({ "input": input }),
        )
        .await;
    answer.json()
}

async fn update(client: &Client, note: &str) -> crate::support::Answer {
    let mut input = item(21, note);
    input["platformKey"] = json!("acme");
    client
        .graphql(
            "mutation($input: ProgramSuggestionCreateInput!) { programSuggestionCreate(input: $input) { outcome } }",
            json!({ "input": input }),
        )
        .await
}

async fn note_of(client: &Client) -> String {
    let data = client
        .data(
            "query($keys: [String!]) { programSuggestions(platformKey: \"acme\", filter: { programKeys: $keys, userIds: [\"21\"] }, first: 1) { nodes { metadata } } }",
            json!({ "keys": [PROGRAM] }),
        )
        .await;
    let note = &data["programSuggestions"]["nodes"][0]["metadata"]["note"];
    note.as_str().unwrap_or_default().to_owned()
}
