WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1 AND "s"."due_at" > $2 AND "s"."due_at" < $3
  ORDER BY "s"."id" ASC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1 AND "s"."due_at" > $2 AND "s"."due_at" < $3
  ORDER BY "s"."id" ASC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1 AND "s"."visible" = $2
  ORDER BY "s"."id" ASC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1 AND "s"."visible" = $2
  ORDER BY "s"."id" ASC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 101 OFFSET $2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'group'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'group'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 2 OFFSET $2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'group'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'group'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 31 OFFSET $2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'group'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'group'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1 AND "s"."due_at" > $2 AND "s"."due_at" < $3
  ORDER BY "s"."id" DESC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1 AND "s"."due_at" > $2 AND "s"."due_at" < $3
  ORDER BY "s"."id" DESC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1 AND "s"."visible" = $2 AND "s"."state" = 0
  ORDER BY "s"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT
    "n"."pending",
    "n"."accepted",
    "n"."dismissed",
    CAST(NULL AS BIGINT) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM (
    SELECT
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 0) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "pending",
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 1) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "accepted",
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 2) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "dismissed"
    FROM "suggestion_counts" AS "c"
    WHERE "c"."platform_id" = $1
      AND "c"."kind" = 'user' AND "c"."visible" = $2
  ) AS "n"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1 AND "s"."visible" = $2 AND "s"."state" = 0
  ORDER BY "s"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT
    "n"."pending",
    "n"."accepted",
    "n"."dismissed",
    CAST(NULL AS BIGINT) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM (
    SELECT
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 0) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "pending",
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 1) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "accepted",
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 2) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "dismissed"
    FROM "suggestion_counts" AS "c"
    WHERE "c"."platform_id" = $1
      AND "c"."kind" = 'user' AND "c"."visible" = $2
  ) AS "n"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'user'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'user'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 101 OFFSET $2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'user'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'user'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT
    "n"."pending",
    "n"."accepted",
    "n"."dismissed",
    CAST(NULL AS BIGINT) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM (
    SELECT
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 0) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "pending",
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 1) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "accepted",
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 2) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "dismissed"
    FROM "suggestion_counts" AS "c"
    WHERE "c"."platform_id" = $1
      AND "c"."kind" = 'user'
  ) AS "n"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 2 OFFSET $2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'user'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'user'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT
    "n"."pending",
    "n"."accepted",
    "n"."dismissed",
    CAST(NULL AS BIGINT) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM (
    SELECT
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 0) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "pending",
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 1) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "accepted",
      CAST(
        COALESCE(
          SUM((CASE WHEN ("c"."state" = 2) THEN "c"."n" ELSE 0 END)),
          0
        ) AS BIGINT
      ) AS "dismissed"
    FROM "suggestion_counts" AS "c"
    WHERE "c"."platform_id" = $1
      AND "c"."kind" = 'user'
  ) AS "n"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."id" DESC
  LIMIT 31 OFFSET $2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  "page"
  INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  INNER JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM (
    SELECT *
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
  ) AS "p"
    CROSS JOIN "program_group_suggestions" AS "s"
  WHERE
    "s"."id" IN (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
        AND "s"."program_id" = "p"."id" AND "s"."accepted" = $3
      ORDER BY "s"."id" ASC
      LIMIT 101
    )
  ORDER BY "s"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."accepted" = $3
        AND "s"."program_id" IN (
          SELECT "id"
          FROM "programs"
          WHERE "platform_id" = $1
            AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM (
    SELECT *
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
  ) AS "p"
    CROSS JOIN "program_group_suggestions" AS "s"
  WHERE
    "s"."id" IN (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
        AND "s"."program_id" = "p"."id" AND "s"."accepted" = $3
      ORDER BY "s"."id" ASC
      LIMIT 2
    )
  ORDER BY "s"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."accepted" = $3
        AND "s"."program_id" IN (
          SELECT "id"
          FROM "programs"
          WHERE "platform_id" = $1
            AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM (
    SELECT *
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
  ) AS "p"
    CROSS JOIN "program_suggestions" AS "s"
  WHERE
    "s"."id" IN (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
        AND "s"."program_id" = "p"."id" AND "s"."accepted" = $3
      ORDER BY "s"."id" DESC
      LIMIT 101
    )
  ORDER BY "s"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."accepted" = $3
        AND "s"."program_id" IN (
          SELECT "id"
          FROM "programs"
          WHERE "platform_id" = $1
            AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id"
  FROM (
    SELECT *
    FROM "programs"
    WHERE "platform_id" = $1
      AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
  ) AS "p"
    CROSS JOIN "program_suggestions" AS "s"
  WHERE
    "s"."id" IN (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
        AND "s"."program_id" = "p"."id" AND "s"."accepted" = $3
      ORDER BY "s"."id" DESC
      LIMIT 2
    )
  ORDER BY "s"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."accepted" = $3
        AND "s"."program_id" IN (
          SELECT "id"
          FROM "programs"
          WHERE "platform_id" = $1
            AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id", "p"."name_folded" AS "k"
  FROM
    (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
    CROSS JOIN "program_group_suggestions" AS "s"
  WHERE
    "s"."id" IN (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
        AND "s"."program_id" = "p"."id"
      ORDER BY "s"."id" ASC
      LIMIT 101
    )
  ORDER BY "p"."name_folded" ASC, "s"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'group'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."k" ASC, "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id", "p"."name_folded" AS "k"
  FROM
    (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
    CROSS JOIN "program_group_suggestions" AS "s"
  WHERE
    "s"."id" IN (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
        AND "s"."program_id" = "p"."id"
      ORDER BY "s"."id" ASC
      LIMIT 2
    )
  ORDER BY "p"."name_folded" ASC, "s"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'group'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."k" ASC, "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id", "p"."name_folded" AS "k"
  FROM
    (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
    CROSS JOIN "program_suggestions" AS "s"
  WHERE
    "s"."id" IN (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
        AND "s"."program_id" = "p"."id"
      ORDER BY "s"."id" ASC
      LIMIT 101
    )
  ORDER BY "p"."name_folded" ASC, "s"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'user'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."k" ASC, "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id", "p"."name_folded" AS "k"
  FROM
    (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
    CROSS JOIN "program_suggestions" AS "s"
  WHERE
    "s"."id" IN (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
        AND "s"."program_id" = "p"."id"
      ORDER BY "s"."id" ASC
      LIMIT 2
    )
  ORDER BY "p"."name_folded" ASC, "s"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT CAST(COALESCE(SUM("c"."n"), 0) AS BIGINT)
      FROM "suggestion_counts" AS "c"
      WHERE "c"."platform_id" = $1
        AND "c"."kind" = 'user'
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."k" ASC, "page"."id" ASC;

WITH
"page" AS (
  SELECT "s"."id", "s"."modified" AS "k"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."modified" DESC, "s"."id" DESC
  LIMIT 101 OFFSET $2
)
SELECT
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id", "s"."modified" AS "k"
  FROM "program_group_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."modified" DESC, "s"."id" DESC
  LIMIT 3 OFFSET $2
)
SELECT
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id", "s"."modified" AS "k"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."modified" DESC, "s"."id" DESC
  LIMIT 101 OFFSET $2
)
SELECT
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"page" AS (
  SELECT "s"."id", "s"."modified" AS "k"
  FROM "program_suggestions" AS "s"
  WHERE "s"."platform_id" = $1
  ORDER BY "s"."modified" DESC, "s"."id" DESC
  LIMIT 3 OFFSET $2
)
SELECT
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."k" DESC, "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."due_at" > $3
          AND "s"."due_at" < $4
      )
    ORDER BY "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE
        "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND "s"."due_at" > $3
        AND "s"."due_at" < $4
      ORDER BY "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."due_at" > $3
          AND "s"."due_at" < $4
      )
    ORDER BY "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE
        "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND "s"."due_at" > $3
        AND "s"."due_at" < $4
      ORDER BY "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."visible" = $3
      )
    ORDER BY "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1 AND "s"."visible" = $3
      ORDER BY "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."visible" = $3
      )
    ORDER BY "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1 AND "s"."visible" = $3
      ORDER BY "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 101 OFFSET $3
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 2 OFFSET $3
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until"
FROM "page" INNER JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_group_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."due_at" > $3
          AND "s"."due_at" < $4
      )
    ORDER BY "w"."id" DESC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND "s"."due_at" > $3
        AND "s"."due_at" < $4
      ORDER BY "s"."id" DESC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."due_at" > $3
          AND "s"."due_at" < $4
      )
    ORDER BY "w"."id" DESC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND "s"."due_at" > $3
        AND "s"."due_at" < $4
      ORDER BY "s"."id" DESC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."visible" = $3
          AND "s"."state" = 0
      )
    ORDER BY "w"."id" DESC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND "s"."visible" = $3
        AND "s"."state" = 0
      ORDER BY "s"."id" DESC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT
    "n"."pending",
    "n"."accepted",
    "n"."dismissed",
    CAST(NULL AS BIGINT) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM (
    SELECT
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "pending",
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "accepted",
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "dismissed"
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = $1
      AND "s"."user_id" IN (
        SELECT "user_id" AS "id"
        FROM "department_members"
        WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
      AND "s"."visible" = $3
  ) AS "n"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."visible" = $3
          AND "s"."state" = 0
      )
    ORDER BY "w"."id" DESC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND "s"."visible" = $3
        AND "s"."state" = 0
      ORDER BY "s"."id" DESC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT
    "n"."pending",
    "n"."accepted",
    "n"."dismissed",
    CAST(NULL AS BIGINT) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM (
    SELECT
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "pending",
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "accepted",
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "dismissed"
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = $1
      AND "s"."user_id" IN (
        SELECT "user_id" AS "id"
        FROM "department_members"
        WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
      AND "s"."visible" = $3
  ) AS "n"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 101 OFFSET $3
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 101
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT
    "n"."pending",
    "n"."accepted",
    "n"."dismissed",
    CAST(NULL AS BIGINT) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM (
    SELECT
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "pending",
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "accepted",
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "dismissed"
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = $1
      AND "s"."user_id" IN (
        SELECT "user_id" AS "id"
        FROM "department_members"
        WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
  ) AS "n"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 2 OFFSET $3
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 2
)
SELECT
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified"
FROM "page" INNER JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM "program_suggestions" AS "s"
      WHERE "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
      ORDER BY "s"."id" DESC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."state"
FROM (
  SELECT
    "n"."pending",
    "n"."accepted",
    "n"."dismissed",
    CAST(NULL AS BIGINT) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
  FROM (
    SELECT
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "pending",
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "accepted",
      CAST(
        COALESCE(SUM((CASE WHEN ("s"."state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
      ) AS "dismissed"
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = $1
      AND "s"."user_id" IN (
        SELECT "user_id" AS "id"
        FROM "department_members"
        WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
  ) AS "n"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT *
        FROM "programs"
        WHERE "platform_id" = $1
          AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
      ) AS "p"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE
        "s"."id" IN (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
            AND "s"."program_id" = "p"."id"
          ORDER BY "s"."id" ASC
          LIMIT 3000
        )
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."accepted" = $4
          AND "s"."program_id" IN (
            SELECT "id"
            FROM "programs"
            WHERE "platform_id" = $1
              AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM (
            SELECT *
            FROM "programs"
            WHERE "platform_id" = $1
              AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          ) AS "p"
            CROSS JOIN "program_group_suggestions" AS "s"
          WHERE
            "s"."id" IN (
              SELECT "s"."id"
              FROM "program_group_suggestions" AS "s"
              WHERE "s"."platform_id" = $1
                AND "s"."program_id" = "p"."id"
              ORDER BY "s"."id" ASC
              LIMIT 1
            )
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT "id"
        FROM "programs"
        WHERE
          "platform_id" = $1
          AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          AND (SELECT "sorts" FROM "choice")
      ) AS "f"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE
        "s"."program_id" = "f"."id"
        AND "s"."platform_id" = $1
        AND EXISTS (
          SELECT "id"
          FROM "user_groups"
          WHERE
            "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
            AND "id" = "s"."group_id"
          LIMIT 1 OFFSET 0
        )
        AND "s"."accepted" = $4
      ORDER BY "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
        )
        AND "s"."accepted" = $4
        AND "s"."program_id" IN (
          SELECT "id"
          FROM "programs"
          WHERE "platform_id" = $1
            AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT *
        FROM "programs"
        WHERE "platform_id" = $1
          AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
      ) AS "p"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE
        "s"."id" IN (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
            AND "s"."program_id" = "p"."id"
          ORDER BY "s"."id" ASC
          LIMIT 3000
        )
      ORDER BY "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."accepted" = $4
          AND "s"."program_id" IN (
            SELECT "id"
            FROM "programs"
            WHERE "platform_id" = $1
              AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          )
      )
    ORDER BY "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM (
            SELECT *
            FROM "programs"
            WHERE "platform_id" = $1
              AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          ) AS "p"
            CROSS JOIN "program_group_suggestions" AS "s"
          WHERE
            "s"."id" IN (
              SELECT "s"."id"
              FROM "program_group_suggestions" AS "s"
              WHERE "s"."platform_id" = $1
                AND "s"."program_id" = "p"."id"
              ORDER BY "s"."id" ASC
              LIMIT 1
            )
          ORDER BY "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT "id"
        FROM "programs"
        WHERE
          "platform_id" = $1
          AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          AND (SELECT "sorts" FROM "choice")
      ) AS "f"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE
        "s"."program_id" = "f"."id"
        AND "s"."platform_id" = $1
        AND EXISTS (
          SELECT "id"
          FROM "user_groups"
          WHERE
            "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
            AND "id" = "s"."group_id"
          LIMIT 1 OFFSET 0
        )
        AND "s"."accepted" = $4
      ORDER BY "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
        )
        AND "s"."accepted" = $4
        AND "s"."program_id" IN (
          SELECT "id"
          FROM "programs"
          WHERE "platform_id" = $1
            AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT *
        FROM "programs"
        WHERE "platform_id" = $1
          AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
      ) AS "p"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."id" IN (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
            AND "s"."program_id" = "p"."id"
          ORDER BY "s"."id" DESC
          LIMIT 3000
        )
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."accepted" = $4
          AND "s"."program_id" IN (
            SELECT "id"
            FROM "programs"
            WHERE "platform_id" = $1
              AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM (
            SELECT *
            FROM "programs"
            WHERE "platform_id" = $1
              AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          ) AS "p"
            CROSS JOIN "program_suggestions" AS "s"
          WHERE
            "s"."id" IN (
              SELECT "s"."id"
              FROM "program_suggestions" AS "s"
              WHERE "s"."platform_id" = $1
                AND "s"."program_id" = "p"."id"
              ORDER BY "s"."id" DESC
              LIMIT 1
            )
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT "id"
        FROM "programs"
        WHERE
          "platform_id" = $1
          AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          AND (SELECT "sorts" FROM "choice")
      ) AS "f"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."program_id" = "f"."id"
        AND "s"."platform_id" = $1
        AND EXISTS (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE
            "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
            AND "user_id" = "s"."user_id"
          LIMIT 1 OFFSET 0
        )
        AND "s"."accepted" = $4
      ORDER BY "s"."id" DESC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
        )
        AND "s"."accepted" = $4
        AND "s"."program_id" IN (
          SELECT "id"
          FROM "programs"
          WHERE "platform_id" = $1
            AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT *
        FROM "programs"
        WHERE "platform_id" = $1
          AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
      ) AS "p"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."id" IN (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
            AND "s"."program_id" = "p"."id"
          ORDER BY "s"."id" DESC
          LIMIT 3000
        )
      ORDER BY "s"."id" DESC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
          AND "s"."accepted" = $4
          AND "s"."program_id" IN (
            SELECT "id"
            FROM "programs"
            WHERE "platform_id" = $1
              AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          )
      )
    ORDER BY "w"."id" DESC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id"
          FROM (
            SELECT *
            FROM "programs"
            WHERE "platform_id" = $1
              AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          ) AS "p"
            CROSS JOIN "program_suggestions" AS "s"
          WHERE
            "s"."id" IN (
              SELECT "s"."id"
              FROM "program_suggestions" AS "s"
              WHERE "s"."platform_id" = $1
                AND "s"."program_id" = "p"."id"
              ORDER BY "s"."id" DESC
              LIMIT 1
            )
          ORDER BY "s"."id" DESC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id"
  FROM (
    SELECT "walked"."id"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id"
    FROM (
      SELECT "s"."id"
      FROM (
        SELECT "id"
        FROM "programs"
        WHERE
          "platform_id" = $1
          AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
          AND (SELECT "sorts" FROM "choice")
      ) AS "f"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."program_id" = "f"."id"
        AND "s"."platform_id" = $1
        AND EXISTS (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE
            "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
            AND "user_id" = "s"."user_id"
          LIMIT 1 OFFSET 0
        )
        AND "s"."accepted" = $4
      ORDER BY "s"."id" DESC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."id" DESC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
        )
        AND "s"."accepted" = $4
        AND "s"."program_id" IN (
          SELECT "id"
          FROM "programs"
          WHERE "platform_id" = $1
            AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."id" DESC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id", "w"."k"
    FROM (
      SELECT "s"."id", "p"."name_folded" AS "k"
      FROM
        (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE
        "s"."id" IN (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
            AND "s"."program_id" = "p"."id"
          ORDER BY "s"."id" ASC
          LIMIT 3000
        )
      ORDER BY "p"."name_folded" ASC, "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."k" ASC, "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id", "p"."name_folded" AS "k"
          FROM
            (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
            CROSS JOIN "program_group_suggestions" AS "s"
          WHERE
            "s"."id" IN (
              SELECT "s"."id"
              FROM "program_group_suggestions" AS "s"
              WHERE "s"."platform_id" = $1
                AND "s"."program_id" = "p"."id"
              ORDER BY "s"."id" ASC
              LIMIT 1
            )
          ORDER BY "p"."name_folded" ASC, "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id", "found"."k"
  FROM (
    SELECT "walked"."id", "walked"."k"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id", "sorted"."k"
    FROM (
      SELECT "s"."id", "p"."name_folded" AS "k"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
        CROSS JOIN "programs" AS "p"
      WHERE
        "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND (
          "p"."platform_id" = "s"."platform_id"
          AND "p"."id" = "s"."program_id"
        )
      ORDER BY "p"."name_folded" ASC, "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."k" ASC, "found"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."k" ASC, "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id", "w"."k"
    FROM (
      SELECT "s"."id", "p"."name_folded" AS "k"
      FROM
        (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
        CROSS JOIN "program_group_suggestions" AS "s"
      WHERE
        "s"."id" IN (
          SELECT "s"."id"
          FROM "program_group_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
            AND "s"."program_id" = "p"."id"
          ORDER BY "s"."id" ASC
          LIMIT 3000
        )
      ORDER BY "p"."name_folded" ASC, "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_group_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "id"
            FROM "user_groups"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "id" = "s"."group_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."k" ASC, "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id", "p"."name_folded" AS "k"
          FROM
            (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
            CROSS JOIN "program_group_suggestions" AS "s"
          WHERE
            "s"."id" IN (
              SELECT "s"."id"
              FROM "program_group_suggestions" AS "s"
              WHERE "s"."platform_id" = $1
                AND "s"."program_id" = "p"."id"
              ORDER BY "s"."id" ASC
              LIMIT 1
            )
          ORDER BY "p"."name_folded" ASC, "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id", "found"."k"
  FROM (
    SELECT "walked"."id", "walked"."k"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id", "sorted"."k"
    FROM (
      SELECT "s"."id", "p"."name_folded" AS "k"
      FROM (
        SELECT DISTINCT "r"."id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "user_groups" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_group_suggestions" AS "s"
        CROSS JOIN "programs" AS "p"
      WHERE
        "s"."group_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND (
          "p"."platform_id" = "s"."platform_id"
          AND "p"."id" = "s"."program_id"
        )
      ORDER BY "p"."name_folded" ASC, "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."k" ASC, "found"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."group_id",
  "s"."accepted",
  "s"."visible",
  TRUE,
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_group_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."group_id" IN (
          SELECT "id"
          FROM "user_groups"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_group_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "s"."group_id"
ORDER BY "page"."k" ASC, "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id", "w"."k"
    FROM (
      SELECT "s"."id", "p"."name_folded" AS "k"
      FROM
        (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."id" IN (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
            AND "s"."program_id" = "p"."id"
          ORDER BY "s"."id" ASC
          LIMIT 3000
        )
      ORDER BY "p"."name_folded" ASC, "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."k" ASC, "w"."id" ASC
    LIMIT 101
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 101
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id", "p"."name_folded" AS "k"
          FROM
            (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
            CROSS JOIN "program_suggestions" AS "s"
          WHERE
            "s"."id" IN (
              SELECT "s"."id"
              FROM "program_suggestions" AS "s"
              WHERE "s"."platform_id" = $1
                AND "s"."program_id" = "p"."id"
              ORDER BY "s"."id" ASC
              LIMIT 1
            )
          ORDER BY "p"."name_folded" ASC, "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id", "found"."k"
  FROM (
    SELECT "walked"."id", "walked"."k"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id", "sorted"."k"
    FROM (
      SELECT "s"."id", "p"."name_folded" AS "k"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
        CROSS JOIN "programs" AS "p"
      WHERE
        "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND (
          "p"."platform_id" = "s"."platform_id"
          AND "p"."id" = "s"."program_id"
        )
      ORDER BY "p"."name_folded" ASC, "s"."id" ASC
      LIMIT 101
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."k" ASC, "found"."id" ASC
  LIMIT 101
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."k" ASC, "page"."id" ASC;

WITH
"page" AS (
  WITH
  "walked" AS MATERIALIZED (
    SELECT "w"."id", "w"."k"
    FROM (
      SELECT "s"."id", "p"."name_folded" AS "k"
      FROM
        (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
        CROSS JOIN "program_suggestions" AS "s"
      WHERE
        "s"."id" IN (
          SELECT "s"."id"
          FROM "program_suggestions" AS "s"
          WHERE "s"."platform_id" = $1
            AND "s"."program_id" = "p"."id"
          ORDER BY "s"."id" ASC
          LIMIT 3000
        )
      ORDER BY "p"."name_folded" ASC, "s"."id" ASC
      LIMIT 3000
    ) AS "w"
    WHERE
      EXISTS (
        SELECT 1
        FROM "program_suggestions" AS "s"
        WHERE
          "s"."id" = "w"."id"
          AND EXISTS (
            SELECT "user_id" AS "id"
            FROM "department_members"
            WHERE
              "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              AND "user_id" = "s"."user_id"
            LIMIT 1 OFFSET 0
          )
      )
    ORDER BY "w"."k" ASC, "w"."id" ASC
    LIMIT 2
  ),
  "choice" AS MATERIALIZED (
    SELECT
      (SELECT COUNT(*) FROM "walked") < 2
      AND EXISTS (
        SELECT "id"
        FROM (
          SELECT "s"."id", "p"."name_folded" AS "k"
          FROM
            (SELECT * FROM "programs" WHERE "platform_id" = $1) AS "p"
            CROSS JOIN "program_suggestions" AS "s"
          WHERE
            "s"."id" IN (
              SELECT "s"."id"
              FROM "program_suggestions" AS "s"
              WHERE "s"."platform_id" = $1
                AND "s"."program_id" = "p"."id"
              ORDER BY "s"."id" ASC
              LIMIT 1
            )
          ORDER BY "p"."name_folded" ASC, "s"."id" ASC
          LIMIT 1 OFFSET 3000
        ) AS "w"
      ) AS "sorts"
  )
  SELECT "found"."id", "found"."k"
  FROM (
    SELECT "walked"."id", "walked"."k"
    FROM "walked"
    WHERE NOT (SELECT "sorts" FROM "choice")
    UNION ALL
    SELECT "sorted"."id", "sorted"."k"
    FROM (
      SELECT "s"."id", "p"."name_folded" AS "k"
      FROM (
        SELECT DISTINCT "r"."user_id" AS "id"
        FROM
          (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "d"
          CROSS JOIN "department_members" AS "r"
        WHERE (SELECT "sorts" FROM "choice")
          AND "r"."department_id" = "d"."id"
      ) AS "m"
        CROSS JOIN "program_suggestions" AS "s"
        CROSS JOIN "programs" AS "p"
      WHERE
        "s"."user_id" = "m"."id"
        AND "s"."platform_id" = $1
        AND (
          "p"."platform_id" = "s"."platform_id"
          AND "p"."id" = "s"."program_id"
        )
      ORDER BY "p"."name_folded" ASC, "s"."id" ASC
      LIMIT 2
    ) AS "sorted"
  ) AS "found"
  ORDER BY "found"."k" ASC, "found"."id" ASC
  LIMIT 2
)
SELECT
  "w"."total",
  "w"."pending",
  "w"."accepted",
  "w"."dismissed",
  "w"."rows_before",
  "w"."rows_after",
  "page"."id",
  "page"."k",
  "s"."id",
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  "s"."accepted",
  "s"."visible",
  "s"."direct",
  "s"."metadata",
  "s"."suggested_by",
  "s"."created",
  "s"."modified",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM (
  SELECT
    CAST(NULL AS BIGINT) AS "pending",
    CAST(NULL AS BIGINT) AS "accepted",
    CAST(NULL AS BIGINT) AS "dismissed",
    (
      SELECT COUNT(*)
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = $1
        AND "s"."user_id" IN (
          SELECT "user_id" AS "id"
          FROM "department_members"
          WHERE "department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
    ) AS "total",
    FALSE AS "rows_before",
    FALSE AS "rows_after"
) AS "w"
  LEFT JOIN "page" ON TRUE
  LEFT JOIN "program_suggestions" AS "s" ON "s"."id" = "page"."id"
  LEFT JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "s"."user_id"
ORDER BY "page"."k" ASC, "page"."id" ASC;
