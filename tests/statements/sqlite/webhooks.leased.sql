SELECT
  "w"."id",
  "w"."url",
  "w"."actions",
  "w"."secret",
  "w"."former_secret",
  "w"."former_until",
  "w"."message_id",
  "w"."message_body",
  "w"."message_events",
  "w"."attempt",
  "w"."failing_since",
  "p"."id",
  "p"."key",
  "p"."org",
  "p"."name"
FROM
  "webhook_endpoints" AS "w"
  INNER JOIN "platforms" AS "p" ON "p"."id" = "w"."platform_id"
WHERE
  "w"."id" IN (SELECT "value" FROM json_each($1) AS "listed")
  AND "w"."lease_owner" = $2;
