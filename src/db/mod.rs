//! Storage: the only place with SQL. Reads take a [`Permit`](crate::auth::Permit) or a
//! [`Sight`](crate::auth::Sight), writes a permit, so that nothing leaves here that the policy did
//! not allow. Statements are built from the entities with sea-query, once for each shape (see
//! `statement`).

pub mod access;
pub mod api_keys;
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
mod plan;
mod reach;
mod readers;
mod search;
pub mod sql;
mod sqlite_file;
mod statement;
pub mod suggestion;
pub mod webhook;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sea_query::{Func, Query};
use sea_orm::sqlx::sqlite::{SqliteError, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Connection as _};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbErr, IsolationLevel, RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use self::gather::Gather;
use self::plan::Planner;
use self::reach::Reach;
use self::readers::{Pool, Readers, Rows};
pub use self::sqlite_file::path as sqlite_path;
use self::statement::{Arguments, Shapes};
use crate::error::{Error, Result};
use crate::event::EventAction;
use crate::metrics::{Metrics, PoolUse};

/// How long a caller waits for a connection, and a writer for its turn, before the database counts
/// as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How often work is begun that others cross.
const ATTEMPTS: usize = 5;

/// How many pooled connections in a row may turn out to be ended by the server.
const STALE_CONNECTIONS: u32 = 32;

/// Prepared statements that a connection keeps; the lists have some hundreds of texts.
const STATEMENTS_KEPT: usize = 300;

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
    /// A statement that takes longer is logged.
    pub slow_statement: Duration,
}

/// The connected database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    engine: Engine,
    /// For the statements of [`Db::query`].
    readers: Arc<Readers>,
    /// For everything else that reads: what goes through entities, and snapshots.
    reader: DatabaseConnection,
    /// On SQLite a single connection of its own, so that writers queue here instead of failing on
    /// the file's lock; on PostgreSQL the same pool.
    writer: DatabaseConnection,
    watch: Arc<Watch>,
    reach: Arc<Reach>,
    /// When writing failed last.
    unwritable: Unwritable,
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

/// An open transaction.
#[derive(Debug)]
pub struct Tx {
    connection: DatabaseTransaction,
    engine: Engine,
    watch: Arc<Watch>,
    /// Whether a statement failed. PostgreSQL answers the commit of such a transaction without an error and
    /// stores nothing.
    failed: AtomicBool,
    /// How many events of each action were written.
    happened: Mutex<notice::Counts>,
}

impl Tx {
    /// The connected engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Notes that an event was written, for when the transaction is committed.
    fn happens(&self, action: EventAction) {
        let mut happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        happened.count(action);
    }

