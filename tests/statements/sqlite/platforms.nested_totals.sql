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
    WHERE
      "g"."platform_id" = $1
      AND (
        "g"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        OR "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
      )
      AND instr("g"."name_folded", $4) > 0
  ),
  FALSE,
  FALSE;

SELECT
  CAST($1 AS BIGINT),
  (
    SELECT COUNT(*)
    FROM "user_groups" AS "g"
    WHERE "g"."platform_id" = $1
      AND instr("g"."name_folded", $2) > 0
  ),
  FALSE,
  FALSE;
