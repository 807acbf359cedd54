//! Taking a batch back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::kind::{BOTH, GROUPS, Kind, USERS};
use crate::support::server::Process;
use crate::support::{Client, Database, Server};

both_engines!(
    creations_changes_and_deletions,
    an_undo_is_undone,
    conflicts,
    dry_runs_keys_and_abort,
    who_undoes_what,
    an_import_and_a_filter,
    what_is_gone_stays_gone,
    at_once,
    any_batch_after_any_changes,
    statements_do_not_grow,
    old_events_are_removed,
);

const UNDONE: &str = "dryRun createdCount updatedCount deletedCount unchangedCount failedCount
    batch { id operation createdCount updatedCount deletedCount undoes { id } undoneBy { id } }
    results { suggestionId outcome userErrors { code message field } } userErrors { code message field }";

async fn undo(client: &Client, mut input: Value) -> Value {
    if input.get("platformKey").is_none() {
        input["platformKey"] = json!("acme");
    }
    let document = format!(
        "mutation ($input: SuggestionBatchUndoInput!) {{ suggestionBatchUndo(input: $input) {{ {UNDONE} }} }}"
    );
    let body = client
        .graphql(&document, json!({ "input": input }))
        .await
        .json();
    match body["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!(code),
        None => body["data"]["suggestionBatchUndo"].clone(),
    }
}

async fn undo_batch(client: &Client, batch: &Value) -> Value {
    undo(client, json!({ "batch": batch })).await
}

/// One of the mutations that give a batch: its id.
async fn batch_of(client: &Client, kind: Kind, act: &str, input: Value) -> Value {
    kind.mutate(client, act, "batch { id } userErrors { message }", input)
        .await["batch"]["id"]
        .clone()
}

async fn bulk(client: &Client, kind: Kind, items: &[Value]) -> Value {
    batch_of(client, kind, "BulkCreate", json!({ "items": items })).await
}

/// All suggestions of acme, by id, with everything they say but when they were modified.
async fn rows(client: &Client, kind: Kind) -> BTreeMap<i64, Value> {
    let direct = if kind.subject == "user" { "direct" } else { "" };
    let document = kind.page_document(&format!(
        "results {{ id databaseId accepted visible {direct} metadata message dueAt visibleFrom visibleUntil created
         program {{ key }} {} {{ databaseId }} suggestedBy {{ username }} }}",
        kind.subject
    ));
    let variables = json!({ "platformKey": "acme", "pageSize": 100 });
    let data = client.data(&document, variables).await;
    data[format!("{}Page", kind.prefix)]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["databaseId"].as_str().unwrap().parse().unwrap(),
                row.clone(),
            )
        })
        .collect()
}

fn outcomes(undone: &Value) -> Vec<&str> {
    let results = undone["results"].as_array().unwrap().iter();
    results
        .map(|result| result["outcome"].as_str().unwrap())
        .collect()
}