    fn noted<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        self.failed.fetch_or(result.is_err(), Ordering::Relaxed);
        result
    }

    /// For what is not a statement of ours: migrations.
    fn connection(&self) -> &DatabaseTransaction {
        &self.connection
    }

    /// Runs one statement that answers no rows, and returns how many rows it wrote.
    pub async fn execute(&self, statement: sql::Sql) -> Result<u64> {
        let (name, text) = (statement.name(), statement.text().to_owned());
        let done = self.connection.execute_raw(statement.into_statement());
        let done = self.watch.statement(name, &text, done).await;
        Ok(self.noted(done)?.rows_affected())
    }

    /// Runs one statement and decodes its rows.
    pub async fn query<T>(
        &self,
        statement: sql::Sql,
        decode: impl Fn(&sql::Row<'_>) -> Result<T, DbErr>,
    ) -> Result<Vec<T>> {
        let (name, text) = (statement.name(), statement.text().to_owned());
        let rows = self.connection.query_all_raw(statement.into_statement());
        let rows = self.watch.statement(name, &text, rows).await;
        let rows = self.noted(rows)?;
        let rows = rows.iter().map(|row| decode(&sql::Row::new(row)?));
        Ok(rows.collect::<Result<_, _>>()?)
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
            begin_waiting: AtomicU64::new(0),
            planner: OnceLock::new(),
        });
        let unwritable = Unwritable::default();
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
            let url = format!("sqlite://{}", path.display());
            // The writer first: it creates the file and switches it to write-ahead logging.
            let writer = open(&url, 1, Opening::default(), &unwritable).await?;
            let opening = Opening {
                read_only: true,
                ..Opening::default()
            };
            let reading = open(&url, options.max_connections, opening, &unwritable).await?;
            let pool = Pool::Sqlite(reading.get_sqlite_connection_pool().clone());
            // Lazily: a service that only serves has no use for it.
            let opening = Opening {
                lazily: true,
                ..opening
            };
            let reader = open(&url, 2, opening, &unwritable).await?;
            watch.plans(Pool::Sqlite(reader.get_sqlite_connection_pool().clone()));
            Ok(Self {
                engine: Engine::Sqlite,
                readers: Arc::new(Readers::new(pool, options.max_connections, Arc::default())),
                reach: Arc::default(),
                reader,
                writer,
                watch,
                unwritable,
                happened: Arc::default(),
                uses: api_keys::Uses::default(),
                keys: Gather::default(),
            })
        } else if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://")
        {
            let opening = Opening {
                lazily,
                ..Opening::default()
            };
            let writing = options.max_connections.div_ceil(3);
            let reading = options.max_connections.saturating_sub(writing).max(1);
            let writer = open(&options.url, writing, opening, &unwritable).await?;
            let opening = Opening {
                lazily: true,
                planned_once: true,
                ..opening
            };
            let reader = open(&options.url, reading, opening, &unwritable).await?;
            let reach = Arc::new(Reach::of(&options.url));
            watch.plans(Pool::Postgres(
                writer.get_postgres_connection_pool().clone(),
            ));
            let pool = Pool::Postgres(reader.get_postgres_connection_pool().clone());
            Ok(Self {
                engine: Engine::Postgres,
                readers: Arc::new(Readers::new(pool, reading, Arc::clone(&reach))),
                reach,
                reader: writer.clone(),
                writer,
                watch,
                unwritable,
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

    /// The connected engine.
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
        // On the heap: everything that reads would otherwise hold, and move, its kilobytes.
        let rows = Box::pin(self.readers.rows(&statement));
        let rows = self
            .watch
            .statement(statement.name(), statement.text(), rows)
            .await;
        Ok(match rows? {
            Rows::Postgres(rows) => {
                let rows = rows.iter().map(|row| decode(&sql::Row::postgres(row)));
                rows.collect::<Result<_, _>>()?
            }
            Rows::Sqlite(rows) => {
                let rows = rows.iter().map(|row| decode(&sql::Row::sqlite(row)));
                rows.collect::<Result<_, _>>()?
            }
        })
    }

    /// A connection for reading otherwise.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// What is counted.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.watch.metrics
    }

    /// How busy the connections are.
    pub fn pools(&self) -> [PoolUse; 2] {
        let (size, idle) = match self.engine {
            Engine::Postgres => {
                let pool = self.writer.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
            Engine::Sqlite => {
                let pool = self.writer.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        let (size, idle) = (u64::from(size), u64::try_from(idle).unwrap_or(u64::MAX));
        let write = PoolUse {
            pool: "write",
            used: size.saturating_sub(idle),
            idle: idle.min(size),
            waiting: self.watch.begin_waiting.load(Ordering::Relaxed),
        };
        [self.readers.in_use(), write]
    }

    /// Does some work in one write transaction: committed when it succeeds and says so, rolled back
    /// when it fails, when it asks for that, and when its future is dropped.
    ///
    /// # Errors
    /// The work's own, and those of the database.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&Tx) -> Result<Finish<T>>) -> Result<T> {
        let waiting = self.watch.waits_to_begin();
        let begun = begin(
            &self.writer,
            TransactionOptions {
                // Take the write lock at once: a transaction that reads first and writes later
                // could find the file changed in between and would have to fail.
                sqlite_transaction_mode: match self.engine {
                    Engine::Sqlite => Some(SqliteTransactionMode::Immediate),
                    Engine::Postgres => None,
                },
                ..TransactionOptions::default()
            },
        );
        let begun = self.reach.waiting(begun).await?;
        drop(waiting);
        let tx = self.tx(begun);
        match work(&tx).await {
            Ok(Finish::Commit(_)) if tx.failed.load(Ordering::Relaxed) => {
                tx.connection.rollback().await?;
                Err(Error::internal(
                    "a transaction with a failed statement was to be committed",
                ))
            }
            Ok(Finish::Commit(answer)) => {
                let happened = tx.happened.into_inner();
                tx.connection.commit().await?;
                self.happened.committed(
                    happened.unwrap_or_else(PoisonError::into_inner),
                    self.metrics(),
                );
                Ok(answer)
            }
            Ok(Finish::Rollback(answer)) => {
                tx.connection.rollback().await?;
                Ok(answer)
            }
            Err(error) => {
                if matches!(error, Error::Unavailable(_)) {
                    self.unwritable.note();
                }
                // The first error is the one that tells; a rollback that fails as well leaves the
                // transaction to the server, which drops it with the connection.
                if let Err(rollback) = tx.connection.rollback().await {
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
        // SQLite keeps one state from the first read on.
        let options = match self.engine {
            Engine::Sqlite => TransactionOptions::default(),
            Engine::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        let begun = self.reach.waiting(begin(&self.reader, options)).await?;
        let tx = self.tx(begun);
        let answer = work(&tx).await;
        tx.connection.rollback().await?;
        answer
    }

    fn tx(&self, connection: DatabaseTransaction) -> Tx {
        Tx {
            connection,
            engine: self.engine,
            watch: Arc::clone(&self.watch),
            failed: AtomicBool::new(false),
            happened: Mutex::default(),
        }
    }

    /// How the database encodes text, in its own words.
    ///
    /// # Errors
    /// Those of the database.
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
        sqlx::query("VACUUM INTO $1")
            .bind(file)
            .execute(self.writer.get_sqlite_connection_pool())
            .await
            .map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(error.into())))?;
        Ok(())
    }

    /// Looks at every page of an embedded database, which takes a while, and answers the first thing
    /// that is wrong. A server looks after its own.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn damage(&self) -> Result<Option<String>> {
        let Engine::Sqlite = self.engine else {
            return Ok(None);
        };
        let failed = |error: sqlx::Error| DbErr::Query(RuntimeErr::SqlxError(error.into()));
        let pool = self.reader.get_sqlite_connection_pool();
        let mut connection = pool.acquire().await.map_err(failed)?;
        let found = sqlite_file::check_pages(&mut connection, true).await;
        Ok(found.map_err(failed)?)
    }

    /// Closes all connections, so that an embedded database is left without a write-ahead log.
    pub async fn close(self) {
        self.readers.close().await;
        let shared = self.engine == Engine::Postgres;
        for (connection, skip) in [(self.reader, shared), (self.writer, false)] {
            if !skip && let Err(error) = connection.close().await {
                tracing::warn!(%error, "could not close the database");
            }
        }
    }
}

/// When writing failed last. A session of PostgreSQL stays read only after its server takes writes again, so
/// connections that were open at that time are replaced.
#[derive(Debug, Clone, Default)]
struct Unwritable(Arc<Mutex<Option<Instant>>>);

impl Unwritable {
    fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether a connection of this age was open then.
    fn covers(&self, age: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| age >= last.elapsed())
    }
}

/// Begins a transaction. A pooled connection that the server ended meanwhile costs nobody an error: nothing
/// was done on it yet, so another one is taken.
async fn begin(
    connection: &DatabaseConnection,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, DbErr> {
    let mut attempts = 0;
    loop {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where transactions begin"
        )]
        let begun = connection.begin_with_options(options).await;
        match begun {
            Err(error) if attempts < STALE_CONNECTIONS && is_broken(&error) => attempts += 1,
            begun => return begun,
        }
    }
}

