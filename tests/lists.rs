//! Lists: order, search, filters, and pages by number.

use serde_json::{Value, json};

use crate::support::kind::{BOTH, GROUPS, Kind, USERS};
use crate::support::{Engine, Given, Server, large};

/// Enough suggestions for a text to match very many of them, and not all.
struct Crowded(Server);

impl Given for Crowded {
    async fn make(engine: Engine) -> Self {
        let mut lines = vec![
            json!({ "type": "platform", "key": "acme", "org": "acme-u", "name": "Acme" }),
            json!({ "type": "user", "id": 1, "username": "root", "name": "Root", "dm_admin": true }),
        ];
        for number in 0..40 {
            lines.push(
                json!({ "type": "program", "platform": "acme", "key": format!("p{number}"),
                "name": format!("Course {}", number % 7) }),
            );
        }
        for number in 1..=60 {
            let name = if number % 12 == 0 { "Rare" } else { "Frequent" };
            lines.push(json!({ "type": "group", "id": number, "platform": "acme",
                "name": format!("{name} {}", number % 5) }));
            for program in 0..40 {
                lines.push(
                    json!({ "type": "program_group_suggestion", "platform": "acme",
                    "program": format!("p{program}"), "group": number,
                    "accepted": (number + program) % 3 == 0 }),
                );
            }
        }
        Self(large::serve(engine, &lines))
    }

    fn last_words(&self) -> String {
        self.0.last_words()
    }
}

/// A platform whose lists are long, with a department whose rows are the last in most orders, on an installation
/// with more people who have no suggestions here: walks end before they meet what a page shows.
struct Scattered(Server);

impl Given for Scattered {
    async fn make(engine: Engine) -> Self {
        let mut lines = vec![
            json!({ "type": "platform", "key": "acme", "org": "acme-u", "name": "Acme" }),
            json!({ "type": "department", "platform": "acme", "key": "d", "name": "D", "parent": null }),
            json!({ "type": "department", "platform": "acme", "key": "e", "name": "E", "parent": "d" }),
            json!({ "type": "user", "id": 1, "username": "root", "name": "Root", "dm_admin": true }),
            json!({ "type": "user", "id": 2, "username": "head", "name": "Head" }),
            json!({ "type": "member", "platform": "acme", "user": "head", "role": "learner" }),
            json!({ "type": "department_member", "platform": "acme", "department": "d", "user": "head", "admin": true }),
        ];
        for number in 0..8 {
            lines.push(
                json!({ "type": "program", "platform": "acme", "key": format!("p{number}"),
                "name": format!("program {}", number / 2) }),
            );
        }
        for number in 0..2_100 {
            let name = format!("a{number:04}");
            lines.push(
                json!({ "type": "user", "id": 10_000 + number, "username": name, "name": name }),
            );
        }
        let mut suggestion = 0;
        for number in 0..450 {
            // The last thirty are the department's.
            let inside = number >= 420;
            let id = 20_000 + number;
            let username = format!("m{number:03}");
            let name = format!("m{}", number / 3);
            let department = ["d", "e"][usize::from(number % 2 == 0)];
            lines.push(json!({ "type": "user", "id": id, "username": username, "name": name }));
            lines.push(json!({ "type": "member", "platform": "acme", "user": username, "role": "learner" }));
            let mut group = json!({ "type": "group", "id": id, "platform": "acme", "name": name });
            if inside {
                group["department"] = json!(department);
                for department in [department, "e"] {
                    lines.push(json!({ "type": "department_member", "platform": "acme",
                        "department": department, "user": username }));
                }
            }
            lines.push(group);
            for program in 0..if inside { 2 } else { 8 } {
                suggestion += 1;
                let instant = |number: i64| {
                    format!("2026-01-01T{:02}:{:02}:00Z", number / 60 % 24, number % 60)
                };
                let line = json!({ "platform": "acme", "program": format!("p{program}"),
                    "accepted": inside || suggestion % 3 == 0, "visible": !inside || suggestion % 5 == 0,
                    "created": instant(suggestion / 3), "modified": instant(suggestion / 2) });
                for (kind, recipient, value) in [
                    ("program_suggestion", "user", json!(username)),
                    ("program_group_suggestion", "group", json!(id)),
                ] {
                    let mut line = line.clone();
                    line["type"] = json!(kind);
                    line[recipient] = value;
                    lines.push(line);
                }
            }
        }
        Self(large::serve(engine, &lines))
    }

    fn last_words(&self) -> String {
        self.0.last_words()
    }
}

both_engines!(
    every_order_in_both_directions,
    walks_that_end_before_a_page_is_full,
    the_default_order_is_by_id,
    search_is_a_literal_substring_whatever_the_case,
    every_pair_of_characters_is_found,
    blank_search_is_no_filter,
    filters_narrow_the_list,
    filters_and_search_work_together,
    filter_values_that_cannot_be_are_refused,
    pages_have_numbers,
    page_numbers_below_one_are_refused,
    a_large_page_size_is_clamped,
    counting_an_empty_list,
    every_field_of_a_suggestion,
    rows_that_write_themselves_say_what_the_executor_says,
    searched_texts_of_few_and_of_many_suggestions,
    unknown_platforms_and_foreign_organisations,
);

