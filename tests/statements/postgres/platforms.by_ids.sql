SELECT "id", "key", "org", "name"
FROM "platforms"
WHERE "id" = ANY($1);
