//! The counters, for Prometheus.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::App;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// `GET /metrics`: the text format of Prometheus, or OpenMetrics for whoever accepts that.
pub async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let open = accepted
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("application/openmetrics-text"));
    let pools = app.db.pools();
    let (media, written) = if open {
        (OPENMETRICS, app.metrics.open_metrics(&pools))
    } else {
        (TEXT, app.metrics.text(&pools))
    };
    match written {
        Ok(text) => ([(header::CONTENT_TYPE, media)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "could not write the metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
