//! Lists of suggestions: filtered, searched, ordered, paged, counted, in one statement.
//!
//! The statement first finds the ids of the page, from an index that has the order, and only then
//! looks up the rows of those ids and what is joined to them. So the cost of a page does not grow
//! with the width of a row, and a page by cursor costs the same at any depth.

use std::sync::Arc;

use sea_orm::DbErr;
use sea_orm::sea_query::{
    Asterisk, BinOper, CommonTableExpression, DynIden, Expr, ExprTrait as _, Func, IntoIden as _,
    JoinType, Order as Direction, Query, SelectStatement,
};
use serde::Serialize;

use super::source::{Edge, Matches, Offset, Part, Source, direction};
use super::{Parts, Subject, Suggestion, column};
use crate::answer::{StateCounts, States};
use crate::auth::{self, Permit, Reach};
use crate::clock::Timestamp;
use crate::db::Db;
use crate::db::directory::{Group, Program, User};
use crate::db::entity::{program, program_suggestion, user, user_group};
use crate::db::sql::Row;
use crate::db::statement::Shapes;
use crate::error::Result;
use crate::kind::Kind;
use crate::page::{Beyond, Cut, Ordering, Slice, SortKey, SortKind, Window};

/// What a list of suggestions may be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// The name that cursors carry.
    fn name(self) -> &'static str {
        match self {
            Self::Id => "ID",
            Self::GroupId => "GROUP_ID",
            Self::GroupName => "GROUP_NAME",
            Self::UserCount => "USER_COUNT",
            Self::UserId => "USER_ID",
            Self::Username => "USERNAME",
            Self::Name => "NAME",
            Self::ProgramKey => "PROGRAM_KEY",
            Self::ProgramName => "PROGRAM_NAME",
            Self::Accepted => "ACCEPTED",
            Self::Visible => "VISIBLE",
            Self::Created => "CREATED",
            Self::Modified => "MODIFIED",
        }
    }

    pub(super) fn sort(self) -> SortKind {
        match self {
            Self::Id => SortKind::Id,
            Self::GroupId | Self::UserId | Self::UserCount | Self::Created | Self::Modified => {
                SortKind::Int
            }
            Self::GroupName
            | Self::Username
            | Self::Name
            | Self::ProgramKey
            | Self::ProgramName => SortKind::Text,
            Self::Accepted | Self::Visible => SortKind::Bool,
        }
    }

    /// The expression that rows are ordered by.
    pub(super) fn key(self, kind: Kind) -> Expr {
        match self {
            Self::Id => Expr::col(("s", program_suggestion::Column::Id)),
            Self::GroupId | Self::UserId => Expr::col(("s", column::recipient(kind))),
            Self::GroupName => Expr::col(("g", user_group::Column::NameFolded)),
            Self::UserCount => Expr::col(("g", user_group::Column::UserCount)),
            Self::Username => Expr::col(("u", user::Column::UsernameFolded)),
            Self::Name => Expr::col(("u", user::Column::NameFolded)),
            Self::ProgramKey => Expr::col(("p", program::Column::KeyFolded)),
            Self::ProgramName => Expr::col(("p", program::Column::NameFolded)),
            Self::Accepted => Expr::col(("s", program_suggestion::Column::Accepted)),
            Self::Visible => Expr::col(("s", program_suggestion::Column::Visible)),
            Self::Created => Expr::col(("s", program_suggestion::Column::Created)),
            Self::Modified => Expr::col(("s", program_suggestion::Column::Modified)),
        }
    }

    /// The table that has its expression, if that is not the suggestions', with its alias and how it is joined. The
    /// platform stands there too, for the indexes that begin with it.
    pub(super) fn joined(self, kind: Kind) -> Option<(DynIden, &'static str, Expr)> {
        let of = |column| Expr::col(("s", column));
        let platform = || of(program_suggestion::Column::PlatformId);
        let recipient = || Expr::col(("s", column::recipient(kind)));
        match self {
            Self::GroupName | Self::UserCount => {
                use user_group::Column::{Id, PlatformId};
                let same = Expr::col(("g", PlatformId))
                    .eq(platform())
                    .and(Expr::col(("g", Id)).eq(recipient()));
                Some((user_group::Entity.into_iden(), "g", same))
            }
            Self::Username | Self::Name => {
                let same = Expr::col(("u", user::Column::Id)).eq(recipient());
                Some((user::Entity.into_iden(), "u", same))
            }
            Self::ProgramKey | Self::ProgramName => {
                use program::Column::{Id, PlatformId};
                let same = Expr::col(("p", PlatformId))
                    .eq(platform())
                    .and(Expr::col(("p", Id)).eq(of(program_suggestion::Column::ProgramId)));
                Some((program::Entity.into_iden(), "p", same))
            }
            _ => None,
        }
    }
}

