//! What a person answered about a program of a platform. It outlives the suggestions.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suggestion_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub platform_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub program_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: i64,
    /// False: dismissed.
    pub accepted: bool,
    /// Of a dismissal: `not_relevant`, `already_done`, `no_time` or `other`.
    pub reason: Option<String>,
    pub comment: Option<String>,
    pub answered: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
