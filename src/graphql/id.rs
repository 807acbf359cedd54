//! Global ids: opaque to clients, and typed, so that an id of one thing is never taken for another.

use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::suggested_program::SuggestedProgramKey;
use crate::error::{Error, Problem, ProblemCode};

/// What has a global id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum NodeType {
    Platform,
    Department,
    Program,
    User,
    UserGroup,
    ProgramSuggestion,
    ProgramGroupSuggestion,
    SuggestionEvent,
    SuggestionBatch,
    WebhookEndpoint,
}

impl NodeType {
    pub(super) const ALL: [Self; 10] = [
        Self::Platform,
        Self::Department,
        Self::Program,
        Self::User,
        Self::UserGroup,
        Self::ProgramSuggestion,
        Self::ProgramGroupSuggestion,
        Self::SuggestionEvent,
        Self::SuggestionBatch,
        Self::WebhookEndpoint,
    ];

    /// The name of the type.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Platform => "Platform",
            Self::Department => "Department",
            Self::Program => "Program",
            Self::User => "User",
            Self::UserGroup => "UserGroup",
            Self::ProgramSuggestion => "ProgramSuggestion",
            Self::ProgramGroupSuggestion => "ProgramGroupSuggestion",
            Self::SuggestionEvent => "SuggestionEvent",
            Self::SuggestionBatch => "SuggestionBatch",
            Self::WebhookEndpoint => "WebhookEndpoint",
        }
    }

    /// The global id of a row.
    pub(super) fn id(self, id: i64) -> ID {
        ID(URL_SAFE_NO_PAD.encode(format!("{}:{id}", self.name())))
    }

    /// Reads a global id of this type.
    pub(super) fn read(self, text: &str) -> Option<i64> {
        decode(text)
            .filter(|(kind, _)| *kind == self)
            .map(|(_, id)| id)
    }

    /// Reads the global id or the integer id of this type in the filter `field`.
    pub(super) fn read_either(self, text: &str, field: &str, rows: &str) -> Result<i64, Error> {
        integer(text).or_else(|| self.read(text)).ok_or_else(|| {
            Error::InvalidId(if is_too_large(text) {
                format!("`{field}`: {TOO_LARGE}")
            } else {
                format!(
                    "`{field}` takes ids of {rows}, and `{text}` is none: pass on an `id` or a `databaseId` exactly as it was given."
                )
            })
        })
    }

    /// Reads a global id that stands at `field` of an input.
    pub(super) fn input(self, text: &str, field: &[&str]) -> Result<i64, Problem> {
        self.read(text).ok_or_else(|| {
            Problem::new(
                ProblemCode::Invalid,
                field,
                format!(
                    "This is not the id of a {}: pass on an `id` exactly as it was given, or use `databaseId`.",
                    self.name()
                ),
            )
        })
    }
}

/// What a global id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum NodeId {
    Row(NodeType, i64),
    SuggestedProgram(SuggestedProgramKey),
}

/// The name of the type that is not stored.
const SUGGESTED_PROGRAM: &str = "SuggestedProgram";

/// The global id of a suggested program.
pub(super) fn suggested_program(key: &SuggestedProgramKey) -> ID {
    let SuggestedProgramKey {
        platform_id,
        program_id,
        user_id,
    } = key;
    ID(URL_SAFE_NO_PAD.encode(format!(
        "{SUGGESTED_PROGRAM}:{platform_id}:{program_id}:{user_id}"
    )))
}

/// Reads what [`suggested_program`] writes.
pub(super) fn read_suggested_program(text: &str) -> Option<SuggestedProgramKey> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let (name, ids) = text.split_once(':')?;
    let mut ids = ids.split(':').map(integer);
    let mut id = || ids.next().flatten();
    let key = SuggestedProgramKey {
        platform_id: id()?,
        program_id: id()?,
        user_id: id()?,
    };
    (name == SUGGESTED_PROGRAM && ids.next().is_none()).then_some(key)
}

/// Reads a global id of any type.
///
/// # Errors
/// [`Error::InvalidId`].
pub(super) fn node(text: &str) -> Result<NodeId, Error> {
    let row = decode(text).map(|(kind, id)| NodeId::Row(kind, id));
    let id = row.or_else(|| read_suggested_program(text).map(NodeId::SuggestedProgram));
    id.ok_or_else(|| {
        Error::InvalidId(
            "This is not a global id: pass on an `id` exactly as it was given.".to_owned(),
        )
    })
}

fn decode(text: &str) -> Option<(NodeType, i64)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    let (name, id) = text.split_once(':')?;
    let kind = NodeType::ALL.into_iter().find(|kind| kind.name() == name)?;
    Some((kind, integer(id)?))
}

/// Reads an integer id: decimal digits, not negative.
pub(super) fn integer(text: &str) -> Option<i64> {
    is_digits(text).then(|| text.parse().ok()).flatten()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text would be an integer id if it were smaller.
fn is_too_large(text: &str) -> bool {
    is_digits(text) && text.parse::<i64>().is_err()
}

const TOO_LARGE: &str =
    "This integer is too large for an id: ids have at most 64 bits, up to 9223372036854775807.";

/// Reads an integer id that stands at `field` of an input.
pub(super) fn database_id(text: &str, field: &[&str]) -> Result<i64, Problem> {
    integer(text).ok_or_else(|| {
        let message = if is_too_large(text) {
            TOO_LARGE
        } else {
            "`databaseId` must be a whole number in decimal digits."
        };
        Problem::new(ProblemCode::Invalid, field, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_as_what_it_was_and_nothing_else() {
        for kind in NodeType::ALL {
            let id = kind.id(i64::MAX);
            assert_eq!(node(&id).ok(), Some(NodeId::Row(kind, i64::MAX)));
            assert_eq!(kind.read(&id), Some(i64::MAX));
        }
        assert_eq!(NodeType::User.read(&NodeType::UserGroup.id(1)), None);
        assert_eq!(
            NodeType::User.read_either("7", "userIds", "users").ok(),
            Some(7)
        );
        let forged = URL_SAFE_NO_PAD.encode("User:-1");
        for wrong in ["", "7", "💥", "VXNlcjo", &forged, "99999999999999999999"] {
            assert!(node(wrong).is_err(), "{wrong}");
        }
    }
}
