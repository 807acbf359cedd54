//! Storage: the only place with SQL. Reads take a [`Permit`](crate::auth::Permit) or a
//! [`Sight`](crate::auth::Sight), writes a permit, so that nothing leaves here that the policy did
//! not allow. Statements are built from the entities with sea-query, once for each shape (see
//! `statement`).

pub mod access;
pub mod api_keys;
mod connections;
pub mod directory;
pub mod directory_export;
pub mod directory_write;
pub mod entity;
mod gather;
pub mod history;
pub mod idempotency;
pub mod migrate;
pub mod nested;
pub mod notice;
mod opener;
mod plan;
mod reach;
mod replica;
mod search;
pub mod sql;
mod sqlite_file;
mod statement;
pub mod suggestion;
pub mod webhook;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sea_query::{Func, Query};
use sea_orm::sqlx;
use sea_orm::sqlx::postgres::PgPoolOptions;
use sea_orm::sqlx::sqlite::{SqliteError, SqlitePoolOptions};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr,
    SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions,
    TransactionTrait,
};

use self::connections::{Begin, Connections, Held, Rows};
use self::gather::Gather;
pub use self::opener::SQLITE_CACHE;
use self::opener::{Connection, Opener, Server};
use self::plan::Planner;
use self::replica::Replica;
pub use self::sqlite_file::path as sqlite_path;
use self::statement::{Arguments, Shapes};
use crate::error::{Error, Result};
use crate::event::EventAction;
use crate::metrics::{Metrics, PoolUse};

/// How often work is begun that others cross.
const ATTEMPTS: usize = 5;

/// Which engine is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server, shared by any number of replicas.
    Postgres,
}

/// Where the database is and how many connections to keep to it.
#[derive(Debug, Clone)]
pub struct Options {
    /// `sqlite://PATH` (created if it is not there) or `postgres://...`.
    pub url: String,
    /// Upper bound of open connections; on SQLite, of those that read. On PostgreSQL a third of them
    /// is for writing.
    pub max_connections: u32,
    /// A streaming replica of PostgreSQL, which lists are read from. Up to `max_connections` to it are open beside
    /// those to `url`.
    pub read_url: Option<String>,
    /// How much of a SQLite file the connection that writes keeps in memory at most, in MiB. What a transaction
    /// changes beyond that goes to the log and is searched for there.
    pub write_cache: u32,
    /// A statement that takes longer is logged.
    pub slow_statement: Duration,
}

/// The connected database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    engine: Engine,
    /// For the statements of [`Db::query`].
    readers: Arc<Connections>,
    /// For transactions that write. On SQLite a single connection, so that writers queue here instead of failing
    /// on the file's lock.
    writers: Arc<Connections>,
    replica: Option<Arc<Replica>>,
    /// Whether a request reads from the replica; none outside of requests, and without a replica.
    reads_replica: Option<Arc<AtomicBool>>,
    watch: Arc<Watch>,
    /// The events that were written.
    happened: Arc<notice::Happened>,
    /// API keys marked as used lately.
    uses: api_keys::Uses,
    /// Look-ups of API keys.
    keys: Gather<String, Arc<access::KnownKey>>,
}

/// What becomes of the transaction around some work that succeeded.
#[derive(Debug)]
pub enum Finish<T> {
    /// Keep what was written.
    Commit(T),
    /// Answer, and write nothing: a dry run, or all-or-nothing that came to nothing.
    Rollback(T),
}

#[derive(Debug)]
pub struct Tx {
    held: tokio::sync::Mutex<Held>,
    engine: Engine,
    watch: Arc<Watch>,
    /// Whether a statement failed. PostgreSQL answers the commit of such a transaction without an error and
    /// stores nothing.
    failed: AtomicBool,
    /// How many events of each action were written.
    happened: Mutex<notice::Counts>,
}

impl Tx {
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Notes that an event was written, for when the transaction is committed.
    fn happens(&self, action: EventAction) {
        let mut happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        happened.count(action);
    }

    async fn commit(self) -> Result<notice::Counts, DbErr> {
        let happened = self.happened.into_inner();
        self.held.into_inner().commit().await?;
        Ok(happened.unwrap_or_else(PoisonError::into_inner))
    }

