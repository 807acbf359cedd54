//! Reading everything for an export: in batches by key, so that memory does not grow with the
//! database, and with natural keys in place of ids. Call these within
//! [`Db::snapshot`](super::Db::snapshot). Like importing, this is the operator's door.

use sea_orm::DbErr;
use sea_orm::sea_query::{
    Expr, ExprTrait as _, IntoColumnRef, IntoTableRef, JoinType, Order, Query, SelectStatement,
    UnionType,
};

use super::Tx;
use super::directory_write::Notice;
use super::entity::{
    department, department_member, group_member, membership, platform, program,
    program_group_suggestion, program_suggestion, suggestion_answer, user, user_group,
};
use super::sql::Row;
use super::statement::{Arguments, Shapes, slot};
use crate::clock::Timestamp;
use crate::error::Result;

/// How many rows are read at a time.
const BATCH: usize = 5_000;

/// What the exported lists have in common.
trait Exported {
    /// Only rows of the platform, which the table of this alias knows.
    fn of_platform(&mut self, alias: &'static str) -> &mut Self;
    /// Joins the row that a column refers to.
    fn inner(
        &mut self,
        table: impl IntoTableRef,
        alias: &'static str,
        column: impl IntoColumnRef,
    ) -> &mut Self;
    /// As `inner`, if there is one.
    fn left(
        &mut self,
        table: impl IntoTableRef,
        alias: &'static str,
        column: impl IntoColumnRef,
    ) -> &mut Self;
    /// The next rows behind the values of the slots of these names, in this order.
    fn page<C: IntoColumnRef + Clone>(&mut self, order: &[(C, &str)]) -> &mut Self;
}

impl Exported for SelectStatement {
    fn of_platform(&mut self, alias: &'static str) -> &mut Self {
        self.and_where(Expr::col((alias, "platform_id")).eq(slot("platform")))
    }

    fn inner(
        &mut self,
        table: impl IntoTableRef,
        alias: &'static str,
        column: impl IntoColumnRef,
    ) -> &mut Self {
        let same = Expr::col((alias, "id")).equals(column);
        self.join_as(JoinType::InnerJoin, table, alias, same)
    }

    fn left(
        &mut self,
        table: impl IntoTableRef,
        alias: &'static str,
        column: impl IntoColumnRef,
    ) -> &mut Self {
        let same = Expr::col((alias, "id")).equals(column);
        self.join_as(JoinType::LeftJoin, table, alias, same)
    }

