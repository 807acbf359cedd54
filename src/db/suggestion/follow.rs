//! What those who follow events live need, for all of them at once: new events, the departments that these
//! concern, and the counts of persons.

use std::collections::{HashMap, HashSet};

use sea_orm::sea_query::{
    Asterisk, BinOper, CaseStatement, Expr, ExprTrait as _, Func, JoinType, Order, Query,
    SelectStatement, UnionType,
};

use super::event::{SuggestionEvent, is_settled, is_shown, kind_number, oldest_open, place};
use super::source::{Found, look_up};
use super::suggested_program::{answered_state, count_states, decode_counts, is_open};
use super::write::{Column, Rows, RowsShape};
use crate::answer::{State, StateCounts};
use crate::auth::{PersonPermit, Watch};
use crate::clock::Timestamp;
use crate::db::entity::suggestion_event::Column as Event;
use crate::db::entity::{
    department, department_member, group_member, program_group_suggestion, program_suggestion,
    suggestion_answer, suggestion_event, user_group,
};
use crate::db::statement::{Arguments, Shapes, is_any, slot};
use crate::db::{Db, Engine};
use crate::error::Result;
use crate::kind::Kind;
use crate::page::{Position, SortKey};

/// A place in the order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub settled: i64,
    pub id: i64,
}

impl Place {
    /// The place of an event.
    pub fn of(event: &SuggestionEvent) -> Self {
        Self {
            settled: event.settled,
            id: event.id,
        }
    }

    /// The place of a cursor.
    pub fn of_position(position: &Position) -> Self {
        let settled = match position.key {
            SortKey::Int(settled) => settled,
            SortKey::Id | SortKey::Bool(_) | SortKey::Text(_) => 0,
        };
        Self {
            settled,
            id: position.id,
        }
    }

    /// As a list of events knows it.
    pub fn position(self) -> Position {
        Position {
            key: SortKey::Int(self.settled),
            id: self.id,
        }
    }
}

/// Where a platform stands at present.
#[derive(Debug)]
pub struct Present {
    /// All events up to here can be read.
    pub place: Place,
    /// Events beyond it that have happened, and cannot be read yet.
    pub unsettled: HashSet<i64>,
}

static PRESENT: Shapes<()> = Shapes::new("events.present");

/// Where the platform of the permit stands at present. One statement.
pub async fn present(db: &Db, watch: Watch) -> Result<Present> {
    let engine = db.engine();
    let arguments = Arguments::default().with("platform", watch.platform_id());
    let statement = PRESENT.bind(engine, &(), arguments, || match engine {
        Engine::Postgres => {
            let unsettled = Expr::col(("e", Event::PlatformId))
                .eq(slot("platform"))
                .and(Expr::col(("e", Event::Settled)).gte(Expr::col(("o", "oldest"))));
            Query::select()
                .expr(Expr::col(("o", "oldest")).sub(1))
                .expr(Expr::val(i64::MAX))
                .column(("e", Event::Id))
                .from_subquery(Query::select().expr_as(oldest_open(), "oldest").take(), "o")
                .join_as(JoinType::LeftJoin, suggestion_event::Entity, "e", unsettled)
                .take()
        }
        Engine::Sqlite => Query::select()
            .expr(Expr::val(0))
            .expr(Func::coalesce([
                Func::max(Expr::col(Event::Id)).into(),
                Expr::val(0),
            ]))
            .expr(Expr::null().cast_as("BIGINT"))
            .from(suggestion_event::Entity)
            .take(),
    })?;
    let rows = db
        .query(statement, |row| {
            let place = Place {
                settled: row.take()?,
                id: row.take()?,
            };
            Ok((place, row.take::<Option<i64>>()?))
        })
        .await?;
    let place = rows
        .first()
        .map_or(Place { settled: 0, id: 0 }, |row| row.0);
    Ok(Present {
        place,
        unsettled: rows.into_iter().filter_map(|row| row.1).collect(),
    })
}

/// New events of some platforms, in their order.
#[derive(Debug, Default)]
pub struct News {
    pub events: Vec<SuggestionEvent>,
    /// Whether there are more.
    pub more: bool,
    /// Whether something has happened that cannot be read yet.
    pub unsettled: bool,
}

