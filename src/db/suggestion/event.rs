//! Events: written with every change, in the same transaction, and read in one order that every reader sees
//! alike.

use std::sync::Arc;

use sea_orm::DbErr;
use sea_orm::sea_query::{
    Asterisk, BinOper, Expr, ExprTrait as _, Func, InsertStatement, JoinType, Query,
    SelectStatement, UpdateStatement,
};
use serde_json::{Value, json};

use super::source::{Edge, Found, direction, look_up};
use super::write::{Column, Rows, RowsShape};
use super::{Suggestion, SuggestionFields};
use crate::auth::{List, Permit, Sight};
use crate::clock::Timestamp;
use crate::db::directory::{Group, Program, User};
use crate::db::entity::suggestion_event::Column as Event;
use crate::db::entity::{
    api_key, department, department_member, program, suggestion_batch, suggestion_event, user,
    user_group,
};
use crate::db::sql::Row;
use crate::db::statement::{Arguments, Shapes, is_any, slot};
use crate::db::{Db, Engine, Tx, notice};
use crate::error::Result;
use crate::event::{EventAction, EventSource, FieldChange, Origin};
use crate::kind::Kind;
use crate::page::{Beyond, Cut, Ordering, Slice, SortKey, SortKind, Window};

/// The order of events: by the transaction that wrote them, and in it as they were written.
pub const EVENTS_ORDERING: Ordering = Ordering {
    list: "se",
    field: "AT",
    kind: SortKind::Int,
    descending: false,
};

/// The order of batches: the newest first.
pub const BATCHES_ORDERING: Ordering = Ordering {
    list: "sb",
    field: "ID",
    kind: SortKind::Id,
    descending: true,
};

/// Something that happened, to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub action: EventAction,
    pub program_id: i64,
    /// The user or the group.
    pub recipient_id: i64,
    /// None for an answer.
    pub suggestion_id: Option<i64>,
    pub changes: Vec<FieldChange>,
    /// The row that was deleted, as JSON.
    pub deleted: Option<String>,
}

impl NewEvent {
    pub fn new(action: EventAction, suggestion: &Suggestion, changes: Vec<FieldChange>) -> Self {
        Self {
            action,
            program_id: suggestion.program_id,
            recipient_id: suggestion.subject_id,
            suggestion_id: Some(suggestion.id),
            changes,
            deleted: None,
        }
    }

    /// That a suggestion was deleted: the whole row is kept, so that it can be brought back.
    pub fn deleted(suggestion: &Suggestion) -> Self {
        Self {
            deleted: serde_json::to_string(suggestion).ok(),
            ..Self::new(EventAction::Deleted, suggestion, Vec::new())
        }
    }
}

/// A field as changes name it. Values are as they are stored: instants in microseconds, users by id, metadata as
/// its text, so that it comes back exactly as it was.
struct Field {
    name: &'static str,
    read: fn(&SuggestionFields) -> Value,
    write: fn(&mut SuggestionFields, &Value),
}

/// The fields, in the order in which changes list them.
const FIELDS: [Field; 9] = [
    Field {
        name: "accepted",
        read: |fields| json!(fields.accepted),
        write: |fields, value| fields.accepted = value.as_bool().unwrap_or_default(),
    },
    Field {
        name: "visible",
        read: |fields| json!(fields.visible),
        write: |fields, value| fields.visible = value.as_bool().unwrap_or_default(),
    },
    Field {
        name: "direct",
        read: |fields| json!(fields.direct),
        write: |fields, value| fields.direct = value.as_bool().unwrap_or_default(),
    },
    Field {
        name: "metadata",
        read: |fields| json!(fields.metadata),
        write: |fields, value| fields.metadata = value.as_str().unwrap_or("{}").to_owned(),
    },
    Field {
        name: "message",
        read: |fields| json!(fields.message),
        write: |fields, value| fields.message = value.as_str().map(str::to_owned),
    },
    Field {
        name: "dueAt",
        read: |fields| json!(fields.due_at),
        write: |fields, value| fields.due_at = value.as_i64(),
    },
    Field {
        name: "visibleFrom",
        read: |fields| json!(fields.visible_from),
        write: |fields, value| fields.visible_from = value.as_i64(),
    },
    Field {
        name: "visibleUntil",
        read: |fields| json!(fields.visible_until),
        write: |fields, value| fields.visible_until = value.as_i64(),
    },
    Field {
        name: "suggestedBy",
        read: |fields| json!(fields.suggested_by),
        write: |fields, value| fields.suggested_by = value.as_i64(),
    },
];

impl SuggestionFields {
    /// Which fields differ, as the schema names them.
    pub fn changes(&self, after: &Self) -> Vec<FieldChange> {
        FIELDS
            .iter()
            .map(|field| (field.name, (field.read)(self), (field.read)(after)))
            .filter(|(_, before, after)| before != after)
            .map(|(name, before, after)| FieldChange(name.to_owned(), before, after))
            .collect()
    }

    /// What a field says, as changes hold it; none of a field that changes never name.
    pub fn field(&self, name: &str) -> Option<Value> {
        let field = FIELDS.iter().find(|field| field.name == name)?;
        Some((field.read)(self))
    }

