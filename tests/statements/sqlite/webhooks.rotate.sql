UPDATE "webhook_endpoints" SET
  "former_secret" = "secret", "former_until" = $1, "secret" = $2
WHERE "id" = $3 AND "platform_id" = $4;
