UPDATE "users" SET
  "username_folded" = 'RENAMED ' || "id"
WHERE "id" = ANY($1);
