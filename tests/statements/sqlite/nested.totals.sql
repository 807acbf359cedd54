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
            WHERE
              "d"."platform_id" = "parent"."id"
              AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
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
            WHERE
              "d"."platform_id" = "parent"."id"
              AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
          ) AS "m"
            CROSS JOIN "users" AS "u"
          WHERE
            "u"."id" = "m"."id"
            AND (
              instr("u"."username_folded", $2) > 0
              OR instr("u"."name_folded", $2) > 0
              OR instr("u"."email_folded", $2) > 0
            )
          LIMIT 9223372036854775807
        ) AS "u"
        WHERE
          EXISTS (
            SELECT 1
            FROM "memberships" AS "pm"
            WHERE
              "pm"."platform_id" = "parent"."id"
              AND "pm"."user_id" = "u"."id"
              AND "pm"."active"
            LIMIT 9223372036854775807
          )
      )
      ELSE (
        SELECT COUNT(*)
        FROM (
          SELECT "u"."id", "u"."username_folded"
          FROM (
            SELECT "rowid" AS "id"
            FROM "users_search"
            WHERE "users_search" MATCH $3
          ) AS "m"
            CROSS JOIN "users" AS "u"
          WHERE "u"."id" = "m"."id"
          LIMIT 9223372036854775807
        ) AS "u"
        WHERE
          EXISTS (
            SELECT "m"."user_id" AS "id"
            FROM
              "departments" AS "d"
              INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
            WHERE
              "d"."platform_id" = "parent"."id"
              AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
              AND "m"."user_id" = "u"."id"
            LIMIT 9223372036854775807
          )
          AND EXISTS (
            SELECT 1
            FROM "memberships" AS "pm"
            WHERE
              "pm"."platform_id" = "parent"."id"
              AND "pm"."user_id" = "u"."id"
              AND "pm"."active"
            LIMIT 9223372036854775807
          )
      )
    END
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($4) AS "listed") AS "parent";

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
            CROSS JOIN "users" AS "u"
          WHERE
            "u"."id" = "m"."id"
            AND (
              instr("u"."username_folded", $1) > 0
              OR instr("u"."name_folded", $1) > 0
              OR instr("u"."email_folded", $1) > 0
            )
          LIMIT 9223372036854775807
        ) AS "u"
      )
      ELSE (
        SELECT COUNT(*)
        FROM (
          SELECT "u"."id", "u"."username_folded"
          FROM (
            SELECT "rowid" AS "id"
            FROM "users_search"
            WHERE "users_search" MATCH $2
          ) AS "m"
            CROSS JOIN "users" AS "u"
          WHERE "u"."id" = "m"."id"
          LIMIT 9223372036854775807
        ) AS "u"
        WHERE
          EXISTS (
            SELECT 1
            FROM "memberships" AS "pm"
            WHERE
              "pm"."platform_id" = "parent"."id"
              AND "pm"."user_id" = "u"."id"
              AND "pm"."active"
            LIMIT 9223372036854775807
          )
      )
    END
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($3) AS "listed") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "departments" AS "d"
    WHERE
      "d"."platform_id" = "parent"."id"
      AND (
        "d"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
        OR "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
      AND (
        instr("d"."key_folded", $3) > 0
        OR instr("d"."name_folded", $3) > 0
      )
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($4) AS "listed") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "departments" AS "d"
    WHERE
      "d"."platform_id" = "parent"."id"
      AND (
        instr("d"."key_folded", $1) > 0
        OR instr("d"."name_folded", $1) > 0
      )
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "programs" AS "p"
    WHERE "p"."platform_id" = "parent"."id"
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "user_groups" AS "g"
    WHERE
      "g"."platform_id" = "parent"."id"
      AND (
        "g"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
        OR "g"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
      AND instr("g"."name_folded", $3) > 0
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($4) AS "listed") AS "parent";

