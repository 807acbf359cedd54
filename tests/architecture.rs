//! The arrows of the house point one way; see ARCHITECTURE.md.

use std::collections::BTreeMap;
use std::path::Path;

/// Each room, and the rooms and crates that it must know nothing of.
const CLOSED: [(&str, &[&str]); 10] = [
    (
        "error",
        &[
            "auth",
            "db",
            "domain",
            "graphql",
            "http",
            "cli",
            "config",
            "telemetry",
            "sea_orm",
            "axum",
            "async_graphql",
        ],
    ),
    (
        "clock",
        &[
            "auth",
            "db",
            "domain",
            "graphql",
            "http",
            "cli",
            "config",
            "telemetry",
            "sea_orm",
            "axum",
            "async_graphql",
        ],
    ),
    (
        "page",
        &[
            "auth",
            "db",
            "domain",
            "graphql",
            "http",
            "cli",
            "config",
            "telemetry",
            "sea_orm",
            "axum",
            "async_graphql",
        ],
    ),
    (
        "config",
        &[
            "auth",
            "db",
            "domain",
            "graphql",
            "http",
            "cli",
            "telemetry",
            "sea_orm",
            "axum",
            "async_graphql",
        ],
    ),
    (
        "telemetry",
        &[
            "auth",
            "db",
            "domain",
            "graphql",
            "http",
            "cli",
            "sea_orm",
            "axum",
            "async_graphql",
        ],
    ),
    (
        "auth",
        &[
            "db",
            "domain",
            "graphql",
            "http",
            "cli",
            "telemetry",
            "sea_orm",
            "axum",
            "async_graphql",
        ],
    ),
    (
        "db",
        &[
            "domain",
            "graphql",
            "http",
            "cli",
            "config",
            "telemetry",
            "axum",
            "async_graphql",
        ],
    ),
    (
        "domain",
        &[
            "graphql",
            "http",
            "cli",
            "config",
            "telemetry",
            "sea_orm",
            "axum",
            "tower_http",
            "async_graphql",
        ],
    ),
    (
        "graphql",
        &["db", "http", "cli", "telemetry", "sea_orm", "axum"],
    ),
    ("http", &["cli", "sea_orm"]),
];

/// The REST surface is a door of its own: shapes and statuses over the domain.
const REST: &[&str] = &["graphql", "cli", "db", "sea_orm", "async_graphql"];

#[test]
fn arrows_point_one_way() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let closed: BTreeMap<&str, &[&str]> = CLOSED.into_iter().collect();
    let mut wrong = Vec::new();
    let mut files = 0;
    for path in rust_files(&source) {
        files += 1;
        let inside = path.strip_prefix(&source).unwrap().to_str().unwrap();
        let room = inside.split(['/', '.']).next().unwrap();
        let forbidden = if inside.starts_with("http/rest") {
            REST
        } else {
            match closed.get(room) {
                Some(forbidden) => forbidden,
                // The command line starts everything; these two are no rooms.
                None if ["cli", "main", "lib"].contains(&room) => continue,
                None => panic!("{inside}: a new room needs a line in tests/architecture.rs"),
            }
        };
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for name in forbidden {
                let used = [
                    format!("crate::{name}::"),
                    format!("crate::{name};"),
                    format!("crate::{name} "),
                    format!("crate::{name},"),
                    format!(" {name}::"),
                ];
                let is_crate = ["sea_orm", "axum", "tower_http", "async_graphql"].contains(name);
                let found = if is_crate {
                    code.contains(&format!("{name}::"))
                } else {
                    used[..4].iter().any(|used| code.contains(used)) || in_braces(code, name)
                };
                if found {
                    wrong.push(format!(
                        "src/{inside}:{}: {room} must not know {name}: {}",
                        number + 1,
                        line.trim()
                    ));
                }
            }
        }
    }
    assert!(files > 20, "the source was not found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
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
