//! Creating, updating and deleting suggestions: sets, never row by row. The number of statements
//! does not depend on the number of items.

use std::fmt::Write as _;

use sea_orm::DbErr;
use sea_orm::sea_query::extension::sqlite::SqliteExpr as _;
use sea_orm::sea_query::{
    DeleteStatement, Expr, ExprTrait as _, Func, FunctionCall, InsertStatement, IntoIden as _,
    JoinType, LockType, OnConflict, Order, Query, SelectStatement, TableRef, UnionType,
    UpdateStatement,
};

use super::source::join_to_keys;
use super::{Parts, Suggestion, SuggestionFields, column, in_departments, scoped_to_departments};
use crate::auth::{Action, List, Manage, Permit, Reach};
use crate::clock::Timestamp;
use crate::db::entity::{
    department_member, membership, program, program_suggestion, user, user_group,
};
use crate::db::sql::{self, Row};
use crate::db::statement::{Arguments, Shapes, is_any, slot};
use crate::db::{Db, Engine, Tx};
use crate::error::Result;
use crate::kind::Kind;

static PROGRAMS: Shapes<()> = Shapes::new("suggestions.programs");

/// The ids of the programs of the permit's platform that have one of these keys.
pub async fn programs(
    tx: &Tx,
    permit: &Permit<Manage>,
    keys: &[&str],
) -> Result<Vec<(String, i64)>> {
    let arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("keys", keys);
    let statement = PROGRAMS.bind(tx.engine(), &(), arguments, || {
        use program::Column::{Id, Key, PlatformId};
        Query::select()
            .columns([Key, Id])
            .from(program::Entity)
            .and_where(Expr::col(PlatformId).eq(slot("platform")))
            .and_where(is_any(tx.engine(), Expr::col(Key), "keys"))
            .take()
    })?;
    tx.query(statement, |row| Ok((row.take()?, row.take()?)))
        .await
}

/// A group of the platform.
#[derive(Debug, Clone, Copy)]
pub struct GroupMatch {
    pub id: i64,
    /// Whether the permit covers it.
    pub in_scope: bool,
}

static GROUPS: Shapes<()> = Shapes::new("suggestions.groups");

/// The groups of the permit's platform that have one of these ids.
pub async fn groups(tx: &Tx, permit: &Permit<Manage>, ids: &[i64]) -> Result<Vec<GroupMatch>> {
    let arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("ids", ids);
    let statement = GROUPS.bind(tx.engine(), &(), arguments, || {
        use user_group::Column::{DepartmentId, Id, PlatformId};
        Query::select()
            .columns([Id, DepartmentId])
            .from(user_group::Entity)
            .and_where(Expr::col(PlatformId).eq(slot("platform")))
            .and_where(is_any(tx.engine(), Expr::col(Id), "ids"))
            .take()
    })?;
    tx.query(statement, |row| {
        let id = row.take()?;
        let department: Option<i64> = row.take()?;
        Ok(GroupMatch {
            id,
            in_scope: permit.departments().is_none_or(|departments| {
                department.is_some_and(|department| departments.contains(&department))
            }),
        })
    })
    .await
}

/// How users may be named.
#[derive(Debug, Default)]
pub struct UserLookup {
    pub ids: Vec<i64>,
    /// By folded username.
    pub usernames: Vec<String>,
    /// By folded e-mail.
    pub emails: Vec<String>,
}

/// An active member of the platform.
#[derive(Debug, Clone)]
pub struct UserMatch {
    pub id: i64,
    /// The folded username; empty where nobody was looked for by username.
    pub username: String,
    /// The folded e-mail; none where nobody was looked for by e-mail.
    pub email: Option<String>,
    /// Whether the permit covers the user.
    pub in_scope: bool,
}

impl UserMatch {
    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            username: row.take()?,
            email: row.take()?,
            in_scope: row.take()?,
        })
    }
}

/// In which ways users are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct LookupShape {
    ids: bool,
    usernames: bool,
    emails: bool,
}

impl UserLookup {
    /// `None` if nobody is named.
    fn shape(&self) -> Option<LookupShape> {
        let shape = LookupShape {
            ids: !self.ids.is_empty(),
            usernames: !self.usernames.is_empty(),
            emails: !self.emails.is_empty(),
        };
        (shape.ids || shape.usernames || shape.emails).then_some(shape)
    }

