UPDATE "webhook_endpoints" SET
  "message_id" = $1,
  "message_body" = $2,
  "message_events" = $3,
  "message_settled" = $4,
  "message_place" = $5,
  "lease_until" = $6
WHERE "id" = $7 AND "lease_owner" = $8;
