SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "top"."n"
FROM (
  SELECT "s"."program_id", COUNT(*) AS "n"
  FROM "program_group_suggestions" AS "s"
  WHERE
    "s"."platform_id" = $1
    AND "s"."group_id" IN (
      SELECT "id"
      FROM "user_groups"
      WHERE "department_id" = ANY($2)
    )
    AND "s"."visible" = $3
  GROUP BY "s"."program_id"
  ORDER BY "n" DESC, "s"."program_id" ASC
  LIMIT 10
) AS "top"
  INNER JOIN "programs" AS "p" ON "p"."id" = "top"."program_id"
ORDER BY "top"."n" DESC, "top"."program_id" ASC;

SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "top"."n"
FROM (
  SELECT "s"."program_id", COUNT(*) AS "n"
  FROM "program_group_suggestions" AS "s"
  WHERE
    "s"."platform_id" = $1
    AND "s"."group_id" IN (
      SELECT "id"
      FROM "user_groups"
      WHERE "department_id" = ANY($2)
    )
  GROUP BY "s"."program_id"
  ORDER BY "n" DESC, "s"."program_id" ASC
  LIMIT 10
) AS "top"
  INNER JOIN "programs" AS "p" ON "p"."id" = "top"."program_id"
ORDER BY "top"."n" DESC, "top"."program_id" ASC;

SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "top"."n"
FROM (
  SELECT "s"."program_id", COUNT(*) AS "n"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."visible" = $2
  GROUP BY "s"."program_id"
  ORDER BY "n" DESC, "s"."program_id" ASC
  LIMIT 10
) AS "top"
  INNER JOIN "programs" AS "p" ON "p"."id" = "top"."program_id"
ORDER BY "top"."n" DESC, "top"."program_id" ASC;

SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "top"."n"
FROM (
  SELECT "s"."program_id", COUNT(*) AS "n"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  GROUP BY "s"."program_id"
  ORDER BY "n" DESC, "s"."program_id" ASC
  LIMIT 10
) AS "top"
  INNER JOIN "programs" AS "p" ON "p"."id" = "top"."program_id"
ORDER BY "top"."n" DESC, "top"."program_id" ASC;

SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "top"."n"
FROM (
  SELECT "s"."program_id", COUNT(*) AS "n"
  FROM "program_suggestions" AS "s"
  WHERE
    "s"."platform_id" = $1
    AND "s"."user_id" IN (
      SELECT "user_id" AS "id"
      FROM "department_members"
      WHERE "department_id" = ANY($2)
    )
    AND "s"."visible" = $3
    AND "s"."state" = 0
  GROUP BY "s"."program_id"
  ORDER BY "n" DESC, "s"."program_id" ASC
  LIMIT 10
) AS "top"
  INNER JOIN "programs" AS "p" ON "p"."id" = "top"."program_id"
ORDER BY "top"."n" DESC, "top"."program_id" ASC;

SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "top"."n"
FROM (
  SELECT "s"."program_id", COUNT(*) AS "n"
  FROM "program_suggestions" AS "s"
  WHERE
    "s"."platform_id" = $1
    AND "s"."user_id" IN (
      SELECT "user_id" AS "id"
      FROM "department_members"
      WHERE "department_id" = ANY($2)
    )
  GROUP BY "s"."program_id"
  ORDER BY "n" DESC, "s"."program_id" ASC
  LIMIT 10
) AS "top"
  INNER JOIN "programs" AS "p" ON "p"."id" = "top"."program_id"
ORDER BY "top"."n" DESC, "top"."program_id" ASC;

SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "top"."n"
FROM (
  SELECT "s"."program_id", COUNT(*) AS "n"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."visible" = $2 AND "s"."state" = 0
  GROUP BY "s"."program_id"
  ORDER BY "n" DESC, "s"."program_id" ASC
  LIMIT 10
) AS "top"
  INNER JOIN "programs" AS "p" ON "p"."id" = "top"."program_id"
ORDER BY "top"."n" DESC, "top"."program_id" ASC;

SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "top"."n"
FROM (
  SELECT "s"."program_id", COUNT(*) AS "n"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  GROUP BY "s"."program_id"
  ORDER BY "n" DESC, "s"."program_id" ASC
  LIMIT 10
) AS "top"
  INNER JOIN "programs" AS "p" ON "p"."id" = "top"."program_id"
ORDER BY "top"."n" DESC, "top"."program_id" ASC;
