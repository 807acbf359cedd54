SELECT
  "e"."settled" < CAST(
    CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
  ),
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (
    SELECT "e".*
    FROM (
      SELECT
        unnest($1) AS "platform_id",
        CAST($2 AS BIGINT) AS "after_settled",
        CAST($3 AS BIGINT) AS "after_id"
    ) AS "v"
      INNER JOIN LATERAL (
        SELECT "e".*
        FROM "suggestion_events" AS "e"
        WHERE
          "e"."platform_id" = "v"."platform_id"
          AND ("e"."settled", "e"."id") > ("v"."after_settled", "v"."after_id")
          AND EXISTS (
            SELECT 1
            FROM "programs" AS "shown"
            WHERE "shown"."platform_id" = "e"."platform_id"
              AND "shown"."id" = "e"."program_id"
          )
        ORDER BY "e"."settled" ASC, "e"."id" ASC
        LIMIT 251
      ) AS "e" ON TRUE
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 251
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
ORDER BY "e"."settled" ASC, "e"."id" ASC;
