SELECT
  "e"."id",
  "e"."action",
  "e"."program_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "b"."at"
FROM (
  SELECT "m"."value" ->> 0 AS "program_id", "m"."value" ->> 1 AS "recipient_id"
  FROM json_each($1) AS "m"
) AS "v"
  CROSS JOIN "suggestion_events" AS "e"
  INNER JOIN "suggestion_batches" AS "b" ON "b"."id" = "e"."batch_id"
WHERE
  "e"."platform_id" = $2
  AND "e"."program_id" = "v"."program_id"
  AND "e"."kind" = 0
  AND "e"."recipient_id" = "v"."recipient_id"
  AND "e"."id" > $3
  AND "e"."batch_id" <> $4
  AND "e"."suggestion_id" IS NOT NULL
ORDER BY "e"."id" ASC;

SELECT
  "e"."id",
  "e"."action",
  "e"."program_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "b"."at"
FROM (
  SELECT "m"."value" ->> 0 AS "program_id", "m"."value" ->> 1 AS "recipient_id"
  FROM json_each($1) AS "m"
) AS "v"
  CROSS JOIN "suggestion_events" AS "e"
  INNER JOIN "suggestion_batches" AS "b" ON "b"."id" = "e"."batch_id"
WHERE
  "e"."platform_id" = $2
  AND "e"."program_id" = "v"."program_id"
  AND "e"."kind" = 1
  AND "e"."recipient_id" = "v"."recipient_id"
  AND "e"."id" > $3
  AND "e"."batch_id" <> $4
  AND "e"."suggestion_id" IS NOT NULL
ORDER BY "e"."id" ASC;

SELECT
  "e"."id",
  "e"."action",
  "e"."program_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "b"."at"
FROM (
  SELECT "m"."value" ->> 0 AS "program_id", CAST($1 AS BIGINT) AS "recipient_id"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "suggestion_events" AS "e"
  INNER JOIN "suggestion_batches" AS "b" ON "b"."id" = "e"."batch_id"
WHERE
  "e"."platform_id" = $3
  AND "e"."program_id" = "v"."program_id"
  AND "e"."kind" = 0
  AND "e"."recipient_id" = "v"."recipient_id"
  AND "e"."id" > $4
  AND "e"."batch_id" <> $5
  AND "e"."suggestion_id" IS NOT NULL
ORDER BY "e"."id" ASC;

SELECT
  "e"."id",
  "e"."action",
  "e"."program_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "b"."at"
FROM (
  SELECT "m"."value" ->> 0 AS "program_id", CAST($1 AS BIGINT) AS "recipient_id"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "suggestion_events" AS "e"
  INNER JOIN "suggestion_batches" AS "b" ON "b"."id" = "e"."batch_id"
WHERE
  "e"."platform_id" = $3
  AND "e"."program_id" = "v"."program_id"
  AND "e"."kind" = 1
  AND "e"."recipient_id" = "v"."recipient_id"
  AND "e"."id" > $4
  AND "e"."batch_id" <> $5
  AND "e"."suggestion_id" IS NOT NULL
ORDER BY "e"."id" ASC;
