//! Reading everything for an export: in batches by key, so that memory does not grow with the
//! database, and with natural keys in place of ids. Call these within
//! [`Db::snapshot`](super::Db::snapshot). Like importing, this is the operator's door.

use sea_orm::DbErr;

use super::sql::{Row, Sql};
use super::{Engine, Tx, query};
use crate::clock::Timestamp;
use crate::error::Result;

/// How many rows are read at a time.
const BATCH: i64 = 5_000;

/// A platform, with the id that the other readers ask for.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Platform {
    pub id: i64,
    pub key: String,
    pub org: String,
    pub name: String,
}

/// All platforms, or the one of this key, in order of key.
///
/// # Errors
/// Those of the database.
pub async fn platforms(tx: &Tx, engine: Engine, key: Option<&str>) -> Result<Vec<Platform>> {
    let mut statement = Sql::new(engine);
    statement.push("SELECT id, key, org, name FROM platforms");
    if let Some(key) = key {
        statement.push(" WHERE key = ").bind(key.to_owned());
    }
    statement.push(" ORDER BY key");
    query(tx, statement, |row| {
        Ok(Platform {
            id: row.take()?,
            key: row.take()?,
            org: row.take()?,
            name: row.take()?,
        })
    })
    .await
}

/// A program.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Program {
    pub key: String,
    pub name: String,
    pub org: Option<String>,
    pub description: Option<String>,
    pub url: Option<String>,
    pub image_url: Option<String>,
}

