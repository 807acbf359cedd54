//! Program suggestions, to users and to groups: one engine for both, told apart by [`Kind`].

pub mod answer;
pub mod event;
pub mod follow;
mod list;
mod matching;
mod source;
pub mod suggested_program;
pub mod undo;
mod write;

pub use list::{Filter, ListQuery, Order, OrderField, Within, list, top_programs};
pub use matching::{NamesMatching, count_matching, lock_matching, names_matching, update_all};
pub use write::{
    Change, GroupMatch, NewSuggestion, UserLookup, UserMatch, delete, find_by_keys, groups,
    insert_missing, lock, programs, update, users, users_in_reach, users_to_list,
};

pub(super) use source::join_to_keys;
pub(super) use write::{Column, Rows, RowsShape};

use std::sync::Arc;

use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType, Query, SelectStatement};
use serde::{Deserialize, Serialize};

use super::directory::{Group, Program, User};
use super::entity::{
    department, department_member, program_suggestion, suggestion_answer, user_group,
};
use super::sql::Row;
use super::statement::{Arguments, Shapes, is_any};
use super::{Db, Engine};
use crate::answer::{State, SuggestionAnswer};
use crate::auth::{PlatformFacts, Sight};
use crate::error::{Problem, ProblemCode, Result};
use crate::kind::Kind;

/// The tables of both kinds. They have the same columns, but for the recipient and `direct`; what is the same
/// goes by the names of the users' table, which a test compares.
mod column {
    use sea_orm::sea_query::{DynIden, IntoIden as _};

    use crate::db::entity::{program_group_suggestion, program_suggestion};
    use crate::kind::Kind;

    pub(super) fn table(kind: Kind) -> DynIden {
        match kind {
            Kind::User => program_suggestion::Entity.into_iden(),
            Kind::Group => program_group_suggestion::Entity.into_iden(),
        }
    }

    pub(super) fn of(column: program_suggestion::Column) -> DynIden {
        column.into_iden()
    }

    /// The column that names the user or the group.
    pub(super) fn recipient(kind: Kind) -> DynIden {
        match kind {
            Kind::User => program_suggestion::Column::UserId.into_iden(),
            Kind::Group => program_group_suggestion::Column::GroupId.into_iden(),
        }
    }

    #[cfg(test)]
    mod tests {
        use std::collections::BTreeSet;

        use sea_orm::{IdenStatic as _, Iterable as _};

        use super::*;

        #[test]
        fn both_tables_have_the_same_columns() {
            let users: BTreeSet<_> = program_suggestion::Column::iter()
                .map(|column| column.as_str())
                .collect();
            let groups = program_group_suggestion::Column::iter().map(|column| column.as_str());
            let others: Vec<_> = groups.filter(|name| !users.contains(name)).collect();
            assert_eq!(others, ["group_id"]);
        }
    }
}

/// What a suggestion says, beside its key: the one list of its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionFields {
    pub accepted: bool,
    pub visible: bool,
    pub direct: bool,
    /// Compact JSON, always an object.
    pub metadata: String,
    pub suggested_by: Option<i64>,
    /// Text for the person; never empty. This and the instants are read in lists only where they are
    /// asked for ([`Parts::notice`]).
    #[serde(default)]
    pub message: Option<String>,
    #[serde(default)]
    pub due_at: Option<i64>,
    /// The person sees the suggestion from this instant on.
    #[serde(default)]
    pub visible_from: Option<i64>,
    /// And up to this one, which is left out.
    #[serde(default)]
    pub visible_until: Option<i64>,
}

impl SuggestionFields {
    /// What a new suggestion says where nobody says anything else.
    pub fn new(suggested_by: Option<i64>) -> Self {
        Self {
            accepted: false,
            visible: true,
            direct: true,
            metadata: "{}".to_owned(),
            suggested_by,
            message: None,
            due_at: None,
            visible_from: None,
            visible_until: None,
        }
    }

    /// Whether the window ends after it begins.
    pub fn window_is_open_once(&self) -> bool {
        !matches!((self.visible_from, self.visible_until), (Some(from), Some(until)) if until <= from)
    }
}

/// That a suggestion would never be seen.
pub fn upside_down() -> Problem {
    Problem::new(
        ProblemCode::Invalid,
        &["visibleUntil"],
        "`visibleUntil` must lie after `visibleFrom`.",
    )
}

/// What a request or an import wants a suggestion to say; `None` keeps what it says.
#[derive(Debug, Clone, Default)]
pub struct SuggestionPatch {
    pub accepted: Option<bool>,
    pub visible: Option<bool>,
    pub direct: Option<bool>,
    /// Compact JSON, given only where it differs in value.
    pub metadata: Option<String>,
    pub suggested_by: Option<i64>,
    /// The inner `None` clears.
    pub message: Option<Option<String>>,
    pub due_at: Option<Option<i64>>,
    pub visible_from: Option<Option<i64>>,
    pub visible_until: Option<Option<i64>>,
}

