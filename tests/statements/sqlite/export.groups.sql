SELECT "g"."id", "g"."name", "d"."key"
FROM
  "user_groups" AS "g"
  LEFT JOIN "departments" AS "d" ON "d"."id" = "g"."department_id"
WHERE "g"."platform_id" = $1 AND ("g"."id") > ($2)
ORDER BY "g"."id" ASC
LIMIT 5000;
