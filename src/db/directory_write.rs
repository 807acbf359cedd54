//! Writing the directory, and suggestions as an import brings them: whole sets in chunks. This is
//! the operator's door, not a caller's: there is no permit, and nothing here is reachable from the
//! network.
//!
//! A chunk travels as one JSON text on both engines. [`lock`] comes first: from then on nobody else
//! writes these tables, so that what was read stays true until the transaction ends.

use std::hash::Hash;

use sea_orm::sea_query::extension::sqlite::SqliteExpr as _;
use sea_orm::sea_query::{
    BinOper, Expr, ExprTrait as _, Func, IntoIden as _, Query, SelectStatement, TableRef,
};
use sea_orm::{DbErr, EntityTrait, IdenStatic as _};
use serde::Serialize;

use super::entity::{
    department, department_member, group_member, membership, platform, program,
    program_group_suggestion, program_suggestion, suggestion_answer, suggestion_event, user,
    user_group,
};
use super::sql::{self, Row, Sql};
use super::statement::{Arguments, Shapes, is_any, slot};
use super::suggestion::join_to_keys;
use super::{Engine, Tx};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::kind::Kind;

/// How many rows travel with one statement.
const CHUNK: usize = 5_000;

/// What rows are looked up by: serialises to an object of its columns.
pub trait Key: Serialize + Clone + Eq + Hash {
    const COLUMNS: &'static [&'static str];
}

/// A row that can be read and written in sets. It serialises to an object of its columns.
pub trait Stored: Serialize + Clone + PartialEq {
    type Entity: EntityTrait;
    type Key: Key;
    /// The other columns, without a generated `id`.
    const VALUES: &'static [<Self::Entity as EntityTrait>::Column];
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

    /// The name of the table.
    fn table() -> &'static str {
        Self::Entity::default().as_str()
    }
}

fn columns<R: Stored>(with_id: bool) -> Vec<&'static str> {
    let id = (R::GENERATED && with_id).then_some("id");
    let values = R::VALUES.iter().map(|column| column.as_str());
    id.into_iter()
        .chain(R::Key::COLUMNS.iter().copied())
        .chain(values)
        .collect()
}

