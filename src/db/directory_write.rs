//! Writing the directory, and suggestions as an import brings them: whole sets in chunks. This is
//! the operator's door, not a caller's: there is no permit, and nothing here is reachable from the
//! network.
//!
//! A chunk travels as one JSON text on both engines. [`lock`] comes first: from then on nobody else
//! writes these tables, so that what was read stays true until the transaction ends.

use std::hash::Hash;

use sea_orm::DbErr;
use serde::Serialize;

use super::sql::{self, Row, Sql};
use super::{Engine, Tx, execute, query};
use crate::clock::Timestamp;
use crate::error::Result;

/// How many rows travel with one statement.
const CHUNK: usize = 5_000;

/// The type of a column, as PostgreSQL calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// 64 bits.
    Int,
    /// Text.
    Text,
    /// True or false.
    Bool,
}

impl Type {
    fn postgres(self) -> &'static str {
        match self {
            Self::Int => "bigint",
            Self::Text => "text",
            Self::Bool => "boolean",
        }
    }
}

type Columns = &'static [(&'static str, Type)];

/// A row that can be read and written in sets. It serialises to an object of its columns.
pub trait Stored: Serialize + Clone + PartialEq {
    /// The natural key: serialises to an object of the key's columns.
    type Key: Serialize + Clone + Eq + Hash;
    /// The table.
    const TABLE: &'static str;
    /// The columns of [`Stored::Key`].
    const KEY: Columns;
    /// The other columns, without a generated `id`.
    const VALUES: Columns;
    /// Whether the database gives an `id` to a row that has none.
    const GENERATED: bool = false;

    /// The key of this row.
    fn key(&self) -> Self::Key;
    /// The generated `id`, where there is one.
    fn id(&self) -> Option<i64> {
        None
    }
    /// Reads the generated `id` if there is one, the key and the values, in this order.
    ///
    /// # Errors
    /// If a column is not what the code expects.
    fn decode(row: &Row<'_>) -> Result<Self, DbErr>;
}

const ID: (&str, Type) = ("id", Type::Int);

fn columns<R: Stored>(with_id: bool) -> Vec<(&'static str, Type)> {
    let id = (R::GENERATED && with_id).then_some(ID);
    id.iter().chain(R::KEY).chain(R::VALUES).copied().collect()
}

/// Adds rows as a table `v` with these columns. `json` is an array of objects.
fn values(statement: &mut Sql, columns: &[(&str, Type)], json: String) {
    match statement.engine() {
        Engine::Postgres => {
            let columns: Vec<String> = columns
                .iter()
                .map(|(name, kind)| format!("{name} {}", kind.postgres()))
                .collect();
            statement
                .push("json_to_recordset(")
                .bind(json)
                .push("::json) AS v(")
                .push(&columns.join(", "))
                .push(")");
        }
        Engine::Sqlite => {
            let columns: Vec<String> = columns
                .iter()
                .map(|(name, _)| format!("value ->> '$.{name}' AS {name}"))
                .collect();
            statement
                .push("(SELECT ")
                .push(&columns.join(", "))
                .push(" FROM json_each(")
                .bind(json)
                .push(")) AS v");
        }
    }
}

fn list(columns: &[(&str, Type)], prefix: &str) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|(name, _)| format!("{prefix}{name}"))
        .collect();
    names.join(", ")
}

/// Keeps everybody else from writing the tables of these rows until the transaction ends; reading
/// goes on. On SQLite a write transaction is alone anyway.
///
/// # Errors
/// Those of the database.
pub async fn lock(tx: &Tx, engine: Engine, tables: &[&str]) -> Result<()> {
    if engine == Engine::Postgres && !tables.is_empty() {
        let mut statement = Sql::new(engine);
        statement
            .push("LOCK TABLE ")
            .push(&tables.join(", "))
            .push(" IN SHARE ROW EXCLUSIVE MODE");
        execute(tx, statement).await?;
    }
    Ok(())
}

/// The rows whose columns `by` have one of these values; each of `keys` serialises to an object of
/// these columns. In no particular order.
///
/// # Errors
/// Those of the database.
pub async fn load<R: Stored>(
    tx: &Tx,
    engine: Engine,
    by: &[(&str, Type)],
    keys: &[impl Serialize],
) -> Result<Vec<R>> {
    let mut found = Vec::new();
    for keys in keys.chunks(CHUNK) {
        let mut statement = Sql::new(engine);
        statement
            .push("SELECT ")
            .push(&list(&columns::<R>(true), "t."))
            .push(" FROM ");
        values(&mut statement, by, sql::json(keys));
        // A cross join keeps SQLite to this order: few keys, each looked up in an index.
        statement.push(" CROSS JOIN ").push(R::TABLE).push(" t");
        for (number, (name, _)) in by.iter().enumerate() {
            statement.push(if number == 0 { " WHERE " } else { " AND " });
            statement.push(&format!("t.{name} = v.{name}"));
        }
        found.extend(query(tx, statement, R::decode).await?);
    }
    Ok(found)
}

