//! Many items in one request.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::kind::{BOTH, GROUPS, USERS, codes, column, program_key};
use crate::support::{Database, Server, large};

both_engines!(
    answers_in_input_order,
    problems_say_where,
    nothing_to_do,
    too_many_items,
    duplicates_in_one_request,
    all_or_nothing,
    a_dry_run_answers_and_writes_nothing,
    the_same_request_again,
    an_idempotency_key_for_another_request,
    idempotency_keys_belong_to_their_caller,
    idempotency_keys_that_cannot_be,
    the_same_request_twice_at_once,
    racing_bulks,
    totals_are_exact_while_many_write,
    deleting_many,
    deleting_all_or_nothing,
    deleting_outside_the_scope,
    ten_thousand_items,
);

/// A program that nobody in the fixture was suggested.
const FRESH: &str = "100x";

fn set(mut item: Value, name: &str, value: Value) -> Value {
    item[name] = value;
    item
}

async fn answers_in_input_order(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let [first, second] = [kind.of_acme[0], kind.of_acme[1]];
        let items = json!([
            kind.item(FRESH, 22),
            kind.item("nowhere", 20),
            // There already: once as it is, once to be changed.
            kind.item("ds", 20),
            set(kind.item("ml", 21), "visible", json!(false)),
            kind.item(FRESH, 999),
            set(kind.item(FRESH, 20), "accepted", json!(true)),
        ]);
        let input = json!({ "items": items, "clientMutationId": "mine", "platformOrg": "acme-u" });
        let payload = kind.bulk_create(&anna, input).await;
        let not_found = match kind.subject {
            "user" => "USER_NOT_FOUND",
            _ => "GROUP_NOT_FOUND",
        };
        assert_eq!(payload["clientMutationId"], json!("mine"));
        assert_eq!(payload["dryRun"], json!(false));
        assert_eq!(payload["userErrors"], json!([]));
        assert_eq!(
            column(&payload["results"], "outcome"),
            [
                "CREATED",
                "FAILED",
                "UNCHANGED",
                "UPDATED",
                "FAILED",
                "CREATED"
            ]
        );
        assert_eq!(
            payload["errorCodes"],
            json!(["PROGRAM_NOT_FOUND", not_found])
        );
        assert_eq!(counts(&payload), [4, 2, 1, 1, 2]);
        let results = payload["results"].as_array().unwrap();
        for (index, result) in results.iter().enumerate() {
            assert_eq!(result["index"], json!(index));
            let failed = result["outcome"] == json!("FAILED");
            assert_eq!(result["suggestion"].is_null(), failed);
            assert_eq!(result["userErrors"] == json!([]), !failed);
            if !failed {
                // What is answered is what is there.
                let suggestion = &result["suggestion"];
                let id = suggestion["databaseId"].as_str().unwrap().parse().unwrap();
                assert_eq!(kind.suggestion(&anna, id).await, *suggestion);
            }
        }
        assert_eq!(
            results[2]["suggestion"]["databaseId"],
            json!(first.to_string())
        );
        assert_eq!(
            results[3]["suggestion"]["databaseId"],
            json!(second.to_string())
        );
        assert_eq!(results[5]["suggestion"]["accepted"], json!(true));
        assert_eq!(
            results[5]["suggestion"]["suggestedBy"]["username"],
            json!("anna")
        );
        assert_eq!(results[0]["suggestion"]["metadata"], json!({}));
    }
}

/// successes, created, updated, unchanged, failed.
fn counts(payload: &Value) -> [i64; 5] {
    [
        "successes",
        "createdCount",
        "updatedCount",
        "unchangedCount",
        "failedCount",
    ]
    .map(|name| payload[name].as_i64().unwrap())
}

