//! Suggested programs: each program once for each person, whatever the number of suggestions that lead
//! to it. They are not stored. What leads a person to a program is a *way*: a suggestion to the person, or
//! one to a group that the person is an active member of now.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::DbErr;
use sea_orm::sea_query::{
    Asterisk, CaseStatement, CommonTableExpression, DynIden, Expr, ExprTrait as _, Func,
    IntoIden as _, JoinType, Query, SelectStatement, UnionType, WindowStatement, WithClause,
};

use super::answer;
use super::list::STATES;
use super::source::{Edge, Found, direction, in_states, join_to_keys, look_up, sum};
use super::write::{Column, Rows, RowsShape};
use crate::answer::{State, StateCounts, States, SuggestionAnswer};
use crate::auth::{PersonPermit, Sight};
use crate::clock::Timestamp;
use crate::db::directory::{Program, User};
use crate::db::entity::{
    department, department_member, group_member, membership, program, program_group_suggestion,
    program_suggestion, suggestion_answer, user, user_group,
};
use crate::db::search::Method;
use crate::db::sql::Row;
use crate::db::statement::{Arguments, Shapes, is_any, slot};
use crate::db::{Db, Engine};
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::page::{Beyond, Cut, Ordering, Slice, SortKey, SortKind, Window};

/// What a suggested program is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SuggestedProgramKey {
    pub platform_id: i64,
    pub program_id: i64,
    pub user_id: i64,
}

/// A program as it is suggested to one person.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestedProgram {
    pub key: SuggestedProgramKey,
    pub program: Arc<Program>,
    pub user: Option<Arc<User>>,
    pub state: State,
    pub answer: Option<Arc<SuggestionAnswer>>,
    /// The earliest creation of an open way.
    pub suggested_at: i64,
    /// The earliest due date of an open way.
    pub due_at: Option<i64>,
    /// The open ways by age; `None` where they were not read.
    pub ways: Option<Arc<Vec<Way>>>,
}

/// A suggestion that leads to the person, and is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    pub direct: bool,
    pub group_name: Option<String>,
    pub suggested_by_name: Option<String>,
    pub message: Option<String>,
    pub since: i64,
    pub due_at: Option<i64>,
}

/// By what the suggested programs of a person are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuggestedProgramField {
    SuggestedAt,
    ProgramName,
    /// What has no due date comes last in both directions.
    DueAt,
}

/// A field and a direction. The program's id breaks ties, in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SuggestedProgramOrder {
    pub field: SuggestedProgramField,
    pub descending: bool,
}

impl SuggestedProgramOrder {
    /// What cursors of the list are bound to.
    pub fn ordering(self) -> Ordering {
        let (field, kind) = match self.field {
            SuggestedProgramField::SuggestedAt => ("SUGGESTED_AT", SortKind::Int),
            SuggestedProgramField::ProgramName => ("PROGRAM_NAME", SortKind::Text),
            SuggestedProgramField::DueAt => ("DUE_AT", SortKind::Int),
        };
        Ordering {
            list: "sp",
            field,
            kind,
            descending: self.descending,
        }
    }
}

/// The order of the members of a group suggestion: by username.
pub const MEMBERS_ORDERING: Ordering = Ordering {
    list: "spm",
    field: "USERNAME",
    kind: SortKind::Text,
    descending: false,
};

/// Which part of a list of suggested programs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SuggestedProgramQuery {
    pub states: States,
    /// Folded text that a name contains.
    pub search: Option<String>,
    pub window: Window,
    pub total: bool,
    pub state_counts: bool,
    pub beyond: Beyond,
    /// Read the ways of the rows.
    pub ways: bool,
}

/// What the text of a list depends on, beside where its rows come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct ListShape {
    engine: Engine,
    kind: SortKind,
    descending: bool,
    states: States,
    search: bool,
    after: bool,
    before: bool,
    backward: bool,
    limit: u64,
    total: bool,
    state_counts: bool,
    probe_after: bool,
    probe_before: bool,
}

/// The page of rows that were read, with what the first of them says of the list.
fn page_of(
    cut: Cut<'_>,
    read: Vec<(OfList, Option<Listed>)>,
    query: &SuggestedProgramQuery,
) -> Slice<SuggestedProgram> {
    let of_list = read.first().map(|row| row.0).unwrap_or_default();
    let counts = of_list.state_counts;
    let mut slice = cut.page(read.into_iter().filter_map(|row| row.1).collect());
    slice.total = (query.total || query.state_counts).then(|| counts.total(query.states));
    slice.state_counts = query.state_counts.then_some(counts);
    slice.has_next |= of_list.rows_after;
    slice.has_previous |= of_list.rows_before;
    slice
}

type Listed = (SuggestedProgram, SortKey);

/// The id, the value it is ordered by, and the state of a row.
type Place = (i64, SortKey, State);

#[derive(Debug, Clone, Copy, Default)]
struct OfList {
    state_counts: StateCounts,
    rows_before: bool,
    rows_after: bool,
}

impl OfList {
    fn decode(row: &Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            state_counts: decode_counts(row)?,
            rows_before: row.take()?,
            rows_after: row.take()?,
        })
    }
}

impl ListShape {
    fn new(
        engine: Engine,
        ordering: &Ordering,
        query: &SuggestedProgramQuery,
        cut: Cut<'_>,
    ) -> Self {
        Self {
            engine,
            kind: ordering.kind,
            descending: ordering.descending,
            states: query.states,
            search: query.search.is_some(),
            after: cut.after.is_some(),
            before: cut.before.is_some(),
            backward: cut.backward,
            limit: cut.limit.unsigned_abs(),
            total: query.total,
            state_counts: query.state_counts,
            probe_after: query.beyond.previous && cut.after.is_some(),
            probe_before: query.beyond.next && cut.before.is_some(),
        }
    }

