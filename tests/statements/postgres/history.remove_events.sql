DELETE FROM "suggestion_events"
WHERE
  "id" IN (
    SELECT "id"
    FROM "suggestion_events"
    WHERE
      "batch_id" IN (
        SELECT "o"."id"
        FROM (
          SELECT "id", "at"
          FROM "suggestion_batches"
          ORDER BY "id" ASC
          LIMIT 1000
        ) AS "o"
        WHERE "o"."at" < $1
      )
    LIMIT 10000
  );
