DELETE FROM "program_group_suggestions"
WHERE "platform_id" = $1 AND "id" = ANY($2);

DELETE FROM "program_suggestions"
WHERE "platform_id" = $1 AND "id" = ANY($2);
