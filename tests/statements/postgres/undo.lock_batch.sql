SELECT "b"."created_count" + "b"."updated_count" + "b"."deleted_count"
FROM "suggestion_batches" AS "b"
WHERE
  "b"."id" = $1
  AND "b"."platform_id" = $2
  AND "b"."operation" IS NOT NULL
  AND (
    NOT EXISTS (
      SELECT 1
      FROM "suggestion_events" AS "e"
      WHERE
        "e"."batch_id" = "b"."id"
        AND (
          NOT (
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
                  AND "d"."id" = ANY($3)
              )
            )
            OR (
              "e"."kind" = 1
              AND EXISTS (
                SELECT 1
                FROM "user_groups" AS "l"
                WHERE "l"."id" = "e"."recipient_id"
                  AND "l"."department_id" = ANY($3)
              )
            )
          )
        )
    )
  )
FOR UPDATE OF "b";

SELECT "b"."created_count" + "b"."updated_count" + "b"."deleted_count"
FROM "suggestion_batches" AS "b"
WHERE "b"."id" = $1 AND "b"."platform_id" = $2 AND "b"."operation" IS NOT NULL
FOR UPDATE OF "b";
