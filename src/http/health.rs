//! For whoever starts, watches and stops the service.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::Mutex;

use super::App;
use crate::db::migrate;

/// How long an answer of the database counts, so that a storm of probes is no storm of statements.
const REMEMBER: Duration = Duration::from_secs(1);
/// How long the database may take to answer a probe.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the last look at the database found, and when; held while looking.
#[derive(Debug, Default)]
pub(super) struct Readiness(Mutex<Option<(Instant, Result<(), &'static str>)>>);

/// `GET /livez`: the process runs and answers.
pub async fn live() -> Response {
    Json(json!({"status": "alive"})).into_response()
}

/// `GET /readyz`: send requests here. Not before the schema is up to date and the database answers,
/// and no longer once the service is stopping.
pub async fn ready(State(app): State<Arc<App>>) -> Response {
    let found = if app.stopping.is_cancelled() {
        Err("stopping")
    } else {
        look(&app).await
    };
    match found {
        Ok(()) => Json(json!({"status": "ready"})).into_response(),
        Err(reason) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::RETRY_AFTER, "1")],
            Json(json!({"status": "not ready", "reason": reason})),
        )
            .into_response(),
    }
}

async fn look(app: &App) -> Result<(), &'static str> {
    let mut last = app.readiness.0.lock().await;
    if let Some((at, found)) = *last
        && at.elapsed() < REMEMBER
    {
        return found;
    }
    let found = match tokio::time::timeout(PATIENCE, migrate::pending(&app.db)).await {
        Ok(Ok(0)) => Ok(()),
        Ok(Ok(pending)) => {
            tracing::warn!(pending, "not ready: migrations are pending");
            Err("migrations pending")
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database does not answer");
            Err("database unavailable")
        }
        Err(_) => {
            tracing::warn!("not ready: the database takes too long to answer");
            Err("database unavailable")
        }
    };
    *last = Some((Instant::now(), found));
    found
}
