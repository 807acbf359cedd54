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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "d"."id" AS "id"
        FROM "departments" AS "d"
        WHERE
          "d"."platform_id" = "parent"."id"
          AND (
            "d"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
            OR "d"."id" IN (SELECT "value" FROM json_each($3) AS "listed")
          )
          AND (
            instr("d"."key_folded", $4) > 0
            OR instr("d"."name_folded", $4) > 0
          )
        ORDER BY "d"."key_folded" ASC, "d"."id" ASC
        LIMIT 101
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "departments" AS "d"
WHERE "d"."id" = "found"."value";

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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "d"."id" AS "id"
        FROM "departments" AS "d"
        WHERE
          "d"."platform_id" = "parent"."id"
          AND (
            "d"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
            OR "d"."id" IN (SELECT "value" FROM json_each($3) AS "listed")
          )
          AND (
            instr("d"."key_folded", $4) > 0
            OR instr("d"."name_folded", $4) > 0
          )
        ORDER BY "d"."key_folded" ASC, "d"."id" ASC
        LIMIT 2
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "departments" AS "d"
WHERE "d"."id" = "found"."value";

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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "d"."id" AS "id"
        FROM "departments" AS "d"
        WHERE
          "d"."platform_id" = "parent"."id"
          AND (
            instr("d"."key_folded", $2) > 0
            OR instr("d"."name_folded", $2) > 0
          )
        ORDER BY "d"."key_folded" ASC, "d"."id" ASC
        LIMIT 101
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "departments" AS "d"
WHERE "d"."id" = "found"."value";

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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "d"."id" AS "id"
        FROM "departments" AS "d"
        WHERE
          "d"."platform_id" = "parent"."id"
          AND (
            instr("d"."key_folded", $2) > 0
            OR instr("d"."name_folded", $2) > 0
          )
        ORDER BY "d"."key_folded" ASC, "d"."id" ASC
        LIMIT 2
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "departments" AS "d"
WHERE "d"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE
          "g"."platform_id" = "parent"."id"
          AND (
            "g"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
            OR "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
          )
          AND instr("g"."name_folded", $4) > 0
        ORDER BY "g"."id" DESC
        LIMIT 101
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE
          "g"."platform_id" = "parent"."id"
          AND (
            "g"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
            OR "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
          )
          AND instr("g"."name_folded", $4) > 0
        ORDER BY "g"."id" DESC
        LIMIT 2
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE
          "g"."platform_id" = "parent"."id"
          AND (
            "g"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
            OR "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
          )
        ORDER BY "g"."id" ASC
        LIMIT 101
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE
          "g"."platform_id" = "parent"."id"
          AND (
            "g"."platform_id" IN (SELECT "value" FROM json_each($2) AS "listed")
            OR "g"."department_id" IN (SELECT "value" FROM json_each($3) AS "listed")
          )
        ORDER BY "g"."id" ASC
        LIMIT 2
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
          AND instr("g"."name_folded", $2) > 0
        ORDER BY "g"."id" DESC
        LIMIT 101
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
          AND instr("g"."name_folded", $2) > 0
        ORDER BY "g"."id" DESC
        LIMIT 2
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
        ORDER BY "g"."id" ASC
        LIMIT 101
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
        ORDER BY "g"."id" ASC
        LIMIT 2
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

