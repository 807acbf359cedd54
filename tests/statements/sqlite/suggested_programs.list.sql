WITH
"found" AS MATERIALIZED (
  SELECT
    "mine"."id",
    "mine"."suggested_at",
    "mine"."due_at",
    "mine"."state",
    "mine"."suggested_at" AS "k",
    "mine"."ways"
  FROM (
    SELECT
      "y"."program_id" AS "id",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."created" END)) AS "suggested_at",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."due_at" END)) AS "due_at",
      CAST(COALESCE(MAX("y"."state"), 0) AS SMALLINT) AS "state",
      group_concat ((CASE WHEN ("y"."open" = 1) THEN "y"."way" END)) AS "ways"
    FROM (
      SELECT
        "s"."program_id",
        "s"."created",
        "s"."due_at",
        "s"."state",
        (
          CASE
            WHEN (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $1)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $1)
            ) THEN 1
            ELSE 0
          END
        ) AS "open",
        "s"."id" AS "way"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $2
        AND "s"."user_id" = $3
      UNION ALL
      SELECT
        "g"."program_id",
        "g"."created",
        "g"."due_at",
        CAST(NULL AS SMALLINT),
        1,
        0 - "g"."id"
      FROM "group_members" AS "m"
        CROSS JOIN "program_group_suggestions" AS "g"
      WHERE
        "m"."user_id" = $3
        AND "m"."active"
        AND ("g"."platform_id" = $2 AND "g"."group_id" = "m"."group_id")
        AND (
          "g"."visible"
          AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $1)
          AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $1)
        )
      UNION ALL
      SELECT
        "a"."program_id",
        NULL,
        NULL,
        (
          CASE
            WHEN ("a"."accepted") THEN 1
            WHEN (NOT "a"."accepted") THEN 2
          END
        ),
        0,
        NULL
      FROM "suggestion_answers" AS "a"
      WHERE "a"."platform_id" = $2
        AND "a"."user_id" = $3
    ) AS "y"
    GROUP BY "y"."program_id"
    HAVING MAX("y"."open") = 1
  ) AS "mine"
),
"page" AS (
  SELECT *
  FROM "found"
  WHERE "state" IN (0, 1)
  ORDER BY "k" DESC, "id" DESC
  LIMIT 101
)
SELECT
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "page"."state",
  "page"."suggested_at",
  "page"."due_at",
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
  "a"."answered",
  "page"."ways"
FROM (
  SELECT
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "pending",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "accepted",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "dismissed",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM "found"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "programs" AS "p" ON "p"."id" = "page"."id"
  LEFT JOIN "users" AS "u" ON "u"."id" = $3
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = $2
  AND "a"."user_id" = $3
  AND "a"."program_id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"found" AS MATERIALIZED (
  SELECT
    "mine"."id",
    "mine"."suggested_at",
    "mine"."due_at",
    "mine"."state",
    "mine"."suggested_at" AS "k",
    "mine"."ways"
  FROM (
    SELECT
      "y"."program_id" AS "id",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."created" END)) AS "suggested_at",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."due_at" END)) AS "due_at",
      CAST(COALESCE(MAX("y"."state"), 0) AS SMALLINT) AS "state",
      group_concat ((CASE WHEN ("y"."open" = 1) THEN "y"."way" END)) AS "ways"
    FROM (
      SELECT
        "s"."program_id",
        "s"."created",
        "s"."due_at",
        "s"."state",
        (
          CASE
            WHEN (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $1)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $1)
            ) THEN 1
            ELSE 0
          END
        ) AS "open",
        "s"."id" AS "way"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $2
        AND "s"."user_id" = $3
      UNION ALL
      SELECT
        "g"."program_id",
        "g"."created",
        "g"."due_at",
        CAST(NULL AS SMALLINT),
        1,
        0 - "g"."id"
      FROM "group_members" AS "m"
        CROSS JOIN "program_group_suggestions" AS "g"
      WHERE
        "m"."user_id" = $3
        AND "m"."active"
        AND ("g"."platform_id" = $2 AND "g"."group_id" = "m"."group_id")
        AND (
          "g"."visible"
          AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $1)
          AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $1)
        )
      UNION ALL
      SELECT
        "a"."program_id",
        NULL,
        NULL,
        (
          CASE
            WHEN ("a"."accepted") THEN 1
            WHEN (NOT "a"."accepted") THEN 2
          END
        ),
        0,
        NULL
      FROM "suggestion_answers" AS "a"
      WHERE "a"."platform_id" = $2
        AND "a"."user_id" = $3
    ) AS "y"
    GROUP BY "y"."program_id"
    HAVING MAX("y"."open") = 1
  ) AS "mine"
),
"page" AS (
  SELECT *
  FROM "found"
  WHERE "state" IN (0, 1)
  ORDER BY "k" DESC, "id" DESC
  LIMIT 2
)
SELECT
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "page"."state",
  "page"."suggested_at",
  "page"."due_at",
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
  "a"."answered",
  "page"."ways"
