//! Putting a statement together, for either engine.
//!
//! Both engines take `$1, $2, ...`, row comparisons, `true` and `false`, `RETURNING` and
//! `ON CONFLICT`, so most texts are the same. Lists travel as one parameter: an array on PostgreSQL,
//! a JSON text on SQLite; so no list ever meets the engine's limit of parameters, and a statement
//! keeps its text, and with it its plan, whatever the number of items.

use std::cell::Cell;
use std::fmt::Write as _;

use sea_orm::sea_query::ArrayType;
use sea_orm::{DbBackend, DbErr, QueryResult, Statement, TryGetable, Value};

use super::Engine;

/// A statement being written.
#[derive(Debug)]
pub struct Sql {
    engine: Engine,
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// An empty statement.
    pub fn new(engine: Engine) -> Self {
        Self {
            engine,
            text: String::with_capacity(512),
            values: Vec::new(),
        }
    }

    /// The engine it is for.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Adds text of ours; never a caller's.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a parameter.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let number = self.values.len();
        let written = write!(self.text, "${number}");
        debug_assert!(written.is_ok(), "writing to a string does not fail");
        self
    }

    /// Adds ` IN (...)` over a list of ids, sent as one parameter. An empty list matches nothing.
    pub fn in_ids(&mut self, ids: &[i64]) -> &mut Self {
        match self.engine {
            Engine::Postgres => self.push(" = ANY(").bind(array_of_ids(ids)).push(")"),
            Engine::Sqlite => self
                .push(" IN (SELECT value FROM json_each(")
                .bind(json(ids))
                .push("))"),
        }
    }

    /// Adds ` IN (...)` over a list of texts, sent as one parameter. An empty list matches nothing.
    pub fn in_texts<T: AsRef<str>>(&mut self, texts: &[T]) -> &mut Self {
        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        match self.engine {
            Engine::Postgres => self.push(" = ANY(").bind(array_of_texts(&texts)).push(")"),
            Engine::Sqlite => self
                .push(" IN (SELECT value FROM json_each(")
                .bind(json(&texts))
                .push("))"),
        }
    }

    pub(super) fn into_statement(self) -> Statement {
        let backend = match self.engine {
            Engine::Postgres => DbBackend::Postgres,
            Engine::Sqlite => DbBackend::Sqlite,
        };
        Statement::from_sql_and_values(backend, self.text, self.values)
    }
}

/// A PostgreSQL `bigint[]`.
pub(super) fn array_of_ids(ids: &[i64]) -> Value {
    let values = ids.iter().map(|id| Value::BigInt(Some(*id))).collect();
    Value::Array(ArrayType::BigInt, Some(Box::new(values)))
}

/// A PostgreSQL `text[]`.
pub(super) fn array_of_texts<T: AsRef<str>>(texts: &[T]) -> Value {
    let values = texts
        .iter()
        .map(|text| Value::String(Some(text.as_ref().to_owned())))
        .collect();
    Value::Array(ArrayType::String, Some(Box::new(values)))
}

/// A JSON text, for SQLite's `json_each`.
pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}

/// One row of an answer, read column by column from the left.
#[derive(Debug)]
pub struct Row<'r> {
    row: &'r QueryResult,
    next: Cell<usize>,
}

impl<'r> Row<'r> {
    pub(super) fn new(row: &'r QueryResult) -> Self {
        Self {
            row,
            next: Cell::new(0),
        }
    }

    /// The next column.
    ///
    /// # Errors
    /// If there is none, or it is of another type.
    pub fn take<T: TryGetable>(&self) -> Result<T, DbErr> {
        let index = self.next.get();
        self.next.set(index + 1);
        self.row.try_get_by_index(index)
    }
    /// Passes over `columns` columns.
    pub fn skip(&self, columns: usize) {
        self.next.set(self.next.get() + columns);
    }
}
