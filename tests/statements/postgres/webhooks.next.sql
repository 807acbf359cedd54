SELECT
  "e"."settled",
  "e"."id",
  "e"."action",
  COALESCE(
    pg_visible_in_snapshot(
      CAST(CAST("e"."settled" AS TEXT) AS XID8),
      CAST("w"."begun" AS PG_SNAPSHOT)
    ),
    FALSE
  ) AS "known"
FROM
  "suggestion_events" AS "e"
  INNER JOIN "webhook_endpoints" AS "w" ON "w"."id" = $1
WHERE
  "e"."platform_id" = "w"."platform_id"
  AND ("e"."settled", "e"."id") > ("w"."place_settled", "w"."place_id")
  AND "e"."settled" < CAST(
    CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC
LIMIT 100;

SELECT
  "e"."settled",
  "e"."id",
  "e"."action",
  COALESCE(
    pg_visible_in_snapshot(
      CAST(CAST("e"."settled" AS TEXT) AS XID8),
      CAST("w"."begun" AS PG_SNAPSHOT)
    ),
    FALSE
  ) AS "known"
FROM
  "suggestion_events" AS "e"
  INNER JOIN "webhook_endpoints" AS "w" ON "w"."id" = $1
WHERE
  "e"."platform_id" = "w"."platform_id"
  AND ("e"."settled", "e"."id") > ("w"."place_settled", "w"."place_id")
  AND "e"."settled" < CAST(
    CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC
LIMIT 1000;
