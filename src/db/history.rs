//! Removing events that are too old.

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func, Order, Query, SelectStatement};

use super::entity::{suggestion_batch, suggestion_event};
use super::statement::{Arguments, Shapes, slot};
use super::{Db, Engine, Finish, Tx};
use crate::clock::Timestamp;
use crate::error::Result;

/// The most events of one step.
const EVENTS: u64 = 10_000;

/// How many batches one step looks at, the oldest ones.
const BATCHES: u64 = 1_000;

/// Names the lock under which one process at a time removes.
const LOCK: i64 = 0x7761_796d_6172_6b01;

static TRY_LOCK: Shapes<()> = Shapes::new("history.try_lock");
static REMOVE_EVENTS: Shapes<()> = Shapes::new("history.remove_events");
static REMOVE_BATCHES: Shapes<()> = Shapes::new("history.remove_batches");

/// Removes some of the batches from before an instant, with their events; `true` if there may be more.
pub async fn remove_some(db: &Db, before: Timestamp) -> Result<bool> {
    db.write(async |tx| {
        if !is_ours(tx).await? {
            return Ok(Finish::Rollback(false));
        }
        let arguments = || Arguments::default().with("before", before.0);
        let engine = tx.engine();
        let statement = REMOVE_EVENTS.bind(engine, &(), arguments(), || {
            use suggestion_event::Column::{BatchId, Id};
            let events = Query::select()
                .column(Id)
                .from(suggestion_event::Entity)
                .and_where(Expr::col(BatchId).in_subquery(too_old()))
                .limit(EVENTS)
                .take();
            Query::delete()
                .from_table(suggestion_event::Entity)
                .and_where(Expr::col(Id).in_subquery(events))
                .to_owned()
        })?;
        let events = tx.execute(statement).await?;
        let statement = REMOVE_BATCHES.bind(engine, &(), arguments(), || {
            use suggestion_batch::Column::Id;
            let event = Query::select()
                .expr(Expr::val(1))
                .from_as(suggestion_event::Entity, "e")
                .and_where(
                    Expr::col(("e", suggestion_event::Column::BatchId))
                        .equals((suggestion_batch::Entity, Id)),
                )
                .take();
            Query::delete()
                .from_table(suggestion_batch::Entity)
                .and_where(Expr::col(Id).in_subquery(too_old()))
                .and_where(Expr::exists(event).not())
                .to_owned()
        })?;
        let batches = tx.execute(statement).await?;
        Ok(Finish::Commit(events + batches > 0))
    })
    .await
}

/// The oldest batches, as far as they are too old. Ids follow the time, so that no index over the time is needed.
fn too_old() -> SelectStatement {
    use suggestion_batch::Column::{At, Id};
    let oldest = Query::select()
        .columns([Id, At])
        .from(suggestion_batch::Entity)
        .order_by(Id, Order::Asc)
        .limit(BATCHES)
        .take();
    Query::select()
        .column(("o", Id))
        .from_subquery(oldest, Alias::new("o"))
        .and_where(Expr::col(("o", At)).lt(slot("before")))
        .take()
}

/// Whether no other process removes at this moment. A write transaction is alone on SQLite.
async fn is_ours(tx: &Tx) -> Result<bool> {
    if tx.engine() == Engine::Sqlite {
        return Ok(true);
    }
    let arguments = Arguments::default().with("lock", LOCK);
    let statement = TRY_LOCK.bind(tx.engine(), &(), arguments, || {
        let lock = Func::cust("pg_try_advisory_xact_lock").arg(slot("lock"));
        Query::select().expr(lock).take()
    })?;
    let ours = tx.query(statement, |row| row.take()).await?;
    Ok(ours.into_iter().next().unwrap_or(false))
}
