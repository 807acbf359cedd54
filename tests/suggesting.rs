//! Suggesting one program to one user or group, and taking it back.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::kind::{BOTH, GROUPS, Kind, USERS, codes, program_key};
use crate::support::{Client, Server};

both_engines!(
    created_then_unchanged_then_updated,
    omitted_values_are_kept,
    null_is_as_omitted,
    metadata_is_replaced_as_a_whole,
    metadata_has_limits,
    metadata_is_an_object,
    who_suggested,
    users_by_every_name,
    users_who_are_not_there,
    ambiguous_users,
    exactly_one_name,
    groups_by_either_id,
    groups_that_are_not_there,
    programs_that_are_not_there,
    what_lies_outside_the_scope,
    blank_and_overlong_text,
    control_characters_do_no_harm,
    the_platform_and_its_organisation,
    deleting,
    deleting_what_is_not_there,
    deleting_outside_the_scope,
    racing_creations_are_one_creation,
    racing_changes_lose_nothing,
    white_space_that_hides_a_name_is_pointed_out,
);

/// A program that nobody in the fixture was suggested, for user 20 or group 101.
fn fresh(kind: Kind) -> Value {
    kind.item("100x", 20)
}

fn with(mut input: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

async fn created_then_unchanged_then_updated(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let input = with(fresh(kind), json!({ "clientMutationId": "mine" }));
        let created = kind.create(&anna, input.clone()).await;
        assert_eq!(created["outcome"], json!("CREATED"), "{created:#}");
        assert_eq!(created["userErrors"], json!([]));
        assert_eq!(created["clientMutationId"], json!("mine"));
        let suggestion = &created["suggestion"];
        assert_eq!(suggestion["accepted"], json!(false));
        assert_eq!(suggestion["visible"], json!(true));
        assert_eq!(suggestion["metadata"], json!({}));
        assert_eq!(suggestion["program"]["key"], json!(program_key("100x")));
        assert_eq!(suggestion[kind.subject], kind.subject(20));
        assert_eq!(suggestion["suggestedBy"]["username"], json!("anna"));
        assert_eq!(suggestion["created"], suggestion["modified"]);
        if kind.subject == "user" {
            assert_eq!(suggestion["direct"], json!(true));
        } else {
            assert_eq!(suggestion["userCount"], json!(3));
        }
        let id: i64 = suggestion["databaseId"].as_str().unwrap().parse().unwrap();
        assert_eq!(kind.suggestion(&anna, id).await, *suggestion);

        let again = kind.create(&anna, input.clone()).await;
        assert_eq!(again["outcome"], json!("UNCHANGED"));
        assert_eq!(again["suggestion"], *suggestion);

        let changed = kind
            .create(&anna, with(input, json!({ "visible": false })))
            .await;
        assert_eq!(changed["outcome"], json!("UPDATED"));
        let changed = &changed["suggestion"];
        assert_eq!(changed["id"], suggestion["id"]);
        assert_eq!(changed["created"], suggestion["created"]);
        assert_ne!(changed["modified"], suggestion["modified"]);
        assert_eq!(changed["visible"], json!(false));
        assert_eq!(kind.suggestion(&anna, id).await, *changed);
    }
}

async fn omitted_values_are_kept(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let all = json!({ "accepted": true, "visible": false, "metadata": { "a": 1 } });
        kind.create(&anna, with(fresh(kind), all)).await;
        // Suggesting again never undoes an acceptance.
        let again = kind.create(&anna, fresh(kind)).await;
        assert_eq!(again["outcome"], json!("UNCHANGED"));
        assert_eq!(again["suggestion"]["accepted"], json!(true));
        assert_eq!(again["suggestion"]["visible"], json!(false));
        assert_eq!(again["suggestion"]["metadata"], json!({ "a": 1 }));
        let one = kind
            .create(&anna, with(fresh(kind), json!({ "visible": true })))
            .await;
        assert_eq!(one["outcome"], json!("UPDATED"));
        assert_eq!(one["suggestion"]["accepted"], json!(true));
        assert_eq!(one["suggestion"]["metadata"], json!({ "a": 1 }));
        let undone = kind
            .create(&anna, with(fresh(kind), json!({ "accepted": false })))
            .await;
        assert_eq!(undone["suggestion"]["accepted"], json!(false));
        assert_eq!(undone["suggestion"]["visible"], json!(true));
    }
}

