//! Where the rows of a list come from: its scope, filters and search, and the way to its order.
//!
//! Each way here lets an index give the rows in their order, or reads only what matches. The names by
//! which lists are searched and ordered stand in tables of their own, far smaller than the
//! suggestions; so those are read first, and suggestions are only met by the ids found there.

use super::in_departments;
use super::list::{Filter, ListQuery, OrderField, Within};
use crate::db::search;
use crate::db::sql::{Parameter, Row, Sql};
use crate::db::{Db, Engine};
use crate::error::Result;
use crate::kind::Kind;
use crate::page::{Position, SortKey, SortKind};

/// A text that fewer programs, users and groups match is searched by them; so are fewer suggestions.
const FEW_NAMES: usize = 1_000;
const FEW_SUGGESTIONS: i64 = 2_000;

/// What a searched text comes to.
#[derive(Debug)]
pub(super) enum Matches {
    /// Every row, as if nothing were searched for.
    All,
    /// Those of these programs, users or groups.
    Few {
        programs: Vec<i64>,
        subjects: Vec<i64>,
    },
    /// So many that rows are best met in the order of the list, and looked at one by one.
    Many(String),
}

impl Matches {
    /// Looks for the text in the names, where there is one.
    pub(super) async fn find(db: &Db, list: &ListQuery<'_>) -> Result<Self> {
        let (Some(text), Within::Permit(permit)) = (&list.filter.search, list.within) else {
            return Ok(Self::All);
        };
        let platform_id = permit.platform().id;
        let kind = list.kind;
        let mut statement = Sql::new(db.engine());
        let limit = format!(" LIMIT {}", FEW_NAMES + 1);
        statement
            .push("WITH p AS MATERIALIZED (SELECT p.id FROM programs p WHERE p.platform_id = ")
            .bind(platform_id)
            .push(" AND ");
        search::programs(&mut statement, text);
        statement.push(&limit).push("), x AS MATERIALIZED (");
        names_of_subjects(&mut statement, kind, platform_id, text);
        statement.push(&limit).push(
            ") SELECT 0, p.id FROM p UNION ALL SELECT 1, x.id FROM x UNION ALL SELECT 2, count(*) FROM (SELECT 1 FROM ",
        );
        let fewer = format!(" LIMIT {}", FEW_SUGGESTIONS + 1);
        statement
            .push(kind.table())
            .push(" s WHERE s.platform_id = ")
            .bind(platform_id)
            .push(" AND s.program_id IN (SELECT id FROM p)")
            .push(&fewer)
            .push(") many UNION ALL SELECT 2, count(*) FROM (SELECT 1 FROM ")
            .push(kind.table())
            .push(" s WHERE s.platform_id = ")
            .bind(platform_id)
            .push(" AND s.")
            .push(kind.subject())
            .push(" IN (SELECT id FROM x)")
            .push(&fewer)
            // If every program matches, so does every suggestion; or every group.
            .push(") many UNION ALL SELECT 3, CASE WHEN EXISTS (SELECT 1 FROM programs p WHERE p.platform_id = ")
            .bind(platform_id)
            .push(" AND NOT ");
        search::programs(&mut statement, text);
        statement.push(")");
        if kind == Kind::Group {
            statement
                .push(" AND EXISTS (SELECT 1 FROM user_groups g WHERE g.platform_id = ")
                .bind(platform_id)
                .push(" AND NOT ");
            search::groups(&mut statement, text);
            statement.push(")");
        }
        statement.push(" THEN 0 ELSE 1 END");

        let (mut programs, mut subjects) = (Vec::new(), Vec::new());
        let (mut suggestions, mut all) = (0, false);
        let found = db.query(statement, |row: &Row<'_>| {
            Ok((row.take::<i32>()?, row.take::<i64>()?))
        });
        for (what, number) in found.await? {
            match what {
                0 => programs.push(number),
                1 => subjects.push(number),
                2 => suggestions += number,
                _ => all = number == 1,
            }
        }
        Ok(if all {
            Self::All
        } else if programs.len() > FEW_NAMES
            || subjects.len() > FEW_NAMES
            || suggestions > FEW_SUGGESTIONS
        {
            Self::Many(text.clone())
        } else {
            Self::Few { programs, subjects }
        })
    }
}

