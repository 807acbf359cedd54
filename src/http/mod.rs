//! The doors. This module holds what all of them share: the application, the router, and who is
//! calling. A door of its own speaks to each kind of client.

pub mod cors;
mod graphiql;
pub mod graphql;
pub mod health;
pub mod metrics;
mod rate;
pub mod request;
pub mod rest;
mod root;
mod security;
pub mod server;
mod turns;

use std::sync::Arc;

use async_graphql::{ObjectType, SubscriptionType};
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router, middleware};
use graphql_operation::{Limits, PersistedDocuments, Pipeline, TrustedMode};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::compression::predicate::{NotForContentType, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel, Predicate as _};

use crate::auth::{Credential, Verifier, Viewer, credentials};
use crate::config::{self, Config};
use crate::db::Db;
use crate::domain::{Cx, identity};
use crate::error::{Error, Result};
use crate::event::{EventSource, Origin};
use crate::graphql as schema;
use crate::live::Live;
use crate::metrics::{self as measured, Metrics, Refused};
use crate::telemetry::Traces;

pub use health::Start;
pub use request::RequestId;

/// Answers smaller than this are sent as they are: packing them saves no packet.
const SMALLEST_PACKED: u64 = 1024;

/// Over how many seconds costs are averaged.
const COST_WINDOW: u32 = 10;

/// What keeps a process from doing more than it can, and callers from asking for more than they may.
#[derive(Debug, Clone)]
struct Guards {
    turns: Arc<turns::Turns>,
    costs: Arc<rate::Rates>,
}

impl Guards {
    fn new(limits: &config::Limits, metrics: &Arc<Metrics>) -> Self {
        let (most, queue) = (limits.concurrency, limits.queue);
        let costs = rate::Rates::new("cost", limits.cost_per_second, COST_WINDOW);
        Self {
            turns: Arc::new(turns::Turns::new(most, queue, Arc::clone(metrics))),
            costs: Arc::new(costs),
        }
    }

    #[cfg(test)]
    fn without_limits(metrics: &Arc<Metrics>) -> Self {
        let turns = turns::Turns::new(usize::MAX, Default::default(), Arc::clone(metrics));
        Self {
            turns: Arc::new(turns),
            costs: Arc::new(rate::Rates::new("cost", 0, COST_WINDOW)),
        }
    }
}

/// What every request may use.
pub struct App {
    pub db: Db,
    pub config: Arc<Config>,
    pub verifier: Arc<Verifier>,
    pub metrics: Arc<Metrics>,
    pub live: Live,
    /// Cancelled when the service stops: not ready any more. Streams that would go on for ever end
    /// themselves when they see it.
    pub stopping: CancellationToken,
    /// The requests that are running. Closed when a service that stops waits for no further ones.
    pub running: TaskTracker,
    /// When somebody asked last.
    pub asked: server::Asked,
    /// How often callers may ask.
    rates: rate::Rates,
    /// Who may be executed, and at what cost.
    guards: Guards,
    /// How far the start is. Callers are answered once it is done.
    pub starting: health::Starting,
    /// What the last look at the database found.
    readiness: health::Readiness,
    /// Traces, unless they are off.
    pub traces: Option<Traces>,
}

impl App {
    /// Puts the parts together, of a process whose start is at this point.
    pub fn new(db: Db, config: Arc<Config>, verifier: Arc<Verifier>, start: Start) -> Self {
        let metrics = Arc::clone(db.metrics());
        let limits = &config.limits;
        let rates = rate::Rates::new("requests", limits.requests_per_second, 1);
        let guards = Guards::new(limits, &metrics);
        let stopping = CancellationToken::new();
        let traces = Traces::start(&config.traces);
        let live = Live::new(db.clone(), config.subscriptions.poll, stopping.clone());
        Self {
            db,
            config,
            verifier,
            metrics,
            live,
            stopping,
            running: TaskTracker::new(),
            asked: server::Asked::default(),
            rates,
            guards,
            starting: health::Starting::new(start),
            readiness: health::Readiness::default(),
            traces,
        }
    }

    /// The context of a request.
    fn cx(&self, viewer: Viewer, origin: Origin) -> Cx {
        Cx {
            allow_http: self.config.webhooks.allow_http,
            ..Cx::new(self.db.for_request(), viewer, origin)
        }
    }
}

/// All routes.
///
/// # Errors
/// [`Error::Internal`] if the schema cannot be read back, which no request can mend.
pub fn router(app: Arc<App>) -> Result<Router> {
    let endpoint = Arc::new(graphql_endpoint(&app)?);
    let endpoint = any(move |request| Arc::clone(&endpoint).serve(request));
    let mut routes = Router::new()
        .route("/", get(root::show))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
        .merge(rest::router(Arc::clone(&app)))
        .route("/graphql", endpoint.clone())
        .route("/graphql/", endpoint);
    if app.config.graphiql.enabled {
        routes = routes.merge(graphiql::router());
    }
    Ok(shell(app, routes))
}

/// What is around all routes.
fn shell(app: Arc<App>, routes: Router<Arc<App>>) -> Router {
    let body_bytes = app.config.limits.body_bytes;
    let packable = SizeAbove::new(SMALLEST_PACKED).and(NotForContentType::SSE);
    let router = routes
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(body_bytes))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                .compress_when(packable),
        );
    let router = match cors::layer(&app.config.cors) {
        Some(cors) => router.layer(middleware::from_fn_with_state(cors, cors::apply)),
        None => router,
    };
    // The last layers are the outermost: whatever answers, the answer is logged and has its id.
    router
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            request::observe,
        ))
        .layer(middleware::map_response(security::no_sniffing))
        .with_state(app)
}

