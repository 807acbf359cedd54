SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
FROM "user_groups" AS "g"
WHERE "g"."id" IN (SELECT "value" FROM json_each($1) AS "listed");

SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
FROM "user_groups" AS "g"
WHERE (
  "g"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
  OR "g"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
)
  AND "g"."id" IN (SELECT "value" FROM json_each($3) AS "listed");
