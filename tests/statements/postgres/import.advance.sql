SELECT
  setval(
    'departments_id_seq',
    GREATEST(
      (SELECT MAX("id") FROM "departments"),
      (SELECT "last_value" FROM "departments_id_seq")
    )
  );

SELECT
  setval(
    'program_group_suggestions_id_seq',
    GREATEST(
      (SELECT MAX("id") FROM "program_group_suggestions"),
      (
        SELECT "last_value"
        FROM "program_group_suggestions_id_seq"
      )
    )
  );

SELECT
  setval(
    'program_suggestions_id_seq',
    GREATEST(
      (SELECT MAX("id") FROM "program_suggestions"),
      (SELECT "last_value" FROM "program_suggestions_id_seq")
    )
  );
