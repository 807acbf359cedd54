SELECT
  "s"."id",
  "p"."key",
  "s"."accepted",
  "s"."visible",
  "s"."metadata",
  "b"."username",
  "s"."created",
  "s"."modified",
  "s"."message",
  "s"."due_at",
  "s"."visible_from",
  "s"."visible_until",
  "s"."group_id"
FROM
  "program_group_suggestions" AS "s"
  INNER JOIN "programs" AS "p" ON "p"."id" = "s"."program_id"
  LEFT JOIN "users" AS "b" ON "b"."id" = "s"."suggested_by"
WHERE "s"."platform_id" = $1 AND ("s"."id") > ($2)
ORDER BY "s"."id" ASC
LIMIT 5000;
