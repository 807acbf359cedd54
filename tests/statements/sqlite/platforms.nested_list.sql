SELECT *
FROM (
  SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
  FROM "user_groups" AS "g"
  WHERE
    "g"."platform_id" = $1
    AND (
      "g"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      OR "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
    )
    AND instr("g"."name_folded", $4) > 0
  ORDER BY "g"."id" DESC
  LIMIT $5
) AS "part";

SELECT *
FROM (
  SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
  FROM "user_groups" AS "g"
  WHERE "g"."platform_id" = $1
    AND instr("g"."name_folded", $2) > 0
  ORDER BY "g"."id" DESC
  LIMIT $3
) AS "part";

SELECT *
FROM (
  SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
  FROM "user_groups" AS "g"
  WHERE "g"."platform_id" = $1
  ORDER BY "g"."id" ASC
  LIMIT $2
) AS "part";

SELECT *
FROM (
  SELECT
    "p"."id",
    "p"."platform_id",
    "p"."key",
    "p"."name",
    "p"."org",
    "p"."description",
    "p"."url",
    "p"."image_url"
  FROM "programs" AS "p"
  WHERE "p"."platform_id" = $1
  ORDER BY "p"."id" ASC
  LIMIT $2
) AS "part";
