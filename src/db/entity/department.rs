//! A unit of a platform.

use sea_orm::entity::prelude::*;

/// A unit of a platform.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "departments")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub platform_id: i64,
    pub key: String,
    pub name: String,
    pub parent_id: Option<i64>,
    pub key_folded: String,
    pub name_folded: String,
}

/// The database checks the references; joins are written where they are read.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
