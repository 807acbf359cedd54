SELECT "m"."group_id", "m"."user_id", "u"."username", "m"."active"
FROM
  "group_members" AS "m"
  INNER JOIN "user_groups" AS "g" ON "g"."id" = "m"."group_id"
  INNER JOIN "users" AS "u" ON "u"."id" = "m"."user_id"
WHERE "g"."platform_id" = $1 AND ("m"."group_id", "m"."user_id") > ($2, $3)
ORDER BY "m"."group_id" ASC, "m"."user_id" ASC
LIMIT 5000;
