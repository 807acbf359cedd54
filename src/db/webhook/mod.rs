//! Webhooks: the endpoints as those see and change them who manage them, and what became of messages. Sending
//! is in [`sending`].

pub mod sending;

use std::collections::HashMap;
use std::time::Duration;

use sea_orm::DbErr;
use sea_orm::sea_query::{
    Asterisk, BinOper, Expr, ExprTrait as _, Func, IntoIden as _, LockType, Order, Query,
    SelectStatement,
};

use super::entity::suggestion_event::Column as Event;
use super::entity::webhook_delivery::Column as Sent;
use super::entity::webhook_endpoint::Column as Hook;
use super::entity::{platform, suggestion_event, webhook_delivery, webhook_endpoint};
use super::nested::NestedList;
use super::sql::Row;
use super::statement::{Arguments, Shapes, is_any, slot};
use super::suggestion::event::is_settled;
use super::suggestion::join_to_keys;
use super::{Db, Engine, Tx};
use crate::auth::{Permit, Sight, Webhooks};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::event::EventAction;
use crate::page::{Cut, Ordering, Position, Slice, SortKey, SortKind};

/// How long deliveries are kept.
pub const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How long the former secret of an endpoint signs too.
pub const FORMER_SIGNS: Duration = Duration::from_secs(24 * 60 * 60);

/// Among how many events after its place those that wait for an endpoint are counted.
pub const LOOKED_AT: u64 = 100_000;

/// The order of endpoints: as they were made.
pub const ENDPOINTS_ORDERING: Ordering = Ordering {
    list: "we",
    field: "ID",
    kind: SortKind::Id,
    descending: false,
};

/// The order of deliveries: the newest first.
pub const DELIVERIES_ORDERING: Ordering = Ordering {
    list: "wd",
    field: "ID",
    kind: SortKind::Id,
    descending: true,
};

/// Whether an endpoint is told anything. The numbers are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Running = 0,
    Paused = 1,
    Disabled = 2,
}

impl Status {
    fn expr(self) -> Expr {
        Expr::val(self as i16)
    }
}

/// How an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookState {
    Active,
    Paused,
    Failing,
    Disabled,
}

/// A receiver of webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEndpoint {
    pub id: i64,
    pub platform_id: i64,
    pub url: String,
    pub description: Option<String>,
    pub actions: Vec<EventAction>,
    pub state: WebhookState,
    pub created: i64,
    pub created_by: Option<i64>,
    pub failing_since: Option<i64>,
    pub last_delivered: Option<i64>,
}

impl WebhookEndpoint {
    fn select() -> SelectStatement {
        Query::select()
            .columns(
                [
                    Hook::Id,
                    Hook::PlatformId,
                    Hook::Url,
                    Hook::Description,
                    Hook::Actions,
                    Hook::Status,
                    Hook::Created,
                    Hook::CreatedBy,
                    Hook::FailingSince,
                    Hook::LastDelivered,
                ]
                .map(|column| ("w", column)),
            )
            .from_as(webhook_endpoint::Entity, "w")
            .take()
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        let (id, platform_id, url, description) =
            (row.take()?, row.take()?, row.take()?, row.take()?);
        let actions = actions_of(row.take()?);
        let status: i16 = row.take()?;
        let (created, created_by) = (row.take()?, row.take()?);
        let failing_since: Option<i64> = row.take()?;
        let state = match (status, failing_since) {
            (1, _) => WebhookState::Paused,
            (2, _) => WebhookState::Disabled,
            (_, None) => WebhookState::Active,
            (_, Some(_)) => WebhookState::Failing,
        };
        Ok(Self {
            id,
            platform_id,
            url,
            description,
            actions,
            state,
            created,
            created_by,
            failing_since,
            last_delivered: row.take()?,
        })
    }
}

/// Actions as they are stored.
fn bits(actions: &[EventAction]) -> i64 {
    let bits = actions.iter().map(|action| i64::from(action.bit()));
    bits.fold(0, |all, bit| all | bit)
}

fn actions_of(bits: i16) -> Vec<EventAction> {
    let mut actions = EventAction::ALL.to_vec();
    actions.retain(|action| bits & action.bit() != 0);
    actions
}

static BY_IDS: Shapes<bool> = Shapes::new("webhooks.by_ids");

