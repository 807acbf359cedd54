//! The first schema: the directory (platforms, users, departments, groups, programs), the two kinds
//! of suggestion, API keys and idempotency records.
//!
//! Conventions, the same on both engines:
//! - an instant is a 64-bit count of microseconds since 1970-01-01T00:00:00Z, so that it has the
//!   same precision, order and equality everywhere;
//! - `*_folded` holds the Unicode lower case of the column beside it, compared by code point: order
//!   and search read it, people never see it;
//! - a reference inside one platform carries the platform with it, so that the database itself
//!   refuses a suggestion of one platform's program to another platform's group.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::dialect::run;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const DIRECTORY: &str = r#"
CREATE TABLE platforms (
    id   {pk},
    key  {text} NOT NULL UNIQUE,
    org  {text} NOT NULL,
    name {text} NOT NULL
);

-- The id is the learning system's, never ours to choose.
CREATE TABLE users (
    id              {int} NOT NULL PRIMARY KEY,
    username        {text} NOT NULL,
    username_folded {text} NOT NULL UNIQUE,      -- a user named by username; "username" order
    name            {text} NOT NULL,
    name_folded     {text} NOT NULL,
    email           {text},
    email_folded    {text},
    dm_admin        {bool} NOT NULL DEFAULT false
);
-- A user named by e-mail. Not unique: several people may share one.
CREATE INDEX users_by_email ON users (email_folded);
-- Lists ordered by the person's name.
CREATE INDEX users_by_name ON users (name_folded, id);

CREATE TABLE memberships (
    platform_id {int} NOT NULL REFERENCES platforms (id),
    user_id     {int} NOT NULL REFERENCES users (id),
    role        {text} NOT NULL CHECK (role IN ('learner', 'admin')),
    active      {bool} NOT NULL DEFAULT true,
    PRIMARY KEY (platform_id, user_id)
);
-- What a caller may do: all platforms of one user.
CREATE INDEX memberships_by_user ON memberships (user_id, platform_id);

CREATE TABLE departments (
    id          {pk},
    platform_id {int} NOT NULL REFERENCES platforms (id),
    key         {text} NOT NULL,
    name        {text} NOT NULL,
    parent_id   {int},
    UNIQUE (platform_id, key),
    UNIQUE (platform_id, id),
    CHECK (parent_id <> id),
    FOREIGN KEY (platform_id, parent_id) REFERENCES departments (platform_id, id)
);
-- The descendants of an administered department.
CREATE INDEX departments_by_parent ON departments (parent_id);

CREATE TABLE department_members (
    department_id {int} NOT NULL REFERENCES departments (id),
    user_id       {int} NOT NULL REFERENCES users (id),
    admin         {bool} NOT NULL DEFAULT false,
    PRIMARY KEY (department_id, user_id)
);
-- Which departments a caller administers; whether a user lies in a department scope.
CREATE INDEX department_members_by_user ON department_members (user_id, department_id);

CREATE TABLE user_groups (
    id            {int} NOT NULL PRIMARY KEY,
    platform_id   {int} NOT NULL REFERENCES platforms (id),
    name          {text} NOT NULL,
    name_folded   {text} NOT NULL,
    department_id {int},
    -- Active members, kept exact by the triggers below: ordering and paging by it needs it stored.
    user_count    {int} NOT NULL DEFAULT 0,
    UNIQUE (platform_id, id),                    -- the groups of a platform, in order of id
    FOREIGN KEY (platform_id, department_id) REFERENCES departments (platform_id, id)
);
-- A department scope.
CREATE INDEX user_groups_by_department ON user_groups (department_id);
-- Lists ordered by group name and by user count; both search and walk within one platform.
CREATE INDEX user_groups_by_name ON user_groups (platform_id, name_folded, id);
CREATE INDEX user_groups_by_user_count ON user_groups (platform_id, user_count, id);

CREATE TABLE group_members (
    group_id {int} NOT NULL REFERENCES user_groups (id),
    user_id  {int} NOT NULL REFERENCES users (id),
    active   {bool} NOT NULL DEFAULT true,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);

