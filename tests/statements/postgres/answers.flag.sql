UPDATE "program_suggestions" SET
  "accepted" = $1, "modified" = $2
WHERE
  "platform_id" = $3
  AND "program_id" = $4
  AND "user_id" = $5
  AND "accepted" <> $1
RETURNING "id";
