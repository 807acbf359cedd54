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
  AND "e"."settled" < CAST(
    CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
  )
  AND "e"."action" IN (0)
  AND "e"."kind" = 0
  AND "e"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" = ANY($2)
  )
  AND "e"."kind" = 0
  AND "e"."recipient_id" = ANY($3)
  AND "f"."actor_id" = ANY($4)
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
  AND "e"."settled" < CAST(
    CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
  )
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
          AND "d"."id" = ANY($2)
      )
    )
    OR (
      "e"."kind" = 1
      AND EXISTS (
        SELECT 1
        FROM "user_groups" AS "l"
        WHERE "l"."id" = "e"."recipient_id"
          AND "l"."department_id" = ANY($2)
      )
    )
  )
  AND "e"."action" IN (0)
  AND "e"."kind" = 0
  AND "e"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" = ANY($3)
  )
  AND "e"."kind" = 0
  AND "e"."recipient_id" = ANY($4)
  AND "f"."actor_id" = ANY($5)
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
  AND "e"."platform_id" = $1
  AND "e"."settled" < CAST(
    CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
  );

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
  AND "e"."settled" < CAST(
    CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
  )
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
          AND "d"."id" = ANY($2)
      )
    )
    OR (
      "e"."kind" = 1
      AND EXISTS (
        SELECT 1
        FROM "user_groups" AS "l"
        WHERE "l"."id" = "e"."recipient_id"
          AND "l"."department_id" = ANY($2)
      )
    )
  );