async fn every_order_in_both_directions(server: &Server) {
    let anna = server.user("anna");
    let users: [(&str, &[i64]); 10] = [
        ("ID", &[1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008]),
        ("USER_ID", &[1001, 1006, 1002, 1003, 1008, 1004, 1005, 1007]),
        (
            "USERNAME",
            &[1005, 1007, 1001, 1006, 1002, 1003, 1008, 1004],
        ),
        // By code point: the space of "bo th" before the letters, É and Ø after all of ASCII.
        ("NAME", &[1005, 1004, 1003, 1008, 1007, 1001, 1006, 1002]),
        (
            "PROGRAM_KEY",
            &[1001, 1004, 1003, 1006, 1002, 1005, 1007, 1008],
        ),
        (
            "PROGRAM_NAME",
            &[1001, 1004, 1006, 1002, 1005, 1007, 1003, 1008],
        ),
        (
            "ACCEPTED",
            &[1001, 1003, 1005, 1006, 1007, 1002, 1004, 1008],
        ),
        ("VISIBLE", &[1003, 1008, 1001, 1002, 1004, 1005, 1006, 1007]),
        ("CREATED", &[1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008]),
        (
            "MODIFIED",
            &[1001, 1004, 1005, 1006, 1007, 1008, 1003, 1002],
        ),
    ];
    let groups: [(&str, &[i64]); 10] = [
        ("ID", &[3001, 3002, 3003, 3004, 3005, 3006, 3007]),
        ("GROUP_ID", &[3001, 3007, 3002, 3003, 3004, 3005, 3006]),
        ("GROUP_NAME", &[3001, 3007, 3004, 3003, 3005, 3002, 3006]),
        ("PROGRAM_KEY", &[3001, 3003, 3006, 3002, 3004, 3005, 3007]),
        ("PROGRAM_NAME", &[3001, 3006, 3002, 3004, 3005, 3003, 3007]),
        ("ACCEPTED", &[3001, 3003, 3004, 3006, 3002, 3005, 3007]),
        ("VISIBLE", &[3003, 3005, 3001, 3002, 3004, 3006, 3007]),
        ("CREATED", &[3001, 3002, 3003, 3004, 3005, 3006, 3007]),
        ("MODIFIED", &[3001, 3004, 3005, 3006, 3007, 3003, 3002]),
        ("USER_COUNT", &[3005, 3002, 3003, 3006, 3001, 3007, 3004]),
    ];
    for (kind, orders) in [(USERS, users), (GROUPS, groups)] {
        for (field, ascending) in orders {
            let mut expected = ascending.to_vec();
            for direction in ["ASC", "DESC"] {
                let order = json!({ "orderBy": { "field": field, "direction": direction } });
                let ids = kind.ids(&anna, order.clone()).await;
                assert_eq!(ids, expected, "{} {field} {direction}", kind.prefix);
                assert_eq!(
                    walk(&anna, kind, &order["orderBy"]).await,
                    expected,
                    "by cursor: {} {field} {direction}",
                    kind.prefix
                );
                // The id breaks ties in the same direction, so that one is the other backwards.
                expected.reverse();
            }
            // ASC is the default direction.
            let ids = kind
                .ids(&anna, json!({ "orderBy": { "field": field } }))
                .await;
            assert_eq!(ids, ascending, "{} {field}", kind.prefix);
        }
    }
}

/// All of acme by cursor, three rows at a time.
async fn walk(client: &crate::support::Client, kind: Kind, order: &Value) -> Vec<i64> {
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables =
            json!({ "platformKey": "acme", "orderBy": order, "first": 3, "after": after });
        let page = kind.connection(client, variables).await;
        seen.extend(crate::support::kind::database_ids(&page["nodes"]));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return seen;
        }
        assert_eq!(page["nodes"].as_array().unwrap().len(), 3);
        after = page["pageInfo"]["endCursor"].clone();
    }
}

async fn the_default_order_is_by_id(server: &Server) {
    let anna = server.user("anna");
    let users: Vec<i64> = USERS.of_acme.iter().rev().copied().collect();
    for (kind, expected) in [(USERS, users.as_slice()), (GROUPS, GROUPS.of_acme)] {
        // Written out without any optional argument.
        let prefix = kind.prefix;
        let document = format!(
            "{{ page: {prefix}Page(platformKey: \"acme\") {{ results {{ databaseId }} }} \
               list: {prefix}s(platformKey: \"acme\", first: 100) {{ nodes {{ databaseId }} }} }}"
        );
        let data = anna.data(&document, json!({})).await;
        let ids = crate::support::kind::database_ids;
        assert_eq!(ids(&data["page"]["results"]), expected);
        assert_eq!(ids(&data["list"]["nodes"]), expected);
    }
}

