SELECT
  "page"."suggestion_id",
  "g"."platform_id",
  "g"."program_id",
  "page"."id",
  "page"."state",
  "g"."created",
  "g"."due_at",
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
  (
    CASE
      WHEN (
        "g"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
        OR EXISTS (
          SELECT 1
          FROM "department_members" AS "d"
          WHERE
            "d"."user_id" = "u"."id"
            AND "d"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
        OR "u"."id" = $3
      ) THEN "u"."email"
    END
  ),
  "a"."accepted",
  "a"."reason",
  "a"."comment",
  "a"."answered",
  "page"."k"
FROM (
  SELECT
    "suggestion_id",
    "id",
    "k",
    "state",
    ROW_NUMBER() OVER (PARTITION BY "suggestion_id" ORDER BY "k" ASC, "id" ASC) AS "number"
  FROM (
    SELECT
      "g"."id" AS "suggestion_id",
      "u"."id" AS "id",
      "u"."username_folded" AS "k",
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
      ) AS "state"
    FROM
      "program_group_suggestions" AS "g"
      CROSS JOIN "group_members" AS "m"
      LEFT JOIN "program_suggestions" AS "s" ON "s"."platform_id" = "g"."platform_id"
      AND "s"."program_id" = "g"."program_id"
      AND "s"."user_id" = "m"."user_id"
      LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = "g"."platform_id"
      AND "a"."program_id" = "g"."program_id"
      AND "a"."user_id" = "m"."user_id"
      CROSS JOIN "users" AS "u"
    WHERE
      "g"."id" IN (SELECT "value" FROM json_each($4) AS "listed")
      AND ("m"."group_id" = "g"."group_id" AND "m"."active")
      AND "u"."id" = "m"."user_id"
  ) AS "found"
  WHERE "state" = 0
) AS "page"
  CROSS JOIN "program_group_suggestions" AS "g"
  CROSS JOIN "programs" AS "p"
  CROSS JOIN "users" AS "u"
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = "g"."platform_id"
  AND "a"."program_id" = "g"."program_id"
  AND "a"."user_id" = "page"."id"
WHERE
  "page"."number" <= 3
  AND "g"."id" = "page"."suggestion_id"
  AND "p"."id" = "g"."program_id"
  AND "u"."id" = "page"."id"
ORDER BY "page"."k" ASC, "page"."id" ASC;

SELECT
  "page"."suggestion_id",
  "g"."platform_id",
  "g"."program_id",
  "page"."id",
  "page"."state",
  "g"."created",
  "g"."due_at",
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
  (CASE WHEN (TRUE) THEN "u"."email" END),
  "a"."accepted",
  "a"."reason",
  "a"."comment",
  "a"."answered",
  "page"."k"
FROM (
  SELECT
    "suggestion_id",
    "id",
    "k",
    "state",
    ROW_NUMBER() OVER (PARTITION BY "suggestion_id" ORDER BY "k" ASC, "id" ASC) AS "number"
  FROM (
    SELECT
      "g"."id" AS "suggestion_id",
      "u"."id" AS "id",
      "u"."username_folded" AS "k",
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
      ) AS "state"
    FROM
      "program_group_suggestions" AS "g"
      CROSS JOIN "group_members" AS "m"
      LEFT JOIN "program_suggestions" AS "s" ON "s"."platform_id" = "g"."platform_id"
      AND "s"."program_id" = "g"."program_id"
      AND "s"."user_id" = "m"."user_id"
      LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = "g"."platform_id"
      AND "a"."program_id" = "g"."program_id"
      AND "a"."user_id" = "m"."user_id"
      CROSS JOIN "users" AS "u"
    WHERE
      "g"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
      AND ("m"."group_id" = "g"."group_id" AND "m"."active")
      AND "u"."id" = "m"."user_id"
  ) AS "found"
  WHERE "state" = 0
) AS "page"
  CROSS JOIN "program_group_suggestions" AS "g"
  CROSS JOIN "programs" AS "p"
  CROSS JOIN "users" AS "u"
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = "g"."platform_id"
  AND "a"."program_id" = "g"."program_id"
  AND "a"."user_id" = "page"."id"
WHERE
  "page"."number" <= 3
  AND "g"."id" = "page"."suggestion_id"
  AND "p"."id" = "g"."program_id"
  AND "u"."id" = "page"."id"
ORDER BY "page"."k" ASC, "page"."id" ASC;
