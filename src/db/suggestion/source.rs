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
use super::{column, in_departments, scoped_to_departments};
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
const FEW_SUGGESTIONS: i64 = 2_000;

/// What a searched text comes to.
#[derive(Debug, Clone)]
pub(super) enum Matches {
    /// Every row, as if nothing were searched for.
    All,
    /// Those of these programs, users or groups.
    Few {
        programs: Vec<i64>,
        recipients: Vec<i64>,
    },
    /// So many that rows are best met in the order of the list, and looked at one by one.
    Many(String),
}

/// [`Matches`], as far as the text of a statement depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum MatchesShape {
    All,
    Few,
    Many(Method),
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
        Ok(if all {
            Self::All
        } else if programs.len() > FEW_NAMES
            || recipients.len() > FEW_NAMES
            || suggestions > FEW_SUGGESTIONS
        {
            Self::Many(text.clone())
        } else {
            Self::Few {
                programs,
                recipients,
            }
        })
    }

    pub(super) fn shape(&self, engine: Engine) -> MatchesShape {
        match self {
            Self::All => MatchesShape::All,
            Self::Few { .. } => MatchesShape::Few,
            Self::Many(text) => MatchesShape::Many(Method::new(engine, text)),
        }
    }

    pub(super) fn arguments(self, engine: Engine, arguments: &mut Arguments) {
        match self {
            Self::All => {}
            Self::Few {
                programs,
                recipients,
            } => {
                arguments.add("matches.programs", programs);
                arguments.add("matches.recipients", recipients);
            }
            Self::Many(text) => {
                arguments.add("search", Method::new(engine, &text).argument(&text));
            }
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
    let cte = |name: &'static str, query: SelectStatement| {
        CommonTableExpression::new()
            .table_name(name)
            .query(query)
            .materialized(true)
            .to_owned()
    };
    let names = WithClause::new()
        .cte(cte("p", programs))
        .cte(cte("x", recipients))
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
        let mut query = match self.driving_table() {
            Some(table) => self.part_by_driving_table(part, table),
            None => self.part_in_order(part),
        };
        query.column(("s", program_suggestion::Column::Id));
        if !self.by_id() {
            query.expr_as(self.key(), "k");
            query.order_by_expr(self.key(), direction(part.descending));
        }
        query
            .order_by(
                ("s", program_suggestion::Column::Id),
                direction(part.descending),
            )
            .limit(part.limit);
        if part.offset != Offset::None {
            query.offset(OFFSET);
        }
        query
    }

    fn part_in_order(&self, part: &Part) -> SelectStatement {
        let mut query = self.rows(RowsRead::Some);
        self.order.field.join(self.kind, &mut query);
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
        query.from_subquery(self.driving_rows(table), table.alias());
        for (edge, operator) in &part.bounds {
            let upwards = matches!(operator, BinOper::GreaterThan | BinOper::GreaterThanOrEqual);
            let bound = if self.by_id() {
                edge.id()
            } else {
                // Beyond the value at the bound, every id is on its side.
                query.and_where(self.key().binary(
                    if upwards {
                        BinOper::GreaterThanOrEqual
                    } else {
                        BinOper::SmallerThanOrEqual
                    },
                    edge.key(),
                ));
                CaseStatement::new()
                    .case(self.key().eq(edge.key()), edge.id())
                    .finally(if upwards { i64::MIN } else { i64::MAX })
                    .into()
            };
            of_row.and_where(
                Expr::col(("s", program_suggestion::Column::Id)).binary(*operator, bound),
            );
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
        query
            .join_lateral(JoinType::InnerJoin, of_row, "s", Expr::val(true))
            .take()
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

    /// Whether the rows are found by the few names that a searched text matches.
    pub(super) fn is_narrowed_by_names(&self) -> bool {
        self.matches == MatchesShape::Few
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
        let mut query = if self.matches == MatchesShape::Few {
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
            query.and_where(in_departments(self.engine, self.kind));
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
        if let MatchesShape::Many(method) = self.matches {
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
        let Scope::Platform { departments } = self.scope else {
            return None;
        };
        // SQLite has no lateral joins; it sorts what has the same value, a block at a time.
        if self.engine == Engine::Sqlite || self.matches == MatchesShape::Few {
            return None;
        }
        match self.order.field {
            OrderField::GroupName | OrderField::UserCount => Some(DrivingTable::Groups),
            OrderField::ProgramKey | OrderField::ProgramName => Some(DrivingTable::Programs),
            OrderField::Id if self.filters.program_keys => Some(DrivingTable::Programs),
            OrderField::Id if departments => Some(match self.kind {
                Kind::Group => DrivingTable::Groups,
                Kind::User => DrivingTable::Members,
            }),
            _ => None,
        }
    }

    /// The rows of the driving table, narrowed to those that the list can have suggestions of.
    fn driving_rows(&self, table: DrivingTable) -> SelectStatement {
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
            DrivingTable::Members => {
                query
                    .distinct()
                    .expr_as(Expr::col(department_member::Column::UserId), "id")
                    .from(department_member::Entity)
                    .and_where(scoped_to_departments(
                        self.engine,
                        Expr::col(department_member::Column::DepartmentId),
                    ));
            }
        }
        query
    }
}

/// How many rows a statement reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowsRead {
    /// Until there are enough.
    Some,
    All,
}

/// A small table that leads to the suggestions of each of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DrivingTable {
    Groups,
    Programs,
    /// The members of the departments that the caller administers.
    Members,
}

impl DrivingTable {
    fn alias(self) -> &'static str {
        match self {
            Self::Groups => "g",
            Self::Programs => "p",
            Self::Members => "m",
        }
    }

    fn column(self, kind: Kind) -> DynIden {
        match self {
            Self::Programs => column::of(program_suggestion::Column::ProgramId),
            Self::Groups | Self::Members => column::recipient(kind),
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
