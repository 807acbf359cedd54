SELECT
  TRUE,
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
FROM (
  SELECT "e".*
  FROM
    (
      SELECT
        "m"."value" ->> 0 AS "platform_id",
        CAST($1 AS BIGINT) AS "after_settled",
        CAST($2 AS BIGINT) AS "after_id"
      FROM json_each($3) AS "m"
    ) AS "v"
    INNER JOIN "suggestion_events" AS "e" ON "e"."platform_id" = "v"."platform_id"
    AND ("e"."settled", "e"."id") > ("v"."after_settled", "v"."after_id")
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 251
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;
