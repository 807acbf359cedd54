//! A request or an import that changed suggestions, or one answer of a person.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suggestion_batches")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub platform_id: i64,
    pub at: i64,
    /// None: an answer, which belongs to no batch.
    pub operation: Option<String>,
    pub actor_id: Option<i64>,
    pub api_key_id: Option<i64>,
    /// 0 GraphQL, 1 REST, 2 import.
    pub source: i16,
    pub request_id: String,
    pub created_count: i64,
    pub updated_count: i64,
    pub deleted_count: i64,
    /// The batch that this one takes back.
    pub undoes: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
