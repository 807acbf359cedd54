SELECT "m"."user_id", "u"."username", "m"."role", "m"."active"
FROM "memberships" AS "m" INNER JOIN "users" AS "u" ON "u"."id" = "m"."user_id"
WHERE "m"."platform_id" = $1 AND ("m"."user_id") > ($2)
ORDER BY "m"."user_id" ASC
LIMIT 5000;
