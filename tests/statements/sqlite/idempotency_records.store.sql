UPDATE "idempotency_records" SET
  "response" = $1
WHERE "caller" = $2 AND "key" = $3;