/// Writes rows that are not there yet, those with an `id` of their own first, so that no generated
/// one takes it. `written` is told how many rows went in with each statement.
///
/// # Errors
/// Those of the database.
pub async fn insert<R: Stored>(
    tx: &Tx,
    engine: Engine,
    rows: &[R],
    written: &mut dyn FnMut(usize),
) -> Result<()> {
    let (given, open): (Vec<&R>, Vec<&R>) = rows
        .iter()
        .partition(|row| !R::GENERATED || row.id().is_some());
    for (rows, with_id) in [(given, true), (open, false)] {
        let columns = columns::<R>(with_id);
        for rows in rows.chunks(CHUNK) {
            let mut statement = Sql::new(engine);
            statement
                .push("INSERT INTO ")
                .push(R::TABLE)
                .push(" (")
                .push(&list(&columns, ""))
                .push(") SELECT ")
                .push(&list(&columns, "v."))
                .push(" FROM ");
            values(&mut statement, &columns, sql::json(rows));
            execute(tx, statement).await?;
            written(rows.len());
        }
        if R::GENERATED && with_id && !rows.is_empty() {
            advance(tx, engine, R::TABLE).await?;
        }
    }
    Ok(())
}

/// Makes the ids that PostgreSQL generates go on behind those that were given; SQLite does it by
/// itself.
async fn advance(tx: &Tx, engine: Engine, table: &str) -> Result<()> {
    if engine == Engine::Postgres {
        let mut statement = Sql::new(engine);
        statement.push(&format!(
            "SELECT setval('{table}_id_seq', GREATEST((SELECT max(id) FROM {table}), (SELECT last_value FROM {table}_id_seq)))"
        ));
        query(tx, statement, |row| row.take::<i64>()).await?;
    }
    Ok(())
}

/// Gives rows that are there, found by their key, new values.
///
/// # Errors
/// Those of the database.
pub async fn update<R: Stored>(
    tx: &Tx,
    engine: Engine,
    rows: &[R],
    written: &mut dyn FnMut(usize),
) -> Result<()> {
    let columns = columns::<R>(false);
    for rows in rows.chunks(CHUNK) {
        let mut statement = Sql::new(engine);
        statement.push("UPDATE ").push(R::TABLE).push(" SET ");
        for (number, (name, _)) in R::VALUES.iter().enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            statement.push(&format!("{comma}{name} = v.{name}"));
        }
        statement.push(" FROM ");
        values(&mut statement, &columns, sql::json(rows));
        for (number, (name, _)) in R::KEY.iter().enumerate() {
            let and = if number == 0 { " WHERE " } else { " AND " };
            statement.push(&format!("{and}{}.{name} = v.{name}", R::TABLE));
        }
        execute(tx, statement).await?;
        written(rows.len());
    }
    Ok(())
}

/// Sets aside the usernames of these users, whose new ones are about to be written: a name can then
/// go from one to another within one call. What stands there meanwhile is no folded text, so that it
/// is nobody's name.
///
/// # Errors
/// Those of the database.
pub async fn set_usernames_aside(tx: &Tx, engine: Engine, ids: &[i64]) -> Result<()> {
    for ids in ids.chunks(CHUNK) {
        let mut statement = Sql::new(engine);
        statement
            .push("UPDATE users SET username_folded = 'RENAMED ' || id WHERE id")
            .in_ids(ids);
        execute(tx, statement).await?;
    }
    Ok(())
}

/// A key that is one integer id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct ById {
    pub id: i64,
}

/// The columns of [`ById`].
pub const BY_ID: Columns = &[ID];

/// A folded username.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct ByUsername<'a> {
    pub username_folded: &'a str,
}

/// The columns of [`ByUsername`].
pub const BY_USERNAME: Columns = &[("username_folded", Type::Text)];

/// All rows of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct ByPlatform {
    pub platform_id: i64,
}

/// The columns of [`ByPlatform`].
pub const BY_PLATFORM: Columns = &[("platform_id", Type::Int)];

/// The key of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct PlatformKey {
    pub key: String,
}

/// The key of a program or a department: unique on its platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct KeyOnPlatform {
    pub platform_id: i64,
    pub key: String,
}

/// The key of a membership.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct MembershipKey {
    pub platform_id: i64,
    pub user_id: i64,
}

/// The key of a department's member.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct DepartmentMemberKey {
    pub department_id: i64,
    pub user_id: i64,
}

/// The key of a group's member.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct GroupMemberKey {
    pub group_id: i64,
    pub user_id: i64,
}

