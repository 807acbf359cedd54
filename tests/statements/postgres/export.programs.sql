SELECT
  "p"."key",
  "p"."name",
  "p"."org",
  "p"."description",
  "p"."url",
  "p"."image_url"
FROM "programs" AS "p"
WHERE "p"."platform_id" = $1 AND ("p"."key") > ($2)
ORDER BY "p"."key" ASC
LIMIT 5000;
