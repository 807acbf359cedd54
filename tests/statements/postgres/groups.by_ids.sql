SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
FROM "user_groups" AS "g"
WHERE "g"."id" = ANY($1);

SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
FROM "user_groups" AS "g"
WHERE (
  "g"."platform_id" = ANY($1)
  OR "g"."department_id" = ANY($2)
)
  AND "g"."id" = ANY($3);