async fn creations_changes_and_deletions(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let before = rows(&anna, kind).await;
        // One that is there, changed in everything it says; one that is new; one named twice.
        let mut changed = kind.item("ds", 20);
        changed["visible"] = json!(false);
        changed["accepted"] = json!(true);
        changed["message"] = json!("hello");
        changed["dueAt"] = json!("2030-01-01T00:00:00Z");
        changed["visibleFrom"] = json!("2026-01-01T00:00:00Z");
        changed["visibleUntil"] = json!("2031-01-01T00:00:00Z");
        changed["metadata"] = json!({ "z": 1, "a": [1.5, { "y": null, "b": "x" }] });
        let new = kind.item("100x", 22);
        let mut again = kind.item("100x", 22);
        again["message"] = json!("twice");
        let made = bulk(&anna, kind, &[changed, new, again]).await;
        let after = rows(&anna, kind).await;
        assert_eq!(after.len(), before.len() + 1);

        let undone = undo_batch(&anna, &made).await;
        assert_eq!(outcomes(&undone), ["UPDATED", "DELETED"], "{undone:#}");
        assert_eq!(undone["updatedCount"], 1);
        assert_eq!(undone["deletedCount"], 1);
        assert_eq!(undone["failedCount"], 0);
        assert_eq!(undone["batch"]["operation"], "suggestionBatchUndo");
        assert_eq!(undone["batch"]["undoes"]["id"], made);
        assert_eq!(undone["batch"]["deletedCount"], 1);
        assert_eq!(rows(&anna, kind).await, before);

        // A deletion: the same ids, created when they were, all that they said.
        let ids: Vec<Value> = before
            .values()
            .map(|row| json!({ "id": row["id"] }))
            .collect();
        let gone = batch_of(&anna, kind, "BulkDelete", json!({ "suggestions": ids })).await;
        assert_eq!(rows(&anna, kind).await.len(), 0);
        let undone = undo_batch(&anna, &gone).await;
        assert_eq!(undone["createdCount"], before.len(), "{undone:#}");
        assert_eq!(
            undone["results"][0]["suggestionId"], ids[0]["id"],
            "in the order of the batch"
        );
        assert_eq!(rows(&anna, kind).await, before);
        // The id of a new one is new.
        let fresh = kind
            .mutate(
                &anna,
                "Create",
                "suggestion { databaseId }",
                kind.item("100x", 22),
            )
            .await;
        let fresh: i64 = fresh["suggestion"]["databaseId"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!(before.keys().all(|id| *id < fresh));
    }
}

async fn an_undo_is_undone(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let before = rows(&anna, kind).await;
        let mut item = kind.item("ds", 20);
        item["message"] = json!("first");
        let first = bulk(&anna, kind, &[item.clone(), kind.item("100x", 22)]).await;
        let after = rows(&anna, kind).await;
        item["message"] = json!("second");
        let second = bulk(&anna, kind, &[item]).await;

        // The newest first: both are taken back, one after the other.
        let undone = undo_batch(&anna, &second).await;
        assert_eq!(outcomes(&undone), ["UPDATED"]);
        assert_eq!(rows(&anna, kind).await, after);
        let undone = undo_batch(&anna, &first).await;
        assert_eq!(outcomes(&undone), ["UPDATED", "DELETED"]);
        assert_eq!(rows(&anna, kind).await, before);

        // Again is refused as a whole; what to do instead is said.
        let again = undo_batch(&anna, &first).await;
        assert_eq!(again["userErrors"][0]["code"], "CONFLICT");
        assert_eq!(again["userErrors"][0]["field"], json!(["input", "batch"]));
        assert_eq!(again["results"], json!([]));
        assert_eq!(again["batch"], Value::Null);

        // A redo, with the same ids, and an undo of that.
        let redone = undo_batch(&anna, &undone["batch"]["id"]).await;
        assert_eq!(outcomes(&redone), ["CREATED", "UPDATED"]);
        assert_eq!(rows(&anna, kind).await, after);
        let undone = undo_batch(&anna, &redone["batch"]["id"]).await;
        assert_eq!(undone["failedCount"], 0, "{undone:#}");
        assert_eq!(rows(&anna, kind).await, before);

        let document = "query ($id: ID!) { node(id: $id) { ... on SuggestionBatch { undoneBy { undoes { id } undoneBy { undoes { operation } } } } } }";
        let data = anna.data(document, json!({ "id": first })).await;
        assert_eq!(
            data["node"]["undoneBy"],
            json!({ "undoes": { "id": first }, "undoneBy": { "undoes": { "operation": "suggestionBatchUndo" } } })
        );
    }
}

