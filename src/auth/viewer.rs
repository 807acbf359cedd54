//! The caller, with every role the database gives.

use crate::clock::Timestamp;

/// Who is calling. Loaded once a request, before anything is decided.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    /// The person: the subject of a token, or the user a key is bound to.
    pub user: Option<UserIdentity>,
    /// The key the call came with.
    pub key: Option<KeyIdentity>,
    /// The platforms on which the caller holds a role, by platform key. A key has at most its own.
    pub standings: Vec<Standing>,
    /// When the token ends that the call came with.
    pub expires: Option<Timestamp>,
}

/// A person, as far as deciding needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserIdentity {
    /// The learning system's id.
    pub id: i64,
    /// Unique, whatever the case.
    pub username: String,
    /// May do everything on every platform.
    pub dm_admin: bool,
}

/// An API key, as far as deciding needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyIdentity {
    /// The id that the command line lists.
    pub id: i64,
    /// The key never reaches beyond this platform.
    pub platform_id: i64,
}

/// A platform in so many words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformFacts {
    pub id: i64,
    pub key: String,
    pub org: String,
    pub name: String,
}

/// What the database says of one caller on one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub platform: PlatformFacts,
    /// An active membership with the role admin, or an unbound key of the platform.
    pub admin: bool,
    /// An active membership of any role.
    pub member: bool,
    /// The departments the caller administers, with all their descendants; sorted. Empty where the
    /// membership is inactive.
    pub departments: Vec<i64>,
}

impl Viewer {
    /// Nobody: no credentials were sent.
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// Whether no credentials were sent.
    pub fn is_anonymous(&self) -> bool {
        self.user.is_none() && self.key.is_none()
    }

    /// Whether the person may do everything (a key still binds them to its platform).
    pub fn is_dm_admin(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.dm_admin)
    }

    /// The caller as idempotency records name them: a key is a caller of its own.
    pub fn caller(&self) -> Option<String> {
        match (&self.key, &self.user) {
            (Some(key), _) => Some(format!("key:{}", key.id)),
            (None, Some(user)) => Some(format!("user:{}", user.id)),
            (None, None) => None,
        }
    }
}
