//! The OpenAPI document, its page, and the server held against it.

use std::process::Command;

use serde_json::Value;

use super::clients::{folder, python};
use crate::support::{Server, waymark};

both_engines!(the_server_keeps_to_the_document);

#[test]
fn the_committed_document_is_what_the_program_prints() {
    let printed = waymark(&["openapi"]).succeed();
    let committed = include_str!("../../openapi.json");
    assert!(
        printed == committed,
        "openapi.json is out of date: cargo run -- openapi > openapi.json"
    );
    let document: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut operations = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations += 1;
            assert!(operation["summary"].is_string(), "{method} {path}");
            for status in ["200", "400", "401", "403", "429", "500", "503"] {
                let response = &operation["responses"][status];
                assert!(
                    response["description"].is_string(),
                    "{method} {path} {status}"
                );
            }
        }
    }
    assert_eq!(operations, 8);
    // Everything is described.
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name}");
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let described = property["description"].is_string()
                || property["$ref"].is_string()
                || property["oneOf"][0]["description"].is_string();
            assert!(described, "{name}.{field}");
        }
    }
}

async fn the_server_keeps_to_the_document(server: &Server) {
    let anonymous = server.anonymous();
    let served = anonymous.get("/api/openapi.json").await;
    assert_eq!(served.header("content-type"), Some("application/json"));
    assert_eq!(served.text(), include_str!("../../openapi.json"));
    let page = anonymous.get("/api/docs").await;
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let html = page.text();
    for outside in ["<script", "<link", "<img", "src=", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }

    // Requests made up from the document, as somebody who may and as somebody who may not.
    for key in ["acme", "acme-student1"] {
        let output = Command::new("timeout")
            .args(["--kill-after=10", "300"])
            .arg(python())
            .args(["-m", "schemathesis.cli", "run"])
            .arg(format!("{}/api/openapi.json", server.base()))
            .args([
                "--header",
                &format!("Authorization: Api-Token {}", server.database.key(key)),
            ])
            .args([
                "--phases",
                if key == "acme" {
                    "examples,coverage,fuzzing"
                } else {
                    "examples,fuzzing"
                },
            ])
            .args([
                "--checks",
                CHECKS,
                "--max-examples",
                "10",
                "--seed",
                "1",
                // One: Python 3.11 counts the depth of its parser for all threads together.
                "--workers",
                "1",
            ])
            .args([
                "--suppress-health-check",
                "all",
                "--warnings",
                "off",
                "--no-color",
            ])
            .current_dir(&server.database.folder)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert!(folder().is_dir());
}

/// No fault of the server, and no answer outside the document.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method,ignored_auth";
