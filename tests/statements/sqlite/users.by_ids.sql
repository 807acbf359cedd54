SELECT "u"."id", "u"."username", "u"."name", "u"."email"
FROM "users" AS "u"
WHERE "u"."id" IN (SELECT "value" FROM json_each($1) AS "listed");

SELECT "u"."id", "u"."username", "u"."name", "u"."email"
FROM "users" AS "u"
WHERE (
  EXISTS (
    SELECT 1
    FROM "memberships" AS "m"
    WHERE
      "m"."user_id" = "u"."id"
      AND "m"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
  )
  OR EXISTS (
    SELECT 1
    FROM "department_members" AS "m"
    WHERE
      "m"."user_id" = "u"."id"
      AND "m"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
  )
  OR "u"."id" = $3
)
  AND "u"."id" IN (SELECT "value" FROM json_each($4) AS "listed");

SELECT "u"."id", "u"."username", "u"."name", "u"."email"
FROM "users" AS "u"
WHERE (
  EXISTS (
    SELECT 1
    FROM "memberships" AS "m"
    WHERE
      "m"."user_id" = "u"."id"
      AND "m"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
  )
  OR EXISTS (
    SELECT 1
    FROM "department_members" AS "m"
    WHERE
      "m"."user_id" = "u"."id"
      AND "m"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
  )
)
  AND "u"."id" IN (SELECT "value" FROM json_each($3) AS "listed");