fn names_of_subjects(statement: &mut Sql, kind: Kind, platform_id: i64, text: &str) {
    match kind {
        Kind::Group => {
            statement
                .push("SELECT g.id FROM user_groups g WHERE g.platform_id = ")
                .bind(platform_id)
                .push(" AND ");
            search::groups(statement, text);
        }
        // Users belong to no platform; those of others have no suggestion here.
        Kind::User => {
            statement.push("SELECT u.id FROM users u WHERE ");
            search::users(statement, text);
        }
    }
}

/// A place in the list that rows lie on one side of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound<'a> {
    pub(super) position: &'a Position,
    /// `<`, `<=`, `>` or `>=`.
    pub(super) operator: &'static str,
}

/// Which candidates, counted from one end.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) bounds: Vec<Bound<'a>>,
    pub(super) descending: bool,
    pub(super) limit: i64,
    /// So many are passed over; only where the part is one by number.
    pub(super) offset: Option<i64>,
}

/// The rows of a list before it is cut into pages.
#[derive(Debug)]
pub(super) struct Source<'a> {
    list: &'a ListQuery<'a>,
    matches: Matches,
}

impl<'a> Source<'a> {
    pub(super) fn new(list: &'a ListQuery<'a>, matches: Matches) -> Self {
        Self { list, matches }
    }

    /// Adds a query of the ids (`id`) of a part of the list in its order, and the values it is ordered
    /// by (`k`) unless those are the ids.
    pub(super) fn part(&self, statement: &mut Sql, part: &Part<'_>) {
        match self.lead(statement.engine()) {
            Some(lead) => self.part_by_lead(statement, part, lead),
            None => self.part_in_order(statement, part),
        }
    }

    fn part_in_order(&self, statement: &mut Sql, part: &Part<'_>) {
        let (key, _, _) = self.list.order.field.parts();
        self.select(statement);
        self.from(statement, self.list.order.field.join(), Rows::Some);
        for bound in &part.bounds {
            compare(statement, key, *bound);
        }
        self.order_and_cut(statement, part);
    }

    /// From a small table that has the order, or that a filter narrows, to the first suggestions of
    /// each of its rows: an index gives those, and there are no more than the part needs.
    fn part_by_lead(&self, statement: &mut Sql, part: &Part<'_>, lead: Lead) {
        let (key, sort, _) = self.list.order.field.parts();
        let way = way(part.descending);
        self.select(statement);
        statement.push(" FROM ");
        self.lead_rows(statement, lead);
        statement
            .push(" CROSS JOIN LATERAL (SELECT s.id FROM ")
            .push(self.list.kind.table())
            .push(" s WHERE s.platform_id = ");
        self.platform_id(statement);
        statement
            .push(" AND s.")
            .push(lead.column())
            .push(" = ")
            .push(lead.alias())
            .push(".id");
        self.conditions(statement, Some(lead), Rows::Some);
        for Bound { position, operator } in &part.bounds {
            statement.push(" AND s.id ").push(operator).push(" ");
            if sort == SortKind::Id {
                statement.bind(position.id);
                continue;
            }
            // Beyond the value at the bound, every id is on its side.
            statement.push("CASE WHEN ").push(key).push(" = ");
            value(statement, position);
            statement
                .push(" THEN ")
                .bind(position.id)
                .push(" ELSE ")
                .push(if operator.starts_with('>') {
                    "-9223372036854775808 END"
                } else {
                    "9223372036854775807 END"
                });
        }
        statement.push(" ORDER BY s.id").push(way).push(" LIMIT ");
        limit(statement, part.limit, part.offset.unwrap_or_default());
        statement.push(") s");
        if sort != SortKind::Id {
            let mut lead_in = " WHERE ";
            for Bound { position, operator } in &part.bounds {
                statement.push(lead_in).push(key).push(match *operator {
                    ">" | ">=" => " >= ",
                    _ => " <= ",
                });
                value(statement, position);
                lead_in = " AND ";
            }
        }
        self.order_and_cut(statement, part);
    }

