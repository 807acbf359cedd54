SELECT (
  CASE
    WHEN (pg_is_in_recovery()) THEN CAST(
      pg_wal_lsn_diff(pg_last_wal_replay_lsn(), CAST('0/0' AS pg_lsn)) AS BIGINT
    )
  END
);
