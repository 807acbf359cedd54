//! `waymark backup`

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, Global, Outcome, database_options, print};
use crate::db::{Db, migrate, sqlite_path};

/// What `backup` takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// The file to copy to, which must not exist yet
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Copies the database.
///
/// # Errors
/// [`Failure::Usage`] for PostgreSQL, which has its own program for this; [`Failure::Failed`] if the
/// file exists or cannot be written, and those of the database.
pub async fn run(global: Global, flags: Flags) -> Outcome {
    let config = global.quiet_configuration()?;
    let Some(path) = sqlite_path(config.database_url.expose()) else {
        return Err(Failure::Usage(
            "this copies a SQLite database; for PostgreSQL use pg_dump, as in: pg_dump --format=custom --file=FILE URL"
                .to_owned(),
        ));
    };
    // Connecting would make it.
    if !path.exists() {
        return Err(Failure::Failed(format!(
            "there is no database {}",
            path.display()
        )));
    }
    let file = std::path::absolute(&flags.file)
        .map_err(|error| cannot_write(&flags.file, error.to_string()))?;
    refuse_to_overwrite(&file)?;
    let db = Db::connect(&database_options(&config)).await?;
    let copied = copy(&db, &file).await;
    db.close().await;
    let bytes = copied?;
    print(&format!("copied {bytes} bytes to {}", flags.file.display()))
}

/// Copies beside the file first: a file of that name is whole. Answers its length in bytes.
async fn copy(db: &Db, file: &Path) -> Outcome<u64> {
    migrate::refuse_newer(db).await?;
    let mut name = file.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    // Readable by its owner alone: it holds names and addresses. Making it is also what tells two
    // backups to one file apart.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&partial)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => Failure::Failed(format!(
                "{} exists: another backup is being written, or one was broken off; remove it then",
                partial.display()
            )),
            _ => cannot_write(&partial, error.to_string()),
        })?;
    let copied = finish(db, &partial, file).await;
    if copied.is_err() {
        // The first failure is the one to tell.
        let _removed = fs::remove_file(&partial);
    }
    copied
}

async fn finish(db: &Db, partial: &Path, file: &Path) -> Outcome<u64> {
    db.copy_to(partial)
        .await
        .map_err(|error| cannot_write(file, error.to_string()))?;
    refuse_to_overwrite(file)?;
    let placed = || {
        let length = fs::metadata(partial)?.len();
        File::open(partial)?.sync_all()?;
        fs::rename(partial, file)?;
        if let Some(folder) = file.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(length)
    };
    placed().map_err(|error: std::io::Error| cannot_write(file, error.to_string()))
}

fn refuse_to_overwrite(file: &Path) -> Outcome {
    match file.symlink_metadata() {
        Ok(_) => Err(Failure::Failed(format!(
            "{} exists, and a backup overwrites nothing",
            file.display()
        ))),
        Err(_) => Ok(()),
    }
}

fn cannot_write(file: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::Failed(format!("cannot copy to {}: {why}", file.display()))
}