async fn conflicts(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let with = |program: &str, number: i64, field: &str, value: Value| {
            let mut item = kind.item(program, number);
            item[field] = value;
            item
        };
        let before = rows(&anna, kind).await;
        let mut kept = kind.item("100x", 20);
        kept["message"] = json!("made");
        let made = bulk(
            &anna,
            kind,
            &[
                with("ds", 20, "message", json!("mine")),
                kept,
                kind.item("100x", 22),
                with("ml", 21, "message", json!("mine")),
                kind.item("strasse", 22),
            ],
        )
        .await;
        // The same field; another field; a deletion; one that was made and is deleted and made again.
        bulk(
            &anna,
            kind,
            &[
                with("ds", 20, "message", json!("theirs")),
                with("ml", 21, "visible", json!(false)),
                with("100x", 20, "visible", json!(false)),
            ],
        )
        .await;
        let find = |rows: &BTreeMap<i64, Value>, program: &str, number: i64| {
            let subject = kind.subject(number);
            let key = format!("program-v1:acme+{program}+2026");
            rows.values()
                .find(|row| {
                    row["program"]["key"] == key.as_str()
                        && row[kind.subject]["databaseId"] == subject["databaseId"]
                })
                .cloned()
                .unwrap_or_default()
        };
        let now = rows(&anna, kind).await;
        for program in ["100x", "strasse"] {
            let id = find(&now, program, 22)["id"].clone();
            kind.delete(&anna, json!({ "suggestion": { "id": id } }))
                .await;
        }
        bulk(&anna, kind, &[kind.item("strasse", 22)]).await;

        let now = rows(&anna, kind).await;
        let undone = undo_batch(&anna, &made).await;
        assert_eq!(
            outcomes(&undone),
            ["FAILED", "FAILED", "FAILED", "UPDATED", "FAILED"],
            "{undone:#}"
        );
        assert_eq!(undone["failedCount"], 4);
        let said: Vec<String> = undone["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| {
                let error = &result["userErrors"][0];
                assert!(error.is_null() || error["code"] == "CONFLICT", "{error}");
                let said = error["message"].as_str().unwrap_or_default();
                // Without the instant.
                said.split(" at ").next().unwrap().to_owned()
            })
            .collect();
        assert_eq!(
            said,
            [
                "`message` was changed since,",
                "`visible` was changed since,",
                "The suggestion was deleted since,",
                "",
                "The program was suggested again since,",
            ]
        );
        // What others changed is kept.
        let mut expected = now.clone();
        let id = find(&now, "ml", 21)["databaseId"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        expected.get_mut(&id).unwrap()["message"] = before[&id]["message"].clone();
        assert_eq!(rows(&anna, kind).await, expected);

        // What is deleted is suggested again by somebody else.
        let id = find(&now, "ml", 21)["id"].clone();
        let gone = batch_of(
            &anna,
            kind,
            "BulkDelete",
            json!({ "suggestions": [{ "id": id }] }),
        )
        .await;
        bulk(&anna, kind, &[kind.item("ml", 21)]).await;
        let undone = undo_batch(&anna, &gone).await;
        assert_eq!(outcomes(&undone), ["FAILED"]);
        let said = undone["results"][0]["userErrors"][0]["message"]
            .as_str()
            .unwrap();
        assert!(
            said.starts_with("The program was suggested again since, at 20"),
            "{said}"
        );
        assert_eq!(undone["batch"], Value::Null, "nothing was done");
        // Nothing was done, so that it can be undone once the way is free.
        let now = rows(&anna, kind).await;
        let fresh = find(&now, "ml", 21)["id"].clone();
        kind.delete(&anna, json!({ "suggestion": { "id": fresh } }))
            .await;
        assert_eq!(outcomes(&undo_batch(&anna, &gone).await), ["CREATED"]);
    }

    // A window that would end before it begins, because others moved its end.
    let set = |from: &str, until: &str| {
        let mut item = USERS.item("ds", 23);
        item["visibleFrom"] = json!(from);
        item["visibleUntil"] = json!(until);
        item
    };
    bulk(
        &anna,
        USERS,
        &[set("2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z")],
    )
    .await;
    let moved = bulk(
        &anna,
        USERS,
        &[set("2026-01-01T00:00:00Z", "2029-01-01T00:00:00Z")],
    )
    .await;
    bulk(
        &anna,
        USERS,
        &[set("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z")],
    )
    .await;
    let undone = undo_batch(&anna, &moved).await;
    assert_eq!(
        undone["results"][0]["userErrors"][0]["code"], "CONFLICT",
        "{undone:#}"
    );

    // The answer of a person is never undone; the flag that follows it is a change by somebody else.
    let made = bulk(
        &anna,
        USERS,
        &[USERS.item("strasse", 20), USERS.item("strasse", 21)],
    )
    .await;
    let of_strasse = "suggestedProgram: { key: { platformKey: \"acme\", programKey: \"program-v1:acme+strasse+2026\" } }";
    let accept =
        format!("mutation {{ suggestedProgramAccept(input: {{ {of_strasse} }}) {{ outcome }} }}");
    let dismiss =
        format!("mutation {{ suggestedProgramDismiss(input: {{ {of_strasse} }}) {{ outcome }} }}");
    server.user("student1").data(&accept, json!({})).await;
    server.user("student2").data(&dismiss, json!({})).await;
    let undone = undo_batch(&anna, &made).await;
    assert_eq!(outcomes(&undone), ["FAILED", "DELETED"], "{undone:#}");
    let said = &undone["results"][0]["userErrors"][0]["message"];
    assert!(
        said.as_str()
            .unwrap()
            .starts_with("`accepted` was changed since"),
        "{said}"
    );
}

