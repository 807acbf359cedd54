SELECT COUNT(*)
FROM
  "suggestion_events" AS "e"
  INNER JOIN "suggestion_batches" AS "f" ON "f"."id" = "e"."batch_id"
WHERE
  EXISTS (
    SELECT 1
    FROM "programs" AS "shown"
    WHERE "shown"."platform_id" = "e"."platform_id"
      AND "shown"."id" = "e"."program_id"
  )
  AND "e"."platform_id" = $1
  AND "e"."action" IN (0)
  AND "e"."kind" = 0
  AND "e"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
  )
  AND "e"."kind" = 0
  AND "e"."recipient_id" IN (SELECT "value" FROM json_each($3) AS "listed")
  AND "f"."actor_id" IN (SELECT "value" FROM json_each($4) AS "listed")
  AND "f"."at" > $5
  AND "f"."at" < $6;

SELECT COUNT(*)
FROM
  "suggestion_events" AS "e"
  INNER JOIN "suggestion_batches" AS "f" ON "f"."id" = "e"."batch_id"
WHERE
  EXISTS (
    SELECT 1
    FROM "programs" AS "shown"
    WHERE "shown"."platform_id" = "e"."platform_id"
      AND "shown"."id" = "e"."program_id"
  )
  AND "e"."platform_id" = $1
  AND (
    (
      "e"."kind" = 0
      AND EXISTS (
        SELECT 1
        FROM
          "department_members" AS "m"
          INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
        WHERE
          "m"."user_id" = "e"."recipient_id"
          AND "d"."platform_id" = "e"."platform_id"
          AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
    )
    OR (
      "e"."kind" = 1
      AND EXISTS (
        SELECT 1
        FROM "user_groups" AS "l"
        WHERE
          "l"."id" = "e"."recipient_id"
          AND "l"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
    )
  )
  AND "e"."action" IN (0)
  AND "e"."kind" = 0
  AND "e"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($3) AS "listed")
  )
  AND "e"."kind" = 0
  AND "e"."recipient_id" IN (SELECT "value" FROM json_each($4) AS "listed")
  AND "f"."actor_id" IN (SELECT "value" FROM json_each($5) AS "listed")
  AND "f"."at" > $6
  AND "f"."at" < $7;

SELECT COUNT(*)
FROM "suggestion_events" AS "e"
WHERE
  EXISTS (
    SELECT 1
    FROM "programs" AS "shown"
    WHERE "shown"."platform_id" = "e"."platform_id"
      AND "shown"."id" = "e"."program_id"
  )
  AND "e"."platform_id" = $1;

SELECT COUNT(*)
FROM "suggestion_events" AS "e"
WHERE
  EXISTS (
    SELECT 1
    FROM "programs" AS "shown"
    WHERE "shown"."platform_id" = "e"."platform_id"
      AND "shown"."id" = "e"."program_id"
  )
  AND "e"."platform_id" = $1
  AND (
    (
      "e"."kind" = 0
      AND EXISTS (
        SELECT 1
        FROM
          "department_members" AS "m"
          INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
        WHERE
          "m"."user_id" = "e"."recipient_id"
          AND "d"."platform_id" = "e"."platform_id"
          AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
    )
    OR (
      "e"."kind" = 1
      AND EXISTS (
        SELECT 1
        FROM "user_groups" AS "l"
        WHERE
          "l"."id" = "e"."recipient_id"
          AND "l"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
    )
  );
