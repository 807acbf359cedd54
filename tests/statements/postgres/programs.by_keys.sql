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
  AND "p"."platform_id" = ANY($3);

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
  AND "p"."platform_id" = ANY($3);
