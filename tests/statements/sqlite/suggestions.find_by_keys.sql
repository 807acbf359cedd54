SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM (
  SELECT "m"."value" ->> 0 AS "program_id", "m"."value" ->> 1 AS "recipient_id"
  FROM json_each($1) AS "m"
) AS "v"
  CROSS JOIN "program_group_suggestions" AS "s"
WHERE
  "s"."program_id" = "v"."program_id"
  AND "s"."group_id" = "v"."recipient_id"
  AND "s"."platform_id" = $2;

SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM (
  SELECT "m"."value" ->> 0 AS "program_id", CAST($1 AS BIGINT) AS "recipient_id"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "program_group_suggestions" AS "s"
WHERE
  "s"."program_id" = "v"."program_id"
  AND "s"."group_id" = "v"."recipient_id"
  AND "s"."platform_id" = $3;

SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT "m"."value" ->> 0 AS "program_id", "m"."value" ->> 1 AS "recipient_id"
  FROM json_each($1) AS "m"
) AS "v"
  CROSS JOIN "program_suggestions" AS "s"
WHERE
  "s"."program_id" = "v"."program_id"
  AND "s"."user_id" = "v"."recipient_id"
  AND "s"."platform_id" = $2;

SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT "m"."value" ->> 0 AS "program_id", CAST($1 AS BIGINT) AS "recipient_id"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "program_suggestions" AS "s"
WHERE
  "s"."program_id" = "v"."program_id"
  AND "s"."user_id" = "v"."recipient_id"
  AND "s"."platform_id" = $3;
