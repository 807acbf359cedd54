//! Log lines on standard error, and traces to a collector.

mod otlp;

use std::io::IsTerminal as _;

use tracing_subscriber::filter::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::error::{Error, Result};

pub use otlp::Traces;

/// Quiet unless they are asked for: what they tell at their usual level is told by the service itself.
const QUIET: [&str; 2] = ["sqlx=warn", "sea_orm_migration=warn"];

/// Sends log lines and panics to standard error from now on.
///
/// # Errors
/// [`Error::Internal`] for a level that the configuration should not have let through.
pub fn start(log: &Log) -> Result<()> {
    // What the configuration says of a module comes later, and wins.
    let directives = format!("{},{}", QUIET.join(","), log.level);
    let filter = EnvFilter::builder()
        .parse(&directives)
        .map_err(|error| Error::internal(format!("log.level: {error}")))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // Only the first call of a process counts; that suffices, because there is one standard error.
    let _started = match log.format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let said = panic.payload_as_str().unwrap_or("nothing");
        let place = panic.location().map(ToString::to_string);
        tracing::error!(said, place, "panic");
    }));
    Ok(())
}
