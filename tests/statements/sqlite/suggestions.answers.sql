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
    "m"."value" ->> 0 AS "platform_id",
    CAST($1 AS BIGINT) AS "program_id",
    CAST($2 AS BIGINT) AS "user_id"
  FROM json_each($3) AS "m"
) AS "v"
  CROSS JOIN "suggestion_answers" AS "a"
WHERE
  "a"."platform_id" = "v"."platform_id"
  AND "a"."program_id" = "v"."program_id"
  AND "a"."user_id" = "v"."user_id";

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
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "user_id"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "suggestion_answers" AS "a"
WHERE
  "a"."platform_id" = "v"."platform_id"
  AND "a"."program_id" = "v"."program_id"
  AND "a"."user_id" = "v"."user_id";
