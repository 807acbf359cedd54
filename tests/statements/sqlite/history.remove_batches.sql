DELETE FROM "suggestion_batches"
WHERE
  "id" IN (
    SELECT "o"."id"
    FROM (
      SELECT "id", "at"
      FROM "suggestion_batches"
      ORDER BY "id" ASC
      LIMIT 1000
    ) AS "o"
    WHERE "o"."at" < $1
  )
  AND (
    NOT EXISTS (
      SELECT 1
      FROM "suggestion_events" AS "e"
      WHERE "e"."batch_id" = "suggestion_batches"."id"
    )
  );
