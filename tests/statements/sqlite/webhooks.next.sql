SELECT "e"."settled", "e"."id", "e"."action", FALSE AS "known"
FROM
  "suggestion_events" AS "e"
  INNER JOIN "webhook_endpoints" AS "w" ON "w"."id" = $1
WHERE
  "e"."platform_id" = "w"."platform_id"
  AND ("e"."settled", "e"."id") > ("w"."place_settled", "w"."place_id")
ORDER BY "e"."settled" ASC, "e"."id" ASC
LIMIT 100;

SELECT "e"."settled", "e"."id", "e"."action", FALSE AS "known"
FROM
  "suggestion_events" AS "e"
  INNER JOIN "webhook_endpoints" AS "w" ON "w"."id" = $1
WHERE
  "e"."platform_id" = "w"."platform_id"
  AND ("e"."settled", "e"."id") > ("w"."place_settled", "w"."place_id")
ORDER BY "e"."settled" ASC, "e"."id" ASC
LIMIT 1000;
