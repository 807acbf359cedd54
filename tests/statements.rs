//! How many SQL statements an operation sends: as many for one row or item as for a hundred. And their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use sqlformat::{FormatOptions, QueryParams};
use time::format_description::well_known::Rfc3339;

use crate::replica;
use crate::support::kind::{BOTH, Kind, USERS};
use crate::support::server::{Process, statements_of};
use crate::support::{Client, Database, Engine, Server, Subgraph, large};
use crate::webhooks::{LOCAL, Receiver, Reply};

both_engines!(as_many_for_one_as_for_a_hundred);

/// Everything that hangs on a suggestion.
fn selection(kind: Kind) -> &'static str {
    match kind.subject {
        "user" => {
            "databaseId accepted metadata platform { name } program { name platform { name } } \
             user { username email } suggestedBy { username email }"
        }
        _ => {
            "databaseId accepted metadata userCount platform { name } program { name platform { name } } \
             group { name userCount department { name parent { name } } platform { name } } suggestedBy { username }"
        }
    }
}

/// The operations that read, each in so many rows.
async fn reads(root: &Client, size: i64) -> Vec<(String, String, Value)> {
    let mut all = vec![
        ("viewer", "{ viewer { user { username email } platforms { role platform { name } departments { name parent { name } } } } }".to_owned(), json!({})),
        (
            "platform, programs",
            "query ($n: Int!) { platform(key: \"acme\") { name
                programs(first: $n) { totalCount nodes { name platform { name } } pageInfo { hasNextPage hasPreviousPage } } } }"
                .to_owned(),
            json!({ "n": size }),
        ),
        (
            "platform, groups",
            "query ($n: Int!) { platform(key: \"acme\") { name
                groups(last: $n, query: \"g\") { totalCount nodes { name userCount department { name parent { name } } } } } }"
                .to_owned(),
            json!({ "n": size }),
        ),
    ];
    let users = |arguments: &str| {
        format!(
            "query ($n: Int!) {{ platform(key: \"acme\") {{
                users({arguments}) {{ totalCount nodes {{ username name email }} pageInfo {{ hasNextPage hasPreviousPage }} }} }} }}"
        )
    };
    let after = cursor_of_a_user(root).await;
    for (what, arguments) in [
        ("platform, users", "first: $n".to_owned()),
        (
            "platform, users, the last",
            "last: $n, query: \"U\"".to_owned(),
        ),
        // Three letters are looked for in an index, where they are rare.
        (
            "platform, users, searched",
            "first: $n, query: \"nobody\"".to_owned(),
        ),
        (
            "platform, users, after a cursor",
            format!("first: $n, after: \"{after}\""),
        ),
        (
            "platform, users, of a department",
            "first: $n, departmentKey: \"d\"".to_owned(),
        ),
    ] {
        all.push((what, users(&arguments), json!({ "n": size })));
    }
    all.push((
        "platform, departments",
        "query ($n: Int!) { platform(key: \"acme\") { departments(first: $n, query: \"D\") { totalCount nodes { key name parent { key } } } } }".to_owned(),
        json!({ "n": size }),
    ));
    for (what, arguments) in [
        ("platform, groups and their members", "first: 2"),
        (
            "platform, groups and their members, searched",
            "last: 2, query: \"u1\"",
        ),
    ] {
        all.push((
            what,
            format!(
                "query ($n: Int!) {{ platform(key: \"acme\") {{ groups(first: $n) {{ nodes {{ name
                    members({arguments}) {{ totalCount nodes {{ username email }} }} }} }} }} }}"
            ),
            json!({ "n": size }),
        ));
    }
    let ids = ids_of_everything(root, size).await;
    let fields = "... on Platform { name } ... on Department { name parent { name } } \
        ... on Program { name platform { name } } ... on User { username email } \
        ... on UserGroup { name department { name } } \
        ... on ProgramSuggestion { user { username } program { name } suggestedBy { username } } \
        ... on ProgramGroupSuggestion { userCount group { name } program { name } }";
    all.push((
        "node",
        format!("query ($id: ID!) {{ node(id: $id) {{ id {fields} }} }}"),
        json!({ "id": ids[0] }),
    ));
    all.push((
        "nodes",
        format!("query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id {fields} }} }}"),
        json!({ "ids": ids }),
    ));
    let entities = format!(
        "query ($all: [_Any!]!) {{ _entities(representations: $all) {{ __typename {fields} }} }}"
    );
    let (by_id, by_key) = representations(root, &ids, size).await;
    all.push(("_entities", entities.clone(), json!({ "all": by_id })));
    all.push((
        "_entities, by other keys",
        entities,
        json!({ "all": by_key }),
    ));
    all.push(("_service", "{ _service { sdl } }".to_owned(), json!({})));
    let suggested = "query ($n: Int!, $search: String, $by: SuggestedProgramOrderField!) {
        suggestedPrograms(platformKey: \"acme\", departmentMode: true, user: { username: \"head\" }, query: $search,
          orderBy: { field: $by, direction: DESC }, first: $n) {
        totalCount stateCounts { pending accepted dismissed } pageInfo { hasNextPage hasPreviousPage }
        nodes { id state overdue user { username } platform { name } program { name url } answer { reason }
          ways { groupName suggestedByName message since dueAt } viewerCan { answer } } } }";
    for (name, search, by) in [
        ("suggestedPrograms", None, "SUGGESTED_AT"),
        (
            "suggestedPrograms searched",
            Some("program"),
            "PROGRAM_NAME",
        ),
        ("suggestedPrograms by due date", None, "DUE_AT"),
    ] {
        let variables = json!({ "n": size, "search": search, "by": by });
        all.push((name, suggested.to_owned(), variables));
    }
    let event =
        "action program { name } user { username } group { name } changes { field before after }
        apiKeyName source requestId suggestionId actor { username }";
    for (name, filter) in [
        ("suggestionEvents", json!(null)),
        (
            "suggestionEvents filtered",
            json!({ "actions": ["CREATED"], "kind": "USER", "programKeys": ["p1"],
            "userIds": ["1001"], "actorIds": ["2"], "after": "2020-01-01T00:00:00Z", "before": "2999-01-01T00:00:00Z" }),
        ),
    ] {
        let document = format!(
            "query ($n: Int!, $filter: SuggestionEventFilter) {{
              suggestionEvents(platformKey: \"acme\", departmentMode: true, first: $n, filter: $filter) {{
                totalCount pageInfo {{ hasNextPage hasPreviousPage }} nodes {{ {event} platform {{ name }} batch {{ operation }} }} }} }}"
        );
        all.push((name, document, json!({ "n": size, "filter": filter })));
    }
    all.push((
        "suggestionBatches",
        "query ($n: Int!) { suggestionBatches(platformKey: \"acme\", departmentMode: true, first: $n) {
            totalCount pageInfo { hasNextPage } nodes { operation createdCount apiKeyName } } }"
            .to_owned(),
        json!({ "n": size }),
    ));
    let mut all: Vec<(String, String, Value)> = all
        .into_iter()
        .map(|(name, document, variables)| (name.to_owned(), document, variables))
        .collect();
    for kind in BOTH {
        let (prefix, rows) = (kind.prefix, selection(kind));
        let info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
        let list = kind.connection_document(&format!(
            "totalCount {info} nodes {{ {rows} }} edges {{ cursor }}"
        ));
        let short = kind.connection_document("nodes { databaseId }");
        let page = kind.page_document(&format!(
            "count pageCount nextPage previousPage results {{ {rows} }}"
        ));
        let answers = kind.connection_document(match kind.subject {
            "user" => "totalCount stateCounts { pending } topPrograms { count program { name } }
                nodes { state answer { reason } message dueAt viewerCan { update } }",
            _ => "topPrograms { count program { name } } nodes { message viewerCan { delete }
                stateCounts { pending accepted dismissed }
                members(first: 2, states: [PENDING]) { totalCount stateCounts { pending } pageInfo { hasNextPage }
                  nodes { state overdue ways { groupName } program { name } user { email } } } }",
        });
        let due =
            json!({ "dueAfter": "2026-01-01T00:00:00Z", "dueBefore": "2027-01-01T00:00:00Z" });
        let state = match kind.subject {
            "user" => json!({ "states": ["PENDING"], "visible": true }),
            _ => json!({ "visible": true }),
        };
        for (what, document, variables) in [
            ("s with answers", &answers, json!({ "first": size })),
            (
                "s with answers, filtered by state",
                &answers,
                json!({ "first": size, "filter": state }),
            ),
            (
                "s filtered by due date",
                &short,
                json!({ "first": size, "filter": due }),
            ),
            ("s, rows alone", &short, json!({ "first": size })),
            ("s", &list, json!({ "first": size })),
            ("s backwards", &list, json!({ "last": size })),
            (
                "s by program name",
                &list,
                json!({ "first": size, "orderBy": { "field": "PROGRAM_NAME" } }),
            ),
            (
                "s searched",
                &list,
                json!({ "first": size, "query": "program" }),
            ),
            (
                "s searched, two letters",
                &list,
                json!({ "first": size, "query": "pr" }),
            ),
            (
                "s filtered",
                &list,
                json!({ "first": size, "filter": { "accepted": false, "programKeys": ["p0", "p1"] } }),
            ),
            ("Page", &page, json!({ "pageSize": size })),
            (
                "Page searched",
                &page,
                json!({ "pageSize": size, "query": "program" }),
            ),
        ] {
            let mut variables = variables;
            variables["platformKey"] = json!("acme");
            variables["departmentMode"] = json!(true);
            all.push((format!("{prefix}{what}"), document.clone(), variables));
        }
    }
    all
}

