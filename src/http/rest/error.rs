//! What goes wrong, as the clients of this surface know it: one table of statuses and bodies.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::error::{Error, Problem, ProblemCode};
use crate::http::turns::{self, Overloaded};
use crate::metrics;

/// A request that cannot be as it is, and how to mend it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "error": "`platform_key` is missing.",
    "code": "REQUIRED",
    "fields": { "platform_key": ["`platform_key` is missing."] }
}))]
pub(super) struct BadRequest {
    /// What is wrong, for people; of several things the first.
    pub(super) error: String,
    /// The same, for programs.
    pub(super) code: Code,
    /// What is wrong with each field or parameter.
    pub(super) fields: BTreeMap<String, Vec<String>>,
}

/// Why a request was refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "detail": "You do not have permission to do this on this platform." }))]
pub(super) struct Detail {
    /// For people.
    pub(super) detail: String,
}

/// A fault of the service. The id finds it in the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "error": "Internal server error.",
    "request_id": "5b1c0f0e8f0c4f6f9d5a7c3e2b1a0987"
}))]
pub(super) struct Fault {
    /// For people.
    pub(super) error: String,
    /// As in the header `x-request-id`.
    pub(super) request_id: String,
}

/// What a client can mend, for programs.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(example = "USER_NOT_FOUND")]
pub(super) enum Code {
    Required,
    Invalid,
    TooLong,
    LimitExceeded,
    ProgramNotFound,
    UserNotFound,
    GroupNotFound,
    SuggestionNotFound,
    PlatformMismatch,
    AmbiguousUser,
    OutOfScope,
    Conflict,
    IdempotencyKeyReused,
    Aborted,
}

impl From<ProblemCode> for Code {
    fn from(code: ProblemCode) -> Self {
        match code {
            ProblemCode::Required => Self::Required,
            ProblemCode::Invalid => Self::Invalid,
            ProblemCode::TooLong => Self::TooLong,
            ProblemCode::LimitExceeded => Self::LimitExceeded,
            ProblemCode::ProgramNotFound => Self::ProgramNotFound,
            ProblemCode::UserNotFound => Self::UserNotFound,
            ProblemCode::GroupNotFound => Self::GroupNotFound,
            ProblemCode::SuggestionNotFound => Self::SuggestionNotFound,
            ProblemCode::PlatformMismatch => Self::PlatformMismatch,
            ProblemCode::AmbiguousUser => Self::AmbiguousUser,
            ProblemCode::OutOfScope => Self::OutOfScope,
            ProblemCode::Conflict => Self::Conflict,
            ProblemCode::IdempotencyKeyReused => Self::IdempotencyKeyReused,
            ProblemCode::Aborted => Self::Aborted,
        }
    }
}

/// One thing that is wrong with a request, in the words of this surface.
#[derive(Debug, Clone)]
pub(super) struct Complaint {
    pub(super) code: ProblemCode,
    /// The field or parameter; none where it is the request as a whole.
    pub(super) field: Option<String>,
    pub(super) message: String,
}

impl Complaint {
    pub(super) fn new(code: ProblemCode, field: &str, message: impl Into<String>) -> Self {
        Self {
            code,
            field: Some(field.to_owned()),
            message: message.into(),
        }
    }

    pub(super) fn of_all(code: ProblemCode, message: impl Into<String>) -> Self {
        Self {
            code,
            field: None,
            message: message.into(),
        }
    }

    /// A problem that the domain found. `user_field` is how the request named the user.
    pub(super) fn of(problem: &Problem, user_field: &str) -> Self {
        Self {
            code: problem.code,
            field: field(&problem.field, user_field),
            message: respell(&problem.message),
        }
    }

    /// The other way: an item that could not be read, as it goes through the domain.
    pub(super) fn into_problem(self) -> Problem {
        Problem {
            code: self.code,
            message: self.message,
            field: self.field.into_iter().collect(),
        }
    }
}