/// The GraphQL endpoint with the configured schema.
fn graphql_endpoint(app: &Arc<App>) -> Result<graphql::Endpoint> {
    if app.config.graphql.federation {
        endpoint_for(app, schema::federation::schema())
    } else {
        endpoint_for(app, schema::schema())
    }
}

/// The GraphQL endpoint for a schema.
fn endpoint_for<Q, M, S>(
    app: &Arc<App>,
    executable: schema::Executable<Q, M, S>,
) -> Result<graphql::Endpoint>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let authenticating = Arc::clone(app);
    let settings = schema::operation_settings(operation_limits(&app.config.limits));
    let pipeline = Pipeline::new(&schema::sdl(&executable.requests), settings)
        .and_then(|pipeline| pipeline.with_persisted(persisted_documents(&app.config.graphql)?))
        .map_err(Error::internal)?;
    Ok(graphql::Endpoint::new(
        executable.requests,
        executable.streams,
        pipeline,
        graphql::Settings {
            profile: app.config.graphql.profile,
            introspection: app.config.introspection,
            body_bytes: app.config.limits.body_bytes,
            request_timeout: app.config.limits.request_timeout,
            body_timeout: app.config.limits.body_timeout,
            subscriptions: app.config.subscriptions.clone(),
            origins: app.config.cors.origins.clone(),
            public_url: app.config.public_url.clone(),
        },
        graphql::Shared {
            tasks: app.running.clone(),
            stopping: app.stopping.clone(),
            metrics: Arc::clone(&app.metrics),
            guards: app.guards.clone(),
        },
        move |credential, request_id| {
            let origin = Origin {
                source: EventSource::Graphql,
                request_id,
            };
            let app = Arc::clone(&authenticating);
            Box::pin(async move {
                let viewer = known_caller(&app, credential).await?;
                let cx = app.cx(viewer, origin);
                Ok(graphql::Caller {
                    known: !cx.viewer.is_anonymous(),
                    name: cx.viewer.caller().unwrap_or_default(),
                    data: schema::context_data(cx, app.live.clone()),
                })
            })
        },
    ))
}

/// The documents that requests can name instead of sending them.
fn persisted_documents(config: &config::Graphql) -> Result<PersistedDocuments, String> {
    let documents = PersistedDocuments::new(config.persisted_queries);
    let (file, mode) = match &config.trusted {
        config::Trusted::Off => return Ok(documents),
        config::Trusted::Prefer(file) => (file, TrustedMode::Prefer),
        config::Trusted::Require(file) => (file, TrustedMode::Require),
    };
    let told = |error: String| format!("trusted documents in {}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| told(error.to_string()))?;
    documents.trust(&text, mode).map_err(told)
}

fn operation_limits(limits: &config::Limits) -> Limits {
    Limits {
        depth: limits.depth,
        cost: limits.cost,
        aliases: limits.aliases,
        root_fields: limits.root_fields,
        directives: limits.directives,
        fields: limits.fields,
        tokens: limits.tokens,
        variables_bytes: limits.variables_bytes,
        mode: limits.mode,
    }
}

/// Who is calling? Every door asks here, once a request, before it does anything else.
///
/// # Errors
/// [`Error::Unauthenticated`] for credentials that are wrong, never for none; the reason is logged
/// here. [`Error::RateLimited`] for a caller who asks too often, [`Error::Unavailable`] while the
/// service starts or the database is away.
pub async fn caller(app: &App, headers: &HeaderMap) -> Result<Viewer> {
    known_caller(app, credential(headers)).await
}

/// What the header `Authorization` holds, if there is one.
fn credential(headers: &HeaderMap) -> Result<Option<Credential>> {
    authorization(headers).and_then(credentials::parse)
}

/// As [`caller`], with what was sent.
async fn known_caller(app: &App, credential: Result<Option<Credential>>) -> Result<Viewer> {
    app.starting.admit().await?;
    let result = match credential {
        Ok(credential) => identity::authenticate(&app.db, &app.verifier, credential).await,
        Err(error) => Err(error),
    };
    match &result {
        Ok(viewer) => measured::note(|notes| {
            if let Some(caller) = viewer.caller() {
                let _first = notes.caller.set(caller);
            }
        }),
        Err(Error::Unauthenticated(reason)) => tracing::info!(reason, "credentials refused"),
        Err(_) => {}
    }
    let viewer = result?;
    let name = viewer.caller().unwrap_or_default();
    app.rates.spend(&name, 1).inspect_err(|_| {
        app.metrics.refuse(Refused::Rate);
    })?;
    Ok(viewer)
}

/// The one `Authorization` header, if there is one.
fn authorization(headers: &HeaderMap) -> Result<Option<&str>> {
    let wrong = |what: &str| Error::Unauthenticated(format!("the Authorization header: {what}"));
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(wrong("sent more than once")),
        (Some(value), None) => value
            .to_str()
            .map(Some)
            .map_err(|_| wrong("not visible ASCII")),
    }
}

/// A JSON body without the byte order mark that some clients write before it.
fn without_byte_order_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, Json(json!({"detail": "Not found."}))).into_response()
}

async fn method_not_allowed() -> Response {
    (
        StatusCode::METHOD_NOT_ALLOWED,
        Json(json!({"detail": "Method not allowed."})),
    )
        .into_response()
}
