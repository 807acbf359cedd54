SELECT
  "w"."id",
  (
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
      LIMIT 100000
    ) AS "n"
    WHERE ("w"."actions" & (1 << "n"."action")) <> 0
      AND (NOT "n"."known")
  )
FROM "webhook_endpoints" AS "w"
WHERE "w"."id" = ANY($1);

SELECT
  "w"."id",
  (
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
      LIMIT 100000
    ) AS "n"
    WHERE ("w"."actions" & (1 << "n"."action")) <> 0
      AND (NOT "n"."known")
  )
FROM "webhook_endpoints" AS "w"
WHERE "w"."id" = ANY($1) AND "w"."platform_id" = ANY($2);
