//! What suggestions are about and to whom: platforms, programs, users, groups, departments. Every
//! read here takes a [`Sight`] and answers only what lies in it.

use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};

use super::entity::{
    department, department_member, membership, platform, program, user, user_group,
};
use super::sql::Row;
use super::statement::{Arguments, Shapes, is_any, slot};
use super::suggestion::suggested_program::open_way;
use super::suggestion::{Column, Rows, RowsShape, join_to_keys};
use super::{Db, Engine};
use crate::auth::{PlatformFacts, Sight};
use crate::clock::Timestamp;
use crate::error::Result;

/// A course of study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    pub id: i64,
    pub platform_id: i64,
    pub key: String,
    pub name: String,
    pub org: Option<String>,
    /// The long texts; [`None`] where they were not read along.
    pub details: Option<ProgramDetails>,
}

/// What a list of suggestions seldom shows of its programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramDetails {
    pub description: Option<String>,
    pub url: Option<String>,
    pub image_url: Option<String>,
}

/// How people name a program.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProgramKey {
    /// The key of its platform.
    pub platform: String,
    /// Its own key, which is unique there.
    pub key: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: i64,
    pub username: String,
    pub name: String,
    pub email: Option<String>,
}

/// A named set of users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: i64,
    pub platform_id: i64,
    pub name: String,
    pub department_id: Option<i64>,
    pub user_count: i64,
}

/// A unit of a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    pub id: i64,
    pub platform_id: i64,
    pub key: String,
    pub name: String,
    pub parent_id: Option<i64>,
}

impl Program {
    /// Selects what [`Program::decode`] reads, from the alias `p`.
    pub(super) fn columns(query: &mut SelectStatement) {
        use program::Column::{Description, ImageUrl, Url};
        Self::brief_columns(query);
        query.columns([Description, Url, ImageUrl].map(|column| ("p", column)));
    }

    /// The columns without the details.
    pub(super) fn brief_columns(query: &mut SelectStatement) {
        use program::Column::{Id, Key, Name, Org, PlatformId};
        query.columns([Id, PlatformId, Key, Name, Org].map(|column| ("p", column)));
    }

    pub(super) fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        let mut program = Self::decode_brief(row)?;
        program.details = Some(ProgramDetails {
            description: row.take()?,
            url: row.take()?,
            image_url: row.take()?,
        });
        Ok(program)
    }

    pub(super) fn decode_brief(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            platform_id: row.take()?,
            key: row.take()?,
            name: row.take()?,
            org: row.take()?,
            details: None,
        })
    }
}

impl User {
    /// Selects what [`User::decode`] reads, from the alias `u`.
    pub(super) fn columns(query: &mut SelectStatement) {
        use user::Column::{Email, Id, Name, Username};
        query.columns([Id, Username, Name, Email].map(|column| ("u", column)));
    }

    pub(super) fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            username: row.take()?,
            name: row.take()?,
            email: row.take()?,
        })
    }
}

impl Group {
    /// Selects what [`Group::decode`] reads, from the alias `g`.
    pub(super) fn columns(query: &mut SelectStatement) {
        use user_group::Column::{DepartmentId, Id, Name, PlatformId, UserCount};
        let columns = [Id, PlatformId, Name, DepartmentId, UserCount];
        query.columns(columns.map(|column| ("g", column)));
    }

    pub(super) fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            platform_id: row.take()?,
            name: row.take()?,
            department_id: row.take()?,
            user_count: row.take()?,
        })
    }
}

impl Department {
    /// Selects what [`Department::decode`] reads, from the alias `d`.
    pub(super) fn columns(query: &mut SelectStatement) {
        use department::Column::{Id, Key, Name, ParentId, PlatformId};
        let columns = [Id, PlatformId, Key, Name, ParentId];
        query.columns(columns.map(|column| ("d", column)));
    }

    pub(super) fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            platform_id: row.take()?,
            key: row.take()?,
            name: row.take()?,
            parent_id: row.take()?,
        })
    }
}

