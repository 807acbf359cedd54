//! On PostgreSQL, whether somebody has written lately is read from an index: whoever has must not be answered by a
//! replica that does not show it yet.

use sea_orm_migration::prelude::*;

use crate::dialect::run_on_postgres;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
CREATE INDEX suggestion_batches_of_actor ON suggestion_batches (actor_id, at) WHERE actor_id IS NOT NULL;
CREATE INDEX suggestion_batches_of_api_key ON suggestion_batches (api_key_id, at) WHERE api_key_id IS NOT NULL;
";

const DOWN: &str = "
DROP INDEX suggestion_batches_of_api_key;
DROP INDEX suggestion_batches_of_actor;
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
