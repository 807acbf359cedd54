//! How a connection is opened, and what can be done with one, on either engine.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection};
use sea_orm::sqlx::query::Query;
use sea_orm::sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use sea_orm::sqlx::{
    self, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Postgres, Row as _,
    Sqlite,
};
use tokio::sync::OnceCell;

use super::connections::{Begin, Rows};
use super::sql::Sql;

/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Prepared statements that a connection keeps; the lists have some hundreds of texts.
const STATEMENTS_KEPT: usize = 300;

/// After so many steps of its machine SQLite asks whether to go on: some hundred thousand times a second.
const STEPS: i32 = 1_000;

/// How often PostgreSQL looks whether a client whose statement it executes is still there.
const CLIENT_CHECK: (&str, &str) = ("client_connection_check_interval", "500ms");

/// Compiling a statement takes longer than any of ours runs.
const JIT: (&str, &str) = ("jit", "off");

/// Plans are made once a connection and statement, whatever the parameters. Left to itself, PostgreSQL plans the
/// list statements anew for every request, which takes longer than running them; they are written so that the one
/// plan is right.
const PLANNED_ONCE: (&str, &str) = ("plan_cache_mode", "force_generic_plan");

/// How much of a SQLite file a connection keeps in memory, in MiB, where nothing else is asked for.
pub const SQLITE_CACHE: u32 = 16;

/// A parameter of a name of ours, which PostgreSQL takes and poolers do not pass on.
const DIRECT: (&str, &str) = ("waymark.direct", "on");

/// Opens connections that are all alike.
#[derive(Debug, Clone)]
pub(super) enum Opener {
    Postgres(Arc<Server>),
    Sqlite(Box<SqliteConnectOptions>),
}

impl Opener {
    /// Of an embedded database. Who writes says how many MiB of it are kept in memory.
    pub(super) fn sqlite(path: &Path, write_cache: Option<u32>) -> Self {
        let read_only = write_cache.is_none();
        let cache = write_cache.unwrap_or(SQLITE_CACHE) * 1024;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .disable_statement_logging()
            .create_if_missing(!read_only)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            // Rows come from the engine's thread, and a bulk has thousands: fewer switches.
            .row_buffer_size(2_000)
            .pragma("temp_store", "memory")
            .pragma("cache_size", format!("-{cache}"))
            .pragma("mmap_size", "268435456");
        Self::Sqlite(Box::new(if read_only {
            // What is read has its indexes; one made for a single statement would read a whole table.
            options
                .pragma("query_only", "on")
                .pragma("automatic_index", "off")
        } else {
            options
        }))
    }

    pub(super) async fn open(&self) -> Result<Connection, sqlx::Error> {
        match self {
            Self::Postgres(server) => server.open().await,
            Self::Sqlite(options) => {
                let mut connection = options.connect().await?;
                let unwanted = Arc::new(AtomicBool::new(false));
                let wanted = Arc::clone(&unwanted);
                connection
                    .lock_handle()
                    .await?
                    .set_progress_handler(STEPS, move || !wanted.load(Ordering::Relaxed));
                Ok(Connection::Sqlite {
                    connection,
                    unwanted,
                })
            }
        }
    }
}

/// A server of PostgreSQL, or a pooler before it.
#[derive(Debug)]
pub(super) struct Server {
    options: PgConnectOptions,
    planned_once: bool,
    found: OnceCell<Found>,
}

/// What was found out about a server.
#[derive(Debug, Clone, Copy)]
struct Found {
    /// Start-up parameters do not reach it: a pooler takes them, or refuses them.
    pooled: bool,
    /// It can look after its clients: not every system lets it.
    checks_clients: bool,
}

impl Server {
    /// The server at this URL. `planned_once`: it is asked for little else than lists.
    ///
    /// # Errors
    /// What is wrong with the URL.
    pub(super) fn new(url: &str, planned_once: bool) -> Result<Arc<Self>, sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?
            .disable_statement_logging()
            .application_name("waymark")
            // Numbers travel in binary; poolers refuse this parameter unless they are told not to.
            .extra_float_digits(None);
        Ok(Arc::new(Self {
            options,
            planned_once,
            found: OnceCell::new(),
        }))
    }

    /// For connections of another kind: they set no parameters.
    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Whether each transaction may be on another connection of the server.
    pub(super) async fn is_pooled(&self) -> Result<bool, sqlx::Error> {
        Ok(self.found().await?.pooled)
    }

    async fn found(&self) -> Result<Found, sqlx::Error> {
        self.found.get_or_try_init(|| self.look()).await.copied()
    }

    async fn look(&self) -> Result<Found, sqlx::Error> {
        let direct = self.options.clone().options([DIRECT]).connect().await;
        let (mut connection, refused) = match direct {
            Ok(connection) => (connection, false),
            // A parameter that it does not know: PostgreSQL has no such parameters.
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("08P01") => {
                (self.options.connect().await?, true)
            }
            Err(error) => return Err(error),
        };
        let (name, _) = DIRECT;
        let asked = format!("SELECT current_setting('{name}', true)");
        let row = sqlx::raw_sql(AssertSqlSafe(asked))
            .fetch_one(&mut connection)
            .await?;
        let direct: Option<String> = row.try_get_unchecked(0)?;
        let pooled = refused || direct.is_none_or(|value| value.is_empty());
        let checked = local(&[CLIENT_CHECK]);
        let checks_clients = connection
            .execute(AssertSqlSafe(format!("BEGIN; {checked}")))
            .await
            .is_ok();
        connection.execute("ROLLBACK").await?;
        connection.close().await?;
        if pooled {
            tracing::info!(
                "the database is behind a pooler that passes no start-up parameters on: statements are planned each time and sent within transactions"
            );
        }
        Ok(Found {
            pooled,
            checks_clients,
        })
    }

    async fn open(&self) -> Result<Connection, sqlx::Error> {
        let found = self.found().await?;
        let settings = [
            (true, JIT),
            (self.planned_once, PLANNED_ONCE),
            (found.checks_clients, CLIENT_CHECK),
        ];
        let settings: Vec<_> = settings
            .into_iter()
            .filter_map(|(is_set, setting)| is_set.then_some(setting))
            .collect();
        if found.pooled {
            return Ok(Connection::Postgres {
                connection: self.options.connect().await?,
                pooled: Some(local(&settings)),
            });
        }
        let options = self
            .options
            .clone()
            .statement_cache_capacity(STATEMENTS_KEPT)
            .options(settings);
        Ok(Connection::Postgres {
            connection: options.connect().await?,
            pooled: None,
        })
    }
}

