UPDATE "webhook_endpoints" SET
  "lease_owner" = NULL, "lease_until" = $1
WHERE "id" = $2 AND "lease_owner" = $3;
