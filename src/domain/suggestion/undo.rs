//! Taking back what a batch did.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{ErrorPolicy, Kind, Mode, Outcome, Suggestion, enter_to_manage, idempotency};
use crate::auth::{Manage, Permit};
use crate::clock::{self, Timestamp};
use crate::db::suggestion::event::{self, NewEvent};
use crate::db::suggestion::undo::{self as stored, LaterEvent, UndoneEvent};
use crate::db::suggestion::{self, Change, upside_down};
use crate::db::{Finish, Tx, until_through};
use crate::domain::{Cx, PlatformRef};
use crate::error::{Problem, ProblemCode, Result};
use crate::event::EventAction;

/// What the operation is called.
const OPERATION: &str = "suggestionBatchUndo";

/// The most events of a batch that can be taken back.
const MAX_EVENTS: i64 = 100_000;

/// A request to take a batch back.
#[derive(Debug)]
pub struct Undo {
    pub platform: PlatformRef,
    /// Which batch. One that its door could not read is a problem.
    pub batch: Result<i64, Problem>,
    /// How to go about it.
    pub mode: Mode,
}

/// What became of one suggestion that the batch touched.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UndoResult {
    /// To a user or to a group.
    pub kind: Kind,
    pub id: i64,
    /// Deleted, created (it is there again), updated, unchanged or failed.
    pub outcome: Outcome,
    pub problem: Option<Problem>,
}

/// What came of it: one result a suggestion, in the order of the batch's events.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Undone {
    pub results: Vec<UndoResult>,
    /// The batch that this is itself; none where nothing changed.
    pub batch: Option<i64>,
}

impl Undone {
    /// How many suggestions came out like this.
    pub fn count(&self, outcome: Outcome) -> usize {
        let results = self.results.iter();
        results.filter(|result| result.outcome == outcome).count()
    }
}

/// Takes a batch back, suggestion by suggestion, each only if nothing changed since what the batch changed.
///
/// # Errors
/// Of the request as a whole: those of the policy and of the database.
pub async fn undo(cx: &Cx, request: &Undo) -> Result<Result<Undone, Problem>> {
    let permit = match enter_to_manage(cx, &request.platform).await? {
        Ok(permit) => permit,
        Err(problem) => return Ok(Err(problem)),
    };
    let batch = match &request.batch {
        Ok(batch) => *batch,
        Err(problem) => return Ok(Err(problem.clone())),
    };
    if let Err(problem) = idempotency::check(&request.mode) {
        return Ok(Err(problem));
    }
    let now = clock::now();
    until_through(|| attempt(cx, request, &permit, batch, now)).await
}

/// One transaction of it.
async fn attempt(
    cx: &Cx,
    request: &Undo,
    permit: &Permit<Manage>,
    batch: i64,
    now: Timestamp,
) -> Result<Result<Undone, Problem>> {
    let input = (&request.platform, batch, request.mode.policy);
    cx.db
        .write(async |tx| {
            let claim = idempotency::claim(tx, cx, &request.mode, OPERATION, &input, now).await?;
            let claimed = match claim {
                idempotency::Claim::Fresh(claimed) => claimed,
                idempotency::Claim::Answered(answered) => return Ok(Finish::Rollback(*answered)),
            };
            let events = match find(tx, permit, batch).await? {
                Ok(events) => events,
                Err(problem) => return Ok(Finish::Rollback(Err(problem))),
            };
            let (mut undone, events) = work(tx, request, permit, batch, events, now).await?;
            if request.mode.dry_run {
                return Ok(Finish::Rollback(Ok(undone)));
            }
            let mut act = cx.act(permit.platform().id, Some(OPERATION), now);
            act.undoes = Some(batch);
            let events: Vec<_> = events
                .iter()
                .map(|(kind, events)| (*kind, events.as_slice()))
                .collect();
            undone.batch = event::write_events_of_kinds(tx, act, &events).await?;
            idempotency::store(tx, claimed, &undone).await?;
            Ok(Finish::Commit(Ok(undone)))
        })
        .await
}

