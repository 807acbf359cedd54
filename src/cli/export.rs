//! `waymark export`

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::Args;

use super::{Failure, Global, Outcome, with_database};
use crate::transfer::{self, ExportError};

/// What `export` takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// Only the platform with this key, and the users it has to do with
    #[arg(long, value_name = "KEY")]
    platform: Option<String>,
    /// Write to this file, once everything is read, in place of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes everything out.
///
/// # Errors
/// A wrong configuration, an unknown platform, a file that cannot be written, and those of the
/// database.
pub async fn run(global: Global, flags: Flags) -> Outcome {
    let config = global.quiet_configuration()?;
    let platform = flags.platform.as_deref();
    with_database(&config, async |db| match &flags.output {
        None => {
            let mut out = BufWriter::new(io::stdout());
            match transfer::export(db, platform, &mut out).await {
                // A reader who has seen enough.
                Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
                    // What is left in the buffer has nowhere to go.
                    let _unread = out.into_parts();
                    Ok(())
                }
                done => done.map_err(|error| failure(error, "standard output")),
            }
        }
        Some(path) => {
            // Beside it first: a file of that name is whole, or the old one.
            let mut name = path.clone().into_os_string();
            name.push(".partial");
            let partial = PathBuf::from(name);
            let shown = path.display().to_string();
            let written = async {
                let mut out = BufWriter::new(File::create(&partial)?);
                transfer::export(db, platform, &mut out).await?;
                out.flush()?;
                out.get_ref().sync_all()?;
                fs::rename(&partial, path)?;
                Ok(())
            }
            .await;
            if written.is_err() {
                // It may not even be there; the first failure is the one to tell.
                let _removed = fs::remove_file(&partial);
            }
            written.map_err(|error| failure(error, &shown))
        }
    })
    .await
}

fn failure(error: ExportError, place: &str) -> Failure {
    match error {
        ExportError::Failed(error) => Failure::Failed(error.to_string()),
        ExportError::Write(error) => Failure::Failed(format!("cannot write to {place}: {error}")),
    }
}
