UPDATE "webhook_endpoints" SET
  "place_settled" = "message_settled",
  "place_id" = "message_place",
  "attempt" = 0,
  "next_attempt_at" = 0,
  "failing_since" = NULL,
  "last_delivered" = $1,
  "message_id" = NULL,
  "message_body" = NULL,
  "message_events" = NULL,
  "message_settled" = NULL,
  "message_place" = NULL
WHERE "id" = $2 AND "message_id" = $3;
