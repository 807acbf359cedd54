SELECT "u"."id", "u"."username_folded", CAST(NULL AS TEXT), TRUE
FROM (
  SELECT "id"
  FROM "users"
  WHERE "username_folded" IN (SELECT "value" FROM json_each($1) AS "listed")
) AS "named"
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
    WHERE
      "d"."user_id" = "u"."id"
      AND "d"."department_id" IN (SELECT "value" FROM json_each($1) AS "listed")
  )
FROM (
  SELECT "id"
  FROM "users"
  WHERE "id" IN (SELECT "value" FROM json_each($2) AS "listed")
) AS "named"
  INNER JOIN "users" AS "u" ON "u"."id" = "named"."id"
  INNER JOIN "memberships" AS "m" ON "m"."user_id" = "u"."id"
  AND "m"."active"
  AND "m"."platform_id" = $3;

SELECT "u"."id", '', CAST(NULL AS TEXT), TRUE
FROM (
  SELECT "id"
  FROM "users"
  WHERE "id" IN (SELECT "value" FROM json_each($1) AS "listed")
) AS "named"
  INNER JOIN "users" AS "u" ON "u"."id" = "named"."id"
  INNER JOIN "memberships" AS "m" ON "m"."user_id" = "u"."id"
  AND "m"."active"
  AND "m"."platform_id" = $2;
