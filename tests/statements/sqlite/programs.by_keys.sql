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
  SELECT "m"."value" ->> 0 AS "platform_key", CAST($1 AS TEXT) AS "program_key"
  FROM json_each($2) AS "m"
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
  SELECT "m"."value" ->> 0 AS "platform_key", CAST($1 AS TEXT) AS "program_key"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "platforms" AS "f"
  CROSS JOIN "programs" AS "p"
WHERE
  "f"."key" = "v"."platform_key"
  AND (
    "p"."platform_id" = "f"."id"
    AND "p"."key" = "v"."program_key"
  )
  AND "p"."platform_id" IN (SELECT "value" FROM json_each($3) AS "listed");

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
  SELECT CAST($1 AS TEXT) AS "platform_key", "m"."value" ->> 0 AS "program_key"
  FROM json_each($2) AS "m"
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
  SELECT CAST($1 AS TEXT) AS "platform_key", "m"."value" ->> 0 AS "program_key"
  FROM json_each($2) AS "m"
) AS "v"
  CROSS JOIN "platforms" AS "f"
  CROSS JOIN "programs" AS "p"
WHERE
  "f"."key" = "v"."platform_key"
  AND (
    "p"."platform_id" = "f"."id"
    AND "p"."key" = "v"."program_key"
  )
  AND "p"."platform_id" IN (SELECT "value" FROM json_each($3) AS "listed");
