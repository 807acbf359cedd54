SELECT
  "w"."id",
  (
    SELECT COUNT(*)
    FROM "webhook_deliveries" AS "d"
    WHERE "d"."endpoint_id" = "w"."id"
      AND "d"."at" >= $1
  ),
  FALSE,
  EXISTS (
    SELECT 1
    FROM "webhook_deliveries" AS "d"
    WHERE "d"."endpoint_id" = "w"."id"
      AND "d"."at" >= $1 AND "d"."id" <= $2
  )
FROM "webhook_endpoints" AS "w"
WHERE "w"."id" IN (SELECT "value" FROM json_each($3) AS "listed");

SELECT
  "w"."id",
  (
    SELECT COUNT(*)
    FROM "webhook_deliveries" AS "d"
    WHERE "d"."endpoint_id" = "w"."id"
      AND "d"."at" >= $1
  ),
  FALSE,
  EXISTS (
    SELECT 1
    FROM "webhook_deliveries" AS "d"
    WHERE "d"."endpoint_id" = "w"."id"
      AND "d"."at" >= $1 AND "d"."id" <= $2
  )
FROM "webhook_endpoints" AS "w"
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($3) AS "listed")
  AND "w"."platform_id" IN (SELECT "value" FROM json_each($4) AS "listed");

SELECT
  "w"."id",
  (
    SELECT COUNT(*)
    FROM "webhook_deliveries" AS "d"
    WHERE "d"."endpoint_id" = "w"."id"
      AND "d"."at" >= $1
  ),
  FALSE,
  FALSE
FROM "webhook_endpoints" AS "w"
WHERE "w"."id" IN (SELECT "value" FROM json_each($2) AS "listed");

SELECT
  "w"."id",
  (
    SELECT COUNT(*)
    FROM "webhook_deliveries" AS "d"
    WHERE "d"."endpoint_id" = "w"."id"
      AND "d"."at" >= $1
  ),
  FALSE,
  FALSE
FROM "webhook_endpoints" AS "w"
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
  AND "w"."platform_id" IN (SELECT "value" FROM json_each($3) AS "listed");
