SELECT "u"."id", "u"."username_folded", CAST(NULL AS TEXT), TRUE
FROM
  (SELECT "id" FROM "users" WHERE "username_folded" = ANY($1)) AS "named"
  INNER JOIN "users" AS "u" ON "u"."id" = "named"."id"
  INNER JOIN "memberships" AS "m" ON "m"."user_id" = "u"."id"
  AND "m"."active"
  AND "m"."platform_id" = $2;

SELECT
  "u"."id",
  '',
  CAST(NULL AS TEXT),
  EXISTS (
    SELECT 1
    FROM "department_members" AS "d"
    WHERE "d"."user_id" = "u"."id"
      AND "d"."department_id" = ANY($1)
  )
FROM
  (SELECT "id" FROM "users" WHERE "id" = ANY($2)) AS "named"
  INNER JOIN "users" AS "u" ON "u"."id" = "named"."id"
  INNER JOIN "memberships" AS "m" ON "m"."user_id" = "u"."id"
  AND "m"."active"
  AND "m"."platform_id" = $3;

SELECT "u"."id", '', CAST(NULL AS TEXT), TRUE
FROM
  (SELECT "id" FROM "users" WHERE "id" = ANY($1)) AS "named"
  INNER JOIN "users" AS "u" ON "u"."id" = "named"."id"
  INNER JOIN "memberships" AS "m" ON "m"."user_id" = "u"."id"
  AND "m"."active"
  AND "m"."platform_id" = $2;
