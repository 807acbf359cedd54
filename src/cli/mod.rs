//! The command line: one module a command, each with its flags and a `run` that does the work.

pub mod api_key;
pub mod backup;
pub mod completions;
pub mod config;
pub mod demo;
pub mod export;
pub mod import;
pub mod man;
pub mod migrate;
pub mod openapi;
pub mod schema;
pub mod serve;
pub mod token;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand};

use crate::config::{Config, ConfigError, Flag};
use crate::db::{self, Db};
use crate::error::Error;
use crate::telemetry;

/// What `--version` says after the name.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let version = env!("CARGO_PKG_VERSION");
    match crate::COMMIT {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    }
});

/// Program suggestions for learning platforms, over GraphQL and REST.
///
/// Without a configuration everything is kept in the SQLite file waymark.db of the working directory.
/// `waymark config default` prints everything that can be configured.
#[derive(Debug, Parser)]
#[command(name = "waymark", version = VERSION.as_str(), arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The configuration file, in place of waymark.toml in the working directory
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the database is: sqlite://PATH or postgres://...
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves a data set to look at, and prints how to call: nothing to configure
    Demo(demo::Flags),
    /// Serves, until it is told to stop
    Serve(serve::Flags),
    /// Brings the schema of the database up or down
    #[command(subcommand)]
    Migrate(migrate::Command),
    /// Brings the directory and suggestions in, from NDJSON or CSV
    #[command(after_long_help = import::FORMAT)]
    Import(import::Flags),
    /// Writes everything but keys as NDJSON, for import
    Export(export::Flags),
    /// Copies a SQLite database to a file, also while it is served
    Backup(backup::Flags),
    /// Makes, lists and revokes API keys
    #[command(subcommand)]
    ApiKey(api_key::Command),
    /// Issues tokens, for development
    #[command(subcommand)]
    Token(token::Command),
    /// Prints the GraphQL schema
    Schema(schema::Flags),
    /// Prints the OpenAPI document of the REST surface
    Openapi,
    /// Shows and checks the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Prints what a shell needs to complete commands and flags
    Completions(completions::Flags),
    /// Prints the manual page of the program, or of one command
    Man(man::Flags),
}

/// Why a command did not do its work, in words for the person who ran it.
#[derive(Debug)]
pub enum Failure {
    /// Wrong usage or configuration: exit status 2.
    Usage(String),
    /// The work failed: exit status 1.
    Failed(String),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage(format!(
            "the configuration is wrong:\n  {}",
            error.problems.join("\n  ")
        ))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::BadInput { message, .. } => Self::Usage(message),
            Error::Unavailable(reason) => {
                Self::Failed(format!("the database does not answer: {reason}"))
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

/// The result of a command.
pub type Outcome<T = ()> = std::result::Result<T, Failure>;

/// Reads the arguments and runs the command they name.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(help) => {
            // Help that was asked for goes to standard output and is no failure; clap knows.
            let status = u8::try_from(help.exit_code()).unwrap_or(2);
            let _shown = help.print();
            return ExitCode::from(status);
        }
    };
    // The deepest document that is ever executed needs some of it; what is not used costs nothing.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(8 * 1024 * 1024)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return report(&Failure::Failed(format!("no threads: {error}"))),
    };
    let outcome = runtime.block_on(run(arguments));
    // Nothing that still runs in the background is worth waiting for.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report(&failure),
    }
}

async fn run(arguments: Arguments) -> Outcome {
    let global = arguments.global;
    match arguments.command {
        Command::Demo(flags) => demo::run(global, flags).await,
        Command::Serve(flags) => serve::run(global, flags).await,
        Command::Migrate(command) => migrate::run(global, command).await,
        Command::Import(flags) => import::run(global, flags).await,
        Command::Export(flags) => export::run(global, flags).await,
        Command::Backup(flags) => backup::run(global, flags).await,
        Command::ApiKey(command) => api_key::run(global, command).await,
        Command::Token(command) => token::run(global, command).await,
        Command::Schema(flags) => schema::run(&flags),
        Command::Openapi => openapi::run(),
        Command::Config(command) => config::run(global, command).await,
        Command::Completions(flags) => completions::run(&flags),
        Command::Man(flags) => man::run(&flags),
    }
}

