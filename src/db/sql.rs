//! A statement with its parameters, and the rows that it answers, for either engine.
//!
//! Both engines take `$1, $2, ...`. Lists travel as one parameter: an array on PostgreSQL, a JSON text on
//! SQLite; so no list ever meets the engine's limit of parameters, and a statement keeps its text, and with
//! it its plan, whatever the number of items.

use std::cell::Cell;

use sea_orm::sqlx::error::BoxDynError;
use sea_orm::sqlx::postgres::{PgArguments, PgRow};
use sea_orm::sqlx::sqlite::{SqliteArguments, SqliteRow};
use sea_orm::sqlx::{Arguments as _, Decode, Postgres, Row as _, Sqlite};
use sea_orm::{DbErr, RuntimeErr};

#[derive(Debug)]
pub struct Sql {
    name: &'static str,
    text: String,
    parameters: Vec<Parameter>,
}

/// A value that travels beside the text of a statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Parameter {
    /// A whole number or an instant.
    Int(Option<i64>),
    Bool(bool),
    Text(Option<String>),
    /// Many numbers: an array on PostgreSQL, a JSON text on SQLite.
    Ints(Vec<i64>),
    Bools(Vec<bool>),
    Texts(Vec<String>),
}

impl From<i64> for Parameter {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Parameter {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<Vec<i64>> for Parameter {
    fn from(values: Vec<i64>) -> Self {
        Self::Ints(values)
    }
}

impl From<&[i64]> for Parameter {
    fn from(values: &[i64]) -> Self {
        Self::Ints(values.to_vec())
    }
}

impl From<Vec<String>> for Parameter {
    fn from(values: Vec<String>) -> Self {
        Self::Texts(values)
    }
}

impl From<&[String]> for Parameter {
    fn from(values: &[String]) -> Self {
        Self::Texts(values.to_vec())
    }
}

impl From<&[&str]> for Parameter {
    fn from(values: &[&str]) -> Self {
        Self::Texts(values.iter().map(|text| (*text).to_owned()).collect())
    }
}

impl From<bool> for Parameter {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Parameter {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Parameter {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<Option<String>> for Parameter {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl Sql {
    /// A statement that is written already.
    pub(super) fn written(name: &'static str, text: String, parameters: Vec<Parameter>) -> Self {
        Self {
            name,
            text,
            parameters,
        }
    }

    /// What logs and metrics call it.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The types of the parameters, as PostgreSQL names them.
    pub(super) fn types(&self) -> Vec<&'static str> {
        let types = self.parameters.iter().map(|parameter| match parameter {
            Parameter::Int(_) => "bigint",
            Parameter::Bool(_) => "boolean",
            Parameter::Text(_) => "text",
            Parameter::Ints(_) => "bigint[]",
            Parameter::Bools(_) => "boolean[]",
            Parameter::Texts(_) => "text[]",
        });
        types.collect()
    }

    /// The parameters for a connection to PostgreSQL.
    pub(super) fn postgres_arguments(&self) -> Result<PgArguments, BoxDynError> {
        let mut arguments = PgArguments::default();
        for parameter in &self.parameters {
            match parameter {
                Parameter::Int(value) => arguments.add(*value)?,
                Parameter::Bool(value) => arguments.add(*value)?,
                Parameter::Text(value) => arguments.add(value.as_deref())?,
                Parameter::Ints(values) => arguments.add(values.as_slice())?,
                Parameter::Bools(values) => arguments.add(values.as_slice())?,
                Parameter::Texts(values) => arguments.add(values.as_slice())?,
            }
        }
        Ok(arguments)
    }

    /// The parameters for a connection to SQLite.
    pub(super) fn sqlite_arguments(&self) -> Result<SqliteArguments, BoxDynError> {
        let mut arguments = SqliteArguments::default();
        for parameter in &self.parameters {
            match parameter {
                Parameter::Int(value) => arguments.add(*value)?,
                Parameter::Bool(value) => arguments.add(*value)?,
                Parameter::Text(value) => arguments.add(value.clone())?,
                Parameter::Ints(values) => arguments.add(json(values))?,
                Parameter::Bools(values) => arguments.add(json(values))?,
                Parameter::Texts(values) => arguments.add(json(values))?,
            }
        }
        Ok(arguments)
    }
}

/// A JSON text, for SQLite's `json_each`.
pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "[]".to_owned())
}

/// What a column can hold.
pub trait Column: for<'r> Decode<'r, Postgres> + for<'r> Decode<'r, Sqlite> {}

impl<T> Column for T where T: for<'r> Decode<'r, Postgres> + for<'r> Decode<'r, Sqlite> {}

/// One row of an answer, read column by column from the left.
#[derive(Debug)]
pub struct Row<'r> {
    row: Of<'r>,
    next: Cell<usize>,
}

enum Of<'r> {
    Postgres(&'r PgRow),
    Sqlite(&'r SqliteRow),
}

impl std::fmt::Debug for Of<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Postgres(_) => "Postgres",
            Self::Sqlite(_) => "Sqlite",
        })
    }
}

impl<'r> Row<'r> {
    pub(super) fn postgres(row: &'r PgRow) -> Self {
        Self {
            row: Of::Postgres(row),
            next: Cell::new(0),
        }
    }

    pub(super) fn sqlite(row: &'r SqliteRow) -> Self {
        Self {
            row: Of::Sqlite(row),
            next: Cell::new(0),
        }
    }

    /// The next column. Its type is not compared with the one that the statement declares: the
    /// statements are ours, and tests run all of them.
    ///
    /// # Errors
    /// If there is none, or it is of another type.
    pub fn take<T: Column>(&self) -> Result<T, DbErr> {
        let index = self.next.get();
        self.next.set(index + 1);
        let taken = match self.row {
            Of::Postgres(row) => row.try_get_unchecked(index),
            Of::Sqlite(row) => row.try_get_unchecked(index),
        };
        taken.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())))
    }

    /// What `decode` reads from the next `columns` columns; none where the first of them, an id, is null, because a
    /// join found nothing.
    ///
    /// # Errors
    /// As [`Row::take`], and those of `decode`.
    pub fn joined<T>(
        &self,
        columns: usize,
        decode: impl FnOnce(&Self) -> Result<T, DbErr>,
    ) -> Result<Option<T>, DbErr> {
        let first = self.next.get();
        let found = self.take::<Option<i64>>()?.is_some();
        self.next.set(first);
        if found {
            decode(self).map(Some)
        } else {
            self.skip(columns);
            Ok(None)
        }
    }

    /// Passes over `columns` columns.
    pub fn skip(&self, columns: usize) {
        self.next.set(self.next.get() + columns);
    }
}
