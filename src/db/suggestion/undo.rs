//! What taking a batch back reads and writes.

use sea_orm::sea_query::{
    Expr, ExprTrait as _, InsertStatement, JoinType, LockType, OnConflict, Order, Query,
};

use super::event::{changes_of, kind_number, reaches_outside};
use super::source::join_to_keys;
use super::write::{Column, Rows, RowsShape};
use super::{Suggestion, SuggestionFields, column};
use crate::auth::{Manage, Permit};
use crate::clock::Timestamp;
use crate::db::entity::suggestion_event::Column as Event;
use crate::db::entity::{
    program, program_suggestion, suggestion_batch, suggestion_event, user, user_group,
};
use crate::db::statement::{Arguments, Shapes, slot};
use crate::db::{Engine, Tx};
use crate::error::Result;
use crate::event::{EventAction, FieldChange};
use crate::kind::Kind;

static LOCK_BATCH: Shapes<bool> = Shapes::new("undo.lock_batch");

/// Locks a batch of the permit's platform that lies wholly in its scope until the transaction ends, and returns how
/// many events it has.
pub async fn lock_batch(tx: &Tx, permit: &Permit<Manage>, id: i64) -> Result<Option<i64>> {
    let engine = tx.engine();
    let scoped = permit.departments().is_some();
    let mut arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("batch", id);
    arguments.add_some("departments", permit.departments());
    let statement = LOCK_BATCH.bind(engine, &scoped, arguments, || {
        use suggestion_batch::Column::{
            CreatedCount, DeletedCount, Id, Operation, PlatformId, UpdatedCount,
        };
        let of = |column| Expr::col(("b", column));
        let mut query = Query::select();
        query
            .expr(of(CreatedCount).add(of(UpdatedCount)).add(of(DeletedCount)))
            .from_as(suggestion_batch::Entity, "b")
            .and_where(of(Id).eq(slot("batch")))
            .and_where(of(PlatformId).eq(slot("platform")))
            .and_where(of(Operation).is_not_null());
        if scoped {
            query.and_where(reaches_outside(engine, "departments").not());
        }
        if engine == Engine::Postgres {
            query.lock_with_tables(LockType::Update, ["b"]);
        }
        query
    })?;
    let found = tx.query(statement, |row| row.take()).await?;
    Ok(found.into_iter().next())
}

static UNDONE_AT: Shapes<()> = Shapes::new("undo.undone_at");

/// When a batch was taken back. A statement of its own after [`lock_batch`]: while that one waits for its turn,
/// it does not see what others commit.
pub async fn undone_at(tx: &Tx, batch: i64) -> Result<Option<Timestamp>> {
    let arguments = Arguments::default().with("batch", batch);
    let statement = UNDONE_AT.bind(tx.engine(), &(), arguments, || {
        use suggestion_batch::Column::{At, Undoes};
        Query::select()
            .column(At)
            .from(suggestion_batch::Entity)
            .and_where(Expr::col(Undoes).eq(slot("batch")))
            .take()
    })?;
    let found = tx.query(statement, |row| row.take()).await?;
    Ok(found.into_iter().next().map(Timestamp))
}

/// An event of a batch that is to be taken back.
#[derive(Debug, Clone)]
pub struct UndoneEvent {
    pub id: i64,
    pub kind: Kind,
    pub action: EventAction,
    pub program_id: i64,
    /// The user or the group.
    pub recipient_id: i64,
    pub suggestion_id: i64,
    pub changes: Vec<FieldChange>,
    /// The row that was deleted.
    pub deleted: Option<Suggestion>,
}

static EVENTS: Shapes<()> = Shapes::new("undo.events");

