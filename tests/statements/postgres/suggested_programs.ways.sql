SELECT
  "s"."platform_id",
  "s"."program_id",
  "s"."user_id",
  CAST(NULL AS TEXT),
  "b"."name",
  "s"."message",
  "s"."created",
  "s"."due_at"
FROM
  "program_suggestions" AS "s"
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "b"
    WHERE "b"."id" = "s"."suggested_by" OFFSET 0
  ) AS "b" ON TRUE
WHERE
  "s"."id" = ANY($1)
  AND (
    "s"."visible"
    AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $2)
    AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $2)
  )
UNION ALL
(
  SELECT
    "g"."platform_id",
    "g"."program_id",
    $3,
    "n"."name",
    "b"."name",
    "g"."message",
    "g"."created",
    "g"."due_at"
  FROM
    "program_group_suggestions" AS "g"
    INNER JOIN LATERAL (
      SELECT *
      FROM "user_groups" AS "n"
      WHERE "n"."id" = "g"."group_id" OFFSET 0
    ) AS "n" ON TRUE
    LEFT JOIN LATERAL (
      SELECT *
      FROM "users" AS "b"
      WHERE "b"."id" = "g"."suggested_by" OFFSET 0
    ) AS "b" ON TRUE
  WHERE
    "g"."id" = ANY($4)
    AND (
      "g"."visible"
      AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $2)
      AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $2)
    )
);

SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  CAST(NULL AS TEXT),
  "b"."name",
  "s"."message",
  "s"."created",
  "s"."due_at"
FROM
  (
    SELECT
      CAST($1 AS BIGINT) AS "platform_id",
      CAST($2 AS BIGINT) AS "program_id",
      unnest($3) AS "user_id"
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
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = "v"."platform_id"
      AND "s"."program_id" = "v"."program_id"
      AND "s"."user_id" = "v"."user_id" OFFSET 0
  ) AS "s" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "b"
    WHERE "b"."id" = "s"."suggested_by" OFFSET 0
  ) AS "b" ON TRUE
WHERE
  "s"."visible"
  AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $4)
  AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $4)
UNION ALL
(
  SELECT
    "v"."platform_id",
    "v"."program_id",
    "v"."user_id",
    "n"."name",
    "b"."name",
    "g"."message",
    "g"."created",
    "g"."due_at"
  FROM
    (
      SELECT
        CAST($1 AS BIGINT) AS "platform_id",
        CAST($2 AS BIGINT) AS "program_id",
        unnest($3) AS "user_id"
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
      FROM "group_members" AS "m"
      WHERE "m"."user_id" = "v"."user_id"
        AND "m"."active" OFFSET 0
    ) AS "m" ON TRUE
    INNER JOIN LATERAL (
      SELECT *
      FROM "program_group_suggestions" AS "g"
      WHERE
        "g"."platform_id" = "v"."platform_id"
        AND "g"."program_id" = "v"."program_id"
        AND "g"."group_id" = "m"."group_id" OFFSET 0
    ) AS "g" ON TRUE
    INNER JOIN LATERAL (
      SELECT *
      FROM "user_groups" AS "n"
      WHERE "n"."id" = "g"."group_id" OFFSET 0
    ) AS "n" ON TRUE
    LEFT JOIN LATERAL (
      SELECT *
      FROM "users" AS "b"
      WHERE "b"."id" = "g"."suggested_by" OFFSET 0
    ) AS "b" ON TRUE
  WHERE
    "g"."visible"
    AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $4)
    AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $4)
);

SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  CAST(NULL AS TEXT),
  "b"."name",
  "s"."message",
  "s"."created",
  "s"."due_at"
FROM
  (
    SELECT
      CAST($1 AS BIGINT) AS "platform_id",
      unnest($2) AS "program_id",
      unnest($3) AS "user_id"
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
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = "v"."platform_id"
      AND "s"."program_id" = "v"."program_id"
      AND "s"."user_id" = "v"."user_id" OFFSET 0
  ) AS "s" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "b"
    WHERE "b"."id" = "s"."suggested_by" OFFSET 0
  ) AS "b" ON TRUE
WHERE
  "s"."visible"
  AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $4)
  AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $4)
UNION ALL
(
  SELECT
    "v"."platform_id",
    "v"."program_id",
    "v"."user_id",
    "n"."name",
    "b"."name",
    "g"."message",
    "g"."created",
    "g"."due_at"
  FROM
    (
      SELECT
        CAST($1 AS BIGINT) AS "platform_id",
        unnest($2) AS "program_id",
        unnest($3) AS "user_id"
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
      FROM "group_members" AS "m"
      WHERE "m"."user_id" = "v"."user_id"
        AND "m"."active" OFFSET 0
    ) AS "m" ON TRUE
    INNER JOIN LATERAL (
      SELECT *
      FROM "program_group_suggestions" AS "g"
      WHERE
        "g"."platform_id" = "v"."platform_id"
        AND "g"."program_id" = "v"."program_id"
        AND "g"."group_id" = "m"."group_id" OFFSET 0
    ) AS "g" ON TRUE
    INNER JOIN LATERAL (
      SELECT *
      FROM "user_groups" AS "n"
      WHERE "n"."id" = "g"."group_id" OFFSET 0
    ) AS "n" ON TRUE
    LEFT JOIN LATERAL (
      SELECT *
      FROM "users" AS "b"
      WHERE "b"."id" = "g"."suggested_by" OFFSET 0
    ) AS "b" ON TRUE
  WHERE
    "g"."visible"
    AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $4)
    AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $4)
);

SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  CAST(NULL AS TEXT),
  "b"."name",
  "s"."message",
  "s"."created",
  "s"."due_at"
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
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = "v"."platform_id"
      AND "s"."program_id" = "v"."program_id"
      AND "s"."user_id" = "v"."user_id" OFFSET 0
  ) AS "s" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "b"
    WHERE "b"."id" = "s"."suggested_by" OFFSET 0
  ) AS "b" ON TRUE
WHERE
  "s"."visible"
  AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $4)
  AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $4)
UNION ALL
(
  SELECT
    "v"."platform_id",
    "v"."program_id",
    "v"."user_id",
    "n"."name",
    "b"."name",
    "g"."message",
    "g"."created",
    "g"."due_at"
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
      FROM "group_members" AS "m"
      WHERE "m"."user_id" = "v"."user_id"
        AND "m"."active" OFFSET 0
    ) AS "m" ON TRUE
    INNER JOIN LATERAL (
      SELECT *
      FROM "program_group_suggestions" AS "g"
      WHERE
        "g"."platform_id" = "v"."platform_id"
        AND "g"."program_id" = "v"."program_id"
        AND "g"."group_id" = "m"."group_id" OFFSET 0
    ) AS "g" ON TRUE
    INNER JOIN LATERAL (
      SELECT *
      FROM "user_groups" AS "n"
      WHERE "n"."id" = "g"."group_id" OFFSET 0
    ) AS "n" ON TRUE
    LEFT JOIN LATERAL (
      SELECT *
      FROM "users" AS "b"
      WHERE "b"."id" = "g"."suggested_by" OFFSET 0
    ) AS "b" ON TRUE
  WHERE
    "g"."visible"
    AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $4)
    AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $4)
);
