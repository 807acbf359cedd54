//! Acting on everything that a list shows: updating and deleting by filter.

use serde::{Deserialize, Serialize};

use super::item::Notice;
use super::{Filter, Kind, Mode, enter_to_manage, idempotency};
use crate::auth::{Manage, Permit};
use crate::clock::{self, Timestamp};
use crate::db::suggestion::event::{self, NewEvent};
use crate::db::suggestion::{self, SuggestionPatch};
use crate::db::{Finish, Tx, until_through};
use crate::domain::{Cx, PlatformRef};
use crate::error::{Problem, ProblemCode, Result};
use crate::event::EventAction;

/// The most rows of one request.
pub(super) const MAX_MATCHING: i64 = 100_000;

/// How many rows travel with one statement.
const CHUNK: usize = 10_000;

/// What is done to every suggestion that a list with this filter shows.
#[derive(Debug)]
pub struct Matching {
    /// To users or to groups.
    pub kind: Kind,
    pub platform: PlatformRef,
    pub filter: Filter,
    /// How many rows the caller expects; where there are more or fewer, nothing is done.
    pub expected: i64,
    pub act: MatchingAct,
    /// How to go about it; the error policy plays no part.
    pub mode: Mode,
}

#[derive(Debug, Clone, Serialize)]
pub enum MatchingAct {
    Update(Changes),
    Delete,
}

/// New values: `None` keeps what each row says.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Changes {
    pub accepted: Option<bool>,
    pub visible: Option<bool>,
    #[serde(flatten)]
    pub notice: Notice,
}

impl Changes {
    fn check(&self) -> Result<(), Problem> {
        if self.accepted.is_none() && self.visible.is_none() && self.notice.is_empty() {
            return Err(Problem::new(
                ProblemCode::Required,
                &["set"],
                "Say what to change: give `set` at least one field.",
            ));
        }
        self.notice.check().map_err(|mut problem| {
            problem.field.insert(0, "set".to_owned());
            problem
        })
    }

    fn patch(&self) -> SuggestionPatch {
        let mut patch = SuggestionPatch {
            accepted: self.accepted,
            visible: self.visible,
            ..SuggestionPatch::default()
        };
        self.notice.patch(&mut patch);
        patch
    }
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Matched {
    /// How many rows the filter matches.
    pub matched: i64,
    /// How many were changed, or deleted.
    pub done: i64,
    /// The batch of its events; none where nothing changed.
    #[serde(default)]
    pub batch: Option<i64>,
    /// Why nothing was done.
    #[serde(skip)]
    pub problem: Option<Problem>,
}

impl Matched {
    fn refused(matched: i64, problem: Problem) -> Self {
        Self {
            matched,
            done: 0,
            batch: None,
            problem: Some(problem),
        }
    }
}

/// Updates or deletes everything that matches, or nothing.
///
/// # Errors
/// Those of the policy and of the database.
pub async fn act_on_matching(cx: &Cx, request: &Matching) -> Result<Matched> {
    let refused = |problem| Ok(Matched::refused(0, problem));
    let permit = match enter_to_manage(cx, &request.platform).await? {
        Ok(permit) => permit,
        Err(problem) => return refused(problem),
    };
    if request.expected < 0 {
        return refused(Problem::new(
            ProblemCode::Invalid,
            &["expectedCount"],
            "`expectedCount` must be 0 or more: the `totalCount` of the list.",
        ));
    }
    if let MatchingAct::Update(changes) = &request.act
        && let Err(problem) = changes.check()
    {
        return refused(problem);
    }
    if let Err(problem) = idempotency::check(&request.mode) {
        return refused(problem);
    }
    let now = clock::now();
    until_through(|| attempt(cx, request, &permit, now)).await
}

/// One transaction of it.
async fn attempt(
    cx: &Cx,
    request: &Matching,
    permit: &Permit<Manage>,
    now: Timestamp,
) -> Result<Matched> {
    let operation = match &request.act {
        MatchingAct::Update(_) => request.kind.update_where(),
        MatchingAct::Delete => request.kind.delete_where(),
    };
    let input = (
        &request.platform,
        &request.filter,
        request.expected,
        &request.act,
    );
    let names = suggestion::names_matching(&cx.db, request.kind, permit, &request.filter).await?;
    cx.db
        .write(async |tx| {
            let claim = idempotency::claim(tx, cx, &request.mode, operation, &input, now).await?;
            let claimed = match claim {
                idempotency::Claim::Fresh(claimed) => claimed,
                idempotency::Claim::Answered(answered) => {
                    let matched = answered.unwrap_or_else(|problem| Matched::refused(0, problem));
                    return Ok(Finish::Rollback(matched));
                }
            };
            let (mut matched, events) = work(tx, request, permit, &names, now).await?;
            if request.mode.dry_run || matched.problem.is_some() {
                return Ok(Finish::Rollback(matched));
            }
            let act = cx.act(permit.platform().id, Some(operation), now);
            matched.batch = event::write_events(tx, act, request.kind, &events).await?;
            idempotency::store(tx, claimed, &matched).await?;
            Ok(Finish::Commit(matched))
        })
        .await
}

async fn work(
    tx: &Tx,
    request: &Matching,
    permit: &Permit<Manage>,
    names: &suggestion::NamesMatching,
    now: Timestamp,
) -> Result<(Matched, Vec<NewEvent>)> {
    let (kind, filter) = (request.kind, &request.filter);
    let patch = match &request.act {
        MatchingAct::Update(changes) => Some(changes.patch()),
        MatchingAct::Delete => None,
    };
    let most = MAX_MATCHING.unsigned_abs() + 1;
    let rows = suggestion::lock_matching(tx, kind, permit, filter, names, most).await?;
    let mut count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    if count > MAX_MATCHING {
        count = suggestion::count_matching(tx, kind, permit, filter, names).await?;
    }
    if count != request.expected {
        let expected = request.expected;
        let problem = Problem::new(
            ProblemCode::Conflict,
            &["expectedCount"],
            format!(
                "{count} suggestions match, not {expected}: nothing was done. Look at the list again."
            ),
        );
        return Ok((Matched::refused(count, problem), Vec::new()));
    }
    if count > MAX_MATCHING {
        let problem = Problem::new(
            ProblemCode::LimitExceeded,
            &["filter"],
            format!("A request changes at most {MAX_MATCHING} suggestions: narrow the filter."),
        );
        return Ok((Matched::refused(count, problem), Vec::new()));
    }
    // What differs in which row; one window that would be upside down, and nothing is done.
    let (mut changed, mut events) = (Vec::new(), Vec::new());
    for row in &rows {
        let Some(patch) = &patch else {
            changed.push(row.id);
            events.push(NewEvent::deleted(row));
            continue;
        };
        let mut fields = row.fields.clone();
        match patch.clone().apply(&mut fields) {
            Err(mut problem) => {
                problem.field.insert(0, "set".to_owned());
                return Ok((Matched::refused(count, problem), Vec::new()));
            }
            Ok(Some(before)) => {
                changed.push(row.id);
                let changes = before.changes(&fields);
                events.push(NewEvent::new(EventAction::Updated, row, changes));
            }
            Ok(None) => {}
        }
    }
    for ids in changed.chunks(CHUNK) {
        match &patch {
            Some(patch) => suggestion::update_all(tx, kind, permit, ids, patch, now).await?,
            None => suggestion::delete(tx, kind, permit, ids).await?,
        }
    }
    let matched = Matched {
        matched: count,
        done: i64::try_from(changed.len()).unwrap_or(i64::MAX),
        batch: None,
        problem: None,
    };
    Ok((matched, events))
}