    async fn rollback(self) -> Result<(), DbErr> {
        self.held.into_inner().rollback().await
    }

    fn noted<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        self.failed.fetch_or(result.is_err(), Ordering::Relaxed);
        result
    }

    /// Runs one statement that answers no rows, and returns how many rows it wrote.
    pub async fn execute(&self, statement: sql::Sql) -> Result<u64> {
        let mut held = self.held.lock().await;
        let done = async {
            let done = held.execute(&statement).await;
            done.map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))
        };
        let done = self.watch.statement(&statement, done).await;
        self.noted(done).map_err(Error::from)
    }

    /// Runs one statement and decodes its rows.
    pub async fn query<T>(
        &self,
        statement: sql::Sql,
        decode: impl Fn(&sql::Row<'_>) -> Result<T, DbErr>,
    ) -> Result<Vec<T>> {
        let mut held = self.held.lock().await;
        let rows = async {
            let rows = held.rows(&statement).await;
            rows.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
        };
        let rows = self.watch.statement(&statement, rows).await;
        self.noted(rows)?.decode(decode)
    }
}

impl Db {
    /// Connects, without looking at what is there.
    ///
    /// # Errors
    /// [`Error::BadInput`] for a URL that is neither engine's, [`Error::Unavailable`] if nobody answers,
    /// [`Error::Internal`] for a file that is no database or a broken one.
    pub async fn connect(options: &Options) -> Result<Self> {
        Self::open(options, false).await
    }

    /// As [`Db::connect`], but a server is only called when it is needed, and may be away until then.
    ///
    /// # Errors
    /// As [`Db::connect`].
    pub async fn connect_lazily(options: &Options) -> Result<Self> {
        Self::open(options, true).await
    }

