//! Listing and searching.

use std::sync::Arc;

use super::{Filter, Kind, Order, Suggestion, Wants, join};
use crate::auth::{Act, Permit};
use crate::db::suggestion::{self, ListQuery, Within};
use crate::domain::{Cx, ORG_MISMATCH, PlatformRef, enter, org_matches};
use crate::error::{Error, Result};
use crate::page::{ConnectionArguments, PageNumber, Slice, Window};

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
    /// What to read along.
    pub wants: Wants,
    /// Count them all.
    pub total: bool,
    /// Look whether there are rows beyond the cursors.
    pub beyond: bool,
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

async fn admit(cx: &Cx, list: &List) -> Result<Permit> {
    let permit = enter(cx, Act::List, &list.platform).await?;
    if org_matches(&permit, &list.platform) {
        Ok(permit)
    } else {
        Err(Error::bad_input("platformOrg", ORG_MISMATCH))
    }
}

async fn read(cx: &Cx, list: &List, permit: &Permit, window: &Window) -> Result<Slice<Suggestion>> {
    let query = ListQuery {
        kind: list.kind,
        within: Within::Permit(permit),
        filter: &list.filter,
        order: list.order,
        window,
        total: list.total,
        beyond: list.beyond,
        program: list.wants.program,
        subject: list.wants.subject,
    };
    let mut slice = suggestion::list(&cx.db, &query).await?;
    let platform = Arc::new(permit.platform().clone());
    let mut rows: Vec<&mut Suggestion> = slice.rows.iter_mut().map(|(row, _)| row).collect();
    for row in &mut rows {
        row.joined.platform = Some(Arc::clone(&platform));
    }
    join(cx, list.kind, &mut rows, list.wants).await?;
    Ok(slice)
}
