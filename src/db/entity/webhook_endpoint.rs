//! A receiver of webhooks.

use std::fmt;

use sea_orm::entity::prelude::*;

#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoints")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub platform_id: i64,
    pub url: String,
    pub description: Option<String>,
    /// The bit `1 << action` of each action that is told.
    pub actions: i16,
    /// 0 running, 1 paused, 2 disabled.
    pub status: i16,
    pub created: i64,
    pub created_by: Option<i64>,
    pub secret: String,
    /// Signs as well until `former_until`.
    pub former_secret: Option<String>,
    pub former_until: Option<i64>,
    /// The events up to this place were told.
    pub place_settled: i64,
    pub place_id: i64,
    /// PostgreSQL: events seen in this snapshot are not told.
    pub begun: Option<String>,
    /// The message that is sent, or sent again.
    pub message_id: Option<String>,
    pub message_body: Option<String>,
    pub message_events: Option<i64>,
    /// The place after the message.
    pub message_settled: Option<i64>,
    pub message_place: Option<i64>,
    /// How often the message failed.
    pub attempt: i64,
    pub next_attempt_at: i64,
    pub failing_since: Option<i64>,
    pub last_delivered: Option<i64>,
    /// Who sends at present.
    pub lease_owner: Option<String>,
    pub lease_until: i64,
}

/// Without the secrets.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("id", &self.id)
            .field("platform_id", &self.platform_id)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
