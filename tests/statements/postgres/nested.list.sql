SELECT
  "parent"."id",
  "d"."id",
  "d"."key_folded",
  "d"."id",
  "d"."platform_id",
  "d"."key",
  "d"."name",
  "d"."parent_id"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "d"."id" AS "id"
        FROM "departments" AS "d"
        WHERE
          "d"."platform_id" = "parent"."id"
          AND ("d"."platform_id" = ANY($2) OR "d"."id" = ANY($3))
          AND (
            strpos("d"."key_folded", $4) > 0
            OR strpos("d"."name_folded", $4) > 0
          )
        ORDER BY "d"."key_folded" ASC, "d"."id" ASC
        LIMIT 101
      )
    )
  ) AS "found"
  CROSS JOIN "departments" AS "d"
WHERE "d"."id" = "found"."found";

SELECT
  "parent"."id",
  "d"."id",
  "d"."key_folded",
  "d"."id",
  "d"."platform_id",
  "d"."key",
  "d"."name",
  "d"."parent_id"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "d"."id" AS "id"
        FROM "departments" AS "d"
        WHERE
          "d"."platform_id" = "parent"."id"
          AND ("d"."platform_id" = ANY($2) OR "d"."id" = ANY($3))
          AND (
            strpos("d"."key_folded", $4) > 0
            OR strpos("d"."name_folded", $4) > 0
          )
        ORDER BY "d"."key_folded" ASC, "d"."id" ASC
        LIMIT 2
      )
    )
  ) AS "found"
  CROSS JOIN "departments" AS "d"
WHERE "d"."id" = "found"."found";

SELECT
  "parent"."id",
  "d"."id",
  "d"."key_folded",
  "d"."id",
  "d"."platform_id",
  "d"."key",
  "d"."name",
  "d"."parent_id"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "d"."id" AS "id"
        FROM "departments" AS "d"
        WHERE
          "d"."platform_id" = "parent"."id"
          AND (
            strpos("d"."key_folded", $2) > 0
            OR strpos("d"."name_folded", $2) > 0
          )
        ORDER BY "d"."key_folded" ASC, "d"."id" ASC
        LIMIT 101
      )
    )
  ) AS "found"
  CROSS JOIN "departments" AS "d"
WHERE "d"."id" = "found"."found";

SELECT
  "parent"."id",
  "d"."id",
  "d"."key_folded",
  "d"."id",
  "d"."platform_id",
  "d"."key",
  "d"."name",
  "d"."parent_id"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "d"."id" AS "id"
        FROM "departments" AS "d"
        WHERE
          "d"."platform_id" = "parent"."id"
          AND (
            strpos("d"."key_folded", $2) > 0
            OR strpos("d"."name_folded", $2) > 0
          )
        ORDER BY "d"."key_folded" ASC, "d"."id" ASC
        LIMIT 2
      )
    )
  ) AS "found"
  CROSS JOIN "departments" AS "d"
WHERE "d"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE
          "g"."platform_id" = "parent"."id"
          AND (
            "g"."platform_id" = ANY($2)
            OR "g"."department_id" = ANY($3)
          )
          AND strpos("g"."name_folded", $4) > 0
        ORDER BY "g"."id" DESC
        LIMIT 101
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE
          "g"."platform_id" = "parent"."id"
          AND (
            "g"."platform_id" = ANY($2)
            OR "g"."department_id" = ANY($3)
          )
          AND strpos("g"."name_folded", $4) > 0
        ORDER BY "g"."id" DESC
        LIMIT 2
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE
          "g"."platform_id" = "parent"."id"
          AND (
            "g"."platform_id" = ANY($2)
            OR "g"."department_id" = ANY($3)
          )
        ORDER BY "g"."id" ASC
        LIMIT 101
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE
          "g"."platform_id" = "parent"."id"
          AND (
            "g"."platform_id" = ANY($2)
            OR "g"."department_id" = ANY($3)
          )
        ORDER BY "g"."id" ASC
        LIMIT 2
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
          AND strpos("g"."name_folded", $2) > 0
        ORDER BY "g"."id" DESC
        LIMIT 101
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
          AND strpos("g"."name_folded", $2) > 0
        ORDER BY "g"."id" DESC
        LIMIT 2
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
        ORDER BY "g"."id" ASC
        LIMIT 101
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
        ORDER BY "g"."id" ASC
        LIMIT 2
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
        ORDER BY "g"."id" ASC
        LIMIT 21
      )
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."found";