    fn arguments(&self, query: &SuggestedProgramQuery, cut: Cut<'_>) -> Arguments {
        let mut arguments = Arguments::default();
        if let Some(text) = &query.search {
            arguments.add("search", Method::row_by_row(self.engine).argument(text));
        }
        Edge::After.arguments(cut.after, &mut arguments);
        Edge::Before.arguments(cut.before, &mut arguments);
        arguments
    }

    /// What belongs to the list as a whole stands in every row, and in a row of its own when there is no
    /// other.
    fn whole(&self) -> bool {
        self.total || self.state_counts || self.probe_after || self.probe_before
    }

    /// The page of `found`, all rows with `id`, `k` and `state` among their columns: as `page`, joined in
    /// this way; and first the columns of the list as a whole.
    fn page(&self, with: &mut WithClause, found: SelectStatement) -> (SelectStatement, JoinType) {
        let cte = |name: &'static str, query: SelectStatement, materialized| {
            let mut cte = CommonTableExpression::new();
            cte.table_name(name).query(query);
            if materialized {
                cte.materialized(true);
            }
            cte
        };
        let descending = self.descending != self.backward;
        let mut page = Query::select();
        page.column(Asterisk).from("found");
        self.bound(&mut page);
        page.order_by("k", direction(descending))
            .order_by("id", direction(descending))
            // One more than asked for tells whether the list goes on.
            .limit(self.limit + 1);
        with.cte(cte("found", found, self.whole()));
        with.cte(cte("page", page, false));
        let mut query = Query::select();
        let join = if self.whole() {
            query
                .columns(STATES.map(|column| ("w", column)))
                .columns([("w", "rows_before"), ("w", "rows_after")])
                .column(("page", "id"))
                .from_subquery(self.whole_list(), "w")
                .join(JoinType::LeftJoin, "page", Expr::val(true));
            JoinType::LeftJoin
        } else {
            query.column(("page", "id")).from("page");
            JoinType::InnerJoin
        };
        query
            .columns([("page", "k"), ("page", "state")])
            .order_by(("page", "k"), direction(descending))
            .order_by(("page", "id"), direction(descending));
        (query, join)
    }

    /// Limits rows to the states asked for, and to those between the cursors.
    fn bound(&self, query: &mut SelectStatement) {
        query.and_where(in_states(Expr::col("state"), self.states));
        let (onwards, back) = super::list::operators(self.descending);
        for (given, edge, operator) in [
            (self.after, Edge::After, onwards),
            (self.before, Edge::Before, back),
        ] {
            if given {
                query.and_where(place().binary(operator, edge.place()));
            }
        }
    }

    /// One row: the counts by state, and whether there are rows beyond the cursors.
    fn whole_list(&self) -> SelectStatement {
        let mut query = Query::select();
        count_states(&mut query, &Expr::col("state"));
        query.from("found");
        let (up_to, from) = super::list::operators_with_edge(self.descending);
        for (name, wanted, edge, operator) in [
            ("rows_before", self.probe_after, Edge::After, up_to),
            ("rows_after", self.probe_before, Edge::Before, from),
        ] {
            let beyond = if wanted {
                let mut rows = Query::select();
                rows.expr(Expr::val(1))
                    .from("found")
                    .and_where(place().binary(operator, edge.place()))
                    .and_where(in_states(Expr::col("state"), self.states));
                Expr::exists(rows)
            } else {
                Expr::val(false)
            };
            query.expr_as(beyond, name);
        }
        query
    }

    /// Reads what [`ListShape::page`] selects; `None` for the place of a list without rows on the page.
    fn decode(&self, row: &Row<'_>) -> Result<(OfList, Option<Place>), DbErr> {
        let mut of_list = OfList::default();
        if self.whole() {
            of_list = OfList::decode(row)?;
        }
        let id: Option<i64> = row.take()?;
        let Some(id) = id else {
            return Ok((of_list, None));
        };
        let key = match self.kind {
            SortKind::Text => SortKey::Text(row.take()?),
            _ => SortKey::Int(row.take()?),
        };
        Ok((of_list, Some((id, key, decode_state(row)?))))
    }
}

/// Where a row stands in its list.
fn place() -> Expr {
    Expr::tuple([Expr::col("k"), Expr::col("id")])
}

fn decode_state(row: &Row<'_>) -> Result<State, DbErr> {
    let number: i16 = row.take()?;
    State::of_number(number).ok_or_else(|| DbErr::Type(format!("state {number}")))
}

/// Whether a suggestion under this alias is to be seen at the instant of the slot `now`.
pub(super) fn is_open(alias: &'static str) -> Expr {
    use program_suggestion::Column::{Visible, VisibleFrom, VisibleUntil};
    let of = |column| Expr::col((alias, column));
    let begun = of(VisibleFrom)
        .is_null()
        .or(of(VisibleFrom).lte(slot("now")));
    let not_ended = of(VisibleUntil)
        .is_null()
        .or(of(VisibleUntil).gt(slot("now")));
    of(Visible).and(begun).and(not_ended)
}