FROM (
  SELECT
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "pending",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "accepted",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "dismissed",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM "found"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "programs" AS "p" ON "p"."id" = "page"."id"
  LEFT JOIN "users" AS "u" ON "u"."id" = $3
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = $2
  AND "a"."user_id" = $3
  AND "a"."program_id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"found" AS MATERIALIZED (
  SELECT
    "mine"."id",
    "mine"."suggested_at",
    "mine"."due_at",
    "mine"."state",
    "p"."name_folded" AS "k",
    "mine"."ways"
  FROM (
    SELECT
      "y"."program_id" AS "id",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."created" END)) AS "suggested_at",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."due_at" END)) AS "due_at",
      CAST(COALESCE(MAX("y"."state"), 0) AS SMALLINT) AS "state",
      group_concat ((CASE WHEN ("y"."open" = 1) THEN "y"."way" END)) AS "ways"
    FROM (
      SELECT
        "s"."program_id",
        "s"."created",
        "s"."due_at",
        "s"."state",
        (
          CASE
            WHEN (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $1)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $1)
            ) THEN 1
            ELSE 0
          END
        ) AS "open",
        "s"."id" AS "way"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $2
        AND "s"."user_id" = $3
      UNION ALL
      SELECT
        "g"."program_id",
        "g"."created",
        "g"."due_at",
        CAST(NULL AS SMALLINT),
        1,
        0 - "g"."id"
      FROM "group_members" AS "m"
        CROSS JOIN "program_group_suggestions" AS "g"
      WHERE
        "m"."user_id" = $3
        AND "m"."active"
        AND ("g"."platform_id" = $2 AND "g"."group_id" = "m"."group_id")
        AND (
          "g"."visible"
          AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $1)
          AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $1)
        )
      UNION ALL
      SELECT
        "a"."program_id",
        NULL,
        NULL,
        (
          CASE
            WHEN ("a"."accepted") THEN 1
            WHEN (NOT "a"."accepted") THEN 2
          END
        ),
        0,
        NULL
      FROM "suggestion_answers" AS "a"
      WHERE "a"."platform_id" = $2
        AND "a"."user_id" = $3
    ) AS "y"
    GROUP BY "y"."program_id"
    HAVING MAX("y"."open") = 1
  ) AS "mine"
    INNER JOIN "programs" AS "p" ON "p"."id" = "mine"."id"
  WHERE instr("p"."name_folded", $4) > 0 OR instr("p"."key_folded", $4) > 0
),
"page" AS (
  SELECT *
  FROM "found"
  WHERE "state" IN (0, 1)
  ORDER BY "k" DESC, "id" DESC
  LIMIT 101
)
SELECT
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "page"."state",
  "page"."suggested_at",
  "page"."due_at",
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
  "a"."answered",
  "page"."ways"
FROM (
  SELECT
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "pending",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "accepted",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "dismissed",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM "found"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "programs" AS "p" ON "p"."id" = "page"."id"
  LEFT JOIN "users" AS "u" ON "u"."id" = $3
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = $2
  AND "a"."user_id" = $3
  AND "a"."program_id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"found" AS MATERIALIZED (
  SELECT
    "mine"."id",
    "mine"."suggested_at",
    "mine"."due_at",
    "mine"."state",
    "p"."name_folded" AS "k",
    "mine"."ways"
  FROM (
    SELECT
      "y"."program_id" AS "id",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."created" END)) AS "suggested_at",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."due_at" END)) AS "due_at",
      CAST(COALESCE(MAX("y"."state"), 0) AS SMALLINT) AS "state",
      group_concat ((CASE WHEN ("y"."open" = 1) THEN "y"."way" END)) AS "ways"
    FROM (
      SELECT
        "s"."program_id",
        "s"."created",
        "s"."due_at",
        "s"."state",
        (
          CASE
            WHEN (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $1)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $1)
            ) THEN 1
            ELSE 0
          END
        ) AS "open",
        "s"."id" AS "way"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $2
        AND "s"."user_id" = $3
      UNION ALL
      SELECT
        "g"."program_id",
        "g"."created",
        "g"."due_at",
        CAST(NULL AS SMALLINT),
        1,
        0 - "g"."id"
      FROM "group_members" AS "m"
        CROSS JOIN "program_group_suggestions" AS "g"
      WHERE
        "m"."user_id" = $3
        AND "m"."active"
        AND ("g"."platform_id" = $2 AND "g"."group_id" = "m"."group_id")
        AND (
          "g"."visible"
          AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $1)
          AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $1)
        )
      UNION ALL
      SELECT
        "a"."program_id",
        NULL,
        NULL,
        (
          CASE
            WHEN ("a"."accepted") THEN 1
            WHEN (NOT "a"."accepted") THEN 2
          END
        ),
        0,
        NULL
      FROM "suggestion_answers" AS "a"
      WHERE "a"."platform_id" = $2
        AND "a"."user_id" = $3
    ) AS "y"
    GROUP BY "y"."program_id"
    HAVING MAX("y"."open") = 1
  ) AS "mine"
    INNER JOIN "programs" AS "p" ON "p"."id" = "mine"."id"
  WHERE instr("p"."name_folded", $4) > 0 OR instr("p"."key_folded", $4) > 0
),
"page" AS (
  SELECT *
  FROM "found"
  WHERE "state" IN (0, 1)
  ORDER BY "k" DESC, "id" DESC
  LIMIT 2
)
SELECT
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "page"."state",
  "page"."suggested_at",
  "page"."due_at",
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
  "a"."answered",
  "page"."ways"