async fn search_is_a_literal_substring_whatever_the_case(server: &Server) {
    let anna = server.user("anna");
    let ascending = json!({ "field": "ID", "direction": "ASC" });
    let users: [(&str, &[i64]); 26] = [
        ("data science", &[1001, 1004]),
        ("DATA SCI", &[1001, 1004]),
        ("PROGRAM-V1:ACME+DS", &[1001, 1004]),
        ("émile", &[1001, 1006]),
        ("ÉMILE", &[1001, 1006]),
        ("%", &[1002, 1004]),
        ("100%", &[1002, 1004]),
        ("1%0", &[]),
        ("_", &[1004, 1007]),
        ("web_dev", &[1007]),
        ("web%dev", &[]),
        ("\\", &[]),
        ("straß", &[1005]),
        ("STRAẞE", &[1005]),
        ("STRASSENBAU", &[]),
        ("İSTANBUL S", &[1006]),
        ("stanbul stud", &[1006]),
        ("d'été", &[1003]),
        ("SHARED@acme", &[1002, 1003, 1008]),
        ("STUDENT3", &[1003, 1008]),
        ("ø", &[1002]),
        ("Øy", &[1002]),
        ("数", &[1008]),
        ("数据", &[1008]),
        ("z", &[1001, 1006, 1008]),
        ("no such thing", &[]),
    ];
    let groups: [(&str, &[i64]); 15] = [
        ("team", &[3001, 3007]),
        ("EVERYONE", &[3004]),
        ("100%", &[3002, 3004]),
        ("%", &[3002, 3004]),
        ("_", &[3004, 3005]),
        ("école", &[3003, 3006]),
        ("STRAẞE", &[3006]),
        ("we", &[3002, 3004, 3005]),
        ("x", &[3005]),
        ("数", &[3007]),
        ("\"", &[]),
        ("\" OR \"", &[]),
        ("' OR '1'='1", &[]),
        ("Guild Team", &[]),
        // People are no part of a search among groups.
        ("student1", &[]),
    ];
    for (kind, searches) in [(USERS, &users[..]), (GROUPS, &groups[..])] {
        for (query, expected) in searches {
            let variables = json!({ "query": query, "orderBy": ascending });
            let ids = kind.ids(&anna, variables).await;
            assert_eq!(ids, *expected, "{} searched for {query}", kind.prefix);
            let variables =
                json!({ "platformKey": "acme", "query": query, "orderBy": ascending, "last": 100 });
            let list = kind.connection(&anna, variables).await;
            let ids = crate::support::kind::database_ids(&list["nodes"]);
            assert_eq!(ids, *expected, "by cursor: {query}");
            assert_eq!(list["totalCount"], json!(expected.len()), "{query}");
        }
    }
}

/// Each two characters that stand together in a name find it, at its ends too, and none that stand in two of its texts.
async fn every_pair_of_characters_is_found(server: &Server) {
    let names = [
        "王伟",
        "王伟明",
        "李王伟",
        "İa",
        "x😀y",
        "%_\\",
        "a\u{1F600}",
        "z",
        "\"'\"",
        "王 伟",
    ];
    let line = |value: serde_json::Value| format!("{value}\n");
    let user = |number: usize, name: &str| {
        let (id, username) = (7000 + number, format!("pair{number}"));
        line(json!({ "type": "user", "id": id, "username": username, "name": name }))
            + &line(
                json!({ "type": "member", "platform": "globex", "user": username, "role": "learner" }),
            )
    };
    let import = |lines: String| {
        let path = server.database.file("pairs.ndjson", lines);
        server.database.waymark(&["import", &path]).succeed();
    };
    import(
        names
            .iter()
            .enumerate()
            .map(|(number, name)| user(number, name))
            .collect(),
    );
    let key = server.key("globex");
    let document = "query ($query: String!) { platform(key: \"globex\") {
        users(first: 100, query: $query) { totalCount nodes { username } } } }";
    let found = async |query: &str| -> Vec<String> {
        let data = key.data(document, json!({ "query": query })).await;
        let users = &data["platform"]["users"];
        let found: Vec<String> = crate::support::kind::column(&users["nodes"], "username")
            .into_iter()
            .filter(|username| username.starts_with("pair"))
            .map(str::to_owned)
            .collect();
        found
    };
    let expected = |names: &[&str], pair: &str| -> Vec<String> {
        let has = |(_, name): &(usize, &&str)| name.contains(pair);
        let found = names.iter().enumerate().filter(has);
        found.map(|(number, _)| format!("pair{number}")).collect()
    };
    let pairs_of = |names: &[&str]| -> std::collections::BTreeSet<String> {
        let all = names.iter().flat_map(|name| {
            let characters: Vec<char> = name.chars().collect();
            let pairs: Vec<String> = characters
                .windows(2)
                .map(|pair| pair.iter().collect())
                .collect();
            pairs
        });
        all.collect()
    };
    for pair in pairs_of(&names) {
        assert_eq!(found(&pair).await, expected(&names, &pair), "{pair}");
    }
    // The end of one text and the beginning of another are no pair.
    for pair in ["伟p", "0王", "伟伟", "明\u{1}", "伟明\u{1}"] {
        assert!(found(pair).await.is_empty(), "{pair}");
    }
    // What is renamed is found by its new name only.
    let renamed = [
        "明伟",
        "王伟明",
        "李王",
        "İa",
        "y😀x",
        "%_\\",
        "a\u{1F600}",
        "zz",
        "\"'\"",
        "王 伟",
    ];
    import(
        renamed
            .iter()
            .enumerate()
            .map(|(number, name)| user(number, name))
            .collect(),
    );
    let mut pairs = pairs_of(&names);
    pairs.extend(pairs_of(&renamed));
    for pair in pairs {
        assert_eq!(found(&pair).await, expected(&renamed, &pair), "{pair}");
    }
    // The same people in a list of suggestions, with the total.
    for number in [0, 1, 2] {
        let item = json!({ "platformKey": "globex", "programKey": "program-v1:globex+ds+2026",
            "user": { "username": format!("pair{number}") } });
        USERS.create(&server.key("globex"), item).await;
    }
    for (pair, expected) in [
        ("王伟", 1),
        ("李王", 1),
        ("明伟", 1),
        ("伟王", 0),
        ("伟明\u{1}", 0),
        ("es", 0),
    ] {
        let variables = json!({ "platformKey": "globex", "query": pair, "first": 100 });
        let list = USERS.connection(&key, variables).await;
        let of_pairs = list["nodes"].as_array().unwrap().len();
        assert_eq!(list["totalCount"], json!(of_pairs), "{pair}");
        assert_eq!(of_pairs, expected, "{pair}: {list:#}");
    }
}

async fn blank_search_is_no_filter(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        for query in [json!(""), json!("   "), json!("\t\n"), json!(null)] {
            let ids = kind.ids(&anna, json!({ "query": query })).await;
            assert_eq!(ids.len(), kind.of_acme.len(), "{query}");
        }
    }
}