    /// Gives a field a value that changes hold.
    pub fn set_field(&mut self, name: &str, value: &Value) {
        if let Some(field) = FIELDS.iter().find(|field| field.name == name) {
            (field.write)(self, value);
        }
    }
}

/// The changes of an event as they are stored; none of one that has none.
pub(super) fn changes_of(stored: Option<String>) -> Vec<FieldChange> {
    stored
        .and_then(|changes| serde_json::from_str(&changes).ok())
        .unwrap_or_default()
}

/// Who did something, and how.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    pub platform_id: i64,
    /// None for an answer, which belongs to no batch.
    pub operation: Option<&'a str>,
    pub actor_id: Option<i64>,
    pub api_key_id: Option<i64>,
    pub origin: &'a Origin,
    pub at: Timestamp,
    /// The batch that this one takes back.
    pub undoes: Option<i64>,
}

static INSERT_BATCH: Shapes<()> = Shapes::new("events.insert_batch");
static INSERT: Shapes<(Kind, RowsShape)> = Shapes::new("events.insert");

/// Writes the events of one request, in their order, and returns the id of their batch. None of nothing.
/// Two statements.
pub async fn write_events(
    tx: &Tx,
    act: Act<'_>,
    kind: Kind,
    events: &[NewEvent],
) -> Result<Option<i64>> {
    write_events_of_kinds(tx, act, &[(kind, events)]).await
}

/// As [`write_events`], of suggestions of both kinds. A statement more for the second one.
pub async fn write_events_of_kinds(
    tx: &Tx,
    act: Act<'_>,
    events: &[(Kind, &[NewEvent])],
) -> Result<Option<i64>> {
    if events.iter().all(|(_, events)| events.is_empty()) {
        return Ok(None);
    }
    let all = events.iter().flat_map(|(_, events)| events.iter());
    let batch_id = begin_batch(tx, act, all).await?;
    for (kind, events) in events {
        add_events(tx, act.platform_id, batch_id, *kind, events).await?;
    }
    Ok(Some(batch_id))
}

/// Events that travel with one statement.
const CHUNK: usize = 10_000;

/// Begins the batch of an import, whose events come in parts.
pub async fn begin_import(tx: &Tx, act: Act<'_>) -> Result<i64> {
    begin_batch(tx, act, std::iter::empty()).await
}

/// Adds events to a batch, in their order.
pub async fn add_events(
    tx: &Tx,
    platform_id: i64,
    batch_id: i64,
    kind: Kind,
    events: &[NewEvent],
) -> Result<()> {
    for events in events.chunks(CHUNK) {
        add_chunk(tx, platform_id, batch_id, kind, events).await?;
    }
    Ok(())
}

static COUNT_IMPORT: Shapes<()> = Shapes::new("events.count_import");

/// Ends the batch of an import: counts what was made and changed.
pub async fn end_import(tx: &Tx, batch_id: i64, created: i64, updated: i64) -> Result<()> {
    let arguments = Arguments::default()
        .with("id", batch_id)
        .with("created", created)
        .with("updated", updated);
    let statement = COUNT_IMPORT.bind(tx.engine(), &(), arguments, || {
        use suggestion_batch::Column::{CreatedCount, Id, UpdatedCount};
        UpdateStatement::new()
            .table(suggestion_batch::Entity)
            .value(CreatedCount, slot("created"))
            .value(UpdatedCount, slot("updated"))
            .and_where(Expr::col(Id).eq(slot("id")))
            .to_owned()
    })?;
    tx.execute(statement).await?;
    Ok(())
}

async fn begin_batch<'e>(
    tx: &Tx,
    act: Act<'_>,
    events: impl Iterator<Item = &'e NewEvent> + Clone,
) -> Result<i64> {
    let count = |action| {
        let of_action = events.clone().filter(|event| event.action == action);
        i64::try_from(of_action.count()).unwrap_or(i64::MAX)
    };
    let arguments = Arguments::default()
        .with("platform", act.platform_id)
        .with("at", act.at.0)
        .with("operation", act.operation.map(str::to_owned))
        .with("actor", act.actor_id)
        .with("api_key", act.api_key_id)
        .with("source", i64::from(act.origin.source.number()))
        .with("request_id", act.origin.request_id.as_str())
        .with("undoes", act.undoes)
        .with("created", count(EventAction::Created))
        .with("updated", count(EventAction::Updated))
        .with("deleted", count(EventAction::Deleted));
    let statement = INSERT_BATCH.bind(tx.engine(), &(), arguments, || {
        use suggestion_batch::Column::{
            ActorId, ApiKeyId, At, CreatedCount, DeletedCount, Id, Operation, PlatformId,
            RequestId, Source, Undoes, UpdatedCount,
        };
        let mut insert = InsertStatement::new();
        insert.into_table(suggestion_batch::Entity).columns([
            PlatformId,
            At,
            Operation,
            ActorId,
            ApiKeyId,
            Source,
            RequestId,
            Undoes,
            CreatedCount,
            UpdatedCount,
            DeletedCount,
        ]);
        let values = [
            "platform",
            "at",
            "operation",
            "actor",
            "api_key",
            "source",
            "request_id",
            "undoes",
            "created",
            "updated",
            "deleted",
        ];
        let inserted = insert.values(values.map(slot));
        debug_assert!(inserted.is_ok(), "as many values as columns");
        let returned = [Some(Expr::col(Id)), notice::tell(tx.engine())];
        let returned = Query::returning().exprs(returned.into_iter().flatten());
        insert.returning(returned).to_owned()
    })?;
    let batch = tx.query(statement, |row| row.take()).await?;
    Ok(batch.into_iter().next().unwrap_or_default())
}

