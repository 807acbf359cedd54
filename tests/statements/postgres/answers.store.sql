INSERT INTO
  "suggestion_answers" (
    "platform_id",
    "program_id",
    "user_id",
    "accepted",
    "reason",
    "comment",
    "answered"
  )
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT ("platform_id", "program_id", "user_id") DO UPDATE SET
  "accepted" = "excluded"."accepted",
  "reason" = "excluded"."reason",
  "comment" = "excluded"."comment",
  "answered" = "excluded"."answered"
WHERE
  (
    "suggestion_answers"."accepted" IS DISTINCT FROM "excluded"."accepted"
  )
  OR (
    "suggestion_answers"."reason" IS DISTINCT FROM "excluded"."reason"
  )
  OR (
    "suggestion_answers"."comment" IS DISTINCT FROM "excluded"."comment"
  )
RETURNING "answered";
