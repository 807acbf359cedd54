SELECT "p"."id"
FROM "programs" AS "p"
WHERE
  "p"."platform_id" = $1
  AND "p"."id" = $2
  AND (
    EXISTS (
      SELECT 1
      FROM "program_suggestions" AS "s"
      WHERE
        "s"."platform_id" = "p"."platform_id"
        AND "s"."program_id" = "p"."id"
        AND "s"."user_id" = $3
        AND (
          "s"."visible"
          AND ("s"."visible_from" IS NULL OR "s"."visible_from" <= $4)
          AND ("s"."visible_until" IS NULL OR "s"."visible_until" > $4)
        )
    )
    OR EXISTS (
      SELECT 1
      FROM
        "group_members" AS "m"
        INNER JOIN "program_group_suggestions" AS "g" ON "g"."group_id" = "m"."group_id"
      WHERE
        "g"."platform_id" = "p"."platform_id"
        AND "g"."program_id" = "p"."id"
        AND "m"."user_id" = $3
        AND "m"."active"
        AND (
          "g"."visible"
          AND ("g"."visible_from" IS NULL OR "g"."visible_from" <= $4)
          AND ("g"."visible_until" IS NULL OR "g"."visible_until" > $4)
        )
    )
  );