/// The events of a batch that [`lock_batch`] found, in their order.
pub async fn events(tx: &Tx, batch: i64) -> Result<Vec<UndoneEvent>> {
    let arguments = Arguments::default().with("batch", batch);
    let statement = EVENTS.bind(tx.engine(), &(), arguments, || {
        Query::select()
            .columns([
                Event::Id,
                Event::Kind,
                Event::Action,
                Event::ProgramId,
                Event::RecipientId,
                Event::SuggestionId,
                Event::Changes,
                Event::Deleted,
            ])
            .from(suggestion_event::Entity)
            .and_where(Expr::col(Event::BatchId).eq(slot("batch")))
            .and_where(Expr::col(Event::SuggestionId).is_not_null())
            .order_by(Event::Id, Order::Asc)
            .take()
    })?;
    tx.query(statement, |row| {
        let id = row.take()?;
        let kind: i16 = row.take()?;
        let action = EventAction::of_number(row.take()?)
            .ok_or_else(|| sea_orm::DbErr::Type("unknown action of an event".to_owned()))?;
        let (program_id, recipient_id, suggestion_id) = (row.take()?, row.take()?, row.take()?);
        let changes: Option<String> = row.take()?;
        let deleted: Option<String> = row.take()?;
        Ok(UndoneEvent {
            id,
            kind: if kind == 0 { Kind::User } else { Kind::Group },
            action,
            program_id,
            recipient_id,
            suggestion_id,
            changes: changes_of(changes),
            deleted: deleted.and_then(|row| serde_json::from_str(&row).ok()),
        })
    })
    .await
}

/// What happened to a key after a batch.
#[derive(Debug, Clone)]
pub struct LaterEvent {
    pub id: i64,
    pub action: EventAction,
    pub program_id: i64,
    pub recipient_id: i64,
    pub suggestion_id: i64,
    pub changes: Vec<FieldChange>,
    pub at: Timestamp,
}

static LATER: Shapes<(Kind, RowsShape)> = Shapes::new("undo.later_events");

/// What others did to suggestions of these keys (program, recipient) after the event with the id `after`, oldest
/// first. `after` is the first event of the batch: one of another request may stand between those of the batch.
pub async fn later_events(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    keys: &[(i64, i64)],
    batch: i64,
    after: i64,
) -> Result<Vec<LaterEvent>> {
    let engine = tx.engine();
    let ints =
        |of: fn(&(i64, i64)) -> i64| Column::Int(keys.iter().map(|key| Some(of(key))).collect());
    let rows = Rows(vec![
        ("program_id", ints(|key| key.0)),
        ("recipient_id", ints(|key| key.1)),
    ]);
    let shape = (kind, rows.shape());
    let mut arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("batch", batch)
        .with("after", after);
    rows.arguments(engine, &mut arguments);
    let statement = LATER.bind(engine, &shape, arguments, || {
        use suggestion_batch::Column::{At, Id};
        let of = |column| Expr::col(("e", column));
        let mut query = Query::select();
        query
            .columns(
                [
                    Event::Id,
                    Event::Action,
                    Event::ProgramId,
                    Event::RecipientId,
                    Event::SuggestionId,
                    Event::Changes,
                ]
                .map(|column| ("e", column)),
            )
            .column(("b", At))
            .from_subquery(shape.1.select(engine), "v");
        let same = of(Event::PlatformId)
            .eq(slot("platform"))
            .and(of(Event::ProgramId).equals(("v", "program_id")))
            .and(of(Event::Kind).eq(kind_number(kind)))
            .and(of(Event::RecipientId).equals(("v", "recipient_id")));
        join_to_keys(&mut query, suggestion_event::Entity, "e", same);
        query
            .join_as(
                JoinType::InnerJoin,
                suggestion_batch::Entity,
                "b",
                Expr::col(("b", Id)).equals(("e", Event::BatchId)),
            )
            .and_where(of(Event::Id).gt(slot("after")))
            .and_where(of(Event::BatchId).ne(slot("batch")))
            .and_where(of(Event::SuggestionId).is_not_null())
            .order_by(("e", Event::Id), Order::Asc)
            .take()
    })?;
    tx.query(statement, |row| {
        let id = row.take()?;
        let action = EventAction::of_number(row.take()?)
            .ok_or_else(|| sea_orm::DbErr::Type("unknown action of an event".to_owned()))?;
        let (program_id, recipient_id, suggestion_id) = (row.take()?, row.take()?, row.take()?);
        let changes: Option<String> = row.take()?;
        Ok(LaterEvent {
            id,
            action,
            program_id,
            recipient_id,
            suggestion_id,
            changes: changes_of(changes),
            at: Timestamp(row.take()?),
        })
    })
    .await
}

