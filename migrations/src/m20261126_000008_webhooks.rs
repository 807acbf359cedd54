//! Webhooks: who is told what happened, and what became of each message.
//!
//! - `webhook_endpoints` has a row for each receiver. The events up to (`place_settled`, `place_id`) were told.
//!   A message is written down before it is sent for the first time, so that it is the same whenever it is
//!   repeated, whoever sends it.
//! - `webhook_deliveries` has a row for each attempt, for a week.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
CREATE TABLE webhook_endpoints (
    id              {pk},
    platform_id     {int} NOT NULL REFERENCES platforms (id),
    url             {text} NOT NULL,
    description     {text},
    actions         {small} NOT NULL,            -- the bit 1 << action of each action that is told
    status          {small} NOT NULL,            -- 0 running, 1 paused, 2 disabled
    created         {int} NOT NULL,
    created_by      {int} REFERENCES users (id),
    secret          {text} NOT NULL,
    former_secret   {text},                      -- signs as well until `former_until`
    former_until    {int},
    place_settled   {int} NOT NULL,
    place_id        {int} NOT NULL,
    begun           {text},                      -- PostgreSQL: events seen in this snapshot are not told
    message_id      {text},                      -- the message that is sent, or sent again
    message_body    {text},
    message_events  {int},
    message_settled {int},                       -- the place after it
    message_place   {int},
    attempt         {int} NOT NULL,              -- how often the message failed
    next_attempt_at {int} NOT NULL,
    failing_since   {int},
    last_delivered  {int},
    lease_owner     {text},                      -- who sends at present
    lease_until     {int} NOT NULL
);
CREATE INDEX webhook_endpoints_of_platform ON webhook_endpoints (platform_id, id);

CREATE TABLE webhook_deliveries (
    id          {pk},
    endpoint_id {int} NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    message_id  {text} NOT NULL,
    at          {int} NOT NULL,
    attempt     {int} NOT NULL,
    status      {int},                           -- of HTTP; null without an answer
    error       {text},
    duration    {int} NOT NULL,                  -- in milliseconds
    events      {int} NOT NULL
);
CREATE INDEX webhook_deliveries_of_endpoint ON webhook_deliveries (endpoint_id, id);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (at);
";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            "DROP TABLE webhook_deliveries; DROP TABLE webhook_endpoints;",
        )
        .await
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
