SELECT setval(
  'program_group_suggestions_id_seq',
  GREATEST("last_value", $1)
)
FROM "program_group_suggestions_id_seq";

SELECT setval('program_suggestions_id_seq', GREATEST("last_value", $1))
FROM "program_suggestions_id_seq";
