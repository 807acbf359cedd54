//! wip
use axum::response::{IntoResponse as _, Response};
pub(super) async fn show() -> Response { "docs".into_response() }