async fn filters_narrow_the_list(server: &Server) {
    let anna = server.user("anna");
    let user_id = global_id(server, "student3").await;
    let group_id = global_group_id(server, 101).await;
    let users: [(Value, &[i64]); 12] = [
        (json!({}), USERS.of_acme),
        (json!({ "accepted": null, "userIds": null }), USERS.of_acme),
        (json!({ "accepted": true }), &[1002, 1004, 1008]),
        (json!({ "visible": false }), &[1003, 1008]),
        (json!({ "accepted": true, "visible": false }), &[1008]),
        (
            json!({ "programKeys": ["program-v1:acme+ds+2026", "program-v1:acme+zh+2026"] }),
            &[1001, 1004, 1008],
        ),
        // Another platform's program, and one that is nowhere.
        (
            json!({ "programKeys": ["program-v1:globex+ds+2026", "nowhere"] }),
            &[],
        ),
        (
            json!({ "userIds": ["20", user_id] }),
            &[1001, 1003, 1006, 1008],
        ),
        (json!({ "userIds": ["31"] }), &[]),
        (
            json!({ "createdAfter": "2026-01-03T08:00:00Z", "createdBefore": "2026-01-06T08:00:00Z" }),
            &[1004, 1005],
        ),
        (
            json!({ "createdAfter": "2026-01-07T08:59:59.999999+01:00" }),
            &[1007, 1008],
        ),
        (
            json!({ "createdAfter": "2026-01-07T09:00:00+01:00" }),
            &[1008],
        ),
    ];
    let groups: [(Value, &[i64]); 6] = [
        (json!({ "accepted": false }), &[3001, 3003, 3004, 3006]),
        (json!({ "visible": true, "accepted": true }), &[3002, 3007]),
        (
            json!({ "groupIds": [group_id, "103"] }),
            &[3001, 3003, 3007],
        ),
        (json!({ "groupIds": ["201", "999999"] }), &[]),
        (
            json!({ "programKeys": ["program-v1:acme+ml+2026"] }),
            &[3002],
        ),
        (json!({ "createdBefore": "2026-01-02T09:00:00Z" }), &[3001]),
    ];
    let order = json!({ "field": "ID", "direction": "ASC" });
    for (kind, filters) in [(USERS, &users[..]), (GROUPS, &groups[..])] {
        for (filter, expected) in filters {
            let variables = json!({ "filter": filter, "orderBy": order });
            assert_eq!(kind.ids(&anna, variables).await, *expected, "{filter}");
        }
    }
}

async fn filters_and_search_work_together(server: &Server) {
    let anna = server.user("anna");
    let variables = json!({ "query": "student", "filter": { "accepted": true } });
    assert_eq!(USERS.ids(&anna, variables).await, [1008, 1004, 1002]);
    let variables = json!({ "query": "e", "filter": { "accepted": false, "groupIds": ["104"] } });
    assert_eq!(GROUPS.ids(&anna, variables).await, [3004]);
}

async fn filter_values_that_cannot_be_are_refused(server: &Server) {
    let anna = server.user("anna");
    let group_id = global_group_id(server, 101).await;
    for (kind, filter, code) in [
        (USERS, json!({ "userIds": ["twenty"] }), "INVALID_ID"),
        (USERS, json!({ "userIds": [""] }), "INVALID_ID"),
        (USERS, json!({ "userIds": [group_id] }), "INVALID_ID"),
        (GROUPS, json!({ "groupIds": ["-"] }), "INVALID_ID"),
        (
            USERS,
            json!({ "createdAfter": "yesterday" }),
            "BAD_USER_INPUT",
        ),
        (USERS, json!({ "createdAfter": 5 }), "BAD_USER_INPUT"),
        (USERS, json!({ "accepted": "yes" }), "BAD_USER_INPUT"),
        (USERS, json!({ "groupIds": ["101"] }), "BAD_USER_INPUT"),
    ] {
        let document = kind.page_document("count");
        let variables = json!({ "platformKey": "acme", "filter": filter });
        assert_eq!(anna.code(&document, variables).await, code, "{filter}");
    }
    for field in ["USER_COUNT", "NOTHING"] {
        let variables = json!({ "platformKey": "acme", "orderBy": { "field": field } });
        let document = USERS.page_document("count");
        assert_eq!(anna.code(&document, variables).await, "BAD_USER_INPUT");
    }
}

async fn pages_have_numbers(server: &Server) {
    let anna = server.user("anna");
    let variables = |page: i64| json!({ "platformKey": "acme", "page": page, "pageSize": 3 });
    let ids = |ids: &[i64]| -> Value {
        ids.iter()
            .map(|id| json!({ "databaseId": id.to_string() }))
            .collect()
    };
    let page = |page: i64, next: Value, previous: Value, results: &[i64]| {
        json!({
            "count": 8, "page": page, "pageSize": 3, "pageCount": 3,
            "nextPage": next, "previousPage": previous, "results": ids(results),
        })
    };
    assert_eq!(
        USERS.page(&anna, variables(1)).await,
        page(1, json!(2), json!(null), &[1008, 1007, 1006])
    );
    assert_eq!(
        USERS.page(&anna, variables(2)).await,
        page(2, json!(3), json!(1), &[1005, 1004, 1003])
    );
    assert_eq!(
        USERS.page(&anna, variables(3)).await,
        page(3, json!(null), json!(2), &[1002, 1001])
    );
    assert_eq!(
        USERS.page(&anna, variables(4)).await,
        page(4, json!(null), json!(3), &[])
    );
    // Far past the end, at the limit of what the type can hold.
    let far = USERS.page(&anna, variables(i64::from(i32::MAX))).await;
    assert_eq!(far["results"], json!([]));
    assert_eq!(far["count"], json!(8));
    assert_eq!(far["nextPage"], json!(null));
}

