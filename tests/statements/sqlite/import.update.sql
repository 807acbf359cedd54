UPDATE "department_members" SET
  "admin" = "v"."admin"
FROM (
  SELECT
    "m"."value" ->> 'department_id' AS "department_id",
    "m"."value" ->> 'user_id' AS "user_id",
    "m"."value" ->> 'admin' AS "admin"
  FROM json_each($1) AS "m"
) AS "v"
WHERE
  "department_members"."department_id" = "v"."department_id"
  AND "department_members"."user_id" = "v"."user_id";

UPDATE "departments" SET
  "name" = "v"."name",
  "parent_id" = "v"."parent_id",
  "key_folded" = "v"."key_folded",
  "name_folded" = "v"."name_folded"
FROM (
  SELECT
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'key' AS "key",
    "m"."value" ->> 'name' AS "name",
    "m"."value" ->> 'parent_id' AS "parent_id",
    "m"."value" ->> 'key_folded' AS "key_folded",
    "m"."value" ->> 'name_folded' AS "name_folded"
  FROM json_each($1) AS "m"
) AS "v"
WHERE
  "departments"."platform_id" = "v"."platform_id"
  AND "departments"."key" = "v"."key";

UPDATE "group_members" SET
  "active" = "v"."active"
FROM (
  SELECT
    "m"."value" ->> 'group_id' AS "group_id",
    "m"."value" ->> 'user_id' AS "user_id",
    "m"."value" ->> 'active' AS "active"
  FROM json_each($1) AS "m"
) AS "v"
WHERE
  "group_members"."group_id" = "v"."group_id"
  AND "group_members"."user_id" = "v"."user_id";

UPDATE "memberships" SET
  "role" = "v"."role", "active" = "v"."active"
FROM (
  SELECT
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'user_id' AS "user_id",
    "m"."value" ->> 'role' AS "role",
    "m"."value" ->> 'active' AS "active"
  FROM json_each($1) AS "m"
) AS "v"
WHERE
  "memberships"."platform_id" = "v"."platform_id"
  AND "memberships"."user_id" = "v"."user_id";

UPDATE "platforms" SET
  "org" = "v"."org", "name" = "v"."name"
FROM (
  SELECT
    "m"."value" ->> 'key' AS "key",
    "m"."value" ->> 'org' AS "org",
    "m"."value" ->> 'name' AS "name"
  FROM json_each($1) AS "m"
) AS "v"
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
FROM (
  SELECT
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'program_id' AS "program_id",
    "m"."value" ->> 'group_id' AS "group_id",
    "m"."value" ->> 'accepted' AS "accepted",
    "m"."value" ->> 'visible' AS "visible",
    "m"."value" ->> 'metadata' AS "metadata",
    "m"."value" ->> 'suggested_by' AS "suggested_by",
    "m"."value" ->> 'created' AS "created",
    "m"."value" ->> 'modified' AS "modified",
    "m"."value" ->> 'message' AS "message",
    "m"."value" ->> 'due_at' AS "due_at",
    "m"."value" ->> 'visible_from' AS "visible_from",
    "m"."value" ->> 'visible_until' AS "visible_until"
  FROM json_each($1) AS "m"
) AS "v"
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
FROM (
  SELECT
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'program_id' AS "program_id",
    "m"."value" ->> 'user_id' AS "user_id",
    "m"."value" ->> 'accepted' AS "accepted",
    "m"."value" ->> 'visible' AS "visible",
    "m"."value" ->> 'metadata' AS "metadata",
    "m"."value" ->> 'suggested_by' AS "suggested_by",
    "m"."value" ->> 'created' AS "created",
    "m"."value" ->> 'modified' AS "modified",
    "m"."value" ->> 'message' AS "message",
    "m"."value" ->> 'due_at' AS "due_at",
    "m"."value" ->> 'visible_from' AS "visible_from",
    "m"."value" ->> 'visible_until' AS "visible_until",
    "m"."value" ->> 'direct' AS "direct"
  FROM json_each($1) AS "m"
) AS "v"
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
FROM (
  SELECT
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'key' AS "key",
    "m"."value" ->> 'key_folded' AS "key_folded",
    "m"."value" ->> 'name' AS "name",
    "m"."value" ->> 'name_folded' AS "name_folded",
    "m"."value" ->> 'org' AS "org",
    "m"."value" ->> 'description' AS "description",
    "m"."value" ->> 'url' AS "url",
    "m"."value" ->> 'image_url' AS "image_url"
  FROM json_each($1) AS "m"
) AS "v"
WHERE "programs"."platform_id" = "v"."platform_id" AND "programs"."key" = "v"."key";

UPDATE "suggestion_answers" SET
  "accepted" = "v"."accepted",
  "reason" = "v"."reason",
  "comment" = "v"."comment",
  "answered" = "v"."answered"
FROM (
  SELECT
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'program_id' AS "program_id",
    "m"."value" ->> 'user_id' AS "user_id",
    "m"."value" ->> 'accepted' AS "accepted",
    "m"."value" ->> 'reason' AS "reason",
    "m"."value" ->> 'comment' AS "comment",
    "m"."value" ->> 'answered' AS "answered"
  FROM json_each($1) AS "m"
) AS "v"
WHERE
  "suggestion_answers"."platform_id" = "v"."platform_id"
  AND "suggestion_answers"."program_id" = "v"."program_id"
  AND "suggestion_answers"."user_id" = "v"."user_id";

UPDATE "user_groups" SET
  "platform_id" = "v"."platform_id",
  "name" = "v"."name",
  "name_folded" = "v"."name_folded",
  "department_id" = "v"."department_id"
FROM (
  SELECT
    "m"."value" ->> 'id' AS "id",
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'name' AS "name",
    "m"."value" ->> 'name_folded' AS "name_folded",
    "m"."value" ->> 'department_id' AS "department_id"
  FROM json_each($1) AS "m"
) AS "v"
WHERE "user_groups"."id" = "v"."id";

UPDATE "users" SET
  "username" = "v"."username",
  "username_folded" = "v"."username_folded",
  "name" = "v"."name",
  "name_folded" = "v"."name_folded",
  "email" = "v"."email",
  "email_folded" = "v"."email_folded",
  "dm_admin" = "v"."dm_admin"
FROM (
  SELECT
    "m"."value" ->> 'id' AS "id",
    "m"."value" ->> 'username' AS "username",
    "m"."value" ->> 'username_folded' AS "username_folded",
    "m"."value" ->> 'name' AS "name",
    "m"."value" ->> 'name_folded' AS "name_folded",
    "m"."value" ->> 'email' AS "email",
    "m"."value" ->> 'email_folded' AS "email_folded",
    "m"."value" ->> 'dm_admin' AS "dm_admin"
  FROM json_each($1) AS "m"
) AS "v"
WHERE "users"."id" = "v"."id";