/// An array of objects in the slot `rows`, as a table `v` with these columns of the table of `R`.
fn rows_of<R: Stored>(engine: Engine, columns: &[&'static str]) -> TableRef {
    match engine {
        Engine::Postgres => {
            let like = Expr::null().cast_as(R::table());
            let rows = slot("rows").cast_as("JSON");
            let read = Func::cust("json_populate_recordset").args([like, rows]);
            TableRef::FunctionCall(read, "v".into_iden())
        }
        Engine::Sqlite => {
            let mut query = Query::select();
            for name in columns {
                let value = Expr::col(("m", "value")).cast_json_field(*name);
                query.expr_as(value, *name);
            }
            query.from_function(Func::cust("json_each").arg(slot("rows")), "m");
            TableRef::SubQuery(Box::new(query), "v".into_iden())
        }
    }
}

/// That these columns of two tables are equal.
fn same(one: &'static str, other: &'static str, columns: &[&'static str]) -> Expr {
    let pairs = columns
        .iter()
        .map(|name| Expr::col((one, *name)).equals((other, *name)));
    pairs.reduce(Expr::and).unwrap_or_else(|| Expr::val(true))
}

/// From what everybody else is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// From writing.
    Write,
    /// From locking rows as well: for tables whose rows a request locks before it writes. It then
    /// waits before it has any, and the two never wait for each other. References to such a table
    /// could not be checked meanwhile, so nothing may refer to it.
    Rows,
}

/// Keeps everybody else from these tables until the transaction ends; reading goes on. On SQLite a
/// write transaction is alone anyway.
pub async fn lock(tx: &Tx, lock: Lock, tables: &[&'static str]) -> Result<()> {
    if tx.engine() == Engine::Postgres && !tables.is_empty() {
        let mode = match lock {
            Lock::Write => "SHARE ROW EXCLUSIVE",
            Lock::Rows => "EXCLUSIVE",
        };
        // The builder does not know this statement.
        let text = format!("LOCK TABLE {} IN {mode} MODE", tables.join(", "));
        let statement = Sql::written("import.lock", text, Vec::new());
        tx.execute(statement).await?;
    }
    Ok(())
}

/// By table and key.
static LOAD: Shapes<(&'static str, &'static [&'static str])> = Shapes::new("import.load");

/// The rows that have one of these keys, of whatever kind. In no particular order.
pub async fn load<R: Stored, K: Key>(tx: &Tx, keys: &[K]) -> Result<Vec<R>> {
    let mut found = Vec::new();
    for keys in keys.chunks(CHUNK) {
        let arguments = Arguments::default().with("rows", sql::json(keys));
        let shape = (R::table(), K::COLUMNS);
        let statement = LOAD.bind(tx.engine(), &shape, arguments, || {
            let mut query = Query::select();
            query
                .columns(columns::<R>(true).into_iter().map(|name| ("t", name)))
                .from(rows_of::<R>(tx.engine(), K::COLUMNS));
            let table = R::Entity::default().into_iden();
            join_to_keys(&mut query, table, "t", same("t", "v", K::COLUMNS));
            query
        })?;
        found.extend(tx.query(statement, R::decode).await?);
    }
    Ok(found)
}

/// By table, with ids that are given and without.
static INSERT: Shapes<(&'static str, bool)> = Shapes::new("import.insert");

/// Writes rows that are not there yet, those with an `id` of their own first, so that no generated
/// one takes it. `written` is told how many rows went in with each statement.
pub async fn insert<R: Stored>(tx: &Tx, rows: &[R], written: &mut dyn FnMut(usize)) -> Result<()> {
    let (given, open): (Vec<&R>, Vec<&R>) = rows
        .iter()
        .partition(|row| !R::GENERATED || row.id().is_some());
    for (rows, with_id) in [(given, true), (open, false)] {
        for rows in rows.chunks(CHUNK) {
            let arguments = Arguments::default().with("rows", sql::json(rows));
            let shape = (R::table(), with_id);
            let statement = INSERT.bind(tx.engine(), &shape, arguments, || {
                let columns = columns::<R>(with_id);
                let mut query = Query::select();
                query
                    .columns(columns.iter().map(|name| ("v", *name)))
                    .from(rows_of::<R>(tx.engine(), &columns));
                let mut insert = Query::insert();
                insert.into_table(R::Entity::default()).columns(columns);
                let selected = insert.select_from(query);
                debug_assert!(selected.is_ok(), "as many values as columns");
                insert
            })?;
            tx.execute(statement).await?;
            written(rows.len());
        }
        if R::GENERATED && with_id && !rows.is_empty() {
            advance(tx, R::table()).await?;
        }
    }
    Ok(())
}

static ADVANCE: Shapes<&'static str> = Shapes::new("import.advance");

/// Makes the ids that PostgreSQL generates go on behind those that were given; SQLite does it by
/// itself.
async fn advance(tx: &Tx, table: &'static str) -> Result<()> {
    if tx.engine() == Engine::Postgres {
        let statement = ADVANCE.bind(tx.engine(), &table, Arguments::default(), || {
            let sequence = format!("{table}_id_seq");
            let last = |query: SelectStatement| Expr::SubQuery(None, Box::new(query.into()));
            let given = Query::select()
                .expr(Expr::col("id").max())
                .from(table)
                .take();
            let generated = Query::select()
                .column("last_value")
                .from(sequence.clone())
                .take();
            let greatest = Func::greatest([last(given), last(generated)]);
            let args = [Expr::val(sequence), greatest.into()];
            Query::select().expr(Func::cust("setval").args(args)).take()
        })?;
        tx.query(statement, |row| row.take::<i64>()).await?;
    }
    Ok(())
}

static RESERVE: Shapes<&'static str> = Shapes::new("import.reserve");
static RESERVE_FIRST: Shapes<&'static str> = Shapes::new("import.reserve_first");

/// Makes the ids that the database generates for this table go on behind `last`, which some row is
/// yet to be given.
pub async fn reserve(tx: &Tx, table: &'static str, last: i64) -> Result<()> {
    let arguments = || Arguments::default().with("last", last);
    match tx.engine() {
        Engine::Postgres => {
            let statement = RESERVE.bind(tx.engine(), &table, arguments(), || {
                let sequence = format!("{table}_id_seq");
                let greatest = Func::greatest([Expr::col("last_value"), slot("last")]);
                let args = [Expr::val(sequence.clone()), greatest.into()];
                let mut query = Query::select();
                query.expr(Func::cust("setval").args(args)).from(sequence);
                query
            })?;
            tx.query(statement, |row| row.take::<i64>()).await?;
        }
        Engine::Sqlite => {
            let statement = RESERVE.bind(tx.engine(), &table, arguments(), || {
                let greatest = Func::cust("max").args([Expr::col("seq"), slot("last")]);
                Query::update()
                    .table("sqlite_sequence")
                    .value("seq", greatest)
                    .and_where(Expr::col("name").eq(table))
                    .take()
            })?;
            // A table that never had a row is not there.
            if tx.execute(statement).await? == 0 {
                let statement = RESERVE_FIRST.bind(tx.engine(), &table, arguments(), || {
                    Query::insert()
                        .into_table("sqlite_sequence")
                        .columns(["name", "seq"])
                        .values_panic([Expr::val(table), slot("last")])
                        .take()
                })?;
                tx.execute(statement).await?;
            }
        }
    }
    Ok(())
}

/// Tells PostgreSQL's planner what is in these tables and in that of events, which it would otherwise
/// learn minutes later. SQLite needs no such figures.
pub async fn analyze(tx: &Tx, tables: &[&'static str]) -> Result<()> {
    if tx.engine() == Engine::Postgres && !tables.is_empty() {
        // The builder does not know this statement.
        let events = suggestion_event::Entity.as_str();
        let text = format!("ANALYZE {events}, {}", tables.join(", "));
        let statement = Sql::written("import.analyze", text, Vec::new());
        tx.execute(statement).await?;
    }
    Ok(())
}

static UPDATE: Shapes<&'static str> = Shapes::new("import.update");

/// Gives rows that are there, found by their key, new values.
pub async fn update<R: Stored>(tx: &Tx, rows: &[R], written: &mut dyn FnMut(usize)) -> Result<()> {
    for rows in rows.chunks(CHUNK) {
        let arguments = Arguments::default().with("rows", sql::json(rows));
        let statement = UPDATE.bind(tx.engine(), &R::table(), arguments, || {
            let columns = columns::<R>(false);
            let values = R::VALUES.iter().map(|column| column.as_str());
            Query::update()
                .table(R::Entity::default())
                .values(values.map(|name| (name, Expr::col(("v", name)))))
                .from(rows_of::<R>(tx.engine(), &columns))
                .and_where(same(R::table(), "v", R::Key::COLUMNS))
                .take()
        })?;
        tx.execute(statement).await?;
        written(rows.len());
    }
    Ok(())
}

static SET_ASIDE: Shapes<()> = Shapes::new("import.set_aside");

/// Sets aside the usernames of these users, whose new ones are about to be written: a name can then
/// go from one to another within one call. What stands there meanwhile is no folded text, so that it
/// is nobody's name.
pub async fn set_usernames_aside(tx: &Tx, ids: &[i64]) -> Result<()> {
    for ids in ids.chunks(CHUNK) {
        let arguments = Arguments::default().with("ids", ids);
        let statement = SET_ASIDE.bind(tx.engine(), &(), arguments, || {
            use user::Column::{Id, UsernameFolded};
            let aside = Expr::val("RENAMED ").binary(BinOper::Custom("||"), Expr::col(Id));
            Query::update()
                .table(user::Entity)
                .value(UsernameFolded, aside)
                .and_where(is_any(tx.engine(), Expr::col(Id), "ids"))
                .take()
        })?;
        tx.execute(statement).await?;
    }
    Ok(())
}

/// A key that is one integer id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ById {
    pub id: i64,
}

impl Key for ById {
    const COLUMNS: &'static [&'static str] = &["id"];
}

/// A folded username.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ByUsername<'a> {
    pub username_folded: &'a str,
}

impl Key for ByUsername<'_> {
    const COLUMNS: &'static [&'static str] = &["username_folded"];
}

/// All rows of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct ByPlatform {
    pub platform_id: i64,
}