/// Whether an open way leads from the program under the alias `p` to the user of this slot.
pub(in crate::db) fn open_way(user: &str) -> Expr {
    use program_suggestion::Column::{PlatformId, ProgramId, UserId};
    let of_program = |alias: &'static str| {
        Expr::col((alias, PlatformId))
            .equals(("p", program::Column::PlatformId))
            .and(Expr::col((alias, ProgramId)).equals(("p", program::Column::Id)))
    };
    let direct = Query::select()
        .expr(Expr::val(1))
        .from_as(program_suggestion::Entity, "s")
        .and_where(of_program("s"))
        .and_where(Expr::col(("s", UserId)).eq(slot(user)))
        .and_where(is_open("s"))
        .take();
    let by_group = Query::select()
        .expr(Expr::val(1))
        .from_as(group_member::Entity, "m")
        .join_as(
            JoinType::InnerJoin,
            program_group_suggestion::Entity,
            "g",
            Expr::col(("g", program_group_suggestion::Column::GroupId))
                .equals(("m", group_member::Column::GroupId)),
        )
        .and_where(of_program("g"))
        .and_where(Expr::col(("m", group_member::Column::UserId)).eq(slot(user)))
        .and_where(Expr::col(("m", group_member::Column::Active)))
        .and_where(is_open("g"))
        .take();
    Expr::exists(direct).or(Expr::exists(by_group))
}

/// The state that an answer under the alias `a` makes; null without one.
pub(super) fn answered_state() -> Expr {
    let accepted = || Expr::col(("a", suggestion_answer::Column::Accepted));
    CaseStatement::new()
        .case(accepted(), State::Accepted.number())
        .case(accepted().not(), State::Dismissed.number())
        .into()
}

/// The state of a row with a direct suggestion `s`, an answer `a`, both, or neither.
fn state() -> Expr {
    let states = [
        Expr::col(("s", program_suggestion::Column::State)),
        answered_state(),
        Expr::val(State::Pending.number()),
    ];
    Expr::from(Func::coalesce(states)).cast_as("SMALLINT")
}

static OF_PERSON: Shapes<(ListShape, SuggestedProgramField, bool)> =
    Shapes::new("suggested_programs.list");

/// A page of what is suggested to one person. One statement, and one for the ways.
pub async fn suggested_programs(
    db: &Db,
    permit: &PersonPermit,
    order: SuggestedProgramOrder,
    query: &SuggestedProgramQuery,
    now: Timestamp,
) -> Result<Slice<SuggestedProgram>> {
    let engine = db.engine();
    let cut = query.window.cut();
    let shape = ListShape::new(engine, &order.ordering(), query, cut);
    let mut arguments = shape.arguments(query, cut);
    arguments
        .add("platform", permit.platform().id)
        .add("user", permit.user_id())
        .add("now", now.0);
    let key = (shape, order.field, query.ways);
    let statement = OF_PERSON.bind(engine, &key, arguments, || {
        of_person(&key.0, order, query.ways)
    })?;
    let read = db
        .query(statement, |row| {
            let (of_list, place) = key.0.decode(row)?;
            let Some((program_id, sort_key, state)) = place else {
                return Ok(((of_list, None), None));
            };
            let suggested = SuggestedProgram {
                key: SuggestedProgramKey {
                    platform_id: permit.platform().id,
                    program_id,
                    user_id: permit.user_id(),
                },
                state,
                suggested_at: row.take()?,
                due_at: row.take()?,
                program: Arc::new(Program::decode(row)?),
                user: Some(Arc::new(User::decode(row)?)),
                answer: answer::decode_some(row)?.map(Arc::new),
                ways: None,
            };
            let ways: Option<String> = if query.ways { row.take()? } else { None };
            Ok(((of_list, Some((suggested, sort_key))), ways))
        })
        .await?;
    let (rows, ways): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let mut slice = page_of(cut, rows, query);
    if query.ways {
        let mut way_ids = WayIds::default();
        for list in ways.iter().flatten() {
            way_ids.add(list)?;
        }
        let mut rows: Vec<_> = slice.rows.iter_mut().map(|(row, _)| row).collect();
        let of = WaysOf::Ids(permit.user_id(), way_ids);
        read_ways(db, &mut rows, of, now).await?;
    }
    Ok(slice)
}

/// The ids of ways.
#[derive(Debug, Default)]
struct WayIds {
    direct: Vec<i64>,
    by_groups: Vec<i64>,
}

impl WayIds {
    /// What stands for a suggestion in a list of ways: its id, and for one to a group its id below zero.
    fn expr(kind: Kind, alias: &'static str) -> Expr {
        let id = Expr::col((alias, program_suggestion::Column::Id));
        match kind {
            Kind::User => id,
            Kind::Group => Expr::val(0).sub(id),
        }
    }

    /// Adds those of a list, which is text.
    fn add(&mut self, list: &str) -> Result<()> {
        for id in list.split(',') {
            let id: i64 = id
                .parse()
                .map_err(|error| Error::internal(format!("the id {id:?} of a way: {error}")))?;
            if id < 0 {
                self.by_groups.push(-id);
            } else {
                self.direct.push(id);
            }
        }
        Ok(())
    }
}

