//! What the sender of webhooks reads and writes. Who sends to an endpoint holds its lease, and all that is
//! written depends on it: whoever lost it changes nothing any more.

use std::fmt;

use sea_orm::DbErr;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, JoinType, Order, Query, UpdateStatement};

use super::{Hook, Sent, Status, WebhookDelivery, after_place, is_after_place, waiting};
use crate::auth::{PlatformFacts, Sight, policy};
use crate::clock::Timestamp;
use crate::db::entity::{platform, webhook_delivery, webhook_endpoint};
use crate::db::sql::Row;
use crate::db::statement::{Arguments, LIMIT, Shapes, is_any, slot};
use crate::db::suggestion::event::is_settled;
use crate::db::{Db, Finish, Tx};
use crate::error::Result;

/// Among how many events after its place those that wait for an endpoint are counted for the metrics.
const LOOKED_AT: u64 = 10_000;

/// How many deliveries are removed at once.
const EXPIRED_AT_ONCE: u64 = 10_000;

/// The right to send to one endpoint, until it is given back, or its time is over and somebody else took it.
#[derive(Debug)]
pub struct Lease {
    owner: String,
    pub endpoint_id: i64,
    pub platform: PlatformFacts,
    pub url: String,
    /// The bit of each action that is told.
    pub actions: i16,
    pub secrets: Secrets,
    /// How often the message failed.
    pub attempt: i64,
    pub failing_since: Option<i64>,
    /// The message that is to be sent again.
    pub message: Option<Message>,
}

impl Lease {
    /// What the endpoint is told about: all of its platform.
    pub fn sight(&self) -> Sight {
        policy::endpoint_sight(&self.platform)
    }

    fn arguments(&self) -> Arguments {
        Arguments::default()
            .with("id", self.endpoint_id)
            .with("owner", self.owner.as_str())
    }

    fn decode(row: &Row<'_>, owner: &str, now: Timestamp) -> Result<Self, DbErr> {
        let (endpoint_id, url, actions) = (row.take()?, row.take()?, row.take()?);
        let mut secrets = vec![row.take::<String>()?];
        let former: Option<String> = row.take()?;
        let until: Option<i64> = row.take()?;
        secrets.extend(former.filter(|_| until.is_some_and(|until| now.0 < until)));
        let (id, body, events): (Option<String>, Option<String>, Option<i64>) =
            (row.take()?, row.take()?, row.take()?);
        let message = match (id, body, events) {
            (Some(id), Some(body), Some(events)) => Some(Message { id, body, events }),
            _ => None,
        };
        Ok(Self {
            owner: owner.to_owned(),
            endpoint_id,
            url,
            actions,
            secrets: Secrets(secrets),
            message,
            attempt: row.take()?,
            failing_since: row.take()?,
            platform: PlatformFacts {
                id: row.take()?,
                key: row.take()?,
                org: row.take()?,
                name: row.take()?,
            },
        })
    }
}

/// The secrets that sign at present, the newest first. They are never printed.
#[derive(Clone)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// The texts themselves, to sign with.
    pub fn expose(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secrets)")
    }
}

/// A message, the same whenever it is sent.
#[derive(Debug, Clone)]
pub struct Message {
    pub id: String,
    pub body: String,
    pub events: i64,
}

/// A place in the order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub settled: i64,
    pub id: i64,
}

static DUE: Shapes<()> = Shapes::new("webhooks.due");