async fn problems_say_where(server: &Server) {
    let dora = server.user("dora");
    let mut deep = json!({});
    for _ in 0..8 {
        deep = json!({ "a": deep });
    }
    let items = json!([
        USERS.item(FRESH, 20),
        USERS.item("nowhere", 20),
        USERS.item(FRESH, 22),
        set(
            USERS.item(FRESH, 20),
            "user",
            json!({ "email": "shared@acme.example" })
        ),
        set(USERS.item(FRESH, 20), "programKey", json!(" ")),
        set(USERS.item(FRESH, 20), "metadata", deep),
        set(USERS.item(FRESH, 20), "user", json!({ "databaseId": "x" })),
    ]);
    let input = json!({ "items": items, "departmentMode": true });
    let payload = USERS.bulk_create(&dora, input).await;
    let results = payload["results"].as_array().unwrap();
    let problems: Vec<(Vec<&str>, Vec<&Value>)> = results
        .iter()
        .map(|result| {
            let errors = result["userErrors"].as_array().unwrap();
            let fields = errors.iter().map(|error| &error["field"]).collect();
            (codes(&result["userErrors"]), fields)
        })
        .collect();
    let at = |index: &str, rest: &[&str]| {
        let mut path = vec!["input", "items", index];
        path.extend(rest);
        json!(path)
    };
    let expected = [
        ("PROGRAM_NOT_FOUND", at("1", &["programKey"])),
        ("OUT_OF_SCOPE", at("2", &["user"])),
        // Both who share the e-mail are members of the platform, whatever dora administers.
        ("AMBIGUOUS_USER", at("3", &["user"])),
        ("REQUIRED", at("4", &["programKey"])),
        ("INVALID", at("5", &["metadata"])),
        ("INVALID", at("6", &["user", "databaseId"])),
    ];
    assert_eq!(problems[0], (vec![], vec![]));
    for ((found, fields), (code, field)) in problems[1..].iter().zip(&expected) {
        assert_eq!(
            (found.as_slice(), fields.as_slice()),
            ([*code].as_slice(), [field].as_slice())
        );
    }
    assert_eq!(column(&payload["results"], "outcome")[1..], ["FAILED"; 6]);
    assert_eq!(payload["errorCodes"], json!(expected.map(|(code, _)| code)));
}

async fn nothing_to_do(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        for policy in ["CONTINUE", "ABORT"] {
            let input = json!({ "items": [], "errorPolicy": policy });
            let payload = kind.bulk_create(&anna, input).await;
            assert_eq!(counts(&payload), [0; 5]);
            assert_eq!(payload["results"], json!([]));
            assert_eq!(payload["errorCodes"], json!([]));
            assert_eq!(payload["userErrors"], json!([]));
            let input = json!({ "suggestions": [], "errorPolicy": policy });
            let payload = kind.bulk_delete(&anna, input).await;
            assert_eq!(payload["deletedIds"], json!([]));
            assert_eq!(payload["results"], json!([]));
            assert_eq!(payload["userErrors"], json!([]));
        }
        for wrong in [json!(null), json!("x"), json!([null])] {
            let input = json!({ "items": wrong });
            let code = kind.refusal(&anna, "BulkCreate", input).await;
            assert_eq!(code, "BAD_USER_INPUT");
        }
    }
}

async fn too_many_items(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let items = vec![kind.item(FRESH, 20); 10_001];
        let payload = kind.bulk_create(&anna, json!({ "items": items })).await;
        assert_eq!(codes(&payload["userErrors"]), ["LIMIT_EXCEEDED"]);
        assert_eq!(payload["userErrors"][0]["field"], json!(["input", "items"]));
        assert_eq!(payload["results"], json!([]));
        assert_eq!(payload["errorCodes"], json!([]));
        assert_eq!(counts(&payload), [0; 5]);
        let suggestions = vec![json!({ "databaseId": "1" }); 10_001];
        let input = json!({ "suggestions": suggestions });
        let payload = kind.bulk_delete(&anna, input).await;
        assert_eq!(codes(&payload["userErrors"]), ["LIMIT_EXCEEDED"]);
        assert_eq!(payload["results"], json!([]));
        assert_eq!(kind.ids(&anna, json!({})).await.len(), kind.of_acme.len());
    }
}

