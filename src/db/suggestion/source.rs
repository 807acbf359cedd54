//! Where the rows of a list come from: its scope, filters and search, and the way to its order.
//!
//! Each way here lets an index give the rows in their order, or reads only what matches. The names by
//! which lists are searched and ordered stand in tables of their own, far smaller than the
//! suggestions; so those are read first, and suggestions are only met by the ids found there.

use sea_orm::sea_query::{
    Asterisk, BinOper, CaseStatement, CommonTableExpression, Condition, DynIden, Expr,
    ExprTrait as _, Func, IntoIden, JoinType, Order as Direction, Query, SelectStatement,
    UnionType, WithClause,
};

use super::list::{Filter, ListQuery, Order, OrderField, STATES, Within};
use super::suggested_program::is_open;
use super::{column, in_departments, recipients_in_departments, scoped_to_departments};
use crate::answer::{State, States};
use crate::db::entity::{
    department_member, program, program_suggestion, suggestion_count, user, user_group,
};
use crate::db::search::Method;
use crate::db::statement::{Arguments, LIMIT, OFFSET, Shapes, ids_as_rows, is_any, slot};
use crate::db::{Db, Engine};
use crate::error::Result;
use crate::kind::Kind;
use crate::page::{Position, SortKey, SortKind};

/// A text that fewer programs, users and groups match is searched by them; so are fewer suggestions.
const FEW_NAMES: usize = 1_000;
const FEW_SUGGESTIONS: i64 = 10_000;

/// What a searched text comes to.
#[derive(Debug, Clone)]
pub(super) enum Matches {
    /// Every row, as if nothing were searched for.
    All,
    /// Those of these programs, users or groups.
    Few(Names),
    /// So many that the rows of a page are best met in the order of the list, and looked at one by one. All of them
    /// are those of the names, where these are few.
    Many { text: String, names: Option<Names> },
}

/// The ids of programs, and of users or groups.
#[derive(Debug, Clone)]
pub(super) struct Names {
    programs: Vec<i64>,
    recipients: Vec<i64>,
}

/// [`Matches`], as far as the text of a statement depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum MatchesShape {
    All,
    Few,
    Many { method: Method, few_names: bool },
}

static MATCHES: Shapes<(Kind, Method)> = Shapes::new("suggestions.matches");

impl Matches {
    /// Looks for the text in the names, where there is one.
    pub(super) async fn find(db: &Db, list: &ListQuery<'_>) -> Result<Self> {
        let (Some(text), Within::Permit(permit)) = (&list.filter.search, list.within) else {
            return Ok(Self::All);
        };
        let method = Method::new(db.engine(), text);
        let arguments = Arguments::default()
            .with("platform", permit.platform().id)
            .with("search", method.argument(text));
        let shape = (list.kind, method);
        let statement = MATCHES.bind(db.engine(), &shape, arguments, || {
            matches_statement(list.kind, method)
        })?;

        let (mut programs, mut recipients) = (Vec::new(), Vec::new());
        let (mut suggestions, mut all) = (0, false);
        let found = db.query(statement, |row| {
            Ok((row.take::<i32>()?, row.take::<i64>()?))
        });
        for (what, number) in found.await? {
            match what {
                0 => programs.push(number),
                1 => recipients.push(number),
                2 => suggestions += number,
                _ => all = number == 1,
            }
        }
        if all {
            return Ok(Self::All);
        }
        let few_names = programs.len() <= FEW_NAMES && recipients.len() <= FEW_NAMES;
        let names = few_names.then_some(Names {
            programs,
            recipients,
        });
        Ok(match names {
            Some(names) if suggestions <= FEW_SUGGESTIONS => Self::Few(names),
            names => Self::Many {
                text: text.clone(),
                names,
            },
        })
    }

    pub(super) fn shape(&self, engine: Engine) -> MatchesShape {
        match self {
            Self::All => MatchesShape::All,
            Self::Few(_) => MatchesShape::Few,
            Self::Many { text, names } => MatchesShape::Many {
                method: Method::new(engine, text),
                few_names: names.is_some(),
            },
        }
    }

    pub(super) fn arguments(self, engine: Engine, arguments: &mut Arguments) {
        let names = match self {
            Self::All => None,
            Self::Few(names) => Some(names),
            Self::Many { text, names } => {
                arguments.add("search", Method::new(engine, &text).argument(&text));
                names
            }
        };
        if let Some(names) = names {
            arguments.add("matches.programs", names.programs);
            arguments.add("matches.recipients", names.recipients);
        }
    }
}

