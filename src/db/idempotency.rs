//! The first answer to a request that may be repeated.

use std::time::Duration;

use super::sql::Sql;
use super::{Engine, Tx, execute, query};
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

/// Claims a key for this transaction. Whoever claims the same key meanwhile waits for its end.
///
/// # Errors
/// Those of the database.
pub async fn claim(
    tx: &Tx,
    engine: Engine,
    caller: &str,
    key: &str,
    request_hash: &str,
    now: Timestamp,
) -> Result<Claim> {
    // What is too old goes first, this key included.
    let mut statement = Sql::new(engine);
    statement
        .push("DELETE FROM idempotency_records WHERE created <= ")
        .bind(now.minus(KEPT).0);
    execute(tx, statement).await?;

    let mut statement = Sql::new(engine);
    statement
        .push("INSERT INTO idempotency_records (caller, key, request_hash, created) VALUES (")
        .bind(caller)
        .push(", ")
        .bind(key)
        .push(", ")
        .bind(request_hash)
        .push(", ")
        .bind(now.0)
        .push(") ON CONFLICT (caller, key) DO NOTHING");
    if execute(tx, statement).await? == 1 {
        return Ok(Claim::Fresh);
    }

    let mut statement = Sql::new(engine);
    statement
        .push("SELECT request_hash, response FROM idempotency_records WHERE caller = ")
        .bind(caller)
        .push(" AND key = ")
        .bind(key);
    let found = query(tx, statement, |row| {
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
///
/// # Errors
/// Those of the database.
pub async fn store(
    tx: &Tx,
    engine: Engine,
    caller: &str,
    key: &str,
    response: String,
) -> Result<()> {
    let mut statement = Sql::new(engine);
    statement
        .push("UPDATE idempotency_records SET response = ")
        .bind(response)
        .push(" WHERE caller = ")
        .bind(caller)
        .push(" AND key = ")
        .bind(key);
    execute(tx, statement).await?;
    Ok(())
}
