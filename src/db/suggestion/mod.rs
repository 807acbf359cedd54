//! Program suggestions, to users and to groups: one engine for both, told apart by [`Kind`].

mod list;
mod source;
mod write;

pub use list::{Filter, ListQuery, Order, OrderField, Within, list};
pub use write::{
    Change, GroupMatch, NewSuggestion, UserLookup, UserMatch, delete, find_by_keys, groups,
    insert_missing, lock, programs, update, users, users_in_reach,
};

pub(super) use write::{Column, values};

use std::sync::Arc;

use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use super::Db;
use super::directory::{Group, Program, User};
use super::sql::{Row, Sql};
use crate::auth::{Action, Permit, PlatformFacts, Sight};
use crate::error::Result;
use crate::kind::Kind;

impl Kind {
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::User => "program_suggestions",
            Self::Group => "program_group_suggestions",
        }
    }

    /// The column that names the user or the group.
    pub(super) fn subject(self) -> &'static str {
        match self {
            Self::User => "user_id",
            Self::Group => "group_id",
        }
    }

    /// A group is always suggested to directly, so only the users' table says so.
    fn direct(self) -> &'static str {
        match self {
            Self::User => "s.direct",
            Self::Group => "true",
        }
    }
}

/// A suggestion, with what was joined to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Suggestion {
    pub id: i64,
    pub platform_id: i64,
    pub program_id: i64,
    /// The user's or the group's id.
    pub subject_id: i64,
    pub accepted: bool,
    pub visible: bool,
    pub direct: bool,
    /// Compact JSON, always an object.
    pub metadata: String,
    pub suggested_by: Option<i64>,
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
    fn columns(kind: Kind, statement: &mut Sql) {
        statement
            .push("s.id, s.platform_id, s.program_id, s.")
            .push(kind.subject())
            .push(", s.accepted, s.visible, ")
            .push(kind.direct())
            .push(", s.metadata, s.suggested_by, s.created, s.modified");
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            platform_id: row.take()?,
            program_id: row.take()?,
            subject_id: row.take()?,
            accepted: row.take()?,
            visible: row.take()?,
            direct: row.take()?,
            metadata: row.take()?,
            suggested_by: row.take()?,
            created: row.take()?,
            modified: row.take()?,
            joined: Joined::default(),
        })
    }
}

/// The suggestions with these ids, as far as they are in sight.
///
/// # Errors
/// Those of the database.
pub async fn by_ids(db: &Db, sight: &Sight, kind: Kind, ids: &[i64]) -> Result<Vec<Suggestion>> {
    let mut statement = Sql::new(db.engine());
    statement.push("SELECT ");
    Suggestion::columns(kind, &mut statement);
    statement
        .push(" FROM ")
        .push(kind.table())
        .push(" s WHERE s.id")
        .in_ids(ids);
    if !sight.everything() {
        statement
            .push(" AND (s.platform_id")
            .in_ids(sight.platforms());
        match kind {
            Kind::Group => statement
                .push(" OR s.group_id IN (SELECT g.id FROM user_groups g WHERE g.department_id")
                .in_ids(sight.departments())
                .push(")"),
            // A member of a department here may have suggestions on another platform as well.
            Kind::User => statement
                .push(" OR EXISTS (SELECT 1 FROM department_members m JOIN departments d ON d.id = m.department_id WHERE m.user_id = s.user_id AND d.platform_id = s.platform_id AND d.id")
                .in_ids(sight.departments())
                .push(")"),
        };
        statement.push(")");
    }
    db.query(statement, Suggestion::decode).await
}

/// Adds the condition that a suggestion `s` lies in the departments of the permit, if it is limited
/// to any.
fn in_departments<A: Action>(statement: &mut Sql, kind: Kind, permit: &Permit<A>) {
    if let Some(departments) = permit.departments() {
        statement
            .push(match kind {
                Kind::Group => " AND s.group_id IN (SELECT id FROM user_groups WHERE department_id",
                Kind::User => {
                    " AND s.user_id IN (SELECT user_id FROM department_members WHERE department_id"
                }
            })
            .in_ids(departments)
            .push(")");
    }
}
