SELECT "id"
FROM "platforms"
WHERE "id" = $1
FOR NO KEY UPDATE;