/// The cursor of a user in the middle of the list.
async fn cursor_of_a_user(root: &Client) -> String {
    let data = root
        .data(
            "{ platform(key: \"acme\") { users(first: 10) { pageInfo { endCursor } } } }",
            json!({}),
        )
        .await;
    let cursor = &data["platform"]["users"]["pageInfo"]["endCursor"];
    cursor.as_str().unwrap().to_owned()
}

/// Ids: one of each type, or if more are wanted a hundred.
async fn ids_of_everything(root: &Client, size: i64) -> Vec<Value> {
    let data = root
        .data(
            "{ platform(key: \"acme\") { id
                 programs(first: 20) { nodes { id } } groups(first: 20) { nodes { id department { id } } } }
               users: programSuggestionPage(platformKey: \"acme\", pageSize: 30) { nodes: results { id user { id } } }
               groups: programGroupSuggestionPage(platformKey: \"acme\", pageSize: 30) { nodes: results { id } } }",
            json!({}),
        )
        .await;
    let platform = &data["platform"];
    let first = |rows: &Value| rows["nodes"][0].clone();
    let (user, group) = (first(&data["users"]), first(&platform["groups"]));
    let mut ids = vec![
        &user["id"],
        &user["user"]["id"],
        &group["id"],
        &group["department"]["id"],
        &platform["id"],
        &platform["programs"]["nodes"][0]["id"],
        &data["groups"]["nodes"][0]["id"],
    ];
    if size == 1 {
        return ids.into_iter().cloned().collect();
    }
    for list in [
        &data["users"],
        &data["groups"],
        &platform["groups"],
        &platform["programs"],
    ] {
        for row in list["nodes"].as_array().unwrap() {
            ids.extend([&row["id"], &row["user"]["id"], &row["department"]["id"]]);
        }
    }
    ids.push(&platform["id"]);
    let mut ids: Vec<Value> = ids
        .into_iter()
        .filter(|id| id.is_string())
        .cloned()
        .collect();
    ids.truncate(usize::try_from(size).unwrap());
    ids
}

/// What a gateway asks for: what has these ids, by id; and so many of each type that has another key,
/// by that key.
async fn representations(root: &Client, ids: &[Value], size: i64) -> (Vec<Value>, Vec<Value>) {
    let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    let mut data = root.data(document, json!({ "ids": ids })).await;
    let by_id: Vec<Value> = data["nodes"].as_array_mut().unwrap().drain(..).collect();
    assert_eq!(by_id.len(), ids.len());
    let mut by_key = vec![json!({ "__typename": "Platform", "key": "acme" })];
    for number in 0..size {
        let id = (1000 + number).to_string();
        by_key.push(json!({ "__typename": "User", "databaseId": id }));
        by_key.push(json!({ "__typename": "UserGroup", "databaseId": id }));
        let key = format!("p{number}");
        by_key.push(json!({ "__typename": "Program", "key": key, "platform": { "key": "acme" } }));
    }
    (by_id, by_key)
}

/// The operations that write, each for so many items, in an order in which each finds what it needs.
fn writes(kind: Kind, size: i64) -> Vec<(String, Value, &'static str)> {
    let item = |number: i64, more: Value| {
        let mut item = json!({ "programKey": format!("p{}", (number + 1) % large::SIZE) });
        item[kind.subject] = json!({ "databaseId": (1000 + number).to_string() });
        for (name, value) in more.as_object().unwrap() {
            item[name] = value.clone();
        }
        item
    };
    let items = |more: Value| -> Vec<Value> {
        (0..size).map(|number| item(number, more.clone())).collect()
    };
    let accepted = json!({ "accepted": true });
    vec![
        (
            "BulkCreate, a dry run".into(),
            json!({ "items": items(json!({})), "dryRun": true }),
            "BulkCreate",
        ),
        (
            "BulkCreate, created".into(),
            json!({ "items": items(json!({})) }),
            "BulkCreate",
        ),
        (
            "BulkCreate, unchanged".into(),
            json!({ "items": items(json!({})) }),
            "BulkCreate",
        ),
        (
            "BulkCreate, updated".into(),
            json!({ "items": items(accepted.clone()), "errorPolicy": "ABORT" }),
            "BulkCreate",
        ),
        (
            "BulkCreate, with a key".into(),
            json!({ "items": items(json!({ "metadata": { "size": size } })), "idempotencyKey": format!("{} {size}", kind.subject) }),
            "BulkCreate",
        ),
        ("Create, created".into(), item(size, json!({})), "Create"),
        ("Create, unchanged".into(), item(size, json!({})), "Create"),
        ("Create, updated".into(), item(size, accepted), "Create"),
    ]
}

/// The fields of webhooks, whose lists take as many statements for one endpoint as for twenty, and all statements
/// that they and the sender send.
async fn webhooks(engine: Engine) -> (Vec<String>, Vec<(String, String)>) {
    let logged = ("WAYMARK_LOG_LEVEL", "info,waymark::sql=debug");
    let http = ("WAYMARK_WEBHOOKS_ALLOW_HTTP", "true");
    let server = Server::over_with(Database::with_fixture(engine), &[logged, http]);
    let anna = server.user("anna");
    let replies = [200, 500, 410].map(Reply::Status);
    let mut receivers = Vec::new();
    for reply in replies {
        receivers.push(Receiver::new([reply]).await);
    }
    let mut fields = BTreeSet::new();
    let mut change = async |client: &Client, act: &str, input: Value| {
        let field = format!("webhookEndpoint{act}");
        let selection = if act == "Delete" {
            "deletedId"
        } else {
            "endpoint { id }"
        };
        let document = format!(
            "mutation ($input: WebhookEndpoint{act}Input!) {{ {field}(input: $input) {{ {selection} userErrors {{ code }} }} }}"
        );
        let mut data = client.data(&document, json!({ "input": input })).await;
        assert_eq!(data[&field]["userErrors"], json!([]), "{data:#}");
        fields.insert(field.clone());
        data[&field].take()
    };
    let mut ids = Vec::new();
    let mut counts = Vec::new();
    for size in [1, 20] {
        for number in ids.len()..size {
            let (url, actions) = match receivers.get(number) {
                Some(receiver) => (receiver.url(), Value::Null),
                None => ("http://127.0.0.1:9/".to_owned(), json!(["DELETED"])),
            };
            let input = json!({ "platformKey": "acme", "url": url, "actions": actions });
            let made = change(&anna, "Create", input).await;
            ids.push(made["endpoint"]["id"].clone());
        }
        for client in [&anna, &server.user("root")] {
            for arguments in [
                "first: 2",
                "last: 2, before: \"WyJ3ZCIsIklEIix0cnVlLG51bGwsOV0\"",
            ] {
                let document = format!(
                    "{{ webhookEndpoints(platformKey: \"acme\", first: 20) {{ totalCount nodes {{ pendingCount platform {{ name }}
                        createdBy {{ name }} deliveries({arguments}) {{ totalCount nodes {{ events }}
                        pageInfo {{ hasNextPage hasPreviousPage }} }} }} }} }}"
                );
                let before = server.statements().await;
                client.data(&document, json!({})).await;
                counts.push(server.statements().await - before);
            }
            let node = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on WebhookEndpoint { url pendingCount } } }";
            client.data(node, json!({ "ids": ids })).await;
        }
    }
    let (one, twenty) = counts.split_at(counts.len() / 2);
    assert_eq!(one, twenty, "as many for one endpoint as for twenty");
    let all = json!({ "id": ids[0], "url": receivers[0].url(), "description": "x", "actions": ["CREATED", "DELETED"] });
    change(&anna, "Update", all).await;
    for paused in [true, false] {
        let input = json!({ "id": ids[0], "paused": paused });
        change(&anna, "Update", input).await;
    }
    change(&anna, "RotateSecret", json!({ "id": ids[0] })).await;
    let document = "{ suggestionEvents(platformKey: \"acme\", first: 1) { edges { cursor } } }";
    let cursor =
        anna.data(document, json!({})).await["suggestionEvents"]["edges"][0]["cursor"].take();
    let input = json!({ "id": ids[0], "after": cursor });
    change(&anna, "Replay", input).await;
    change(&anna, "Delete", json!({ "id": ids[19] })).await;

    // Sent by another process, which is told to look.
    let mut sent = server.sent();
    let mut environment = LOCAL.to_vec();
    environment.push(logged);
    let sender = Process::start(&server.database, &environment);
    USERS
        .bulk_create(
            &anna,
            json!({ "platformKey": "acme", "items": [USERS.item("100x", 20)] }),
        )
        .await;
    let expected = [
        "due",
        "lease",
        "leased",
        "next",
        "begin",
        "taken",
        "failed",
        "skip",
        "release",
        "waiting",
        "insert_delivery",
        "expire_deliveries",
    ];
    loop {
        let said = statements_of(&sender.log());
        let names: BTreeSet<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
        let failed = said.iter().filter(|(name, _)| name == "webhooks.failed");
        let failed: BTreeSet<&str> = failed.map(|(_, text)| text.as_str()).collect();
        let all = expected
            .iter()
            .all(|name| names.contains(format!("webhooks.{name}").as_str()));
        if all && failed.len() == 2 {
            sent.extend(said);
            break;
        }
        tokio::task::yield_now().await;
    }
    fields.insert("webhookEndpoints".to_owned());
    (fields.into_iter().collect(), sent)
}

