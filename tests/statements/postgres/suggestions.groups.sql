SELECT "id", "department_id"
FROM "user_groups"
WHERE "platform_id" = $1 AND "id" = ANY($2);
