SELECT CAST(COALESCE(SUM("number"), 0) AS BIGINT)
FROM (
  SELECT (
    SELECT COUNT(*)
    FROM (
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
      FROM "suggestion_events" AS "e"
      WHERE
        "e"."platform_id" = "w"."platform_id"
        AND ("e"."settled", "e"."id") > ("w"."place_settled", "w"."place_id")
      ORDER BY "e"."settled" ASC, "e"."id" ASC
      LIMIT 10000
    ) AS "n"
    WHERE ("w"."actions" & (1 << "n"."action")) <> 0
      AND (NOT "n"."known")
  ) AS "number"
  FROM "webhook_endpoints" AS "w"
) AS "each";
