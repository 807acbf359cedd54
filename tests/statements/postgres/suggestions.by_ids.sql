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
WHERE "s"."id" = ANY($1);

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
  "s"."id" = ANY($1)
  AND (
    "s"."platform_id" = ANY($2)
    OR "s"."group_id" IN (
      SELECT "g"."id"
      FROM "user_groups" AS "g"
      WHERE "g"."department_id" = ANY($3)
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
WHERE "s"."id" = ANY($1);

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
  "s"."id" = ANY($1)
  AND (
    "s"."platform_id" = ANY($2)
    OR EXISTS (
      SELECT 1
      FROM
        "department_members" AS "m"
        INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
      WHERE
        "m"."user_id" = "s"."user_id"
        AND "d"."platform_id" = "s"."platform_id"
        AND "d"."id" = ANY($3)
    )
  );