/// The statements of imports that write rows of every type, new ones and again, and of exports.
fn transferred(database: &Database) -> Vec<(String, String)> {
    let lines = |name: &str| {
        let suggested = json!({ "platform": "acme", "program": "p", "message": name });
        let with = |more: Value| {
            let mut line = suggested.clone();
            line.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            line
        };
        let lines = [
            json!({ "type": "platform", "key": "acme", "org": "o", "name": name }),
            json!({ "type": "program", "platform": "acme", "key": "p", "name": name }),
            json!({ "type": "user", "id": 1, "username": name, "name": name }),
            json!({ "type": "user", "id": 2, "username": "u", "name": name }),
            json!({ "type": "member", "platform": "acme", "user": "u", "role": if name == "new" { "admin" } else { "learner" } }),
            json!({ "type": "department", "id": 1, "platform": "acme", "key": "d", "name": name }),
            json!({ "type": "department", "platform": "acme", "key": "e", "name": name, "parent": "d" }),
            json!({ "type": "department_member", "platform": "acme", "department": "d", "user": "u", "admin": name == "new" }),
            json!({ "type": "group", "id": 1, "platform": "acme", "name": name, "department": "d" }),
            json!({ "type": "group", "id": 2, "platform": "acme", "name": name }),
            json!({ "type": "group_member", "group": 1, "user": "u", "active": name == "new" }),
            with(json!({ "type": "program_suggestion", "user": "u" })),
            with(json!({ "type": "program_group_suggestion", "group": 1, "id": 1 })),
            with(json!({ "type": "program_group_suggestion", "group": 2 })),
            json!({ "type": "suggestion_answer", "platform": "acme", "program": "p", "user": "u", "answer": "dismissed",
                    "comment": name }),
        ];
        lines.map(|line| format!("{line}\n")).concat()
    };
    let other = r#"{"type":"member","platform":"acme","user":"new","role":"learner"}
{"type":"program","platform":"acme","key":"q","name":"q"}
{"type":"program_suggestion","id":7,"platform":"acme","program":"q","user":"new"}
"#;
    database.waymark(&["migrate", "up"]).succeed();
    let runs = [
        (&["import", "-"][..], lines("new") + other),
        (&["import", "-"], lines("old")),
        (&["export"], String::new()),
        (&["export", "--platform", "acme"], String::new()),
    ];
    runs.into_iter()
        .flat_map(|(arguments, input)| {
            let ended = database
                .waymark(arguments)
                .env("WAYMARK_LOG_LEVEL", "warn,waymark::sql=debug")
                .env("WAYMARK_LOG_FORMAT", "json")
                .input(input)
                .end();
            assert_eq!(ended.status, Some(0), "{}", ended.stderr);
            statements_of(&ended.stderr)
        })
        .collect()
}