async fn duplicates_in_one_request(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let item = |value: Value| set(kind.item(FRESH, 20), "metadata", value);
        let items = json!([
            item(json!({ "n": 1 })),
            item(json!({ "n": 2 })),
            item(json!({ "n": 2 })),
            set(kind.item(FRESH, 20), "accepted", json!(true)),
            kind.item(FRESH, 20),
            // Of one that is there: there and back again.
            set(kind.item("ds", 20), "visible", json!(false)),
            set(kind.item("ds", 20), "visible", json!(true)),
        ]);
        let payload = kind.bulk_create(&anna, json!({ "items": items })).await;
        assert_eq!(
            column(&payload["results"], "outcome"),
            [
                "CREATED",
                "UPDATED",
                "UNCHANGED",
                "UPDATED",
                "UNCHANGED",
                "UPDATED",
                "UPDATED"
            ]
        );
        assert_eq!(counts(&payload), [7, 1, 4, 2, 0]);
        let id = &payload["results"][0]["suggestion"]["databaseId"];
        let suggestion = kind
            .suggestion(&anna, id.as_str().unwrap().parse().unwrap())
            .await;
        assert_eq!(suggestion["metadata"], json!({ "n": 2 }));
        assert_eq!(suggestion["accepted"], json!(true));
        let there = kind.suggestion(&anna, kind.of_acme[0]).await;
        assert_eq!(there["visible"], json!(true));
        let ids = kind.ids(&anna, json!({})).await;
        assert_eq!(ids.len(), kind.of_acme.len() + 1);
    }
}

async fn all_or_nothing(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let before = server.database.export();
        let items = json!([
            kind.item(FRESH, 20),
            kind.item("nowhere", 21),
            set(kind.item("ds", 20), "accepted", json!(true)),
            kind.item("ml", 21),
        ]);
        let input = json!({ "items": items, "errorPolicy": "ABORT" });
        let payload = kind.bulk_create(&anna, input).await;
        assert_eq!(column(&payload["results"], "outcome"), ["FAILED"; 4]);
        assert_eq!(
            payload["errorCodes"],
            json!(["ABORTED", "PROGRAM_NOT_FOUND", "ABORTED", "ABORTED"])
        );
        assert_eq!(counts(&payload), [0, 0, 0, 0, 4]);
        for result in payload["results"].as_array().unwrap() {
            assert_eq!(result["suggestion"], json!(null));
        }
        assert_eq!(server.database.export(), before);

        let items = json!([kind.item(FRESH, 20), kind.item("ml", 21)]);
        let input = json!({ "items": items, "errorPolicy": "ABORT" });
        let payload = kind.bulk_create(&anna, input).await;
        assert_eq!(
            column(&payload["results"], "outcome"),
            ["CREATED", "UNCHANGED"]
        );
    }
}

/// The answer without what a dry run cannot know: the id and the instants of what it would create.
fn comparable(mut payload: Value) -> Value {
    payload["dryRun"] = Value::Null;
    for result in payload["results"].as_array_mut().unwrap() {
        if let Some(suggestion) = result["suggestion"].as_object_mut() {
            for name in ["id", "databaseId", "created", "modified"] {
                suggestion.remove(name);
            }
        }
    }
    payload
}