async fn null_is_as_omitted(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let nulls = json!({ "accepted": null, "visible": null, "metadata": null });
        let created = kind.create(&anna, with(fresh(kind), nulls.clone())).await;
        assert_eq!(created["suggestion"]["accepted"], json!(false));
        assert_eq!(created["suggestion"]["visible"], json!(true));
        assert_eq!(created["suggestion"]["metadata"], json!({}));
        let all = json!({ "accepted": true, "visible": false, "metadata": { "a": 1 } });
        kind.create(&anna, with(fresh(kind), all)).await;
        // Except that metadata given as null means an empty object.
        let nulled = kind.create(&anna, with(fresh(kind), nulls)).await;
        assert_eq!(nulled["outcome"], json!("UPDATED"));
        assert_eq!(nulled["suggestion"]["accepted"], json!(true));
        assert_eq!(nulled["suggestion"]["visible"], json!(false));
        assert_eq!(nulled["suggestion"]["metadata"], json!({}));
    }
}

async fn metadata_is_replaced_as_a_whole(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let set = async |metadata: Value| {
            let input = with(fresh(kind), json!({ "metadata": metadata }));
            let payload = kind.create(&anna, input).await;
            assert_eq!(payload["suggestion"]["metadata"], metadata);
            payload["outcome"].as_str().unwrap().to_owned()
        };
        assert_eq!(set(json!({ "a": { "b": 1 }, "c": [] })).await, "CREATED");
        assert_eq!(set(json!({ "c": [], "a": { "b": 1 } })).await, "UNCHANGED");
        assert_eq!(set(json!({ "a": {} })).await, "UPDATED");
        let odd = json!({
            "": "", "é": "\u{1}\n\"\\", "null": null, "deep": [[{ "x": [1.5, -0.25, true] }]],
            "big": 9_007_199_254_740_991_i64, "emoji": "💥",
        });
        assert_eq!(set(odd).await, "UPDATED");
        assert_eq!(set(json!({})).await, "UPDATED");
    }
}