    async fn open(options: &Options, lazily: bool) -> Result<Self> {
        let watch = Arc::new(Watch {
            metrics: Arc::default(),
            slow: options.slow_statement,
            planner: OnceLock::new(),
        });
        if let Some(path) = sqlite_path(&options.url) {
            if path.as_os_str().is_empty() || path == Path::new(":memory:") {
                return Err(Error::bad_input(
                    "database_url",
                    "database_url must name a file, as in sqlite://waymark.db; a database in memory would not be shared by its connections",
                ));
            }
            if let Some(folder) = path.parent()
                && !folder.as_os_str().is_empty()
                && !folder.is_dir()
            {
                return Err(Error::bad_input(
                    "database_url",
                    format!(
                        "the folder of the database file does not exist: {}",
                        folder.display()
                    ),
                ));
            }
            sqlite_file::check(path).await?;
            let writers =
                Connections::new("write", Opener::sqlite(path, Some(options.write_cache)), 1);
            // It creates the file and switches it to write-ahead logging.
            writers.open_first().await?;
            let opener = Opener::sqlite(path, None);
            watch.plans(opener.clone());
            let readers = Connections::new("read", opener, options.max_connections);
            readers.open_first().await?;
            Ok(Self {
                engine: Engine::Sqlite,
                readers,
                writers,
                replica: None,
                reads_replica: None,
                watch,
                happened: Arc::default(),
                uses: api_keys::Uses::default(),
                keys: Gather::default(),
            })
        } else if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://")
        {
            let writing = options.max_connections.div_ceil(3);
            let reading = options.max_connections.saturating_sub(writing).max(1);
            let server = |url: &str, planned_once| {
                Server::new(url, planned_once)
                    .map(Opener::Postgres)
                    .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
            };
            let writers = Connections::new("write", server(&options.url, false)?, writing);
            if !lazily {
                writers.open_first().await?;
            }
            watch.plans(writers.opener().clone());
            let replica = options.read_url.as_deref().map(|url| {
                let opener = server(url, true)?;
                let readers = Connections::new("read", opener, options.max_connections);
                Ok::<_, DbErr>(Arc::new(Replica::new(readers)))
            });
            Ok(Self {
                engine: Engine::Postgres,
                readers: Connections::new("read", server(&options.url, true)?, reading),
                writers,
                replica: replica.transpose()?,
                reads_replica: None,
                watch,
                happened: Arc::default(),
                uses: api_keys::Uses::default(),
                keys: Gather::default(),
            })
        } else {
            Err(Error::bad_input(
                "database_url",
                "database_url must begin with sqlite:// or postgres://",
            ))
        }
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs one statement that only reads, and decodes its rows.
    ///
    /// # Errors
    /// Those of the database, and [`Error::Internal`] where a row is not what the code expects.
    pub async fn query<T>(
        &self,
        statement: sql::Sql,
        decode: impl Fn(&sql::Row<'_>) -> Result<T, DbErr>,
    ) -> Result<Vec<T>> {
        if let Some(replica) = self.chosen_replica() {
            match self.rows_of(&replica.readers, &statement).await {
                Ok(rows) => return rows.decode(decode),
                // What the replica is short of, the primary has.
                Err(error) => {
                    tracing::debug!(%error, "the replica could not read");
                    if matches!(error, Error::Unavailable(_)) {
                        replica.pass_by();
                    }
                }
            }
        }
        self.rows_of(&self.readers, &statement)
            .await?
            .decode(decode)
    }

    async fn rows_of(&self, readers: &Arc<Connections>, statement: &sql::Sql) -> Result<Rows> {
        // On the heap: everything that reads would otherwise hold, and move, its kilobytes.
        let rows = Box::pin(readers.rows(statement));
        let rows = self.watch.statement(statement, rows).await;
        Ok(rows?)
    }

    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.watch.metrics
    }

    /// How busy the connections are.
    pub fn pools(&self) -> [PoolUse; 2] {
        let mut read = self.readers.in_use();
        if let Some(replica) = &self.replica {
            read.add(&replica.readers.in_use());
        }
        [read, self.writers.in_use()]
    }

    /// Does some work in one write transaction: committed when it succeeds and says so, rolled back
    /// when it fails, when it asks for that, and when its future is dropped.
    ///
    /// # Errors
    /// The work's own, and those of the database.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&Tx) -> Result<Finish<T>>) -> Result<T> {
        let tx = self.begin(&self.writers, Begin::Write).await?;
        match work(&tx).await {
            Ok(Finish::Commit(_)) if tx.failed.load(Ordering::Relaxed) => {
                tx.rollback().await?;
                Err(Error::internal(
                    "a transaction with a failed statement was to be committed",
                ))
            }
            Ok(Finish::Commit(answer)) => {
                let happened = tx.commit().await?;
                self.happened.committed(happened, self.metrics());
                Ok(answer)
            }
            Ok(Finish::Rollback(answer)) => {
                tx.rollback().await?;
                Ok(answer)
            }
            Err(error) => {
                // A session of PostgreSQL stays read only after its server takes writes again.
                if matches!(error, Error::Unavailable(_)) {
                    self.writers.replace();
                }
                // The first error is the one that tells; a rollback that fails as well leaves the
                // transaction to the server, which drops it with the connection.
                if let Err(rollback) = tx.rollback().await {
                    tracing::warn!(error = %rollback, "could not roll back");
                }
                Err(error)
            }
        }
    }

    /// Does some reading in one transaction that sees one state of the database, whatever others
    /// write meanwhile.
    ///
    /// # Errors
    /// The work's own, and those of the database.
    pub async fn snapshot<T>(&self, work: impl AsyncFnOnce(&Tx) -> Result<T>) -> Result<T> {
        let connections = match self.engine {
            // There is only one that writes.
            Engine::Sqlite => &self.readers,
            // What is read here is no list.
            Engine::Postgres => &self.writers,
        };
        let tx = self.begin(connections, Begin::Snapshot).await?;
        let answer = work(&tx).await;
        tx.rollback().await?;
        answer
    }

    async fn begin(&self, connections: &Arc<Connections>, begin: Begin) -> Result<Tx> {
        Ok(Tx {
            held: connections.begin(begin).await?.into(),
            engine: self.engine,
            watch: Arc::clone(&self.watch),
            failed: AtomicBool::new(false),
            happened: Mutex::default(),
        })
    }

