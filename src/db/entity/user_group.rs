//! A named set of users of one platform.

use sea_orm::entity::prelude::*;

/// A named set of users of one platform.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub platform_id: i64,
    pub name: String,
    pub name_folded: String,
    pub department_id: Option<i64>,
    pub user_count: i64,
}

/// The database checks the references; joins are written where they are read.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