fn of_person(shape: &ListShape, order: SuggestedProgramOrder, ways: bool) -> SelectStatement {
    use program_suggestion::Column::{
        Created, DueAt, PlatformId, ProgramId, State as Stored, UserId,
    };
    let direct = Query::select()
        .columns([ProgramId, Created, DueAt, Stored].map(|column| ("s", column)))
        .expr_as(
            CaseStatement::new().case(is_open("s"), 1).finally(0),
            "open",
        )
        .expr_as(WayIds::expr(Kind::User, "s"), "way")
        .from_as(program_suggestion::Entity, "s")
        .and_where(Expr::col(("s", PlatformId)).eq(slot("platform")))
        .and_where(Expr::col(("s", UserId)).eq(slot("user")))
        .take();
    let mut by_groups = Query::select();
    by_groups
        .columns([ProgramId, Created, DueAt].map(|column| ("g", column)))
        .expr(Expr::null().cast_as("SMALLINT"))
        .expr(Expr::val(1))
        .expr(WayIds::expr(Kind::Group, "g"))
        .from_as(group_member::Entity, "m")
        .and_where(Expr::col(("m", group_member::Column::UserId)).eq(slot("user")))
        .and_where(Expr::col(("m", group_member::Column::Active)));
    let of_group = Expr::col(("g", program_group_suggestion::Column::PlatformId))
        .eq(slot("platform"))
        .and(
            Expr::col(("g", program_group_suggestion::Column::GroupId))
                .equals(("m", group_member::Column::GroupId)),
        );
    look_up(
        &mut by_groups,
        shape.engine,
        program_group_suggestion::Entity,
        "g",
        of_group,
        Found::Always,
    );
    by_groups.and_where(is_open("g"));
    // The person's answers are rows like the ways: joined to them, each way would be compared with each answer, because
    // PostgreSQL expects a person to have given one.
    let answers = Query::select()
        .column(("a", suggestion_answer::Column::ProgramId))
        .exprs([
            Expr::null(),
            Expr::null(),
            answered_state(),
            Expr::val(0),
            Expr::null(),
        ])
        .from_as(suggestion_answer::Entity, "a")
        .and_where(of_answers())
        .take();
    let mut rows = direct;
    rows.union(UnionType::All, by_groups)
        .union(UnionType::All, answers);

    let of_open = |column| -> Expr {
        Func::min(
            CaseStatement::new().case(Expr::col(("y", "open")).eq(1), Expr::col(("y", column))),
        )
        .into()
    };
    let states = [
        Expr::from(Func::max(Expr::col(("y", Stored)))),
        Expr::val(State::Pending.number()),
    ];
    let mut mine = Query::select();
    mine.expr_as(Expr::col(("y", ProgramId)), "id")
        .expr_as(of_open(Created), "suggested_at")
        .expr_as(of_open(DueAt), "due_at")
        .expr_as(
            Expr::from(Func::coalesce(states)).cast_as("SMALLINT"),
            "state",
        )
        .from_subquery(rows, "y")
        .group_by_col(("y", ProgramId))
        .and_having(Func::max(Expr::col(("y", "open"))).eq(1));
    if ways {
        let open =
            CaseStatement::new().case(Expr::col(("y", "open")).eq(1), Expr::col(("y", "way")));
        let listed = match shape.engine {
            Engine::Postgres => Func::cust("array_agg").arg(open),
            Engine::Sqlite => Func::cust("group_concat").arg(open),
        };
        mine.expr_as(listed, "ways");
    }

    let last = if order.descending {
        i64::MIN + 1
    } else {
        i64::MAX
    };
    let key = match order.field {
        SuggestedProgramField::SuggestedAt => Expr::col(("mine", "suggested_at")),
        SuggestedProgramField::ProgramName => Expr::col(("p", program::Column::NameFolded)),
        SuggestedProgramField::DueAt => {
            Func::coalesce([Expr::col(("mine", "due_at")), Expr::val(last)]).into()
        }
    };
    let mut found = Query::select();
    found
        .columns(["id", "suggested_at", "due_at", "state"].map(|column| ("mine", column)))
        .expr_as(key, "k")
        .from_subquery(mine, "mine");
    if ways {
        found.column(("mine", "ways"));
    }
    if shape.search || order.field == SuggestedProgramField::ProgramName {
        let same = Expr::col(("p", program::Column::Id)).equals(("mine", "id"));
        found.join_as(JoinType::InnerJoin, program::Entity, "p", same);
    }
    if shape.search {
        found.and_where(Method::row_by_row(shape.engine).programs());
    }

    let mut with = WithClause::new();
    let (mut query, join) = shape.page(&mut with, found);
    query.columns([("page", "suggested_at"), ("page", "due_at")]);
    Program::columns(&mut query);
    User::columns(&mut query);
    answer::columns(&mut query);
    query
        .join_as(
            join,
            program::Entity,
            "p",
            Expr::col(("p", program::Column::Id)).equals(("page", "id")),
        )
        .join_as(
            join,
            user::Entity,
            "u",
            Expr::col(("u", user::Column::Id)).eq(slot("user")),
        );
    let of_page = of_answers()
        .and(Expr::col(("a", suggestion_answer::Column::ProgramId)).equals(("page", "id")));
    look_up(
        &mut query,
        shape.engine,
        suggestion_answer::Entity,
        "a",
        of_page,
        Found::Perhaps,
    );
    if ways {
        let listed = Expr::col(("page", "ways"));
        query.expr(match shape.engine {
            Engine::Postgres => Func::cust("array_to_string")
                .args([listed, Expr::val(",")])
                .into(),
            Engine::Sqlite => listed,
        });
    }
    query.with_cte(with).take()
}

/// That an answer under the alias `a` is one of the person's on the platform.
fn of_answers() -> Expr {
    Expr::col(("a", suggestion_answer::Column::PlatformId))
        .eq(slot("platform"))
        .and(Expr::col(("a", suggestion_answer::Column::UserId)).eq(slot("user")))
}

