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
WHERE "p"."id" = ANY($1);

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
WHERE "p"."platform_id" = ANY($1) AND "p"."id" = ANY($2);
