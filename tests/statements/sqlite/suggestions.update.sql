UPDATE "program_group_suggestions" SET
  "accepted" = "v"."accepted",
  "visible" = "v"."visible",
  "metadata" = "v"."metadata",
  "suggested_by" = NULLIF("v"."suggested_by", 0),
  "modified" = $1
FROM (
  SELECT
    "m"."value" ->> 0 AS "id",
    CAST($2 AS BOOLEAN) AS "accepted",
    CAST($3 AS BOOLEAN) AS "visible",
    CAST($4 AS TEXT) AS "metadata",
    CAST($5 AS BIGINT) AS "suggested_by"
  FROM json_each($6) AS "m"
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
    "m"."value" ->> 0 AS "id",
    CAST($2 AS BOOLEAN) AS "accepted",
    CAST($3 AS BOOLEAN) AS "visible",
    CAST($4 AS TEXT) AS "metadata",
    CAST($5 AS BIGINT) AS "suggested_by",
    CAST($6 AS BOOLEAN) AS "direct"
  FROM json_each($7) AS "m"
) AS "v"
WHERE
  "program_suggestions"."id" = "v"."id"
  AND "program_suggestions"."platform_id" = $8;
