//! How many suggestions a platform has. Triggers keep it; on PostgreSQL a total is the sum of several rows.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suggestion_counts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub platform_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub accepted: bool,
    #[sea_orm(primary_key, auto_increment = false)]
    pub visible: bool,
    #[sea_orm(primary_key, auto_increment = false)]
    pub state: i16,
    pub n: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
