//! The schema goes up, down and up again, with data in it.

use serde_json::json;

use crate::support::database::FIXTURE;
use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Database, Engine, Server};

both_engines!(
    up_down_and_up_again,
    names_are_folded_again,
    indexes_of_an_analysed_database_are_analysed,
);

async fn up_down_and_up_again(database: &Database) {
    let before = database.export();
    database.waymark(&["migrate", "up"]).succeed();
    assert_eq!(database.export(), before);
    for (down, left) in [
        (&["migrate", "down"][..], before.as_str()),
        (&["migrate", "down", "--all"], ""),
    ] {
        database.waymark(down).succeed();
        let status = database.waymark(&["migrate", "status"]).succeed();
        assert!(status.contains("pending"), "{status}");
        database.waymark(&["migrate", "up"]).succeed();
        let status = database.waymark(&["migrate", "status"]).succeed();
        assert!(!status.contains("pending"), "{status}");
        assert_eq!(database.export(), left);
        database.waymark(&["import", FIXTURE]).succeed();
        assert_eq!(database.export(), before);
    }
    let other = Database::with_fixture(database.engine);
    other.waymark(&["migrate", "down", "--all"]).succeed();
    // A server that may, sets it up.
    let server = Server::over(other);
    assert_eq!(server.anonymous().get("/readyz").await.status, 200);
}

/// SQLite would take an index that it knows nothing of before those it knows.
async fn indexes_of_an_analysed_database_are_analysed(database: &Database) {
    if database.engine != Engine::Sqlite {
        return;
    }
    let unknown = "SELECT count(*) FROM sqlite_schema i WHERE i.type = 'index'
        AND i.tbl_name IN ('program_suggestions', 'program_group_suggestions')
        AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 s WHERE s.idx = i.name)";
    database.execute("ANALYZE");
    for command in [&["down", "--steps", "5"][..], &["up"]] {
        database
            .waymark(&[&["migrate"], command].concat())
            .succeed();
        assert_eq!(database.numbers(unknown), [[Some(0)]], "{command:?}");
    }
}

/// Rows that an earlier version folded otherwise, and two usernames that are equal now.
async fn names_are_folded_again(database: &Database) {
    database
        .waymark(&["migrate", "down", "--steps", "9"])
        .succeed();
    database.execute("UPDATE users SET name_folded = 'otherwise' WHERE id = 21");
    database.execute(
        "INSERT INTO users (id, username, username_folded, name, name_folded, dm_admin)
         VALUES (901, 'ΑΣ', 'ας', 'x', 'x', false), (902, 'ασ', 'ασ', 'x', 'x', false)",
    );
    let said = database.waymark(&["migrate", "up"]).fail(1);
    assert!(said.contains("ΑΣ") && said.contains("ασ"), "{said}");
    let status = database.waymark(&["migrate", "status"]).succeed();
    assert!(status.contains("pending"), "{status}");
    database.execute("DELETE FROM users WHERE id = 902");
    database.waymark(&["migrate", "up"]).succeed();
    let server = Process::start(database, &[]);
    let client = server.authorized(format!("Api-Token {}", database.key("acme")));
    assert_eq!(
        USERS.ids(&client, json!({ "query": "ØYVIND" })).await,
        [1002]
    );
    // The names of departments were not folded at all.
    let document =
        "{ platform(key: \"acme\") { departments(first: 9, query: \"SALES\") { nodes { key } } } }";
    let data = client.data(document, json!({})).await;
    assert_eq!(
        data["platform"]["departments"]["nodes"],
        json!([{ "key": "sales" }])
    );
}
