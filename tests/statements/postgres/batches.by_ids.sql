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
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "u"
    WHERE "u"."undoes" = "b"."id" OFFSET 0
  ) AS "u" ON TRUE
WHERE "b"."id" = ANY($1) AND "b"."operation" IS NOT NULL;

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
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "u"
    WHERE "u"."undoes" = "b"."id" OFFSET 0
  ) AS "u" ON TRUE
WHERE
  "b"."id" = ANY($1)
  AND "b"."operation" IS NOT NULL
  AND (
    "b"."platform_id" = ANY($2)
    OR (
      "b"."platform_id" = ANY($3)
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
                      AND "d"."id" = ANY($4)
                  )
                )
                OR (
                  "e"."kind" = 1
                  AND EXISTS (
                    SELECT 1
                    FROM "user_groups" AS "l"
                    WHERE "l"."id" = "e"."recipient_id"
                      AND "l"."department_id" = ANY($4)
                  )
                )
              )
            )
        )
      )
    )
  );
