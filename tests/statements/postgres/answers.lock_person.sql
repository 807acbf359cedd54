SELECT "id"
FROM "users"
WHERE "id" = $1
FOR UPDATE;
