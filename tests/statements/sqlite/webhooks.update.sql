UPDATE "webhook_endpoints" SET
  "status" = 0, "failing_since" = NULL, "attempt" = 0, "next_attempt_at" = 0
WHERE "id" = $1 AND "platform_id" = $2;

UPDATE "webhook_endpoints" SET
  "status" = 1
WHERE "id" = $1 AND "platform_id" = $2;

UPDATE "webhook_endpoints" SET
  "url" = $1, "next_attempt_at" = 0, "description" = $2, "actions" = $3
WHERE "id" = $4 AND "platform_id" = $5;
