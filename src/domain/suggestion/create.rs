//! Creating and updating: "suggest this, whatever is there".

use std::collections::HashMap;

use super::item::{self, Item, Metadata, Resolved};
use super::{
    Answer, Answered, ErrorPolicy, ItemResult, Joined, Kind, MAX_ITEMS, Mode, Outcome, Suggestion,
    enter_to_manage, idempotency, too_many,
};
use crate::auth::{Manage, Permit};
use crate::clock::{self, Timestamp};
use crate::db::suggestion::event::{self, NewEvent};
use crate::db::suggestion::{self, Change, NewSuggestion, SuggestionFields, SuggestionPatch};
use crate::db::{Finish, Tx, until_through};
use crate::domain::{Cx, PlatformRef};
use crate::error::{Error, Problem, Result};
use crate::event::{EventAction, FieldChange};

/// How often a row that another request deletes under our hands is written anew.
const ROUNDS: usize = 5;

/// A request to suggest programs to users or to groups.
#[derive(Debug)]
pub struct Create {
    /// To users or to groups.
    pub kind: Kind,
    pub platform: PlatformRef,
    /// What to suggest to whom. An item that its door could not read carries its problem.
    pub items: Vec<Result<Item, Problem>>,
    /// How to go about it.
    pub mode: Mode,
    /// What the caller calls it.
    pub operation: &'static str,
}

/// Suggests: creates what is not there and updates what is, item by item in order.
///
/// # Errors
/// Of the request as a whole: those of the policy and of the database.
pub async fn create(cx: &Cx, request: &Create) -> Result<Answered> {
    let permit = match enter_to_manage(cx, &request.platform).await? {
        Ok(permit) => permit,
        Err(problem) => return Ok(Err(problem)),
    };
    if request.items.len() > MAX_ITEMS {
        return Ok(Err(too_many("items")));
    }
    if let Err(problem) = idempotency::check(&request.mode) {
        return Ok(Err(problem));
    }
    if request.operation == request.kind.bulk_create() {
        cx.db.metrics().bulk(request.items.len());
    }
    let now = clock::now();
    until_through(|| attempt(cx, request, &permit, now)).await
}

/// One transaction of it.
async fn attempt(
    cx: &Cx,
    request: &Create,
    permit: &Permit<Manage>,
    now: Timestamp,
) -> Result<Answered> {
    let operation = request.kind.bulk_create();
    let input = (&request.platform, &request.items, request.mode.policy);
    cx.db
        .write(async |tx| {
            let claim = idempotency::claim(tx, cx, &request.mode, operation, &input, now).await?;
            let claimed = match claim {
                idempotency::Claim::Fresh(claimed) => claimed,
                idempotency::Claim::Answered(answered) => return Ok(Finish::Rollback(*answered)),
            };
            let (mut answer, events) = work(tx, permit, request, now).await?;
            if request.mode.dry_run {
                return Ok(Finish::Rollback(Ok(answer)));
            }
            let act = cx.act(permit.platform().id, Some(request.operation), now);
            answer.batch = event::write_events(tx, act, request.kind, &events).await?;
            idempotency::store(tx, claimed, &answer).await?;
            Ok(Finish::Commit(Ok(answer)))
        })
        .await
}

/// What an item says, given what its suggestion says now: metadata of the same value is no change.
fn patch(resolved: &Resolved<'_>, fields: &SuggestionFields) -> SuggestionPatch {
    let item = resolved.item;
    let mut patch = SuggestionPatch {
        accepted: item.accepted,
        visible: item.visible,
        direct: item.direct,
        metadata: item
            .metadata
            .as_ref()
            .filter(|metadata| !metadata.same_as(&fields.metadata))
            .map(Metadata::text),
        suggested_by: resolved.suggested_by,
        ..SuggestionPatch::default()
    };
    item.notice.patch(&mut patch);
    patch
}