fn report(failure: &Failure) -> ExitCode {
    let (status, message) = match failure {
        Failure::Usage(message) => (2, message),
        Failure::Failed(message) => (1, message),
    };
    // Where standard error is closed there is nobody to tell.
    let _told = writeln!(io::stderr(), "waymark: {message}");
    ExitCode::from(status)
}

impl Global {
    /// The configuration, with more flags of the command over it.
    ///
    /// # Errors
    /// [`Failure::Usage`] says everything that is wrong with it.
    pub fn configuration(self, mut flags: Vec<Flag>) -> Outcome<Config> {
        if let Some(url) = self.database_url {
            flags.push(("database_url", url));
        }
        Ok(Config::load(self.config.as_deref(), flags)?)
    }

    /// The configuration, for a command that does its work and ends: it logs only what is wrong,
    /// unless more is asked for.
    ///
    /// # Errors
    /// As [`Global::configuration`].
    pub fn quiet_configuration(self) -> Outcome<Config> {
        let mut config = self.configuration(Vec::new())?;
        if config.log.level == "info" {
            "warn".clone_into(&mut config.log.level);
        }
        telemetry::start(&config.log)?;
        Ok(config)
    }
}

/// What a command keeps of a SQLite file in memory, in MiB: an import changes much of it in one transaction.
const COMMAND_CACHE: u32 = 192;

/// What the database layer needs to know.
pub(crate) fn database_options(config: &Config) -> db::Options {
    db::Options {
        url: config.database_url.expose().to_owned(),
        read_url: config
            .database_read_url
            .as_ref()
            .map(|url| url.expose().to_owned()),
        max_connections: config.database_max_connections,
        write_cache: db::SQLITE_CACHE,
        slow_statement: config.log.slow_statement,
    }
}

/// Does some work with the database and closes it, so that a SQLite file is left whole. A database
/// that was never used is set up first; one that lacks steps of the schema is refused, because only
/// its operator knows when to change it.
///
/// # Errors
/// The work's own, and [`Failure::Failed`] where the database is not as it should be.
pub(crate) async fn with_database<T>(
    config: &Config,
    work: impl AsyncFnOnce(&Db) -> Outcome<T>,
) -> Outcome<T> {
    let options = db::Options {
        write_cache: COMMAND_CACHE,
        ..database_options(config)
    };
    let db = Db::connect(&options).await?;
    let outcome = match set_up(&db).await {
        Ok(()) => work(&db).await,
        Err(failure) => Err(failure),
    };
    db.close().await;
    outcome
}

async fn set_up(db: &Db) -> Outcome {
    let steps = db::migrate::status(db).await?;
    if steps.iter().all(|step| step.applied) {
        Ok(())
    } else if steps.iter().any(|step| step.applied) {
        Err(Failure::Failed(
            "the schema of the database is older than this program: run `waymark migrate up` first"
                .to_owned(),
        ))
    } else {
        db::migrate::up(db).await?;
        Ok(())
    }
}

/// Writes to standard output, with a line break at the end.
///
/// # Errors
/// [`Failure::Failed`] if that cannot be written to; a reader who has seen enough is none.
pub(crate) fn print(text: &str) -> Outcome {
    print_bytes(format!("{text}\n").as_bytes())
}

/// As [`print()`], without a line break.
///
/// # Errors
/// As [`print()`].
pub(crate) fn print_bytes(bytes: &[u8]) -> Outcome {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Failed(format!(
            "standard output cannot be written to: {error}"
        ))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_sound() {
        super::Arguments::command().debug_assert();
    }
}
