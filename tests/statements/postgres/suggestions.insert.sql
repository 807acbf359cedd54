INSERT INTO
  "program_group_suggestions" (
    "platform_id",
    "program_id",
    "group_id",
    "accepted",
    "visible",
    "metadata",
    "suggested_by",
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
  NULLIF("v"."suggested_by", 0),
  $2,
  $2
FROM (
  SELECT
    unnest($3) AS "program_id",
    CAST($4 AS BIGINT) AS "recipient_id",
    CAST($5 AS BOOLEAN) AS "accepted",
    CAST($6 AS BOOLEAN) AS "visible",
    CAST($7 AS TEXT) AS "metadata",
    CAST($8 AS BIGINT) AS "suggested_by"
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
  NULLIF("v"."suggested_by", 0),
  $2,
  $2
FROM (
  SELECT
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BOOLEAN) AS "accepted",
    CAST($6 AS BOOLEAN) AS "visible",
    CAST($7 AS TEXT) AS "metadata",
    CAST($8 AS BIGINT) AS "suggested_by"
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
  NULLIF("v"."suggested_by", 0),
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
    CAST($9 AS BOOLEAN) AS "direct"
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
  NULLIF("v"."suggested_by", 0),
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
    CAST($9 AS BOOLEAN) AS "direct"
) AS "v"
WHERE TRUE
ON CONFLICT ("platform_id", "program_id", "user_id") DO NOTHING
RETURNING "program_id", "user_id", "id";
