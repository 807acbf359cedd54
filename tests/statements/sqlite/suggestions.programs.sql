SELECT "key", "id"
FROM "programs"
WHERE "platform_id" = $1 AND "key" IN (SELECT "value" FROM json_each($2) AS "listed");
