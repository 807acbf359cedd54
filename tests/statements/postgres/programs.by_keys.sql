SELECT
  "f"."key",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM (
  SELECT CAST($1 AS TEXT) AS "platform_key", unnest($2) AS "program_key"
) AS "v"
  CROSS JOIN "platforms" AS "f"
  CROSS JOIN "programs" AS "p"
WHERE
  "f"."key" = "v"."platform_key"
  AND (
    "p"."platform_id" = "f"."id"
    AND "p"."key" = "v"."program_key"
  );

SELECT
  "f"."key",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM (
  SELECT CAST($1 AS TEXT) AS "platform_key", unnest($2) AS "program_key"
) AS "v"
  CROSS JOIN "platforms" AS "f"
  CROSS JOIN "programs" AS "p"
WHERE
  "f"."key" = "v"."platform_key"
  AND (
    "p"."platform_id" = "f"."id"
    AND "p"."key" = "v"."program_key"
  )
  AND (
    "p"."platform_id" = ANY($3)
    OR (
      "p"."platform_id" = ANY($4)
      AND (
        EXISTS (
          SELECT 1
          FROM "program_suggestions" AS "s"
          WHERE
            "s"."platform_id" = "p"."platform_id"
            AND "s"."program_id" = "p"."id"
            AND "s"."user_id" = $5
            AND (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $6)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $6)
            )
        )
        OR EXISTS (
          SELECT 1
          FROM
            "group_members" AS "m"
            INNER JOIN "program_group_suggestions" AS "g" ON "g"."group_id" = "m"."group_id"
          WHERE
            "g"."platform_id" = "p"."platform_id"
            AND "g"."program_id" = "p"."id"
            AND "m"."user_id" = $5
            AND "m"."active"
            AND (
              "g"."visible"
              AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $6)
              AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $6)
            )
        )
      )
    )
  );

SELECT
  "f"."key",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM (
  SELECT unnest($1) AS "platform_key", CAST($2 AS TEXT) AS "program_key"
) AS "v"
  CROSS JOIN "platforms" AS "f"
  CROSS JOIN "programs" AS "p"
WHERE
  "f"."key" = "v"."platform_key"
  AND (
    "p"."platform_id" = "f"."id"
    AND "p"."key" = "v"."program_key"
  );

SELECT
  "f"."key",
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM (
  SELECT unnest($1) AS "platform_key", CAST($2 AS TEXT) AS "program_key"
) AS "v"
  CROSS JOIN "platforms" AS "f"
  CROSS JOIN "programs" AS "p"
WHERE
  "f"."key" = "v"."platform_key"
  AND (
    "p"."platform_id" = "f"."id"
    AND "p"."key" = "v"."program_key"
  )
  AND (
    "p"."platform_id" = ANY($3)
    OR (
      "p"."platform_id" = ANY($4)
      AND (
        EXISTS (
          SELECT 1
          FROM "program_suggestions" AS "s"
          WHERE
            "s"."platform_id" = "p"."platform_id"
            AND "s"."program_id" = "p"."id"
            AND "s"."user_id" = $5
            AND (
              "s"."visible"
              AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $6)
              AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $6)
            )
        )
        OR EXISTS (
          SELECT 1
          FROM
            "group_members" AS "m"
            INNER JOIN "program_group_suggestions" AS "g" ON "g"."group_id" = "m"."group_id"
          WHERE
            "g"."platform_id" = "p"."platform_id"
            AND "g"."program_id" = "p"."id"
            AND "m"."user_id" = $5
            AND "m"."active"
            AND (
              "g"."visible"
              AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $6)
              AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $6)
            )
        )
      )
    )
  );
