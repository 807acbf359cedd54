SELECT
  "a"."program_id",
  "p"."key",
  "a"."user_id",
  "u"."username",
  "a"."accepted",
  "a"."reason",
  "a"."comment",
  "a"."answered"
FROM
  "suggestion_answers" AS "a"
  INNER JOIN "programs" AS "p" ON "p"."id" = "a"."program_id"
  INNER JOIN "users" AS "u" ON "u"."id" = "a"."user_id"
WHERE
  "a"."platform_id" = $1
  AND "p"."platform_id" = $1
  AND "a"."program_id" = $2
  AND ("a"."user_id") > ($3)
ORDER BY "a"."user_id" ASC
LIMIT 5000;

SELECT
  "a"."program_id",
  "p"."key",
  "a"."user_id",
  "u"."username",
  "a"."accepted",
  "a"."reason",
  "a"."comment",
  "a"."answered"
FROM
  "suggestion_answers" AS "a"
  INNER JOIN "programs" AS "p" ON "p"."id" = "a"."program_id"
  INNER JOIN "users" AS "u" ON "u"."id" = "a"."user_id"
WHERE "a"."platform_id" = $1 AND "p"."platform_id" = $1 AND ("p"."key") > ($2)
ORDER BY "p"."key" ASC, "a"."user_id" ASC
LIMIT 5000;