FROM (
  SELECT
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "pending",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "accepted",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "dismissed",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM "found"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "programs" AS "p" ON "p"."id" = "page"."id"
  LEFT JOIN "users" AS "u" ON "u"."id" = $3
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = $2
  AND "a"."user_id" = $3
  AND "a"."program_id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"found" AS MATERIALIZED (
  SELECT
    "mine"."id",
    "mine"."suggested_at",
    "mine"."due_at",
    "mine"."state",
    COALESCE("mine"."due_at", -9223372036854775807) AS "k",
    "mine"."ways"
  FROM (
    SELECT
      "y"."program_id" AS "id",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."created" END)) AS "suggested_at",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."due_at" END)) AS "due_at",
      CAST(COALESCE(MAX("y"."state"), 0) AS SMALLINT) AS "state",
      group_concat ((CASE WHEN ("y"."open" = 1) THEN "y"."way" END)) AS "ways"
    FROM (
      SELECT
        "s"."program_id",
        "s"."created",
        "s"."due_at",
        "s"."state",
        (
          CASE
            WHEN (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $1)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $1)
            ) THEN 1
            ELSE 0
          END
        ) AS "open",
        "s"."id" AS "way"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $2
        AND "s"."user_id" = $3
      UNION ALL
      SELECT
        "g"."program_id",
        "g"."created",
        "g"."due_at",
        CAST(NULL AS SMALLINT),
        1,
        0 - "g"."id"
      FROM "group_members" AS "m"
        CROSS JOIN "program_group_suggestions" AS "g"
      WHERE
        "m"."user_id" = $3
        AND "m"."active"
        AND ("g"."platform_id" = $2 AND "g"."group_id" = "m"."group_id")
        AND (
          "g"."visible"
          AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $1)
          AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $1)
        )
      UNION ALL
      SELECT
        "a"."program_id",
        NULL,
        NULL,
        (
          CASE
            WHEN ("a"."accepted") THEN 1
            WHEN (NOT "a"."accepted") THEN 2
          END
        ),
        0,
        NULL
      FROM "suggestion_answers" AS "a"
      WHERE "a"."platform_id" = $2
        AND "a"."user_id" = $3
    ) AS "y"
    GROUP BY "y"."program_id"
    HAVING MAX("y"."open") = 1
  ) AS "mine"
),
"page" AS (
  SELECT *
  FROM "found"
  WHERE "state" IN (0, 1)
  ORDER BY "k" DESC, "id" DESC
  LIMIT 101
)
SELECT
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "page"."state",
  "page"."suggested_at",
  "page"."due_at",
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
  "a"."answered",
  "page"."ways"
