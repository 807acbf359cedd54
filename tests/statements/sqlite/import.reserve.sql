UPDATE "sqlite_sequence" SET
  "seq" = max("seq", $1)
WHERE "name" = 'program_group_suggestions';

UPDATE "sqlite_sequence" SET
  "seq" = max("seq", $1)
WHERE "name" = 'program_suggestions';
