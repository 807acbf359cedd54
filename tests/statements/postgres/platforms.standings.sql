WITH
RECURSIVE "administered" ("id", "platform_id") AS (
  SELECT "d"."id", "d"."platform_id"
  FROM
    "department_members" AS "m"
    INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
  WHERE "m"."admin" AND "m"."user_id" = $1
  UNION
  (
    SELECT "d"."id", "d"."platform_id"
    FROM
      "departments" AS "d"
      INNER JOIN "administered" ON "d"."parent_id" = "administered"."id"
  )
),
"roles" ("platform_id", "role", "active", "department_id") AS (
  SELECT
    "m"."platform_id",
    "m"."role",
    (CASE WHEN ("m"."active") THEN 1 ELSE 0 END),
    CAST(NULL AS BIGINT)
  FROM "memberships" AS "m"
  WHERE "m"."user_id" = $1
  UNION ALL
  (
    SELECT
      "administered"."platform_id",
      CAST(NULL AS TEXT),
      CAST(NULL AS INTEGER),
      "administered"."id"
    FROM "administered"
  )
)
SELECT
  "p"."id",
  "p"."key",
  "p"."org",
  "p"."name",
  "r"."role",
  "r"."active",
  "r"."department_id"
FROM "roles" AS "r" INNER JOIN "platforms" AS "p" ON "p"."id" = "r"."platform_id"
ORDER BY "p"."key" ASC, "r"."department_id" ASC;

WITH
RECURSIVE "administered" ("id", "platform_id", "user_id") AS (
  SELECT "d"."id", "d"."platform_id", "m"."user_id"
  FROM
    "department_members" AS "m"
    INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
  WHERE "m"."admin" AND "m"."user_id" = ANY($1)
  UNION
  (
    SELECT "d"."id", "d"."platform_id", "administered"."user_id"
    FROM
      "departments" AS "d"
      INNER JOIN "administered" ON "d"."parent_id" = "administered"."id"
  )
),
"roles" (
  "platform_id",
  "role",
  "active",
  "department_id",
  "user_id"
) AS (
  SELECT
    "m"."platform_id",
    "m"."role",
    (CASE WHEN ("m"."active") THEN 1 ELSE 0 END),
    CAST(NULL AS BIGINT),
    "m"."user_id"
  FROM "memberships" AS "m"
  WHERE "m"."user_id" = ANY($1)
  UNION ALL
  (
    SELECT
      "administered"."platform_id",
      CAST(NULL AS TEXT),
      CAST(NULL AS INTEGER),
      "administered"."id",
      "administered"."user_id"
    FROM "administered"
  )
)
SELECT
  "r"."user_id",
  "p"."id",
  "p"."key",
  "p"."org",
  "p"."name",
  "r"."role",
  "r"."active",
  "r"."department_id"
FROM "roles" AS "r" INNER JOIN "platforms" AS "p" ON "p"."id" = "r"."platform_id"
ORDER BY "r"."user_id" ASC, "p"."key" ASC, "r"."department_id" ASC;