async fn a_dry_run_answers_and_writes_nothing(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        for policy in ["ABORT", "CONTINUE"] {
            let items = json!([
                kind.item(FRESH, 20),
                kind.item("nowhere", 21),
                set(kind.item("ds", 20), "metadata", json!({ "policy": policy })),
                kind.item("ml", 21),
                set(kind.item(FRESH, 20), "accepted", json!(true)),
            ]);
            let input = |dry: bool| {
                json!({
                    "items": items, "errorPolicy": policy, "dryRun": dry,
                    "idempotencyKey": format!("{}-{policy}", kind.subject),
                })
            };
            let before = server.database.export();
            let dry = kind.bulk_create(&anna, input(true)).await;
            assert_eq!(dry["dryRun"], json!(true));
            assert_eq!(server.database.export(), before);
            let again = kind.bulk_create(&anna, input(true)).await;
            assert_eq!(comparable(dry.clone()), comparable(again));
            // It has used up no key.
            let real = kind.bulk_create(&anna, input(false)).await;
            assert_eq!(real["dryRun"], json!(false));
            assert_eq!(comparable(dry), comparable(real));
        }
        let suggestions = json!([
            { "databaseId": kind.of_acme[0].to_string() },
            { "databaseId": "999999" },
            { "databaseId": kind.of_acme[0].to_string() },
        ]);
        for policy in ["ABORT", "CONTINUE"] {
            let input = |dry: bool| json!({ "suggestions": suggestions, "errorPolicy": policy, "dryRun": dry });
            let before = server.database.export();
            let mut dry = kind.bulk_delete(&anna, input(true)).await;
            assert_eq!(server.database.export(), before);
            let real = kind.bulk_delete(&anna, input(false)).await;
            assert_eq!(dry["dryRun"].take(), json!(true));
            dry["dryRun"] = json!(false);
            assert_eq!(dry, real);
        }
    }
}

async fn the_same_request_again(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let items = json!([
            kind.item(FRESH, 20),
            kind.item("nowhere", 20),
            kind.item("ds", 20)
        ]);
        let input = json!({ "items": items, "idempotencyKey": kind.subject });
        let first = kind.bulk_create(&anna, input.clone()).await;
        assert_eq!(counts(&first), [2, 1, 0, 1, 1]);
        let id = first["results"][0]["suggestion"]["id"].clone();
        // What happened in between is not undone, and the answer is still the first.
        let input_of_deletion = json!({ "suggestion": { "id": id } });
        let deleted = kind.delete(&anna, input_of_deletion).await;
        assert_eq!(deleted["deletedId"], id);
        let before = server.database.export();
        let second = kind.bulk_create(&anna, input.clone()).await;
        assert_eq!(second["results"], first["results"]);
        assert_eq!(second, first);
        assert_eq!(server.database.export(), before);
        // The name that a client gives its request is no part of the input.
        let named = set(input.clone(), "clientMutationId", json!("again"));
        let third = kind.bulk_create(&anna, named).await;
        assert_eq!(third["clientMutationId"], json!("again"));
        assert_eq!(third["results"], first["results"]);

        let first_id = kind.of_acme[0].to_string();
        let input = json!({
            "suggestions": [{ "databaseId": first_id }],
            "idempotencyKey": format!("delete {}", kind.subject),
        });
        let first = kind.bulk_delete(&anna, input.clone()).await;
        assert_eq!(first["deletedCount"], json!(1));
        assert_eq!(kind.bulk_delete(&anna, input).await, first);
    }
}

async fn an_idempotency_key_for_another_request(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let input = json!({ "items": [kind.item(FRESH, 20)], "idempotencyKey": kind.subject });
        kind.bulk_create(&anna, input.clone()).await;
        let before = server.database.export();
        let deletion = json!({
            "suggestions": [{ "databaseId": kind.of_acme[0].to_string() }],
            "idempotencyKey": kind.subject,
        });
        for payload in [
            kind.bulk_create(
                &anna,
                set(input.clone(), "items", json!([kind.item(FRESH, 21)])),
            )
            .await,
            kind.bulk_create(
                &anna,
                set(
                    input.clone(),
                    "items",
                    json!([set(kind.item(FRESH, 20), "accepted", json!(false))]),
                ),
            )
            .await,
            kind.bulk_create(&anna, set(input.clone(), "errorPolicy", json!("ABORT")))
                .await,
            kind.bulk_delete(&anna, deletion).await,
        ] {
            assert_eq!(codes(&payload["userErrors"]), ["IDEMPOTENCY_KEY_REUSED"]);
            let field = &payload["userErrors"][0]["field"];
            assert_eq!(*field, json!(["input", "idempotencyKey"]));
            assert_eq!(payload["results"], json!([]));
        }
        assert_eq!(server.database.export(), before);
    }
}

