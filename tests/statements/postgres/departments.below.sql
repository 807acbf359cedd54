WITH
RECURSIVE "below" ("id") AS (
  SELECT "d"."id"
  FROM "departments" AS "d"
  WHERE
    "d"."platform_id" = ANY($1)
    AND "d"."key" = $2
    AND ("d"."platform_id" = ANY($3) OR "d"."id" = ANY($4))
  UNION
  (
    SELECT "d"."id"
    FROM "departments" AS "d" INNER JOIN "below" ON "d"."parent_id" = "below"."id"
  )
)
SELECT "id"
FROM "below";

WITH
RECURSIVE "below" ("id") AS (
  SELECT "d"."id"
  FROM "departments" AS "d"
  WHERE "d"."platform_id" = ANY($1) AND "d"."key" = $2
  UNION
  (
    SELECT "d"."id"
    FROM "departments" AS "d" INNER JOIN "below" ON "d"."parent_id" = "below"."id"
  )
)
SELECT "id"
FROM "below";
