//! On PostgreSQL, the index that keeps suggestions to people unique carries their state: to count the states of a group's
//! members then reads one range of it for each program, and no row.
//!
//! Nobody can write suggestions to people while it is built: about a second for a million of them.

use sea_orm_migration::prelude::*;

use crate::dialect::run_on_postgres;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
CREATE UNIQUE INDEX program_suggestions_of_key ON program_suggestions (platform_id, program_id, user_id) INCLUDE (state);
ALTER TABLE program_suggestions DROP CONSTRAINT program_suggestions_platform_id_program_id_user_id_key;
";

const DOWN: &str = "
ALTER TABLE program_suggestions
    ADD CONSTRAINT program_suggestions_platform_id_program_id_user_id_key UNIQUE (platform_id, program_id, user_id);
DROP INDEX program_suggestions_of_key;
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run_on_postgres(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run_on_postgres(manager, DOWN).await
    }

    /// A step that fails half-way leaves nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