fn decode_platform(row: &Row<'_>) -> Result<PlatformFacts, DbErr> {
    Ok(PlatformFacts {
        id: row.take()?,
        key: row.take()?,
        org: row.take()?,
        name: row.take()?,
    })
}

fn select_platforms() -> SelectStatement {
    use platform::Column::{Id, Key, Name, Org};
    Query::select()
        .columns([Id, Key, Org, Name])
        .from(platform::Entity)
        .take()
}

static PLATFORM_BY_KEY: Shapes<()> = Shapes::new("platforms.by_key_unscoped");

/// The platform of this key, for the policy to decide on.
pub async fn platform_by_key(db: &Db, key: &str) -> Result<Option<PlatformFacts>> {
    let arguments = Arguments::default().with("key", key);
    let statement = PLATFORM_BY_KEY.bind(db.engine(), &(), arguments, || {
        select_platforms()
            .and_where(Expr::col(platform::Column::Key).eq(slot("key")))
            .take()
    })?;
    let found = db.query(statement, decode_platform).await?;
    Ok(found.into_iter().next())
}

static PLATFORMS_OF_ORG: Shapes<()> = Shapes::new("platforms.of_org");

/// The ids of the platforms of this organisation, for the policy to decide on.
pub async fn platforms_of_org(db: &Db, org: &str) -> Result<Vec<i64>> {
    let arguments = Arguments::default().with("org", org);
    let statement = PLATFORMS_OF_ORG.bind(db.engine(), &(), arguments, || {
        Query::select()
            .column(platform::Column::Id)
            .from(platform::Entity)
            .and_where(Expr::col(platform::Column::Org).eq(slot("org")))
            .take()
    })?;
    db.query(statement, |row| row.take()).await
}

static PLATFORMS: Shapes<()> = Shapes::new("platforms.by_ids");

/// The platforms with these ids, as far as they are in sight.
pub async fn platforms(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<PlatformFacts>> {
    let seen = ids.iter().copied().filter(|id| sight.sees_platform(*id));
    let arguments = Arguments::default().with("ids", seen.collect::<Vec<i64>>());
    let statement = PLATFORMS.bind(db.engine(), &(), arguments, || {
        select_platforms()
            .and_where(is_any(db.engine(), Expr::col(platform::Column::Id), "ids"))
            .take()
    })?;
    db.query(statement, decode_platform).await
}

static PLATFORMS_BY_KEY: Shapes<()> = Shapes::new("platforms.by_keys");

/// The platforms with these keys, as far as they are in sight.
pub async fn platforms_by_key(db: &Db, sight: &Sight, keys: &[&str]) -> Result<Vec<PlatformFacts>> {
    let arguments = Arguments::default().with("keys", keys);
    let statement = PLATFORMS_BY_KEY.bind(db.engine(), &(), arguments, || {
        select_platforms()
            .and_where(is_any(
                db.engine(),
                Expr::col(platform::Column::Key),
                "keys",
            ))
            .take()
    })?;
    let mut found = db.query(statement, decode_platform).await?;
    found.retain(|platform| sight.sees_platform(platform.id));
    Ok(found)
}

/// What the text of a scoped statement depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SightShape {
    engine: Engine,
    pub(super) everything: bool,
    user: bool,
}

impl SightShape {
    pub(super) fn new(engine: Engine, sight: &Sight) -> Self {
        Self {
            engine,
            everything: sight.everything(),
            user: sight.user().is_some(),
        }
    }

    pub(super) fn arguments(sight: &Sight) -> Arguments {
        let mut arguments = Arguments::default()
            .with("sight.platforms", sight.platforms())
            .with("sight.program_platforms", sight.program_platforms())
            .with("sight.own_platforms", sight.own_platforms())
            .with("sight.departments", sight.departments());
        arguments.add_some("sight.user", sight.user());
        arguments
    }
}

