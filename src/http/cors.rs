//! Which web pages may call the service from a browser. Callers show who they are by a header that
//! their page has to set, never by a cookie, so credentials in the sense of browsers stay off.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::graphql::COST_HEADER;
use crate::config::Cors;

/// How long a browser may remember what is allowed.
const REMEMBER: Duration = Duration::from_secs(600);

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
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::DELETE])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static(COST_HEADER),
            // What common GraphQL clients send to say who they are.
            HeaderName::from_static("apollo-require-preflight"),
            HeaderName::from_static("apollographql-client-name"),
            HeaderName::from_static("apollographql-client-version"),
            HeaderName::from_static("x-apollo-operation-name"),
        ])
        .expose_headers([
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-suggestion-outcome"),
            header::RETRY_AFTER,
        ])
        .max_age(REMEMBER);
    Some(layer)
}
