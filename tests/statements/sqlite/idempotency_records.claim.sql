INSERT INTO "idempotency_records" ("caller", "key", "request_hash", "created")
VALUES ($1, $2, $3, $4)
ON CONFLICT ("caller", "key") DO NOTHING;
