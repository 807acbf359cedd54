//! What is suggested to a person, and what the person answers.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::suggestion::{Outcome, UserName, check_prose, find_to_list};
use super::{Cx, ORG_MISMATCH, PlatformRef, directory, fold, known_platform};
use crate::answer::{MAX_COMMENT, Reason, SuggestionAnswer};
use crate::auth::{self, Permit, PersonPermit, policy};
use crate::clock::{self, Timestamp};
use crate::db::suggestion::answer::{self, ProgramRef};
use crate::db::suggestion::event::{Act, NewEvent, write_events};
use crate::db::suggestion::suggested_program as stored;
use crate::db::{Finish, Tx, until_through};
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::event::{EventAction, FieldChange};
use crate::kind::Kind;
use crate::page::Slice;

pub use crate::db::suggestion::suggested_program::{
    MEMBERS_ORDERING, SuggestedProgram, SuggestedProgramField, SuggestedProgramKey,
    SuggestedProgramOrder, SuggestedProgramQuery, Way,
};

/// What is suggested to the caller, or to the user who is named, on one platform.
///
/// # Errors
/// Those of the policy and of the database; [`Error::BadInput`] where an administrator names nobody, or
/// nobody in scope.
pub async fn list(
    cx: &Cx,
    platform: &PlatformRef,
    user: Option<&UserName>,
    order: SuggestedProgramOrder,
    query: &SuggestedProgramQuery,
    now: Timestamp,
) -> Result<(PersonPermit, Slice<SuggestedProgram>)> {
    let permit = person(cx, platform, user).await?;
    let slice = stored::suggested_programs(&cx.db, &permit, order, query, now).await?;
    Ok((permit, slice))
}

/// The caller as a person to whom programs are suggested on a platform.
///
/// # Errors
/// Those of the policy and of the database; [`Error::BadInput`] for another organisation.
pub async fn oneself(cx: &Cx, platform: &PlatformRef) -> Result<PersonPermit> {
    policy::authenticated(&cx.viewer)?;
    let facts = known_platform(cx, &platform.key).await?;
    let permit = policy::oneself(&cx.viewer, &facts).ok_or_else(not_a_member)?;
    match &platform.org {
        Some(org) if *org != permit.platform().org => {
            Err(Error::bad_input("platformOrg", ORG_MISMATCH))
        }
        _ => Ok(permit),
    }
}

/// The refusal of who is no member of a platform.
pub fn not_a_member() -> Error {
    Error::Forbidden(
        "Programs are suggested to members of a platform, and you are not one of this platform."
            .to_owned(),
    )
}

/// Whose suggested programs are asked for, if the caller may see them.
async fn person(cx: &Cx, platform: &PlatformRef, user: Option<&UserName>) -> Result<PersonPermit> {
    policy::authenticated(&cx.viewer)?;
    let facts = known_platform(cx, &platform.key).await?;
    let other = match user {
        Some(name) if !names_caller(cx, name).await? => Some(name),
        _ => None,
    };
    let permit = match (other, policy::oneself(&cx.viewer, &facts)) {
        (None, Some(permit)) => permit,
        (None, None) if policy::manages(&cx.viewer, facts.id) => {
            return Err(Error::bad_input(
                "user",
                "Say whose suggested programs you want: you are not a member of this platform yourself.",
            ));
        }
        (None, None) => return Err(policy::forbidden()),
        (Some(name), _) => {
            let permit: Permit<auth::List> =
                policy::permit(&cx.viewer, &facts, platform.department_mode)?;
            let names = std::slice::from_ref(name);
            let user_id = find_to_list(cx, &permit, names)
                .await?
                .map_err(|problem| Error::bad_input("user", problem.message))?;
            permit.person(user_id)
        }
    };
    match &platform.org {
        Some(org) if *org != permit.platform().org => {
            Err(Error::bad_input("platformOrg", ORG_MISMATCH))
        }
        _ => Ok(permit),
    }
}

/// Whether a name is one of the caller's own.
async fn names_caller(cx: &Cx, name: &UserName) -> Result<bool> {
    let Some(caller) = &cx.viewer.user else {
        return Ok(false);
    };
    Ok(match name {
        UserName::Id(id) => *id == caller.id,
        UserName::Username(text) | UserName::Text(text) => fold(text) == fold(&caller.username),
        UserName::Email(text) => {
            let found = directory::users(cx, &[caller.id]).await?;
            let own = found.first().and_then(|user| user.email.as_deref());
            own.is_some_and(|own| fold(own) == fold(text))
        }
    })
}

/// The suggested programs with these keys that are in sight and have an open way.
pub async fn by_keys(cx: &Cx, keys: &[SuggestedProgramKey]) -> Result<Vec<SuggestedProgram>> {
    stored::by_keys(&cx.db, &cx.sight, keys, clock::now()).await
}

/// The suggested programs of the members of these group suggestions, which are in sight.
pub async fn members(
    cx: &Cx,
    suggestion_ids: &[i64],
    query: &SuggestedProgramQuery,
) -> Result<HashMap<i64, Slice<SuggestedProgram>>> {
    stored::members(&cx.db, &cx.sight, suggestion_ids, query, clock::now()).await
}

/// How many members of the groups of these group suggestions, which are in sight, are in each state.
pub async fn state_counts(
    cx: &Cx,
    suggestion_ids: &[i64],
) -> Result<HashMap<i64, crate::answer::StateCounts>> {
    stored::state_counts(&cx.db, suggestion_ids).await
}

/// Whether the caller may answer: only the person it is suggested to.
pub fn may_answer(cx: &Cx, key: &SuggestedProgramKey) -> bool {
    cx.sight.user() == Some(key.user_id) && cx.sight.own_platforms().contains(&key.platform_id)
}