    fn select(&self, statement: &mut Sql) {
        let (key, sort, _) = self.list.order.field.parts();
        statement.push("SELECT s.id");
        if sort != SortKind::Id {
            statement.push(", ").push(key).push(" AS k");
        }
    }

    fn order_and_cut(&self, statement: &mut Sql, part: &Part<'_>) {
        let (key, sort, _) = self.list.order.field.parts();
        let way = way(part.descending);
        statement.push(" ORDER BY ");
        if sort != SortKind::Id {
            statement.push(key).push(way).push(", ");
        }
        statement.push("s.id").push(way).push(" LIMIT ");
        limit(statement, part.limit, 0);
        if let Some(offset) = part.offset {
            statement.push(" OFFSET ").bind(offset);
        }
    }

    /// Adds how many rows the list has. Of a whole platform that is kept; see the migration of the
    /// counts.
    pub(super) fn total(&self, statement: &mut Sql) {
        let list = self.list;
        let unfiltered = Filter {
            search: list.filter.search.clone(),
            ..Filter::default()
        };
        match (list.within, &self.matches) {
            (Within::Permit(permit), Matches::All)
                if permit.departments().is_none() && *list.filter == unfiltered =>
            {
                statement
                    .push("(SELECT CAST(COALESCE(sum(c.n), 0) AS BIGINT) FROM suggestion_counts c WHERE c.platform_id = ")
                    .bind(permit.platform().id)
                    .push(match list.kind {
                        Kind::User => " AND c.kind = 'user')",
                        Kind::Group => " AND c.kind = 'group')",
                    });
            }
            _ => {
                statement.push("(SELECT count(*)");
                self.from(statement, "", Rows::All);
                statement.push(")");
            }
        }
    }

    /// Adds ` FROM ... WHERE ...`: all rows, joined to what the order needs.
    fn from(&self, statement: &mut Sql, join: &str, looked_at: Rows) {
        let list = self.list;
        if let (Matches::Few { programs, subjects }, Within::Permit(permit)) =
            (&self.matches, list.within)
        {
            let mut union = " FROM (";
            for (column, ids) in [("program_id", programs), (list.kind.subject(), subjects)] {
                statement.push(union).push("SELECT s.id FROM ");
                ids_as_rows(statement, ids);
                statement
                    .push(match statement.engine() {
                        Engine::Postgres => " JOIN ",
                        Engine::Sqlite => " CROSS JOIN ",
                    })
                    .push(list.kind.table())
                    .push(" s ON s.platform_id = ")
                    .bind(permit.platform().id)
                    .push(" AND s.")
                    .push(column)
                    .push(" = m.id");
                union = " UNION ";
            }
            // One by one: PostgreSQL takes them for many and would read all suggestions beside them.
            match statement.engine() {
                Engine::Postgres => statement
                    .push(") m CROSS JOIN LATERAL (SELECT * FROM ")
                    .push(list.kind.table())
                    .push(" s WHERE s.id = m.id OFFSET 0) s"),
                Engine::Sqlite => statement
                    .push(") m CROSS JOIN ")
                    .push(list.kind.table())
                    .push(" s ON s.id = m.id"),
            };
        } else {
            statement.push(" FROM ").push(list.kind.table()).push(" s");
        }
        statement.push(join).push(" WHERE ");
        match list.within {
            Within::Permit(permit) => {
                statement
                    .push("s.platform_id = ")
                    .bind(permit.platform().id);
            }
            Within::OneUser { user_id, reach } => {
                statement.push("s.user_id = ").bind(user_id);
                if let Some(whole) = reach.whole() {
                    statement.push(" AND (s.platform_id").in_ids(whole);
                    if reach.user() == Some(user_id) {
                        statement
                            .push(" OR (s.visible AND s.platform_id")
                            .in_ids(reach.own())
                            .push(")");
                    }
                    statement.push(")");
                }
            }
        }
        self.conditions(statement, None, looked_at);
    }