/// The ids of the programs (0) and recipients (1) whose names match, how many suggestions those have (2), and
/// whether every suggestion matches (3).
fn matches_statement(kind: Kind, method: Method) -> SelectStatement {
    let most = (FEW_NAMES + 1) as u64;
    let programs = of_platform_programs()
        .column(("p", program::Column::Id))
        .and_where(method.programs())
        .limit(most)
        .take();
    let recipients = names_of_recipients(kind, method).limit(most).take();
    let names = WithClause::new()
        .cte(materialized("p", programs))
        .cte(materialized("x", recipients))
        .to_owned();
    let tagged = |tag: i32, from: &'static str| {
        Query::select()
            .expr(Expr::val(tag))
            .column((from, "id"))
            .from(from)
            .take()
    };
    let suggestions_of = |column: Expr, names: &'static str| {
        let some = suggestions(kind)
            .expr(Expr::val(1))
            .and_where(of_platform("s", program_suggestion::Column::PlatformId))
            .and_where(column.in_subquery(Query::select().column("id").from(names).take()))
            .limit(FEW_SUGGESTIONS.unsigned_abs() + 1)
            .take();
        Query::select()
            .expr(Expr::val(2))
            .expr(Func::count(Expr::col(Asterisk)))
            .from_subquery(some, "many")
            .take()
    };
    // If every program matches, so does every suggestion; or every group.
    let other_programs = of_platform_programs()
        .expr(Expr::val(1))
        .and_where(method.programs().not())
        .take();
    let mut others = Expr::exists(other_programs);
    if kind == Kind::Group {
        let other_groups = Query::select()
            .expr(Expr::val(1))
            .from_as(user_group::Entity, "g")
            .and_where(of_platform("g", user_group::Column::PlatformId))
            .and_where(method.groups().not())
            .take();
        others = others.and(Expr::exists(other_groups));
    }
    let all = Query::select()
        .expr(Expr::val(3))
        .expr(CaseStatement::new().case(others, 0).finally(1))
        .take();
    let program_id = Expr::col(("s", program_suggestion::Column::ProgramId));
    let recipient = Expr::col(("s", column::recipient(kind)));
    tagged(0, "p")
        .with_cte(names)
        .union(UnionType::All, tagged(1, "x"))
        .union(UnionType::All, suggestions_of(program_id, "p"))
        .union(UnionType::All, suggestions_of(recipient, "x"))
        .union(UnionType::All, all)
        .take()
}

fn of_platform<C: IntoIden>(alias: &'static str, column: C) -> Expr {
    Expr::col((alias, column)).eq(slot("platform"))
}

fn of_platform_programs() -> SelectStatement {
    Query::select()
        .from_as(program::Entity, "p")
        .and_where(of_platform("p", program::Column::PlatformId))
        .take()
}

fn suggestions(kind: Kind) -> SelectStatement {
    Query::select().from_as(column::table(kind), "s").take()
}

fn names_of_recipients(kind: Kind, method: Method) -> SelectStatement {
    match kind {
        Kind::Group => Query::select()
            .column(("g", user_group::Column::Id))
            .from_as(user_group::Entity, "g")
            .and_where(of_platform("g", user_group::Column::PlatformId))
            .and_where(method.groups())
            .take(),
        // Users belong to no platform; those of others have no suggestion here.
        Kind::User => Query::select()
            .column(("u", user::Column::Id))
            .from_as(user::Entity, "u")
            .and_where(method.users())
            .take(),
    }
}

/// An end of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    After,
    Before,
}

impl Edge {
    fn key(self) -> Expr {
        slot(match self {
            Self::After => "after.key",
            Self::Before => "before.key",
        })
    }

    fn id(self) -> Expr {
        slot(match self {
            Self::After => "after.id",
            Self::Before => "before.id",
        })
    }

    /// The value that rows are ordered by, with the id.
    pub(super) fn place(self) -> Expr {
        Expr::tuple([self.key(), self.id()])
    }

    pub(super) fn arguments(self, position: Option<&Position>, arguments: &mut Arguments) {
        let Some(position) = position else { return };
        let (key, id) = match self {
            Self::After => ("after.key", "after.id"),
            Self::Before => ("before.key", "before.id"),
        };
        arguments.add(id, position.id);
        match &position.key {
            SortKey::Int(value) => arguments.add(key, *value),
            SortKey::Bool(value) => arguments.add(key, *value),
            SortKey::Text(value) => arguments.add(key, value.as_str()),
            SortKey::Id => arguments.add(key, position.id),
        };
    }
}

/// Rows lie on this side of an edge.
pub(super) type Bound = (Edge, BinOper);

/// How many rows are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Offset {
    /// The part is not one by number.
    None,
    Zero,
    Some,
}

/// Which candidates, counted from one end.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) bounds: Vec<Bound>,
    pub(super) descending: bool,
    pub(super) limit: u64,
    pub(super) offset: Offset,
}

/// Of what the caller may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    Platform { departments: bool },
    OneUser { limited: bool, own: bool },
}

/// Which filters there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Filters {
    accepted: bool,
    visible: bool,
    program_keys: bool,
    recipient_ids: bool,
    created_after: bool,
    created_before: bool,
    /// Constants of the text.
    states: Option<States>,
    due_after: bool,
    due_before: bool,
}

impl Filters {
    const NONE: Self = Self {
        accepted: false,
        visible: false,
        program_keys: false,
        recipient_ids: false,
        created_after: false,
        created_before: false,
        states: None,
        due_after: false,
        due_before: false,
    };

    /// Whether the totals that are kept know all of it: see the migration of the counts.
    fn are_counted(self) -> bool {
        let counted = Self {
            accepted: self.accepted,
            visible: self.visible,
            states: self.states,
            ..Self::NONE
        };
        self == counted
    }

    fn of(filter: &Filter) -> Self {
        Self {
            accepted: filter.accepted.is_some(),
            visible: filter.visible.is_some(),
            program_keys: filter.program_keys.is_some(),
            recipient_ids: filter.subject_ids.is_some(),
            created_after: filter.created_after.is_some(),
            created_before: filter.created_before.is_some(),
            states: filter.states.filter(|states| *states != States::ALL),
            due_after: filter.due_after.is_some(),
            due_before: filter.due_before.is_some(),
        }
    }
}

/// The rows of a list before it is cut into pages, as far as the text of a statement depends on them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Source {
    engine: Engine,
    kind: Kind,
    scope: Scope,
    filters: Filters,
    order: Order,
    matches: MatchesShape,
}

