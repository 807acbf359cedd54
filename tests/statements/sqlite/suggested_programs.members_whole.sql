SELECT
  "suggestion_id",
  CAST(
    COALESCE(SUM((CASE WHEN ("state" = 0) THEN 1 ELSE 0 END)), 0) AS BIGINT
  ) AS "pending",
  CAST(
    COALESCE(SUM((CASE WHEN ("state" = 1) THEN 1 ELSE 0 END)), 0) AS BIGINT
  ) AS "accepted",
  CAST(
    COALESCE(SUM((CASE WHEN ("state" = 2) THEN 1 ELSE 0 END)), 0) AS BIGINT
  ) AS "dismissed",
  FALSE,
  FALSE
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
GROUP BY "suggestion_id";
