//! Search by substring, in the folded columns: the same rows on both engines.
//!
//! Texts of three characters and more are found by trigrams: PostgreSQL reads an index of them through `LIKE`, SQLite
//! a full-text index. Texts of two characters are found by pairs: PostgreSQL has an index of them, and on SQLite they
//! begin trigrams. One character is looked for row by row.

use sea_orm::sea_query::extension::postgres::PgBinOper;
use sea_orm::sea_query::extension::sqlite::SqliteExpr as _;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait as _, Func, IntoIden, Query, SelectStatement};

use super::Engine;
use super::entity::{department, program, user, user_group};
use super::statement::slot;

/// How a text is searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Method {
    Like,
    Trigrams,
    Pairs(Engine),
    /// In the rows, one by one, as it is.
    Position(Engine),
}

impl Method {
    pub(super) fn new(engine: Engine, folded: &str) -> Self {
        match (engine, folded.chars().take(3).count()) {
            (_, 2) => Self::Pairs(engine),
            (Engine::Sqlite, 3) if !folded.contains(END) => Self::Trigrams,
            (Engine::Postgres, 3) => Self::Like,
            _ => Self::Position(engine),
        }
    }

    /// For rows that are few already: no index helps.
    pub(super) fn row_by_row(engine: Engine) -> Self {
        Self::Position(engine)
    }

    /// How it is searched for in rows that are read anyway: the slot is `search.row`.
    pub(super) fn by_row(engine: Engine) -> ByRow {
        ByRow(Self::row_by_row(engine))
    }

    /// The same text, in rows that are looked up one by one. What has one pair is often much more than these.
    pub(super) fn in_rows(self) -> Self {
        match self {
            Self::Pairs(engine) => Self::Position(engine),
            other => other,
        }
    }

    /// Whether an index finds the text.
    pub(super) fn is_indexed(self) -> bool {
        !matches!(self, Self::Position(_))
    }

    /// The value of the slot.
    pub(super) fn argument(self, folded: &str) -> String {
        match self {
            Self::Like => format!("%{}%", escape_like(folded)),
            Self::Trigrams => format!("\"{}\"", folded.replace('"', "\"\"")),
            Self::Pairs(_) | Self::Position(_) => folded.to_owned(),
        }
    }

    /// The condition on programs under the alias `p`.
    pub(super) fn programs(self) -> Expr {
        use program::Column::{Id, KeyFolded, NameFolded};
        self.contains("p", Id, &PROGRAMS, [NameFolded, KeyFolded])
    }

    /// The condition on groups under the alias `g`.
    pub(super) fn groups(self) -> Expr {
        use user_group::Column::{Id, NameFolded};
        self.contains("g", Id, &GROUPS, [NameFolded])
    }

    /// The condition on users under the alias `u`.
    pub(super) fn users(self) -> Expr {
        use user::Column::{EmailFolded, Id, NameFolded, UsernameFolded};
        let columns = [UsernameFolded, NameFolded, EmailFolded];
        self.contains("u", Id, &USERS, columns)
    }

    /// The condition on the names of users under the alias `u`, without their e-mails: not by trigrams.
    pub(super) fn user_names(self) -> Expr {
        use user::Column::{NameFolded, UsernameFolded};
        self.in_columns("u", [UsernameFolded, NameFolded])
    }

    /// The ids (`id`) of all users that the index finds, on SQLite, each once.
    pub(super) fn matching_users(self) -> SelectStatement {
        self.rows_of(&USERS)
    }

    fn contains<C: IntoIden, const N: usize>(
        self,
        alias: &'static str,
        id: C,
        index: &Index,
        columns: [C; N],
    ) -> Expr {
        match self {
            Self::Trigrams | Self::Pairs(Engine::Sqlite) => {
                Expr::col((alias, id)).in_subquery(self.rows_of(index))
            }
            Self::Pairs(Engine::Postgres) => {
                let columns = columns.map(|column| Expr::col((alias, column)));
                let pairs = Expr::from(Func::cust("waymark_pairs").args(columns));
                let searched = Func::cust("waymark_pairs").arg(slot("search"));
                pairs.binary(PgBinOper::Contains, Expr::from(searched))
            }
            Self::Like | Self::Position(_) => self.in_columns(alias, columns),
        }
    }

