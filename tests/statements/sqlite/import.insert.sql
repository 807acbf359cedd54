INSERT INTO "department_members" ("department_id", "user_id", "admin")
SELECT "v"."department_id", "v"."user_id", "v"."admin"
FROM (
  SELECT
    "m"."value" ->> 'department_id' AS "department_id",
    "m"."value" ->> 'user_id' AS "user_id",
    "m"."value" ->> 'admin' AS "admin"
  FROM json_each($1) AS "m"
) AS "v";

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
FROM (
  SELECT
    "m"."value" ->> 'id' AS "id",
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'key' AS "key",
    "m"."value" ->> 'name' AS "name",
    "m"."value" ->> 'parent_id' AS "parent_id",
    "m"."value" ->> 'key_folded' AS "key_folded",
    "m"."value" ->> 'name_folded' AS "name_folded"
  FROM json_each($1) AS "m"
) AS "v";

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
FROM (
  SELECT
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'key' AS "key",
    "m"."value" ->> 'name' AS "name",
    "m"."value" ->> 'parent_id' AS "parent_id",
    "m"."value" ->> 'key_folded' AS "key_folded",
    "m"."value" ->> 'name_folded' AS "name_folded"
  FROM json_each($1) AS "m"
) AS "v";

INSERT INTO "group_members" ("group_id", "user_id", "active")
SELECT "v"."group_id", "v"."user_id", "v"."active"
FROM (
  SELECT
    "m"."value" ->> 'group_id' AS "group_id",
    "m"."value" ->> 'user_id' AS "user_id",
    "m"."value" ->> 'active' AS "active"
  FROM json_each($1) AS "m"
) AS "v";

INSERT INTO "memberships" ("platform_id", "user_id", "role", "active")
SELECT "v"."platform_id", "v"."user_id", "v"."role", "v"."active"
FROM (
  SELECT
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'user_id' AS "user_id",
    "m"."value" ->> 'role' AS "role",
    "m"."value" ->> 'active' AS "active"
  FROM json_each($1) AS "m"
) AS "v";

INSERT INTO "platforms" ("key", "org", "name")
SELECT "v"."key", "v"."org", "v"."name"
FROM (
  SELECT
    "m"."value" ->> 'key' AS "key",
    "m"."value" ->> 'org' AS "org",
    "m"."value" ->> 'name' AS "name"
  FROM json_each($1) AS "m"
) AS "v";

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
FROM (
  SELECT
    "m"."value" ->> 'id' AS "id",
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
) AS "v";

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
) AS "v";

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
FROM (
  SELECT
    "m"."value" ->> 'id' AS "id",
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
) AS "v";

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
) AS "v";

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
) AS "v";

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
) AS "v";

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
FROM (
  SELECT
    "m"."value" ->> 'id' AS "id",
    "m"."value" ->> 'platform_id' AS "platform_id",
    "m"."value" ->> 'name' AS "name",
    "m"."value" ->> 'name_folded' AS "name_folded",
    "m"."value" ->> 'department_id' AS "department_id"
  FROM json_each($1) AS "m"
) AS "v";

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
) AS "v";
