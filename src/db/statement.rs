//! Statements built with sea-query: each shape once, and the values of every request bound to its text.
//!
//! Building takes tens of microseconds, binding takes one. A statement has few shapes (its kind, order, the
//! filters that are present), so their texts are kept, which keeps the plans of prepared statements as well.
//!
//! A value of a request enters the builder as a [`slot`]. All other values are constants of the shape and stand
//! in its text: readers plan a statement once for all parameters, and the planner has to know how few rows
//! a small limit asks for.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::hash::Hash;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{
    Expr, ExprTrait as _, Func, PostgresQueryBuilder, Query, QueryBuilder, QueryStatementBuilder,
    SelectStatement, SqlWriter, SqliteQueryBuilder, Value,
};

use super::Engine;
use super::sql::{Parameter, Sql};
use crate::error::{Error, Result};

/// Kept shapes of one statement. Limits of pages make most of them, and clients use few different ones.
const SHAPES_KEPT: usize = 4_096;

/// As a limit: the slot `limit`. The builder takes numbers only.
pub(super) const LIMIT: u64 = u64::MAX;

/// As an offset: the slot `offset`.
pub(super) const OFFSET: u64 = u64::MAX - 1;

type Kept<K> = RwLock<HashMap<(Engine, K), Arc<Shape>>>;

/// One statement, in all of its shapes.
pub(super) struct Shapes<K> {
    name: &'static str,
    kept: LazyLock<Kept<K>>,
}

struct Shape {
    text: String,
    slots: Vec<String>,
}

impl<K: Clone + Eq + Hash> Shapes<K> {
    /// The name stands in logs and metrics.
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name,
            kept: LazyLock::new(RwLock::default),
        }
    }

    /// What logs and metrics call it.
    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    /// The statement of this shape with these values. `build` is called for a new shape only, and must depend
    /// on nothing but the engine and the shape.
    pub(super) fn bind<Q: QueryStatementBuilder>(
        &self,
        engine: Engine,
        shape: &K,
        mut arguments: Arguments,
        build: impl FnOnce() -> Q,
    ) -> Result<Sql> {
        let shape = self.shape((engine, shape.clone()), build);
        let parameters = shape.slots.iter().map(|slot| {
            arguments
                .take(slot)
                .ok_or_else(|| Error::internal(format!("{}: no value for {slot}", self.name)))
        });
        Ok(Sql::written(
            self.name,
            shape.text.clone(),
            parameters.collect::<Result<_>>()?,
        ))
    }

    fn shape<Q: QueryStatementBuilder>(
        &self,
        key: (Engine, K),
        build: impl FnOnce() -> Q,
    ) -> Arc<Shape> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(shape) = kept.get(&key) {
            return Arc::clone(shape);
        }
        drop(kept);
        let shape = Arc::new(Shape::build(key.0, &build()));
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= SHAPES_KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&shape));
        shape
    }
}

impl Shape {
    fn build(engine: Engine, query: &impl QueryStatementBuilder) -> Self {
        let mut writer = Writer(Self {
            text: String::with_capacity(1_024),
            slots: Vec::new(),
        });
        match engine {
            Engine::Postgres => query.build_collect_any_into(&PostgresQueryBuilder, &mut writer),
            Engine::Sqlite => query.build_collect_any_into(&SqliteQueryBuilder, &mut writer),
        }
        writer.0
    }
}

/// Writes slots as parameters, and values as constants.
struct Writer(Shape);

impl SqlWriter for Writer {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, builder: &T) {
        let slot = match value {
            Value::Bytes(Some(name)) => String::from_utf8_lossy(&name).into_owned(),
            Value::BigUnsigned(Some(LIMIT)) => "limit".to_owned(),
            Value::BigUnsigned(Some(OFFSET)) => "offset".to_owned(),
            constant => {
                let written = builder.write_value(&mut self.0.text, &constant);
                debug_assert!(written.is_ok(), "writing to a string does not fail");
                return;
            }
        };
        let slots = &mut self.0.slots;
        let place = slots.iter().position(|known| *known == slot);
        let place = place.unwrap_or_else(|| {
            slots.push(slot);
            slots.len() - 1
        });
        let written = write!(self.0.text, "${}", place + 1);
        debug_assert!(written.is_ok(), "writing to a string does not fail");
    }

    fn as_writer(&mut self) -> &mut dyn fmt::Write {
        self
    }
}

impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.text.write_str(text)
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

/// The place of a value that [`Arguments`] have under this name.
pub(super) fn slot(name: &str) -> Expr {
    // Bytes are used for nothing else: no column holds any.
    Expr::val(Value::Bytes(Some(name.as_bytes().to_vec())))
}

/// Whether an expression is one of a list in a slot. The list is one parameter, whatever its length. An empty
/// list matches nothing.
pub(super) fn is_any(engine: Engine, expr: Expr, name: &str) -> Expr {
    match engine {
        Engine::Postgres => expr.eq(PgFunc::any(slot(name))),
        Engine::Sqlite => expr.in_subquery(
            Query::select()
                .column("value")
                .from_function(Func::cust("json_each").arg(slot(name)), "listed")
                .take(),
        ),
    }
}

/// A list of ids in a slot as rows of a column `id`.
pub(super) fn ids_as_rows(engine: Engine, name: &str) -> SelectStatement {
    match engine {
        Engine::Postgres => Query::select()
            .expr_as(Func::cust("unnest").arg(slot(name)), "id")
            .take(),
        Engine::Sqlite => Query::select()
            .expr_as(Expr::col("value"), "id")
            .from_function(Func::cust("json_each").arg(slot(name)), "listed")
            .take(),
    }
}

/// The values of one request, by the names of their slots.
#[derive(Debug, Default)]
pub(super) struct Arguments(Vec<(String, Parameter)>);

impl Arguments {
    pub(super) fn add(&mut self, name: &str, value: impl Into<Parameter>) -> &mut Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a value that is not there in every shape.
    pub(super) fn add_some(
        &mut self,
        name: &str,
        value: Option<impl Into<Parameter>>,
    ) -> &mut Self {
        if let Some(value) = value {
            self.add(name, value);
        }
        self
    }

    /// For a name that was given once.
    pub(super) fn with(mut self, name: &str, value: impl Into<Parameter>) -> Self {
        self.add(name, value);
        self
    }

    fn take(&mut self, name: &str) -> Option<Parameter> {
        let (_, value) = self.0.iter_mut().find(|(known, _)| known == name)?;
        Some(std::mem::replace(value, Parameter::Int(None)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static STATEMENT: Shapes<bool> = Shapes::new("test");

    fn bind(engine: Engine, shape: bool) -> Result<Sql> {
        let arguments = Arguments::default()
            .with("ids", vec![1, 2])
            .with("limit", 5);
        STATEMENT.bind(engine, &shape, arguments, || {
            Query::select()
                .column("id")
                .from("t")
                .and_where(is_any(engine, Expr::col("id"), "ids"))
                .and_where(is_any(engine, Expr::col("parent"), "ids"))
                .and_where(Expr::col("kind").eq("it's"))
                .limit(if shape { 3 } else { LIMIT })
                .take()
        })
    }

    #[test]
    fn values_are_parameters_and_constants_are_text() {
        let statement = bind(Engine::Postgres, true).unwrap();
        assert_eq!(
            statement.text(),
            r#"SELECT "id" FROM "t" WHERE "id" = ANY($1) AND "parent" = ANY($1) AND "kind" = E'it\'s' LIMIT 3"#
        );
        let statement = bind(Engine::Sqlite, false).unwrap();
        assert!(
            statement.text().ends_with("LIMIT $2"),
            "{}",
            statement.text()
        );
    }

    #[test]
    fn a_value_that_is_missing_is_an_error() {
        static INCOMPLETE: Shapes<()> = Shapes::new("incomplete");
        let bound = INCOMPLETE.bind(Engine::Postgres, &(), Arguments::default(), || {
            Query::select().expr(slot("missing")).take()
        });
        assert!(bound.is_err());
    }
}
