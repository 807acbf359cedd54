//! Lists of suggestions: filtered, searched, ordered, paged, counted, in one statement.
//!
//! The statement first finds the ids of the page, from an index that has the order, and only then
//! looks up the rows of those ids and what is joined to them. So the cost of a page does not grow
//! with the width of a row, and a page by cursor costs the same at any depth.

use std::sync::Arc;

use super::{Kind, Subject, Suggestion, in_departments};
use crate::auth::{Permit, Reach};
use crate::clock::Timestamp;
use crate::db::directory::{Group, Program, User};
use crate::db::sql::Sql;
use crate::db::{Db, search};
use crate::error::Result;
use crate::page::{Ordering, Position, Slice, SortKey, SortKind, Window};

/// What a list of suggestions may be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "the names say it; texts compare folded, by code point"
)]
pub enum OrderField {
    Id,
    GroupId,
    GroupName,
    UserCount,
    UserId,
    Username,
    Name,
    ProgramKey,
    ProgramName,
    Accepted,
    Visible,
    Created,
    Modified,
}

impl OrderField {
    /// The expression, what it compares, and the name that cursors carry.
    fn parts(self) -> (&'static str, SortKind, &'static str) {
        match self {
            Self::Id => ("s.id", SortKind::Id, "ID"),
            Self::GroupId => ("s.group_id", SortKind::Int, "GROUP_ID"),
            Self::GroupName => ("g.name_folded", SortKind::Text, "GROUP_NAME"),
            Self::UserCount => ("g.user_count", SortKind::Int, "USER_COUNT"),
            Self::UserId => ("s.user_id", SortKind::Int, "USER_ID"),
            Self::Username => ("u.username_folded", SortKind::Text, "USERNAME"),
            Self::Name => ("u.name_folded", SortKind::Text, "NAME"),
            Self::ProgramKey => ("p.key_folded", SortKind::Text, "PROGRAM_KEY"),
            Self::ProgramName => ("p.name_folded", SortKind::Text, "PROGRAM_NAME"),
            Self::Accepted => ("s.accepted", SortKind::Bool, "ACCEPTED"),
            Self::Visible => ("s.visible", SortKind::Bool, "VISIBLE"),
            Self::Created => ("s.created", SortKind::Int, "CREATED"),
            Self::Modified => ("s.modified", SortKind::Int, "MODIFIED"),
        }
    }

    fn join(self) -> &'static str {
        match self {
            Self::GroupName | Self::UserCount => " JOIN user_groups g ON g.id = s.group_id",
            Self::Username | Self::Name => " JOIN users u ON u.id = s.user_id",
            Self::ProgramKey | Self::ProgramName => " JOIN programs p ON p.id = s.program_id",
            _ => "",
        }
    }
}

/// A field and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    /// By what.
    pub field: OrderField,
    /// From the greatest.
    pub descending: bool,
}

impl Order {
    /// What cursors of this list in this order are bound to.
    pub fn ordering(self, kind: Kind) -> Ordering {
        let (_, sort, field) = self.field.parts();
        Ordering {
            list: match kind {
                Kind::User => "ps",
                Kind::Group => "pgs",
            },
            field,
            kind: sort,
            descending: self.descending,
        }
    }
}

/// Which suggestions; everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Folded text that a name, key, username or e-mail contains.
    pub search: Option<String>,
    /// Accepted or not.
    pub accepted: Option<bool>,
    /// Visible or not.
    pub visible: Option<bool>,
    /// Of these programs.
    pub program_keys: Option<Vec<String>>,
    /// To these users or groups.
    pub subject_ids: Option<Vec<i64>>,
    /// Created after this instant.
    pub created_after: Option<Timestamp>,
    /// Created before this instant.
    pub created_before: Option<Timestamp>,
}

/// Where a list begins: with what the caller may see.
#[derive(Debug, Clone, Copy)]
pub enum Within<'a> {
    /// What a permit covers.
    Permit(&'a Permit),
    /// The suggestions to one user.
    OneUser {
        /// Whose.
        user_id: i64,
        /// How far the caller sees.
        reach: &'a Reach,
    },
}

/// Everything about one page.
#[derive(Debug, Clone)]
pub struct ListQuery<'a> {
    /// To users or to groups.
    pub kind: Kind,
    /// Of what the caller may see.
    pub within: Within<'a>,
    /// Which of those.
    pub filter: &'a Filter,
    /// In which order.
    pub order: Order,
    /// Which part.
    pub window: &'a Window,
    /// Count them all.
    pub total: bool,
    /// Look whether there are rows beyond the cursors that were given.
    pub beyond: bool,
    /// Read the program along.
    pub program: bool,
    /// And its long texts.
    pub program_details: bool,
    /// Read the user or group along.
    pub subject: bool,
}

