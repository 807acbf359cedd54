//! The person's side: what a suggestion says to the person (message, due date, window), what the person
//! answered, and the state that follows from both.
//!
//! - `suggestion_answers` holds at most one answer of a person about a program of a platform. It outlives
//!   the suggestions.
//! - `program_suggestions.answer` repeats the answer (1 accepted, 2 dismissed, null none), kept by triggers
//!   in both directions: a list filtered by state then walks an index of its own table.
//! - `program_suggestions.state` follows from `answer` and `accepted`: 0 pending, 1 accepted, 2 dismissed.
//! - `suggestion_counts` is counted by the flags and the state, so that each of them has a kept total.
//!
//! On PostgreSQL this step rewrites `program_suggestions` and builds its indexes again (the stored column
//! `state` needs that): writers wait for it, and so do readers of that table.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// SQLite adds only virtual generated columns; an index stores their values all the same.
const STATE: &str =
    "ALTER TABLE program_suggestions ADD COLUMN state {small} NOT NULL GENERATED ALWAYS AS
    (CASE WHEN answer = 2 THEN 2 WHEN answer = 1 OR accepted THEN 1 ELSE 0 END) {generated};";

const FIELDS: &str = "
ALTER TABLE {table} ADD COLUMN message {text};
ALTER TABLE {table} ADD COLUMN due_at {int};
ALTER TABLE {table} ADD COLUMN visible_from {int};
ALTER TABLE {table} ADD COLUMN visible_until {int} CHECK (visible_until > visible_from);
";

const ANSWERS: &str = "
CREATE TABLE suggestion_answers (
    platform_id {int} NOT NULL,
    program_id  {int} NOT NULL,
    user_id     {int} NOT NULL REFERENCES users (id),
    accepted    {bool} NOT NULL,                 -- false: dismissed
    reason      {text} CHECK (reason IN ('not_relevant', 'already_done', 'no_time', 'other')),
    comment     {text},
    answered    {int} NOT NULL,
    PRIMARY KEY (platform_id, program_id, user_id),
    CHECK (CASE WHEN accepted THEN reason IS NULL AND comment IS NULL ELSE reason IS NOT NULL END),
    FOREIGN KEY (platform_id, program_id) REFERENCES programs (platform_id, id)
);
-- What one person answered on one platform.
CREATE INDEX suggestion_answers_of_user ON suggestion_answers (user_id, platform_id, program_id);
ALTER TABLE program_suggestions ADD COLUMN answer {small} CHECK (answer IN (1, 2));
";

/// The list of a platform filtered by state.
const BY_STATE: &str =
    "CREATE INDEX program_suggestions_by_state ON program_suggestions (platform_id, state, id);";

/// The number of suggestions with these flags and this state is the sum of their rows. Group suggestions
/// have no state and count as 0.
const COUNTS: &str = "
CREATE TABLE suggestion_counts (
    platform_id {int} NOT NULL,
    kind        {text} NOT NULL CHECK (kind IN ('user', 'group')),
    accepted    {bool} NOT NULL,
    visible     {bool} NOT NULL,
    state       {small} NOT NULL,
    n           {int} NOT NULL
);
";

/// Counts what is there; the triggers, already in place, keep writers out until the step is done.
const COUNT: &str = "
INSERT INTO suggestion_counts (platform_id, kind, accepted, visible, state, n)
    SELECT platform_id, 'user', accepted, visible, state, count(*)
    FROM program_suggestions GROUP BY platform_id, accepted, visible, state;
INSERT INTO suggestion_counts (platform_id, kind, accepted, visible, state, n)
    SELECT platform_id, 'group', accepted, visible, 0, count(*)
    FROM program_group_suggestions GROUP BY platform_id, accepted, visible;
";

const POSTGRES: &str = "
CREATE INDEX suggestion_counts_of_platform ON suggestion_counts (platform_id, kind);

