UPDATE "program_group_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = NULLIF("v"."suggested_by", -9223372036854775807),
  "message" = NULLIF("v"."message", ''),
  "due_at" = NULLIF("v"."due_at", -9223372036854775807),
  "visible_from" = NULLIF("v"."visible_from", -9223372036854775807),
  "visible_until" = NULLIF("v"."visible_until", -9223372036854775807),
  "modified" = $1
FROM (
  SELECT
    "m"."value" ->> 0 AS "id",
    CAST($2 AS BOOLEAN) AS "accepted",
    CAST($3 AS BOOLEAN) AS "visible",
    CAST($4 AS TEXT) AS "metadata",
    CAST($5 AS BIGINT) AS "suggested_by",
    "m"."value" ->> 1 AS "message",
    CAST($6 AS BIGINT) AS "due_at",
    CAST($7 AS BIGINT) AS "visible_from",
    "m"."value" ->> 2 AS "visible_until"
  FROM json_each($8) AS "m"
) AS "v"
WHERE
  "program_group_suggestions"."id" = "v"."id"
  AND "program_group_suggestions"."platform_id" = $9;

UPDATE "program_group_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = NULLIF("v"."suggested_by", -9223372036854775807),
  "message" = NULLIF("v"."message", ''),
  "due_at" = NULLIF("v"."due_at", -9223372036854775807),
  "visible_from" = NULLIF("v"."visible_from", -9223372036854775807),
  "visible_until" = NULLIF("v"."visible_until", -9223372036854775807),
  "modified" = $1
FROM (
  SELECT
    "m"."value" ->> 0 AS "id",
    CAST($2 AS BOOLEAN) AS "accepted",
    CAST($3 AS BOOLEAN) AS "visible",
    CAST($4 AS TEXT) AS "metadata",
    CAST($5 AS BIGINT) AS "suggested_by",
    CAST($6 AS TEXT) AS "message",
    CAST($7 AS BIGINT) AS "due_at",
    CAST($8 AS BIGINT) AS "visible_from",
    CAST($9 AS BIGINT) AS "visible_until"
  FROM json_each($10) AS "m"
) AS "v"
WHERE
  "program_group_suggestions"."id" = "v"."id"
  AND "program_group_suggestions"."platform_id" = $11;

UPDATE "program_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = NULLIF("v"."suggested_by", -9223372036854775807),
  "message" = NULLIF("v"."message", ''),
  "due_at" = NULLIF("v"."due_at", -9223372036854775807),
  "visible_from" = NULLIF("v"."visible_from", -9223372036854775807),
  "visible_until" = NULLIF("v"."visible_until", -9223372036854775807),
  "direct" = "v"."direct",
  "modified" = $1
FROM (
  SELECT
    "m"."value" ->> 0 AS "id",
    CAST($2 AS BOOLEAN) AS "accepted",
    CAST($3 AS BOOLEAN) AS "visible",
    CAST($4 AS TEXT) AS "metadata",
    CAST($5 AS BIGINT) AS "suggested_by",
    "m"."value" ->> 1 AS "message",
    CAST($6 AS BIGINT) AS "due_at",
    CAST($7 AS BIGINT) AS "visible_from",
    "m"."value" ->> 2 AS "visible_until",
    CAST($8 AS BOOLEAN) AS "direct"
  FROM json_each($9) AS "m"
) AS "v"
WHERE
  "program_suggestions"."id" = "v"."id"
  AND "program_suggestions"."platform_id" = $10;

UPDATE "program_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = NULLIF("v"."suggested_by", -9223372036854775807),
  "message" = NULLIF("v"."message", ''),
  "due_at" = NULLIF("v"."due_at", -9223372036854775807),
  "visible_from" = NULLIF("v"."visible_from", -9223372036854775807),
  "visible_until" = NULLIF("v"."visible_until", -9223372036854775807),
  "direct" = "v"."direct",
  "modified" = $1
FROM (
  SELECT
    "m"."value" ->> 0 AS "id",
    CAST($2 AS BOOLEAN) AS "accepted",
    CAST($3 AS BOOLEAN) AS "visible",
    CAST($4 AS TEXT) AS "metadata",
    CAST($5 AS BIGINT) AS "suggested_by",
    CAST($6 AS TEXT) AS "message",
    CAST($7 AS BIGINT) AS "due_at",
    CAST($8 AS BIGINT) AS "visible_from",
    CAST($9 AS BIGINT) AS "visible_until",
    CAST($10 AS BOOLEAN) AS "direct"
  FROM json_each($11) AS "m"
) AS "v"
WHERE
  "program_suggestions"."id" = "v"."id"
  AND "program_suggestions"."platform_id" = $12;