    fn page<C: IntoColumnRef + Clone>(&mut self, order: &[(C, &str)]) -> &mut Self {
        let columns = order.iter().map(|(column, _)| Expr::col(column.clone()));
        let slots = order.iter().map(|(_, name)| slot(name));
        self.and_where(Expr::tuple(columns).gt(Expr::tuple(slots)));
        for (column, _) in order {
            self.order_by(column.clone(), Order::Asc);
        }
        self.limit(BATCH as u64)
    }
}

/// A platform, with the id that the other readers ask for.
#[derive(Debug, Clone)]
pub struct Platform {
    pub id: i64,
    pub key: String,
    pub org: String,
    pub name: String,
}

/// All of them, or one.
static PLATFORMS: Shapes<bool> = Shapes::new("export.platforms");

/// All platforms, or the one of this key, in order of key.
pub async fn platforms(tx: &Tx, key: Option<&str>) -> Result<Vec<Platform>> {
    let mut arguments = Arguments::default();
    arguments.add_some("key", key);
    let statement = PLATFORMS.bind(tx.engine(), &key.is_some(), arguments, || {
        use platform::Column::{Id, Key, Name, Org};
        Query::select()
            .columns([Id, Key, Org, Name])
            .from(platform::Entity)
            .and_where_option(key.map(|_| Expr::col(Key).eq(slot("key"))))
            .order_by(Key, Order::Asc)
            .take()
    })?;
    tx.query(statement, |row| {
        Ok(Platform {
            id: row.take()?,
            key: row.take()?,
            org: row.take()?,
            name: row.take()?,
        })
    })
    .await
}

#[derive(Debug)]
pub struct Program {
    pub key: String,
    pub name: String,
    pub org: Option<String>,
    pub description: Option<String>,
    pub url: Option<String>,
    pub image_url: Option<String>,
}

static PROGRAMS: Shapes<()> = Shapes::new("export.programs");

/// The next programs of a platform behind this key, in order of key.
pub async fn programs(tx: &Tx, platform_id: i64, after: &str) -> Result<Vec<Program>> {
    let arguments = Arguments::default()
        .with("platform", platform_id)
        .with("after", after);
    let statement = PROGRAMS.bind(tx.engine(), &(), arguments, || {
        use program::Column::{Description, ImageUrl, Key, Name, Org, Url};
        Query::select()
            .columns([Key, Name, Org, Description, Url, ImageUrl].map(|column| ("p", column)))
            .from_as(program::Entity, "p")
            .of_platform("p")
            .page(&[(("p", Key), "after")])
            .take()
    })?;
    tx.query(statement, |row| {
        Ok(Program {
            key: row.take()?,
            name: row.take()?,
            org: row.take()?,
            description: row.take()?,
            url: row.take()?,
            image_url: row.take()?,
        })
    })
    .await
}

#[derive(Debug)]
pub struct User {
    pub id: i64,
    pub username: String,
    pub name: String,
    pub email: Option<String>,
    pub dm_admin: bool,
}

/// All of them, or those of a platform.
static USERS: Shapes<bool> = Shapes::new("export.users");

/// The next users behind this id, in order of id; of one platform only those it has to do with:
/// members, members of its departments and groups, who suggests or is suggested to there, and who
/// answered there.
pub async fn users(tx: &Tx, platform_id: Option<i64>, after: i64) -> Result<Vec<User>> {
    let mut arguments = Arguments::default().with("after", after);
    arguments.add_some("platform", platform_id);
    let statement = USERS.bind(tx.engine(), &platform_id.is_some(), arguments, || {
        use user::Column::{DmAdmin, Email, Id, Name, Username};
        Query::select()
            .columns([Id, Username, Name, Email, DmAdmin])
            .from(user::Entity)
            .and_where_option(platform_id.map(|_| Expr::col(Id).in_subquery(users_of_platform())))
            .page(&[(Id, "after")])
            .take()
    })?;
    tx.query(statement, |row| {
        Ok(User {
            id: row.take()?,
            username: row.take()?,
            name: row.take()?,
            email: row.take()?,
            dm_admin: row.take()?,
        })
    })
    .await
}

/// The ids of the users that a platform has to do with; null among them means nobody.
fn users_of_platform() -> SelectStatement {
    fn ids(table: impl IntoTableRef, column: impl IntoColumnRef) -> SelectStatement {
        Query::select()
            .column(column)
            .from_as(table, "t")
            .of_platform("t")
            .take()
    }
    let mut all = ids(membership::Entity, membership::Column::UserId);
    for more in [
        Query::select()
            .column(("m", department_member::Column::UserId))
            .from_as(department_member::Entity, "m")
            .inner(
                department::Entity,
                "d",
                ("m", department_member::Column::DepartmentId),
            )
            .of_platform("d")
            .take(),
        Query::select()
            .column(("m", group_member::Column::UserId))
            .from_as(group_member::Entity, "m")
            .inner(
                user_group::Entity,
                "g",
                ("m", group_member::Column::GroupId),
            )
            .of_platform("g")
            .take(),
        ids(
            program_suggestion::Entity,
            program_suggestion::Column::UserId,
        ),
        ids(
            program_suggestion::Entity,
            program_suggestion::Column::SuggestedBy,
        ),
        ids(
            program_group_suggestion::Entity,
            program_group_suggestion::Column::SuggestedBy,
        ),
        ids(suggestion_answer::Entity, suggestion_answer::Column::UserId),
    ] {
        all.union(UnionType::Distinct, more);
    }
    all
}

/// A member of a platform.
#[derive(Debug)]
pub struct Member {
    pub user_id: i64,
    pub username: String,
    pub role: String,
    pub active: bool,
}

static MEMBERS: Shapes<()> = Shapes::new("export.members");

/// The next members of a platform behind this user, in order of the user's id.
pub async fn members(tx: &Tx, platform_id: i64, after: i64) -> Result<Vec<Member>> {
    let arguments = Arguments::default()
        .with("platform", platform_id)
        .with("after", after);
    let statement = MEMBERS.bind(tx.engine(), &(), arguments, || {
        use membership::Column::{Active, Role, UserId};
        Query::select()
            .column(("m", UserId))
            .column(("u", user::Column::Username))
            .columns([("m", Role), ("m", Active)])
            .from_as(membership::Entity, "m")
            .of_platform("m")
            .inner(user::Entity, "u", ("m", UserId))
            .page(&[(("m", UserId), "after")])
            .take()
    })?;
    tx.query(statement, |row| {
        Ok(Member {
            user_id: row.take()?,
            username: row.take()?,
            role: row.take()?,
            active: row.take()?,
        })
    })
    .await
}

#[derive(Debug)]
pub struct Department {
    pub id: i64,
    pub key: String,
    pub name: String,
    pub parent_id: Option<i64>,
}

static DEPARTMENTS: Shapes<()> = Shapes::new("export.departments");

/// All departments of a platform, in order of id.
pub async fn departments(tx: &Tx, platform_id: i64) -> Result<Vec<Department>> {
    let arguments = Arguments::default().with("platform", platform_id);
    let statement = DEPARTMENTS.bind(tx.engine(), &(), arguments, || {
        use department::Column::{Id, Key, Name, ParentId};
        Query::select()
            .columns([Id, Key, Name, ParentId].map(|column| ("d", column)))
            .from_as(department::Entity, "d")
            .of_platform("d")
            .order_by(("d", Id), Order::Asc)
            .take()
    })?;
    tx.query(statement, |row| {
        Ok(Department {
            id: row.take()?,
            key: row.take()?,
            name: row.take()?,
            parent_id: row.take()?,
        })
    })
    .await
}

/// A member of a department.
#[derive(Debug)]
pub struct DepartmentMember {
    pub department_id: i64,
    pub department: String,
    pub user_id: i64,
    pub username: String,
    pub admin: bool,
}

static DEPARTMENT_MEMBERS: Shapes<()> = Shapes::new("export.department_members");

/// The next members of the departments of a platform behind this department and user, in order of
/// their ids.
pub async fn department_members(
    tx: &Tx,
    platform_id: i64,
    after: (i64, i64),
) -> Result<Vec<DepartmentMember>> {
    let arguments = Arguments::default()
        .with("platform", platform_id)
        .with("department", after.0)
        .with("user", after.1);
    let statement = DEPARTMENT_MEMBERS.bind(tx.engine(), &(), arguments, || {
        use department_member::Column::{Admin, DepartmentId, UserId};
        let (department, user) = (("m", DepartmentId), ("m", UserId));
        Query::select()
            .column(department)
            .column(("d", department::Column::Key))
            .column(user)
            .column(("u", user::Column::Username))
            .column(("m", Admin))
            .from_as(department_member::Entity, "m")
            .of_platform("d")
            .inner(department::Entity, "d", department)
            .inner(user::Entity, "u", user)
            .page(&[(department, "department"), (user, "user")])
            .take()
    })?;
    tx.query(statement, |row| {
        Ok(DepartmentMember {
            department_id: row.take()?,
            department: row.take()?,
            user_id: row.take()?,
            username: row.take()?,
            admin: row.take()?,
        })
    })
    .await
}

#[derive(Debug)]
pub struct Group {
    pub id: i64,
    pub name: String,
    pub department: Option<String>,
}

static GROUPS: Shapes<()> = Shapes::new("export.groups");

/// The next groups of a platform behind this id, in order of id.
pub async fn groups(tx: &Tx, platform_id: i64, after: i64) -> Result<Vec<Group>> {
    let arguments = Arguments::default()
        .with("platform", platform_id)
        .with("after", after);
    let statement = GROUPS.bind(tx.engine(), &(), arguments, || {
        use user_group::Column::{DepartmentId, Id, Name};
        Query::select()
            .columns([("g", Id), ("g", Name)])
            .column(("d", department::Column::Key))
            .from_as(user_group::Entity, "g")
            .of_platform("g")
            .left(department::Entity, "d", ("g", DepartmentId))
            .page(&[(("g", Id), "after")])
            .take()
    })?;
    tx.query(statement, |row| {
        Ok(Group {
            id: row.take()?,
            name: row.take()?,
            department: row.take()?,
        })
    })
    .await
}

/// A member of a group.
#[derive(Debug)]
pub struct GroupMember {
    pub group_id: i64,
    pub user_id: i64,
    pub username: String,
    pub active: bool,
}

static GROUP_MEMBERS: Shapes<()> = Shapes::new("export.group_members");

/// The next members of the groups of a platform behind this group and user, in order of their ids.
pub async fn group_members(
    tx: &Tx,
    platform_id: i64,
    after: (i64, i64),
) -> Result<Vec<GroupMember>> {
    let arguments = Arguments::default()
        .with("platform", platform_id)
        .with("group", after.0)
        .with("user", after.1);
    let statement = GROUP_MEMBERS.bind(tx.engine(), &(), arguments, || {
        use group_member::Column::{Active, GroupId, UserId};
        let (group, user) = (("m", GroupId), ("m", UserId));
        Query::select()
            .columns([group, user])
            .column(("u", user::Column::Username))
            .column(("m", Active))
            .from_as(group_member::Entity, "m")
            .of_platform("g")
            .inner(user_group::Entity, "g", group)
            .inner(user::Entity, "u", user)
            .page(&[(group, "group"), (user, "user")])
            .take()
    })?;
    tx.query(statement, |row| {
        Ok(GroupMember {
            group_id: row.take()?,
            user_id: row.take()?,
            username: row.take()?,
            active: row.take()?,
        })
    })
    .await
}

/// A suggestion of either kind.
#[derive(Debug)]
pub struct Suggestion<S> {
    pub id: i64,
    pub program: String,
    pub accepted: bool,
    pub visible: bool,
    pub metadata: String,
    pub suggested_by: Option<String>,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub notice: Notice,
    /// The user or the group.
    pub subject: S,
}

impl<S> Suggestion<S> {
    fn decode(
        row: &Row<'_>,
        subject: impl Fn(&Row<'_>) -> Result<S, DbErr>,
    ) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            program: row.take()?,
            accepted: row.take()?,
            visible: row.take()?,
            metadata: row.take()?,
            suggested_by: row.take()?,
            created: Timestamp(row.take()?),
            modified: Timestamp(row.take()?),
            notice: Notice::decode(row)?,
            subject: subject(row)?,
        })
    }
}

