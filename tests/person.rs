//! The person's side: what is suggested to me, my answer, and how administrators see it.

use serde_json::{Value, json};

use crate::support::kind::{BOTH, GROUPS, USERS};
use crate::support::{Client, Engine, Server, run, until};

both_engines!(
    the_whole_story,
    each_program_once,
    lists_of_suggested_programs,
    who_sees_whose,
    who_answers,
    answers_and_flags,
    answers_that_cannot_be,
    windows_open_and_close,
    two_answers_at_once,
    an_answer_and_its_suggestion_at_once,
    states_of_lists,
    members_of_a_group_suggestion,
    messages_and_windows_of_suggestions,
    what_the_caller_may_do,
    what_a_learner_sees_by_id,
    changing_what_a_list_shows,
    changes_of_a_list_that_cannot_be,
);

const ACME: &str = "acme";

/// The key of a program of acme.
fn program(short: &str) -> String {
    format!("program-v1:acme+{short}+2026")
}

const SELECTION: &str = "id state overdue suggestedAt dueAt viewerCan { answer } user { username }
    platform { key } program { key name description }
    answer { accepted reason comment answeredAt }
    ways { direct groupName suggestedByName message since dueAt }";

/// The suggested programs of somebody on acme.
async fn suggested(client: &Client, mut variables: Value) -> Value {
    let document = format!(
        "query ($platformKey: String!, $platformOrg: String, $departmentMode: Boolean! = false, $user: UserRef,
            $states: [SuggestionState!]! = [PENDING, ACCEPTED], $query: String,
            $orderBy: SuggestedProgramOrder! = {{ field: SUGGESTED_AT, direction: DESC }},
            $first: Int = 100, $after: String, $last: Int, $before: String) {{
          suggestedPrograms(platformKey: $platformKey, platformOrg: $platformOrg, departmentMode: $departmentMode,
            user: $user, states: $states, query: $query, orderBy: $orderBy,
            first: $first, after: $after, last: $last, before: $before) {{
            nodes {{ {SELECTION} }} edges {{ cursor }} totalCount stateCounts {{ pending accepted dismissed }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    if variables.get("platformKey").is_none() {
        variables["platformKey"] = json!(ACME);
    }
    let answer = client.graphql(&document, variables).await.json();
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!(code),
        None => answer["data"]["suggestedPrograms"].clone(),
    }
}

/// The short keys of the rows.
fn keys(list: &Value) -> Vec<String> {
    let rows = list["nodes"].as_array();
    let rows = rows.unwrap_or_else(|| panic!("no list: {list:#}"));
    let short = |row: &Value| {
        let key = row["program"]["key"].as_str().unwrap();
        key.split('+').nth(1).unwrap().to_owned()
    };
    rows.iter().map(short).collect()
}

fn row<'l>(list: &'l Value, short: &str) -> &'l Value {
    let rows = list["nodes"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["program"]["key"] == program(short));
    row.unwrap_or_else(|| panic!("no {short} in {list:#}"))
}

/// Accepts, dismisses or restores a program of acme.
async fn answer(client: &Client, act: &str, short: &str, more: Value) -> Value {
    let mut input = json!({ "suggestedProgram": { "key": { "platformKey": ACME, "programKey": program(short) } } });
    for (name, value) in more.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    answer_with(client, act, input).await
}

async fn answer_with(client: &Client, act: &str, input: Value) -> Value {
    let field = format!("suggestedProgram{act}");
    let document = format!(
        "mutation ($input: SuggestedProgram{act}Input!) {{ {field}(input: $input) {{
            clientMutationId outcome suggestedProgram {{ {SELECTION} }} userErrors {{ code field message }} }} }}"
    );
    let body = client
        .graphql(&document, json!({ "input": input }))
        .await
        .json();
    match body["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!(code),
        None => body["data"][field].clone(),
    }
}

fn error(payload: &Value) -> (&str, &Value) {
    let errors = &payload["userErrors"];
    assert_eq!(payload["outcome"], "FAILED", "{payload:#}");
    assert_eq!(payload["suggestedProgram"], Value::Null);
    (errors[0]["code"].as_str().unwrap(), &errors[0]["field"])
}

/// Suggests something of acme, which must go well, and returns the suggestion.
async fn suggest(server: &Server, kind: crate::support::kind::Kind, item: Value) -> Value {
    let mut input = item;
    input["platformKey"] = json!(ACME);
    let document = kind.mutation_document(
        "Create",
        "outcome suggestion { id databaseId accepted modified } userErrors { code message }",
    );
    let mut data = server
        .user("anna")
        .data(&document, json!({ "input": input }))
        .await;
    let payload = data[format!("{}Create", kind.prefix)].take();
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload
}

/// Adds a line of the import format.
fn import(server: &Server, line: Value) {
    let path = server.database.file("more.ndjson", line.to_string());
    server.database.waymark(&["import", &path]).succeed();
}

fn counts(pending: i64, accepted: i64, dismissed: i64) -> Value {
    json!({ "pending": pending, "accepted": accepted, "dismissed": dismissed })
}

