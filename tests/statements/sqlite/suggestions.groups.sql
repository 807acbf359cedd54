SELECT "id", "department_id"
FROM "user_groups"
WHERE "platform_id" = $1 AND "id" IN (SELECT "value" FROM json_each($2) AS "listed");
