UPDATE "webhook_endpoints" SET
  "lease_owner" = $1, "lease_until" = $2
WHERE
  "id" IN (SELECT "value" FROM json_each($3) AS "listed")
  AND (
    "status" = 0
    AND "lease_until" <= $4
    AND "next_attempt_at" <= $4
  );