impl program::Entity {
    /// The programs in sight, under the alias `p`: those of platforms that are administered, and those that are
    /// suggested to the caller.
    fn readable_by(sight: SightShape) -> SelectStatement {
        let mut query = Query::select();
        query.from_as(program::Entity, "p");
        if let Some(seen) = programs_in_sight(sight) {
            query.and_where(seen);
        }
        query
    }
}

impl user_group::Entity {
    /// The groups in sight, under the alias `g`.
    fn readable_by(sight: SightShape) -> SelectStatement {
        let mut query = Query::select();
        query.from_as(user_group::Entity, "g");
        if !sight.everything {
            query.and_where(groups_in_sight(sight.engine));
        }
        query
    }
}

impl user::Entity {
    /// The users in sight, under the alias `u`.
    fn readable_by(sight: SightShape) -> SelectStatement {
        let mut query = Query::select();
        query.from_as(user::Entity, "u");
        if let Some(seen) = user_in_sight(sight) {
            query.and_where(seen);
        }
        query
    }
}

/// The user under the alias `u` is in sight: a member of a platform that is seen whole, a member of a
/// department that is seen, or the caller. None: every user is.
pub(super) fn user_in_sight(sight: SightShape) -> Option<Expr> {
    if sight.everything {
        return None;
    }
    let id = || Expr::col(("u", user::Column::Id));
    let member = Query::select()
        .expr(Expr::val(1))
        .from_as(membership::Entity, "m")
        .and_where(Expr::col(("m", membership::Column::UserId)).eq(id()))
        .and_where(is_any(
            sight.engine,
            Expr::col(("m", membership::Column::PlatformId)),
            "sight.platforms",
        ))
        .take();
    let of_department = Query::select()
        .expr(Expr::val(1))
        .from_as(department_member::Entity, "m")
        .and_where(Expr::col(("m", department_member::Column::UserId)).eq(id()))
        .and_where(is_any(
            sight.engine,
            Expr::col(("m", department_member::Column::DepartmentId)),
            "sight.departments",
        ))
        .take();
    let mut seen = Expr::exists(member).or(Expr::exists(of_department));
    if sight.user {
        seen = seen.or(id().eq(slot("sight.user")));
    }
    Some(seen)
}

/// Whether the program `p` is in sight; `None` where all are.
fn programs_in_sight(sight: SightShape) -> Option<Expr> {
    if sight.everything {
        return None;
    }
    let platform = || Expr::col(("p", program::Column::PlatformId));
    let seen = is_any(sight.engine, platform(), "sight.program_platforms");
    Some(if sight.user {
        let own = is_any(sight.engine, platform(), "sight.own_platforms");
        seen.or(own.and(open_way("sight.user")))
    } else {
        seen
    })
}

pub(super) fn groups_in_sight(engine: Engine) -> Expr {
    is_any(
        engine,
        Expr::col(("g", user_group::Column::PlatformId)),
        "sight.platforms",
    )
    .or(is_any(
        engine,
        Expr::col(("g", user_group::Column::DepartmentId)),
        "sight.departments",
    ))
}

static PROGRAMS_BY_KEY: Shapes<(SightShape, RowsShape)> = Shapes::new("programs.by_keys");

