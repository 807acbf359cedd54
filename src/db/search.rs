//! Search by substring, in the folded columns: the same rows on both engines.
//!
//! PostgreSQL reads a trigram index through `LIKE`; SQLite a full-text index of trigrams, which
//! needs three characters, and shorter texts are looked for row by row.

use super::Engine;
use super::sql::Sql;

/// Adds a condition on `programs p`.
pub(super) fn programs(statement: &mut Sql, folded: &str) {
    contains(
        statement,
        "p.id",
        "programs_search",
        &["p.name_folded", "p.key_folded"],
        folded,
    );
}

/// Adds a condition on `user_groups g`.
pub(super) fn groups(statement: &mut Sql, folded: &str) {
    contains(
        statement,
        "g.id",
        "user_groups_search",
        &["g.name_folded"],
        folded,
    );
}

/// Adds a condition on `users u`.
pub(super) fn users(statement: &mut Sql, folded: &str) {
    contains(
        statement,
        "u.id",
        "users_search",
        &["u.username_folded", "u.name_folded", "u.email_folded"],
        folded,
    );
}

fn contains(statement: &mut Sql, id: &str, index: &str, columns: &[&str], folded: &str) {
    let trigrams = folded.chars().nth(2).is_some();
    if statement.engine() == Engine::Sqlite && trigrams {
        let phrase = format!("\"{}\"", folded.replace('"', "\"\""));
        statement
            .push(id)
            .push(" IN (SELECT rowid FROM ")
            .push(index)
            .push(" WHERE ")
            .push(index)
            .push(" MATCH ")
            .bind(phrase)
            .push(")");
        return;
    }
    statement.push("(");
    for (number, column) in columns.iter().enumerate() {
        if number > 0 {
            statement.push(" OR ");
        }
        match statement.engine() {
            Engine::Postgres => statement
                .push(column)
                .push(" LIKE ")
                // Escaped by a backslash, which needs no saying: said, it costs a call for each row.
                .bind(format!("%{}%", escape_like(folded))),
            Engine::Sqlite => statement
                .push("instr(")
                .push(column)
                .push(", ")
                .bind(folded.to_owned())
                .push(") > 0"),
        };
    }
    statement.push(")");
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
