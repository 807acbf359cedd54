SELECT "at"
FROM "suggestion_batches"
WHERE "undoes" = $1;
