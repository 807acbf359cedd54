UPDATE "program_group_suggestions" SET
  "modified" = $1, "message" = $2, "visible_until" = $3
WHERE "platform_id" = $4 AND "id" IN (SELECT "value" FROM json_each($5) AS "listed");

UPDATE "program_suggestions" SET
  "modified" = $1, "message" = $2, "visible_until" = $3
WHERE "platform_id" = $4 AND "id" IN (SELECT "value" FROM json_each($5) AS "listed");
