SELECT
  "mine"."platform_id",
  "mine"."user_id",
  CAST(
    COALESCE(SUM((CASE WHEN ("mine"."state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
  ) AS "pending",
  CAST(
    COALESCE(SUM((CASE WHEN ("mine"."state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
  ) AS "accepted",
  CAST(
    COALESCE(SUM((CASE WHEN ("mine"."state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
  ) AS "dismissed"
FROM (
  SELECT
    "y"."platform_id",
    "y"."user_id",
    CAST(
      COALESCE(
        MAX("y"."state"),
        MAX(
          (
            CASE
              WHEN ("a"."accepted") THEN 1
              WHEN (NOT "a"."accepted") THEN 2
            END
          )
        ),
        0
      ) AS SMALLINT
    ) AS "state"
  FROM (
    SELECT
      "v"."platform_id",
      "v"."user_id",
      "s"."program_id",
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
      ) AS "open"
    FROM (
      SELECT "m"."value" ->> 0 AS "platform_id", CAST($2 AS BIGINT) AS "user_id"
      FROM json_each($3) AS "m"
    ) AS "v"
      CROSS JOIN "program_suggestions" AS "s"
    WHERE "s"."platform_id" = "v"."platform_id"
      AND "s"."user_id" = "v"."user_id"
    UNION ALL
    SELECT "v"."platform_id", "v"."user_id", "g"."program_id", CAST(NULL AS SMALLINT), 1
    FROM (
      SELECT "m"."value" ->> 0 AS "platform_id", CAST($2 AS BIGINT) AS "user_id"
      FROM json_each($3) AS "m"
    ) AS "v"
      CROSS JOIN "group_members" AS "m"
      CROSS JOIN "program_group_suggestions" AS "g"
    WHERE
      "m"."user_id" = "v"."user_id"
      AND "m"."active"
      AND (
        "g"."platform_id" = "v"."platform_id"
        AND "g"."group_id" = "m"."group_id"
      )
      AND (
        "g"."visible"
        AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $1)
        AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $1)
      )
  ) AS "y"
    LEFT JOIN "suggestion_answers" AS "a" ON "a"."platform_id" = "y"."platform_id"
    AND "a"."user_id" = "y"."user_id"
    AND "a"."program_id" = "y"."program_id"
  GROUP BY "y"."platform_id", "y"."user_id", "y"."program_id"
  HAVING MAX("y"."open") = 1
) AS "mine"
GROUP BY "mine"."platform_id", "mine"."user_id";
