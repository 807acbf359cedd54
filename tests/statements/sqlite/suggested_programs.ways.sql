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
  LEFT JOIN "users" AS "b" ON "b"."id" = "s"."suggested_by"
WHERE
  "s"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
  AND (
    "s"."visible"
    AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $2)
    AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $2)
  )
UNION ALL
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
  CROSS JOIN "user_groups" AS "n"
  LEFT JOIN "users" AS "b" ON "b"."id" = "g"."suggested_by"
WHERE
  "g"."id" IN (SELECT "value" FROM json_each($4) AS "listed")
  AND "n"."id" = "g"."group_id"
  AND (
    "g"."visible"
    AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $2)
    AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $2)
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
FROM (
  SELECT
    "m"."value" ->> 0 AS "platform_id",
    CAST($1 AS BIGINT) AS "program_id",
    CAST($2 AS BIGINT) AS "user_id"
  FROM json_each($3) AS "m"
) AS "v"
  CROSS JOIN "memberships" AS "mb"
  CROSS JOIN "program_suggestions" AS "s"
  LEFT JOIN "users" AS "b" ON "b"."id" = "s"."suggested_by"
WHERE
  "mb"."platform_id" = "v"."platform_id"
  AND "mb"."user_id" = "v"."user_id"
  AND "mb"."active"
  AND (
    "s"."platform_id" = "v"."platform_id"
    AND "s"."program_id" = "v"."program_id"
    AND "s"."user_id" = "v"."user_id"
  )
  AND (
    "s"."visible"
    AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $4)
    AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $4)
  )
UNION ALL
SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  "n"."name",
  "b"."name",
  "g"."message",
  "g"."created",
  "g"."due_at"
FROM (
  SELECT
    "m"."value" ->> 0 AS "platform_id",
    CAST($1 AS BIGINT) AS "program_id",
    CAST($2 AS BIGINT) AS "user_id"
  FROM json_each($3) AS "m"
) AS "v"
  CROSS JOIN "memberships" AS "mb"
  CROSS JOIN "group_members" AS "m"
  CROSS JOIN "program_group_suggestions" AS "g"
  CROSS JOIN "user_groups" AS "n"
  LEFT JOIN "users" AS "b" ON "b"."id" = "g"."suggested_by"
WHERE
  "mb"."platform_id" = "v"."platform_id"
  AND "mb"."user_id" = "v"."user_id"
  AND "mb"."active"
  AND ("m"."user_id" = "v"."user_id" AND "m"."active")
  AND (
    "g"."platform_id" = "v"."platform_id"
    AND "g"."program_id" = "v"."program_id"
    AND "g"."group_id" = "m"."group_id"
  )
  AND "n"."id" = "g"."group_id"
  AND (
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
FROM (
  SELECT
    CAST($1 AS BIGINT) AS "platform_id",
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "user_id"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "memberships" AS "mb"
  CROSS JOIN "program_suggestions" AS "s"
  LEFT JOIN "users" AS "b" ON "b"."id" = "s"."suggested_by"
WHERE
  "mb"."platform_id" = "v"."platform_id"
  AND "mb"."user_id" = "v"."user_id"
  AND "mb"."active"
  AND (
    "s"."platform_id" = "v"."platform_id"
    AND "s"."program_id" = "v"."program_id"
    AND "s"."user_id" = "v"."user_id"
  )
  AND (
    "s"."visible"
    AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $3)
    AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $3)
  )
UNION ALL
SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  "n"."name",
  "b"."name",
  "g"."message",
  "g"."created",
  "g"."due_at"
FROM (
  SELECT
    CAST($1 AS BIGINT) AS "platform_id",
    "m"."value" ->> 0 AS "program_id",
    "m"."value" ->> 1 AS "user_id"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "memberships" AS "mb"
  CROSS JOIN "group_members" AS "m"
  CROSS JOIN "program_group_suggestions" AS "g"
  CROSS JOIN "user_groups" AS "n"
  LEFT JOIN "users" AS "b" ON "b"."id" = "g"."suggested_by"
WHERE
  "mb"."platform_id" = "v"."platform_id"
  AND "mb"."user_id" = "v"."user_id"
  AND "mb"."active"
  AND ("m"."user_id" = "v"."user_id" AND "m"."active")
  AND (
    "g"."platform_id" = "v"."platform_id"
    AND "g"."program_id" = "v"."program_id"
    AND "g"."group_id" = "m"."group_id"
  )
  AND "n"."id" = "g"."group_id"
  AND (
    "g"."visible"
    AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $3)
    AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $3)
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
FROM (
  SELECT
    CAST($1 AS BIGINT) AS "platform_id",
    CAST($2 AS BIGINT) AS "program_id",
    "m"."value" ->> 0 AS "user_id"
  FROM json_each($3) AS "m"
) AS "v"
  CROSS JOIN "memberships" AS "mb"
  CROSS JOIN "program_suggestions" AS "s"
  LEFT JOIN "users" AS "b" ON "b"."id" = "s"."suggested_by"
WHERE
  "mb"."platform_id" = "v"."platform_id"
  AND "mb"."user_id" = "v"."user_id"
  AND "mb"."active"
  AND (
    "s"."platform_id" = "v"."platform_id"
    AND "s"."program_id" = "v"."program_id"
    AND "s"."user_id" = "v"."user_id"
  )
  AND (
    "s"."visible"
    AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $4)
    AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $4)
  )
UNION ALL
SELECT
  "v"."platform_id",
  "v"."program_id",
  "v"."user_id",
  "n"."name",
  "b"."name",
  "g"."message",
  "g"."created",
  "g"."due_at"
FROM (
  SELECT
    CAST($1 AS BIGINT) AS "platform_id",
    CAST($2 AS BIGINT) AS "program_id",
    "m"."value" ->> 0 AS "user_id"
  FROM json_each($3) AS "m"
) AS "v"
  CROSS JOIN "memberships" AS "mb"
  CROSS JOIN "group_members" AS "m"
  CROSS JOIN "program_group_suggestions" AS "g"
  CROSS JOIN "user_groups" AS "n"
  LEFT JOIN "users" AS "b" ON "b"."id" = "g"."suggested_by"
WHERE
  "mb"."platform_id" = "v"."platform_id"
  AND "mb"."user_id" = "v"."user_id"
  AND "mb"."active"
  AND ("m"."user_id" = "v"."user_id" AND "m"."active")
  AND (
    "g"."platform_id" = "v"."platform_id"
    AND "g"."program_id" = "v"."program_id"
    AND "g"."group_id" = "m"."group_id"
  )
  AND "n"."id" = "g"."group_id"
  AND (
    "g"."visible"
    AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $4)
    AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $4)
  );
