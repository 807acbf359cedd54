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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
      AND "e"."action" IN (0)
      AND "e"."kind" = 0
      AND "e"."program_id" IN (
        SELECT "id"
        FROM "programs"
        WHERE "platform_id" = $1
          AND "key" = ANY($2)
      )
      AND "e"."kind" = 0
      AND "e"."recipient_id" = ANY($3)
      AND "f"."actor_id" = ANY($4)
      AND "f"."at" > $5
      AND "f"."at" < $6
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 101
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
      AND "e"."action" IN (0)
      AND "e"."kind" = 0
      AND "e"."program_id" IN (
        SELECT "id"
        FROM "programs"
        WHERE "platform_id" = $1
          AND "key" = ANY($2)
      )
      AND "e"."kind" = 0
      AND "e"."recipient_id" = ANY($3)
      AND "f"."actor_id" = ANY($4)
      AND "f"."at" > $5
      AND "f"."at" < $6
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 2
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
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
              AND "d"."id" = ANY($2)
          )
        )
        OR (
          "e"."kind" = 1
          AND EXISTS (
            SELECT 1
            FROM "user_groups" AS "l"
            WHERE "l"."id" = "e"."recipient_id"
              AND "l"."department_id" = ANY($2)
          )
        )
      )
      AND "e"."action" IN (0)
      AND "e"."kind" = 0
      AND "e"."program_id" IN (
        SELECT "id"
        FROM "programs"
        WHERE "platform_id" = $1
          AND "key" = ANY($3)
      )
      AND "e"."kind" = 0
      AND "e"."recipient_id" = ANY($4)
      AND "f"."actor_id" = ANY($5)
      AND "f"."at" > $6
      AND "f"."at" < $7
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 101
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
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
              AND "d"."id" = ANY($2)
          )
        )
        OR (
          "e"."kind" = 1
          AND EXISTS (
            SELECT 1
            FROM "user_groups" AS "l"
            WHERE "l"."id" = "e"."recipient_id"
              AND "l"."department_id" = ANY($2)
          )
        )
      )
      AND "e"."action" IN (0)
      AND "e"."kind" = 0
      AND "e"."program_id" IN (
        SELECT "id"
        FROM "programs"
        WHERE "platform_id" = $1
          AND "key" = ANY($3)
      )
      AND "e"."kind" = 0
      AND "e"."recipient_id" = ANY($4)
      AND "f"."actor_id" = ANY($5)
      AND "f"."at" > $6
      AND "f"."at" < $7
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 2
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
    SELECT "e".*
    FROM "suggestion_events" AS "e"
    WHERE
      EXISTS (
        SELECT 1
        FROM "programs" AS "shown"
        WHERE "shown"."platform_id" = "e"."platform_id"
          AND "shown"."id" = "e"."program_id"
      )
      AND "e"."id" = ANY($1)
      AND (
        "e"."platform_id" = ANY($2)
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
                AND "d"."id" = ANY($3)
            )
          )
          OR (
            "e"."kind" = 1
            AND EXISTS (
              SELECT 1
              FROM "user_groups" AS "l"
              WHERE "l"."id" = "e"."recipient_id"
                AND "l"."department_id" = ANY($3)
            )
          )
        )
      )
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 101
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
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
              AND "d"."id" = ANY($2)
          )
        )
        OR (
          "e"."kind" = 1
          AND EXISTS (
            SELECT 1
            FROM "user_groups" AS "l"
            WHERE "l"."id" = "e"."recipient_id"
              AND "l"."department_id" = ANY($2)
          )
        )
      )
      AND ("e"."settled", "e"."id") > ($3, $4)
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 251
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
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
              AND "d"."id" = ANY($2)
          )
        )
        OR (
          "e"."kind" = 1
          AND EXISTS (
            SELECT 1
            FROM "user_groups" AS "l"
            WHERE "l"."id" = "e"."recipient_id"
              AND "l"."department_id" = ANY($2)
          )
        )
      )
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 101
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
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
              AND "d"."id" = ANY($2)
          )
        )
        OR (
          "e"."kind" = 1
          AND EXISTS (
            SELECT 1
            FROM "user_groups" AS "l"
            WHERE "l"."id" = "e"."recipient_id"
              AND "l"."department_id" = ANY($2)
          )
        )
      )
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 2
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 101
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
    ORDER BY "e"."settled" ASC, "e"."id" ASC
    LIMIT 2
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
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
FROM
  (
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
      AND "e"."settled" < CAST(
        CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT
      )
    ORDER BY "e"."settled" DESC, "e"."id" DESC
    LIMIT 2
  ) AS "e"
  INNER JOIN LATERAL (
    SELECT *
    FROM "suggestion_batches" AS "b"
    WHERE "b"."id" = "e"."batch_id" OFFSET 0
  ) AS "b" ON TRUE
  INNER JOIN LATERAL (
    SELECT *
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "e"."platform_id"
      AND "p"."id" = "e"."program_id" OFFSET 0
  ) AS "p" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "api_keys" AS "k"
    WHERE "k"."id" = "b"."api_key_id" OFFSET 0
  ) AS "k" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "users" AS "u"
    WHERE "u"."id" = "e"."recipient_id"
      AND "e"."kind" = 0 OFFSET 0
  ) AS "u" ON TRUE
  LEFT JOIN LATERAL (
    SELECT *
    FROM "user_groups" AS "g"
    WHERE "g"."id" = "e"."recipient_id"
      AND "e"."kind" = 1 OFFSET 0
  ) AS "g" ON TRUE
ORDER BY "e"."settled" DESC, "e"."id" DESC;