/// The next suggestions `s` of a platform behind an id, without their subjects. Both tables call
/// these columns the same.
fn suggestions(table: impl IntoTableRef) -> SelectStatement {
    use program_suggestion::Column::{
        Accepted, Created, DueAt, Id, Message, Metadata, Modified, ProgramId, SuggestedBy, Visible,
        VisibleFrom, VisibleUntil,
    };
    Query::select()
        .column(("s", Id))
        .column(("p", program::Column::Key))
        .columns([Accepted, Visible, Metadata].map(|column| ("s", column)))
        .column(("b", user::Column::Username))
        .columns(
            [Created, Modified, Message, DueAt, VisibleFrom, VisibleUntil]
                .map(|column| ("s", column)),
        )
        .from_as(table, "s")
        .of_platform("s")
        .inner(program::Entity, "p", ("s", ProgramId))
        .left(user::Entity, "b", ("s", SuggestedBy))
        .page(&[(("s", Id), "after")])
        .take()
}

/// A suggestion to a user.
#[derive(Debug)]
pub struct ToUser {
    pub username: String,
    pub direct: bool,
}

static USER_SUGGESTIONS: Shapes<()> = Shapes::new("export.program_suggestions");

/// The next suggestions to users of a platform behind this id, in order of id.
pub async fn user_suggestions(
    tx: &Tx,
    platform_id: i64,
    after: i64,
) -> Result<Vec<Suggestion<ToUser>>> {
    let arguments = Arguments::default()
        .with("platform", platform_id)
        .with("after", after);
    let statement = USER_SUGGESTIONS.bind(tx.engine(), &(), arguments, || {
        use program_suggestion::Column::{Direct, UserId};
        let mut query = suggestions(program_suggestion::Entity);
        query
            .column(("u", user::Column::Username))
            .column(("s", Direct))
            .inner(user::Entity, "u", ("s", UserId));
        query
    })?;
    tx.query(statement, |row| {
        Suggestion::decode(row, |row| {
            Ok(ToUser {
                username: row.take()?,
                direct: row.take()?,
            })
        })
    })
    .await
}

