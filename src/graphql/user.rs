//! The type `User`.

use std::sync::Arc;

use async_graphql::{ID, Object};

use super::at_once::{AtOnce, Writer};
use super::connection::Listed;
use super::id::NodeType;
use crate::domain::directory;

#[derive(Clone)]
pub(super) struct User(pub(super) Arc<directory::User>);

impl Listed for User {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl AtOnce for User {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "id" => to.id(NodeType::User, self.0.id),
            "databaseId" => to.database_id(self.0.id),
            "username" => to.text(&self.0.username),
            "name" => to.text(&self.0.name),
            "email" => to.nullable_text(self.0.email.as_deref()),
            _ => return None,
        }
        Some(())
    }
}

/// A person of the learning system.
#[Object]
impl User {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::User.id(self.0.id)
    }

    /// The learning system's integer id, as the REST surface gives it.
    async fn database_id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The unique username.
    async fn username(&self) -> &str {
        &self.0.username
    }

    /// The name for people; may be empty.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The e-mail address, for those who administer the user and for the user. Null where the user has
    /// none, and where you see as a member of a group somebody whom you do not administer.
    // Nobody else gets to see a user at all; the members of a group are read without the e-mails that the
    // caller does not see.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }
}
