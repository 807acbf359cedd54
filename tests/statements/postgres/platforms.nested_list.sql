SELECT *
FROM (
  SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
  FROM "user_groups" AS "g"
  WHERE "g"."platform_id" = $1
    AND "g"."name_folded" LIKE $2
  ORDER BY "g"."id" DESC
  LIMIT $3
) AS "part";

SELECT *
FROM (
  SELECT "g"."id", "g"."platform_id", "g"."name", "g"."department_id", "g"."user_count"
  FROM "user_groups" AS "g"
  WHERE
    "g"."platform_id" = $1
    AND (
      "g"."platform_id" = ANY($2)
      OR "g"."department_id" = ANY($3)
    )
    AND "g"."name_folded" LIKE $4
  ORDER BY "g"."id" DESC
  LIMIT $5
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