impl Source {
    pub(super) fn new(engine: Engine, list: &ListQuery<'_>, matches: &Matches) -> Self {
        Self {
            engine,
            kind: list.kind,
            scope: match list.within {
                Within::Permit(permit) => Scope::Platform {
                    departments: permit.departments().is_some(),
                },
                Within::OneUser { user_id, reach, .. } => Scope::OneUser {
                    limited: reach.whole().is_some(),
                    own: reach.user() == Some(user_id),
                },
            },
            filters: Filters::of(list.filter),
            order: list.order,
            matches: matches.shape(engine),
        }
    }

    /// The values of the scope and the filters.
    pub(super) fn arguments(list: &ListQuery<'_>) -> Arguments {
        let mut arguments = Arguments::default();
        match list.within {
            Within::Permit(permit) => {
                arguments
                    .add("platform", permit.platform().id)
                    .add_some("departments", permit.departments());
            }
            Within::OneUser {
                user_id,
                reach,
                now,
            } => {
                arguments
                    .add("user", user_id)
                    .add_some("whole", reach.whole())
                    .add("own", reach.own())
                    .add("now", now.0);
            }
        }
        let filter = list.filter;
        arguments
            .add_some("accepted", filter.accepted)
            .add_some("visible", filter.visible)
            .add_some("program_keys", filter.program_keys.as_deref())
            .add_some("recipient_ids", filter.subject_ids.as_deref())
            .add_some("created_after", filter.created_after.map(|at| at.0))
            .add_some("created_before", filter.created_before.map(|at| at.0))
            .add_some("due_after", filter.due_after.map(|at| at.0))
            .add_some("due_before", filter.due_before.map(|at| at.0));
        arguments
    }

    fn key(&self) -> Expr {
        self.order.field.key(self.kind)
    }

    pub(super) fn by_id(&self) -> bool {
        self.order.field.sort() == SortKind::Id
    }

    /// The ids (`id`) of a part of the list in its order, and the values it is ordered by (`k`) unless those
    /// are the ids.
    pub(super) fn part(&self, part: &Part) -> SelectStatement {
        if let Some(walk) = self.walk() {
            return self.part_walked_or_sorted(part, walk);
        }
        let rows = match self.driving_table() {
            Some(table) => self.part_by_driving_table(part, table),
            None => self.part_in_order(self.rows(RowsRead::Some), part),
        };
        self.cut(rows, part.limit, part.offset, part.descending)
    }

    /// A walk may look at many rows in vain. Where the list has few rows, as far as the kept totals know, they are
    /// read and sorted instead. The totals know nothing of departments: there the walk has an end, and what is not
    /// full by then, although the order goes on, is found by reading and sorting; if the walk met few rows, there
    /// are not many.
    fn part_walked_or_sorted(&self, part: &Part, walk: Walk) -> SelectStatement {
        let most = match part.offset {
            Offset::Some => LIMIT,
            Offset::None | Offset::Zero => part.limit,
        };
        let by_users = || {
            let rows = self.part_by_driving_table(part, DrivingTable::Users);
            self.cut(rows, most, Offset::None, part.descending)
        };
        let (walked, beyond) = match walk {
            Walk::Users => {
                let choice = Query::select()
                    .expr_as(Expr::from(self.at_most()).lte(ROWS_SORTED), "sorts")
                    .take();
                let ctes = WithClause::new()
                    .cte(materialized("choice", choice))
                    .cte(materialized("walked", by_users()))
                    .to_owned();
                return self.walked_or_sorted(ctes, part, most);
            }
            Walk::UsersOfDepartments => {
                let beyond = users_beside(self.order.field, part)
                    .expr(Expr::val(1))
                    .limit(1)
                    .offset(USERS_WALKED)
                    .take();
                (by_users(), beyond)
            }
            Walk::Platform => {
                // Of the filters only the programs have a way that is shorter than the whole order.
                let programs = self.driving_table() == Some(DrivingTable::Programs);
                let platform = Self {
                    scope: Scope::Platform { departments: false },
                    filters: Filters {
                        program_keys: self.filters.program_keys && programs,
                        ..Filters::NONE
                    },
                    matches: MatchesShape::All,
                    ..self.clone()
                };
                let first = |limit| {
                    platform.part(&Part {
                        bounds: part.bounds.clone(),
                        limit,
                        offset: Offset::None,
                        ..*part
                    })
                };
                let beyond = first(1).offset(ROWS_WALKED).take();
                let beyond = Query::select()
                    .column("id")
                    .from_subquery(beyond, "w")
                    .take();
                let walked = Query::select()
                    .from_subquery(first(ROWS_WALKED), "w")
                    .and_where(self.is_shown(Expr::col(("w", "id"))))
                    .take();
                (
                    self.cut_found(walked, "w", part.descending)
                        .limit(most)
                        .take(),
                    beyond,
                )
            }
        };
        let number = Query::select()
            .expr(Func::count(Expr::col(Asterisk)))
            .from("walked")
            .take();
        let most_rows = match most {
            LIMIT => slot("limit"),
            constant => Expr::val(constant),
        };
        let sorts = Expr::from(number).lt(most_rows).and(Expr::exists(beyond));
        let choice = Query::select().expr_as(sorts, "sorts").take();
        let ctes = WithClause::new()
            .cte(materialized("walked", walked))
            .cte(materialized("choice", choice))
            .to_owned();
        self.walked_or_sorted(ctes, part, most)
    }