    /// The ids (`id`) of the rows that an index of SQLite finds, each once.
    fn rows_of(self, index: &Index) -> SelectStatement {
        let mut query = Query::select();
        if let Self::Pairs(_) = self {
            let last = Expr::from(Func::cust("char").arg(LAST_CHARACTER));
            return query
                .distinct()
                .expr_as(Expr::col("doc"), "id")
                .from(index.terms)
                .and_where(Expr::col("term").gte(slot("search")))
                .and_where(
                    Expr::col("term").lte(slot("search").binary(BinOper::Custom("||"), last)),
                )
                .take();
        }
        query
            .expr_as(Expr::col("rowid"), "id")
            .from(index.rows)
            .and_where(Expr::col(index.rows).matches(slot("search")))
            .take()
    }

    fn in_columns<C: IntoIden, const N: usize>(self, alias: &'static str, columns: [C; N]) -> Expr {
        self.any(columns.map(|column| Expr::col((alias, column))), "search")
    }

    fn any(self, columns: impl IntoIterator<Item = Expr>, name: &str) -> Expr {
        let conditions = columns.into_iter().map(|column| match self {
            // Escaped by a backslash, which is the default: said, it costs a call for each row.
            Self::Like => column.binary(BinOper::Like, slot(name)),
            Self::Position(Engine::Postgres) => position("strpos", column, name),
            _ => position("instr", column, name),
        });
        conditions.reduce(Expr::or).unwrap_or(Expr::val(false))
    }
}

/// The full-text index of SQLite over a table: which rows match, and which row has which trigram.
#[derive(Debug)]
struct Index {
    rows: &'static str,
    terms: &'static str,
}

const PROGRAMS: Index = Index {
    rows: "programs_search",
    terms: "programs_terms",
};
const GROUPS: Index = Index {
    rows: "user_groups_search",
    terms: "user_groups_terms",
};
const USERS: Index = Index {
    rows: "users_search",
    terms: "users_terms",
};

/// What each text ends in that SQLite has indexed.
const END: char = '\u{1}';

/// The greatest code point.
const LAST_CHARACTER: u32 = 0x10_FFFF;

fn position(function: &'static str, column: Expr, name: &str) -> Expr {
    Expr::from(Func::cust(function).arg(column).arg(slot(name))).gt(0)
}

/// A text that is looked for in rows that are read anyway.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByRow(Method);

impl ByRow {
    /// The value of the slot `search.row`.
    pub(super) fn argument(self, folded: &str) -> String {
        self.0.argument(folded)
    }

    /// The condition on departments under the alias `d`.
    pub(super) fn departments(self) -> Expr {
        use department::Column::{KeyFolded, NameFolded};
        self.any("d", [KeyFolded, NameFolded])
    }

    /// The condition on users under the alias `u`, without their e-mails.
    pub(super) fn users_by_name(self) -> Expr {
        self.any(
            "u",
            [user::Column::UsernameFolded, user::Column::NameFolded],
        )
    }

    /// The condition on the e-mails of users under the alias `u`.
    pub(super) fn users_by_email(self) -> Expr {
        self.any("u", [user::Column::EmailFolded])
    }

    fn any<C: IntoIden, const N: usize>(self, alias: &'static str, columns: [C; N]) -> Expr {
        let columns = columns.map(|column| Expr::col((alias, column)));
        self.0.any(columns, "search.row")
    }
}

fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_like_gives_a_meaning_is_taken_literally() {
        assert_eq!(escape_like(r"50%_a\b"), r"50\%\_a\\b");
    }
}
