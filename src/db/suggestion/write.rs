//! Creating, updating and deleting suggestions: sets, never row by row. The number of statements
//! does not depend on the number of items.

use std::fmt::Write as _;

use sea_orm::DbErr;

use super::{Suggestion, in_departments};
use crate::auth::{Manage, Permit, Reach};
use crate::clock::Timestamp;
use crate::db::sql::{self, Parameter, Row, Sql};
use crate::db::{Db, Engine, Tx, execute, query};
use crate::error::Result;
use crate::kind::Kind;

/// The ids of the programs of the permit's platform that have one of these keys.
///
/// # Errors
/// Those of the database.
pub async fn programs(
    tx: &Tx,
    engine: Engine,
    permit: &Permit<Manage>,
    keys: &[&str],
) -> Result<Vec<(String, i64)>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT key, id FROM programs WHERE platform_id = ")
        .bind(permit.platform().id)
        .push(" AND key")
        .in_texts(keys);
    query(tx, statement, |row| Ok((row.take()?, row.take()?))).await
}

/// A group of the platform.
#[derive(Debug, Clone, Copy)]
pub struct GroupMatch {
    /// Its id.
    pub id: i64,
    /// Whether the permit covers it.
    pub in_scope: bool,
}

/// The groups of the permit's platform that have one of these ids.
///
/// # Errors
/// Those of the database.
pub async fn groups(
    tx: &Tx,
    engine: Engine,
    permit: &Permit<Manage>,
    ids: &[i64],
) -> Result<Vec<GroupMatch>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT id, department_id FROM user_groups WHERE platform_id = ")
        .bind(permit.platform().id)
        .push(" AND id")
        .in_ids(ids);
    query(tx, statement, |row| {
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
    /// By id.
    pub ids: Vec<i64>,
    /// By folded username.
    pub usernames: Vec<String>,
    /// By folded e-mail.
    pub emails: Vec<String>,
}

/// An active member of the platform.
#[derive(Debug, Clone)]
pub struct UserMatch {
    /// The id.
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

/// The active members of the permit's platform that are named in one of these ways.
///
/// # Errors
/// Those of the database.
pub async fn users(
    tx: &Tx,
    engine: Engine,
    permit: &Permit<Manage>,
    lookup: &UserLookup,
) -> Result<Vec<UserMatch>> {
    let mut statement = Sql::new(engine);
    // Names that nobody is named by are not read: of a bulk they would be most of the answer.
    statement.push("SELECT u.id, ");
    statement.push(if lookup.usernames.is_empty() {
        "'', "
    } else {
        "u.username_folded, "
    });
    statement.push(if lookup.emails.is_empty() {
        "CAST(NULL AS TEXT), "
    } else {
        "u.email_folded, "
    });
    match permit.departments() {
        None => statement.push("true"),
        Some(departments) => statement
            .push("EXISTS (SELECT 1 FROM department_members d WHERE d.user_id = u.id AND d.department_id")
            .in_ids(departments)
            .push(")"),
    };
    if !named(&mut statement, lookup) {
        return Ok(Vec::new());
    }
    statement
        .push(" JOIN memberships m ON m.user_id = u.id AND m.active AND m.platform_id = ")
        .bind(permit.platform().id);
    query(tx, statement, UserMatch::decode).await
}

/// The users in reach that are named in one of these ways: members of a platform that is seen whole,
/// and the caller.
///
/// # Errors
/// Those of the database.
pub async fn users_in_reach(db: &Db, reach: &Reach, lookup: &UserLookup) -> Result<Vec<UserMatch>> {
    let mut statement = Sql::new(db.engine());
    statement.push("SELECT u.id, u.username_folded, u.email_folded, true");
    if !named(&mut statement, lookup) {
        return Ok(Vec::new());
    }
    if let Some(whole) = reach.whole() {
        statement
            .push(" WHERE (EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.platform_id")
            .in_ids(whole)
            .push(")");
        if let Some(user) = reach.user() {
            statement.push(" OR u.id = ").bind(user);
        }
        statement.push(")");
    }
    db.query(statement, UserMatch::decode).await
}

/// Adds ` FROM ... users u`: those that are named. `false` if nobody is.
fn named(statement: &mut Sql, lookup: &UserLookup) -> bool {
    // A union, so that each way of naming uses its own index.
    let mut lead = " FROM (";
    if !lookup.ids.is_empty() {
        statement
            .push(lead)
            .push("SELECT id FROM users WHERE id")
            .in_ids(&lookup.ids);
        lead = " UNION ";
    }
    for (column, texts) in [
        ("username_folded", &lookup.usernames),
        ("email_folded", &lookup.emails),
    ] {
        if !texts.is_empty() {
            statement
                .push(lead)
                .push("SELECT id FROM users WHERE ")
                .push(column)
                .in_texts(texts);
            lead = " UNION ";
        }
    }
    statement.push(") named JOIN users u ON u.id = named.id");
    lead == " UNION "
}

/// A suggestion to be written if there is none of its key yet.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct NewSuggestion {
    pub program_id: i64,
    pub subject_id: i64,
    pub accepted: bool,
    pub visible: bool,
    pub direct: bool,
    pub metadata: String,
    pub suggested_by: Option<i64>,
}

/// New values of a suggestion that is there.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Change {
    pub id: i64,
    pub accepted: bool,
    pub visible: bool,
    pub direct: bool,
    pub metadata: String,
    pub suggested_by: Option<i64>,
}