async fn metadata_has_limits(server: &Server) {
    let anna = server.user("anna");
    let mut eight = json!({});
    for _ in 0..7 {
        eight = json!({ "a": eight });
    }
    let mut nine = json!([]);
    for _ in 0..7 {
        nine = json!([nine]);
    }
    let nine = json!({ "a": nine });
    let of_bytes = |bytes: usize| json!({ "é": "x".repeat(bytes - r#"{"é":""}"#.len()) });
    for kind in BOTH {
        for good in [&eight, &of_bytes(16_384)] {
            let input = with(fresh(kind), json!({ "metadata": good }));
            let payload = kind.create(&anna, input).await;
            assert_eq!(payload["userErrors"], json!([]));
            assert_eq!(payload["suggestion"]["metadata"], *good);
        }
        for (wrong, code) in [(&nine, "INVALID"), (&of_bytes(16_385), "TOO_LONG")] {
            let input = with(fresh(kind), json!({ "metadata": wrong }));
            let payload = kind.create(&anna, input).await;
            assert_eq!(payload["outcome"], json!("FAILED"));
            assert_eq!(payload["suggestion"], json!(null));
            assert_eq!(codes(&payload["userErrors"]), [code]);
            let field = &payload["userErrors"][0]["field"];
            assert_eq!(*field, json!(["input", "metadata"]));
        }
    }
}

async fn metadata_is_an_object(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        for wrong in [json!([]), json!("{}"), json!(5), json!(true)] {
            let input = with(fresh(kind), json!({ "metadata": wrong }));
            let code = kind.refusal(&anna, "Create", input).await;
            assert_eq!(code, "BAD_USER_INPUT", "{wrong}");
        }
    }
}

async fn who_suggested(server: &Server) {
    for kind in BOTH {
        for (caller, number, expected) in [
            (server.user("root"), 20, json!({ "username": "root" })),
            (server.key("acme-dora"), 21, json!({ "username": "dora" })),
            (server.key("acme"), 22, json!(null)),
        ] {
            let input = with(kind.item("100x", number), json!({ "departmentMode": true }));
            let payload = kind.create(&caller, input).await;
            assert_eq!(payload["outcome"], json!("CREATED"), "{payload:#}");
            assert_eq!(payload["suggestion"]["suggestedBy"], expected);
        }
    }
}

/// Suggests something to somebody, named like this, and says who it was or the code of the failure.
async fn suggest_to(client: &Client, kind: Kind, subject: Value) -> String {
    let mut input = json!({ "programKey": program_key("100x"), "departmentMode": true });
    input[kind.subject] = subject;
    let payload = kind.create(client, input).await;
    if payload["outcome"] == json!("FAILED") {
        assert_eq!(payload["suggestion"], json!(null));
        let codes = codes(&payload["userErrors"]);
        assert_eq!(codes.len(), 1);
        let path = payload["userErrors"][0]["field"].as_array().unwrap();
        assert_eq!(path[..2], [json!("input"), json!(kind.subject)]);
        codes[0].to_owned()
    } else {
        let subject = &payload["suggestion"][kind.subject]["databaseId"];
        subject.as_str().unwrap().to_owned()
    }
}

async fn users_by_every_name(server: &Server) {
    let anna = server.user("anna");
    let data = anna
        .data(
            "{ viewer { user { id } } \
               programSuggestionPage(platformKey: \"acme\", query: \"student1\") { results { user { id } } } }",
            json!({}),
        )
        .await;
    let student1 = &data["programSuggestionPage"]["results"][0]["user"]["id"];
    for (user, expected) in [
        (json!({ "id": student1 }), "20"),
        // Anybody who is an active member, admins too.
        (json!({ "id": data["viewer"]["user"]["id"] }), "10"),
        (json!({ "databaseId": "20" }), "20"),
        (json!({ "databaseId": 20 }), "20"),
        (json!({ "username": "STUDENT1" }), "20"),
        (json!({ "username": "mixedcase" }), "27"),
        // In GraphQL it is said which name it is: here the username, not the id.
        (json!({ "username": "4711" }), "26"),
        (json!({ "email": "MIXED@acme.EXAMPLE" }), "27"),
        // Shared only with somebody of another platform.
        (json!({ "email": "s1@acme.example" }), "20"),
        (json!({ "email": "both@waymark.example" }), "25"),
    ] {
        let said = user.to_string();
        assert_eq!(suggest_to(&anna, USERS, user).await, expected, "{said}");
    }
}

async fn users_who_are_not_there(server: &Server) {
    let anna = server.user("anna");
    for user in [
        json!({ "databaseId": "999999" }),
        json!({ "databaseId": "4711" }),
        json!({ "databaseId": "0" }),
        json!({ "databaseId": "-20" }),
        json!({ "databaseId": i64::MAX.to_string() }),
        json!({ "username": "nobody-at-all" }),
        json!({ "username": "20" }),
        json!({ "email": "nobody@nowhere.example" }),
        json!({ "email": "student1" }),
        json!({ "username": "s1@acme.example" }),
        json!({ "username": "student" }),
        json!({ "username": "student%" }),
        // Inactive; of another platform; of none.
        json!({ "username": "gone" }),
        json!({ "databaseId": "24" }),
        json!({ "username": "glen" }),
        json!({ "username": "nobody" }),
        json!({ "username": "root" }),
    ] {
        let said = user.to_string();
        let code = suggest_to(&anna, USERS, user).await;
        assert!(
            code == "USER_NOT_FOUND" || (said.contains("-20") && code == "INVALID"),
            "{said}: {code}"
        );
    }
    // An id that is none.
    for user in [
        json!({ "databaseId": "twenty" }),
        json!({ "databaseId": "" }),
        json!({ "databaseId": "99999999999999999999" }),
        json!({ "id": "nonsense" }),
        json!({ "id": "" }),
    ] {
        let said = user.to_string();
        assert_eq!(suggest_to(&anna, USERS, user).await, "INVALID", "{said}");
    }
}

async fn ambiguous_users(server: &Server) {
    let anna = server.user("anna");
    let user = json!({ "email": "shared@ACME.example" });
    assert_eq!(suggest_to(&anna, USERS, user).await, "AMBIGUOUS_USER");
}

async fn exactly_one_name(server: &Server) {
    let anna = server.user("anna");
    for (kind, subject) in [
        (USERS, json!({})),
        (USERS, json!({ "username": "student1", "databaseId": "20" })),
        (USERS, json!({ "username": "student1", "email": null })),
        (USERS, json!({ "username": null })),
        (USERS, json!({ "name": "Émile Zola" })),
        (USERS, json!("student1")),
        (USERS, json!(null)),
        (GROUPS, json!({})),
        (GROUPS, json!({ "name": "Web Guild" })),
    ] {
        let mut input = json!({ "programKey": program_key("100x") });
        input[kind.subject] = subject.clone();
        let code = kind.refusal(&anna, "Create", input).await;
        assert_eq!(code, "BAD_USER_INPUT", "{subject}");
    }
}

async fn groups_by_either_id(server: &Server) {
    let anna = server.user("anna");
    let document =
        "{ platform(key: \"acme\") { groups(first: 1, query: \"guild\") { nodes { id } } } }";
    let data = anna.data(document, json!({})).await;
    let id = &data["platform"]["groups"]["nodes"][0]["id"];
    for (group, expected) in [
        (json!({ "id": id }), "102"),
        (json!({ "databaseId": "103" }), "103"),
    ] {
        assert_eq!(suggest_to(&anna, GROUPS, group).await, expected);
    }
}

async fn groups_that_are_not_there(server: &Server) {
    let anna = server.user("anna");
    let gabi = server.user("gabi");
    let document = "{ platform(key: \"globex\") { id groups(first: 1) { nodes { id } } } }";
    let data = gabi.data(document, json!({})).await;
    let foreign = &data["platform"]["groups"]["nodes"][0]["id"];
    for (group, code) in [
        (json!({ "databaseId": "999999" }), "GROUP_NOT_FOUND"),
        (json!({ "databaseId": "201" }), "GROUP_NOT_FOUND"),
        (json!({ "id": foreign }), "GROUP_NOT_FOUND"),
        (json!({ "databaseId": "Web Guild" }), "INVALID"),
        (json!({ "id": "nonsense" }), "INVALID"),
        // The id of a platform is no id of a group.
        (json!({ "id": data["platform"]["id"] }), "INVALID"),
    ] {
        let said = group.to_string();
        assert_eq!(suggest_to(&anna, GROUPS, group).await, code, "{said}");
    }
}

async fn programs_that_are_not_there(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        for key in [
            "nowhere",
            "program-v1:globex+ds+2026",
            // A key is opaque text, and not folded.
            "PROGRAM-V1:ACME+DS+2026",
            " program-v1:acme+ds+2026",
        ] {
            let input = with(fresh(kind), json!({ "programKey": key }));
            let payload = kind.create(&anna, input).await;
            assert_eq!(payload["outcome"], json!("FAILED"));
            assert_eq!(codes(&payload["userErrors"]), ["PROGRAM_NOT_FOUND"]);
            let field = &payload["userErrors"][0]["field"];
            assert_eq!(*field, json!(["input", "programKey"]));
        }
    }
}

async fn what_lies_outside_the_scope(server: &Server) {
    let dora = server.user("dora");
    // The departments of dora are eng and, below it, web.
    for (number, user, group) in [
        (20, "20", "101"),
        (21, "21", "102"),
        // In sales; in no department at all.
        (22, "OUT_OF_SCOPE", "OUT_OF_SCOPE"),
        (23, "OUT_OF_SCOPE", "OUT_OF_SCOPE"),
        (25, "25", "106"),
        (999, "USER_NOT_FOUND", "GROUP_NOT_FOUND"),
    ] {
        let subject = USERS.subject(number);
        assert_eq!(suggest_to(&dora, USERS, subject).await, user, "{number}");
        let subject = GROUPS.subject(number);
        assert_eq!(suggest_to(&dora, GROUPS, subject).await, group, "{number}");
    }
    for user in ["gone", "glen"] {
        let subject = json!({ "username": user });
        let code = suggest_to(&dora, USERS, subject).await;
        assert_eq!(code, "USER_NOT_FOUND", "{user}");
    }
    let foreign = json!({ "databaseId": "201" });
    let code = suggest_to(&dora, GROUPS, foreign).await;
    assert_eq!(code, "GROUP_NOT_FOUND");
    // Below, but not above: cody has web only.
    let cody = server.user("cody");
    for (number, user, group) in [(20, "OUT_OF_SCOPE", "OUT_OF_SCOPE"), (21, "21", "102")] {
        let subject = USERS.subject(number);
        assert_eq!(suggest_to(&cody, USERS, subject).await, user);
        let subject = GROUPS.subject(number);
        assert_eq!(suggest_to(&cody, GROUPS, subject).await, group);
    }
    // Without department mode a department admin may do nothing.
    for kind in BOTH {
        let code = kind.refusal(&dora, "Create", fresh(kind)).await;
        assert_eq!(code, "FORBIDDEN");
    }
}

async fn blank_and_overlong_text(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        for (key, code) in [
            (String::new(), "REQUIRED"),
            (" \t".to_owned(), "REQUIRED"),
            ("x".repeat(100_000), "TOO_LONG"),
            ("a\u{0}b".to_owned(), "INVALID"),
        ] {
            let input = with(fresh(kind), json!({ "programKey": key }));
            let payload = kind.create(&anna, input).await;
            assert_eq!(codes(&payload["userErrors"]), [code]);
            let field = &payload["userErrors"][0]["field"];
            assert_eq!(*field, json!(["input", "programKey"]));
        }
    }
    for (user, code) in [
        (json!({ "username": "" }), "REQUIRED"),
        (json!({ "email": "  " }), "REQUIRED"),
        (json!({ "username": "x".repeat(100_000) }), "TOO_LONG"),
        (json!({ "email": "a\u{0}b" }), "INVALID"),
    ] {
        assert_eq!(suggest_to(&anna, USERS, user).await, code);
    }
}

