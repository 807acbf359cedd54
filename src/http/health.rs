//! For whoever starts, watches and stops the service.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::{Mutex, watch};

use super::App;
use crate::db::migrate;
use crate::error::Error;

/// How long an answer of the database counts, so that a storm of probes is no storm of statements.
const REMEMBER: Duration = Duration::from_secs(1);
/// How long the database may take to answer a probe.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a request waits for the start.
const START: Duration = Duration::from_secs(5);

/// How far the start of the process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// The schema of the database is being looked at, and brought up to date.
    Running,
    /// The database is away. It is tried again.
    Waiting,
    Done,
}

/// The start of the process, for those who wait for it.
#[derive(Debug)]
pub struct Starting(watch::Sender<Start>);

impl Starting {
    /// Of a process that is at this point.
    pub fn new(start: Start) -> Self {
        Self(watch::Sender::new(start))
    }

    /// The start is at this point now.
    pub fn set(&self, start: Start) {
        self.0.send_replace(start);
    }

    /// Ends once the start is done.
    pub async fn done(&self) {
        let mut start = self.0.subscribe();
        // Fails only without a sender, which is here.
        let _done = start.wait_for(|it| *it == Start::Done).await;
    }

    /// Waits a while for a start that is running.
    ///
    /// # Errors
    /// [`Error::Unavailable`] before the start is done.
    pub(super) async fn admit(&self) -> crate::error::Result<()> {
        let not_yet = || Error::Unavailable("the service is starting".to_owned());
        let mut start = self.0.subscribe();
        let decided = start.wait_for(|it| *it != Start::Running);
        match tokio::time::timeout(START, decided).await {
            Ok(Ok(start)) if *start == Start::Done => Ok(()),
            _ => Err(not_yet()),
        }
    }

    fn at(&self) -> Start {
        *self.0.borrow()
    }
}

/// What the last look at the database found, and when; held while looking.
#[derive(Debug, Default)]
pub(super) struct Readiness(Mutex<Option<(Instant, Found)>>);

/// Whether requests can be executed, else why not.
type Found = Result<(), &'static str>;

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
        match app.starting.at() {
            Start::Done => look(&app).await,
            Start::Running => Err("starting"),
            Start::Waiting => look(&app).await.and(Err("starting")),
        }
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

async fn look(app: &App) -> Found {
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
