//! From credentials to a caller with every role.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::auth::{Credential, KeyIdentity, Standing, Verifier, Viewer};
use crate::clock::{self, Timestamp};
use crate::db::{Db, access, api_keys};
use crate::error::{Error, Result};

/// Finds out who is calling, in at most two statements: who they are, and where they hold a role.
///
/// # Errors
/// [`Error::Unauthenticated`] for credentials that are wrong, with the reason for the log, and those of
/// the database.
pub async fn authenticate(
    db: &Db,
    verifier: &Verifier,
    credential: Option<Credential>,
) -> Result<Viewer> {
    match credential {
        None => Ok(Viewer::anonymous()),
        Some(Credential::ApiKey(hash)) => by_key(db, &hash).await,
        Some(Credential::Jwt(token)) => by_token(db, verifier, &token).await,
    }
}

/// Asks again who these callers are and where they hold a role, in three statements for any number of them. The
/// outer error is that of the database, and says nothing of any caller.
///
/// # Errors
/// The inner one is [`Error::Unauthenticated`] for a key or a token that has ended, and for a person who is gone.
pub async fn ask_again(db: &Db, viewers: &[Arc<Viewer>]) -> Result<Vec<Result<Viewer>>> {
    let now = clock::now();
    let key_ids: Vec<i64> = sorted(viewers.iter().filter_map(|it| Some(it.key.as_ref()?.id)));
    let user_ids = sorted(viewers.iter().filter_map(|it| Some(it.user.as_ref()?.id)));
    let keys = if key_ids.is_empty() {
        HashMap::new()
    } else {
        access::keys_by_id(db, &key_ids).await?
    };
    let (mut users, mut standings) = (HashMap::new(), HashMap::new());
    if !user_ids.is_empty() {
        users = access::users_by_id(db, &user_ids).await?;
        standings = access::standings_of(db, &user_ids).await?;
    }
    let again = |viewer: &Viewer| {
        let refused = |why: &str| Error::Unauthenticated(why.to_owned());
        if viewer.expires.is_some_and(|at| at <= now) {
            return Err(refused("the token has ended"));
        }
        let user = match &viewer.user {
            None => None,
            Some(user) => {
                let user = users.get(&user.id);
                Some(user.ok_or_else(|| refused("the person is gone"))?)
            }
        };
        let of_user = || {
            let standings = user.and_then(|user| standings.get(&user.id));
            standings.cloned().unwrap_or_default()
        };
        let standings = match &viewer.key {
            None => of_user(),
            Some(key) => {
                let known = keys.get(&key.id);
                let known = known.ok_or_else(|| refused("the API key is gone"))?;
                check_key(known, now)?;
                if user.is_some() {
                    let mut standings = of_user();
                    standings.retain(|standing| standing.platform.id == key.platform_id);
                    standings
                } else {
                    vec![of_unbound_key(known)]
                }
            }
        };
        Ok(Viewer {
            user: user.cloned(),
            key: viewer.key.clone(),
            standings,
            expires: viewer.expires,
        })
    };
    Ok(viewers.iter().map(|viewer| again(viewer)).collect())
}

fn sorted(ids: impl Iterator<Item = i64>) -> Vec<i64> {
    let ids: BTreeSet<i64> = ids.collect();
    ids.into_iter().collect()
}

/// Whether a key has not ended.
fn check_key(known: &access::KnownKey, now: Timestamp) -> Result<()> {
    let refused = |why: String| Err(Error::Unauthenticated(why));
    if let Some(at) = known.revoked {
        return refused(format!("API key {}: revoked at {at}", known.id));
    }
    if let Some(at) = known.expires.filter(|at| *at <= now) {
        return refused(format!("API key {}: expired at {at}", known.id));
    }
    Ok(())
}

/// What a key commands that is bound to nobody.
fn of_unbound_key(known: &access::KnownKey) -> Standing {
    Standing {
        platform: known.platform.clone(),
        admin: true,
        member: false,
        departments: Vec::new(),
    }
}

async fn by_key(db: &Db, hash: &str) -> Result<Viewer> {
    let now = clock::now();
    let Some(known) = access::key_by_hash(db, hash).await? else {
        return Err(Error::Unauthenticated("no such API key".to_owned()));
    };
    check_key(&known, now)?;
    api_keys::used(db, &known, now);
    let standings = match &known.user {
        Some(user) => access::standings(db, user.id, Some(known.platform.id)).await?,
        None => vec![of_unbound_key(&known)],
    };
    Ok(Viewer {
        user: known.user.clone(),
        key: Some(KeyIdentity {
            id: known.id,
            platform_id: known.platform.id,
        }),
        standings,
        expires: None,
    })
}

async fn by_token(db: &Db, verifier: &Verifier, token: &str) -> Result<Viewer> {
    let (subject, expires) = verifier.verify(token).await?;
    let Some(user) = access::user_by_subject(db, &subject).await? else {
        return Err(Error::Unauthenticated(format!(
            "bearer token: {:.200?} names no user, or several by e-mail",
            subject.0
        )));
    };
    let standings = access::standings(db, user.id, None).await?;
    Ok(Viewer {
        user: Some(user),
        key: None,
        standings,
        expires: Some(expires),
    })
}