async fn control_characters_do_no_harm(server: &Server) {
    let anna = server.user("anna");
    let odd = "\u{1}\u{8}\u{7f}\r\n\u{2028}\u{feff}'\"\\%_;--💥";
    for kind in BOTH {
        let ids = kind.ids(&anna, json!({ "query": odd })).await;
        assert_eq!(ids, [0; 0]);
        let input = with(fresh(kind), json!({ "programKey": odd }));
        let payload = kind.create(&anna, input).await;
        assert_eq!(codes(&payload["userErrors"]), ["PROGRAM_NOT_FOUND"]);
        let input = with(
            fresh(kind),
            json!({ "metadata": { odd: odd }, "clientMutationId": odd }),
        );
        let payload = kind.create(&anna, input).await;
        assert_eq!(payload["suggestion"]["metadata"], json!({ odd: odd }));
        assert_eq!(payload["clientMutationId"], json!(odd));
        // No database holds NUL in text; nothing breaks over it.
        let document = kind.page_document("count");
        let variables = json!({ "platformKey": "acme", "query": "a\u{0}b" });
        let code = anna.code(&document, variables).await;
        assert_eq!(code, "BAD_USER_INPUT");
        // In metadata it is written with an escape, and comes back as it was.
        let metadata = json!({ "a": "\u{0}", "\u{0}": 1 });
        let input = with(fresh(kind), json!({ "metadata": metadata }));
        let payload = kind.create(&anna, input).await;
        assert_eq!(payload["suggestion"]["metadata"], metadata);
    }
}