/// The events of the batch, which is locked, or why it cannot be taken back.
async fn find(
    tx: &Tx,
    permit: &Permit<Manage>,
    batch: i64,
) -> Result<Result<Vec<UndoneEvent>, Problem>> {
    let not_found = || {
        Problem::new(
            ProblemCode::SuggestionNotFound,
            &["batch"],
            "There is no such batch here, or it is older than what is kept.",
        )
    };
    let conflict = |message: String| {
        Ok(Err(Problem::new(
            ProblemCode::Conflict,
            &["batch"],
            message,
        )))
    };
    let Some(number) = stored::lock_batch(tx, permit, batch).await? else {
        return Ok(Err(not_found()));
    };
    if let Some(at) = stored::undone_at(tx, batch).await? {
        return conflict(format!(
            "This batch was undone already, at {at}: to have its changes again, undo its `undoneBy`."
        ));
    }
    if number > MAX_EVENTS {
        return conflict(format!(
            "This batch has {number} events: one of more than {MAX_EVENTS} cannot be undone."
        ));
    }
    let events = stored::events(tx, batch).await?;
    // Events that are too old are removed step by step.
    if i64::try_from(events.len()).is_ok_and(|there| there < number) {
        return Ok(Err(not_found()));
    }
    Ok(Ok(events))
}

/// A suggestion that the batch touched.
struct Touched {
    kind: Kind,
    id: i64,
    /// Program and recipient.
    key: (i64, i64),
    /// Oldest first.
    events: Vec<UndoneEvent>,
}

/// What is to be done to a suggestion.
enum Step {
    Nothing,
    Delete(Box<Suggestion>),
    Restore(Box<Suggestion>),
    /// From what it says to what it is to say.
    Update(Box<(Suggestion, Suggestion)>),
}

impl Touched {
    /// What others did to the same key since.
    fn since<'a>(&self, later: &'a [LaterEvent]) -> impl Iterator<Item = &'a LaterEvent> {
        let last = self.events.last().map_or(0, |event| event.id);
        later.iter().filter(move |event| event.id > last)
    }

    /// Plays the events backwards from what is there now.
    fn step(&self, now: Option<&Suggestion>, later: &[LaterEvent]) -> Result<Step, Problem> {
        let mut row = now.cloned();
        for event in self.events.iter().rev() {
            row = match (event.action, row) {
                (EventAction::Deleted, None) => event.deleted.clone(),
                (EventAction::Deleted, Some(_)) => return Err(self.conflict(later, None)),
                (_, None) => return Err(self.conflict(later, None)),
                (EventAction::Created, Some(row)) => {
                    // What it said when it was made is known of the fields that were changed since.
                    let mut seen = HashSet::new();
                    for change in self
                        .since(later)
                        .filter(|event| event.suggestion_id == self.id)
                        .flat_map(|event| &event.changes)
                    {
                        if seen.insert(&change.0)
                            && row.fields.field(&change.0).as_ref() != Some(&change.1)
                        {
                            return Err(self.conflict(later, Some(&change.0)));
                        }
                    }
                    None
                }
                (_, Some(mut row)) => {
                    for change in &event.changes {
                        if row.fields.field(&change.0).as_ref() != Some(&change.2) {
                            return Err(self.conflict(later, Some(&change.0)));
                        }
                        row.fields.set_field(&change.0, &change.1);
                    }
                    Some(row)
                }
            };
        }
        Ok(match (now, row) {
            (None, None) => Step::Nothing,
            (Some(now), None) => Step::Delete(Box::new(now.clone())),
            (None, Some(row)) => Step::Restore(Box::new(row)),
            (Some(now), Some(row)) if now.fields == row.fields => Step::Nothing,
            (Some(now), Some(row)) if row.fields.window_is_open_once() => {
                Step::Update(Box::new((now.clone(), row)))
            }
            (Some(_), Some(_)) => {
                let field = upside_down().field.into_iter().next();
                return Err(self.conflict(later, field.as_deref()));
            }
        })
    }

    /// That something happened since, and when.
    fn conflict(&self, later: &[LaterEvent], field: Option<&str>) -> Problem {
        let concerns = |event: &&LaterEvent| match field {
            None => event.action != EventAction::Updated,
            Some(field) => event.changes.iter().any(|change| change.0 == field),
        };
        let message = match (self.since(later).filter(concerns).last(), field) {
            (Some(event), Some(field)) => {
                format!("`{field}` was changed since, at {}: it is kept.", event.at)
            }
            (Some(event), None) if event.action == EventAction::Deleted => {
                format!("The suggestion was deleted since, at {}.", event.at)
            }
            (Some(event), None) => {
                format!("The program was suggested again since, at {}.", event.at)
            }
            (None, Some(field)) => {
                format!("`{field}` does not go with what the suggestion says by now: it is kept.")
            }
            (None, None) => format!(
                "The suggestion, its program or its {} is gone since.",
                self.kind.recipient()
            ),
        };
        Problem::new(ProblemCode::Conflict, &[], message)
    }
}

