SELECT "s"."id"
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" IN (SELECT "value" FROM json_each($2) AS "listed");

SELECT "s"."id"
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
  AND "s"."group_id" IN (
    SELECT "id"
    FROM "user_groups"
    WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
  );

SELECT "s"."id"
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" IN (SELECT "value" FROM json_each($2) AS "listed");

SELECT "s"."id"
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
  AND "s"."user_id" IN (
    SELECT "user_id"
    FROM "department_members"
    WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
  );
