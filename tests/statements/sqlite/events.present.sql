SELECT 0, COALESCE(MAX("id"), 0), CAST(NULL AS BIGINT)
FROM "suggestion_events";