/// Sets parameters for one transaction.
fn local(settings: &[(&str, &str)]) -> String {
    let set = settings
        .iter()
        .map(|(name, value)| format!("SET LOCAL {name} = '{value}'"));
    set.collect::<Vec<_>>().join("; ")
}

/// A statement with its values. `persistent`: it is kept under a name.
fn for_postgres(
    statement: &Sql,
    persistent: bool,
) -> Result<Query<'_, Postgres, PgArguments>, sqlx::Error> {
    let arguments = statement
        .postgres_arguments()
        .map_err(sqlx::Error::Encode)?;
    let query = sqlx::query_with(AssertSqlSafe(statement.text()), arguments);
    Ok(query.persistent(persistent))
}

/// A statement with its values.
fn for_sqlite(statement: &Sql) -> Result<Query<'_, Sqlite, SqliteArguments>, sqlx::Error> {
    let arguments = statement.sqlite_arguments().map_err(sqlx::Error::Encode)?;
    Ok(sqlx::query_with(AssertSqlSafe(statement.text()), arguments))
}

#[derive(Debug)]
pub(super) enum Connection {
    Postgres {
        connection: PgConnection,
        /// Behind a pooler the parameters are set in each transaction. Nothing else may be left behind, so that
        /// statements have no names there, and each is in a transaction: otherwise its two messages could reach
        /// two servers.
        pooled: Option<String>,
    },
    Sqlite {
        connection: SqliteConnection,
        /// Whether nobody wants to know what it executes.
        unwanted: Arc<AtomicBool>,
    },
}

impl Connection {
    /// Runs a statement in an open transaction.
    pub(super) async fn rows(&mut self, statement: &Sql) -> Result<Rows, sqlx::Error> {
        Ok(match self {
            Self::Postgres { connection, pooled } => {
                let query = for_postgres(statement, pooled.is_none())?;
                Rows::Postgres(connection.fetch_all(query).await?)
            }
            Self::Sqlite { connection, .. } => {
                Rows::Sqlite(connection.fetch_all(for_sqlite(statement)?).await?)
            }
        })
    }

    /// Runs a statement in an open transaction, and answers how many rows it wrote.
    pub(super) async fn execute(&mut self, statement: &Sql) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Self::Postgres { connection, pooled } => {
                let query = for_postgres(statement, pooled.is_none())?;
                connection.execute(query).await?.rows_affected()
            }
            Self::Sqlite { connection, .. } => {
                let query = for_sqlite(statement)?;
                connection.execute(query).await?.rows_affected()
            }
        })
    }

    /// Runs a statement that only reads, outside of any transaction.
    pub(super) async fn rows_alone(&mut self, statement: &Sql) -> Result<Rows, sqlx::Error> {
        if !matches!(
            self,
            Self::Postgres {
                pooled: Some(_),
                ..
            }
        ) {
            return self.rows(statement).await;
        }
        self.begin(Begin::Snapshot).await?;
        let rows = self.rows(statement).await;
        let ended = self.command("ROLLBACK").await;
        rows.and_then(|rows| ended.map(|()| rows))
    }

    pub(super) async fn begin(&mut self, begin: Begin) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres { connection, pooled } => {
                let begin = match begin {
                    Begin::Write => "BEGIN",
                    Begin::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                };
                match pooled {
                    None => connection.execute(begin).await?,
                    Some(settings) => {
                        let begin = format!("{begin}; {settings}");
                        connection.execute(AssertSqlSafe(begin)).await?
                    }
                };
            }
            Self::Sqlite { connection, .. } => {
                connection
                    .execute(match begin {
                        Begin::Write => "BEGIN IMMEDIATE",
                        // One state from the first read on.
                        Begin::Snapshot => "BEGIN",
                    })
                    .await?;
            }
        }
        Ok(())
    }

    /// Runs a text that has no parameters and answers nothing.
    pub(super) async fn command(&mut self, text: &'static str) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres { connection, .. } => connection.execute(text).await.map(|_| ()),
            Self::Sqlite { connection, .. } => connection.execute(text).await.map(|_| ()),
        }
    }

    pub(super) async fn ping(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres { connection, .. } => connection.ping().await,
            Self::Sqlite { connection, .. } => connection.ping().await,
        }
    }

    /// Drops it. SQLite breaks off what it executes at once, PostgreSQL when it finds that nobody
    /// is there; both roll an open transaction back.
    pub(super) fn cancel(self) {
        if let Self::Sqlite { unwanted, .. } = &self {
            unwanted.store(true, Ordering::Relaxed);
        }
    }

    /// Closes it in order.
    pub(super) async fn close(self) {
        let closed = match self {
            Self::Postgres { connection, .. } => connection.close().await,
            Self::Sqlite { connection, .. } => connection.close().await,
        };
        if let Err(error) = closed {
            tracing::warn!(%error, "could not close a connection to the database");
        }
    }
}
