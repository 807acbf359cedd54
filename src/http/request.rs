//! Around every request: its id, one log line, the counters, and a net under panics.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use serde_json::json;
use tracing::Instrument as _;

use super::{App, rate};
use crate::db::Engine;
use crate::metrics::{Notes, Refused, noting};
use crate::traces::{Ended, Parent, Trace};

/// The header that carries the id of a request, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST_ID: usize = 128;

/// What is asked for every few seconds is traced only for somebody who traces.
const PROBES: [&str; 3] = ["/livez", "/readyz", "/metrics"];

/// What a request is called in logs and answers: the caller's own name for it if that is fit, else
/// one of ours.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    fn of(request: &Request) -> Self {
        request
            .headers()
            .get(REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .filter(|text| (1..=LONGEST_ID).contains(&text.len()))
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()))
            .map_or_else(Self::random, |text| Self(text.to_owned()))
    }

    /// The id that [`observe`] gave the request.
    pub(super) fn in_extensions(extensions: &Extensions) -> String {
        let id = extensions.get::<Self>();
        id.map(|id| id.0.clone()).unwrap_or_default()
    }

    fn random() -> Self {
        let mut bytes = [0_u8; 16];
        // An id that is not unique is a smaller harm than a request that is not answered.
        if let Err(error) = getrandom::fill(&mut bytes) {
            tracing::warn!(%error, "no randomness for a request id");
        }
        Self(hex::encode(bytes))
    }
}

/// One request as it will be logged and counted: also when nobody waits for the answer any more.
struct Observed {
    app: Arc<App>,
    id: RequestId,
    method: &'static str,
    route: String,
    notes: Arc<Notes>,
    /// The trace that it belongs to.
    trace_id: Option<String>,
    begun: Instant,
    /// Unknown until there is an answer.
    status: Option<StatusCode>,
}

impl Drop for Observed {
    fn drop(&mut self) {
        // The unofficial status for a caller who went away.
        let status = self.status.map_or(499, |status| status.as_u16());
        let took = self.begun.elapsed();
        let metrics = &self.app.metrics;
        metrics.ended(&self.route, self.method, status, took);
        let notes = &self.notes;
        let code = notes.code.get().map_or("OK", String::as_str);
        let operation = notes.operation.get();
        if let Some((door, name)) = operation {
            metrics.operation(*door, name, code, took);
        }
        if code == "SERVICE_UNAVAILABLE" {
            metrics.refuse(Refused::Unavailable);
        }
        let duration_ms = (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0;
        let caller = notes.caller.get().map_or("none", String::as_str);
        let name = operation.map(|(_, name)| name.as_str());
        tracing::info!(
            method = self.method,
            route = self.route,
            status,
            duration_ms,
            caller,
            operation = name,
            code = operation.map(|_| code),
            statements = notes.statements.load(Ordering::Relaxed),
            cost = notes.cost.get(),
            request_id = self.id.0,
            trace_id = self.trace_id,
            "request"
        );
        if let Some(trace) = &notes.trace {
            trace.end(&Ended {
                status,
                operation: name,
                code,
                took,
            });
        }
        if took >= self.app.config.log.slow_operation {
            tracing::warn!(
                operation = name.unwrap_or("none"),
                duration_ms,
                request_id = self.id.0,
                "slow operation"
            );
        }
    }
}

/// The outermost layer.
pub async fn observe(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(&request);
    app.metrics.begun();
    let method = method_label(request.method());
    // Never the path as it was asked for: callers could fill the metrics with it.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let parent = parent(request.headers());
    let trace = trace(&app, parent.as_ref(), method, &route);
    let trace_id = match &trace {
        Some(trace) => Some(trace.trace_id()),
        None => parent.as_ref().and_then(Parent::trace_id),
    };
    let notes = Arc::new(Notes {
        trace,
        ..Notes::default()
    });
    let mut observed = Observed {
        id: id.clone(),
        method,
        route,
        trace_id,
        notes: Arc::clone(&notes),
        begun: Instant::now(),
        status: None,
        app: Arc::clone(&app),
    };
    // A stopping service answers as before until those who ask have seen that it stops, and waits for what is running
    // then. Later requests are answered while there is time. All are told to go elsewhere.
    let stopping = app.stopping.is_cancelled();
    let _running = (!app.running.is_closed()).then(|| app.running.token());
    if !PROBES.contains(&observed.route.as_str()) {
        app.asked.now();
    }

    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", id = id.0);
    let answered = AssertUnwindSafe(noting(notes, next.run(request)))
        .catch_unwind()
        .instrument(span)
        .await;
    // The panic itself is in the log already.
    let mut response = answered.unwrap_or_else(|_| broken(&id));

    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if stopping {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    let quotas = observed
        .notes
        .quotas
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    rate::tell(&quotas, response.headers_mut());
    if let Some(wait) = quotas.iter().filter_map(|quota| quota.again_in).max() {
        let wait = HeaderValue::from(rate::seconds(wait).max(1));
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    observed.status = Some(response.status());
    response
}

/// The trace that a request says it belongs to.
fn parent(headers: &HeaderMap) -> Option<Parent> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    text("traceparent").map(|traceparent| Parent::read(traceparent, text("tracestate")))
}

/// The trace of a request, where it is traced.
fn trace(
    app: &App,
    parent: Option<&Parent>,
    method: &'static str,
    route: &str,
) -> Option<Box<Trace>> {
    let traces = app.traces.as_ref()?;
    if parent.is_none() && PROBES.contains(&route) {
        return None;
    }
    let system = match app.db.engine() {
        Engine::Postgres => "postgresql",
        Engine::Sqlite => "sqlite",
    };
    let none = Parent::default();
    let parent = parent.unwrap_or(&none);
    Trace::begin(&traces.tracer, parent, method, route, system).map(Box::new)
}

fn broken(id: &RequestId) -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        Json(json!({"error": "Internal server error.", "request_id": id.0})),
    )
        .into_response()
}

/// Methods are the caller's to invent; labels are not.
fn method_label(method: &Method) -> &'static str {
    const KNOWN: [&str; 8] = [
        "GET", "HEAD", "POST", "QUERY", "PUT", "PATCH", "DELETE", "OPTIONS",
    ];
    let known = KNOWN.into_iter().find(|name| *name == method.as_str());
    known.unwrap_or("other")
}