async fn the_platform_and_its_organisation(server: &Server) {
    let (anna, root) = (server.user("anna"), server.user("root"));
    for kind in BOTH {
        let input = with(fresh(kind), json!({ "platformOrg": "acme-u" }));
        let payload = kind.create(&anna, input).await;
        assert_eq!(payload["outcome"], json!("CREATED"));
        let input = with(fresh(kind), json!({ "platformOrg": "globex-inc" }));
        let payload = kind.create(&anna, input).await;
        assert_eq!(payload["outcome"], json!("FAILED"));
        assert_eq!(codes(&payload["userErrors"]), ["PLATFORM_MISMATCH"]);
        for platform in ["globex", "nowhere"] {
            let input = with(fresh(kind), json!({ "platformKey": platform }));
            let code = kind.refusal(&anna, "Create", input).await;
            assert_eq!(code, "FORBIDDEN", "{platform}");
        }
        let input = with(fresh(kind), json!({ "platformKey": "nowhere" }));
        let code = kind.refusal(&root, "Create", input).await;
        assert_eq!(code, "BAD_USER_INPUT");
    }
}

async fn deleting(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let [first, second] = [kind.of_acme[0], kind.of_acme[1]];
        let id = kind.suggestion(&anna, first).await["id"].clone();
        let input = json!({
            "suggestion": { "id": id }, "platformKey": "acme", "clientMutationId": "mine",
        });
        let payload = kind.delete(&anna, input.clone()).await;
        assert_eq!(
            payload,
            json!({ "clientMutationId": "mine", "deletedId": id, "userErrors": [] })
        );
        let again = kind.delete(&anna, input).await;
        assert_eq!(again["deletedId"], json!(null));
        assert_eq!(codes(&again["userErrors"]), ["SUGGESTION_NOT_FOUND"]);

        // Without a platform, by the integer id.
        let id = kind.suggestion(&anna, second).await["id"].clone();
        let input =
            json!({ "platformKey": null, "suggestion": { "databaseId": second.to_string() } });
        let payload = kind.delete(&anna, input).await;
        assert_eq!(payload["deletedId"], id);
        let left = kind.ids(&anna, json!({})).await;
        assert_eq!(left.len(), kind.of_acme.len() - 2);
        assert!(!left.contains(&first) && !left.contains(&second));
    }
}