/// The next programs of a platform behind this key, in order of key.
///
/// # Errors
/// Those of the database.
pub async fn programs(
    tx: &Tx,
    engine: Engine,
    platform_id: i64,
    after: &str,
) -> Result<Vec<Program>> {
    let mut statement = Sql::new(engine);
    statement
        .push(
            "SELECT key, name, org, description, url, image_url FROM programs WHERE platform_id = ",
        )
        .bind(platform_id)
        .push(" AND key > ")
        .bind(after.to_owned())
        .push(" ORDER BY key LIMIT ")
        .bind(BATCH);
    query(tx, statement, |row| {
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

/// A person.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct User {
    pub id: i64,
    pub username: String,
    pub name: String,
    pub email: Option<String>,
    pub dm_admin: bool,
}

/// The next users behind this id, in order of id; of one platform only those it has to do with:
/// members, members of its departments and groups, and who suggests or is suggested to there.
///
/// # Errors
/// Those of the database.
pub async fn users(
    tx: &Tx,
    engine: Engine,
    platform_id: Option<i64>,
    after: i64,
) -> Result<Vec<User>> {
    let mut statement = Sql::new(engine);
    statement.push("SELECT id, username, name, email, dm_admin FROM users WHERE id > ");
    statement.bind(after);
    if let Some(platform_id) = platform_id {
        let sources = [
            "SELECT user_id FROM memberships WHERE platform_id = ",
            "SELECT m.user_id FROM department_members m JOIN departments d ON d.id = m.department_id WHERE d.platform_id = ",
            "SELECT m.user_id FROM group_members m JOIN user_groups g ON g.id = m.group_id WHERE g.platform_id = ",
            "SELECT user_id FROM program_suggestions WHERE platform_id = ",
            "SELECT suggested_by FROM program_suggestions WHERE suggested_by IS NOT NULL AND platform_id = ",
            "SELECT suggested_by FROM program_group_suggestions WHERE suggested_by IS NOT NULL AND platform_id = ",
        ];
        for (number, source) in sources.into_iter().enumerate() {
            statement
                .push(if number == 0 {
                    " AND id IN ("
                } else {
                    " UNION "
                })
                .push(source)
                .bind(platform_id);
        }
        statement.push(")");
    }
    statement.push(" ORDER BY id LIMIT ").bind(BATCH);
    query(tx, statement, |row| {
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

/// A member of a platform.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Member {
    pub user_id: i64,
    pub username: String,
    pub role: String,
    pub active: bool,
}

/// The next members of a platform behind this user, in order of the user's id.
///
/// # Errors
/// Those of the database.
pub async fn members(tx: &Tx, engine: Engine, platform_id: i64, after: i64) -> Result<Vec<Member>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT m.user_id, u.username, m.role, m.active FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.platform_id = ")
        .bind(platform_id)
        .push(" AND m.user_id > ")
        .bind(after)
        .push(" ORDER BY m.user_id LIMIT ")
        .bind(BATCH);
    query(tx, statement, |row| {
        Ok(Member {
            user_id: row.take()?,
            username: row.take()?,
            role: row.take()?,
            active: row.take()?,
        })
    })
    .await
}

/// A department.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Department {
    pub id: i64,
    pub key: String,
    pub name: String,
    pub parent_id: Option<i64>,
}

/// All departments of a platform, in order of id.
///
/// # Errors
/// Those of the database.
pub async fn departments(tx: &Tx, engine: Engine, platform_id: i64) -> Result<Vec<Department>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT id, key, name, parent_id FROM departments WHERE platform_id = ")
        .bind(platform_id)
        .push(" ORDER BY id");
    query(tx, statement, |row| {
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
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct DepartmentMember {
    pub department_id: i64,
    pub department: String,
    pub user_id: i64,
    pub username: String,
    pub admin: bool,
}

/// The next members of the departments of a platform behind this department and user, in order of
/// their ids.
///
/// # Errors
/// Those of the database.
pub async fn department_members(
    tx: &Tx,
    engine: Engine,
    platform_id: i64,
    after: (i64, i64),
) -> Result<Vec<DepartmentMember>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT m.department_id, d.key, m.user_id, u.username, m.admin FROM department_members m JOIN departments d ON d.id = m.department_id JOIN users u ON u.id = m.user_id WHERE d.platform_id = ")
        .bind(platform_id)
        .push(" AND (m.department_id, m.user_id) > (")
        .bind(after.0)
        .push(", ")
        .bind(after.1)
        .push(") ORDER BY m.department_id, m.user_id LIMIT ")
        .bind(BATCH);
    query(tx, statement, |row| {
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

/// A group.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Group {
    pub id: i64,
    pub name: String,
    pub department: Option<String>,
}

/// The next groups of a platform behind this id, in order of id.
///
/// # Errors
/// Those of the database.
pub async fn groups(tx: &Tx, engine: Engine, platform_id: i64, after: i64) -> Result<Vec<Group>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT g.id, g.name, d.key FROM user_groups g LEFT JOIN departments d ON d.id = g.department_id WHERE g.platform_id = ")
        .bind(platform_id)
        .push(" AND g.id > ")
        .bind(after)
        .push(" ORDER BY g.id LIMIT ")
        .bind(BATCH);
    query(tx, statement, |row| {
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
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct GroupMember {
    pub group_id: i64,
    pub user_id: i64,
    pub username: String,
    pub active: bool,
}

/// The next members of the groups of a platform behind this group and user, in order of their ids.
///
/// # Errors
/// Those of the database.
pub async fn group_members(
    tx: &Tx,
    engine: Engine,
    platform_id: i64,
    after: (i64, i64),
) -> Result<Vec<GroupMember>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT m.group_id, m.user_id, u.username, m.active FROM group_members m JOIN user_groups g ON g.id = m.group_id JOIN users u ON u.id = m.user_id WHERE g.platform_id = ")
        .bind(platform_id)
        .push(" AND (m.group_id, m.user_id) > (")
        .bind(after.0)
        .push(", ")
        .bind(after.1)
        .push(") ORDER BY m.group_id, m.user_id LIMIT ")
        .bind(BATCH);
    query(tx, statement, |row| {
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
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Suggestion<S> {
    pub id: i64,
    pub program: String,
    /// The user or the group.
    pub subject: S,
    pub accepted: bool,
    pub visible: bool,
    pub metadata: String,
    pub suggested_by: Option<String>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

impl<S> Suggestion<S> {
    const COLUMNS: &str = "s.accepted, s.visible, s.metadata, b.username, s.created, s.modified";

    fn decode(row: &Row<'_>, id: i64, program: String, subject: S) -> Result<Self, DbErr> {
        Ok(Self {
            id,
            program,
            subject,
            accepted: row.take()?,
            visible: row.take()?,
            metadata: row.take()?,
            suggested_by: row.take()?,
            created: Timestamp(row.take()?),
            modified: Timestamp(row.take()?),
        })
    }
}

/// A suggestion to a user.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct ToUser {
    pub username: String,
    pub direct: bool,
}

/// The next suggestions to users of a platform behind this id, in order of id.
///
/// # Errors
/// Those of the database.
pub async fn user_suggestions(
    tx: &Tx,
    engine: Engine,
    platform_id: i64,
    after: i64,
) -> Result<Vec<Suggestion<ToUser>>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT s.id, p.key, u.username, s.direct, ")
        .push(Suggestion::<ToUser>::COLUMNS)
        .push(" FROM program_suggestions s JOIN programs p ON p.id = s.program_id JOIN users u ON u.id = s.user_id LEFT JOIN users b ON b.id = s.suggested_by WHERE s.platform_id = ")
        .bind(platform_id)
        .push(" AND s.id > ")
        .bind(after)
        .push(" ORDER BY s.id LIMIT ")
        .bind(BATCH);
    query(tx, statement, |row| {
        let (id, program) = (row.take()?, row.take()?);
        let subject = ToUser {
            username: row.take()?,
            direct: row.take()?,
        };
        Suggestion::decode(row, id, program, subject)
    })
    .await
}

/// The next suggestions to groups of a platform behind this id, in order of id; the subject is the
/// group's id.
///
/// # Errors
/// Those of the database.
pub async fn group_suggestions(
    tx: &Tx,
    engine: Engine,
    platform_id: i64,
    after: i64,
) -> Result<Vec<Suggestion<i64>>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT s.id, p.key, s.group_id, ")
        .push(Suggestion::<i64>::COLUMNS)
        .push(" FROM program_group_suggestions s JOIN programs p ON p.id = s.program_id LEFT JOIN users b ON b.id = s.suggested_by WHERE s.platform_id = ")
        .bind(platform_id)
        .push(" AND s.id > ")
        .bind(after)
        .push(" ORDER BY s.id LIMIT ")
        .bind(BATCH);
    query(tx, statement, |row| {
        let (id, program, group) = (row.take()?, row.take()?, row.take()?);
        Suggestion::decode(row, id, program, group)
    })
    .await
}
