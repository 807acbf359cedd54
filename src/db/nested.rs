//! Lists inside an object: what a platform consists of, and the members of a group. A part of the list of
//! each of many objects ("parents") takes as many statements as that of one.
//!
//! A statement finds the ids of each parent's part with an index or a sort of its own, and only then reads
//! their rows.
//!
//! People are on many platforms, so that no index has one platform's in the order of their usernames. Where
//! few belong to a list, they are read and sorted. Where more do, they are first looked for among the next of
//! all users in this order (`Way::Walk`), and a page is mostly full soon. Where it is not, the text that is
//! searched for is rare, or those of the list stand elsewhere: then an index of names leads to them, or they
//! are read after all (`Way::Read`).

use std::collections::HashMap;

use sea_orm::DbErr;
use sea_orm::sea_query::{
    Asterisk, BinOper, CaseStatement, CommonTableExpression, DynIden, Expr, ExprTrait as _, Func,
    IntoIden as _, JoinType, Order, Query, SelectStatement, UnionType, WithClause,
};

use super::directory::{
    Department, Group, Program, SightShape, User, groups_in_sight, user_in_sight,
};
use super::entity::{
    department, department_member, group_member, membership, program, user, user_group,
};
use super::search::Method;
use super::sql::Row;
use super::statement::{Arguments, Shapes, ids_as_rows, is_any, slot};
use super::suggestion::join_to_keys;
use super::{Db, Engine};
use crate::auth::Sight;
use crate::error::{Error, Result};
use crate::page::{Beyond, Position, Slice, SortKey, Window};

/// How many users are looked at in the order of the list; and where a text is looked for in each, how many.
const WALKED: u64 = 4_000;
const WALKED_SEARCHED: u64 = 2_000;

/// More rows than there can be.
const ALL: u64 = i64::MAX.unsigned_abs();

/// So many people are read and sorted at once.
const FEW: u64 = 3_000;

/// Which part of the list of a parent: the arguments of a nested list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NestedList {
    /// Folded text that a row contains.
    pub search: Option<String>,
    /// Of users: those in the department with this key, or below it.
    pub department_key: Option<String>,
    pub window: Window,
    pub total: bool,
    /// Look whether there are rows beyond the cursors that were given.
    pub beyond: Beyond,
}

/// What is listed, and of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Listed {
    /// The programs of a platform, by id.
    Programs,
    /// The groups of a platform, by id.
    Groups,
    /// The departments of a platform, by key.
    Departments,
    /// The active members of a platform, by username.
    Users,
    /// Those in the departments of the slot `departments`.
    UsersOfDepartments,
    /// The active members of a group, by username: those that its `user_count` counts.
    Members,
}

impl Listed {
    /// The users of a platform.
    fn is_users(self) -> bool {
        matches!(self, Self::Users | Self::UsersOfDepartments)
    }

    fn is_people(self) -> bool {
        matches!(self, Self::Users | Self::UsersOfDepartments | Self::Members)
    }

    fn table(self) -> DynIden {
        match self {
            Self::Programs => program::Entity.into_iden(),
            Self::Groups => user_group::Entity.into_iden(),
            Self::Departments => department::Entity.into_iden(),
            Self::Users | Self::UsersOfDepartments | Self::Members => user::Entity.into_iden(),
        }
    }

    fn alias(self) -> &'static str {
        match self {
            Self::Programs => "p",
            Self::Groups => "g",
            Self::Departments => "d",
            Self::Users | Self::UsersOfDepartments | Self::Members => "u",
        }
    }

    fn id(self) -> Expr {
        Expr::col((self.alias(), "id"))
    }

    /// The text that rows are ordered by; none: by their ids alone.
    fn key(self) -> Option<Expr> {
        match self {
            Self::Programs | Self::Groups => None,
            Self::Departments => Some(Expr::col(("d", department::Column::KeyFolded))),
            Self::Users | Self::UsersOfDepartments | Self::Members => {
                Some(Expr::col(("u", user::Column::UsernameFolded)))
            }
        }
    }
}

/// How users are found; see the module. All else is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Walk,
    Read,
}

/// Where the rows of a list come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Programs, groups or departments.
    Table,
    /// All users in the order of the list.
    AllUsers,
    /// The people of the list.
    Members,
    /// The users that an index finds the text in.
    SearchIndex,
}

