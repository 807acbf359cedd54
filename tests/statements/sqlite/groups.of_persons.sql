SELECT "user_id", "group_id"
FROM "group_members"
WHERE "user_id" IN (SELECT "value" FROM json_each($1) AS "listed") AND "active"
ORDER BY "user_id" ASC, "group_id" ASC;
