SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" IN (SELECT "value" FROM json_each($2) AS "listed");

SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
  AND "s"."group_id" IN (
    SELECT "id"
    FROM "user_groups"
    WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
  );

SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" IN (SELECT "value" FROM json_each($2) AS "listed");

SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
  AND "s"."user_id" IN (
    SELECT "user_id" AS "id"
    FROM "department_members"
    WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
  );
