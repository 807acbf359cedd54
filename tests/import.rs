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
);

async fn out_and_in_again_is_the_same(database: &Database) {
    let export = database.export();
    let copy = Database::empty(database.engine);
    let file = copy.file("export.ndjson", &export);
    copy.waymark(&["migrate", "up"]).succeed();
    copy.waymark(&["import", &file]).succeed();
    assert_eq!(copy.export(), export);
    // Every line is one object with a type, and nothing of the fixture is lost.
    let fixture = std::fs::read_to_string(FIXTURE).unwrap();
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
    ["created", "modified"].contains(&name)
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
    assert_eq!(export.lines().count(), 12);

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