impl SuggestionPatch {
    /// Changes what is given, and returns what was there before if that made a difference.
    ///
    /// # Errors
    /// `INVALID` where the window would be upside down; then nothing is changed.
    pub fn apply(self, fields: &mut SuggestionFields) -> Result<Option<SuggestionFields>, Problem> {
        let before = fields.clone();
        fields.accepted = self.accepted.unwrap_or(fields.accepted);
        fields.visible = self.visible.unwrap_or(fields.visible);
        fields.direct = self.direct.unwrap_or(fields.direct);
        fields.suggested_by = self.suggested_by.or(fields.suggested_by);
        if let Some(metadata) = self.metadata {
            fields.metadata = metadata;
        }
        fields.message = self.message.unwrap_or_else(|| fields.message.take());
        fields.due_at = self.due_at.unwrap_or(fields.due_at);
        fields.visible_from = self.visible_from.unwrap_or(fields.visible_from);
        fields.visible_until = self.visible_until.unwrap_or(fields.visible_until);
        if fields.window_is_open_once() {
            Ok((*fields != before).then_some(before))
        } else {
            *fields = before;
            Err(upside_down())
        }
    }
}

/// A suggestion, with what was joined to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    pub id: i64,
    pub platform_id: i64,
    pub program_id: i64,
    /// The user's or the group's id.
    pub subject_id: i64,
    #[serde(flatten)]
    pub fields: SuggestionFields,
    pub created: i64,
    pub modified: i64,
    /// Of a suggestion to a user, where it was read.
    #[serde(skip)]
    pub state: Option<State>,
    /// What was read along.
    #[serde(skip)]
    pub joined: Joined,
}

/// What a suggestion refers to, as far as it was read along; [`None`] where nobody asked for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Joined {
    pub platform: Option<Arc<PlatformFacts>>,
    pub program: Option<Arc<Program>>,
    /// The user or the group.
    pub subject: Option<Subject>,
    /// Who suggested; the inner `None` where that is nobody, or nobody in sight.
    pub suggested_by: Option<Option<Arc<User>>>,
    /// What the person answered; the inner `None` where that is nothing.
    pub answer: Option<Option<Arc<SuggestionAnswer>>>,
    /// Whether the caller may change and delete the suggestion.
    pub manageable: Option<bool>,
}

/// Which columns of a suggestion are read, beside those that are always read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Parts {
    /// The message, the due date and the window.
    pub notice: bool,
    /// The state of a suggestion to a user.
    pub state: bool,
}

impl Parts {
    pub const ALL: Self = Self {
        notice: true,
        state: true,
    };
}

#[derive(Debug, Clone, PartialEq)]
pub enum Subject {
    User(Arc<User>),
    Group(Arc<Group>),
}

impl Suggestion {
    /// Selects what [`Suggestion::decode`] reads, from the alias `s`.
    fn columns(kind: Kind, parts: Parts, query: &mut SelectStatement) {
        use program_suggestion::Column::{
            Accepted, Created, Direct, DueAt, Id, Message, Metadata, Modified, PlatformId,
            ProgramId, State, SuggestedBy, Visible, VisibleFrom, VisibleUntil,
        };
        query
            .columns([Id, PlatformId, ProgramId].map(|column| ("s", column)))
            .column(("s", column::recipient(kind)))
            .columns([Accepted, Visible].map(|column| ("s", column)))
            // A group is always suggested to directly, so only the users' table says so.
            .expr(match kind {
                Kind::User => Expr::col(("s", Direct)),
                Kind::Group => Expr::val(true),
            })
            .columns([Metadata, SuggestedBy, Created, Modified].map(|column| ("s", column)));
        if parts.notice {
            let notice = [Message, DueAt, VisibleFrom, VisibleUntil];
            query.columns(notice.map(|column| ("s", column)));
        }
        if parts.state && kind == Kind::User {
            query.column(("s", State));
        }
    }

    fn decode(kind: Kind, parts: Parts, row: &Row<'_>) -> Result<Self, DbErr> {
        let mut suggestion = Self {
            id: row.take()?,
            platform_id: row.take()?,
            program_id: row.take()?,
            subject_id: row.take()?,
            fields: SuggestionFields {
                accepted: row.take()?,
                visible: row.take()?,
                direct: row.take()?,
                metadata: row.take()?,
                suggested_by: row.take()?,
                message: None,
                due_at: None,
                visible_from: None,
                visible_until: None,
            },
            created: row.take()?,
            modified: row.take()?,
            state: None,
            joined: Joined::default(),
        };
        if parts.notice {
            let fields = &mut suggestion.fields;
            fields.message = row.take()?;
            fields.due_at = row.take()?;
            fields.visible_from = row.take()?;
            fields.visible_until = row.take()?;
        }
        if parts.state && kind == Kind::User {
            suggestion.state = State::of_number(row.take()?);
        }
        Ok(suggestion)
    }
}

static BY_IDS: Shapes<(Kind, bool)> = Shapes::new("suggestions.by_ids");

