//! The clients that the upstream API publishes, unmodified: they are told the base URL and the key.

use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::support::Server;

both_engines!(the_javascript_client, the_python_client);

/// Where the clients are installed, by `scripts/test-clients-setup`.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients"))
}

/// The Python that has the published client and schemathesis.
pub(crate) fn python() -> PathBuf {
    installed(".venv/bin/python")
}

fn installed(path: &str) -> PathBuf {
    let path = folder().join(path);
    assert!(
        path.exists(),
        "{} is missing: run scripts/test-clients-setup first (scripts/test does)",
        path.display()
    );
    path
}

/// The keys of the callers, by the names that the scripts have for them.
fn keys(server: &Server) -> String {
    json!({
        "platform": server.database.key("acme"),
        "department_admin": server.database.key("acme-dora"),
        "learner": server.database.key("acme-student1"),
        "other_platform": server.database.key("globex"),
    })
    .to_string()
}

fn drive(server: &Server, mut program: Command, script: &str) {
    let output = program
        .arg(folder().join(script))
        .arg(server.base())
        .arg(keys(server))
        .current_dir(folder())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

async fn the_javascript_client(server: &Server) {
    installed("node_modules/@iblai/iblai-api/package.json");
    drive(server, Command::new("node"), "published.mjs");
}

async fn the_python_client(server: &Server) {
    drive(server, Command::new(python()), "published.py");
}