-- One row of the log of counts for each combination that a statement changed: nobody who writes waits for
-- anybody. A platform has at most twelve combinations; where there are many more rows than that, those that
-- nobody else is merging are merged. What other transactions have not committed is not seen, and stays.
CREATE FUNCTION waymark_merge_suggestion_counts(of_kind TEXT, of_platforms BIGINT[]) RETURNS void
LANGUAGE sql AS $$
    WITH many AS (
        SELECT c.platform_id FROM suggestion_counts c
        WHERE c.kind = of_kind AND c.platform_id = ANY (of_platforms)
        GROUP BY c.platform_id HAVING count(*) > 48
    ), mine AS (
        SELECT c.ctid AS place FROM suggestion_counts c JOIN many ON many.platform_id = c.platform_id
        WHERE c.kind = of_kind FOR UPDATE OF c SKIP LOCKED
    ), gone AS (
        DELETE FROM suggestion_counts c USING mine WHERE c.ctid = mine.place
        RETURNING c.platform_id, c.accepted, c.visible, c.state, c.n
    )
    INSERT INTO suggestion_counts (platform_id, kind, accepted, visible, state, n)
        SELECT platform_id, of_kind, accepted, visible, state, sum(n) FROM gone
        GROUP BY platform_id, accepted, visible, state HAVING sum(n) <> 0;
$$;

CREATE FUNCTION waymark_forget_suggestion_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM suggestion_counts WHERE kind = TG_ARGV[0];
    RETURN NULL;
END $$;

-- A suggestion that is made after the person answered follows the answer.
CREATE FUNCTION waymark_answer_new_suggestions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE program_suggestions s SET answer = CASE WHEN a.accepted THEN 1 ELSE 2 END
        FROM new_rows n JOIN suggestion_answers a
            ON a.platform_id = n.platform_id AND a.program_id = n.program_id AND a.user_id = n.user_id
        WHERE s.id = n.id;
    RETURN NULL;
END $$;
CREATE TRIGGER program_suggestions_answer_insert AFTER INSERT ON program_suggestions
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_answer_new_suggestions();

-- A suggestion that is there follows the answer that is given, changed or taken back.
CREATE FUNCTION waymark_answer_suggestions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE program_suggestions s SET answer = NULL FROM old_rows a
            WHERE s.platform_id = a.platform_id AND s.program_id = a.program_id AND s.user_id = a.user_id
                AND s.answer IS NOT NULL;
    ELSE
        UPDATE program_suggestions s SET answer = CASE WHEN a.accepted THEN 1 ELSE 2 END FROM new_rows a
            WHERE s.platform_id = a.platform_id AND s.program_id = a.program_id AND s.user_id = a.user_id
                AND s.answer IS DISTINCT FROM CASE WHEN a.accepted THEN 1 ELSE 2 END;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER suggestion_answers_insert AFTER INSERT ON suggestion_answers
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_answer_suggestions();
CREATE TRIGGER suggestion_answers_update AFTER UPDATE ON suggestion_answers
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_answer_suggestions();
CREATE TRIGGER suggestion_answers_delete AFTER DELETE ON suggestion_answers
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_answer_suggestions();
";