async fn add_chunk(
    tx: &Tx,
    platform_id: i64,
    batch_id: i64,
    kind: Kind,
    events: &[NewEvent],
) -> Result<()> {
    let engine = tx.engine();
    let ints = |of: fn(&NewEvent) -> Option<i64>| Column::Int(events.iter().map(of).collect());
    let changes: Vec<String> = events
        .iter()
        .map(|event| match &event.changes[..] {
            [] => String::new(),
            changes => serde_json::to_string(changes).unwrap_or_default(),
        })
        .collect();
    let rows = Rows(vec![
        ("program_id", ints(|event| Some(event.program_id))),
        ("recipient_id", ints(|event| Some(event.recipient_id))),
        ("action", ints(|event| Some(event.action.number().into()))),
        ("suggestion_id", ints(|event| event.suggestion_id)),
        (
            "changes",
            Column::Text(changes.iter().map(String::as_str).collect()),
        ),
        (
            "deleted",
            Column::Text(
                events
                    .iter()
                    .map(|event| event.deleted.as_deref().unwrap_or_default())
                    .collect(),
            ),
        ),
    ]);
    let shape = (kind, rows.shape());
    let mut arguments = Arguments::default()
        .with("platform", platform_id)
        .with("batch", batch_id);
    rows.arguments(engine, &mut arguments);
    let statement = INSERT.bind(engine, &shape, arguments, || {
        let sent = |name: &'static str| Expr::col(("v", name));
        let select = Query::select()
            .expr(this_transaction(engine))
            .exprs([slot("batch"), slot("platform")])
            .expr(sent("program_id"))
            .expr(Expr::val(kind_number(kind)))
            .exprs([sent("recipient_id"), sent("action")])
            .expr(super::write::nullable_int(sent("suggestion_id")))
            .exprs(["changes", "deleted"].map(|name| super::write::nullable_text(sent(name))))
            .from_subquery(shape.1.select(engine), "v")
            .take();
        let mut insert = InsertStatement::new();
        insert.into_table(suggestion_event::Entity).columns([
            Event::Settled,
            Event::BatchId,
            Event::PlatformId,
            Event::ProgramId,
            Event::Kind,
            Event::RecipientId,
            Event::Action,
            Event::SuggestionId,
            Event::Changes,
            Event::Deleted,
        ]);
        let selected = insert.select_from(select);
        debug_assert!(selected.is_ok(), "as many values as columns");
        insert
    })?;
    tx.execute(statement).await?;
    for event in events {
        tx.happens(event.action);
    }
    Ok(())
}

pub(super) fn kind_number(kind: Kind) -> i16 {
    match kind {
        Kind::User => 0,
        Kind::Group => 1,
    }
}

/// The number of the transaction: later ones have greater numbers, but may commit earlier. SQLite has one writer.
fn this_transaction(engine: Engine) -> Expr {
    match engine {
        Engine::Postgres => Expr::from(Func::cust("pg_current_xact_id"))
            .cast_as("TEXT")
            .cast_as("BIGINT"),
        Engine::Sqlite => Expr::val(0),
    }
}

/// Whether nothing that is older than an event `e` can still appear: all transactions up to its own have ended.
pub(in crate::db) fn is_settled(engine: Engine) -> Option<Expr> {
    match engine {
        Engine::Postgres => Some(Expr::col(("e", Event::Settled)).lt(oldest_open())),
        Engine::Sqlite => None,
    }
}

/// The number of the oldest transaction that is still open, on PostgreSQL.
pub(super) fn oldest_open() -> Expr {
    let snapshot = Func::cust("pg_current_snapshot");
    let oldest = Func::cust("pg_snapshot_xmin").arg(Expr::from(snapshot));
    Expr::from(oldest).cast_as("TEXT").cast_as("BIGINT")
}

/// An event, with what it is about as far as it was read along.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestionEvent {
    pub id: i64,
    pub settled: i64,
    pub at: i64,
    pub action: EventAction,
    pub kind: Kind,
    pub platform_id: i64,
    /// The user or the group, also of one that is gone.
    pub recipient_id: i64,
    pub program: Arc<Program>,
    pub user: Option<Arc<User>>,
    pub group: Option<Arc<Group>>,
    pub suggestion_id: Option<i64>,
    pub changes: Vec<FieldChange>,
    pub actor_id: Option<i64>,
    pub api_key_name: Option<String>,
    pub source: EventSource,
    pub request_id: String,
    /// None of an answer.
    pub batch_id: Option<i64>,
    /// What was asked for; none of an answer.
    pub operation: Option<String>,
}

