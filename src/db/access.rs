//! Who somebody is and where they hold a role. The only reads that need no permit, because they come
//! before there is anybody to give one to.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::FutureExt as _;

use sea_orm::DbErr;
use sea_orm::sea_query::{
    CaseStatement, CommonTableExpression, Expr, ExprTrait as _, JoinType, Order, Query,
    SelectStatement, UnionType, WithClause,
};

use super::entity::{api_key, department, department_member, membership, platform, user};
use super::sql::Row;
use super::statement::{Arguments, Shapes, is_any, slot};
use super::{Db, Engine};
use crate::auth::{PlatformFacts, Standing, Subject, UserIdentity};
use crate::clock::Timestamp;
use crate::error::Result;

const PLATFORM: [platform::Column; 4] = [
    platform::Column::Id,
    platform::Column::Key,
    platform::Column::Org,
    platform::Column::Name,
];

const USER: [user::Column; 3] = [
    user::Column::Id,
    user::Column::Username,
    user::Column::DmAdmin,
];

/// A key as the database knows it.
#[derive(Debug)]
pub struct KnownKey {
    /// The id that the command line lists.
    pub id: i64,
    /// The platform it is bound to.
    pub platform: PlatformFacts,
    /// The person it is bound to.
    pub user: Option<UserIdentity>,
    pub expires: Option<Timestamp>,
    /// When it was ended.
    pub revoked: Option<Timestamp>,
    /// When it was used last, give or take a minute.
    pub last_used: Option<Timestamp>,
}

/// The key with this hash, whatever its state. Those that come in together are looked up together.
pub async fn key_by_hash(db: &Db, hash: &str) -> Result<Option<Arc<KnownKey>>> {
    let reader = db.clone();
    let look_up = move |hashes| {
        let db = reader.clone();
        async move { keys_by_hash(&db, hashes).await }.boxed()
    };
    db.keys.find(KEYS.name(), hash.to_owned(), look_up).await
}

static KEYS: Shapes<()> = Shapes::new("api_keys.by_hash");
static KEYS_BY_ID: Shapes<()> = Shapes::new("api_keys.by_id");

async fn keys_by_hash(db: &Db, hashes: Vec<String>) -> Result<HashMap<String, Arc<KnownKey>>> {
    let arguments = Arguments::default().with("hashes", hashes);
    let sql = KEYS.bind(db.engine(), &(), arguments, || {
        let hash = Expr::col(("k", api_key::Column::KeyHash));
        known_keys(is_any(db.engine(), hash, "hashes"))
    })?;
    let keys = db.query(sql, |row| {
        let (hash, known) = known_key(row)?;
        Ok((hash, Arc::new(known)))
    });
    Ok(keys.await?.into_iter().collect())
}

/// The keys with these ids, whatever their state. One statement.
pub async fn keys_by_id(db: &Db, ids: &[i64]) -> Result<HashMap<i64, KnownKey>> {
    let arguments = Arguments::default().with("ids", ids);
    let sql = KEYS_BY_ID.bind(db.engine(), &(), arguments, || {
        let id = Expr::col(("k", api_key::Column::Id));
        known_keys(is_any(db.engine(), id, "ids"))
    })?;
    let keys = db.query(sql, |row| {
        let (_, known) = known_key(row)?;
        Ok((known.id, known))
    });
    Ok(keys.await?.into_iter().collect())
}

/// Selects what [`known_key`] reads.
fn known_keys(which: Expr) -> SelectStatement {
    use api_key::Column::{Expires, Id, KeyHash, LastUsed, PlatformId, Revoked, UserId};
    Query::select()
        .columns([KeyHash, Id].map(|column| ("k", column)))
        .columns(PLATFORM.map(|column| ("p", column)))
        .columns(USER.map(|column| ("u", column)))
        .columns([Expires, Revoked, LastUsed].map(|column| ("k", column)))
        .from_as(api_key::Entity, "k")
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
        .and_where(which)
        .take()
}

fn known_key(row: &Row<'_>) -> Result<(String, KnownKey), DbErr> {
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
    Ok((hash, known))
}

static USERS_BY_ID: Shapes<()> = Shapes::new("users.identities");