/// The suggested programs of the members of group suggestions, which are in sight, by the id of the
/// suggestion: one a member, by username, whatever else leads to them. Three statements at most, for any
/// number of suggestions.
pub async fn members(
    db: &Db,
    sight: &Sight,
    suggestion_ids: &[i64],
    query: &SuggestedProgramQuery,
    now: Timestamp,
) -> Result<HashMap<i64, Slice<SuggestedProgram>>> {
    let engine = db.engine();
    let cut = query.window.cut();
    let shape = MembersShape {
        list: ListShape::new(engine, &MEMBERS_ORDERING, query, cut),
        everything: sight.everything(),
    };
    let arguments = || {
        let mut arguments = shape.list.arguments(query, cut);
        arguments
            .add("ids", suggestion_ids)
            .add("sight.platforms", sight.platforms())
            .add("sight.departments", sight.departments())
            .add("sight.user", sight.user().unwrap_or_default());
        arguments
    };
    let statement = MEMBERS.bind(engine, &shape, arguments(), || shape.page())?;
    let mut read: HashMap<i64, Vec<(OfList, Option<Listed>)>> = HashMap::new();
    let rows = db.query(statement, |row| {
        let suggestion_id: i64 = row.take()?;
        let suggested = SuggestedProgram {
            key: SuggestedProgramKey {
                platform_id: row.take()?,
                program_id: row.take()?,
                user_id: row.take()?,
            },
            state: decode_state(row)?,
            suggested_at: row.take()?,
            due_at: row.take()?,
            program: Arc::new(Program::decode(row)?),
            user: Some(Arc::new(User::decode(row)?)),
            answer: answer::decode_some(row)?.map(Arc::new),
            ways: None,
        };
        Ok((suggestion_id, suggested, SortKey::Text(row.take()?)))
    });
    for (suggestion_id, suggested, key) in rows.await? {
        let rows = read.entry(suggestion_id).or_default();
        rows.push((OfList::default(), Some((suggested, key))));
    }
    if shape.list.whole() {
        let statement = MEMBERS_WHOLE.bind(engine, &shape, arguments(), || shape.whole())?;
        let wholes = db.query(statement, |row| {
            Ok((row.take::<i64>()?, OfList::decode(row)?))
        });
        for (suggestion_id, of_list) in wholes.await? {
            read.entry(suggestion_id)
                .or_default()
                .insert(0, (of_list, None));
        }
    }
    let mut slices: HashMap<i64, Slice<SuggestedProgram>> = suggestion_ids
        .iter()
        .map(|id| {
            (
                *id,
                page_of(cut, read.remove(id).unwrap_or_default(), query),
            )
        })
        .collect();
    if query.ways {
        let rows = slices.values_mut().flat_map(|slice| &mut slice.rows);
        let mut rows: Vec<_> = rows.map(|(row, _)| row).collect();
        read_ways(db, &mut rows, WaysOf::Keys, now).await?;
    }
    Ok(slices)
}

static MEMBERS: Shapes<MembersShape> = Shapes::new("suggested_programs.members");
static MEMBERS_WHOLE: Shapes<MembersShape> = Shapes::new("suggested_programs.members_whole");

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct MembersShape {
    list: ListShape,
    everything: bool,
}

impl MembersShape {
    /// Whether the e-mail of the user `u` is shown to the caller.
    fn sees_email(&self) -> Expr {
        if self.everything {
            return Expr::val(true);
        }
        let engine = self.list.engine;
        let member = Query::select()
            .expr(Expr::val(1))
            .from_as(department_member::Entity, "d")
            .and_where(
                Expr::col(("d", department_member::Column::UserId)).equals(("u", user::Column::Id)),
            )
            .and_where(is_any(
                engine,
                Expr::col(("d", department_member::Column::DepartmentId)),
                "sight.departments",
            ))
            .take();
        let platform = Expr::col(("g", program_group_suggestion::Column::PlatformId));
        is_any(engine, platform, "sight.platforms")
            .or(Expr::exists(member))
            .or(Expr::col(("u", user::Column::Id)).eq(slot("sight.user")))
    }

    /// All members `u` of the suggestions `g` of the slot `ids`, with their state.
    fn found(&self) -> SelectStatement {
        let engine = self.list.engine;
        let (mut found, state) = match engine {
            // For each suggestion by itself: PostgreSQL then knows how few members a group has.
            Engine::Postgres => {
                let (mut found, member) = suggestions_and_members(engine);
                let mut members = Query::select();
                members
                    .column(("m", group_member::Column::UserId))
                    .expr_as(state(), "state")
                    .from_as(group_member::Entity, "m")
                    .and_where(member)
                    .offset(0);
                join_state(&mut members);
                found.join_lateral(JoinType::InnerJoin, members, "m", Expr::val(true));
                (found, Expr::col(("m", "state")))
            }
            Engine::Sqlite => {
                let mut found = of_members();
                join_state(&mut found);
                (found, state())
            }
        };
        let same = Expr::col(("u", user::Column::Id)).equals(("m", group_member::Column::UserId));
        look_up(&mut found, engine, user::Entity, "u", same, Found::Always);
        if self.list.search {
            let method = Method::row_by_row(self.list.engine);
            // An e-mail that is not shown finds nobody.
            let by_email = method.users().and(self.sees_email());
            found.and_where(method.user_names().or(by_email));
        }
        found
            .expr_as(
                Expr::col(("g", program_group_suggestion::Column::Id)),
                "suggestion_id",
            )
            .expr_as(Expr::col(("u", user::Column::Id)), "id")
            .expr_as(Expr::col(("u", user::Column::UsernameFolded)), "k")
            .expr_as(state, "state")
            .take()
    }

