//! `waymark openapi`

use super::{Outcome, print};

/// Prints the OpenAPI document of the REST surface.
///
/// # Errors
/// If standard output cannot be written to.
pub fn run() -> Outcome {
    print(crate::http::rest::openapi::json().trim_end())
}