/// The persons with these ids. One statement.
pub async fn users_by_id(db: &Db, ids: &[i64]) -> Result<HashMap<i64, UserIdentity>> {
    let arguments = Arguments::default().with("ids", ids);
    let sql = USERS_BY_ID.bind(db.engine(), &(), arguments, || {
        Query::select()
            .columns(USER)
            .from(user::Entity)
            .and_where(is_any(db.engine(), Expr::col(user::Column::Id), "ids"))
            .take()
    })?;
    let users = db.query(sql, |row| {
        let user = UserIdentity {
            id: row.take()?,
            username: row.take()?,
            dm_admin: row.take()?,
        };
        Ok((user.id, user))
    });
    Ok(users.await?.into_iter().collect())
}

static USER_BY_SUBJECT: Shapes<bool> = Shapes::new("users.by_subject");

/// The person a token speaks for: digits are an id first and a username second, any other text is a
/// username first and an e-mail second. Nobody, where several share the e-mail.
pub async fn user_by_subject(db: &Db, subject: &Subject) -> Result<Option<UserIdentity>> {
    let Subject(text) = subject;
    let folded = migrations::fold(text);
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let mut arguments = Arguments::default();
    if digits {
        // Digits beyond the range of ids can still be a username.
        arguments.add("first", text.parse::<i64>().ok());
    } else {
        arguments.add("first", folded.as_str());
    }
    arguments.add("second", folded.as_str());
    let sql = USER_BY_SUBJECT.bind(db.engine(), &digits, arguments, || {
        use user::Column::{EmailFolded, Id, UsernameFolded};
        let (first, second) = if digits {
            (Id, UsernameFolded)
        } else {
            (UsernameFolded, EmailFolded)
        };
        let first = || Expr::col(("u", first)).eq(slot("first"));
        Query::select()
            .columns(USER.map(|column| ("u", column)))
            .expr_as(
                CaseStatement::new().case(first(), 1).finally(0),
                "first_choice",
            )
            .from_as(user::Entity, "u")
            .and_where(first().or(Expr::col(("u", second)).eq(slot("second"))))
            .order_by("first_choice", Order::Desc)
            .limit(2)
            .take()
    })?;
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

static STANDINGS: Shapes<Whose> = Shapes::new("platforms.standings");

/// Whose standings are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Whose {
    /// Of the slot `user`.
    User,
    /// Of the slot `user`, on the slot `platform`.
    UserOnPlatform,
    /// Of the slot `users`. The id of the user comes first.
    Users,
}

