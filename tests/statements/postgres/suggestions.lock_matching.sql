SELECT "s"."id", COALESCE("s"."visible_from" >= $1, FALSE)
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $2
  AND "s"."group_id" IN (
    SELECT "id"
    FROM "user_groups"
    WHERE "department_id" = ANY($3)
  )
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $2
      AND "key" = ANY($4)
  )
ORDER BY "s"."program_id" ASC, "s"."group_id" ASC
LIMIT 100001
FOR UPDATE OF "s";

SELECT "s"."id", COALESCE("s"."visible_from" >= $1, FALSE)
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $2
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $2
      AND "key" = ANY($3)
  )
ORDER BY "s"."program_id" ASC, "s"."group_id" ASC
LIMIT 100001
FOR UPDATE OF "s";

SELECT "s"."id", COALESCE("s"."visible_from" >= $1, FALSE)
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $2
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $2
      AND "key" = ANY($3)
  )
ORDER BY "s"."program_id" ASC, "s"."user_id" ASC
LIMIT 100001
FOR UPDATE OF "s";

SELECT "s"."id", COALESCE("s"."visible_from" >= $1, FALSE)
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $2
  AND "s"."user_id" IN (
    SELECT "user_id"
    FROM "department_members"
    WHERE "department_id" = ANY($3)
  )
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $2
      AND "key" = ANY($4)
  )
ORDER BY "s"."program_id" ASC, "s"."user_id" ASC
LIMIT 100001
FOR UPDATE OF "s";

SELECT "s"."id", FALSE
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."group_id" IN (
    SELECT "id"
    FROM "user_groups"
    WHERE "department_id" = ANY($2)
  )
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" = ANY($3)
  )
ORDER BY "s"."program_id" ASC, "s"."group_id" ASC
LIMIT 100001
FOR UPDATE OF "s";

SELECT "s"."id", FALSE
FROM "program_group_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" = ANY($2)
  )
ORDER BY "s"."program_id" ASC, "s"."group_id" ASC
LIMIT 100001
FOR UPDATE OF "s";

SELECT "s"."id", FALSE
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" = ANY($2)
  )
ORDER BY "s"."program_id" ASC, "s"."user_id" ASC
LIMIT 100001
FOR UPDATE OF "s";

SELECT "s"."id", FALSE
FROM "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = $1
  AND "s"."user_id" IN (
    SELECT "user_id"
    FROM "department_members"
    WHERE "department_id" = ANY($2)
  )
  AND "s"."program_id" IN (
    SELECT "id"
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" = ANY($3)
  )
ORDER BY "s"."program_id" ASC, "s"."user_id" ASC
LIMIT 100001
FOR UPDATE OF "s";
