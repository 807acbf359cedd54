WITH
"p" AS MATERIALIZED (
  SELECT "p"."id"
  FROM "programs" AS "p"
  WHERE
    "p"."platform_id" = $1
    AND ("p"."name_folded" LIKE $2 OR "p"."key_folded" LIKE $2)
  LIMIT 1001
),
"x" AS MATERIALIZED (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE "g"."platform_id" = $1 AND "g"."name_folded" LIKE $2
  LIMIT 1001
)
SELECT 0, "p"."id"
FROM "p"
UNION ALL (SELECT 1, "x"."id" FROM "x")
UNION ALL
(
  SELECT 2, COUNT(*)
  FROM (
    SELECT 1
    FROM "program_group_suggestions" AS "s"
    WHERE "s"."platform_id" = $1
      AND "s"."program_id" IN (SELECT "id" FROM "p")
    LIMIT 10001
  ) AS "many"
)
UNION ALL
(
  SELECT 2, COUNT(*)
  FROM (
    SELECT 1
    FROM "program_group_suggestions" AS "s"
    WHERE "s"."platform_id" = $1
      AND "s"."group_id" IN (SELECT "id" FROM "x")
    LIMIT 10001
  ) AS "many"
)
UNION ALL
(
  SELECT
    3,
    (
      CASE
        WHEN (
          EXISTS (
            SELECT 1
            FROM "programs" AS "p"
            WHERE
              "p"."platform_id" = $1
              AND (
                NOT ("p"."name_folded" LIKE $2 OR "p"."key_folded" LIKE $2)
              )
          )
          AND EXISTS (
            SELECT 1
            FROM "user_groups" AS "g"
            WHERE "g"."platform_id" = $1
              AND (NOT "g"."name_folded" LIKE $2)
          )
        ) THEN 0
        ELSE 1
      END
    )
);

WITH
"p" AS MATERIALIZED (
  SELECT "p"."id"
  FROM "programs" AS "p"
  WHERE
    "p"."platform_id" = $1
    AND ("p"."name_folded" LIKE $2 OR "p"."key_folded" LIKE $2)
  LIMIT 1001
),
"x" AS MATERIALIZED (
  SELECT "u"."id"
  FROM "users" AS "u"
  WHERE
    "u"."username_folded" LIKE $2
    OR "u"."name_folded" LIKE $2
    OR "u"."email_folded" LIKE $2
  LIMIT 1001
)
SELECT 0, "p"."id"
FROM "p"
UNION ALL (SELECT 1, "x"."id" FROM "x")
UNION ALL
(
  SELECT 2, COUNT(*)
  FROM (
    SELECT 1
    FROM "program_suggestions" AS "s"
    WHERE "s"."platform_id" = $1
      AND "s"."program_id" IN (SELECT "id" FROM "p")
    LIMIT 10001
  ) AS "many"
)
UNION ALL
(
  SELECT 2, COUNT(*)
  FROM (
    SELECT 1
    FROM "program_suggestions" AS "s"
    WHERE "s"."platform_id" = $1
      AND "s"."user_id" IN (SELECT "id" FROM "x")
    LIMIT 10001
  ) AS "many"
)
UNION ALL
(
  SELECT
    3,
    (
      CASE
        WHEN (
          EXISTS (
            SELECT 1
            FROM "programs" AS "p"
            WHERE
              "p"."platform_id" = $1
              AND (
                NOT ("p"."name_folded" LIKE $2 OR "p"."key_folded" LIKE $2)
              )
          )
        ) THEN 0
        ELSE 1
      END
    )
);

WITH
"p" AS MATERIALIZED (
  SELECT "p"."id"
  FROM "programs" AS "p"
  WHERE
    "p"."platform_id" = $1
    AND waymark_pairs("p"."name_folded", "p"."key_folded") @> waymark_pairs($2)
  LIMIT 1001
),
"x" AS MATERIALIZED (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE
    "g"."platform_id" = $1
    AND waymark_pairs("g"."name_folded") @> waymark_pairs($2)
  LIMIT 1001
)
SELECT 0, "p"."id"
FROM "p"
UNION ALL (SELECT 1, "x"."id" FROM "x")
UNION ALL
(
  SELECT 2, COUNT(*)
  FROM (
    SELECT 1
    FROM "program_group_suggestions" AS "s"
    WHERE "s"."platform_id" = $1
      AND "s"."program_id" IN (SELECT "id" FROM "p")
    LIMIT 10001
  ) AS "many"
)
UNION ALL
(
  SELECT 2, COUNT(*)
  FROM (
    SELECT 1
    FROM "program_group_suggestions" AS "s"
    WHERE "s"."platform_id" = $1
      AND "s"."group_id" IN (SELECT "id" FROM "x")
    LIMIT 10001
  ) AS "many"
)
UNION ALL
(
  SELECT
    3,
    (
      CASE
        WHEN (
          EXISTS (
            SELECT 1
            FROM "programs" AS "p"
            WHERE
              "p"."platform_id" = $1
              AND (
                NOT waymark_pairs("p"."name_folded", "p"."key_folded") @> waymark_pairs($2)
              )
          )
          AND EXISTS (
            SELECT 1
            FROM "user_groups" AS "g"
            WHERE
              "g"."platform_id" = $1
              AND (NOT waymark_pairs("g"."name_folded") @> waymark_pairs($2))
          )
        ) THEN 0
        ELSE 1
      END
    )
);

WITH
"p" AS MATERIALIZED (
  SELECT "p"."id"
  FROM "programs" AS "p"
  WHERE
    "p"."platform_id" = $1
    AND waymark_pairs("p"."name_folded", "p"."key_folded") @> waymark_pairs($2)
  LIMIT 1001
),
"x" AS MATERIALIZED (
  SELECT "u"."id"
  FROM "users" AS "u"
  WHERE
    waymark_pairs(
      "u"."username_folded",
      "u"."name_folded",
      "u"."email_folded"
    ) @> waymark_pairs($2)
  LIMIT 1001
)
SELECT 0, "p"."id"
FROM "p"
UNION ALL (SELECT 1, "x"."id" FROM "x")
UNION ALL
(
  SELECT 2, COUNT(*)
  FROM (
    SELECT 1
    FROM "program_suggestions" AS "s"
    WHERE "s"."platform_id" = $1
      AND "s"."program_id" IN (SELECT "id" FROM "p")
    LIMIT 10001
  ) AS "many"
)
UNION ALL
(
  SELECT 2, COUNT(*)
  FROM (
    SELECT 1
    FROM "program_suggestions" AS "s"
    WHERE "s"."platform_id" = $1
      AND "s"."user_id" IN (SELECT "id" FROM "x")
    LIMIT 10001
  ) AS "many"
)
UNION ALL
(
  SELECT
    3,
    (
      CASE
        WHEN (
          EXISTS (
            SELECT 1
            FROM "programs" AS "p"
            WHERE
              "p"."platform_id" = $1
              AND (
                NOT waymark_pairs("p"."name_folded", "p"."key_folded") @> waymark_pairs($2)
              )
          )
        ) THEN 0
        ELSE 1
      END
    )
);