impl Key for ByPlatform {
    const COLUMNS: &'static [&'static str] = &["platform_id"];
}

/// The key of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PlatformKey {
    pub key: String,
}

impl Key for PlatformKey {
    const COLUMNS: &'static [&'static str] = &["key"];
}

/// The key of a program or a department: unique on its platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct KeyOnPlatform {
    pub platform_id: i64,
    pub key: String,
}

impl Key for KeyOnPlatform {
    const COLUMNS: &'static [&'static str] = &["platform_id", "key"];
}

/// The key of a membership.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct MembershipKey {
    pub platform_id: i64,
    pub user_id: i64,
}

impl Key for MembershipKey {
    const COLUMNS: &'static [&'static str] = &["platform_id", "user_id"];
}

/// The key of a department's member.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct DepartmentMemberKey {
    pub department_id: i64,
    pub user_id: i64,
}

impl Key for DepartmentMemberKey {
    const COLUMNS: &'static [&'static str] = &["department_id", "user_id"];
}

/// The key of a group's member.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct GroupMemberKey {
    pub group_id: i64,
    pub user_id: i64,
}

impl Key for GroupMemberKey {
    const COLUMNS: &'static [&'static str] = &["group_id", "user_id"];
}

/// The key of a suggestion to a user, and of the answer of a user.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct OfUserKey {
    pub platform_id: i64,
    pub program_id: i64,
    pub user_id: i64,
}

