//! The type `Platform`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::at_once::{AtOnce, Writer};
use super::connection::{Connection, Nested};
use super::cx;
use super::department::Department;
use super::id::NodeType;
use super::loader::{DepartmentsOf, GroupsOf, ProgramsOf, UsersOf};
use super::program::Program;
use super::user::User;
use super::user_group::UserGroup;
use crate::auth::{Webhooks, policy};
use crate::domain::directory;
use crate::page::ConnectionArguments;

/// What you may do on a platform. Computed from who you are alone: what fails because of the data still fails.
#[derive(SimpleObject)]
pub(super) struct PlatformPermissions {
    /// Suggest to everybody, change and delete every suggestion.
    suggest: bool,
    /// The same with `departmentMode: true`: for the administered departments at least.
    suggest_in_departments: bool,
    /// Manage the endpoints that are told what happens.
    manage_webhooks: bool,
}

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

    /// What you may do on this platform, so that your interface shows no button that fails.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<PlatformPermissions> {
        let viewer = &cx(ctx)?.viewer;
        let whole = policy::manages_whole(viewer, self.0.id);
        Ok(PlatformPermissions {
            suggest: whole,
            suggest_in_departments: policy::manages(viewer, self.0.id),
            manage_webhooks: policy::permit::<Webhooks>(viewer, &self.0, false).is_ok(),
        })
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
        let list = Nested {
            ordering: directory::PROGRAMS,
            query,
            department_key: None,
            arguments: ConnectionArguments {
                first,
                after,
                last,
                before,
            },
        };
        list.load(ctx, ProgramsOf, self.0.id, Program).await
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
        let list = Nested {
            ordering: directory::GROUPS,
            query,
            department_key: None,
            arguments: ConnectionArguments {
                first,
                after,
                last,
                before,
            },
        };
        list.load(ctx, GroupsOf, self.0.id, UserGroup).await
    }

    /// The people of the platform to whom you may suggest, in order of their usernames: the active members
    /// of the platform. A department admin sees those in the administered departments, and a caller who
    /// administers nothing here sees nobody.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only users whose username, name or e-mail contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(
            desc = "Only members of the department with this key, or of one below it. Nobody where you do not administer it, or it is unknown."
        )]
        department_key: Option<String>,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<User>> {
        let list = Nested {
            ordering: directory::USERS,
            query,
            department_key,
            arguments: ConnectionArguments {
                first,
                after,
                last,
                before,
            },
        };
        list.load(ctx, UsersOf, self.0.id, User).await
    }

    /// The departments of the platform that you administer, those below them included, in order of their
    /// keys. For platform admins and DM admins: all departments.
    async fn departments(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only departments whose key or name contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Department>> {
        let list = Nested {
            ordering: directory::DEPARTMENTS,
            query,
            department_key: None,
            arguments: ConnectionArguments {
                first,
                after,
                last,
                before,
            },
        };
        list.load(ctx, DepartmentsOf, self.0.id, Department).await
    }
}