    /// How many rows the list has at most: those of the programs of the filter, counted as far as that matters, or what
    /// the kept totals know.
    fn at_most(&self) -> SelectStatement {
        if !self.filters.program_keys {
            let total = sum(Expr::col(("c", suggestion_count::Column::N)));
            return self.kept_counts().expr(total).take();
        }
        let mut rows = Query::select();
        rows.expr(Expr::val(1))
            .from_subquery(self.programs_of_filter(), "f")
            .limit(ROWS_SORTED + 1);
        self.look_up_of_program(&mut rows);
        Query::select()
            .expr(Func::count(Expr::col(Asterisk)))
            .from_subquery(rows, "few")
            .take()
    }

    /// Looks up the suggestions of each program `f`.
    fn look_up_of_program(&self, query: &mut SelectStatement) {
        let of_program = Expr::col(("s", program_suggestion::Column::ProgramId))
            .equals(("f", "id"))
            .and(of_platform("s", program_suggestion::Column::PlatformId));
        let table = column::table(self.kind);
        look_up(query, self.engine, table, "s", of_program, Found::Always);
    }

    /// The rows of `walked`, or where `choice` says so, those that are sorted.
    fn walked_or_sorted(&self, ctes: WithClause, part: &Part, most: u64) -> SelectStatement {
        let mut sorted = self.rows_if_sorted();
        if let Some((table, alias, same)) = self.order.field.joined(self.kind) {
            look_up(&mut sorted, self.engine, table, alias, same, Found::Always);
        }
        let sorted = self.between(sorted, part);
        let sorted = self.cut(sorted, most, Offset::None, part.descending);

        let mut found = self.found("walked");
        found
            .from("walked")
            .and_where(Expr::from(Query::select().column("sorts").from("choice").take()).not());
        let mut sorted_rows = self.found("sorted");
        sorted_rows.from_subquery(sorted, "sorted");
        found.union(UnionType::All, sorted_rows);
        let mut query = Query::select();
        query.with_cte(ctes).from_subquery(found, "found");
        let mut query = self.cut_found(query, "found", part.descending);
        query.limit(part.limit);
        if part.offset != Offset::None {
            query.offset(OFFSET);
        }
        query
    }

    /// The columns of a part that was found.
    fn found(&self, alias: &'static str) -> SelectStatement {
        let mut query = Query::select();
        query.column((alias, "id"));
        if !self.by_id() {
            query.column((alias, "k"));
        }
        query
    }

    /// A part that was found, in its order.
    fn cut_found(
        &self,
        mut query: SelectStatement,
        alias: &'static str,
        descending: bool,
    ) -> SelectStatement {
        query.column((alias, "id"));
        if !self.by_id() {
            query.column((alias, "k"));
            query.order_by((alias, "k"), direction(descending));
        }
        query.order_by((alias, "id"), direction(descending)).take()
    }

    /// The first of these rows in the list's order.
    fn cut(
        &self,
        mut query: SelectStatement,
        limit: u64,
        offset: Offset,
        descending: bool,
    ) -> SelectStatement {
        query.column(("s", program_suggestion::Column::Id));
        if !self.by_id() {
            query.expr_as(self.key(), "k");
            query.order_by_expr(self.key(), direction(descending));
        }
        query
            .order_by(("s", program_suggestion::Column::Id), direction(descending))
            .limit(limit);
        if offset != Offset::None {
            query.offset(OFFSET);
        }
        query
    }

    /// Those of these rows that lie between the bounds, with what they are ordered by.
    fn part_in_order(&self, mut query: SelectStatement, part: &Part) -> SelectStatement {
        if let Some((table, alias, same)) = self.order.field.joined(self.kind) {
            query.join_as(JoinType::InnerJoin, table, alias, same);
        }
        self.between(query, part)
    }

    /// Those of these rows that lie between the bounds.
    fn between(&self, mut query: SelectStatement, part: &Part) -> SelectStatement {
        for (edge, operator) in &part.bounds {
            let id = Expr::col(("s", program_suggestion::Column::Id));
            query.and_where(if self.by_id() {
                id.binary(*operator, edge.id())
            } else {
                Expr::tuple([self.key(), id]).binary(*operator, edge.place())
            });
        }
        query
    }

    /// From a small table that has the order, or that a filter narrows, to the first suggestions of
    /// each of its rows: an index gives those, and there are no more than the part needs.
    fn part_by_driving_table(&self, part: &Part, table: DrivingTable) -> SelectStatement {
        let mut of_row = suggestions(self.kind);
        of_row
            .column(("s", program_suggestion::Column::Id))
            .and_where(of_platform("s", program_suggestion::Column::PlatformId))
            .and_where(
                Expr::col(("s", table.column(self.kind))).eq(Expr::col((table.alias(), "id"))),
            );
        self.conditions(&mut of_row, Some(table), RowsRead::Some);
        let mut query = Query::select();
        query.from_subquery(self.driving_rows(table, part), table.alias());
        // Where the rows are sorted, nothing is walked: an index finds no value from null on.
        let mut walks = self.walk() == Some(Walk::Users);
        let unless_sorted = |key: Expr| {
            let mut from = Query::select();
            from.expr(key)
                .from("choice")
                .and_where(Expr::col("sorts").not());
            Expr::from(from)
        };
        for (edge, operator) in &part.bounds {
            let bound = if self.by_id() {
                edge.id()
            } else {
                // Beyond the value at the bound, every id is on its side.
                query.and_where(if walks && is_upwards(*operator) {
                    walks = false;
                    self.key().gte(unless_sorted(edge.key()))
                } else {
                    beside(self.key(), *edge, *operator)
                });
                CaseStatement::new()
                    .case(self.key().eq(edge.key()), edge.id())
                    .finally(if is_upwards(*operator) {
                        i64::MIN
                    } else {
                        i64::MAX
                    })
                    .into()
            };
            of_row.and_where(
                Expr::col(("s", program_suggestion::Column::Id)).binary(*operator, bound),
            );
        }
        if walks {
            query.and_where(self.key().gte(unless_sorted(Expr::val(""))));
        }
        of_row
            .order_by(
                ("s", program_suggestion::Column::Id),
                direction(part.descending),
            )
            .limit(match part.offset {
                Offset::Some => LIMIT,
                Offset::None | Offset::Zero => part.limit,
            });
        match self.engine {
            Engine::Postgres => query
                .join_lateral(JoinType::InnerJoin, of_row, "s", Expr::val(true))
                .take(),
            // There are no lateral joins. A list of ids may depend on the row, and the order of the small table
            // is kept: only what has the same value is sorted.
            Engine::Sqlite => {
                let found = Expr::col(("s", program_suggestion::Column::Id)).in_subquery(of_row);
                join_to_keys(&mut query, column::table(self.kind), "s", found);
                query
            }
        }
    }