impl Key for OfUserKey {
    const COLUMNS: &'static [&'static str] = &["platform_id", "program_id", "user_id"];
}

/// The key of a suggestion to a group.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct GroupSuggestionKey {
    pub platform_id: i64,
    pub program_id: i64,
    pub group_id: i64,
}

impl Key for GroupSuggestionKey {
    const COLUMNS: &'static [&'static str] = &["platform_id", "program_id", "group_id"];
}

/// A row of `platforms`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Platform {
    pub id: Option<i64>,
    pub key: String,
    pub org: String,
    pub name: String,
}

impl Stored for Platform {
    type Entity = platform::Entity;
    type Key = PlatformKey;
    const VALUES: &'static [platform::Column] = &[platform::Column::Org, platform::Column::Name];
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
    type Entity = user::Entity;
    type Key = ById;
    const VALUES: &'static [user::Column] = &[
        user::Column::Username,
        user::Column::UsernameFolded,
        user::Column::Name,
        user::Column::NameFolded,
        user::Column::Email,
        user::Column::EmailFolded,
        user::Column::DmAdmin,
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
pub struct Membership {
    pub platform_id: i64,
    pub user_id: i64,
    pub role: String,
    pub active: bool,
}

impl Stored for Membership {
    type Entity = membership::Entity;
    type Key = MembershipKey;
    const VALUES: &'static [membership::Column] =
        &[membership::Column::Role, membership::Column::Active];

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
pub struct Department {
    pub id: Option<i64>,
    pub platform_id: i64,
    pub key: String,
    pub name: String,
    pub parent_id: Option<i64>,
    pub key_folded: String,
    pub name_folded: String,
}

impl Stored for Department {
    type Entity = department::Entity;
    type Key = KeyOnPlatform;
    const VALUES: &'static [department::Column] = &[
        department::Column::Name,
        department::Column::ParentId,
        department::Column::KeyFolded,
        department::Column::NameFolded,
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
            name: row.take()?,
            parent_id: row.take()?,
            key_folded: row.take()?,
            name_folded: row.take()?,
        })
    }
}

/// A row of `department_members`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DepartmentMember {
    pub department_id: i64,
    pub user_id: i64,
    pub admin: bool,
}

impl Stored for DepartmentMember {
    type Entity = department_member::Entity;
    type Key = DepartmentMemberKey;
    const VALUES: &'static [department_member::Column] = &[department_member::Column::Admin];

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
pub struct Group {
    pub id: i64,
    pub platform_id: i64,
    pub name: String,
    pub name_folded: String,
    pub department_id: Option<i64>,
}

impl Stored for Group {
    type Entity = user_group::Entity;
    type Key = ById;
    const VALUES: &'static [user_group::Column] = &[
        user_group::Column::PlatformId,
        user_group::Column::Name,
        user_group::Column::NameFolded,
        user_group::Column::DepartmentId,
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
pub struct GroupMember {
    pub group_id: i64,
    pub user_id: i64,
    pub active: bool,
}

impl Stored for GroupMember {
    type Entity = group_member::Entity;
    type Key = GroupMemberKey;
    const VALUES: &'static [group_member::Column] = &[group_member::Column::Active];

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
    type Entity = program::Entity;
    type Key = KeyOnPlatform;
    const VALUES: &'static [program::Column] = &[
        program::Column::KeyFolded,
        program::Column::Name,
        program::Column::NameFolded,
        program::Column::Org,
        program::Column::Description,
        program::Column::Url,
        program::Column::ImageUrl,
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

/// What a suggestion says to the person, and when.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Notice {
    pub message: Option<String>,
    pub due_at: Option<Timestamp>,
    pub visible_from: Option<Timestamp>,
    pub visible_until: Option<Timestamp>,
}

impl Notice {
    pub(super) fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            message: row.take()?,
            due_at: row.take::<Option<i64>>()?.map(Timestamp),
            visible_from: row.take::<Option<i64>>()?.map(Timestamp),
            visible_until: row.take::<Option<i64>>()?.map(Timestamp),
        })
    }
}

