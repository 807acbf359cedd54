//! Reading along what suggestions refer to: one statement a kind of thing, for all of them at once.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Kind, Parts, Subject, Suggestion};
use crate::answer::State;
use crate::auth::policy;
use crate::db::suggestion;
use crate::domain::{Cx, directory};
use crate::error::Result;

/// What was asked for besides the suggestions themselves; nothing else is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wants {
    pub platform: bool,
    pub program: bool,
    /// And their long texts.
    pub program_details: bool,
    /// The users or groups.
    pub subject: bool,
    pub suggested_by: bool,
    /// The message, the due date and the window.
    pub notice: bool,
    /// The state of suggestions to users.
    pub state: bool,
    /// What the persons answered to suggestions to users.
    pub answer: bool,
    /// What the caller may do.
    pub viewer_can: bool,
}

impl Wants {
    /// What a list reads of the suggestions themselves.
    pub(super) fn parts(self) -> Parts {
        Parts {
            notice: self.notice,
            state: self.state,
        }
    }
}

/// Reads along what is wanted and not there yet.
pub async fn join(cx: &Cx, kind: Kind, rows: &mut [&mut Suggestion], wants: Wants) -> Result<()> {
    if wants.platform {
        let ids = ids(rows, |row| {
            row.joined.platform.is_none().then_some(row.platform_id)
        });
        let found = if ids.is_empty() {
            Vec::new()
        } else {
            directory::platforms(cx, &ids).await?
        };
        let found = by_id(found, |platform| platform.id);
        for row in rows.iter_mut() {
            if let Some(platform) = found.get(&row.platform_id) {
                row.joined.platform = Some(Arc::clone(platform));
            }
        }
    }
    if wants.program {
        let ids = ids(rows, |row| {
            row.joined.program.is_none().then_some(row.program_id)
        });
        let found = if ids.is_empty() {
            Vec::new()
        } else {
            directory::programs(cx, &ids).await?
        };
        let found = by_id(found, |program| program.id);
        for row in rows.iter_mut() {
            if let Some(program) = found.get(&row.program_id) {
                row.joined.program = Some(Arc::clone(program));
            }
        }
    }
    if wants.subject && kind == Kind::Group {
        let ids = ids(rows, |row| {
            row.joined.subject.is_none().then_some(row.subject_id)
        });
        let found = if ids.is_empty() {
            Vec::new()
        } else {
            directory::groups(cx, &ids).await?
        };
        let found = by_id(found, |group| group.id);
        for row in rows.iter_mut() {
            if let Some(group) = found.get(&row.subject_id) {
                row.joined.subject = Some(Subject::Group(Arc::clone(group)));
            }
        }
    }
    // The users who were suggested to and those who suggested, together.
    let to_users = wants.subject && kind == Kind::User;
    if to_users || wants.suggested_by {
        let mut user_ids = Vec::new();
        if to_users {
            user_ids = ids(rows, |row| {
                row.joined.subject.is_none().then_some(row.subject_id)
            });
        }
        if wants.suggested_by {
            user_ids.extend(ids(rows, |row| row.fields.suggested_by));
        }
        let found = if user_ids.is_empty() {
            Vec::new()
        } else {
            directory::users(cx, &user_ids).await?
        };
        let found = by_id(found, |user| user.id);
        for row in rows.iter_mut() {
            if to_users && let Some(user) = found.get(&row.subject_id) {
                row.joined.subject = Some(Subject::User(Arc::clone(user)));
            }
            if wants.suggested_by {
                let suggester = row
                    .fields
                    .suggested_by
                    .and_then(|id| found.get(&id).cloned());
                row.joined.suggested_by = Some(suggester);
            }
        }
    }
    if kind == Kind::User {
        join_answers(cx, rows, wants).await?;
    }
    if wants.viewer_can {
        for row in rows.iter_mut() {
            row.joined.manageable = Some(policy::manages(&cx.viewer, row.platform_id));
        }
    }
    Ok(())
}

/// What was answered; and the states of those rows that did not come from a statement that reads them.
async fn join_answers(cx: &Cx, rows: &mut [&mut Suggestion], wants: Wants) -> Result<()> {
    let open = |row: &Suggestion| wants.answer || (wants.state && row.state.is_none());
    let asked: Vec<&Suggestion> = rows
        .iter()
        .map(|row| &**row)
        .filter(|row| open(row))
        .collect();
    if asked.is_empty() {
        return Ok(());
    }
    let found = suggestion::answers(&cx.db, &asked).await?;
    let found: HashMap<_, _> = found
        .into_iter()
        .map(|(key, answer)| (key, Arc::new(answer)))
        .collect();
    for row in rows.iter_mut().filter(|row| open(row)) {
        let key = (row.platform_id, row.program_id, row.subject_id);
        let answer = found.get(&key).cloned();
        row.state = Some(State::new(answer.as_deref(), row.fields.accepted));
        row.joined.answer = Some(answer);
    }
    Ok(())
}

fn ids(rows: &[&mut Suggestion], id: impl Fn(&Suggestion) -> Option<i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = rows.iter().filter_map(|row| id(row)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn by_id<T>(rows: Vec<T>, id: impl Fn(&T) -> i64) -> HashMap<i64, Arc<T>> {
    rows.into_iter()
        .map(|row| (id(&row), Arc::new(row)))
        .collect()
}