/// Endpoints with something to be sent now, those first that were served longest ago. Events of actions that
/// an endpoint is not told count: its place passes them.
pub async fn due(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<i64>> {
    let engine = db.engine();
    let arguments = Arguments::default().with("now", now.0).with("limit", limit);
    let statement = DUE.bind(engine, &(), arguments, || {
        let mut events = is_after_place();
        events.expr(Expr::val(1));
        if let Some(settled) = is_settled(engine) {
            events.and_where(settled);
        }
        Query::select()
            .column(("w", Hook::Id))
            .from_as(webhook_endpoint::Entity, "w")
            .and_where(is_free(|column| Expr::col(("w", column))))
            .and_where(
                Expr::col(("w", Hook::MessageId))
                    .is_not_null()
                    .or(Expr::exists(events)),
            )
            .order_by(("w", Hook::LeaseUntil), Order::Asc)
            .limit(LIMIT)
            .take()
    })?;
    db.query(statement, |row| row.take()).await
}

/// Whether nobody sends to an endpoint with these columns, and somebody may.
fn is_free(of: impl Fn(Hook) -> Expr) -> Expr {
    of(Hook::Status)
        .eq(Status::Running.expr())
        .and(of(Hook::LeaseUntil).lte(slot("now")))
        .and(of(Hook::NextAttemptAt).lte(slot("now")))
}

static LEASE: Shapes<()> = Shapes::new("webhooks.lease");
static LEASED: Shapes<()> = Shapes::new("webhooks.leased");

/// Takes the leases of those of these endpoints that are still free. `owner` must never have been used before.
pub async fn lease(
    db: &Db,
    ids: &[i64],
    owner: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Vec<Lease>> {
    db.write(async |tx| {
        let engine = tx.engine();
        let arguments = Arguments::default()
            .with("ids", ids)
            .with("owner", owner)
            .with("now", now.0)
            .with("until", until.0);
        let statement = LEASE.bind(engine, &(), arguments, || {
            Query::update()
                .table(webhook_endpoint::Entity)
                .value(Hook::LeaseOwner, slot("owner"))
                .value(Hook::LeaseUntil, slot("until"))
                .and_where(is_any(engine, Expr::col(Hook::Id), "ids"))
                .and_where(is_free(Expr::col))
                .to_owned()
        })?;
        tx.execute(statement).await?;
        let arguments = Arguments::default().with("ids", ids).with("owner", owner);
        let statement = LEASED.bind(engine, &(), arguments, || {
            use platform::Column::{Id, Key, Name, Org};
            Query::select()
                .columns(
                    [
                        Hook::Id,
                        Hook::Url,
                        Hook::Actions,
                        Hook::Secret,
                        Hook::FormerSecret,
                        Hook::FormerUntil,
                        Hook::MessageId,
                        Hook::MessageBody,
                        Hook::MessageEvents,
                        Hook::Attempt,
                        Hook::FailingSince,
                    ]
                    .map(|column| ("w", column)),
                )
                .columns([Id, Key, Org, Name].map(|column| ("p", column)))
                .from_as(webhook_endpoint::Entity, "w")
                .join_as(
                    JoinType::InnerJoin,
                    platform::Entity,
                    "p",
                    Expr::col(("p", Id)).equals(("w", Hook::PlatformId)),
                )
                .and_where(is_any(engine, Expr::col(("w", Hook::Id)), "ids"))
                .and_where(Expr::col(("w", Hook::LeaseOwner)).eq(slot("owner")))
                .take()
        })?;
        let leases = tx
            .query(statement, |row| Lease::decode(row, owner, now))
            .await?;
        Ok(Finish::Commit(leases))
    })
    .await
}

/// An event that comes next for an endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Next {
    pub place: Place,
    /// Whether the endpoint is told.
    pub told: bool,
}

static NEXT: Shapes<u64> = Shapes::new("webhooks.next");

/// The next settled events after the place of an endpoint, at most so many, whether it is told them or not.
pub async fn next(db: &Db, lease: &Lease, limit: u64) -> Result<Vec<Next>> {
    let engine = db.engine();
    let arguments = Arguments::default().with("id", lease.endpoint_id);
    let statement = NEXT.bind(engine, &limit, arguments, || {
        let mut events = after_place(engine, limit);
        events.join_as(
            JoinType::InnerJoin,
            webhook_endpoint::Entity,
            "w",
            Expr::col(("w", Hook::Id)).eq(slot("id")),
        );
        if let Some(settled) = is_settled(engine) {
            events.and_where(settled);
        }
        events
    })?;
    let rows = db.query(statement, |row| {
        let place = Place {
            settled: row.take()?,
            id: row.take()?,
        };
        let (action, known): (i16, bool) = (row.take()?, row.take()?);
        Ok(Next {
            place,
            told: !known && lease.actions & (1 << action) != 0,
        })
    });
    rows.await
}

static BEGIN: Shapes<()> = Shapes::new("webhooks.begin");

/// Writes down a message that is about to be sent, with the place after it, and holds the lease until then.
/// `false`: the lease is lost.
pub async fn begin(
    db: &Db,
    lease: &Lease,
    message: &Message,
    end: Place,
    until: Timestamp,
) -> Result<bool> {
    let arguments = lease
        .arguments()
        .with("message_id", message.id.as_str())
        .with("body", message.body.as_str())
        .with("events", message.events)
        .with("settled", end.settled)
        .with("place", end.id)
        .with("until", until.0);
    let write = async |tx: &Tx| {
        let statement = BEGIN.bind(tx.engine(), &(), arguments, || {
            Query::update()
                .table(webhook_endpoint::Entity)
                .value(Hook::MessageId, slot("message_id"))
                .value(Hook::MessageBody, slot("body"))
                .value(Hook::MessageEvents, slot("events"))
                .value(Hook::MessageSettled, slot("settled"))
                .value(Hook::MessagePlace, slot("place"))
                .value(Hook::LeaseUntil, slot("until"))
                .and_where(is_leased())
                .to_owned()
        })?;
        tx.execute(statement).await.map(Finish::Commit)
    };
    Ok(db.write(write).await? == 1)
}

static SKIP: Shapes<()> = Shapes::new("webhooks.skip");

/// Passes events that the endpoint is not told, and gives the lease back.
pub async fn skip(db: &Db, lease: &Lease, end: Place, now: Timestamp) -> Result<bool> {
    let arguments = lease
        .arguments()
        .with("settled", end.settled)
        .with("place", end.id)
        .with("now", now.0);
    let write = async |tx: &Tx| {
        let statement = SKIP.bind(tx.engine(), &(), arguments, || {
            let mut update = Query::update();
            update
                .table(webhook_endpoint::Entity)
                .value(Hook::PlaceSettled, slot("settled"))
                .value(Hook::PlaceId, slot("place"))
                .and_where(is_leased());
            give_back(&mut update);
            update
        })?;
        tx.execute(statement).await.map(Finish::Commit)
    };
    Ok(db.write(write).await? == 1)
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy)]
pub enum Became {
    /// The receiver took it: the next message comes next.
    Taken,
    /// It is sent again then.
    Failed { again: Timestamp },
    /// The endpoint is not told anything more.
    Disabled,
}