/// What the two kinds of suggestion have in common.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facts {
    pub accepted: bool,
    pub visible: bool,
    pub metadata: String,
    pub suggested_by: Option<i64>,
    pub created: Timestamp,
    pub modified: Timestamp,
    #[serde(flatten)]
    pub notice: Notice,
    /// Always true of a suggestion to a group, which does not know of it.
    pub direct: bool,
}

impl Facts {
    fn decode(row: &Row<'_>, with_direct: bool) -> Result<Self, DbErr> {
        Ok(Self {
            accepted: row.take()?,
            visible: row.take()?,
            metadata: row.take()?,
            suggested_by: row.take()?,
            created: Timestamp(row.take()?),
            modified: Timestamp(row.take()?),
            notice: Notice::decode(row)?,
            direct: !with_direct || row.take()?,
        })
    }
}

/// The key of a suggestion of one kind.
pub trait SuggestionKey: Key {
    /// The table of this kind.
    type Entity: EntityTrait;
    /// Its columns for the facts.
    const VALUES: &'static [<Self::Entity as EntityTrait>::Column];
    const KIND: Kind;

    /// Reads it.
    ///
    /// # Errors
    /// If a column is not what the code expects.
    fn decode(row: &Row<'_>) -> Result<Self, DbErr>;
    /// The platform, the program, and the user or the group.
    fn ids(&self) -> (i64, i64, i64);
}

impl SuggestionKey for OfUserKey {
    type Entity = program_suggestion::Entity;
    const VALUES: &'static [program_suggestion::Column] = &[
        program_suggestion::Column::Accepted,
        program_suggestion::Column::Visible,
        program_suggestion::Column::Metadata,
        program_suggestion::Column::SuggestedBy,
        program_suggestion::Column::Created,
        program_suggestion::Column::Modified,
        program_suggestion::Column::Message,
        program_suggestion::Column::DueAt,
        program_suggestion::Column::VisibleFrom,
        program_suggestion::Column::VisibleUntil,
        program_suggestion::Column::Direct,
    ];
    const KIND: Kind = Kind::User;

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            platform_id: row.take()?,
            program_id: row.take()?,
            user_id: row.take()?,
        })
    }

    fn ids(&self) -> (i64, i64, i64) {
        (self.platform_id, self.program_id, self.user_id)
    }
}

impl SuggestionKey for GroupSuggestionKey {
    type Entity = program_group_suggestion::Entity;
    const VALUES: &'static [program_group_suggestion::Column] = &[
        program_group_suggestion::Column::Accepted,
        program_group_suggestion::Column::Visible,
        program_group_suggestion::Column::Metadata,
        program_group_suggestion::Column::SuggestedBy,
        program_group_suggestion::Column::Created,
        program_group_suggestion::Column::Modified,
        program_group_suggestion::Column::Message,
        program_group_suggestion::Column::DueAt,
        program_group_suggestion::Column::VisibleFrom,
        program_group_suggestion::Column::VisibleUntil,
    ];
    const KIND: Kind = Kind::Group;

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            platform_id: row.take()?,
            program_id: row.take()?,
            group_id: row.take()?,
        })
    }

    fn ids(&self) -> (i64, i64, i64) {
        (self.platform_id, self.program_id, self.group_id)
    }
}

/// A row of `program_suggestions` or `program_group_suggestions`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion<K> {
    pub id: Option<i64>,
    #[serde(flatten)]
    pub key: K,
    #[serde(flatten)]
    pub facts: Facts,
}

impl<K: SuggestionKey> Stored for Suggestion<K> {
    type Entity = K::Entity;
    type Key = K;
    const VALUES: &'static [<K::Entity as EntityTrait>::Column] = K::VALUES;
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
            key: K::decode(row)?,
            facts: Facts::decode(row, K::KIND == Kind::User)?,
        })
    }
}

/// A row of `suggestion_answers`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    #[serde(flatten)]
    pub key: OfUserKey,
    pub accepted: bool,
    pub reason: Option<String>,
    pub comment: Option<String>,
    pub answered: Timestamp,
}

impl Stored for Answer {
    type Entity = suggestion_answer::Entity;
    type Key = OfUserKey;
    const VALUES: &'static [suggestion_answer::Column] = &[
        suggestion_answer::Column::Accepted,
        suggestion_answer::Column::Reason,
        suggestion_answer::Column::Comment,
        suggestion_answer::Column::Answered,
    ];

    fn key(&self) -> Self::Key {
        self.key.clone()
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            key: OfUserKey::decode(row)?,
            accepted: row.take()?,
            reason: row.take()?,
            comment: row.take()?,
            answered: Timestamp(row.take()?),
        })
    }
}
