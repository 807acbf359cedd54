//! The directory in and out: `waymark import` and `waymark export`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::database::FIXTURE;
use crate::support::kind::{GROUPS, USERS};
use crate::support::server::Process;
use crate::support::{Database, Empty, Engine, Server, run};

both_engines!(
    out_and_in_again_is_the_same,
    importing_twice_changes_nothing,
    lines_and_files_come_in_any_order,
    a_bad_line_is_named_and_nothing_is_written,
    the_rest_goes_in_where_that_is_wanted,
    every_kind_of_bad_line,
    values_are_updated,
    csv_by_file_name_and_by_type,
    odd_text_survives,
    a_csv_that_is_not_well_formed_is_refused,
    spreadsheets_are_taken_as_they_are,
    names_that_look_alike_are_refused,
    metadata_of_the_same_value_is_unchanged,
    numbers_that_would_change_are_refused,
    text_is_found_in_any_case,
    files_that_cannot_be_read,
    standard_input,
    the_defaults_of_suggestions,
    what_a_suggestion_says_to_the_person,
    answers_of_persons,
    answers_and_suggestions_in_any_order,
    every_kind_of_bad_notice_and_answer,
    notices_and_answers_in_csv,
    more_answers_than_are_read_at_a_time,
    lines_far_apart_are_one_import,
);

/// What suggestions of the fixture say to the person, and answers: of a member, of somebody who is not one,
/// and about programs whose keys are in another order than their ids.
const PERSONS: &str = r#"{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+ds+2026","user":"student1","message":"For you, Émile:\n\"start\" in May 💥","due_at":"2026-12-01T00:00:00Z","visible_from":"2026-11-01T10:00:00.000001Z","visible_until":"2027-01-01T00:00:00+01:00","modified":"2026-04-01T00:00:00Z"}
{"type":"program_group_suggestion","platform":"acme","program":"program-v1:acme+ds+2026","group":101,"message":" ","due_at":null,"visible_from":null,"visible_until":"2027-01-01T00:00:00Z","modified":"2026-04-02T00:00:00Z"}
{"type":"suggestion_answer","platform":"acme","program":"program-v1:acme+ds+2026","user":"student4","answer":"accepted","reason":null,"comment":null,"answered":"2026-11-01T10:00:00Z"}
{"type":"suggestion_answer","platform":"acme","program":"program-v1:acme+ds+2026","user":"student1","answer":"dismissed","reason":"no_time","comment":"Later,\nperhaps","answered":"2026-11-02T10:00:00.123456Z"}
{"type":"suggestion_answer","platform":"acme","program":"program-v1:acme+100x+2026","user":"nobody","answer":"dismissed","reason":"other","comment":null,"answered":"2026-11-03T10:00:00Z"}
{"type":"suggestion_answer","platform":"globex","program":"program-v1:globex+ds+2026","user":"both","answer":"accepted","reason":null,"comment":null,"answered":"2026-11-04T10:00:00Z"}
"#;

async fn out_and_in_again_is_the_same(database: &Database) {
    import(database, PERSONS);
    let export = database.export();
    let copy = Database::empty(database.engine);
    let file = copy.file("export.ndjson", &export);
    copy.waymark(&["migrate", "up"]).succeed();
    copy.waymark(&["import", &file]).succeed();
    assert_eq!(copy.export(), export);
    let said = copy.waymark(&["import", &file]).succeed();
    assert_eq!(
        said.matches(": 0 created, 0 updated, ").count(),
        11,
        "{said}"
    );
    // One platform with the users it has to do with, also those who only answered.
    let platform = Database::empty(database.engine);
    let part = database
        .waymark(&["export", "--platform", "acme"])
        .succeed();
    let file = platform.file("acme.ndjson", &part);
    platform.waymark(&["migrate", "up"]).succeed();
    platform.waymark(&["import", &file]).succeed();
    assert_eq!(platform.export(), part);
    // Every line is one object with a type, and nothing of the fixture is lost.
    let fixture = std::fs::read_to_string(FIXTURE).unwrap();
    let answers: Vec<&str> = PERSONS.lines().skip(2).collect();
    let fixture = format!("{fixture}{}", answers.join("\n"));
    let types = |text: &str| {
        let mut types: Vec<String> = text
            .lines()
            .map(|line| {
                let line: Value = serde_json::from_str(line).unwrap();
                line["type"].as_str().unwrap().to_owned()
            })
            .collect();
        types.sort();
        types
    };
    assert_eq!(types(&export), types(&fixture));
    for line in fixture.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let same = export.lines().any(|other| {
            let other: Value = serde_json::from_str(other).unwrap();
            line.as_object()
                .unwrap()
                .iter()
                .all(|(name, value)| other[name] == *value || is_instant(name))
        });
        assert!(same, "lost: {line}");
    }
    // The same on both engines.
    insta::assert_snapshot!("export", export);
}

/// Written in another way than the fixture does, with six digits.
fn is_instant(name: &str) -> bool {
    ["created", "modified", "answered"].contains(&name)
}

async fn importing_twice_changes_nothing(database: &Database) {
    let before = database.export();
    database.waymark(&["import", FIXTURE]).succeed();
    assert_eq!(database.export(), before);
}

