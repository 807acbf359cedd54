//! What suggestions are about and to whom: platforms, programs, users, groups, departments. Every
//! read here takes a [`Sight`] and answers only what lies in it.

use std::collections::HashMap;

use sea_orm::DbErr;

use super::sql::{Row, Sql};
use super::suggestion::{Column, values};
use super::{Db, Engine, search};
use crate::auth::{PlatformFacts, Sight};
use crate::error::{Error, Result};
use crate::page::{Beyond, Position, Slice, SortKey, Window};

/// A course of study.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
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
#[expect(missing_docs, reason = "the columns are described in the migration")]
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

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct User {
    pub id: i64,
    pub username: String,
    pub name: String,
    pub email: Option<String>,
}

/// A named set of users.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Group {
    pub id: i64,
    pub platform_id: i64,
    pub name: String,
    pub department_id: Option<i64>,
    pub user_count: i64,
}

/// A unit of a platform.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the columns are described in the migration")]
pub struct Department {
    pub id: i64,
    pub platform_id: i64,
    pub key: String,
    pub name: String,
    pub parent_id: Option<i64>,
}

impl Program {
    pub(super) const COLUMNS: &str =
        "p.id, p.platform_id, p.key, p.name, p.org, p.description, p.url, p.image_url";
    /// The columns without the details.
    pub(super) const BRIEF_COLUMNS: &str = "p.id, p.platform_id, p.key, p.name, p.org";

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
    pub(super) const COLUMNS: &str = "u.id, u.username, u.name, u.email";

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
    pub(super) const COLUMNS: &str = "g.id, g.platform_id, g.name, g.department_id, g.user_count";

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

fn decode_platform(row: &Row<'_>) -> Result<PlatformFacts, DbErr> {
    Ok(PlatformFacts {
        id: row.take()?,
        key: row.take()?,
        org: row.take()?,
        name: row.take()?,
    })
}

/// The platform of this key, for the policy to decide on.
///
/// # Errors
/// Those of the database.
pub async fn platform_by_key(db: &Db, key: &str) -> Result<Option<PlatformFacts>> {
    let mut statement = Sql::new(db.engine());
    statement
        .push("SELECT id, key, org, name FROM platforms WHERE key = ")
        .bind(key.to_owned());
    let found = db.query(statement, decode_platform).await?;
    Ok(found.into_iter().next())
}

/// The ids of the platforms of this organisation, for the policy to decide on.
///
/// # Errors
/// Those of the database.
pub async fn platforms_of_org(db: &Db, org: &str) -> Result<Vec<i64>> {
    let mut statement = Sql::new(db.engine());
    statement
        .push("SELECT id FROM platforms WHERE org = ")
        .bind(org.to_owned());
    db.query(statement, |row| row.take()).await
}

/// The platforms with these ids, as far as they are in sight.
///
/// # Errors
/// Those of the database.
pub async fn platforms(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<PlatformFacts>> {
    let ids: Vec<i64> = ids
        .iter()
        .copied()
        .filter(|id| sight.sees_platform(*id))
        .collect();
    let mut statement = Sql::new(db.engine());
    statement
        .push("SELECT id, key, org, name FROM platforms WHERE id")
        .in_ids(&ids);
    db.query(statement, decode_platform).await
}

/// The platforms with these keys, as far as they are in sight.
///
/// # Errors
/// Those of the database.
pub async fn platforms_by_key(db: &Db, sight: &Sight, keys: &[&str]) -> Result<Vec<PlatformFacts>> {
    let mut statement = Sql::new(db.engine());
    statement
        .push("SELECT id, key, org, name FROM platforms WHERE key")
        .in_texts(keys);
    let mut found = db.query(statement, decode_platform).await?;
    found.retain(|platform| sight.sees_platform(platform.id));
    Ok(found)
}

/// The programs with these keys, as far as they are in sight.
///
/// # Errors
/// Those of the database.
pub async fn programs_by_key(
    db: &Db,
    sight: &Sight,
    keys: &[&ProgramKey],
) -> Result<Vec<(ProgramKey, Program)>> {
    let mut statement = Sql::new(db.engine());
    statement
        .push("SELECT f.key, ")
        .push(Program::COLUMNS)
        .push(" FROM ");
    values(
        &mut statement,
        [
            (
                "platform_key",
                Column::Text(keys.iter().map(|key| key.platform.as_str()).collect()),
            ),
            (
                "program_key",
                Column::Text(keys.iter().map(|key| key.key.as_str()).collect()),
            ),
        ],
    );
    // SQLite must begin with the keys, as in the statements of suggestions.
    let join = match db.engine() {
        Engine::Postgres => " JOIN ",
        Engine::Sqlite => " CROSS JOIN ",
    };
    statement
        .push(join)
        .push("platforms f ON f.key = v.platform_key")
        .push(join)
        .push("programs p ON p.platform_id = f.id AND p.key = v.program_key");
    if !sight.everything() {
        statement
            .push(" WHERE p.platform_id")
            .in_ids(&sight.program_platforms());
    }
    db.query(statement, |row| {
        let platform = row.take()?;
        let program = Program::decode(row)?;
        let key = program.key.clone();
        Ok((ProgramKey { platform, key }, program))
    })
    .await
}

/// The programs with these ids, as far as they are in sight.
///
/// # Errors
/// Those of the database.
pub async fn programs(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<Program>> {
    let mut statement = Sql::new(db.engine());
    statement
        .push("SELECT ")
        .push(Program::COLUMNS)
        .push(" FROM programs p WHERE p.id")
        .in_ids(ids);
    if !sight.everything() {
        statement
            .push(" AND p.platform_id")
            .in_ids(&sight.program_platforms());
    }
    db.query(statement, Program::decode).await
}

/// The users with these ids, as far as they are in sight: members of a platform that is seen whole,
/// members of a department that is seen, and the caller.
///
/// # Errors
/// Those of the database.
pub async fn users(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<User>> {
    let mut statement = Sql::new(db.engine());
    statement
        .push("SELECT ")
        .push(User::COLUMNS)
        .push(" FROM users u WHERE u.id")
        .in_ids(ids);
    if !sight.everything() {
        statement
            .push(" AND (EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.platform_id")
            .in_ids(sight.platforms())
            .push(") OR EXISTS (SELECT 1 FROM department_members m WHERE m.user_id = u.id AND m.department_id")
            .in_ids(sight.departments())
            .push(")");
        if let Some(user) = sight.user() {
            statement.push(" OR u.id = ").bind(user);
        }
        statement.push(")");
    }
    db.query(statement, User::decode).await
}

/// The groups with these ids, as far as they are in sight.
///
/// # Errors
/// Those of the database.
pub async fn groups(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<Group>> {
    let mut statement = Sql::new(db.engine());
    statement
        .push("SELECT ")
        .push(Group::COLUMNS)
        .push(" FROM user_groups g WHERE g.id")
        .in_ids(ids);
    groups_in_sight(&mut statement, sight);
    db.query(statement, Group::decode).await
}

fn groups_in_sight(statement: &mut Sql, sight: &Sight) {
    if !sight.everything() {
        statement
            .push(" AND (g.platform_id")
            .in_ids(sight.platforms())
            .push(" OR g.department_id")
            .in_ids(sight.departments())
            .push(")");
    }
}

/// The departments with these ids, as far as they are in sight.
///
/// # Errors
/// Those of the database.
pub async fn departments(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<Department>> {
    let mut statement = Sql::new(db.engine());
    statement
        .push(
            "SELECT d.id, d.platform_id, d.key, d.name, d.parent_id FROM departments d WHERE d.id",
        )
        .in_ids(ids);
    let mut found = db
        .query(statement, |row| {
            Ok(Department {
                id: row.take()?,
                platform_id: row.take()?,
                key: row.take()?,
                name: row.take()?,
                parent_id: row.take()?,
            })
        })
        .await?;
    found.retain(|department| sight.sees_department(department.platform_id, department.id));
    Ok(found)
}

/// Which part of the programs or groups of a platform: the arguments of a nested list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NestedList {
    /// Folded text that a name (or a program's key) contains.
    pub search: Option<String>,
    /// Which part, in order of id.
    pub window: Window,
    /// Count them all.
    pub total: bool,
    /// Look whether there are rows beyond the cursors that were given.
    pub beyond: Beyond,
}

/// What a nested list reads.
struct Source<T> {
    columns: &'static str,
    table: &'static str,
    alias: &'static str,
    decode: fn(&Row<'_>) -> Result<T, DbErr>,
    /// The row's platform and its own id.
    place: fn(&T) -> (i64, i64),
    narrow: fn(&mut Sql, &Sight),
    search: fn(&mut Sql, &str),
}

/// A part of the programs of each of these platforms, as far as they are in sight; at most two
/// statements for all of them.
///
/// # Errors
/// Those of the database.
pub async fn programs_of(
    db: &Db,
    sight: &Sight,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<Program>>> {
    let source = Source {
        columns: Program::COLUMNS,
        table: "programs",
        alias: "p",
        decode: Program::decode,
        place: |program: &Program| (program.platform_id, program.id),
        narrow: |_, _| {},
        search: search::programs,
    };
    nested(db, sight, platform_ids, list, &source).await
}

/// A part of the groups of each of these platforms, as far as they are in sight; at most two
/// statements for all of them.
///
/// # Errors
/// Those of the database.
pub async fn groups_of(
    db: &Db,
    sight: &Sight,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<Group>>> {
    let source = Source {
        columns: Group::COLUMNS,
        table: "user_groups",
        alias: "g",
        decode: Group::decode,
        place: |group: &Group| (group.platform_id, group.id),
        narrow: groups_in_sight,
        search: search::groups,
    };
    nested(db, sight, platform_ids, list, &source).await
}

async fn nested<T>(
    db: &Db,
    sight: &Sight,
    platform_ids: &[i64],
    list: &NestedList,
    source: &Source<T>,
) -> Result<HashMap<i64, Slice<T>>> {
    let Window::Cursor {
        after,
        before,
        limit,
        backward,
    } = &list.window
    else {
        return Err(Error::internal("a nested list is paged by cursor"));
    };
    let mut slices: HashMap<i64, Slice<T>> = platform_ids
        .iter()
        .filter(|id| sight.sees_platform(**id))
        .map(|id| (*id, Slice::default()))
        .collect();
    if slices.is_empty() {
        return Ok(slices);
    }
    let id = format!("{}.id", source.alias);
    let from = |statement: &mut Sql, platform_id: i64| {
        statement
            .push(" FROM ")
            .push(source.table)
            .push(" ")
            .push(source.alias)
            .push(" WHERE ")
            .push(source.alias)
            .push(".platform_id = ")
            .bind(platform_id);
        (source.narrow)(statement, sight);
        if let Some(text) = &list.search {
            statement.push(" AND ");
            (source.search)(statement, text);
        }
    };

    // One branch a platform, each reading its own few index entries.
    let mut statement = Sql::new(db.engine());
    for (number, platform_id) in slices.keys().enumerate() {
        statement
            .push(if number > 0 { " UNION ALL " } else { "" })
            .push("SELECT * FROM (SELECT ")
            .push(source.columns);
        from(&mut statement, *platform_id);
        for (position, operator) in [(after, " > "), (before, " < ")] {
            if let Some(position) = position {
                statement
                    .push(" AND ")
                    .push(&id)
                    .push(operator)
                    .bind(position.id);
            }
        }
        statement
            .push(" ORDER BY ")
            .push(&id)
            .push(if *backward { " DESC" } else { "" })
            .push(" LIMIT ")
            .bind(limit + 1)
            .push(") AS part");
    }
    for row in db.query(statement, source.decode).await? {
        let (platform_id, _) = (source.place)(&row);
        if let Some(slice) = slices.get_mut(&platform_id) {
            slice.rows.push((row, SortKey::Id));
        }
    }
    for slice in slices.values_mut() {
        slice.rows.sort_by_key(|(row, _)| {
            let (_, id) = (source.place)(row);
            if *backward { -id } else { id }
        });
        let wanted = usize::try_from(*limit).unwrap_or(usize::MAX);
        let more = slice.rows.len() > wanted;
        slice.rows.truncate(wanted);
        if *backward {
            slice.rows.reverse();
            slice.has_previous = more;
        } else {
            slice.has_next = more;
        }
    }

    let bounds = [
        (after.as_ref().filter(|_| list.beyond.previous), " <= "),
        (before.as_ref().filter(|_| list.beyond.next), " >= "),
    ];
    if list.total || bounds.iter().any(|(bound, _)| bound.is_some()) {
        let mut statement = Sql::new(db.engine());
        for (number, platform_id) in slices.keys().enumerate() {
            statement
                .push(if number > 0 { " UNION ALL " } else { "" })
                .push("SELECT CAST(")
                .bind(*platform_id)
                .push(" AS BIGINT), ");
            if list.total {
                statement.push("(SELECT count(*)");
                from(&mut statement, *platform_id);
                statement.push(")");
            } else {
                statement.push("0");
            }
            for (bound, operator) in bounds {
                statement.push(", ");
                if let Some(Position { id: bound, .. }) = bound {
                    statement.push("EXISTS (SELECT 1");
                    from(&mut statement, *platform_id);
                    statement
                        .push(" AND ")
                        .push(&id)
                        .push(operator)
                        .bind(*bound)
                        .push(")");
                } else {
                    statement.push("false");
                }
            }
        }
        let wholes = db
            .query(statement, |row| {
                Ok((
                    row.take::<i64>()?,
                    row.take::<i64>()?,
                    row.take::<bool>()?,
                    row.take::<bool>()?,
                ))
            })
            .await?;
        for (platform_id, total, rows_before, rows_after) in wholes {
            if let Some(slice) = slices.get_mut(&platform_id) {
                slice.total = Some(total);
                slice.has_previous |= rows_before;
                slice.has_next |= rows_after;
            }
        }
    }
    Ok(slices)
}
