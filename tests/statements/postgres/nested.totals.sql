SELECT
  "parent"."id",
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
              AND "d"."id" = ANY($1)
            LIMIT 3001
          ) AS "m"
        ) <= 3000
      ) THEN (
        SELECT COUNT(*)
        FROM (
          SELECT "u"."id", "u"."username_folded"
          FROM (
            SELECT DISTINCT "m"."user_id" AS "id"
            FROM
              "departments" AS "d"
              INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
            WHERE "d"."platform_id" = "parent"."id"
              AND "d"."id" = ANY($1)
          ) AS "m"
            INNER JOIN LATERAL (
              SELECT *
              FROM "users" AS "u"
              WHERE "u"."id" = "m"."id" OFFSET 0
            ) AS "u" ON TRUE
          WHERE
            strpos("u"."username_folded", $2) > 0
            OR strpos("u"."name_folded", $2) > 0
            OR strpos("u"."email_folded", $2) > 0 OFFSET 0
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
      )
      ELSE (
        SELECT COUNT(*)
        FROM (
          SELECT "u"."id", "u"."username_folded"
          FROM "users" AS "u"
          WHERE
            "u"."username_folded" LIKE $3
            OR "u"."name_folded" LIKE $3
            OR "u"."email_folded" LIKE $3 OFFSET 0
        ) AS "u"
        WHERE
          EXISTS (
            SELECT "m"."user_id" AS "id"
            FROM
              "departments" AS "d"
              INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
            WHERE
              "d"."platform_id" = "parent"."id"
              AND "d"."id" = ANY($1)
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
      )
    END
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($4) AS "id") AS "parent";

SELECT
  "parent"."id",
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
      ) THEN (
        SELECT COUNT(*)
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
            strpos("u"."username_folded", $1) > 0
            OR strpos("u"."name_folded", $1) > 0
            OR strpos("u"."email_folded", $1) > 0 OFFSET 0
        ) AS "u"
      )
      ELSE (
        SELECT COUNT(*)
        FROM (
          SELECT "u"."id", "u"."username_folded"
          FROM "users" AS "u"
          WHERE
            "u"."username_folded" LIKE $2
            OR "u"."name_folded" LIKE $2
            OR "u"."email_folded" LIKE $2 OFFSET 0
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
      )
    END
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($3) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "departments" AS "d"
    WHERE
      "d"."platform_id" = "parent"."id"
      AND ("d"."platform_id" = ANY($1) OR "d"."id" = ANY($2))
      AND (
        strpos("d"."key_folded", $3) > 0
        OR strpos("d"."name_folded", $3) > 0
      )
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($4) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "departments" AS "d"
    WHERE
      "d"."platform_id" = "parent"."id"
      AND (
        strpos("d"."key_folded", $1) > 0
        OR strpos("d"."name_folded", $1) > 0
      )
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($2) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "parent"."id"
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($1) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "user_groups" AS "g"
    WHERE
      "g"."platform_id" = "parent"."id"
      AND (
        "g"."platform_id" = ANY($1)
        OR "g"."department_id" = ANY($2)
      )
      AND strpos("g"."name_folded", $3) > 0
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($4) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "user_groups" AS "g"
    WHERE "g"."platform_id" = "parent"."id"
      AND strpos("g"."name_folded", $1) > 0
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($2) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT "m"."user_id" AS "id"
      FROM "group_members" AS "m"
      WHERE "m"."group_id" = "parent"."id"
        AND "m"."active"
    ) AS "m"
  ),
  FALSE,
  FALSE
FROM (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE
    "g"."id" = ANY($1)
    AND (
      "g"."platform_id" = ANY($2)
      OR "g"."department_id" = ANY($3)
    )
) AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT "m"."user_id" AS "id"
      FROM "group_members" AS "m"
      WHERE "m"."group_id" = "parent"."id"
        AND "m"."active"
    ) AS "m"
  ),
  FALSE,
  FALSE
FROM (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE "g"."id" = ANY($1)
) AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT "m"."user_id" AS "id"
      FROM "memberships" AS "m"
      WHERE "m"."platform_id" = "parent"."id"
        AND "m"."active"
    ) AS "m"
  ),
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
      ) THEN (
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
          WHERE ("u"."username_folded", "u"."id") <= ($1, $2)
          ORDER BY "u"."username_folded" DESC OFFSET 0
        ) AS "u"
        ORDER BY "u"."username_folded" DESC
        LIMIT 1
      )
      ELSE (
        SELECT "u"."id" AS "id"
        FROM "users" AS "u"
        WHERE
          ("u"."username_folded", "u"."id") <= ($1, $2)
          AND EXISTS (
            SELECT 1
            FROM "memberships" AS "pm"
            WHERE
              "pm"."platform_id" = "parent"."id"
              AND "pm"."user_id" = "u"."id"
              AND "pm"."active" OFFSET 0
          )
        ORDER BY "u"."username_folded" DESC
        LIMIT 1
      )
    END
  ) IS NOT NULL,
  FALSE