async fn lines_and_files_come_in_any_order(given: &Empty) {
    let fixture = std::fs::read_to_string(FIXTURE).unwrap();
    let database = &given.0;
    database.waymark(&["migrate", "up"]).succeed();
    let mut lines: Vec<&str> = fixture.lines().collect();
    lines.reverse();
    // Blank lines are no lines.
    let one = database.file("one.ndjson", lines[..40].join("\n\n"));
    let two = database.file("two.ndjson", lines[40..].join("\n"));
    database.waymark(&["import", &one, &two]).succeed();
    let sorted = |text: String| {
        // Departments without an id and programs are numbered in the order they come in; everything
        // else is as it was.
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let other = Database::with_fixture(database.engine);
    assert_eq!(sorted(database.export()), sorted(other.export()));
}

async fn a_bad_line_is_named_and_nothing_is_written(database: &Database) {
    let before = database.export();
    let file = database.file(
        "bad.ndjson",
        "{\"type\":\"platform\",\"key\":\"new\",\"org\":\"o\",\"name\":\"New\"}\n\
         \n\
         {\"type\":\"user\",\"id\":77,\"username\":\"new\",\"name\":\"New\"}\n\
         {\"type\":\"member\",\"platform\":\"new\",\"user\":\"missing\",\"role\":\"learner\"}\n",
    );
    let said = database.waymark(&["import", &file]).fail(1);
    assert!(said.contains("bad.ndjson"), "{said}");
    assert!(said.contains(":4") || said.contains("line 4"), "{said}");
    assert!(said.contains("missing"), "{said}");
    assert_eq!(database.export(), before);
    // That is the default.
    let same = database
        .waymark(&["import", "--on-error", "abort", &file])
        .fail(1);
    assert_eq!(same, said);
}

async fn the_rest_goes_in_where_that_is_wanted(database: &Database) {
    let file = database.file(
        "bad.ndjson",
        "{\"type\":\"platform\",\"key\":\"new\",\"org\":\"o\",\"name\":\"New\"}\n\
         not json\n\
         {\"type\":\"user\",\"id\":77,\"username\":\"new\",\"name\":\"New\"}\n\
         {\"type\":\"member\",\"platform\":\"new\",\"user\":\"missing\",\"role\":\"learner\"}\n\
         {\"type\":\"member\",\"platform\":\"new\",\"user\":\"new\",\"role\":\"admin\"}\n",
    );
    let said = database
        .waymark(&["import", "--on-error", "continue", &file])
        .fail(1);
    for line in ["2", "4"] {
        let named = said.contains(&format!(":{line}")) || said.contains(&format!("line {line}"));
        assert!(named, "{said}");
    }
    let export = database.export();
    assert!(export.contains(r#""username":"new""#));
    assert!(export.lines().any(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["type"] == "member" && line["platform"] == "new" && line["role"] == "admin"
    }));
}

async fn every_kind_of_bad_line(database: &Database) {
    let before = database.export();
    for bad in [
        "{",
        "[]",
        "null",
        "\"text\"",
        "{}",
        r#"{"type":"nonsense"}"#,
        r#"{"type":5}"#,
        r#"{"type":"platform","key":"x","org":"o"}"#,
        r#"{"type":"platform","key":"","org":"o","name":"n"}"#,
        r#"{"type":"platform","key":"x","org":"o","name":"n","surprise":1}"#,
        r#"{"type":"platform","key":5,"org":"o","name":"n"}"#,
        r#"{"type":"user","id":"a","username":"x","name":"n"}"#,
        r#"{"type":"user","id":1.5,"username":"x","name":"n"}"#,
        r#"{"type":"user","id":9223372036854775808,"username":"x","name":"n"}"#,
        // The name of somebody else, in other letters.
        r#"{"type":"user","id":9999,"username":"ANNA","name":"n"}"#,
        r#"{"type":"user","id":9999,"username":"nul\u0000","name":"n"}"#,
        r#"{"type":"member","platform":"acme","user":"anna","role":"boss"}"#,
        r#"{"type":"member","platform":"nowhere","user":"anna","role":"admin"}"#,
        r#"{"type":"department","platform":"acme","key":"new","name":"n","parent":"nowhere"}"#,
        // Its own parent, and a parent that is its child.
        r#"{"type":"department","platform":"acme","key":"new","name":"n","parent":"new"}"#,
        r#"{"type":"department","platform":"acme","key":"eng","name":"n","parent":"web"}"#,
        r#"{"type":"department","platform":"acme","key":"new","name":"n","parent":"ops"}"#,
        r#"{"type":"group","id":999,"platform":"acme","name":"n","department":"ops"}"#,
        // A group does not move to another platform.
        r#"{"type":"group","id":101,"platform":"globex","name":"n","department":null}"#,
        r#"{"type":"group_member","group":999999,"user":"anna"}"#,
        r#"{"type":"program_suggestion","platform":"acme","program":"program-v1:globex+ds+2026","user":"student1"}"#,
        r#"{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+ds+2026","user":"nowhere"}"#,
        r#"{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+ds+2026","user":"student1","metadata":[]}"#,
        r#"{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+ds+2026","user":"student1","accepted":"yes"}"#,
        r#"{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+ds+2026","user":"student1","created":"yesterday"}"#,
        r#"{"type":"program_group_suggestion","platform":"acme","program":"program-v1:acme+ds+2026","group":201}"#,
        "\u{fffd}",
    ] {
        let ended = database
            .waymark(&["import", "-"])
            .input(format!(
                "{{\"type\":\"platform\",\"key\":\"new\",\"org\":\"o\",\"name\":\"n\"}}\n{bad}\n"
            ))
            .end();
        assert_eq!(ended.status, Some(1), "{bad}: {}", ended.stderr);
        let said = ended.stderr;
        assert!(
            said.contains(":2") || said.contains("line 2"),
            "{bad}: {said}"
        );
        assert!(!said.contains("panicked"), "{bad}: {said}");
        assert_eq!(database.export(), before, "{bad}");
    }
    // Not even text.
    let ended = database
        .waymark(&["import", "-"])
        .input(
            b"{\"type\":\"platform\",\"key\":\"\xff\xfe\",\"org\":\"o\",\"name\":\"n\"}\n".to_vec(),
        )
        .end();
    assert_eq!(ended.status, Some(1), "{}", ended.stderr);
    assert_eq!(database.export(), before);
}

async fn values_are_updated(database: &Database) {
    database
        .waymark(&["import", "-"])
        .input(
            r#"{"type":"user","id":20,"username":"Student1","name":"Renamed","email":null}
{"type":"group","id":101,"platform":"acme","name":"Renamed","department":null}
{"type":"program","platform":"acme","key":"program-v1:acme+ds+2026","name":"Renamed"}
{"type":"group_member","group":101,"user":"both","active":false}
{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+ds+2026","user":"student1","accepted":true,"visible":true,"metadata":{"a":1}}
"#,
        )
        .succeed();
    let server = Server::over(copy(database));
    let anna = server.user("anna");
    let document = "{ programSuggestionPage(platformKey: \"acme\", query: \"RENAMED\", orderBy: { field: ID }) {
        results { databaseId accepted metadata program { name } user { username name email } } } 
        programGroupSuggestionPage(platformKey: \"acme\", filter: { groupIds: [\"101\"] }) {
        results { databaseId userCount group { name department { key } } } } }";
    let data = anna.data(document, json!({})).await;
    let results = &data["programSuggestionPage"]["results"];
    assert_eq!(
        results[0],
        json!({
            "databaseId": "1001", "accepted": true, "metadata": { "a": 1 },
            "program": { "name": "Renamed" },
            "user": { "username": "Student1", "name": "Renamed", "email": null },
        })
    );
    let ids = crate::support::kind::database_ids(results);
    assert_eq!(ids, [1001, 1004, 1006]);
    let groups = data["programGroupSuggestionPage"]["results"]
        .as_array()
        .unwrap();
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0]["userCount"], json!(2));
    assert_eq!(
        groups[0]["group"],
        json!({ "name": "Renamed", "department": null })
    );
    // And what was searched for before is not found any more.
    assert_eq!(
        USERS.ids(&anna, json!({ "query": "data science" })).await,
        [0; 0]
    );
    assert_eq!(USERS.ids(&anna, json!({ "query": "zola" })).await, [0; 0]);
}

/// The same data in another database, to serve.
fn copy(database: &Database) -> Database {
    let copy = Database::empty(database.engine);
    let file = copy.file("export.ndjson", database.export());
    copy.waymark(&["migrate", "up"]).succeed();
    copy.waymark(&["import", &file]).succeed();
    copy
}