    fn page(&self) -> SelectStatement {
        use program_group_suggestion::Column::{Created, DueAt, Id, PlatformId, ProgramId};
        let engine = self.list.engine;
        let descending = self.list.descending != self.list.backward;
        let order = || direction(descending);
        let mut numbered = Query::select();
        numbered
            .columns(["suggestion_id", "id", "k", "state"])
            .expr_window_as(
                Func::cust("ROW_NUMBER"),
                WindowStatement::partition_by("suggestion_id")
                    .order_by("k", order())
                    .order_by("id", order())
                    .take(),
                "number",
            )
            .from_subquery(self.found(), "found");
        self.list.bound(&mut numbered);
        let mut query = Query::select();
        query
            .column(("page", "suggestion_id"))
            .columns([PlatformId, ProgramId].map(|column| ("g", column)))
            .columns([("page", "id"), ("page", "state")])
            .columns([Created, DueAt].map(|column| ("g", column)));
        Program::columns(&mut query);
        query
            .columns(
                [user::Column::Id, user::Column::Username, user::Column::Name]
                    .map(|column| ("u", column)),
            )
            .expr(
                CaseStatement::new().case(self.sees_email(), Expr::col(("u", user::Column::Email))),
            );
        answer::columns(&mut query);
        query
            .column(("page", "k"))
            .from_subquery(numbered, "page")
            // One more than asked for tells whether the list goes on.
            .and_where(Expr::col(("page", "number")).lte(self.list.limit + 1));
        let same = Expr::col(("g", Id)).equals(("page", "suggestion_id"));
        look_up(
            &mut query,
            engine,
            program_group_suggestion::Entity,
            "g",
            same,
            Found::Always,
        );
        let same = Expr::col(("p", program::Column::Id)).equals(("g", ProgramId));
        look_up(
            &mut query,
            engine,
            program::Entity,
            "p",
            same,
            Found::Always,
        );
        let same = Expr::col(("u", user::Column::Id)).equals(("page", "id"));
        look_up(&mut query, engine, user::Entity, "u", same, Found::Always);
        let answered = Expr::col(("a", suggestion_answer::Column::PlatformId))
            .equals(("g", PlatformId))
            .and(Expr::col(("a", suggestion_answer::Column::ProgramId)).equals(("g", ProgramId)))
            .and(Expr::col(("a", suggestion_answer::Column::UserId)).equals(("page", "id")));
        look_up(
            &mut query,
            engine,
            suggestion_answer::Entity,
            "a",
            answered,
            Found::Perhaps,
        );
        query
            .order_by(("page", "k"), order())
            .order_by(("page", "id"), order())
            .take()
    }

    /// A row a suggestion that has members.
    fn whole(&self) -> SelectStatement {
        let mut query = Query::select();
        query.column("suggestion_id");
        count_states(&mut query, &Expr::col("state"));
        let (up_to, from) = super::list::operators_with_edge(self.list.descending);
        for (wanted, edge, operator) in [
            (self.list.probe_after, Edge::After, up_to),
            (self.list.probe_before, Edge::Before, from),
        ] {
            query.expr(if wanted {
                let beyond = place().binary(operator, edge.place());
                let beyond = beyond.and(in_states(Expr::col("state"), self.list.states));
                let one = CaseStatement::new().case(beyond, 1).finally(0);
                Func::max(one).eq(1)
            } else {
                Expr::val(false)
            });
        }
        query
            .from_subquery(self.found(), "found")
            .group_by_col("suggestion_id")
            .take()
    }
}

/// The active members `m` of the groups of the group suggestions `g` of the slot `ids`, for SQLite.
fn of_members() -> SelectStatement {
    let (mut query, member) = suggestions_and_members(Engine::Sqlite);
    join_to_keys(&mut query, group_member::Entity, "m", member);
    query
}

/// The group suggestions `g` of the slot `ids`; and whether `m` is an active member of the group of one.
fn suggestions_and_members(engine: Engine) -> (SelectStatement, Expr) {
    use program_group_suggestion::Column::{GroupId, Id};
    let query = Query::select()
        .from_as(program_group_suggestion::Entity, "g")
        .and_where(is_any(engine, Expr::col(("g", Id)), "ids"))
        .take();
    let member = Expr::col(("m", group_member::Column::GroupId))
        .equals(("g", GroupId))
        .and(Expr::col(("m", group_member::Column::Active)));
    (query, member)
}

/// The suggestion `s` of the program of `g` to the member `m`, and the member's answer `a`.
fn join_state(query: &mut SelectStatement) {
    use program_group_suggestion::Column::{PlatformId, ProgramId};
    let key = |alias: &'static str| {
        Expr::col((alias, PlatformId))
            .equals(("g", PlatformId))
            .and(Expr::col((alias, ProgramId)).equals(("g", ProgramId)))
            .and(
                Expr::col((alias, program_suggestion::Column::UserId))
                    .equals(("m", group_member::Column::UserId)),
            )
    };
    query
        .join_as(
            JoinType::LeftJoin,
            program_suggestion::Entity,
            "s",
            key("s"),
        )
        .join_as(JoinType::LeftJoin, suggestion_answer::Entity, "a", key("a"));
}

/// Selects how many rows are in each state.
pub(super) fn count_states(query: &mut SelectStatement, state: &Expr) {
    for (name, of_state) in STATES.into_iter().zip(State::ALL) {
        let counted = CaseStatement::new()
            .case(state.clone().eq(of_state.number()), 1)
            .finally(0);
        query.expr_as(sum(counted.into()), name);
    }
}

pub(super) fn decode_counts(row: &Row<'_>) -> Result<StateCounts, DbErr> {
    Ok(StateCounts {
        pending: row.take()?,
        accepted: row.take()?,
        dismissed: row.take()?,
    })
}

static STATE_COUNTS: Shapes<()> = Shapes::new("suggested_programs.state_counts");

/// How many active members of the group of each of these group suggestions, which are in sight, are in each
/// state. One statement.
pub async fn state_counts(db: &Db, suggestion_ids: &[i64]) -> Result<HashMap<i64, StateCounts>> {
    let engine = db.engine();
    let arguments = Arguments::default().with("ids", suggestion_ids);
    let statement = STATE_COUNTS.bind(engine, &(), arguments, || match engine {
        // For each suggestion by itself: PostgreSQL then knows how few members a group has.
        Engine::Postgres => {
            let (mut query, member) = suggestions_and_members(engine);
            let mut counts = Query::select();
            counts.from_as(group_member::Entity, "m").and_where(member);
            join_state(&mut counts);
            count_states(&mut counts, &state());
            query
                .column(("g", program_group_suggestion::Column::Id))
                .columns(STATES.map(|name| ("n", name)))
                .join_lateral(JoinType::InnerJoin, counts, "n", Expr::val(true));
            query
        }
        Engine::Sqlite => {
            let mut query = of_members();
            join_state(&mut query);
            query.column(("g", program_group_suggestion::Column::Id));
            count_states(&mut query, &state());
            query.group_by_col(("g", program_group_suggestion::Column::Id));
            query
        }
    })?;
    let found = db.query(statement, |row| Ok((row.take()?, decode_counts(row)?)));
    Ok(found.await?.into_iter().collect())
}

