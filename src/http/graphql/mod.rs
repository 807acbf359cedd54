//! The GraphQL endpoint, by the specification GraphQL over HTTP.
//!
//! A request to upgrade goes to `websocket`; subscriptions are answered there, or as an event stream (`sse`).
//!
//! The steps: method, media types, credentials, body, document (see [`graphql_operation`]), execution. The
//! first step that fails answers with a GraphQL error that has a code and the request id, without `data`.
//!
//! No protection against cross-site request forgery is needed: bodies must be `application/json`, which
//! browsers send to other origins only after a preflight, and GET executes queries only.

mod answer;
mod negotiate;
mod protocol;
mod request;
mod sse;
#[cfg(test)]
mod tests;
mod websocket;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Data, Executor, Response as Answer, ServerError};
use axum::extract::Request;
use axum::http::header::{ALLOW, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, Stream, StreamExt as _};
use graphql_operation::{Label, OperationRequest, Pipeline, Prepared};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::answer::Refusal;
use self::negotiate::{Accepted, Media};
use self::request::Parameters;
use super::{Guards, RequestId};
use crate::auth::Credential;
use crate::config::{self, Introspection, Profile};
use crate::error::Error;
use crate::graphql::error::{Code, code_of, present};
use crate::http::turns::{self, Held, Overloaded};
use crate::metrics::{self, Door, Metrics, Notes, Refused};

/// With the value `1`, the response has the cost of the operation in `extensions.cost`.
pub const COST_HEADER: &str = "x-graphql-cost";

/// The configuration of the endpoint.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which statuses responses have.
    pub profile: Profile,
    /// Who may read the schema.
    pub introspection: Introspection,
    /// The maximum size of a body in bytes.
    pub body_bytes: usize,
    /// The maximum time from the first byte of a request to its response.
    pub request_timeout: Duration,
    /// The maximum time for a body to arrive.
    pub body_timeout: Duration,
    /// The limits of subscriptions.
    pub subscriptions: config::Subscriptions,
    /// The origins, beside the service's own, whose pages may open a WebSocket; `*` is any.
    pub origins: Vec<String>,
    /// Where clients find the service.
    pub public_url: Option<String>,
}

/// What the endpoint shares with the rest of the process.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    /// Tracks WebSockets: a shutdown waits for them.
    pub tasks: TaskTracker,
    /// Cancelled when the service stops: WebSockets and event streams end then.
    pub stopping: CancellationToken,
    pub metrics: Arc<Metrics>,
    /// Who is executed when, and at what cost.
    pub guards: Guards,
}

/// The caller of a request.
pub struct Caller {
    /// Whether the caller sent credentials.
    pub known: bool,
    /// Whose quota is used; empty for all who are unknown.
    pub name: String,
    /// The context of the resolvers.
    pub data: Data,
}

/// What a client sent to say who it is, if anything.
type Credentials = Result<Option<Credential>, Error>;

type Execute = dyn Fn(async_graphql::Request, bool) -> BoxFuture<'static, Answer> + Send + Sync;
type Subscribe = dyn Fn(async_graphql::Request) -> BoxStream<'static, Answer> + Send + Sync;
type Authenticate =
    dyn Fn(Credentials, String) -> BoxFuture<'static, Result<Caller, Error>> + Send + Sync;

pub struct Endpoint {
    execute: Box<Execute>,
    subscribe: Box<Subscribe>,
    authenticate: Box<Authenticate>,
    pipeline: Pipeline,
    settings: Settings,
    shared: Shared,
    /// Places for WebSockets and event streams.
    places: Arc<Semaphore>,
}

impl Endpoint {
    /// An endpoint for a schema: `schema` executes requests, `streams` subscriptions. `authenticate` finds out who sent credentials, in a request of this id.
    pub(super) fn new<F>(
        schema: impl Executor,
        streams: impl Executor,
        pipeline: Pipeline,
        settings: Settings,
        shared: Shared,
        authenticate: F,
    ) -> Self
    where
        F: Fn(Credentials, String) -> BoxFuture<'static, Result<Caller, Error>>
            + Send
            + Sync
            + 'static,
    {
        Self {
            execute: Box::new(move |request, only_reads| {
                let schema = schema.clone();
                Box::pin(crate::graphql::execute(schema, request, only_reads))
            }),
            subscribe: Box::new(move |request| crate::graphql::subscribe(&streams, request)),
            authenticate: Box::new(authenticate),
            pipeline,
            places: Arc::new(Semaphore::new(settings.subscriptions.connections)),
            settings,
            shared,
        }
    }

