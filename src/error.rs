//! What can go wrong, in the service's own words. The doors turn these into codes and statuses, each
//! in one table; nothing below a door knows of HTTP or GraphQL.

use std::fmt;
use std::sync::Arc;

/// Why a request, as a whole, was not answered.
#[derive(Debug, Clone)]
pub enum Error {
    /// No credentials, or credentials that are wrong. The reason is for the log; a caller is told
    /// only that the credentials were not accepted.
    Unauthenticated(String),
    /// The caller is known and may not do this.
    Forbidden(String),
    /// What the caller named does not exist, or not for this caller.
    NotFound(String),
    /// The caller can mend it: says what is wrong, where, and what would be right.
    BadInput {
        message: String,
        /// The name of the argument or field, in the door's own spelling where it is known.
        field: Option<&'static str>,
    },
    /// A cursor that this list, in this order, did not give out.
    InvalidCursor(String),
    /// An opaque id that is malformed or of another type.
    InvalidId(String),
    /// Too many requests in a short time; a second later helps.
    RateLimited,
    /// The database is away or too busy; trying again later helps.
    Unavailable(String),
    /// Two transactions waited for each other, and the database ended this one; done again it gets
    /// through, which is tried before anybody is told.
    Crossed(String),
    /// A fault of ours. The text is for the log only.
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

/// The result of everything that can fail as a whole.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Bad input at a named argument or field.
    pub fn bad_input(field: &'static str, message: impl Into<String>) -> Self {
        Self::BadInput {
            message: message.into(),
            field: Some(field),
        }
    }

    /// The code, in logs, metrics and GraphQL.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::BadInput { .. } => "BAD_USER_INPUT",
            Self::InvalidCursor(_) => "INVALID_CURSOR",
            Self::InvalidId(_) => "INVALID_ID",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable(_) | Self::Crossed(_) => "SERVICE_UNAVAILABLE",
            Self::Internal(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    /// A fault of ours, described for the log.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::Internal(Box::<dyn std::error::Error + Send + Sync>::from(message.into()).into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated(text)
            | Self::Forbidden(text)
            | Self::NotFound(text)
            | Self::InvalidCursor(text)
            | Self::InvalidId(text)
            | Self::Unavailable(text)
            | Self::Crossed(text) => f.write_str(text),
            Self::RateLimited => f.write_str("Too many requests in a short time."),
            Self::BadInput { message, .. } => f.write_str(message),
            Self::Internal(source) => write!(f, "{source}"),
        }
    }
}

impl std::error::Error for Error {}

/// What is wrong with one item of a request, or with its input as a whole, that a person can mend.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Problem {
    pub code: ProblemCode,
    pub message: String,
    /// The path into the item, in the words of the GraphQL schema, e.g. `["user", "email"]`.
    pub field: Vec<String>,
}

impl Problem {
    /// A problem at a path.
    pub fn new(code: ProblemCode, field: &[&str], message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: field.iter().map(|part| (*part).to_owned()).collect(),
        }
    }
}

/// The codes of [`Problem`]; REST's `error_codes` are these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProblemCode {
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
