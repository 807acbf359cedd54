WITH
RECURSIVE "below" ("id") AS (
  SELECT "d"."id"
  FROM "departments" AS "d"
  WHERE
    "d"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
    AND "d"."key" = $2
    AND (
      "d"."platform_id" IN (SELECT "value" FROM json_each($3) AS "listed")
      OR "d"."id" IN (SELECT "value" FROM json_each($4) AS "listed")
    )
  UNION
  SELECT "d"."id"
  FROM "departments" AS "d" INNER JOIN "below" ON "d"."parent_id" = "below"."id"
)
SELECT "id"
FROM "below";

WITH
RECURSIVE "below" ("id") AS (
  SELECT "d"."id"
  FROM "departments" AS "d"
  WHERE
    "d"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
    AND "d"."key" = $2
  UNION
  SELECT "d"."id"
  FROM "departments" AS "d" INNER JOIN "below" ON "d"."parent_id" = "below"."id"
)
SELECT "id"
FROM "below";
