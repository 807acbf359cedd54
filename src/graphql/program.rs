//! The type `Program`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::connection::Listed;
use super::id::NodeType;
use super::loader::{Loaders, PlatformId};
use super::platform::Platform;
use crate::domain::directory;
use crate::error::Error;

#[derive(Clone)]
pub(super) struct Program(pub(super) Arc<directory::Program>);

impl Listed for Program {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

/// A program of study that can be suggested.
#[Object]
impl Program {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::Program.id(self.0.id)
    }

    /// The key by which arguments name the program, unique within its platform, e.g.
    /// `"program-v1:acme+data-science+2026"`.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// The name for people.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The organisation that offers the program.
    async fn org(&self) -> Option<&str> {
        self.0.org.as_deref()
    }

    /// What the program is about.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// A page about the program.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// A picture for the program.
    async fn image_url(&self) -> Option<&str> {
        self.0.image_url.as_deref()
    }

    /// The platform that the program belongs to.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        platform_of(ctx, self.0.platform_id).await
    }
}

/// The platform of something that is in sight itself.
pub(super) async fn platform_of(ctx: &Context<'_>, id: i64) -> Result<Platform> {
    let found = ctx.data::<Loaders>()?.load_one(PlatformId(id)).await?;
    Ok(Platform(found.ok_or_else(|| {
        Error::internal("the platform of a row in sight is out of sight")
    })?))
}