static GROUP_SUGGESTIONS: Shapes<()> = Shapes::new("export.program_group_suggestions");

/// The next suggestions to groups of a platform behind this id, in order of id; the subject is the
/// group's id.
pub async fn group_suggestions(
    tx: &Tx,
    platform_id: i64,
    after: i64,
) -> Result<Vec<Suggestion<i64>>> {
    let arguments = Arguments::default()
        .with("platform", platform_id)
        .with("after", after);
    let statement = GROUP_SUGGESTIONS.bind(tx.engine(), &(), arguments, || {
        suggestions(program_group_suggestion::Entity)
            .column(("s", program_group_suggestion::Column::GroupId))
            .take()
    })?;
    tx.query(statement, |row| Suggestion::decode(row, |row| row.take()))
        .await
}

/// Where an answer stands in the export: programs by key, as their ids are not exported.
#[derive(Debug, Clone, Default)]
pub struct AnswerPlace {
    pub program_id: i64,
    pub program: String,
    pub user_id: i64,
}

/// What a person answered.
#[derive(Debug)]
pub struct Answer {
    pub place: AnswerPlace,
    pub username: String,
    pub accepted: bool,
    pub reason: Option<String>,
    pub comment: Option<String>,
    pub answered: Timestamp,
}

/// Those of the program in which the last page ended, or those of the programs after it.
static ANSWERS: Shapes<bool> = Shapes::new("export.suggestion_answers");