    /// Adds what must hold of `s`, but for what the lead sees to.
    fn conditions(&self, statement: &mut Sql, lead: Option<Lead>, looked_at: Rows) {
        let list = self.list;
        let (kind, filter) = (list.kind, list.filter);
        if let Within::Permit(permit) = list.within
            && !lead.is_some_and(|lead| lead.is_subject())
        {
            in_departments(statement, kind, permit);
        }
        if let Some(accepted) = filter.accepted {
            statement.push(" AND s.accepted = ").bind(accepted);
        }
        if let Some(visible) = filter.visible {
            statement.push(" AND s.visible = ").bind(visible);
        }
        if let Some(keys) = &filter.program_keys
            && lead != Some(Lead::Programs)
        {
            statement.push(" AND s.program_id IN (SELECT id FROM programs WHERE ");
            self.of_platform(statement, "platform_id");
            statement.push("key").in_texts(keys).push(")");
        }
        if let Some(ids) = &filter.subject_ids {
            statement.push(" AND s.").push(kind.subject()).in_ids(ids);
        }
        if let Some(after) = filter.created_after {
            statement.push(" AND s.created > ").bind(after.0);
        }
        if let Some(before) = filter.created_before {
            statement.push(" AND s.created < ").bind(before.0);
        }
        if let Matches::Many(text) = &self.matches {
            self.matching(statement, text, looked_at);
        }
    }

    /// Adds that a name matches. Where rows are looked at until a page is full, the names of each are
    /// looked up; where all are, all names that match are known before.
    fn matching(&self, statement: &mut Sql, text: &str, looked_at: Rows) {
        let kind = self.list.kind;
        let Within::Permit(permit) = self.list.within else {
            return;
        };
        match looked_at {
            Rows::Some => {
                statement
                    .push(" AND (EXISTS (SELECT 1 FROM programs p WHERE p.id = s.program_id AND ");
                search::programs(statement, text);
                match kind {
                    Kind::Group => {
                        statement.push(
                            ") OR EXISTS (SELECT 1 FROM user_groups g WHERE g.id = s.group_id AND ",
                        );
                        search::groups(statement, text);
                    }
                    Kind::User => {
                        statement
                            .push(") OR EXISTS (SELECT 1 FROM users u WHERE u.id = s.user_id AND ");
                        search::users(statement, text);
                    }
                }
            }
            Rows::All => {
                statement
                    .push(
                        " AND (s.program_id IN (SELECT p.id FROM programs p WHERE p.platform_id = ",
                    )
                    .bind(permit.platform().id)
                    .push(" AND ");
                search::programs(statement, text);
                statement.push(") OR s.").push(kind.subject()).push(" IN (");
                names_of_subjects(statement, kind, permit.platform().id, text);
            }
        }
        statement.push("))");
    }

    fn of_platform(&self, statement: &mut Sql, column: &str) {
        if let Within::Permit(_) = self.list.within {
            statement.push(column).push(" = ");
            self.platform_id(statement);
            statement.push(" AND ");
        }
    }

    fn platform_id(&self, statement: &mut Sql) {
        let id = match self.list.within {
            Within::Permit(permit) => Some(permit.platform().id),
            Within::OneUser { .. } => None,
        };
        statement.bind(id);
    }