static RELEASE: Shapes<()> = Shapes::new("webhooks.release");
static TAKEN: Shapes<()> = Shapes::new("webhooks.taken");
static FAILED: Shapes<bool> = Shapes::new("webhooks.failed");
static INSERT_DELIVERY: Shapes<()> = Shapes::new("webhooks.insert_delivery");

/// Writes what became of an attempt, and gives the lease back. `false`: the lease is lost, and nothing is written.
///
/// A message that was given up meanwhile, because the endpoint's place was set, does not move the place.
pub async fn finish(
    db: &Db,
    lease: &Lease,
    delivery: &WebhookDelivery,
    became: Became,
    now: Timestamp,
) -> Result<bool> {
    db.write(async |tx| {
        if !released(tx, lease, now).await? {
            return Ok(Finish::Rollback(false));
        }
        let message = Arguments::default()
            .with("id", lease.endpoint_id)
            .with("message_id", delivery.message_id.as_str())
            .with("now", now.0);
        let of_message = || {
            let id = Expr::col(Hook::Id).eq(slot("id"));
            id.and(Expr::col(Hook::MessageId).eq(slot("message_id")))
        };
        let statement = match became {
            Became::Taken => TAKEN.bind(tx.engine(), &(), message, || {
                let mut update = Query::update();
                update
                    .table(webhook_endpoint::Entity)
                    .value(Hook::PlaceSettled, Expr::col(Hook::MessageSettled))
                    .value(Hook::PlaceId, Expr::col(Hook::MessagePlace))
                    .value(Hook::Attempt, 0)
                    .value(Hook::NextAttemptAt, 0)
                    .value(Hook::FailingSince, Expr::null())
                    .value(Hook::LastDelivered, slot("now"))
                    .and_where(of_message());
                forget_message(&mut update);
                update
            })?,
            Became::Failed { .. } | Became::Disabled => {
                let again = match became {
                    Became::Failed { again } => Some(again.0),
                    _ => None,
                };
                let mut arguments = message;
                arguments.add_some("again", again);
                FAILED.bind(tx.engine(), &again.is_some(), arguments, || {
                    let since = Func::coalesce([Expr::col(Hook::FailingSince), slot("now")]);
                    let mut update = Query::update();
                    update
                        .table(webhook_endpoint::Entity)
                        .value(Hook::Attempt, Expr::col(Hook::Attempt).add(1))
                        .value(Hook::FailingSince, since)
                        .and_where(of_message());
                    match again {
                        Some(_) => update.value(Hook::NextAttemptAt, slot("again")),
                        None => update.value(Hook::Status, Status::Disabled.expr()),
                    };
                    update
                })?
            }
        };
        tx.execute(statement).await?;
        let arguments = Arguments::default()
            .with("id", lease.endpoint_id)
            .with("message_id", delivery.message_id.as_str())
            .with("at", delivery.at)
            .with("attempt", delivery.attempt)
            .with("status", delivery.status)
            .with("error", delivery.error.clone())
            .with("duration", delivery.duration)
            .with("events", delivery.events);
        let statement = INSERT_DELIVERY.bind(tx.engine(), &(), arguments, || {
            Query::insert()
                .into_table(webhook_delivery::Entity)
                .columns([
                    Sent::EndpointId,
                    Sent::MessageId,
                    Sent::At,
                    Sent::Attempt,
                    Sent::Status,
                    Sent::Error,
                    Sent::Duration,
                    Sent::Events,
                ])
                .values_panic(
                    [
                        "id",
                        "message_id",
                        "at",
                        "attempt",
                        "status",
                        "error",
                        "duration",
                        "events",
                    ]
                    .map(slot),
                )
                .to_owned()
        })?;
        tx.execute(statement).await?;
        Ok(Finish::Commit(true))
    })
    .await
}

