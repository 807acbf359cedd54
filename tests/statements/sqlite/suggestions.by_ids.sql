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
WHERE "s"."id" IN (SELECT "value" FROM json_each($1) AS "listed");

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
  "s"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
  AND (
    "s"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
    OR "s"."group_id" IN (
      SELECT "g"."id"
      FROM "user_groups" AS "g"
      WHERE "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
    )
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
WHERE "s"."id" IN (SELECT "value" FROM json_each($1) AS "listed");

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
  "s"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
  AND (
    "s"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
    OR EXISTS (
      SELECT 1
      FROM
        "department_members" AS "m"
        INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
      WHERE
        "m"."user_id" = "s"."user_id"
        AND "d"."platform_id" = "s"."platform_id"
        AND "d"."id" IN (SELECT "value" FROM json_each($3) AS "listed")
    )
  );
