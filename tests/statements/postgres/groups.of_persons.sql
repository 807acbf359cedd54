SELECT "user_id", "group_id"
FROM "group_members"
WHERE "user_id" = ANY($1) AND "active"
ORDER BY "user_id" ASC, "group_id" ASC;