/// Writes those rows whose key is not there yet, and answers `(program, subject, id)` of each row it
/// wrote. The rows must be sorted by program and subject: two requests that write the same keys then
/// wait for each other in the same order and never for ever.
///
/// # Errors
/// Those of the database.
pub async fn insert_missing(
    tx: &Tx,
    engine: Engine,
    kind: Kind,
    permit: &Permit<Manage>,
    rows: &[&NewSuggestion],
    now: Timestamp,
) -> Result<Vec<(i64, i64, i64)>> {
    let mut statement = Sql::new(engine);
    statement
        .push("INSERT INTO ")
        .push(kind.table())
        .push(" (platform_id, program_id, ")
        .push(kind.subject())
        .push(", accepted, visible, metadata, suggested_by")
        .push(if kind == Kind::User { ", direct" } else { "" })
        .push(", created, modified) SELECT ")
        .bind(permit.platform().id)
        .push(", v.program_id, v.subject_id, v.accepted, v.visible, v.metadata, NULLIF(v.suggested_by, 0)")
        .push(if kind == Kind::User { ", v.direct" } else { "" });
    // Twice: on PostgreSQL one parameter has one place.
    statement
        .push(", ")
        .bind(now.0)
        .push(", ")
        .bind(now.0)
        .push(" FROM ");
    values(
        &mut statement,
        [
            (
                "program_id",
                Column::Int(rows.iter().map(|row| Some(row.program_id)).collect()),
            ),
            (
                "subject_id",
                Column::Int(rows.iter().map(|row| Some(row.subject_id)).collect()),
            ),
            (
                "accepted",
                Column::Bool(rows.iter().map(|row| row.accepted).collect()),
            ),
            (
                "visible",
                Column::Bool(rows.iter().map(|row| row.visible).collect()),
            ),
            (
                "direct",
                Column::Bool(rows.iter().map(|row| row.direct).collect()),
            ),
            (
                "metadata",
                Column::Text(rows.iter().map(|row| row.metadata.as_str()).collect()),
            ),
            (
                "suggested_by",
                Column::Int(rows.iter().map(|row| row.suggested_by).collect()),
            ),
        ],
    );
    statement
        .push(" WHERE true ON CONFLICT (platform_id, program_id, ")
        .push(kind.subject())
        .push(") DO NOTHING RETURNING program_id, ")
        .push(kind.subject())
        .push(", id");
    query(tx, statement, |row| {
        Ok((row.take()?, row.take()?, row.take()?))
    })
    .await
}

