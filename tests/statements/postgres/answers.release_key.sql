DELETE FROM "program_suggestions"
WHERE "id" = $1;
