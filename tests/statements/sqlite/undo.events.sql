SELECT
  "id",
  "kind",
  "action",
  "program_id",
  "recipient_id",
  "suggestion_id",
  "changes",
  "deleted"
FROM "suggestion_events"
WHERE "batch_id" = $1 AND "suggestion_id" IS NOT NULL
ORDER BY "id" ASC;
