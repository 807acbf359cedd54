//! Around every request: its id, one log line, the counters, and a net under panics.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use serde_json::json;
use tracing::Instrument as _;

use super::App;

/// The header that carries the id of a request, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST_ID: usize = 128;

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

tokio::task_local! {
    /// Which kind of caller the request turned out to have.
    static CALLER: Arc<OnceLock<&'static str>>;
}

/// Tells the log line of this request which kind of caller it has.
pub(super) fn note_caller(kind: &'static str) {
    // Outside of a request there is no line to tell.
    let _told = CALLER.try_with(|caller| caller.set(kind));
}

/// One request as it will be logged and counted: also when nobody waits for the answer any more.
struct Observed {
    app: Arc<App>,
    id: RequestId,
    method: &'static str,
    route: String,
    caller: Arc<OnceLock<&'static str>>,
    begun: Instant,
    /// Unknown until there is an answer.
    status: Option<StatusCode>,
}

impl Drop for Observed {
    fn drop(&mut self) {
        // The unofficial status for a caller who went away.
        let status = self.status.map_or(499, |status| status.as_u16());
        let took = self.begun.elapsed();
        self.app
            .metrics
            .ended(&self.route, self.method, status, took);
        tracing::info!(
            method = self.method,
            route = self.route,
            status,
            duration_ms = (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0,
            caller = self.caller.get().copied().unwrap_or("none"),
            request_id = self.id.0,
            "request"
        );
    }
}

/// The outermost layer.
pub async fn observe(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(&request);
    let caller = Arc::new(OnceLock::new());
    app.metrics.begun();
    let mut observed = Observed {
        id: id.clone(),
        method: method_label(request.method()),
        // Never the path as it was asked for: callers could fill the metrics with it.
        route: request
            .extensions()
            .get::<MatchedPath>()
            .map_or("none", MatchedPath::as_str)
            .to_owned(),
        caller: Arc::clone(&caller),
        begun: Instant::now(),
        status: None,
        app: Arc::clone(&app),
    };
    // A stopping service waits for the requests that were running when it was told; later ones are
    // answered while there is time, and told to go elsewhere.
    let stopping = app.stopping.is_cancelled();
    let _running = (!stopping).then(|| app.running.token());

    request.extensions_mut().insert(id.clone());
    let span = tracing::info_span!("request", id = id.0);
    let answered = AssertUnwindSafe(CALLER.scope(caller, next.run(request)))
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
    observed.status = Some(response.status());
    response
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
