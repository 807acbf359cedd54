SELECT "id", "username", "dm_admin"
FROM "users"
WHERE "id" = ANY($1);