    fn arguments(&self) -> Arguments {
        Arguments::default()
            .with("ids", self.ids.as_slice())
            .with("usernames", self.usernames.as_slice())
            .with("emails", self.emails.as_slice())
    }
}

impl LookupShape {
    /// The users `u` who are named: a union, so that each way of naming uses its own index.
    fn users(self, engine: Engine) -> SelectStatement {
        use user::Column::{EmailFolded, Id, UsernameFolded};
        let ways = [
            (self.ids, Id, "ids"),
            (self.usernames, UsernameFolded, "usernames"),
            (self.emails, EmailFolded, "emails"),
        ];
        let named = ways
            .into_iter()
            .filter(|(given, _, _)| *given)
            .map(|(_, column, slot)| {
                Query::select()
                    .column(Id)
                    .from(user::Entity)
                    .and_where(is_any(engine, Expr::col(column), slot))
                    .take()
            })
            .reduce(|mut named, way| named.union(UnionType::Distinct, way).take())
            .unwrap_or_default();
        Query::select()
            .from_subquery(named, "named")
            .join_as(
                JoinType::InnerJoin,
                user::Entity,
                "u",
                Expr::col(("u", Id)).equals(("named", Id)),
            )
            .take()
    }
}

static USERS: Shapes<(LookupShape, bool)> = Shapes::new("suggestions.users");

/// The active members of the permit's platform that are named in one of these ways.
pub async fn users(
    tx: &Tx,
    permit: &Permit<Manage>,
    lookup: &UserLookup,
) -> Result<Vec<UserMatch>> {
    match users_statement(tx.engine(), permit, lookup)? {
        Some(statement) => tx.query(statement, UserMatch::decode).await,
        None => Ok(Vec::new()),
    }
}

/// As [`users`], for reading.
pub async fn users_to_list(
    db: &Db,
    permit: &Permit<List>,
    lookup: &UserLookup,
) -> Result<Vec<UserMatch>> {
    match users_statement(db.engine(), permit, lookup)? {
        Some(statement) => db.query(statement, UserMatch::decode).await,
        None => Ok(Vec::new()),
    }
}

/// `None` if nobody is named.
fn users_statement<A: Action>(
    engine: Engine,
    permit: &Permit<A>,
    lookup: &UserLookup,
) -> Result<Option<sql::Sql>> {
    let Some(shape) = lookup.shape() else {
        return Ok(None);
    };
    let scoped = permit.departments().is_some();
    let mut arguments = lookup.arguments().with("platform", permit.platform().id);
    arguments.add_some("departments", permit.departments());
    let statement = USERS.bind(engine, &(shape, scoped), arguments, || {
        use user::Column::{EmailFolded, Id, UsernameFolded};
        // Names that nobody is named by are not read: of a bulk they would be most of the answer.
        let username = if shape.usernames {
            Expr::col(("u", UsernameFolded))
        } else {
            Expr::val("")
        };
        let email = if shape.emails {
            Expr::col(("u", EmailFolded))
        } else {
            Expr::null().cast_as("TEXT")
        };
        let in_scope = if scoped {
            Expr::exists(
                Query::select()
                    .expr(Expr::val(1))
                    .from_as(department_member::Entity, "d")
                    .and_where(
                        Expr::col(("d", department_member::Column::UserId)).equals(("u", Id)),
                    )
                    .and_where(scoped_to_departments(
                        engine,
                        Expr::col(("d", department_member::Column::DepartmentId)),
                    ))
                    .take(),
            )
        } else {
            Expr::val(true)
        };
        shape
            .users(engine)
            .column(("u", Id))
            .exprs([username, email, in_scope])
            .join_as(
                JoinType::InnerJoin,
                membership::Entity,
                "m",
                Expr::col(("m", membership::Column::UserId))
                    .equals(("u", Id))
                    .and(Expr::col(("m", membership::Column::Active)))
                    .and(Expr::col(("m", membership::Column::PlatformId)).eq(slot("platform"))),
            )
            .take()
    })?;
    Ok(Some(statement))
}

/// Which users are in reach: everybody, or those of some platforms, with the caller.
static USERS_IN_REACH: Shapes<(LookupShape, bool, bool)> =
    Shapes::new("suggestions.users_in_reach");