    /// Changes the schema in one transaction of a connection of its own.
    async fn migrate(
        &self,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<(), DbErr>,
    ) -> Result<()> {
        // Nobody else in this process writes meanwhile.
        let writers = match self.engine {
            Engine::Sqlite => Some(self.writers.take().await?),
            Engine::Postgres => None,
        };
        let connection = match self.writers.opener() {
            Opener::Sqlite(options) => SqlxSqliteConnector::from_sqlx_sqlite_pool(
                SqlitePoolOptions::new()
                    .max_connections(1)
                    .connect_lazy_with((**options).clone()),
            ),
            Opener::Postgres(server) => SqlxPostgresConnector::from_sqlx_postgres_pool(
                PgPoolOptions::new()
                    .max_connections(1)
                    .connect_lazy_with(server.options().clone()),
            ),
        };
        let migrated = self.migrate_by(&connection, work).await;
        if let Err(error) = connection.close().await {
            tracing::warn!(%error, "could not close the connection that changed the schema");
        }
        if let Some(writers) = writers {
            writers.keep();
        }
        Ok(migrated?)
    }

    async fn migrate_by(
        &self,
        connection: &DatabaseConnection,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<(), DbErr>,
    ) -> Result<(), DbErr> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where a transaction begins that is not for statements of ours"
        )]
        let transaction = connection
            .begin_with_options(TransactionOptions {
                // One that reads first would not wait for somebody who writes.
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await?;
        // Behind a pooler another process may have left statements of the same names, as this one would.
        if self.engine == Engine::Postgres {
            transaction.execute_unprepared("DEALLOCATE ALL").await?;
        }
        work(&transaction).await?;
        if self.engine == Engine::Postgres {
            transaction.execute_unprepared("DEALLOCATE ALL").await?;
        }
        transaction.commit().await
    }

    /// How the database encodes text, in its own words.
    pub async fn encoding(&self) -> Result<String> {
        let statement = ENCODING.bind(self.engine, &(), Arguments::default(), || {
            match self.engine {
                Engine::Sqlite => Query::select()
                    .column("encoding")
                    .from("pragma_encoding")
                    .take(),
                Engine::Postgres => Query::select()
                    .expr(Func::cust("current_setting").arg("server_encoding"))
                    .take(),
            }
        })?;
        let found = self.query(statement, |row| row.take()).await?;
        Ok(found.into_iter().next().unwrap_or_default())
    }

    /// Copies an embedded database, as it is now, to a file that is empty or not there. Others read and
    /// write meanwhile. The copy is on disk when this returns.
    ///
    /// # Errors
    /// Those of the database, and [`Error::Internal`] for the other engine and for a path that is not
    /// UTF-8.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        let Engine::Sqlite = self.engine else {
            return Err(Error::internal("only an embedded database is copied"));
        };
        let file = file
            .to_str()
            .ok_or_else(|| Error::internal("the name of the file is not UTF-8"))?;
        let mut held = self.writers.take().await?;
        let failed = |error: sqlx::Error| DbErr::Exec(RuntimeErr::SqlxError(error.into()));
        if let Connection::Sqlite { connection, .. } = held.connection().map_err(failed)? {
            sqlx::query("VACUUM INTO $1")
                .bind(file)
                .execute(connection)
                .await
                .map_err(failed)?;
        }
        held.keep();
        Ok(())
    }

    /// Looks at every page of an embedded database, which takes a while, and answers the first thing
    /// that is wrong. A server looks after its own.
    pub async fn damage(&self) -> Result<Option<String>> {
        let failed = |error: sqlx::Error| DbErr::Query(RuntimeErr::SqlxError(error.into()));
        let mut held = self.readers.take().await?;
        let found = match held.connection().map_err(failed)? {
            Connection::Sqlite { connection, .. } => {
                sqlite_file::check_pages(connection, true).await
            }
            Connection::Postgres { .. } => Ok(None),
        };
        held.keep();
        Ok(found.map_err(failed)?)
    }

    /// Closes all connections, so that an embedded database is left without a write-ahead log.
    pub async fn close(self) {
        if let Some(replica) = &self.replica {
            replica.readers.close().await;
        }
        self.readers.close().await;
        self.writers.close().await;
    }
}

