//! What the service decides: one function an operation, check and act together. No web, no GraphQL;
//! both doors call these and nothing else.

pub mod directory;
pub mod event;
pub mod identity;
pub mod suggested_program;
pub mod suggestion;
pub mod webhook;

use std::sync::Arc;

use crate::auth::{Action, Permit, PlatformFacts, Sight, Viewer, policy};
use crate::clock::Timestamp;
use crate::db::{self, Db};
use crate::error::{Error, Result};
use crate::event::Origin;

/// What every operation works with: who asks, what they may look at, and the database.
#[derive(Debug, Clone)]
pub struct Cx {
    pub db: Db,
    pub viewer: Arc<Viewer>,
    /// What the caller may look at by id and through nested fields.
    pub sight: Arc<Sight>,
    /// Where the request comes from: events say so.
    pub origin: Arc<Origin>,
    /// Whether endpoints of webhooks may be http.
    pub allow_http: bool,
}

impl Cx {
    /// The context of one request.
    pub fn new(db: Db, viewer: Viewer, origin: Origin) -> Self {
        let sight = policy::sight(&viewer);
        Self {
            db,
            viewer: Arc::new(viewer),
            sight: Arc::new(sight),
            origin: Arc::new(origin),
            allow_http: false,
        }
    }

    /// The same for a caller who was asked again.
    pub fn of_viewer(&self, viewer: Arc<Viewer>) -> Self {
        Self {
            sight: Arc::new(policy::sight(&viewer)),
            viewer,
            ..self.clone()
        }
    }

    /// Sends what this request reads from now on to the replica, where that shows the caller's own writes. For
    /// requests that only read.
    pub async fn read_from_replica(&self) {
        let actor_id = self.viewer.user.as_ref().map(|user| user.id);
        let api_key_id = self.viewer.key.as_ref().map(|key| key.id);
        self.db.read_from_replica(actor_id, api_key_id).await;
    }

    /// What this request does, as its events say it. Without an operation it is an answer of a person.
    fn act<'a>(
        &'a self,
        platform_id: i64,
        operation: Option<&'a str>,
        at: Timestamp,
    ) -> db::suggestion::event::Act<'a> {
        db::suggestion::event::Act {
            platform_id,
            operation,
            actor_id: self.viewer.user.as_ref().map(|user| user.id),
            api_key_id: self.viewer.key.as_ref().map(|key| key.id),
            origin: &self.origin,
            at,
            undoes: None,
        }
    }

    /// The key of a platform in sight.
    async fn platform_key(&self, platform_id: i64) -> Result<Option<String>> {
        let standing = self
            .viewer
            .standings
            .iter()
            .find(|standing| standing.platform.id == platform_id);
        if let Some(standing) = standing {
            return Ok(Some(standing.platform.key.clone()));
        }
        let found = db::directory::platforms(&self.db, &self.sight, &[platform_id]).await?;
        Ok(found.into_iter().next().map(|platform| platform.key))
    }
}

/// The platform an operation is about, as the caller names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PlatformRef {
    pub key: String,
    /// Its organisation; if given, it must be that platform's.
    pub org: Option<String>,
    /// Whether a department admin works within the departments.
    pub department_mode: bool,
}

/// Finds the platform and asks the policy: the first step of every operation on one platform.
///
/// # Errors
/// [`Error::Unauthenticated`]; [`Error::Forbidden`], also for a platform that does not exist; for a
/// DM admin such a platform is [`Error::BadInput`].
async fn enter<A: Action>(cx: &Cx, platform: &PlatformRef) -> Result<Permit<A>> {
    policy::authenticated(&cx.viewer)?;
    let facts = known_platform(cx, &platform.key).await?;
    policy::permit(&cx.viewer, &facts, platform.department_mode)
}

/// The platform of a key, which must be one that the caller has to do with.
async fn known_platform(cx: &Cx, key: &str) -> Result<PlatformFacts> {
    match find_platform(cx, key).await? {
        Some(facts) => Ok(facts),
        None if cx.viewer.is_dm_admin() && cx.viewer.key.is_none() => Err(Error::bad_input(
            "platformKey",
            format!("There is no platform with the key `{key}`."),
        )),
        None => Err(policy::forbidden()),
    }
}

/// The platform of a key, as far as the caller has to do with it.
async fn find_platform(cx: &Cx, key: &str) -> Result<Option<PlatformFacts>> {
    let standing = cx
        .viewer
        .standings
        .iter()
        .find(|standing| standing.platform.key == key);
    if let Some(standing) = standing {
        return Ok(Some(standing.platform.clone()));
    }
    // Only a DM admin reaches platforms without a role there.
    if cx.viewer.is_dm_admin() && !key.contains('\0') {
        db::directory::platform_by_key(&cx.db, key).await
    } else {
        Ok(None)
    }
}

/// Whether the organisation that the caller named is the platform's.
fn org_matches<A: Action>(permit: &Permit<A>, platform: &PlatformRef) -> bool {
    platform
        .org
        .as_ref()
        .is_none_or(|org| *org == permit.platform().org)
}

const ORG_MISMATCH: &str = "This is not the organisation of that platform: leave it out, or name the one the platform belongs to.";

pub use migrations::fold;
