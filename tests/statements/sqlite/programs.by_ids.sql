SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM "programs" AS "p"
WHERE "p"."id" IN (SELECT "value" FROM json_each($1) AS "listed");

SELECT
  "p"."id",
  "p"."platform_id",
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM "programs" AS "p"
WHERE
  "p"."platform_id" IN (SELECT "value" FROM json_each($1) AS "listed")
  AND "p"."id" IN (SELECT "value" FROM json_each($2) AS "listed");