/// The key of a suggestion to a user.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct UserSuggestionKey {
    pub platform_id: i64,
    pub program_id: i64,
    pub user_id: i64,
}

/// The key of a suggestion to a group.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct GroupSuggestionKey {
    pub platform_id: i64,
    pub program_id: i64,
    pub group_id: i64,
}

/// A row of `platforms`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Platform {
    pub id: Option<i64>,
    pub key: String,
    pub org: String,
    pub name: String,
}

impl Stored for Platform {
    type Key = PlatformKey;
    const TABLE: &'static str = "platforms";
    const KEY: Columns = &[("key", Type::Text)];
    const VALUES: Columns = &[("org", Type::Text), ("name", Type::Text)];
    const GENERATED: bool = true;

    fn key(&self) -> Self::Key {
        PlatformKey {
            key: self.key.clone(),
        }
    }

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            key: row.take()?,
            org: row.take()?,
            name: row.take()?,
        })
    }
}

/// A row of `users`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct User {
    pub id: i64,
    pub username: String,
    pub username_folded: String,
    pub name: String,
    pub name_folded: String,
    pub email: Option<String>,
    pub email_folded: Option<String>,
    pub dm_admin: bool,
}

impl Stored for User {
    type Key = ById;
    const TABLE: &'static str = "users";
    const KEY: Columns = BY_ID;
    const VALUES: Columns = &[
        ("username", Type::Text),
        ("username_folded", Type::Text),
        ("name", Type::Text),
        ("name_folded", Type::Text),
        ("email", Type::Text),
        ("email_folded", Type::Text),
        ("dm_admin", Type::Bool),
    ];

    fn key(&self) -> Self::Key {
        ById { id: self.id }
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            username: row.take()?,
            username_folded: row.take()?,
            name: row.take()?,
            name_folded: row.take()?,
            email: row.take()?,
            email_folded: row.take()?,
            dm_admin: row.take()?,
        })
    }
}

/// A row of `memberships`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Membership {
    pub platform_id: i64,
    pub user_id: i64,
    pub role: String,
    pub active: bool,
}

impl Stored for Membership {
    type Key = MembershipKey;
    const TABLE: &'static str = "memberships";
    const KEY: Columns = &[("platform_id", Type::Int), ("user_id", Type::Int)];
    const VALUES: Columns = &[("role", Type::Text), ("active", Type::Bool)];

    fn key(&self) -> Self::Key {
        MembershipKey {
            platform_id: self.platform_id,
            user_id: self.user_id,
        }
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            platform_id: row.take()?,
            user_id: row.take()?,
            role: row.take()?,
            active: row.take()?,
        })
    }
}

/// A row of `departments`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Department {
    pub id: Option<i64>,
    pub platform_id: i64,
    pub key: String,
    pub name: String,
    pub parent_id: Option<i64>,
}

impl Stored for Department {
    type Key = KeyOnPlatform;
    const TABLE: &'static str = "departments";
    const KEY: Columns = &[("platform_id", Type::Int), ("key", Type::Text)];
    const VALUES: Columns = &[("name", Type::Text), ("parent_id", Type::Int)];
    const GENERATED: bool = true;

    fn key(&self) -> Self::Key {
        KeyOnPlatform {
            platform_id: self.platform_id,
            key: self.key.clone(),
        }
    }

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            platform_id: row.take()?,
            key: row.take()?,
            name: row.take()?,
            parent_id: row.take()?,
        })
    }
}

/// A row of `department_members`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct DepartmentMember {
    pub department_id: i64,
    pub user_id: i64,
    pub admin: bool,
}

impl Stored for DepartmentMember {
    type Key = DepartmentMemberKey;
    const TABLE: &'static str = "department_members";
    const KEY: Columns = &[("department_id", Type::Int), ("user_id", Type::Int)];
    const VALUES: Columns = &[("admin", Type::Bool)];

    fn key(&self) -> Self::Key {
        DepartmentMemberKey {
            department_id: self.department_id,
            user_id: self.user_id,
        }
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            department_id: row.take()?,
            user_id: row.take()?,
            admin: row.take()?,
        })
    }
}

/// A row of `user_groups`, without the count that the database keeps.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Group {
    pub id: i64,
    pub platform_id: i64,
    pub name: String,
    pub name_folded: String,
    pub department_id: Option<i64>,
}

impl Stored for Group {
    type Key = ById;
    const TABLE: &'static str = "user_groups";
    const KEY: Columns = BY_ID;
    const VALUES: Columns = &[
        ("platform_id", Type::Int),
        ("name", Type::Text),
        ("name_folded", Type::Text),
        ("department_id", Type::Int),
    ];

