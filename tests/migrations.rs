//! The schema goes up, down and up again, with data in it.

use crate::support::database::FIXTURE;
use crate::support::{Database, Server};

both_engines!(up_down_and_up_again);

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
