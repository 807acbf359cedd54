//! What happened to suggestions: every change is an event, written with the change and never changed
//! afterwards.
//!
//! - `suggestion_batches` has a row for each request or import that changed anything, and one without
//!   `operation` for each answer of a person.
//! - `suggestion_events` holds the events. Their order is (`settled`, `id`): `settled` is the number of the
//!   writing transaction on PostgreSQL, and 0 on SQLite, which has one writer. Readers that go on from a place
//!   read no further than the oldest transaction that is still open.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
CREATE TABLE suggestion_batches (
    id          {pk},
    platform_id {int} NOT NULL REFERENCES platforms (id),
    at          {int} NOT NULL,
    operation   {text},
    actor_id    {int} REFERENCES users (id),
    api_key_id  {int} REFERENCES api_keys (id),
    source      {small} NOT NULL,                -- 0 GraphQL, 1 REST, 2 import
    request_id  {text} NOT NULL,
    undoes      {int},                           -- the batch that this one takes back, which may be removed earlier
    created_count {int} NOT NULL,
    updated_count {int} NOT NULL,
    deleted_count {int} NOT NULL
);
CREATE INDEX suggestion_batches_of_platform ON suggestion_batches (platform_id, id);
-- A batch is taken back once.
CREATE UNIQUE INDEX suggestion_batches_of_undone ON suggestion_batches (undoes) WHERE undoes IS NOT NULL;

CREATE TABLE suggestion_events (
    id            {pk},
    settled       {int} NOT NULL,
    batch_id      {int} NOT NULL REFERENCES suggestion_batches (id),
    platform_id   {int} NOT NULL REFERENCES platforms (id),
    program_id    {int} NOT NULL,
    kind          {small} NOT NULL,              -- 0 to a user, 1 to a group
    recipient_id  {int} NOT NULL,                -- the user or the group
    action        {small} NOT NULL,              -- 0 created, 1 updated, 2 deleted, 3 accepted, 4 dismissed, 5 restored
    suggestion_id {int},                         -- null for an answer
    changes       {text},                        -- JSON: [field, before, after] of each field that differs
    deleted       {text}                         -- JSON: the whole row that was deleted
);
-- The events of a platform in their order.
CREATE INDEX suggestion_events_of_platform ON suggestion_events (platform_id, settled, id);
-- The history of one suggestion.
CREATE INDEX suggestion_events_of_key ON suggestion_events (platform_id, program_id, kind, recipient_id, settled, id);
CREATE INDEX suggestion_events_of_batch ON suggestion_events (batch_id, id);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            "DROP TABLE suggestion_events; DROP TABLE suggestion_batches;",
        )
        .await
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