/// The next answers on a platform behind this place, in order of the program's key and the user's
/// id.
pub async fn suggestion_answers(
    tx: &Tx,
    platform_id: i64,
    after: &AnswerPlace,
) -> Result<Vec<Answer>> {
    // Two statements, as no index has the program's key and the user's id.
    let mut found = Vec::new();
    for same_program in [true, false] {
        if found.len() >= BATCH {
            break;
        }
        let arguments = Arguments::default()
            .with("platform", platform_id)
            .with("program", after.program_id)
            .with("key", after.program.as_str())
            .with("user", after.user_id);
        let statement = ANSWERS.bind(tx.engine(), &same_program, arguments, || {
            use suggestion_answer::Column::{
                Accepted, Answered, Comment, ProgramId, Reason, UserId,
            };
            let (program, user) = (("a", ProgramId), ("a", UserId));
            let key = ("p", program::Column::Key);
            let mut query = Query::select();
            query
                .column(program)
                .column(key)
                .column(user)
                .column(("u", user::Column::Username))
                .columns([Accepted, Reason, Comment, Answered].map(|column| ("a", column)))
                .from_as(suggestion_answer::Entity, "a")
                .of_platform("a")
                .of_platform("p")
                .inner(program::Entity, "p", program)
                .inner(user::Entity, "u", user);
            if same_program {
                query
                    .and_where(Expr::col(program).eq(slot("program")))
                    .page(&[(user, "user")]);
            } else {
                query.page(&[(key, "key")]);
                query.order_by(user, Order::Asc);
            }
            query
        })?;
        let rows = tx.query(statement, |row| {
            Ok(Answer {
                place: AnswerPlace {
                    program_id: row.take()?,
                    program: row.take()?,
                    user_id: row.take()?,
                },
                username: row.take()?,
                accepted: row.take()?,
                reason: row.take()?,
                comment: row.take()?,
                answered: Timestamp(row.take()?),
            })
        });
        found.extend(rows.await?);
    }
    Ok(found)
}