impl SuggestionEvent {
    pub(super) fn select(query: &mut SelectStatement, engine: Engine) {
        use suggestion_batch::Column as Batch;
        query
            .columns(
                [
                    Event::Id,
                    Event::Settled,
                    Event::Action,
                    Event::Kind,
                    Event::PlatformId,
                    Event::RecipientId,
                    Event::SuggestionId,
                    Event::Changes,
                    Event::BatchId,
                ]
                .map(|column| ("e", column)),
            )
            .columns(
                [
                    Batch::At,
                    Batch::Operation,
                    Batch::ActorId,
                    Batch::Source,
                    Batch::RequestId,
                ]
                .map(|column| ("b", column)),
            )
            .column(("k", api_key::Column::Name));
        Program::columns(query);
        User::columns(query);
        Group::columns(query);
        let recipient = || Expr::col(("e", Event::RecipientId));
        let is = |kind| Expr::col(("e", Event::Kind)).eq(kind_number(kind));
        let same = Expr::col(("b", Batch::Id)).equals(("e", Event::BatchId));
        look_up(
            query,
            engine,
            suggestion_batch::Entity,
            "b",
            same,
            Found::Always,
        );
        let same = Expr::col(("p", program::Column::PlatformId))
            .equals(("e", Event::PlatformId))
            .and(Expr::col(("p", program::Column::Id)).equals(("e", Event::ProgramId)));
        look_up(query, engine, program::Entity, "p", same, Found::Always);
        let same = Expr::col(("k", api_key::Column::Id)).equals(("b", Batch::ApiKeyId));
        look_up(query, engine, api_key::Entity, "k", same, Found::Perhaps);
        let same = Expr::col(("u", user::Column::Id))
            .eq(recipient())
            .and(is(Kind::User));
        look_up(query, engine, user::Entity, "u", same, Found::Perhaps);
        let same = Expr::col(("g", user_group::Column::Id))
            .eq(recipient())
            .and(is(Kind::Group));
        look_up(query, engine, user_group::Entity, "g", same, Found::Perhaps);
    }

    /// The id of the user or of the group, if it is about one of this kind.
    pub fn recipient(&self, kind: Kind) -> Option<&i64> {
        (self.kind == kind).then_some(&self.recipient_id)
    }

    pub(super) fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        let unknown = |what: &str| DbErr::Type(format!("unknown {what} of an event"));
        let (id, settled) = (row.take()?, row.take()?);
        let action = EventAction::of_number(row.take()?).ok_or_else(|| unknown("action"))?;
        let kind: i16 = row.take()?;
        let kind = if kind == 0 { Kind::User } else { Kind::Group };
        let (platform_id, recipient_id) = (row.take()?, row.take()?);
        let suggestion_id = row.take()?;
        let changes: Option<String> = row.take()?;
        let batch_id: i64 = row.take()?;
        let at = row.take()?;
        let operation: Option<String> = row.take()?;
        let actor_id = row.take()?;
        let source = EventSource::of_number(row.take()?).ok_or_else(|| unknown("source"))?;
        let (request_id, api_key_name) = (row.take()?, row.take()?);
        let program = Arc::new(Program::decode(row)?);
        // Only one of them is joined, and it may be gone by now.
        let user = row.joined(4, User::decode)?.map(Arc::new);
        let group = row.joined(5, Group::decode)?.map(Arc::new);
        Ok(Self {
            id,
            settled,
            at,
            action,
            kind,
            platform_id,
            recipient_id,
            program,
            user,
            group,
            suggestion_id,
            changes: changes_of(changes),
            actor_id,
            api_key_name,
            source,
            request_id,
            batch_id: operation.as_ref().map(|_| batch_id),
            operation,
        })
    }
}

/// Which events; everything given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct EventFilter {
    pub actions: Option<Vec<EventAction>>,
    pub kind: Option<Kind>,
    pub program_keys: Option<Vec<String>>,
    pub user_ids: Option<Vec<i64>>,
    pub group_ids: Option<Vec<i64>>,
    pub actor_ids: Option<Vec<i64>>,
    pub batch_ids: Option<Vec<i64>>,
    pub after: Option<Timestamp>,
    pub before: Option<Timestamp>,
}

impl EventFilter {
    /// Whether an event passes. Means the same as the conditions of [`events`].
    pub fn takes(&self, event: &SuggestionEvent) -> bool {
        fn among<T: PartialEq>(listed: Option<&[T]>, one: Option<&T>) -> bool {
            listed.is_none_or(|listed| one.is_some_and(|one| listed.contains(one)))
        }
        among(self.actions.as_deref(), Some(&event.action))
            && self.kind.is_none_or(|kind| kind == event.kind)
            && among(self.program_keys.as_deref(), Some(&event.program.key))
            && among(self.user_ids.as_deref(), event.recipient(Kind::User))
            && among(self.group_ids.as_deref(), event.recipient(Kind::Group))
            && among(self.actor_ids.as_deref(), event.actor_id.as_ref())
            && among(self.batch_ids.as_deref(), event.batch_id.as_ref())
            && self.after.is_none_or(|after| event.at > after.0)
            && self.before.is_none_or(|before| event.at < before.0)
    }
}

