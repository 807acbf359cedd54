UPDATE "program_group_suggestions" SET
  "modified" = $1, "message" = $2, "visible_until" = $3
WHERE "platform_id" = $4 AND "id" = ANY($5);

UPDATE "program_suggestions" SET
  "modified" = $1, "message" = $2, "visible_until" = $3
WHERE "platform_id" = $4 AND "id" = ANY($5);