    /// How many rows the list has. Of a whole platform that is kept; see the migration of the counts.
    pub(super) fn total(&self) -> SelectStatement {
        if self.is_counted() {
            let number = Expr::col(("c", suggestion_count::Column::N));
            return self.kept_counts().expr(sum(number)).take();
        }
        self.rows(RowsRead::All)
            .expr(Func::count(Expr::col(Asterisk)))
            .take()
    }

    /// How many rows the list has in each state, whatever states it is filtered by.
    pub(super) fn state_counts(&self) -> SelectStatement {
        let mut all = self.clone();
        all.filters.states = None;
        let (mut query, state, number) = if all.is_counted() {
            (
                all.kept_counts(),
                Expr::col(("c", suggestion_count::Column::State)),
                Expr::col(("c", suggestion_count::Column::N)),
            )
        } else {
            (
                all.rows(RowsRead::All),
                Expr::col(("s", program_suggestion::Column::State)),
                Expr::val(1),
            )
        };
        for (name, of) in STATES.into_iter().zip(State::ALL) {
            let counted = CaseStatement::new()
                .case(state.clone().eq(of.number()), number.clone())
                .finally(0);
            query.expr_as(sum(counted.into()), name);
        }
        query
    }

    /// All rows, for a statement that puts them together.
    pub(super) fn all_rows(&self) -> SelectStatement {
        self.rows(RowsRead::All)
    }