    /// Answers a request. Does not panic and does not exceed the request timeout, unless it is answered with a
    /// stream.
    pub async fn serve(self: Arc<Self>, request: Request) -> Response {
        let request_id = RequestId::in_extensions(request.extensions());
        let profile = self.settings.profile;
        if websocket::is_asked_for(&request) {
            return websocket::upgrade(&self, request, &request_id)
                .unwrap_or_else(|refusal| refusal.respond(profile, Media::Json, &request_id));
        }
        let Some(accepted) = negotiate::accepted(request.headers(), profile) else {
            let refusal = Refusal::new(
                StatusCode::NOT_ACCEPTABLE,
                Code::BadRequest,
                "Answers are `application/graphql-response+json`, `application/json` or \
                 `text/event-stream`; the header `Accept` allows none of them.",
            );
            return refusal.respond(profile, Media::Json, &request_id);
        };
        let media = accepted.media;
        let answered = AssertUnwindSafe(self.answer(request, accepted, &request_id))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| {
                tracing::error!(request_id, "a request panicked before its execution");
                Err(internal())
            });
        metrics::note(|notes| {
            notes
                .operation
                .get_or_init(|| (Door::Graphql, "none".to_owned()));
            if let Err(refusal) = &answered {
                note_code(notes, refusal.first());
            }
        });
        match answered {
            Ok(response) => response,
            Err(refusal) if media == Media::EventStream && refusal.is_graphql() => {
                sse::answer(answer::json(refusal.into_errors(&request_id), None))
            }
            Err(refusal) => {
                let media = match media {
                    Media::EventStream => Media::Json,
                    media => media,
                };
                refusal.respond(profile, media, &request_id)
            }
        }
    }

    /// What an operation is called in log and metrics.
    fn name(&self, label: &Label) -> String {
        if label.trusted {
            self.shared.metrics.name(&label.name)
        } else {
            label.name.to_string()
        }
    }

    /// Tells log and metrics which operation this request is.
    fn note(&self, label: &Label, door: Door, cost: Option<u64>) {
        let name = self.name(label);
        metrics::note(|notes| {
            let _first = notes.operation.set((door, name));
            if let Some(cost) = cost {
                let _first = notes.cost.set(cost);
            }
        });
    }

    /// Takes the cost of an operation from what its caller may spend.
    fn spend(&self, caller: &Caller, prepared: &Prepared, request_id: &str) -> Result<(), Refusal> {
        let costs = &self.shared.guards.costs;
        costs.spend(&caller.name, prepared.cost).map_err(|error| {
            self.shared.metrics.refuse(Refused::Cost);
            Refusal::authentication(error, request_id)
        })
    }

    async fn answer(
        self: &Arc<Self>,
        request: Request,
        accepted: Accepted,
        request_id: &str,
    ) -> Result<Response, Refusal> {
        let deadline = Instant::now() + self.settings.request_timeout;
        let method = Verb::of(request.method())?;
        negotiate::json_body(request.headers(), method != Verb::Get).map_err(|message| {
            Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::BadRequest,
                message,
            )
        })?;
        let turn = self.turn().await?;
        let caller = self
            .caller(super::credential(request.headers()), request_id, deadline)
            .await?;
        let asks_for_cost = request
            .headers()
            .get(COST_HEADER)
            .is_some_and(|value| value == "1");
        let parameters = self.parameters(method, request, deadline);
        let parameters = turn.without(parameters).await.map_err(overloaded)??;
        let prepared = self.prepare(parameters, method, &caller)?;
        self.spend(&caller, &prepared, request_id)?;
        if prepared.is_subscription {
            if !accepted.event_stream {
                return Err(Refusal::new(
                    StatusCode::BAD_REQUEST,
                    Code::BadRequest,
                    "A subscription is not answered over plain HTTP: open a WebSocket with the \
                     subprotocol `graphql-transport-ws`, or ask for server-sent events with \
                     `Accept: text/event-stream`.",
                ));
            }
            return sse::stream(self, prepared, caller, request_id);
        }
        let cost = prepared.cost;
        let mut answer = self.run(prepared, caller, deadline, request_id).await?;
        metrics::note(|notes| note_code(notes, answer.errors.first()));
        if asks_for_cost {
            let actual = count_fields(&answer.data);
            answer.extensions.insert(
                "cost".to_owned(),
                async_graphql::value!({ "estimated": cost, "actual": actual }),
            );
        }
        Ok(match accepted.media {
            Media::EventStream => {
                let errors = std::mem::take(&mut answer.errors);
                sse::answer(answer::json(errors, Some(answer)))
            }
            media => answer::executed(answer, self.settings.profile, media),
        })
    }

    /// Waits for the right to be executed.
    async fn turn(&self) -> Result<Held, Refusal> {
        let turn = Held::take(&self.shared.guards.turns).await;
        turn.map_err(overloaded)
    }

    /// Who sent these credentials.
    async fn caller(
        &self,
        credentials: Credentials,
        request_id: &str,
        deadline: Instant,
    ) -> Result<Caller, Refusal> {
        let caller = (self.authenticate)(credentials, request_id.to_owned());
        tokio::time::timeout_at(deadline, caller)
            .await
            .map_err(|_| self.too_slow())?
            .map_err(|error| Refusal::authentication(error, request_id))
    }

    /// A place for a WebSocket or an event stream.
    fn place(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                Code::Unavailable,
                "Too many WebSockets and event streams are open here. Please try again later.",
            )
            .header(RETRY_AFTER, "5")
        })
    }

    /// The responses of a subscription, until the service stops. An error is the end.
    fn follow(
        &self,
        prepared: Prepared,
        caller: Caller,
        request_id: &str,
    ) -> impl Stream<Item = Result<Answer, Vec<ServerError>>> + Send + use<> {
        let mut request = prepared.request;
        request.data = caller.data;
        let request_id = request_id.to_owned();
        let responses = AssertUnwindSafe((self.subscribe)(request)).catch_unwind();
        responses.map(move |response| match response {
            Ok(mut response) => {
                let failed = response.data == async_graphql::Value::Null
                    && response.errors.iter().any(|error| error.path.len() <= 1);
                response.errors = present(response.errors, &request_id);
                if failed {
                    Err(response.errors)
                } else {
                    Ok(response)
                }
            }
            Err(_) => {
                tracing::error!(request_id, "a subscription panicked");
                Err(internal().into_errors(&request_id))
            }
        })
    }

    async fn parameters(
        &self,
        method: Verb,
        request: Request,
        deadline: Instant,
    ) -> Result<Parameters, Refusal> {
        if method == Verb::Get {
            return request::from_url(request.uri().query());
        }
        let body = request::read_body(request.into_body(), self.settings.body_bytes);
        let patience = deadline.min(Instant::now() + self.settings.body_timeout);
        let body = tokio::time::timeout_at(patience, body)
            .await
            .map_err(|_| {
                Refusal::new(
                    StatusCode::REQUEST_TIMEOUT,
                    Code::Timeout,
                    "The request did not arrive in time.",
                )
            })??;
        request::from_body(&body)
    }

    fn prepare(
        &self,
        mut parameters: Parameters,
        method: Verb,
        caller: &Caller,
    ) -> Result<Prepared, Refusal> {
        let introspection = match self.settings.introspection {
            Introspection::Public => true,
            Introspection::Authenticated => caller.known,
            Introspection::Off => false,
        };
        let variables = std::mem::take(&mut parameters.variables);
        let prepared = self
            .pipeline
            .prepare(OperationRequest {
                query: parameters.query.as_deref(),
                document_id: parameters.document_id.as_deref(),
                sha256: parameters.sha256(),
                operation_name: parameters.operation_name.as_deref(),
                variables,
                suggest_names: introspection,
            })
            .map_err(|error| {
                if let Some(label) = &error.label {
                    self.note(label, Door::Graphql, None);
                }
                Refusal::graphql(error.kind.into(), error.errors)
            })?;
        let door = if prepared.is_subscription {
            Door::Subscription
        } else {
            Door::Graphql
        };
        self.note(&prepared.label, door, Some(prepared.cost));
        let kind = match (prepared.is_mutation, prepared.is_subscription) {
            (true, _) => "mutation",
            (_, true) => "subscription",
            _ => "query",
        };
        metrics::note(|notes| {
            if let Some(trace) = &notes.trace {
                trace.operation(Some(kind));
            }
        });
        self.shared.metrics.looked_up("documents", prepared.cached);
        if prepared.introspects && !introspection {
            let (code, message) = if self.settings.introspection == Introspection::Off {
                (
                    Code::ValidationFailed,
                    "The schema cannot be asked for here: introspection is switched off.",
                )
            } else {
                (
                    Code::Unauthenticated,
                    "The schema is shown to callers with credentials only: introspection needs the \
                     header `Authorization`.",
                )
            };
            return Err(Refusal::graphql(
                code,
                vec![ServerError::new(message, None)],
            ));
        }
        if prepared.is_mutation && method != Verb::Post {
            return Err(Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                Code::BadRequest,
                "A mutation is sent with POST.",
            )
            .header(ALLOW, "POST"));
        }
        Ok(prepared)
    }

    /// Executes the operation, with a timeout, and catches panics.
    async fn run(
        self: &Arc<Self>,
        prepared: Prepared,
        caller: Caller,
        deadline: Instant,
        request_id: &str,
    ) -> Result<Answer, Refusal> {
        let only_reads = !prepared.is_mutation;
        let mut request = prepared.request;
        request.data = caller.data;
        let execution = (self.execute)(request, only_reads);
        let execution =
            AssertUnwindSafe(tokio::time::timeout_at(deadline, execution)).catch_unwind();
        // Where the client is gone, this is dropped, and the database breaks off what it executes.
        match execution.await {
            Ok(Ok(mut answer)) => {
                answer.errors = present(answer.errors, request_id);
                Ok(answer)
            }
            Ok(Err(_)) => Err(self.too_slow()),
            Err(_) => {
                tracing::error!(request_id, "an execution panicked");
                Err(internal())
            }
        }
    }

    fn too_slow(&self) -> Refusal {
        Refusal::new(
            StatusCode::GATEWAY_TIMEOUT,
            Code::Timeout,
            format!(
                "The operation was stopped: it took longer than {} seconds. Ask for less at once.",
                self.settings.request_timeout.as_secs_f64()
            ),
        )
    }
}