/// Counts, times and logs statements, without their parameters: those are what people wrote.
#[derive(Debug)]
struct Watch {
    metrics: Arc<Metrics>,
    /// A statement that takes longer is logged.
    slow: Duration,
    /// How many wait for a connection to write.
    begin_waiting: AtomicU64,
    /// Asks for the plans of slow statements.
    planner: OnceLock<Arc<Planner>>,
}

impl Watch {
    async fn statement<T>(
        &self,
        name: &'static str,
        text: &str,
        answer: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        tracing::debug!(target: "waymark::sql", name, text, "statement");
        let begun = Instant::now();
        let answer = answer.await;
        let took = begun.elapsed();
        self.metrics.statement(name, answer.is_ok(), took);
        if took >= self.slow {
            let duration_ms = (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0;
            tracing::warn!(statement = name, duration_ms, "slow statement");
            if let Some(planner) = self.planner.get() {
                planner.tell(name, text);
            }
        }
        answer
    }

    /// Where plans are asked for.
    fn plans(&self, pool: Pool) {
        let _first = self.planner.set(Planner::new(pool));
    }

    fn waits_to_begin(&self) -> Waiting<'_> {
        Waiting::new(&self.begin_waiting)
    }
}

/// Somebody who waits for a connection, as long as it lives.
#[derive(Debug)]
struct Waiting<'a>(&'a AtomicU64);

