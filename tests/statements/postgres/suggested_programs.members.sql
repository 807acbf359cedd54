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
        "g"."platform_id" = ANY($1)
        OR EXISTS (
          SELECT 1
          FROM "department_members" AS "d"
          WHERE "d"."user_id" = "u"."id"
            AND "d"."department_id" = ANY($2)
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
FROM
  (
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
        "m"."state" AS "state"
      FROM
        "program_group_suggestions" AS "g"
        INNER JOIN LATERAL (
          SELECT
            "m"."user_id",
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
            "group_members" AS "m"
            LEFT JOIN "program_suggestions" AS "s" ON "s"."platform_id" = "g"."platform_id"
            AND "s"."program_id" = "g"."program_id"
            AND "s"."user_id" = "m"."user_id"
            LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = "g"."platform_id"
            AND "a"."program_id" = "g"."program_id"
            AND "a"."user_id" = "m"."user_id"
          WHERE "m"."group_id" = "g"."group_id"
            AND "m"."active" OFFSET 0
        ) AS "m" ON TRUE
        INNER JOIN LATERAL (
          SELECT *
          FROM "users" AS "u"
          WHERE "u"."id" = "m"."user_id" OFFSET 0
        ) AS "u" ON TRUE
      WHERE "g"."id" = ANY($4)
    ) AS "found"
    WHERE "state" = 0
  ) AS "page"
  INNER JOIN LATERAL (
    SELECT *
    FROM "program_group_suggestions" AS "g"
    WHERE "g"."id" = "page"."suggestion_id" OFFSET 0
  ) AS "g" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."id" = "g"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "page"."id" OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "suggestion_answers" AS "a"
    WHERE
      "a"."platform_id" = "g"."platform_id"
      AND "a"."program_id" = "g"."program_id"
      AND "a"."user_id" = "page"."id" OFFSET 0
  ) AS "a" ON TRUE
WHERE "page"."number" <= 3
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
FROM
  (
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
        "m"."state" AS "state"
      FROM
        "program_group_suggestions" AS "g"
        INNER JOIN LATERAL (
          SELECT
            "m"."user_id",
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
            "group_members" AS "m"
            LEFT JOIN "program_suggestions" AS "s" ON "s"."platform_id" = "g"."platform_id"
            AND "s"."program_id" = "g"."program_id"
            AND "s"."user_id" = "m"."user_id"
            LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = "g"."platform_id"
            AND "a"."program_id" = "g"."program_id"
            AND "a"."user_id" = "m"."user_id"
          WHERE "m"."group_id" = "g"."group_id"
            AND "m"."active" OFFSET 0
        ) AS "m" ON TRUE
        INNER JOIN LATERAL (
          SELECT *
          FROM "users" AS "u"
          WHERE "u"."id" = "m"."user_id" OFFSET 0
        ) AS "u" ON TRUE
      WHERE "g"."id" = ANY($1)
    ) AS "found"
    WHERE "state" = 0
  ) AS "page"
  INNER JOIN LATERAL (
    SELECT *
    FROM "program_group_suggestions" AS "g"
    WHERE "g"."id" = "page"."suggestion_id" OFFSET 0
  ) AS "g" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."id" = "g"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "page"."id" OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "suggestion_answers" AS "a"
    WHERE
      "a"."platform_id" = "g"."platform_id"
      AND "a"."program_id" = "g"."program_id"
      AND "a"."user_id" = "page"."id" OFFSET 0
  ) AS "a" ON TRUE
WHERE "page"."number" <= 3
ORDER BY "page"."k" ASC, "page"."id" ASC;
