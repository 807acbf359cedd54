SELECT "id"
FROM "program_suggestions"
WHERE "platform_id" = $1 AND "program_id" = $2 AND "user_id" = $3
FOR UPDATE;