    /// Whether all rows are found by the few names that a searched text matches.
    pub(super) fn is_narrowed_by_names(&self, read: RowsRead) -> bool {
        match self.matches {
            MatchesShape::All => false,
            MatchesShape::Few => true,
            MatchesShape::Many { few_names, .. } => few_names && read == RowsRead::All,
        }
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    fn is_counted(&self) -> bool {
        self.scope == (Scope::Platform { departments: false })
            && self.matches == MatchesShape::All
            && self.filters.are_counted()
    }

    fn kept_counts(&self) -> SelectStatement {
        use suggestion_count::Column::{Accepted, Kind, PlatformId, State, Visible};
        let mut query = Query::select();
        query
            .from_as(suggestion_count::Entity, "c")
            .and_where(of_platform("c", PlatformId))
            .and_where(Expr::col(("c", Kind)).eq(self.kind.recipient()));
        if self.filters.accepted {
            query.and_where(Expr::col(("c", Accepted)).eq(slot("accepted")));
        }
        if self.filters.visible {
            query.and_where(Expr::col(("c", Visible)).eq(slot("visible")));
        }
        if let Some(states) = self.filters.states {
            query.and_where(in_states(Expr::col(("c", State)), states));
        }
        query
    }

    /// All rows, as `s`.
    fn rows(&self, read: RowsRead) -> SelectStatement {
        let mut query = if self.is_narrowed_by_names(read) {
            self.matching_rows()
        } else {
            suggestions(self.kind)
        };
        match self.scope {
            Scope::Platform { .. } => {
                query.and_where(of_platform("s", program_suggestion::Column::PlatformId));
            }
            Scope::OneUser { limited, own } => {
                let platform = || Expr::col(("s", program_suggestion::Column::PlatformId));
                query.and_where(
                    Expr::col(("s", program_suggestion::Column::UserId)).eq(slot("user")),
                );
                if limited {
                    let mut seen = is_any(self.engine, platform(), "whole");
                    if own {
                        seen = seen.or(is_open("s").and(is_any(self.engine, platform(), "own")));
                    }
                    query.and_where(seen);
                }
            }
        }
        self.conditions(&mut query, None, read);
        query
    }

    /// All rows if the `choice` is to sort, else none, and then nothing else is read. They are found by the programs of the
    /// filter, if there are any, or by the users or groups of the departments.
    fn rows_if_sorted(&self) -> SelectStatement {
        let sorts = Query::select().column("sorts").from("choice").take();
        let of_platform = of_platform("s", program_suggestion::Column::PlatformId);
        let mut query = Query::select();
        if self.filters.program_keys {
            let programs = self
                .programs_of_filter()
                .and_where(Expr::from(sorts))
                .take();
            query.from_subquery(programs, "f");
            self.look_up_of_program(&mut query);
            self.conditions(&mut query, Some(DrivingTable::Programs), RowsRead::Some);
            return query;
        }
        if self.scope == (Scope::Platform { departments: true }) {
            let (table, id, department) = match self.kind {
                Kind::Group => (
                    user_group::Entity.into_iden(),
                    user_group::Column::Id.into_iden(),
                    user_group::Column::DepartmentId.into_iden(),
                ),
                Kind::User => (
                    department_member::Entity.into_iden(),
                    department_member::Column::UserId.into_iden(),
                    department_member::Column::DepartmentId.into_iden(),
                ),
            };
            let of_department = Expr::col(("r", department)).equals(("d", "id"));
            let mut recipients = Query::select();
            recipients
                .distinct()
                .expr_as(Expr::col(("r", id)), "id")
                .from_subquery(ids_as_rows(self.engine, "departments"), "d")
                .and_where(Expr::from(sorts));
            look_up(
                &mut recipients,
                self.engine,
                table,
                "r",
                of_department,
                Found::Always,
            );
            query.from_subquery(recipients, "m");
            let of_recipient = Expr::col(("s", column::recipient(self.kind)))
                .equals(("m", "id"))
                .and(of_platform);
            let table = column::table(self.kind);
            look_up(
                &mut query,
                self.engine,
                table,
                "s",
                of_recipient,
                Found::Always,
            );
            self.conditions(&mut query, Some(DrivingTable::Users), RowsRead::Some);
            return query;
        }
        // PostgreSQL asks the condition before it reads anything, SQLite for each row: but without a platform its
        // index finds none.
        let platform = Query::select()
            .expr(slot("platform"))
            .from("choice")
            .and_where(Expr::col("sorts"))
            .take();
        query
            .from_as(column::table(self.kind), "s")
            .and_where(Expr::from(sorts))
            .and_where(Expr::col(("s", program_suggestion::Column::PlatformId)).eq(platform));
        self.conditions(&mut query, None, RowsRead::Some);
        query
    }

    /// Whether the list shows the suggestion with an id.
    fn is_shown(&self, id: Expr) -> Expr {
        let mut query = suggestions(self.kind);
        query
            .expr(Expr::val(1))
            .and_where(Expr::col(("s", program_suggestion::Column::Id)).eq(id));
        self.conditions(&mut query, None, RowsRead::Some);
        Expr::exists(query)
    }

    /// Whether the user or group of an expression is in the departments: looked up for this one, because PostgreSQL
    /// would otherwise read all of them at once.
    fn is_in_departments(&self, recipient: Expr) -> Expr {
        let mut scope = recipients_in_departments(self.engine, self.kind);
        match self.kind {
            Kind::Group => scope.and_where(Expr::col(user_group::Column::Id).eq(recipient)),
            Kind::User => {
                scope.and_where(Expr::col(department_member::Column::UserId).eq(recipient))
            }
        };
        // The offset keeps it from being turned into a join.
        Expr::exists(scope.limit(1).offset(0).take())
    }

    /// The programs of the filter.
    fn programs_of_filter(&self) -> SelectStatement {
        let key = Expr::col(program::Column::Key);
        Query::select()
            .column(program::Column::Id)
            .from(program::Entity)
            .and_where(Expr::col(program::Column::PlatformId).eq(slot("platform")))
            .and_where(is_any(self.engine, key, "program_keys"))
            .take()
    }

    /// The rows of the few programs and recipients that match, each once.
    fn matching_rows(&self) -> SelectStatement {
        let of = |column: DynIden, slot| {
            let mut query = Query::select();
            query
                .column(("s", program_suggestion::Column::Id))
                .from_subquery(ids_as_rows(self.engine, slot), "m");
            let same = of_platform("s", program_suggestion::Column::PlatformId)
                .and(Expr::col(("s", column)).equals(("m", "id")));
            join_to_keys(&mut query, column::table(self.kind), "s", same);
            query
        };
        let program = column::of(program_suggestion::Column::ProgramId);
        let ids = of(program, "matches.programs")
            .union(
                UnionType::Distinct,
                of(column::recipient(self.kind), "matches.recipients"),
            )
            .take();
        let same = Expr::col(("s", program_suggestion::Column::Id)).equals(("m", "id"));
        let mut query = Query::select();
        query.from_subquery(ids, "m");
        match self.engine {
            // One by one: PostgreSQL takes them for many and would read all suggestions beside them.
            Engine::Postgres => {
                let row = suggestions(self.kind)
                    .column(Asterisk)
                    .and_where(same)
                    .offset(0)
                    .take();
                query.join_lateral(JoinType::InnerJoin, row, "s", Expr::val(true));
            }
            Engine::Sqlite => join_to_keys(&mut query, column::table(self.kind), "s", same),
        }
        query
    }

    /// What must hold of `s`, but for what the driving table sees to.
    fn conditions(&self, query: &mut SelectStatement, table: Option<DrivingTable>, read: RowsRead) {
        use program_suggestion::Column::{Accepted, Created, DueAt, ProgramId, State, Visible};
        let of = |column| Expr::col(("s", column));
        let filters = self.filters;
        if self.scope == (Scope::Platform { departments: true })
            && !table.is_some_and(DrivingTable::is_recipients)
        {
            query.and_where(match read {
                RowsRead::Some => {
                    self.is_in_departments(Expr::col(("s", column::recipient(self.kind))))
                }
                RowsRead::All => in_departments(self.engine, self.kind),
            });
        }
        if filters.accepted {
            query.and_where(of(Accepted).eq(slot("accepted")));
        }
        if filters.visible {
            query.and_where(of(Visible).eq(slot("visible")));
        }
        if filters.program_keys && table != Some(DrivingTable::Programs) {
            let mut programs = Query::select();
            programs.column(program::Column::Id).from(program::Entity);
            if let Scope::Platform { .. } = self.scope {
                programs.and_where(Expr::col(program::Column::PlatformId).eq(slot("platform")));
            }
            programs.and_where(is_any(
                self.engine,
                Expr::col(program::Column::Key),
                "program_keys",
            ));
            query.and_where(of(ProgramId).in_subquery(programs));
        }
        if filters.recipient_ids {
            query.and_where(is_any(
                self.engine,
                Expr::col(("s", column::recipient(self.kind))),
                "recipient_ids",
            ));
        }
        if filters.created_after {
            query.and_where(of(Created).gt(slot("created_after")));
        }
        if filters.created_before {
            query.and_where(of(Created).lt(slot("created_before")));
        }
        if let Some(states) = filters.states {
            query.and_where(in_states(of(State), states));
        }
        if filters.due_after {
            query.and_where(of(DueAt).gt(slot("due_after")));
        }
        if filters.due_before {
            query.and_where(of(DueAt).lt(slot("due_before")));
        }
        if let MatchesShape::Many { method, .. } = self.matches
            && !self.is_narrowed_by_names(read)
        {
            query.and_where(self.matching(method, read));
        }
    }

    /// A name matches. Where rows are looked at until a page is full, the names of each are looked up; where
    /// all are, all names that match are known before.
    fn matching(&self, method: Method, read: RowsRead) -> Expr {
        let program_id = Expr::col(("s", program_suggestion::Column::ProgramId));
        let recipient = Expr::col(("s", column::recipient(self.kind)));
        match read {
            RowsRead::Some => {
                let method = method.in_rows();
                let program = Query::select()
                    .expr(Expr::val(1))
                    .from_as(program::Entity, "p")
                    .and_where(Expr::col(("p", program::Column::Id)).eq(program_id))
                    .and_where(method.programs())
                    .take();
                let name = match self.kind {
                    Kind::Group => Query::select()
                        .expr(Expr::val(1))
                        .from_as(user_group::Entity, "g")
                        .and_where(Expr::col(("g", user_group::Column::Id)).eq(recipient))
                        .and_where(method.groups())
                        .take(),
                    Kind::User => Query::select()
                        .expr(Expr::val(1))
                        .from_as(user::Entity, "u")
                        .and_where(Expr::col(("u", user::Column::Id)).eq(recipient))
                        .and_where(method.users())
                        .take(),
                };
                Expr::exists(program).or(Expr::exists(name))
            }
            RowsRead::All => {
                let programs = of_platform_programs()
                    .column(("p", program::Column::Id))
                    .and_where(method.programs())
                    .take();
                program_id
                    .in_subquery(programs)
                    .or(recipient.in_subquery(names_of_recipients(self.kind, method)))
            }
        }
    }

    /// The small table to begin with, if there is one.
    fn driving_table(&self) -> Option<DrivingTable> {
        if !matches!(self.scope, Scope::Platform { .. }) || self.matches == MatchesShape::Few {
            return None;
        }
        match self.order.field {
            // The suggestions of some users or groups are few.
            _ if self.filters.recipient_ids => None,
            OrderField::GroupName | OrderField::UserCount => Some(DrivingTable::Groups),
            OrderField::Username | OrderField::Name => Some(DrivingTable::Users),
            OrderField::ProgramKey | OrderField::ProgramName => Some(DrivingTable::Programs),
            OrderField::Id if self.filters.program_keys => Some(DrivingTable::Programs),
            _ => None,
        }
    }

    /// The walk that may look at many rows in vain, if it is one.
    fn walk(&self) -> Option<Walk> {
        let Scope::Platform { departments } = self.scope else {
            return None;
        };
        match self.driving_table() {
            _ if self.matches == MatchesShape::Few || self.filters.recipient_ids => None,
            // Groups are of one platform, and have their department.
            Some(DrivingTable::Groups) => None,
            // Users are on many platforms.
            Some(DrivingTable::Users) if departments => Some(Walk::UsersOfDepartments),
            Some(DrivingTable::Users) => Some(Walk::Users),
            Some(DrivingTable::Programs) | None => departments.then_some(Walk::Platform),
        }
    }

    /// The rows of the driving table, narrowed to those that the list can have suggestions of.
    fn driving_rows(&self, table: DrivingTable, part: &Part) -> SelectStatement {
        let departments = self.scope == (Scope::Platform { departments: true });
        let mut query = Query::select();
        match table {
            DrivingTable::Groups => {
                query
                    .column(Asterisk)
                    .from(user_group::Entity)
                    .and_where(Expr::col(user_group::Column::PlatformId).eq(slot("platform")));
                if departments {
                    query.and_where(scoped_to_departments(
                        self.engine,
                        Expr::col(user_group::Column::DepartmentId),
                    ));
                }
            }
            DrivingTable::Programs => {
                query
                    .column(Asterisk)
                    .from(program::Entity)
                    .and_where(Expr::col(program::Column::PlatformId).eq(slot("platform")));
                if self.filters.program_keys {
                    let key = Expr::col(program::Column::Key);
                    query.and_where(is_any(self.engine, key, "program_keys"));
                }
            }
            DrivingTable::Users => {
                query.column(Asterisk).from_as(user::Entity, "u");
                if departments {
                    let (last, operator) = if part.descending {
                        (Func::min(Expr::col("k")), BinOper::GreaterThanOrEqual)
                    } else {
                        (Func::max(Expr::col("k")), BinOper::SmallerThanOrEqual)
                    };
                    let walked = users_beside(self.order.field, part)
                        .expr_as(self.key(), "k")
                        .limit(USERS_WALKED)
                        .take();
                    let last = Query::select().expr(last).from_subquery(walked, "w").take();
                    query.and_where(self.key().binary(operator, Expr::from(last)));
                    let user = Expr::col(("u", user::Column::Id));
                    query.and_where(self.is_in_departments(user));
                }
            }
        }
        query
    }
}

/// Lists with at most so many rows are sorted rather than walked through all users.
const ROWS_SORTED: u64 = 3_000;

/// How many rows of a platform's list are looked at for those in the departments.
const ROWS_WALKED: u64 = 3_000;

/// How many users are looked at for those in the departments.
const USERS_WALKED: u64 = 2_000;

/// A walk that may look at many rows in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walk {
    /// Through the users in the list's order, for those with suggestions.
    Users,
    /// The same, for those in the departments; it has an end.
    UsersOfDepartments,
    /// Through the list of the whole platform, for the rows in the departments; it has an end.
    Platform,
}

