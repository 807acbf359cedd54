//! A streaming replica of PostgreSQL, which lists are read from.
//!
//! Who has just written reads what they wrote: their reads go to the replica only when it has replayed all that the
//! primary has by then. Whoever has written nothing lately may read what was true a few seconds ago. A replica that is
//! further behind, or away, is passed by.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Func, Query};

use super::connections::Connections;
use super::entity::suggestion_batch::{self, Column};
use super::statement::{Arguments, Shapes, slot};
use super::{Db, Engine};
use crate::clock;
use crate::error::{Error, Result};

/// How far behind the replica may be for those who have written nothing lately.
const LAG: Duration = Duration::from_secs(5);

/// How often it is compared with the primary.
const EVERY: Duration = Duration::from_secs(1);

/// Whoever wrote within so many seconds has written lately: longer than the replica may be behind, also where the
/// clocks of processes differ.
const LATELY: i64 = 60;

static WRITTEN: Shapes<()> = Shapes::new("replica.written");
static POSITION: Shapes<()> = Shapes::new("replica.position");
static REPLAYED: Shapes<()> = Shapes::new("replica.replayed");

/// A replica, and whether it is close enough.
#[derive(Debug)]
pub(super) struct Replica {
    pub(super) readers: Arc<Connections>,
    is_close: AtomicBool,
}

impl Replica {
    pub(super) fn new(readers: Arc<Connections>) -> Self {
        Self {
            readers,
            is_close: AtomicBool::new(false),
        }
    }

    /// It is passed by until it is found to be close again.
    pub(super) fn pass_by(&self) {
        if self.is_close.swap(false, Ordering::Relaxed) {
            tracing::warn!("the replica is away or behind; reading from the primary");
        }
    }
}

impl Db {
    /// The same database, for one request: its reads may be sent to the replica later.
    pub fn for_request(&self) -> Self {
        Self {
            reads_replica: self.replica.as_ref().map(|_| Arc::default()),
            ..self.clone()
        }
    }

    /// The same database, read where it is written.
    pub fn primary(&self) -> Self {
        Self {
            reads_replica: None,
            ..self.clone()
        }
    }

    /// Sends what this request reads from now on to the replica, if there is one that shows all that this person or
    /// key has written. Where that cannot be found out, they go on reading from the primary.
    pub async fn read_from_replica(&self, actor_id: Option<i64>, api_key_id: Option<i64>) {
        let (Some(replica), Some(chosen)) = (&self.replica, &self.reads_replica) else {
            return;
        };
        if !replica.is_close.load(Ordering::Relaxed) {
            return;
        }
        match self.shows_all(replica, actor_id, api_key_id).await {
            Ok(shows_all) => chosen.store(shows_all, Ordering::Relaxed),
            Err(error) => tracing::debug!(%error, "the replica was not chosen"),
        }
    }

    /// Whether the replica shows all that somebody has written.
    async fn shows_all(
        &self,
        replica: &Replica,
        actor_id: Option<i64>,
        api_key_id: Option<i64>,
    ) -> Result<bool> {
        let arguments = Arguments::default()
            .with("actor", actor_id)
            .with("key", api_key_id)
            .with("since", clock::now().0 - LATELY * 1_000_000);
        let written = WRITTEN.bind(Engine::Postgres, &(), arguments, || {
            let by = |column, name| {
                Expr::exists(
                    Query::select()
                        .expr(Expr::val(1))
                        .from(suggestion_batch::Entity)
                        .and_where(Expr::col(column).eq(slot(name)))
                        .and_where(Expr::col(Column::At).gt(slot("since")))
                        .take(),
                )
            };
            Query::select()
                .expr(number(Func::cust("pg_current_wal_insert_lsn").into()))
                .expr(by(Column::ActorId, "actor").or(by(Column::ApiKeyId, "key")))
                .take()
        })?;
        let written = self.query(written, |row| Ok((row.take()?, row.take()?)));
        let written: Vec<(i64, bool)> = written.await?;
        Ok(match written[..] {
            [(_, false)] => true,
            [(position, true)] => self.replayed(replica).await? >= Some(position),
            _ => false,
        })
    }

    /// The replica, if this request reads from it.
    pub(super) fn chosen_replica(&self) -> Option<&Replica> {
        let chosen = self.reads_replica.as_ref()?.load(Ordering::Relaxed);
        self.replica.as_deref().filter(|_| chosen)
    }

    /// Compares the replica with the primary, for ever, if there is one. Nobody reads from it before.
    pub async fn follow_replica(&self) {
        let Some(replica) = &self.replica else {
            return;
        };
        let mut positions = VecDeque::new();
        let mut told = false;
        loop {
            match self.compare(replica, &mut positions).await {
                Ok(Some(true)) => {
                    if !replica.is_close.swap(true, Ordering::Relaxed) {
                        tracing::info!("lists are read from the replica");
                    }
                }
                Ok(Some(false)) => replica.pass_by(),
                Ok(None) => {
                    replica.pass_by();
                    if !std::mem::replace(&mut told, true) {
                        tracing::warn!(
                            "database_read_url names no streaming replica, so nothing is read there"
                        );
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "the replica was not compared with the primary");
                    replica.pass_by();
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Whether the replica has replayed what the primary had a while ago; none if it is not one.
    async fn compare(
        &self,
        replica: &Replica,
        positions: &mut VecDeque<(Instant, i64)>,
    ) -> Result<Option<bool>> {
        let position = POSITION.bind(Engine::Postgres, &(), Arguments::default(), || {
            Query::select()
                .expr(number(Func::cust("pg_current_wal_insert_lsn").into()))
                .take()
        })?;
        let asked = Instant::now();
        if let Some(position) = self.query(position, |row| row.take()).await?.pop() {
            positions.push_back((asked, position));
        }
        positions.retain(|(at, _)| at.elapsed() <= LAG);
        let replayed = tokio::time::timeout(EVERY, self.replayed(replica)).await;
        let replayed = replayed
            .map_err(|_| Error::Unavailable("the replica does not answer".to_owned()))??;
        Ok(replayed.map(|replayed| positions.iter().any(|(_, position)| *position <= replayed)))
    }

    /// How far a replica is; none if it is not one.
    async fn replayed(&self, replica: &Replica) -> Result<Option<i64>> {
        let replayed = REPLAYED.bind(Engine::Postgres, &(), Arguments::default(), || {
            let position = Func::cust("pg_last_wal_replay_lsn").into();
            let in_recovery = Expr::from(Func::cust("pg_is_in_recovery"));
            let replayed = CaseStatement::new().case(in_recovery, number(position));
            Query::select().expr(replayed).take()
        })?;
        let replayed = self.rows_of(&replica.readers, &replayed).await?;
        Ok(replayed
            .decode(|row| row.take::<Option<i64>>())?
            .pop()
            .flatten())
    }
}

/// A position of the write-ahead log as a number of bytes.
fn number(position: Expr) -> Expr {
    let bytes = Func::cust("pg_wal_lsn_diff")
        .arg(position)
        .arg(Expr::val("0/0").cast_as("pg_lsn"));
    Expr::from(bytes).cast_as("BIGINT")
}
