//! The first answer to a request that may be repeated.

use std::time::Duration;

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};

use super::Tx;
use super::entity::idempotency_record::{
    Column::{Caller, Created, Key, RequestHash, Response},
    Entity,
};
use super::statement::{Arguments, Shapes, slot};
use crate::clock::Timestamp;
use crate::error::{Error, Result};

/// How long an answer is kept.
pub const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known of a caller's key.
#[derive(Debug)]
pub enum Claim {
    /// It is this request's now; [`store`] its answer before the transaction ends.
    Fresh,
    /// It was used before.
    Used {
        /// The hash of the request that used it.
        request_hash: String,
        /// What that request was answered.
        response: String,
    },
}

static EXPIRE: Shapes<()> = Shapes::new("idempotency_records.expire");
static CLAIM: Shapes<()> = Shapes::new("idempotency_records.claim");
static FIND: Shapes<()> = Shapes::new("idempotency_records.find");
static STORE: Shapes<()> = Shapes::new("idempotency_records.store");

/// Claims a key for this transaction. Another request that claims the same key meanwhile waits for its end.
pub async fn claim(
    tx: &Tx,
    caller: &str,
    key: &str,
    request_hash: &str,
    now: Timestamp,
) -> Result<Claim> {
    // What is too old goes first, this key included.
    let arguments = Arguments::default().with("before", now.minus(KEPT).0);
    let statement = EXPIRE.bind(tx.engine(), &(), arguments, || {
        Query::delete()
            .from_table(Entity)
            .and_where(Expr::col(Created).lte(slot("before")))
            .to_owned()
    })?;
    tx.execute(statement).await?;

    let arguments = of_key(caller, key)
        .with("request_hash", request_hash)
        .with("created", now.0);
    let statement = CLAIM.bind(tx.engine(), &(), arguments, || {
        Query::insert()
            .into_table(Entity)
            .columns([Caller, Key, RequestHash, Created])
            .values_panic(["caller", "key", "request_hash", "created"].map(slot))
            .on_conflict(OnConflict::columns([Caller, Key]).do_nothing().to_owned())
            .to_owned()
    })?;
    if tx.execute(statement).await? == 1 {
        return Ok(Claim::Fresh);
    }

    let statement = FIND.bind(tx.engine(), &(), of_key(caller, key), || {
        Query::select()
            .columns([RequestHash, Response])
            .from(Entity)
            .and_where(is_key())
            .take()
    })?;
    let found = tx
        .query(statement, |row| {
            Ok(Claim::Used {
                request_hash: row.take()?,
                response: row.take()?,
            })
        })
        .await?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| Error::Unavailable("the idempotency record went away meanwhile".to_owned()))
}

/// Keeps the answer to the request that claimed the key.
pub async fn store(tx: &Tx, caller: &str, key: &str, response: String) -> Result<()> {
    let arguments = of_key(caller, key).with("response", response);
    let statement = STORE.bind(tx.engine(), &(), arguments, || {
        Query::update()
            .table(Entity)
            .value(Response, slot("response"))
            .and_where(is_key())
            .to_owned()
    })?;
    tx.execute(statement).await?;
    Ok(())
}

fn of_key(caller: &str, key: &str) -> Arguments {
    Arguments::default().with("caller", caller).with("key", key)
}

fn is_key() -> Expr {
    let caller = Expr::col(Caller).eq(slot("caller"));
    caller.and(Expr::col(Key).eq(slot("key")))
}