/// Keys that travel with a statement, as the table `v`.
fn key_rows(keys: &[SuggestedProgramKey]) -> Rows<'static> {
    let ids = |of: fn(&SuggestedProgramKey) -> i64| {
        Column::Int(keys.iter().map(|key| Some(of(key))).collect())
    };
    Rows(vec![
        ("platform_id", ids(|key| key.platform_id)),
        ("program_id", ids(|key| key.program_id)),
        ("user_id", ids(|key| key.user_id)),
    ])
}

/// Whether the row under this alias has the platform, the program and the user of `v`.
fn of_key(alias: &'static str) -> Expr {
    ["platform_id", "program_id", "user_id"]
        .map(|column| Expr::col((alias, column)).equals(("v", column)))
        .into_iter()
        .reduce(Expr::and)
        .unwrap_or_else(|| Expr::val(true))
}

/// Whether `v` names an active membership `mb`.
fn of_membership() -> Expr {
    Expr::col(("mb", membership::Column::PlatformId))
        .equals(("v", "platform_id"))
        .and(Expr::col(("mb", membership::Column::UserId)).equals(("v", "user_id")))
        .and(Expr::col(("mb", membership::Column::Active)))
}

static BY_KEYS: Shapes<(RowsShape, bool)> = Shapes::new("suggested_programs.by_keys");

/// The suggested programs with these keys that have an open way and are in sight: the caller's own, and those of
/// users in scope. Two statements.
pub async fn by_keys(
    db: &Db,
    sight: &Sight,
    keys: &[SuggestedProgramKey],
    now: Timestamp,
) -> Result<Vec<SuggestedProgram>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let engine = db.engine();
    let rows = key_rows(keys);
    let everything = sight.everything();
    let shape = (rows.shape(), everything);
    let mut arguments = Arguments::default()
        .with("sight.platforms", sight.platforms())
        .with("sight.own", sight.own_platforms())
        .with("sight.departments", sight.departments())
        .with("sight.user", sight.user().unwrap_or_default());
    rows.arguments(engine, &mut arguments);
    let statement = BY_KEYS.bind(engine, &shape, arguments, || {
        let mut query = Query::select();
        query
            .columns(["platform_id", "program_id", "user_id"].map(|column| ("v", column)))
            .expr(state());
        Program::columns(&mut query);
        User::columns(&mut query);
        answer::columns(&mut query);
        query.from_subquery(shape.0.select(engine), "v");
        look_up(
            &mut query,
            engine,
            membership::Entity,
            "mb",
            of_membership(),
            Found::Always,
        );
        let same = Expr::col(("p", program::Column::PlatformId))
            .equals(("v", "platform_id"))
            .and(Expr::col(("p", program::Column::Id)).equals(("v", "program_id")));
        look_up(
            &mut query,
            engine,
            program::Entity,
            "p",
            same,
            Found::Always,
        );
        let same = Expr::col(("u", user::Column::Id)).equals(("v", "user_id"));
        look_up(&mut query, engine, user::Entity, "u", same, Found::Always);
        look_up(
            &mut query,
            engine,
            program_suggestion::Entity,
            "s",
            of_key("s"),
            Found::Perhaps,
        );
        look_up(
            &mut query,
            engine,
            suggestion_answer::Entity,
            "a",
            of_key("a"),
            Found::Perhaps,
        );
        if !everything {
            let platform = || Expr::col(("v", "platform_id"));
            let own = Expr::col(("v", "user_id"))
                .eq(slot("sight.user"))
                .and(is_any(engine, platform(), "sight.own"));
            let of_department = Query::select()
                .expr(Expr::val(1))
                .from_as(department_member::Entity, "m")
                .join_as(
                    JoinType::InnerJoin,
                    department::Entity,
                    "d",
                    Expr::col(("d", department::Column::Id))
                        .equals(("m", department_member::Column::DepartmentId)),
                )
                .and_where(
                    Expr::col(("m", department_member::Column::UserId)).equals(("v", "user_id")),
                )
                .and_where(
                    Expr::col(("d", department::Column::PlatformId)).equals(("v", "platform_id")),
                )
                .and_where(is_any(
                    engine,
                    Expr::col(("d", department::Column::Id)),
                    "sight.departments",
                ))
                .take();
            query.and_where(
                own.or(is_any(engine, platform(), "sight.platforms"))
                    .or(Expr::exists(of_department)),
            );
        }
        query
    })?;
    let found = db.query(statement, |row| {
        Ok(SuggestedProgram {
            key: SuggestedProgramKey {
                platform_id: row.take()?,
                program_id: row.take()?,
                user_id: row.take()?,
            },
            state: decode_state(row)?,
            program: Arc::new(Program::decode(row)?),
            user: Some(Arc::new(User::decode(row)?)),
            answer: answer::decode_some(row)?.map(Arc::new),
            suggested_at: 0,
            due_at: None,
            ways: None,
        })
    });
    let mut found = found.await?;
    let mut rows: Vec<_> = found.iter_mut().collect();
    read_ways(db, &mut rows, WaysOf::Keys, now).await?;
    found.retain(|row| row.ways.as_ref().is_some_and(|ways| !ways.is_empty()));
    Ok(found)
}

