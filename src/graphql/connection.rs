//! Lists: Relay connections and numbered pages, the same for everything that is listed.

use std::sync::Arc;

use async_graphql::{Context, Lookahead, Object, OutputType, Result, SimpleObject};

use super::at_once::{AtOnce, Rows, Writer};
use super::department::Department;
use super::event::{SuggestionBatch, SuggestionEvent};
use super::loader::{self, ListOf, Loaders};
use super::program::Program;
use super::program_group_suggestion::ProgramGroupSuggestion;
use super::program_suggestion::ProgramSuggestion;
use super::suggested_program::SuggestedProgram;
use super::user::User;
use super::user_group::UserGroup;
use super::webhook::{WebhookDelivery, WebhookEndpoint};
use crate::domain::directory::{self, NestedList};
use crate::error::Error;
use crate::page::{Beyond, ConnectionArguments, Ordering, PageNumber, Position, Slice, SortKey};

/// What the methods of a generic type have in common: the id its cursors carry.
pub(super) trait Listed: AtOnce + Clone {
    fn row_id(&self) -> i64;
}

/// Where a page of a connection stands in its list.
#[derive(Debug, SimpleObject)]
// Every subgraph with lists defines it, and all of them in the same way.
#[graphql(shareable)]
pub(super) struct PageInfo {
    /// Whether there are rows after the last one of this page.
    has_next_page: bool,
    /// Whether there are rows before the first one of this page.
    has_previous_page: bool,
    /// The cursor of the first row; null if the page is empty.
    start_cursor: Option<String>,
    /// The cursor of the last row; null if the page is empty.
    end_cursor: Option<String>,
}

/// A page of a list by cursor, as Relay defines it.
pub(super) struct Connection<T> {
    ordering: Ordering,
    rows: Vec<(T, SortKey)>,
    total: Option<i64>,
    has_next: bool,
    has_previous: bool,
}

impl<T: Listed> Connection<T> {
    pub(super) fn new<R>(ordering: Ordering, slice: Slice<R>, wrap: impl Fn(R) -> T) -> Self {
        Self {
            ordering,
            total: slice.total,
            has_next: slice.has_next,
            has_previous: slice.has_previous,
            rows: slice
                .rows
                .into_iter()
                .map(|(row, key)| (wrap(row), key))
                .collect(),
        }
    }

    fn cursor(&self, row: &(T, SortKey)) -> String {
        self.ordering.cursor(&Position {
            key: row.1.clone(),
            id: row.0.row_id(),
        })
    }
}

/// A list inside an object, as its arguments ask for it.
pub(super) struct Nested {
    pub(super) ordering: Ordering,
    pub(super) query: Option<String>,
    /// Of users.
    pub(super) department_key: Option<String>,
    pub(super) arguments: ConnectionArguments,
}

impl Nested {
    /// The part of the list of the object with this id.
    pub(super) async fn load<L: ListOf, T: Listed>(
        self,
        ctx: &Context<'_>,
        which: L,
        id: i64,
        wrap: fn(Arc<L::Row>) -> T,
    ) -> Result<Connection<T>> {
        let list = NestedList {
            search: directory::search_text(self.query.as_deref())?,
            department_key: self.department_key,
            window: self.arguments.window(&self.ordering)?,
            total: selects_total(ctx),
            beyond: selects_beyond(ctx),
        };
        let slice = loader::part(ctx.data::<Loaders>()?, which, id, list).await?;
        Ok(Connection::new(self.ordering, slice, wrap))
    }
}

/// A page of a list by cursor.
#[Object(
    // These have more fields: see `suggestion_list` and `suggested_program`.
    concrete(name = "ProgramSuggestionRows", params(ProgramSuggestion)),
    concrete(name = "ProgramGroupSuggestionRows", params(ProgramGroupSuggestion)),
    concrete(name = "SuggestedProgramRows", params(SuggestedProgram)),
    concrete(name = "SuggestionEventConnection", params(SuggestionEvent)),
    concrete(name = "SuggestionBatchConnection", params(SuggestionBatch)),
    concrete(name = "WebhookEndpointConnection", params(WebhookEndpoint)),
    concrete(name = "WebhookDeliveryConnection", params(WebhookDelivery)),
    concrete(name = "ProgramConnection", params(Program)),
    concrete(name = "UserGroupConnection", params(UserGroup)),
    concrete(name = "DepartmentConnection", params(Department)),
    concrete(name = "UserConnection", params(User))
)]
impl<T: Listed> Connection<T>
where
    Edge<T>: OutputType,
{
    /// The rows of the page, each with its cursor.
    async fn edges(&self) -> Rows<Edge<T>> {
        let edges = self.rows.iter().map(|row| Edge {
            cursor: self.cursor(row),
            node: row.0.clone(),
        });
        Rows(edges.collect())
    }

    /// The rows of the page, without cursors.
    async fn nodes(&self) -> Rows<T> {
        Rows(self.rows.iter().map(|(row, _)| row.clone()).collect())
    }

    /// Where this page stands in the list, and the cursors to go on with.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.rows.first().map(|row| self.cursor(row)),
            end_cursor: self.rows.last().map(|row| self.cursor(row)),
        }
    }

    /// The number of rows on all pages together. Counted only when you ask for it.
    async fn total_count(&self) -> Result<i32> {
        counted(self.total)
    }
}

