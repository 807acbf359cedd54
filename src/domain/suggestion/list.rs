//! Listing and searching.

use std::sync::Arc;

use super::{Filter, Kind, Order, Parts, Suggestion, UserName, Wants, item, join};
use crate::auth::{self, Permit, policy};
use crate::clock;
use crate::db::directory::{self, Program};
use crate::db::suggestion::{self, ListQuery, Within};
use crate::domain::{Cx, ORG_MISMATCH, PlatformRef, enter, known_platform, org_matches};
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::page::{Beyond, ConnectionArguments, PageNumber, Slice, Window};

/// A request for a list.
#[derive(Debug)]
pub struct List {
    /// To users or to groups.
    pub kind: Kind,
    pub platform: PlatformRef,
    pub filter: Filter,
    pub order: Order,
    /// What to read along.
    pub wants: Wants,
    pub total: bool,
    /// Count them by state. Only for suggestions to users.
    pub state_counts: bool,
    /// Look whether there are rows beyond the cursors.
    pub beyond: Beyond,
}

/// A part of a list, by cursor.
///
/// # Errors
/// Those of the policy, of the arguments and of the database.
pub async fn list(
    cx: &Cx,
    list: &List,
    arguments: &ConnectionArguments,
) -> Result<Slice<Suggestion>> {
    let permit = admit(cx, list).await?;
    let window = arguments.window(&list.order.ordering(list.kind))?;
    read(cx, list, &permit, &window).await
}

/// A part of a list, by number.
///
/// # Errors
/// Those of the policy and of the database.
pub async fn list_page(cx: &Cx, list: &List, page: PageNumber) -> Result<Slice<Suggestion>> {
    let permit = admit(cx, list).await?;
    read(cx, list, &permit, &page.window()).await
}

/// A request for the suggestions to one user, wherever the caller may see them.
#[derive(Debug)]
pub struct ListOfUser {
    /// Whose: all of these name the user.
    pub names: Vec<UserName>,
    /// On this platform only.
    pub platform_key: Option<String>,
    /// On platforms of this organisation only.
    pub platform_org: Option<String>,
    pub order: Order,
}

/// A part of the suggestions to one user, by number. Administrators of a platform see all of that
/// platform, users the visible ones to themselves; a user who is unknown or hidden has none.
///
/// # Errors
/// [`Error::Forbidden`] to those who administer nothing, for anybody but themselves; those of the
/// arguments and of the database. The inner one says why the names do not name one user.
pub async fn list_page_of_user(
    cx: &Cx,
    list: &ListOfUser,
    page: PageNumber,
) -> Result<Result<Slice<Suggestion>, Problem>> {
    policy::authenticated(&cx.viewer)?;
    let only = platforms_named(cx, list).await?;
    let reach = policy::reach(&cx.viewer, only.as_deref());
    // An organisation only narrows the list; a platform that is named must be the caller's to see.
    let administers = match list.platform_key {
        Some(_) => reach.administers(),
        None => policy::reach(&cx.viewer, None).administers(),
    };
    let user_id = match item::find_in_reach(cx, &reach, &list.names).await? {
        Ok(user_id) => user_id,
        Err(_) if !administers => return Err(policy::forbidden()),
        Err(problem) if problem.code == ProblemCode::UserNotFound => {
            return Ok(Ok(Slice::default()));
        }
        Err(problem) => return Ok(Err(problem)),
    };
    let query = ListQuery {
        kind: Kind::User,
        within: Within::OneUser {
            user_id,
            reach: &reach,
            now: clock::now(),
        },
        filter: &Filter::default(),
        order: list.order,
        window: &page.window(),
        total: true,
        state_counts: false,
        beyond: Beyond::default(),
        parts: Parts::default(),
        program: true,
        program_details: false,
        subject: true,
    };
    let mut slice = suggestion::list(&cx.db, &query).await?;
    let mut rows: Vec<&mut Suggestion> = slice.rows.iter_mut().map(|(row, _)| row).collect();
    // Learners do not see platforms as such, but they know those they belong to.
    for row in &mut rows {
        let mut standings = cx.viewer.standings.iter();
        row.joined.platform = standings
            .find(|standing| standing.platform.id == row.platform_id)
            .map(|standing| Arc::new(standing.platform.clone()));
    }
    let wants = Wants {
        platform: true,
        ..Wants::default()
    };
    join(cx, Kind::User, &mut rows, wants).await?;
    Ok(Ok(slice))
}

