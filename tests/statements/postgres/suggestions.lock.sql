SELECT "s"."id"
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" = ANY($2)
  AND "s"."group_id" IN (
    SELECT "id"
    FROM "user_groups"
    WHERE "department_id" = ANY($3)
  )
ORDER BY "s"."program_id" ASC, "s"."group_id" ASC
FOR UPDATE OF "s";

SELECT "s"."id"
FROM "program_group_suggestions" AS "s"
WHERE "s"."platform_id" = $1 AND "s"."id" = ANY($2)
ORDER BY "s"."program_id" ASC, "s"."group_id" ASC
FOR UPDATE OF "s";

SELECT "s"."id"
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" = ANY($2)
  AND "s"."user_id" IN (
    SELECT "user_id"
    FROM "department_members"
    WHERE "department_id" = ANY($3)
  )
ORDER BY "s"."program_id" ASC, "s"."user_id" ASC
FOR UPDATE OF "s";

SELECT "s"."id"
FROM "program_suggestions" AS "s"
WHERE "s"."platform_id" = $1 AND "s"."id" = ANY($2)
ORDER BY "s"."program_id" ASC, "s"."user_id" ASC
FOR UPDATE OF "s";
