//! Copies that can be put back, on both engines, and the way from the one to the other.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Client, Database, Engine};

both_engines!(what_is_put_back_is_what_was_there);

/// Everything of a database that the export leaves out.
const BESIDE: [&str; 4] = [
    "SELECT id, platform_id, user_id, created, expires, revoked FROM api_keys ORDER BY id",
    "SELECT id, platform_id, at, actor_id, CAST(source AS BIGINT), created_count FROM suggestion_batches ORDER BY id",
    "SELECT id, batch_id, program_id, CAST(kind AS BIGINT), recipient_id, CAST(action AS BIGINT) FROM suggestion_events ORDER BY id",
    "SELECT count(*) FROM seaql_migrations",
];

/// Copies it in the way that docs/running.md shows, and puts the copy in the place of a new database.
fn copy_and_put_back(database: &Database) -> Database {
    match database.engine {
        Engine::Sqlite => {
            let said = database.waymark(&["backup", "copy.db"]).succeed();
            let copy = database.folder.join("copy.db");
            let length = std::fs::metadata(&copy).unwrap().len();
            assert_eq!(said, format!("copied {length} bytes to copy.db\n"));
            Database::of_file(&copy)
        }
        Engine::Postgres => {
            let copy = database.folder.join("copy.dump");
            let restored = Database::empty(Engine::Postgres);
            let mut dump = Command::new("pg_dump");
            dump.arg("--format=custom").arg("--file").arg(&copy);
            run(dump.arg(&database.url));
            let mut restore = Command::new("pg_restore");
            restore.args(["--no-owner", "--exit-on-error", "--dbname"]);
            run(restore.arg(&restored.url).arg(&copy));
            restored
        }
    }
}

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(
        done.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

async fn what_is_put_back_is_what_was_there(database: &Database) {
    let key = format!("Api-Token {}", database.key("acme"));
    let server = Process::start(database, &[]);
    change(&server.authorized(&key), 20, 1).await;
    answer(database, &server).await;

    // The service goes on running, and what it writes afterwards is not in the copy.
    let (export, beside) = (database.export(), BESIDE.map(|it| database.numbers(it)));
    assert!(export.contains("suggestion_answer"));
    let restored = copy_and_put_back(database);
    change(&server.authorized(&key), 21, 2).await;
    assert_ne!(database.export(), export);
    assert_eq!(restored.export(), export);
    assert_eq!(BESIDE.map(|it| restored.numbers(it)), beside);

    // It can be served: keys count, search finds, and the numbers go on where they were.
    let again = Process::start(&restored, &[]);
    let client = again.authorized(&key);
    let page = USERS.ids(&client, json!({ "query": "ØYVIND" })).await;
    assert_eq!(page, [1002]);
    change(&client, 22, 3).await;
    let checked = restored.waymark(&["config", "check"]).succeed();
    assert!(checked.contains("all is well"), "{checked}");
}

async fn change(client: &Client, user: i64, number: i64) {
    let mut item = USERS.item("100x", user);
    item["metadata"] = json!({ "n": number });
    let made = USERS.create(client, item).await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
}

/// Lets a person answer, so that there is an answer to keep.
async fn answer(database: &Database, server: &Process) {
    let token = database
        .waymark(&["token", "issue", "--user", "student1"])
        .succeed();
    let person = server.authorized(format!("Bearer {}", token.trim_end()));
    let document = "mutation { suggestedProgramAccept(input: { suggestedProgram: { key: {
        platformKey: \"acme\", programKey: \"program-v1:acme+100x+2026\" } } }) { outcome userErrors { code } } }";
    let data = person.data(document, json!({})).await;
    assert_eq!(data["suggestedProgramAccept"]["outcome"], "UPDATED");
}

#[test]
fn a_copy_is_whole_while_the_service_writes() {
    crate::support::run(Engine::Sqlite, copies_while_it_writes);
}

/// Each bulk writes the same number to two hundred suggestions at once: a copy that held a part of one
/// would hold two numbers.
async fn copies_while_it_writes(database: &Database) {
    let server = Process::start(database, &[]);
    let client = server.authorized(format!("Api-Token {}", database.key("acme")));
    let stop = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (client, stop) = (client.clone(), Arc::clone(&stop));
        async move {
            let mut number = 0;
            while !stop.load(Ordering::Relaxed) {
                number += 1;
                bulk(&client, number).await;
            }
            number
        }
    });
    let mut last = 0;
    for round in 0..8 {
        let name = format!("copy{round}.db");
        database.waymark(&["backup", &name]).succeed();
        let copy = Database::of_file(&database.folder.join(&name));
        let numbers = numbers(&copy);
        let first = numbers.first().copied().unwrap_or_default();
        assert!(numbers.iter().all(|it| *it == first), "{numbers:?}");
        assert!(first >= last, "an older state after a newer one");
        last = first;
        let checked = copy.waymark(&["config", "check"]).succeed();
        assert!(checked.contains("all is well"), "{checked}");
    }
    stop.store(true, Ordering::Relaxed);
    let written = writer.await.unwrap();
    assert_eq!(numbers(database), vec![written; 4]);
    assert!(last > 0, "nothing was written meanwhile");
}

