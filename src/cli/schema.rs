//! `waymark schema`

use super::{Outcome, print};

/// Prints the schema in its own language.
///
/// # Errors
/// If standard output cannot be written to.
pub fn run() -> Outcome {
    print(crate::graphql::schema_sdl().trim_end())
}
