//! The type `Program`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::connection::Listed;
use super::cx;
use super::id::NodeType;
use super::loader::{Loaders, PlatformId};
use super::platform::Platform;
use crate::domain::directory::{self, ProgramDetails};
use crate::error::Error;

#[derive(Clone)]
pub(super) struct Program(pub(super) Arc<directory::Program>);

impl Listed for Program {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl AtOnce for Program {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "id" => to.id(NodeType::Program, self.0.id),
            "key" => to.text(&self.0.key),
            "name" => to.text(&self.0.name),
            "org" => to.nullable_text(self.0.org.as_deref()),
            "description" => to.nullable_text(self.0.details.as_ref()?.description.as_deref()),
            "url" => to.nullable_text(self.0.details.as_ref()?.url.as_deref()),
            "imageUrl" => to.nullable_text(self.0.details.as_ref()?.image_url.as_deref()),
            _ => return None,
        }
        Some(())
    }
}

impl Program {
    /// The long texts, which lists read along where their fields are selected.
    async fn details(&self, ctx: &Context<'_>) -> Result<ProgramDetails> {
        if let Some(details) = &self.0.details {
            return Ok(details.clone());
        }
        let found = directory::programs(cx(ctx)?, &[self.0.id]).await?;
        let found = found.into_iter().next().and_then(|program| program.details);
        Ok(found.ok_or_else(|| Error::internal("a program in sight is out of sight"))?)
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
    async fn description(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.details(ctx).await?.description)
    }

    /// A page about the program.
    async fn url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.details(ctx).await?.url)
    }

    /// A picture for the program.
    async fn image_url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.details(ctx).await?.image_url)
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