/// Counts, times and logs statements, without their parameters: those are what people wrote.
#[derive(Debug)]
struct Watch {
    metrics: Arc<Metrics>,
    /// A statement that takes longer is logged.
    slow: Duration,
    /// Asks for the plans of slow statements.
    planner: OnceLock<Arc<Planner>>,
}

impl Watch {
    async fn statement<T>(
        &self,
        statement: &sql::Sql,
        answer: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let (name, text) = (statement.name(), statement.text());
        tracing::debug!(target: "waymark::sql", name, text, "statement");
        let begun = Instant::now();
        let answer = answer.await;
        let took = begun.elapsed();
        self.metrics.statement(name, answer.is_ok(), took);
        if took >= self.slow {
            let duration_ms = (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0;
            tracing::warn!(statement = name, duration_ms, "slow statement");
            if let Some(planner) = self.planner.get() {
                planner.tell(statement);
            }
        }
        answer
    }

    /// Where plans are asked for.
    fn plans(&self, opener: Opener) {
        let _first = self.planner.set(Planner::new(opener));
    }
}

/// Attempts at work that others may cross: it is done again, from the beginning and in a new
/// transaction. Rows are locked in one order, but what is deleted and made again meanwhile is met late.
///
/// # Errors
/// Those of the last attempt.
pub async fn until_through<T, F>(mut attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(Error::Crossed(reason)) => {
                tracing::info!(reason, "crossed by another transaction; again");
            }
            through => return through,
        }
    }
    attempt().await
}

static ENCODING: Shapes<()> = Shapes::new("database.encoding");

/// A database that is away is not a fault of ours, and everything else is.
impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        if is_crossed(&error) {
            Self::Crossed(error.to_string())
        } else if is_away(&error) {
            Self::Unavailable(error.to_string())
        } else {
            Self::Internal(Arc::new(error))
        }
    }
}

/// Whether PostgreSQL ended a transaction for another's sake: a deadlock, or a serialization failure.
fn is_crossed(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(source)) | DbErr::Query(RuntimeErr::SqlxError(source))) =
        error
    else {
        return false;
    };
    matches!(&**source, sqlx::Error::Database(database)
        if database.code().is_some_and(|code| ["40P01", "40001"].contains(&code.as_ref())))
}

/// Whether the database cannot be reached, or cannot be written to, for now.
fn is_away(error: &DbErr) -> bool {
    let (DbErr::Conn(source) | DbErr::Exec(source) | DbErr::Query(source)) = error else {
        return matches!(error, DbErr::ConnectionAcquire(_));
    };
    let RuntimeErr::SqlxError(source) = source else {
        return matches!(error, DbErr::Conn(_));
    };
    match &**source {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(database) => database.code().is_some_and(|code| {
            if database.try_downcast_ref::<SqliteError>().is_some() {
                // The last eight bits are the kind of error: busy, locked, out of memory, read only, I/O
                // error, disk full, cannot open.
                let code = code.parse::<u32>().unwrap_or_default();
                [5, 6, 7, 8, 10, 13, 14].contains(&(code & 0xff))
            } else {
                // Connection exceptions, insufficient resources (a full disk among them), operator
                // intervention (a server that is shutting down or starting up), system errors (I/O among
                // them), a read-only transaction, a lock waited for too long.
                ["08", "53", "57P", "58", "25006", "55P03"]
                    .iter()
                    .any(|class| code.starts_with(class))
            }
        }),
        _ => matches!(error, DbErr::Conn(_)),
    }
}

/// As [`Tx::execute`].
pub async fn execute(tx: &Tx, statement: sql::Sql) -> Result<u64> {
    tx.execute(statement).await
}

/// As [`Tx::query`].
pub async fn query<T>(
    tx: &Tx,
    statement: sql::Sql,
    decode: impl Fn(&sql::Row<'_>) -> Result<T, DbErr>,
) -> Result<Vec<T>> {
    tx.query(statement, decode).await
}