CREATE TABLE programs (
    id          {pk},
    platform_id {int} NOT NULL REFERENCES platforms (id),
    key         {text} NOT NULL,
    key_folded  {text} NOT NULL,
    name        {text} NOT NULL,
    name_folded {text} NOT NULL,
    org         {text},
    description {text},
    url         {text},
    image_url   {text},
    UNIQUE (platform_id, key),                   -- a program named by its key
    UNIQUE (platform_id, id)                     -- the programs of a platform, in order of id
);
-- Lists ordered by program key and by program name.
CREATE INDEX programs_by_key ON programs (platform_id, key_folded, id);
CREATE INDEX programs_by_name ON programs (platform_id, name_folded, id);
"#;

const SUGGESTIONS: &str = r#"
CREATE TABLE program_suggestions (
    id           {pk},
    platform_id  {int} NOT NULL,
    program_id   {int} NOT NULL,
    user_id      {int} NOT NULL REFERENCES users (id),
    accepted     {bool} NOT NULL DEFAULT false,
    visible      {bool} NOT NULL DEFAULT true,
    direct       {bool} NOT NULL DEFAULT true,
    metadata     {text} NOT NULL DEFAULT '{}',   -- compact JSON, always an object
    suggested_by {int} REFERENCES users (id),
    created      {int} NOT NULL,
    modified     {int} NOT NULL,
    UNIQUE (platform_id, program_id, user_id),   -- the key of a suggestion; what makes a race an update
    FOREIGN KEY (platform_id, program_id) REFERENCES programs (platform_id, id)
);
-- The list of a platform in each of its orders; the first also serves the plain count.
CREATE INDEX program_suggestions_by_id ON program_suggestions (platform_id, id);
CREATE INDEX program_suggestions_by_accepted ON program_suggestions (platform_id, accepted, id);
CREATE INDEX program_suggestions_by_visible ON program_suggestions (platform_id, visible, id);
CREATE INDEX program_suggestions_by_created ON program_suggestions (platform_id, created, id);
CREATE INDEX program_suggestions_by_modified ON program_suggestions (platform_id, modified, id);
-- Orders by the user's id, username and name; the user filter and the department scope.
CREATE INDEX program_suggestions_by_user ON program_suggestions (platform_id, user_id, id);
-- Orders by the program's key and name; the program filter; search by program.
CREATE INDEX program_suggestions_by_program ON program_suggestions (platform_id, program_id, id);
-- The suggestions of one user on every platform.
CREATE INDEX program_suggestions_of_user ON program_suggestions (user_id, id);

CREATE TABLE program_group_suggestions (
    id           {pk},
    platform_id  {int} NOT NULL,
    program_id   {int} NOT NULL,
    group_id     {int} NOT NULL,
    accepted     {bool} NOT NULL DEFAULT false,
    visible      {bool} NOT NULL DEFAULT true,
    metadata     {text} NOT NULL DEFAULT '{}',
    suggested_by {int} REFERENCES users (id),
    created      {int} NOT NULL,
    modified     {int} NOT NULL,
    UNIQUE (platform_id, program_id, group_id),
    FOREIGN KEY (platform_id, program_id) REFERENCES programs (platform_id, id),
    FOREIGN KEY (platform_id, group_id) REFERENCES user_groups (platform_id, id)
);
-- As above, with the group in place of the user.
CREATE INDEX program_group_suggestions_by_id ON program_group_suggestions (platform_id, id);
CREATE INDEX program_group_suggestions_by_accepted ON program_group_suggestions (platform_id, accepted, id);
CREATE INDEX program_group_suggestions_by_visible ON program_group_suggestions (platform_id, visible, id);
CREATE INDEX program_group_suggestions_by_created ON program_group_suggestions (platform_id, created, id);
CREATE INDEX program_group_suggestions_by_modified ON program_group_suggestions (platform_id, modified, id);
-- Orders by the group's id, name and user count; the group filter and the department scope.
CREATE INDEX program_group_suggestions_by_group ON program_group_suggestions (platform_id, group_id, id);
CREATE INDEX program_group_suggestions_by_program ON program_group_suggestions (platform_id, program_id, id);
"#;

