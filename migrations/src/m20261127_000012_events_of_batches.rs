//! On PostgreSQL, the batch and the platform of an event are no longer looked up for each event: that took half of the
//! time of writing them. A batch is written in the transaction of its events, has the reference to the platform, and is
//! removed after them. SQLite checks them in its own memory, where it costs next to nothing.

use sea_orm_migration::prelude::*;

use crate::dialect::run_on_postgres;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
ALTER TABLE suggestion_events
    DROP CONSTRAINT suggestion_events_batch_id_fkey,
    DROP CONSTRAINT suggestion_events_platform_id_fkey;
";

const DOWN: &str = "
ALTER TABLE suggestion_events
    ADD CONSTRAINT suggestion_events_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES suggestion_batches (id),
    ADD CONSTRAINT suggestion_events_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id);
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
