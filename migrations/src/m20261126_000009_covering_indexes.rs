//! The indexes that lead from a user or a group to its suggestions carry what lists are filtered by.
//!
//! An administrator of departments counts and filters the suggestions of many users or groups. With these columns
//! that reads one range of an index for each of them, and no row.
//!
//! Nobody can write suggestions while the indexes are built: some seconds for a million of them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const DROP: &str = "
DROP INDEX program_suggestions_by_user;
DROP INDEX program_group_suggestions_by_group;
";

const POSTGRES: &str = "
CREATE INDEX program_suggestions_by_user ON program_suggestions (platform_id, user_id, id)
    INCLUDE (accepted, visible, state, program_id, created);
CREATE INDEX program_group_suggestions_by_group ON program_group_suggestions (platform_id, group_id, id)
    INCLUDE (accepted, visible, program_id, created);
";

const SQLITE: &str = "
CREATE INDEX program_suggestions_by_user
    ON program_suggestions (platform_id, user_id, id, accepted, visible, state, program_id, created);
CREATE INDEX program_group_suggestions_by_group
    ON program_group_suggestions (platform_id, group_id, id, accepted, visible, program_id, created);
";

const BEFORE: &str = "
CREATE INDEX program_suggestions_by_user ON program_suggestions (platform_id, user_id, id);
CREATE INDEX program_group_suggestions_by_group ON program_group_suggestions (platform_id, group_id, id);
";

const ANALYZE: &str = "
ANALYZE program_suggestions_by_user;
ANALYZE program_group_suggestions_by_group;
";

/// An SQLite database that was analysed knows how selective each index is, and takes an index it knows nothing of for
/// the best: it would read all suggestions for each page.
async fn analyze(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let is_sqlite = manager.get_database_backend() == DbBackend::Sqlite;
    if is_sqlite && manager.has_table("sqlite_stat1").await? {
        run(manager, ANALYZE).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DROP).await?;
        match manager.get_database_backend() {
            DbBackend::Postgres => run(manager, POSTGRES).await?,
            _ => run(manager, SQLITE).await?,
        }
        analyze(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, DROP).await?;
        run(manager, BEFORE).await?;
        analyze(manager).await
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
