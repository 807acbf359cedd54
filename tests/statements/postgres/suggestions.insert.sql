INSERT INTO
  "program_group_suggestions" (
    "platform_id",
    "program_id",
    "group_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
    "message",
    "due_at",
    "visible_from",
    "visible_until",
    "created",
    "modified"
  )
SELECT
  $1,
  "v"."program_id",
  "v"."recipient_id",
  "v"."accepted",
  "v"."visible",
  "v"."metadata",
  NULLIF("v"."suggested_by", -9223372036854775807),
  NULLIF("v"."message", ''),
  NULLIF("v"."due_at", -9223372036854775807),
  NULLIF("v"."visible_from", -9223372036854775807),
  NULLIF("v"."visible_until", -9223372036854775807),
  $2,
  $2
FROM (
  SELECT
    unnest($3) AS "program_id",
    CAST($4 AS BIGINT) AS "recipient_id",
    CAST($5 AS BOOLEAN) AS "accepted",
    CAST($6 AS BOOLEAN) AS "visible",
    CAST($7 AS TEXT) AS "metadata",
    CAST($8 AS BIGINT) AS "suggested_by",
    CAST($9 AS TEXT) AS "message",
    CAST($10 AS BIGINT) AS "due_at",
    CAST($11 AS BIGINT) AS "visible_from",
    CAST($12 AS BIGINT) AS "visible_until"
) AS "v"
WHERE TRUE
ON CONFLICT ("platform_id", "program_id", "group_id") DO NOTHING
RETURNING "program_id", "group_id", "id";

INSERT INTO
  "program_group_suggestions" (
    "platform_id",
    "program_id",
    "group_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
    "message",
    "due_at",
    "visible_from",
    "visible_until",
    "created",
    "modified"
  )
SELECT
  $1,
  "v"."program_id",
  "v"."recipient_id",
  "v"."accepted",
  "v"."visible",
  "v"."metadata",
  NULLIF("v"."suggested_by", -9223372036854775807),
  NULLIF("v"."message", ''),
  NULLIF("v"."due_at", -9223372036854775807),
  NULLIF("v"."visible_from", -9223372036854775807),
  NULLIF("v"."visible_until", -9223372036854775807),
  $2,
  $2
FROM (
  SELECT
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BOOLEAN) AS "accepted",
    CAST($6 AS BOOLEAN) AS "visible",
    CAST($7 AS TEXT) AS "metadata",
    CAST($8 AS BIGINT) AS "suggested_by",
    CAST($9 AS TEXT) AS "message",
    CAST($10 AS BIGINT) AS "due_at",
    CAST($11 AS BIGINT) AS "visible_from",
    CAST($12 AS BIGINT) AS "visible_until"
) AS "v"
WHERE TRUE
ON CONFLICT ("platform_id", "program_id", "group_id") DO NOTHING
RETURNING "program_id", "group_id", "id";

INSERT INTO
  "program_suggestions" (
    "platform_id",
    "program_id",
    "user_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
    "message",
    "due_at",
    "visible_from",
    "visible_until",
    "direct",
    "created",
    "modified"
  )
SELECT
  $1,
  "v"."program_id",
  "v"."recipient_id",
  "v"."accepted",
  "v"."visible",
  "v"."metadata",
  NULLIF("v"."suggested_by", -9223372036854775807),
  NULLIF("v"."message", ''),
  NULLIF("v"."due_at", -9223372036854775807),
  NULLIF("v"."visible_from", -9223372036854775807),
  NULLIF("v"."visible_until", -9223372036854775807),
  "v"."direct",
  $2,
  $2
FROM (
  SELECT
    unnest($3) AS "program_id",
    CAST($4 AS BIGINT) AS "recipient_id",
    CAST($5 AS BOOLEAN) AS "accepted",
    CAST($6 AS BOOLEAN) AS "visible",
    CAST($7 AS TEXT) AS "metadata",
    CAST($8 AS BIGINT) AS "suggested_by",
    CAST($9 AS TEXT) AS "message",
    CAST($10 AS BIGINT) AS "due_at",
    CAST($11 AS BIGINT) AS "visible_from",
    CAST($12 AS BIGINT) AS "visible_until",
    CAST($13 AS BOOLEAN) AS "direct"
) AS "v"
WHERE TRUE
ON CONFLICT ("platform_id", "program_id", "user_id") DO NOTHING
RETURNING "program_id", "user_id", "id";

INSERT INTO
  "program_suggestions" (
    "platform_id",
    "program_id",
    "user_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
    "message",
    "due_at",
    "visible_from",
    "visible_until",
    "direct",
    "created",
    "modified"
  )
SELECT
  $1,
  "v"."program_id",
  "v"."recipient_id",
  "v"."accepted",
  "v"."visible",
  "v"."metadata",
  NULLIF("v"."suggested_by", -9223372036854775807),
  NULLIF("v"."message", ''),
  NULLIF("v"."due_at", -9223372036854775807),
  NULLIF("v"."visible_from", -9223372036854775807),
  NULLIF("v"."visible_until", -9223372036854775807),
  "v"."direct",
  $2,
  $2
FROM (
  SELECT
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BOOLEAN) AS "accepted",
    CAST($6 AS BOOLEAN) AS "visible",
    CAST($7 AS TEXT) AS "metadata",
    CAST($8 AS BIGINT) AS "suggested_by",
    CAST($9 AS TEXT) AS "message",
    CAST($10 AS BIGINT) AS "due_at",
    CAST($11 AS BIGINT) AS "visible_from",
    CAST($12 AS BIGINT) AS "visible_until",
    CAST($13 AS BOOLEAN) AS "direct"
) AS "v"
WHERE TRUE
ON CONFLICT ("platform_id", "program_id", "user_id") DO NOTHING
RETURNING "program_id", "user_id", "id";
