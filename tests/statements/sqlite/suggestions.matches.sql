WITH
"p" AS MATERIALIZED (
  SELECT "p"."id"
  FROM "programs" AS "p"
  WHERE
    "p"."platform_id" = $1
    AND "p"."id" IN (
      SELECT "rowid" AS "id"
      FROM "programs_search"
      WHERE "programs_search" MATCH $2
    )
  LIMIT 1001
),
"x" AS MATERIALIZED (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE
    "g"."platform_id" = $1
    AND "g"."id" IN (
      SELECT "rowid" AS "id"
      FROM "user_groups_search"
      WHERE "user_groups_search" MATCH $2
    )
  LIMIT 1001
)
SELECT 0, "p"."id"
FROM "p"
UNION ALL
SELECT 1, "x"."id"
FROM "x"
UNION ALL
SELECT 2, COUNT(*)
FROM (
  SELECT 1
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."program_id" IN (SELECT "id" FROM "p")
  LIMIT 10001
) AS "many"
UNION ALL
SELECT 2, COUNT(*)
FROM (
  SELECT 1
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."group_id" IN (SELECT "id" FROM "x")
  LIMIT 10001
) AS "many"
UNION ALL
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
              NOT "p"."id" IN (
                SELECT "rowid" AS "id"
                FROM "programs_search"
                WHERE "programs_search" MATCH $2
              )
            )
        )
        AND EXISTS (
          SELECT 1
          FROM "user_groups" AS "g"
          WHERE
            "g"."platform_id" = $1
            AND (
              NOT "g"."id" IN (
                SELECT "rowid" AS "id"
                FROM "user_groups_search"
                WHERE "user_groups_search" MATCH $2
              )
            )
        )
      ) THEN 0
      ELSE 1
    END
  );

WITH
"p" AS MATERIALIZED (
  SELECT "p"."id"
  FROM "programs" AS "p"
  WHERE
    "p"."platform_id" = $1
    AND "p"."id" IN (
      SELECT "rowid" AS "id"
      FROM "programs_search"
      WHERE "programs_search" MATCH $2
    )
  LIMIT 1001
),
"x" AS MATERIALIZED (
  SELECT "u"."id"
  FROM "users" AS "u"
  WHERE
    "u"."id" IN (
      SELECT "rowid" AS "id"
      FROM "users_search"
      WHERE "users_search" MATCH $2
    )
  LIMIT 1001
)
SELECT 0, "p"."id"
FROM "p"
UNION ALL
SELECT 1, "x"."id"
FROM "x"
UNION ALL
SELECT 2, COUNT(*)
FROM (
  SELECT 1
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."program_id" IN (SELECT "id" FROM "p")
  LIMIT 10001
) AS "many"
UNION ALL
SELECT 2, COUNT(*)
FROM (
  SELECT 1
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."user_id" IN (SELECT "id" FROM "x")
  LIMIT 10001
) AS "many"
UNION ALL
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
              NOT "p"."id" IN (
                SELECT "rowid" AS "id"
                FROM "programs_search"
                WHERE "programs_search" MATCH $2
              )
            )
        )
      ) THEN 0
      ELSE 1
    END
  );

WITH
"p" AS MATERIALIZED (
  SELECT "p"."id"
  FROM "programs" AS "p"
  WHERE
    "p"."platform_id" = $1
    AND "p"."id" IN (
      SELECT DISTINCT "doc" AS "id"
      FROM "programs_terms"
      WHERE "term" >= $2
        AND "term" <= ($2 || char(1114111))
    )
  LIMIT 1001
),
"x" AS MATERIALIZED (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE
    "g"."platform_id" = $1
    AND "g"."id" IN (
      SELECT DISTINCT "doc" AS "id"
      FROM "user_groups_terms"
      WHERE "term" >= $2
        AND "term" <= ($2 || char(1114111))
    )
  LIMIT 1001
)
SELECT 0, "p"."id"
FROM "p"
UNION ALL
SELECT 1, "x"."id"
FROM "x"
UNION ALL
SELECT 2, COUNT(*)
FROM (
  SELECT 1
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."program_id" IN (SELECT "id" FROM "p")
  LIMIT 10001
) AS "many"
UNION ALL
SELECT 2, COUNT(*)
FROM (
  SELECT 1
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."group_id" IN (SELECT "id" FROM "x")
  LIMIT 10001
) AS "many"
UNION ALL
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
              NOT "p"."id" IN (
                SELECT DISTINCT "doc" AS "id"
                FROM "programs_terms"
                WHERE "term" >= $2
                  AND "term" <= ($2 || char(1114111))
              )
            )
        )
        AND EXISTS (
          SELECT 1
          FROM "user_groups" AS "g"
          WHERE
            "g"."platform_id" = $1
            AND (
              NOT "g"."id" IN (
                SELECT DISTINCT "doc" AS "id"
                FROM "user_groups_terms"
                WHERE "term" >= $2
                  AND "term" <= ($2 || char(1114111))
              )
            )
        )
      ) THEN 0
      ELSE 1
    END
  );

WITH
"p" AS MATERIALIZED (
  SELECT "p"."id"
  FROM "programs" AS "p"
  WHERE
    "p"."platform_id" = $1
    AND "p"."id" IN (
      SELECT DISTINCT "doc" AS "id"
      FROM "programs_terms"
      WHERE "term" >= $2
        AND "term" <= ($2 || char(1114111))
    )
  LIMIT 1001
),
"x" AS MATERIALIZED (
  SELECT "u"."id"
  FROM "users" AS "u"
  WHERE
    "u"."id" IN (
      SELECT DISTINCT "doc" AS "id"
      FROM "users_terms"
      WHERE "term" >= $2
        AND "term" <= ($2 || char(1114111))
    )
  LIMIT 1001
)
SELECT 0, "p"."id"
FROM "p"
UNION ALL
SELECT 1, "x"."id"
FROM "x"
UNION ALL
SELECT 2, COUNT(*)
FROM (
  SELECT 1
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."program_id" IN (SELECT "id" FROM "p")
  LIMIT 10001
) AS "many"
UNION ALL
SELECT 2, COUNT(*)
FROM (
  SELECT 1
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
    AND "s"."user_id" IN (SELECT "id" FROM "x")
  LIMIT 10001
) AS "many"
UNION ALL
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
              NOT "p"."id" IN (
                SELECT DISTINCT "doc" AS "id"
                FROM "programs_terms"
                WHERE "term" >= $2
                  AND "term" <= ($2 || char(1114111))
              )
            )
        )
      ) THEN 0
      ELSE 1
    END
  );