/// A field and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    pub field: OrderField,
    /// From the greatest.
    pub descending: bool,
}

impl Order {
    /// What cursors of this list in this order are bound to.
    pub fn ordering(self, kind: Kind) -> Ordering {
        Ordering {
            list: kind.cursor_list(),
            field: self.field.name(),
            kind: self.field.sort(),
            descending: self.descending,
        }
    }
}

/// Which suggestions; everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// Folded text that a name, key, username or e-mail contains.
    pub search: Option<String>,
    pub accepted: Option<bool>,
    pub visible: Option<bool>,
    pub program_keys: Option<Vec<String>>,
    /// To these users or groups.
    pub subject_ids: Option<Vec<i64>>,
    /// Created after this instant.
    pub created_after: Option<Timestamp>,
    /// Created before this instant.
    pub created_before: Option<Timestamp>,
    /// In one of these states. Only for suggestions to users.
    pub states: Option<States>,
    /// Due after this instant.
    pub due_after: Option<Timestamp>,
    /// Due before this instant.
    pub due_before: Option<Timestamp>,
}

/// Where a list begins: with what the caller may see.
#[derive(Debug, Clone, Copy)]
pub enum Within<'a> {
    /// What a permit covers.
    Permit(&'a Permit<auth::List>),
    /// The suggestions to one user.
    OneUser {
        user_id: i64,
        /// How far the caller sees.
        reach: &'a Reach,
        /// Suggestions to the caller are seen in their window.
        now: Timestamp,
    },
}

/// Everything about one page.
#[derive(Debug, Clone)]
pub struct ListQuery<'a> {
    /// To users or to groups.
    pub kind: Kind,
    /// Of what the caller may see.
    pub within: Within<'a>,
    pub filter: &'a Filter,
    pub order: Order,
    pub window: &'a Window,
    pub total: bool,
    /// Count them by state, without the filter by states. Only for suggestions to users.
    pub state_counts: bool,
    /// Look whether there are rows beyond the cursors that were given.
    pub beyond: Beyond,
    /// What is read of the suggestions.
    pub parts: Parts,
    /// Read the program along.
    pub program: bool,
    /// And its long texts.
    pub program_details: bool,
    /// Read the user or group along.
    pub subject: bool,
}

/// The columns of the counts by state.
pub(super) const STATES: [&str; 3] = ["pending", "accepted", "dismissed"];

/// What is known of the list as a whole.
const OF_LIST: [&str; 6] = [
    "total",
    "pending",
    "accepted",
    "dismissed",
    "rows_before",
    "rows_after",
];

#[derive(Debug, Clone, Copy, Default)]
struct OfList {
    total: Option<i64>,
    state_counts: Option<StateCounts>,
    rows_before: bool,
    rows_after: bool,
}

impl OfList {
    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        let total = row.take()?;
        let pending: Option<i64> = row.take()?;
        let state_counts = match pending {
            Some(pending) => Some(StateCounts {
                pending,
                accepted: row.take()?,
                dismissed: row.take()?,
            }),
            None => {
                row.skip(2);
                None
            }
        };
        Ok(Self {
            total,
            state_counts,
            rows_before: row.take()?,
            rows_after: row.take()?,
        })
    }
}

/// What the text of a list statement depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct ListShape {
    source: Source,
    after: bool,
    before: bool,
    backward: bool,
    limit: u64,
    offset: Offset,
    total: bool,
    state_counts: bool,
    probe_after: bool,
    probe_before: bool,
    parts: Parts,
    program: bool,
    program_details: bool,
    recipient: bool,
}

static LIST: Shapes<ListShape> = Shapes::new("suggestions.list");

impl ListShape {
    /// What belongs to the list as a whole stands in every row, and in a row of its own when there is no
    /// other.
    fn whole(&self) -> bool {
        self.total || self.state_counts || self.probe_after || self.probe_before
    }

