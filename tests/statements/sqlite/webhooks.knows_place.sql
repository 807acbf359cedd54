SELECT
  EXISTS (
    SELECT 1
    FROM "suggestion_events"
    WHERE "platform_id" = $1
      AND ("settled", "id") = ($2, $3)
  )
  OR (
    NOT (
      EXISTS (
        SELECT 1
        FROM "suggestion_events"
        WHERE "platform_id" = $1
          AND ("settled", "id") <= ($2, $3)
      )
      OR EXISTS (SELECT 1 FROM "suggestion_events" WHERE "id" = $3)
    )
  );