/// What the texts of the statements of a nested list depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shape {
    engine: Engine,
    listed: Listed,
    way: Way,
    sight: SightShape,
    search: Option<Method>,
    after: bool,
    before: bool,
    backward: bool,
    limit: u64,
    total: bool,
}

/// Rows lie on this side of the position in these slots.
#[derive(Debug, Clone, Copy)]
struct Bound {
    key: &'static str,
    id: &'static str,
    side: BinOper,
}

const fn after(side: BinOper) -> Bound {
    Bound {
        key: "after.key",
        id: "after.id",
        side,
    }
}

const fn before(side: BinOper) -> Bound {
    Bound {
        key: "before.key",
        id: "before.id",
        side,
    }
}

static LIST: Shapes<Shape> = Shapes::new("nested.list");
static WHOLE: Shapes<Shape> = Shapes::new("nested.totals");

impl Shape {
    fn parent() -> Expr {
        Expr::col(("parent", "id"))
    }

    fn parents(&self) -> SelectStatement {
        use user_group::Column::Id;
        if self.listed != Listed::Members {
            return ids_as_rows(self.engine, "parents");
        }
        let mut groups = Query::select();
        groups
            .column(("g", Id))
            .from_as(user_group::Entity, "g")
            .and_where(is_any(self.engine, Expr::col(("g", Id)), "parents"));
        if !self.sight.everything {
            groups.and_where(groups_in_sight(self.engine));
        }
        groups
    }

    /// Each parent with the rows of its part, in any order.
    fn list(&self) -> SelectStatement {
        let mut bounds = Vec::new();
        if self.after {
            bounds.push(after(BinOper::GreaterThan));
        }
        if self.before {
            bounds.push(before(BinOper::SmallerThan));
        }
        let ids = |origin| self.ids(self.part(origin, &bounds, self.backward, self.limit + 1));
        let again = self.listed.is_users() && self.way == Way::Read;
        let ids = if again {
            // The few were read before.
            CaseStatement::new()
                .case(self.is_few().not(), ids(self.unless_few()))
                .into()
        } else {
            self.least(ids)
        };
        // An array as rows. A function may be given what is of the row before it.
        let (rows, id) = match self.engine {
            Engine::Postgres => (Func::cust("unnest").arg(ids), "found"),
            Engine::Sqlite => (Func::cust("json_each").arg(ids), "value"),
        };
        let mut query = Query::select();
        query.column(("parent", "id")).expr(self.listed.id());
        if let Some(key) = self.listed.key() {
            query.expr(key);
        }
        self.columns(&mut query);
        query
            .from_subquery(self.parents(), "parent")
            .from_function(rows, "found");
        let same = self.listed.id().eq(Expr::col(("found", id)));
        join_to_keys(&mut query, self.listed.table(), self.listed.alias(), same);
        if again {
            // Otherwise the walk has seen all there are.
            let mut beyond = Query::select();
            beyond.expr(Expr::val(1)).from_as(user::Entity, "u");
            self.bound(&mut beyond, &bounds);
            self.order(&mut beyond, self.backward);
            query.and_where(Expr::exists(beyond.limit(1).offset(self.walked()).take()));
        }
        query
    }

    fn columns(&self, query: &mut SelectStatement) {
        match self.listed {
            Listed::Programs => Program::columns(query),
            Listed::Groups => Group::columns(query),
            Listed::Departments => Department::columns(query),
            Listed::Users | Listed::UsersOfDepartments => User::columns(query),
            Listed::Members => {
                use user::Column::{Email, Id, Name, Username};
                query.columns([Id, Username, Name].map(|column| ("u", column)));
                let email = Expr::col(("u", Email));
                query.expr(match user_in_sight(self.sight) {
                    None => email,
                    Some(seen) => CaseStatement::new().case(seen, email).into(),
                });
            }
        }
    }

    /// Each parent, the total of its list, and whether there are rows beyond the cursors.
    fn whole(&self) -> SelectStatement {
        let total = if self.total {
            self.count()
        } else {
            Expr::val(0).cast_as("BIGINT")
        };
        // The nearest one, and not whether there is any: that lets the order's index find it.
        let probe = |given: bool, bound: Bound, descending: bool| {
            if given {
                self.least(|origin| self.part(origin, &[bound], descending, 1).into())
                    .is_not_null()
            } else {
                Expr::val(false)
            }
        };
        let rows_before = probe(self.after, after(BinOper::SmallerThanOrEqual), true);
        let rows_after = probe(self.before, before(BinOper::GreaterThanOrEqual), false);
        Query::select()
            .column(("parent", "id"))
            .exprs([total, rows_before, rows_after])
            .from_subquery(self.parents(), "parent")
            .take()
    }

