//! The ground that the other tests stand on.

use crate::support::{Database, Server};

both_engines!(the_fixture_goes_in, a_server_starts);

async fn the_fixture_goes_in(database: &Database) {
    let export = database.export();
    assert_eq!(export.matches(r#""type":"user""#).count(), 20);
}

async fn a_server_starts(server: &Server) {
    assert_eq!(server.anonymous().get("/livez").await.status, 200);
    assert_eq!(server.anonymous().get("/readyz").await.status, 200);
}