/// What subscriptions send, by their reader and by the loop that asks for rights.
async fn subscriptions(engine: Engine) -> Vec<(String, String)> {
    let logged = ("WAYMARK_LOG_LEVEL", "info,waymark::sql=debug");
    let server = Server::over_with(Database::with_fixture(engine), &[logged]);
    let anna = server.user("anna");
    let suggest = async |program: &str, visible_from: Option<String>| {
        let mut item = USERS.item(program, 20);
        item["visibleFrom"] = json!(visible_from);
        let input = json!({ "platformKey": "acme", "items": [item] });
        let document = USERS.mutation_document("BulkCreate", "createdCount");
        let data = anna.data(&document, json!({ "input": input })).await;
        assert_eq!(data["programSuggestionBulkCreate"]["createdCount"], 1);
    };
    let newest = "{ suggestionEvents(platformKey: \"acme\", last: 1) { pageInfo { endCursor } } }";
    let newest = anna.data(newest, json!({})).await;
    let after = &newest["suggestionEvents"]["pageInfo"]["endCursor"];
    let events = "subscription ($after: String) { suggestionEvents(platformKey: \"acme\", departmentMode: true, after: $after) { cursor } }";
    let counts =
        "subscription { suggestedPrograms(platformKey: \"acme\") { at stateCounts { pending } } }";
    let mut head = server.socket("dora").await;
    head.subscribe("events", events, json!({ "after": after }))
        .await;
    let mut person = server.socket("student1").await;
    person.subscribe("counts", counts, json!({})).await;
    let mut pending = async || {
        let mut counted = person.next("counts").await;
        let counted = counted["suggestedPrograms"].take();
        (counted["at"].clone(), counted["stateCounts"].clone())
    };
    let (at, first) = pending().await;
    suggest("ml", Some(two_seconds_after(&at))).await;
    head.next("events").await;
    // When the window has opened, all loops have looked.
    while pending().await.1 == first {}
    suggest("zh", None).await;
    head.next("events").await;
    server.sent()
}

