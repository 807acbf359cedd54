SELECT "v"."platform_id", "v"."user_id"
FROM (
  SELECT unnest($1) AS "platform_id", CAST($2 AS BIGINT) AS "user_id"
) AS "v"
  INNER JOIN LATERAL (
    SELECT *
    FROM "program_suggestions" AS "s"
    WHERE
      "s"."platform_id" = "v"."platform_id"
      AND "s"."user_id" = "v"."user_id" OFFSET 0
  ) AS "s" ON TRUE
WHERE
  ("s"."visible_from" > $3 AND "s"."visible_from" <= $4)
  OR ("s"."visible_until" > $3 AND "s"."visible_until" <= $4)
UNION
(
  SELECT "v"."platform_id", "v"."user_id"
  FROM
    (
      SELECT unnest($1) AS "platform_id", CAST($2 AS BIGINT) AS "user_id"
    ) AS "v"
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
        AND "g"."group_id" = "m"."group_id" OFFSET 0
    ) AS "g" ON TRUE
  WHERE
    ("g"."visible_from" > $3 AND "g"."visible_from" <= $4)
    OR ("g"."visible_until" > $3 AND "g"."visible_until" <= $4)
);