async fn work(
    tx: &Tx,
    permit: &Permit<Manage>,
    request: &Create,
    now: Timestamp,
) -> Result<(Answer, Vec<NewEvent>)> {
    let kind = request.kind;
    let resolved = item::resolve(tx, kind, permit, &request.items).await?;
    let nothing = |problem: Option<&Problem>| ItemResult {
        outcome: Outcome::Failed,
        suggestion: None,
        deleted: None,
        problem: problem.cloned(),
    };
    if request.mode.policy == ErrorPolicy::Abort && resolved.iter().any(Result::is_err) {
        let results = resolved
            .iter()
            .map(|item| nothing(item.as_ref().err()))
            .collect();
        return Ok((aborted(results), Vec::new()));
    }

    // The items of each key, in their order.
    let mut by_key: HashMap<(i64, i64), Vec<usize>> = HashMap::with_capacity(resolved.len());
    for (index, item) in resolved.iter().enumerate() {
        if let Ok(item) = item {
            by_key
                .entry((item.program_id, item.subject_id))
                .or_default()
                .push(index);
        }
    }
    let mut outcomes: Vec<Result<(Outcome, Vec<FieldChange>), Problem>> =
        vec![Ok((Outcome::Failed, Vec::new())); resolved.len()];
    let mut play = |fields: &mut SuggestionFields, indices: &[usize], created: bool| {
        let mut changed = false;
        for (number, index) in indices.iter().enumerate() {
            let Ok(item) = &resolved[*index] else {
                continue;
            };
            let before = patch(item, fields).apply(fields);
            changed |= matches!(before, Ok(Some(_)));
            outcomes[*index] = before.map(|before| match (created && number == 0, before) {
                (true, _) => (Outcome::Created, Vec::new()),
                (false, Some(before)) => (Outcome::Updated, before.changes(fields)),
                (false, None) => (Outcome::Unchanged, Vec::new()),
            });
        }
        changed
    };

    // As if nothing were there. What is there is left alone, and played again below.
    let mut missing: Vec<NewSuggestion> = by_key
        .iter()
        .map(|((program_id, subject_id), indices)| {
            let mut fields = SuggestionFields::new(permit.actor());
            play(&mut fields, indices, true);
            NewSuggestion {
                program_id: *program_id,
                subject_id: *subject_id,
                fields,
            }
        })
        .collect();
    missing.sort_unstable_by_key(|row| (row.program_id, row.subject_id));

    let mut written: HashMap<(i64, i64), Suggestion> = HashMap::with_capacity(missing.len());
    let mut inserted = Vec::new();
    let mut changes = Vec::new();
    for _ in 0..ROUNDS {
        let open: Vec<&NewSuggestion> = missing
            .iter()
            .filter(|row| !written.contains_key(&(row.program_id, row.subject_id)))
            .collect();
        if open.is_empty() {
            break;
        }
        let ids: HashMap<(i64, i64), i64> =
            suggestion::insert_missing(tx, kind, permit, &open, now)
                .await?
                .into_iter()
                .map(|(program_id, subject_id, id)| ((program_id, subject_id), id))
                .collect();
        let mut there = Vec::new();
        for row in open {
            let key = (row.program_id, row.subject_id);
            match ids.get(&key) {
                Some(id) => {
                    inserted.push(*id);
                    written.insert(key, created(row, *id, permit, now));
                }
                None => there.push(key),
            }
        }
        if there.is_empty() {
            break;
        }
        for mut row in suggestion::find_by_keys(tx, kind, permit, &there).await? {
            let key = (row.program_id, row.subject_id);
            if play(&mut row.fields, &by_key[&key], false) {
                row.modified = now.0;
                changes.push(Change {
                    id: row.id,
                    fields: row.fields.clone(),
                });
            }
            written.insert(key, row);
        }
    }
    // What an item comes to is only known with the row that is there: a window can end before it begins.
    if request.mode.policy == ErrorPolicy::Abort && outcomes.iter().any(Result::is_err) {
        if !inserted.is_empty() {
            suggestion::delete(tx, kind, permit, &inserted).await?;
        }
        let results = outcomes
            .iter()
            .map(|outcome| nothing(outcome.as_ref().err()));
        let results = results.collect();
        return Ok((aborted(results), Vec::new()));
    }
    if !changes.is_empty() {
        suggestion::update(tx, kind, permit, &changes, now).await?;
    }

    let mut events = Vec::new();
    let results = resolved
        .iter()
        .zip(outcomes)
        .map(|(item, outcome)| match (item, outcome) {
            (Err(problem), _) => Ok(nothing(Some(problem))),
            (Ok(_), Err(problem)) => Ok(nothing(Some(&problem))),
            (Ok(item), Ok((outcome, changes))) => {
                let row = written.get(&(item.program_id, item.subject_id));
                let action = match outcome {
                    Outcome::Created => Some(EventAction::Created),
                    Outcome::Updated => Some(EventAction::Updated),
                    _ => None,
                };
                if let (Some(row), Some(action)) = (row, action) {
                    events.push(NewEvent::new(action, row, changes));
                }
                row.map(|row| ItemResult {
                    outcome,
                    suggestion: Some(row.clone()),
                    deleted: None,
                    problem: None,
                })
                .ok_or_else(|| {
                    Error::Unavailable("a suggestion was deleted again and again meanwhile".into())
                })
            }
        })
        .collect::<Result<_>>()?;
    let answer = Answer {
        results,
        batch: None,
    };
    Ok((answer, events))
}

fn aborted(results: Vec<ItemResult>) -> Answer {
    let answer = Answer {
        results,
        batch: None,
    };
    answer.abort()
}

fn created(row: &NewSuggestion, id: i64, permit: &Permit<Manage>, now: Timestamp) -> Suggestion {
    Suggestion {
        id,
        platform_id: permit.platform().id,
        program_id: row.program_id,
        subject_id: row.subject_id,
        fields: row.fields.clone(),
        created: now.0,
        modified: now.0,
        state: None,
        joined: Joined::default(),
    }
}
