DELETE FROM "program_group_suggestions"
WHERE "platform_id" = $1 AND "id" IN (SELECT "value" FROM json_each($2) AS "listed");

DELETE FROM "program_suggestions"
WHERE "platform_id" = $1 AND "id" IN (SELECT "value" FROM json_each($2) AS "listed");