    fn key(&self) -> Self::Key {
        ById { id: self.id }
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            platform_id: row.take()?,
            name: row.take()?,
            name_folded: row.take()?,
            department_id: row.take()?,
        })
    }
}

/// A row of `group_members`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct GroupMember {
    pub group_id: i64,
    pub user_id: i64,
    pub active: bool,
}

impl Stored for GroupMember {
    type Key = GroupMemberKey;
    const TABLE: &'static str = "group_members";
    const KEY: Columns = &[("group_id", Type::Int), ("user_id", Type::Int)];
    const VALUES: Columns = &[("active", Type::Bool)];

    fn key(&self) -> Self::Key {
        GroupMemberKey {
            group_id: self.group_id,
            user_id: self.user_id,
        }
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            group_id: row.take()?,
            user_id: row.take()?,
            active: row.take()?,
        })
    }
}

/// A row of `programs`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Program {
    pub id: Option<i64>,
    pub platform_id: i64,
    pub key: String,
    pub key_folded: String,
    pub name: String,
    pub name_folded: String,
    pub org: Option<String>,
    pub description: Option<String>,
    pub url: Option<String>,
    pub image_url: Option<String>,
}

impl Stored for Program {
    type Key = KeyOnPlatform;
    const TABLE: &'static str = "programs";
    const KEY: Columns = &[("platform_id", Type::Int), ("key", Type::Text)];
    const VALUES: Columns = &[
        ("key_folded", Type::Text),
        ("name", Type::Text),
        ("name_folded", Type::Text),
        ("org", Type::Text),
        ("description", Type::Text),
        ("url", Type::Text),
        ("image_url", Type::Text),
    ];
    const GENERATED: bool = true;

    fn key(&self) -> Self::Key {
        KeyOnPlatform {
            platform_id: self.platform_id,
            key: self.key.clone(),
        }
    }

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            platform_id: row.take()?,
            key: row.take()?,
            key_folded: row.take()?,
            name: row.take()?,
            name_folded: row.take()?,
            org: row.take()?,
            description: row.take()?,
            url: row.take()?,
            image_url: row.take()?,
        })
    }
}

/// What the two kinds of suggestion have in common.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Facts {
    pub accepted: bool,
    pub visible: bool,
    pub metadata: String,
    pub suggested_by: Option<i64>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

impl Facts {
    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            accepted: row.take()?,
            visible: row.take()?,
            metadata: row.take()?,
            suggested_by: row.take()?,
            created: Timestamp(row.take()?),
            modified: Timestamp(row.take()?),
        })
    }
}

/// A row of `program_suggestions`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct UserSuggestion {
    pub id: Option<i64>,
    #[serde(flatten)]
    pub key: UserSuggestionKey,
    #[serde(flatten)]
    pub facts: Facts,
    pub direct: bool,
}

impl Stored for UserSuggestion {
    type Key = UserSuggestionKey;
    const TABLE: &'static str = "program_suggestions";
    const KEY: Columns = &[
        ("platform_id", Type::Int),
        ("program_id", Type::Int),
        ("user_id", Type::Int),
    ];
    const VALUES: Columns = &[
        ("accepted", Type::Bool),
        ("visible", Type::Bool),
        ("metadata", Type::Text),
        ("suggested_by", Type::Int),
        ("created", Type::Int),
        ("modified", Type::Int),
        ("direct", Type::Bool),
    ];
    const GENERATED: bool = true;

    fn key(&self) -> Self::Key {
        self.key.clone()
    }

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            key: UserSuggestionKey {
                platform_id: row.take()?,
                program_id: row.take()?,
                user_id: row.take()?,
            },
            facts: Facts::decode(row)?,
            direct: row.take()?,
        })
    }
}

/// A row of `program_group_suggestions`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct GroupSuggestion {
    pub id: Option<i64>,
    #[serde(flatten)]
    pub key: GroupSuggestionKey,
    #[serde(flatten)]
    pub facts: Facts,
}

impl Stored for GroupSuggestion {
    type Key = GroupSuggestionKey;
    const TABLE: &'static str = "program_group_suggestions";
    const KEY: Columns = &[
        ("platform_id", Type::Int),
        ("program_id", Type::Int),
        ("group_id", Type::Int),
    ];
    const VALUES: Columns = &[
        ("accepted", Type::Bool),
        ("visible", Type::Bool),
        ("metadata", Type::Text),
        ("suggested_by", Type::Int),
        ("created", Type::Int),
        ("modified", Type::Int),
    ];
    const GENERATED: bool = true;

    fn key(&self) -> Self::Key {
        self.key.clone()
    }

    fn id(&self) -> Option<i64> {
        self.id
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            key: GroupSuggestionKey {
                platform_id: row.take()?,
                program_id: row.take()?,
                group_id: row.take()?,
            },
            facts: Facts::decode(row)?,
        })
    }
}