    /// The same expression over one origin of rows or another: the one where least is read.
    fn least(&self, of: impl Fn(Origin) -> Expr) -> Expr {
        if !self.listed.is_people() {
            return of(Origin::Table);
        }
        match self.unless_few() {
            Origin::Members => of(Origin::Members),
            other => CaseStatement::new()
                .case(self.is_few(), of(Origin::Members))
                .finally(of(other))
                .into(),
        }
    }

    /// Where people are found, unless they are few.
    fn unless_few(&self) -> Origin {
        let indexed = self.search.is_some_and(Method::is_indexed);
        match (self.listed.is_users(), self.way) {
            (true, Way::Walk) => Origin::AllUsers,
            (true, Way::Read) if indexed => Origin::SearchIndex,
            (false, _) if self.search.is_none() => Origin::AllUsers,
            _ => Origin::Members,
        }
    }

    fn is_few(&self) -> Expr {
        let mut some = self.member_rows();
        if self.listed == Listed::Users {
            // Otherwise PostgreSQL looks for them in the whole table.
            some.order_by(("m", membership::Column::UserId), Order::Asc);
        }
        let few = Query::select()
            .expr(Func::count(Expr::col(Asterisk)))
            .from_subquery(some.limit(FEW + 1).take(), "m")
            .take();
        Expr::from(few).lte(FEW)
    }

    fn walked(&self) -> u64 {
        if self.search.is_some() {
            WALKED_SEARCHED
        } else {
            WALKED
        }
    }

    /// The column `id` of a query as an array, in its order.
    fn ids(&self, query: SelectStatement) -> Expr {
        match self.engine {
            Engine::Postgres => Func::cust("ARRAY").arg(Expr::from(query)).into(),
            Engine::Sqlite => Query::select()
                .expr(Func::cust("json_group_array").arg(Expr::col("id")))
                .from_subquery(query, "part")
                .take()
                .into(),
        }
    }

    /// The ids (`id`) of a part of the list of the parent.
    fn part(
        &self,
        origin: Origin,
        bounds: &[Bound],
        descending: bool,
        limit: u64,
    ) -> SelectStatement {
        let mut rows = match origin {
            Origin::Table => self.rows(),
            _ => self.people(origin),
        };
        self.bound(&mut rows, bounds);
        self.order(&mut rows, descending);
        if origin == Origin::Table {
            return rows.expr_as(self.listed.id(), "id").limit(limit).take();
        }
        if origin == Origin::AllUsers && !(self.way == Way::Walk && limit > 1) {
            self.check(origin, &mut rows);
            return rows
                .clear_selects()
                .expr_as(self.listed.id(), "id")
                .limit(limit)
                .take();
        }
        // In their order they are looked at until there are enough.
        if origin == Origin::AllUsers {
            rows.limit(self.walked());
        } else {
            self.by_itself(&mut rows);
        }
        let mut people = Query::select();
        people.from_subquery(rows, "u");
        self.check(origin, &mut people);
        if self.engine == Engine::Postgres {
            // SQLite keeps their order, and would look at all of them before it sorts them again.
            self.order(&mut people, descending);
        }
        people.expr_as(self.listed.id(), "id").limit(limit).take()
    }

    fn bound(&self, query: &mut SelectStatement, bounds: &[Bound]) {
        for bound in bounds {
            query.and_where(match self.listed.key() {
                None => self.listed.id().binary(bound.side, slot(bound.id)),
                Some(key) => Expr::tuple([key, self.listed.id()])
                    .binary(bound.side, Expr::tuple([slot(bound.key), slot(bound.id)])),
            });
        }
    }

    fn order(&self, query: &mut SelectStatement, descending: bool) {
        let direction = if descending { Order::Desc } else { Order::Asc };
        if let Some(key) = self.listed.key() {
            query.order_by_expr(key, direction.clone());
        }
        // No two users have the same username.
        if !self.listed.is_people() {
            query.order_by_expr(self.listed.id(), direction);
        }
    }

