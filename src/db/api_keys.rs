//! API keys: made, listed and revoked by the command line, and marked when they are used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::sea_query::{Expr, ExprTrait as _, Func, JoinType, Order, Query};

use super::entity::api_key::{
    Column::{Created, Expires, Id, KeyHash, LastUsed, Name, PlatformId, Revoked, UserId},
    Entity,
};
use super::entity::{platform, user};
use super::statement::{Arguments, Shapes, slot};
use super::{Db, Finish, Tx, access, directory};
use crate::auth::api_key;
use crate::clock::Timestamp;
use crate::error::{Error, Result};

static CREATE: Shapes<()> = Shapes::new("api_keys.create");
static USER: Shapes<()> = Shapes::new("api_keys.user");
static LIST: Shapes<bool> = Shapes::new("api_keys.list");
static REVOKE: Shapes<()> = Shapes::new("api_keys.revoke");
static TOUCH: Shapes<()> = Shapes::new("api_keys.touch");

/// How exact "last used" is.
const USE_PRECISION: Duration = Duration::from_secs(60);

/// The longest name of a key, in characters.
const LONGEST_NAME: usize = 255;

/// A key to be made.
#[derive(Debug)]
pub struct NewKey {
    /// The key of the platform it is bound to.
    pub platform: String,
    /// The username of the person it is bound to.
    pub user: Option<String>,
    pub name: String,
    pub expires: Option<Timestamp>,
}

/// A key as it is listed; never the key itself.
#[derive(Debug)]
pub struct ListedKey {
    pub id: i64,
    pub name: String,
    pub platform: String,
    pub user: Option<String>,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    pub last_used: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
}

/// Makes a key and answers its text, which is kept nowhere.
///
/// # Errors
/// [`Error::BadInput`] for a name that does not do, [`Error::NotFound`] for an unknown platform or user,
/// or one without a role on that platform, and those of the database.
pub async fn create(db: &Db, new: &NewKey, now: Timestamp) -> Result<String> {
    let name = new.name.trim();
    if name.is_empty() || name.contains('\0') || name.chars().count() > LONGEST_NAME {
        return Err(Error::bad_input(
            "name",
            format!("the name must have 1 to {LONGEST_NAME} characters"),
        ));
    }
    let platform_id = platform_id(db, &new.platform).await?;
    let user_id = match &new.user {
        Some(username) => Some(user_id(db, username, platform_id, &new.platform).await?),
        None => None,
    };
    let (text, hash) = api_key::generate()?;
    let arguments = Arguments::default()
        .with("name", name)
        .with("hash", hash)
        .with("platform", platform_id)
        .with("user", user_id)
        .with("created", now.0)
        .with("expires", new.expires.map(|at| at.0));
    let sql = CREATE.bind(db.engine(), &(), arguments, || {
        Query::insert()
            .into_table(Entity)
            .columns([Name, KeyHash, PlatformId, UserId, Created, Expires])
            .values_panic(["name", "hash", "platform", "user", "created", "expires"].map(slot))
            .to_owned()
    })?;
    db.write(async |tx| tx.execute(sql).await.map(Finish::Commit))
        .await?;
    Ok(text)
}

async fn platform_id(db: &Db, key: &str) -> Result<i64> {
    let found = directory::platform_by_key(db, &key.replace('\0', "")).await?;
    found
        .map(|platform| platform.id)
        .ok_or_else(|| Error::NotFound(format!("there is no platform {key:?}")))
}

async fn user_id(db: &Db, username: &str, platform_id: i64, platform: &str) -> Result<i64> {
    let folded = migrations::fold(username).replace('\0', "");
    let arguments = Arguments::default().with("username", folded);
    let sql = USER.bind(db.engine(), &(), arguments, || {
        use user::Column::{DmAdmin, Id, UsernameFolded};
        Query::select()
            .columns([Id, DmAdmin])
            .from(user::Entity)
            .and_where(Expr::col(UsernameFolded).eq(slot("username")))
            .take()
    })?;
    let found = db.query(sql, |row| Ok((row.take()?, row.take()?))).await?;
    let (id, dm_admin): (i64, bool) = found
        .into_iter()
        .next()
        .ok_or_else(|| Error::NotFound(format!("there is no user {username:?}")))?;
    let stands = !access::standings(db, id, Some(platform_id))
        .await?
        .is_empty();
    if stands || dm_admin {
        Ok(id)
    } else {
        Err(Error::NotFound(format!(
            "the user {username:?} has no active role on the platform {platform:?}"
        )))
    }
}

