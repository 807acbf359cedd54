UPDATE "webhook_endpoints" SET
  "place_settled" = $1,
  "place_id" = $2,
  "begun" = NULL,
  "attempt" = 0,
  "message_id" = NULL,
  "message_body" = NULL,
  "message_events" = NULL,
  "message_settled" = NULL,
  "message_place" = NULL
WHERE "id" = $3 AND "platform_id" = $4;
