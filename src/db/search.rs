//! Search by substring, in the folded columns: the same rows on both engines.
//!
//! PostgreSQL reads a trigram index through `LIKE`; SQLite a full-text index of trigrams, which
//! needs three characters, and shorter texts are looked for row by row.

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
    Instr,
}

impl Method {
    pub(super) fn new(engine: Engine, folded: &str) -> Self {
        match engine {
            Engine::Postgres => Self::Like,
            Engine::Sqlite if is_indexed(folded) => Self::Trigrams,
            Engine::Sqlite => Self::Instr,
        }
    }

    /// For rows that are few already: no index helps.
    pub(super) fn row_by_row(engine: Engine) -> Self {
        match engine {
            Engine::Postgres => Self::Like,
            Engine::Sqlite => Self::Instr,
        }
    }

    /// How it is searched for in rows that are read anyway: the slot is `search.row`.
    pub(super) fn by_row(engine: Engine) -> ByRow {
        ByRow(Self::row_by_row(engine))
    }

    /// The value of the slot.
    pub(super) fn argument(self, folded: &str) -> String {
        match self {
            Self::Like => format!("%{}%", escape_like(folded)),
            Self::Trigrams => format!("\"{}\"", folded.replace('"', "\"\"")),
            Self::Instr => folded.to_owned(),
        }
    }

    /// The condition on programs under the alias `p`.
    pub(super) fn programs(self) -> Expr {
        use program::Column::{Id, KeyFolded, NameFolded};
        self.contains("p", Id, "programs_search", [NameFolded, KeyFolded])
    }

    /// The condition on groups under the alias `g`.
    pub(super) fn groups(self) -> Expr {
        use user_group::Column::{Id, NameFolded};
        self.contains("g", Id, "user_groups_search", [NameFolded])
    }

    /// The condition on users under the alias `u`.
    pub(super) fn users(self) -> Expr {
        use user::Column::{EmailFolded, Id, NameFolded, UsernameFolded};
        let columns = [UsernameFolded, NameFolded, EmailFolded];
        self.contains("u", Id, "users_search", columns)
    }

    /// The condition on the names of users under the alias `u`, without their e-mails: not by trigrams.
    pub(super) fn user_names(self) -> Expr {
        use user::Column::{NameFolded, UsernameFolded};
        self.in_columns("u", [UsernameFolded, NameFolded])
    }

    /// The ids (`id`) of all users whose trigrams match, on SQLite.
    pub(super) fn matching_users() -> SelectStatement {
        Query::select()
            .expr_as(Expr::col("rowid"), "id")
            .from("users_search")
            .and_where(Expr::col("users_search").matches(slot("search")))
            .take()
    }

    fn contains<C: IntoIden, const N: usize>(
        self,
        alias: &'static str,
        id: C,
        index: &'static str,
        columns: [C; N],
    ) -> Expr {
        if self == Self::Trigrams {
            return Expr::col((alias, id)).in_subquery(
                Query::select()
                    .column("rowid")
                    .from(index)
                    .and_where(Expr::col(index).matches(slot("search")))
                    .take(),
            );
        }
        self.in_columns(alias, columns)
    }

    fn in_columns<C: IntoIden, const N: usize>(self, alias: &'static str, columns: [C; N]) -> Expr {
        self.any(columns.map(|column| Expr::col((alias, column))), "search")
    }

    fn any(self, columns: impl IntoIterator<Item = Expr>, name: &str) -> Expr {
        let conditions = columns.into_iter().map(|column| match self {
            // Escaped by a backslash, which is the default: said, it costs a call for each row.
            Self::Like => column.binary(BinOper::Like, slot(name)),
            _ => Expr::from(Func::cust("instr").arg(column).arg(slot(name))).gt(0),
        });
        conditions.reduce(Expr::or).unwrap_or(Expr::val(false))
    }
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

/// Whether an index finds a text. It is made of trigrams, which shorter texts have none of.
pub(super) fn is_indexed(folded: &str) -> bool {
    folded.chars().nth(2).is_some()
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
