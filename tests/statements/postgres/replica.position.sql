SELECT
  CAST(
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), CAST('0/0' AS pg_lsn)) AS BIGINT
  );