/// The users in reach that are named in one of these ways: members of a platform that is seen whole,
/// and the caller.
pub async fn users_in_reach(db: &Db, reach: &Reach, lookup: &UserLookup) -> Result<Vec<UserMatch>> {
    let Some(shape) = lookup.shape() else {
        return Ok(Vec::new());
    };
    let engine = db.engine();
    let (limited, caller) = (reach.whole().is_some(), reach.user().is_some());
    let mut arguments = lookup.arguments();
    arguments
        .add_some("whole", reach.whole())
        .add_some("caller", reach.user());
    let key = (shape, limited, caller);
    let statement = USERS_IN_REACH.bind(engine, &key, arguments, || {
        use user::Column::{EmailFolded, Id, UsernameFolded};
        let mut query = shape.users(engine);
        query
            .columns([("u", Id), ("u", UsernameFolded), ("u", EmailFolded)])
            .expr(Expr::val(true));
        if limited {
            let member = Expr::exists(
                Query::select()
                    .expr(Expr::val(1))
                    .from_as(membership::Entity, "m")
                    .and_where(Expr::col(("m", membership::Column::UserId)).equals(("u", Id)))
                    .and_where(is_any(
                        engine,
                        Expr::col(("m", membership::Column::PlatformId)),
                        "whole",
                    ))
                    .take(),
            );
            query.and_where(if caller {
                member.or(Expr::col(("u", Id)).eq(slot("caller")))
            } else {
                member
            });
        }
        query
    })?;
    db.query(statement, UserMatch::decode).await
}

/// A suggestion to be written if there is none of its key yet.
#[derive(Debug, Clone)]
pub struct NewSuggestion {
    pub program_id: i64,
    pub subject_id: i64,
    pub fields: SuggestionFields,
}

/// New values of a suggestion that is there.
#[derive(Debug, Clone)]
pub struct Change {
    pub id: i64,
    pub fields: SuggestionFields,
}

impl SuggestionFields {
    /// The values of many rows, by column.
    pub(super) fn columns<'a>(
        kind: Kind,
        rows: impl Iterator<Item = &'a Self> + Clone,
    ) -> Vec<(&'static str, Column<'a>)> {
        let bools = |of: fn(&Self) -> bool| Column::Bool(rows.clone().map(of).collect());
        let ints = |of: fn(&Self) -> Option<i64>| Column::Int(rows.clone().map(of).collect());
        let mut columns = vec![
            ("accepted", bools(|fields| fields.accepted)),
            ("visible", bools(|fields| fields.visible)),
            (
                "metadata",
                Column::Text(
                    rows.clone()
                        .map(|fields| fields.metadata.as_str())
                        .collect(),
                ),
            ),
            ("suggested_by", ints(|fields| fields.suggested_by)),
            (
                "message",
                Column::Text(
                    rows.clone()
                        .map(|fields| fields.message.as_deref().unwrap_or_default())
                        .collect(),
                ),
            ),
            ("due_at", ints(|fields| fields.due_at)),
            ("visible_from", ints(|fields| fields.visible_from)),
            ("visible_until", ints(|fields| fields.visible_until)),
        ];
        if kind == Kind::User {
            columns.push(("direct", bools(|fields| fields.direct)));
        }
        columns
    }

    /// The columns of the table, each with what it gets from the rows `v` of [`Self::columns`].
    pub(super) fn stored(kind: Kind) -> Vec<(sea_orm::sea_query::DynIden, Expr)> {
        use program_suggestion::Column::{
            Accepted, Direct, DueAt, Message, Metadata, SuggestedBy, Visible, VisibleFrom,
            VisibleUntil,
        };
        let sent = |name: &'static str| Expr::col(("v", name));
        let nullable_int = |name| nullable_int(sent(name));
        let mut stored = vec![
            (column::of(Accepted), sent("accepted")),
            (column::of(Visible), sent("visible")),
            (column::of(Metadata), sent("metadata")),
            (column::of(SuggestedBy), nullable_int("suggested_by")),
            // None is empty.
            (column::of(Message), nullable_text(sent("message"))),
            (column::of(DueAt), nullable_int("due_at")),
            (column::of(VisibleFrom), nullable_int("visible_from")),
            (column::of(VisibleUntil), nullable_int("visible_until")),
        ];
        if kind == Kind::User {
            stored.push((column::of(Direct), sent("direct")));
        }
        stored
    }
}

/// Stands for null in a column of [`Rows`]: an array cannot hold one. No id and no instant of ours is so
/// small.
const NO_INT: i64 = -i64::MAX;

