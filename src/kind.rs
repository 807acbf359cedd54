//! The two kinds of suggestion: to a user, and to a group.
//!
//! Code that is the same for both is generic over [`SuggestionKind`]; where the kind is only known at run
//! time (records of an import, tables of tests) it is a [`Kind`]. What a kind means to one layer (a table, a
//! GraphQL type) stands in that layer, in one trait or one match on [`Kind`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of suggestion as a type. The markers are [`ToUser`] and [`ToGroup`].
pub trait SuggestionKind: Copy + Default + fmt::Debug + Send + Sync + 'static {
    const KIND: Kind;
}

/// A kind of suggestion as a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    User,
    Group,
}

/// A program is suggested to one user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToUser;

/// A program is suggested to a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToGroup;

impl SuggestionKind for ToUser {
    const KIND: Kind = Kind::User;
}

impl SuggestionKind for ToGroup {
    const KIND: Kind = Kind::Group;
}

impl Kind {
    /// What a suggestion of this kind is made to.
    pub const fn recipient(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
        }
    }

    /// The name of its list in cursors.
    pub const fn cursor_list(self) -> &'static str {
        match self {
            Self::User => "ps",
            Self::Group => "pgs",
        }
    }

    /// The operation that suggests one program.
    pub const fn create(self) -> &'static str {
        match self {
            Self::User => "programSuggestionCreate",
            Self::Group => "programGroupSuggestionCreate",
        }
    }

    /// The operation that deletes one suggestion.
    pub const fn delete(self) -> &'static str {
        match self {
            Self::User => "programSuggestionDelete",
            Self::Group => "programGroupSuggestionDelete",
        }
    }

    /// The operation that idempotency keys of bulk creates belong to.
    pub const fn bulk_create(self) -> &'static str {
        match self {
            Self::User => "programSuggestionBulkCreate",
            Self::Group => "programGroupSuggestionBulkCreate",
        }
    }

    /// The operation that idempotency keys of updates by filter belong to.
    pub const fn update_where(self) -> &'static str {
        match self {
            Self::User => "programSuggestionUpdateWhere",
            Self::Group => "programGroupSuggestionUpdateWhere",
        }
    }

    /// The operation that idempotency keys of deletions by filter belong to.
    pub const fn delete_where(self) -> &'static str {
        match self {
            Self::User => "programSuggestionDeleteWhere",
            Self::Group => "programGroupSuggestionDeleteWhere",
        }
    }

    /// The operation that idempotency keys of bulk deletes belong to.
    pub const fn bulk_delete(self) -> &'static str {
        match self {
            Self::User => "programSuggestionBulkDelete",
            Self::Group => "programGroupSuggestionBulkDelete",
        }
    }
}