async fn idempotency_keys_belong_to_their_caller(server: &Server) {
    for kind in BOTH {
        // A key is a caller of its own, also one that is bound to the same person.
        let mut outcomes = Vec::new();
        for (caller, number) in [
            (server.user("anna"), 20),
            (server.user("root"), 21),
            (server.key("acme"), 22),
            (server.key("acme-anna"), 23),
        ] {
            let input =
                json!({ "items": [kind.item(FRESH, number)], "idempotencyKey": kind.subject });
            let payload = kind.bulk_create(&caller, input).await;
            assert_eq!(payload["userErrors"], json!([]));
            outcomes.push(payload["results"][0]["outcome"].clone());
        }
        assert_eq!(outcomes, ["CREATED"; 4]);
    }
}

async fn idempotency_keys_that_cannot_be(server: &Server) {
    let anna = server.user("anna");
    for (key, code) in [
        (String::new(), "REQUIRED"),
        ("x".repeat(10_000), "TOO_LONG"),
        ("a\u{0}".to_owned(), "INVALID"),
    ] {
        let input = json!({ "items": [USERS.item(FRESH, 20)], "idempotencyKey": key });
        let payload = USERS.bulk_create(&anna, input).await;
        assert_eq!(codes(&payload["userErrors"]), [code]);
        assert_eq!(payload["results"], json!([]));
    }
    assert_eq!(USERS.ids(&anna, json!({})).await.len(), USERS.of_acme.len());
}

async fn the_same_request_twice_at_once(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let items: Vec<Value> = (20..24).map(|number| kind.item(FRESH, number)).collect();
        let input = json!({ "items": items, "idempotencyKey": kind.subject });
        let mut racers = JoinSet::new();
        for _ in 0..8 {
            let (anna, input) = (anna.clone(), input.clone());
            racers.spawn(async move { kind.bulk_create(&anna, input).await });
        }
        let answers = racers.join_all().await;
        // One did the work, and all others answer what it answered.
        assert_eq!(counts(&answers[0]), [4, 4, 0, 0, 0], "{:#}", answers[0]);
        assert!(answers.iter().all(|answer| *answer == answers[0]));
    }
}

async fn racing_bulks(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let mut racers = JoinSet::new();
        for number in 0..8 {
            // In opposite orders, which must not end in a deadlock.
            let mut items: Vec<Value> = ["100x", "ds", "ml", "zh", "strasse"]
                .iter()
                .flat_map(|program| (20..24).map(|who| kind.item(program, who)))
                .map(|item| set(item, "metadata", json!({ "by": number })))
                .collect();
            if number % 2 == 0 {
                items.reverse();
            }
            let anna = anna.clone();
            racers.spawn(async move {
                let payload = kind.bulk_create(&anna, json!({ "items": items })).await;
                counts(&payload)
            });
        }
        let finished = racers.join_all().await;
        let fresh = match kind.subject {
            // All twenty but 1001, 1002, 1004 and 1008; all but 3001, 3002 and 3007.
            "user" => 16,
            _ => 17,
        };
        assert!(
            finished
                .iter()
                .all(|counts| counts[0] == 20 && counts[4] == 0)
        );
        let created: i64 = finished.iter().map(|counts| counts[1]).sum();
        assert_eq!(created, fresh);
    }
}