/// The endpoints with these ids, as far as they are in sight: those of platforms that are seen whole.
pub async fn by_ids(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<WebhookEndpoint>> {
    let engine = db.engine();
    let everything = sight.everything();
    let arguments = Arguments::default()
        .with("ids", ids)
        .with("sight.platforms", sight.platforms());
    let statement = BY_IDS.bind(engine, &everything, arguments, || {
        let mut query = WebhookEndpoint::select();
        query.and_where(is_any(engine, Expr::col(("w", Hook::Id)), "ids"));
        if !everything {
            query.and_where(is_sighted(engine));
        }
        query
    })?;
    db.query(statement, WebhookEndpoint::decode).await
}

/// Whether the platform of an endpoint `w` is seen whole.
fn is_sighted(engine: Engine) -> Expr {
    is_any(
        engine,
        Expr::col(("w", Hook::PlatformId)),
        "sight.platforms",
    )
}

static OF_PLATFORM: Shapes<()> = Shapes::new("webhooks.of_platform");

/// All endpoints of a platform, as they were made. They are few.
pub async fn of_platform(db: &Db, permit: &Permit<Webhooks>) -> Result<Vec<WebhookEndpoint>> {
    let arguments = Arguments::default().with("platform", permit.platform().id);
    let statement = OF_PLATFORM.bind(db.engine(), &(), arguments, || {
        WebhookEndpoint::select()
            .and_where(Expr::col(("w", Hook::PlatformId)).eq(slot("platform")))
            .order_by(("w", Hook::Id), Order::Asc)
            .take()
    })?;
    db.query(statement, WebhookEndpoint::decode).await
}

/// Events `e` after the place of an endpoint `w`, in their order, at most so many. `known` says which the
/// endpoint is not told, because they happened before it was made and were not settled then.
fn after_place(engine: Engine, limit: u64) -> SelectStatement {
    let known = match engine {
        Engine::Postgres => {
            let transaction = Expr::col(("e", Event::Settled))
                .cast_as("TEXT")
                .cast_as("XID8");
            let begun = Expr::col(("w", Hook::Begun)).cast_as("PG_SNAPSHOT");
            let seen = Func::cust("pg_visible_in_snapshot").args([transaction, begun]);
            Func::coalesce([Expr::from(seen), Expr::val(false)]).into()
        }
        Engine::Sqlite => Expr::val(false),
    };
    is_after_place()
        .columns([Event::Settled, Event::Id, Event::Action].map(|column| ("e", column)))
        .expr_as(known, "known")
        .order_by(("e", Event::Settled), Order::Asc)
        .order_by(("e", Event::Id), Order::Asc)
        .limit(limit)
        .take()
}

fn is_after_place() -> SelectStatement {
    let e = |column| Expr::col(("e", column));
    let w = |column| Expr::col(("w", column));
    Query::select()
        .from_as(suggestion_event::Entity, "e")
        .and_where(e(Event::PlatformId).eq(w(Hook::PlatformId)))
        .and_where(
            Expr::tuple([e(Event::Settled), e(Event::Id)])
                .gt(Expr::tuple([w(Hook::PlaceSettled), w(Hook::PlaceId)])),
        )
        .take()
}

/// How many events wait for an endpoint `w`, among the next so many.
fn waiting(engine: Engine, looked_at: u64) -> Expr {
    let action = Expr::val(1).left_shift(Expr::col(("n", Event::Action)));
    Query::select()
        .expr(Func::count(Expr::col(Asterisk)))
        .from_subquery(after_place(engine, looked_at), "n")
        .and_where(Expr::col(("w", Hook::Actions)).bit_and(action).ne(0))
        .and_where(Expr::col(("n", "known")).not())
        .take()
        .into()
}

static PENDING: Shapes<bool> = Shapes::new("webhooks.pending");

/// How many events wait for each of these endpoints, as far as they are in sight; counted among the next
/// [`LOOKED_AT`].
pub async fn pending(db: &Db, sight: &Sight, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    let engine = db.engine();
    let everything = sight.everything();
    let arguments = Arguments::default()
        .with("ids", ids)
        .with("sight.platforms", sight.platforms());
    let statement = PENDING.bind(engine, &everything, arguments, || {
        let mut query = Query::select();
        query
            .column(("w", Hook::Id))
            .expr(waiting(engine, LOOKED_AT))
            .from_as(webhook_endpoint::Entity, "w")
            .and_where(is_any(engine, Expr::col(("w", Hook::Id)), "ids"));
        if !everything {
            query.and_where(is_sighted(engine));
        }
        query
    })?;
    let rows = db.query(statement, |row| Ok((row.take()?, row.take()?)));
    Ok(rows.await?.into_iter().collect())
}

/// An attempt to send a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDelivery {
    pub id: i64,
    pub message_id: String,
    pub at: i64,
    /// 1 for the first.
    pub attempt: i64,
    /// Of HTTP; none without an answer.
    pub status: Option<i64>,
    pub error: Option<String>,
    /// In milliseconds.
    pub duration: i64,
    pub events: i64,
}