FROM (SELECT unnest($3) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT "m"."user_id" AS "id"
      FROM "memberships" AS "m"
      WHERE "m"."platform_id" = "parent"."id"
        AND "m"."active"
    ) AS "m"
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($1) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
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
        strpos("u"."username_folded", $1) > 0
        OR strpos("u"."name_folded", $1) > 0
        OR (
          strpos("u"."email_folded", $1) > 0
          AND (
            EXISTS (
              SELECT 1
              FROM "memberships" AS "m"
              WHERE "m"."user_id" = "u"."id"
                AND "m"."platform_id" = ANY($2)
            )
            OR EXISTS (
              SELECT 1
              FROM "department_members" AS "m"
              WHERE "m"."user_id" = "u"."id"
                AND "m"."department_id" = ANY($3)
            )
            OR "u"."id" = $4
          )
        ) OFFSET 0
    ) AS "u"
  ),
  FALSE,
  FALSE
FROM (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE
    "g"."id" = ANY($5)
    AND (
      "g"."platform_id" = ANY($2)
      OR "g"."department_id" = ANY($3)
    )
) AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
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
        strpos("u"."username_folded", $1) > 0
        OR strpos("u"."name_folded", $1) > 0
        OR strpos("u"."email_folded", $1) > 0 OFFSET 0
    ) AS "u"
  ),
  FALSE,
  FALSE
FROM (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE "g"."id" = ANY($2)
) AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
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
        strpos("u"."username_folded", $1) > 0
        OR strpos("u"."name_folded", $1) > 0
        OR strpos("u"."email_folded", $1) > 0 OFFSET 0
    ) AS "u"
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($2) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT "u"."id", "u"."username_folded"
      FROM (
        SELECT DISTINCT "m"."user_id" AS "id"
        FROM
          "departments" AS "d"
          INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
        WHERE "d"."platform_id" = "parent"."id"
          AND "d"."id" = ANY($1)
      ) AS "m"
        INNER JOIN LATERAL (
          SELECT *
          FROM "users" AS "u"
          WHERE "u"."id" = "m"."id" OFFSET 0
        ) AS "u" ON TRUE
      WHERE
        strpos("u"."username_folded", $2) > 0
        OR strpos("u"."name_folded", $2) > 0
        OR strpos("u"."email_folded", $2) > 0 OFFSET 0
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
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($3) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT DISTINCT "m"."user_id" AS "id"
      FROM
        "departments" AS "d"
        INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
      WHERE
        "d"."platform_id" = "parent"."id"
        AND "d"."id" = ANY($1)
        AND EXISTS (
          SELECT 1
          FROM "memberships" AS "pm"
          WHERE
            "pm"."platform_id" = "parent"."id"
            AND "pm"."user_id" = "m"."user_id"
            AND "pm"."active" OFFSET 0
        )
    ) AS "m"
  ),
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
              AND "d"."id" = ANY($1)
            LIMIT 3001
          ) AS "m"
        ) <= 3000
      ) THEN (
        SELECT "u"."id" AS "id"
        FROM (
          SELECT "u"."id", "u"."username_folded"
          FROM (
            SELECT DISTINCT "m"."user_id" AS "id"
            FROM
              "departments" AS "d"
              INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
            WHERE "d"."platform_id" = "parent"."id"
              AND "d"."id" = ANY($1)
          ) AS "m"
            INNER JOIN LATERAL (
              SELECT *
              FROM "users" AS "u"
              WHERE "u"."id" = "m"."id" OFFSET 0
            ) AS "u" ON TRUE
          WHERE ("u"."username_folded", "u"."id") <= ($2, $3)
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
        LIMIT 1
      )
      ELSE (
        SELECT "u"."id" AS "id"
        FROM "users" AS "u"
        WHERE
          ("u"."username_folded", "u"."id") <= ($2, $3)
          AND EXISTS (
            SELECT "m"."user_id" AS "id"
            FROM
              "departments" AS "d"
              INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
            WHERE
              "d"."platform_id" = "parent"."id"
              AND "d"."id" = ANY($1)
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
        LIMIT 1
      )
    END
  ) IS NOT NULL,
  FALSE
FROM (SELECT unnest($4) AS "id") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM (
      SELECT DISTINCT "m"."user_id" AS "id"
      FROM
        "departments" AS "d"
        INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
      WHERE
        "d"."platform_id" = "parent"."id"
        AND "d"."id" = ANY($1)
        AND EXISTS (
          SELECT 1
          FROM "memberships" AS "pm"
          WHERE
            "pm"."platform_id" = "parent"."id"
            AND "pm"."user_id" = "m"."user_id"
            AND "pm"."active" OFFSET 0
        )
    ) AS "m"
  ),
  FALSE,
  FALSE
FROM (SELECT unnest($2) AS "id") AS "parent";