async fn deleting_many(server: &Server) {
    let anna = server.user("anna");
    for (kind, foreign) in [(USERS, "2001"), (GROUPS, "4001")] {
        let [first, second] = [kind.of_acme[0], kind.of_acme[1]];
        let id_of = async |id: i64| kind.suggestion(&anna, id).await["id"].clone();
        let (first_id, second_id) = (id_of(first).await, id_of(second).await);
        let input = json!({
            "clientMutationId": "mine",
            "suggestions": [
                { "id": second_id },
                { "databaseId": foreign },
                { "databaseId": first.to_string() },
                { "databaseId": second.to_string() },
                { "databaseId": "nonsense" },
            ],
        });
        let payload = kind.bulk_delete(&anna, input).await;
        assert_eq!(payload["clientMutationId"], json!("mine"));
        assert_eq!(payload["dryRun"], json!(false));
        assert_eq!(payload["deletedIds"], json!([second_id, first_id]));
        assert_eq!(payload["deletedCount"], json!(2));
        assert_eq!(payload["failedCount"], json!(3));
        assert_eq!(
            column(&payload["results"], "outcome"),
            ["DELETED", "FAILED", "DELETED", "FAILED", "FAILED"]
        );
        let problems: Vec<Vec<&str>> = payload["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| codes(&result["userErrors"]))
            .collect();
        let not_found = vec!["SUGGESTION_NOT_FOUND"];
        assert_eq!(
            problems,
            [
                vec![],
                not_found.clone(),
                vec![],
                not_found,
                vec!["INVALID"]
            ]
        );
        let field = &payload["results"][1]["userErrors"][0]["field"];
        assert_eq!(
            field.as_array().unwrap()[..3],
            [json!("input"), json!("suggestions"), json!("1")]
        );
        assert_eq!(payload["results"][2]["deletedId"], first_id);
        assert_eq!(payload["results"][3]["deletedId"], json!(null));
        let left = kind.ids(&anna, json!({})).await;
        assert_eq!(left.len(), kind.of_acme.len() - 2);
    }
}

async fn deleting_all_or_nothing(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let before = server.database.export();
        let refs = |ids: &[i64]| -> Vec<Value> {
            ids.iter()
                .map(|id| json!({ "databaseId": id.to_string() }))
                .collect()
        };
        let input = json!({
            "errorPolicy": "ABORT", "suggestions": refs(&[kind.of_acme[0], 999_999, kind.of_acme[1]]),
        });
        let payload = kind.bulk_delete(&anna, input).await;
        assert_eq!(payload["deletedIds"], json!([]));
        assert_eq!(payload["deletedCount"], json!(0));
        assert_eq!(payload["failedCount"], json!(3));
        let results = payload["results"].as_array().unwrap();
        let found: Vec<Vec<&str>> = results
            .iter()
            .map(|result| codes(&result["userErrors"]))
            .collect();
        assert_eq!(found, [["ABORTED"], ["SUGGESTION_NOT_FOUND"], ["ABORTED"]]);
        assert_eq!(server.database.export(), before);
        let input = json!({ "errorPolicy": "ABORT", "suggestions": refs(kind.of_acme) });
        let payload = kind.bulk_delete(&anna, input).await;
        assert_eq!(payload["deletedCount"], json!(kind.of_acme.len()));
        assert_eq!(kind.ids(&anna, json!({})).await, [0; 0]);
    }
}

async fn deleting_outside_the_scope(server: &Server) {
    let dora = server.user("dora");
    for (kind, mine) in [
        (USERS, ["1001", "1002", "1005", "1006"].as_slice()),
        (GROUPS, ["3001", "3002", "3006", "3007"].as_slice()),
    ] {
        let suggestions: Vec<Value> = kind
            .of_acme
            .iter()
            .map(|id| json!({ "databaseId": id.to_string() }))
            .collect();
        let input = json!({ "suggestions": suggestions, "departmentMode": true });
        let code = kind
            .refusal(&dora, "BulkDelete", json!({ "suggestions": suggestions }))
            .await;
        assert_eq!(code, "FORBIDDEN");
        let payload = kind.bulk_delete(&dora, input).await;
        assert_eq!(payload["deletedCount"], json!(mine.len()));
        for (result, id) in payload["results"]
            .as_array()
            .unwrap()
            .iter()
            .zip(kind.of_acme)
        {
            let deleted = result["outcome"] == json!("DELETED");
            assert_eq!(deleted, mine.contains(&id.to_string().as_str()), "{id}");
            if !deleted {
                assert_eq!(codes(&result["userErrors"]), ["SUGGESTION_NOT_FOUND"]);
            }
        }
    }
}

