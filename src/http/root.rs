//! `GET /`: what this service is, and where to call it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::{App, security};

/// Name, path and description of every endpoint.
const ENDPOINTS: [(&str, &str, &str); 8] = [
    ("graphql", "/graphql", "the GraphQL endpoint"),
    ("graphiql", "/graphiql", "a page for trying out queries"),
    (
        "rest",
        "/api/catalog/suggestions/program/manage/",
        "the REST interface",
    ),
    (
        "docs",
        "/api/docs",
        "the documentation of the REST interface",
    ),
    ("openapi", "/api/openapi.json", "its OpenAPI document"),
    ("liveness", "/livez", "whether the process runs"),
    ("readiness", "/readyz", "whether it can serve requests"),
    ("metrics", "/metrics", "metrics for Prometheus"),
];

/// HTML for clients that prefer it, as browsers do; JSON for all others.
pub(super) async fn show(State(app): State<Arc<App>>, request: HeaderMap) -> Response {
    let endpoints = ENDPOINTS
        .into_iter()
        .filter(|(name, ..)| *name != "graphiql" || app.config.graphiql.enabled);
    let vary = [(header::VARY, "accept")];
    let version = env!("CARGO_PKG_VERSION");
    if !prefers_html(&request) {
        let paths: Map<String, Value> = endpoints
            .map(|(name, path, _)| (name.to_owned(), path.into()))
            .collect();
        let body = json!({"service": "waymark", "version": version, "endpoints": paths});
        return (vary, Json(body)).into_response();
    }
    // Links are relative: a proxy may put a path before all of them.
    let list: String = endpoints
        .map(|(_, path, about)| format!("<li><a href=\".{path}\">{path}</a>: {about}</li>"))
        .collect();
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Waymark</title></head><body><h1>Waymark {version}</h1><p>Program suggestions for learning platforms.</p><ul>{list}</ul></body></html>\n"
    );
    let policy = security::policy("style-src 'none'");
    (vary, security::page(&policy), Html(page)).into_response()
}

/// Whether `Accept` names HTML, and does not like JSON better.
fn prefers_html(request: &HeaderMap) -> bool {
    let weight = |wanted: &str| {
        request
            .get_all(header::ACCEPT)
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|range| {
                let mut parts = range.split(';').map(str::trim);
                let named = parts.next()?.eq_ignore_ascii_case(wanted);
                let weight = parts.find_map(|it| it.strip_prefix("q=")?.parse().ok());
                named.then(|| weight.unwrap_or(1.0_f32))
            })
            .fold(0.0, f32::max)
    };
    let html = weight("text/html");
    html > 0.0 && html >= weight("application/json")
}
