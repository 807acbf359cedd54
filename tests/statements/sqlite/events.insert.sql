INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  0,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BIGINT) AS "action",
    "m"."value" ->> 2 AS "suggestion_id",
    "m"."value" ->> 3 AS "changes",
    CAST($4 AS TEXT) AS "deleted"
  FROM json_each($5) AS "m"
) AS "v";

INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  0,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BIGINT) AS "action",
    "m"."value" ->> 2 AS "suggestion_id",
    CAST($4 AS TEXT) AS "changes",
    "m"."value" ->> 3 AS "deleted"
  FROM json_each($5) AS "m"
) AS "v";

INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  0,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BIGINT) AS "action",
    "m"."value" ->> 2 AS "suggestion_id",
    CAST($4 AS TEXT) AS "changes",
    CAST($5 AS TEXT) AS "deleted"
  FROM json_each($6) AS "m"
) AS "v";

INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  0,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    "m"."value" ->> 0 AS "program_id",
    CAST($3 AS BIGINT) AS "recipient_id",
    CAST($4 AS BIGINT) AS "action",
    CAST($5 AS BIGINT) AS "suggestion_id",
    CAST($6 AS TEXT) AS "changes",
    CAST($7 AS TEXT) AS "deleted"
  FROM json_each($8) AS "m"
) AS "v";

INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  1,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BIGINT) AS "action",
    "m"."value" ->> 2 AS "suggestion_id",
    "m"."value" ->> 3 AS "changes",
    CAST($4 AS TEXT) AS "deleted"
  FROM json_each($5) AS "m"
) AS "v";

INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  1,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BIGINT) AS "action",
    "m"."value" ->> 2 AS "suggestion_id",
    CAST($4 AS TEXT) AS "changes",
    "m"."value" ->> 3 AS "deleted"
  FROM json_each($5) AS "m"
) AS "v";

INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  1,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "recipient_id",
    CAST($3 AS BIGINT) AS "action",
    "m"."value" ->> 2 AS "suggestion_id",
    CAST($4 AS TEXT) AS "changes",
    CAST($5 AS TEXT) AS "deleted"
  FROM json_each($6) AS "m"
) AS "v";

INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  1,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    "m"."value" ->> 0 AS "program_id",
    CAST($3 AS BIGINT) AS "recipient_id",
    CAST($4 AS BIGINT) AS "action",
    CAST($5 AS BIGINT) AS "suggestion_id",
    CAST($6 AS TEXT) AS "changes",
    CAST($7 AS TEXT) AS "deleted"
  FROM json_each($8) AS "m"
) AS "v";

INSERT INTO
  "suggestion_events" (
    "settled",
    "batch_id",
    "platform_id",
    "program_id",
    "kind",
    "recipient_id",
    "action",
    "suggestion_id",
    "changes",
    "deleted"
  )
SELECT
  0,
  $1,
  $2,
  "v"."program_id",
  1,
  "v"."recipient_id",
  "v"."action",
  NULLIF("v"."suggestion_id", -9223372036854775807),
  NULLIF("v"."changes", ''),
  NULLIF("v"."deleted", '')
FROM (
  SELECT
    CAST($3 AS BIGINT) AS "program_id",
    "m"."value" ->> 0 AS "recipient_id",
    CAST($4 AS BIGINT) AS "action",
    "m"."value" ->> 1 AS "suggestion_id",
    CAST($5 AS TEXT) AS "changes",
    CAST($6 AS TEXT) AS "deleted"
  FROM json_each($7) AS "m"
) AS "v";
