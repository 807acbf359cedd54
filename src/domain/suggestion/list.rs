//! Listing and searching.

use super::{Filter, Kind, Order, Suggestion};
use crate::auth::Act;
use crate::db::suggestion::{self, ListQuery, Within};
use crate::domain::{Cx, ORG_MISMATCH, PlatformRef, enter, org_matches};
use crate::error::{Error, Result};
use crate::page::{ConnectionArguments, PageNumber, Slice};

/// A request for a list.
#[derive(Debug)]
pub struct List {
    /// To users or to groups.
    pub kind: Kind,
    /// On which platform.
    pub platform: PlatformRef,
    /// Which suggestions.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// What the answer needs besides the suggestions themselves.
    pub wants: Wants,
}

/// What was asked for besides the suggestions themselves; nothing else is computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wants {
    /// The number of all of them.
    pub total: bool,
    /// Whether there are rows beyond the cursors.
    pub beyond: bool,
    /// The programs.
    pub program: bool,
    /// The users or groups.
    pub subject: bool,
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
    read(cx, list, Within::Permit(&permit), &window).await
}

/// A part of a list, by number.
///
/// # Errors
/// Those of the policy and of the database.
pub async fn list_page(cx: &Cx, list: &List, page: PageNumber) -> Result<Slice<Suggestion>> {
    let permit = admit(cx, list).await?;
    read(cx, list, Within::Permit(&permit), &page.window()).await
}

async fn admit(cx: &Cx, list: &List) -> Result<crate::auth::Permit> {
    let permit = enter(cx, Act::List, &list.platform).await?;
    if org_matches(&permit, &list.platform) {
        Ok(permit)
    } else {
        Err(Error::bad_input("platformOrg", ORG_MISMATCH))
    }
}

async fn read(
    cx: &Cx,
    list: &List,
    within: Within<'_>,
    window: &crate::page::Window,
) -> Result<Slice<Suggestion>> {
    let query = ListQuery {
        kind: list.kind,
        within,
        filter: &list.filter,
        order: list.order,
        window,
        total: list.wants.total,
        beyond: list.wants.beyond,
        program: list.wants.program,
        subject: list.wants.subject,
    };
    suggestion::list(&cx.db, &query).await
}
