//! The type `UserGroup`.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::connection::{Connection, Listed, Nested};
use super::department::{Department, department_of};
use super::id::NodeType;
use super::loader::MembersOf;
use super::platform::Platform;
use super::program::platform_of;
use super::user::User;
use crate::domain::directory;
use crate::page::ConnectionArguments;

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

    /// The active members of the group, in order of their usernames: those that `userCount` counts. A
    /// department admin sees all of them, but the e-mails of those in the administered departments only.
    #[graphql(name = "members")]
    async fn member_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only members whose username, name or e-mail contains this text, whatever the case. An e-mail that you do not see is not searched. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<User>> {
        let list = Nested {
            ordering: directory::MEMBERS,
            query,
            department_key: None,
            arguments: ConnectionArguments {
                first,
                after,
                last,
                before,
            },
        };
        list.load(ctx, MembersOf, self.0.id, User).await
    }
}
