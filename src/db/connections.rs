//! Connections, kept at hand from one statement to the next.
//!
//! The driver's pool pings a connection whenever it is given back, one more round trip for every
//! statement, and waits for a statement that nobody wants any longer. Here a connection is pinged only after it was
//! idle for a while, and one that turns out to be broken is replaced, so that a database that was restarted costs
//! nobody an error. Whoever goes away in the middle of a statement or a transaction ends its connection, and with it
//! the statement: see [`Held`].

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::sqlx;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::sqlite::SqliteRow;
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::opener::{Connection, Opener};
use super::reach::Reach;
use super::sql::{Row, Sql};
use crate::error::Result;
use crate::metrics::PoolUse;

/// How long a caller waits for a connection before the database counts as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection that was idle for longer is pinged before it is used.
const TRUSTED: Duration = Duration::from_secs(5);

/// How long a ping may take.
const PING: Duration = Duration::from_millis(500);

/// The connections for one purpose, as many as are needed and at most as many as are allowed.
#[derive(Debug)]
pub(super) struct Connections {
    purpose: &'static str,
    opener: Opener,
    idle: Mutex<Vec<Idle>>,
    turns: Arc<Semaphore>,
    most: usize,
    waiting: AtomicU64,
    reach: Reach,
    /// Those that were opened before are not used again.
    replaced: Mutex<Option<Instant>>,
    /// When one of them was given up in the middle of something: those that were idle then may be no better.
    doubted: Mutex<Option<Instant>>,
}

/// What a statement answers.
#[derive(Debug)]
pub(super) enum Rows {
    Postgres(Vec<PgRow>),
    Sqlite(Vec<SqliteRow>),
}

impl Rows {
    pub(super) fn decode<T>(
        &self,
        decode: impl Fn(&Row<'_>) -> Result<T, DbErr>,
    ) -> Result<Vec<T>> {
        let decoded: Result<Vec<T>, DbErr> = match self {
            Self::Postgres(rows) => rows.iter().map(|row| decode(&Row::postgres(row))).collect(),
            Self::Sqlite(rows) => rows.iter().map(|row| decode(&Row::sqlite(row))).collect(),
        };
        Ok(decoded?)
    }
}

#[derive(Debug)]
struct Idle {
    connection: Connection,
    opened: Instant,
    since: Instant,
}

impl Connections {
    /// At most `most` connections. Metrics call them by their purpose.
    pub(super) fn new(purpose: &'static str, opener: Opener, most: u32) -> Arc<Self> {
        let most = usize::try_from(most).unwrap_or(Semaphore::MAX_PERMITS);
        Arc::new(Self {
            purpose,
            idle: Mutex::default(),
            turns: Arc::new(Semaphore::new(most)),
            most,
            waiting: AtomicU64::new(0),
            reach: Reach::of(&opener),
            replaced: Mutex::default(),
            doubted: Mutex::default(),
            opener,
        })
    }

    /// How busy they are.
    pub(super) fn in_use(&self) -> PoolUse {
        let whole = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        PoolUse {
            pool: self.purpose,
            used: whole(self.most.saturating_sub(self.turns.available_permits())),
            idle: whole(self.list().len()),
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }

    /// How they are opened.
    pub(super) fn opener(&self) -> &Opener {
        &self.opener
    }

    /// Runs one statement that only reads.
    pub(super) async fn rows(self: &Arc<Self>, statement: &Sql) -> Result<Rows, DbErr> {
        let turn = self.turn().await?;
        let failed = |error: sqlx::Error| DbErr::Query(RuntimeErr::SqlxError(error.into()));
        let (mut held, known) = self.hold(turn).await?;
        let mut answered = held.rows_alone(statement).await;
        if known && answered.as_ref().is_err_and(is_broken) {
            drop(held);
            held = self.open(self.turn().await?).await?;
            answered = held.rows_alone(statement).await;
        }
        held.done(answered).map_err(failed)
    }

    pub(super) async fn begin(self: &Arc<Self>, begin: Begin) -> Result<Held, DbErr> {
        loop {
            let turn = self.turn().await?;
            let (mut held, known) = self.hold(turn).await?;
            match held.begin(begin).await {
                Ok(()) => return Ok(held),
                // Nothing was done on it yet. Those that are kept come to an end.
                Err(error) if known && is_broken(&error) => {}
                Err(error) => {
                    return Err(DbErr::Exec(RuntimeErr::SqlxError(error.into())));
                }
            }
        }
    }

    /// A connection for something that is no statement of ours.
    pub(super) async fn take(self: &Arc<Self>) -> Result<Held, DbErr> {
        let turn = self.turn().await?;
        Ok(self.hold(turn).await?.0)
    }

    /// Opens a connection, to see whether that is possible.
    pub(super) async fn open_first(self: &Arc<Self>) -> Result<(), DbErr> {
        let turn = self.turn().await?;
        self.open(turn).await?.keep();
        Ok(())
    }

    /// Does not use again what is open now.
    pub(super) fn replace(&self) {
        *moment(&self.replaced) = Some(Instant::now());
    }

    /// Closes all of them; nothing is done afterwards.
    pub(super) async fn close(&self) {
        self.turns.close();
        let idle = std::mem::take(&mut *self.list());
        for Idle { connection, .. } in idle {
            connection.close().await;
        }
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, DbErr> {
        let _waiting = Waiting::new(&self.waiting);
        let turn = async {
            let turns = Arc::clone(&self.turns);
            tokio::time::timeout(ACQUIRE_TIMEOUT, turns.acquire_owned())
                .await
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed))
        };
        self.reach.waiting(turn).await
    }

