SELECT
  "b"."id",
  "b"."platform_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "b"."created_count",
  "b"."updated_count",
  "b"."deleted_count",
  "b"."undoes",
  "k"."name",
  "u"."id"
FROM
  "suggestion_batches" AS "b"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "suggestion_batches" AS "u" ON "u"."undoes" = "b"."id"
WHERE
  "b"."platform_id" = $1
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
        )
    )
  )
ORDER BY "b"."id" DESC
LIMIT 101;

SELECT
  "b"."id",
  "b"."platform_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "b"."created_count",
  "b"."updated_count",
  "b"."deleted_count",
  "b"."undoes",
  "k"."name",
  "u"."id"
FROM
  "suggestion_batches" AS "b"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "suggestion_batches" AS "u" ON "u"."undoes" = "b"."id"
WHERE
  "b"."platform_id" = $1
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
        )
    )
  )
ORDER BY "b"."id" DESC
LIMIT 2;

SELECT
  "b"."id",
  "b"."platform_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "b"."created_count",
  "b"."updated_count",
  "b"."deleted_count",
  "b"."undoes",
  "k"."name",
  "u"."id"
FROM
  "suggestion_batches" AS "b"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "suggestion_batches" AS "u" ON "u"."undoes" = "b"."id"
WHERE "b"."platform_id" = $1 AND "b"."operation" IS NOT NULL
ORDER BY "b"."id" DESC
LIMIT 101;

SELECT
  "b"."id",
  "b"."platform_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "b"."created_count",
  "b"."updated_count",
  "b"."deleted_count",
  "b"."undoes",
  "k"."name",
  "u"."id"
FROM
  "suggestion_batches" AS "b"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "suggestion_batches" AS "u" ON "u"."undoes" = "b"."id"
WHERE "b"."platform_id" = $1 AND "b"."operation" IS NOT NULL
ORDER BY "b"."id" DESC
LIMIT 2;
