SELECT "id", "username", "dm_admin"
FROM "users"
WHERE "id" IN (SELECT "value" FROM json_each($1) AS "listed");
