SELECT "d"."id", "d"."key", "d"."name", "d"."parent_id"
FROM "departments" AS "d"
WHERE "d"."platform_id" = $1
ORDER BY "d"."id" ASC;
