SELECT
  CAST($1 AS BIGINT),
  (
    SELECT COUNT(*)
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = $1
  ),
  FALSE,
  FALSE;

SELECT
  CAST($1 AS BIGINT),
  (
    SELECT COUNT(*)
    FROM "user_groups" AS "g"
    WHERE "g"."platform_id" = $1
      AND "g"."name_folded" LIKE $2
  ),
  FALSE,
  FALSE;

SELECT
  CAST($1 AS BIGINT),
  (
    SELECT COUNT(*)
    FROM "user_groups" AS "g"
    WHERE
      "g"."platform_id" = $1
      AND (
        "g"."platform_id" = ANY($2)
        OR "g"."department_id" = ANY($3)
      )
      AND "g"."name_folded" LIKE $4
  ),
  FALSE,
  FALSE;
