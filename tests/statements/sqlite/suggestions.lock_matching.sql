SELECT "s"."id", COALESCE("s"."visible_from" >= $1, FALSE)
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $2
  AND "s"."group_id" IN (
    SELECT "id"
    FROM "user_groups"
    WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
  )
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $2
      AND "key" IN (SELECT "value" FROM json_each($4) AS "listed")
  )
LIMIT 100001;

SELECT "s"."id", COALESCE("s"."visible_from" >= $1, FALSE)
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $2
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $2
      AND "key" IN (SELECT "value" FROM json_each($3) AS "listed")
  )
LIMIT 100001;

SELECT "s"."id", COALESCE("s"."visible_from" >= $1, FALSE)
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $2
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $2
      AND "key" IN (SELECT "value" FROM json_each($3) AS "listed")
  )
LIMIT 100001;

SELECT "s"."id", COALESCE("s"."visible_from" >= $1, FALSE)
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $2
  AND "s"."user_id" IN (
    SELECT "user_id"
    FROM "department_members"
    WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
  )
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $2
      AND "key" IN (SELECT "value" FROM json_each($4) AS "listed")
  )
LIMIT 100001;

SELECT "s"."id", FALSE
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."group_id" IN (
    SELECT "id"
    FROM "user_groups"
    WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
  )
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($3) AS "listed")
  )
LIMIT 100001;

SELECT "s"."id", FALSE
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
  )
LIMIT 100001;

SELECT "s"."id", FALSE
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
  )
LIMIT 100001;

SELECT "s"."id", FALSE
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."user_id" IN (
    SELECT "user_id"
    FROM "department_members"
    WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
  )
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($3) AS "listed")
  )
LIMIT 100001;
