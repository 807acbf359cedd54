//! The type `Platform`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::connection::{Connection, selects_beyond, selects_total};
use super::id::NodeType;
use super::loader::{GroupsOf, Loaders, ProgramsOf};
use super::program::Program;
use super::user_group::UserGroup;
use crate::domain::directory::{self, NestedList};
use crate::page::{ConnectionArguments, Ordering};

#[derive(Clone)]
pub(super) struct Platform(pub(super) Arc<directory::Platform>);

impl AtOnce for Platform {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "id" => to.id(NodeType::Platform, self.0.id),
            "key" => to.text(&self.0.key),
            "org" => to.text(&self.0.org),
            "name" => to.text(&self.0.name),
            _ => return None,
        }
        Some(())
    }
}

/// A platform: a tenant of the service. Programs, groups and suggestions each belong to one.
#[Object]
impl Platform {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::Platform.id(self.0.id)
    }

    /// The unique key by which arguments name the platform, e.g. `"acme"`.
    async fn key(&self) -> &str {
        &self.0.key
    }

    /// The organisation the platform belongs to.
    async fn org(&self) -> &str {
        &self.0.org
    }

    /// The name for people.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The programs of the platform, in order of creation. Empty for a caller who administers
    /// nothing here.
    async fn programs(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only programs whose name or key contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Program>> {
        let ordering = directory::nested_ordering("p");
        let arguments = ConnectionArguments {
            first,
            after,
            last,
            before,
        };
        let list = nested(ctx, &ordering, query, &arguments)?;
        let loaded = ctx
            .data::<Loaders>()?
            .load_one(ProgramsOf(self.0.id, list))
            .await?;
        let slice = loaded.map(|slice| (*slice).clone()).unwrap_or_default();
        Ok(Connection::new(ordering, slice, Program))
    }

    /// The groups of the platform that you see, in order of their ids. A department admin sees those
    /// of the administered departments.
    async fn groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only groups whose name contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<UserGroup>> {
        let ordering = directory::nested_ordering("g");
        let arguments = ConnectionArguments {
            first,
            after,
            last,
            before,
        };
        let list = nested(ctx, &ordering, query, &arguments)?;
        let loaded = ctx
            .data::<Loaders>()?
            .load_one(GroupsOf(self.0.id, list))
            .await?;
        let slice = loaded.map(|slice| (*slice).clone()).unwrap_or_default();
        Ok(Connection::new(ordering, slice, UserGroup))
    }
}

fn nested(
    ctx: &Context<'_>,
    ordering: &Ordering,
    query: Option<String>,
    arguments: &ConnectionArguments,
) -> Result<NestedList> {
    Ok(NestedList {
        search: directory::search_text(query.as_deref())?,
        window: arguments.window(ordering)?,
        total: selects_total(ctx),
        beyond: selects_beyond(ctx),
    })
}
