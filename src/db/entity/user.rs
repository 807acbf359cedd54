//! A person of the learning system.

use sea_orm::entity::prelude::*;

/// A person of the learning system.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    pub username: String,
    pub username_folded: String,
    pub name: String,
    pub name_folded: String,
    pub email: Option<String>,
    pub email_folded: Option<String>,
    pub dm_admin: bool,
}

/// The database checks the references; joins are written where they are read.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