    /// The number of rows of the parent's list.
    fn count(&self) -> Expr {
        let counted = |mut rows: SelectStatement| {
            Expr::from(rows.expr(Func::count(Expr::col(Asterisk))).take())
        };
        if self.listed.is_people() && self.search.is_none() {
            let mut ids = self.member_ids();
            if self.listed == Listed::UsersOfDepartments {
                ids.and_where(self.is_member(Expr::col(("m", membership::Column::UserId))));
            }
            return counted(Query::select().from_subquery(ids, "m").take());
        }
        let read = Self {
            way: Way::Read,
            ..*self
        };
        read.least(|origin| match origin {
            Origin::Table => counted(self.rows()),
            _ => {
                let mut all = self.people(origin);
                self.by_itself(&mut all);
                let mut people = Query::select();
                people.from_subquery(all, "u");
                self.check(origin, &mut people);
                counted(people)
            }
        })
    }

    /// The programs, groups or departments of the parent.
    fn rows(&self) -> SelectStatement {
        let mut query = Query::select();
        query
            .from_as(self.listed.table(), self.listed.alias())
            .and_where(Expr::col((self.listed.alias(), "platform_id")).eq(Self::parent()));
        match self.listed {
            Listed::Groups if !self.sight.everything => {
                query.and_where(groups_in_sight(self.engine));
            }
            Listed::Departments if !self.sight.everything => {
                query.and_where(departments_in_sight(self.engine));
            }
            _ => {}
        }
        if let Some(method) = self.search {
            query.and_where(match self.listed {
                Listed::Programs => method.programs(),
                Listed::Groups => method.groups(),
                _ => Method::by_row(self.engine).departments(),
            });
        }
        query
    }

    /// The users `u` of an origin.
    fn people(&self, origin: Origin) -> SelectStatement {
        use user::Column::{EmailFolded, Id, NameFolded, UsernameFolded};
        let mut query = Query::select();
        query.columns([Id, UsernameFolded].map(|column| ("u", column)));
        let same = Expr::col(("u", Id)).eq(Expr::col(("m", "id")));
        match (origin, self.engine) {
            (Origin::Members, engine) => {
                query.from_subquery(self.member_ids(), "m");
                match engine {
                    // One by one: PostgreSQL takes them for many and would read all users beside them.
                    Engine::Postgres => {
                        let mut user = Query::select();
                        user.column(Asterisk)
                            .from_as(user::Entity, "u")
                            .and_where(same);
                        self.by_itself(&mut user);
                        query.join_lateral(JoinType::InnerJoin, user, "u", Expr::val(true));
                    }
                    Engine::Sqlite => join_to_keys(&mut query, user::Entity, "u", same),
                }
                if self.search.is_some() {
                    query.and_where(self.contains());
                }
            }
            (Origin::SearchIndex, Engine::Sqlite) => {
                if let Some(method) = self.search {
                    query.from_subquery(method.matching_users(), "m");
                }
                join_to_keys(&mut query, user::Entity, "u", same);
            }
            (Origin::SearchIndex, Engine::Postgres) => {
                query.from_as(user::Entity, "u");
                if let Some(method) = self.search {
                    query.and_where(method.users());
                }
            }
            _ => {
                query.from_as(user::Entity, "u");
                if self.search.is_some() {
                    query.columns([NameFolded, EmailFolded].map(|column| ("u", column)));
                }
            }
        }
        query
    }

    /// Of the users `u`, only those that the list has. They are looked at one by one.
    fn check(&self, origin: Origin, query: &mut SelectStatement) {
        let id = || Expr::col(("u", user::Column::Id));
        if origin == Origin::AllUsers && self.search.is_some() {
            query.and_where(self.contains());
        }
        if origin != Origin::Members && self.listed != Listed::Users {
            let mut member = self.member_rows();
            member.and_where(Expr::col(("m", membership::Column::UserId)).eq(id()));
            self.by_itself(&mut member);
            query.and_where(Expr::exists(member));
        }
        let known_active = match self.listed {
            Listed::Users => origin == Origin::Members,
            Listed::UsersOfDepartments => false,
            _ => true,
        };
        if !known_active {
            query.and_where(self.is_member(id()));
        }
    }

    /// The ids (`id`) of all people of the list, each once. Members of departments may be no active members of
    /// the platform.
    fn member_ids(&self) -> SelectStatement {
        let mut query = self.member_rows();
        if self.listed == Listed::UsersOfDepartments {
            query.distinct();
        }
        query
    }

