UPDATE "webhook_endpoints" SET
  "attempt" = "attempt" + 1,
  "failing_since" = COALESCE("failing_since", $1),
  "next_attempt_at" = $2
WHERE "id" = $3 AND "message_id" = $4;

UPDATE "webhook_endpoints" SET
  "attempt" = "attempt" + 1,
  "failing_since" = COALESCE("failing_since", $1),
  "status" = 2
WHERE "id" = $2 AND "message_id" = $3;