/// One page, in one statement.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, list: &ListQuery<'_>) -> Result<Slice<Suggestion>> {
    let (key, sort, _) = list.order.field.parts();
    let mut statement = Sql::new(db.engine());
    let (after, before, limit, backward) = match list.window {
        Window::Cursor {
            after,
            before,
            limit,
            backward,
        } => (after.as_ref(), before.as_ref(), *limit, *backward),
        Window::Offset { limit, .. } => (None, None, *limit, false),
    };
    let beyond_after = list.beyond.then_some(after).flatten();
    let beyond_before = list.beyond.then_some(before).flatten();
    // One more than asked for tells whether the list goes on.
    let fetched = limit + 1;
    let descending = list.order.descending != backward;
    let way = if descending { " DESC" } else { " ASC" };

    statement.push("WITH page AS (SELECT s.id");
    if sort != SortKind::Id {
        statement.push(", ").push(key).push(" AS k");
    }
    from(&mut statement, list, true);
    for (position, greater) in [
        (after, !list.order.descending),
        (before, list.order.descending),
    ] {
        if let Some(position) = position {
            statement.push(" AND ");
            compare(
                &mut statement,
                key,
                if greater { ">" } else { "<" },
                position,
            );
        }
    }
    statement.push(" ORDER BY ");
    if sort != SortKind::Id {
        statement.push(key).push(way).push(", ");
    }
    statement
        .push("s.id")
        .push(way)
        .push(" LIMIT ")
        .bind(fetched);
    if let Window::Offset { offset, .. } = list.window {
        statement.push(" OFFSET ").bind(*offset);
    }
    statement.push(") SELECT ");
    // What belongs to the list as a whole stands in every row, and in a row of its own when there
    // is no other: hence the outer joins below.
    let whole = list.total || beyond_after.is_some() || beyond_before.is_some();
    if whole {
        statement.push("w.total, w.rows_before, w.rows_after, page.id, ");
    }
    if sort != SortKind::Id {
        statement.push("page.k, ");
    }
    Suggestion::columns(list.kind, &mut statement);
    if list.program {
        statement.push(", ").push(if list.program_details {
            Program::COLUMNS
        } else {
            Program::BRIEF_COLUMNS
        });
    }
    if list.subject {
        statement.push(", ").push(match list.kind {
            Kind::User => User::COLUMNS,
            Kind::Group => Group::COLUMNS,
        });
    }
    let join = if whole { " LEFT JOIN " } else { " JOIN " };
    if whole {
        statement.push(" FROM (SELECT ");
        if list.total {
            total(&mut statement, list);
        } else {
            statement.push("CAST(NULL AS BIGINT)");
        }
        statement.push(" AS total");
        for (name, position, greater) in [
            (" AS rows_before", beyond_after, list.order.descending),
            (" AS rows_after", beyond_before, !list.order.descending),
        ] {
            if let Some(position) = position {
                statement.push(", EXISTS (SELECT 1");
                from(&mut statement, list, true);
                statement.push(" AND ");
                compare(
                    &mut statement,
                    key,
                    if greater { ">=" } else { "<=" },
                    position,
                );
                statement.push(")");
            } else {
                statement.push(", false");
            }
            statement.push(name);
        }
        statement.push(") w LEFT JOIN page ON true");
    } else {
        statement.push(" FROM page");
    }
    statement
        .push(join)
        .push(list.kind.table())
        .push(" s ON s.id = page.id");
    if list.program {
        statement
            .push(join)
            .push("programs p ON p.id = s.program_id");
    }
    if list.subject {
        statement.push(join).push(match list.kind {
            Kind::User => "users u ON u.id = s.user_id",
            Kind::Group => "user_groups g ON g.id = s.group_id",
        });
    }
    statement.push(" ORDER BY ");
    if sort != SortKind::Id {
        statement.push("page.k").push(way).push(", ");
    }
    statement.push("page.id").push(way);

    let decoded = db.query(statement, |row| {
        let mut of_list = (None, false, false);
        if whole {
            of_list = (row.take::<Option<i64>>()?, row.take()?, row.take()?);
            if row.take::<Option<i64>>()?.is_none() {
                return Ok((of_list, None));
            }
        }
        let key = match sort {
            SortKind::Id => SortKey::Id,
            SortKind::Int => SortKey::Int(row.take()?),
            SortKind::Bool => SortKey::Bool(row.take()?),
            SortKind::Text => SortKey::Text(row.take()?),
        };
        let mut suggestion = Suggestion::decode(row)?;
        if list.program {
            let program = if list.program_details {
                Program::decode(row)?
            } else {
                Program::decode_brief(row)?
            };
            suggestion.joined.program = Some(Arc::new(program));
        }
        if list.subject {
            suggestion.joined.subject = Some(match list.kind {
                Kind::User => Subject::User(Arc::new(User::decode(row)?)),
                Kind::Group => Subject::Group(Arc::new(Group::decode(row)?)),
            });
        }
        Ok((of_list, Some((suggestion, key))))
    })
    .await?;

    let (total, rows_before, rows_after) =
        decoded.first().map_or((None, false, false), |row| row.0);
    let mut rows: Vec<_> = decoded.into_iter().filter_map(|row| row.1).collect();
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    if backward {
        rows.reverse();
    }
    Ok(Slice {
        rows,
        total,
        has_next: rows_after || (more && !backward),
        has_previous: rows_before || (more && backward),
    })
}