/// The ids of the platforms that the caller limits the list to, if any.
async fn platforms_named(cx: &Cx, list: &ListOfUser) -> Result<Option<Vec<i64>>> {
    match (&list.platform_key, &list.platform_org) {
        (Some(key), org) => {
            let platform = known_platform(cx, key).await?;
            let only = vec![platform.id];
            if !policy::reach(&cx.viewer, Some(&only)).covers(platform.id) {
                return Err(policy::forbidden());
            }
            match org {
                Some(org) if *org != platform.org => {
                    Err(Error::bad_input("platformOrg", ORG_MISMATCH))
                }
                _ => Ok(Some(only)),
            }
        }
        (None, Some(org)) if cx.viewer.is_dm_admin() => {
            Ok(Some(directory::platforms_of_org(&cx.db, org).await?))
        }
        (None, Some(org)) => {
            let standings = cx.viewer.standings.iter();
            let of_org = standings.filter(|standing| standing.platform.org == *org);
            Ok(Some(of_org.map(|standing| standing.platform.id).collect()))
        }
        (None, None) => Ok(None),
    }
}

async fn admit(cx: &Cx, list: &List) -> Result<Permit<auth::List>> {
    let permit = enter(cx, &list.platform).await?;
    if org_matches(&permit, &list.platform) {
        Ok(permit)
    } else {
        Err(Error::bad_input("platformOrg", ORG_MISMATCH))
    }
}

fn query_of<'q>(
    list: &'q List,
    permit: &'q Permit<auth::List>,
    window: &'q Window,
) -> ListQuery<'q> {
    ListQuery {
        kind: list.kind,
        within: Within::Permit(permit),
        filter: &list.filter,
        order: list.order,
        window,
        total: list.total,
        state_counts: list.state_counts,
        beyond: list.beyond,
        parts: list.wants.parts(),
        program: list.wants.program,
        program_details: list.wants.program_details,
        subject: list.wants.subject,
    }
}

/// The most programs that [`top_programs`] answers.
const MAX_TOP: i32 = 20;

/// The programs with most suggestions of a list, each with their number; the program's id breaks ties.
///
/// # Errors
/// Those of the policy and of the database, and [`Error::BadInput`] unless `first` is from 1 to 20.
pub async fn top_programs(cx: &Cx, list: &List, first: i32) -> Result<Vec<(Program, i64)>> {
    let most = u64::try_from(first).unwrap_or_default();
    if !(1..=MAX_TOP).contains(&first) {
        return Err(Error::bad_input(
            "first",
            format!("`first` must be from 1 to {MAX_TOP}, not {first}."),
        ));
    }
    let permit = admit(cx, list).await?;
    let window = Window::Offset {
        offset: 0,
        limit: 0,
    };
    suggestion::top_programs(&cx.db, &query_of(list, &permit, &window), most).await
}

async fn read(
    cx: &Cx,
    list: &List,
    permit: &Permit<auth::List>,
    window: &Window,
) -> Result<Slice<Suggestion>> {
    let query = query_of(list, permit, window);
    let mut slice = suggestion::list(&cx.db, &query).await?;
    let platform = Arc::new(permit.platform().clone());
    let mut rows: Vec<&mut Suggestion> = slice.rows.iter_mut().map(|(row, _)| row).collect();
    for row in &mut rows {
        row.joined.platform = Some(Arc::clone(&platform));
    }
    join(cx, list.kind, &mut rows, list.wants).await?;
    Ok(slice)
}
