SELECT "m"."department_id", "d"."key", "m"."user_id", "u"."username", "m"."admin"
FROM
  "department_members" AS "m"
  INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
  INNER JOIN "users" AS "u" ON "u"."id" = "m"."user_id"
WHERE "d"."platform_id" = $1 AND ("m"."department_id", "m"."user_id") > ($2, $3)
ORDER BY "m"."department_id" ASC, "m"."user_id" ASC
LIMIT 5000;
