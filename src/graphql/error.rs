//! How what went wrong is told to a GraphQL client: one table of codes, and the one place where the
//! errors of an execution get their code, their public text and the request id.
//!
//! Resolvers just use `?` on the domain's results: the executor keeps our [`Error`] as the source of
//! its own, and [`present`] finds it again. Whatever is not known here is a fault of ours: it leaves
//! as `INTERNAL_SERVER_ERROR` with a neutral text, and its own text goes to the log.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, ServerError, Value};

use graphql_operation::RequestErrorKind;

use crate::error::Error;

/// The values of `extensions.code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema.
    ValidationFailed,
    /// A variable or an argument has a value that it may not have.
    BadUserInput,
    /// The HTTP request is not a GraphQL request.
    BadRequest,
    /// The document has no operation of that name, or several and none was named.
    OperationResolution,
    /// Only the hash of a document came, and the document is not known here.
    PersistedQueryNotFound,
    /// Only the hash of a document came, and such requests are not served.
    PersistedQueryNotSupported,
    /// The caller did not say who they are, or it was not accepted.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// What was named does not exist, or not for this caller.
    NotFound,
    /// A cursor that this list, in this order, did not give out.
    InvalidCursor,
    /// An opaque id that is malformed or of another type.
    InvalidId,
    /// The operation asks for too much at once.
    CostLimit,
    /// The operation is nested too deeply.
    DepthLimit,
    /// Too many requests in a short time.
    RateLimited,
    /// Too many requests at the same time: nothing was done.
    Overloaded,
    /// A client did not take what waited for it.
    SlowConsumer,
    /// The time for one request is over.
    Timeout,
    /// The database is away or too busy.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Code {
    /// The name as clients see it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::BadRequest => "BAD_REQUEST",
            Self::OperationResolution => "OPERATION_RESOLUTION_FAILURE",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::InvalidCursor => "INVALID_CURSOR",
            Self::InvalidId => "INVALID_ID",
            Self::CostLimit => "COST_LIMIT_EXCEEDED",
            Self::DepthLimit => "DEPTH_LIMIT_EXCEEDED",
            Self::RateLimited => "RATE_LIMITED",
            Self::Overloaded => "OVERLOADED",
            Self::SlowConsumer => "SLOW_CONSUMER",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "SERVICE_UNAVAILABLE",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }
}

/// The text of a fault of ours.
pub const INTERNAL: &str =
    "Something went wrong on our side. The request id helps us to find out what.";
/// The text while the database is away.
pub const UNAVAILABLE: &str = "The service cannot answer at the moment. Please try again later.";
/// The text for callers who ask too often.
pub const RATE_LIMITED: &str = "Too many requests in a short time. Please try again in a second.";
/// The text for callers who are not known. Why not is for the log only.
pub const UNAUTHENTICATED: &str = "This needs valid credentials: the header `Authorization: \
    Api-Token KEY` with an API key, or `Authorization: Bearer TOKEN` with a JSON Web Token.";

/// An error with a code, before it has a request id.
pub fn coded(code: Code, message: impl Into<String>) -> ServerError {
    with_code(ServerError::new(message, None), code)
}

/// An error with this code.
pub fn with_code(mut error: ServerError, code: Code) -> ServerError {
    set(&mut error, "code", code.as_str());
    error
}

impl From<RequestErrorKind> for Code {
    fn from(kind: RequestErrorKind) -> Self {
        match kind {
            RequestErrorKind::BadRequest => Self::BadRequest,
            RequestErrorKind::Syntax => Self::ParseFailed,
            RequestErrorKind::Validation => Self::ValidationFailed,
            RequestErrorKind::OperationResolution => Self::OperationResolution,
            RequestErrorKind::Variables => Self::BadUserInput,
            RequestErrorKind::CostLimit => Self::CostLimit,
            RequestErrorKind::DepthLimit => Self::DepthLimit,
            RequestErrorKind::NotTrusted => Self::Forbidden,
            RequestErrorKind::PersistedQueryNotFound => Self::PersistedQueryNotFound,
            RequestErrorKind::PersistedQueryNotSupported => Self::PersistedQueryNotSupported,
        }
    }
}

/// Gives every error of an execution its code, its public text and the request id, and writes what
/// is our fault to the log.
pub fn present(errors: Vec<ServerError>, request_id: &str) -> Vec<ServerError> {
    errors
        .into_iter()
        .map(|error| {
            let mut error = public(error, request_id);
            set(&mut error, "requestId", request_id);
            error
        })
        .collect()
}

/// The code of an error that has one.
pub fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

fn set(error: &mut ServerError, name: &str, value: &str) {
    error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default)
        .set(name, value);
}

