//! A program suggested to a group.

use sea_orm::entity::prelude::*;

/// A program suggested to a group.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "program_group_suggestions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub platform_id: i64,
    pub program_id: i64,
    pub group_id: i64,
    pub accepted: bool,
    pub visible: bool,
    pub metadata: String,
    pub suggested_by: Option<i64>,
    pub created: i64,
    pub modified: i64,
    /// Text for the members.
    pub message: Option<String>,
    pub due_at: Option<i64>,
    pub visible_from: Option<i64>,
    pub visible_until: Option<i64>,
}

/// The database checks the references; joins are written where they are read.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