static NEWS: Shapes<(RowsShape, u64)> = Shapes::new("events.news");

/// What happened on these platforms, on each after a place of its own; at most `limit` events. One statement.
pub async fn news(db: &Db, after: &[(Watch, Place)], limit: u64) -> Result<News> {
    let engine = db.engine();
    let ints = |of: &dyn Fn(&(Watch, Place)) -> i64| {
        Column::Int(after.iter().map(|one| Some(of(one))).collect())
    };
    let rows = Rows(vec![
        ("platform_id", ints(&|(watch, _)| watch.platform_id())),
        ("after_settled", ints(&|(_, place)| place.settled)),
        ("after_id", ints(&|(_, place)| place.id)),
    ]);
    let shape = (rows.shape(), limit);
    let mut arguments = Arguments::default();
    rows.arguments(engine, &mut arguments);
    let statement = NEWS.bind(engine, &shape, arguments, || {
        let ordered = |query: &mut SelectStatement| {
            query
                .order_by(("e", Event::Settled), Order::Asc)
                .order_by(("e", Event::Id), Order::Asc);
        };
        let after = Expr::tuple([
            Expr::col(("v", "after_settled")),
            Expr::col(("v", "after_id")),
        ]);
        let later = Expr::col(("e", Event::PlatformId))
            .equals(("v", "platform_id"))
            .and(place().binary(BinOper::GreaterThan, after));
        let mut page = Query::select();
        page.column(("e", Asterisk))
            .from_subquery(shape.0.select(engine), "v");
        match engine {
            // For each platform by itself, along its index.
            Engine::Postgres => {
                let mut of_platform = Query::select();
                of_platform
                    .column(("e", Asterisk))
                    .from_as(suggestion_event::Entity, "e")
                    .and_where(later)
                    .and_where(is_shown())
                    .limit(limit + 1);
                ordered(&mut of_platform);
                page.join_lateral(JoinType::InnerJoin, of_platform, "e", Expr::val(true));
            }
            Engine::Sqlite => {
                page.join_as(JoinType::InnerJoin, suggestion_event::Entity, "e", later)
                    .and_where(is_shown());
            }
        }
        ordered(&mut page);
        page.limit(limit + 1);
        let mut query = Query::select();
        query
            .expr(is_settled(engine).unwrap_or(Expr::val(true)))
            .from_subquery(page, "e");
        SuggestionEvent::select(&mut query, engine);
        ordered(&mut query);
        query
    })?;
    let rows = db
        .query(statement, |row| {
            let settled: bool = row.take()?;
            Ok((settled, SuggestionEvent::decode(row)?))
        })
        .await?;
    let mut news = News::default();
    for (settled, event) in rows {
        if !settled {
            news.unsettled = true;
            break;
        }
        if news.events.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            news.more = true;
            break;
        }
        news.events.push(event);
    }
    Ok(news)
}

static DEPARTMENTS: Shapes<()> = Shapes::new("events.departments");

/// The departments that events concern: of the group, or those that the user is a member of. By the id of the
/// event. One statement.
pub async fn departments(
    db: &Db,
    watches: &[Watch],
    event_ids: &[i64],
) -> Result<HashMap<i64, Vec<i64>>> {
    let engine = db.engine();
    let platforms: Vec<i64> = watches.iter().map(|watch| watch.platform_id()).collect();
    let arguments = Arguments::default()
        .with("ids", event_ids)
        .with("platforms", platforms);
    let statement = DEPARTMENTS.bind(engine, &(), arguments, || {
        let of = |kind: Kind| {
            Query::select()
                .column(("e", Event::Id))
                .from_as(suggestion_event::Entity, "e")
                .and_where(is_any(engine, Expr::col(("e", Event::Id)), "ids"))
                .and_where(is_any(
                    engine,
                    Expr::col(("e", Event::PlatformId)),
                    "platforms",
                ))
                .and_where(Expr::col(("e", Event::Kind)).eq(kind_number(kind)))
                .take()
        };
        let mut users = of(Kind::User);
        let member =
            Expr::col(("m", department_member::Column::UserId)).equals(("e", Event::RecipientId));
        let department = Expr::col(("d", department::Column::Id))
            .equals(("m", department_member::Column::DepartmentId))
            .and(Expr::col(("d", department::Column::PlatformId)).equals(("e", Event::PlatformId)));
        users
            .column(("d", department::Column::Id))
            .join_as(JoinType::InnerJoin, department_member::Entity, "m", member)
            .join_as(JoinType::InnerJoin, department::Entity, "d", department);
        let mut groups = of(Kind::Group);
        groups
            .column(("g", user_group::Column::DepartmentId))
            .join_as(
                JoinType::InnerJoin,
                user_group::Entity,
                "g",
                Expr::col(("g", user_group::Column::Id)).equals(("e", Event::RecipientId)),
            )
            .and_where(Expr::col(("g", user_group::Column::DepartmentId)).is_not_null());
        users.union(UnionType::All, groups).take()
    })?;
    let mut found: HashMap<i64, Vec<i64>> = HashMap::new();
    let rows = db.query(statement, |row| Ok((row.take()?, row.take()?)));
    for (event, department) in rows.await? {
        found.entry(event).or_default().push(department);
    }
    Ok(found)
}

