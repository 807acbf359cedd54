//! Looking at things by id, and at what a platform consists of. What is not in the caller's sight is
//! not there.

use std::collections::HashMap;

pub use crate::auth::PlatformFacts as Platform;
pub use crate::db::directory::{Department, Group, Program, ProgramDetails, ProgramKey, User};
pub use crate::db::nested::NestedList;

use super::suggestion::{Kind, Suggestion};
use super::{Cx, find_platform, fold};
use crate::clock;
use crate::db::{directory, nested, suggestion};
use crate::error::{Error, Result};
use crate::page::{Ordering, Slice, SortKind};

/// The longest text that may be searched for, in characters.
pub const MAX_QUERY: usize = 500;

/// The text a list is searched for: folded; `None` if it is blank.
///
/// # Errors
/// [`Error::BadInput`] if it is too long or cannot occur in any text.
pub fn search_text(query: Option<&str>) -> Result<Option<String>> {
    let Some(query) = query.filter(|query| !query.trim().is_empty()) else {
        return Ok(None);
    };
    if query.contains('\0') {
        return Err(Error::bad_input(
            "query",
            "`query` must not contain the character NUL.",
        ));
    }
    if query.chars().nth(MAX_QUERY).is_some() {
        return Err(Error::bad_input(
            "query",
            format!("`query` must have at most {MAX_QUERY} characters."),
        ));
    }
    Ok(Some(fold(query)))
}

/// The platform of a key, if the caller may see it and it belongs to the organisation named.
pub async fn platform(cx: &Cx, key: &str, org: Option<&str>) -> Result<Option<Platform>> {
    let platform = find_platform(cx, key).await?;
    Ok(platform.filter(|platform| {
        cx.sight.sees_platform(platform.id) && org.is_none_or(|org| org == platform.org)
    }))
}

/// The order of the programs of a platform.
pub const PROGRAMS: Ordering = ascending("p", "ID", SortKind::Id);

/// The order of the groups of a platform.
pub const GROUPS: Ordering = ascending("g", "ID", SortKind::Id);

/// The order of the departments of a platform.
pub const DEPARTMENTS: Ordering = ascending("d", "KEY", SortKind::Text);

/// The order of the users of a platform.
pub const USERS: Ordering = ascending("u", "USERNAME", SortKind::Text);

/// The order of the members of a group.
pub const MEMBERS: Ordering = ascending("m", "USERNAME", SortKind::Text);

const fn ascending(list: &'static str, field: &'static str, kind: SortKind) -> Ordering {
    Ordering {
        list,
        field,
        kind,
        descending: false,
    }
}

/// The platforms with these ids.
pub async fn platforms(cx: &Cx, ids: &[i64]) -> Result<Vec<Platform>> {
    directory::platforms(&cx.db, &cx.sight, ids).await
}

/// The platforms with these keys.
pub async fn platforms_by_key(cx: &Cx, keys: &[&str]) -> Result<Vec<Platform>> {
    let keys: Vec<&str> = keys.iter().copied().filter(|key| can_be(key)).collect();
    directory::platforms_by_key(&cx.db, &cx.sight, &keys).await
}

/// The programs with these keys.
pub async fn programs_by_key(cx: &Cx, keys: &[&ProgramKey]) -> Result<Vec<(ProgramKey, Program)>> {
    let keys: Vec<&ProgramKey> = keys
        .iter()
        .copied()
        .filter(|key| can_be(&key.platform) && can_be(&key.key))
        .collect();
    directory::programs_by_key(&cx.db, &cx.sight, &keys, clock::now()).await
}

/// Whether a text can be stored at all.
fn can_be(text: &str) -> bool {
    !text.contains('\0')
}

/// The programs with these ids.
pub async fn programs(cx: &Cx, ids: &[i64]) -> Result<Vec<Program>> {
    directory::programs(&cx.db, &cx.sight, ids, clock::now()).await
}

/// The users with these ids.
pub async fn users(cx: &Cx, ids: &[i64]) -> Result<Vec<User>> {
    directory::users(&cx.db, &cx.sight, ids).await
}

/// The groups with these ids.
pub async fn groups(cx: &Cx, ids: &[i64]) -> Result<Vec<Group>> {
    directory::groups(&cx.db, &cx.sight, ids).await
}

/// The departments with these ids.
pub async fn departments(cx: &Cx, ids: &[i64]) -> Result<Vec<Department>> {
    directory::departments(&cx.db, &cx.sight, ids).await
}

/// The suggestions with these ids.
pub async fn suggestions(cx: &Cx, kind: Kind, ids: &[i64]) -> Result<Vec<Suggestion>> {
    suggestion::by_ids(&cx.db, &cx.sight, kind, ids).await
}

/// A part of the programs of each of these platforms.
pub async fn programs_of(
    cx: &Cx,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<Program>>> {
    nested::programs_of(&cx.db, &cx.sight, platform_ids, list).await
}

/// A part of the groups of each of these platforms.
pub async fn groups_of(
    cx: &Cx,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<Group>>> {
    nested::groups_of(&cx.db, &cx.sight, platform_ids, list).await
}

/// A part of the departments of each of these platforms.
pub async fn departments_of(
    cx: &Cx,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<Department>>> {
    nested::departments_of(&cx.db, &cx.sight, platform_ids, list).await
}

/// A part of those users of each of these platforms to whom the caller may suggest.
pub async fn users_of(
    cx: &Cx,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<User>>> {
    if list
        .department_key
        .as_deref()
        .is_some_and(|key| !can_be(key))
    {
        return Ok(HashMap::new());
    }
    nested::users_of(&cx.db, &cx.sight, platform_ids, list).await
}

/// A part of the members of each of these groups.
pub async fn members_of(
    cx: &Cx,
    group_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<User>>> {
    nested::members_of(&cx.db, &cx.sight, group_ids, list).await
}