async fn the_whole_story(server: &Server) {
    let (anna, learner) = (server.user("anna"), server.user("student4"));
    // An administrator suggests to a group; a learner sees it with its reason.
    let item = json!({ "programKey": program("100x"), "group": { "databaseId": "104" },
        "message": "Start in spring", "dueAt": "2099-01-01T00:00:00Z" });
    let suggestion = suggest(server, GROUPS, item).await["suggestion"].clone();
    let list = suggested(&learner, json!({})).await;
    let mine = row(&list, "100x").clone();
    assert_eq!(mine["state"], "PENDING");
    assert_eq!(mine["answer"], Value::Null);
    assert_eq!(mine["overdue"], false);
    assert_eq!(mine["dueAt"], "2099-01-01T00:00:00.000000Z");
    assert_eq!(mine["viewerCan"], json!({ "answer": true }));
    let way = &mine["ways"][0];
    assert_eq!(way["direct"], false);
    assert_eq!(way["groupName"], "Everyone 100%");
    assert_eq!(way["suggestedByName"], "Anna Admin");
    assert_eq!(way["message"], "Start in spring");
    assert_eq!(way["since"], mine["suggestedAt"]);

    // Dismisses it with a reason.
    let input = json!({ "clientMutationId": "c", "suggestedProgram": { "id": mine["id"] },
        "reason": "NO_TIME", "comment": "next year" });
    let payload = answer_with(&learner, "Dismiss", input).await;
    assert_eq!(payload["clientMutationId"], "c");
    assert_eq!(payload["outcome"], "UPDATED");
    assert_eq!(payload["suggestedProgram"]["id"], mine["id"]);
    assert_eq!(payload["suggestedProgram"]["state"], "DISMISSED");
    let said = &payload["suggestedProgram"]["answer"];
    assert_eq!(said["reason"], "NO_TIME");
    assert_eq!(said["comment"], "next year");
    let list = suggested(&learner, json!({})).await;
    assert!(!keys(&list).contains(&"100x".to_owned()), "{list:#}");
    assert_eq!(list["stateCounts"]["dismissed"], 1);

    // The administrator sees it.
    let document = "query ($id: ID!) { node(id: $id) { ... on ProgramGroupSuggestion { userCount
        stateCounts { pending accepted dismissed }
        members(states: [DISMISSED], first: 10) { totalCount
          nodes { user { username } state answer { reason comment } ways { groupName } } } } } }";
    let seen = anna.data(document, json!({ "id": suggestion["id"] })).await;
    assert_eq!(seen["node"]["userCount"], 4);
    assert_eq!(seen["node"]["stateCounts"], counts(3, 0, 1));
    let members = &seen["node"]["members"];
    assert_eq!(members["totalCount"], 1);
    assert_eq!(
        members["nodes"],
        json!([{ "user": { "username": "student4" }, "state": "DISMISSED",
            "answer": { "reason": "NO_TIME", "comment": "next year" },
            "ways": [{ "groupName": "Everyone 100%" }] }])
    );

    // The learner joins another group with the same program: one row, dismissed.
    suggest(
        server,
        GROUPS,
        json!({ "programKey": program("100x"), "group": { "databaseId": "101" } }),
    )
    .await;
    import(
        server,
        json!({ "type": "group_member", "group": 101, "user": "student4" }),
    );
    let list = suggested(&learner, json!({ "states": ["DISMISSED"] })).await;
    assert_eq!(keys(&list), ["100x"]);
    assert_eq!(row(&list, "100x")["ways"].as_array().unwrap().len(), 2);
    assert_eq!(row(&list, "100x")["id"], mine["id"]);

    // The suggestion to the person follows the answer, with its flag.
    let direct = json!({ "programKey": program("100x"), "user": { "username": "student4" } });
    suggest(server, USERS, direct.clone()).await;
    let of_direct = || async {
        let filter = json!({ "platformKey": ACME, "filter": { "userIds": ["23"], "programKeys": [program("100x")] } });
        let page =
            USERS.page_document("results { accepted state answer { reason } modified created }");
        let mut data = anna.data(&page, filter).await;
        data["programSuggestionPage"]["results"][0].take()
    };
    let first = of_direct().await;
    assert_eq!(first["accepted"], false);
    assert_eq!(first["state"], "DISMISSED");
    assert_eq!(first["answer"], json!({ "reason": "NO_TIME" }));
    let payload = answer(&learner, "Restore", "100x", json!({})).await;
    assert_eq!(payload["outcome"], "UPDATED");
    assert_eq!(payload["suggestedProgram"]["state"], "PENDING");
    assert_eq!(payload["suggestedProgram"]["answer"], Value::Null);
    assert_eq!(
        of_direct().await["modified"],
        first["modified"],
        "the flag did not change"
    );
    let payload = answer(&learner, "Accept", "100x", json!({})).await;
    assert_eq!(payload["suggestedProgram"]["state"], "ACCEPTED");
    let then = of_direct().await;
    assert_eq!(then["accepted"], true);
    assert_eq!(then["state"], "ACCEPTED");
    assert_ne!(then["modified"], first["modified"]);

    // Everything that leads to it goes: the program is gone, the answer is kept.
    for kind in BOTH {
        let filter = json!({ "platformKey": ACME, "filter": { "programKeys": [program("100x")] } });
        let page = kind.page_document("results { id }");
        let mut data = anna.data(&page, filter).await;
        let rows = data[format!("{}Page", kind.prefix)]["results"].take();
        let input = json!({ "platformKey": ACME, "suggestions": rows });
        let payload = kind.bulk_delete(&anna, input).await;
        assert_eq!(payload["failedCount"], 0);
    }
    let all = json!({ "states": ["PENDING", "ACCEPTED", "DISMISSED"] });
    assert!(!keys(&suggested(&learner, all).await).contains(&"100x".to_owned()));
    assert_eq!(
        error(&answer(&learner, "Restore", "100x", json!({})).await).0,
        "SUGGESTION_NOT_FOUND"
    );
    suggest(server, USERS, direct).await;
    let again = of_direct().await;
    assert_eq!(
        again["accepted"], false,
        "the flag is what the administrator says"
    );
    assert_eq!(again["state"], "ACCEPTED", "the state follows the answer");
}

async fn each_program_once(server: &Server) {
    let list = suggested(&server.user("student1"), json!({})).await;
    let mut found = keys(&list);
    found.sort();
    assert_eq!(found, ["ds", "istanbul", "web_dev", "zh"]);
    assert_eq!(list["totalCount"], 4);
    assert_eq!(list["stateCounts"], counts(4, 0, 0));
    let ds = row(&list, "ds");
    assert_eq!(ds["program"]["description"], "From data to decisions.");
    assert_eq!(ds["user"]["username"], "student1");
    assert_eq!(ds["platform"]["key"], ACME);
    let ways = ds["ways"].as_array().unwrap();
    assert_eq!(ways.len(), 2);
    let since: Vec<&str> = ways
        .iter()
        .map(|way| way["since"].as_str().unwrap())
        .collect();
    assert!(since.is_sorted());
    assert_eq!(ds["suggestedAt"], since[0]);
    // The flag of a suggestion to a group says nothing about a person; that of one to the person does.
    let zh = row(&list, "zh");
    assert_eq!(zh["state"], "PENDING");
    let list = suggested(&server.user("student2"), json!({})).await;
    assert_eq!(row(&list, "ml")["state"], "ACCEPTED");
    assert_eq!(row(&list, "ml")["answer"], Value::Null);
    // What is hidden from the person still says whether the person accepted.
    let hidden = json!({ "programKey": program("ml"), "user": { "username": "student2" }, "visible": false });
    suggest(server, USERS, hidden).await;
    let list = suggested(&server.user("student2"), json!({})).await;
    let ml = row(&list, "ml");
    assert_eq!(ml["state"], "ACCEPTED");
    assert_eq!(ml["ways"].as_array().unwrap().len(), 1);
    assert_eq!(ml["ways"][0]["groupName"], "Web Guild");
    // Who leaves a group sees its programs no longer; who leaves the platform sees nothing.
    import(
        server,
        json!({ "type": "group_member", "group": 102, "user": "student2", "active": false }),
    );
    let list = suggested(&server.user("student2"), json!({})).await;
    assert!(!keys(&list).contains(&"ml".to_owned()));
    import(
        server,
        json!({ "type": "member", "platform": ACME, "user": "student2", "role": "learner", "active": false }),
    );
    assert_eq!(
        suggested(&server.user("student2"), json!({})).await,
        "FORBIDDEN"
    );
}

