//! Connections that read, kept at hand from one statement to the next.
//!
//! The driver's pool asks a connection for a sign of life whenever it is given back, in a task of its
//! own: one more round trip for every statement. Here a connection stays checked out, is asked only
//! after it was idle for a while, and one that turns out to be broken is replaced, so that a database
//! that was restarted costs nobody an error.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::sqlite::SqliteRow;
use sea_orm::sqlx::{self, Connection as _, Executor as _, PgPool, Postgres, Sqlite, SqlitePool};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio::sync::Semaphore;

use super::reach::Reach;
use super::sql::Sql;
use super::{ACQUIRE_TIMEOUT, Waiting};
use crate::metrics::PoolUse;

/// A connection that was idle for longer is asked whether it is still there.
const TRUSTED: Duration = Duration::from_secs(5);

/// The connections, as many as are needed and at most as many as are allowed.
#[derive(Debug)]
pub(super) struct Readers {
    pool: Pool,
    idle: Mutex<Vec<Idle>>,
    turns: Semaphore,
    most: usize,
    waiting: AtomicU64,
    reach: Arc<Reach>,
}

#[derive(Debug)]
pub(super) enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

/// What a statement answers.
#[derive(Debug)]
pub(super) enum Rows {
    Postgres(Vec<PgRow>),
    Sqlite(Vec<SqliteRow>),
}

#[derive(Debug)]
struct Idle {
    connection: Reader,
    since: Instant,
}

#[derive(Debug)]
enum Reader {
    Postgres(PoolConnection<Postgres>),
    Sqlite(PoolConnection<Sqlite>),
}

impl Readers {
    /// Over a pool that has `most` connections and that nobody else uses.
    pub(super) fn new(pool: Pool, most: u32, reach: Arc<Reach>) -> Self {
        let most = usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS);
        Self {
            pool,
            idle: Mutex::default(),
            turns: Semaphore::new(most),
            most,
            waiting: AtomicU64::new(0),
            reach,
        }
    }

    /// How busy they are.
    pub(super) fn in_use(&self) -> PoolUse {
        let whole = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        PoolUse {
            pool: "read",
            used: whole(self.most.saturating_sub(self.turns.available_permits())),
            idle: whole(self.list().len()),
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }

    /// Runs one statement that only reads.
    pub(super) async fn rows(&self, statement: &Sql) -> Result<Rows, DbErr> {
        let waiting = Waiting::new(&self.waiting);
        let turn = async {
            tokio::time::timeout(ACQUIRE_TIMEOUT, self.turns.acquire())
                .await
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
        };
        let _turn = self.reach.waiting(turn).await?;
        drop(waiting);
        let (mut connection, known) = match self.idle().await {
            Some(connection) => (connection, true),
            None => (self.connect().await?, false),
        };
        let mut answered = connection.rows(statement).await;
        if known && answered.as_ref().is_err_and(is_broken) {
            connection.discard();
            connection = self.connect().await?;
            answered = connection.rows(statement).await;
        }
        match &answered {
            Err(error) if is_broken(error) => connection.discard(),
            _ => self.keep(connection),
        }
        answered.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
    }

    async fn connect(&self) -> Result<Reader, DbErr> {
        self.reach.waiting(self.pool.connect()).await
    }

    async fn idle(&self) -> Option<Reader> {
        loop {
            let Idle {
                mut connection,
                since,
            } = self.list().pop()?;
            if since.elapsed() < TRUSTED || connection.ping().await.is_ok() {
                return Some(connection);
            }
            connection.discard();
        }
    }

    fn keep(&self, connection: Reader) {
        let since = Instant::now();
        self.list().push(Idle { connection, since });
    }

    fn list(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes all of them; nothing is read afterwards.
    pub(super) async fn close(&self) {
        self.turns.close();
        self.list().clear();
        match &self.pool {
            Pool::Postgres(pool) => pool.close().await,
            Pool::Sqlite(pool) => pool.close().await,
        }
    }
}

impl Pool {
    async fn connect(&self) -> Result<Reader, DbErr> {
        let connected = match self {
            Self::Postgres(pool) => pool.acquire().await.map(Reader::Postgres),
            Self::Sqlite(pool) => pool.acquire().await.map(Reader::Sqlite),
        };
        connected.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
    }
}

impl Reader {
    async fn rows(&mut self, statement: &Sql) -> Result<Rows, sqlx::Error> {
        let text = sqlx::AssertSqlSafe(statement.text());
        Ok(match self {
            Self::Postgres(connection) => {
                let arguments = statement
                    .postgres_arguments()
                    .map_err(sqlx::Error::Encode)?;
                let query = sqlx::query_with(text, arguments);
                Rows::Postgres(connection.fetch_all(query).await?)
            }
            Self::Sqlite(connection) => {
                let arguments = statement.sqlite_arguments().map_err(sqlx::Error::Encode)?;
                let query = sqlx::query_with(text, arguments);
                Rows::Sqlite(connection.fetch_all(query).await?)
            }
        })
    }

    async fn ping(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Postgres(connection) => connection.ping().await,
            Self::Sqlite(connection) => connection.ping().await,
        }
    }

    /// Lets a broken connection go without asking it anything.
    fn discard(self) {
        match self {
            Self::Postgres(connection) => drop(connection.detach()),
            Self::Sqlite(connection) => drop(connection.detach()),
        }
    }
}

/// Whether an error is about the connection, and not about the statement.
pub(super) fn is_broken(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => true,
        // PostgreSQL: the server ended the connection, or shuts down.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.len() == 5 && (code.starts_with("57P") || code.starts_with("08"))
        }),
        _ => false,
    }
}
