//! Who may do what here: every operation as every kind of caller, as a committed table; and replayed
//! as another tenant.

use std::fmt::Write as _;

use reqwest::Method;
use serde_json::{Value, json};

use super::BASE;
use crate::roles::CALLERS;
use crate::support::{Answer, Client, Server};
use crate::tenants::SECRETS;

both_engines!(the_table, every_operation_replayed_as_another_tenant);

/// One operation on something of acme that lies in the department web.
struct Operation {
    name: &'static str,
    method: Method,
    path: &'static str,
    query: Option<&'static str>,
    body: Option<Value>,
}

/// All operations, each as often as it may be asked with other rights.
fn operations() -> Vec<Operation> {
    let read = |name, path, query| Operation {
        name,
        method: Method::GET,
        path,
        query: Some(query),
        body: None,
    };
    let write = |name, path, body| Operation {
        name,
        method: Method::POST,
        path,
        query: None,
        body: Some(body),
    };
    let delete = |name, path, query| Operation {
        name,
        method: Method::DELETE,
        path,
        query: Some(query),
        body: None,
    };
    // What is there already, so that the next caller finds the same.
    let ml = "program-v1:acme+ml+2026";
    vec![
        read("list users", "manage/", "page_size=100"),
        read("list groups", "manage/group/", "page_size=100"),
        read("list of one user", "user/", "username=student2"),
        write(
            "suggest to user",
            "manage/",
            json!({ "program_key": ml, "user_id": 21 }),
        ),
        write(
            "suggest to group",
            "manage/group/",
            json!({ "program_key": ml, "group_id": 102 }),
        ),
        write(
            "suggest to users",
            "manage/bulk/",
            json!({ "suggestion_data": [{ "program_key": ml, "user_id": 21 }] }),
        ),
        // Nobody has these, so that nothing goes: 404 to those who may, as of any other.
        delete("withdraw from user", "manage/", "suggestion_id=999"),
        delete("withdraw from group", "manage/group/", "suggestion_id=999"),
    ]
}

impl Operation {
    async fn call(&self, client: &Client, platform: &str, department_mode: bool) -> Answer {
        let (path, body) = match (&self.body, self.query) {
            (Some(body), _) => {
                let mut body = body.clone();
                body["platform_key"] = json!(platform);
                body["department_mode"] = json!(department_mode);
                (format!("{BASE}{}", self.path), body.to_string())
            }
            (None, query) => {
                let query = query.unwrap_or_default();
                let path = format!(
                    "{BASE}{}?{query}&platform_key={platform}&department_mode={department_mode}",
                    self.path
                );
                (path, String::new())
            }
        };
        client
            .send(
                self.method.clone(),
                &path,
                &[("content-type", "application/json")],
                body.into_bytes(),
            )
            .await
    }
}

/// What came of it, in a few words.
fn told(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    if status != 200 || answer.text().is_empty() {
        return status.to_string();
    }
    let body = answer.json();
    if let Some(count) = body["count"].as_i64() {
        format!("{status} {count} rows")
    } else if let Some(outcome) = answer.header("x-suggestion-outcome") {
        format!("{status} {outcome}")
    } else {
        let codes = body["error_codes"].as_array().unwrap();
        let first = codes.first().and_then(Value::as_str);
        format!("{status} {}", first.unwrap_or("done"))
    }
}

async fn the_table(server: &Server) {
    let mut table = String::new();
    for operation in operations() {
        writeln!(
            table,
            "{} {:<52}department_mode: false / true",
            operation.method, operation.name
        )
        .unwrap();
        for (name, caller) in CALLERS {
            let client = server.caller(caller);
            let mut cells = Vec::new();
            for mode in [false, true] {
                cells.push(told(&operation.call(&client, "acme", mode).await));
            }
            writeln!(table, "    {name:<56}{}", cells.join(" / ")).unwrap();
        }
    }
    insta::assert_snapshot!("rest_role_table", table);
}

async fn every_operation_replayed_as_another_tenant(server: &Server) {
    let before = server.database.export();
    let mut calls = operations();
    for query in ["suggestion_id=1002", "suggestion_id=1001"] {
        calls.push(Operation {
            name: "withdraw",
            method: Method::DELETE,
            path: "manage/",
            query: Some(query),
            body: None,
        });
    }
    calls.push(Operation {
        name: "withdraw",
        method: Method::DELETE,
        path: "manage/group/",
        query: Some("suggestion_id=3002"),
        body: None,
    });
    for client in [
        server.user("gabi"),
        server.user("gwen"),
        server.user("glen"),
        server.key("globex"),
        server.key("globex-dual"),
        server.user("nobody"),
        server.anonymous(),
    ] {
        for operation in &calls {
            for platform in ["acme", "globex"] {
                for mode in [false, true] {
                    let text = operation.call(&client, platform, mode).await.text();
                    for secret in SECRETS {
                        assert!(
                            !text.contains(secret) || text.contains("username=student2"),
                            "{} shows {text}",
                            operation.name
                        );
                    }
                }
            }
        }
        // Without a platform, too.
        for path in [
            "manage/?suggestion_id=1002",
            "manage/group/?suggestion_id=3002",
        ] {
            let answer = super::delete(&client, path).await;
            assert!([401, 404].contains(&answer.status.as_u16()));
        }
    }
    assert_eq!(server.database.export(), before);
}
