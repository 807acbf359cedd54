//! The REST surface.

pub(crate) mod clients;
mod document;
mod errors;
mod lists;
mod methods;
mod of_user;
mod roles;
mod writing;

use reqwest::Method;
use serde_json::Value;

use crate::support::{Answer, Client};

/// Where the program family is.
pub(crate) const BASE: &str = "/api/catalog/suggestions/program/";

/// A GET below the base.
async fn get(client: &Client, path: &str) -> Answer {
    client.get(&format!("{BASE}{path}")).await
}

/// A POST of JSON below the base.
async fn post(client: &Client, path: &str, body: &Value) -> Answer {
    post_as(client, path, "application/json", body.to_string()).await
}

/// A POST of anything below the base.
async fn post_as(client: &Client, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    let path = format!("{BASE}{path}");
    let headers: &[(&str, &str)] = if kind.is_empty() {
        &[]
    } else {
        &[("content-type", kind)]
    };
    client.send(Method::POST, &path, headers, body.into()).await
}

/// A DELETE below the base.
async fn delete(client: &Client, path: &str) -> Answer {
    let path = format!("{BASE}{path}");
    client.send(Method::DELETE, &path, &[], Vec::new()).await
}

/// The rows of a page, which there must be, by id.
#[track_caller]
fn ids(answer: &Answer) -> Vec<i64> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let rows = body["results"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// The 400 that an answer must be: its code, and the fields that are to blame.
#[track_caller]
fn bad(answer: &Answer) -> (String, Vec<String>) {
    assert_eq!(answer.status, 400, "{}", answer.text());
    let body = answer.json();
    assert!(!body["error"].as_str().unwrap().is_empty());
    let fields = body["fields"].as_object().unwrap();
    for messages in fields.values() {
        assert!(messages.as_array().unwrap().iter().all(Value::is_string));
    }
    (
        body["code"].as_str().unwrap().to_owned(),
        fields.keys().cloned().collect(),
    )
}

/// An answer with this status and a sentence in `detail`.
#[track_caller]
fn refused(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert!(!answer.json()["detail"].as_str().unwrap().is_empty());
}
