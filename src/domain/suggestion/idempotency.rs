//! The same request twice: the first answer again.

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::{Mode, item};
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::domain::Cx;
use crate::error::{Error, Problem, ProblemCode, Result};

/// The key of a request that may be repeated, claimed for this transaction.
pub(super) struct Claimed {
    caller: String,
    key: String,
}

/// Either nothing was done under this key yet, or this is what was answered.
pub(super) enum Claim<T> {
    Fresh(Option<Claimed>),
    Answered(Box<Result<T, Problem>>),
}

/// Checks the key before anything is begun.
pub(super) fn check(mode: &Mode) -> Result<(), Problem> {
    mode.idempotency_key
        .as_deref()
        .map_or(Ok(()), |key| item::check_text(key, &["idempotencyKey"]))
}

/// Claims the key of a request for this transaction. A dry run neither asks nor uses one up.
pub(super) async fn claim<T: DeserializeOwned>(
    tx: &Tx,
    cx: &Cx,
    mode: &Mode,
    operation: &str,
    input: &impl serde::Serialize,
    now: Timestamp,
) -> Result<Claim<T>> {
    let (Some(key), Some(caller), false) =
        (&mode.idempotency_key, cx.viewer.caller(), mode.dry_run)
    else {
        return Ok(Claim::Fresh(None));
    };
    let input = serde_json::to_vec(input).map_err(|error| Error::internal(error.to_string()))?;
    let mut hash = Sha256::new();
    hash.update(operation.as_bytes());
    hash.update([0]);
    hash.update(&input);
    let hash = hex::encode(hash.finalize());
    match db::idempotency::claim(tx, &caller, key, &hash, now).await? {
        db::idempotency::Claim::Fresh => Ok(Claim::Fresh(Some(Claimed {
            caller,
            key: key.clone(),
        }))),
        db::idempotency::Claim::Used { request_hash, .. } if request_hash != hash => {
            Ok(Claim::Answered(Box::new(Err(Problem::new(
                ProblemCode::IdempotencyKeyReused,
                &["idempotencyKey"],
                "This key was used for another request within the last 24 hours: take a new key.",
            )))))
        }
        db::idempotency::Claim::Used { response, .. } => {
            let answer = serde_json::from_str(&response)
                .map_err(|error| Error::internal(format!("stored answer: {error}")))?;
            Ok(Claim::Answered(Box::new(Ok(answer))))
        }
    }
}

/// Keeps the answer, if a key was claimed for it.
pub(super) async fn store(
    tx: &Tx,
    claimed: Option<Claimed>,
    answer: &impl serde::Serialize,
) -> Result<()> {
    let Some(Claimed { caller, key }) = claimed else {
        return Ok(());
    };
    let response =
        serde_json::to_string(answer).map_err(|error| Error::internal(error.to_string()))?;
    db::idempotency::store(tx, &caller, &key, response).await
}
