SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM
    "suggestion_events" AS "e"
    INNER JOIN "suggestion_batches" AS "f" ON "f"."id" = "e"."batch_id"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
    AND "e"."action" IN (0)
    AND "e"."kind" = 0
    AND "e"."program_id" IN (
      SELECT "id"
      FROM "programs"
      WHERE "platform_id" = $1
        AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
    )
    AND "e"."kind" = 0
    AND "e"."recipient_id" IN (SELECT "value" FROM json_each($3) AS "listed")
    AND "f"."actor_id" IN (SELECT "value" FROM json_each($4) AS "listed")
    AND "f"."at" > $5
    AND "f"."at" < $6
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 101
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM
    "suggestion_events" AS "e"
    INNER JOIN "suggestion_batches" AS "f" ON "f"."id" = "e"."batch_id"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
    AND "e"."action" IN (0)
    AND "e"."kind" = 0
    AND "e"."program_id" IN (
      SELECT "id"
      FROM "programs"
      WHERE "platform_id" = $1
        AND "key" IN (SELECT "value" FROM json_each($2) AS "listed")
    )
    AND "e"."kind" = 0
    AND "e"."recipient_id" IN (SELECT "value" FROM json_each($3) AS "listed")
    AND "f"."actor_id" IN (SELECT "value" FROM json_each($4) AS "listed")
    AND "f"."at" > $5
    AND "f"."at" < $6
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 2
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM
    "suggestion_events" AS "e"
    INNER JOIN "suggestion_batches" AS "f" ON "f"."id" = "e"."batch_id"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
    AND (
      (
        "e"."kind" = 0
        AND EXISTS (
          SELECT 1
          FROM
            "department_members" AS "m"
            INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
          WHERE
            "m"."user_id" = "e"."recipient_id"
            AND "d"."platform_id" = "e"."platform_id"
            AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
      OR (
        "e"."kind" = 1
        AND EXISTS (
          SELECT 1
          FROM "user_groups" AS "l"
          WHERE
            "l"."id" = "e"."recipient_id"
            AND "l"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
    )
    AND "e"."action" IN (0)
    AND "e"."kind" = 0
    AND "e"."program_id" IN (
      SELECT "id"
      FROM "programs"
      WHERE "platform_id" = $1
        AND "key" IN (SELECT "value" FROM json_each($3) AS "listed")
    )
    AND "e"."kind" = 0
    AND "e"."recipient_id" IN (SELECT "value" FROM json_each($4) AS "listed")
    AND "f"."actor_id" IN (SELECT "value" FROM json_each($5) AS "listed")
    AND "f"."at" > $6
    AND "f"."at" < $7
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 101
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM
    "suggestion_events" AS "e"
    INNER JOIN "suggestion_batches" AS "f" ON "f"."id" = "e"."batch_id"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
    AND (
      (
        "e"."kind" = 0
        AND EXISTS (
          SELECT 1
          FROM
            "department_members" AS "m"
            INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
          WHERE
            "m"."user_id" = "e"."recipient_id"
            AND "d"."platform_id" = "e"."platform_id"
            AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
      OR (
        "e"."kind" = 1
        AND EXISTS (
          SELECT 1
          FROM "user_groups" AS "l"
          WHERE
            "l"."id" = "e"."recipient_id"
            AND "l"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
    )
    AND "e"."action" IN (0)
    AND "e"."kind" = 0
    AND "e"."program_id" IN (
      SELECT "id"
      FROM "programs"
      WHERE "platform_id" = $1
        AND "key" IN (SELECT "value" FROM json_each($3) AS "listed")
    )
    AND "e"."kind" = 0
    AND "e"."recipient_id" IN (SELECT "value" FROM json_each($4) AS "listed")
    AND "f"."actor_id" IN (SELECT "value" FROM json_each($5) AS "listed")
    AND "f"."at" > $6
    AND "f"."at" < $7
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 2
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM "suggestion_events" AS "e"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
    AND (
      "e"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      OR (
        (
          "e"."kind" = 0
          AND EXISTS (
            SELECT 1
            FROM
              "department_members" AS "m"
              INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
            WHERE
              "m"."user_id" = "e"."recipient_id"
              AND "d"."platform_id" = "e"."platform_id"
              AND "d"."id" IN (SELECT "value" FROM json_each($3) AS "listed")
          )
        )
        OR (
          "e"."kind" = 1
          AND EXISTS (
            SELECT 1
            FROM "user_groups" AS "l"
            WHERE
              "l"."id" = "e"."recipient_id"
              AND "l"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
          )
        )
      )
    )
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 101
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM "suggestion_events" AS "e"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
    AND (
      (
        "e"."kind" = 0
        AND EXISTS (
          SELECT 1
          FROM
            "department_members" AS "m"
            INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
          WHERE
            "m"."user_id" = "e"."recipient_id"
            AND "d"."platform_id" = "e"."platform_id"
            AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
      OR (
        "e"."kind" = 1
        AND EXISTS (
          SELECT 1
          FROM "user_groups" AS "l"
          WHERE
            "l"."id" = "e"."recipient_id"
            AND "l"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
    )
    AND ("e"."settled", "e"."id") > ($3, $4)
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 251
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM "suggestion_events" AS "e"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
    AND (
      (
        "e"."kind" = 0
        AND EXISTS (
          SELECT 1
          FROM
            "department_members" AS "m"
            INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
          WHERE
            "m"."user_id" = "e"."recipient_id"
            AND "d"."platform_id" = "e"."platform_id"
            AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
      OR (
        "e"."kind" = 1
        AND EXISTS (
          SELECT 1
          FROM "user_groups" AS "l"
          WHERE
            "l"."id" = "e"."recipient_id"
            AND "l"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
    )
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 101
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM "suggestion_events" AS "e"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
    AND (
      (
        "e"."kind" = 0
        AND EXISTS (
          SELECT 1
          FROM
            "department_members" AS "m"
            INNER JOIN "departments" AS "d" ON "d"."id" = "m"."department_id"
          WHERE
            "m"."user_id" = "e"."recipient_id"
            AND "d"."platform_id" = "e"."platform_id"
            AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
      OR (
        "e"."kind" = 1
        AND EXISTS (
          SELECT 1
          FROM "user_groups" AS "l"
          WHERE
            "l"."id" = "e"."recipient_id"
            AND "l"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
        )
      )
    )
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 2
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM "suggestion_events" AS "e"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 101
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM "suggestion_events" AS "e"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
  ORDER BY "e"."settled" ASC, "e"."id" ASC
  LIMIT 2
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" ASC, "e"."id" ASC;

SELECT
  "e"."id",
  "e"."settled",
  "e"."action",
  "e"."kind",
  "e"."platform_id",
  "e"."recipient_id",
  "e"."suggestion_id",
  "e"."changes",
  "e"."batch_id",
  "b"."at",
  "b"."operation",
  "b"."actor_id",
  "b"."source",
  "b"."request_id",
  "k"."name",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM (
  SELECT "e".*
  FROM "suggestion_events" AS "e"
  WHERE
    EXISTS (
      SELECT 1
      FROM "programs" AS "shown"
      WHERE "shown"."platform_id" = "e"."platform_id"
        AND "shown"."id" = "e"."program_id"
    )
    AND "e"."platform_id" = $1
  ORDER BY "e"."settled" DESC, "e"."id" DESC
  LIMIT 2
) AS "e"
  CROSS JOIN "suggestion_batches" AS "b"
  CROSS JOIN "programs" AS "p"
  LEFT JOIN "api_keys" AS "k" ON "k"."id" = "b"."api_key_id"
  LEFT JOIN "users" AS "u" ON "u"."id" = "e"."recipient_id"
  AND "e"."kind" = 0
  LEFT JOIN "user_groups" AS "g" ON "g"."id" = "e"."recipient_id"
  AND "e"."kind" = 1
WHERE
  "b"."id" = "e"."batch_id"
  AND (
    "p"."platform_id" = "e"."platform_id"
    AND "p"."id" = "e"."program_id"
  )
ORDER BY "e"."settled" DESC, "e"."id" DESC;
