//! `waymark token`

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use clap::Subcommand;

use super::api_key::positive_duration;
use super::{Failure, Global, Outcome, database_options, print};
use crate::auth::{Subject, jwt};
use crate::clock;
use crate::config::Config;
use crate::db::{Db, access, migrate};

/// The longest that the database may take to say whether it knows the user.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(2);

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints a bearer token for a user, signed with the configured secret
    ///
    /// For development. Where tokens are checked with a key set, only its owner can issue them.
    Issue {
        /// The user, who should be in the database. Digits are an id first and a username second
        #[arg(long, value_name = "USERNAME")]
        user: String,
        /// How long it is good for, as in 15m
        #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = positive_duration, allow_hyphen_values = true)]
        expires_in: Duration,
    },
}

/// Prints the token. A user that the database does not know is worth a warning, not a failure: a
/// token can be issued before the user is imported, and where the database cannot be reached.
///
/// # Errors
/// A wrong configuration, or one without a secret.
pub async fn run(global: Global, command: Command) -> Outcome {
    let config = global.quiet_configuration()?;
    let Command::Issue { user, expires_in } = command;
    if user.is_empty() {
        return Err(Failure::Usage("--user must name somebody".to_owned()));
    }
    let token =
        jwt::issue(&config.auth.jwt, &user, clock::now(), expires_in).map_err(Failure::Usage)?;
    let warning = match tokio::time::timeout(LOOKUP_TIMEOUT, is_known(&config, &user)).await {
        Ok(Ok(true)) => None,
        Ok(Ok(false)) => Some(format!(
            "the database has no user {user:?}, or several with this e-mail: the service refuses this token"
        )),
        Ok(Err(reason)) => Some(format!(
            "whether there is a user {user:?} is not known: {reason}"
        )),
        Err(_) => Some(format!(
            "whether there is a user {user:?} is not known: the database takes too long to answer"
        )),
    };
    if let Some(warning) = warning {
        // Where standard error is closed there is nobody to tell.
        let _told = writeln!(io::stderr(), "waymark: warning: {warning}");
    }
    print(&token)
}

/// Whether the configured database has this user. Never creates a SQLite file.
async fn is_known(config: &Config, user: &str) -> Result<bool, String> {
    if let Some(path) = config.database_url.expose().strip_prefix("sqlite://") {
        let path = path.split('?').next().unwrap_or_default();
        if !Path::new(path).exists() {
            return Err(format!(
                "there is no database {path}; choose another with --database-url"
            ));
        }
    }
    let db = Db::connect(&database_options(config))
        .await
        .map_err(|error| error.to_string())?;
    let found = async {
        migrate::refuse_newer(&db).await?;
        access::user_by_subject(&db, &Subject(user.to_owned())).await
    }
    .await;
    db.close().await;
    found
        .map(|user| user.is_some())
        .map_err(|error| error.to_string())
}
