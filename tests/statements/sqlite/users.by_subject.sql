SELECT
  "u"."id",
  "u"."username",
  "u"."dm_admin",
  (CASE WHEN ("u"."username_folded" = $1) THEN 1 ELSE 0 END) AS "first_choice"
FROM "users" AS "u"
WHERE "u"."username_folded" = $1 OR "u"."email_folded" = $2
ORDER BY "first_choice" DESC
LIMIT 2;