async fn bulk(client: &Client, number: i64) {
    let items: Vec<Value> = (20..24)
        .map(|user| {
            let mut item = USERS.item("100x", user);
            item["metadata"] = json!({ "number": number });
            item
        })
        .collect();
    let input = json!({ "items": items });
    let done = USERS.mutate(client, "BulkCreate", "successes", input).await;
    assert_eq!(done["successes"], 4);
}

fn numbers(database: &Database) -> Vec<i64> {
    database
        .export()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|line| line["metadata"]["number"].as_i64())
        .collect()
}

#[test]
fn a_backup_overwrites_nothing() {
    let database = Database::with_fixture(Engine::Sqlite);
    let before = database.file("kept.db", "mine");
    let said = database.waymark(&["backup", "kept.db"]).fail(1);
    assert!(
        said.contains("kept.db exists") && said.contains("overwrites nothing"),
        "{said}"
    );
    assert_eq!(std::fs::read(before).unwrap(), b"mine");
    // Its own file least of all.
    let own = std::fs::read(database.folder.join("test.db")).unwrap();
    database.waymark(&["backup", "test.db"]).fail(1);
    assert!(std::fs::read(database.folder.join("test.db")).unwrap() == own);
    database.file("other.db.partial", "");
    let said = database.waymark(&["backup", "other.db"]).fail(1);
    assert!(said.contains("other.db.partial exists"), "{said}");
    let said = database.waymark(&["backup", "no/such/folder.db"]).fail(1);
    assert!(said.contains("no/such/folder.db"), "{said}");

    // What a name begins with means nothing to the engine, and nobody else may read the copy.
    database
        .waymark(&["backup", "file:copy.db?mode=ro"])
        .succeed();
    let copy = database.folder.join("file:copy.db?mode=ro");
    assert_eq!(Database::of_file(&copy).export(), database.export());
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    let empty = Database::empty(Engine::Sqlite);
    let said = empty.waymark(&["backup", "copy.db"]).fail(1);
    assert!(said.contains("there is no database"), "{said}");
    assert!(!empty.folder.join("test.db").exists());
}

#[test]
fn a_backup_of_postgresql_is_made_by_pg_dump() {
    let database = Database::empty(Engine::Postgres);
    let said = database.waymark(&["backup", "copy"]).fail(2);
    assert!(said.contains("pg_dump"), "{said}");
    // Nobody is asked: the server need not even be there.
    let said = crate::support::waymark(&["backup", "copy"])
        .env("WAYMARK_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .fail(2);
    assert!(said.contains("pg_dump"), "{said}");
}

#[test]
fn from_sqlite_to_postgresql() {
    crate::support::run(Engine::Sqlite, moved);
}

/// docs/running.md says what is kept: everything of the export, answers among it; not the history, in
/// whose place stands one import, and not the keys.
async fn moved(database: &Database) {
    let server = Process::start(database, &[]);
    let key = format!("Api-Token {}", database.key("acme"));
    change(&server.authorized(&key), 20, 1).await;
    answer(database, &server).await;
    drop(server);

    let target = Database::empty(Engine::Postgres);
    let export = database.export();
    target
        .waymark(&["import", "-"])
        .input(export.clone())
        .succeed();
    assert_eq!(target.export(), export);
    assert!(export.contains("suggestion_answer"));
    for (what, sources) in [(database, [0, 2].as_slice()), (&target, &[2])] {
        let query = "SELECT DISTINCT CAST(source AS BIGINT) AS source FROM suggestion_batches ORDER BY source";
        let found: Vec<i64> = what
            .numbers(query)
            .into_iter()
            .filter_map(|row| row[0])
            .collect();
        assert_eq!(found, sources);
    }
    let keys = target
        .waymark(&["api-key", "list", "--format", "json"])
        .succeed();
    assert_eq!(serde_json::from_str::<Value>(&keys).unwrap(), json!([]));
    // And on it goes there.
    let server = Process::start(&target, &[]);
    let token = target
        .waymark(&["token", "issue", "--user", "root"])
        .succeed();
    let root = server.authorized(format!("Bearer {}", token.trim_end()));
    change(&root, 21, 2).await;
    assert_ne!(target.export(), export);
}
