//! Suggesting programs, to users and to groups.

mod create;
mod delete;
mod idempotency;
mod item;
mod join;
mod list;
mod matching;
mod undo;

pub use create::{Create, create};
pub use delete::{Delete, DeleteOne, delete, delete_one};
pub use item::{Item, Metadata, Notice, SubjectRef, UserName, check_names};
pub(in crate::domain) use item::{check_prose, find_to_list};
pub use join::{Wants, join};
pub use list::{List, ListOfUser, list, list_page, list_page_of_user, top_programs};
pub use matching::{Changes, Matched, Matching, MatchingAct, act_on_matching};
pub use undo::{Undo, UndoResult, Undone, undo};

pub use crate::db::suggestion::{
    Filter, Joined, Order, OrderField, Parts, Subject, Suggestion, SuggestionFields,
    SuggestionPatch,
};
pub use crate::kind::{Kind, SuggestionKind, ToGroup, ToUser};

use serde::{Deserialize, Serialize};

use super::{Cx, ORG_MISMATCH, PlatformRef, enter, org_matches};
use crate::auth::{Manage, Permit};
use crate::error::{Problem, ProblemCode, Result};

/// The most items of one request.
pub const MAX_ITEMS: usize = 10_000;

/// What became of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    Created,
    Updated,
    Unchanged,
    Deleted,
    Failed,
}

/// What became of one item, with the suggestion as it is now or the problem.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemResult {
    /// What became of it.
    pub outcome: Outcome,
    /// The suggestion after the request; none where the item failed or was deleted.
    pub suggestion: Option<Suggestion>,
    /// The id of the suggestion that was deleted.
    pub deleted: Option<i64>,
    pub problem: Option<Problem>,
}

impl ItemResult {
    fn failed(problem: Problem) -> Self {
        Self {
            outcome: Outcome::Failed,
            suggestion: None,
            deleted: None,
            problem: Some(problem),
        }
    }
}

/// One result an item, in the order of the items.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    pub results: Vec<ItemResult>,
    /// The batch of its events; none where nothing changed.
    #[serde(default)]
    pub batch: Option<i64>,
}

impl Answer {
    /// How many items came out like this.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.results
            .iter()
            .filter(|result| result.outcome == outcome)
            .count()
    }

    /// The answer of a request that is all or nothing and of which an item failed: nothing was
    /// written, and the items that were good say why.
    fn abort(self) -> Self {
        let results = self
            .results
            .into_iter()
            .map(|result| match result.problem {
                Some(_) => result,
                None => ItemResult::failed(aborted()),
            })
            .collect();
        Self {
            results,
            batch: None,
        }
    }
}

/// Whether good items are kept when another one fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub enum ErrorPolicy {
    /// Each item on its own.
    #[default]
    Continue,
    /// All or nothing.
    Abort,
}

/// How a request with many items is to be carried out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mode {
    /// Each on its own, or all or nothing.
    pub policy: ErrorPolicy,
    /// Answer exactly as the real run would, and write nothing.
    pub dry_run: bool,
    /// The same key and input again gives the first answer again.
    pub idempotency_key: Option<String>,
}

/// What one of these operations answers: `Err` is a problem of the request as a whole, and then
/// nothing was done.
pub type Answered = Result<Answer, Problem>;

/// Finds the platform and asks the policy whether suggestions may be managed there. The inner problem is that of an
/// organisation that is not the platform's.
async fn enter_to_manage(
    cx: &Cx,
    platform: &PlatformRef,
) -> Result<Result<Permit<Manage>, Problem>> {
    let permit = enter::<Manage>(cx, platform).await?;
    if org_matches(&permit, platform) {
        return Ok(Ok(permit));
    }
    Ok(Err(Problem::new(
        ProblemCode::PlatformMismatch,
        &["platformOrg"],
        ORG_MISMATCH,
    )))
}

/// Of a good item of a request that is all or nothing.
fn aborted() -> Problem {
    Problem::new(
        ProblemCode::Aborted,
        &[],
        "Nothing was written, because another item of the request failed.",
    )
}

fn too_many(field: &str) -> Problem {
    Problem::new(
        ProblemCode::LimitExceeded,
        &[field],
        format!("A request takes at most {MAX_ITEMS} items: split it."),
    )
}