    /// A connection, and whether it was kept from before.
    async fn hold(self: &Arc<Self>, turn: OwnedSemaphorePermit) -> Result<(Held, bool), DbErr> {
        loop {
            let Some(idle) = self.list().pop() else {
                return Ok((self.open(turn).await?, false));
            };
            let Idle {
                mut connection,
                opened,
                since,
            } = idle;
            if moment(&self.replaced).is_some_and(|at| opened <= at) {
                continue;
            }
            let doubted = moment(&self.doubted).is_some_and(|at| since <= at);
            let there = if doubted || since.elapsed() >= TRUSTED {
                tokio::time::timeout(PING, connection.ping()).await
            } else {
                Ok(Ok(()))
            };
            match there {
                Ok(Ok(())) => return Ok((self.held(connection, opened, turn), true)),
                Ok(Err(_)) => {}
                // Nor will the others say anything.
                Err(_) => self.replace(),
            }
        }
    }

    async fn open(self: &Arc<Self>, turn: OwnedSemaphorePermit) -> Result<Held, DbErr> {
        let _waiting = Waiting::new(&self.waiting);
        let opening = async {
            let opening = tokio::time::timeout(ACQUIRE_TIMEOUT, self.opener.open()).await;
            opening
                .map_err(|_| DbErr::ConnectionAcquire(ConnAcquireErr::Timeout))?
                .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
        };
        let connection = self.reach.waiting(opening).await?;
        Ok(self.held(connection, Instant::now(), turn))
    }

    fn held(
        self: &Arc<Self>,
        connection: Connection,
        opened: Instant,
        turn: OwnedSemaphorePermit,
    ) -> Held {
        Held {
            home: Arc::clone(self),
            busy: Some((connection, turn)),
            opened,
        }
    }

    fn list(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn moment(of: &Mutex<Option<Instant>>) -> std::sync::MutexGuard<'_, Option<Instant>> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Begin {
    /// It writes. On SQLite it takes the write lock at once: a transaction that reads first and writes later
    /// could find the file changed in between and would have to fail.
    Write,
    /// It reads, and sees one state of the database.
    Snapshot,
}

/// A connection in use, and the turn to use it. Unless it is given back with [`Held::keep`] or [`Held::done`], it is
/// dropped: its transaction is rolled back, and a statement that still runs is cancelled.
#[derive(Debug)]
pub(super) struct Held {
    home: Arc<Connections>,
    /// Until it is given back.
    busy: Option<(Connection, OwnedSemaphorePermit)>,
    opened: Instant,
}

impl Held {
    /// Runs a statement in an open transaction.
    pub(super) async fn rows(&mut self, statement: &Sql) -> Result<Rows, sqlx::Error> {
        self.connection()?.rows(statement).await
    }

    /// Runs a statement in an open transaction, and answers how many rows it wrote.
    pub(super) async fn execute(&mut self, statement: &Sql) -> Result<u64, sqlx::Error> {
        self.connection()?.execute(statement).await
    }

    /// Commits the open transaction and gives the connection back.
    pub(super) async fn commit(mut self) -> Result<(), DbErr> {
        let ended = match self.connection() {
            Ok(connection) => connection.command("COMMIT").await,
            Err(error) => Err(error),
        };
        self.ended(ended)
    }

    /// Rolls the open transaction back and gives the connection back.
    pub(super) async fn rollback(mut self) -> Result<(), DbErr> {
        let ended = match self.connection() {
            Ok(connection) => connection.command("ROLLBACK").await,
            Err(error) => Err(error),
        };
        self.ended(ended)
    }

    /// Gives the connection back.
    pub(super) fn keep(mut self) {
        if let Some((connection, turn)) = self.busy.take() {
            self.home.reach.hear();
            self.home.list().push(Idle {
                connection,
                opened: self.opened,
                since: Instant::now(),
            });
            drop(turn);
        }
    }

    pub(super) fn connection(&mut self) -> Result<&mut Connection, sqlx::Error> {
        let busy = self.busy.as_mut().map(|(connection, _)| connection);
        busy.ok_or(sqlx::Error::PoolClosed)
    }

    async fn begin(&mut self, begin: Begin) -> Result<(), sqlx::Error> {
        self.connection()?.begin(begin).await
    }

    async fn rows_alone(&mut self, statement: &Sql) -> Result<Rows, sqlx::Error> {
        self.connection()?.rows_alone(statement).await
    }

    /// Gives the connection back after a statement that was no transaction, unless it turned out to be broken.
    fn done<T>(self, answered: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if !answered.as_ref().is_err_and(is_broken) {
            self.keep();
        }
        answered
    }

    /// A transaction that could not be ended may still be open. SQLite rolls one back by itself where the disk is
    /// full, for example.
    fn ended(self, ended: Result<(), sqlx::Error>) -> Result<(), DbErr> {
        match ended {
            Ok(()) => {
                self.keep();
                Ok(())
            }
            Err(error) => Err(DbErr::Exec(RuntimeErr::SqlxError(error.into()))),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((connection, _turn)) = self.busy.take() {
            *moment(&self.home.doubted) = Some(Instant::now());
            connection.cancel();
        }
    }
}

/// Whether an error is about the connection, and not about the statement.
fn is_broken(error: &sqlx::Error) -> bool {
    use sqlx::Error;
    match error {
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::WorkerCrashed => true,
        // PostgreSQL: the server ended the connection, or shuts down.
        Error::Database(error) => error.code().is_some_and(|code| {
            code.len() == 5 && (code.starts_with("57P") || code.starts_with("08"))
        }),
        _ => false,
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