/// The users in the order of a list, from a bound on, as `u`.
fn users_beside(field: OrderField, part: &Part) -> SelectStatement {
    let key = || field.key(Kind::User);
    let mut query = Query::select();
    query.from_as(user::Entity, "u");
    for (edge, operator) in &part.bounds {
        query.and_where(beside(key(), *edge, *operator));
    }
    query
        .order_by_expr(key(), direction(part.descending))
        .take()
}

/// A value on the side of an edge, or at it.
fn beside(key: Expr, edge: Edge, operator: BinOper) -> Expr {
    let with_edge = if is_upwards(operator) {
        BinOper::GreaterThanOrEqual
    } else {
        BinOper::SmallerThanOrEqual
    };
    key.binary(with_edge, edge.key())
}

fn is_upwards(operator: BinOper) -> bool {
    matches!(operator, BinOper::GreaterThan | BinOper::GreaterThanOrEqual)
}

fn materialized(name: &'static str, query: SelectStatement) -> CommonTableExpression {
    CommonTableExpression::new()
        .table_name(name)
        .query(query)
        .materialized(true)
        .to_owned()
}

/// How many rows a statement reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowsRead {
    /// Until there are enough.
    Some,
    All,
}

/// A small table that leads to the suggestions of each of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DrivingTable {
    Groups,
    Programs,
    Users,
}

