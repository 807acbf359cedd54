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
WHERE "w"."id" = ANY($1);

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
WHERE "w"."id" = ANY($1) AND "w"."platform_id" = ANY($2);
