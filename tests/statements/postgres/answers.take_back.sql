DELETE FROM "suggestion_answers"
WHERE "platform_id" = $1 AND "program_id" = $2 AND "user_id" = $3;
