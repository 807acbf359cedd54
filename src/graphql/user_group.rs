//! The type `UserGroup`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::connection::Listed;
use super::department::{Department, department_of};
use super::id::NodeType;
use super::platform::Platform;
use super::program::platform_of;
use crate::domain::directory;

#[derive(Clone)]
pub(super) struct UserGroup(pub(super) Arc<directory::Group>);

impl Listed for UserGroup {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl AtOnce for UserGroup {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "id" => to.id(NodeType::UserGroup, self.0.id),
            "databaseId" => to.database_id(self.0.id),
            "name" => to.text(&self.0.name),
            "userCount" => to.int(self.members()),
            "department" if self.0.department_id.is_none() => to.null(),
            _ => return None,
        }
        Some(())
    }
}

impl UserGroup {
    /// The number of active members, as the `Int` of GraphQL.
    pub(super) fn members(&self) -> i32 {
        i32::try_from(self.0.user_count).unwrap_or(i32::MAX)
    }
}

/// A named set of users of one platform.
#[Object]
impl UserGroup {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::UserGroup.id(self.0.id)
    }

    /// The learning system's integer id, as the REST surface gives it.
    async fn database_id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The name for people.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The number of active members now.
    async fn user_count(&self) -> i32 {
        self.members()
    }

    /// The department the group is linked to; null if it is linked to none.
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        department_of(ctx, self.0.department_id).await
    }

    /// The platform that the group belongs to.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        platform_of(ctx, self.0.platform_id).await
    }
}
