//! The file of an embedded database, before anything is written to it.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteError};
use sea_orm::sqlx::{self, ConnectOptions as _, Connection as _};

use crate::error::{Error, Result};

/// What every file of SQLite begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The parts of the first page that are read here.
const HEADER: usize = 100;
/// Up to this size every page is looked at whenever the file is opened, which takes a fraction of a second;
/// of a larger one only the first pages are.
const LOOKED_AT: u64 = 64 << 20;

/// The file that a `database_url` names, where it is one of SQLite.
pub fn path(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite://")?;
    Some(Path::new(path.split('?').next().unwrap_or_default()))
}

/// Refuses a file that is no database, or a broken one. One that is not there, or empty, becomes a new
/// database, so it is right. Writes nothing.
///
/// # Errors
/// [`Error::Internal`], with the name of the file and what is wrong with it, for its operator.
pub(super) async fn check(path: &Path) -> Result<()> {
    let shown = path.display();
    let length = match look(path) {
        Ok(Found::Nothing) => return Ok(()),
        Ok(Found::Database { length }) => length,
        Ok(Found::Wrong(why)) => return Err(refused(path, &why)),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(Error::internal(format!("{shown} cannot be read: {error}")));
        }
    };
    let connected = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        // Where nobody has it open, the files that reading would leave beside it are not made.
        .immutable(!log_of(path).exists())
        .connect()
        .await;
    let found = match connected {
        Ok(mut connection) => {
            let found = check_pages(&mut connection, length <= LOOKED_AT).await;
            // Nothing was written, so there is nothing that closing could lose.
            let _closed = connection.close().await;
            found
        }
        Err(error) => Err(error),
    };
    match found {
        Ok(None) => Ok(()),
        Ok(Some(why)) => Err(refused(path, &format!("it is corrupt: {why}"))),
        Err(error) if is_corrupt(&error) => Err(refused(path, &format!("it is corrupt: {error}"))),
        // It is locked or may not be opened like this: whoever opens it next finds out the same.
        Err(error) => {
            tracing::debug!(%error, "the file of the database could not be looked at");
            Ok(())
        }
    }
}

/// Looks at every page, and answers the first thing that is wrong.
pub(super) async fn check_pages(
    connection: &mut SqliteConnection,
    all: bool,
) -> Result<Option<String>, sqlx::Error> {
    if all {
        let said: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(connection)
            .await?;
        Ok((said != "ok").then_some(said))
    } else {
        // Reads the whole schema.
        let _tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema")
            .fetch_one(connection)
            .await?;
        Ok(None)
    }
}

/// The file beside the database that holds what was written last.
fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

/// What stands at a path.
enum Found {
    Nothing,
    Database { length: u64 },
    Wrong(String),
}

/// Reads the header alone: SQLite would take a file that is shorter than it says for a whole one until
/// it meets the end.
fn look(path: &Path) -> io::Result<Found> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    if length == 0 {
        return Ok(Found::Nothing);
    }
    let mut header = Vec::with_capacity(HEADER);
    file.take(HEADER as u64).read_to_end(&mut header)?;
    if !header.starts_with(MAGIC) {
        return Ok(Found::Wrong("it is not a database of SQLite".to_owned()));
    }
    let number = |at: usize| {
        let bytes = header.get(at..at + 4)?.try_into().ok()?;
        Some(u64::from(u32::from_be_bytes(bytes)))
    };
    let (Some(changes), Some(pages), Some(counted_at)) = (number(24), number(28), number(92))
    else {
        return Ok(Found::Wrong(
            "it is not a database of SQLite: it ends within its header".to_owned(),
        ));
    };
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    // The count is right only if the last change made it, and a log beside the file may hold the rest.
    let logged = log_of(path).metadata().is_ok_and(|found| found.len() > 0);
    if changes == counted_at && !logged && length < pages * page {
        return Ok(Found::Wrong(format!(
            "it is corrupt: it should have {} bytes and has {length}",
            pages * page
        )));
    }
    Ok(Found::Database { length })
}

/// Whether SQLite says that the file is broken (11) or no database (26).
fn is_corrupt(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(database) = error else {
        return false;
    };
    database.try_downcast_ref::<SqliteError>().is_some()
        && database
            .code()
            .and_then(|code| code.parse::<u32>().ok())
            .is_some_and(|code| [11, 26].contains(&(code & 0xff)))
}

fn refused(path: &Path, why: &str) -> Error {
    Error::internal(format!(
        "the database file {} cannot be used: {why}. Nothing was written to it; put a backup in its place, or name another file in database_url",
        path.display()
    ))
}
