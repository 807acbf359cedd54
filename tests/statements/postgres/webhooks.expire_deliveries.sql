DELETE FROM "webhook_deliveries"
WHERE
  "id" IN (
    SELECT "id"
    FROM "webhook_deliveries"
    WHERE "at" < $1
    ORDER BY "at" ASC
    LIMIT 10000
  );