/// A hundred users, groups and programs make 10,000 different suggestions of each kind.
async fn ten_thousand_items(given: &Database) {
    let server = large::serve(given.engine, &large::lines(false));
    let root = server.user("root");
    for kind in BOTH {
        let item = |number: usize| {
            let id = (1000 + number % 100).to_string();
            let mut item = json!({ "programKey": format!("p{}", number / 100) });
            item[kind.subject] = json!({ "databaseId": id });
            item
        };
        let items: Vec<Value> = (0..10_000).map(item).collect();
        let selection = "successes createdCount updatedCount unchangedCount failedCount \
            results { index outcome suggestion { databaseId } }";
        for (expected, outcome) in [
            ([10_000, 10_000, 0, 0, 0], "CREATED"),
            ([10_000, 0, 0, 10_000, 0], "UNCHANGED"),
        ] {
            let input = json!({ "items": items });
            let payload = kind.mutate(&root, "BulkCreate", selection, input).await;
            assert_eq!(counts(&payload), expected);
            let results = payload["results"].as_array().unwrap();
            assert!(results.iter().all(|result| result["outcome"] == outcome));
        }
        let input = json!({ "items": items, "dryRun": true, "errorPolicy": "ABORT" });
        let payload = kind.mutate(&root, "BulkCreate", selection, input).await;
        let suggestions: Vec<Value> = payload["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| json!({ "databaseId": result["suggestion"]["databaseId"] }))
            .collect();
        let input = json!({ "suggestions": suggestions, "errorPolicy": "ABORT" });
        let selection = "deletedCount failedCount";
        let payload = kind.mutate(&root, "BulkDelete", selection, input).await;
        assert_eq!(payload, json!({ "deletedCount": 10_000, "failedCount": 0 }));
    }
    // One more program key than fits is refused item by item, not with the request.
    let long = program_key(&"x".repeat(300));
    let items = vec![json!({ "programKey": long, "user": { "databaseId": "1000" } }); 10_000];
    let payload = USERS
        .mutate(
            &root,
            "BulkCreate",
            "failedCount",
            json!({ "items": items }),
        )
        .await;
    assert_eq!(payload["failedCount"], json!(10_000));
}

/// The total of a whole platform is kept, any other is counted: they must agree, whoever writes.
async fn totals_are_exact_while_many_write(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let before = kind.page(&anna, json!({ "platformKey": "acme" })).await["count"].clone();
        let mut racers = JoinSet::new();
        for number in 0..8 {
            let anna = anna.clone();
            racers.spawn(async move {
                for round in 0..6 {
                    let items = ["100x", "ds", "ml", "zh", "strasse"]
                        .map(|program| kind.item(program, 20 + (number + round) % 4));
                    let input = json!({
                        "items": items,
                        "dryRun": round == 1,
                        "errorPolicy": if round == 2 { "ABORT" } else { "CONTINUE" },
                    });
                    let made = kind.bulk_create(&anna, input).await;
                    let made = made["results"].as_array().unwrap();
                    let ids: Vec<Value> = made
                        .iter()
                        .filter(|result| result["outcome"] == json!("CREATED"))
                        .map(|result| json!({ "id": result["suggestion"]["id"] }))
                        .collect();
                    if !ids.is_empty() {
                        let input = json!({ "suggestions": ids, "dryRun": round == 3 });
                        kind.bulk_delete(&anna, input).await;
                    }
                }
            });
        }
        racers.join_all().await;
        let kept = kind.page(&anna, json!({ "platformKey": "acme" })).await["count"].clone();
        let filter = json!({ "createdAfter": "1970-01-01T00:00:00Z" });
        let counted = json!({ "platformKey": "acme", "filter": filter });
        let counted = kind.page(&anna, counted).await["count"].clone();
        assert_eq!(kept, counted);
        assert!(kept.as_i64() >= before.as_i64());
    }
}
