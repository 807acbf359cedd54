SELECT
  "w"."id",
  "d"."id",
  "d"."message_id",
  "d"."at",
  "d"."attempt",
  "d"."status",
  "d"."error",
  "d"."duration",
  "d"."events"
FROM
  "webhook_endpoints" AS "w",
  unnest(
    ARRAY(
      (
        SELECT "d"."id"
        FROM "webhook_deliveries" AS "d"
        WHERE "d"."endpoint_id" = "w"."id"
          AND "d"."at" >= $1 AND "d"."id" > $2
        ORDER BY "d"."id" ASC
        LIMIT 3
      )
    )
  ) AS "found"
  CROSS JOIN "webhook_deliveries" AS "d"
WHERE "w"."id" = ANY($3) AND "d"."id" = "found"."found";

SELECT
  "w"."id",
  "d"."id",
  "d"."message_id",
  "d"."at",
  "d"."attempt",
  "d"."status",
  "d"."error",
  "d"."duration",
  "d"."events"
FROM
  "webhook_endpoints" AS "w",
  unnest(
    ARRAY(
      (
        SELECT "d"."id"
        FROM "webhook_deliveries" AS "d"
        WHERE "d"."endpoint_id" = "w"."id"
          AND "d"."at" >= $1 AND "d"."id" > $2
        ORDER BY "d"."id" ASC
        LIMIT 3
      )
    )
  ) AS "found"
  CROSS JOIN "webhook_deliveries" AS "d"
WHERE
  "w"."id" = ANY($3)
  AND "w"."platform_id" = ANY($4)
  AND "d"."id" = "found"."found";

SELECT
  "w"."id",
  "d"."id",
  "d"."message_id",
  "d"."at",
  "d"."attempt",
  "d"."status",
  "d"."error",
  "d"."duration",
  "d"."events"
FROM
  "webhook_endpoints" AS "w",
  unnest(
    ARRAY(
      (
        SELECT "d"."id"
        FROM "webhook_deliveries" AS "d"
        WHERE "d"."endpoint_id" = "w"."id"
          AND "d"."at" >= $1
        ORDER BY "d"."id" DESC
        LIMIT 3
      )
    )
  ) AS "found"
  CROSS JOIN "webhook_deliveries" AS "d"
WHERE "w"."id" = ANY($2) AND "d"."id" = "found"."found";

SELECT
  "w"."id",
  "d"."id",
  "d"."message_id",
  "d"."at",
  "d"."attempt",
  "d"."status",
  "d"."error",
  "d"."duration",
  "d"."events"
FROM
  "webhook_endpoints" AS "w",
  unnest(
    ARRAY(
      (
        SELECT "d"."id"
        FROM "webhook_deliveries" AS "d"
        WHERE "d"."endpoint_id" = "w"."id"
          AND "d"."at" >= $1
        ORDER BY "d"."id" DESC
        LIMIT 3
      )
    )
  ) AS "found"
  CROSS JOIN "webhook_deliveries" AS "d"
WHERE
  "w"."id" = ANY($2)
  AND "w"."platform_id" = ANY($3)
  AND "d"."id" = "found"."found";