async fn csv_by_file_name_and_by_type(given: &Empty) {
    let database = &given.0;
    database.waymark(&["migrate", "up"]).succeed();
    let files = [
        (
            "platforms.csv",
            "key,org,name\nacme,acme-u,\"Acme, \"\"the\"\" University\"\n",
        ),
        (
            "programs.csv",
            "platform,key,name,org,description,url,image_url\nacme,p1,\"Two\nlines\",,,,\n",
        ),
        (
            "users.csv",
            "id,username,name,email,dm_admin\n1,root,Root,,true\n20,student1,Émile,s1@acme.example,false\n",
        ),
        (
            "members.csv",
            "platform,user,role,active\nacme,student1,learner,true\n",
        ),
        (
            "departments.csv",
            "platform,key,name,parent\nacme,web,Web,eng\nacme,eng,Engineering,\n",
        ),
        (
            "department_members.csv",
            "platform,department,user,admin\nacme,web,student1,true\n",
        ),
        (
            "groups.csv",
            "id,platform,name,department\n101,acme,Team,web\n",
        ),
        (
            "group_members.csv",
            "group,user,active\n101,student1,true\n",
        ),
        (
            "program_suggestions.csv",
            "platform,program,user,accepted,visible,metadata,suggested_by\nacme,p1,student1,true,false,\"{\"\"a\"\":1}\",root\n",
        ),
        (
            "program_group_suggestions.csv",
            "platform,program,group,accepted,visible,metadata\nacme,p1,101,false,true,{}\n",
        ),
        (
            "suggestion_answers.csv",
            "platform,program,user,answer\nacme,p1,student1,accepted\n",
        ),
    ];
    let paths: Vec<String> = files
        .iter()
        .map(|(name, content)| database.file(name, content))
        .collect();
    let mut arguments = vec!["import"];
    arguments.extend(paths.iter().map(String::as_str));
    database.waymark(&arguments).succeed();
    let export = database.export();
    for expected in [
        r#"Acme, \"the\" University"#,
        r#""name":"Two\nlines""#,
        r#""parent":"eng""#,
        r#""metadata":{"a":1}"#,
    ] {
        assert!(export.contains(expected), "{expected} in {export}");
    }
    assert_eq!(export.lines().count(), 13);

    // A name that says nothing needs the type, and a bad row is named by its line.
    let file = database.file(
        "x.csv",
        "id,username,name\n30,someone,Someone\nthirty,other,Other\n",
    );
    database.waymark(&["import", &file]).fail(2);
    let said = database
        .waymark(&["import", "--type", "user", &file])
        .fail(1);
    assert!(said.contains(":3") || said.contains("line 3"), "{said}");
    let file = database.file("x.csv", "id,username,name\n30,someone,Someone\n");
    database
        .waymark(&["import", "--type", "user", &file])
        .succeed();
    assert!(database.export().contains("someone"));
    let file = database.file("users.csv", "id,username,name,surprise\n31,a,b,c\n");
    let said = database.waymark(&["import", &file]).fail(1);
    assert!(said.contains("surprise"), "{said}");
}

async fn odd_text_survives(given: &Empty) {
    let database = &given.0;
    database.waymark(&["migrate", "up"]).succeed();
    let odd = "\u{1}\t\"quotes\" \\ 'single' \u{2028} é e\u{301} ß İ 💥 ,;\n";
    let name = odd.trim();
    let key = "\"quotes\" \\ 'single' \u{2028} é e\u{301} ß İ 💥 ,;";
    let lines = [
        json!({ "type": "platform", "key": "acme", "org": key, "name": name }),
        json!({ "type": "program", "platform": "acme", "key": key, "name": name, "org": null,
                "description": odd, "url": null, "image_url": null }),
        json!({ "type": "user", "id": i64::MAX, "username": "max", "name": name, "email": null }),
        json!({ "type": "member", "platform": "acme", "user": "max", "role": "admin" }),
        json!({ "type": "program_suggestion", "platform": "acme", "program": key, "user": "max",
                "metadata": { odd: odd, "n": [1, -1, 1.5, 9_007_199_254_740_993_i64] } }),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    database.waymark(&["import", "-"]).input(text).succeed();
    let export = database.export();
    for line in &lines {
        let found = export.lines().any(|other| {
            let other: Value = serde_json::from_str(other).unwrap();
            line.as_object()
                .unwrap()
                .iter()
                .all(|(name, value)| other[name] == *value)
        });
        assert!(found, "{line}\n{export}");
    }
}

async fn a_csv_that_is_not_well_formed_is_refused(database: &Database) {
    let before = database.export();
    for (rows, expected) in [
        (
            "9001,a,\"A\n9002,b,B\n9003,c,C\n",
            ":2: not well-formed CSV: the quote opened at line 2, column 8 is never closed",
        ),
        (
            "9001,a,A\n9002,b,\"B\" x\n",
            ":3: not well-formed CSV: text follows at line 3, column 11 on the cell whose quote was opened at line 3, column 8",
        ),
        (
            "9001,a,\"A\n9002,b,\"B\"\n",
            "the cell whose quote was opened at line 2, column 8",
        ),
        (
            "9001,a,5\" disk\n",
            "the quote at line 2, column 9 is inside a cell",
        ),
    ] {
        let file = database.file("users.csv", format!("id,username,name\n{rows}"));
        let said = database.waymark(&["import", &file]).fail(1);
        assert!(said.contains(expected), "{said}");
        assert_eq!(database.export(), before);
    }
}

async fn spreadsheets_are_taken_as_they_are(given: &Empty) {
    let database = &given.0;
    database.waymark(&["migrate", "up"]).succeed();
    let utf16 = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(unit)
            .collect()
    };
    let files: [(&str, Vec<u8>); 8] = [
        (
            "a",
            b"id,username,name,,\r\n1,a,A,,\r\n2,a2,A2,,,,\r\n,,\r\n,,,,\r\n".to_vec(),
        ),
        (
            "b",
            b"id;username;name;dm_admin\n3;b;\"B, C\";TRUE\n".to_vec(),
        ),
        (
            "c",
            b"sep=;\r\n Id ; USERNAME;Name ;dm_admin\r\n 4 ;c;C;true \r\n".to_vec(),
        ),
        ("d", b"id\tusername\tname\n5\td\tD\n".to_vec()),
        (
            "e",
            utf16("id\tusername\tname\r\n6\te\tÉmile\r\n", u16::to_le_bytes),
        ),
        ("f", utf16("id,username,name\n7,f,Ƒ💥\n", u16::to_be_bytes)),
        ("g", b"sep=\t\nid\tusername\tname\n8\tg\tG\n".to_vec()),
        ("h", b"id,username,,name\n9,h,,H\n".to_vec()),
    ];
    for (name, bytes) in files {
        let file = database.file(&format!("{name}.csv"), bytes);
        database
            .waymark(&["import", "--type", "user", &file])
            .succeed();
    }
    let file = database.file("users.csv", "id|username|name\n10|i|I;,\n");
    let said = database.waymark(&["import", &file]).fail(1);
    assert!(said.contains("--delimiter"), "{said}");
    database
        .waymark(&["import", "--delimiter", "|", &file])
        .succeed();
    database
        .waymark(&["import", "--delimiter", "||", &file])
        .fail(2);
    let export = database.export();
    let users: Vec<Value> = export
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["type"] == "user")
        .map(|line| json!([line["id"], line["username"], line["name"], line["dm_admin"]]))
        .collect();
    assert_eq!(
        Value::from(users),
        json!([
            [1, "a", "A", false],
            [2, "a2", "A2", false],
            [3, "b", "B, C", true],
            [4, "c", "C", true],
            [5, "d", "D", false],
            [6, "e", "Émile", false],
            [7, "f", "Ƒ💥", false],
            [8, "g", "G", false],
            [9, "h", "H", false],
            [10, "i", "I;,", false],
        ])
    );
    for (bytes, expected) in [
        (
            &b"id,username,name\n11,j,\xc9mile\n"[..],
            ":2: `name` is not valid UTF-8",
        ),
        (
            b"id,username,name,\n11,j,J,x\n",
            ":2: 4 cells where the header has 3 columns",
        ),
        (
            b"id,,username,name\n11,x,j,J\n",
            ":2: cell 2 is not empty, but its column has no name",
        ),
        (b"i\0d\0,\0", "UTF-16 without a byte order mark"),
        (b"\xff\xfei\0d", "not valid UTF-16"),
        (b"PK\x03\x04 and so on", "Excel workbook"),
        (b"\x1f\x8b\x08\x00", "gzip"),
    ] {
        let file = database.file("users.csv", bytes);
        let said = database.waymark(&["import", &file]).fail(1);
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert_eq!(database.export(), export);
}