const SERVICE: &str = r#"
CREATE TABLE api_keys (
    id          {pk},
    name        {text} NOT NULL,
    key_hash    {text} NOT NULL UNIQUE,          -- lower-case hex SHA-256 of the key; the key itself is nowhere
    platform_id {int} NOT NULL REFERENCES platforms (id),
    user_id     {int} REFERENCES users (id),
    created     {int} NOT NULL,
    expires     {int},
    last_used   {int},
    revoked     {int}
);
CREATE INDEX api_keys_by_platform ON api_keys (platform_id, id);

CREATE TABLE idempotency_records (
    caller       {text} NOT NULL,                -- "user:ID" or "key:ID"
    key          {text} NOT NULL,
    request_hash {text} NOT NULL,                -- lower-case hex SHA-256 of the operation and its input
    response     {text},                         -- JSON; null only inside the transaction that does the work
    created      {int} NOT NULL,
    PRIMARY KEY (caller, key)
);
-- Records past their 24 hours.
CREATE INDEX idempotency_records_by_created ON idempotency_records (created);
"#;

const POSTGRES: &str = r#"
-- Search by substring: trigrams of the names, read before any suggestion is.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX users_search ON users USING gin
    (username_folded gin_trgm_ops, name_folded gin_trgm_ops, email_folded gin_trgm_ops);
CREATE INDEX user_groups_search ON user_groups USING gin (name_folded gin_trgm_ops);
CREATE INDEX programs_search ON programs USING gin (name_folded gin_trgm_ops, key_folded gin_trgm_ops);

-- One statement keeps the counts of all groups it touched, however many rows it wrote.
CREATE FUNCTION waymark_count_group_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE user_groups g SET user_count = g.user_count - gone.n
        FROM (SELECT group_id, count(*) AS n FROM old_rows WHERE active GROUP BY group_id) gone
        WHERE g.id = gone.group_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE user_groups g SET user_count = g.user_count + come.n
        FROM (SELECT group_id, count(*) AS n FROM new_rows WHERE active GROUP BY group_id) come
        WHERE g.id = come.group_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER group_members_count_insert AFTER INSERT ON group_members
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_count_group_members();
CREATE TRIGGER group_members_count_update AFTER UPDATE ON group_members
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_count_group_members();
CREATE TRIGGER group_members_count_delete AFTER DELETE ON group_members
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION waymark_count_group_members();
"#;

const SQLITE: &str = r#"
-- Search by substring: trigram indexes over the folded names, kept by triggers.
CREATE VIRTUAL TABLE users_search USING fts5 (
    username_folded, name_folded, email_folded,
    content='users', content_rowid='id', tokenize='trigram case_sensitive 1');
CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO users_search (rowid, username_folded, name_folded, email_folded)
    VALUES (NEW.id, NEW.username_folded, NEW.name_folded, NEW.email_folded);
END;
CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
    INSERT INTO users_search (users_search, rowid, username_folded, name_folded, email_folded)
    VALUES ('delete', OLD.id, OLD.username_folded, OLD.name_folded, OLD.email_folded);
END;
CREATE TRIGGER users_search_update AFTER UPDATE ON users
WHEN OLD.username_folded IS NOT NEW.username_folded OR OLD.name_folded IS NOT NEW.name_folded
    OR OLD.email_folded IS NOT NEW.email_folded BEGIN
    INSERT INTO users_search (users_search, rowid, username_folded, name_folded, email_folded)
    VALUES ('delete', OLD.id, OLD.username_folded, OLD.name_folded, OLD.email_folded);
    INSERT INTO users_search (rowid, username_folded, name_folded, email_folded)
    VALUES (NEW.id, NEW.username_folded, NEW.name_folded, NEW.email_folded);
END;

CREATE VIRTUAL TABLE user_groups_search USING fts5 (
    name_folded, content='user_groups', content_rowid='id', tokenize='trigram case_sensitive 1');
CREATE TRIGGER user_groups_search_insert AFTER INSERT ON user_groups BEGIN
    INSERT INTO user_groups_search (rowid, name_folded) VALUES (NEW.id, NEW.name_folded);
