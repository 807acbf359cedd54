SELECT "u"."id", "u"."username", "u"."name", "u"."email"
FROM "users" AS "u"
WHERE "u"."id" = ANY($1);

SELECT "u"."id", "u"."username", "u"."name", "u"."email"
FROM "users" AS "u"
WHERE (
  EXISTS (
    SELECT 1
    FROM "memberships" AS "m"
    WHERE "m"."user_id" = "u"."id"
      AND "m"."platform_id" = ANY($1)
  )
  OR EXISTS (
    SELECT 1
    FROM "department_members" AS "m"
    WHERE "m"."user_id" = "u"."id"
      AND "m"."department_id" = ANY($2)
  )
  OR "u"."id" = $3
)
  AND "u"."id" = ANY($4);

SELECT "u"."id", "u"."username", "u"."name", "u"."email"
FROM "users" AS "u"
WHERE (
  EXISTS (
    SELECT 1
    FROM "memberships" AS "m"
    WHERE "m"."user_id" = "u"."id"
      AND "m"."platform_id" = ANY($1)
  )
  OR EXISTS (
    SELECT 1
    FROM "department_members" AS "m"
    WHERE "m"."user_id" = "u"."id"
      AND "m"."department_id" = ANY($2)
  )
)
  AND "u"."id" = ANY($3);
