//! Lists of suggestions: filtered, searched, ordered, paged, counted, in one statement.
//!
//! The statement first finds the ids of the page, from an index that has the order, and only then
//! looks up the rows of those ids and what is joined to them. So the cost of a page does not grow
//! with the width of a row, and a page by cursor costs the same at any depth.

use std::sync::Arc;

use super::source::{Bound, Matches, Part, Source};
use super::{Subject, Suggestion};
use crate::auth::{self, Permit, Reach};
use crate::clock::Timestamp;
use crate::db::Db;
use crate::db::directory::{Group, Program, User};
use crate::db::sql::Sql;
use crate::error::Result;
use crate::kind::Kind;
use crate::page::{Beyond, Ordering, Slice, SortKey, SortKind, Window};

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
    pub(super) fn parts(self) -> (&'static str, SortKind, &'static str) {
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

    /// What has its expression. The platform stands there too, for the indexes that begin with it.
    pub(super) fn join(self) -> &'static str {
        match self {
            Self::GroupName | Self::UserCount => {
                " JOIN user_groups g ON g.platform_id = s.platform_id AND g.id = s.group_id"
            }
            Self::Username | Self::Name => " JOIN users u ON u.id = s.user_id",
            Self::ProgramKey | Self::ProgramName => {
                " JOIN programs p ON p.platform_id = s.platform_id AND p.id = s.program_id"
            }
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
            list: kind.cursor_list(),
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
    Permit(&'a Permit<auth::List>),
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
    pub beyond: Beyond,
    /// Read the program along.
    pub program: bool,
    /// And its long texts.
    pub program_details: bool,
    /// Read the user or group along.
    pub subject: bool,
}

/// One page, in one statement; a text that is searched for takes one more, before it.
///
/// # Errors
/// Those of the database.
pub async fn list(db: &Db, list: &ListQuery<'_>) -> Result<Slice<Suggestion>> {
    let source = Source::new(list, Matches::find(db, list).await?);
    let (_, sort, _) = list.order.field.parts();
    let mut statement = Sql::new(db.engine());
    let (after, before, limit, offset, backward) = match list.window {
        Window::Cursor {
            after,
            before,
            limit,
            backward,
        } => (after.as_ref(), before.as_ref(), *limit, None, *backward),
        Window::Offset { offset, limit } => (None, None, *limit, Some(*offset), false),
    };
    let beyond_after = list.beyond.previous.then_some(after).flatten();
    let beyond_before = list.beyond.next.then_some(before).flatten();
    let descending = list.order.descending != backward;
    let (greater, less) = if list.order.descending {
        ("<", ">")
    } else {
        (">", "<")
    };
    let bounds = [(after, greater), (before, less)]
        .into_iter()
        .filter_map(|(position, operator)| position.map(|position| Bound { position, operator }));

    statement.push("WITH page AS (");
    let part = Part {
        bounds: bounds.collect(),
        descending,
        // One more than asked for tells whether the list goes on.
        limit: limit + 1,
        offset,
    };
    source.part(&mut statement, &part);
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
            source.total(&mut statement);
        } else {
            statement.push("CAST(NULL AS BIGINT)");
        }
        statement.push(" AS total");
        let (up_to, from) = if list.order.descending {
            (">=", "<=")
        } else {
            ("<=", ">=")
        };
        for (name, position, operator, descending) in [
            (
                " AS rows_before",
                beyond_after,
                up_to,
                !list.order.descending,
            ),
            (" AS rows_after", beyond_before, from, list.order.descending),
        ] {
            if let Some(position) = position {
                // The nearest one, and not whether there is any: that lets the order's index find it.
                let nearest = Part {
                    bounds: vec![Bound { position, operator }],
                    descending,
                    limit: 1,
                    offset: None,
                };
                statement.push(", (SELECT id FROM (");
                source.part(&mut statement, &nearest);
                statement.push(") nearest) IS NOT NULL");
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
    let way = if descending { " DESC" } else { " ASC" };
    statement.push(" ORDER BY ");
    if sort != SortKind::Id {
        statement.push("page.k").push(way).push(", ");
    }
    statement.push("page.id").push(way);

    let decoded = db
        .query(statement, |row| {
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