SELECT
  "parent"."id",
  (
    SELECT COUNT(*)
    FROM "user_groups" AS "g"
    WHERE "g"."platform_id" = "parent"."id"
      AND instr("g"."name_folded", $1) > 0
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "parent";

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
    "g"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
    AND (
      "g"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      OR "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
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
  WHERE "g"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
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
            CROSS JOIN "users" AS "u"
          WHERE "u"."id" = "m"."id"
            AND ("u"."username_folded", "u"."id") <= ($1, $2)
          ORDER BY "u"."username_folded" DESC
          LIMIT 9223372036854775807
        ) AS "u"
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
              AND "pm"."active"
            LIMIT 9223372036854775807
          )
        ORDER BY "u"."username_folded" DESC
        LIMIT 1
      )
    END
  ) IS NOT NULL,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($3) AS "listed") AS "parent";

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
FROM (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent";

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
        CROSS JOIN "users" AS "u"
      WHERE
        "u"."id" = "m"."id"
        AND (
          instr("u"."username_folded", $1) > 0
          OR instr("u"."name_folded", $1) > 0
          OR (
            instr("u"."email_folded", $1) > 0
            AND (
              EXISTS (
                SELECT 1
                FROM "memberships" AS "m"
                WHERE
                  "m"."user_id" = "u"."id"
                  AND "m"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
              )
              OR EXISTS (
                SELECT 1
                FROM "department_members" AS "m"
                WHERE
                  "m"."user_id" = "u"."id"
                  AND "m"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
              )
              OR "u"."id" = $4
            )
          )
        )
      LIMIT 9223372036854775807
    ) AS "u"
  ),
  FALSE,
  FALSE
FROM (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE
    "g"."id" IN (SELECT "value" FROM json_each($5) AS "listed")
    AND (
      "g"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      OR "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
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
        CROSS JOIN "users" AS "u"
      WHERE
        "u"."id" = "m"."id"
        AND (
          instr("u"."username_folded", $1) > 0
          OR instr("u"."name_folded", $1) > 0
          OR instr("u"."email_folded", $1) > 0
        )
      LIMIT 9223372036854775807
    ) AS "u"
  ),
  FALSE,
  FALSE
FROM (
  SELECT "g"."id"
  FROM "user_groups" AS "g"
  WHERE "g"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
        CROSS JOIN "users" AS "u"
      WHERE
        "u"."id" = "m"."id"
        AND (
          instr("u"."username_folded", $1) > 0
          OR instr("u"."name_folded", $1) > 0
          OR instr("u"."email_folded", $1) > 0
        )
      LIMIT 9223372036854775807
    ) AS "u"
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "parent";

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
        WHERE
          "d"."platform_id" = "parent"."id"
          AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
      ) AS "m"
        CROSS JOIN "users" AS "u"
      WHERE
        "u"."id" = "m"."id"
        AND (
          instr("u"."username_folded", $2) > 0
          OR instr("u"."name_folded", $2) > 0
          OR instr("u"."email_folded", $2) > 0
        )
      LIMIT 9223372036854775807
    ) AS "u"
    WHERE
      EXISTS (
        SELECT 1
        FROM "memberships" AS "pm"
        WHERE
          "pm"."platform_id" = "parent"."id"
          AND "pm"."user_id" = "u"."id"
          AND "pm"."active"
        LIMIT 9223372036854775807
      )
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($3) AS "listed") AS "parent";

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
        AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
        AND EXISTS (
          SELECT 1
          FROM "memberships" AS "pm"
          WHERE
            "pm"."platform_id" = "parent"."id"
            AND "pm"."user_id" = "m"."user_id"
            AND "pm"."active"
          LIMIT 9223372036854775807
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
            WHERE
              "d"."platform_id" = "parent"."id"
              AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
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
            WHERE
              "d"."platform_id" = "parent"."id"
              AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
          ) AS "m"
            CROSS JOIN "users" AS "u"
          WHERE "u"."id" = "m"."id"
            AND ("u"."username_folded", "u"."id") <= ($2, $3)
          ORDER BY "u"."username_folded" DESC
          LIMIT 9223372036854775807
        ) AS "u"
        WHERE
          EXISTS (
            SELECT 1
            FROM "memberships" AS "pm"
            WHERE
              "pm"."platform_id" = "parent"."id"
              AND "pm"."user_id" = "u"."id"
              AND "pm"."active"
            LIMIT 9223372036854775807
          )
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
              AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
              AND "m"."user_id" = "u"."id"
            LIMIT 9223372036854775807
          )
          AND EXISTS (
            SELECT 1
            FROM "memberships" AS "pm"
            WHERE
              "pm"."platform_id" = "parent"."id"
              AND "pm"."user_id" = "u"."id"
              AND "pm"."active"
            LIMIT 9223372036854775807
          )
        ORDER BY "u"."username_folded" DESC
        LIMIT 1
      )
    END
  ) IS NOT NULL,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($4) AS "listed") AS "parent";

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
        AND "d"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
        AND EXISTS (
          SELECT 1
          FROM "memberships" AS "pm"
          WHERE
            "pm"."platform_id" = "parent"."id"
            AND "pm"."user_id" = "m"."user_id"
            AND "pm"."active"
          LIMIT 9223372036854775807
        )
    ) AS "m"
  ),
  FALSE,
  FALSE
FROM (SELECT "value" AS "id" FROM json_each($2) AS "listed") AS "parent";
