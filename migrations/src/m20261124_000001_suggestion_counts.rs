//! How many suggestions each platform has, kept exact in the transaction that changes them: the total
//! of a list would otherwise be most of what its page costs.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The number is the sum of all rows of a platform and kind. On PostgreSQL every writing statement
/// adds a row of its own: one row to be updated would make all who write to a platform wait for each
/// other until they commit.
const COUNTS: &str = r#"
CREATE TABLE suggestion_counts (
    platform_id {int} NOT NULL,
    kind        {text} NOT NULL CHECK (kind IN ('user', 'group')),
    n           {int} NOT NULL
);
"#;

/// What counted before the triggers were there; they keep writers out until the step is done.
const COUNT: &str = r#"
INSERT INTO suggestion_counts (platform_id, kind, n)
    SELECT platform_id, 'user', count(*) FROM program_suggestions GROUP BY platform_id;
INSERT INTO suggestion_counts (platform_id, kind, n)
    SELECT platform_id, 'group', count(*) FROM program_group_suggestions GROUP BY platform_id;
"#;

const POSTGRES: &str = r#"
CREATE INDEX suggestion_counts_of_platform ON suggestion_counts (platform_id, kind);

-- Adds what one statement changed. Whoever finds many rows puts together those that nobody else is
-- putting together; what other transactions have not committed yet is not seen, and stays.
CREATE FUNCTION waymark_count_suggestions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO suggestion_counts (platform_id, kind, n)
            SELECT platform_id, TG_ARGV[0], count(*) FROM changed GROUP BY platform_id;
    ELSE
        INSERT INTO suggestion_counts (platform_id, kind, n)
            SELECT platform_id, TG_ARGV[0], -count(*) FROM changed GROUP BY platform_id;
    END IF;
    WITH many AS (
        SELECT c.platform_id FROM suggestion_counts c
        WHERE c.kind = TG_ARGV[0] AND c.platform_id IN (SELECT platform_id FROM changed)
        GROUP BY c.platform_id HAVING count(*) > 16
    ), mine AS (
        SELECT c.ctid AS place FROM suggestion_counts c JOIN many ON many.platform_id = c.platform_id
        WHERE c.kind = TG_ARGV[0] FOR UPDATE OF c SKIP LOCKED
    ), gone AS (
        DELETE FROM suggestion_counts c USING mine WHERE c.ctid = mine.place RETURNING c.platform_id, c.n
    )
    INSERT INTO suggestion_counts (platform_id, kind, n)
        SELECT platform_id, TG_ARGV[0], sum(n) FROM gone GROUP BY platform_id;
    RETURN NULL;
END $$;

CREATE FUNCTION waymark_move_suggestion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO suggestion_counts (platform_id, kind, n)
        VALUES (OLD.platform_id, TG_ARGV[0], -1), (NEW.platform_id, TG_ARGV[0], 1);
    RETURN NULL;
END $$;

CREATE FUNCTION waymark_forget_suggestions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM suggestion_counts WHERE kind = TG_ARGV[0];
    RETURN NULL;
END $$;
"#;

const POSTGRES_TRIGGERS: &str = r#"
CREATE TRIGGER {table}_count_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION waymark_count_suggestions('{kind}');
CREATE TRIGGER {table}_count_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION waymark_count_suggestions('{kind}');
CREATE TRIGGER {table}_count_move AFTER UPDATE OF platform_id ON {table}
    FOR EACH ROW WHEN (OLD.platform_id <> NEW.platform_id) EXECUTE FUNCTION waymark_move_suggestion('{kind}');
CREATE TRIGGER {table}_count_truncate AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION waymark_forget_suggestions('{kind}');
"#;

const SQLITE: &str = r#"
CREATE UNIQUE INDEX suggestion_counts_of_platform ON suggestion_counts (platform_id, kind);
"#;

const SQLITE_TRIGGERS: &str = r#"
CREATE TRIGGER {table}_count_insert AFTER INSERT ON {table} BEGIN
    INSERT INTO suggestion_counts (platform_id, kind, n) VALUES (NEW.platform_id, '{kind}', 1)
        ON CONFLICT (platform_id, kind) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER {table}_count_delete AFTER DELETE ON {table} BEGIN
    UPDATE suggestion_counts SET n = n - 1 WHERE platform_id = OLD.platform_id AND kind = '{kind}';
END;
CREATE TRIGGER {table}_count_move AFTER UPDATE OF platform_id ON {table}
WHEN OLD.platform_id <> NEW.platform_id BEGIN
    UPDATE suggestion_counts SET n = n - 1 WHERE platform_id = OLD.platform_id AND kind = '{kind}';
    INSERT INTO suggestion_counts (platform_id, kind, n) VALUES (NEW.platform_id, '{kind}', 1)
        ON CONFLICT (platform_id, kind) DO UPDATE SET n = n + 1;
END;
"#;

const DOWN: &str = r#"
DROP TRIGGER {table}_count_insert{on};
DROP TRIGGER {table}_count_delete{on};
DROP TRIGGER {table}_count_move{on};
"#;

/// Each table, and what its rows count as.
const TABLES: [(&str, &str); 2] = [
    ("program_suggestions", "user"),
    ("program_group_suggestions", "group"),
];

/// Also the way back of the step that counts otherwise.
pub(crate) async fn up(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let (functions, triggers) = match manager.get_database_backend() {
        DbBackend::Postgres => (POSTGRES, POSTGRES_TRIGGERS),
        _ => (SQLITE, SQLITE_TRIGGERS),
    };
    run(manager, COUNTS).await?;
    run(manager, functions).await?;
    for (table, kind) in TABLES {
        let triggers = triggers.replace("{table}", table).replace("{kind}", kind);
        run(manager, &triggers).await?;
    }
    run(manager, COUNT).await
}

/// Also the first half of the step that counts otherwise.
pub(crate) async fn down(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let postgres = manager.get_database_backend() == DbBackend::Postgres;
    for (table, _) in TABLES {
        let on = if postgres {
            format!(" ON {table}")
        } else {
            String::new()
        };
        let script = DOWN.replace("{table}", table).replace("{on}", &on);
        run(manager, &script).await?;
        if postgres {
            run(
                manager,
                &format!("DROP TRIGGER {table}_count_truncate ON {table};"),
            )
            .await?;
        }
    }
    if postgres {
        run(
            manager,
            "DROP FUNCTION waymark_count_suggestions; DROP FUNCTION waymark_move_suggestion; DROP FUNCTION waymark_forget_suggestions;",
        )
        .await?;
    }
    run(manager, "DROP TABLE suggestion_counts;").await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        up(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        down(manager).await
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