FROM (
  SELECT
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "pending",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "accepted",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "dismissed",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM "found"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "programs" AS "p" ON "p"."id" = "page"."id"
  LEFT JOIN "users" AS "u" ON "u"."id" = $3
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = $2
  AND "a"."user_id" = $3
  AND "a"."program_id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"found" AS MATERIALIZED (
  SELECT
    "mine"."id",
    "mine"."suggested_at",
    "mine"."due_at",
    "mine"."state",
    COALESCE("mine"."due_at", -9223372036854775807) AS "k",
    "mine"."ways"
  FROM (
    SELECT
      "y"."program_id" AS "id",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."created" END)) AS "suggested_at",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."due_at" END)) AS "due_at",
      CAST(COALESCE(MAX("y"."state"), 0) AS SMALLINT) AS "state",
      group_concat ((CASE WHEN ("y"."open" = 1) THEN "y"."way" END)) AS "ways"
    FROM (
      SELECT
        "s"."program_id",
        "s"."created",
        "s"."due_at",
        "s"."state",
        (
          CASE
            WHEN (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $1)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $1)
            ) THEN 1
            ELSE 0
          END
        ) AS "open",
        "s"."id" AS "way"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $2
        AND "s"."user_id" = $3
      UNION ALL
      SELECT
        "g"."program_id",
        "g"."created",
        "g"."due_at",
        CAST(NULL AS SMALLINT),
        1,
        0 - "g"."id"
      FROM "group_members" AS "m"
        CROSS JOIN "program_group_suggestions" AS "g"
      WHERE
        "m"."user_id" = $3
        AND "m"."active"
        AND ("g"."platform_id" = $2 AND "g"."group_id" = "m"."group_id")
        AND (
          "g"."visible"
          AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $1)
          AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $1)
        )
      UNION ALL
      SELECT
        "a"."program_id",
        NULL,
        NULL,
        (
          CASE
            WHEN ("a"."accepted") THEN 1
            WHEN (NOT "a"."accepted") THEN 2
          END
        ),
        0,
        NULL
      FROM "suggestion_answers" AS "a"
      WHERE "a"."platform_id" = $2
        AND "a"."user_id" = $3
    ) AS "y"
    GROUP BY "y"."program_id"
    HAVING MAX("y"."open") = 1
  ) AS "mine"
),
"page" AS (
  SELECT *
  FROM "found"
  WHERE "state" IN (0, 1)
  ORDER BY "k" DESC, "id" DESC
  LIMIT 2
)
SELECT
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "page"."state",
  "page"."suggested_at",
  "page"."due_at",
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
  "a"."answered",
  "page"."ways"
FROM (
  SELECT
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "pending",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "accepted",
    CAST(
      COALESCE(SUM((CASE WHEN ("state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
    ) AS "dismissed",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM "found"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "programs" AS "p" ON "p"."id" = "page"."id"
  LEFT JOIN "users" AS "u" ON "u"."id" = $3
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = $2
  AND "a"."user_id" = $3
  AND "a"."program_id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"found" AS (
  SELECT
    "mine"."id",
    "mine"."suggested_at",
    "mine"."due_at",
    "mine"."state",
    "mine"."suggested_at" AS "k"
  FROM (
    SELECT
      "y"."program_id" AS "id",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."created" END)) AS "suggested_at",
      MIN((CASE WHEN ("y"."open" = 1) THEN "y"."due_at" END)) AS "due_at",
      CAST(COALESCE(MAX("y"."state"), 0) AS SMALLINT) AS "state"
    FROM (
      SELECT
        "s"."program_id",
        "s"."created",
        "s"."due_at",
        "s"."state",
        (
          CASE
            WHEN (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $1)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $1)
            ) THEN 1
            ELSE 0
          END
        ) AS "open",
        "s"."id" AS "way"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $2
        AND "s"."user_id" = $3
      UNION ALL
      SELECT
        "g"."program_id",
        "g"."created",
        "g"."due_at",
        CAST(NULL AS SMALLINT),
        1,
        0 - "g"."id"
      FROM "group_members" AS "m"
        CROSS JOIN "program_group_suggestions" AS "g"
      WHERE
        "m"."user_id" = $3
        AND "m"."active"
        AND ("g"."platform_id" = $2 AND "g"."group_id" = "m"."group_id")
        AND (
          "g"."visible"
          AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $1)
          AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $1)
        )
      UNION ALL
      SELECT
        "a"."program_id",
        NULL,
        NULL,
        (
          CASE
            WHEN ("a"."accepted") THEN 1
            WHEN (NOT "a"."accepted") THEN 2
          END
        ),
        0,
        NULL
      FROM "suggestion_answers" AS "a"
      WHERE "a"."platform_id" = $2
        AND "a"."user_id" = $3
    ) AS "y"
    GROUP BY "y"."program_id"
    HAVING MAX("y"."open") = 1
  ) AS "mine"
),
"page" AS (
  SELECT *
  FROM "found"
  WHERE "state" IN (0, 1)
  ORDER BY "k" DESC, "id" DESC
  LIMIT 2
)
SELECT
  "page"."id",
  "page"."k",
  "page"."state",
  "page"."suggested_at",
  "page"."due_at",
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
  "page"
  INNER JOIN "programs" AS "p" ON "p"."id" = "page"."id"
  INNER JOIN "users" AS "u" ON "u"."id" = $3
  LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = $2
  AND "a"."user_id" = $3
  AND "a"."program_id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;
