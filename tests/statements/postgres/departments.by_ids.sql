SELECT "id", "platform_id", "key", "name", "parent_id"
FROM "departments"
WHERE "id" = ANY($1);