SELECT
  "parent"."id",
  "p"."id",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "p"."id" AS "id"
        FROM "programs" AS "p"
        WHERE "p"."platform_id" = "parent"."id"
        ORDER BY "p"."id" ASC
        LIMIT 101
      )
    )
  ) AS "found"
  CROSS JOIN "programs" AS "p"
WHERE "p"."id" = "found"."found";

SELECT
  "parent"."id",
  "p"."id",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "p"."id" AS "id"
        FROM "programs" AS "p"
        WHERE "p"."platform_id" = "parent"."id"
        ORDER BY "p"."id" ASC
        LIMIT 2
      )
    )
  ) AS "found"
  CROSS JOIN "programs" AS "p"
WHERE "p"."id" = "found"."found";

SELECT
  "parent"."id",
  "p"."id",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "p"."id" AS "id"
        FROM "programs" AS "p"
        WHERE "p"."platform_id" = "parent"."id"
        ORDER BY "p"."id" ASC
        LIMIT 21
      )
    )
  ) AS "found"
  CROSS JOIN "programs" AS "p"
WHERE "p"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (
    SELECT "g"."id"
    FROM "user_groups" AS "g"
    WHERE "g"."id" = ANY($1)
  ) AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "group_members" AS "m"
              WHERE "m"."group_id" = "parent"."id"
                AND "m"."active"
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "group_members" AS "m"
                WHERE "m"."group_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 3
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM "users" AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM "group_members" AS "m"
                WHERE
                  "m"."group_id" = "parent"."id"
                  AND "m"."active"
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 3
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (
    SELECT "g"."id"
    FROM "user_groups" AS "g"
    WHERE "g"."id" = ANY($1)
  ) AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "u"."id" AS "id"
        FROM (
          SELECT "u"."id", "u"."username_folded"
          FROM (
            SELECT "m"."user_id" AS "id"
            FROM "group_members" AS "m"
            WHERE "m"."group_id" = "parent"."id"
              AND "m"."active"
          ) AS "m"
            INNER JOIN LATERAL (
              SELECT *
              FROM "users" AS "u"
              WHERE "u"."id" = "m"."id" OFFSET 0
            ) AS "u" ON TRUE
          WHERE
            strpos("u"."username_folded", $2) > 0
            OR strpos("u"."name_folded", $2) > 0
            OR strpos("u"."email_folded", $2) > 0
          ORDER BY "u"."username_folded" DESC OFFSET 0
        ) AS "u"
        ORDER BY "u"."username_folded" DESC
        LIMIT 3
      )
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT DISTINCT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT DISTINCT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT DISTINCT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE ("u"."username_folded", "u"."id") > ($3, $4)
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              WHERE ("u"."username_folded", "u"."id") > ($3, $4)
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT DISTINCT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE ("u"."username_folded", "u"."id") > ($3, $4)
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              WHERE ("u"."username_folded", "u"."id") > ($3, $4)
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT DISTINCT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE
                strpos("u"."username_folded", $3) > 0
                OR strpos("u"."name_folded", $3) > 0
                OR strpos("u"."email_folded", $3) > 0
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 2000
            ) AS "u"
            WHERE
              (
                strpos("u"."username_folded", $3) > 0
                OR strpos("u"."name_folded", $3) > 0
                OR strpos("u"."email_folded", $3) > 0
              )
              AND EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT DISTINCT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE
                strpos("u"."username_folded", $3) > 0
                OR strpos("u"."name_folded", $3) > 0
                OR strpos("u"."email_folded", $3) > 0
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 2000
            ) AS "u"
            WHERE
              (
                strpos("u"."username_folded", $3) > 0
                OR strpos("u"."name_folded", $3) > 0
                OR strpos("u"."email_folded", $3) > 0
              )
              AND EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT DISTINCT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE
                strpos("u"."username_folded", $3) > 0
                OR strpos("u"."name_folded", $3) > 0
                OR strpos("u"."email_folded", $3) > 0
              ORDER BY "u"."username_folded" DESC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" DESC
            LIMIT 101
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" DESC
              LIMIT 2000
            ) AS "u"
            WHERE
              (
                strpos("u"."username_folded", $3) > 0
                OR strpos("u"."name_folded", $3) > 0
                OR strpos("u"."email_folded", $3) > 0
              )
              AND EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" DESC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT DISTINCT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE
                strpos("u"."username_folded", $3) > 0
                OR strpos("u"."name_folded", $3) > 0
                OR strpos("u"."email_folded", $3) > 0
              ORDER BY "u"."username_folded" DESC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" DESC
            LIMIT 2
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" DESC
              LIMIT 2000
            ) AS "u"
            WHERE
              (
                strpos("u"."username_folded", $3) > 0
                OR strpos("u"."name_folded", $3) > 0
                OR strpos("u"."email_folded", $3) > 0
              )
              AND EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" DESC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 11
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 11
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE ("u"."username_folded", "u"."id") > ($2, $3)
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              WHERE ("u"."username_folded", "u"."id") > ($2, $3)
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE ("u"."username_folded", "u"."id") > ($2, $3)
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              WHERE ("u"."username_folded", "u"."id") > ($2, $3)
              ORDER BY "u"."username_folded" ASC
              LIMIT 4000
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE
                strpos("u"."username_folded", $2) > 0
                OR strpos("u"."name_folded", $2) > 0
                OR strpos("u"."email_folded", $2) > 0
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 2000
            ) AS "u"
            WHERE (
              strpos("u"."username_folded", $2) > 0
              OR strpos("u"."name_folded", $2) > 0
              OR strpos("u"."email_folded", $2) > 0
            )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE
                strpos("u"."username_folded", $2) > 0
                OR strpos("u"."name_folded", $2) > 0
                OR strpos("u"."email_folded", $2) > 0
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 2000
            ) AS "u"
            WHERE (
              strpos("u"."username_folded", $2) > 0
              OR strpos("u"."name_folded", $2) > 0
              OR strpos("u"."email_folded", $2) > 0
            )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE
                strpos("u"."username_folded", $2) > 0
                OR strpos("u"."name_folded", $2) > 0
                OR strpos("u"."email_folded", $2) > 0
              ORDER BY "u"."username_folded" DESC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" DESC
            LIMIT 101
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" DESC
              LIMIT 2000
            ) AS "u"
            WHERE (
              strpos("u"."username_folded", $2) > 0
              OR strpos("u"."name_folded", $2) > 0
              OR strpos("u"."email_folded", $2) > 0
            )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" DESC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "memberships" AS "m"
                WHERE "m"."platform_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              WHERE
                strpos("u"."username_folded", $2) > 0
                OR strpos("u"."name_folded", $2) > 0
                OR strpos("u"."email_folded", $2) > 0
              ORDER BY "u"."username_folded" DESC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" DESC
            LIMIT 2
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" DESC
              LIMIT 2000
            ) AS "u"
            WHERE (
              strpos("u"."username_folded", $2) > 0
              OR strpos("u"."name_folded", $2) > 0
              OR strpos("u"."email_folded", $2) > 0
            )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" DESC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          NOT (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              WHERE
                "u"."username_folded" LIKE $3
                OR "u"."name_folded" LIKE $3
                OR "u"."email_folded" LIKE $3
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE
  "u"."id" = "found"."found"
  AND EXISTS (
    SELECT 1
    FROM "users" AS "u"
    ORDER BY "u"."username_folded" ASC
    LIMIT 1 OFFSET 2000
  );

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          NOT (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM
                "departments" AS "d"
                INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
              WHERE "d"."platform_id" = "parent"."id"
                AND "d"."id" = ANY($2)
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              WHERE
                "u"."username_folded" LIKE $3
                OR "u"."name_folded" LIKE $3
                OR "u"."email_folded" LIKE $3
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" = ANY($2)
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
              AND EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE
  "u"."id" = "found"."found"
  AND EXISTS (
    SELECT 1
    FROM "users" AS "u"
    ORDER BY "u"."username_folded" ASC
    LIMIT 1 OFFSET 2000
  );

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          NOT (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              WHERE
                "u"."username_folded" LIKE $2
                OR "u"."name_folded" LIKE $2
                OR "u"."email_folded" LIKE $2
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 101
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE
  "u"."id" = "found"."found"
  AND EXISTS (
    SELECT 1
    FROM "users" AS "u"
    ORDER BY "u"."username_folded" ASC
    LIMIT 1 OFFSET 2000
  );

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT unnest($1) AS "id") AS "parent",
  unnest(
    (
      CASE
        WHEN (
          NOT (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "memberships" AS "m"
              WHERE "m"."platform_id" = "parent"."id"
                AND "m"."active"
              ORDER BY "m"."user_id" ASC
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM "users" AS "u"
              WHERE
                "u"."username_folded" LIKE $2
                OR "u"."name_folded" LIKE $2
                OR "u"."email_folded" LIKE $2
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            WHERE
              EXISTS (
                SELECT 1
                FROM "memberships" AS "pm"
                WHERE
                  "pm"."platform_id" = "parent"."id"
                  AND "pm"."user_id" = "u"."id"
                  AND "pm"."active" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 2
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE
  "u"."id" = "found"."found"
  AND EXISTS (
    SELECT 1
    FROM "users" AS "u"
    ORDER BY "u"."username_folded" ASC
    LIMIT 1 OFFSET 2000
  );

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  (
    CASE
      WHEN (
        EXISTS (
          SELECT 1
          FROM "memberships" AS "m"
          WHERE "m"."user_id" = "u"."id"
            AND "m"."platform_id" = ANY($1)
        )
        OR EXISTS (
          SELECT 1
          FROM "department_members" AS "m"
          WHERE "m"."user_id" = "u"."id"
            AND "m"."department_id" = ANY($2)
        )
        OR "u"."id" = $3
      ) THEN "u"."email"
    END
  )
FROM
  (
    SELECT "g"."id"
    FROM "user_groups" AS "g"
    WHERE
      "g"."id" = ANY($4)
      AND (
        "g"."platform_id" = ANY($1)
        OR "g"."department_id" = ANY($2)
      )
  ) AS "parent",
  unnest(
    (
      CASE
        WHEN (
          (
            SELECT COUNT(*)
            FROM (
              SELECT "m"."user_id" AS "id"
              FROM "group_members" AS "m"
              WHERE "m"."group_id" = "parent"."id"
                AND "m"."active"
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "group_members" AS "m"
                WHERE "m"."group_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                INNER JOIN LATERAL (
                  SELECT *
                  FROM "users" AS "u"
                  WHERE "u"."id" = "m"."id" OFFSET 0
                ) AS "u" ON TRUE
              ORDER BY "u"."username_folded" ASC OFFSET 0
            ) AS "u"
            ORDER BY "u"."username_folded" ASC
            LIMIT 3
          )
        )
        ELSE ARRAY(
          (
            SELECT "u"."id" AS "id"
            FROM "users" AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM "group_members" AS "m"
                WHERE
                  "m"."group_id" = "parent"."id"
                  AND "m"."active"
                  AND "m"."user_id" = "u"."id" OFFSET 0
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 3
          )
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  (
    CASE
      WHEN (
        EXISTS (
          SELECT 1
          FROM "memberships" AS "m"
          WHERE "m"."user_id" = "u"."id"
            AND "m"."platform_id" = ANY($1)
        )
        OR EXISTS (
          SELECT 1
          FROM "department_members" AS "m"
          WHERE "m"."user_id" = "u"."id"
            AND "m"."department_id" = ANY($2)
        )
        OR "u"."id" = $3
      ) THEN "u"."email"
    END
  )
FROM
  (
    SELECT "g"."id"
    FROM "user_groups" AS "g"
    WHERE
      "g"."id" = ANY($4)
      AND (
        "g"."platform_id" = ANY($1)
        OR "g"."department_id" = ANY($2)
      )
  ) AS "parent",
  unnest(
    ARRAY(
      (
        SELECT "u"."id" AS "id"
        FROM (
          SELECT "u"."id", "u"."username_folded"
          FROM (
            SELECT "m"."user_id" AS "id"
            FROM "group_members" AS "m"
            WHERE "m"."group_id" = "parent"."id"
              AND "m"."active"
          ) AS "m"
            INNER JOIN LATERAL (
              SELECT *
              FROM "users" AS "u"
              WHERE "u"."id" = "m"."id" OFFSET 0
            ) AS "u" ON TRUE
          WHERE
            strpos("u"."username_folded", $5) > 0
            OR strpos("u"."name_folded", $5) > 0
            OR (
              strpos("u"."email_folded", $5) > 0
              AND (
                EXISTS (
                  SELECT 1
                  FROM "memberships" AS "m"
                  WHERE "m"."user_id" = "u"."id"
                    AND "m"."platform_id" = ANY($1)
                )
                OR EXISTS (
                  SELECT 1
                  FROM "department_members" AS "m"
                  WHERE "m"."user_id" = "u"."id"
                    AND "m"."department_id" = ANY($2)
                )
                OR "u"."id" = $3
              )
            )
          ORDER BY "u"."username_folded" DESC OFFSET 0
        ) AS "u"
        ORDER BY "u"."username_folded" DESC
        LIMIT 3
      )
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."found";
