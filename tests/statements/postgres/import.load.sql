SELECT "t"."department_id", "t"."user_id", "t"."admin"
FROM
  json_populate_recordset(CAST(NULL AS department_members), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "department_members" AS "t"
WHERE "t"."department_id" = "v"."department_id" AND "t"."user_id" = "v"."user_id";

SELECT "t"."group_id", "t"."user_id", "t"."active"
FROM
  json_populate_recordset(CAST(NULL AS group_members), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "group_members" AS "t"
WHERE "t"."group_id" = "v"."group_id" AND "t"."user_id" = "v"."user_id";

SELECT "t"."id", "t"."key", "t"."org", "t"."name"
FROM
  json_populate_recordset(CAST(NULL AS platforms), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "platforms" AS "t"
WHERE "t"."key" = "v"."key";

SELECT
  "t"."id",
  "t"."platform_id",
  "t"."key",
  "t"."key_folded",
  "t"."name",
  "t"."name_folded",
  "t"."org",
  "t"."description",
  "t"."url",
  "t"."image_url"
FROM
  json_populate_recordset(CAST(NULL AS programs), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "programs" AS "t"
WHERE "t"."platform_id" = "v"."platform_id" AND "t"."key" = "v"."key";

SELECT
  "t"."id",
  "t"."platform_id",
  "t"."key",
  "t"."name",
  "t"."parent_id",
  "t"."key_folded",
  "t"."name_folded"
FROM
  json_populate_recordset(CAST(NULL AS departments), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "departments" AS "t"
WHERE "t"."id" = "v"."id";

SELECT
  "t"."id",
  "t"."platform_id",
  "t"."key",
  "t"."name",
  "t"."parent_id",
  "t"."key_folded",
  "t"."name_folded"
FROM
  json_populate_recordset(CAST(NULL AS departments), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "departments" AS "t"
WHERE "t"."platform_id" = "v"."platform_id";

SELECT
  "t"."id",
  "t"."platform_id",
  "t"."name",
  "t"."name_folded",
  "t"."department_id"
FROM
  json_populate_recordset(CAST(NULL AS user_groups), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "user_groups" AS "t"
WHERE "t"."id" = "v"."id";

SELECT
  "t"."id",
  "t"."platform_id",
  "t"."program_id",
  "t"."group_id",
  "t"."accepted",
  "t"."visible",
  "t"."metadata",
  "t"."suggested_by",
  "t"."created",
  "t"."modified",
  "t"."message",
  "t"."due_at",
  "t"."visible_from",
  "t"."visible_until"
FROM
  json_populate_recordset(CAST(NULL AS program_group_suggestions), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "program_group_suggestions" AS "t"
WHERE "t"."id" = "v"."id";

SELECT
  "t"."id",
  "t"."platform_id",
  "t"."program_id",
  "t"."group_id",
  "t"."accepted",
  "t"."visible",
  "t"."metadata",
  "t"."suggested_by",
  "t"."created",
  "t"."modified",
  "t"."message",
  "t"."due_at",
  "t"."visible_from",
  "t"."visible_until"
FROM
  json_populate_recordset(CAST(NULL AS program_group_suggestions), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "program_group_suggestions" AS "t"
WHERE
  "t"."platform_id" = "v"."platform_id"
  AND "t"."program_id" = "v"."program_id"
  AND "t"."group_id" = "v"."group_id";

SELECT
  "t"."id",
  "t"."platform_id",
  "t"."program_id",
  "t"."user_id",
  "t"."accepted",
  "t"."visible",
  "t"."metadata",
  "t"."suggested_by",
  "t"."created",
  "t"."modified",
  "t"."message",
  "t"."due_at",
  "t"."visible_from",
  "t"."visible_until",
  "t"."direct"
FROM
  json_populate_recordset(CAST(NULL AS program_suggestions), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "program_suggestions" AS "t"
WHERE "t"."id" = "v"."id";

SELECT
  "t"."id",
  "t"."platform_id",
  "t"."program_id",
  "t"."user_id",
  "t"."accepted",
  "t"."visible",
  "t"."metadata",
  "t"."suggested_by",
  "t"."created",
  "t"."modified",
  "t"."message",
  "t"."due_at",
  "t"."visible_from",
  "t"."visible_until",
  "t"."direct"
FROM
  json_populate_recordset(CAST(NULL AS program_suggestions), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "program_suggestions" AS "t"
WHERE
  "t"."platform_id" = "v"."platform_id"
  AND "t"."program_id" = "v"."program_id"
  AND "t"."user_id" = "v"."user_id";

SELECT
  "t"."id",
  "t"."username",
  "t"."username_folded",
  "t"."name",
  "t"."name_folded",
  "t"."email",
  "t"."email_folded",
  "t"."dm_admin"
FROM
  json_populate_recordset(CAST(NULL AS users), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "users" AS "t"
WHERE "t"."id" = "v"."id";

SELECT
  "t"."id",
  "t"."username",
  "t"."username_folded",
  "t"."name",
  "t"."name_folded",
  "t"."email",
  "t"."email_folded",
  "t"."dm_admin"
FROM
  json_populate_recordset(CAST(NULL AS users), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "users" AS "t"
WHERE "t"."username_folded" = "v"."username_folded";

SELECT
  "t"."platform_id",
  "t"."program_id",
  "t"."user_id",
  "t"."accepted",
  "t"."reason",
  "t"."comment",
  "t"."answered"
FROM
  json_populate_recordset(CAST(NULL AS suggestion_answers), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "suggestion_answers" AS "t"
WHERE
  "t"."platform_id" = "v"."platform_id"
  AND "t"."program_id" = "v"."program_id"
  AND "t"."user_id" = "v"."user_id";

SELECT "t"."platform_id", "t"."user_id", "t"."role", "t"."active"
FROM
  json_populate_recordset(CAST(NULL AS memberships), CAST($1 AS JSON)) AS "v"
  CROSS JOIN "memberships" AS "t"
WHERE "t"."platform_id" = "v"."platform_id" AND "t"."user_id" = "v"."user_id";
