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
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by"
  FROM json_each($7) AS "m"
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
    "m"."value" ->> 0 AS "program_id",
    CAST($3 AS BIGINT) AS "recipient_id",
    CAST($4 AS BOOLEAN) AS "accepted",
    CAST($5 AS BOOLEAN) AS "visible",
    CAST($6 AS TEXT) AS "metadata",
    CAST($7 AS BIGINT) AS "suggested_by"
  FROM json_each($8) AS "m"
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
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by",
    CAST($7 AS BOOLEAN) AS "direct"
  FROM json_each($8) AS "m"
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
    "m"."value" ->> 0 AS "program_id",
    CAST($3 AS BIGINT) AS "recipient_id",
    CAST($4 AS BOOLEAN) AS "accepted",
    CAST($5 AS BOOLEAN) AS "visible",
    CAST($6 AS TEXT) AS "metadata",
    CAST($7 AS BIGINT) AS "suggested_by",
    CAST($8 AS BOOLEAN) AS "direct"
  FROM json_each($9) AS "m"
) AS "v"
WHERE TRUE
ON CONFLICT ("platform_id", "program_id", "user_id") DO NOTHING
RETURNING "program_id", "user_id", "id";
