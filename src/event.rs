//! What happened to suggestions, as plain data.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What happened. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventAction {
    Created = 0,
    Updated = 1,
    Deleted = 2,
    Accepted = 3,
    Dismissed = 4,
    Restored = 5,
}

impl EventAction {
    pub const ALL: [Self; 6] = [
        Self::Created,
        Self::Updated,
        Self::Deleted,
        Self::Accepted,
        Self::Dismissed,
        Self::Restored,
    ];

    /// As it is stored.
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// As it is stored in a set of actions.
    pub const fn bit(self) -> i16 {
        1 << self.number()
    }

    pub fn of_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.number() == number)
    }

    /// As the schema names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Updated => "UPDATED",
            Self::Deleted => "DELETED",
            Self::Accepted => "ACCEPTED",
            Self::Dismissed => "DISMISSED",
            Self::Restored => "RESTORED",
        }
    }
}

/// By which door a change came. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventSource {
    Graphql = 0,
    Rest = 1,
    Import = 2,
}

impl EventSource {
    pub const ALL: [Self; 3] = [Self::Graphql, Self::Rest, Self::Import];

    /// As it is stored.
    pub const fn number(self) -> i16 {
        self as i16
    }

    pub fn of_number(number: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.number() == number)
    }
}

/// Where a request comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    pub source: EventSource,
    pub request_id: String,
}

/// A field that differs. It is stored as an array of the three.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange(
    /// As the schema names it.
    pub String,
    /// Before: instants in microseconds, users by id.
    pub Value,
    pub Value,
);