/// The suggestions with these ids, as far as they are in sight.
pub async fn by_ids(db: &Db, sight: &Sight, kind: Kind, ids: &[i64]) -> Result<Vec<Suggestion>> {
    let engine = db.engine();
    let everything = sight.everything();
    let arguments = Arguments::default()
        .with("ids", ids)
        .with("sight.platforms", sight.platforms())
        .with("sight.departments", sight.departments());
    let statement = BY_IDS.bind(engine, &(kind, everything), arguments, || {
        use program_suggestion::Column::{Id, PlatformId};
        let mut query = Query::select();
        Suggestion::columns(kind, Parts::ALL, &mut query);
        query.from_as(column::table(kind), "s").and_where(is_any(
            engine,
            Expr::col(("s", Id)),
            "ids",
        ));
        if !everything {
            let platform = || Expr::col(("s", PlatformId));
            let recipient = Expr::col(("s", column::recipient(kind)));
            let in_departments = match kind {
                Kind::Group => recipient.in_subquery(
                    Query::select()
                        .column(("g", user_group::Column::Id))
                        .from_as(user_group::Entity, "g")
                        .and_where(is_any(
                            engine,
                            Expr::col(("g", user_group::Column::DepartmentId)),
                            "sight.departments",
                        ))
                        .take(),
                ),
                // A member of a department here may have suggestions on another platform as well.
                Kind::User => Expr::exists(
                    Query::select()
                        .expr(Expr::val(1))
                        .from_as(department_member::Entity, "m")
                        .join_as(
                            JoinType::InnerJoin,
                            department::Entity,
                            "d",
                            Expr::col(("d", department::Column::Id))
                                .equals(("m", department_member::Column::DepartmentId)),
                        )
                        .and_where(
                            Expr::col(("m", department_member::Column::UserId)).eq(recipient),
                        )
                        .and_where(Expr::col(("d", department::Column::PlatformId)).eq(platform()))
                        .and_where(is_any(
                            engine,
                            Expr::col(("d", department::Column::Id)),
                            "sight.departments",
                        ))
                        .take(),
                ),
            };
            query.and_where(is_any(engine, platform(), "sight.platforms").or(in_departments));
        }
        query
    })?;
    db.query(statement, |row| Suggestion::decode(kind, Parts::ALL, row))
        .await
}

static ANSWERS: Shapes<RowsShape> = Shapes::new("suggestions.answers");

/// What was answered to these suggestions to users, which are in sight: each answer with its platform,
/// program and user.
pub async fn answers(
    db: &Db,
    suggestions: &[&Suggestion],
) -> Result<Vec<((i64, i64, i64), SuggestionAnswer)>> {
    let engine = db.engine();
    let ids = |of: fn(&Suggestion) -> i64| {
        Column::Int(suggestions.iter().map(|row| Some(of(row))).collect())
    };
    let rows = Rows(vec![
        ("platform_id", ids(|row| row.platform_id)),
        ("program_id", ids(|row| row.program_id)),
        ("user_id", ids(|row| row.subject_id)),
    ]);
    let shape = rows.shape();
    let mut arguments = Arguments::default();
    rows.arguments(engine, &mut arguments);
    let statement = ANSWERS.bind(engine, &shape, arguments, || {
        use suggestion_answer::Column::{PlatformId, ProgramId, UserId};
        let key = [PlatformId, ProgramId, UserId];
        let mut query = Query::select();
        query
            .columns(key.map(|column| ("a", column)))
            .from_subquery(shape.select(engine), "v");
        answer::columns(&mut query);
        let same = key
            .iter()
            .map(|column| Expr::col(("a", *column)).equals(("v", *column)))
            .reduce(Expr::and)
            .unwrap_or_else(|| Expr::val(true));
        source::look_up(
            &mut query,
            engine,
            suggestion_answer::Entity,
            "a",
            same,
            source::Found::Always,
        );
        query
    })?;
    db.query(statement, |row| {
        let key = (row.take()?, row.take()?, row.take()?);
        Ok((key, answer::decode(row)?))
    })
    .await
}

/// Whether a suggestion `s` lies in the departments of the slot `departments`.
fn in_departments(engine: Engine, kind: Kind) -> Expr {
    Expr::col(("s", column::recipient(kind))).in_subquery(recipients_in_departments(engine, kind))
}

/// The ids (`id`) of the users or groups in the departments of the slot `departments`. A user may be in several.
fn recipients_in_departments(engine: Engine, kind: Kind) -> SelectStatement {
    let mut query = Query::select();
    match kind {
        Kind::Group => query
            .column(user_group::Column::Id)
            .from(user_group::Entity)
            .and_where(scoped_to_departments(
                engine,
                Expr::col(user_group::Column::DepartmentId),
            )),
        Kind::User => query
            .expr_as(Expr::col(department_member::Column::UserId), "id")
            .from(department_member::Entity)
            .and_where(scoped_to_departments(
                engine,
                Expr::col(department_member::Column::DepartmentId),
            )),
    };
    query
}

/// Whether a department is one of the slot `departments`.
fn scoped_to_departments(engine: Engine, department: Expr) -> Expr {
    is_any(engine, department, "departments")
}
