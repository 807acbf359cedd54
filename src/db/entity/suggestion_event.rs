//! What happened to a suggestion, or to a program that is suggested to a person.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suggestion_events")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The number of the writing transaction on PostgreSQL.
    pub settled: i64,
    pub batch_id: i64,
    pub platform_id: i64,
    pub program_id: i64,
    /// 0 to a user, 1 to a group.
    pub kind: i16,
    pub recipient_id: i64,
    pub action: i16,
    pub suggestion_id: Option<i64>,
    /// JSON: the fields that differ.
    pub changes: Option<String>,
    /// JSON: the row that was deleted.
    pub deleted: Option<String>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
