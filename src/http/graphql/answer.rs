//! Turns the outcome of a request into an HTTP response: status and body.

use std::collections::BTreeMap;

use async_graphql::{ServerError, Value};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Profile;
use super::negotiate::Media;
use crate::error::Error;
use crate::graphql::error::{Code, code_of, coded, present, with_code};
use crate::graphql::json::Json;

/// `Retry-After` while the database is unavailable, in seconds.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// A request that is not executed.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The status for `application/graphql-response+json`.
    status: StatusCode,
    /// The status in the profile `strict`.
    strict: StatusCode,
    /// Whether the request was GraphQL, so that older clients expect 200.
    graphql: bool,
    errors: Vec<ServerError>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal with its status, whatever the profile.
    pub(super) fn new(status: StatusCode, code: Code, message: impl Into<String>) -> Self {
        Self {
            status,
            strict: status,
            graphql: false,
            errors: vec![coded(code, message)],
            headers: Vec::new(),
        }
    }

    /// A GraphQL request that was not executed, with errors of one code.
    pub(super) fn graphql(code: Code, errors: Vec<ServerError>) -> Self {
        let strict = match code {
            Code::ParseFailed => StatusCode::BAD_REQUEST,
            Code::Forbidden => StatusCode::FORBIDDEN,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let status = match code {
            Code::Forbidden => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            strict,
            graphql: code != Code::BadRequest,
            errors: errors
                .into_iter()
                .map(|error| with_code(error, code))
                .collect(),
            headers: Vec::new(),
        }
    }

    pub(super) fn first(&self) -> Option<&ServerError> {
        self.errors.first()
    }

    pub(super) fn authentication(error: Error, request_id: &str) -> Self {
        let (status, header) = match &error {
            // The reason is already logged.
            Error::Unauthenticated(_) => (
                StatusCode::UNAUTHORIZED,
                Some((WWW_AUTHENTICATE, HeaderValue::from_static("Api-Token"))),
            ),
            Error::RateLimited => (
                StatusCode::TOO_MANY_REQUESTS,
                Some((RETRY_AFTER, HeaderValue::from_static("1"))),
            ),
            Error::Unavailable(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                Some((RETRY_AFTER, RETRY_AFTER_SECONDS)),
            ),
            Error::Forbidden(_) => (StatusCode::FORBIDDEN, None),
            Error::BadInput { .. } => (StatusCode::BAD_REQUEST, None),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, None),
        };
        let error = async_graphql::Error::new_with_source(error);
        let mut error = error.into_server_error(async_graphql::Pos::default());
        error.locations.clear();
        Self {
            status,
            strict: status,
            graphql: false,
            errors: present(vec![error], request_id),
            headers: header.into_iter().collect(),
        }
    }

    /// Whether the request was GraphQL and could not be executed.
    pub(super) fn is_graphql(&self) -> bool {
        self.graphql
    }

    /// The errors as they are told.
    pub(super) fn into_errors(self, request_id: &str) -> Vec<ServerError> {
        present(self.errors, request_id)
    }

    pub(super) fn message(&self) -> &str {
        self.errors.first().map_or("", |error| &error.message)
    }

    /// Another status in the profile `strict`.
    pub(super) fn strictly(mut self, status: StatusCode) -> Self {
        self.strict = status;
        self
    }

    pub(super) fn header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    /// The response. It has no `data`.
    pub(super) fn respond(self, profile: Profile, media: Media, request_id: &str) -> Response {
        let status = match (profile, media) {
            (Profile::Strict, _) => self.strict,
            (Profile::Compat, Media::Json) if self.graphql => StatusCode::OK,
            (Profile::Compat, _) => self.status,
        };
        let body = Body {
            errors: present(self.errors, request_id),
            data: None,
            extensions: BTreeMap::new(),
        };
        let mut response = body.respond(status, profile, media);
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        response
    }
}

/// The response to an executed operation, whose errors are public already.
pub(super) fn executed(
    response: async_graphql::Response,
    profile: Profile,
    media: Media,
) -> Response {
    let unavailable = |error| code_of(error) == Some(Code::Unavailable.as_str());
    let away = !response.errors.is_empty()
        && response.errors.iter().all(unavailable)
        && holds_nothing(&response.data);
    let status = if away {
        StatusCode::SERVICE_UNAVAILABLE
    } else if !response.errors.is_empty()
        && profile == Profile::Strict
        && media == Media::GraphqlResponse
    {
        partial_success()
    } else {
        StatusCode::OK
    };
    let body = Body {
        errors: response.errors,
        // Without any data, this is no partial success.
        data: (!away).then_some(response.data),
        extensions: response.extensions,
    };
    let mut answer = body.respond(status, profile, media);
    if away {
        answer
            .headers_mut()
            .insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    answer
}

/// A response as JSON, its errors being public already. Without `data` for a request that was not executed.
pub(super) fn json(errors: Vec<ServerError>, executed: Option<async_graphql::Response>) -> Vec<u8> {
    let (data, extensions) = executed.map_or((None, BTreeMap::new()), |response| {
        (Some(response.data), response.extensions)
    });
    let body = Body {
        errors,
        data,
        extensions,
    };
    body.json().unwrap_or_else(|error| {
        tracing::error!("an answer could not be written as JSON: {error}");
        Vec::new()
    })
}

/// Whether all root fields are null.
fn holds_nothing(data: &Value) -> bool {
    match data {
        Value::Null => true,
        Value::Object(fields) => fields.values().all(|value| *value == Value::Null),
        _ => false,
    }
}

/// 294, a status of the current draft.
fn partial_success() -> StatusCode {
    StatusCode::from_u16(294).unwrap_or(StatusCode::OK)
}

/// The body of a response. Errors come first, as the specification recommends.
struct Body {
    errors: Vec<ServerError>,
    data: Option<Value>,
    extensions: BTreeMap<String, Value>,
}

impl Body {
    fn respond(&self, status: StatusCode, profile: Profile, media: Media) -> Response {
        // By the current draft, failures have the GraphQL media type even for older clients.
        let media = match profile {
            Profile::Strict if !status.is_success() => Media::GraphqlResponse,
            _ => media,
        };
        let bytes = match self.json() {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!("an answer could not be written as JSON: {error}");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        };
        (
            status,
            [
                (CONTENT_TYPE, HeaderValue::from_static(media.content_type())),
                (VARY, HeaderValue::from_static("Accept")),
                (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            bytes,
        )
            .into_response()
    }

    fn json(&self) -> serde_json::Result<Vec<u8>> {
        let mut json = Json::default();
        json.open('{');
        if !self.errors.is_empty() {
            json.key("errors");
            json.raw(&serde_json::to_string(&self.errors)?);
        }
        if let Some(data) = &self.data {
            json.key("data");
            json.value(data);
        }
        if !self.extensions.is_empty() {
            json.key("extensions");
            json.open('{');
            for (name, value) in &self.extensions {
                json.key(name);
                json.value(value);
            }
            json.close('}');
        }
        json.close('}');
        Ok(json.into_bytes())
    }
}
