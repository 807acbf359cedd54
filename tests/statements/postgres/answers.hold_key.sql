INSERT INTO
  "program_suggestions" (
    "platform_id",
    "program_id",
    "user_id",
    "created",
    "modified"
  )
VALUES ($1, $2, $3, $4, $4)
ON CONFLICT ("platform_id", "program_id", "user_id") DO NOTHING
RETURNING "id";