    /// The small table to begin with, if there is one.
    fn lead(&self, engine: Engine) -> Option<Lead> {
        let Within::Permit(permit) = self.list.within else {
            return None;
        };
        // SQLite has no lateral joins; it sorts what has the same value, a block at a time.
        if engine == Engine::Sqlite || matches!(self.matches, Matches::Few { .. }) {
            return None;
        }
        match self.list.order.field {
            OrderField::GroupName | OrderField::UserCount => Some(Lead::Groups),
            OrderField::ProgramKey | OrderField::ProgramName => Some(Lead::Programs),
            OrderField::Id if self.list.filter.program_keys.is_some() => Some(Lead::Programs),
            OrderField::Id if permit.departments().is_some() => Some(match self.list.kind {
                Kind::Group => Lead::Groups,
                Kind::User => Lead::Members,
            }),
            _ => None,
        }
    }

    /// Adds the rows of the lead, narrowed to those that the list can have suggestions of.
    fn lead_rows(&self, statement: &mut Sql, lead: Lead) {
        let departments = match self.list.within {
            Within::Permit(permit) => permit.departments(),
            Within::OneUser { .. } => None,
        };
        match lead {
            Lead::Groups => {
                statement.push("(SELECT * FROM user_groups WHERE platform_id = ");
                self.platform_id(statement);
                if let Some(departments) = departments {
                    statement.push(" AND department_id").in_ids(departments);
                }
                statement.push(") g");
            }
            Lead::Programs => {
                statement.push("(SELECT * FROM programs WHERE platform_id = ");
                self.platform_id(statement);
                if let Some(keys) = &self.list.filter.program_keys {
                    statement.push(" AND key").in_texts(keys);
                }
                statement.push(") p");
            }
            Lead::Members => {
                statement
                    .push("(SELECT DISTINCT user_id AS id FROM department_members WHERE department_id")
                    .in_ids(departments.unwrap_or_default())
                    .push(") m");
            }
        }
    }
}

/// How many rows a statement looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// Until there are enough.
    Some,
    /// Every one.
    All,
}

/// A small table that leads to the suggestions of each of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    Groups,
    Programs,
    /// The members of the departments that the caller administers.
    Members,
}

impl Lead {
    fn alias(self) -> &'static str {
        match self {
            Self::Groups => "g",
            Self::Programs => "p",
            Self::Members => "m",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Groups => "group_id",
            Self::Programs => "program_id",
            Self::Members => "user_id",
        }
    }

    /// Whether it is about the users or groups, so that a department scope is its to keep.
    fn is_subject(self) -> bool {
        self != Self::Programs
    }
}

fn way(descending: bool) -> &'static str {
    if descending { " DESC" } else { " ASC" }
}

/// Adds a limit: as a number in the text if that is small, so that the planner knows how few rows are
/// wanted; a statement has at most a hundred of these.
fn limit(statement: &mut Sql, limit: i64, offset: i64) {
    if offset == 0 {
        statement.push(&limit.to_string());
    } else {
        statement.bind(limit.saturating_add(offset));
    }
}

fn ids_as_rows(statement: &mut Sql, ids: &[i64]) {
    match statement.engine() {
        Engine::Postgres => statement
            .push("unnest(")
            .bind(Parameter::Ints(ids.to_vec()))
            .push(") AS m(id)"),
        Engine::Sqlite => statement
            .push("(SELECT value AS id FROM json_each(")
            .bind(crate::db::sql::json(ids))
            .push(")) m"),
    };
}

fn compare(statement: &mut Sql, key: &str, bound: Bound<'_>) {
    let Bound { position, operator } = bound;
    if position.key == SortKey::Id {
        statement
            .push(" AND s.id ")
            .push(operator)
            .push(" ")
            .bind(position.id);
        return;
    }
    statement
        .push(" AND (")
        .push(key)
        .push(", s.id) ")
        .push(operator)
        .push(" (");
    value(statement, position);
    statement.push(", ").bind(position.id).push(")");
}

fn value(statement: &mut Sql, position: &Position) {
    match &position.key {
        SortKey::Int(value) => statement.bind(*value),
        SortKey::Bool(value) => statement.bind(*value),
        SortKey::Text(value) => statement.bind(value.clone()),
        SortKey::Id => statement.bind(position.id),
    };
}
