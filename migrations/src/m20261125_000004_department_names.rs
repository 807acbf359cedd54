//! Departments are listed in the order of their folded keys, and searched by folded keys and names.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement, Value};

use crate::dialect::run;
use crate::fold::fold;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Every row is written right after: the default is for adding the columns only.
const UP: &str = "
ALTER TABLE departments ADD COLUMN key_folded {text} NOT NULL DEFAULT '';
ALTER TABLE departments ADD COLUMN name_folded {text} NOT NULL DEFAULT '';
-- The list of a platform.
CREATE INDEX departments_by_key ON departments (platform_id, key_folded, id);
";

const DOWN: &str = "
DROP INDEX departments_by_key;
ALTER TABLE departments DROP COLUMN key_folded;
ALTER TABLE departments DROP COLUMN name_folded;
";

/// Rows that are read at once.
const ROWS: usize = 1_000;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        fold_names(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DOWN).await
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

async fn fold_names(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let backend = connection.get_database_backend();
    let read =
        format!("SELECT id, key, name FROM departments WHERE id > $1 ORDER BY id LIMIT {ROWS}");
    let write = "UPDATE departments SET key_folded = $1, name_folded = $2 WHERE id = $3";
    let mut last = i64::MIN;
    loop {
        let after: [Value; 1] = [last.into()];
        let rows = connection
            .query_all_raw(Statement::from_sql_and_values(backend, &read, after))
            .await?;
        for row in &rows {
            last = row.try_get_by_index(0)?;
            let key: String = row.try_get_by_index(1)?;
            let name: String = row.try_get_by_index(2)?;
            let values: [Value; 3] = [fold(&key).into(), fold(&name).into(), last.into()];
            connection
                .execute_raw(Statement::from_sql_and_values(backend, write, values))
                .await?;
        }
        if rows.len() < ROWS {
            return Ok(());
        }
    }
}
