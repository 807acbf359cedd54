//! `waymark token`

use std::time::Duration;

use clap::Subcommand;

use super::api_key::positive_duration;
use super::{Failure, Global, Outcome, print};
use crate::auth::jwt;
use crate::clock;

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints a bearer token for a user, signed with the configured secret
    ///
    /// For development. Where tokens are checked with a key set, only its owner can issue them.
    Issue {
        /// Whom it is for. A username of digits only is taken for an id first
        #[arg(long, value_name = "USERNAME")]
        user: String,
        /// How long it is good for, as in 15m
        #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = positive_duration, allow_hyphen_values = true)]
        expires_in: Duration,
    },
}

/// Does it.
///
/// # Errors
/// A wrong configuration, or one without a secret.
pub fn run(global: Global, command: Command) -> Outcome {
    let config = global.quiet_configuration()?;
    let Command::Issue { user, expires_in } = command;
    if user.is_empty() {
        return Err(Failure::Usage("--user must name somebody".to_owned()));
    }
    let token =
        jwt::issue(&config.auth.jwt, &user, clock::now(), expires_in).map_err(Failure::Usage)?;
    print(&token)
}
