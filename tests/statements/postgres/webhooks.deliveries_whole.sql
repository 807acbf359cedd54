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
WHERE "w"."id" = ANY($3);

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
WHERE "w"."id" = ANY($3) AND "w"."platform_id" = ANY($4);

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
WHERE "w"."id" = ANY($2);

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
WHERE "w"."id" = ANY($2) AND "w"."platform_id" = ANY($3);