impl<'a> Waiting<'a> {
    fn new(number: &'a AtomicU64) -> Self {
        number.fetch_add(1, Ordering::Relaxed);
        Self(number)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
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

/// How to open a pool.
#[derive(Debug, Clone, Copy, Default)]
struct Opening {
    read_only: bool,
    lazily: bool,
    /// Plans are made once a connection and statement, whatever the parameters. Left to itself,
    /// PostgreSQL plans the list statements anew for every request, which takes longer than running
    /// them; they are written so that the one plan is right.
    planned_once: bool,
}

async fn open(
    url: &str,
    max_connections: u32,
    opening: Opening,
    unwritable: &Unwritable,
) -> Result<DatabaseConnection> {
    let Opening {
        read_only,
        lazily,
        planned_once,
    } = opening;
    let mut options = ConnectOptions::new(url);
    options
        .connect_lazy(lazily)
        .max_connections(max_connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire_if_idle_for(Duration::from_secs(5))
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .create_if_missing(!read_only)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(ACQUIRE_TIMEOUT)
                // Rows come from the engine's thread, and a bulk has thousands: fewer switches.
                .row_buffer_size(2_000)
                .pragma("temp_store", "memory")
                .pragma("cache_size", "-16384")
                .pragma("mmap_size", "268435456");
            if read_only {
                // What is read has its indexes; one made for a single statement would read a whole table.
                sqlite
                    .pragma("query_only", "on")
                    .pragma("automatic_index", "off")
            } else {
                sqlite
            }
        })
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.after_release(|connection, _| {
                Box::pin(async move {
                    // A rollback that was begun when a transaction was dropped runs before this.
                    connection.ping().await?;
                    Ok(is_idle(connection))
                })
            })
        })
        .map_sqlx_postgres_before_acquire({
            let unwritable = unwritable.clone();
            move |_, connection| {
                let fresh = !unwritable.covers(connection.age);
                Box::pin(async move { Ok(fresh) })
            }
        })
        .map_sqlx_postgres_pool_opts(|pool| {
            pool.after_release(|connection, _| Box::pin(async move { Ok(is_idle(connection)) }))
        })
        .map_sqlx_postgres_opts(move |postgres| {
            let postgres = postgres
                .application_name("waymark")
                .statement_cache_capacity(STATEMENTS_KEPT)
                // Compiling a statement takes longer than any of ours runs.
                .options([("jit", "off")]);
            if planned_once {
                postgres.options([("plan_cache_mode", "force_generic_plan")])
            } else {
                postgres
            }
        });
    Ok(Database::connect(options).await?)
}

/// Whether a connection that is given back has no transaction open. One that has is closed: the next
/// transaction on it would only be a savepoint, and its commit would store nothing.
///
/// SQLite rolls a transaction back by itself when the disk is full, when reading or writing fails, and when
/// it is out of memory. The driver's `ROLLBACK` then fails, and the driver goes on counting the transaction
/// as open.
fn is_idle(connection: &impl sqlx::Connection) -> bool {
    let idle = !connection.is_in_transaction();
    if !idle {
        tracing::warn!("closing a connection whose transaction did not end");
    }
    idle
}

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

/// Whether a statement failed because its connection had ended.
fn is_broken(error: &DbErr) -> bool {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(source))
        | DbErr::Query(RuntimeErr::SqlxError(source)) => readers::is_broken(source),
        _ => false,
    }
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
