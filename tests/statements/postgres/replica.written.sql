SELECT
  CAST(
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), CAST('0/0' AS pg_lsn)) AS BIGINT
  ),
  EXISTS (
    SELECT 1
    FROM "suggestion_batches"
    WHERE "actor_id" = $1
      AND "at" > $2
  )
  OR EXISTS (
    SELECT 1
    FROM "suggestion_batches"
    WHERE "api_key_id" = $3
      AND "at" > $2
  );