/// A person on a platform.
pub type PersonKey = (i64, i64);

/// How a person is known among others.
pub fn person_key(permit: &PersonPermit) -> PersonKey {
    (permit.platform().id, permit.user_id())
}

fn persons(permits: &[PersonPermit]) -> Rows<'static> {
    let ints = |of: fn(&PersonPermit) -> i64| {
        Column::Int(permits.iter().map(|permit| Some(of(permit))).collect())
    };
    Rows(vec![
        ("platform_id", ints(|permit| permit.platform().id)),
        ("user_id", ints(PersonPermit::user_id)),
    ])
}

/// The suggestions `s` to the persons `v`.
fn to_persons(engine: Engine, persons: &RowsShape) -> SelectStatement {
    use program_suggestion::Column::{PlatformId, UserId};
    let mut query = Query::select();
    query
        .columns(["platform_id", "user_id"].map(|column| ("v", column)))
        .from_subquery(persons.select(engine), "v");
    let same = Expr::col(("s", PlatformId))
        .equals(("v", "platform_id"))
        .and(Expr::col(("s", UserId)).equals(("v", "user_id")));
    look_up(
        &mut query,
        engine,
        program_suggestion::Entity,
        "s",
        same,
        Found::Always,
    );
    query
}

/// The suggestions `g` to groups that the persons `v` are active members of.
fn to_groups_of_persons(engine: Engine, persons: &RowsShape) -> SelectStatement {
    use program_group_suggestion::Column::{GroupId, PlatformId};
    let mut query = Query::select();
    query
        .columns(["platform_id", "user_id"].map(|column| ("v", column)))
        .from_subquery(persons.select(engine), "v");
    let member = Expr::col(("m", group_member::Column::UserId))
        .equals(("v", "user_id"))
        .and(Expr::col(("m", group_member::Column::Active)));
    look_up(
        &mut query,
        engine,
        group_member::Entity,
        "m",
        member,
        Found::Always,
    );
    let same = Expr::col(("g", PlatformId))
        .equals(("v", "platform_id"))
        .and(Expr::col(("g", GroupId)).equals(("m", group_member::Column::GroupId)));
    look_up(
        &mut query,
        engine,
        program_group_suggestion::Entity,
        "g",
        same,
        Found::Always,
    );
    query
}

static COUNTS: Shapes<RowsShape> = Shapes::new("suggested_programs.counts_of_persons");

