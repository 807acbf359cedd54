SELECT "id", "key", "org", "name"
FROM "platforms"
WHERE "key" IN (SELECT "value" FROM json_each($1) AS "listed");