/// The suggestions that the events touch, in the order of their first events.
fn touched(events: Vec<UndoneEvent>) -> Vec<Touched> {
    let mut touched: Vec<Touched> = Vec::new();
    let mut places: HashMap<(Kind, i64), usize> = HashMap::with_capacity(events.len());
    for event in events {
        let (kind, id) = (event.kind, event.suggestion_id);
        let place = *places.entry((kind, id)).or_insert(touched.len());
        if place == touched.len() {
            touched.push(Touched {
                kind,
                id,
                key: (event.program_id, event.recipient_id),
                events: Vec::with_capacity(1),
            });
        }
        touched[place].events.push(event);
    }
    touched
}

/// The events of each kind, in the order in which they are written.
type NewEvents = Vec<(Kind, Vec<NewEvent>)>;

async fn work(
    tx: &Tx,
    request: &Undo,
    permit: &Permit<Manage>,
    batch: i64,
    events: Vec<UndoneEvent>,
    now: Timestamp,
) -> Result<(Undone, NewEvents)> {
    let first = events.first().map_or(0, |event| event.id);
    // The newest first, kinds included.
    let mut kinds: Vec<Kind> = Vec::new();
    for event in events.iter().rev() {
        if !kinds.contains(&event.kind) {
            kinds.push(event.kind);
        }
    }
    let touched = touched(events);
    let mut steps: Vec<Result<Step, Problem>> = Vec::new();
    steps.resize_with(touched.len(), || Ok(Step::Nothing));
    for kind in &kinds {
        plan(tx, permit, *kind, &touched, &mut steps, (batch, first)).await?;
    }
    let failed = |steps: &[Result<Step, Problem>]| steps.iter().any(std::result::Result::is_err);
    let abort = request.mode.policy == ErrorPolicy::Abort;
    if abort && failed(&steps) {
        return Ok((aborted(&touched, steps), Vec::new()));
    }

    // What is missing first: only the database says whether it can be there again.
    let mut restored: Vec<(Kind, Vec<i64>)> = Vec::new();
    for kind in &kinds {
        restored.push((
            *kind,
            restore(tx, permit, *kind, &touched, &mut steps, now).await?,
        ));
    }
    if abort && failed(&steps) {
        for (kind, ids) in restored {
            if !ids.is_empty() {
                suggestion::delete(tx, kind, permit, &ids).await?;
            }
        }
        return Ok((aborted(&touched, steps), Vec::new()));
    }
    let mut written = Vec::with_capacity(kinds.len());
    for kind in kinds {
        let events = change(tx, permit, kind, &touched, &steps, now).await?;
        written.push((kind, events));
    }
    let results = touched
        .iter()
        .zip(steps)
        .map(|(touched, step)| {
            let (outcome, problem) = match step {
                Ok(Step::Nothing) => (Outcome::Unchanged, None),
                Ok(Step::Delete(_)) => (Outcome::Deleted, None),
                Ok(Step::Restore(_)) => (Outcome::Created, None),
                Ok(Step::Update(..)) => (Outcome::Updated, None),
                Err(problem) => (Outcome::Failed, Some(problem)),
            };
            UndoResult {
                kind: touched.kind,
                id: touched.id,
                outcome,
                problem,
            }
        })
        .collect();
    let undone = Undone {
        results,
        batch: None,
    };
    Ok((undone, written))
}

