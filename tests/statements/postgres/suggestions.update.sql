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
    unnest($2) AS "id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by",
    CAST($7 AS TEXT) AS "message",
    CAST($8 AS BIGINT) AS "due_at",
    CAST($9 AS BIGINT) AS "visible_from",
    CAST($10 AS BIGINT) AS "visible_until"
) AS "v"
WHERE
  "program_group_suggestions"."id" = "v"."id"
  AND "program_group_suggestions"."platform_id" = $11;

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
    unnest($2) AS "id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by",
    unnest($7) AS "message",
    CAST($8 AS BIGINT) AS "due_at",
    CAST($9 AS BIGINT) AS "visible_from",
    unnest($10) AS "visible_until"
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
    unnest($2) AS "id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by",
    CAST($7 AS TEXT) AS "message",
    CAST($8 AS BIGINT) AS "due_at",
    CAST($9 AS BIGINT) AS "visible_from",
    CAST($10 AS BIGINT) AS "visible_until",
    CAST($11 AS BOOLEAN) AS "direct"
) AS "v"
WHERE
  "program_suggestions"."id" = "v"."id"
  AND "program_suggestions"."platform_id" = $12;

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
    unnest($2) AS "id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by",
    unnest($7) AS "message",
    CAST($8 AS BIGINT) AS "due_at",
    CAST($9 AS BIGINT) AS "visible_from",
    unnest($10) AS "visible_until",
    CAST($11 AS BOOLEAN) AS "direct"
) AS "v"
WHERE
  "program_suggestions"."id" = "v"."id"
  AND "program_suggestions"."platform_id" = $12;
