SELECT "e"."id", "d"."id"
FROM
  "suggestion_events" AS "e"
  INNER JOIN "department_members" AS "m" ON "m"."user_id" = "e"."recipient_id"
  INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
  AND "d"."platform_id" = "e"."platform_id"
WHERE "e"."id" = ANY($1) AND "e"."platform_id" = ANY($2) AND "e"."kind" = 0
UNION ALL
(
  SELECT "e"."id", "g"."department_id"
  FROM
    "suggestion_events" AS "e"
    INNER JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  WHERE
    "e"."id" = ANY($1)
    AND "e"."platform_id" = ANY($2)
    AND "e"."kind" = 1
    AND "g"."department_id" IS NOT NULL
);