/// Finds out what is to be done to the suggestions of one kind, which are locked.
async fn plan(
    tx: &Tx,
    permit: &Permit<Manage>,
    kind: Kind,
    touched: &[Touched],
    steps: &mut [Result<Step, Problem>],
    (batch, first): (i64, i64),
) -> Result<()> {
    let of_kind = || touched.iter().filter(|touched| touched.kind == kind);
    let ids: Vec<i64> = of_kind().map(|touched| touched.id).collect();
    let there: HashMap<i64, Suggestion> = suggestion::lock(tx, kind, permit, &ids)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut keys: Vec<(i64, i64)> = of_kind().map(|touched| touched.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut later: HashMap<(i64, i64), Vec<LaterEvent>> = HashMap::new();
    for event in stored::later_events(tx, kind, permit, &keys, batch, first).await? {
        let key = (event.program_id, event.recipient_id);
        later.entry(key).or_default().push(event);
    }
    for (touched, step) in touched.iter().zip(steps) {
        if touched.kind == kind {
            let later = later.get(&touched.key).map_or(&[][..], Vec::as_slice);
            *step = touched.step(there.get(&touched.id), later);
            // Whether the key is free the database says in the end; where it is known, the reason is, too.
            if let Ok(Step::Restore(_)) = step
                && let Some(last) = touched.since(later).last()
                && last.action != EventAction::Deleted
            {
                *step = Err(touched.conflict(later, None));
            }
        }
    }
    Ok(())
}

/// Writes again what the batch deleted, and returns the ids.
async fn restore(
    tx: &Tx,
    permit: &Permit<Manage>,
    kind: Kind,
    touched: &[Touched],
    steps: &mut [Result<Step, Problem>],
    now: Timestamp,
) -> Result<Vec<i64>> {
    let rows: BTreeMap<(i64, i64), &Suggestion> = touched
        .iter()
        .zip(steps.iter())
        .filter_map(|(touched, step)| match step {
            Ok(Step::Restore(row)) if touched.kind == kind => Some((touched.key, &**row)),
            _ => None,
        })
        .collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<&Suggestion> = rows.into_values().collect();
    let ids = stored::restore(tx, kind, permit, &rows, now).await?;
    let written: HashSet<i64> = ids.iter().copied().collect();
    for (touched, step) in touched.iter().zip(steps) {
        if touched.kind == kind
            && matches!(step, Ok(Step::Restore(_)))
            && !written.contains(&touched.id)
        {
            *step = Err(touched.conflict(&[], None));
        }
    }
    Ok(ids)
}

/// Deletes and changes suggestions of one kind, and returns all events of the kind, the newest step first.
async fn change(
    tx: &Tx,
    permit: &Permit<Manage>,
    kind: Kind,
    touched: &[Touched],
    steps: &[Result<Step, Problem>],
    now: Timestamp,
) -> Result<Vec<NewEvent>> {
    let (mut deleted, mut changes, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for (touched, step) in touched.iter().zip(steps).rev() {
        if touched.kind != kind {
            continue;
        }
        match step {
            Ok(Step::Delete(row)) => {
                deleted.push(row.id);
                events.push(NewEvent::deleted(row));
            }
            Ok(Step::Restore(row)) => {
                events.push(NewEvent::new(EventAction::Created, row, Vec::new()));
            }
            Ok(Step::Update(rows)) => {
                let (now, row) = &**rows;
                changes.push(Change {
                    id: row.id,
                    fields: row.fields.clone(),
                });
                let differ = now.fields.changes(&row.fields);
                events.push(NewEvent::new(EventAction::Updated, row, differ));
            }
            Ok(Step::Nothing) | Err(_) => {}
        }
    }
    if !deleted.is_empty() {
        suggestion::delete(tx, kind, permit, &deleted).await?;
    }
    if !changes.is_empty() {
        suggestion::update(tx, kind, permit, &changes, now).await?;
    }
    Ok(events)
}

/// The answer where one suggestion could not be taken back and the request is all or nothing.
fn aborted(touched: &[Touched], steps: Vec<Result<Step, Problem>>) -> Undone {
    let results = touched
        .iter()
        .zip(steps)
        .map(|(touched, step)| UndoResult {
            kind: touched.kind,
            id: touched.id,
            outcome: Outcome::Failed,
            problem: Some(step.err().unwrap_or_else(super::aborted)),
        })
        .collect();
    Undone {
        results,
        batch: None,
    }
}