async fn dry_runs_keys_and_abort(server: &Server) {
    let anna = server.user("anna");
    for kind in BOTH {
        let mut item = kind.item("ds", 20);
        item["message"] = json!("mine");
        let made = bulk(&anna, kind, &[item.clone(), kind.item("100x", 20)]).await;
        let now = rows(&anna, kind).await;

        let dry = undo(&anna, json!({ "batch": made, "dryRun": true })).await;
        assert_eq!(outcomes(&dry), ["UPDATED", "DELETED"]);
        assert_eq!(dry["dryRun"], true);
        assert_eq!(dry["batch"], Value::Null);
        assert_eq!(rows(&anna, kind).await, now);

        item["message"] = json!("theirs");
        bulk(&anna, kind, &[item]).await;
        let now = rows(&anna, kind).await;
        let keyed = format!("abort {}", kind.subject);
        let input = json!({ "batch": made, "errorPolicy": "ABORT", "idempotencyKey": keyed });
        let aborted = undo(&anna, input.clone()).await;
        let code = |place: usize| &aborted["results"][place]["userErrors"][0]["code"];
        assert_eq!((code(0), code(1)), (&json!("CONFLICT"), &json!("ABORTED")));
        assert_eq!(aborted["failedCount"], 2);
        assert_eq!(rows(&anna, kind).await, now);
        assert_eq!(undo(&anna, input).await, aborted);

        let input = json!({ "batch": made, "idempotencyKey": format!("go {}", kind.subject) });
        let undone = undo(&anna, input.clone()).await;
        assert_eq!(outcomes(&undone), ["FAILED", "DELETED"]);
        let now = rows(&anna, kind).await;
        assert_eq!(
            undo(&anna, input.clone()).await,
            undone,
            "the first answer again"
        );
        assert_eq!(rows(&anna, kind).await, now);
        let mut other = input;
        other["errorPolicy"] = json!("ABORT");
        let reused = undo(&anna, other).await;
        assert_eq!(reused["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");

        // A deletion that cannot be taken back whole: what was written is taken back.
        let ids: Vec<Value> = now
            .values()
            .take(2)
            .map(|row| json!({ "id": row["id"] }))
            .collect();
        let gone = batch_of(&anna, kind, "BulkDelete", json!({ "suggestions": ids })).await;
        let row = now.values().next().unwrap();
        let mut item = json!({ "programKey": row["program"]["key"] });
        item[kind.subject] = json!({ "databaseId": row[kind.subject]["databaseId"] });
        bulk(&anna, kind, &[item]).await;
        let now = rows(&anna, kind).await;
        let aborted = undo(&anna, json!({ "batch": gone, "errorPolicy": "ABORT" })).await;
        assert_eq!(outcomes(&aborted), ["FAILED", "FAILED"]);
        assert_eq!(rows(&anna, kind).await, now);
    }
}

async fn who_undoes_what(server: &Server) {
    let (anna, cody) = (server.user("anna"), server.user("cody"));
    // Some of these people are in cody's departments.
    let made = USERS
        .mutate(
            &cody,
            "BulkCreate",
            "batch { id } createdCount failedCount",
            json!({ "departmentMode": true, "items": [
                USERS.item("100x", 20), USERS.item("100x", 21), USERS.item("100x", 22), USERS.item("100x", 23)] }),
        )
        .await;
    assert!(made["createdCount"].as_i64() > Some(0), "{made:#}");
    let made = made["batch"]["id"].clone();
    let wide = bulk(
        &anna,
        USERS,
        &[20, 21, 22, 23].map(|number| USERS.item("strasse", number)),
    )
    .await;
    let by_cody = |batch: &Value, mode: bool| {
        let (cody, batch) = (cody.clone(), batch.clone());
        async move { undo(&cody, json!({ "batch": batch, "departmentMode": mode })).await }
    };
    assert_eq!(by_cody(&made, false).await, "FORBIDDEN");
    let refused = by_cody(&wide, true).await;
    assert_eq!(refused["userErrors"][0]["code"], "SUGGESTION_NOT_FOUND");
    assert_eq!(refused["userErrors"][0]["field"], json!(["input", "batch"]));
    assert_eq!(by_cody(&made, true).await["failedCount"], 0);

    // Other callers, and another platform.
    assert_eq!(
        undo_batch(&server.user("student1"), &wide).await,
        "FORBIDDEN"
    );
    assert_eq!(
        undo_batch(&server.anonymous(), &wide).await,
        "UNAUTHENTICATED"
    );
    let bruno = server.key("globex");
    assert_eq!(undo_batch(&bruno, &wide).await, "FORBIDDEN");
    let elsewhere = undo(&bruno, json!({ "batch": wide, "platformKey": "globex" })).await;
    assert_eq!(elsewhere["userErrors"][0]["code"], "SUGGESTION_NOT_FOUND");
    let unknown = made_id("SuggestionBatch", i64::MAX);
    let refused = undo_batch(&anna, &json!(unknown)).await;
    assert_eq!(refused["userErrors"][0]["code"], "SUGGESTION_NOT_FOUND");
    let wrong = made_id("Program", 1);
    let refused = undo_batch(&anna, &json!(wrong)).await;
    assert_eq!(refused["userErrors"][0]["code"], "INVALID");
    let org = undo(&anna, json!({ "batch": wide, "platformOrg": "nobody" })).await;
    assert_eq!(org["userErrors"][0]["code"], "PLATFORM_MISMATCH");
    // The platform's own key may.
    assert_eq!(
        undo_batch(&server.key("acme"), &wide).await["failedCount"],
        0
    );
}

fn made_id(kind: &str, id: i64) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{kind}:{id}"))
}