impl WebhookDelivery {
    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.take()?,
            message_id: row.take()?,
            at: row.take()?,
            attempt: row.take()?,
            status: row.take()?,
            error: row.take()?,
            duration: row.take()?,
            events: row.take()?,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct DeliveriesShape {
    everything: bool,
    after: bool,
    before: bool,
    backward: bool,
    limit: u64,
    total: bool,
}

impl DeliveriesShape {
    fn endpoints(&self, engine: Engine) -> SelectStatement {
        let mut query = Query::select();
        query
            .column(("w", Hook::Id))
            .from_as(webhook_endpoint::Entity, "w")
            .and_where(is_any(engine, Expr::col(("w", Hook::Id)), "ids"));
        if !self.everything {
            query.and_where(is_sighted(engine));
        }
        query
    }

    /// The deliveries `d` of the endpoint `w`.
    fn rows() -> SelectStatement {
        Query::select()
            .from_as(webhook_delivery::Entity, "d")
            .and_where(Expr::col(("d", Sent::EndpointId)).equals(("w", Hook::Id)))
            .and_where(Expr::col(("d", Sent::At)).gte(slot("since")))
            .take()
    }

    /// Each endpoint with the rows of its part, in any order.
    fn list(&self, engine: Engine) -> SelectStatement {
        let mut part = Self::rows();
        for (given, operator, name) in [
            (self.after, BinOper::SmallerThan, "after"),
            (self.before, BinOper::GreaterThan, "before"),
        ] {
            if given {
                part.and_where(Expr::col(("d", Sent::Id)).binary(operator, slot(name)));
            }
        }
        let order = if self.backward {
            Order::Asc
        } else {
            Order::Desc
        };
        part.column(("d", Sent::Id))
            .order_by(("d", Sent::Id), order)
            .limit(self.limit);
        let (rows, id) = match engine {
            Engine::Postgres => {
                let ids = Func::cust("ARRAY").arg(Expr::from(part));
                (Func::cust("unnest").arg(ids), "found")
            }
            Engine::Sqlite => {
                let ids = Query::select()
                    .expr(Func::cust("json_group_array").arg(Expr::col("id")))
                    .from_subquery(part, "part")
                    .take();
                (Func::cust("json_each").arg(Expr::from(ids)), "value")
            }
        };
        let mut query = self.endpoints(engine);
        query
            .columns(
                [
                    Sent::Id,
                    Sent::MessageId,
                    Sent::At,
                    Sent::Attempt,
                    Sent::Status,
                    Sent::Error,
                    Sent::Duration,
                    Sent::Events,
                ]
                .map(|column| ("d", column)),
            )
            .from_function(rows, "found");
        let same = Expr::col(("d", Sent::Id)).eq(Expr::col(("found", id)));
        join_to_keys(&mut query, webhook_delivery::Entity.into_iden(), "d", same);
        query
    }