/// How many suggested programs these persons have in each state; nothing for those without any. One statement.
pub async fn counts(
    db: &Db,
    permits: &[PersonPermit],
    now: Timestamp,
) -> Result<HashMap<PersonKey, StateCounts>> {
    use program_suggestion::Column::{ProgramId, State as Stored};
    let engine = db.engine();
    let rows = persons(permits);
    let shape = rows.shape();
    let mut arguments = Arguments::default().with("now", now.0);
    rows.arguments(engine, &mut arguments);
    let statement = COUNTS.bind(engine, &shape, arguments, || {
        let mut ways = to_persons(engine, &shape);
        let open = CaseStatement::new().case(is_open("s"), 1).finally(0);
        ways.columns([("s", ProgramId), ("s", Stored)])
            .expr_as(open, "open");
        let mut by_groups = to_groups_of_persons(engine, &shape);
        by_groups
            .column(("g", ProgramId))
            .expr(Expr::null().cast_as("SMALLINT"))
            .expr(Expr::val(1))
            .and_where(is_open("g"));
        ways.union(UnionType::All, by_groups);
        let states = [
            Expr::from(Func::max(Expr::col(("y", Stored)))),
            Expr::from(Func::max(answered_state())),
            Expr::val(State::Pending.number()),
        ];
        let key = ["platform_id", "user_id", "program_id"];
        let answered = key
            .map(|column| Expr::col(("a", column)).equals(("y", column)))
            .into_iter()
            .reduce(Expr::and)
            .unwrap_or(Expr::val(true));
        let mine = Query::select()
            .columns([("y", "platform_id"), ("y", "user_id")])
            .expr_as(
                Expr::from(Func::coalesce(states)).cast_as("SMALLINT"),
                "state",
            )
            .from_subquery(ways, "y")
            .join_as(JoinType::LeftJoin, suggestion_answer::Entity, "a", answered)
            .group_by_columns(key.map(|column| ("y", column)))
            .and_having(Func::max(Expr::col(("y", "open"))).eq(1))
            .take();
        let mut query = Query::select();
        query.columns([("mine", "platform_id"), ("mine", "user_id")]);
        count_states(&mut query, &Expr::col(("mine", "state")));
        query
            .from_subquery(mine, "mine")
            .group_by_columns([("mine", "platform_id"), ("mine", "user_id")])
            .take()
    })?;
    let found = db.query(statement, |row| {
        Ok(((row.take()?, row.take()?), decode_counts(row)?))
    });
    Ok(found.await?.into_iter().collect())
}

static WINDOWS: Shapes<RowsShape> = Shapes::new("suggested_programs.windows_of_persons");

/// The persons to whom, or to one of whose groups, a program is suggested whose window opened or closed between
/// two instants. One statement.
pub async fn windows(
    db: &Db,
    permits: &[PersonPermit],
    since: Timestamp,
    until: Timestamp,
) -> Result<HashSet<PersonKey>> {
    use program_suggestion::Column::{VisibleFrom, VisibleUntil};
    let engine = db.engine();
    let rows = persons(permits);
    let shape = rows.shape();
    let mut arguments = Arguments::default()
        .with("since", since.0)
        .with("until", until.0);
    rows.arguments(engine, &mut arguments);
    let statement = WINDOWS.bind(engine, &shape, arguments, || {
        let within = |alias: &'static str| {
            let edge = |column| {
                let at = || Expr::col((alias, column));
                at().gt(slot("since")).and(at().lte(slot("until")))
            };
            edge(VisibleFrom).or(edge(VisibleUntil))
        };
        let mut direct = to_persons(engine, &shape);
        direct.and_where(within("s"));
        let mut by_groups = to_groups_of_persons(engine, &shape);
        by_groups.and_where(within("g"));
        direct.union(UnionType::Distinct, by_groups).take()
    })?;
    let found = db.query(statement, |row| Ok((row.take()?, row.take()?)));
    Ok(found.await?.into_iter().collect())
}

static GROUPS: Shapes<()> = Shapes::new("groups.of_persons");

/// The groups that these persons are active members of, sorted, by the id of the user. One statement.
pub async fn groups(db: &Db, permits: &[PersonPermit]) -> Result<HashMap<i64, Vec<i64>>> {
    let engine = db.engine();
    let users: Vec<i64> = permits.iter().map(PersonPermit::user_id).collect();
    let arguments = Arguments::default().with("users", users);
    let statement = GROUPS.bind(engine, &(), arguments, || {
        use group_member::Column::{Active, GroupId, UserId};
        Query::select()
            .columns([UserId, GroupId])
            .from(group_member::Entity)
            .and_where(is_any(engine, Expr::col(UserId), "users"))
            .and_where(Expr::col(Active))
            .order_by(UserId, Order::Asc)
            .order_by(GroupId, Order::Asc)
            .take()
    })?;
    let mut found: HashMap<i64, Vec<i64>> = HashMap::new();
    let rows = db.query(statement, |row| Ok((row.take()?, row.take()?)));
    for (user, group) in rows.await? {
        found.entry(user).or_default().push(group);
    }
    Ok(found)
}
