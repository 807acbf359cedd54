//! The GraphQL endpoint, by the specification GraphQL over HTTP.
//!
//! The steps: method, media types, credentials, body, document (see [`graphql_operation`]), execution. The
//! first step that fails answers with a GraphQL error that has a code and the request id, without `data`.
//!
//! No protection against cross-site request forgery is needed: bodies must be `application/json`, which
//! browsers send to other origins only after a preflight, and GET executes queries only.

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
use axum::http::header::{ALLOW, RETRY_AFTER};
use axum::http::{Extensions, HeaderMap, Method, StatusCode};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use graphql_operation::{Label, OperationRequest, Pipeline, Prepared};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use self::answer::Refusal;
use self::negotiate::Media;
use self::request::Parameters;
use super::{Guards, RequestId};
use crate::config::{Introspection, Profile};
use crate::error::Error;
use crate::graphql::error::{Code, code_of, present};
use crate::http::turns::{self, Held, Overloaded};
use crate::metrics::{self, Door, Metrics, Refused};

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

type Execute = dyn Fn(async_graphql::Request) -> BoxFuture<'static, Answer> + Send + Sync;
type Authenticate =
    dyn Fn(&HeaderMap, &Extensions) -> BoxFuture<'static, Result<Caller, Error>> + Send + Sync;

/// The GraphQL endpoint.
pub struct Endpoint {
    execute: Box<Execute>,
    authenticate: Box<Authenticate>,
    pipeline: Pipeline,
    settings: Settings,
    tasks: TaskTracker,
    metrics: Arc<Metrics>,
    guards: Guards,
}

impl Endpoint {
    /// An endpoint for a schema.
    ///
    /// `tasks` tracks running mutations. They continue when their client disconnects, so a shutdown must
    /// wait for them.
    pub(super) fn new<F>(
        schema: impl Executor,
        pipeline: Pipeline,
        settings: Settings,
        tasks: TaskTracker,
        metrics: Arc<Metrics>,
        guards: Guards,
        authenticate: F,
    ) -> Self
    where
        F: Fn(&HeaderMap, &Extensions) -> BoxFuture<'static, Result<Caller, Error>>
            + Send
            + Sync
            + 'static,
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
            metrics,
            guards,
        }
    }

    /// Answers a request. Does not panic and does not exceed the request timeout.
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
        let code = match &answered {
            Ok(response) => response.errors.first(),
            Err(refusal) => refusal.first(),
        }
        .and_then(code_of)
        .map(str::to_owned);
        metrics::note(|notes| {
            notes
                .operation
                .get_or_init(|| (Door::Graphql, "none".to_owned()));
            if let Some(code) = code {
                let _first = notes.code.set(code);
            }
        });
        match answered {
            Ok(response) => answer::executed(response, profile, media),
            Err(refusal) => refusal.respond(profile, media, &request_id),
        }
    }

    /// Tells log and metrics which operation this is.
    fn note(&self, label: &Label, cost: Option<u64>) {
        let name = if label.trusted {
            self.metrics.name(&label.name)
        } else {
            label.name.to_string()
        };
        metrics::note(|notes| {
            let _first = notes.operation.set((Door::Graphql, name));
            if let Some(cost) = cost {
                let _first = notes.cost.set(cost);
            }
        });
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

        let busy = |_: Overloaded| {
            Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                Code::Overloaded,
                turns::OVERLOADED,
            )
            .header(RETRY_AFTER, "1")
        };
        let turn = Held::take(&self.guards.turns).await.map_err(busy)?;
        let caller = tokio::time::timeout_at(
            deadline,
            (self.authenticate)(request.headers(), request.extensions()),
        )
        .await
        .map_err(|_| self.too_slow())?
        .map_err(|error| Refusal::authentication(error, request_id))?;

        let asks_for_cost = request
            .headers()
            .get(COST_HEADER)
            .is_some_and(|value| value == "1");
        let parameters = self.parameters(method, request, deadline);
        let parameters = turn.without(parameters).await.map_err(busy)??;
        let prepared = self.prepare(parameters, method, &caller)?;
        self.guards
            .costs
            .spend(&caller.name, prepared.cost)
            .map_err(|error| {
                self.metrics.refuse(Refused::Cost);
                Refusal::authentication(error, request_id)
            })?;
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

    /// Prepares the operation.
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
                    self.note(label, None);
                }
                Refusal::graphql(error.kind.into(), error.errors)
            })?;
        self.note(&prepared.label, Some(prepared.cost));
        self.metrics.looked_up("documents", prepared.cached);
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
        let is_mutation = prepared.is_mutation;
        let mut request = prepared.request;
        request.data = caller.data;
        let execution = (self.execute)(request);
        let execution =
            AssertUnwindSafe(tokio::time::timeout_at(deadline, execution)).catch_unwind();
        let outcome = if is_mutation {
            // A task of its own continues when the client disconnects.
            let task = self
                .tasks
                .spawn(metrics::carried(execution).in_current_span());
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
