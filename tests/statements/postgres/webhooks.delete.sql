DELETE FROM "webhook_endpoints"
WHERE "id" = $1 AND "platform_id" = $2;