    /// Each endpoint, the total of its list, and whether there are rows beyond the cursors.
    fn whole(&self, engine: Engine) -> SelectStatement {
        let beyond = |given: bool, operator: BinOper, name: &str| {
            if !given {
                return Expr::val(false);
            }
            let mut rows = Self::rows();
            rows.expr(Expr::val(1))
                .and_where(Expr::col(("d", Sent::Id)).binary(operator, slot(name)));
            Expr::exists(rows)
        };
        let total = if self.total {
            let mut rows = Self::rows();
            rows.expr(Func::count(Expr::col(Asterisk))).take().into()
        } else {
            Expr::val(0).cast_as("BIGINT")
        };
        self.endpoints(engine)
            .expr(total)
            .expr(beyond(self.after, BinOper::GreaterThanOrEqual, "after"))
            .expr(beyond(self.before, BinOper::SmallerThanOrEqual, "before"))
            .take()
    }
}

static DELIVERIES: Shapes<DeliveriesShape> = Shapes::new("webhooks.deliveries");
static DELIVERIES_WHOLE: Shapes<DeliveriesShape> = Shapes::new("webhooks.deliveries_whole");

/// A part of the deliveries of each of these endpoints, as far as those are in sight, the newest first. At most
/// two statements.
pub async fn deliveries_of(
    db: &Db,
    sight: &Sight,
    ids: &[i64],
    list: &NestedList,
    now: Timestamp,
) -> Result<HashMap<i64, Slice<WebhookDelivery>>> {
    let engine = db.engine();
    let cut = list.window.cut();
    let Cut {
        after,
        before,
        limit,
        backward,
    } = cut;
    let mut shape = DeliveriesShape {
        everything: sight.everything(),
        after: after.is_some(),
        before: before.is_some(),
        backward,
        limit: limit.unsigned_abs() + 1,
        total: list.total,
    };
    let arguments = || {
        let mut arguments = Arguments::default()
            .with("ids", ids)
            .with("sight.platforms", sight.platforms())
            .with("since", now.minus(KEPT).0);
        arguments
            .add_some("after", after.map(|position| position.id))
            .add_some("before", before.map(|position| position.id));
        arguments
    };
    let statement = DELIVERIES.bind(engine, &shape, arguments(), || shape.list(engine))?;
    let rows = db.query(statement, |row| {
        Ok((row.take::<i64>()?, WebhookDelivery::decode(row)?))
    });
    let mut parts: HashMap<i64, Vec<(WebhookDelivery, SortKey)>> = HashMap::new();
    for (endpoint, row) in rows.await? {
        parts.entry(endpoint).or_default().push((row, SortKey::Id));
    }
    let mut slices: HashMap<i64, Slice<WebhookDelivery>> = parts
        .into_iter()
        .map(|(endpoint, mut rows)| {
            rows.sort_by_key(|(row, _)| if backward { row.id } else { -row.id });
            (endpoint, cut.page(rows))
        })
        .collect();
    shape.after &= list.beyond.previous;
    shape.before &= list.beyond.next;
    if shape.total || shape.after || shape.before {
        shape.limit = 0;
        shape.backward = false;
        let statement =
            DELIVERIES_WHOLE.bind(engine, &shape, arguments(), || shape.whole(engine))?;
        let rows = db.query(statement, |row| {
            let (endpoint, total) = (row.take::<i64>()?, row.take::<i64>()?);
            Ok((endpoint, total, row.take::<bool>()?, row.take::<bool>()?))
        });
        for (endpoint, total, newer, older) in rows.await? {
            let slice = slices.entry(endpoint).or_default();
            slice.total = Some(total);
            slice.has_previous |= newer;
            slice.has_next |= older;
        }
    }
    Ok(slices)
}

/// An endpoint to be made.
#[derive(Debug)]
pub struct NewEndpoint<'a> {
    pub url: &'a str,
    pub description: Option<&'a str>,
    pub actions: &'a [EventAction],
    pub secret: &'a str,
    pub at: Timestamp,
}

static LOCK_PLATFORM: Shapes<()> = Shapes::new("webhooks.lock_platform");
static COUNT: Shapes<()> = Shapes::new("webhooks.count");
static INSERT: Shapes<()> = Shapes::new("webhooks.insert");

/// How many endpoints a platform has. Until the end of the transaction nobody else makes one there.
pub async fn count(tx: &Tx, permit: &Permit<Webhooks>) -> Result<i64> {
    let engine = tx.engine();
    let arguments = || Arguments::default().with("platform", permit.platform().id);
    if engine == Engine::Postgres {
        let statement = LOCK_PLATFORM.bind(engine, &(), arguments(), || {
            // Whoever writes suggestions of the platform is not held up by this lock.
            Query::select()
                .column(platform::Column::Id)
                .from(platform::Entity)
                .and_where(Expr::col(platform::Column::Id).eq(slot("platform")))
                .lock(LockType::NoKeyUpdate)
                .take()
        })?;
        tx.query(statement, |row| row.take::<i64>()).await?;
    }
    let statement = COUNT.bind(engine, &(), arguments(), || {
        Query::select()
            .expr(Func::count(Expr::col(Asterisk)))
            .from(webhook_endpoint::Entity)
            .and_where(Expr::col(Hook::PlatformId).eq(slot("platform")))
            .take()
    })?;
    let counted = tx.query(statement, |row| row.take()).await?;
    Ok(counted.into_iter().next().unwrap_or_default())
}