/// The programs with these keys, as far as they are in sight.
pub async fn programs_by_key(
    db: &Db,
    sight: &Sight,
    keys: &[&ProgramKey],
    now: Timestamp,
) -> Result<Vec<(ProgramKey, Program)>> {
    let engine = db.engine();
    let rows = Rows(vec![
        (
            "platform_key",
            Column::Text(keys.iter().map(|key| key.platform.as_str()).collect()),
        ),
        (
            "program_key",
            Column::Text(keys.iter().map(|key| key.key.as_str()).collect()),
        ),
    ]);
    let shape = (SightShape::new(engine, sight), rows.shape());
    let mut arguments = SightShape::arguments(sight).with("now", now.0);
    rows.arguments(engine, &mut arguments);
    let statement = PROGRAMS_BY_KEY.bind(engine, &shape, arguments, || {
        let mut query = Query::select();
        query
            .column(("f", platform::Column::Key))
            .from_subquery(shape.1.select(engine), "v");
        let same = Expr::col(("f", platform::Column::Key)).equals(("v", "platform_key"));
        join_to_keys(&mut query, platform::Entity, "f", same);
        let same = Expr::col(("p", program::Column::PlatformId))
            .equals(("f", platform::Column::Id))
            .and(Expr::col(("p", program::Column::Key)).equals(("v", "program_key")));
        join_to_keys(&mut query, program::Entity, "p", same);
        Program::columns(&mut query);
        if let Some(seen) = programs_in_sight(shape.0) {
            query.and_where(seen);
        }
        query
    })?;
    db.query(statement, |row| {
        let platform = row.take()?;
        let program = Program::decode(row)?;
        let key = program.key.clone();
        Ok((ProgramKey { platform, key }, program))
    })
    .await
}

static PROGRAMS: Shapes<SightShape> = Shapes::new("programs.by_ids");

/// The programs with these ids, as far as they are in sight.
pub async fn programs(db: &Db, sight: &Sight, ids: &[i64], now: Timestamp) -> Result<Vec<Program>> {
    let shape = SightShape::new(db.engine(), sight);
    let arguments = SightShape::arguments(sight)
        .with("ids", ids)
        .with("now", now.0);
    let statement = PROGRAMS.bind(db.engine(), &shape, arguments, || {
        let mut query = program::Entity::readable_by(shape);
        Program::columns(&mut query);
        query
            .and_where(is_any(
                shape.engine,
                Expr::col(("p", program::Column::Id)),
                "ids",
            ))
            .take()
    })?;
    db.query(statement, Program::decode).await
}

static USERS: Shapes<SightShape> = Shapes::new("users.by_ids");

/// The users with these ids, as far as they are in sight.
pub async fn users(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<User>> {
    let shape = SightShape::new(db.engine(), sight);
    let arguments = SightShape::arguments(sight).with("ids", ids);
    let statement = USERS.bind(db.engine(), &shape, arguments, || {
        let mut query = user::Entity::readable_by(shape);
        User::columns(&mut query);
        query
            .and_where(is_any(
                shape.engine,
                Expr::col(("u", user::Column::Id)),
                "ids",
            ))
            .take()
    })?;
    db.query(statement, User::decode).await
}

static GROUPS: Shapes<SightShape> = Shapes::new("groups.by_ids");

/// The groups with these ids, as far as they are in sight.
pub async fn groups(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<Group>> {
    let shape = SightShape::new(db.engine(), sight);
    let arguments = SightShape::arguments(sight).with("ids", ids);
    let statement = GROUPS.bind(db.engine(), &shape, arguments, || {
        let mut query = user_group::Entity::readable_by(shape);
        Group::columns(&mut query);
        query
            .and_where(is_any(
                shape.engine,
                Expr::col(("g", user_group::Column::Id)),
                "ids",
            ))
            .take()
    })?;
    db.query(statement, Group::decode).await
}

static DEPARTMENTS: Shapes<()> = Shapes::new("departments.by_ids");

/// The departments with these ids, as far as they are in sight.
pub async fn departments(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<Department>> {
    let arguments = Arguments::default().with("ids", ids);
    let statement = DEPARTMENTS.bind(db.engine(), &(), arguments, || {
        let mut query = Query::select();
        Department::columns(&mut query);
        query
            .from_as(department::Entity, "d")
            .and_where(is_any(
                db.engine(),
                Expr::col(("d", department::Column::Id)),
                "ids",
            ))
            .take()
    })?;
    let mut found = db.query(statement, Department::decode).await?;
    found.retain(|department| sight.sees_department(department.platform_id, department.id));
    Ok(found)
}
