SELECT "id", "key", "org", "name"
FROM "platforms"
ORDER BY "key" ASC;

SELECT "id", "key", "org", "name"
FROM "platforms"
WHERE "key" = $1
ORDER BY "key" ASC;
