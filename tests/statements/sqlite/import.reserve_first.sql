INSERT INTO "sqlite_sequence" ("name", "seq")
VALUES ('program_group_suggestions', $1);

INSERT INTO "sqlite_sequence" ("name", "seq")
VALUES ('program_suggestions', $1);
