//! Dependencies point one way, and ARCHITECTURE.md is true in its paths.

use std::collections::BTreeMap;
use std::path::Path;

/// Each room, and the rooms and crates that it must know nothing of.
const CLOSED: [(&str, &str); 13] = [
    (
        "answer error event clock exact kind metrics page traces",
        "auth db domain transfer graphql http webhook cli config telemetry sea_orm axum async_graphql graphql_operation",
    ),
    (
        "config",
        "auth db domain transfer graphql http webhook cli telemetry sea_orm async_graphql",
    ),
    (
        "telemetry",
        "auth db domain transfer graphql http webhook cli sea_orm axum async_graphql graphql_operation",
    ),
    (
        "auth",
        "db domain live transfer graphql http webhook cli telemetry sea_orm axum async_graphql graphql_operation",
    ),
    (
        "db",
        "domain live transfer graphql http webhook cli config telemetry axum async_graphql graphql_operation",
    ),
    (
        "domain",
        "live transfer graphql http webhook cli config telemetry sea_orm axum tower_http async_graphql graphql_operation",
    ),
    (
        "live",
        "transfer graphql http webhook cli config telemetry sea_orm axum tower_http async_graphql graphql_operation",
    ),
    (
        "transfer",
        "live graphql http webhook cli config telemetry sea_orm axum async_graphql graphql_operation",
    ),
    (
        "graphql",
        "db transfer http webhook cli telemetry sea_orm axum tower_http",
    ),
    ("http", "transfer cli sea_orm"),
    // Beside the doors: what goes out by itself.
    (
        "webhook",
        "transfer http cli sea_orm axum tower_http async_graphql graphql_operation",
    ),
    // A door of its own in the room of the doors: shapes and statuses over the domain.
    (
        "rest",
        "db live transfer graphql cli telemetry sea_orm async_graphql graphql_operation",
    ),
    // The command line starts everything.
    ("cli main lib", "sea_orm"),
];

/// Of the names above, those that are crates.
const CRATES: [&str; 5] = [
    "sea_orm",
    "axum",
    "tower_http",
    "async_graphql",
    "graphql_operation",
];

#[test]
fn arrows_point_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let closed: BTreeMap<&str, &str> = CLOSED
        .into_iter()
        .flat_map(|(rooms, closed)| rooms.split(' ').map(move |room| (room, closed)))
        .collect();
    let mut wrong = Vec::new();
    let mut files = 0;
    for path in rust_files(&source) {
        files += 1;
        let inside = path.strip_prefix(&source).unwrap().to_str().unwrap();
        let room = match inside.split(['/', '.']).collect::<Vec<_>>()[..] {
            ["http", "rest", ..] => "rest",
            [room, ..] => room,
            [] => unreachable!("every path has a part"),
        };
        let Some(closed) = closed.get(room) else {
            panic!("src/{inside}: a new room needs a line in tests/architecture.rs");
        };
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for name in closed.split(' ').filter(|name| mentions(code, name)) {
                wrong.push(format!(
                    "src/{inside}:{}: {room} must not know {name}: {}",
                    number + 1,
                    line.trim()
                ));
            }
        }
    }
    assert!(files > 20, "the source was not found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether a line of code reaches for a room or a crate.
fn mentions(code: &str, name: &str) -> bool {
    if CRATES.contains(&name) {
        return code.contains(&format!("{name}::"));
    }
    let alone = ["::", ";", " ", ","]
        .iter()
        .any(|end| code.contains(&format!("crate::{name}{end}")));
    alone || in_braces(code, name)
}

/// Whether a line is `use crate::{..., name, ...}` or `{..., name::..., ...}`.
fn in_braces(code: &str, name: &str) -> bool {
    let Some((_, list)) = code.split_once("use crate::{") else {
        return false;
    };
    list.split([',', '{', '}', ' '])
        .any(|part| part.split("::").next() == Some(name))
}

fn rust_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// Documents that name files which are gone mislead.
#[test]
fn every_path_in_the_documents_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = ["ARCHITECTURE.md", "docs/running.md", "docs/security.md"]
        .map(|path| root.join(path))
        .to_vec();
    for entry in std::fs::read_dir(root.join("docs/decisions")).unwrap() {
        documents.push(entry.unwrap().path());
    }
    let folders = [
        "src/",
        "operation/",
        "migrations/",
        "graphiql/",
        "benches/",
        "fuzz/",
        "scripts/",
        "tests/",
        "docs/",
        "deploy/",
    ];
    let mut missing = Vec::new();
    for document in documents {
        let text = std::fs::read_to_string(&document).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let path = quoted.split(' ').next().unwrap_or_default();
            let path = path.split("::").next().unwrap_or_default();
            let named = folders.iter().any(|folder| path.starts_with(folder));
            if named && !root.join(path).exists() {
                missing.push(format!("{}: {path}", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// A table that names tests which are gone claims what nobody checks.
#[test]
fn every_test_in_the_documents_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = 0;
    let mut missing = Vec::new();
    for document in ["docs/running.md", "docs/security.md"] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        for quoted in text.split('`').skip(1).step_by(2) {
            let Some((place, test)) = quoted.split_once("::") else {
                continue;
            };
            let is_name = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            let file = match place.ends_with(".rs") {
                true => place.to_owned(),
                false => format!("tests/{place}.rs"),
            };
            if !is_name(test) || !(place.ends_with(".rs") || root.join(&file).exists()) {
                continue;
            }
            named += 1;
            let source = std::fs::read_to_string(root.join(&file)).unwrap_or_default();
            if !source.contains(&format!("fn {test}(")) {
                missing.push(format!("{document}: {quoted}"));
            }
        }
    }
    assert!(named > 60, "{named}");
    assert!(missing.is_empty(), "{missing:#?}");
}