    fn member_rows(&self) -> SelectStatement {
        let mut query = Query::select();
        query.expr_as(Expr::col(("m", membership::Column::UserId)), "id");
        match self.listed {
            Listed::UsersOfDepartments => {
                let of_department = Expr::col(("m", department_member::Column::DepartmentId))
                    .equals(("d", department::Column::Id));
                query
                    .from_as(department::Entity, "d")
                    .join_as(
                        JoinType::InnerJoin,
                        department_member::Entity,
                        "m",
                        of_department,
                    )
                    .and_where(self.departments_of_parent());
            }
            Listed::Members => {
                query
                    .from_as(group_member::Entity, "m")
                    .and_where(Expr::col(("m", group_member::Column::GroupId)).eq(Self::parent()))
                    .and_where(Expr::col(("m", group_member::Column::Active)));
            }
            _ => {
                query
                    .from_as(membership::Entity, "m")
                    .and_where(Expr::col(("m", membership::Column::PlatformId)).eq(Self::parent()))
                    .and_where(Expr::col(("m", membership::Column::Active)));
            }
        }
        query
    }

    /// Whether a user is an active member of the platform.
    fn is_member(&self, user: Expr) -> Expr {
        use membership::Column::{Active, PlatformId, UserId};
        let mut membership = Query::select();
        membership
            .expr(Expr::val(1))
            .from_as(membership::Entity, "pm")
            .and_where(Expr::col(("pm", PlatformId)).eq(Self::parent()))
            .and_where(Expr::col(("pm", UserId)).eq(user))
            .and_where(Expr::col(("pm", Active)));
        self.by_itself(&mut membership);
        Expr::exists(membership)
    }

    /// The engine carries such a query out as it stands, and does not mix it with what is around it.
    fn by_itself(&self, query: &mut SelectStatement) {
        match self.engine {
            Engine::Postgres => query.offset(0),
            Engine::Sqlite => query.limit(ALL),
        };
    }

    fn departments_of_parent(&self) -> Expr {
        Expr::col(("d", department::Column::PlatformId))
            .eq(Self::parent())
            .and(is_any(
                self.engine,
                Expr::col(("d", department::Column::Id)),
                "departments",
            ))
    }

    /// The text is found in the user `u`. An e-mail that is not shown is not searched, either.
    fn contains(&self) -> Expr {
        let method = Method::by_row(self.engine);
        match (self.listed, user_in_sight(self.sight)) {
            (Listed::Members, Some(seen)) => {
                method.users_by_name().or(method.users_by_email().and(seen))
            }
            _ => method.users_by_name().or(method.users_by_email()),
        }
    }
}

fn departments_in_sight(engine: Engine) -> Expr {
    is_any(
        engine,
        Expr::col(("d", department::Column::PlatformId)),
        "sight.platforms",
    )
    .or(is_any(
        engine,
        Expr::col(("d", department::Column::Id)),
        "sight.departments",
    ))
}

/// What a nested list reads.
struct Source<'a, T> {
    db: &'a Db,
    sight: &'a Sight,
    listed: Listed,
    /// Of [`Listed::UsersOfDepartments`].
    departments: &'a [i64],
    decode: fn(&Row<'_>) -> Result<T, DbErr>,
}

