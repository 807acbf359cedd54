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
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "d"."id"
        FROM "webhook_deliveries" AS "d"
        WHERE "d"."endpoint_id" = "w"."id"
          AND "d"."at" >= $1 AND "d"."id" > $2
        ORDER BY "d"."id" ASC
        LIMIT 3
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "webhook_deliveries" AS "d"
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($3) AS "listed")
  AND "d"."id" = "found"."value";

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
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "d"."id"
        FROM "webhook_deliveries" AS "d"
        WHERE "d"."endpoint_id" = "w"."id"
          AND "d"."at" >= $1 AND "d"."id" > $2
        ORDER BY "d"."id" ASC
        LIMIT 3
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "webhook_deliveries" AS "d"
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($3) AS "listed")
  AND "w"."platform_id" IN (SELECT "value" FROM json_each($4) AS "listed")
  AND "d"."id" = "found"."value";

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
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "d"."id"
        FROM "webhook_deliveries" AS "d"
        WHERE "d"."endpoint_id" = "w"."id"
          AND "d"."at" >= $1
        ORDER BY "d"."id" DESC
        LIMIT 3
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "webhook_deliveries" AS "d"
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
  AND "d"."id" = "found"."value";

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
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "d"."id"
        FROM "webhook_deliveries" AS "d"
        WHERE "d"."endpoint_id" = "w"."id"
          AND "d"."at" >= $1
        ORDER BY "d"."id" DESC
        LIMIT 3
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "webhook_deliveries" AS "d"
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
  AND "w"."platform_id" IN (SELECT "value" FROM json_each($3) AS "listed")
  AND "d"."id" = "found"."value";