async fn deleting_what_is_not_there(server: &Server) {
    let anna = server.user("anna");
    for (kind, other, foreign) in [(USERS, GROUPS, "2001"), (GROUPS, USERS, "4001")] {
        let other_id = other.suggestion(&anna, other.of_acme[0]).await["id"].clone();
        for (suggestion, code) in [
            (json!({ "databaseId": "999999" }), "SUGGESTION_NOT_FOUND"),
            (json!({ "databaseId": "0" }), "SUGGESTION_NOT_FOUND"),
            // Of another platform.
            (json!({ "databaseId": foreign }), "SUGGESTION_NOT_FOUND"),
            (json!({ "databaseId": "x" }), "INVALID"),
            (json!({ "id": "nonsense" }), "INVALID"),
            (json!({ "id": other_id }), "INVALID"),
        ] {
            for platform in [json!("acme"), json!(null)] {
                let input = json!({ "platformKey": platform, "suggestion": suggestion });
                let payload = kind.delete(&anna, input).await;
                assert_eq!(payload["deletedId"], json!(null));
                assert_eq!(codes(&payload["userErrors"]), [code], "{suggestion}");
            }
        }
        let input = json!({ "suggestion": {} });
        assert_eq!(kind.refusal(&anna, "Delete", input).await, "BAD_USER_INPUT");
        let input = json!({ "platformKey": "globex", "suggestion": { "databaseId": foreign } });
        assert_eq!(kind.refusal(&anna, "Delete", input).await, "FORBIDDEN");
        assert_eq!(kind.ids(&anna, json!({})).await.len(), kind.of_acme.len());
    }
}

