SELECT "id", "key", "org", "name"
FROM "platforms"
WHERE "key" = $1;