async fn page_numbers_below_one_are_refused(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        for variables in [
            json!({ "page": 0 }),
            json!({ "page": -1 }),
            json!({ "pageSize": 0 }),
            json!({ "pageSize": -5 }),
        ] {
            let mut variables = variables;
            variables["platformKey"] = json!("acme");
            let document = kind.page_document("count");
            assert_eq!(
                anna.code(&document, variables.clone()).await,
                "BAD_USER_INPUT",
                "{variables}"
            );
        }
    }
}

async fn a_large_page_size_is_clamped(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let variables = json!({ "platformKey": "acme", "pageSize": 101 });
        let page = kind.page(&anna, variables).await;
        assert_eq!(page["pageSize"], json!(100));
        assert_eq!(page["pageCount"], json!(1));
        let variables = json!({ "platformKey": "acme", "pageSize": i32::MAX, "page": i32::MAX });
        let page = kind.page(&anna, variables).await;
        assert_eq!(page["pageSize"], json!(100));
        assert_eq!(page["results"], json!([]));
    }
}

async fn counting_an_empty_list(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let variables = json!({ "platformKey": "acme", "query": "no such thing" });
        assert_eq!(
            kind.page(&anna, variables).await,
            json!({
                "count": 0, "page": 1, "pageSize": 10, "pageCount": 0,
                "nextPage": null, "previousPage": null, "results": [],
            })
        );
        let variables = json!({ "platformKey": "acme", "query": "no such thing", "first": 1 });
        assert_eq!(
            kind.connection(&anna, variables).await,
            json!({
                "nodes": [], "edges": [], "totalCount": 0,
                "pageInfo": {
                    "hasNextPage": false, "hasPreviousPage": false,
                    "startCursor": null, "endCursor": null,
                },
            })
        );
    }
}

async fn every_field_of_a_suggestion(server: &Server) {
    let anna = server.user("anna");
    let program = "program { key name org description url imageUrl platform { key } }";
    let data = anna
        .data(
            &USERS.page_document(&format!(
                "results {{ databaseId accepted visible metadata direct created modified \
                   platform {{ key org name }} {program} \
                   user {{ databaseId username name email }} suggestedBy {{ databaseId username }} }}"
            )),
            json!({ "platformKey": "acme", "query": "student2" }),
        )
        .await;
    assert_eq!(
        data["programSuggestionPage"]["results"],
        json!([{
            "databaseId": "1002", "accepted": true, "visible": true,
            "metadata": { "why": "fits", "n": [1, 2.5, null] }, "direct": true,
            "created": "2026-01-02T08:00:00.000000Z", "modified": "2026-03-01T08:00:00.123456Z",
            "platform": { "key": "acme", "org": "acme-u", "name": "Acme University" },
            "program": {
                "key": "program-v1:acme+ml+2026", "name": "Machine Learning 100%",
                "org": null, "description": null, "url": null, "imageUrl": null,
                "platform": { "key": "acme" },
            },
            "user": {
                "databaseId": "21", "username": "student2", "name": "Øyvind Ås",
                "email": "shared@acme.example",
            },
            "suggestedBy": { "databaseId": "11", "username": "dora" },
        }])
    );
    let data = anna
        .data(
            &GROUPS.page_document(&format!(
                "results {{ databaseId accepted visible metadata userCount created modified \
                   platform {{ key }} {program} \
                   group {{ databaseId name userCount department {{ databaseId key name parent {{ key parent {{ key }} }} }} \
                            platform {{ key }} }} \
                   suggestedBy {{ username }} }}"
            )),
            json!({ "platformKey": "acme", "filter": { "groupIds": ["101", "102"], "programKeys": [
                "program-v1:acme+ds+2026", "program-v1:acme+ml+2026",
            ] } }),
        )
        .await;
    assert_eq!(
        data["programGroupSuggestionPage"]["results"],
        json!([
            {
                "databaseId": "3001", "accepted": false, "visible": true, "metadata": {}, "userCount": 3,
                "created": "2026-01-01T09:00:00.000000Z", "modified": "2026-01-01T09:00:00.000000Z",
                "platform": { "key": "acme" },
                "program": {
                    "key": "program-v1:acme+ds+2026", "name": "Data Science", "org": "acme-u",
                    "description": "From data to decisions.", "url": "https://acme.example/ds",
                    "imageUrl": "https://acme.example/ds.png", "platform": { "key": "acme" },
                },
                "group": {
                    "databaseId": "101", "name": "Engineering Team", "userCount": 3,
                    "department": { "databaseId": "1", "key": "eng", "name": "Engineering", "parent": null },
                    "platform": { "key": "acme" },
                },
                "suggestedBy": { "username": "anna" },
            },
            {
                "databaseId": "3002", "accepted": true, "visible": true, "metadata": { "why": "web" },
                "userCount": 1,
                "created": "2026-01-02T09:00:00.000000Z", "modified": "2026-03-01T09:00:00.000000Z",
                "platform": { "key": "acme" },
                "program": {
                    "key": "program-v1:acme+ml+2026", "name": "Machine Learning 100%", "org": null,
                    "description": null, "url": null, "imageUrl": null, "platform": { "key": "acme" },
                },
                "group": {
                    "databaseId": "102", "name": "Web Guild", "userCount": 1,
                    "department": {
                        "databaseId": "2", "key": "web", "name": "Web",
                        "parent": { "key": "eng", "parent": null },
                    },
                    "platform": { "key": "acme" },
                },
                "suggestedBy": { "username": "dora" },
            },
        ])
    );
}

