UPDATE "suggestion_batches" SET
  "created_count" = $1, "updated_count" = $2
WHERE "id" = $3;
