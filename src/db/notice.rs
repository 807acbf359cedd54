//! That something happened, for whoever follows events: told in the process when a transaction is committed,
//! and on PostgreSQL to all processes with `NOTIFY`, once a transaction.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sea_query::{Expr, ExprTrait as _, Func};
use sea_orm::sqlx;
use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::opener::{Opener, Server};
use super::{Db, Engine};
use crate::event::EventAction;
use crate::metrics::Metrics;

/// The channel of `NOTIFY`.
const CHANNEL: &str = "waymark_events";

/// The pause before a connection that cannot be made is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// Tells all processes when the transaction is committed: selected beside what a statement returns, so that it
/// is no statement of its own. PostgreSQL tells once, however often a transaction says so.
pub(super) fn tell(engine: Engine) -> Option<Expr> {
    match engine {
        Engine::Postgres => {
            let told = Func::cust("pg_notify").arg(CHANNEL).arg("");
            Some(Expr::from(told).cast_as("TEXT"))
        }
        Engine::Sqlite => None,
    }
}

/// How many events of each action.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts([u64; EventAction::ALL.len()]);

impl Counts {
    pub(super) fn count(&mut self, action: EventAction) {
        if let Some(place) = EventAction::ALL.iter().position(|one| *one == action) {
            self.0[place] += 1;
        }
    }
}

/// Whom to tell that something happened.
#[derive(Debug, Default)]
pub(super) struct Happened {
    commits: watch::Sender<()>,
}

impl Happened {
    /// A transaction with so many events was committed.
    pub(super) fn committed(&self, counts: Counts, metrics: &Metrics) {
        if counts.0.iter().all(|count| *count == 0) {
            return;
        }
        for (action, count) in EventAction::ALL.into_iter().zip(counts.0) {
            metrics.event(action, count);
        }
        self.commits.send_replace(());
    }
}

/// Wakes whoever waits for events.
#[derive(Debug)]
pub struct Notices {
    commits: watch::Receiver<()>,
    /// Listens to other processes.
    listener: Option<AbortHandle>,
}

impl Notices {
    /// Waits until something may have happened since the last call.
    pub async fn next(&mut self) {
        if self.commits.changed().await.is_err() {
            // The database is closed: there is nothing to wait for.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Notices {
    fn drop(&mut self) {
        if let Some(listener) = &self.listener {
            listener.abort();
        }
    }
}

impl Db {
    /// Follows what happens. On PostgreSQL it takes a connection of its own beside those of the pools, and
    /// may hear nothing: poolers between here and the server swallow notices. So may SQLite of other processes.
    /// Whoever follows looks for itself from time to time.
    pub fn follow(&self) -> Notices {
        let listener = match self.writers.opener() {
            Opener::Sqlite(_) => None,
            Opener::Postgres(server) => {
                let server = Arc::clone(server);
                let happened = Arc::clone(&self.happened);
                let listening = tokio::spawn(async move {
                    loop {
                        let Err(error) = listen(&server, &happened).await;
                        tracing::warn!(%error, "cannot listen to the database; looking from time to time");
                        tokio::time::sleep(RETRY).await;
                    }
                });
                Some(listening.abort_handle())
            }
        };
        Notices {
            commits: self.happened.commits.subscribe(),
            listener,
        }
    }
}

/// Passes on what other processes tell, until that fails.
async fn listen(
    server: &Server,
    happened: &Happened,
) -> Result<std::convert::Infallible, sqlx::Error> {
    if server.is_pooled().await? {
        // Notices would go to whoever uses that connection of the server next.
        std::future::pending::<()>().await;
    }
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(server.options().clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        // Nothing means that the connection was lost, and with it perhaps a notice.
        let _notice = listener.try_recv().await?;
        happened.commits.send_replace(());
    }
}