async fn unknown_platforms_and_foreign_organisations(server: &Server) {
    for kind in BOTH {
        for (document, paging) in [
            (kind.page_document("__typename"), json!({})),
            (
                kind.connection_document("__typename"),
                json!({ "first": 1 }),
            ),
        ] {
            let with = |platform: &str, org: Option<&str>| {
                let mut variables = paging.clone();
                variables["platformKey"] = json!(platform);
                variables["platformOrg"] = json!(org);
                variables
            };
            let anna = server.user("anna");
            anna.data(&document, with("acme", Some("acme-u"))).await;
            let code = anna.code(&document, with("acme", Some("globex-inc"))).await;
            assert_eq!(code, "BAD_USER_INPUT");
            // A platform that is closed and one that is nowhere look the same.
            for platform in ["globex", "nowhere", "", "ACME", "ac\u{0}me"] {
                for client in [anna.clone(), server.key("acme"), server.key("acme-root")] {
                    let code = client.code(&document, with(platform, None)).await;
                    assert_eq!(code, "FORBIDDEN", "{platform:?}");
                }
            }
            let root = server.user("root");
            for platform in ["nowhere", "", "ACME", "ac\u{0}me"] {
                let code = root.code(&document, with(platform, None)).await;
                assert_eq!(code, "BAD_USER_INPUT", "{platform:?}");
            }
            root.data(&document, with("globex", Some("globex-inc")))
                .await;
        }
    }
}

/// The global id of a user of acme.
async fn global_id(server: &Server, username: &str) -> String {
    let document = USERS.page_document("results { user { id username } }");
    let variables = json!({ "platformKey": "acme", "query": username });
    let data = server.user("root").data(&document, variables).await;
    let results = data["programSuggestionPage"]["results"].as_array().unwrap();
    let row = results
        .iter()
        .find(|row| row["user"]["username"] == json!(username));
    row.unwrap()["user"]["id"].as_str().unwrap().to_owned()
}

/// The global id of a group of acme.
async fn global_group_id(server: &Server, database_id: i64) -> String {
    let document = "{ platform(key: \"acme\") { groups(first: 100) { nodes { id databaseId } } } }";
    let data = server.user("root").data(document, json!({})).await;
    let groups = data["platform"]["groups"]["nodes"].as_array().unwrap();
    let row = groups
        .iter()
        .find(|row| row["databaseId"] == json!(database_id.to_string()));
    row.unwrap()["id"].as_str().unwrap().to_owned()
}

/// Rows whose fields are all at hand are written at once; one that has to be looked up leaves the whole
/// list to the executor.
async fn rows_that_write_themselves_say_what_the_executor_says(server: &Server) {
    let anna = server.user("anna");
    for (user, act, more) in [
        ("student1", "Dismiss", "reason: NO_TIME, comment: \"é\""),
        ("student4", "Accept", ""),
    ] {
        let document = format!(
            "mutation {{ suggestedProgram{act}(input: {{ suggestedProgram: {{ key: {{ platformKey: \"acme\",
                programKey: \"program-v1:acme+ds+2026\" }} }} {more} }}) {{ outcome }} }}"
        );
        server.user(user).data(&document, json!({})).await;
    }
    for kind in BOTH {
        let mut input = kind.item("ds", 20);
        for (name, value) in [
            ("message", json!("\"quoted\"")),
            ("dueAt", json!("2027-01-01T00:00:00Z")),
            ("visibleFrom", json!("2026-01-01T00:00:00Z")),
            ("visibleUntil", json!("2099-01-01T00:00:00Z")),
        ] {
            input[name] = value;
        }
        kind.create(&anna, input).await;
    }
    suggested_programs_that_write_themselves(server).await;
    let looked_up = "platform { programs(first: 1) { totalCount } }";
    for kind in BOTH {
        let of_subject = match kind.subject {
            "user" => {
                "user { id databaseId username name email } direct state
                answer { __typename accepted reason comment answeredAt }"
            }
            _ => "group { id databaseId name userCount } userCount",
        };
        let row = format!(
            "__typename id databaseId ...Flags same: accepted same: accepted \
             platform {{ id key org name __typename }} \
             program {{ id key name org description url imageUrl }} {of_subject} \
             suggestedBy {{ id username ... on User {{ email }} }} \
             message dueAt visibleFrom visibleUntil viewerCan {{ update delete __typename }}"
        );
        let flags = format!(
            " fragment Flags on {} {{ accepted visible ... {{ metadata }} created modified @include(if: true) }}",
            kind.type_name
        );
        let variables = json!({ "platformKey": "acme", "first": 100 });
        let lists = |row: &str| {
            let lists = format!("nodes {{ {row} }} edges {{ cursor node {{ {row} }} }}");
            kind.connection_document(&lists) + &flags
        };
        let written = anna.data(&lists(&row), variables.clone()).await;
        let mut executed = anna
            .data(&lists(&format!("{row} {looked_up}")), variables)
            .await;
        let list = &mut executed[format!("{}s", kind.prefix)];
        let mut rows = 0;
        for name in ["nodes", "edges"] {
            for row in list[name].as_array_mut().unwrap() {
                let row = if name == "edges" {
                    &mut row["node"]
                } else {
                    row
                };
                let programs = row["platform"].as_object_mut().unwrap().remove("programs");
                assert!(programs.is_some());
                rows += 1;
            }
        }
        assert_eq!(rows, 2 * kind.of_acme.len());
        assert_eq!(written, executed);

        let row =
            "index outcome suggestion { id program { name } } userErrors { code message field }";
        let document = |row: &str| {
            kind.mutation_document("BulkCreate", &format!("results {{ {row} }} errorCodes"))
        };
        let items: Vec<Value> = ["program-v1:acme+100x+2026", "none"]
            .into_iter()
            .map(|key| json!({ "programKey": key, (kind.subject): kind.subject(20) }))
            .collect();
        let input = json!({ "input": { "platformKey": "acme", "items": items } });
        anna.data(&document(row), input.clone()).await;
        let written = anna.data(&document(row), input.clone()).await;
        let looked_up = row.replace("program {", &format!("{looked_up} program {{"));
        let mut executed = anna.data(&document(&looked_up), input).await;
        let name = format!("{}BulkCreate", kind.prefix);
        let first = executed[&name]["results"][0]["suggestion"].as_object_mut();
        assert!(first.unwrap().remove("platform").is_some());
        assert_eq!(written, executed);
        assert_eq!(written[&name]["results"][0]["outcome"], json!("UNCHANGED"));
        assert_eq!(written[&name]["errorCodes"], json!(["PROGRAM_NOT_FOUND"]));
    }
}

