//! Texts of two characters are found in an index. Names in Chinese, Japanese and Korean are often that long.
//!
//! - PostgreSQL has an index of the pairs of characters beside that of trigrams.
//! - SQLite finds a pair as the beginning of a trigram. Each text that is indexed ends in a character more, so that
//!   its last pair begins one as well. `*_terms` show which row has which trigram.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const POSTGRES: &str = r#"
-- Each two characters that follow each other in one of the texts, once.
CREATE FUNCTION waymark_pairs(VARIADIC texts text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(t COLLATE "C", i, 2)), '{}')
    FROM unnest(texts) t, generate_series(1, char_length(t) - 1) i
$$;
CREATE INDEX users_pairs ON users USING gin (waymark_pairs(username_folded, name_folded, email_folded));
CREATE INDEX user_groups_pairs ON user_groups USING gin (waymark_pairs(name_folded));
CREATE INDEX programs_pairs ON programs USING gin (waymark_pairs(name_folded, key_folded));
"#;

const POSTGRES_DOWN: &str = "
DROP INDEX programs_pairs;
DROP INDEX user_groups_pairs;
DROP INDEX users_pairs;
DROP FUNCTION waymark_pairs;
";

/// The tables that are searched, and their columns.
const SEARCHED: [(&str, &[&str]); 3] = [
    ("users", &["username_folded", "name_folded", "email_folded"]),
    ("user_groups", &["name_folded"]),
    ("programs", &["name_folded", "key_folded"]),
];

/// What each text ends in, in SQL. It stands in no name.
const END: &str = " || char(1)";

/// The full-text index of a table, with such an end after each text.
fn index(table: &str, columns: &[&str], end: &str) -> String {
    let list = |prefix: &str, suffix: &str| {
        let columns = columns
            .iter()
            .map(|column| format!("{prefix}{column}{suffix}"));
        columns.collect::<Vec<_>>().join(", ")
    };
    let names = list("", "");
    let (old, new) = (list("OLD.", end), list("NEW.", end));
    let differ = columns
        .iter()
        .map(|column| format!("OLD.{column} IS NOT NEW.{column}"));
    let differ = differ.collect::<Vec<_>>().join(" OR ");
    let content = if end.is_empty() {
        table.to_owned()
    } else {
        format!("{table}_searched")
    };
    let remove = format!(
        "INSERT INTO {table}_search ({table}_search, rowid, {names}) VALUES ('delete', OLD.id, {old});"
    );
    let add = format!("INSERT INTO {table}_search (rowid, {names}) VALUES (NEW.id, {new});");
    format!(
        "CREATE VIRTUAL TABLE {table}_search USING fts5 (
             {names}, content='{content}', content_rowid='id', tokenize='trigram case_sensitive 1');
         CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {add} END;
         CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {remove} END;
         CREATE TRIGGER {table}_search_update AFTER UPDATE ON {table} WHEN {differ} BEGIN {remove} {add} END;
         INSERT INTO {table}_search ({table}_search) VALUES ('rebuild');"
    )
}

fn without_index(table: &str) -> String {
    format!(
        "DROP TRIGGER {table}_search_insert; DROP TRIGGER {table}_search_delete; DROP TRIGGER {table}_search_update;
         DROP TABLE {table}_search;"
    )
}

/// The index, and what belongs to it.
fn with_pairs(table: &str, columns: &[&str]) -> String {
    let texts = columns
        .iter()
        .map(|column| format!("{column}{END} AS {column}"));
    let texts = texts.collect::<Vec<_>>().join(", ");
    let index = index(table, columns, END);
    format!(
        "CREATE VIEW {table}_searched AS SELECT id, {texts} FROM {table};
         {index}
         CREATE VIRTUAL TABLE {table}_terms USING fts5vocab ({table}_search, instance);"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            return run(manager, POSTGRES).await;
        }
        for (table, columns) in SEARCHED {
            run(manager, &without_index(table)).await?;
            run(manager, &with_pairs(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            return run(manager, POSTGRES_DOWN).await;
        }
        for (table, columns) in SEARCHED {
            run(manager, &format!("DROP TABLE {table}_terms;")).await?;
            run(manager, &without_index(table)).await?;
            run(manager, &format!("DROP VIEW {table}_searched;")).await?;
            run(manager, &index(table, columns, "")).await?;
        }
        Ok(())
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
