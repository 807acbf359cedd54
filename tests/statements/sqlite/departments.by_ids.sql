SELECT "id", "platform_id", "key", "name", "parent_id"
FROM "departments"
WHERE "id" IN (SELECT "value" FROM json_each($1) AS "listed");
