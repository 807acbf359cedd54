SELECT "version"
FROM "seaql_migrations";