/// The table of codes and texts.
fn public(mut error: ServerError, request_id: &str) -> ServerError {
    // Loaders share one failure among many fields, so it may come in an `Arc`.
    let source = error.source.take();
    let ours = source.as_ref().and_then(|source| {
        source
            .downcast_ref::<Error>()
            .or_else(|| source.downcast_ref::<Arc<Error>>().map(|shared| &**shared))
    });
    let Some(ours) = ours else {
        if source.is_none() && code_of(&error).is_some() {
            return error;
        }
        if source.is_none() && is_refused_value(&error.message) {
            set(&mut error, "code", Code::BadUserInput.as_str());
            return error;
        }
        log_fault(&error, request_id);
        return coded_like(error, Code::Internal, INTERNAL);
    };
    match ours {
        Error::Unauthenticated(_) => coded_like(error, Code::Unauthenticated, UNAUTHENTICATED),
        Error::Forbidden(text) => coded_like(error, Code::Forbidden, text),
        Error::NotFound(text) => coded_like(error, Code::NotFound, text),
        Error::BadInput { message, field } => {
            let mut error = coded_like(error, Code::BadUserInput, message);
            if let Some(field) = field {
                set(&mut error, "field", field);
            }
            error
        }
        Error::InvalidCursor(text) => coded_like(error, Code::InvalidCursor, text),
        Error::InvalidId(text) => coded_like(error, Code::InvalidId, text),
        Error::RateLimited => coded_like(error, Code::RateLimited, RATE_LIMITED),
        Error::Unavailable(text) | Error::Crossed(text) => {
            tracing::warn!(request_id, path = %path_of(&error), "unavailable: {text}");
            coded_like(error, Code::Unavailable, UNAVAILABLE)
        }
        Error::Internal(_) => {
            log_fault(&error, request_id);
            coded_like(error, Code::Internal, INTERNAL)
        }
    }
}

/// Whether the executor itself wrote this text, about a value that a scalar or a validator refused.
/// Those texts are made for clients, and are the only ones it makes without a source after the
/// document was validated.
fn is_refused_value(message: &str) -> bool {
    message.starts_with("Failed to parse \"") || message.starts_with("Expected input type \"")
}

fn coded_like(error: ServerError, code: Code, message: &str) -> ServerError {
    let mut told = coded(code, message);
    told.locations = error.locations;
    told.path = error.path;
    told
}

fn log_fault(error: &ServerError, request_id: &str) {
    tracing::error!(request_id, path = %path_of(error), "a field failed: {}", error.message);
}

fn path_of(error: &ServerError) -> String {
    let parts: Vec<String> = error
        .path
        .iter()
        .map(|part| match part {
            async_graphql::PathSegment::Field(name) => name.clone(),
            async_graphql::PathSegment::Index(index) => index.to_string(),
        })
        .collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(error: async_graphql::Error) -> (String, Option<String>) {
        let error = error.into_server_error(async_graphql::Pos::default());
        let error = present(vec![error], "r-1").remove(0);
        let id = error.extensions.as_ref().and_then(|e| e.get("requestId"));
        assert_eq!(id, Some(&Value::from("r-1")));
        (error.message.clone(), code_of(&error).map(str::to_owned))
    }

    #[test]
    fn our_errors_keep_their_text_and_get_their_code() {
        let (text, code) = shown(Error::Forbidden("Not yours.".into()).into());
        assert_eq!(
            (text.as_str(), code.as_deref()),
            ("Not yours.", Some("FORBIDDEN"))
        );
        let (text, code) = shown(Arc::new(Error::InvalidId("No id.".into())).into());
        assert_eq!(
            (text.as_str(), code.as_deref()),
            ("No id.", Some("INVALID_ID"))
        );
        for error in [
            Error::Unauthenticated(String::new()),
            Error::Forbidden(String::new()),
            Error::NotFound(String::new()),
            Error::bad_input("field", ""),
            Error::InvalidCursor(String::new()),
            Error::InvalidId(String::new()),
            Error::RateLimited,
            Error::Unavailable(String::new()),
            Error::Crossed(String::new()),
            Error::internal(""),
        ] {
            let code = error.code();
            assert_eq!(shown(error.into()).1.as_deref(), Some(code));
        }
    }

    #[test]
    fn nothing_internal_leaves() {
        for error in [
            async_graphql::Error::from(Error::internal("secret host")),
            async_graphql::Error::from(Error::Unavailable("secret host".into())),
            async_graphql::Error::from(Error::Unauthenticated("secret host".into())),
            async_graphql::Error::from(std::io::Error::other("secret host")),
            async_graphql::Error::new("secret host"),
        ] {
            let (text, code) = shown(error);
            assert!(!text.contains("secret"), "{text}");
            assert!(code.is_some());
        }
    }

    #[test]
    fn a_value_that_a_scalar_refuses_is_the_callers() {
        let refused = async_graphql::InputValueError::<i32>::custom("too big")
            .into_server_error(async_graphql::Pos::default());
        let error = present(vec![refused], "r").remove(0);
        assert_eq!(code_of(&error), Some("BAD_USER_INPUT"));
        assert!(error.message.contains("too big"));
    }
}