async fn lists_of_suggested_programs(server: &Server) {
    for (short, due) in [
        ("ds", "2030-01-03"),
        ("ml", "2030-01-02"),
        ("100x", "2030-01-03"),
    ] {
        let item = json!({ "programKey": program(short), "user": { "username": "student1" }, "dueAt": format!("{due}T00:00:00Z") });
        suggest(server, USERS, item).await;
    }
    let student = server.user("student1");
    // Ties are broken by the id of the program, in the direction of the order.
    for (order, expected) in [
        (
            json!({ "field": "DUE_AT", "direction": "ASC" }),
            vec!["ml", "ds", "100x", "web_dev", "istanbul", "zh"],
        ),
        (
            json!({ "field": "DUE_AT", "direction": "DESC" }),
            vec!["100x", "ds", "ml", "zh", "istanbul", "web_dev"],
        ),
        (
            json!({ "field": "PROGRAM_NAME" }),
            vec!["ds", "istanbul", "ml", "100x", "web_dev", "zh"],
        ),
    ] {
        let whole = suggested(&student, json!({ "orderBy": order })).await;
        let mut sorted = keys(&whole);
        if order["field"] == "PROGRAM_NAME" {
            // "İstanbul" folds to an i with a dot above.
            let by_name = ["ds", "istanbul", "ml", "100x", "web_dev", "zh"];
            assert_eq!(sorted, by_name);
        } else {
            assert_eq!(sorted, expected, "{order}");
        }
        // By cursor, in both directions, one by one.
        let (mut forward, mut after) = (Vec::new(), Value::Null);
        loop {
            let part = suggested(
                &student,
                json!({ "orderBy": order, "first": 1, "after": after }),
            )
            .await;
            forward.extend(keys(&part));
            assert_eq!(part["totalCount"], 6);
            assert_eq!(part["pageInfo"]["hasPreviousPage"], forward.len() > 1);
            after = part["pageInfo"]["endCursor"].clone();
            if part["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(forward, sorted);
        let (mut backward, mut before) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "orderBy": order, "first": null, "last": 4, "before": before });
            let part = suggested(&student, variables).await;
            backward.extend(keys(&part).into_iter().rev());
            before = part["pageInfo"]["startCursor"].clone();
            if part["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        sorted.reverse();
        assert_eq!(backward, sorted);
    }
    let newest = suggested(&student, json!({})).await;
    let dates: Vec<&str> = newest["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["suggestedAt"].as_str().unwrap())
        .collect();
    assert!(dates.is_sorted_by(|one, next| one >= next));
    // Search, states, and their counts.
    assert_eq!(
        keys(&suggested(&student, json!({ "query": "DATA" })).await),
        ["ds"]
    );
    assert_eq!(
        keys(&suggested(&student, json!({ "query": "acme+ml" })).await),
        ["ml"]
    );
    assert_eq!(
        suggested(&student, json!({ "query": "%" })).await["totalCount"],
        1
    );
    answer(&student, "Dismiss", "ds", json!({})).await;
    answer(&student, "Accept", "ml", json!({})).await;
    let list = suggested(
        &student,
        json!({ "states": ["DISMISSED"], "query": "data" }),
    )
    .await;
    assert_eq!(
        (keys(&list), &list["totalCount"]),
        (vec!["ds".to_owned()], &json!(1))
    );
    assert_eq!(list["stateCounts"], counts(0, 0, 1));
    let list = suggested(&student, json!({ "states": [] })).await;
    assert_eq!(
        (&list["totalCount"], &list["nodes"]),
        (&json!(0), &json!([]))
    );
    assert_eq!(list["stateCounts"], counts(4, 1, 1));
    assert_eq!(
        suggested(&student, json!({ "states": ["ACCEPTED"] })).await["totalCount"],
        1
    );
    // Cursors belong to their list and order.
    let cursor = newest["edges"][0]["cursor"].clone();
    let other = json!({ "orderBy": { "field": "DUE_AT" }, "after": cursor });
    assert_eq!(suggested(&student, other).await, "INVALID_CURSOR");
    assert_eq!(
        suggested(&student, json!({ "first": 0 })).await,
        "BAD_USER_INPUT"
    );
    assert_eq!(
        suggested(&student, json!({ "first": 1, "last": 1 })).await,
        "BAD_USER_INPUT"
    );
}

async fn who_sees_whose(server: &Server) {
    let rows = |list: &Value| list["totalCount"].as_i64();
    let of = |name: &str| json!({ "user": { "username": name } });
    let with_mode = |name: &str| json!({ "user": { "username": name }, "departmentMode": true });
    let learner = server.user("student1");
    assert_eq!(rows(&suggested(&learner, json!({})).await), Some(4));
    for oneself in [
        json!({ "username": "STUDENT1" }),
        json!({ "databaseId": "20" }),
        json!({ "email": "S1@acme.example" }),
    ] {
        assert_eq!(
            rows(&suggested(&learner, json!({ "user": oneself })).await),
            Some(4)
        );
    }
    assert_eq!(
        rows(&suggested(&server.key("acme-student1"), json!({})).await),
        Some(4)
    );
    assert_eq!(suggested(&learner, of("student2")).await, "FORBIDDEN");
    assert_eq!(suggested(&learner, of("whoever")).await, "FORBIDDEN");
    assert_eq!(
        suggested(&learner, json!({ "platformKey": "globex" })).await,
        "FORBIDDEN"
    );
    assert_eq!(
        suggested(&learner, json!({ "platformKey": "none" })).await,
        "FORBIDDEN"
    );
    assert_eq!(
        suggested(&learner, json!({ "platformOrg": "globex-inc" })).await,
        "BAD_USER_INPUT"
    );
    assert_eq!(
        rows(&suggested(&learner, json!({ "platformOrg": "acme-u" })).await),
        Some(4)
    );
    assert_eq!(
        suggested(&server.anonymous(), json!({})).await,
        "UNAUTHENTICATED"
    );
    for outsider in [
        server.user("gabi"),
        server.user("nobody"),
        server.user("gone"),
        server.key("globex"),
    ] {
        assert_eq!(suggested(&outsider, json!({})).await, "FORBIDDEN");
        assert_eq!(suggested(&outsider, of("student1")).await, "FORBIDDEN");
    }
    // A department admin is a person too, and sees those of the departments with the switch on.
    let dora = server.user("dora");
    assert_eq!(rows(&suggested(&dora, json!({})).await), Some(0));
    assert_eq!(suggested(&dora, of("student1")).await, "FORBIDDEN");
    assert_eq!(
        rows(&suggested(&dora, with_mode("student1")).await),
        Some(4)
    );
    assert_eq!(rows(&suggested(&dora, with_mode("dora")).await), Some(0));
    assert_eq!(
        suggested(&dora, with_mode("student3")).await,
        "BAD_USER_INPUT"
    );
    assert_eq!(
        suggested(&dora, with_mode("whoever")).await,
        "BAD_USER_INPUT"
    );
    // Who administers the platform sees its members.
    for admin in [
        server.user("anna"),
        server.key("acme"),
        server.user("root"),
        server.key("acme-root"),
    ] {
        assert_eq!(rows(&suggested(&admin, of("student1")).await), Some(4));
        assert_eq!(suggested(&admin, of("gone")).await, "BAD_USER_INPUT");
        assert_eq!(suggested(&admin, of("glen")).await, "BAD_USER_INPUT");
        let shared = json!({ "user": { "email": "shared@acme.example" } });
        assert_eq!(suggested(&admin, shared).await, "BAD_USER_INPUT");
    }
    assert_eq!(
        rows(&suggested(&server.user("anna"), json!({})).await),
        Some(0)
    );
    for stranger in [
        server.key("acme"),
        server.user("root"),
        server.key("acme-root"),
    ] {
        assert_eq!(suggested(&stranger, json!({})).await, "BAD_USER_INPUT");
    }
    assert_eq!(
        suggested(&server.user("root"), json!({ "platformKey": "none" })).await,
        "BAD_USER_INPUT"
    );
    assert_eq!(
        suggested(&server.user("root"), of("root")).await,
        "BAD_USER_INPUT"
    );
    let list = suggested(&server.user("anna"), of("student1")).await;
    assert_eq!(list["nodes"][0]["viewerCan"], json!({ "answer": false }));
    assert_eq!(
        suggested(&learner, json!({ "user": { "id": "💥" } })).await,
        "INVALID_ID"
    );
}

async fn who_answers(server: &Server) {
    let learner = server.user("student1");
    let list = suggested(&learner, json!({})).await;
    let id = row(&list, "ds")["id"].clone();
    let by_id = json!({ "suggestedProgram": { "id": id } });
    let before = server.database.export();
    for somebody in [
        server.user("anna"),
        server.user("root"),
        server.user("dora"),
        server.user("student2"),
        server.user("gabi"),
        server.user("gone"),
        server.user("nobody"),
        server.key("acme-root"),
        server.key("globex-dual"),
    ] {
        for act in ["Accept", "Dismiss", "Restore"] {
            let payload = answer_with(&somebody, act, by_id.clone()).await;
            assert_eq!(
                error(&payload),
                (
                    "SUGGESTION_NOT_FOUND",
                    &json!(["input", "suggestedProgram"])
                )
            );
        }
    }
    for key in [server.key("acme"), server.key("globex")] {
        assert_eq!(
            answer_with(&key, "Accept", by_id.clone()).await,
            "FORBIDDEN"
        );
    }
    assert_eq!(
        answer_with(&server.anonymous(), "Accept", by_id.clone()).await,
        "UNAUTHENTICATED"
    );
    assert_eq!(server.database.export(), before);
    let payload = answer_with(&server.key("acme-student1"), "Accept", by_id).await;
    assert_eq!(payload["outcome"], "UPDATED");
}

async fn answers_and_flags(server: &Server) {
    let learner = server.user("student1");
    let flag = || async {
        let suggestion = USERS.suggestion(&server.user("anna"), 1001).await;
        (
            suggestion["accepted"].as_bool().unwrap(),
            suggestion["modified"].clone(),
        )
    };
    let (_, untouched) = flag().await;
    // There is nothing to take back.
    let payload = answer(&learner, "Restore", "ds", json!({})).await;
    assert_eq!(payload["outcome"], "UNCHANGED");
    assert_eq!(flag().await, (false, untouched.clone()));
    let first = answer(&learner, "Accept", "ds", json!({})).await;
    assert_eq!(first["outcome"], "UPDATED");
    let accepted = flag().await;
    assert!(accepted.0);
    assert_ne!(accepted.1, untouched);
    // The same again keeps everything, also after an administrator changed the flag.
    suggest(server, USERS, json!({ "programKey": program("ds"), "user": { "username": "student1" }, "accepted": false })).await;
    let by_admin = flag().await;
    assert!(!by_admin.0);
    let again = answer(&learner, "Accept", "ds", json!({})).await;
    assert_eq!(again["outcome"], "UNCHANGED");
    assert_eq!(
        again["suggestedProgram"]["answer"],
        first["suggestedProgram"]["answer"]
    );
    assert_eq!(again["suggestedProgram"]["state"], "ACCEPTED");
    assert_eq!(flag().await, by_admin);
    // Dismissing again replaces reason and comment as a whole.
    let more = json!({ "reason": "ALREADY_DONE", "comment": "in 2024" });
    let payload = answer(&learner, "Dismiss", "ds", more.clone()).await;
    assert_eq!(
        payload["suggestedProgram"]["answer"]["reason"],
        "ALREADY_DONE"
    );
    assert_eq!(payload["suggestedProgram"]["state"], "DISMISSED");
    assert_eq!(
        answer(&learner, "Dismiss", "ds", more).await["outcome"],
        "UNCHANGED"
    );
    let payload = answer(&learner, "Dismiss", "ds", json!({})).await;
    assert_eq!(payload["outcome"], "UPDATED");
    assert_eq!(payload["suggestedProgram"]["answer"]["reason"], "OTHER");
    assert_eq!(
        payload["suggestedProgram"]["answer"]["comment"],
        Value::Null
    );
    assert_eq!(
        answer(&learner, "Dismiss", "ds", json!({ "comment": "" })).await["outcome"],
        "UNCHANGED"
    );
    // An administrator writes the flag, never the answer.
    suggest(server, USERS, json!({ "programKey": program("ds"), "user": { "username": "student1" }, "accepted": true })).await;
    let list = suggested(&learner, json!({ "states": ["DISMISSED"] })).await;
    assert_eq!(keys(&list), ["ds"]);
    let payload = answer(&learner, "Restore", "ds", json!({})).await;
    assert_eq!(payload["suggestedProgram"]["state"], "PENDING");
    assert!(!flag().await.0, "taking back takes the flag as well");
    // Without a suggestion to the person there is no flag to set.
    let payload = answer(&learner, "Accept", "zh", json!({})).await;
    assert_eq!(payload["outcome"], "UPDATED");
    assert_eq!(payload["suggestedProgram"]["state"], "ACCEPTED");
    assert_eq!(
        USERS.ids(&server.user("anna"), json!({})).await.len(),
        8,
        "nothing was made"
    );
}

async fn answers_that_cannot_be(server: &Server) {
    let learner = server.user("student1");
    let before = server.database.export();
    for short in ["ml", "strasse", "none", "nul\0"] {
        let payload = answer(&learner, "Accept", short, json!({})).await;
        assert_eq!(error(&payload).0, "SUGGESTION_NOT_FOUND", "{short:?}");
    }
    let on = |platform: &str, key: &str| json!({ "suggestedProgram": { "key": { "platformKey": platform, "programKey": key } } });
    for (platform, key) in [
        ("globex", "program-v1:shared+intro+2026"),
        ("none", "x"),
        ("nul\0", "x"),
    ] {
        let payload = answer_with(&learner, "Accept", on(platform, key)).await;
        assert_eq!(error(&payload).0, "SUGGESTION_NOT_FOUND");
    }
    let payload = answer_with(
        &learner,
        "Accept",
        json!({ "suggestedProgram": { "id": "💥" } }),
    )
    .await;
    assert_eq!(
        error(&payload),
        ("INVALID", &json!(["input", "suggestedProgram", "id"]))
    );
    let long = "é".repeat(1_001);
    let payload = answer(&learner, "Dismiss", "ds", json!({ "comment": long })).await;
    assert_eq!(error(&payload), ("TOO_LONG", &json!(["input", "comment"])));
    let payload = answer(&learner, "Dismiss", "ds", json!({ "comment": "a\0b" })).await;
    assert_eq!(error(&payload), ("INVALID", &json!(["input", "comment"])));
    assert_eq!(server.database.export(), before);
    let fits = "é".repeat(1_000);
    let payload = answer(&learner, "Dismiss", "ds", json!({ "comment": fits })).await;
    assert_eq!(payload["outcome"], "UPDATED");
}

async fn windows_open_and_close(server: &Server) {
    let learner = server.user("student4");
    let past = "2020-01-01T00:00:00Z";
    let future = "2099-01-01T00:00:00Z";
    for (from, until, open) in [
        (json!(past), Value::Null, true),
        (json!(future), Value::Null, false),
        (Value::Null, json!(past), false),
        (Value::Null, json!(future), true),
        (json!(past), json!(future), true),
        (Value::Null, Value::Null, true),
    ] {
        for kind in BOTH {
            let to = match kind.subject {
                "user" => json!({ "username": "student4" }),
                _ => json!({ "databaseId": "104" }),
            };
            let short = if kind.subject == "user" {
                "ecole"
            } else {
                "strasse"
            };
            let mut item =
                json!({ "programKey": program(short), "visibleFrom": from, "visibleUntil": until });
            item[kind.subject] = to;
            suggest(server, kind, item).await;
            let list = suggested(&learner, json!({})).await;
            assert_eq!(
                keys(&list).contains(&short.to_owned()),
                open,
                "{from} {until}"
            );
            if !open {
                let payload = answer(&learner, "Accept", short, json!({})).await;
                assert_eq!(error(&payload).0, "SUGGESTION_NOT_FOUND");
            }
        }
        // On the REST surface a closed window hides from the person's own list, and from nobody else's.
        let path = "/api/catalog/suggestions/program/user/?username=student4";
        for (client, seen) in [(&learner, open), (&server.user("anna"), true)] {
            let page = client.get(path).await;
            assert_eq!(page.status, 200);
            assert_eq!(page.text().contains("ecole"), seen, "{from} {until}");
        }
    }
}

async fn two_answers_at_once(server: &Server) {
    let learner = server.user("student1");
    for short in ["ds", "zh"] {
        let both = futures_util::future::join_all((0..8).map(|number| {
            let act = if number % 2 == 0 { "Accept" } else { "Dismiss" };
            answer(&learner, act, short, json!({}))
        }));
        for payload in both.await {
            assert!(
                ["UPDATED", "UNCHANGED"].contains(&payload["outcome"].as_str().unwrap()),
                "{payload:#}"
            );
        }
        let list = suggested(&learner, json!({ "states": ["ACCEPTED", "DISMISSED"] })).await;
        let state = row(&list, short)["state"].clone();
        if short == "ds" {
            let suggestion = USERS.suggestion(&server.user("anna"), 1001).await;
            assert_eq!(suggestion["accepted"], json!(state == "ACCEPTED"));
        }
    }
}

async fn an_answer_and_its_suggestion_at_once(server: &Server) {
    let (anna, learner) = (server.user("anna"), server.user("student1"));
    // Whichever comes first, the state of the suggestion follows the answer.
    for round in 0..12 {
        let act = ["Accept", "Dismiss"][round % 2];
        let item = json!({ "programKey": program("zh"), "user": { "username": "student1" } });
        let ((), payload) = tokio::join!(
            async {
                suggest(server, USERS, item).await;
            },
            answer(&learner, act, "zh", json!({})),
        );
        assert_eq!(payload["outcome"], "UPDATED", "{payload:#}");
        let filter = json!({ "platformKey": ACME, "filter": { "userIds": ["20"], "programKeys": [program("zh")] } });
        let document = USERS.page_document("results { id state }");
        let data = anna.data(&document, filter).await;
        let rows = &data["programSuggestionPage"]["results"];
        assert_eq!(
            rows[0]["state"],
            json!(["ACCEPTED", "DISMISSED"][round % 2])
        );
        let suggestions = json!([{ "id": rows[0]["id"] }]);
        let input = json!({ "platformKey": ACME, "suggestions": suggestions });
        // And one at once with a deletion: either order, no error.
        let (payload, restored) = tokio::join!(
            USERS.bulk_delete(&anna, input),
            answer(&learner, "Restore", "zh", json!({})),
        );
        assert_eq!(payload["deletedCount"], 1);
        assert_eq!(restored["outcome"], "UPDATED");
    }
    let list = suggested(&learner, json!({})).await;
    assert_eq!(row(&list, "zh")["state"], "PENDING");
}

#[test]
fn a_suggestion_that_waits_for_an_answer_follows_it() {
    run(Engine::Postgres, a_suggestion_during_an_answer);
}

/// The answer is held up when it has locked the person and not yet stored anything. The suggestion that is made then
/// neither sees the answer nor is seen by it.
async fn a_suggestion_during_an_answer(server: &Server) {
    let (anna, learner) = (server.user("anna"), server.user("student1"));
    let database = &server.database;
    let waiting = async |number: usize| {
        until(async || database.waiting_for_locks().len() == number).await;
    };
    let holding = database
        .hold("LOCK TABLE suggestion_answers IN EXCLUSIVE MODE")
        .await;
    let answered = async { answer(&learner, "Dismiss", "zh", json!({})).await };
    let suggested = async {
        waiting(1).await;
        let item = json!({ "programKey": program("zh"), "user": { "username": "student1" } });
        suggest(server, USERS, item).await;
    };
    let let_go = async {
        waiting(2).await;
        holding.let_go().await;
    };
    let (answered, (), ()) = tokio::join!(answered, suggested, let_go);
    assert_eq!(answered["outcome"], "UPDATED", "{answered:#}");
    let filter = json!({ "platformKey": ACME, "filter": { "userIds": ["20"], "programKeys": [program("zh")] } });
    let document = USERS.page_document("results { state accepted }");
    let rows = anna.data(&document, filter).await;
    assert_eq!(
        rows["programSuggestionPage"]["results"],
        json!([{ "state": "DISMISSED", "accepted": false }])
    );
}

async fn states_of_lists(server: &Server) {
    let anna = server.user("anna");
    let list = |variables: Value| {
        let anna = &anna;
        async move {
            let document = USERS.connection_document(
                "totalCount stateCounts { pending accepted dismissed } nodes { databaseId state answer { accepted } }
                 topPrograms(first: 3) { count program { key } }",
            );
            let mut variables = variables;
            variables["platformKey"] = json!(ACME);
            variables["first"] = json!(100);
            let mut data = anna.data(&document, variables).await;
            data["programSuggestions"].take()
        }
    };
    answer(&server.user("student1"), "Dismiss", "ds", json!({})).await;
    answer(&server.user("student1"), "Accept", "istanbul", json!({})).await;
    let all = list(json!({})).await;
    assert_eq!(all["totalCount"], 8);
    assert_eq!(all["stateCounts"], counts(3, 4, 1));
    assert_eq!(
        all["topPrograms"][0],
        json!({ "count": 2, "program": { "key": program("ds") } })
    );
    assert_eq!(all["topPrograms"].as_array().unwrap().len(), 3);
    for (filter, ids, of_states) in [
        (
            json!({ "states": ["DISMISSED"] }),
            vec![1001],
            counts(3, 4, 1),
        ),
        (
            json!({ "states": ["ACCEPTED"] }),
            vec![1008, 1006, 1004, 1002],
            counts(3, 4, 1),
        ),
        (
            json!({ "states": ["PENDING", "DISMISSED"] }),
            vec![1007, 1005, 1003, 1001],
            counts(3, 4, 1),
        ),
        (json!({ "states": [] }), vec![], counts(3, 4, 1)),
        (
            json!({ "states": null }),
            vec![1008, 1007, 1006, 1005, 1004, 1003, 1002, 1001],
            counts(3, 4, 1),
        ),
        (
            json!({ "states": ["ACCEPTED"], "visible": true }),
            vec![1006, 1004, 1002],
            counts(2, 3, 1),
        ),
        (
            json!({ "states": ["ACCEPTED"], "userIds": ["20"] }),
            vec![1006],
            counts(0, 1, 1),
        ),
        (
            json!({ "accepted": true }),
            vec![1008, 1006, 1004, 1002],
            counts(0, 4, 0),
        ),
    ] {
        let found = list(json!({ "filter": filter })).await;
        assert_eq!(
            crate::support::kind::database_ids(&found["nodes"]),
            ids,
            "{filter}"
        );
        assert_eq!(found["totalCount"], json!(ids.len()), "{filter}");
        assert_eq!(found["stateCounts"], of_states, "{filter}");
    }
    let found = list(json!({ "query": "data", "filter": { "states": ["DISMISSED"] } })).await;
    assert_eq!(found["totalCount"], 1);
    assert_eq!(found["stateCounts"], counts(0, 1, 1));
    assert_eq!(
        found["topPrograms"],
        json!([{ "count": 1, "program": { "key": program("ds") } }])
    );
    let page =
        USERS.page_document("count stateCounts { pending accepted dismissed } results { state }");
    let variables = json!({ "platformKey": ACME, "filter": { "states": ["DISMISSED"] } });
    let data = anna.data(&page, variables).await;
    assert_eq!(
        data["programSuggestionPage"],
        json!({ "count": 1, "stateCounts": counts(3, 4, 1), "results": [{ "state": "DISMISSED" }] })
    );
    // A department admin counts what lies in the departments.
    let document = USERS.connection_document("stateCounts { pending accepted dismissed }");
    let variables = json!({ "platformKey": ACME, "departmentMode": true, "first": 1 });
    let data = server.user("cody").data(&document, variables).await;
    assert_eq!(data["programSuggestions"]["stateCounts"], counts(1, 1, 0));
    for first in [0, 21, -1] {
        let document = format!(
            "{{ programSuggestions(platformKey: \"acme\", first: 1) {{ topPrograms(first: {first}) {{ count }} }} }}"
        );
        assert_eq!(anna.code(&document, json!({})).await, "BAD_USER_INPUT");
    }
    let document = "{ programGroupSuggestions(platformKey: \"acme\", first: 1) { topPrograms { count program { key } } } }";
    let data = anna.data(document, json!({})).await;
    assert_eq!(
        data["programGroupSuggestions"]["topPrograms"]
            .as_array()
            .unwrap()
            .len(),
        7
    );
}

async fn members_of_a_group_suggestion(server: &Server) {
    answer(&server.user("student3"), "Accept", "web_dev", json!({})).await;
    answer(
        &server.user("student2"),
        "Dismiss",
        "web_dev",
        json!({ "reason": "NOT_RELEVANT" }),
    )
    .await;
    let anna = server.user("anna");
    let list = |client: Client, arguments: &'static str| async move {
        let document = format!(
            "{{ programGroupSuggestions(platformKey: \"acme\", departmentMode: true, first: 10) {{ nodes {{ databaseId userCount
                stateCounts {{ pending accepted dismissed }}
                members({arguments}) {{ totalCount stateCounts {{ pending accepted dismissed }}
                  pageInfo {{ hasNextPage hasPreviousPage endCursor startCursor }}
                  nodes {{ {SELECTION} user {{ email }} }} }} }} }} }}"
        );
        let data = client.data(&document, json!({})).await;
        let mut nodes = data["programGroupSuggestions"]["nodes"]
            .as_array()
            .unwrap()
            .clone();
        // Together the states are the members, always.
        for node in &nodes {
            let states = &node["stateCounts"];
            let sum: i64 = ["pending", "accepted", "dismissed"]
                .iter()
                .map(|state| states[state].as_i64().unwrap())
                .sum();
            assert_eq!(json!(sum), node["userCount"]);
        }
        nodes.retain(|node| node["members"]["totalCount"] != 0);
        nodes
    };
    let of = |nodes: &[Value], id: &str| {
        nodes
            .iter()
            .find(|node| node["databaseId"] == id)
            .unwrap_or_else(|| panic!("no {id}"))
            .clone()
    };
    let names = |node: &Value| -> Vec<String> {
        let rows = node["members"]["nodes"].as_array().unwrap();
        rows.iter()
            .map(|row| row["user"]["username"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = list(anna.clone(), "first: 20").await;
    let web_dev = of(&all, "3004");
    assert_eq!(web_dev["stateCounts"], counts(2, 1, 1));
    assert_eq!(web_dev["members"]["stateCounts"], counts(2, 1, 1));
    assert_eq!(web_dev["members"]["totalCount"], 4);
    assert_eq!(
        names(&web_dev),
        ["student1", "student2", "student3", "student4"]
    );
    assert_eq!(
        web_dev["members"]["nodes"][1]["answer"]["reason"],
        "NOT_RELEVANT"
    );
    // Hidden from the members, and counted all the same; no way is open.
    let hidden = of(&all, "3003");
    assert_eq!(hidden["stateCounts"], counts(1, 0, 0));
    let row = &hidden["members"]["nodes"][0];
    assert_eq!(row["ways"], json!([]));
    assert_eq!(row["state"], "PENDING");
    // Whatever leads to a member: here also a suggestion to the person.
    let ds = of(&all, "3001");
    assert_eq!(
        ds["members"]["nodes"][1]["ways"].as_array().unwrap().len(),
        2,
        "{ds:#}"
    );
    // Filters and cursors.
    let found = list(anna.clone(), "states: [DISMISSED, ACCEPTED], first: 20").await;
    assert_eq!(names(&of(&found, "3004")), ["student2", "student3"]);
    assert_eq!(
        of(&found, "3004")["members"]["stateCounts"],
        counts(2, 1, 1)
    );
    assert_eq!(
        list(anna.clone(), "states: [], first: 20").await,
        [] as [Value; 0]
    );
    assert_eq!(
        names(&of(
            &list(anna.clone(), "query: \"zola\", first: 20").await,
            "3004"
        )),
        ["student1"]
    );
    assert_eq!(
        names(&of(
            &list(anna.clone(), "query: \"SHARED@\", first: 20").await,
            "3004"
        )),
        ["student2", "student3"]
    );
    let two = of(&list(anna.clone(), "first: 2").await, "3004");
    assert_eq!(names(&two), ["student1", "student2"]);
    assert_eq!(two["members"]["pageInfo"]["hasNextPage"], true);
    let cursor = two["members"]["pageInfo"]["endCursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let arguments: &'static str =
        Box::leak(format!("first: 2, after: \"{cursor}\"").into_boxed_str());
    let rest = of(&list(anna.clone(), arguments).await, "3004");
    assert_eq!(names(&rest), ["student3", "student4"]);
    assert_eq!(rest["members"]["pageInfo"]["hasNextPage"], false);
    assert_eq!(rest["members"]["pageInfo"]["hasPreviousPage"], true);
    let last = of(&list(anna, "last: 1").await, "3004");
    assert_eq!(names(&last), ["student4"]);
    // The group is in scope, so are its members: those out of scope without their e-mail, and not found by it.
    import(
        server,
        json!({ "type": "group_member", "group": 102, "user": "student3" }),
    );
    let cody = server.user("cody");
    let ml = of(&list(cody.clone(), "first: 20").await, "3002");
    assert_eq!(names(&ml), ["student2", "student3"]);
    assert_eq!(
        ml["members"]["nodes"][0]["user"]["email"],
        "shared@acme.example"
    );
    assert_eq!(ml["members"]["nodes"][1]["user"]["email"], Value::Null);
    assert_eq!(
        names(&of(
            &list(cody.clone(), "query: \"SHARED@\", first: 20").await,
            "3002"
        )),
        ["student2"]
    );
    assert_eq!(
        names(&of(
            &list(cody, "query: \"carla\", first: 20").await,
            "3002"
        )),
        ["student3"]
    );
}

async fn messages_and_windows_of_suggestions(server: &Server) {
    let anna = server.user("anna");
    let fields = "message dueAt visibleFrom visibleUntil modified";
    for kind in BOTH {
        let to = match kind.subject {
            "user" => json!({ "username": "student4" }),
            _ => json!({ "databaseId": "104" }),
        };
        let create = |more: Value| {
            let (anna, to) = (&anna, to.clone());
            async move {
                let mut input = json!({ "platformKey": ACME, "programKey": program("strasse") });
                input[kind.subject] = to;
                for (name, value) in more.as_object().unwrap() {
                    input[name] = value.clone();
                }
                let selection =
                    format!("outcome suggestion {{ id {fields} }} userErrors {{ code field }}");
                let document = kind.mutation_document("Create", &selection);
                let mut data = anna.data(&document, json!({ "input": input })).await;
                data[format!("{}Create", kind.prefix)].take()
            }
        };
        let full = json!({ "message": "Hello", "dueAt": "2030-05-01T00:00:00+02:00",
            "visibleFrom": "2030-01-01T00:00:00Z", "visibleUntil": "2030-02-01T00:00:00Z" });
        let made = create(full.clone()).await;
        assert_eq!(made["outcome"], "CREATED");
        let said = &made["suggestion"];
        assert_eq!(said["message"], "Hello");
        assert_eq!(said["dueAt"], "2030-04-30T22:00:00.000000Z");
        assert_eq!(said["visibleUntil"], "2030-02-01T00:00:00.000000Z");
        // Omitted is kept, the same is unchanged, null and empty clear.
        assert_eq!(create(json!({})).await["outcome"], "UNCHANGED");
        assert_eq!(create(full).await["outcome"], "UNCHANGED");
        assert_eq!(
            create(json!({ "dueAt": "1970-01-01T00:00:00Z" })).await["suggestion"]["dueAt"],
            "1970-01-01T00:00:00.000000Z"
        );
        let cleared = create(json!({ "message": "", "dueAt": null })).await;
        assert_eq!(cleared["outcome"], "UPDATED");
        assert_eq!(cleared["suggestion"]["message"], Value::Null);
        assert_eq!(cleared["suggestion"]["dueAt"], Value::Null);
        assert_eq!(
            cleared["suggestion"]["visibleFrom"],
            "2030-01-01T00:00:00.000000Z"
        );
        // What cannot be; the rest of the window may be what is stored.
        for (more, code, field) in [
            (
                json!({ "visibleUntil": "2030-01-01T00:00:00Z" }),
                "INVALID",
                "visibleUntil",
            ),
            (
                json!({ "visibleFrom": "2031-01-01T00:00:00Z" }),
                "INVALID",
                "visibleUntil",
            ),
            (
                json!({ "visibleFrom": "2031-01-01T00:00:00Z", "visibleUntil": "2031-01-01T00:00:00Z" }),
                "INVALID",
                "visibleUntil",
            ),
            (json!({ "message": "a\0b" }), "INVALID", "message"),
            (
                json!({ "message": "é".repeat(2_001) }),
                "TOO_LONG",
                "message",
            ),
        ] {
            let refused = create(more.clone()).await;
            assert_eq!(refused["outcome"], "FAILED", "{more}");
            assert_eq!(
                refused["userErrors"],
                json!([{ "code": code, "field": ["input", field] }])
            );
        }
        assert_eq!(
            create(json!({ "message": "é".repeat(2_000) })).await["outcome"],
            "UPDATED"
        );
        // In a bulk each item on its own, or all or nothing.
        let item = |short: &str, until: &str| {
            let mut item = json!({ "programKey": program(short), "visibleUntil": until });
            item[kind.subject] = to.clone();
            item
        };
        let items = json!([
            item("strasse", "2029-01-01T00:00:00Z"),
            item("ml", "2029-01-01T00:00:00Z")
        ]);
        let before = server.database.export();
        let input = json!({ "platformKey": ACME, "items": items, "errorPolicy": "ABORT" });
        let payload = kind.bulk_create(&anna, input).await;
        assert_eq!(payload["errorCodes"], json!(["INVALID", "ABORTED"]));
        assert_eq!(server.database.export(), before);
        let input = json!({ "platformKey": ACME, "items": items });
        let payload = kind.bulk_create(&anna, input).await;
        assert_eq!(payload["errorCodes"], json!(["INVALID"]));
        assert_eq!(payload["createdCount"], 1);
        // Filters by due date leave the instant itself out.
        create(json!({ "dueAt": "2030-06-01T00:00:00Z" })).await;
        for (filter, count) in [
            (json!({ "dueAfter": "2030-05-31T23:59:59Z" }), 1),
            (json!({ "dueAfter": "2030-06-01T00:00:00Z" }), 0),
            (json!({ "dueBefore": "2030-06-01T00:00:00Z" }), 0),
            (
                json!({ "dueBefore": "2030-06-01T00:00:01Z", "dueAfter": "2030-05-01T00:00:00Z" }),
                1,
            ),
        ] {
            let page = kind
                .page(&anna, json!({ "platformKey": ACME, "filter": filter }))
                .await;
            assert_eq!(page["count"], count, "{filter}");
        }
    }
}

async fn what_the_caller_may_do(server: &Server) {
    let document =
        "{ platform(key: \"acme\") { viewerCan { suggest suggestInDepartments manageWebhooks } } }";
    for (client, whole, some) in [
        (server.user("anna"), true, true),
        (server.user("root"), true, true),
        (server.key("acme"), true, true),
        (server.user("dora"), false, true),
        (server.key("acme-dora"), false, true),
        (server.user("student1"), false, false),
    ] {
        let data = client.data(document, json!({})).await;
        let expected =
            json!({ "suggest": whole, "suggestInDepartments": some, "manageWebhooks": whole });
        assert_eq!(data["platform"]["viewerCan"], expected);
    }
    for kind in BOTH {
        let document = kind.page_document("results { viewerCan { update delete } }");
        let variables = json!({ "platformKey": ACME, "departmentMode": true });
        for name in ["anna", "dora", "root"] {
            let data = server.user(name).data(&document, variables.clone()).await;
            let first = &data[format!("{}Page", kind.prefix)]["results"][0];
            assert_eq!(
                first["viewerCan"],
                json!({ "update": true, "delete": true }),
                "{name}"
            );
        }
    }
}

async fn what_a_learner_sees_by_id(server: &Server) {
    let learner = server.user("student1");
    let list = suggested(&learner, json!({})).await;
    let ds = row(&list, "ds");
    let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on SuggestedProgram { state }
        ... on Program { name platform { key name org } }
        ... on Platform { key programs(first: 5) { totalCount } groups(first: 5) { totalCount } } } }";
    let ids = crate::support::ids::Ids::of(server).await;
    let wanted = json!({ "ids": [ds["id"], ids.get(&format!("program acme {}", program("ds"))),
        ids.get(&format!("program acme {}", program("ml"))), ids.get("platform acme"), ids.get("platform globex"),
        ids.get("user student2"), ids.get("group 101"), ids.get("suggestion 1001")] });
    let data = learner.data(document, wanted.clone()).await;
    let nodes = &data["nodes"];
    assert_eq!(nodes[0]["state"], "PENDING");
    assert_eq!(nodes[1]["name"], "Data Science");
    assert_eq!(
        nodes[1]["platform"],
        json!({ "key": ACME, "name": "Acme University", "org": "acme-u" })
    );
    assert_eq!(nodes[3]["key"], ACME);
    assert_eq!(nodes[3]["programs"]["totalCount"], 0);
    assert_eq!(nodes[3]["groups"]["totalCount"], 0);
    for hidden in [2, 4, 5, 6, 7] {
        assert_eq!(nodes[hidden], Value::Null, "{hidden}");
    }
    let data = learner
        .data(
            "{ platform(key: \"acme\") { name } other: platform(key: \"globex\") { name } }",
            json!({}),
        )
        .await;
    assert_eq!(
        data,
        json!({ "platform": { "name": "Acme University" }, "other": null })
    );
    // Others see the suggested programs of users in scope.
    for (client, seen) in [
        (server.user("anna"), true),
        (server.user("root"), true),
        (server.key("acme"), true),
        (server.user("dora"), true),
        (server.user("dirk"), false),
        (server.user("student2"), false),
        (server.user("gabi"), false),
    ] {
        let data = client
            .data(
                "query ($id: ID!) { node(id: $id) { id } }",
                json!({ "id": ds["id"] }),
            )
            .await;
        assert_eq!(data["node"].is_object(), seen);
    }
    // Without an open way there is nothing.
    suggest(server, USERS, json!({ "programKey": program("istanbul"), "user": { "username": "student1" }, "visible": false })).await;
    let gone = row(&list, "istanbul");
    let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let wanted =
        json!({ "ids": [gone["id"], ids.get(&format!("program acme {}", program("istanbul")))] });
    let data = learner.data(document, wanted).await;
    assert_eq!(data["nodes"], json!([null, null]));
}

/// Updates or deletes what a list of acme shows.
async fn where_(
    client: &Client,
    kind: crate::support::kind::Kind,
    act: &str,
    more: Value,
) -> Value {
    let mut input = json!({ "platformKey": ACME });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    let counts = match act {
        "Update" => "updatedCount unchangedCount",
        _ => "deletedCount",
    };
    let selection =
        format!("clientMutationId dryRun matchedCount {counts} userErrors {{ code field }}");
    let document = kind.mutation_document(&format!("{act}Where"), &selection);
    let body = client
        .graphql(&document, json!({ "input": input }))
        .await
        .json();
    match body["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!(code),
        None => body["data"][format!("{}{act}Where", kind.prefix)].clone(),
    }
}

async fn changing_what_a_list_shows(server: &Server) {
    let anna = server.user("anna");
    let of_globex = || server.database.export().matches("\"globex\"").count();
    let everything = of_globex();
    for kind in BOTH {
        let all = kind.of_acme.len();
        let shown = kind
            .ids(&anna, json!({ "filter": { "accepted": true } }))
            .await;
        let set =
            json!({ "visible": false, "message": "closing", "dueAt": "2030-01-01T00:00:00Z" });
        let before = server.database.export();
        let request = json!({ "filter": { "accepted": true }, "set": set, "expectedCount": shown.len(), "clientMutationId": "c" });
        // A dry run answers as the real run.
        let mut dry = request.clone();
        dry["dryRun"] = json!(true);
        let mut tried = where_(&anna, kind, "Update", dry).await;
        assert_eq!(server.database.export(), before);
        let done = where_(&anna, kind, "Update", request.clone()).await;
        assert_eq!(done["userErrors"], json!([]), "{done:#}");
        assert_eq!(tried["dryRun"].take(), true);
        tried["dryRun"] = json!(false);
        assert_eq!(tried, done);
        assert_eq!(done["matchedCount"], json!(shown.len()));
        assert_eq!(done["updatedCount"], json!(shown.len()));
        assert_eq!(done["unchangedCount"], 0);
        // The same again changes nothing, and leaves `modified`.
        let after = server.database.export();
        let again = where_(&anna, kind, "Update", request).await;
        assert_eq!(again["updatedCount"], 0);
        assert_eq!(again["unchangedCount"], json!(shown.len()));
        assert_eq!(server.database.export(), after);
        let found = kind
            .ids(
                &anna,
                json!({ "filter": { "dueAfter": "2029-01-01T00:00:00Z", "visible": false } }),
            )
            .await;
        assert_eq!(found, shown);
        // With a text, which few or many match.
        for query in ["data", "a"] {
            let found = kind.ids(&anna, json!({ "query": query })).await;
            let request = json!({ "query": query, "set": { "message": query }, "expectedCount": found.len() });
            let done = where_(&anna, kind, "Update", request).await;
            assert_eq!(done["updatedCount"], json!(found.len()), "{done:#}");
        }
        // The scope holds.
        let cody = server.user("cody");
        let mine = kind.ids(&cody, json!({ "departmentMode": true })).await;
        let request = json!({ "departmentMode": true, "set": { "accepted": true }, "expectedCount": mine.len() });
        let done = where_(&cody, kind, "Update", request).await;
        assert_eq!(done["matchedCount"], json!(mine.len()));
        let request = json!({ "departmentMode": true, "expectedCount": mine.len(), "idempotencyKey": kind.subject });
        let done = where_(&cody, kind, "Delete", request.clone()).await;
        assert_eq!(done["deletedCount"], json!(mine.len()), "{done:#}");
        assert_eq!(kind.ids(&anna, json!({})).await.len(), all - mine.len());
        // The same key again: the first answer, and no work.
        assert_eq!(where_(&cody, kind, "Delete", request.clone()).await, done);
        let mut other = request;
        other["expectedCount"] = json!(0);
        let refused = where_(&cody, kind, "Delete", other).await;
        assert_eq!(refused["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
        let done = where_(
            &anna,
            kind,
            "Delete",
            json!({ "filter": {}, "expectedCount": all - mine.len() }),
        )
        .await;
        assert_eq!(done["deletedCount"], json!(all - mine.len()));
        assert_eq!(kind.ids(&anna, json!({})).await, [] as [i64; 0]);
        let done = where_(&anna, kind, "Delete", json!({ "expectedCount": 0 })).await;
        assert_eq!(
            (&done["matchedCount"], &done["userErrors"]),
            (&json!(0), &json!([]))
        );
    }
    // Of globex nothing is gone.
    assert_eq!(of_globex(), everything);
}

async fn changes_of_a_list_that_cannot_be(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let all = kind.of_acme.len();
        let input = json!({ "filter": { "programKeys": [program("ds")] }, "expectedCount": 1,
            "set": { "visibleFrom": "2030-01-01T00:00:00Z", "visibleUntil": "2031-01-01T00:00:00Z" } });
        let mut one = input.clone();
        one["filter"] = json!({ "programKeys": [program("ds")], "accepted": false });
        assert_eq!(where_(&anna, kind, "Update", one).await["updatedCount"], 1);
        let before = server.database.export();
        for (more, code, field, matched) in [
            (
                json!({ "set": { "visible": false }, "expectedCount": 3 }),
                "CONFLICT",
                vec!["expectedCount"],
                all,
            ),
            (
                json!({ "set": { "visible": false }, "expectedCount": -1 }),
                "INVALID",
                vec!["expectedCount"],
                0,
            ),
            (
                json!({ "set": {}, "expectedCount": all }),
                "REQUIRED",
                vec!["set"],
                0,
            ),
            (
                json!({ "set": { "accepted": null }, "expectedCount": all }),
                "REQUIRED",
                vec!["set"],
                0,
            ),
            (
                json!({ "set": { "message": "a\0" }, "expectedCount": all }),
                "INVALID",
                vec!["set", "message"],
                0,
            ),
            (
                json!({ "set": { "message": "x".repeat(2_001) }, "expectedCount": all }),
                "TOO_LONG",
                vec!["set", "message"],
                0,
            ),
            (
                json!({ "set": { "visibleFrom": "2031-01-01T00:00:00Z" }, "expectedCount": all }),
                "INVALID",
                vec!["set", "visibleUntil"],
                all,
            ),
            (
                json!({ "set": { "visibleUntil": "2030-01-01T00:00:00Z" }, "expectedCount": all }),
                "INVALID",
                vec!["set", "visibleUntil"],
                all,
            ),
            (
                json!({ "set": { "visibleFrom": "2030-01-01T00:00:00Z", "visibleUntil": "2030-01-01T00:00:00Z" }, "expectedCount": all }),
                "INVALID",
                vec!["set", "visibleUntil"],
                0,
            ),
            (
                json!({ "set": { "visible": false }, "expectedCount": all, "platformOrg": "other" }),
                "PLATFORM_MISMATCH",
                vec!["platformOrg"],
                0,
            ),
            (
                json!({ "set": { "visible": false }, "expectedCount": all, "idempotencyKey": " " }),
                "REQUIRED",
                vec!["idempotencyKey"],
                0,
            ),
        ] {
            let refused = where_(&anna, kind, "Update", more.clone()).await;
            let path: Vec<&str> = ["input"].into_iter().chain(field).collect();
            assert_eq!(
                refused["userErrors"],
                json!([{ "code": code, "field": path }]),
                "{more}"
            );
            assert_eq!(refused["matchedCount"], json!(matched), "{more}");
            assert_eq!(refused["updatedCount"], 0);
            assert_eq!(refused["unchangedCount"], 0);
        }
        let refused = where_(&anna, kind, "Delete", json!({ "expectedCount": all + 1 })).await;
        assert_eq!(refused["userErrors"][0]["code"], "CONFLICT");
        assert_eq!(
            (&refused["matchedCount"], &refused["deletedCount"]),
            (&json!(all), &json!(0))
        );
        for (client, mode, code) in [
            (server.user("student1"), false, "FORBIDDEN"),
            (server.user("cody"), false, "FORBIDDEN"),
            (server.user("gabi"), true, "FORBIDDEN"),
            (server.anonymous(), false, "UNAUTHENTICATED"),
        ] {
            let request = json!({ "departmentMode": mode, "expectedCount": all });
            assert_eq!(where_(&client, kind, "Delete", request).await, code);
        }
        assert_eq!(server.database.export(), before);
    }
}