/// A row of a list, with its place in it.
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "ProgramSuggestionEdge", params(ProgramSuggestion)),
    concrete(name = "ProgramGroupSuggestionEdge", params(ProgramGroupSuggestion)),
    concrete(name = "SuggestedProgramEdge", params(SuggestedProgram)),
    concrete(name = "SuggestionEventEdge", params(SuggestionEvent)),
    concrete(name = "SuggestionBatchEdge", params(SuggestionBatch)),
    concrete(name = "WebhookEndpointEdge", params(WebhookEndpoint)),
    concrete(name = "WebhookDeliveryEdge", params(WebhookDelivery)),
    concrete(name = "ProgramEdge", params(Program)),
    concrete(name = "UserGroupEdge", params(UserGroup)),
    concrete(name = "DepartmentEdge", params(Department)),
    concrete(name = "UserEdge", params(User))
)]
pub(super) struct Edge<T: Listed> {
    /// The place of the row in the list; pass it as `after` or `before`. It belongs to the order of
    /// the list that gave it.
    cursor: String,
    /// The row.
    node: T,
}

impl<T: Listed> Edge<T> {
    /// A row at this cursor.
    pub(super) fn new(cursor: String, node: T) -> Self {
        Self { cursor, node }
    }
}

impl<T: Listed> AtOnce for Edge<T>
where
    Self: OutputType,
{
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "cursor" => to.text(&self.cursor),
            "node" => to.object(&self.node)?,
            _ => return None,
        }
        Some(())
    }
}

/// A page of a list by number.
pub(super) struct NumberedPage<T> {
    number: PageNumber,
    rows: Vec<T>,
    total: Option<i64>,
    has_next: bool,
}

impl<T: Listed> NumberedPage<T> {
    pub(super) fn new<R>(number: PageNumber, slice: Slice<R>, wrap: impl Fn(R) -> T) -> Self {
        Self {
            number,
            total: slice.total,
            has_next: slice.has_next,
            rows: slice.rows.into_iter().map(|(row, _)| wrap(row)).collect(),
        }
    }

    /// Whether these selected fields need all rows counted.
    pub(super) fn needs_total(ctx: &Context<'_>) -> bool {
        let selected = ctx.look_ahead();
        ["count", "pageCount", "previousPage"]
            .iter()
            .any(|field| selected.field(field).exists())
    }
}

/// A page of a list by number.
#[Object(
    // It has more fields: see `suggestion_list`.
    concrete(name = "ProgramSuggestionNumbered", params(ProgramSuggestion)),
    concrete(name = "ProgramGroupSuggestionPage", params(ProgramGroupSuggestion))
)]
impl<T: Listed> NumberedPage<T> {
    /// The number of rows on all pages together.
    async fn count(&self) -> Result<i32> {
        counted(self.total)
    }

    /// The number of this page, from 1.
    async fn page(&self) -> Result<i32> {
        counted(Some(self.number.page))
    }

    /// The most rows a page holds; what you asked for, and at most 100.
    async fn page_size(&self) -> Result<i32> {
        counted(Some(self.number.size))
    }

    /// The number of pages; 0 if the list is empty.
    async fn page_count(&self) -> Result<i32> {
        counted(self.total.map(|total| self.number.page_count(total)))
    }

    /// The number of the next page, or null on the last one.
    async fn next_page(&self) -> Result<Option<i32>> {
        self.has_next
            .then(|| counted(Some(self.number.page + 1)))
            .transpose()
    }

    /// The number of the page before this one, or null on the first. Past the end it is the last
    /// page that has rows.
    async fn previous_page(&self) -> Result<Option<i32>> {
        let total = self.total.ok_or_else(uncounted)?;
        self.number
            .previous(total)
            .map(|page| counted(Some(page)))
            .transpose()
    }

    /// The rows of this page.
    async fn results(&self) -> Rows<T> {
        Rows(self.rows.clone())
    }
}

pub(super) fn uncounted() -> Error {
    Error::internal("a list was not counted although its count was selected")
}

/// A number as the `Int` of GraphQL, which has 32 bits.
pub(super) fn counted(number: Option<i64>) -> Result<i32> {
    Ok(i32::try_from(number.ok_or_else(uncounted)?).unwrap_or(i32::MAX))
}

/// Whether the field at a path of a row is selected, however the rows of a list are reached.
pub(super) fn selects(ctx: &Context<'_>, path: &str) -> bool {
    let selected = ctx.look_ahead();
    let rows = [
        selected.field("nodes"),
        selected.field("edges").field("node"),
        selected.field("results"),
    ];
    rows.into_iter().any(|row| reaches(row, path))
}

/// Whether a path such as `program.url` leads to a selected field.
pub(super) fn reaches(from: Lookahead<'_>, path: &str) -> bool {
    let end = path.split('.').fold(from, |at, field| at.field(field));
    end.exists()
}

/// Whether a connection is asked to count all rows.
pub(super) fn selects_total(ctx: &Context<'_>) -> bool {
    ctx.look_ahead().field("totalCount").exists()
}

/// Whether a list is asked to count all rows by state.
pub(super) fn selects_state_counts(ctx: &Context<'_>) -> bool {
    ctx.look_ahead().field("stateCounts").exists()
}

/// Whether a connection is asked what lies beyond the cursors.
pub(super) fn selects_beyond(ctx: &Context<'_>) -> Beyond {
    let info = ctx.look_ahead().field("pageInfo");
    Beyond {
        previous: info.field("hasPreviousPage").exists(),
        next: info.field("hasNextPage").exists(),
    }
}