async fn deleting_outside_the_scope(server: &Server) {
    let (dora, root) = (server.user("dora"), server.user("root"));
    // 1003 and 3003 lie in sales, 1002 and 3002 in web.
    for (kind, outside, inside) in [(USERS, "1003", "1002"), (GROUPS, "3003", "3002")] {
        for platform in [json!("acme"), json!(null)] {
            let input = json!({
                "platformKey": platform, "departmentMode": true, "suggestion": { "databaseId": outside },
            });
            let payload = kind.delete(&dora, input).await;
            assert_eq!(codes(&payload["userErrors"]), ["SUGGESTION_NOT_FOUND"]);
        }
        // Without department mode a department admin may manage nothing.
        let input = json!({ "suggestion": { "databaseId": inside } });
        assert_eq!(kind.refusal(&dora, "Delete", input).await, "FORBIDDEN");
        let input = json!({ "platformKey": null, "suggestion": { "databaseId": inside } });
        let payload = kind.delete(&dora, input).await;
        assert_eq!(codes(&payload["userErrors"]), ["SUGGESTION_NOT_FOUND"]);
        let input = json!({ "departmentMode": true, "suggestion": { "databaseId": inside } });
        let payload = kind.delete(&dora, input).await;
        assert_eq!(payload["userErrors"], json!([]));
        let left = kind.ids(&root, json!({})).await;
        assert_eq!(left.len(), kind.of_acme.len() - 1);
    }
}

async fn racing_creations_are_one_creation(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let mut racers = JoinSet::new();
        for number in 0..24 {
            let anna = anna.clone();
            racers.spawn(async move {
                if number % 2 == 0 {
                    let payload = kind.create(&anna, fresh(kind)).await;
                    (
                        payload["outcome"].clone(),
                        payload["suggestion"]["id"].clone(),
                    )
                } else {
                    let input = json!({ "items": [fresh(kind)] });
                    let payload = kind.bulk_create(&anna, input).await;
                    let result = &payload["results"][0];
                    (
                        result["outcome"].clone(),
                        result["suggestion"]["id"].clone(),
                    )
                }
            });
        }
        let finished = racers.join_all().await;
        let id = &finished[0].1;
        assert!(
            finished
                .iter()
                .all(|(_, other)| other == id && id.is_string())
        );
        let count = |outcome: &str| finished.iter().filter(|(is, _)| is == outcome).count();
        assert_eq!((count("CREATED"), count("UNCHANGED")), (1, 23));
    }
}

async fn racing_changes_lose_nothing(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        kind.create(&anna, fresh(kind)).await;
        let mut racers = JoinSet::new();
        for change in [
            json!({ "accepted": true }),
            json!({ "visible": false }),
            json!({ "metadata": { "a": 1 } }),
        ] {
            for _ in 0..6 {
                let (anna, input) = (anna.clone(), with(fresh(kind), change.clone()));
                racers.spawn(async move { kind.create(&anna, input).await["outcome"].clone() });
            }
        }
        let outcomes = racers.join_all().await;
        let updated = outcomes.iter().filter(|is| *is == "UPDATED").count();
        let unchanged = outcomes.iter().filter(|is| *is == "UNCHANGED").count();
        assert_eq!((updated, unchanged), (3, 15));
        let payload = kind.create(&anna, fresh(kind)).await;
        let suggestion = &payload["suggestion"];
        assert_eq!(suggestion["accepted"], json!(true));
        assert_eq!(suggestion["visible"], json!(false));
        assert_eq!(suggestion["metadata"], json!({ "a": 1 }));
    }
}

/// What nobody sees at the ends of a name is said where nothing has that name.
async fn white_space_that_hides_a_name_is_pointed_out(given: &Server) {
    let client = given.key("acme");
    for (program, username, spaced) in [
        ("program-v1:acme+ds+2026 ", "student1", true),
        ("program-v1:acme+ds+2026", "\u{a0}student1", true),
        ("no-such-program", "student1", false),
        ("program-v1:acme+ds+2026", "nobody", false),
    ] {
        let data = client
            .data(
                "mutation($input: ProgramSuggestionCreateInput!) { programSuggestionCreate(input: $input) { userErrors { message } } }",
                json!({ "input": { "platformKey": "acme", "programKey": program, "user": { "username": username } } }),
            )
            .await;
        let message = &data["programSuggestionCreate"]["userErrors"][0]["message"];
        let message = message.as_str().unwrap();
        assert_eq!(message.contains("white space"), spaced, "{message}");
    }
}
