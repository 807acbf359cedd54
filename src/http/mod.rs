//! The doors.

pub mod graphql;

/// The id of a request, as every answer and every log line about it carries it.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);
