//! Folds again what was folded with the lower case of a whole text, which turned a capital sigma at the end
//! of a word into another letter than elsewhere.

use std::collections::HashMap;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::fold::fold;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The folded columns: the table, the column and whether it names a row.
const COLUMNS: [(&str, &str, bool); 6] = [
    ("users", "username", true),
    ("users", "name", false),
    ("users", "email", false),
    ("user_groups", "name", false),
    ("programs", "key", false),
    ("programs", "name", false),
];

/// Rows that are read at once.
const ROWS: usize = 1_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column, names) in COLUMNS {
            fold_again(manager, table, column, names).await?;
        }
        Ok(())
    }

    /// What was folded before is not known any more, and either folding serves.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Reads the rows whose text is not all ASCII, and writes those whose folded text differs.
async fn fold_again(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    names: bool,
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let backend = connection.get_database_backend();
    let not_ascii = match backend {
        DbBackend::Postgres => format!("octet_length({column}) <> char_length({column})"),
        _ => format!("length(CAST({column} AS BLOB)) <> length({column})"),
    };
    let read = format!(
        "SELECT id, {column}, {column}_folded FROM {table} WHERE {not_ascii} AND id > $1 ORDER BY id LIMIT {ROWS}"
    );
    let write = format!("UPDATE {table} SET {column}_folded = $1 WHERE id = $2");
    let mut last = i64::MIN;
    loop {
        let rows = connection
            .query_all_raw(Statement::from_sql_and_values(
                backend,
                &read,
                [last.into()],
            ))
            .await?;
        let mut changed: HashMap<i64, (String, String)> = HashMap::new();
        for row in &rows {
            last = row.try_get_by_index(0)?;
            let text: String = row.try_get_by_index(1)?;
            let before: String = row.try_get_by_index(2)?;
            let folded = fold(&text);
            if folded != before {
                changed.insert(last, (text, folded));
            }
        }
        for (id, (text, folded)) in changed {
            if names {
                refuse_a_second(manager, table, column, id, &text, &folded).await?;
            }
            let values: [Value; 2] = [folded.into(), id.into()];
            connection
                .execute_raw(Statement::from_sql_and_values(backend, &write, values))
                .await?;
        }
        if rows.len() < ROWS {
            return Ok(());
        }
    }
}

/// Two names that were different and are the same now: people have to say which is which.
async fn refuse_a_second(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
    id: i64,
    text: &str,
    folded: &str,
) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let read = format!("SELECT id, {column} FROM {table} WHERE {column}_folded = $1 AND id <> $2");
    let values: [Value; 2] = [folded.into(), id.into()];
    let backend = connection.get_database_backend();
    let other = connection
        .query_one_raw(Statement::from_sql_and_values(backend, &read, values))
        .await?;
    match other {
        None => Ok(()),
        Some(other) => {
            let other_id: i64 = other.try_get_by_index(0)?;
            let other_text: String = other.try_get_by_index(1)?;
            Err(DbErr::Migration(format!(
                "{column} {text:?} of {table} {id} and {other_text:?} of {other_id} differ in case only: rename one of them with the previous version, then migrate again"
            )))
        }
    }
}