/// The three functions differ in the tables that they are given. `{state}` is the state of a row.
const POSTGRES_COUNTING: &str = "
CREATE FUNCTION waymark_count_{kind}_suggestions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO suggestion_counts (platform_id, kind, accepted, visible, state, n)
            SELECT platform_id, '{kind}', accepted, visible, {state}, count(*) FROM new_rows
            GROUP BY platform_id, accepted, visible, {state};
        PERFORM waymark_merge_suggestion_counts('{kind}', ARRAY(SELECT DISTINCT platform_id FROM new_rows));
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO suggestion_counts (platform_id, kind, accepted, visible, state, n)
            SELECT platform_id, '{kind}', accepted, visible, {state}, -count(*) FROM old_rows
            GROUP BY platform_id, accepted, visible, {state};
        PERFORM waymark_merge_suggestion_counts('{kind}', ARRAY(SELECT DISTINCT platform_id FROM old_rows));
    ELSE
        INSERT INTO suggestion_counts (platform_id, kind, accepted, visible, state, n)
            SELECT platform_id, '{kind}', accepted, visible, state, sum(n) FROM (
                SELECT platform_id, accepted, visible, {state} AS state, -1 AS n FROM old_rows
                UNION ALL SELECT platform_id, accepted, visible, {state}, 1 FROM new_rows
            ) moved GROUP BY platform_id, accepted, visible, state HAVING sum(n) <> 0;
        IF FOUND THEN
            PERFORM waymark_merge_suggestion_counts('{kind}', ARRAY(SELECT DISTINCT platform_id FROM new_rows));
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {table}_count_insert AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_count_{kind}_suggestions();
CREATE TRIGGER {table}_count_update AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_count_{kind}_suggestions();
CREATE TRIGGER {table}_count_delete AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_count_{kind}_suggestions();
CREATE TRIGGER {table}_count_truncate AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION waymark_forget_suggestion_counts('{kind}');
";

const SQLITE: &str = "
CREATE UNIQUE INDEX suggestion_counts_of_platform ON suggestion_counts (platform_id, kind, accepted, visible, state);

CREATE TRIGGER program_suggestions_answer_insert AFTER INSERT ON program_suggestions
WHEN EXISTS (SELECT 1 FROM suggestion_answers a WHERE a.platform_id = NEW.platform_id
    AND a.program_id = NEW.program_id AND a.user_id = NEW.user_id) BEGIN
    UPDATE program_suggestions SET answer = (SELECT CASE WHEN a.accepted THEN 1 ELSE 2 END
        FROM suggestion_answers a WHERE a.platform_id = NEW.platform_id
            AND a.program_id = NEW.program_id AND a.user_id = NEW.user_id)
        WHERE id = NEW.id;
END;
CREATE TRIGGER suggestion_answers_insert AFTER INSERT ON suggestion_answers BEGIN
    UPDATE program_suggestions SET answer = CASE WHEN NEW.accepted THEN 1 ELSE 2 END
        WHERE platform_id = NEW.platform_id AND program_id = NEW.program_id AND user_id = NEW.user_id;
END;
CREATE TRIGGER suggestion_answers_update AFTER UPDATE OF accepted ON suggestion_answers
WHEN OLD.accepted <> NEW.accepted BEGIN
    UPDATE program_suggestions SET answer = CASE WHEN NEW.accepted THEN 1 ELSE 2 END
        WHERE platform_id = NEW.platform_id AND program_id = NEW.program_id AND user_id = NEW.user_id;
END;
CREATE TRIGGER suggestion_answers_delete AFTER DELETE ON suggestion_answers BEGIN
    UPDATE program_suggestions SET answer = NULL
        WHERE platform_id = OLD.platform_id AND program_id = OLD.program_id AND user_id = OLD.user_id;
END;
";

const SQLITE_COUNTING: &str = "
CREATE TRIGGER {table}_count_insert AFTER INSERT ON {table} BEGIN
    INSERT INTO suggestion_counts (platform_id, kind, accepted, visible, state, n)
        VALUES (NEW.platform_id, '{kind}', NEW.accepted, NEW.visible, {new_state}, 1)
        ON CONFLICT (platform_id, kind, accepted, visible, state) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER {table}_count_delete AFTER DELETE ON {table} BEGIN
    UPDATE suggestion_counts SET n = n - 1 WHERE platform_id = OLD.platform_id AND kind = '{kind}'
        AND accepted = OLD.accepted AND visible = OLD.visible AND state = {old_state};
