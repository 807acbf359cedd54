//! What the program is made of: where crates come from, under which licences, and how often one is there twice.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Licences that ask for nothing but to be named.
const LICENCES: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "NCSA",
    "Unicode-3.0",
    "Zlib",
];

/// TLS of the system, what is given up, and a second stack of HTTP.
const BANNED: [&str; 5] = [
    "native-tls",
    "openssl",
    "openssl-sys",
    "serde_yaml",
    "tonic",
];

/// Crates that are there in several versions, because others have not moved yet. A further one is a decision.
const TWICE: [&str; 26] = [
    "atoi",
    "base64",
    "block-buffer",
    "const-oid",
    "cpufeatures",
    "crypto-common",
    "darling",
    "darling_core",
    "darling_macro",
    "digest",
    "getrandom",
    "hashbrown",
    "heck",
    "hkdf",
    "hmac",
    "num-bigint",
    "r-efi",
    "rand",
    "rand_chacha",
    "rand_core",
    "sha1",
    "sha2",
    "syn",
    "tower-http",
    "windows-sys",
    "winnow",
];

/// Whether one licence of each part of an SPDX expression is listed.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace(" / ", " OR ").replace('/', " OR ");
    expression.split(" AND ").all(|part| {
        let part = part
            .strip_prefix('(')
            .and_then(|part| part.strip_suffix(')'))
            .unwrap_or(part);
        part.split(" OR ")
            .any(|licence| LICENCES.contains(&licence.trim()))
    })
}

#[test]
fn crates_are_what_was_chosen() {
    let told = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    let mut wrong = Vec::new();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in told["packages"].as_array().unwrap() {
        let text = |field: &str| package[field].as_str();
        let name = text("name").unwrap();
        versions
            .entry(name)
            .or_default()
            .insert(text("version").unwrap());
        match text("source") {
            Some("registry+https://github.com/rust-lang/crates.io-index") => {}
            None if package["publish"] == serde_json::json!([]) => {}
            other => wrong.push(format!("{name} comes from {other:?}")),
        }
        let licence = text("license").unwrap_or("no licence");
        if !is_allowed(licence) {
            wrong.push(format!("{name}: {licence}"));
        }
        if BANNED.contains(&name) {
            wrong.push(format!("{name} is not wanted"));
        }
    }
    assert!(versions.len() > 300, "{}", versions.len());
    versions.retain(|_, versions| versions.len() > 1);
    let twice: Vec<&str> = versions.into_keys().collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(twice, TWICE);
}

#[test]
fn licences_are_read() {
    for right in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0 OR MIT",
        "(MIT OR Apache-2.0) AND ISC",
    ] {
        assert!(is_allowed(right), "{right}");
    }
    for wrong in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "no licence",
        "(MIT OR ISC) AND AGPL-3.0",
    ] {
        assert!(!is_allowed(wrong), "{wrong}");
    }
}
