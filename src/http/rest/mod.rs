//! The REST surface: shapes and statuses. What may be done and what comes of it is the domain's to
//! say, as for GraphQL.

mod body;
mod bulk;
mod docs;
mod error;
mod fields;
mod group;
pub mod openapi;
mod page;
mod query;
mod suggestion;
mod user;

use std::sync::Arc;

use axum::extract::{FromRequest, OriginalUri, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{RequestExt as _, Router};

use super::{App, RequestId, caller};
use crate::domain::Cx;
use crate::error::Error;
use crate::event::{EventSource, Origin};
use error::{Refusal, Unexplained};

/// What a handler answers.
type Answer = Result<Response, Refusal>;

/// All routes of the surface.
pub fn router(app: Arc<App>) -> Router<Arc<App>> {
    let manage = get(user::list).post(user::create).delete(user::delete);
    let group = get(group::list).post(group::create).delete(group::delete);
    let mut router = Router::new();
    for (path, methods, allow) in [
        ("manage", manage, "GET,HEAD,POST,DELETE,OPTIONS"),
        ("manage/group", group, "GET,HEAD,POST,DELETE,OPTIONS"),
        ("manage/bulk", post(bulk::create), "POST,OPTIONS"),
        ("user", get(user::list_of_user), "GET,HEAD,OPTIONS"),
    ] {
        let path = format!("/api/catalog/suggestions/program/{path}");
        let methods = with_options(methods, allow);
        router = router
            .route(&format!("{path}/"), methods.clone())
            .route(&path, methods);
    }
    let allow = "GET,HEAD,OPTIONS";
    router
        .route("/api/openapi.json", with_options(get(openapi::show), allow))
        .route("/api/docs", with_options(get(docs::show), allow))
        .route("/api/docs/", with_options(get(docs::without_slash), allow))
        .route_layer(middleware::from_fn_with_state(app, around))
}

fn with_options(methods: MethodRouter<Arc<App>>, allow: &'static str) -> MethodRouter<Arc<App>> {
    methods.options(async move || {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static(allow));
        response
    })
}

/// Around every handler: the time limit, and the last word about errors that are not for clients.
async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map_or_else(String::new, |id| id.0.clone());
    let limit = app.config.limits.request_timeout;
    let Ok(mut response) = tokio::time::timeout(limit, next.run(request)).await else {
        tracing::warn!(?limit, "a request took too long");
        return error::later(
            StatusCode::SERVICE_UNAVAILABLE,
            "The request took too long: try again, or ask for less.",
        );
    };
    match response.extensions_mut().remove::<Unexplained>() {
        Some(Unexplained(error)) => error::explain(&error, &request_id),
        None => response,
    }
}

/// A request whose caller is known. Asking for it answers 401 before anything else is looked at.
struct Call {
    app: Arc<App>,
    cx: Cx,
    /// The path as the caller wrote it.
    path: String,
    request: Request,
}

impl FromRequest<Arc<App>> for Call {
    type Rejection = Refusal;

    async fn from_request(mut request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let viewer = caller(app, request.headers()).await?;
        if viewer.is_anonymous() {
            return Err(Error::Unauthenticated("no credentials".to_owned()).into());
        }
        let path = match request.extract_parts::<OriginalUri>().await {
            Ok(OriginalUri(uri)) => uri.path().to_owned(),
            Err(never) => match never {},
        };
        let origin = Origin {
            source: EventSource::Rest,
            request_id: RequestId::in_extensions(request.extensions()),
        };
        Ok(Self {
            app: Arc::clone(app),
            cx: Cx::new(app.db.clone(), viewer, origin),
            path,
            request,
        })
    }
}
