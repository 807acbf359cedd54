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
FROM (
  SELECT
    "m"."value" ->> 0 AS "platform_id",
    CAST($1 AS BIGINT) AS "program_id",
    CAST($2 AS BIGINT) AS "user_id"
  FROM json_each($3) AS "m"
) AS "v"
  CROSS JOIN "memberships" AS "mb"
  CROSS JOIN "programs" AS "p"
  CROSS JOIN "users" AS "u"
  LEFT JOIN "program_suggestions" AS "s" ON "s"."platform_id" = "v"."platform_id"
  AND "s"."program_id" = "v"."program_id"
  AND "s"."user_id" = "v"."user_id"
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = "v"."platform_id"
  AND "a"."program_id" = "v"."program_id"
  AND "a"."user_id" = "v"."user_id"
WHERE
  "mb"."platform_id" = "v"."platform_id"
  AND "mb"."user_id" = "v"."user_id"
  AND "mb"."active"
  AND (
    "p"."platform_id" = "v"."platform_id"
    AND "p"."id" = "v"."program_id"
  )
  AND "u"."id" = "v"."user_id"
  AND (
    (
      "v"."user_id" = $4
      AND "v"."platform_id" IN (SELECT "value" FROM json_each($5) AS "listed")
    )
    OR "v"."platform_id" IN (SELECT "value" FROM json_each($6) AS "listed")
    OR EXISTS (
      SELECT 1
      FROM
        "department_members" AS "m"
        INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
      WHERE
        "m"."user_id" = "v"."user_id"
        AND "d"."platform_id" = "v"."platform_id"
        AND "d"."id" IN (SELECT "value" FROM json_each($7) AS "listed")
    )
  );
