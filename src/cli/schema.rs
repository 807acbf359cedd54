//! `waymark schema`

use clap::Args;

use super::{Outcome, print};
use crate::graphql;

/// What `schema` takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// The schema of a subgraph of Apollo Federation 2, for a gateway to compose
    #[arg(long)]
    federation: bool,
}

/// Prints the schema in its own language.
///
/// # Errors
/// If standard output cannot be written to.
pub fn run(flags: &Flags) -> Outcome {
    let sdl = if flags.federation {
        graphql::federation::sdl()
    } else {
        graphql::schema_sdl()
    };
    print(sdl.trim_end())
}