SELECT
  "parent"."id",
  "g"."id",
  "g"."id",
  "g"."platform_id",
  "g"."name",
  "g"."department_id",
  "g"."user_count"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "g"."id" AS "id"
        FROM "user_groups" AS "g"
        WHERE "g"."platform_id" = "parent"."id"
        ORDER BY "g"."id" ASC
        LIMIT 21
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "user_groups" AS "g"
WHERE "g"."id" = "found"."value";

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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "p"."id" AS "id"
        FROM "programs" AS "p"
        WHERE "p"."platform_id" = "parent"."id"
        ORDER BY "p"."id" ASC
        LIMIT 101
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "programs" AS "p"
WHERE "p"."id" = "found"."value";

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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "p"."id" AS "id"
        FROM "programs" AS "p"
        WHERE "p"."platform_id" = "parent"."id"
        ORDER BY "p"."id" ASC
        LIMIT 2
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "programs" AS "p"
WHERE "p"."id" = "found"."value";

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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "p"."id" AS "id"
        FROM "programs" AS "p"
        WHERE "p"."platform_id" = "parent"."id"
        ORDER BY "p"."id" ASC
        LIMIT 21
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "programs" AS "p"
WHERE "p"."id" = "found"."value";

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
    WHERE "g"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
  ) AS "parent",
  json_each(
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
        ) THEN (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "group_members" AS "m"
                WHERE "m"."group_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 3
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM "users" AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM "group_members" AS "m"
                WHERE "m"."group_id" = "parent"."id"
                  AND "m"."active" AND "m"."user_id" = "u"."id"
                LIMIT 9223372036854775807
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 3
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

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
    WHERE "g"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
  ) AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "u"."id" AS "id"
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
              instr("u"."username_folded", $2) > 0
              OR instr("u"."name_folded", $2) > 0
              OR instr("u"."email_folded", $2) > 0
            )
          ORDER BY "u"."username_folded" DESC
          LIMIT 9223372036854775807
        ) AS "u"
        LIMIT 3
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
                AND ("u"."username_folded", "u"."id") > ($3, $4)
              ORDER BY "u"."username_folded" ASC
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
            LIMIT 101
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
                AND ("u"."username_folded", "u"."id") > ($3, $4)
              ORDER BY "u"."username_folded" ASC
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
            LIMIT 2
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE
                "u"."id" = "m"."id"
                AND (
                  instr("u"."username_folded", $3) > 0
                  OR instr("u"."name_folded", $3) > 0
                  OR instr("u"."email_folded", $3) > 0
                )
              ORDER BY "u"."username_folded" ASC
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
            LIMIT 101
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 2000
            ) AS "u"
            WHERE
              (
                instr("u"."username_folded", $3) > 0
                OR instr("u"."name_folded", $3) > 0
                OR instr("u"."email_folded", $3) > 0
              )
              AND EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE
                "u"."id" = "m"."id"
                AND (
                  instr("u"."username_folded", $3) > 0
                  OR instr("u"."name_folded", $3) > 0
                  OR instr("u"."email_folded", $3) > 0
                )
              ORDER BY "u"."username_folded" ASC
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
            LIMIT 2
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 2000
            ) AS "u"
            WHERE
              (
                instr("u"."username_folded", $3) > 0
                OR instr("u"."name_folded", $3) > 0
                OR instr("u"."email_folded", $3) > 0
              )
              AND EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE
                "u"."id" = "m"."id"
                AND (
                  instr("u"."username_folded", $3) > 0
                  OR instr("u"."name_folded", $3) > 0
                  OR instr("u"."email_folded", $3) > 0
                )
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
            LIMIT 101
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" DESC
              LIMIT 2000
            ) AS "u"
            WHERE
              (
                instr("u"."username_folded", $3) > 0
                OR instr("u"."name_folded", $3) > 0
                OR instr("u"."email_folded", $3) > 0
              )
              AND EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE
                "u"."id" = "m"."id"
                AND (
                  instr("u"."username_folded", $3) > 0
                  OR instr("u"."name_folded", $3) > 0
                  OR instr("u"."email_folded", $3) > 0
                )
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
            LIMIT 2
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" DESC
              LIMIT 2000
            ) AS "u"
            WHERE
              (
                instr("u"."username_folded", $3) > 0
                OR instr("u"."name_folded", $3) > 0
                OR instr("u"."email_folded", $3) > 0
              )
              AND EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM
                  "departments" AS "d"
                  INNER JOIN "department_members" AS "m" ON "m"."department_id" = "d"."id"
                WHERE
                  "d"."platform_id" = "parent"."id"
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
              ORDER BY "u"."username_folded" ASC
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
            LIMIT 101
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
              ORDER BY "u"."username_folded" ASC
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
            LIMIT 2
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
                AND ("u"."username_folded", "u"."id") > ($2, $3)
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 101
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "pm"."active"
                LIMIT 9223372036854775807
              )
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
                AND ("u"."username_folded", "u"."id") > ($2, $3)
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 2
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "pm"."active"
                LIMIT 9223372036854775807
              )
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
              WHERE
                "u"."id" = "m"."id"
                AND (
                  instr("u"."username_folded", $2) > 0
                  OR instr("u"."name_folded", $2) > 0
                  OR instr("u"."email_folded", $2) > 0
                )
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 101
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 2000
            ) AS "u"
            WHERE (
              instr("u"."username_folded", $2) > 0
              OR instr("u"."name_folded", $2) > 0
              OR instr("u"."email_folded", $2) > 0
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
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
              WHERE
                "u"."id" = "m"."id"
                AND (
                  instr("u"."username_folded", $2) > 0
                  OR instr("u"."name_folded", $2) > 0
                  OR instr("u"."email_folded", $2) > 0
                )
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 2
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" ASC
              LIMIT 2000
            ) AS "u"
            WHERE (
              instr("u"."username_folded", $2) > 0
              OR instr("u"."name_folded", $2) > 0
              OR instr("u"."email_folded", $2) > 0
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
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
              WHERE
                "u"."id" = "m"."id"
                AND (
                  instr("u"."username_folded", $2) > 0
                  OR instr("u"."name_folded", $2) > 0
                  OR instr("u"."email_folded", $2) > 0
                )
              ORDER BY "u"."username_folded" DESC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 101
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" DESC
              LIMIT 2000
            ) AS "u"
            WHERE (
              instr("u"."username_folded", $2) > 0
              OR instr("u"."name_folded", $2) > 0
              OR instr("u"."email_folded", $2) > 0
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
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
              WHERE
                "u"."id" = "m"."id"
                AND (
                  instr("u"."username_folded", $2) > 0
                  OR instr("u"."name_folded", $2) > 0
                  OR instr("u"."email_folded", $2) > 0
                )
              ORDER BY "u"."username_folded" DESC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 2
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded", "u"."name_folded", "u"."email_folded"
              FROM "users" AS "u"
              ORDER BY "u"."username_folded" DESC
              LIMIT 2000
            ) AS "u"
            WHERE (
              instr("u"."username_folded", $2) > 0
              OR instr("u"."name_folded", $2) > 0
              OR instr("u"."email_folded", $2) > 0
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
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 101
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "pm"."active"
                LIMIT 9223372036854775807
              )
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 11
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "pm"."active"
                LIMIT 9223372036854775807
              )
            LIMIT 11
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
          SELECT json_group_array("id")
          FROM (
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
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 2
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
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
                  AND "pm"."active"
                LIMIT 9223372036854775807
              )
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

