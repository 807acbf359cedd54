SELECT "key", "id"
FROM "programs"
WHERE "platform_id" = $1 AND "key" = ANY($2);