/// A number of [`Rows`] that may be missing.
pub(super) fn nullable_int(value: Expr) -> Expr {
    nullif(value, Expr::val(NO_INT)).into()
}

/// A text of [`Rows`] that is missing where it is empty.
pub(super) fn nullable_text(value: Expr) -> Expr {
    nullif(value, Expr::val("")).into()
}

fn nullif(value: Expr, null: Expr) -> FunctionCall {
    Func::cust("NULLIF").args([value, null])
}

static INSERT: Shapes<(Kind, RowsShape)> = Shapes::new("suggestions.insert");

/// Writes those rows whose key is not there yet, and answers `(program, subject, id)` of each row it
/// wrote. The rows must be sorted by program and subject: two requests that write the same keys then
/// wait for each other in the same order and never for ever.
pub async fn insert_missing(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    rows: &[&NewSuggestion],
    now: Timestamp,
) -> Result<Vec<(i64, i64, i64)>> {
    let engine = tx.engine();
    let mut columns = vec![
        (
            "program_id",
            Column::Int(rows.iter().map(|row| Some(row.program_id)).collect()),
        ),
        (
            "recipient_id",
            Column::Int(rows.iter().map(|row| Some(row.subject_id)).collect()),
        ),
    ];
    columns.extend(SuggestionFields::columns(
        kind,
        rows.iter().map(|row| &row.fields),
    ));
    let rows = Rows(columns);
    let shape = (kind, rows.shape());
    let mut arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("now", now.0);
    rows.arguments(engine, &mut arguments);
    let statement = INSERT.bind(engine, &shape, arguments, || {
        use program_suggestion::Column::{Created, Id, Modified, PlatformId, ProgramId};
        let fields = SuggestionFields::stored(kind);
        let columns = [PlatformId, ProgramId]
            .map(column::of)
            .into_iter()
            .chain([column::recipient(kind)])
            .chain(fields.iter().map(|(column, _)| column.clone()))
            .chain([Created, Modified].map(column::of));
        let select = Query::select()
            .expr(slot("platform"))
            .columns([("v", "program_id"), ("v", "recipient_id")])
            .exprs(fields.iter().map(|(_, value)| value.clone()))
            .exprs([slot("now"), slot("now")])
            .from_subquery(shape.1.select(engine), "v")
            // Without it SQLite takes `ON` for the condition of a join.
            .and_where(Expr::val(true))
            .take();
        let mut insert = InsertStatement::new();
        insert.into_table(column::table(kind)).columns(columns);
        let selected = insert.select_from(select);
        debug_assert!(selected.is_ok(), "as many values as columns");
        insert
            .on_conflict(
                OnConflict::columns([
                    column::of(PlatformId),
                    column::of(ProgramId),
                    column::recipient(kind),
                ])
                .do_nothing()
                .to_owned(),
            )
            .returning(Query::returning().columns([
                column::of(ProgramId),
                column::recipient(kind),
                column::of(Id),
            ]))
            .to_owned()
    })?;
    tx.query(statement, |row| Ok((row.take()?, row.take()?, row.take()?)))
        .await
}

static FIND: Shapes<(Kind, RowsShape)> = Shapes::new("suggestions.find_by_keys");

/// The suggestions of these keys, locked until the transaction ends, in the order in which
/// [`insert_missing`] writes.
pub async fn find_by_keys(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    keys: &[(i64, i64)],
) -> Result<Vec<Suggestion>> {
    let engine = tx.engine();
    let rows = Rows(vec![
        (
            "program_id",
            Column::Int(keys.iter().map(|key| Some(key.0)).collect()),
        ),
        (
            "recipient_id",
            Column::Int(keys.iter().map(|key| Some(key.1)).collect()),
        ),
    ]);
    let shape = (kind, rows.shape());
    let mut arguments = Arguments::default().with("platform", permit.platform().id);
    rows.arguments(engine, &mut arguments);
    let statement = FIND.bind(engine, &shape, arguments, || {
        use program_suggestion::Column::{PlatformId, ProgramId};
        let mut query = Query::select();
        Suggestion::columns(kind, Parts::ALL, &mut query);
        query.from_subquery(shape.1.select(engine), "v");
        let same = Expr::col(("s", ProgramId))
            .equals(("v", "program_id"))
            .and(Expr::col(("s", column::recipient(kind))).equals(("v", "recipient_id")))
            .and(Expr::col(("s", PlatformId)).eq(slot("platform")));
        join_to_keys(&mut query, column::table(kind), "s", same);
        locked(engine, kind, query)
    })?;
    tx.query(statement, |row| Suggestion::decode(kind, Parts::ALL, row))
        .await
}

