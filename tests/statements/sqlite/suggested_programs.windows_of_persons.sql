SELECT "v"."platform_id", "v"."user_id"
FROM (
  SELECT "m"."value" ->> 0 AS "platform_id", CAST($1 AS BIGINT) AS "user_id"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "program_suggestions" AS "s"
WHERE
  "s"."platform_id" = "v"."platform_id"
  AND "s"."user_id" = "v"."user_id"
  AND (
    ("s"."visible_from" > $3 AND "s"."visible_from" <= $4)
    OR ("s"."visible_until" > $3 AND "s"."visible_until" <= $4)
  )
UNION
SELECT "v"."platform_id", "v"."user_id"
FROM (
  SELECT "m"."value" ->> 0 AS "platform_id", CAST($1 AS BIGINT) AS "user_id"
  FROM json_each($2) AS "m"
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
    ("g"."visible_from" > $3 AND "g"."visible_from" <= $4)
    OR ("g"."visible_until" > $3 AND "g"."visible_until" <= $4)
  );
