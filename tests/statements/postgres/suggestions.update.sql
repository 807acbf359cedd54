UPDATE "program_group_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = NULLIF("v"."suggested_by", 0),
  "modified" = $1
FROM (
  SELECT
    unnest($2) AS "id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by"
) AS "v"
WHERE
  "program_group_suggestions"."id" = "v"."id"
  AND "program_group_suggestions"."platform_id" = $7;

UPDATE "program_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = NULLIF("v"."suggested_by", 0),
  "direct" = "v"."direct",
  "modified" = $1
FROM (
  SELECT
    unnest($2) AS "id",
    CAST($3 AS BOOLEAN) AS "accepted",
    CAST($4 AS BOOLEAN) AS "visible",
    CAST($5 AS TEXT) AS "metadata",
    CAST($6 AS BIGINT) AS "suggested_by",
    CAST($7 AS BOOLEAN) AS "direct"
) AS "v"
WHERE
  "program_suggestions"."id" = "v"."id"
  AND "program_suggestions"."platform_id" = $8;