/// Makes an endpoint that is told what happens from now on, and returns its id.
pub async fn insert(tx: &Tx, permit: &Permit<Webhooks>, endpoint: &NewEndpoint<'_>) -> Result<i64> {
    let engine = tx.engine();
    let arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("url", endpoint.url)
        .with("description", endpoint.description.map(str::to_owned))
        .with("actions", bits(endpoint.actions))
        .with("created", endpoint.at.0)
        .with("created_by", permit.actor())
        .with("secret", endpoint.secret);
    let statement = INSERT.bind(engine, &(), arguments, || {
        let newest = |column| {
            let mut query = Query::select();
            query
                .column(("e", column))
                .from_as(suggestion_event::Entity, "e")
                .and_where(Expr::col(("e", Event::PlatformId)).eq(slot("platform")))
                .order_by(("e", Event::Settled), Order::Desc)
                .order_by(("e", Event::Id), Order::Desc)
                .limit(1);
            if let Some(settled) = is_settled(engine) {
                query.and_where(settled);
            }
            Expr::from(Func::coalesce([query.into(), Expr::val(0)]))
        };
        // What was committed and is not settled yet is told to nobody new.
        let begun = match engine {
            Engine::Postgres => Expr::from(Func::cust("pg_current_snapshot")).cast_as("TEXT"),
            Engine::Sqlite => Expr::null(),
        };
        let select = Query::select()
            .exprs(
                [
                    "platform",
                    "url",
                    "description",
                    "actions",
                    "created",
                    "created_by",
                    "secret",
                ]
                .map(slot),
            )
            .expr(Status::Running.expr())
            .exprs([newest(Event::Settled), newest(Event::Id), begun])
            .exprs([Expr::val(0), Expr::val(0), Expr::val(0)])
            .take();
        let mut insert = Query::insert();
        insert.into_table(webhook_endpoint::Entity).columns([
            Hook::PlatformId,
            Hook::Url,
            Hook::Description,
            Hook::Actions,
            Hook::Created,
            Hook::CreatedBy,
            Hook::Secret,
            Hook::Status,
            Hook::PlaceSettled,
            Hook::PlaceId,
            Hook::Begun,
            Hook::Attempt,
            Hook::NextAttemptAt,
            Hook::LeaseUntil,
        ]);
        let selected = insert.select_from(select);
        debug_assert!(selected.is_ok(), "as many values as columns");
        insert
            .returning(Query::returning().column(Hook::Id))
            .to_owned()
    })?;
    let made = tx.query(statement, |row| row.take()).await?;
    made.into_iter()
        .next()
        .ok_or_else(|| Error::internal("an endpoint was made and has no id"))
}

/// What is to change of an endpoint; none: as it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct EndpointPatch {
    pub url: Option<String>,
    pub description: Option<Option<String>>,
    pub actions: Option<Vec<EventAction>>,
    pub paused: Option<bool>,
}

static UPDATE: Shapes<(bool, bool, bool, Option<bool>)> = Shapes::new("webhooks.update");

/// Changes something of an endpoint; `false` if there is none with this id on the platform.
///
/// Where the address changed, it is tried at once. Who is started again begins with a clean slate.
pub async fn update(
    tx: &Tx,
    permit: &Permit<Webhooks>,
    id: i64,
    patch: &EndpointPatch,
) -> Result<bool> {
    let mut arguments = of(permit, id);
    arguments
        .add_some("url", patch.url.as_deref())
        .add_some("description", patch.description.clone())
        .add_some("actions", patch.actions.as_deref().map(bits));
    let shape = (
        patch.url.is_some(),
        patch.description.is_some(),
        patch.actions.is_some(),
        patch.paused,
    );
    let statement = UPDATE.bind(tx.engine(), &shape, arguments, || {
        let (url, description, actions, paused) = shape;
        let mut update = Query::update();
        update.table(webhook_endpoint::Entity).and_where(is_of());
        if url {
            update
                .value(Hook::Url, slot("url"))
                .value(Hook::NextAttemptAt, 0);
        }
        if description {
            update.value(Hook::Description, slot("description"));
        }
        if actions {
            update.value(Hook::Actions, slot("actions"));
        }
        match paused {
            None => {}
            Some(true) => {
                update.value(Hook::Status, Status::Paused.expr());
            }
            Some(false) => {
                update
                    .value(Hook::Status, Status::Running.expr())
                    .value(Hook::FailingSince, Expr::null())
                    .value(Hook::Attempt, 0);
                if !url {
                    update.value(Hook::NextAttemptAt, 0);
                }
            }
        }
        update
    })?;
    Ok(tx.execute(statement).await? == 1)
}