    fn statement(&self, kind: Kind, order: Order) -> SelectStatement {
        use program_suggestion::Column::{Id, ProgramId};
        let (onwards, back) = operators(order.descending);
        let mut bounds = Vec::new();
        if self.after {
            bounds.push((Edge::After, onwards));
        }
        if self.before {
            bounds.push((Edge::Before, back));
        }
        let descending = order.descending != self.backward;
        let page = self.source.part(&Part {
            bounds,
            descending,
            // One more than asked for tells whether the list goes on.
            limit: self.limit + 1,
            offset: self.offset,
        });

        let mut query = Query::select();
        let page = CommonTableExpression::new()
            .table_name("page")
            .query(page)
            .to_owned();
        query.with_cte(page);
        let join = if self.whole() {
            query
                .columns(OF_LIST.map(|column| ("w", column)))
                .column(("page", "id"))
                .from_subquery(self.whole_list(order), "w")
                .join(JoinType::LeftJoin, "page", Expr::val(true));
            JoinType::LeftJoin
        } else {
            query.from("page");
            JoinType::InnerJoin
        };
        if !self.source.by_id() {
            query.column(("page", "k"));
        }
        Suggestion::columns(kind, self.parts, &mut query);
        query.join_as(
            join,
            column::table(kind),
            "s",
            Expr::col(("s", Id)).equals(("page", "id")),
        );
        if self.program {
            if self.program_details {
                Program::columns(&mut query);
            } else {
                Program::brief_columns(&mut query);
            }
            query.join_as(
                join,
                program::Entity,
                "p",
                Expr::col(("p", program::Column::Id)).equals(("s", ProgramId)),
            );
        }
        if self.recipient {
            let recipient = Expr::col(("s", column::recipient(kind)));
            match kind {
                Kind::User => {
                    User::columns(&mut query);
                    let same = Expr::col(("u", user::Column::Id)).eq(recipient);
                    query.join_as(join, user::Entity, "u", same);
                }
                Kind::Group => {
                    Group::columns(&mut query);
                    let same = Expr::col(("g", user_group::Column::Id)).eq(recipient);
                    query.join_as(join, user_group::Entity, "g", same);
                }
            }
        }
        if !self.source.by_id() {
            query.order_by(("page", "k"), direction(descending));
        }
        query.order_by(("page", "id"), direction(descending));
        query
    }

    /// One row: the total, and whether there are rows beyond the cursors.
    fn whole_list(&self, order: Order) -> SelectStatement {
        let mut query = Query::select();
        if self.state_counts {
            query
                .columns(STATES.map(|column| ("n", column)))
                .from_subquery(self.source.state_counts(), "n");
        } else {
            let uncounted = || Expr::null().cast_as("BIGINT");
            for column in STATES {
                query.expr_as(uncounted(), column);
            }
        }
        if self.total {
            query.expr_as(Expr::from(self.source.total()), "total");
        } else {
            query.expr_as(Expr::null().cast_as("BIGINT"), "total");
        }
        let (up_to, from) = operators_with_edge(order.descending);
        let probes = [
            (
                "rows_before",
                self.probe_after,
                (Edge::After, up_to),
                !order.descending,
            ),
            (
                "rows_after",
                self.probe_before,
                (Edge::Before, from),
                order.descending,
            ),
        ];
        for (name, wanted, bound, descending) in probes {
            if wanted {
                // The nearest one, and not whether there is any: that lets the order's index find it.
                let nearest = self.source.part(&Part {
                    bounds: vec![bound],
                    descending,
                    limit: 1,
                    offset: Offset::None,
                });
                let nearest = Query::select()
                    .column("id")
                    .from_subquery(nearest, "nearest")
                    .take();
                query.expr_as(Expr::from(nearest).is_not_null(), name);
            } else {
                query.expr_as(Expr::val(false), name);
            }
        }
        query
    }
}

/// How rows after and before an edge compare with it.
pub(super) fn operators(descending: bool) -> (BinOper, BinOper) {
    if descending {
        (BinOper::SmallerThan, BinOper::GreaterThan)
    } else {
        (BinOper::GreaterThan, BinOper::SmallerThan)
    }
}

