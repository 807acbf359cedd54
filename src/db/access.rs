//! Who somebody is and where they hold a role. The only reads that need no permit, because they come
//! before there is anybody to give one to.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::FutureExt as _;

use super::Db;
use super::sql::Sql;
use crate::auth::{PlatformFacts, Standing, Subject, UserIdentity};
use crate::clock::Timestamp;
use crate::error::Result;

/// A key as the database knows it.
#[derive(Debug)]
pub struct KnownKey {
    /// The id that the command line lists.
    pub id: i64,
    /// The platform it is bound to.
    pub platform: PlatformFacts,
    /// The person it is bound to.
    pub user: Option<UserIdentity>,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// When it was ended.
    pub revoked: Option<Timestamp>,
    /// When it was used last, give or take a minute.
    pub last_used: Option<Timestamp>,
}

/// The key with this hash, whatever its state. Those that come in together are looked up together.
///
/// # Errors
/// Those of the database.
pub async fn key_by_hash(db: &Db, hash: &str) -> Result<Option<Arc<KnownKey>>> {
    let reader = db.clone();
    let look_up = move |hashes| {
        let db = reader.clone();
        async move { keys_by_hash(&db, hashes).await }.boxed()
    };
    db.keys.find(hash.to_owned(), look_up).await
}

async fn keys_by_hash(db: &Db, hashes: Vec<String>) -> Result<HashMap<String, Arc<KnownKey>>> {
    let mut sql = Sql::new(db.engine());
    sql.push(
        "SELECT k.key_hash, k.id, p.id, p.key, p.org, p.name, u.id, u.username, u.dm_admin, k.expires, k.revoked, k.last_used \
         FROM api_keys k JOIN platforms p ON p.id = k.platform_id LEFT JOIN users u ON u.id = k.user_id \
         WHERE k.key_hash",
    )
    .in_texts(&hashes);
    let keys = db.query(sql, |row| {
        let hash: String = row.take()?;
        let id = row.take()?;
        let platform = PlatformFacts {
            id: row.take()?,
            key: row.take()?,
            org: row.take()?,
            name: row.take()?,
        };
        let user: Option<i64> = row.take()?;
        let user = match user {
            Some(id) => Some(UserIdentity {
                id,
                username: row.take()?,
                dm_admin: row.take()?,
            }),
            None => {
                row.skip(2);
                None
            }
        };
        let known = KnownKey {
            id,
            platform,
            user,
            expires: row.take::<Option<i64>>()?.map(Timestamp),
            revoked: row.take::<Option<i64>>()?.map(Timestamp),
            last_used: row.take::<Option<i64>>()?.map(Timestamp),
        };
        Ok((hash, Arc::new(known)))
    });
    Ok(keys.await?.into_iter().collect())
}

/// The person a token speaks for: digits are an id first and a username second, any other text is a
/// username first and an e-mail second. Nobody, where several share the e-mail.
///
/// # Errors
/// Those of the database.
pub async fn user_by_subject(db: &Db, subject: &Subject) -> Result<Option<UserIdentity>> {
    let Subject(text) = subject;
    let folded = migrations::fold(text);
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let mut sql = Sql::new(db.engine());
    sql.push("SELECT u.id, u.username, u.dm_admin, CASE WHEN ");
    if digits {
        // Digits beyond the range of ids can still be a username.
        let id: Option<i64> = text.parse().ok();
        sql.push("u.id = ").bind(id);
        sql.push(" THEN 1 ELSE 0 END AS first_choice FROM users u WHERE u.id = ")
            .bind(id);
        sql.push(" OR u.username_folded = ").bind(folded);
    } else {
        sql.push("u.username_folded = ").bind(folded.clone());
        sql.push(" THEN 1 ELSE 0 END AS first_choice FROM users u WHERE u.username_folded = ")
            .bind(folded.clone());
        sql.push(" OR u.email_folded = ").bind(folded);
    }
    sql.push(" ORDER BY first_choice DESC LIMIT 2");
    let found = db
        .query(sql, |row| {
            let user = UserIdentity {
                id: row.take()?,
                username: row.take()?,
                dm_admin: row.take()?,
            };
            let first_choice: i32 = row.take()?;
            Ok((user, first_choice == 1))
        })
        .await?;
    let alone = found.len() == 1;
    Ok(found
        .into_iter()
        .next()
        .filter(|(_, first_choice)| alone || *first_choice)
        .map(|(user, _)| user))
}

/// Where a person holds a role, by platform key; only on one platform if one is given.
///
/// # Errors
/// Those of the database.
pub async fn standings(db: &Db, user_id: i64, platform_id: Option<i64>) -> Result<Vec<Standing>> {
    let mut sql = Sql::new(db.engine());
    sql.push(
        "WITH RECURSIVE administered (id, platform_id) AS ( \
             SELECT d.id, d.platform_id FROM department_members m \
             JOIN departments d ON d.id = m.department_id \
             WHERE m.admin AND m.user_id = ",
    )
    .bind(user_id);
    sql.push(
        " UNION \
             SELECT d.id, d.platform_id FROM departments d JOIN administered a ON d.parent_id = a.id \
         ), roles (platform_id, role, active, department_id) AS ( \
             SELECT m.platform_id, m.role, CASE WHEN m.active THEN 1 ELSE 0 END, CAST(NULL AS BIGINT) \
             FROM memberships m WHERE m.user_id = ",
    )
    .bind(user_id);
    sql.push(
        " UNION ALL \
             SELECT a.platform_id, CAST(NULL AS TEXT), CAST(NULL AS INTEGER), a.id FROM administered a \
         ) \
         SELECT p.id, p.key, p.org, p.name, r.role, r.active, r.department_id \
         FROM roles r JOIN platforms p ON p.id = r.platform_id",
    );
    if let Some(platform_id) = platform_id {
        sql.push(" WHERE p.id = ").bind(platform_id);
    }
    sql.push(" ORDER BY p.key, r.department_id");
    let rows = db
        .query(sql, |row| {
            let platform = PlatformFacts {
                id: row.take()?,
                key: row.take()?,
                org: row.take()?,
                name: row.take()?,
            };
            let role: Option<String> = row.take()?;
            let active: Option<i32> = row.take()?;
            let department: Option<i64> = row.take()?;
            Ok((platform, role, active, department))
        })
        .await?;

    let mut standings: Vec<Standing> = Vec::new();
    let mut inactive = Vec::new();
    for (platform, role, active, department) in rows {
        if standings.last().map(|it| it.platform.id) != Some(platform.id) {
            standings.push(Standing {
                platform,
                admin: false,
                member: false,
                departments: Vec::new(),
            });
        }
        let Some(standing) = standings.last_mut() else {
            continue;
        };
        standing.departments.extend(department);
        if active == Some(1) {
            standing.member = true;
            standing.admin = role.as_deref() == Some("admin");
        } else if role.is_some() {
            inactive.push(standing.platform.id);
        }
    }
    // Whoever was put out of a platform administers none of its departments either.
    standings.retain(|it| !inactive.contains(&it.platform.id));
    Ok(standings)
}
