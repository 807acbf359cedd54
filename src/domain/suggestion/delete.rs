//! Deleting. What the caller may not manage is not there.

use std::collections::HashMap;

use super::{
    Answer, Answered, ErrorPolicy, ItemResult, Kind, MAX_ITEMS, Mode, Outcome, Suggestion,
    enter_to_manage, idempotency, too_many,
};
use crate::auth::{Manage, Permit};
use crate::clock::{self, Timestamp};
use crate::db::suggestion::event::{self, NewEvent};
use crate::db::{Finish, suggestion, until_through};
use crate::domain::{Cx, PlatformRef};
use crate::error::{Error, Problem, ProblemCode, Result};

/// A request to delete suggestions of one platform.
#[derive(Debug)]
pub struct Delete {
    /// To users or to groups.
    pub kind: Kind,
    pub platform: PlatformRef,
    /// Their ids. One that its door could not read carries its problem.
    pub ids: Vec<Result<i64, Problem>>,
    /// How to go about it.
    pub mode: Mode,
    /// What the caller calls it.
    pub operation: &'static str,
}

/// Deletes suggestions, item by item in order: the second mention of one finds it gone.
///
/// # Errors
/// Of the request as a whole: those of the policy and of the database.
pub async fn delete(cx: &Cx, request: &Delete) -> Result<Answered> {
    let permit = match enter_to_manage(cx, &request.platform).await? {
        Ok(permit) => permit,
        Err(problem) => return Ok(Err(problem)),
    };
    if request.ids.len() > MAX_ITEMS {
        return Ok(Err(too_many("suggestions")));
    }
    if let Err(problem) = idempotency::check(&request.mode) {
        return Ok(Err(problem));
    }
    if request.operation == request.kind.bulk_delete() {
        cx.db.metrics().bulk(request.ids.len());
    }
    let now = clock::now();
    until_through(|| attempt(cx, request, &permit, now)).await
}

/// One transaction of it.
async fn attempt(
    cx: &Cx,
    request: &Delete,
    permit: &Permit<Manage>,
    now: Timestamp,
) -> Result<Answered> {
    let kind = request.kind;
    let operation = kind.bulk_delete();
    let input = (&request.platform, &request.ids, request.mode.policy);
    cx.db
        .write(async |tx| {
            let claim = idempotency::claim(tx, cx, &request.mode, operation, &input, now).await?;
            let claimed = match claim {
                idempotency::Claim::Fresh(claimed) => claimed,
                idempotency::Claim::Answered(answered) => return Ok(Finish::Rollback(*answered)),
            };
            let mut ids: Vec<i64> = request.ids.iter().flatten().copied().collect();
            ids.sort_unstable();
            ids.dedup();
            let mut there: HashMap<i64, Suggestion> = if ids.is_empty() {
                HashMap::new()
            } else {
                suggestion::lock(tx, kind, permit, &ids)
                    .await?
                    .into_iter()
                    .map(|row| (row.id, row))
                    .collect()
            };
            let found: Vec<i64> = there.keys().copied().collect();
            let mut events = Vec::with_capacity(found.len());
            let results = request
                .ids
                .iter()
                .map(|id| match id {
                    Err(problem) => ItemResult::failed(problem.clone()),
                    Ok(id) => match there.remove(id) {
                        Some(row) => {
                            events.push(NewEvent::deleted(&row));
                            ItemResult {
                                outcome: Outcome::Deleted,
                                suggestion: None,
                                deleted: Some(*id),
                                problem: None,
                            }
                        }
                        None => ItemResult::failed(not_found()),
                    },
                })
                .collect();
            let mut answer = Answer {
                results,
                batch: None,
            };
            let failed = answer.count(Outcome::Failed) > 0;
            if failed && request.mode.policy == ErrorPolicy::Abort {
                answer = answer.abort();
            } else if !request.mode.dry_run && !found.is_empty() {
                suggestion::delete(tx, kind, permit, &found).await?;
                let act = cx.act(permit.platform().id, Some(request.operation), now);
                answer.batch = event::write_events(tx, act, kind, &events).await?;
            }
            if request.mode.dry_run {
                return Ok(Finish::Rollback(Ok(answer)));
            }
            idempotency::store(tx, claimed, &answer).await?;
            Ok(Finish::Commit(Ok(answer)))
        })
        .await
}

/// A request to delete one suggestion.
#[derive(Debug)]
pub struct DeleteOne {
    /// To a user or to a group.
    pub kind: Kind,
    /// The platform, if the caller names it.
    pub platform_key: Option<String>,
    /// Its organisation; if given, it must be that platform's.
    pub platform_org: Option<String>,
    /// Whether a department admin works within the departments.
    pub department_mode: bool,
    pub id: i64,
    /// What the caller calls it.
    pub operation: &'static str,
}

/// Deletes one suggestion, and returns its id and the batch. Without a platform, anything that the caller may not manage is not found.
///
/// # Errors
/// Of the request as a whole: those of the policy and of the database.
pub async fn delete_one(
    cx: &Cx,
    request: &DeleteOne,
) -> Result<Result<(i64, Option<i64>), Problem>> {
    let key = match &request.platform_key {
        Some(key) => Some(key.clone()),
        None => {
            let found = suggestion::by_ids(&cx.db, &cx.sight, request.kind, &[request.id]).await?;
            match found.first() {
                Some(found) => cx.platform_key(found.platform_id).await?,
                None => None,
            }
        }
    };
    let Some(key) = key else {
        crate::auth::policy::authenticated(&cx.viewer)?;
        return Ok(Err(not_found()));
    };
    let request_of_one = Delete {
        kind: request.kind,
        platform: PlatformRef {
            key,
            org: request.platform_org.clone(),
            department_mode: request.department_mode,
        },
        ids: vec![Ok(request.id)],
        mode: Mode::default(),
        operation: request.operation,
    };
    let answered = match delete(cx, &request_of_one).await {
        Err(Error::Forbidden(_)) if request.platform_key.is_none() => return Ok(Err(not_found())),
        answered => answered?,
    };
    Ok(answered.and_then(|answer| {
        let batch = answer.batch;
        let result = answer.results.into_iter().next();
        match result.map(|result| (result.deleted, result.problem)) {
            Some((Some(id), _)) => Ok((id, batch)),
            Some((None, Some(problem))) => Err(problem),
            _ => Err(not_found()),
        }
    }))
}

fn not_found() -> Problem {
    Problem::new(
        ProblemCode::SuggestionNotFound,
        &[],
        "There is no such suggestion.",
    )
}
