DELETE FROM "idempotency_records"
WHERE "created" <= $1;