/// How many rows the list has. Of a whole platform that is kept; see the migration of the counts.
fn total(statement: &mut Sql, list: &ListQuery<'_>) {
    match list.within {
        Within::Permit(permit)
            if permit.departments().is_none() && *list.filter == Filter::default() =>
        {
            statement
                .push("(SELECT CAST(COALESCE(sum(c.n), 0) AS BIGINT) FROM suggestion_counts c WHERE c.platform_id = ")
                .bind(permit.platform().id)
                .push(match list.kind {
                    Kind::User => " AND c.kind = 'user')",
                    Kind::Group => " AND c.kind = 'group')",
                });
        }
        _ => {
            statement.push("(SELECT count(*)");
            from(statement, list, false);
            statement.push(")");
        }
    }
}

/// ` FROM ... WHERE ...`: the list before it is cut into pages. What the order needs is joined only
/// where the order is looked at.
fn from(statement: &mut Sql, list: &ListQuery<'_>, ordered: bool) {
    let kind = list.kind;
    statement.push(" FROM ").push(kind.table()).push(" s");
    if ordered {
        statement.push(list.order.field.join());
    }
    statement.push(" WHERE ");
    match list.within {
        Within::Permit(permit) => {
            statement
                .push("s.platform_id = ")
                .bind(permit.platform().id);
            in_departments(statement, kind, permit);
        }
        Within::OneUser { user_id, reach } => {
            statement.push("s.user_id = ").bind(user_id);
            if let Some(whole) = reach.whole() {
                statement.push(" AND (s.platform_id").in_ids(whole);
                if reach.user() == Some(user_id) {
                    statement
                        .push(" OR (s.visible AND s.platform_id")
                        .in_ids(reach.own())
                        .push(")");
                }
                statement.push(")");
            }
        }
    }
    let filter = list.filter;
    if let Some(accepted) = filter.accepted {
        statement.push(" AND s.accepted = ").bind(accepted);
    }
    if let Some(visible) = filter.visible {
        statement.push(" AND s.visible = ").bind(visible);
    }
    if let Some(keys) = &filter.program_keys {
        statement.push(" AND s.program_id IN (SELECT id FROM programs WHERE ");
        of_platform(statement, list, "platform_id");
        statement.push("key").in_texts(keys).push(")");
    }
    if let Some(ids) = &filter.subject_ids {
        statement.push(" AND s.").push(kind.subject()).in_ids(ids);
    }
    if let Some(after) = filter.created_after {
        statement.push(" AND s.created > ").bind(after.0);
    }
    if let Some(before) = filter.created_before {
        statement.push(" AND s.created < ").bind(before.0);
    }
    if let Some(text) = &filter.search {
        // Names are looked up in their own tables first; suggestions are only met by id.
        statement.push(" AND (s.program_id IN (SELECT p.id FROM programs p WHERE ");
        of_platform(statement, list, "p.platform_id");
        search::programs(statement, text);
        match kind {
            Kind::Group => {
                statement.push(") OR s.group_id IN (SELECT g.id FROM user_groups g WHERE ");
                of_platform(statement, list, "g.platform_id");
                search::groups(statement, text);
            }
            Kind::User => {
                statement.push(") OR s.user_id IN (SELECT u.id FROM users u WHERE ");
                search::users(statement, text);
            }
        }
        statement.push("))");
    }
}

fn of_platform(statement: &mut Sql, list: &ListQuery<'_>, column: &str) {
    if let Within::Permit(permit) = list.within {
        statement
            .push(column)
            .push(" = ")
            .bind(permit.platform().id)
            .push(" AND ");
    }
}

fn compare(statement: &mut Sql, key: &str, operator: &str, position: &Position) {
    match &position.key {
        SortKey::Id => statement
            .push("s.id ")
            .push(operator)
            .push(" ")
            .bind(position.id),
        keyed => {
            statement
                .push("(")
                .push(key)
                .push(", s.id) ")
                .push(operator)
                .push(" (");
            match keyed {
                SortKey::Int(value) => statement.bind(*value),
                SortKey::Bool(value) => statement.bind(*value),
                SortKey::Text(value) => statement.bind(value.clone()),
                SortKey::Id => statement,
            }
            .push(", ")
            .bind(position.id)
            .push(")")
        }
    };
}
