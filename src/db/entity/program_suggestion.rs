//! A program suggested to a user.

use sea_orm::entity::prelude::*;

/// A program suggested to a user.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "program_suggestions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub platform_id: i64,
    pub program_id: i64,
    pub user_id: i64,
    pub accepted: bool,
    pub visible: bool,
    pub direct: bool,
    pub metadata: String,
    pub suggested_by: Option<i64>,
    pub created: i64,
    pub modified: i64,
    /// Text for the person.
    pub message: Option<String>,
    pub due_at: Option<i64>,
    pub visible_from: Option<i64>,
    pub visible_until: Option<i64>,
    /// 1 accepted, 2 dismissed; triggers keep it.
    pub answer: Option<i16>,
    /// Generated: 0 pending, 1 accepted, 2 dismissed.
    pub state: i16,
}

/// The database checks the references; joins are written where they are read.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