/// Whether a page is found by walking or by sorting, it is the same.
async fn walks_that_end_before_a_page_is_full(scattered: &Scattered) {
    let orders = [
        ("ID", "/databaseId"),
        ("USER_ID", "/recipient/databaseId"),
        ("USERNAME", "/recipient/username"),
        ("NAME", "/recipient/name"),
        ("GROUP_ID", "/recipient/databaseId"),
        ("GROUP_NAME", "/recipient/name"),
        ("USER_COUNT", "/userCount"),
        ("PROGRAM_KEY", "/program/key"),
        ("PROGRAM_NAME", "/program/name"),
        ("ACCEPTED", "/accepted"),
        ("VISIBLE", "/visible"),
        ("CREATED", "/created"),
        ("MODIFIED", "/modified"),
    ];
    for kind in BOTH {
        let of_kind = if kind.prefix == GROUPS.prefix {
            "userCount recipient: group { databaseId name }"
        } else {
            "recipient: user { databaseId username name }"
        };
        let nodes = format!(
            "nodes {{ databaseId accepted visible created modified program {{ key name }} {of_kind} }}"
        );
        let document = kind.connection_document(&format!(
            "{nodes} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}"
        ));
        let root = scattered.0.user("root");
        let head = scattered.0.user("head");
        let page =
            async |client: &crate::support::Client, departments: bool, mut variables: Value| {
                variables["platformKey"] = json!("acme");
                variables["departmentMode"] = json!(departments);
                let mut data = client.data(&document, variables).await;
                data[format!("{}s", kind.prefix)].take()
            };
        let walk = async |departments: bool, variables: Value| {
            let client = if departments { &head } else { &root };
            let (mut rows, mut after) = (Vec::new(), Value::Null);
            loop {
                let mut variables = variables.clone();
                variables["after"] = after;
                let mut list = page(client, departments, variables).await;
                rows.append(list["nodes"].as_array_mut().unwrap());
                if list["pageInfo"]["hasNextPage"] == json!(false) {
                    return rows;
                }
                after = list["pageInfo"]["endCursor"].take();
            }
        };
        let all = walk(false, json!({ "first": 100 })).await;
        assert_eq!(all.len(), 420 * 8 + 30 * 2);
        let is_inside = |row: &&Value| row["recipient"]["databaseId"].as_str().unwrap() >= "20420";
        for (field, key) in orders {
            if kind.prefix == GROUPS.prefix && matches!(field, "USER_ID" | "USERNAME" | "NAME")
                || kind.prefix != GROUPS.prefix
                    && matches!(field, "GROUP_ID" | "GROUP_NAME" | "USER_COUNT")
            {
                continue;
            }
            let place = |row: &Value| {
                let value = row.pointer(key).unwrap();
                let number = value.as_i64().or(value.as_bool().map(i64::from));
                let id: i64 = row["databaseId"].as_str().unwrap().parse().unwrap();
                // Ids are texts of one length here, but for those of suggestions.
                let text = value.as_str().filter(|_| field != "ID").map(str::to_owned);
                (number, text, id)
            };
            for direction in ["ASC", "DESC"] {
                let order = json!({ "field": field, "direction": direction });
                let mut expected: Vec<&Value> = all.iter().collect();
                expected.sort_by_key(|row| place(row));
                if direction == "DESC" {
                    expected.reverse();
                }
                let what = format!("{} by {field} {direction}", kind.prefix);
                let same = |rows: &Value, expected: &[&Value]| {
                    let rows = rows.as_array().unwrap();
                    assert!(rows.iter().eq(expected.iter().copied()), "{what}");
                };
                // The two ends of the platform's list.
                let end = expected.len() - 30;
                let mut first = page(&root, false, json!({ "orderBy": order, "first": 30 })).await;
                same(&first["nodes"], &expected[..30]);
                let after = first["pageInfo"]["endCursor"].take();
                let next = json!({ "orderBy": order, "first": 7, "after": after });
                same(&page(&root, false, next).await["nodes"], &expected[30..37]);
                let mut last = page(&root, false, json!({ "orderBy": order, "last": 30 })).await;
                same(&last["nodes"], &expected[end..]);
                let before = last["pageInfo"]["startCursor"].take();
                let previous = json!({ "orderBy": order, "last": 7, "before": before });
                same(
                    &page(&root, false, previous).await["nodes"],
                    &expected[end - 7..end],
                );

                // All of the department's.
                let inside: Vec<&Value> = expected.iter().copied().filter(is_inside).collect();
                assert_eq!(inside.len(), 60);
                let found = walk(true, json!({ "orderBy": order, "first": 25 })).await;
                same(&Value::Array(found), &inside);
                let last = page(&head, true, json!({ "orderBy": order, "last": 8 })).await;
                same(&last["nodes"], &inside[52..]);
                let document = kind.page_document(&nodes.replacen("nodes", "results", 1));
                let numbered = json!({ "platformKey": "acme", "departmentMode": true,
                    "orderBy": order, "page": 3, "pageSize": 25 });
                let numbered = head.data(&document, numbered).await;
                same(
                    &numbered[format!("{}Page", kind.prefix)]["results"],
                    &inside[50..],
                );

                // Few of the rows that a walk meets.
                let is_of = |row: &Value, program: &str| row["program"]["key"] == json!(program);
                let is_called = |row: &Value| {
                    ["name", "username"].iter().any(|name| {
                        let name = row["recipient"][name].as_str();
                        name.is_some_and(|name| name.contains("m14"))
                    })
                };
                type Shown<'a> = &'a dyn Fn(&Value) -> bool;
                let narrowed: [(bool, Value, Shown<'_>); 5] = [
                    (
                        true,
                        json!({ "filter": { "programKeys": ["p1"] } }),
                        &|row| is_of(row, "p1"),
                    ),
                    (
                        false,
                        json!({ "filter": { "programKeys": ["p7"] } }),
                        &|row| is_of(row, "p7"),
                    ),
                    (true, json!({ "filter": { "visible": false } }), &|row| {
                        row["visible"] == json!(false)
                    }),
                    (true, json!({ "query": "M14" }), &is_called),
                    (false, json!({ "query": "M14" }), &is_called),
                ];
                for (departments, mut variables, is_shown) in narrowed {
                    let of = if departments { &inside } else { &expected };
                    let shown: Vec<&Value> =
                        of.iter().copied().filter(|row| is_shown(row)).collect();
                    assert!(shown.len() >= 20, "{variables}");
                    variables["orderBy"] = order.clone();
                    variables["first"] = json!(20);
                    let client = if departments { &head } else { &root };
                    same(
                        &page(client, departments, variables).await["nodes"],
                        &shown[..20],
                    );
                }
            }
        }
    }
}

/// However many suggestions a text matches, and whichever way they are found then, it is those.
async fn searched_texts_of_few_and_of_many_suggestions(crowded: &Crowded) {
    let root = crowded.0.user("root");
    let document = GROUPS.connection_document(
        "totalCount nodes { databaseId accepted group { name } program { key name } } \
         pageInfo { endCursor hasNextPage }",
    );
    let walk = async |variables: Value| {
        let (mut rows, mut total) = (Vec::new(), Value::Null);
        let mut variables = variables;
        variables["platformKey"] = json!("acme");
        variables["first"] = json!(100);
        loop {
            let mut data = root.data(&document, variables.clone()).await;
            let mut list = data["programGroupSuggestions"].take();
            rows.append(list["nodes"].as_array_mut().unwrap());
            total = if total.is_null() {
                list["totalCount"].take()
            } else {
                total
            };
            if list["pageInfo"]["hasNextPage"] == json!(false) {
                assert_eq!(total, json!(rows.len()));
                return rows;
            }
            variables["after"] = list["pageInfo"]["endCursor"].take();
        }
    };
    for order in ["ID", "GROUP_NAME", "PROGRAM_NAME", "ACCEPTED", "USER_COUNT"] {
        for direction in ["ASC", "DESC"] {
            let order = json!({ "field": order, "direction": direction });
            let all = walk(json!({ "orderBy": order })).await;
            assert_eq!(all.len(), 2_400);
            // Nothing, few, many, all.
            for text in [
                "nothing", "rare 0", "RARE", "course 1", "p39", "frequent", "course", "r",
            ] {
                let found = walk(json!({ "orderBy": order, "query": text })).await;
                let text = text.to_lowercase();
                let says = |value: &Value| value.as_str().unwrap().to_lowercase().contains(&text);
                let matching = all.iter().filter(|row| {
                    says(&row["group"]["name"])
                        || says(&row["program"]["name"])
                        || says(&row["program"]["key"])
                });
                assert!(matching.eq(&found), "{text} by {order}");
            }
        }
    }
    let filter = json!({ "accepted": true, "programKeys": ["p1", "p3"] });
    for text in ["rare", "frequent", "course"] {
        let found = walk(json!({ "filter": filter, "query": text })).await;
        let expected = match text {
            "rare" => 5,
            "frequent" => 35,
            _ => 40,
        };
        assert_eq!(found.len(), expected, "{text}");
    }
}

async fn suggested_programs_that_write_themselves(server: &Server) {
    let learner = server.user("student1");
    let row = "__typename id state overdue suggestedAt dueAt program { id key name } user { id username email }
        platform { id key } answer { accepted reason comment answeredAt } viewerCan { answer __typename }
        ways { __typename direct groupName suggestedByName message since dueAt }";
    let document = |row: &str| {
        format!(
            "{{ suggestedPrograms(platformKey: \"acme\", states: [PENDING, DISMISSED], first: 100) {{
                nodes {{ {row} }} edges {{ cursor node {{ {row} }} }} }} }}"
        )
    };
    let written = learner.data(&document(row), json!({})).await;
    assert_eq!(
        written["suggestedPrograms"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    // A field with a directive is left to the executor.
    let executed = document(&row.replace("overdue", "overdue @include(if: true)"));
    let executed = executed.replace("{ id key }", "{ id key @skip(if: false) }");
    assert_eq!(written, learner.data(&executed, json!({})).await);
}