/// All keys, or those of one platform, in the order they were made.
///
/// # Errors
/// [`Error::NotFound`] for an unknown platform, and those of the database.
pub async fn list(db: &Db, platform: Option<&str>) -> Result<Vec<ListedKey>> {
    let mut arguments = Arguments::default();
    if let Some(key) = platform {
        arguments.add("platform", platform_id(db, key).await?);
    }
    let sql = LIST.bind(db.engine(), &platform.is_some(), arguments, || {
        let mut query = Query::select();
        query
            .columns([Id, Name].map(|column| ("k", column)))
            .column(("p", platform::Column::Key))
            .column(("u", user::Column::Username))
            .columns([Created, Expires, LastUsed, Revoked].map(|column| ("k", column)))
            .from_as(Entity, "k")
            .join_as(
                JoinType::InnerJoin,
                platform::Entity,
                "p",
                Expr::col(("p", platform::Column::Id)).equals(("k", PlatformId)),
            )
            .join_as(
                JoinType::LeftJoin,
                user::Entity,
                "u",
                Expr::col(("u", user::Column::Id)).equals(("k", UserId)),
            )
            .order_by(("k", Id), Order::Asc);
        if platform.is_some() {
            query.and_where(Expr::col(("k", PlatformId)).eq(slot("platform")));
        }
        query
    })?;
    db.query(sql, |row| {
        Ok(ListedKey {
            id: row.take()?,
            name: row.take()?,
            platform: row.take()?,
            user: row.take()?,
            created: Timestamp(row.take()?),
            expires: row.take::<Option<i64>>()?.map(Timestamp),
            last_used: row.take::<Option<i64>>()?.map(Timestamp),
            revoked: row.take::<Option<i64>>()?.map(Timestamp),
        })
    })
    .await
}

/// Revokes a key immediately: replicas do not cache keys. Revoking it again changes nothing.
///
/// # Errors
/// [`Error::NotFound`] for an unknown id, and those of the database.
pub async fn revoke(db: &Db, id: i64, now: Timestamp) -> Result<()> {
    let arguments = Arguments::default().with("now", now.0).with("id", id);
    let sql = REVOKE.bind(db.engine(), &(), arguments, || {
        Query::update()
            .table(Entity)
            .value(Revoked, Func::coalesce([Expr::col(Revoked), slot("now")]))
            .and_where(Expr::col(Id).eq(slot("id")))
            .to_owned()
    })?;
    let touched = db
        .write(async |tx| tx.execute(sql).await.map(Finish::Commit))
        .await?;
    if touched == 0 {
        return Err(Error::NotFound(format!("there is no API key with id {id}")));
    }
    Ok(())
}

/// The keys this process has marked as used lately, so that a busy key is written once a minute and
/// not once a request.
#[derive(Debug, Clone, Default)]
pub(super) struct Uses(Arc<Mutex<HashMap<i64, Timestamp>>>);

impl Uses {
    /// Whether this use is to be written; if so, it counts as written.
    fn note(&self, id: i64, stored: Option<Timestamp>, now: Timestamp) -> bool {
        let recent = now.minus(USE_PRECISION);
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = uses.get(&id).copied().max(stored);
        if last.is_some_and(|last| last > recent) {
            return false;
        }
        uses.retain(|_, at| *at > recent);
        uses.insert(id, now);
        true
    }
}

/// Marks a key as used, at most once a minute, in the background: no request waits for it or fails
/// with it.
pub fn used(db: &Db, key: &access::KnownKey, now: Timestamp) {
    if !db.uses.note(key.id, key.last_used, now) {
        return;
    }
    let (db, id) = (db.clone(), key.id);
    tokio::spawn(async move {
        let touch = async |tx: &Tx| {
            let arguments = Arguments::default().with("now", now.0).with("id", id);
            let sql = TOUCH.bind(tx.engine(), &(), arguments, || {
                Query::update()
                    .table(Entity)
                    .value(LastUsed, slot("now"))
                    .and_where(Expr::col(Id).eq(slot("id")))
                    .to_owned()
            })?;
            tx.execute(sql).await.map(Finish::Commit)
        };
        if let Err(error) = db.write(touch).await {
            tracing::warn!(%error, key = id, "could not write when an API key was used");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let uses = Uses::default();
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        assert!(uses.note(1, None, at(100)));
        assert!(!uses.note(1, None, at(159)));
        assert!(uses.note(1, None, at(160)));
        // Another replica wrote it.
        assert!(!uses.note(2, Some(at(150)), at(170)));
        assert!(uses.note(2, Some(at(100)), at(170)));
    }
}
