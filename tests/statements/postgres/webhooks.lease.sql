UPDATE "webhook_endpoints" SET
  "lease_owner" = $1, "lease_until" = $2
WHERE
  "id" = ANY($3)
  AND (
    "status" = 0
    AND "lease_until" <= $4
    AND "next_attempt_at" <= $4
  );