END;
CREATE TRIGGER {table}_count_update AFTER UPDATE OF {counted} ON {table}
WHEN OLD.platform_id <> NEW.platform_id OR OLD.accepted <> NEW.accepted OR OLD.visible <> NEW.visible
    OR {old_state} <> {new_state} BEGIN
    UPDATE suggestion_counts SET n = n - 1 WHERE platform_id = OLD.platform_id AND kind = '{kind}'
        AND accepted = OLD.accepted AND visible = OLD.visible AND state = {old_state};
    INSERT INTO suggestion_counts (platform_id, kind, accepted, visible, state, n)
        VALUES (NEW.platform_id, '{kind}', NEW.accepted, NEW.visible, {new_state}, 1)
        ON CONFLICT (platform_id, kind, accepted, visible, state) DO UPDATE SET n = n + 1;
END;
";

/// One of the two tables of suggestions.
struct Table {
    name: &'static str,
    kind: &'static str,
    has_state: bool,
}

const TABLES: [Table; 2] = [
    Table {
        name: "program_suggestions",
        kind: "user",
        has_state: true,
    },
    Table {
        name: "program_group_suggestions",
        kind: "group",
        has_state: false,
    },
];

impl Table {
    fn write(&self, script: &str) -> String {
        let (state, new_state, old_state, counted) = if self.has_state {
            (
                "state",
                "NEW.state",
                "OLD.state",
                "platform_id, accepted, visible, answer",
            )
        } else {
            // A bare 0 after GROUP BY would be a column number.
            (
                "CAST(0 AS SMALLINT)",
                "0",
                "0",
                "platform_id, accepted, visible",
            )
        };
        script
            .replace("{table}", self.name)
            .replace("{kind}", self.kind)
            .replace("{state}", state)
            .replace("{new_state}", new_state)
            .replace("{old_state}", old_state)
            .replace("{counted}", counted)
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        crate::m20261124_000001_suggestion_counts::down(manager).await?;
        for table in &TABLES {
            run(manager, &table.write(FIELDS)).await?;
        }
        run(manager, ANSWERS).await?;
        run(manager, STATE).await?;
        run(manager, BY_STATE).await?;
        run(manager, COUNTS).await?;
        run(manager, if postgres { POSTGRES } else { SQLITE }).await?;
        let counting = if postgres {
            POSTGRES_COUNTING
        } else {
            SQLITE_COUNTING
        };
        for table in &TABLES {
            run(manager, &table.write(counting)).await?;
        }
        run(manager, COUNT).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let on = if postgres { " ON {table}" } else { "" };
        let mut dropped = vec!["insert", "update", "delete"];
        if postgres {
            dropped.push("truncate");
        }
        for table in &TABLES {
            for event in &dropped {
                let script = format!("DROP TRIGGER {{table}}_count_{event}{on};");
                run(manager, &table.write(&script)).await?;
            }
        }
        let script = format!("DROP TRIGGER program_suggestions_answer_insert{on};");
        run(manager, &TABLES[0].write(&script)).await?;
        run(
            manager,
            "DROP TABLE suggestion_answers;
             DROP TABLE suggestion_counts;
             DROP INDEX program_suggestions_by_state;
             ALTER TABLE program_suggestions DROP COLUMN state;
             ALTER TABLE program_suggestions DROP COLUMN answer;",
        )
        .await?;
        if postgres {
            run(
                manager,
                "DROP FUNCTION waymark_count_user_suggestions; DROP FUNCTION waymark_count_group_suggestions;
                 DROP FUNCTION waymark_merge_suggestion_counts; DROP FUNCTION waymark_forget_suggestion_counts;
                 DROP FUNCTION waymark_answer_new_suggestions; DROP FUNCTION waymark_answer_suggestions;",
            )
            .await?;
        }
        for table in &TABLES {
            // The last column first: its check names the one before it.
            for column in ["visible_until", "visible_from", "due_at", "message"] {
                let script = format!("ALTER TABLE {{table}} DROP COLUMN {column};");
                run(manager, &table.write(&script)).await?;
            }
        }
        crate::m20261124_000001_suggestion_counts::up(manager).await
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