impl<'a, T> Source<'a, T> {
    fn new(
        db: &'a Db,
        sight: &'a Sight,
        listed: Listed,
        decode: fn(&Row<'_>) -> Result<T, DbErr>,
    ) -> Self {
        Self {
            db,
            sight,
            listed,
            departments: sight.departments(),
            decode,
        }
    }
}

/// A part of the programs of each of these platforms, as far as they are in sight; at most two
/// statements for all of them.
pub async fn programs_of(
    db: &Db,
    sight: &Sight,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<Program>>> {
    let source = Source::new(db, sight, Listed::Programs, Program::decode);
    source.parts(&seen(sight, platform_ids), list).await
}

/// A part of the groups of each of these platforms, as far as they are in sight; at most two
/// statements for all of them.
pub async fn groups_of(
    db: &Db,
    sight: &Sight,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<Group>>> {
    let source = Source::new(db, sight, Listed::Groups, Group::decode);
    source.parts(&seen(sight, platform_ids), list).await
}

/// A part of the departments of each of these platforms, as far as they are in sight; at most two
/// statements for all of them.
pub async fn departments_of(
    db: &Db,
    sight: &Sight,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<Department>>> {
    let source = Source::new(db, sight, Listed::Departments, Department::decode);
    source.parts(&seen(sight, platform_ids), list).await
}

/// A part of the members of each of these groups, as far as the groups are in sight; at most two statements
/// for all of them. E-mails are there for users in sight.
pub async fn members_of(
    db: &Db,
    sight: &Sight,
    group_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<User>>> {
    let source = Source::new(db, sight, Listed::Members, User::decode);
    source.parts(group_ids, list).await
}

/// A part of the active members of each of these platforms, as far as they are in sight. Platforms that are
/// seen whole take at most four statements together, and so do those of which departments are seen; a key
/// of a department takes one more.
pub async fn users_of(
    db: &Db,
    sight: &Sight,
    platform_ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<User>>> {
    let platform_ids = seen(sight, platform_ids);
    let mut source = Source::new(db, sight, Listed::UsersOfDepartments, User::decode);
    if let Some(key) = &list.department_key {
        let departments = departments_below(db, sight, &platform_ids, key).await?;
        source.departments = &departments;
        return source.parts(&platform_ids, list).await;
    }
    let (whole, partly): (Vec<i64>, Vec<i64>) = platform_ids
        .into_iter()
        .partition(|id| sight.sees_all_of(*id));
    let mut slices = source.parts(&partly, list).await?;
    source.listed = Listed::Users;
    slices.extend(source.parts(&whole, list).await?);
    Ok(slices)
}

fn seen(sight: &Sight, platform_ids: &[i64]) -> Vec<i64> {
    let seen = platform_ids.iter().copied();
    seen.filter(|id| sight.sees_lists_of(*id)).collect()
}

static DEPARTMENTS_BELOW: Shapes<bool> = Shapes::new("departments.below");

/// The departments with this key on these platforms, as far as they are in sight, and all below them.
async fn departments_below(
    db: &Db,
    sight: &Sight,
    platform_ids: &[i64],
    key: &str,
) -> Result<Vec<i64>> {
    let engine = db.engine();
    let everything = sight.everything();
    let arguments = SightShape::arguments(sight)
        .with("platforms", platform_ids)
        .with("key", key);
    let statement = DEPARTMENTS_BELOW.bind(engine, &everything, arguments, || {
        use department::Column::{Id, Key, ParentId, PlatformId};
        let mut named = Query::select();
        named
            .column(("d", Id))
            .from_as(department::Entity, "d")
            .and_where(is_any(engine, Expr::col(("d", PlatformId)), "platforms"))
            .and_where(Expr::col(("d", Key)).eq(slot("key")));
        if !everything {
            named.and_where(departments_in_sight(engine));
        }
        let children = Query::select()
            .column(("d", Id))
            .from_as(department::Entity, "d")
            .join(
                JoinType::InnerJoin,
                "below",
                Expr::col(("d", ParentId)).equals(("below", "id")),
            )
            .take();
        let below = CommonTableExpression::new()
            .table_name("below")
            .column("id")
            .query(named.union(UnionType::Distinct, children).take())
            .to_owned();
        let with = WithClause::new().recursive(true).cte(below).to_owned();
        Query::select()
            .with_cte(with)
            .column("id")
            .from("below")
            .take()
    })?;
    db.query(statement, |row| row.take()).await
}

impl<T> Source<'_, T> {
    /// The part of each parent.
    async fn parts(&self, parents: &[i64], list: &NestedList) -> Result<HashMap<i64, Slice<T>>> {
        let Window::Cursor {
            after,
            before,
            limit,
            backward,
        } = &list.window
        else {
            return Err(Error::internal("a nested list is paged by cursor"));
        };
        let mut slices: HashMap<i64, Slice<T>> =
            parents.iter().map(|id| (*id, Slice::default())).collect();
        if slices.is_empty() {
            return Ok(slices);
        }
        let engine = self.db.engine();
        let search = list.search.as_deref();
        let search = search.map(|text| Method::new(engine, text));
        let way = if self.listed.is_users() {
            Way::Walk
        } else {
            Way::Read
        };
        let mut shape = Shape {
            engine,
            listed: self.listed,
            way,
            sight: SightShape::new(engine, self.sight),
            search,
            after: after.is_some(),
            before: before.is_some(),
            backward: *backward,
            limit: limit.unsigned_abs(),
            total: false,
        };
        let wanted = usize::try_from(*limit).unwrap_or(usize::MAX);
        let arguments =
            |parents: &[i64]| self.arguments(parents, list, after.as_ref(), before.as_ref());

        self.read(&shape, arguments(parents), &mut slices).await?;
        let again: Vec<i64> = slices
            .iter()
            .filter(|(_, slice)| way == Way::Walk && slice.rows.len() <= wanted)
            .map(|(id, _)| *id)
            .collect();
        if !again.is_empty() {
            shape.way = Way::Read;
            self.read(&shape, arguments(&again), &mut slices).await?;
        }
        for slice in slices.values_mut() {
            let more = slice.rows.len() > wanted;
            slice.rows.truncate(wanted);
            if *backward {
                slice.rows.reverse();
                slice.has_previous = more;
            } else {
                slice.has_next = more;
            }
        }

        shape.total = list.total;
        shape.after &= list.beyond.previous;
        shape.before &= list.beyond.next;
        shape.limit = 0;
        shape.backward = false;
        if shape.total || shape.after || shape.before {
            let others: Vec<i64> = parents
                .iter()
                .copied()
                .filter(|id| !again.contains(id))
                .collect();
            self.read_whole(&shape, arguments(&again), &again, &mut slices)
                .await?;
            shape.way = way;
            self.read_whole(&shape, arguments(&others), &others, &mut slices)
                .await?;
        }
        Ok(slices)
    }

    /// Adds the totals of these parents, and whether there are rows beyond the cursors.
    async fn read_whole(
        &self,
        shape: &Shape,
        arguments: Arguments,
        parents: &[i64],
        slices: &mut HashMap<i64, Slice<T>>,
    ) -> Result<()> {
        if parents.is_empty() {
            return Ok(());
        }
        let statement = WHOLE.bind(shape.engine, shape, arguments, || shape.whole())?;
        let wholes = self.db.query(statement, |row| {
            let id: i64 = row.take()?;
            let total: i64 = row.take()?;
            Ok((id, total, row.take::<bool>()?, row.take::<bool>()?))
        });
        for (id, total, rows_before, rows_after) in wholes.await? {
            if let Some(slice) = slices.get_mut(&id) {
                slice.total = Some(total);
                slice.has_previous |= rows_before;
                slice.has_next |= rows_after;
            }
        }
        Ok(())
    }

    /// Reads the parts of these parents. Where a part has no rows, the slice stays as it is.
    async fn read(
        &self,
        shape: &Shape,
        arguments: Arguments,
        slices: &mut HashMap<i64, Slice<T>>,
    ) -> Result<()> {
        let statement = LIST.bind(shape.engine, shape, arguments, || shape.list())?;
        let rows = self.db.query(statement, |row| {
            let parent: i64 = row.take()?;
            let id: i64 = row.take()?;
            let key = match self.listed.key() {
                None => SortKey::Id,
                Some(_) => SortKey::Text(row.take()?),
            };
            Ok((parent, id, key, (self.decode)(row)?))
        });
        let mut rows = rows.await?;
        rows.sort_by(|(_, id, key, _), (_, other_id, other_key, _)| {
            let order = (text(key), id).cmp(&(text(other_key), other_id));
            if shape.backward {
                order.reverse()
            } else {
                order
            }
        });
        let mut parts: HashMap<i64, Vec<(T, SortKey)>> = HashMap::new();
        for (parent, _, key, row) in rows {
            parts.entry(parent).or_default().push((row, key));
        }
        for (parent, rows) in parts {
            if let Some(slice) = slices.get_mut(&parent) {
                slice.rows = rows;
            }
        }
        Ok(())
    }

    fn arguments(
        &self,
        parents: &[i64],
        list: &NestedList,
        after: Option<&Position>,
        before: Option<&Position>,
    ) -> Arguments {
        let engine = self.db.engine();
        let mut arguments = SightShape::arguments(self.sight)
            .with("parents", parents)
            .with("departments", self.departments);
        if let Some(text) = &list.search {
            let in_rows = Method::by_row(engine);
            arguments
                .add("search", Method::new(engine, text).argument(text))
                .add("search.row", in_rows.argument(text));
        }
        for (id, key, position) in [
            ("after.id", "after.key", after),
            ("before.id", "before.key", before),
        ] {
            let Some(position) = position else { continue };
            arguments.add(id, position.id).add(key, text(&position.key));
        }
        arguments
    }
}

/// The text that a row is ordered by.
fn text(key: &SortKey) -> &str {
    match key {
        SortKey::Text(text) => text,
        _ => "",
    }
}
