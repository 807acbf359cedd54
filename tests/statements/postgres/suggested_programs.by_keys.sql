SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  CAST(
    COALESCE(
      "s"."state",
      (
        CASE
          WHEN ("a"."accepted") THEN 1
          WHEN (NOT "a"."accepted") THEN 2
        END
      ),
      0
    ) AS SMALLINT
  ),
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "a"."accepted",
  "a"."reason",
  "a"."comment",
  "a"."answered"
FROM
  (
    SELECT
      unnest($1) AS "platform_id",
      CAST($2 AS BIGINT) AS "program_id",
      CAST($3 AS BIGINT) AS "user_id"
  ) AS "v"
  INNER JOIN LATERAL (
    SELECT *
    FROM "memberships" AS "mb"
    WHERE
      "mb"."platform_id" = "v"."platform_id"
      AND "mb"."user_id" = "v"."user_id"
      AND "mb"."active" OFFSET 0
  ) AS "mb" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "v"."platform_id"
      AND "p"."id" = "v"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "v"."user_id" OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = "v"."platform_id"
      AND "s"."program_id" = "v"."program_id"
      AND "s"."user_id" = "v"."user_id" OFFSET 0
  ) AS "s" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "suggestion_answers" AS "a"
    WHERE
      "a"."platform_id" = "v"."platform_id"
      AND "a"."program_id" = "v"."program_id"
      AND "a"."user_id" = "v"."user_id" OFFSET 0
  ) AS "a" ON TRUE
WHERE
  ("v"."user_id" = $4 AND "v"."platform_id" = ANY($5))
  OR "v"."platform_id" = ANY($6)
  OR EXISTS (
    SELECT 1
    FROM
      "department_members" AS "m"
      INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
    WHERE
      "m"."user_id" = "v"."user_id"
      AND "d"."platform_id" = "v"."platform_id"
      AND "d"."id" = ANY($7)
  );