static RESTORE: Shapes<(Kind, RowsShape)> = Shapes::new("undo.restore");

/// Writes deleted suggestions of the permit's platform again, with the ids and the times of creation that they had,
/// and returns the ids of those that were written. The others are suggested again by now, or their program, user or
/// group is gone. The rows must be sorted by program and recipient, as for
/// [`insert_missing`](super::insert_missing).
pub async fn restore(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    rows: &[&Suggestion],
    now: Timestamp,
) -> Result<Vec<i64>> {
    let engine = tx.engine();
    let ints =
        |of: fn(&Suggestion) -> i64| Column::Int(rows.iter().map(|row| Some(of(row))).collect());
    let mut columns = vec![
        ("id", ints(|row| row.id)),
        ("program_id", ints(|row| row.program_id)),
        ("recipient_id", ints(|row| row.subject_id)),
        ("created", ints(|row| row.created)),
    ];
    columns.extend(SuggestionFields::columns(
        kind,
        rows.iter().map(|row| &row.fields),
    ));
    let rows = Rows(columns);
    let shape = (kind, rows.shape());
    let mut arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("now", now.0);
    rows.arguments(engine, &mut arguments);
    let statement = RESTORE.bind(engine, &shape, arguments, || {
        use program_suggestion::Column::{
            Created, Id, Modified, PlatformId, ProgramId, SuggestedBy,
        };
        let mut fields = SuggestionFields::stored(kind);
        // Who suggested may be gone by now.
        for (name, value) in &mut fields {
            if *name == column::of(SuggestedBy) {
                let there = Query::select()
                    .column(("w", user::Column::Id))
                    .from_as(user::Entity, "w")
                    .and_where(Expr::col(("w", user::Column::Id)).eq(value.clone()))
                    .take();
                *value = Expr::SubQuery(None, Box::new(there.into()));
            }
        }
        let columns = [Id, PlatformId, ProgramId]
            .map(column::of)
            .into_iter()
            .chain([column::recipient(kind)])
            .chain(fields.iter().map(|(column, _)| column.clone()))
            .chain([Created, Modified].map(column::of));
        let program = Query::select()
            .expr(Expr::val(1))
            .from_as(program::Entity, "p")
            .and_where(Expr::col(("p", program::Column::Id)).equals(("v", "program_id")))
            .and_where(Expr::col(("p", program::Column::PlatformId)).eq(slot("platform")))
            .take();
        let mut recipient = Query::select();
        recipient.expr(Expr::val(1));
        match kind {
            Kind::User => recipient
                .from_as(user::Entity, "r")
                .and_where(Expr::col(("r", user::Column::Id)).equals(("v", "recipient_id"))),
            Kind::Group => recipient
                .from_as(user_group::Entity, "r")
                .and_where(Expr::col(("r", user_group::Column::Id)).equals(("v", "recipient_id")))
                .and_where(Expr::col(("r", user_group::Column::PlatformId)).eq(slot("platform"))),
        };
        let select = Query::select()
            .column(("v", "id"))
            .expr(slot("platform"))
            .columns([("v", "program_id"), ("v", "recipient_id")])
            .exprs(fields.iter().map(|(_, value)| value.clone()))
            .column(("v", "created"))
            .expr(slot("now"))
            .from_subquery(shape.1.select(engine), "v")
            .and_where(Expr::exists(program))
            .and_where(Expr::exists(recipient))
            .take();
        let mut insert = InsertStatement::new();
        insert.into_table(column::table(kind)).columns(columns);
        let selected = insert.select_from(select);
        debug_assert!(selected.is_ok(), "as many values as columns");
        insert
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .returning(Query::returning().column(column::of(Id)))
            .to_owned()
    })?;
    tx.query(statement, |row| row.take()).await
}
