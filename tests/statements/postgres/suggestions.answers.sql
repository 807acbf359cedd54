SELECT
  "a"."platform_id",
  "a"."program_id",
  "a"."user_id",
  "a"."accepted",
  "a"."reason",
  "a"."comment",
  "a"."answered"
FROM (
  SELECT
    CAST($1 AS BIGINT) AS "platform_id",
    unnest($2) AS "program_id",
    unnest($3) AS "user_id"
) AS "v"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_answers" AS "a"
    WHERE
      "a"."platform_id" = "v"."platform_id"
      AND "a"."program_id" = "v"."program_id"
      AND "a"."user_id" = "v"."user_id" OFFSET 0
  ) AS "a" ON TRUE;

SELECT
  "a"."platform_id",
  "a"."program_id",
  "a"."user_id",
  "a"."accepted",
  "a"."reason",
  "a"."comment",
  "a"."answered"
FROM (
  SELECT
    unnest($1) AS "platform_id",
    CAST($2 AS BIGINT) AS "program_id",
    CAST($3 AS BIGINT) AS "user_id"
) AS "v"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_answers" AS "a"
    WHERE
      "a"."platform_id" = "v"."platform_id"
      AND "a"."program_id" = "v"."program_id"
      AND "a"."user_id" = "v"."user_id" OFFSET 0
  ) AS "a" ON TRUE;
