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
use std::time::Duration;

use axum::extract::{FromRequest, MatchedPath, OriginalUri, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{RequestExt as _, Router};

use super::turns::Held;
use super::{App, RequestId, caller};
use crate::domain::Cx;
use crate::error::Error;
use crate::event::{EventSource, Origin};
use crate::metrics::{self, Door};
use error::{Refusal, Unexplained};

/// What a handler answers.
type Answer = Result<Response, Refusal>;

/// Where the operations are.
const PREFIX: &str = "/api/catalog/suggestions/program/";

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
        let path = format!("{PREFIX}{path}");
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
async fn around(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map_or_else(String::new, |id| id.0.clone());
    let matched = request.extensions().get::<MatchedPath>();
    let operation = operation(request.method(), matched.map_or("", MatchedPath::as_str));
    metrics::note(|notes| {
        let _first = notes.operation.set((Door::Rest, operation.to_owned()));
        if let Some(trace) = &notes.trace {
            trace.operation(None);
        }
    });
    if operation != "none" {
        match Held::take(&app.guards.turns).await {
            Ok(turn) => request.extensions_mut().insert(turn),
            Err(busy) => return Refusal::from(busy).into_response(),
        };
    }
    let limit = app.config.limits.request_timeout;
    let Ok(mut response) = tokio::time::timeout(limit, next.run(request)).await else {
        tracing::warn!(?limit, "a request took too long");
        error::note("TIMEOUT");
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

/// What an operation is called in metrics and logs: its `operationId`.
fn operation(method: &Method, path: &str) -> &'static str {
    let path = path.trim_end_matches('/');
    let path = path.strip_prefix(PREFIX).unwrap_or_default();
    match (path, method.as_str()) {
        ("manage", "GET" | "HEAD") => "listUserSuggestions",
        ("manage", "POST") => "suggestToUser",
        ("manage", "DELETE") => "withdrawFromUser",
        ("manage/group", "GET" | "HEAD") => "listGroupSuggestions",
        ("manage/group", "POST") => "suggestToGroup",
        ("manage/group", "DELETE") => "withdrawFromGroup",
        ("manage/bulk", "POST") => "suggestToUsers",
        ("user", "GET" | "HEAD") => "listSuggestionsOfUser",
        _ => "none",
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

impl Call {
    /// How long the body may take.
    fn body_timeout(&self) -> Duration {
        self.app.config.limits.body_timeout
    }
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
        let cx = Cx::new(app.db.for_request(), viewer, origin);
        if request.method().is_safe() {
            cx.read_from_replica().await;
        }
        Ok(Self {
            app: Arc::clone(app),
            cx,
            path,
            request,
        })
    }
}
