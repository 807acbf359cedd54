SELECT "o"."oldest" - 1, 9223372036854775807, "e"."id"
FROM (
  SELECT
    CAST(
      CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
    ) AS "oldest"
) AS "o"
  LEFT JOIN "suggestion_events" AS "e" ON "e"."platform_id" = $1
  AND "e"."settled" >= "o"."oldest";
