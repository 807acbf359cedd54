//! GraphQL over HTTP: from a request to a response, by the specification of the same name.
//!
//! In order, and nothing later runs once one refuses: the method, the media types, the credentials,
//! the body and its shape, the document (see [`graphql_operation`]), the execution. Every
//! refusal is a GraphQL answer with a code and the request id, and without `data`.
//!
//! A page of another site cannot make a browser send anything that is executed here: bodies are
//! `application/json` only, which browsers ask about first, and a GET only ever reads.

mod answer;
mod negotiate;
mod request;
#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Data, Executor, Response as Answer, ServerError};
use axum::extract::Request;
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use graphql_operation::{OperationRequest, Pipeline, Prepared};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use self::answer::Refusal;
use self::negotiate::Media;
use self::request::Parameters;
use super::RequestId;
use crate::config::{Introspection, Profile};
use crate::error::Error;
use crate::graphql::error::{Code, present};

/// Asking for this header with `1` puts what the operation costs into `extensions.cost`.
pub const COST_HEADER: &str = "x-graphql-cost";

/// The configuration of the endpoint.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which statuses are answered.
    pub profile: Profile,
    /// Who may ask for the schema.
    pub introspection: Introspection,
    /// The longest body, in bytes.
    pub body_bytes: usize,
    /// The longest a request may take, from its first byte to its answer.
    pub request_timeout: Duration,
}

/// The caller of a request.
pub struct Caller {
    /// Whether the caller showed credentials.
    pub known: bool,
    /// What resolvers find in their context.
    pub data: Data,
}

type Execute = dyn Fn(async_graphql::Request) -> BoxFuture<'static, Answer> + Send + Sync;
type Authenticate = dyn Fn(&HeaderMap) -> BoxFuture<'static, Result<Caller, Error>> + Send + Sync;

/// The GraphQL endpoint.
pub struct Endpoint {
    execute: Box<Execute>,
    authenticate: Box<Authenticate>,
    pipeline: Pipeline,
    settings: Settings,
    tasks: TaskTracker,
}

impl Endpoint {
    /// An endpoint for a schema.
    ///
    /// `authenticate` says who is calling. `tasks` holds the mutations that are running: they go on
    /// when their client goes away, so whoever stops the service waits for them.
    pub fn new<F>(
        schema: impl Executor,
        pipeline: Pipeline,
        settings: Settings,
        tasks: TaskTracker,
        authenticate: F,
    ) -> Self
    where
        F: Fn(&HeaderMap) -> BoxFuture<'static, Result<Caller, Error>> + Send + Sync + 'static,
    {
        Self {
            execute: Box::new(move |request| {
                let schema = schema.clone();
                Box::pin(crate::graphql::execute(schema, request))
            }),
            authenticate: Box::new(authenticate),
            pipeline,
            settings,
            tasks,
        }
    }

    /// Answers one request. Never panics, and never takes longer than the time for a request.
    pub async fn serve(self: Arc<Self>, request: Request) -> Response {
        let request_id = request
            .extensions()
            .get::<RequestId>()
            .map_or_else(String::new, |id| id.0.clone());
        let profile = self.settings.profile;
        let Some(media) = negotiate::media(request.headers(), profile) else {
            let refusal = Refusal::new(
                StatusCode::NOT_ACCEPTABLE,
                Code::BadRequest,
                "Answers are `application/graphql-response+json` or `application/json`; the header \
                 `Accept` allows neither.",
            );
            return refusal.respond(profile, Media::Json, &request_id);
        };
        let answered = AssertUnwindSafe(self.answer(request, &request_id))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| {
                tracing::error!(request_id, "a request panicked before its execution");
                Err(Refusal::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    Code::Internal,
                    crate::graphql::error::INTERNAL,
                ))
            });
        match answered {
            Ok(response) => answer::executed(response, profile, media),
            Err(refusal) => refusal.respond(profile, media, &request_id),
        }
    }

    async fn answer(
        self: &Arc<Self>,
        request: Request,
        request_id: &str,
    ) -> Result<Answer, Refusal> {
        let deadline = Instant::now() + self.settings.request_timeout;
        let method = Verb::of(request.method())?;
        negotiate::json_body(request.headers(), method != Verb::Get).map_err(|message| {
            Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Code::BadRequest,
                message,
            )
        })?;

        let caller = tokio::time::timeout_at(deadline, (self.authenticate)(request.headers()))
            .await
            .map_err(|_| self.too_slow())?
            .map_err(|error| Refusal::authentication(error, request_id))?;

        let asks_for_cost = request
            .headers()
            .get(COST_HEADER)
            .is_some_and(|value| value == "1");
        let parameters = self.parameters(method, request, deadline).await?;
        let prepared = self.prepare(parameters, method, &caller)?;
        let cost = prepared.cost;
        let mut answer = self.run(prepared, caller, deadline, request_id).await?;
        answer.errors = present(answer.errors, request_id);
        if asks_for_cost {
            let actual = count_fields(&answer.data);
            answer.extensions.insert(
                "cost".to_owned(),
                async_graphql::value!({ "estimated": cost, "actual": actual }),
            );
        }
        Ok(answer)
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
        let body = tokio::time::timeout_at(deadline, body)
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

    /// Everything before execution.
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
            .map_err(|error| Refusal::graphql(error.kind.into(), error.errors))?;
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

    /// The execution: within the time, and whatever happens in a resolver.
    async fn run(
        self: &Arc<Self>,
        prepared: Prepared,
        caller: Caller,
        deadline: Instant,
        request_id: &str,
    ) -> Result<Answer, Refusal> {
        let is_mutation = prepared.is_mutation;
        let mut request = prepared.request;
        request.data = caller.data;
        let execution = (self.execute)(request);
        let execution =
            AssertUnwindSafe(tokio::time::timeout_at(deadline, execution)).catch_unwind();
        let outcome = if is_mutation {
            // A task of its own: a client that goes away stops no mutation half-way.
            let task = self.tasks.spawn(execution.in_current_span());
            match task.await {
                Ok(outcome) => outcome,
                Err(stopped) => Err(Box::new(stopped.to_string()) as _),
            }
        } else {
            execution.await
        };
        match outcome {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(self.too_slow()),
            Err(_) => {
                tracing::error!(request_id, "an execution panicked");
                Err(Refusal::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    Code::Internal,
                    crate::graphql::error::INTERNAL,
                ))
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

/// The methods that are served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
    /// The method `QUERY`: a body like POST, and safe like GET.
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

/// How many fields an answer holds: what it really cost, in the unit of the estimate.
fn count_fields(data: &async_graphql::Value) -> usize {
    use async_graphql::Value;
    match data {
        Value::Object(fields) => fields.len() + fields.values().map(count_fields).sum::<usize>(),
        Value::List(items) => items.iter().map(count_fields).sum(),
        // What was written already; read only for those who ask for the cost.
        Value::Binary(json) => serde_json::from_slice(json).map_or(0, |value| count_fields(&value)),
        _ => 0,
    }
}
