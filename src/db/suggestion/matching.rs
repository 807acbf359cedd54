//! Everything that a list shows, for writing.

use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement, UpdateStatement};

use super::column;
use super::list::{Filter, ListQuery, Order, OrderField, Within};
use super::source::{Matches, RowsRead, Source};
use super::write::locked;
use super::{Parts, Suggestion, SuggestionPatch};
use crate::auth::{List, Manage, Permit};
use crate::clock::Timestamp;
use crate::db::entity::program_suggestion;
use crate::db::sql::Parameter;
use crate::db::statement::{Arguments, Shapes, is_any, slot};
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::kind::Kind;
use crate::page::{Beyond, Window};

/// What the searched text of a filter comes to.
#[derive(Debug)]
pub struct NamesMatching(Matches);

const WINDOW: Window = Window::Offset {
    offset: 0,
    limit: 0,
};

fn list_of<'q>(kind: Kind, permit: &'q Permit<List>, filter: &'q Filter) -> ListQuery<'q> {
    ListQuery {
        kind,
        within: Within::Permit(permit),
        filter,
        order: Order {
            field: OrderField::Id,
            descending: false,
        },
        window: &WINDOW,
        total: false,
        state_counts: false,
        beyond: Beyond::default(),
        parts: Parts::default(),
        program: false,
        program_details: false,
        subject: false,
    }
}

/// Looks for the text of the filter in the names, if there is one.
pub async fn names_matching(
    db: &Db,
    kind: Kind,
    permit: &Permit<Manage>,
    filter: &Filter,
) -> Result<NamesMatching> {
    let permit = permit.to_list();
    let matches = Matches::find(db, &list_of(kind, &permit, filter)).await?;
    Ok(NamesMatching(matches))
}

static LOCK: Shapes<(Source, u64)> = Shapes::new("suggestions.lock_matching");

/// The suggestions that a list with this filter shows, at most so many, locked until the transaction ends.
pub async fn lock_matching(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    filter: &Filter,
    names: &NamesMatching,
    most: u64,
) -> Result<Vec<Suggestion>> {
    let engine = tx.engine();
    let permit = permit.to_list();
    let list = list_of(kind, &permit, filter);
    let source = Source::new(engine, &list, &names.0);
    let mut arguments = Source::arguments(&list);
    names.0.clone().arguments(engine, &mut arguments);
    let shape = (source, most);
    let statement = LOCK.bind(engine, &shape, arguments, || {
        let mut query = shape.0.lockable_rows();
        Suggestion::columns(kind, Parts::ALL, &mut query);
        query.limit(most);
        locked(engine, kind, query)
    })?;
    tx.query(statement, |row| Suggestion::decode(kind, Parts::ALL, row))
        .await
}

static COUNT: Shapes<Source> = Shapes::new("suggestions.count_matching");

/// How many suggestions a list with this filter shows.
pub async fn count_matching(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    filter: &Filter,
    names: &NamesMatching,
) -> Result<i64> {
    let engine = tx.engine();
    let permit = permit.to_list();
    let list = list_of(kind, &permit, filter);
    let source = Source::new(engine, &list, &names.0);
    let mut arguments = Source::arguments(&list);
    names.0.clone().arguments(engine, &mut arguments);
    let statement = COUNT.bind(engine, &source, arguments, || source.total())?;
    let found = tx.query(statement, |row| row.take()).await?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// Which fields a patch sets. Constants of the text but for their values.
type Set = Vec<program_suggestion::Column>;

static UPDATE: Shapes<(Kind, Vec<&'static str>)> = Shapes::new("suggestions.update_all");

/// Applies a patch to suggestions of the permit's platform that this transaction has locked. It must not set `direct`, the metadata, or who suggested.
pub async fn update_all(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    locked: &[i64],
    patch: &SuggestionPatch,
    now: Timestamp,
) -> Result<()> {
    use program_suggestion::Column::{
        Accepted, DueAt, Id, Message, Modified, PlatformId, Visible, VisibleFrom, VisibleUntil,
    };
    let engine = tx.engine();
    let mut arguments = Arguments::default()
        .with("platform", permit.platform().id)
        .with("ids", locked)
        .with("now", now.0);
    let given: [(&'static str, program_suggestion::Column, Option<Parameter>); 6] = [
        ("accepted", Accepted, patch.accepted.map(Parameter::from)),
        ("visible", Visible, patch.visible.map(Parameter::from)),
        (
            "message",
            Message,
            patch.message.clone().map(Parameter::from),
        ),
        ("due_at", DueAt, patch.due_at.map(Parameter::from)),
        (
            "visible_from",
            VisibleFrom,
            patch.visible_from.map(Parameter::from),
        ),
        (
            "visible_until",
            VisibleUntil,
            patch.visible_until.map(Parameter::from),
        ),
    ];
    let mut names = Vec::new();
    let mut set: Set = Vec::new();
    for (name, column, value) in given {
        if let Some(value) = value {
            arguments.add(name, value);
            names.push(name);
            set.push(column);
        }
    }
    let shape = (kind, names);
    let statement = UPDATE.bind(engine, &shape, arguments, || {
        let mut update = UpdateStatement::new();
        update
            .table(column::table(kind))
            .value(column::of(Modified), slot("now"))
            .and_where(Expr::col(PlatformId).eq(slot("platform")))
            .and_where(is_any(engine, Expr::col(Id), "ids"));
        for (name, column) in shape.1.iter().zip(&set) {
            update.value(column::of(*column), slot(name));
        }
        update
    })?;
    tx.execute(statement).await?;
    Ok(())
}

impl Source {
    /// All rows, with the table itself under the alias `s`, so that its rows can be locked.
    fn lockable_rows(&self) -> SelectStatement {
        if !self.is_narrowed_by_names(RowsRead::All) {
            return self.all_rows();
        }
        let ids = self
            .all_rows()
            .column(("s", program_suggestion::Column::Id))
            .take();
        Query::select()
            .from_as(column::table(self.kind()), "s")
            .and_where(Expr::col(("s", program_suggestion::Column::Id)).in_subquery(ids))
            .take()
    }
}