async fn an_import_and_a_filter(server: &Server) {
    let anna = server.user("anna");
    let before = (rows(&anna, USERS).await, rows(&anna, GROUPS).await);
    let lines = [
        json!({ "type": "program_suggestion", "platform": "acme", "program": "program-v1:acme+ds+2026", "user": "student1", "visible": false }),
        json!({ "type": "program_suggestion", "platform": "acme", "program": "program-v1:acme+100x+2026", "user": "student2" }),
        json!({ "type": "program_group_suggestion", "platform": "acme", "program": "program-v1:acme+100x+2026", "group": 101 }),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let file = server.database.file("more.ndjson", text);
    server.database.waymark(&["import", &file]).succeed();
    let newest =
        "{ suggestionBatches(platformKey: \"acme\", first: 1) { nodes { id operation } } }";
    let data = anna.data(newest, json!({})).await;
    let batch = &data["suggestionBatches"]["nodes"][0];
    assert_eq!(batch["operation"], "import");
    let undone = undo_batch(&anna, &batch["id"]).await;
    assert_eq!(outcomes(&undone).len(), 3, "{undone:#}");
    assert_eq!(
        (&undone["deletedCount"], &undone["updatedCount"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (rows(&anna, USERS).await, rows(&anna, GROUPS).await),
        before
    );
    let redone = undo_batch(&anna, &undone["batch"]["id"]).await;
    assert_eq!(redone["failedCount"], 0);
    assert_eq!(rows(&anna, GROUPS).await.len(), before.1.len() + 1);
    undo_batch(&anna, &redone["batch"]["id"]).await;

    for kind in BOTH {
        let before = rows(&anna, kind).await;
        let input =
            json!({ "expectedCount": before.len(), "set": { "message": "all", "accepted": true } });
        let changed = batch_of(&anna, kind, "UpdateWhere", input).await;
        let gone = batch_of(
            &anna,
            kind,
            "DeleteWhere",
            json!({ "expectedCount": before.len() }),
        )
        .await;
        assert_eq!(undo_batch(&anna, &gone).await["createdCount"], before.len());
        assert_eq!(undo_batch(&anna, &changed).await["failedCount"], 0);
        assert_eq!(rows(&anna, kind).await, before);
    }
}

async fn what_is_gone_stays_gone(server: &Server) {
    let anna = server.user("anna");
    let made = bulk(
        &anna,
        USERS,
        &[USERS.item("100x", 20), USERS.item("strasse", 20)],
    )
    .await;
    let now = rows(&anna, USERS).await;
    let ids: Vec<Value> = now
        .values()
        .rev()
        .take(2)
        .map(|row| json!({ "id": row["id"] }))
        .collect();
    let gone = batch_of(&anna, USERS, "BulkDelete", json!({ "suggestions": ids })).await;
    server.database.execute(
        "DELETE FROM program_group_suggestions WHERE program_id IN (SELECT id FROM programs WHERE key = 'program-v1:acme+100x+2026');
         DELETE FROM programs WHERE key = 'program-v1:acme+100x+2026'",
    );
    let undone = undo_batch(&anna, &gone).await;
    assert_eq!(undone["createdCount"], 1, "{undone:#}");
    assert_eq!(undone["failedCount"], 1);
    let failed = undone["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|result| result["outcome"] == "FAILED")
        .unwrap();
    assert_eq!(failed["userErrors"][0]["code"], "CONFLICT");
    assert_eq!(undo_batch(&anna, &made).await["failedCount"], 1);
}

async fn at_once(server: &Server) {
    let anna = server.user("anna");
    let made = bulk(
        &anna,
        USERS,
        &[USERS.item("100x", 20), USERS.item("ds", 22)],
    )
    .await;
    let all = futures_util::future::join_all((0..6).map(|_| undo_batch(&anna, &made))).await;
    let done: Vec<&Value> = all.iter().filter(|one| !one["batch"].is_null()).collect();
    assert_eq!(done.len(), 1, "{all:#?}");
    for one in &all {
        assert!(
            one["batch"]["id"].is_string() || one["userErrors"][0]["code"] == "CONFLICT",
            "{one:#}"
        );
    }
}

/// What a request of the model does.
#[derive(Debug, Clone)]
enum Act {
    /// Each item: program, recipient, and what it says.
    Create(Vec<(usize, usize, Says)>),
    /// The places of suggestions in the order of their ids.
    Delete(Vec<usize>),
    /// The place of an earlier request.
    Undo(usize),
}

#[derive(Debug, Clone)]
struct Says {
    visible: Option<bool>,
    accepted: Option<bool>,
    message: Option<Option<u8>>,
    due: Option<Option<u8>>,
}

fn says() -> impl Strategy<Value = Says> {
    let text = || proptest::option::weighted(0.4, proptest::option::weighted(0.8, 0u8..3));
    let flag = || proptest::option::weighted(0.3, any::<bool>());
    (flag(), flag(), text(), text()).prop_map(|(visible, accepted, message, due)| Says {
        visible,
        accepted,
        message,
        due,
    })
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let create =
        proptest::collection::vec((0..3usize, 0..3usize, says()), 1..5).prop_map(Act::Create);
    let delete = proptest::collection::vec(0..9usize, 1..4).prop_map(Act::Delete);
    let undo = any::<prop::sample::Index>().prop_map(|index| Act::Undo(index.index(1_000)));
    proptest::collection::vec(prop_oneof![4 => create, 2 => delete, 3 => undo], 8..16)
}

/// What a suggestion of the model is: everything of the list but the program and the recipient.
type State = BTreeMap<(String, String), Value>;

/// A request of the model that wrote something.
struct Done {
    batch: Value,
    before: State,
    after: State,
    undone: bool,
}

impl Done {
    /// What must be there after it is undone, and how many suggestions fail.
    fn undone(&self, now: &State) -> (State, usize) {
        let (mut expected, mut failed) = (now.clone(), 0);
        let keys: std::collections::BTreeSet<_> =
            self.before.keys().chain(self.after.keys()).collect();
        for key in keys {
            let (before, after, there) = (self.before.get(key), self.after.get(key), now.get(key));
            if before == after {
                continue;
            }
            match (before, after) {
                (None, Some(after)) if there == Some(after) => {
                    expected.remove(key);
                }
                (Some(before), None) if there.is_none() => {
                    expected.insert(key.clone(), before.clone());
                }
                (Some(before), Some(after))
                    if there.is_some_and(|row| row["id"] == after["id"]) =>
                {
                    let row = expected.get_mut(key).unwrap();
                    let differ: Vec<&String> = before
                        .as_object()
                        .unwrap()
                        .keys()
                        .filter(|field| before[*field] != after[*field])
                        .collect();
                    if differ.iter().all(|field| row[*field] == after[*field]) {
                        for field in differ {
                            row[field] = before[field].clone();
                        }
                    } else {
                        failed += 1;
                    }
                }
                _ => failed += 1,
            }
        }
        (expected, failed)
    }
}

async fn state(client: &Client, kind: Kind) -> State {
    rows(client, kind)
        .await
        .into_values()
        .map(|row| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let key = (
                text(&row["program"]["key"]),
                text(&row[kind.subject]["databaseId"]),
            );
            (key, row)
        })
        .collect()
}

async fn any_batch_after_any_changes(server: &Server) {
    let anna = server.user("anna");
    let mut runner = TestRunner::deterministic();
    let (mut undone_batches, mut failures) = (0, 0);
    for case in 0..8 {
        let kind = BOTH[case % 2];
        let acts = acts().new_tree(&mut runner).unwrap().current();
        let mut done: Vec<Done> = Vec::new();
        for act in acts {
            let before = state(&anna, kind).await;
            let batch = match act {
                Act::Create(items) => {
                    let mut seen = std::collections::BTreeSet::new();
                    let items: Vec<Value> = items
                        .into_iter()
                        // The model knows what a request comes to, not what it does on the way.
                        .filter(|(program, recipient, _)| seen.insert((*program, *recipient)))
                        .map(|(program, recipient, says)| {
                            let mut item =
                                kind.item(["zh", "ecole", "ds"][program], [20, 21, 23][recipient]);
                            if let Some(visible) = says.visible {
                                item["visible"] = json!(visible);
                            }
                            if let Some(accepted) = says.accepted {
                                item["accepted"] = json!(accepted);
                            }
                            if let Some(message) = says.message {
                                item["message"] = json!(message.map(|text| format!("text {text}")));
                            }
                            if let Some(due) = says.due {
                                item["dueAt"] =
                                    json!(due.map(|year| format!("203{year}-01-01T00:00:00Z")));
                            }
                            item
                        })
                        .collect();
                    bulk(&anna, kind, &items).await
                }
                Act::Delete(places) => {
                    let mut ids: Vec<&Value> = places
                        .iter()
                        .filter_map(|place| before.values().nth(*place))
                        .map(|row| &row["id"])
                        .collect();
                    ids.dedup();
                    let ids: Vec<Value> = ids.into_iter().map(|id| json!({ "id": id })).collect();
                    batch_of(&anna, kind, "BulkDelete", json!({ "suggestions": ids })).await
                }
                Act::Undo(place) => {
                    let open: Vec<usize> = (0..done.len())
                        .filter(|place| !done[*place].undone)
                        .collect();
                    let Some(place) = (!open.is_empty()).then(|| open[place % open.len()]) else {
                        continue;
                    };
                    let (expected, failed) = done[place].undone(&before);
                    let undone = undo_batch(&anna, &done[place].batch).await;
                    assert_eq!(undone["failedCount"], failed, "{undone:#}");
                    assert_eq!(state(&anna, kind).await, expected, "{undone:#}");
                    failures += failed;
                    let batch = undone["batch"]["id"].clone();
                    done[place].undone = !batch.is_null();
                    undone_batches += usize::from(!batch.is_null());
                    batch
                }
            };
            if !batch.is_null() {
                done.push(Done {
                    batch,
                    before,
                    after: state(&anna, kind).await,
                    undone: false,
                });
            }
        }
    }
    assert!(
        undone_batches > 10 && failures > 3,
        "{undone_batches} {failures}"
    );
}

async fn statements_do_not_grow(server: &Server) {
    let anna = server.user("anna");
    let mut counts = Vec::new();
    for size in [1, 8] {
        let items: Vec<Value> = ["100x", "strasse"]
            .iter()
            .flat_map(|program| [20, 21, 22, 23].map(|number| USERS.item(program, number)))
            .take(size)
            .collect();
        let made = bulk(&anna, USERS, &items).await;
        let before = server.statements().await;
        assert_eq!(undo_batch(&anna, &made).await["deletedCount"], size);
        counts.push(server.statements().await - before);
    }
    assert_eq!(counts[0], counts[1]);
}

async fn old_events_are_removed(database: &Database) {
    let server = Process::start(database, &[]);
    let anna = server.authorized(format!("Api-Token {}", database.key("acme")));
    let old = bulk(&anna, USERS, &[USERS.item("zh", 20), USERS.item("ds", 22)]).await;
    drop(server);
    // As if it were long ago; a new process begins with what is too old.
    let long_ago = "UPDATE suggestion_batches SET at = at - 401 * 86400000000";
    database.execute(long_ago);
    let server = Process::start(database, &[]);
    let anna = server.authorized(format!("Api-Token {}", database.key("acme")));
    let fresh = bulk(&anna, USERS, &[USERS.item("ecole", 20)]).await;
    let document = "query { suggestionBatches(platformKey: \"acme\", first: 10) { nodes { id } } }";
    let mut left = Value::Null;
    for _ in 0..5_000 {
        left = anna.data(document, json!({})).await["suggestionBatches"]["nodes"].take();
        if left == json!([{ "id": fresh }]) {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(left, json!([{ "id": fresh }]));
    let events = database.numbers("SELECT count(*) FROM suggestion_events");
    assert_eq!(events, [[Some(1)]]);
    let refused = undo_batch(&anna, &old).await;
    assert_eq!(refused["userErrors"][0]["code"], "SUGGESTION_NOT_FOUND");
    drop(server);

    // For ever, where that is asked for.
    database.execute(long_ago);
    let server = Process::start(database, &[("WAYMARK_HISTORY_KEEP", "0")]);
    let anna = server.authorized(format!("Api-Token {}", database.key("acme")));
    assert_eq!(undo_batch(&anna, &fresh).await["deletedCount"], 1);
}