fn two_seconds_after(at: &Value) -> String {
    let at = time::OffsetDateTime::parse(at.as_str().unwrap(), &Rfc3339).unwrap();
    (at + Duration::from_secs(2)).format(&Rfc3339).unwrap()
}

/// Compares the statements that were sent with the committed files, one a name. With the environment variable
/// `UPDATE_STATEMENTS` the files are written anew: `UPDATE_STATEMENTS=1 scripts/test --quick statements`.
fn compare(engine: Engine, sent: &BTreeMap<String, BTreeSet<String>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/statements")
        .join(match engine {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        });
    #[expect(clippy::disallowed_methods, reason = "a switch of the test command")]
    let update = std::env::var_os("UPDATE_STATEMENTS").is_some();
    if update {
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
    }
    let mut files = BTreeSet::new();
    for (name, texts) in sent {
        let options = FormatOptions {
            max_inline_block: 60,
            max_inline_arguments: Some(80),
            max_inline_top_level: Some(80),
            ..FormatOptions::default()
        };
        let texts: Vec<String> = texts
            .iter()
            .map(|text| sqlformat::format(text, &QueryParams::None, &options))
            .collect();
        let text = texts.join(";\n\n") + ";\n";
        let file = folder.join(format!("{name}.sql"));
        if update {
            std::fs::write(&file, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            committed == text,
            "{} is not what is sent now; write it anew with UPDATE_STATEMENTS=1, and read the difference:\n{text}",
            file.display()
        );
        files.insert(file);
    }
    let committed: BTreeSet<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(committed, files, "every committed statement is sent");
}

async fn as_many_for_one_as_for_a_hundred(Subgraph(given): &Subgraph) {
    let engine = given.database.engine;
    let mut operations = BTreeSet::new();
    let mut counts: BTreeMap<String, BTreeMap<&str, Vec<u64>>> = BTreeMap::new();
    let mut sent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for caller in ["root", "admin", "head"] {
        // The tokens of the fixture name users by username, so that they do here as well.
        let mut lines = large::lines(true);
        for group in 1000..1000 + large::SIZE {
            lines.push(json!({ "type": "group_member", "group": group, "user": "head" }));
        }
        let server = Server::subgraph_over(large::database(engine, &lines));
        let (root, client) = (server.user("root"), server.user(caller));
        for size in [1, 100] {
            let mut count = async |name: &str, document: &str, variables: Value| {
                let before = server.statements().await;
                let data = client.data(document, variables).await;
                let after = server.statements().await;
                let field = data.as_object().unwrap().keys().next().unwrap().clone();
                operations.insert(field);
                let row = counts.entry(name.to_owned()).or_default();
                row.entry(caller).or_default().push(after - before);
                data
            };
            for (name, document, variables) in reads(&root, size).await {
                count(&name, &document, variables).await;
            }
            let of_head = root.data("{ suggestedPrograms(platformKey: \"acme\", user: { username: \"head\" }, first: 1) { nodes { id } } }", json!({})).await;
            let id = &of_head["suggestedPrograms"]["nodes"][0]["id"];
            for act in ["Accept", "Dismiss", "Restore"] {
                let document = format!(
                    "mutation ($input: SuggestedProgram{act}Input!) {{ suggestedProgram{act}(input: $input) {{
                        outcome suggestedProgram {{ state program {{ name }} ways {{ groupName }} }} }} }}"
                );
                let input = json!({ "input": { "suggestedProgram": { "id": id } } });
                let data = count(&format!("suggestedProgram{act}"), &document, input).await;
                let outcome = &data[format!("suggestedProgram{act}")]["outcome"];
                let expected = if caller == "head" {
                    "UPDATED"
                } else {
                    "FAILED"
                };
                assert_eq!(*outcome, json!(expected));
            }
            for kind in BOTH {
                let keys: Vec<String> = (0..size).map(|number| format!("p{number}")).collect();
                for (act, counted, more) in [
                    (
                        "UpdateWhere",
                        "updatedCount",
                        json!({ "set": { "message": format!("{size}"), "visibleUntil": "2099-01-01T00:00:00Z" } }),
                    ),
                    (
                        "DeleteWhere",
                        "deletedCount",
                        json!({ "dryRun": true, "query": "program" }),
                    ),
                ] {
                    let mut input = json!({ "platformKey": "acme", "departmentMode": true,
                        "filter": { "programKeys": keys }, "expectedCount": size });
                    for (name, value) in more.as_object().unwrap() {
                        input[name] = value.clone();
                    }
                    let document =
                        kind.mutation_document(act, &format!("{counted} userErrors {{ code }}"));
                    let name = format!("{}{act}", kind.prefix);
                    let data = count(&name, &document, json!({ "input": input })).await;
                    assert_eq!(data[&name][counted], json!(size), "{data:#}");
                }
                let document = "{ suggestionBatches(platformKey: \"acme\", first: 1) { nodes { id updatedCount } } }";
                let newest = root.data(document, json!({})).await;
                let newest = &newest["suggestionBatches"]["nodes"][0];
                assert_eq!(newest["updatedCount"], json!(size));
                let input = json!({ "platformKey": "acme", "departmentMode": true, "batch": newest["id"], "dryRun": true });
                let document = "mutation ($input: SuggestionBatchUndoInput!) { suggestionBatchUndo(input: $input) { updatedCount } }";
                let name = format!("suggestionBatchUndo {}", kind.prefix);
                let data = count(&name, document, json!({ "input": input })).await;
                assert_eq!(data["suggestionBatchUndo"]["updatedCount"], json!(size));
                for (name, mut input, act) in writes(kind, size) {
                    input["platformKey"] = json!("acme");
                    input["departmentMode"] = json!(true);
                    let selection = if act == "Create" {
                        format!(
                            "outcome suggestion {{ {} }} userErrors {{ code }}",
                            selection(kind)
                        )
                    } else {
                        format!(
                            "successes failedCount results {{ outcome suggestion {{ {} }} }}",
                            selection(kind)
                        )
                    };
                    let document = kind.mutation_document(act, &selection);
                    let name = format!("{}{name}", kind.prefix);
                    let data = count(&name, &document, json!({ "input": input })).await;
                    let payload = &data[format!("{}{act}", kind.prefix)];
                    if act == "BulkCreate" {
                        assert_eq!(payload["successes"], json!(size), "{payload:#}");
                    } else {
                        assert_ne!(payload["outcome"], json!("FAILED"), "{payload:#}");
                    }
                }
                // What was created, taken back again: one, and then the others.
                let page = kind.page_document("results { id }");
                let variables = json!({ "platformKey": "acme", "pageSize": (size + 1).min(100), "orderBy": { "field": "MODIFIED", "direction": "DESC" } });
                let found = root.data(&page, variables).await;
                let ids: Vec<Value> = found[format!("{}Page", kind.prefix)]["results"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| json!({ "id": row["id"] }))
                    .collect();
                let input =
                    json!({ "platformKey": "acme", "departmentMode": true, "suggestion": ids[0] });
                let document = kind.mutation_document("Delete", "deletedId");
                let name = format!("{}Delete", kind.prefix);
                count(&name, &document, json!({ "input": input })).await;
                let input = json!({ "platformKey": "acme", "departmentMode": true, "suggestions": ids[1..] });
                let document = kind.mutation_document("BulkDelete", "deletedIds failedCount");
                let name = format!("{}BulkDelete", kind.prefix);
                count(&name, &document, json!({ "input": input })).await;
            }
        }
        for (name, text) in server.sent() {
            sent.entry(name).or_default().insert(text);
        }
    }
    let (fields, of_webhooks) = webhooks(engine).await;
    operations.extend(fields);
    let of_replica = match engine {
        Engine::Sqlite => Vec::new(),
        Engine::Postgres => replica::statements().await,
    };
    for (name, text) in transferred(&Database::empty(engine))
        .into_iter()
        .chain(of_webhooks)
        .chain(subscriptions(engine).await)
        .chain(of_replica)
    {
        sent.entry(name).or_default().insert(text);
    }
    compare(engine, &sent);
    let heading = format!("{:<64}DM admin  platform admin  department admin\n", "");
    let (mut table, mut of_answers) = (heading.clone(), heading);
    for (name, row) in &counts {
        let mut cells = Vec::new();
        for caller in ["root", "admin", "head"] {
            let [one, hundred] = row[caller][..] else {
                panic!("{name} was counted {} times", row[caller].len());
            };
            assert_eq!(one, hundred, "{name} as {caller}");
            cells.push(hundred);
        }
        // PostgreSQL locks what SQLite, with one writer, need not.
        let is_answer =
            ["Accept", "Dismiss", "Restore"].map(|act| format!("suggestedProgram{act}"));
        let table = if is_answer.contains(name) {
            &mut of_answers
        } else {
            &mut table
        };
        writeln!(
            table,
            "{name:<64}{:<10}{:<16}{}",
            cells[0], cells[1], cells[2]
        )
        .unwrap();
    }
    // The same on both engines.
    insta::assert_snapshot!("statements", table);
    insta::assert_snapshot!(format!("statements_of_answers_{engine:?}"), of_answers);
    let schema = given
        .user("root")
        .data(
            "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }",
            json!({}),
        )
        .await;
    let all: BTreeSet<String> = ["queryType", "mutationType"]
        .iter()
        .flat_map(|root| schema["__schema"][root]["fields"].as_array().unwrap())
        .map(|field| field["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(operations, all, "every root field of the schema is counted");
}