/// Gives a lease back.
pub async fn release(db: &Db, lease: &Lease, now: Timestamp) -> Result<()> {
    db.write(async |tx| released(tx, lease, now).await.map(Finish::Commit))
        .await?;
    Ok(())
}

async fn released(tx: &Tx, lease: &Lease, now: Timestamp) -> Result<bool> {
    let arguments = lease.arguments().with("now", now.0);
    let statement = RELEASE.bind(tx.engine(), &(), arguments, || {
        let mut update = Query::update();
        update
            .table(webhook_endpoint::Entity)
            .and_where(is_leased());
        give_back(&mut update);
        update
    })?;
    Ok(tx.execute(statement).await? == 1)
}

fn is_leased() -> Expr {
    let id = Expr::col(Hook::Id).eq(slot("id"));
    id.and(Expr::col(Hook::LeaseOwner).eq(slot("owner")))
}

fn give_back(update: &mut UpdateStatement) {
    update
        .value(Hook::LeaseOwner, Expr::null())
        .value(Hook::LeaseUntil, slot("now"));
}

/// There is no message that is to be sent again.
pub(super) fn forget_message(update: &mut UpdateStatement) {
    for column in [
        Hook::MessageId,
        Hook::MessageBody,
        Hook::MessageEvents,
        Hook::MessageSettled,
        Hook::MessagePlace,
    ] {
        update.value(column, Expr::null());
    }
}

static EXPIRE: Shapes<()> = Shapes::new("webhooks.expire_deliveries");

/// Removes some of the deliveries before an instant, and returns how many.
pub async fn expire(db: &Db, before: Timestamp) -> Result<u64> {
    let arguments = Arguments::default().with("before", before.0);
    let write = async |tx: &Tx| {
        let statement = EXPIRE.bind(tx.engine(), &(), arguments, || {
            let old = Query::select()
                .column(Sent::Id)
                .from(webhook_delivery::Entity)
                .and_where(Expr::col(Sent::At).lt(slot("before")))
                .order_by(Sent::At, Order::Asc)
                .limit(EXPIRED_AT_ONCE)
                .take();
            Query::delete()
                .from_table(webhook_delivery::Entity)
                .and_where(Expr::col(Sent::Id).in_subquery(old))
                .to_owned()
        })?;
        tx.execute(statement).await.map(Finish::Commit)
    };
    db.write(write).await
}

static WAITING: Shapes<()> = Shapes::new("webhooks.waiting");

/// How many events wait for all endpoints together; for each, counted among the next 10,000.
pub async fn all_waiting(db: &Db) -> Result<i64> {
    let engine = db.engine();
    let statement = WAITING.bind(engine, &(), Arguments::default(), || {
        let each = Query::select()
            .expr_as(waiting(engine, LOOKED_AT), "number")
            .from_as(webhook_endpoint::Entity, "w")
            .take();
        let sum = Func::coalesce([Func::sum(Expr::col("number")).into(), Expr::val(0)]);
        Query::select()
            .expr(Expr::from(sum).cast_as("BIGINT"))
            .from_subquery(each, "each")
            .take()
    })?;
    let counted = db.query(statement, |row| row.take()).await?;
    Ok(counted.into_iter().next().unwrap_or_default())
}