/// The memberships of a user or of several, and the departments that they administer, with all descendants.
fn standings_query(engine: Engine, whose: Whose) -> SelectStatement {
    use department::Column::{Id, ParentId, PlatformId};
    let named = |name: &'static str, columns: &[&'static str], query: SelectStatement| {
        CommonTableExpression::new()
            .table_name(name)
            .columns(columns.iter().copied())
            .query(query)
            .to_owned()
    };
    let several = whose == Whose::Users;
    let of_user = |column: Expr| match whose {
        Whose::User | Whose::UserOnPlatform => column.eq(slot("user")),
        Whose::Users => is_any(engine, column, "users"),
    };
    let mut children = Query::select()
        .columns([("d", Id), ("d", PlatformId)])
        .from_as(department::Entity, "d")
        .join(
            JoinType::InnerJoin,
            "administered",
            Expr::col(("d", ParentId)).equals(("administered", "id")),
        )
        .take();
    if several {
        children.column(("administered", "user_id"));
    }
    let mut administered = Query::select()
        .columns([("d", Id), ("d", PlatformId)])
        .from_as(department_member::Entity, "m")
        .join_as(
            JoinType::InnerJoin,
            department::Entity,
            "d",
            Expr::col(("d", Id)).equals(("m", department_member::Column::DepartmentId)),
        )
        .and_where(Expr::col(("m", department_member::Column::Admin)))
        .and_where(of_user(Expr::col(("m", department_member::Column::UserId))))
        .take();
    if several {
        administered.column(("m", department_member::Column::UserId));
    }
    administered.union(UnionType::Distinct, children);
    let active = Expr::col(("m", membership::Column::Active));
    let mut of_departments = Query::select()
        .column(("administered", "platform_id"))
        .exprs([
            Expr::null().cast_as("TEXT"),
            Expr::null().cast_as("INTEGER"),
        ])
        .column(("administered", "id"))
        .from("administered")
        .take();
    if several {
        of_departments.column(("administered", "user_id"));
    }
    let mut roles = Query::select()
        .columns([
            ("m", membership::Column::PlatformId),
            ("m", membership::Column::Role),
        ])
        .expr(CaseStatement::new().case(active, 1).finally(0))
        .expr(Expr::null().cast_as("BIGINT"))
        .from_as(membership::Entity, "m")
        .and_where(of_user(Expr::col(("m", membership::Column::UserId))))
        .take();
    if several {
        roles.column(("m", membership::Column::UserId));
    }
    roles.union(UnionType::All, of_departments);
    let (mut administered_columns, mut role_columns) = (
        vec!["id", "platform_id"],
        vec!["platform_id", "role", "active", "department_id"],
    );
    if several {
        administered_columns.push("user_id");
        role_columns.push("user_id");
    }
    let mut with = WithClause::new();
    with.recursive(true)
        .cte(named("administered", &administered_columns, administered))
        .cte(named("roles", &role_columns, roles));
    let mut query = Query::select();
    if several {
        query
            .column(("r", "user_id"))
            .order_by(("r", "user_id"), Order::Asc);
    }
    query
        .with_cte(with)
        .columns(PLATFORM.map(|column| ("p", column)))
        .columns([("r", "role"), ("r", "active"), ("r", "department_id")])
        .from_as("roles", "r")
        .join_as(
            JoinType::InnerJoin,
            platform::Entity,
            "p",
            Expr::col(("p", platform::Column::Id)).equals(("r", "platform_id")),
        )
        .order_by(("p", platform::Column::Key), Order::Asc)
        .order_by(("r", "department_id"), Order::Asc);
    if whose == Whose::UserOnPlatform {
        query.and_where(Expr::col(("p", platform::Column::Id)).eq(slot("platform")));
    }
    query
}

/// Where a person holds a role, by platform key; only on one platform if one is given.
pub async fn standings(db: &Db, user_id: i64, platform_id: Option<i64>) -> Result<Vec<Standing>> {
    let mut arguments = Arguments::default().with("user", user_id);
    arguments.add_some("platform", platform_id);
    let whose = match platform_id {
        Some(_) => Whose::UserOnPlatform,
        None => Whose::User,
    };
    let sql = STANDINGS.bind(db.engine(), &whose, arguments, || {
        standings_query(db.engine(), whose)
    })?;
    Ok(gathered(db.query(sql, role).await?))
}

/// Where these persons hold a role, by the id of the person. One statement.
pub async fn standings_of(db: &Db, user_ids: &[i64]) -> Result<HashMap<i64, Vec<Standing>>> {
    let arguments = Arguments::default().with("users", user_ids);
    let sql = STANDINGS.bind(db.engine(), &Whose::Users, arguments, || {
        standings_query(db.engine(), Whose::Users)
    })?;
    let mut roles: HashMap<i64, Vec<Role>> = HashMap::new();
    let rows = db.query(sql, |row| Ok((row.take()?, role(row)?)));
    for (user, role) in rows.await? {
        roles.entry(user).or_default().push(role);
    }
    let roles = roles.into_iter();
    Ok(roles.map(|(user, roles)| (user, gathered(roles))).collect())
}

/// A platform with a role, whether it is active, or an administered department.
type Role = (PlatformFacts, Option<String>, Option<i32>, Option<i64>);

fn role(row: &Row<'_>) -> Result<Role, DbErr> {
    let platform = PlatformFacts {
        id: row.take()?,
        key: row.take()?,
        org: row.take()?,
        name: row.take()?,
    };
    Ok((platform, row.take()?, row.take()?, row.take()?))
}

/// The standings of one person, whose roles come in the order of the platforms.
fn gathered(roles: Vec<Role>) -> Vec<Standing> {
    let mut standings: Vec<Standing> = Vec::new();
    let mut inactive = Vec::new();
    for (platform, role, active, department) in roles {
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
    // An inactive membership takes the departments of its platform away as well.
    standings.retain(|it| !inactive.contains(&it.platform.id));
    standings
}
