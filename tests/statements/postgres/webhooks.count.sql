SELECT COUNT(*)
FROM "webhook_endpoints"
WHERE "platform_id" = $1;