async fn names_that_look_alike_are_refused(database: &Database) {
    let before = database.export();
    for (line, expected) in [
        (
            json!({ "type": "user", "id": 9001, "username": "ann ", "name": "A" }),
            "`username` must not begin or end with white space or an invisible character (U+0020)",
        ),
        (
            json!({ "type": "user", "id": 9001, "username": "\u{a0}ann", "name": "A" }),
            "(U+00A0)",
        ),
        (
            json!({ "type": "user", "id": 9001, "username": "ann\u{200b}", "name": "A" }),
            "(U+200B)",
        ),
        (
            json!({ "type": "user", "id": 9001, "username": "a\u{202e}nn", "name": "A" }),
            "`username` must not contain the control character U+202E",
        ),
        (
            json!({ "type": "user", "id": 9001, "username": "ann", "name": "A", "email": "a@b.example\u{feff}" }),
            "`email` must not begin or end",
        ),
        (
            json!({ "type": "platform", "key": "k\u{7}y", "org": "o", "name": "n" }),
            "`key` must not contain the control character U+0007",
        ),
        (
            json!({ "type": "platform", "key": "key", "org": " o", "name": "n" }),
            "`org` must not begin or end",
        ),
        (
            json!({ "type": "member", "platform": "acme", "user": "student1 ", "role": "learner" }),
            "`user` must not begin or end",
        ),
    ] {
        let said = database
            .waymark(&["import", "-"])
            .input(format!("{line}\n"))
            .fail(1);
        assert!(said.contains("-:1: ") && said.contains(expected), "{said}");
        assert_eq!(database.export(), before);
    }
    let line = json!({ "type": "user", "id": 9001, "username": "ann", "name": "\u{a0} Ann B \n" });
    database
        .waymark(&["import", "-"])
        .input(format!("{line}\n"))
        .succeed();
    assert!(
        database
            .export()
            .contains(r#""username":"ann","name":"Ann B""#)
    );
}

async fn metadata_of_the_same_value_is_unchanged(database: &Database) {
    let line = |metadata: &str| {
        format!(
            r#"{{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+100x+2026","user":"student1","metadata":{metadata}}}"#
        )
    };
    let import = |metadata: &str| {
        database
            .waymark(&["import", "-"])
            .input(line(metadata))
            .succeed()
    };
    import(r#"{"score":0.60,"a":1}"#);
    let before = database.export();
    for same in [
        r#"{"score":0.6,"a":1}"#,
        r#"{"a":1,"score":6e-1}"#,
        r#"{"score":0.600,"a":1}"#,
    ] {
        let said = import(same);
        assert!(said.contains("0 created, 0 updated, 1 unchanged"), "{said}");
        assert_eq!(database.export(), before);
    }
    let said = import(r#"{"score":0.61,"a":1}"#);
    assert!(said.contains("1 updated"), "{said}");
}

/// A whole number beyond 64 bits, through every door that takes metadata.
async fn numbers_that_would_change_are_refused(database: &Database) {
    const LARGE: &str = "12345678901234567890123";
    let before = database.export();
    let line = format!(
        r#"{{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+100x+2026","user":"student1","metadata":{{"n":{LARGE}}}}}"#
    );
    let said = database.waymark(&["import", "-"]).input(line).fail(1);
    assert!(said.contains("-:1: ") && said.contains(LARGE), "{said}");
    let csv = format!(
        "platform,program,user,metadata\nacme,program-v1:acme+100x+2026,student1,\"{{\"\"n\"\":{LARGE}}}\"\n"
    );
    let file = database.file("program_suggestions.csv", csv);
    let said = database.waymark(&["import", &file]).fail(1);
    assert!(said.contains(":2: ") && said.contains(LARGE), "{said}");

    let server = Process::start(database, &[]);
    let client = server.authorized(format!("Api-Token {}", database.key("acme")));
    let item = format!(
        r#"{{"platformKey":"acme","programKey":"program-v1:acme+100x+2026","user":{{"username":"student1"}},"metadata":{{"n":{LARGE}}}}}"#
    );
    let graphql = format!(
        r#"{{"query":"mutation($i: ProgramSuggestionCreateInput!) {{ programSuggestionCreate(input: $i) {{ outcome }} }}","variables":{{"i":{item}}}}}"#
    );
    let rest = format!(
        r#"{{"platform_key":"acme","program_key":"program-v1:acme+100x+2026","username":"student1","metadata":{{"n":{LARGE}}}}}"#
    );
    for (path, body) in [
        ("/graphql", graphql),
        ("/api/catalog/suggestions/program/manage/", rest),
    ] {
        let json = [("content-type", "application/json")];
        let answer = client
            .send(reqwest::Method::POST, path, &json, body.into_bytes())
            .await;
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
        assert!(answer.text().contains(LARGE), "{path}: {}", answer.text());
    }
    assert_eq!(database.export(), before);
}

/// Each part of a name finds it, whatever the case: also a sigma at the end of a word.
async fn text_is_found_in_any_case(database: &Database) {
    let names = ["ΟΔΥΣΣΕΥΣ", "İıẞß", "ǅKÅ", "\u{10400}\u{10401}x", "E\u{301}"];
    let mut lines = String::new();
    for (number, name) in names.iter().enumerate() {
        let id = 9_000 + number;
        lines +=
            &json!({ "type": "group", "id": id, "platform": "acme", "name": name }).to_string();
        lines += "\n";
        lines += &json!({ "type": "program_group_suggestion", "platform": "acme", "id": id,
            "program": "program-v1:acme+100x+2026", "group": id })
        .to_string();
        lines += "\n";
    }
    database.waymark(&["import", "-"]).input(lines).succeed();
    let server = Process::start(database, &[]);
    let client = server.authorized(format!("Api-Token {}", database.key("acme")));
    for (query, name) in [
        ("ΟΔΥΣ", 0),
        ("οδυς", 0),
        ("οδυσσεύσ", 9),
        ("σσευς", 0),
        ("ΕΥΣ", 0),
        ("i\u{307}ı", 1),
        ("İI", 9),
        ("ıßẞ", 1),
        ("ǆk", 2),
        ("ǄK\u{e5}", 2),
        ("\u{10428}\u{10429}X", 3),
        ("e\u{301}", 4),
        ("é", 9),
    ] {
        let found = GROUPS.ids(&client, json!({ "query": query })).await;
        let found: Vec<i64> = found.into_iter().filter(|id| *id >= 9_000).collect();
        let expected: Vec<i64> = (name < 9).then_some(9_000 + name).into_iter().collect();
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn the_demo_comes_back_unchanged() {
    run(Engine::Sqlite, the_demo);
}

/// What `waymark demo` writes is what an import of its export writes.
async fn the_demo(given: &Empty) {
    let database = &given.0;
    let demo = database
        .waymark(&["demo", "--listen", "127.0.0.1:0"])
        .without_env("WAYMARK_DATABASE_URL");
    let mut demo = demo
        .into_command()
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It prints where it listens when the data is there.
    let mut printed = BufReader::new(demo.stdout.take().unwrap()).lines();
    let listens = printed.any(|line| line.unwrap().contains("http://127.0.0.1:"));
    demo.kill().unwrap();
    demo.wait().unwrap();
    assert!(listens);
    let url = format!("sqlite://{}/waymark-demo.db", database.folder.display());
    let export = database
        .waymark(&["export"])
        .env("WAYMARK_DATABASE_URL", &url)
        .succeed();
    let said = database
        .waymark(&["import", "-"])
        .env("WAYMARK_DATABASE_URL", &url)
        .input(export)
        .succeed();
    for line in said.lines().filter(|line| line.contains("unchanged")) {
        assert!(line.contains(" 0 created, 0 updated,"), "{said}");
    }
    assert!(said.contains("program_suggestion: 0 created"), "{said}");
}

async fn files_that_cannot_be_read(database: &Database) {
    let before = database.export();
    let said = database.waymark(&["import", "no-such-file.ndjson"]).fail(1);
    assert!(said.contains("no-such-file.ndjson"), "{said}");
    let folder = database.folder.display().to_string();
    database.waymark(&["import", &folder]).fail(1);
    database.waymark(&["import"]).fail(2);
    let good = database.file(
        "good.ndjson",
        r#"{"type":"platform","key":"n","org":"o","name":"n"}"#,
    );
    database
        .waymark(&["import", "--on-error", "sometimes", &good])
        .fail(2);
    // One good file and one that is not there: nothing is written.
    database
        .waymark(&["import", &good, "no-such-file.ndjson"])
        .fail(1);
    assert_eq!(database.export(), before);
}

async fn standard_input(database: &Database) {
    let before = database.export();
    database.waymark(&["import", "-"]).input("").succeed();
    assert_eq!(database.export(), before);
    // No line break at the end, and a byte order mark at the beginning.
    database
        .waymark(&["import", "-"])
        .input("\u{feff}{\"type\":\"platform\",\"key\":\"n\",\"org\":\"o\",\"name\":\"n\"}")
        .succeed();
    assert!(database.export().contains(r#""key":"n""#));
}

async fn the_defaults_of_suggestions(database: &Database) {
    database
        .waymark(&["import", "-"])
        .input(
            r#"{"type":"program_suggestion","platform":"acme","program":"program-v1:acme+100x+2026","user":"student1"}
{"type":"program_group_suggestion","platform":"acme","program":"program-v1:acme+100x+2026","group":101}
"#,
        )
        .succeed();
    let export = database.export();
    let found: Vec<Value> = export
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["program"] == "program-v1:acme+100x+2026")
        .collect();
    assert_eq!(found.len(), 2);
    for line in found {
        assert_eq!(line["accepted"], json!(false));
        assert_eq!(line["visible"], json!(true));
        assert_eq!(line["metadata"], json!({}));
        assert_eq!(line["suggested_by"], json!(null));
        assert_eq!(line["created"], line["modified"]);
    }
}

/// Imports these lines, and returns what the command printed.
fn import(database: &Database, lines: impl Into<Vec<u8>>) -> String {
    database.waymark(&["import", "-"]).input(lines).succeed()
}

/// The exported lines with these values.
fn exported(database: &Database, values: Value) -> Vec<Value> {
    let values = values.as_object().unwrap();
    let export = database.export();
    let lines = export
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .filter(|line| values.iter().all(|(name, value)| line[name] == *value))
        .collect()
}

/// Some of the members of an object.
fn part(object: &Value, names: &[&str]) -> Value {
    Value::from_iter(names.iter().map(|name| (*name, object[*name].clone())))
}

const NOTICE: [&str; 4] = ["message", "due_at", "visible_from", "visible_until"];

async fn what_a_suggestion_says_to_the_person(database: &Database) {
    for key in [
        json!({ "type": "program_suggestion", "platform": "acme", "program": "program-v1:acme+ds+2026", "user": "student1" }),
        json!({ "type": "program_group_suggestion", "platform": "acme", "program": "program-v1:acme+ds+2026", "group": 101 }),
    ] {
        let line = |more: Value| {
            let mut line = key.clone();
            line.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            format!("{line}\n")
        };
        let stored = || exported(database, key.clone()).remove(0);
        let counted = |lines: String, expected: &str| {
            let said = import(database, lines);
            assert!(said.contains(expected), "{said}");
        };
        let first = stored();
        let nothing =
            json!({ "message": null, "due_at": null, "visible_from": null, "visible_until": null });
        assert_eq!(part(&first, &NOTICE), nothing);
        // Nothing new: the row is as it was.
        counted(line(nothing.clone()), "0 updated, 1 unchanged");
        counted(line(json!({ "message": "" })), "0 updated, 1 unchanged");
        assert_eq!(stored(), first);

        let long = "ü".repeat(2_000);
        counted(
            line(
                json!({ "message": long, "due_at": "2026-12-01T01:00:00+01:00",
                "visible_from": "2026-11-01T00:00:00Z", "visible_until": "2026-11-01T00:00:00.000001Z" }),
            ),
            "1 updated",
        );
        let full = json!({ "message": long, "due_at": "2026-12-01T00:00:00.000000Z",
            "visible_from": "2026-11-01T00:00:00.000000Z", "visible_until": "2026-11-01T00:00:00.000001Z" });
        let second = stored();
        assert_eq!(part(&second, &NOTICE), full);
        assert_eq!(second["created"], first["created"]);
        assert_ne!(second["modified"], first["modified"]);

        // What is left out stays, whatever else the line says.
        counted(line(json!({})), "1 unchanged");
        counted(
            line(json!({ "accepted": true, "modified": "2026-06-01T00:00:00Z" })),
            "1 updated",
        );
        assert_eq!(part(&stored(), &NOTICE), full);
        // Null clears, each by itself.
        counted(line(json!({ "due_at": null, "message": "" })), "1 updated");
        let fewer = json!({ "message": null, "due_at": null,
            "visible_from": full["visible_from"], "visible_until": full["visible_until"] });
        assert_eq!(part(&stored(), &NOTICE), fewer);
        // Each end of the window against the one that is there; a later line goes on from an earlier one.
        for wrong in [
            json!({ "visible_from": "2026-11-01T00:00:00.000001Z" }),
            json!({ "visible_until": "2026-11-01T00:00:00Z" }),
        ] {
            let before = database.export();
            let lines = line(json!({ "visible": false })) + &line(wrong);
            let said = database.waymark(&["import", "-"]).input(lines).fail(1);
            let expected = "-:2: `visible_until` must lie after `visible_from`; the suggestion would be visible from 2026-11-01T00:00:00";
            assert!(said.contains(expected), "{said}");
            assert_eq!(database.export(), before);
        }
        counted(
            line(json!({ "visible_until": null }))
                + &line(json!({ "visible_from": "2027-01-01T00:00:00Z" }))
                + &line(json!({ "visible_until": "2027-01-02T00:00:00Z" })),
            "3 updated",
        );
        let moved = json!({ "message": null, "due_at": null,
            "visible_from": "2027-01-01T00:00:00.000000Z", "visible_until": "2027-01-02T00:00:00.000000Z" });
        assert_eq!(part(&stored(), &NOTICE), moved);
        counted(line(nothing.clone()), "1 updated");
        assert_eq!(part(&stored(), &NOTICE), nothing);
    }
}

const ANSWER: [&str; 4] = ["answer", "reason", "comment", "answered"];

async fn answers_of_persons(database: &Database) {
    // Student 4 has accepted it with the flag; nobody is no member, and in other letters.
    for user in ["student4", "NoBody"] {
        let line = |more: &str| {
            format!(
                r#"{{"type":"suggestion_answer","platform":"acme","program":"program-v1:acme+ds+2026","user":"{user}",{more}}}"#
            )
        };
        let suggestions = || exported(database, json!({ "type": "program_suggestion" }));
        let stored = || {
            let all = exported(database, json!({ "type": "suggestion_answer" }));
            let of_user = |line: &&Value| {
                line["user"].as_str().unwrap().to_lowercase() == user.to_lowercase()
            };
            part(all.iter().find(of_user).unwrap(), &ANSWER)
        };
        let counted = |lines: String, expected: &str| {
            let said = import(database, lines);
            let expected = format!("suggestion_answer: {expected}\n");
            assert!(said.contains(&expected), "{said}");
        };
        let flags = suggestions();
        let started = exported(database, json!({})).len();
        // A dismissal without a reason has one, and what was answered without an instant was now.
        counted(
            line(r#""answer":"dismissed""#),
            "1 created, 0 updated, 0 unchanged",
        );
        assert_eq!(exported(database, json!({})).len(), started + 1);
        let first = stored();
        assert_eq!(
            part(&first, &ANSWER[..3]),
            json!({ "answer": "dismissed", "reason": "other", "comment": null })
        );
        assert!(first["answered"].as_str().unwrap() > "2026-", "{first}");
        // The same again, in any words.
        for same in [
            r#""answer":"dismissed""#,
            r#""answer":"dismissed","reason":null,"comment":null,"answered":null"#,
            r#""answer":"dismissed","reason":"other","comment":"""#,
        ] {
            counted(line(same), "0 created, 0 updated, 1 unchanged");
            assert_eq!(stored(), first);
        }
        counted(
            line(r#""answer":"dismissed","answered":"2026-11-01T11:00:00+01:00""#),
            "0 created, 1 updated, 0 unchanged",
        );
        assert_eq!(stored()["answered"], json!("2026-11-01T10:00:00.000000Z"));
        let long = "é".repeat(1_000);
        counted(
            line(&format!(
                r#""answer":"dismissed","reason":"no_time","comment":"{long}","answered":"2026-11-01T10:00:00Z""#
            )),
            "0 created, 1 updated, 0 unchanged",
        );
        let full = json!({ "answer": "dismissed", "reason": "no_time", "comment": long,
            "answered": "2026-11-01T10:00:00.000000Z" });
        assert_eq!(stored(), full);
        // What is left out stays.
        counted(
            line(r#""answer":"dismissed""#),
            "0 created, 0 updated, 1 unchanged",
        );
        assert_eq!(stored(), full);
        // A change without an instant is one of now.
        counted(
            line(r#""answer":"dismissed","reason":"already_done""#),
            "0 created, 1 updated, 0 unchanged",
        );
        let changed = stored();
        assert_eq!(changed["reason"], json!("already_done"));
        assert_eq!(changed["comment"], json!(long));
        assert_ne!(changed["answered"], full["answered"]);
        counted(
            line(r#""answer":"dismissed","reason":null,"comment":null"#),
            "0 created, 1 updated, 0 unchanged",
        );
        assert_eq!(
            part(&stored(), &ANSWER[..3]),
            json!({ "answer": "dismissed", "reason": "other", "comment": null })
        );
        counted(
            line(r#""answer":"dismissed","reason":"not_relevant","comment":"No""#),
            "0 created, 1 updated, 0 unchanged",
        );
        // Accepting takes the reason and the comment along.
        counted(
            line(r#""answer":"accepted","answered":"2026-11-05T10:00:00Z""#),
            "0 created, 1 updated, 0 unchanged",
        );
        assert_eq!(
            stored(),
            json!({ "answer": "accepted", "reason": null, "comment": null,
                "answered": "2026-11-05T10:00:00.000000Z" })
        );
        counted(
            line(r#""answer":"accepted","reason":null,"comment":null"#),
            "0 created, 0 updated, 1 unchanged",
        );
        // Several lines in one call, the last one wins; dismissing afresh knows nothing of before.
        counted(
            line(r#""answer":"dismissed","reason":"no_time","comment":"x""#)
                + "\n"
                + &line(r#""answer":"accepted""#)
                + "\n"
                + &line(r#""answer":"dismissed""#),
            "0 created, 3 updated, 0 unchanged",
        );
        assert_eq!(
            part(&stored(), &ANSWER[..3]),
            json!({ "answer": "dismissed", "reason": "other", "comment": null })
        );
        assert_eq!(suggestions(), flags, "no suggestion is touched");
    }
}

/// Flag, answer and state of each suggestion of this program on acme, with the kept total of its state.
fn states(database: &Database, program: &str) -> Vec<Vec<Option<i64>>> {
    database.numbers(&format!(
        "SELECT s.user_id, CASE WHEN s.accepted THEN CAST(1 AS BIGINT) ELSE 0 END,
            CAST(s.answer AS BIGINT), CAST(s.state AS BIGINT)
         FROM program_suggestions s JOIN programs p ON p.id = s.program_id
         WHERE p.key = '{program}' ORDER BY s.user_id"
    ))
}

async fn answers_and_suggestions_in_any_order(database: &Database) {
    let ds = "program-v1:acme+ds+2026";
    let totals = || {
        database.numbers(
            "SELECT CAST(state AS BIGINT), CAST(sum(n) AS BIGINT) FROM suggestion_counts
             WHERE kind = 'user' AND platform_id = 1 GROUP BY state HAVING sum(n) <> 0 ORDER BY state",
        )
    };
    let (pending, accepted, dismissed) = (Some(0), Some(1), Some(2));
    let row = |user: i64, flag: i64, answer: Option<i64>, state: Option<i64>| {
        vec![Some(user), Some(flag), answer, state]
    };
    assert_eq!(
        states(database, ds),
        [row(20, 0, None, pending), row(23, 1, None, accepted)]
    );
    let answer = |program: &str, user: &str, answer: &str| {
        format!(
            r#"{{"type":"suggestion_answer","platform":"acme","program":"{program}","user":"{user}","answer":"{answer}"}}
"#
        )
    };
    let suggestion = |program: &str, user: &str| {
        format!(
            r#"{{"type":"program_suggestion","platform":"acme","program":"{program}","user":"{user}"}}
"#
        )
    };
    let before = totals();
    // About suggestions that are there: against a flag, and for one that has none.
    import(
        database,
        answer(ds, "student4", "dismissed") + &answer(ds, "student1", "accepted"),
    );
    assert_eq!(
        states(database, ds),
        [
            row(20, 0, Some(1), accepted),
            row(23, 1, Some(2), dismissed)
        ]
    );
    assert_ne!(totals(), before);
    import(database, answer(ds, "student1", "dismissed"));
    assert_eq!(
        states(database, ds),
        [
            row(20, 0, Some(2), dismissed),
            row(23, 1, Some(2), dismissed)
        ]
    );
    // About nothing yet; then the suggestion comes, and finds the answer.
    let other = "program-v1:acme+100x+2026";
    import(database, answer(other, "student2", "dismissed"));
    assert_eq!(states(database, other), [[None; 4]; 0]);
    import(database, suggestion(other, "student2"));
    assert_eq!(states(database, other), [row(21, 0, Some(2), dismissed)]);
    // Both in one call, the answer first.
    import(
        database,
        answer(other, "student1", "accepted") + &suggestion(other, "student1"),
    );
    assert_eq!(
        states(database, other),
        [
            row(20, 0, Some(1), accepted),
            row(21, 0, Some(2), dismissed)
        ]
    );
    // The flag is the suggestion's own, before and after.
    import(
        database,
        suggestion(other, "student2").replace('}', r#","accepted":true}"#),
    );
    assert_eq!(states(database, other)[1], row(21, 1, Some(2), dismissed));
    assert_eq!(
        totals(),
        database.numbers(
            "SELECT CAST(state AS BIGINT), CAST(count(*) AS BIGINT) FROM program_suggestions
             WHERE platform_id = 1 GROUP BY state ORDER BY state"
        )
    );
}

async fn every_kind_of_bad_notice_and_answer(database: &Database) {
    import(
        database,
        r#"{"type":"suggestion_answer","platform":"acme","program":"program-v1:acme+ml+2026","user":"student2","answer":"dismissed","comment":"x"}"#,
    );
    let before = database.export();
    let long = |length: usize| format!("\"{}\"", "x".repeat(length));
    let of_suggestion = [
        (
            r#""message":5"#.to_owned(),
            "`message` must be a string, not 5",
        ),
        (
            r#""message":"a\u0000b""#.to_owned(),
            "`message` must not contain the character U+0000",
        ),
        (
            format!(r#""message":{}"#, long(2_001)),
            "`message` is 2001 characters long; at most 2000 are allowed",
        ),
        (
            r#""due_at":"tomorrow""#.to_owned(),
            "`due_at` must be a date and time such as 2026-11-23T09:30:00Z, not the string \"tomorrow\"",
        ),
        (
            r#""due_at":1767225600"#.to_owned(),
            "`due_at` must be a date and time",
        ),
        (
            r#""visible_from":"""#.to_owned(),
            "`visible_from` must be a date and time",
        ),
        (
            r#""visible_until":true"#.to_owned(),
            "`visible_until` must be a date and time",
        ),
        (
            r#""visible_from":"2026-11-02T00:00:00Z","visible_until":"2026-11-01T00:00:00Z""#
                .to_owned(),
            "`visible_until` must lie after `visible_from`; the suggestion would be visible from 2026-11-02T00:00:00.000000Z until 2026-11-01T00:00:00.000000Z",
        ),
        (
            r#""visible_from":"2026-11-01T01:00:00+01:00","visible_until":"2026-11-01T00:00:00Z""#
                .to_owned(),
            "`visible_until` must lie after `visible_from`",
        ),
    ];
    let user = r#""platform":"acme","program":"program-v1:acme+100x+2026","user":"student1""#;
    let group = r#""platform":"acme","program":"program-v1:acme+ds+2026","group":101"#;
    let mut bad: Vec<(String, &str)> = Vec::new();
    for (fields, expected) in of_suggestion {
        bad.push((
            format!(r#"{{"type":"program_suggestion",{user},{fields}}}"#),
            expected,
        ));
        bad.push((
            format!(r#"{{"type":"program_group_suggestion",{group},{fields}}}"#),
            expected,
        ));
    }
    for (fields, expected) in [
        (
            "",
            "`answer` is missing: a line of type suggestion_answer needs platform, program, user, answer",
        ),
        (r#","answer":null"#, "`answer` is missing"),
        (
            r#","answer":"maybe""#,
            "`answer` must be accepted or dismissed, not the string \"maybe\"",
        ),
        (
            r#","answer":"ACCEPTED""#,
            "`answer` must be accepted or dismissed",
        ),
        (
            r#","answer":true"#,
            "`answer` must be accepted or dismissed, not true",
        ),
        (
            r#","answer":"dismissed","reason":"boring""#,
            "`reason` must be one of not_relevant, already_done, no_time, other, not the string \"boring\"",
        ),
        (
            r#","answer":"dismissed","reason":"""#,
            "`reason` must be one of",
        ),
        (
            r#","answer":"dismissed","reason":3"#,
            "`reason` must be one of",
        ),
        (
            r#","answer":"accepted","reason":"other""#,
            "`reason` belongs to a dismissal only: leave it out or say null where `answer` is accepted",
        ),
        (
            r#","answer":"accepted","comment":"Yes""#,
            "`comment` belongs to a dismissal only",
        ),
        (
            r#","answer":"dismissed","comment":[]"#,
            "`comment` must be a string, not an array",
        ),
        (
            r#","answer":"dismissed","comment":"\u0000""#,
            "`comment` must not contain the character U+0000",
        ),
        (
            r#","answer":"dismissed","answered":"2026-11-01""#,
            "`answered` must be a date and time",
        ),
        (
            r#","answer":"dismissed","accepted":true"#,
            "unknown field `accepted`: a line of type suggestion_answer has platform, program, user, answer, reason, comment, answered",
        ),
    ] {
        bad.push((
            format!(r#"{{"type":"suggestion_answer",{user}{fields}}}"#),
            expected,
        ));
    }
    let comment = format!(
        r#"{{"type":"suggestion_answer",{user},"answer":"dismissed","comment":{}}}"#,
        long(1_001)
    );
    bad.push((
        comment,
        "`comment` is 1001 characters long; at most 1000 are allowed",
    ));
    for (reference, expected) in [
        (
            user.replace("student1", "stranger"),
            "there is no user `stranger`, neither in the database nor in this import",
        ),
        (
            user.replace("100x", "none"),
            "there is no program `program-v1:acme+none+2026` of platform `acme`",
        ),
        (
            user.replace(r#":"acme""#, r#":"nowhere""#),
            "there is no platform `nowhere`",
        ),
        (
            user.replace("acme+100x", "globex+ds"),
            "there is no program `program-v1:globex+ds+2026` of platform `acme`",
        ),
    ] {
        bad.push((
            format!(r#"{{"type":"suggestion_answer",{reference},"answer":"accepted"}}"#),
            expected,
        ));
    }
    // All at once: each is told, and a good line among them is not written.
    let lines: Vec<&str> = bad.iter().map(|(line, _)| line.as_str()).collect();
    let good = r#"{"type":"suggestion_answer","platform":"acme","program":"program-v1:acme+ml+2026","user":"student2","answer":"accepted"}"#;
    let said = database
        .waymark(&["import", "-"])
        .input(format!("{}\n{good}\n", lines.join("\n")))
        .fail(1);
    let told: Vec<&str> = said.lines().collect();
    assert_eq!(told.len(), bad.len() + 1, "{said}");
    for (number, (line, expected)) in bad.iter().enumerate() {
        let start = format!("-:{}: {expected}", number + 1);
        assert!(told[number].starts_with(&start), "{line}: {}", told[number]);
    }
    assert_eq!(database.export(), before);
    // The good one goes in where that is wanted.
    let said = database
        .waymark(&["import", "--on-error", "continue", "-"])
        .input(format!("{}\n{good}\n", lines.join("\n")))
        .end();
    assert_eq!(said.status, Some(1), "{}", said.stderr);
    assert!(
        said.stdout
            .starts_with("suggestion_answer: 0 created, 1 updated, 0 unchanged\n"),
        "{}",
        said.stdout
    );
    let answer = exported(database, json!({ "type": "suggestion_answer" })).remove(0);
    assert_eq!(
        part(&answer, &ANSWER[..3]),
        json!({ "answer": "accepted", "reason": null, "comment": null })
    );
}

async fn notices_and_answers_in_csv(database: &Database) {
    let suggestion = || {
        exported(
            database,
            json!({ "type": "program_suggestion", "program": "program-v1:acme+ds+2026", "user": "student1" }),
        )
        .remove(0)
    };
    let files = |suggestions: &str, answers: &str| {
        let one = database.file("program_suggestions.csv", suggestions);
        let two = database.file("suggestion_answers.csv", answers);
        database.waymark(&["import", &one, &two])
    };
    let said = files(
        "platform;program;user;message;due_at;visible_from;visible_until\r\n\
         acme;program-v1:acme+ds+2026;student1;\"one\ntwo; \"\"three\"\"\"; 2026-12-01T00:00:00Z ;;2027-01-01T00:00:00Z\r\n",
        "platform,program,user,answer,reason,comment,answered\n\
         acme,program-v1:acme+ds+2026,student1, dismissed ,no_time,\"Later, perhaps\",2026-11-01T10:00:00Z\n\
         acme,program-v1:acme+ds+2026,student4,accepted,,,\n",
    )
    .succeed();
    assert!(
        said.contains("suggestion_answer: 2 created, 0 updated, 0 unchanged\n"),
        "{said}"
    );
    assert_eq!(
        part(&suggestion(), &NOTICE),
        json!({ "message": "one\ntwo; \"three\"", "due_at": "2026-12-01T00:00:00.000000Z",
            "visible_from": null, "visible_until": "2027-01-01T00:00:00.000000Z" })
    );
    let answers = exported(database, json!({ "type": "suggestion_answer" }));
    assert_eq!(
        part(&answers[0], &ANSWER),
        json!({ "answer": "dismissed", "reason": "no_time", "comment": "Later, perhaps",
            "answered": "2026-11-01T10:00:00.000000Z" })
    );
    // An empty cell is null; a column that is not there is left out.
    files(
        "platform,program,user,message,due_at\nacme,program-v1:acme+ds+2026,student1,,\n",
        "platform,program,user,answer,comment\nacme,program-v1:acme+ds+2026,student1,dismissed,\n",
    )
    .succeed();
    assert_eq!(
        part(&suggestion(), &NOTICE),
        json!({ "message": null, "due_at": null, "visible_from": null,
            "visible_until": "2027-01-01T00:00:00.000000Z" })
    );
    let answers = exported(database, json!({ "type": "suggestion_answer" }));
    assert_eq!(
        part(&answers[0], &ANSWER[..3]),
        json!({ "answer": "dismissed", "reason": "no_time", "comment": null })
    );
    let before = database.export();
    let said = files(
        "platform,program,user,visible_from\nacme,program-v1:acme+ds+2026,student1,2027-01-01T00:00:00Z\n",
        "platform,program,user,answer,reason\nacme,program-v1:acme+ds+2026,student1,accepted,other\n",
    )
    .fail(1);
    assert!(
        said.contains("program_suggestions.csv:2: `visible_until` must lie after"),
        "{said}"
    );
    assert!(
        said.contains("suggestion_answers.csv:2: `reason` belongs to a dismissal only"),
        "{said}"
    );
    assert_eq!(database.export(), before);
}

/// An export reads 5,000 rows at a time: here the first time ends within a program.
async fn more_answers_than_are_read_at_a_time(given: &Empty) {
    const USERS: usize = 5_100;
    let database = &given.0;
    database.waymark(&["migrate", "up"]).succeed();
    let mut lines = String::from(
        r#"{"type":"platform","key":"acme","org":"o","name":"n"}
{"type":"program","platform":"acme","key":"b","name":"n"}
{"type":"program","platform":"acme","key":"c","name":"n"}
"#,
    );
    // It is made last and comes first.
    import(database, lines.clone());
    lines += "{\"type\":\"program\",\"platform\":\"acme\",\"key\":\"a\",\"name\":\"n\"}\n";
    let mut expected = Vec::new();
    for (program, users) in [("a", 1..4), ("b", 1..USERS), ("c", 2..3)] {
        expected.extend(users.map(|user| json!([program, format!("u{user}")])));
    }
    for user in 1..USERS {
        lines += &format!(
            "{}\n",
            json!({ "type": "user", "id": user, "username": format!("u{user}"), "name": "n" })
        );
    }
    for place in expected.iter().rev() {
        let line = json!({ "type": "suggestion_answer", "platform": "acme", "program": place[0], "user": place[1],
            "answer": "accepted" });
        lines += &format!("{line}\n");
    }
    import(database, lines);
    let answers = exported(database, json!({ "type": "suggestion_answer" }));
    let places: Vec<Value> = answers
        .iter()
        .map(|line| json!([line["program"], line["user"]]))
        .collect();
    assert!(places == expected, "{} of {}", places.len(), expected.len());
}

/// An import looks at 20,000 lines of a type at a time.
async fn lines_far_apart_are_one_import(given: &Empty) {
    const USERS: usize = 20_100;
    let database = &given.0;
    database.waymark(&["migrate", "up"]).succeed();
    let user = |id: usize, username: usize| json!({ "type": "user", "id": id, "username": format!("u{username}"), "name": "n" });
    let suggestion = |user: usize| json!({ "type": "program_suggestion", "platform": "acme", "program": "a", "user": format!("u{user}") });
    let text =
        |lines: &[Value]| -> String { lines.iter().map(|line| format!("{line}\n")).collect() };

    // What is referred to comes last, and so does the id that the first suggestion must not get.
    let mut lines: Vec<Value> = (1..USERS).map(suggestion).collect();
    let mut last = suggestion(USERS);
    last["id"] = json!(1);
    lines.push(last.clone());
    for id in 1..=USERS {
        lines.push(json!({ "type": "member", "platform": "acme", "user": format!("u{id}"), "role": "learner" }));
        lines.push(user(id, id));
    }
    lines.push(json!({ "type": "program", "platform": "acme", "key": "a", "name": "n" }));
    lines.push(json!({ "type": "platform", "key": "acme", "org": "o", "name": "n" }));
    let all = lines.len();

    // The last line fails: nothing of what was written before it stays.
    let mut wrong = text(&lines);
    wrong += "{\"type\":\"suggestion_answer\",\"platform\":\"acme\",\"program\":\"b\",\"user\":\"u1\",\"answer\":\"accepted\"}\n";
    let said = database.waymark(&["import", "-"]).input(wrong).fail(1);
    let expected = format!(
        "-:{}: there is no program `b` of platform `acme`, neither in the database nor in this import",
        all + 1
    );
    assert!(said.contains(&expected), "{said}");
    assert_eq!(database.export(), "");

    let said = import(database, text(&lines));
    let expected = format!("program_suggestion: {USERS} created, 0 updated, 0 unchanged");
    assert!(said.contains(&expected), "{said}");
    let first = exported(database, json!({ "id": 1 }));
    let suggested: Vec<&Value> = (first.iter())
        .filter(|line| line["type"] == "program_suggestion")
        .collect();
    assert_eq!(suggested.len(), 1);
    assert_eq!(suggested[0]["user"], last["user"]);

    // The first user and the last one change names, and one name is asked for twice.
    let mut lines: Vec<Value> = (1..=USERS).map(|id| user(id, id)).collect();
    lines[0] = user(1, USERS);
    lines[USERS - 1] = user(USERS, 1);
    let said = import(database, text(&lines));
    let expected = format!("user: 0 created, 2 updated, {} unchanged", USERS - 2);
    assert!(said.contains(&expected), "{said}");
    lines[USERS - 1] = user(USERS + 1, 2);
    let said = database
        .waymark(&["import", "-"])
        .input(text(&lines))
        .fail(1);
    let expected = format!("-:{USERS}: `username` u2 is that of user 2: usernames are unique");
    assert!(said.contains(&expected), "{said}");
}
