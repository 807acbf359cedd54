//! What a start refuses, in words and before it writes anything: a schema that is newer than the
//! program, and a file that is no database. And two services on one file, which is allowed.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Client, Database, Engine, Holding};

both_engines!(
    a_newer_schema_is_refused,
    a_start_that_takes_long,
    a_start_that_is_stopped,
);

/// A step of the schema that no program has yet.
const LATER: &str = "m29991231_000001_later";

/// The commands that open the database to work with it.
const COMMANDS: [&[&str]; 8] = [
    &["serve"],
    &["serve", "--no-migrate"],
    &["migrate", "up"],
    &["migrate", "status"],
    &["migrate", "down"],
    &["export"],
    &["api-key", "list"],
    &["import", "-"],
];

async fn a_newer_schema_is_refused(database: &Database) {
    let steps = database.waymark(&["migrate", "status"]).succeed();
    let newest = steps.lines().last().unwrap().split_whitespace().last();
    let newest = newest.unwrap();
    let running = Process::start(database, &[]);
    database.execute(&format!(
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('{LATER}', 0)"
    ));
    let before = file_of(database);
    for arguments in COMMANDS {
        let said = refused(database, arguments);
        assert!(
            said.contains(LATER) && said.contains(newest),
            "{arguments:?}: {said}"
        );
    }
    let checked = database.waymark(&["config", "check"]).end();
    assert_eq!(checked.status, Some(1));
    assert!(
        checked.stdout.contains(LATER) && checked.stdout.contains(newest),
        "{}",
        checked.stdout
    );
    if database.engine == Engine::Sqlite {
        let backup = database.waymark(&["backup", "copy.db"]).fail(1);
        assert!(
            backup.contains(LATER) && backup.contains(newest),
            "{backup}"
        );
        assert!(!database.folder.join("copy.db").exists());
    }
    assert_eq!(file_of(database), before);
    // Who is already serving when another replica migrates goes on, so that a rolling upgrade is one.
    assert_eq!(running.anonymous().get("/readyz").await.status, 200);
    database.execute(&format!(
        "DELETE FROM seaql_migrations WHERE version = '{LATER}'"
    ));
    database.waymark(&["migrate", "status"]).succeed();
}

/// Keeps the schema of a database from being brought up to date.
async fn hold_migrations(database: &Database) -> Holding {
    database.waymark(&["migrate", "down", "--all"]).succeed();
    database
        .hold(match database.engine {
            Engine::Sqlite => "CREATE TABLE held (id INTEGER)",
            Engine::Postgres => "SELECT pg_advisory_xact_lock(8602290273947642624)",
        })
        .await
}

async fn a_start_that_takes_long(database: &Database) {
    let held = hold_migrations(database).await;
    let server = Process::start_early(database);
    let client = server.anonymous();
    let ready = client.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert_eq!(
        ready.json(),
        json!({ "status": "not ready", "reason": "starting" })
    );
    assert_eq!(client.get("/livez").await.status, 200);
    assert_eq!(client.get("/metrics").await.status, 200);
    // Who asks for more waits.
    let waiting = tokio::spawn(async move { client.graphql("{ __typename }", json!({})).await });
    held.let_go().await;
    let answer = waiting.await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(server.anonymous().get("/readyz").await.status, 200);
}

async fn a_start_that_is_stopped(database: &Database) {
    let held = hold_migrations(database).await;
    let mut server = Process::start_early(database);
    // Who has waited for long enough is told to come again.
    let client = server.anonymous();
    let (rest, graphql) = tokio::join!(
        client.get("/api/catalog/suggestions/program/user/"),
        client.graphql("{ __typename }", json!({})),
    );
    for answer in [rest, graphql] {
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert!(answer.headers.contains_key("retry-after"));
    }
    assert_eq!(client.get("/readyz").await.status, 503);
    server.terminate();
    assert_eq!(server.wait(), Some(0), "{}", server.log());
    held.let_go().await;
    let status = database.waymark(&["migrate", "status"]).succeed();
    assert!(!status.contains("applied"), "{status}");
    // The next one does it.
    let server = Process::start(database, &[]);
    assert_eq!(server.anonymous().get("/readyz").await.status, 200);
}

