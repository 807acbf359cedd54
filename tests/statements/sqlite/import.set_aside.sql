UPDATE "users" SET
  "username_folded" = 'RENAMED ' || "id"
WHERE "id" IN (SELECT "value" FROM json_each($1) AS "listed");