/// How rows up to and from an edge compare with it, the edge included.
pub(super) fn operators_with_edge(descending: bool) -> (BinOper, BinOper) {
    if descending {
        (BinOper::GreaterThanOrEqual, BinOper::SmallerThanOrEqual)
    } else {
        (BinOper::SmallerThanOrEqual, BinOper::GreaterThanOrEqual)
    }
}

/// One page, in one statement; a text that is searched for takes one more, before it.
pub async fn list(db: &Db, list: &ListQuery<'_>) -> Result<Slice<Suggestion>> {
    let matches = Matches::find(db, list).await?;
    let sort = list.order.field.sort();
    let cut = list.window.cut();
    let Cut {
        after,
        before,
        limit,
        backward,
    } = cut;
    let offset = match list.window {
        Window::Offset { offset, .. } => Some(*offset),
        Window::Cursor { .. } => None,
    };
    let shape = ListShape {
        source: Source::new(db.engine(), list, &matches),
        after: after.is_some(),
        before: before.is_some(),
        backward,
        limit: limit.unsigned_abs(),
        offset: match offset {
            None => Offset::None,
            Some(0) => Offset::Zero,
            Some(_) => Offset::Some,
        },
        // What is counted by state is not counted again.
        total: list.total && !list.state_counts,
        state_counts: list.state_counts,
        probe_after: list.beyond.previous && after.is_some(),
        probe_before: list.beyond.next && before.is_some(),
        parts: list.parts,
        program: list.program,
        program_details: list.program_details,
        recipient: list.subject,
    };
    let mut arguments = Source::arguments(list);
    matches.arguments(db.engine(), &mut arguments);
    Edge::After.arguments(after, &mut arguments);
    Edge::Before.arguments(before, &mut arguments);
    if let Some(offset) = offset {
        arguments
            .add("limit", (limit + 1).saturating_add(offset))
            .add("offset", offset);
    }
    let statement = LIST.bind(db.engine(), &shape, arguments, || {
        shape.statement(list.kind, list.order)
    })?;
    let whole = shape.whole();

    let decoded = db
        .query(statement, |row| {
            let mut of_list = OfList::default();
            if whole {
                of_list = OfList::decode(row)?;
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
            let mut suggestion = Suggestion::decode(list.kind, list.parts, row)?;
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

    let of_list = decoded.first().map(|row| row.0).unwrap_or_default();
    let counted = of_list.state_counts;
    let states = list.filter.states.unwrap_or(States::ALL);
    let mut slice = cut.page(decoded.into_iter().filter_map(|row| row.1).collect());
    slice.total = of_list.total.or(counted.map(|counts| counts.total(states)));
    slice.state_counts = counted;
    slice.has_next |= of_list.rows_after;
    slice.has_previous |= of_list.rows_before;
    Ok(slice)
}

static TOP_PROGRAMS: Shapes<(Source, u64)> = Shapes::new("suggestions.top_programs");

/// The programs with most suggestions of a list, each with their number. One statement; a text that is
/// searched for takes one more, before it.
pub async fn top_programs(db: &Db, list: &ListQuery<'_>, most: u64) -> Result<Vec<(Program, i64)>> {
    use program_suggestion::Column::ProgramId;
    let matches = Matches::find(db, list).await?;
    let shape = (Source::new(db.engine(), list, &matches), most);
    let mut arguments = Source::arguments(list);
    matches.arguments(db.engine(), &mut arguments);
    let statement = TOP_PROGRAMS.bind(db.engine(), &shape, arguments, || {
        let counted = shape
            .0
            .all_rows()
            .column(("s", ProgramId))
            .expr_as(Func::count(Expr::col(Asterisk)), "n")
            .group_by_col(("s", ProgramId))
            .order_by("n", Direction::Desc)
            .order_by(("s", ProgramId), Direction::Asc)
            .limit(most)
            .take();
        let mut query = Query::select();
        Program::columns(&mut query);
        query
            .column(("top", "n"))
            .from_subquery(counted, "top")
            .join_as(
                JoinType::InnerJoin,
                program::Entity,
                "p",
                Expr::col(("p", program::Column::Id)).equals(("top", ProgramId)),
            )
            .order_by(("top", "n"), Direction::Desc)
            .order_by(("top", ProgramId), Direction::Asc)
            .take()
    })?;
    db.query(statement, |row| Ok((Program::decode(row)?, row.take()?)))
        .await
}
