//! Program suggestions, to users and to groups: one engine for both, told apart by [`Kind`].

mod list;
mod source;
mod write;

pub use list::{Filter, ListQuery, Order, OrderField, Within, list};
pub use write::{
    Change, GroupMatch, NewSuggestion, UserLookup, UserMatch, delete, find_by_keys, groups,
    insert_missing, lock, programs, update, users, users_in_reach,
};

pub(super) use source::join_to_keys;
pub(super) use write::{Column, Rows, RowsShape};

use std::sync::Arc;

use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait as _, JoinType, Query, SelectStatement};
use serde::{Deserialize, Serialize};

use super::directory::{Group, Program, User};
use super::entity::{department, department_member, program_suggestion, user_group};
use super::sql::Row;
use super::statement::{Arguments, Shapes, is_any};
use super::{Db, Engine};
use crate::auth::{PlatformFacts, Sight};
use crate::error::Result;
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
        }
    }
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
}

impl SuggestionPatch {
    /// Changes what is given, and returns whether that made a difference.
    pub fn apply(self, fields: &mut SuggestionFields) -> bool {
        let before = fields.clone();
        fields.accepted = self.accepted.unwrap_or(fields.accepted);
        fields.visible = self.visible.unwrap_or(fields.visible);
        fields.direct = self.direct.unwrap_or(fields.direct);
        fields.suggested_by = self.suggested_by.or(fields.suggested_by);
        if let Some(metadata) = self.metadata {
            fields.metadata = metadata;
        }
        *fields != before
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
    /// What was read along.
    #[serde(skip)]
    pub joined: Joined,
}

/// What a suggestion refers to, as far as it was read along; [`None`] where nobody asked for it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Joined {
    /// The platform.
    pub platform: Option<Arc<PlatformFacts>>,
    /// The program.
    pub program: Option<Arc<Program>>,
    /// The user or the group.
    pub subject: Option<Subject>,
    /// Who suggested; the inner `None` where that is nobody, or nobody in sight.
    pub suggested_by: Option<Option<Arc<User>>>,
}

/// To whom.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "as in Kind")]
pub enum Subject {
    User(Arc<User>),
    Group(Arc<Group>),
}

impl Suggestion {
    /// Selects what [`Suggestion::decode`] reads, from the alias `s`.
    fn columns(kind: Kind, query: &mut SelectStatement) {
        use program_suggestion::Column::{
            Accepted, Created, Direct, Id, Metadata, Modified, PlatformId, ProgramId, SuggestedBy,
            Visible,
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
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
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
            },
            created: row.take()?,
            modified: row.take()?,
            joined: Joined::default(),
        })
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
        Suggestion::columns(kind, &mut query);
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
    db.query(statement, Suggestion::decode).await
}

/// Whether a suggestion `s` lies in the departments of the slot `departments`.
fn in_departments(engine: Engine, kind: Kind) -> Expr {
    let covered = match kind {
        Kind::Group => Query::select()
            .column(user_group::Column::Id)
            .from(user_group::Entity)
            .and_where(scoped_to_departments(
                engine,
                Expr::col(user_group::Column::DepartmentId),
            ))
            .take(),
        Kind::User => Query::select()
            .column(department_member::Column::UserId)
            .from(department_member::Entity)
            .and_where(scoped_to_departments(
                engine,
                Expr::col(department_member::Column::DepartmentId),
            ))
            .take(),
    };
    Expr::col(("s", column::recipient(kind))).in_subquery(covered)
}

/// Whether a department is one of the slot `departments`.
fn scoped_to_departments(engine: Engine, department: Expr) -> Expr {
    is_any(engine, department, "departments")
}
