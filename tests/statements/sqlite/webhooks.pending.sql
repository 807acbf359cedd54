SELECT
  "w"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT "e"."settled", "e"."id", "e"."action", FALSE AS "known"
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
WHERE "w"."id" IN (SELECT "value" FROM json_each($1) AS "listed");

SELECT
  "w"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT "e"."settled", "e"."id", "e"."action", FALSE AS "known"
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
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
  AND "w"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed");
