INSERT INTO "department_members" ("department_id", "user_id", "admin")
SELECT "v"."department_id", "v"."user_id", "v"."admin"
FROM
  json_populate_recordset(CAST(NULL AS department_members), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "departments" (
    "id",
    "platform_id",
    "key",
    "name",
    "parent_id",
    "key_folded",
    "name_folded"
  )
SELECT
  "v"."id",
  "v"."platform_id",
  "v"."key",
  "v"."name",
  "v"."parent_id",
  "v"."key_folded",
  "v"."name_folded"
FROM json_populate_recordset(CAST(NULL AS departments), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "departments" (
    "platform_id",
    "key",
    "name",
    "parent_id",
    "key_folded",
    "name_folded"
  )
SELECT
  "v"."platform_id",
  "v"."key",
  "v"."name",
  "v"."parent_id",
  "v"."key_folded",
  "v"."name_folded"
FROM json_populate_recordset(CAST(NULL AS departments), CAST($1 AS JSON)) AS "v";

INSERT INTO "group_members" ("group_id", "user_id", "active")
SELECT "v"."group_id", "v"."user_id", "v"."active"
FROM json_populate_recordset(CAST(NULL AS group_members), CAST($1 AS JSON)) AS "v";

INSERT INTO "memberships" ("platform_id", "user_id", "role", "active")
SELECT "v"."platform_id", "v"."user_id", "v"."role", "v"."active"
FROM json_populate_recordset(CAST(NULL AS memberships), CAST($1 AS JSON)) AS "v";

INSERT INTO "platforms" ("key", "org", "name")
SELECT "v"."key", "v"."org", "v"."name"
FROM json_populate_recordset(CAST(NULL AS platforms), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "program_group_suggestions" (
    "id",
    "platform_id",
    "program_id",
    "group_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
    "created",
    "modified",
    "message",
    "due_at",
    "visible_from",
    "visible_until"
  )
SELECT
  "v"."id",
  "v"."platform_id",
  "v"."program_id",
  "v"."group_id",
  "v"."accepted",
  "v"."visible",
  "v"."metadata",
  "v"."suggested_by",
  "v"."created",
  "v"."modified",
  "v"."message",
  "v"."due_at",
  "v"."visible_from",
  "v"."visible_until"
FROM
  json_populate_recordset(CAST(NULL AS program_group_suggestions), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "program_group_suggestions" (
    "platform_id",
    "program_id",
    "group_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
    "created",
    "modified",
    "message",
    "due_at",
    "visible_from",
    "visible_until"
  )
SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."group_id",
  "v"."accepted",
  "v"."visible",
  "v"."metadata",
  "v"."suggested_by",
  "v"."created",
  "v"."modified",
  "v"."message",
  "v"."due_at",
  "v"."visible_from",
  "v"."visible_until"
FROM
  json_populate_recordset(CAST(NULL AS program_group_suggestions), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "program_suggestions" (
    "id",
    "platform_id",
    "program_id",
    "user_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
    "created",
    "modified",
    "message",
    "due_at",
    "visible_from",
    "visible_until",
    "direct"
  )
SELECT
  "v"."id",
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  "v"."accepted",
  "v"."visible",
  "v"."metadata",
  "v"."suggested_by",
  "v"."created",
  "v"."modified",
  "v"."message",
  "v"."due_at",
  "v"."visible_from",
  "v"."visible_until",
  "v"."direct"
FROM
  json_populate_recordset(CAST(NULL AS program_suggestions), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "program_suggestions" (
    "platform_id",
    "program_id",
    "user_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
    "created",
    "modified",
    "message",
    "due_at",
    "visible_from",
    "visible_until",
    "direct"
  )
SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  "v"."accepted",
  "v"."visible",
  "v"."metadata",
  "v"."suggested_by",
  "v"."created",
  "v"."modified",
  "v"."message",
  "v"."due_at",
  "v"."visible_from",
  "v"."visible_until",
  "v"."direct"
FROM
  json_populate_recordset(CAST(NULL AS program_suggestions), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "programs" (
    "platform_id",
    "key",
    "key_folded",
    "name",
    "name_folded",
    "org",
    "description",
    "url",
    "image_url"
  )
SELECT
  "v"."platform_id",
  "v"."key",
  "v"."key_folded",
  "v"."name",
  "v"."name_folded",
  "v"."org",
  "v"."description",
  "v"."url",
  "v"."image_url"
FROM json_populate_recordset(CAST(NULL AS programs), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "suggestion_answers" (
    "platform_id",
    "program_id",
    "user_id",
    "accepted",
    "reason",
    "comment",
    "answered"
  )
SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  "v"."accepted",
  "v"."reason",
  "v"."comment",
  "v"."answered"
FROM
  json_populate_recordset(CAST(NULL AS suggestion_answers), CAST($1 AS JSON)) AS "v";

INSERT INTO "user_groups" (
  "id",
  "platform_id",
  "name",
  "name_folded",
  "department_id"
)
SELECT
  "v"."id",
  "v"."platform_id",
  "v"."name",
  "v"."name_folded",
  "v"."department_id"
FROM json_populate_recordset(CAST(NULL AS user_groups), CAST($1 AS JSON)) AS "v";

INSERT INTO
  "users" (
    "id",
    "username",
    "username_folded",
    "name",
    "name_folded",
    "email",
    "email_folded",
    "dm_admin"
  )
SELECT
  "v"."id",
  "v"."username",
  "v"."username_folded",
  "v"."name",
  "v"."name_folded",
  "v"."email",
  "v"."email_folded",
  "v"."dm_admin"
FROM json_populate_recordset(CAST(NULL AS users), CAST($1 AS JSON)) AS "v";
