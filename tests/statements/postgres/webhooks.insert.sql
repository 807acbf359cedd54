INSERT INTO
  "webhook_endpoints" (
    "platform_id",
    "url",
    "description",
    "actions",
    "created",
    "created_by",
    "secret",
    "status",
    "place_settled",
    "place_id",
    "begun",
    "attempt",
    "next_attempt_at",
    "lease_until"
  )
SELECT
  $1,
  $2,
  $3,
  $4,
  $5,
  $6,
  $7,
  0,
  COALESCE(
    (
      SELECT "e"."settled"
      FROM "suggestion_events" AS "e"
      WHERE
        "e"."platform_id" = $1
        AND "e"."settled" < CAST(
          CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
        )
      ORDER BY "e"."settled" DESC, "e"."id" DESC
      LIMIT 1
    ),
    0
  ),
  COALESCE(
    (
      SELECT "e"."id"
      FROM "suggestion_events" AS "e"
      WHERE
        "e"."platform_id" = $1
        AND "e"."settled" < CAST(
          CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
        )
      ORDER BY "e"."settled" DESC, "e"."id" DESC
      LIMIT 1
    ),
    0
  ),
  CAST(pg_current_snapshot() AS TEXT),
  0,
  0,
  0
RETURNING "id";
