SELECT to_regclass('seaql_migrations') IS NOT NULL;