/// Locks the rows `s` of a query, in the order in which [`insert_missing`] writes. A write transaction is alone
/// on SQLite.
pub(super) fn locked(engine: Engine, kind: Kind, mut query: SelectStatement) -> SelectStatement {
    if engine == Engine::Postgres {
        query
            .order_by(("s", program_suggestion::Column::ProgramId), Order::Asc)
            .order_by(("s", column::recipient(kind)), Order::Asc)
            .lock_with_tables(LockType::Update, ["s"]);
    }
    query
}

static UPDATE: Shapes<(Kind, RowsShape)> = Shapes::new("suggestions.update");

/// Gives suggestions of the permit's platform, which this transaction has locked, new values.
pub async fn update(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    changes: &[Change],
    now: Timestamp,
) -> Result<()> {
    let engine = tx.engine();
    let mut columns = vec![(
        "id",
        Column::Int(changes.iter().map(|row| Some(row.id)).collect()),
    )];
    columns.extend(SuggestionFields::columns(
        kind,
        changes.iter().map(|row| &row.fields),
    ));
    let rows = Rows(columns);
    let shape = (kind, rows.shape());
    let mut arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("now", now.0);
    rows.arguments(engine, &mut arguments);
    let statement = UPDATE.bind(engine, &shape, arguments, || {
        use program_suggestion::Column::{Id, Modified, PlatformId};
        let of = |column| Expr::col((column::table(kind), column::of(column)));
        UpdateStatement::new()
            .table(column::table(kind))
            .values(SuggestionFields::stored(kind))
            .value(column::of(Modified), slot("now"))
            .from(TableRef::SubQuery(
                Box::new(shape.1.select(engine)),
                "v".into_iden(),
            ))
            .and_where(of(Id).equals(("v", "id")))
            .and_where(of(PlatformId).eq(slot("platform")))
            .to_owned()
    })?;
    tx.execute(statement).await?;
    Ok(())
}

static LOCK: Shapes<(Kind, bool)> = Shapes::new("suggestions.lock");

/// Those of these suggestions that the permit covers, locked until the transaction ends, in the order
/// in which [`insert_missing`] writes.
pub async fn lock(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    ids: &[i64],
) -> Result<Vec<Suggestion>> {
    let engine = tx.engine();
    let scoped = permit.departments().is_some();
    let mut arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("ids", ids);
    arguments.add_some("departments", permit.departments());
    let statement = LOCK.bind(engine, &(kind, scoped), arguments, || {
        use program_suggestion::Column::{Id, PlatformId};
        let mut query = Query::select();
        Suggestion::columns(kind, Parts::ALL, &mut query);
        query
            .from_as(column::table(kind), "s")
            .and_where(Expr::col(("s", PlatformId)).eq(slot("platform")))
            .and_where(is_any(engine, Expr::col(("s", Id)), "ids"));
        if scoped {
            query.and_where(in_departments(engine, kind));
        }
        locked(engine, kind, query)
    })?;
    tx.query(statement, |row| Suggestion::decode(kind, Parts::ALL, row))
        .await
}

static DELETE: Shapes<Kind> = Shapes::new("suggestions.delete");

/// Deletes suggestions of the permit's platform that this transaction has locked.
pub async fn delete(tx: &Tx, kind: Kind, permit: &Permit<Manage>, locked: &[i64]) -> Result<()> {
    let arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("ids", locked);
    let statement = DELETE.bind(tx.engine(), &kind, arguments, || {
        use program_suggestion::Column::{Id, PlatformId};
        DeleteStatement::new()
            .from_table(column::table(kind))
            .and_where(Expr::col(PlatformId).eq(slot("platform")))
            .and_where(is_any(tx.engine(), Expr::col(Id), "ids"))
            .to_owned()
    })?;
    tx.execute(statement).await?;
    Ok(())
}

/// The values of one column of a set that is sent along with a statement.
pub(in crate::db) enum Column<'a> {
    Int(Vec<Option<i64>>),
    Bool(Vec<bool>),
    Text(Vec<&'a str>),
}

