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
WHERE "w"."platform_id" = $1
ORDER BY "w"."id" ASC;