/// Which suggested program, as the person names it.
#[derive(Debug, Clone)]
pub enum SuggestedProgramRef {
    Id(SuggestedProgramKey),
    Key {
        platform_key: String,
        program_key: String,
    },
}

/// What the person says.
#[derive(Debug, Clone)]
pub enum Saying {
    Accept,
    Dismiss {
        reason: Reason,
        comment: Option<String>,
    },
    /// Takes the answer back.
    Restore,
}

/// Answers a suggested program for the caller, and gives it as it is then: none if its last way has closed
/// meanwhile.
///
/// # Errors
/// [`Error::Unauthenticated`]; [`Error::Forbidden`] for a key that is bound to nobody; those of the database. The
/// inner one is `SUGGESTION_NOT_FOUND` where no way is open to the caller, or says what is wrong with the
/// comment.
pub async fn answer(
    cx: &Cx,
    which: &SuggestedProgramRef,
    saying: &Saying,
) -> Result<Result<(Outcome, Option<SuggestedProgram>), Problem>> {
    policy::authenticated(&cx.viewer)?;
    let Some(caller) = &cx.viewer.user else {
        return Err(Error::Forbidden(
            "A key that is bound to nobody cannot answer: only the person it is suggested to can."
                .to_owned(),
        ));
    };
    if let Saying::Dismiss {
        comment: Some(comment),
        ..
    } = saying
        && let Err(problem) = check_prose(comment, "comment", MAX_COMMENT)
    {
        return Ok(Err(problem));
    }
    let standing = cx.viewer.standings.iter().find(|standing| match which {
        SuggestedProgramRef::Id(key) => {
            standing.platform.id == key.platform_id && key.user_id == caller.id
        }
        SuggestedProgramRef::Key { platform_key, .. } => standing.platform.key == *platform_key,
    });
    let permit = standing.and_then(|standing| policy::oneself(&cx.viewer, &standing.platform));
    let Some(permit) = permit else {
        return Ok(Err(not_found()));
    };
    let program = match which {
        SuggestedProgramRef::Id(key) => ProgramRef::Id(key.program_id),
        // No key contains it, and PostgreSQL would not even look.
        SuggestedProgramRef::Key { program_key, .. } if program_key.contains('\0') => {
            return Ok(Err(not_found()));
        }
        SuggestedProgramRef::Key { program_key, .. } => ProgramRef::Key(program_key.clone()),
    };
    let now = clock::now();
    let answered = until_through(async || {
        cx.db
            .write(async |tx| {
                let Some(program_id) = answer::open_program(tx, &permit, &program, now).await?
                else {
                    return Ok(Finish::Rollback(None));
                };
                let act = cx.act(permit.platform().id, None, now);
                let changed = write(tx, &permit, program_id, saying, act).await?;
                Ok(if changed {
                    Finish::Commit(Some((program_id, Outcome::Updated)))
                } else {
                    Finish::Rollback(Some((program_id, Outcome::Unchanged)))
                })
            })
            .await
    })
    .await?;
    let Some((program_id, outcome)) = answered else {
        return Ok(Err(not_found()));
    };
    let key = SuggestedProgramKey {
        platform_id: permit.platform().id,
        program_id,
        user_id: permit.user_id(),
    };
    let found = by_keys(cx, &[key]).await?;
    Ok(Ok((outcome, found.into_iter().next())))
}

/// Writes what the person says, and returns whether that is new. The suggestion to the person follows.
async fn write(
    tx: &Tx,
    permit: &PersonPermit,
    program_id: i64,
    saying: &Saying,
    act: Act<'_>,
) -> Result<bool> {
    let now = act.at;
    answer::hold(tx, permit, program_id).await?;
    let (changed, accepted) = match saying {
        Saying::Accept => {
            let answer = SuggestionAnswer {
                accepted: true,
                reason: None,
                comment: None,
                answered: now.0,
            };
            (answer::store(tx, permit, program_id, &answer).await?, true)
        }
        Saying::Dismiss { reason, comment } => {
            let answer = SuggestionAnswer {
                accepted: false,
                reason: Some(*reason),
                comment: comment.clone().filter(|comment| !comment.is_empty()),
                answered: now.0,
            };
            (answer::store(tx, permit, program_id, &answer).await?, false)
        }
        Saying::Restore => (answer::take_back(tx, permit, program_id).await?, false),
    };
    if changed {
        let flagged = answer::flag(tx, permit, program_id, accepted, now).await?;
        let event = |action, suggestion_id, changes| NewEvent {
            action,
            program_id,
            recipient_id: permit.user_id(),
            suggestion_id,
            changes,
            deleted: None,
        };
        let change = |field: &str, before, after| FieldChange(field.to_owned(), before, after);
        let said = match saying {
            Saying::Accept => event(EventAction::Accepted, None, Vec::new()),
            Saying::Restore => event(EventAction::Restored, None, Vec::new()),
            Saying::Dismiss { reason, comment } => {
                let mut changes = vec![change("reason", Value::Null, json!(reason.name()))];
                if let Some(comment) = comment.as_ref().filter(|comment| !comment.is_empty()) {
                    changes.push(change("comment", Value::Null, json!(comment)));
                }
                event(EventAction::Dismissed, None, changes)
            }
        };
        let mut events = vec![said];
        if let Some(suggestion_id) = flagged {
            let changes = vec![change("accepted", json!(!accepted), json!(accepted))];
            events.push(event(EventAction::Updated, Some(suggestion_id), changes));
        }
        write_events(tx, act, Kind::User, &events).await?;
    }
    Ok(changed)
}

fn not_found() -> Problem {
    Problem::new(
        ProblemCode::SuggestionNotFound,
        &["suggestedProgram"],
        "No such program is suggested to you at present.",
    )
}
