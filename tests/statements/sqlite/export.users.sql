SELECT "id", "username", "name", "email", "dm_admin"
FROM "users"
WHERE
  "id" IN (
    SELECT "user_id"
    FROM "memberships" AS "t"
    WHERE "t"."platform_id" = $1
    UNION
    SELECT "m"."user_id"
    FROM
      "department_members" AS "m"
      INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
    WHERE "d"."platform_id" = $1
    UNION
    SELECT "m"."user_id"
    FROM
      "group_members" AS "m"
      INNER JOIN "user_groups" AS "g" ON "g"."id" = "m"."group_id"
    WHERE "g"."platform_id" = $1
    UNION
    SELECT "user_id"
    FROM "program_suggestions" AS "t"
    WHERE "t"."platform_id" = $1
    UNION
    SELECT "suggested_by"
    FROM "program_suggestions" AS "t"
    WHERE "t"."platform_id" = $1
    UNION
    SELECT "suggested_by"
    FROM "program_group_suggestions" AS "t"
    WHERE "t"."platform_id" = $1
    UNION
    SELECT "user_id"
    FROM "suggestion_answers" AS "t"
    WHERE "t"."platform_id" = $1
  )
  AND ("id") > ($2)
ORDER BY "id" ASC
LIMIT 5000;

SELECT "id", "username", "name", "email", "dm_admin"
FROM "users"
WHERE ("id") > ($1)
ORDER BY "id" ASC
LIMIT 5000;
