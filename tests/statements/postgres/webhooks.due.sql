SELECT "w"."id"
FROM "webhook_endpoints" AS "w"
WHERE
  "w"."status" = 0
  AND "w"."lease_until" <= $1
  AND "w"."next_attempt_at" <= $1
  AND (
    "w"."message_id" IS NOT NULL
    OR EXISTS (
      SELECT 1
      FROM "suggestion_events" AS "e"
      WHERE
        "e"."platform_id" = "w"."platform_id"
        AND ("e"."settled", "e"."id") > ("w"."place_settled", "w"."place_id")
        AND "e"."settled" < CAST(
          CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
        )
    )
  )
ORDER BY "w"."lease_until" ASC
LIMIT $2;
