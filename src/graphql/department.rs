//! The type `Department`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::connection::Listed;
use super::id::NodeType;
use super::loader::{DepartmentId, Loaders};
use crate::domain::directory;

#[derive(Clone)]
pub(super) struct Department(pub(super) Arc<directory::Department>);

impl Listed for Department {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl AtOnce for Department {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "id" => to.id(NodeType::Department, self.0.id),
            "databaseId" => to.database_id(self.0.id),
            "key" => to.text(&self.0.key),
            "name" => to.text(&self.0.name),
            "parent" if self.0.parent_id.is_none() => to.null(),
            _ => return None,
        }
        Some(())
    }
}

/// A unit of a platform. Its admins administer the departments below it as well.
#[Object]
impl Department {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::Department.id(self.0.id)
    }

    /// The integer id.
    async fn database_id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The key, unique within the platform.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// The name for people.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The department above this one; null at the top, and where you do not administer it.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        department_of(ctx, self.0.parent_id).await
    }
}

/// A department by its id, if it is in sight.
pub(super) async fn department_of(
    ctx: &Context<'_>,
    id: Option<i64>,
) -> Result<Option<Department>> {
    let Some(id) = id else { return Ok(None) };
    let found = ctx.data::<Loaders>()?.load_one(DepartmentId(id)).await?;
    Ok(found.map(Department))
}