/// The name that a path into the input has here.
fn field(path: &[String], user_field: &str) -> Option<String> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    Some(match path.as_slice() {
        [] => return None,
        ["user"] => user_field.to_owned(),
        ["user", part] => (*part).to_owned(),
        ["group", ..] => "group_id".to_owned(),
        ["items" | "suggestions", ..] => "suggestion_data".to_owned(),
        [first, ..] => respell(first),
    })
}

/// The domain speaks of its input in the words of the GraphQL schema.
fn respell(text: &str) -> String {
    const WORDS: [(&str, &str); 6] = [
        ("platformKey", "platform_key"),
        ("platformOrg", "platform_org"),
        ("programKey", "program_key"),
        ("departmentMode", "department_mode"),
        ("suggestedBy", "suggested_by"),
        ("pageSize", "page_size"),
    ];
    WORDS.iter().fold(text.to_owned(), |text, (theirs, ours)| {
        text.replace(theirs, ours)
    })
}

/// Why a request is not done.
#[derive(Debug)]
pub(super) enum Refusal {
    /// 400.
    Bad(Vec<Complaint>),
    /// Another status, with a sentence.
    Status(StatusCode, String),
    /// What the domain says.
    Error(Error),
    /// Too many requests at the same time.
    Overloaded,
}

