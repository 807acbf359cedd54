//! From credentials to a caller with every role.

use crate::auth::{Credential, KeyIdentity, Standing, Verifier, Viewer};
use crate::clock;
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

async fn by_key(db: &Db, hash: &str) -> Result<Viewer> {
    let refused = |why: String| Err(Error::Unauthenticated(why));
    let now = clock::now();
    let Some(known) = access::key_by_hash(db, hash).await? else {
        return refused("no such API key".to_owned());
    };
    if let Some(at) = known.revoked {
        return refused(format!("API key {}: revoked at {at}", known.id));
    }
    if let Some(at) = known.expires.filter(|at| *at <= now) {
        return refused(format!("API key {}: expired at {at}", known.id));
    }
    api_keys::used(db, &known, now);
    let standings = match &known.user {
        Some(user) => access::standings(db, user.id, Some(known.platform.id)).await?,
        None => vec![Standing {
            platform: known.platform.clone(),
            admin: true,
            member: false,
            departments: Vec::new(),
        }],
    };
    Ok(Viewer {
        user: known.user.clone(),
        key: Some(KeyIdentity {
            id: known.id,
            platform_id: known.platform.id,
        }),
        standings,
    })
}

async fn by_token(db: &Db, verifier: &Verifier, token: &str) -> Result<Viewer> {
    let subject = verifier.verify(token).await?;
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
    })
}