/// The suggestions of these keys, locked until the transaction ends, in the order in which
/// [`insert_missing`] writes.
///
/// # Errors
/// Those of the database.
pub async fn find_by_keys(
    tx: &Tx,
    engine: Engine,
    kind: Kind,
    permit: &Permit<Manage>,
    keys: &[(i64, i64)],
) -> Result<Vec<Suggestion>> {
    let mut statement = Sql::new(engine);
    statement.push("SELECT ");
    Suggestion::columns(kind, &mut statement);
    statement.push(" FROM ");
    values(
        &mut statement,
        [
            (
                "program_id",
                Column::Int(keys.iter().map(|key| Some(key.0)).collect()),
            ),
            (
                "subject_id",
                Column::Int(keys.iter().map(|key| Some(key.1)).collect()),
            ),
        ],
    );
    statement
        // SQLite must begin with the keys: otherwise it may walk the table once for each of them.
        .push(match engine {
            Engine::Postgres => " JOIN ",
            Engine::Sqlite => " CROSS JOIN ",
        })
        .push(kind.table())
        .push(" s ON s.program_id = v.program_id AND s.")
        .push(kind.subject())
        .push(" = v.subject_id AND s.platform_id = ")
        .bind(permit.platform().id);
    if engine == Engine::Postgres {
        statement
            .push(" ORDER BY s.program_id, s.")
            .push(kind.subject())
            .push(" FOR UPDATE OF s");
    }
    query(tx, statement, Suggestion::decode).await
}

/// Gives suggestions of the permit's platform, which this transaction has locked, new values.
///
/// # Errors
/// Those of the database.
pub async fn update(
    tx: &Tx,
    engine: Engine,
    kind: Kind,
    permit: &Permit<Manage>,
    changes: &[Change],
    now: Timestamp,
) -> Result<()> {
    let mut statement = Sql::new(engine);
    statement
        .push("UPDATE ")
        .push(kind.table())
        .push(" SET accepted = v.accepted, visible = v.visible, metadata = v.metadata, suggested_by = NULLIF(v.suggested_by, 0)")
        .push(if kind == Kind::User { ", direct = v.direct" } else { "" })
        .push(", modified = ")
        .bind(now.0)
        .push(" FROM ");
    values(
        &mut statement,
        [
            (
                "id",
                Column::Int(changes.iter().map(|row| Some(row.id)).collect()),
            ),
            (
                "accepted",
                Column::Bool(changes.iter().map(|row| row.accepted).collect()),
            ),
            (
                "visible",
                Column::Bool(changes.iter().map(|row| row.visible).collect()),
            ),
            (
                "direct",
                Column::Bool(changes.iter().map(|row| row.direct).collect()),
            ),
            (
                "metadata",
                Column::Text(changes.iter().map(|row| row.metadata.as_str()).collect()),
            ),
            (
                "suggested_by",
                Column::Int(changes.iter().map(|row| row.suggested_by).collect()),
            ),
        ],
    );
    statement
        .push(" WHERE ")
        .push(kind.table())
        .push(".id = v.id AND ")
        .push(kind.table())
        .push(".platform_id = ")
        .bind(permit.platform().id);
    execute(tx, statement).await?;
    Ok(())
}

/// Those of these suggestions that the permit covers, locked until the transaction ends, in the order
/// in which [`insert_missing`] writes.
///
/// # Errors
/// Those of the database.
pub async fn lock(
    tx: &Tx,
    engine: Engine,
    kind: Kind,
    permit: &Permit<Manage>,
    ids: &[i64],
) -> Result<Vec<i64>> {
    let mut statement = Sql::new(engine);
    statement
        .push("SELECT s.id FROM ")
        .push(kind.table())
        .push(" s WHERE s.platform_id = ")
        .bind(permit.platform().id)
        .push(" AND s.id")
        .in_ids(ids);
    in_departments(&mut statement, kind, permit);
    if engine == Engine::Postgres {
        statement
            .push(" ORDER BY s.program_id, s.")
            .push(kind.subject())
            .push(" FOR UPDATE OF s");
    }
    query(tx, statement, |row| row.take()).await
}

