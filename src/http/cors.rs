//! Which web pages may call the service from a browser. Callers show who they are by a header that
//! their page has to set, never by a cookie, so credentials in the sense of browsers stay off.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use tower::{Layer as _, ServiceExt as _};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::graphql::COST_HEADER;
use crate::config::Cors;

/// How long a browser may remember what is allowed.
const REMEMBER: Duration = Duration::from_secs(600);

/// What pages may send without configuration.
const ALLOWED_HEADERS: [&str; 28] = [
    "accept",
    "authorization",
    "content-type",
    "x-request-id",
    COST_HEADER,
    "x-requested-with",
    // Tracing: W3C Trace Context and Baggage, Sentry, Zipkin, Datadog, New Relic, Elastic.
    "traceparent",
    "tracestate",
    "baggage",
    "sentry-trace",
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-datadog-trace-id",
    "x-datadog-parent-id",
    "x-datadog-origin",
    "x-datadog-sampling-priority",
    "newrelic",
    "elastic-apm-traceparent",
    // GraphQL clients that name themselves, or that require a preflight.
    "apollo-require-preflight",
    "apollographql-client-name",
    "apollographql-client-version",
    "x-apollo-operation-name",
    "graphql-client-name",
    "graphql-client-version",
    "graphql-require-preflight",
];

/// Lets the layer answer what browsers ask before a request, and mark what is answered. An `OPTIONS`
/// of anybody else goes on to the route, which knows its methods; the layer would answer it as well.
pub async fn apply(State(layer): State<CorsLayer>, request: Request, next: Next) -> Response {
    let asks_before = request.headers().contains_key(header::ORIGIN)
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if request.method() == Method::OPTIONS && !asks_before {
        return next.run(request).await;
    }
    match layer.layer(next).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The methods that any route takes.
fn methods() -> Vec<Method> {
    let query = Method::from_bytes(b"QUERY").ok();
    [Method::GET, Method::HEAD, Method::POST, Method::DELETE]
        .into_iter()
        .chain(query)
        .collect()
}

/// The layer that allows the configured origins; none where none is configured.
pub fn layer(config: &Cors) -> Option<CorsLayer> {
    if config.origins.is_empty() {
        return None;
    }
    let origins = if config.origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        let values = config
            .origins
            .iter()
            .filter_map(|origin| HeaderValue::from_str(origin).ok());
        AllowOrigin::list(values)
    };
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(methods())
        .allow_headers(
            ALLOWED_HEADERS
                .map(HeaderName::from_static)
                .into_iter()
                .chain(config.headers.iter().cloned())
                .collect::<Vec<_>>(),
        )
        .expose_headers([
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-suggestion-outcome"),
            header::RETRY_AFTER,
        ])
        .max_age(REMEMBER);
    Some(layer)
}
