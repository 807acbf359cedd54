INSERT INTO
  "webhook_deliveries" (
    "endpoint_id",
    "message_id",
    "at",
    "attempt",
    "status",
    "error",
    "duration",
    "events"
  )
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
