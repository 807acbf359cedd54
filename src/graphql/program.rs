//! The type `Program`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, Value};

use super::at_once::{AtOnce, Below};
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
    fn at_once(&self, field: &str, _: Below<'_>) -> Option<Value> {
        Some(match field {
            "id" => Value::String(NodeType::Program.id(self.0.id).0),
            "key" => Value::from(self.0.key.as_str()),
            "name" => Value::from(self.0.name.as_str()),
            "org" => Value::from(self.0.org.as_deref()),
            "description" => Value::from(self.0.details.as_ref()?.description.as_deref()),
            "url" => Value::from(self.0.details.as_ref()?.url.as_deref()),
            "imageUrl" => Value::from(self.0.details.as_ref()?.image_url.as_deref()),
            _ => return None,
        })
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
