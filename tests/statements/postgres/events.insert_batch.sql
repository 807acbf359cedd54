INSERT INTO
  "suggestion_batches" (
    "platform_id",
    "at",
    "operation",
    "actor_id",
    "api_key_id",
    "source",
    "request_id",
    "undoes",
    "created_count",
    "updated_count",
    "deleted_count"
  )
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING "id", CAST(pg_notify('waymark_events', '') AS TEXT);