/// A set of rows that is sent along with a statement: arrays through `unnest` on PostgreSQL, one JSON text
/// through `json_each` on SQLite. What is the same in all rows, as most of a bulk is, is sent once.
pub(in crate::db) struct Rows<'a>(pub(in crate::db) Vec<(&'static str, Column<'a>)>);

/// The columns of [`Rows`]: name, type, and whether all rows have the same value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::db) struct RowsShape(Vec<(&'static str, &'static str, bool)>);

impl Rows<'_> {
    pub(in crate::db) fn shape(&self) -> RowsShape {
        let mut columns: Vec<_> = self
            .0
            .iter()
            .map(|(name, column)| (*name, column.type_name(), column.is_the_same_everywhere()))
            .collect();
        // One column says how many rows there are.
        if columns.iter().all(|(_, _, same)| *same)
            && let Some(first) = columns.first_mut()
        {
            first.2 = false;
        }
        RowsShape(columns)
    }

    pub(in crate::db) fn arguments(self, engine: Engine, arguments: &mut Arguments) {
        let shape = self.shape();
        let columns = self.0.into_iter().zip(shape.0);
        let (same, different): (Vec<_>, Vec<_>) = columns.partition(|(_, (_, _, same))| *same);
        for ((name, column), _) in same {
            match column {
                Column::Int(values) => arguments.add(name, values.first().copied().flatten()),
                Column::Bool(values) => {
                    arguments.add(name, values.first().copied().unwrap_or_default())
                }
                Column::Text(values) => {
                    arguments.add(name, values.first().copied().unwrap_or_default())
                }
            };
        }
        match engine {
            Engine::Postgres => {
                for ((name, column), _) in different {
                    match column {
                        // An array cannot hold a null.
                        Column::Int(values) => {
                            let values: Vec<i64> = values
                                .into_iter()
                                .map(|value| value.unwrap_or(NO_INT))
                                .collect();
                            arguments.add(name, values)
                        }
                        Column::Bool(values) => arguments.add(name, sql::Parameter::Bools(values)),
                        Column::Text(values) => arguments.add(name, values.as_slice()),
                    };
                }
            }
            Engine::Sqlite => {
                let rows = different.first().map_or(0, |((_, column), _)| column.len());
                let mut table = String::with_capacity(rows * different.len() * 8);
                for row in 0..rows {
                    for (number, ((_, column), _)) in different.iter().enumerate() {
                        table.push_str(match (row, number) {
                            (0, 0) => "[[",
                            (_, 0) => "],[",
                            _ => ",",
                        });
                        column.write_json(row, &mut table);
                    }
                }
                table.push_str(if rows == 0 { "[]" } else { "]]" });
                arguments.add("rows", table);
            }
        }
    }
}

impl RowsShape {
    /// The rows as a table.
    pub(in crate::db) fn select(&self, engine: Engine) -> SelectStatement {
        let mut query = Query::select();
        let mut place = 0;
        for (name, type_name, same) in &self.0 {
            let value = match engine {
                _ if *same => slot(name).cast_as(*type_name),
                Engine::Postgres => Func::cust("unnest").arg(slot(name)).into(),
                Engine::Sqlite => {
                    place += 1;
                    Expr::col(("m", "value")).cast_json_field(place - 1)
                }
            };
            query.expr_as(value, *name);
        }
        if engine == Engine::Sqlite {
            query.from_function(Func::cust("json_each").arg(slot("rows")), "m");
        }
        query
    }
}

impl Column<'_> {
    fn type_name(&self) -> &'static str {
        match self {
            Self::Int(_) => "BIGINT",
            Self::Bool(_) => "BOOLEAN",
            Self::Text(_) => "TEXT",
        }
    }

    fn is_the_same_everywhere(&self) -> bool {
        fn same<T: PartialEq>(values: &[T]) -> bool {
            values.windows(2).all(|two| two[0] == two[1])
        }
        match self {
            Self::Int(values) => same(values),
            Self::Bool(values) => same(values),
            Self::Text(values) => same(values),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Int(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    fn write_json(&self, row: usize, to: &mut String) {
        let written = match self {
            Self::Int(values) => match values[row] {
                Some(value) => write!(to, "{value}"),
                None => write!(to, "null"),
            },
            // As SQLite keeps them.
            Self::Bool(values) => write!(to, "{}", u8::from(values[row])),
            Self::Text(values) => write!(to, "{}", sql::json(values[row])),
        };
        debug_assert!(written.is_ok(), "writing to a string does not fail");
    }
}
