UPDATE "webhook_endpoints" SET
  "place_settled" = $1,
  "place_id" = $2,
  "lease_owner" = NULL,
  "lease_until" = $3
WHERE "id" = $4 AND "lease_owner" = $5;
