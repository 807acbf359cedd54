SELECT "id", "key", "org", "name"
FROM "platforms"
WHERE "key" = ANY($1);