impl From<Overloaded> for Refusal {
    fn from(_: Overloaded) -> Self {
        Self::Overloaded
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Complaint> for Refusal {
    /// What lies outside the caller's departments is forbidden; everything else can be mended.
    fn from(complaint: Complaint) -> Self {
        match complaint.code {
            ProblemCode::OutOfScope => Self::Status(StatusCode::FORBIDDEN, complaint.message),
            _ => Self::Bad(vec![complaint]),
        }
    }
}

/// An error to be logged and answered where the id of the request is known.
#[derive(Debug, Clone)]
pub(super) struct Unexplained(pub(super) Error);

/// Tells log and metrics the code that a refusal has in GraphQL. What a caller can mend is no error there.
pub(super) fn note(code: &'static str) {
    metrics::note(|notes| {
        let _first = notes.code.set(code.to_owned());
    });
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Self::Error(error) = &self {
            note(error.code());
        }
        match self {
            Self::Bad(complaints) => bad_request(complaints),
            Self::Status(status, message) => detail(status, message),
            Self::Overloaded => {
                note("OVERLOADED");
                later(StatusCode::SERVICE_UNAVAILABLE, turns::OVERLOADED)
            }
            Self::Error(error) => match error {
                Error::Unauthenticated(_) => {
                    let mut response = detail(
                        StatusCode::UNAUTHORIZED,
                        "Credentials are missing or not accepted: send `Authorization: Api-Token KEY`.",
                    );
                    response.headers_mut().insert(
                        header::WWW_AUTHENTICATE,
                        HeaderValue::from_static("Api-Token"),
                    );
                    response
                }
                Error::Forbidden(message) => detail(StatusCode::FORBIDDEN, respell(&message)),
                Error::NotFound(message) => detail(StatusCode::NOT_FOUND, message),
                Error::BadInput { message, field } => bad_request(vec![Complaint {
                    code: ProblemCode::Invalid,
                    field: field.map(respell),
                    message: respell(&message),
                }]),
                Error::InvalidCursor(message) | Error::InvalidId(message) => {
                    bad_request(vec![Complaint::of_all(ProblemCode::Invalid, message)])
                }
                Error::RateLimited => later(
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many requests in a short time: wait a second.",
                ),
                Error::Unavailable(_) | Error::Crossed(_) | Error::Internal(_) => {
                    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
                    response.extensions_mut().insert(Unexplained(error));
                    response
                }
            },
        }
    }
}

fn bad_request(complaints: Vec<Complaint>) -> Response {
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for complaint in &complaints {
        if let Some(field) = &complaint.field {
            fields
                .entry(field.clone())
                .or_default()
                .push(complaint.message.clone());
        }
    }
    let first = complaints.into_iter().next();
    let (code, error) = first.map_or_else(
        || (ProblemCode::Invalid, "The request is not valid.".to_owned()),
        |complaint| (complaint.code, complaint.message),
    );
    let body = BadRequest {
        error,
        code: code.into(),
        fields,
    };
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

pub(super) fn detail(status: StatusCode, detail: impl Into<String>) -> Response {
    let detail = detail.into();
    (status, Json(Detail { detail })).into_response()
}

/// Answers and logs an error that is not for clients.
pub(super) fn explain(error: &Error, request_id: &str) -> Response {
    if let Error::Unavailable(reason) | Error::Crossed(reason) = error {
        tracing::warn!(reason, "the database is away");
        later(
            StatusCode::SERVICE_UNAVAILABLE,
            "The service cannot answer just now: try again shortly.",
        )
    } else {
        tracing::error!(%error, "internal error");
        let body = Fault {
            error: "Internal server error.".to_owned(),
            request_id: request_id.to_owned(),
        };
        (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
    }
}

/// Trying again later helps.
pub(super) fn later(status: StatusCode, message: &str) -> Response {
    let mut response = detail(status, message);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// The refusals that every operation may answer with, as the document shows them.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Refusal` answers")]
pub(super) enum Refusals {
    /// The request is not as it should be, or names what does not exist.
    #[response(status = 400)]
    Bad(BadRequest),
    /// No credentials, or wrong ones.
    #[response(status = 401, headers(("WWW-Authenticate" = String, description = "`Api-Token`.")))]
    Unauthenticated(Detail),
    /// This is not yours to do.
    #[response(status = 403)]
    Forbidden(Detail),
    /// Too many requests in a short time, where the service limits them.
    #[response(status = 429, headers(("Retry-After" = String, description = "In so many seconds.")))]
    TooMany(Detail),
    /// A fault of the service.
    #[response(status = 500)]
    Fault(Fault),
    /// The service cannot answer just now.
    #[response(status = 503, headers(("Retry-After" = String, description = "In so many seconds.")))]
    Unavailable(Detail),
}

/// The refusals of operations that take a body.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes what `Refusal` answers")]
pub(super) enum BodyRefusals {
    /// The body is too long.
    #[response(status = 413)]
    TooLong(Detail),
    /// The body is of another type, or in another encoding.
    #[response(status = 415)]
    Unsupported(Detail),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_internal_stays_inside() {
        let told = async |error: Error| {
            let response = explain(&error, "the-id");
            let status = response.status().as_u16();
            let later = response.headers().contains_key(header::RETRY_AFTER);
            let body = axum::body::to_bytes(response.into_body(), 1000)
                .await
                .unwrap();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert!(!body.to_string().contains("secret"), "{body}");
            (status, later, body)
        };
        let (status, later, body) = told(Error::internal("a secret")).await;
        assert_eq!((status, later), (500, false));
        assert_eq!(body["request_id"], "the-id");
        assert!(body["error"].is_string());
        let (status, later, body) = told(Error::Unavailable("a secret".to_owned())).await;
        assert_eq!((status, later), (503, true));
        assert!(body["detail"].is_string());
        let response = Refusal::from(Error::RateLimited).into_response();
        assert_eq!(response.status(), 429);
    }

    #[test]
    fn fields_have_the_names_of_this_surface() {
        let name = |path: &[&str]| {
            let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
            field(&path, "user_id")
        };
        assert_eq!(name(&[]), None);
        for (path, expected) in [
            (&["programKey"][..], "program_key"),
            (&["user"], "user_id"),
            (&["user", "email"], "email"),
            (&["group"], "group_id"),
            (&["suggestedBy", "username"], "suggested_by"),
            (&["items"], "suggestion_data"),
            (&["metadata"], "metadata"),
        ] {
            assert_eq!(name(path).as_deref(), Some(expected));
        }
    }
}
