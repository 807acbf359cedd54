SELECT "d"."id", "d"."platform_id", "d"."key", "d"."name", "d"."parent_id"
FROM "departments" AS "d"
WHERE "d"."id" = ANY($1);
