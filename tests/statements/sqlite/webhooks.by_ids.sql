SELECT
  "w"."id",
  "w"."platform_id",
  "w"."url",
  "w"."description",
  "w"."actions",
  "w"."status",
  "w"."created",
  "w"."created_by",
  "w"."failing_since",
  "w"."last_delivered"
FROM "webhook_endpoints" AS "w"
WHERE "w"."id" IN (SELECT "value" FROM json_each($1) AS "listed");

SELECT
  "w"."id",
  "w"."platform_id",
  "w"."url",
  "w"."description",
  "w"."actions",
  "w"."status",
  "w"."created",
  "w"."created_by",
  "w"."failing_since",
  "w"."last_delivered"
FROM "webhook_endpoints" AS "w"
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
  AND "w"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed");
