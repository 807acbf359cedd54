SELECT "id", "key", "org", "name"
FROM "platforms"
WHERE "id" IN (SELECT "value" FROM json_each($1) AS "listed");