/// Where a list of events begins.
#[derive(Debug, Clone, Copy)]
pub enum EventsOf<'a> {
    /// A platform, in the scope of a permit. Events that are not settled yet are not read, so that whoever
    /// goes on from a cursor misses none.
    Permit(&'a Permit<List>),
    /// One suggestion, which is in sight, and the answers of the person about that program.
    Suggestion(&'a Suggestion, Kind),
    /// One batch, which is in sight.
    Batch(i64),
    /// Those with these ids, in sight.
    Ids(&'a Sight, &'a [i64]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum OfShape {
    Platform { departments: bool },
    Suggestion(Kind),
    Batch,
    Ids { everything: bool },
}

/// Which part of a list of events.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventQuery {
    pub filter: EventFilter,
    pub window: Window,
    pub total: bool,
    pub beyond: Beyond,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct EventShape {
    engine: Engine,
    of: OfShape,
    actions: Vec<i16>,
    any_action: bool,
    kind: Option<Kind>,
    program_keys: bool,
    users: bool,
    groups: bool,
    actors: bool,
    batches: bool,
    at_after: bool,
    at_before: bool,
    after: bool,
    before: bool,
    backward: bool,
    limit: u64,
}

impl EventShape {
    fn rows(&self) -> SelectStatement {
        let engine = self.engine;
        let of = |column| Expr::col(("e", column));
        let mut query = Query::select();
        query
            .from_as(suggestion_event::Entity, "e")
            .and_where(is_shown());
        match self.of {
            OfShape::Platform { departments } => {
                query.and_where(of(Event::PlatformId).eq(slot("platform")));
                if let Some(settled) = is_settled(engine) {
                    query.and_where(settled);
                }
                if departments {
                    query.and_where(in_departments(engine, "departments"));
                }
            }
            OfShape::Suggestion(kind) => {
                query
                    .and_where(of(Event::PlatformId).eq(slot("platform")))
                    .and_where(of(Event::ProgramId).eq(slot("program")))
                    .and_where(of(Event::Kind).eq(kind_number(kind)))
                    .and_where(of(Event::RecipientId).eq(slot("recipient")));
            }
            OfShape::Batch => {
                query.and_where(of(Event::BatchId).eq(slot("batch")));
            }
            OfShape::Ids { everything } => {
                query.and_where(is_any(engine, of(Event::Id), "ids"));
                if !everything {
                    query.and_where(
                        is_any(engine, of(Event::PlatformId), "sight.platforms")
                            .or(in_departments(engine, "sight.departments")),
                    );
                }
            }
        }
        if !self.any_action {
            query.and_where(match self.actions[..] {
                [] => Expr::val(false),
                ref some => of(Event::Action).is_in(some.iter().copied()),
            });
        }
        if let Some(kind) = self.kind {
            query.and_where(of(Event::Kind).eq(kind_number(kind)));
        }
        if self.program_keys {
            let mut programs = Query::select();
            programs.column(program::Column::Id).from(program::Entity);
            if let OfShape::Platform { .. } = self.of {
                programs.and_where(Expr::col(program::Column::PlatformId).eq(slot("platform")));
            }
            let key = Expr::col(program::Column::Key);
            programs.and_where(is_any(engine, key, "program_keys"));
            query.and_where(of(Event::ProgramId).in_subquery(programs));
        }
        for (given, kind, name) in [
            (self.users, Kind::User, "users"),
            (self.groups, Kind::Group, "groups"),
        ] {
            if given {
                query
                    .and_where(of(Event::Kind).eq(kind_number(kind)))
                    .and_where(is_any(engine, of(Event::RecipientId), name));
            }
        }
        if self.batches {
            query.and_where(is_any(engine, of(Event::BatchId), "batches"));
        }
        if self.actors || self.at_after || self.at_before || self.batches {
            use suggestion_batch::Column::{ActorId, At, Id, Operation};
            query.join_as(
                JoinType::InnerJoin,
                suggestion_batch::Entity,
                "f",
                Expr::col(("f", Id)).equals(("e", Event::BatchId)),
            );
            if self.actors {
                query.and_where(is_any(engine, Expr::col(("f", ActorId)), "actors"));
            }
            if self.at_after {
                query.and_where(Expr::col(("f", At)).gt(slot("at_after")));
            }
            if self.at_before {
                query.and_where(Expr::col(("f", At)).lt(slot("at_before")));
            }
            if self.batches {
                query.and_where(Expr::col(("f", Operation)).is_not_null());
            }
        }
        query
    }

    fn bounded(&self) -> SelectStatement {
        let mut query = self.rows();
        for (given, edge, operator) in [
            (self.after, Edge::After, BinOper::GreaterThan),
            (self.before, Edge::Before, BinOper::SmallerThan),
        ] {
            if given {
                query.and_where(place().binary(operator, edge.place()));
            }
        }
        query
    }

    fn page(&self) -> SelectStatement {
        let engine = self.engine;
        let mut page = self.bounded();
        page.column(("e", Asterisk))
            .order_by(("e", Event::Settled), direction(self.backward))
            .order_by(("e", Event::Id), direction(self.backward))
            .limit(self.limit);
        let mut query = Query::select();
        query.from_subquery(page, "e");
        SuggestionEvent::select(&mut query, engine);
        query
            .order_by(("e", Event::Settled), direction(self.backward))
            .order_by(("e", Event::Id), direction(self.backward))
            .take()
    }
}

/// Whether the program of an event `e` is still there. Asked before a page is cut, so that pages are full.
pub(super) fn is_shown() -> Expr {
    let of = |column| Expr::col(("shown", column));
    let program = Query::select()
        .expr(Expr::val(1))
        .from_as(program::Entity, "shown")
        .and_where(of(program::Column::PlatformId).equals(("e", Event::PlatformId)))
        .and_where(of(program::Column::Id).equals(("e", Event::ProgramId)))
        .take();
    Expr::exists(program)
}

pub(super) fn place() -> Expr {
    Expr::tuple([
        Expr::col(("e", Event::Settled)),
        Expr::col(("e", Event::Id)),
    ])
}

/// Whether an event `e` is about a group linked to, or a user who is a member of, one of the departments.
fn in_departments(engine: Engine, departments: &str) -> Expr {
    let recipient = || Expr::col(("e", Event::RecipientId));
    let kind = |kind| Expr::col(("e", Event::Kind)).eq(kind_number(kind));
    let member = Query::select()
        .expr(Expr::val(1))
        .from_as(department_member::Entity, "m")
        .join_as(
            JoinType::InnerJoin,
            department::Entity,
            "d",
            Expr::col(("d", department::Column::Id))
                .equals(("m", department_member::Column::DepartmentId)),
        )
        .and_where(Expr::col(("m", department_member::Column::UserId)).eq(recipient()))
        .and_where(
            Expr::col(("d", department::Column::PlatformId)).equals(("e", Event::PlatformId)),
        )
        .and_where(is_any(
            engine,
            Expr::col(("d", department::Column::Id)),
            departments,
        ))
        .take();
    let linked = Query::select()
        .expr(Expr::val(1))
        .from_as(user_group::Entity, "l")
        .and_where(Expr::col(("l", user_group::Column::Id)).eq(recipient()))
        .and_where(is_any(
            engine,
            Expr::col(("l", user_group::Column::DepartmentId)),
            departments,
        ))
        .take();
    kind(Kind::User)
        .and(Expr::exists(member))
        .or(kind(Kind::Group).and(Expr::exists(linked)))
}

static EVENTS: Shapes<EventShape> = Shapes::new("events.list");
static EVENTS_TOTAL: Shapes<EventShape> = Shapes::new("events.total");
static EVENTS_BEYOND: Shapes<(EventShape, bool)> = Shapes::new("events.beyond");

/// A page of events, oldest first. One statement, one more for the total, and one for what lies behind a cursor.
pub async fn events(
    db: &Db,
    of: EventsOf<'_>,
    query: &EventQuery,
) -> Result<Slice<SuggestionEvent>> {
    let engine = db.engine();
    let cut = query.window.cut();
    let Cut {
        after,
        before,
        limit,
        backward,
    } = cut;
    let filter = &query.filter;
    let shape = EventShape {
        engine,
        of: match of {
            EventsOf::Permit(permit) => OfShape::Platform {
                departments: permit.departments().is_some(),
            },
            EventsOf::Suggestion(_, kind) => OfShape::Suggestion(kind),
            EventsOf::Batch(_) => OfShape::Batch,
            EventsOf::Ids(sight, _) => OfShape::Ids {
                everything: sight.everything(),
            },
        },
        actions: {
            let mut actions: Vec<i16> = filter
                .actions
                .iter()
                .flatten()
                .map(|action| action.number())
                .collect();
            actions.sort_unstable();
            actions.dedup();
            actions
        },
        any_action: filter.actions.is_none(),
        kind: filter.kind,
        program_keys: filter.program_keys.is_some(),
        users: filter.user_ids.is_some(),
        groups: filter.group_ids.is_some(),
        actors: filter.actor_ids.is_some(),
        batches: filter.batch_ids.is_some(),
        at_after: filter.after.is_some(),
        at_before: filter.before.is_some(),
        after: after.is_some(),
        before: before.is_some(),
        backward,
        limit: limit.unsigned_abs() + 1,
    };
    let arguments = || {
        let mut arguments = Arguments::default();
        match of {
            EventsOf::Permit(permit) => {
                arguments
                    .add("platform", permit.platform().id)
                    .add_some("departments", permit.departments());
            }
            EventsOf::Suggestion(suggestion, _) => {
                arguments
                    .add("platform", suggestion.platform_id)
                    .add("program", suggestion.program_id)
                    .add("recipient", suggestion.subject_id);
            }
            EventsOf::Batch(id) => {
                arguments.add("batch", id);
            }
            EventsOf::Ids(sight, ids) => {
                arguments
                    .add("ids", ids)
                    .add("sight.platforms", sight.platforms())
                    .add("sight.departments", sight.departments());
            }
        }
        arguments
            .add_some("program_keys", filter.program_keys.as_deref())
            .add_some("users", filter.user_ids.as_deref())
            .add_some("groups", filter.group_ids.as_deref())
            .add_some("actors", filter.actor_ids.as_deref())
            .add_some("batches", filter.batch_ids.as_deref())
            .add_some("at_after", filter.after.map(|at| at.0))
            .add_some("at_before", filter.before.map(|at| at.0));
        Edge::After.arguments(after, &mut arguments);
        Edge::Before.arguments(before, &mut arguments);
        arguments
    };
    let statement = EVENTS.bind(engine, &shape, arguments(), || shape.page())?;
    let rows = db
        .query(statement, |row| {
            let event = SuggestionEvent::decode(row)?;
            let key = SortKey::Int(event.settled);
            Ok((event, key))
        })
        .await?;
    let mut slice = cut.page(rows);
    if query.total {
        let statement = EVENTS_TOTAL.bind(engine, &shape, arguments(), || {
            shape.rows().expr(Func::count(Expr::col(Asterisk))).take()
        })?;
        let counted = db.query(statement, |row| row.take()).await?;
        slice.total = counted.into_iter().next();
    }
    let beyond = async |after: bool| -> Result<bool> {
        let key = (shape.clone(), after);
        let statement = EVENTS_BEYOND.bind(engine, &key, arguments(), || {
            let (edge, operator) = if after {
                (Edge::After, BinOper::SmallerThanOrEqual)
            } else {
                (Edge::Before, BinOper::GreaterThanOrEqual)
            };
            let mut rows = shape.rows();
            rows.expr(Expr::val(1))
                .and_where(place().binary(operator, edge.place()));
            Query::select().expr(Expr::exists(rows)).take()
        })?;
        let found = db.query(statement, |row| row.take()).await?;
        Ok(found.into_iter().next().unwrap_or(false))
    };
    if query.beyond.previous && after.is_some() {
        slice.has_previous |= beyond(true).await?;
    }
    if query.beyond.next && before.is_some() {
        slice.has_next |= beyond(false).await?;
    }
    Ok(slice)
}

/// A request or an import that changed suggestions.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestionBatch {
    pub id: i64,
    pub platform_id: i64,
    pub at: i64,
    pub operation: String,
    pub actor_id: Option<i64>,
    pub api_key_name: Option<String>,
    pub source: EventSource,
    pub request_id: String,
    pub created_count: i64,
    pub updated_count: i64,
    pub deleted_count: i64,
    /// The batch that this one takes back.
    pub undoes: Option<i64>,
    /// The batch that takes this one back.
    pub undone_by: Option<i64>,
}

impl SuggestionBatch {
    fn select(query: &mut SelectStatement, engine: Engine) {
        use suggestion_batch::Column::{
            ActorId, ApiKeyId, At, CreatedCount, DeletedCount, Id, Operation, PlatformId,
            RequestId, Source, Undoes, UpdatedCount,
        };
        query
            .columns(
                [
                    Id,
                    PlatformId,
                    At,
                    Operation,
                    ActorId,
                    Source,
                    RequestId,
                    CreatedCount,
                    UpdatedCount,
                    DeletedCount,
                    Undoes,
                ]
                .map(|column| ("b", column)),
            )
            .column(("k", api_key::Column::Name))
            .column(("u", Id));
        let same = Expr::col(("k", api_key::Column::Id)).equals(("b", ApiKeyId));
        look_up(query, engine, api_key::Entity, "k", same, Found::Perhaps);
        let same = Expr::col(("u", Undoes)).equals(("b", Id));
        look_up(
            query,
            engine,
            suggestion_batch::Entity,
            "u",
            same,
            Found::Perhaps,
        );
    }

    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        let (id, platform_id, at) = (row.take()?, row.take()?, row.take()?);
        let operation: Option<String> = row.take()?;
        let actor_id = row.take()?;
        let source = EventSource::of_number(row.take()?)
            .ok_or_else(|| DbErr::Type("unknown source of a batch".to_owned()))?;
        Ok(Self {
            id,
            platform_id,
            at,
            operation: operation.unwrap_or_default(),
            actor_id,
            source,
            request_id: row.take()?,
            created_count: row.take()?,
            updated_count: row.take()?,
            deleted_count: row.take()?,
            undoes: row.take()?,
            api_key_name: row.take()?,
            undone_by: row.take()?,
        })
    }
}

/// Whether some event `e` of the batch `b` lies outside of the departments.
pub(super) fn reaches_outside(engine: Engine, departments: &str) -> Expr {
    Expr::exists(
        Query::select()
            .expr(Expr::val(1))
            .from_as(suggestion_event::Entity, "e")
            .and_where(Expr::col(("e", Event::BatchId)).equals(("b", suggestion_batch::Column::Id)))
            .and_where(in_departments(engine, departments).not())
            .take(),
    )
}

static BATCHES_BY_IDS: Shapes<bool> = Shapes::new("batches.by_ids");

/// The batches with these ids that are in sight: those of platforms that are seen whole, and those that lie
/// wholly in the departments that are seen.
pub async fn batches_by_ids(db: &Db, sight: &Sight, ids: &[i64]) -> Result<Vec<SuggestionBatch>> {
    let engine = db.engine();
    let everything = sight.everything();
    let arguments = Arguments::default()
        .with("ids", ids)
        .with("sight.platforms", sight.platforms())
        .with("sight.department_platforms", sight.department_platforms())
        .with("sight.departments", sight.departments());
    let statement = BATCHES_BY_IDS.bind(engine, &everything, arguments, || {
        use suggestion_batch::Column::{Id, Operation, PlatformId};
        let mut query = Query::select();
        query
            .from_as(suggestion_batch::Entity, "b")
            .and_where(is_any(engine, Expr::col(("b", Id)), "ids"))
            .and_where(Expr::col(("b", Operation)).is_not_null());
        if !everything {
            let platform = || Expr::col(("b", PlatformId));
            query.and_where(
                is_any(engine, platform(), "sight.platforms").or(is_any(
                    engine,
                    platform(),
                    "sight.department_platforms",
                )
                .and(reaches_outside(engine, "sight.departments").not())),
            );
        }
        SuggestionBatch::select(&mut query, engine);
        query
    })?;
    db.query(statement, SuggestionBatch::decode).await
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct BatchShape {
    departments: bool,
    after: bool,
    before: bool,
    backward: bool,
    limit: u64,
    total: bool,
}

static BATCHES: Shapes<BatchShape> = Shapes::new("batches.list");
static BATCHES_TOTAL: Shapes<BatchShape> = Shapes::new("batches.total");

/// A page of the batches of a platform, the newest first, with all of their events in scope. One statement, and
/// one for the total and what lies behind cursors.
pub async fn batches(
    db: &Db,
    permit: &Permit<List>,
    window: &Window,
    total: bool,
    beyond: Beyond,
) -> Result<Slice<SuggestionBatch>> {
    use suggestion_batch::Column::{Id, Operation, PlatformId};
    let engine = db.engine();
    let cut = window.cut();
    let Cut {
        after,
        before,
        limit,
        backward,
    } = cut;
    let shape = BatchShape {
        departments: permit.departments().is_some(),
        after: after.is_some(),
        before: before.is_some(),
        backward,
        limit: limit.unsigned_abs() + 1,
        total,
    };
    let arguments = || {
        let mut arguments = Arguments::default().with("platform", permit.platform().id);
        arguments.add_some("departments", permit.departments());
        arguments
            .add_some("after", after.map(|position| position.id))
            .add_some("before", before.map(|position| position.id));
        arguments
    };
    let id = || Expr::col(("b", Id));
    let rows = || {
        let mut query = Query::select();
        query
            .from_as(suggestion_batch::Entity, "b")
            .and_where(Expr::col(("b", PlatformId)).eq(slot("platform")))
            .and_where(Expr::col(("b", Operation)).is_not_null());
        if shape.departments {
            query.and_where(reaches_outside(engine, "departments").not());
        }
        query
    };
    let statement = BATCHES.bind(engine, &shape, arguments(), || {
        let mut query = rows();
        if shape.after {
            query.and_where(id().lt(slot("after")));
        }
        if shape.before {
            query.and_where(id().gt(slot("before")));
        }
        SuggestionBatch::select(&mut query, engine);
        query
            .order_by(("b", Id), direction(!shape.backward))
            .limit(shape.limit)
            .take()
    })?;
    let read = db.query(statement, SuggestionBatch::decode).await?;
    let mut slice = cut.page(read.into_iter().map(|row| (row, SortKey::Id)).collect());
    if total || (beyond.previous && after.is_some()) || (beyond.next && before.is_some()) {
        let statement = BATCHES_TOTAL.bind(engine, &shape, arguments(), || {
            let beyond = |given: bool, operator: BinOper, name: &str| {
                if given {
                    let mut rows = rows();
                    rows.expr(Expr::val(1))
                        .and_where(id().binary(operator, slot(name)));
                    Expr::exists(rows)
                } else {
                    Expr::val(false)
                }
            };
            let count = if shape.total {
                rows().expr(Func::count(Expr::col(Asterisk))).take().into()
            } else {
                Expr::val(0)
            };
            Query::select()
                .expr(count)
                .expr(beyond(shape.after, BinOper::GreaterThanOrEqual, "after"))
                .expr(beyond(shape.before, BinOper::SmallerThanOrEqual, "before"))
                .take()
        })?;
        let found = db
            .query(statement, |row| {
                Ok((row.take::<i64>()?, row.take::<bool>()?, row.take::<bool>()?))
            })
            .await?;
        if let Some((number, newer, older)) = found.into_iter().next() {
            slice.total = total.then_some(number);
            slice.has_previous |= newer;
            slice.has_next |= older;
        }
    }
    Ok(slice)
}