static ROTATE: Shapes<()> = Shapes::new("webhooks.rotate");

/// Gives an endpoint another secret; the former one signs too for [`FORMER_SIGNS`]. `false` if there is none with
/// this id on the platform.
pub async fn rotate(
    tx: &Tx,
    permit: &Permit<Webhooks>,
    id: i64,
    secret: &str,
    now: Timestamp,
) -> Result<bool> {
    let arguments = of(permit, id)
        .with("secret", secret)
        .with("former_until", now.plus(FORMER_SIGNS).0);
    let statement = ROTATE.bind(tx.engine(), &(), arguments, || {
        Query::update()
            .table(webhook_endpoint::Entity)
            .value(Hook::FormerSecret, Expr::col(Hook::Secret))
            .value(Hook::FormerUntil, slot("former_until"))
            .value(Hook::Secret, slot("secret"))
            .and_where(is_of())
            .to_owned()
    })?;
    Ok(tx.execute(statement).await? == 1)
}

static KNOWS_PLACE: Shapes<()> = Shapes::new("webhooks.knows_place");
static REPLAY: Shapes<()> = Shapes::new("webhooks.replay");

/// Whether a place is one of the platform's events: that of an event, or of one that is no longer kept.
pub async fn knows_place(tx: &Tx, permit: &Permit<Webhooks>, place: &Position) -> Result<bool> {
    let arguments = placed(of(permit, 0), place);
    let statement = KNOWS_PLACE.bind(tx.engine(), &(), arguments, || {
        let exists = |condition: Expr| {
            Expr::exists(
                Query::select()
                    .expr(Expr::val(1))
                    .from(suggestion_event::Entity)
                    .and_where(condition)
                    .take(),
            )
        };
        let of_platform = |compare: BinOper| {
            let place = Expr::tuple([Expr::col(Event::Settled), Expr::col(Event::Id)]);
            let given = Expr::tuple([slot("settled"), slot("place")]);
            let platform = Expr::col(Event::PlatformId).eq(slot("platform"));
            exists(platform.and(place.binary(compare, given)))
        };
        let before_all = of_platform(BinOper::SmallerThanOrEqual)
            .or(exists(Expr::col(Event::Id).eq(slot("place"))))
            .not();
        Query::select()
            .expr(of_platform(BinOper::Equal).or(before_all))
            .take()
    })?;
    let known = tx.query(statement, |row| row.take()).await?;
    Ok(known.into_iter().next().unwrap_or(false))
}

/// Sets the place of an endpoint, so that what happened after it is told again; `false` if there is none with
/// this id on the platform. A message that is being sent is given up: it does not move the place any more.
pub async fn replay(tx: &Tx, permit: &Permit<Webhooks>, id: i64, place: &Position) -> Result<bool> {
    let arguments = placed(of(permit, id), place);
    let statement = REPLAY.bind(tx.engine(), &(), arguments, || {
        let mut update = Query::update();
        update
            .table(webhook_endpoint::Entity)
            .value(Hook::PlaceSettled, slot("settled"))
            .value(Hook::PlaceId, slot("place"))
            .value(Hook::Begun, Expr::null())
            .value(Hook::Attempt, 0)
            .and_where(is_of());
        sending::forget_message(&mut update);
        update
    })?;
    Ok(tx.execute(statement).await? == 1)
}

static DELETE: Shapes<()> = Shapes::new("webhooks.delete");

/// Deletes an endpoint with its deliveries; `false` if there is none with this id on the platform.
pub async fn delete(tx: &Tx, permit: &Permit<Webhooks>, id: i64) -> Result<bool> {
    let statement = DELETE.bind(tx.engine(), &(), of(permit, id), || {
        Query::delete()
            .from_table(webhook_endpoint::Entity)
            .and_where(is_of())
            .to_owned()
    })?;
    Ok(tx.execute(statement).await? == 1)
}

fn of(permit: &Permit<Webhooks>, id: i64) -> Arguments {
    Arguments::default()
        .with("id", id)
        .with("platform", permit.platform().id)
}

fn is_of() -> Expr {
    let id = Expr::col(Hook::Id).eq(slot("id"));
    id.and(Expr::col(Hook::PlatformId).eq(slot("platform")))
}

fn placed(arguments: Arguments, place: &Position) -> Arguments {
    let settled = match place.key {
        SortKey::Int(settled) => settled,
        _ => 0,
    };
    arguments.with("settled", settled).with("place", place.id)
}