END;
CREATE TRIGGER user_groups_search_delete AFTER DELETE ON user_groups BEGIN
    INSERT INTO user_groups_search (user_groups_search, rowid, name_folded)
    VALUES ('delete', OLD.id, OLD.name_folded);
END;
CREATE TRIGGER user_groups_search_update AFTER UPDATE ON user_groups
WHEN OLD.name_folded IS NOT NEW.name_folded BEGIN
    INSERT INTO user_groups_search (user_groups_search, rowid, name_folded)
    VALUES ('delete', OLD.id, OLD.name_folded);
    INSERT INTO user_groups_search (rowid, name_folded) VALUES (NEW.id, NEW.name_folded);
END;

CREATE VIRTUAL TABLE programs_search USING fts5 (
    name_folded, key_folded, content='programs', content_rowid='id', tokenize='trigram case_sensitive 1');
CREATE TRIGGER programs_search_insert AFTER INSERT ON programs BEGIN
    INSERT INTO programs_search (rowid, name_folded, key_folded)
    VALUES (NEW.id, NEW.name_folded, NEW.key_folded);
END;
CREATE TRIGGER programs_search_delete AFTER DELETE ON programs BEGIN
    INSERT INTO programs_search (programs_search, rowid, name_folded, key_folded)
    VALUES ('delete', OLD.id, OLD.name_folded, OLD.key_folded);
END;
CREATE TRIGGER programs_search_update AFTER UPDATE ON programs
WHEN OLD.name_folded IS NOT NEW.name_folded OR OLD.key_folded IS NOT NEW.key_folded BEGIN
    INSERT INTO programs_search (programs_search, rowid, name_folded, key_folded)
    VALUES ('delete', OLD.id, OLD.name_folded, OLD.key_folded);
    INSERT INTO programs_search (rowid, name_folded, key_folded)
    VALUES (NEW.id, NEW.name_folded, NEW.key_folded);
END;

CREATE TRIGGER group_members_count_insert AFTER INSERT ON group_members WHEN NEW.active BEGIN
    UPDATE user_groups SET user_count = user_count + 1 WHERE id = NEW.group_id;
END;
CREATE TRIGGER group_members_count_delete AFTER DELETE ON group_members WHEN OLD.active BEGIN
    UPDATE user_groups SET user_count = user_count - 1 WHERE id = OLD.group_id;
END;
CREATE TRIGGER group_members_count_update AFTER UPDATE ON group_members
WHEN OLD.active <> NEW.active OR OLD.group_id <> NEW.group_id BEGIN
    UPDATE user_groups SET user_count = user_count - 1 WHERE id = OLD.group_id AND OLD.active;
    UPDATE user_groups SET user_count = user_count + 1 WHERE id = NEW.group_id AND NEW.active;
END;
"#;

const DOWN: &str = r#"
DROP TABLE idempotency_records;
DROP TABLE api_keys;
DROP TABLE program_group_suggestions;
DROP TABLE program_suggestions;
DROP TABLE programs;
DROP TABLE group_members;
DROP TABLE user_groups;
DROP TABLE department_members;
DROP TABLE departments;
DROP TABLE memberships;
DROP TABLE users;
DROP TABLE platforms;
"#;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for script in [DIRECTORY, SUGGESTIONS, SERVICE] {
            run(manager, script).await?;
        }
        match manager.get_database_backend() {
            DbBackend::Postgres => run(manager, POSTGRES).await,
            _ => run(manager, SQLITE).await,
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        match manager.get_database_backend() {
            DbBackend::Postgres => {
                run(manager, DOWN).await?;
                // The extension stays: other schemas of the database may use it.
                run(manager, "DROP FUNCTION waymark_count_group_members();").await
            }
            _ => {
                run(
                    manager,
                    "DROP TABLE users_search; DROP TABLE user_groups_search; DROP TABLE programs_search;",
                )
                .await?;
                run(manager, DOWN).await
            }
        }
    }

    /// A step that fails half-way leaves nothing behind, on either engine.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