/// What a command says that must be refused. A service that is not, but serves, is ended.
fn refused(database: &Database, arguments: &[&str]) -> String {
    let mut limited = vec!["20", env!("CARGO_BIN_EXE_waymark")];
    limited.extend(arguments);
    let run = database
        .waymark(arguments)
        .env("WAYMARK_LISTEN", "127.0.0.1:0")
        .into_command();
    let ended = std::process::Command::new("timeout")
        .args(limited)
        .env_clear()
        .envs(
            run.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(&database.folder)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{arguments:?}: {said}");
    said
}

/// What the file of an embedded database holds.
fn file_of(database: &Database) -> Option<Vec<u8>> {
    match database.engine {
        Engine::Sqlite => Some(std::fs::read(database.folder.join("test.db")).unwrap()),
        Engine::Postgres => None,
    }
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let good = {
        let database = Database::with_fixture(Engine::Sqlite);
        std::fs::read(database.folder.join("test.db")).unwrap()
    };
    let page = usize::from(u16::from_be_bytes([good[16], good[17]]));
    let pages = good.len() / page;
    // Another byte in every place of a page, so that nothing of it can be right.
    let spoilt = |which: usize| {
        let mut bytes = good.clone();
        for byte in &mut bytes[which * page..(which + 1) * page] {
            *byte = !*byte;
        }
        bytes
    };
    let mut first_page = good.clone();
    for byte in &mut first_page[100..page] {
        *byte = 0xff;
    }
    let mut cases = vec![
        ("a text", b"These are the notes of a meeting.\n".to_vec()),
        ("a short text", b"x".to_vec()),
        ("a long text", b"name;e-mail\n".repeat(10_000)),
        ("the beginning of a header", good[..16].to_vec()),
        ("half a header", good[..50].to_vec()),
        ("cut off within a page", good[..good.len() - 10].to_vec()),
        ("cut in half", good[..pages / 2 * page].to_vec()),
        ("nothing but the first page", good[..page].to_vec()),
        ("a first page that is spoilt", first_page),
        ("a wrong size of pages", {
            let mut bytes = good.clone();
            bytes[16..18].copy_from_slice(&[0x12, 0x34]);
            bytes
        }),
    ];
    for which in [1, pages / 3, pages / 2] {
        cases.push(("a page that is spoilt", spoilt(which)));
    }
    for (what, bytes) in cases {
        let database = Database::empty(Engine::Sqlite);
        let file = database.folder.join("test.db");
        std::fs::write(&file, &bytes).unwrap();
        for arguments in [
            &["serve"][..],
            &["serve", "--no-migrate"],
            &["migrate", "up"],
            &["export"],
            &["backup", "copy.db"],
        ] {
            let said = refused(&database, arguments);
            assert!(
                said.contains(&file.display().to_string()),
                "{what}, {arguments:?}: {said}"
            );
            assert!(
                said.contains("not a database") || said.contains("corrupt"),
                "{what}, {arguments:?}: {said}"
            );
        }
        let checked = database.waymark(&["config", "check"]).end();
        assert_eq!(checked.status, Some(1), "{what}");
        assert!(checked.stdout.contains("test.db"), "{}", checked.stdout);
        assert!(std::fs::read(&file).unwrap() == bytes, "{what}");
        assert_eq!(files_in(&database.folder), ["test.db"], "{what}");
    }
    // A file with nothing in it is how a new database begins.
    let database = Database::empty(Engine::Sqlite);
    database.file("test.db", "");
    database.waymark(&["migrate", "up"]).succeed();
}

fn files_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn create(client: &Client, user: i64, number: i64) {
    let mut item = USERS.item("100x", user);
    item["metadata"] = json!({ "n": number });
    let made = USERS.create(client, item).await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
}

#[test]
fn two_services_on_one_file_lose_nothing() {
    crate::support::run(Engine::Sqlite, two_services);
}

async fn two_services(database: &Database) {
    const CHANGES: i64 = 60;
    let mut first = Process::start(database, &[]);
    let second = Process::start(database, &[]);
    let key = format!("Api-Token {}", database.key("acme"));
    let change = |client: Client, user: i64| {
        tokio::spawn(async move {
            for number in 0..CHANGES {
                create(&client, user, number).await;
            }
        })
    };
    let works = [
        change(first.authorized(&key), 20),
        change(second.authorized(&key), 21),
        change(first.authorized(&key), 22),
        change(second.authorized(&key), 23),
    ];
    for work in works {
        work.await.unwrap();
    }
    // One goes; the other still has the file to itself, and what the first one wrote is there.
    first.terminate();
    assert_eq!(first.wait(), Some(0));
    create(&second.authorized(&key), 20, CHANGES).await;
    let written = database.numbers(
        "SELECT count(*) FROM suggestion_events WHERE recipient_id IN (20, 21, 22, 23)
         AND batch_id IN (SELECT id FROM suggestion_batches WHERE operation = 'programSuggestionCreate')",
    );
    assert_eq!(written[0][0], Some(4 * CHANGES + 1));
    let export = database.export();
    let mut kept: Vec<i64> = export
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| {
            line["type"] == "program_suggestion" && line["program"] == "program-v1:acme+100x+2026"
        })
        .filter_map(|line| line["metadata"]["n"].as_i64())
        .collect();
    kept.sort_unstable();
    assert_eq!(kept, [CHANGES - 1, CHANGES - 1, CHANGES - 1, CHANGES]);
    let whole = database.waymark(&["config", "check"]).succeed();
    assert!(whole.contains("all is well"), "{whole}");
}