/// Deletes suggestions of the permit's platform that this transaction has locked.
///
/// # Errors
/// Those of the database.
pub async fn delete(
    tx: &Tx,
    engine: Engine,
    kind: Kind,
    permit: &Permit<Manage>,
    locked: &[i64],
) -> Result<()> {
    let mut statement = Sql::new(engine);
    statement
        .push("DELETE FROM ")
        .push(kind.table())
        .push(" WHERE platform_id = ")
        .bind(permit.platform().id)
        .push(" AND id")
        .in_ids(locked);
    execute(tx, statement).await?;
    Ok(())
}

/// The values of one column of a set that is sent along with a statement.
pub(in crate::db) enum Column<'a> {
    Int(Vec<Option<i64>>),
    Bool(Vec<bool>),
    Text(Vec<&'a str>),
}

/// Adds a set of rows as a table `v`: arrays through `unnest` on PostgreSQL, one JSON text through
/// `json_each` on SQLite. What is the same in all rows, as most of a bulk is, is sent once.
pub(in crate::db) fn values<const N: usize>(statement: &mut Sql, columns: [(&str, Column<'_>); N]) {
    let (mut same, mut different): (Vec<_>, Vec<_>) = columns
        .into_iter()
        .partition(|(_, column)| column.is_the_same_everywhere());
    if different.is_empty() {
        different.extend((!same.is_empty()).then(|| same.remove(0)));
    }
    statement.push("(SELECT ");
    if statement.engine() == Engine::Sqlite {
        for (number, (name, _)) in different.iter().enumerate() {
            statement.push(&format!(
                "{}m.value ->> {number} AS {name}",
                if number > 0 { ", " } else { "" }
            ));
        }
    } else {
        statement.push("m.*");
    }
    for (name, column) in same {
        statement.push(", CAST(");
        let kind = match column {
            Column::Int(values) => {
                statement.bind(values.first().copied().flatten());
                "BIGINT"
            }
            Column::Bool(values) => {
                statement.bind(values.first().copied().unwrap_or_default());
                "BOOLEAN"
            }
            Column::Text(values) => {
                statement.bind(values.first().copied().unwrap_or_default());
                "TEXT"
            }
        };
        statement.push(" AS ").push(kind).push(") AS ").push(name);
    }
    match statement.engine() {
        Engine::Postgres => {
            let names: Vec<&str> = different.iter().map(|(name, _)| *name).collect();
            statement.push(" FROM unnest(");
            for (number, (_, column)) in different.into_iter().enumerate() {
                statement.push(if number > 0 { ", " } else { "" });
                match column {
                    // An array here cannot hold a null; no id is 0, and `NULLIF` takes it back.
                    Column::Int(values) => statement.bind(Parameter::Ints(
                        values.into_iter().map(Option::unwrap_or_default).collect(),
                    )),
                    Column::Bool(values) => statement.bind(Parameter::Bools(values)),
                    Column::Text(values) => statement.bind(Parameter::Texts(
                        values.into_iter().map(str::to_owned).collect(),
                    )),
                };
            }
            statement
                .push(") AS m(")
                .push(&names.join(", "))
                .push(")) AS v");
        }
        Engine::Sqlite => {
            let rows = different.first().map_or(0, |(_, column)| column.len());
            let mut table = String::with_capacity(rows * different.len() * 8);
            for row in 0..rows {
                for (number, (_, column)) in different.iter().enumerate() {
                    table.push_str(match (row, number) {
                        (0, 0) => "[[",
                        (_, 0) => "],[",
                        _ => ",",
                    });
                    column.write_json(row, &mut table);
                }
            }
            table.push_str(if rows == 0 { "[]" } else { "]]" });
            statement
                .push(" FROM json_each(")
                .bind(table)
                .push(") AS m) AS v");
        }
    }
}

impl Column<'_> {
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
