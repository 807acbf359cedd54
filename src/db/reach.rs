//! Whether the server of the database can be reached, asked while somebody waits for a connection to it: the driver
//! would go on trying for seconds, and a caller is to be told at once.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{ConnectOptions as _, Connection as _};
use sea_orm::{ConnAcquireErr, DbErr};
use tokio::sync::Mutex;

use super::opener::Opener;

/// Waiting for so long is usual where all connections are in use.
const USUAL: Duration = Duration::from_millis(300);
/// A server that takes longer to answer counts as away.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long an answer counts, so that many who wait ask once.
const REMEMBER: Duration = Duration::from_millis(500);

/// How to ask the server; there is none to ask with SQLite.
#[derive(Debug, Default)]
pub(super) struct Reach {
    server: Option<PgConnectOptions>,
    last: Mutex<Option<(Instant, bool)>>,
    /// When it last answered somebody who had a connection.
    heard: std::sync::Mutex<Option<Instant>>,
}

impl Reach {
    /// Of the server that connections are opened to.
    pub(super) fn of(opener: &Opener) -> Self {
        Self {
            server: match opener {
                Opener::Postgres(server) => Some(server.options().clone()),
                Opener::Sqlite(_) => None,
            },
            last: Mutex::default(),
            heard: std::sync::Mutex::default(),
        }
    }

    /// It answered somebody who had a connection.
    pub(super) fn hear(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Whether it answered somebody a moment ago, and after this.
    fn is_heard(&self, since: Instant) -> bool {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.is_some_and(|at| at >= since && at.elapsed() < REMEMBER)
    }

    /// Waits for a connection, as long as the server answers others.
    pub(super) async fn waiting<T>(
        &self,
        connection: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let mut connection = std::pin::pin!(connection);
        let begun = Instant::now();
        loop {
            if let Ok(done) = tokio::time::timeout(USUAL, connection.as_mut()).await {
                return done;
            }
            if !self.answers(begun).await {
                return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
            }
        }
    }

    /// Whether it answers somebody who waits since then. That it was away before says nothing: it may have come back.
    async fn answers(&self, since: Instant) -> bool {
        let Some(server) = &self.server else {
            return true;
        };
        let mut last = self.last.lock().await;
        // It is busy, and has no time for new connections.
        if self.is_heard(since) {
            return true;
        }
        if let Some((at, answers)) = *last
            && at.elapsed() < REMEMBER
            && (answers || at >= since)
        {
            return answers;
        }
        let answers = match tokio::time::timeout(PATIENCE, server.connect()).await {
            Ok(Ok(connection)) => {
                drop(connection.close().await);
                true
            }
            // A server that has no connection left for us is there.
            Ok(Err(error)) => error
                .as_database_error()
                .and_then(sea_orm::sqlx::error::DatabaseError::code)
                .is_some_and(|code| code == "53300"),
            Err(_) => false,
        };
        *last = Some((Instant::now(), answers));
        answers || self.is_heard(since)
    }
}
