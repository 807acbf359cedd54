//! An attempt to send a message to the endpoint of a webhook.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub endpoint_id: i64,
    pub message_id: String,
    pub at: i64,
    pub attempt: i64,
    /// Of HTTP; none without an answer.
    pub status: Option<i64>,
    pub error: Option<String>,
    /// In milliseconds.
    pub duration: i64,
    pub events: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