/// The refusal of a request that waited too long.
fn overloaded(_: Overloaded) -> Refusal {
    Refusal::new(
        StatusCode::SERVICE_UNAVAILABLE,
        Code::Overloaded,
        turns::OVERLOADED,
    )
    .header(RETRY_AFTER, "1")
}

/// Tells log and metrics the code of the first error.
fn note_code(notes: &Notes, first: Option<&ServerError>) {
    if let Some(code) = first.and_then(code_of) {
        let _first = notes.code.set(code.to_owned());
    }
}

/// The refusal for a fault of ours.
fn internal() -> Refusal {
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        Code::Internal,
        crate::graphql::error::INTERNAL,
    )
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
    /// `QUERY`: a body like POST, and safe like GET.
    Query,
}

impl Verb {
    fn of(method: &Method) -> Result<Self, Refusal> {
        match method.as_str() {
            "GET" => Ok(Self::Get),
            "POST" => Ok(Self::Post),
            "QUERY" => Ok(Self::Query),
            _ => Err(Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                Code::BadRequest,
                "GraphQL is served with POST, and for queries with GET or QUERY.",
            )
            .header(ALLOW, "GET, POST, QUERY")),
        }
    }
}

/// The number of fields in a response: its actual cost.
fn count_fields(data: &async_graphql::Value) -> usize {
    use async_graphql::Value;
    match data {
        Value::Object(fields) => fields.len() + fields.values().map(count_fields).sum::<usize>(),
        Value::List(items) => items.iter().map(count_fields).sum(),
        // Rows that are already JSON. They are parsed only if the cost is requested.
        Value::Binary(json) => serde_json::from_slice(json).map_or(0, |value| count_fields(&value)),
        _ => 0,
    }
}
