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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($3) AS "program_id",
    CAST($4 AS BIGINT) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    CAST($6 AS BIGINT) AS "suggestion_id",
    CAST($7 AS TEXT) AS "changes",
    CAST($8 AS TEXT) AS "deleted"
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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    unnest($6) AS "suggestion_id",
    CAST($7 AS TEXT) AS "changes",
    CAST($8 AS TEXT) AS "deleted"
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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    unnest($6) AS "suggestion_id",
    CAST($7 AS TEXT) AS "changes",
    unnest($8) AS "deleted"
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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    unnest($6) AS "suggestion_id",
    unnest($7) AS "changes",
    CAST($8 AS TEXT) AS "deleted"
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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($4) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    unnest($6) AS "suggestion_id",
    CAST($7 AS TEXT) AS "changes",
    CAST($8 AS TEXT) AS "deleted"
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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($3) AS "program_id",
    CAST($4 AS BIGINT) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    CAST($6 AS BIGINT) AS "suggestion_id",
    CAST($7 AS TEXT) AS "changes",
    CAST($8 AS TEXT) AS "deleted"
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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    unnest($6) AS "suggestion_id",
    CAST($7 AS TEXT) AS "changes",
    CAST($8 AS TEXT) AS "deleted"
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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    unnest($6) AS "suggestion_id",
    CAST($7 AS TEXT) AS "changes",
    unnest($8) AS "deleted"
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
  CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT),
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
    unnest($3) AS "program_id",
    unnest($4) AS "recipient_id",
    CAST($5 AS BIGINT) AS "action",
    unnest($6) AS "suggestion_id",
    unnest($7) AS "changes",
    CAST($8 AS TEXT) AS "deleted"
) AS "v";