impl DrivingTable {
    fn alias(self) -> &'static str {
        match self {
            Self::Groups => "g",
            Self::Programs => "p",
            Self::Users => "u",
        }
    }

    fn column(self, kind: Kind) -> DynIden {
        match self {
            Self::Programs => column::of(program_suggestion::Column::ProgramId),
            Self::Groups | Self::Users => column::recipient(kind),
        }
    }

    /// Whether it is about the users or groups, so that a department scope is its to keep.
    fn is_recipients(self) -> bool {
        self != Self::Programs
    }
}

/// Joins a table to keys that are sent along. SQLite takes a cross join in the order in which it is written, and
/// must begin with the keys: otherwise it may walk the table once for each of them.
pub(in crate::db) fn join_to_keys(
    query: &mut SelectStatement,
    table: impl Into<DynIden>,
    alias: &'static str,
    same: Expr,
) {
    // The builder drops the condition of a cross join, so it stands in the WHERE.
    query
        .join_as(JoinType::CrossJoin, table.into(), alias, Condition::all())
        .and_where(same);
}

/// Whether a state is one of these. An empty set matches nothing.
pub(super) fn in_states(state: Expr, states: States) -> Expr {
    match states.numbers()[..] {
        [] => Expr::val(false),
        [_, _, _] => Expr::val(true),
        [one] => state.eq(one),
        ref some => state.is_in(some.iter().copied()),
    }
}

/// The sum of a whole number over all rows; 0 without any.
pub(super) fn sum(number: Expr) -> Expr {
    let sum = Func::sum(number);
    Expr::from(Func::coalesce([sum.into(), Expr::val(0)])).cast_as("BIGINT")
}

/// Looks up the rows of a table for each row there is, by an index. Said so, because PostgreSQL plans a statement
/// once for all parameters and takes a list of ids for many: it would read the whole table beside them.
pub(super) fn look_up(
    query: &mut SelectStatement,
    engine: Engine,
    table: impl Into<DynIden>,
    alias: &'static str,
    same: Expr,
    found: Found,
) {
    let join = match found {
        Found::Always => JoinType::InnerJoin,
        Found::Perhaps => JoinType::LeftJoin,
    };
    match (engine, found) {
        (Engine::Postgres, _) => {
            let rows = Query::select()
                .column(Asterisk)
                .from_as(table.into(), alias)
                .and_where(same)
                .offset(0)
                .take();
            query.join_lateral(join, rows, alias, Expr::val(true));
        }
        (Engine::Sqlite, Found::Always) => join_to_keys(query, table, alias, same),
        (Engine::Sqlite, Found::Perhaps) => {
            query.join_as(join, table.into(), alias, same);
        }
    }
}

/// Whether a row without a match stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Always,
    Perhaps,
}

pub(super) fn direction(descending: bool) -> Direction {
    if descending {
        Direction::Desc
    } else {
        Direction::Asc
    }
}
