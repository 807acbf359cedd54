UPDATE "department_members" SET
  "admin" = "v"."admin"
FROM
  json_populate_recordset(CAST(NULL AS department_members), CAST($1 AS JSON)) AS "v"
WHERE
  "department_members"."department_id" = "v"."department_id"
  AND "department_members"."user_id" = "v"."user_id";

UPDATE "departments" SET
  "name" = "v"."name",
  "parent_id" = "v"."parent_id",
  "key_folded" = "v"."key_folded",
  "name_folded" = "v"."name_folded"
FROM json_populate_recordset(CAST(NULL AS departments), CAST($1 AS JSON)) AS "v"
WHERE
  "departments"."platform_id" = "v"."platform_id"
  AND "departments"."key" = "v"."key";

UPDATE "group_members" SET
  "active" = "v"."active"
FROM json_populate_recordset(CAST(NULL AS group_members), CAST($1 AS JSON)) AS "v"
WHERE
  "group_members"."group_id" = "v"."group_id"
  AND "group_members"."user_id" = "v"."user_id";

UPDATE "memberships" SET
  "role" = "v"."role", "active" = "v"."active"
FROM json_populate_recordset(CAST(NULL AS memberships), CAST($1 AS JSON)) AS "v"
WHERE
  "memberships"."platform_id" = "v"."platform_id"
  AND "memberships"."user_id" = "v"."user_id";

UPDATE "platforms" SET
  "org" = "v"."org", "name" = "v"."name"
FROM json_populate_recordset(CAST(NULL AS platforms), CAST($1 AS JSON)) AS "v"
WHERE "platforms"."key" = "v"."key";

UPDATE "program_group_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = "v"."suggested_by",
  "created" = "v"."created",
  "modified" = "v"."modified",
  "message" = "v"."message",
  "due_at" = "v"."due_at",
  "visible_from" = "v"."visible_from",
  "visible_until" = "v"."visible_until"
FROM
  json_populate_recordset(CAST(NULL AS program_group_suggestions), CAST($1 AS JSON)) AS "v"
WHERE
  "program_group_suggestions"."platform_id" = "v"."platform_id"
  AND "program_group_suggestions"."program_id" = "v"."program_id"
  AND "program_group_suggestions"."group_id" = "v"."group_id";

UPDATE "program_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = "v"."suggested_by",
  "created" = "v"."created",
  "modified" = "v"."modified",
  "message" = "v"."message",
  "due_at" = "v"."due_at",
  "visible_from" = "v"."visible_from",
  "visible_until" = "v"."visible_until",
  "direct" = "v"."direct"
FROM
  json_populate_recordset(CAST(NULL AS program_suggestions), CAST($1 AS JSON)) AS "v"
WHERE
  "program_suggestions"."platform_id" = "v"."platform_id"
  AND "program_suggestions"."program_id" = "v"."program_id"
  AND "program_suggestions"."user_id" = "v"."user_id";

UPDATE "programs" SET
  "key_folded" = "v"."key_folded",
  "name" = "v"."name",
  "name_folded" = "v"."name_folded",
  "org" = "v"."org",
  "description" = "v"."description",
  "url" = "v"."url",
  "image_url" = "v"."image_url"
FROM json_populate_recordset(CAST(NULL AS programs), CAST($1 AS JSON)) AS "v"
WHERE "programs"."platform_id" = "v"."platform_id" AND "programs"."key" = "v"."key";

UPDATE "suggestion_answers" SET
  "accepted" = "v"."accepted",
  "reason" = "v"."reason",
  "comment" = "v"."comment",
  "answered" = "v"."answered"
FROM
  json_populate_recordset(CAST(NULL AS suggestion_answers), CAST($1 AS JSON)) AS "v"
WHERE
  "suggestion_answers"."platform_id" = "v"."platform_id"
  AND "suggestion_answers"."program_id" = "v"."program_id"
  AND "suggestion_answers"."user_id" = "v"."user_id";

UPDATE "user_groups" SET
  "platform_id" = "v"."platform_id",
  "name" = "v"."name",
  "name_folded" = "v"."name_folded",
  "department_id" = "v"."department_id"
FROM json_populate_recordset(CAST(NULL AS user_groups), CAST($1 AS JSON)) AS "v"
WHERE "user_groups"."id" = "v"."id";

UPDATE "users" SET
  "username" = "v"."username",
  "username_folded" = "v"."username_folded",
  "name" = "v"."name",
  "name_folded" = "v"."name_folded",
  "email" = "v"."email",
  "email_folded" = "v"."email_folded",
  "dm_admin" = "v"."dm_admin"
FROM json_populate_recordset(CAST(NULL AS users), CAST($1 AS JSON)) AS "v"
WHERE "users"."id" = "v"."id";