/// Which ways are read.
enum WaysOf {
    /// Those of the rows, found by their keys.
    Keys,
    /// Those with these ids, which were read with the rows of this user.
    Ids(i64, WayIds),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum WaysShape {
    Keys(RowsShape),
    Ids,
}

static WAYS: Shapes<WaysShape> = Shapes::new("suggested_programs.ways");

/// Reads the open ways of rows that are in sight, and takes their dates from them where there are any.
async fn read_ways(
    db: &Db,
    rows: &mut [&mut SuggestedProgram],
    of: WaysOf,
    now: Timestamp,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let engine = db.engine();
    let mut arguments = Arguments::default().with("now", now.0);
    let shape = match of {
        WaysOf::Keys => {
            let keys: Vec<_> = rows.iter().map(|row| row.key).collect();
            let keys = key_rows(&keys);
            let shape = WaysShape::Keys(keys.shape());
            keys.arguments(engine, &mut arguments);
            shape
        }
        WaysOf::Ids(user, ids) => {
            arguments
                .add("user", user)
                .add("direct", ids.direct)
                .add("by_groups", ids.by_groups);
            WaysShape::Ids
        }
    };
    let statement = WAYS.bind(engine, &shape, arguments, || ways(engine, &shape))?;
    let mut found: HashMap<SuggestedProgramKey, Vec<Way>> = HashMap::new();
    let read = db.query(statement, |row| {
        let key = SuggestedProgramKey {
            platform_id: row.take()?,
            program_id: row.take()?,
            user_id: row.take()?,
        };
        let group_name: Option<String> = row.take()?;
        Ok((
            key,
            Way {
                direct: group_name.is_none(),
                group_name,
                suggested_by_name: row.take()?,
                message: row.take()?,
                since: row.take()?,
                due_at: row.take()?,
            },
        ))
    });
    for (key, way) in read.await? {
        found.entry(key).or_default().push(way);
    }
    for row in rows {
        let mut ways = found.remove(&row.key).unwrap_or_default();
        ways.sort_by(|one, other| {
            (one.since, one.group_name.as_ref()).cmp(&(other.since, other.group_name.as_ref()))
        });
        if let Some(first) = ways.first() {
            row.suggested_at = first.since;
            row.due_at = ways.iter().filter_map(|way| way.due_at).min();
        }
        row.ways = Some(Arc::new(ways));
    }
    Ok(())
}

fn ways(engine: Engine, of: &WaysShape) -> SelectStatement {
    use program_suggestion::Column::{
        Created, DueAt, Id, Message, PlatformId, ProgramId, SuggestedBy, UserId,
    };
    let (mut direct, mut by_groups) = match of {
        WaysShape::Keys(keys) => ways_of_keys(engine, keys),
        WaysShape::Ids => {
            let of_ids = |table: DynIden, alias: &'static str, ids: &str| {
                Query::select()
                    .columns([PlatformId, ProgramId].map(|column| (alias, column)))
                    .from_as(table, alias)
                    .and_where(is_any(engine, Expr::col((alias, Id)), ids))
                    .take()
            };
            let mut direct = of_ids(program_suggestion::Entity.into_iden(), "s", "direct");
            direct.column(("s", UserId));
            let group = program_group_suggestion::Entity.into_iden();
            let mut by_groups = of_ids(group, "g", "by_groups");
            by_groups.expr(slot("user"));
            (direct, by_groups)
        }
    };
    let way = |query: &mut SelectStatement, group_name: Expr, alias: &'static str| {
        query
            .expr(group_name)
            .column(("b", user::Column::Name))
            .columns([Message, Created, DueAt].map(|column| (alias, column)));
        let named = Expr::col(("b", user::Column::Id)).equals((alias, SuggestedBy));
        look_up(query, engine, user::Entity, "b", named, Found::Perhaps);
        query.and_where(is_open(alias));
    };
    way(&mut direct, Expr::null().cast_as("TEXT"), "s");
    let named = Expr::col(("n", user_group::Column::Id))
        .equals(("g", program_group_suggestion::Column::GroupId));
    look_up(
        &mut by_groups,
        engine,
        user_group::Entity,
        "n",
        named,
        Found::Always,
    );
    way(
        &mut by_groups,
        Expr::col(("n", user_group::Column::Name)),
        "g",
    );
    direct.union(UnionType::All, by_groups).take()
}

/// The suggestions `s` and `g` that lead to the users of these keys.
fn ways_of_keys(engine: Engine, keys: &RowsShape) -> (SelectStatement, SelectStatement) {
    let mut direct = Query::select();
    direct
        .columns(["platform_id", "program_id", "user_id"].map(|column| ("v", column)))
        .from_subquery(keys.select(engine), "v");
    look_up(
        &mut direct,
        engine,
        membership::Entity,
        "mb",
        of_membership(),
        Found::Always,
    );
    let mut by_groups = direct.clone();
    look_up(
        &mut direct,
        engine,
        program_suggestion::Entity,
        "s",
        of_key("s"),
        Found::Always,
    );
    let member = Expr::col(("m", group_member::Column::UserId))
        .equals(("v", "user_id"))
        .and(Expr::col(("m", group_member::Column::Active)));
    look_up(
        &mut by_groups,
        engine,
        group_member::Entity,
        "m",
        member,
        Found::Always,
    );
    let of_group = Expr::col(("g", program_group_suggestion::Column::PlatformId))
        .equals(("v", "platform_id"))
        .and(
            Expr::col(("g", program_group_suggestion::Column::ProgramId))
                .equals(("v", "program_id")),
        )
        .and(
            Expr::col(("g", program_group_suggestion::Column::GroupId))
                .equals(("m", group_member::Column::GroupId)),
        );
    look_up(
        &mut by_groups,
        engine,
        program_group_suggestion::Entity,
        "g",
        of_group,
        Found::Always,
    );
    (direct, by_groups)
}
