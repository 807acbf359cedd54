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
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by",
    CAST($7 AS TEXT) AS "message",
    CAST($8 AS BIGINT) AS "due_at",
    CAST($9 AS BIGINT) AS "visible_from",
    CAST($10 AS BIGINT) AS "visible_until"
  FROM json_each($11) AS "m"
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
    "m"."value" ->> 0 AS "program_id",
    CAST($3 AS BIGINT) AS "recipient_id",
    CAST($4 AS BOOLEAN) AS "accepted",
    CAST($5 AS BOOLEAN) AS "visible",
    CAST($6 AS TEXT) AS "metadata",
    CAST($7 AS BIGINT) AS "suggested_by",
    CAST($8 AS TEXT) AS "message",
    CAST($9 AS BIGINT) AS "due_at",
    CAST($10 AS BIGINT) AS "visible_from",
    CAST($11 AS BIGINT) AS "visible_until"
  FROM json_each($12) AS "m"
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
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by",
    CAST($7 AS TEXT) AS "message",
    CAST($8 AS BIGINT) AS "due_at",
    CAST($9 AS BIGINT) AS "visible_from",
    CAST($10 AS BIGINT) AS "visible_until",
    CAST($11 AS BOOLEAN) AS "direct"
  FROM json_each($12) AS "m"
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
    "m"."value" ->> 0 AS "program_id",
    CAST($3 AS BIGINT) AS "recipient_id",
    CAST($4 AS BOOLEAN) AS "accepted",
    CAST($5 AS BOOLEAN) AS "visible",
    CAST($6 AS TEXT) AS "metadata",
    CAST($7 AS BIGINT) AS "suggested_by",
    CAST($8 AS TEXT) AS "message",
    CAST($9 AS BIGINT) AS "due_at",
    CAST($10 AS BIGINT) AS "visible_from",
    CAST($11 AS BIGINT) AS "visible_until",
    CAST($12 AS BOOLEAN) AS "direct"
  FROM json_each($13) AS "m"
) AS "v"
WHERE TRUE
ON CONFLICT ("platform_id", "program_id", "user_id") DO NOTHING
RETURNING "program_id", "user_id", "id";