SELECT
  "parent"."id",
  "u"."id",
  "u"."username_folded",
  "u"."id",
  "u"."username",
  "u"."name",
  "u"."email"
FROM
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
              WHERE
                "d"."platform_id" = "parent"."id"
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "rowid" AS "id"
                FROM "users_search"
                WHERE "users_search" MATCH $3
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
              ORDER BY "u"."username_folded" ASC
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE
  "u"."id" = "found"."value"
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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
              WHERE
                "d"."platform_id" = "parent"."id"
                AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
              LIMIT 3001
            ) AS "m"
          ) <= 3000
        ) THEN (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "rowid" AS "id"
                FROM "users_search"
                WHERE "users_search" MATCH $3
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
              ORDER BY "u"."username_folded" ASC
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
                  AND "d"."id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE
  "u"."id" = "found"."value"
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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
        ) THEN (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "rowid" AS "id"
                FROM "users_search"
                WHERE "users_search" MATCH $2
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
              ORDER BY "u"."username_folded" ASC
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
            LIMIT 101
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE
  "u"."id" = "found"."value"
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
  (SELECT "value" AS "id" FROM json_each($1) AS "listed") AS "parent",
  json_each(
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
        ) THEN (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "rowid" AS "id"
                FROM "users_search"
                WHERE "users_search" MATCH $2
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
              ORDER BY "u"."username_folded" ASC
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
            LIMIT 2
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE
  "u"."id" = "found"."value"
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
          WHERE
            "m"."user_id" = "u"."id"
            AND "m"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
        )
        OR EXISTS (
          SELECT 1
          FROM "department_members" AS "m"
          WHERE
            "m"."user_id" = "u"."id"
            AND "m"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
      "g"."id" IN (SELECT "value" FROM json_each($4) AS "listed")
      AND (
        "g"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
        OR "g"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
  ) AS "parent",
  json_each(
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
        ) THEN (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM (
              SELECT "u"."id", "u"."username_folded"
              FROM (
                SELECT "m"."user_id" AS "id"
                FROM "group_members" AS "m"
                WHERE "m"."group_id" = "parent"."id"
                  AND "m"."active"
              ) AS "m"
                CROSS JOIN "users" AS "u"
              WHERE "u"."id" = "m"."id"
              ORDER BY "u"."username_folded" ASC
              LIMIT 9223372036854775807
            ) AS "u"
            LIMIT 3
          ) AS "part"
        )
        ELSE (
          SELECT json_group_array("id")
          FROM (
            SELECT "u"."id" AS "id"
            FROM "users" AS "u"
            WHERE
              EXISTS (
                SELECT "m"."user_id" AS "id"
                FROM "group_members" AS "m"
                WHERE "m"."group_id" = "parent"."id"
                  AND "m"."active" AND "m"."user_id" = "u"."id"
                LIMIT 9223372036854775807
              )
            ORDER BY "u"."username_folded" ASC
            LIMIT 3
          ) AS "part"
        )
      END
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";

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
          WHERE
            "m"."user_id" = "u"."id"
            AND "m"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
        )
        OR EXISTS (
          SELECT 1
          FROM "department_members" AS "m"
          WHERE
            "m"."user_id" = "u"."id"
            AND "m"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
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
      "g"."id" IN (SELECT "value" FROM json_each($4) AS "listed")
      AND (
        "g"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
        OR "g"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
      )
  ) AS "parent",
  json_each(
    (
      SELECT json_group_array("id")
      FROM (
        SELECT "u"."id" AS "id"
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
              instr("u"."username_folded", $5) > 0
              OR instr("u"."name_folded", $5) > 0
              OR (
                instr("u"."email_folded", $5) > 0
                AND (
                  EXISTS (
                    SELECT 1
                    FROM "memberships" AS "m"
                    WHERE
                      "m"."user_id" = "u"."id"
                      AND "m"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
                  )
                  OR EXISTS (
                    SELECT 1
                    FROM "department_members" AS "m"
                    WHERE
                      "m"."user_id" = "u"."id"
                      AND "m"."department_id" IN (SELECT "value" FROM json_each($2) AS "listed")
                  )
                  OR "u"."id" = $3
                )
              )
            )
          ORDER BY "u"."username_folded" DESC
          LIMIT 9223372036854775807
        ) AS "u"
        LIMIT 3
      ) AS "part"
    )
  ) AS "found"
  CROSS JOIN "users" AS "u"
WHERE "u"."id" = "found"."value";
