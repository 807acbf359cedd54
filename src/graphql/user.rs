//! The type `User`.

use std::sync::Arc;

use async_graphql::{ID, Object, Value};

use super::at_once::{AtOnce, Below};
use super::id::NodeType;
use crate::domain::directory;

#[derive(Clone)]
pub(super) struct User(pub(super) Arc<directory::User>);

impl AtOnce for User {
    fn at_once(&self, field: &str, _: Below<'_>) -> Option<Value> {
        Some(match field {
            "id" => Value::String(NodeType::User.id(self.0.id).0),
            "databaseId" => Value::String(self.0.id.to_string()),
            "username" => Value::from(self.0.username.as_str()),
            "name" => Value::from(self.0.name.as_str()),
            "email" => Value::from(self.0.email.as_deref()),
            _ => return None,
        })
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

    /// The e-mail address, for those who administer the user and for the user.
    // Nobody else gets to see a user at all.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }
}
