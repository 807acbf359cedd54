//! Creating, updating and deleting.

use serde_json::{Value, json};

use super::{bad, delete, get, ids, post, post_as, refused};
use crate::support::{Caller, Client, Server};

both_engines!(
    creating_and_updating,
    forms_say_the_same,
    users_are_named_in_many_ways,
    many_at_once,
    bulk_requests_that_are_none,
    what_fails_alone_says_why,
    withdrawing,
    platform_of_query_and_body
);

const ZH: &str = "program-v1:acme+zh+2026";

fn body(fields: Value) -> Value {
    let mut body = json!({ "platform_key": "acme", "program_key": ZH });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn outcome(client: &Client, path: &str, fields: Value) -> (String, Value) {
    let answer = post(client, path, &body(fields)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let outcome = answer.header("x-suggestion-outcome").unwrap().to_owned();
    (outcome, answer.json())
}

async fn creating_and_updating(server: &Server) {
    let anna = server.user("anna");
    for (path, subject, id) in [
        ("manage/", "user_id", 20),
        ("manage/group", "group_id", 102),
    ] {
        let fields = |more: Value| {
            let mut fields = more;
            fields[subject] = json!(id);
            fields
        };
        let (said, created) = outcome(&anna, path, fields(json!({}))).await;
        assert_eq!(said, "created");
        assert_eq!(created[subject], json!(id));
        assert_eq!(
            (
                &created["accepted"],
                &created["visible"],
                &created["metadata"]
            ),
            (&json!(false), &json!(true), &json!({}))
        );
        let more = json!({ "accepted": true, "metadata": { "a": [1] } });
        let (said, updated) = outcome(&anna, path, fields(more)).await;
        assert_eq!((said.as_str(), &updated["id"]), ("updated", &created["id"]));
        assert_eq!(updated["created"], created["created"]);
        // Omitted and null stay; null metadata is the empty object.
        let nulls = json!({ "accepted": null, "visible": null, "platform_org": null, "department_mode": null });
        let (said, same) = outcome(&anna, path, fields(nulls)).await;
        assert_eq!((said.as_str(), &same), ("unchanged", &updated));
        let (said, emptied) = outcome(&anna, path, fields(json!({ "metadata": null }))).await;
        assert_eq!(
            (said.as_str(), &emptied["metadata"]),
            ("updated", &json!({}))
        );
        assert_eq!(emptied["accepted"], json!(true));
    }
    // What only users have; it is stored, and other doors show it.
    let fields = json!({ "user_id": 20, "direct": false, "suggested_by": "dora" });
    assert_eq!(outcome(&anna, "manage/", fields.clone()).await.0, "updated");
    assert_eq!(outcome(&anna, "manage/", fields).await.0, "unchanged");
    let export = server.database.export();
    let line = export
        .lines()
        .find(|line| line.contains(ZH) && line.contains("\"student1\""))
        .unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(
        (&line["direct"], &line["suggested_by"]),
        (&json!(false), &json!("dora"))
    );
}

async fn forms_say_the_same(server: &Server) {
    let acme = server.key("acme");
    let simple = "application/x-www-form-urlencoded; charset=utf-8";
    let form = format!(
        "platform_key=acme&program_key={}&group_id=102&accepted=TRUE&visible=0&metadata=%7B%22a%22%3A+1%7D",
        ZH.replace('+', "%2B")
    );
    let answer = post_as(&acme, "manage/group/", simple, form).await;
    assert_eq!(
        answer.header("x-suggestion-outcome"),
        Some("created"),
        "{}",
        answer.text()
    );
    let parts = [
        ("platform_key", "acme"),
        ("program_key", ZH),
        ("group_id", "102"),
        ("accepted", "1"),
        ("visible", "false"),
        ("metadata", "{\"a\": 1}"),
    ];
    let mut multipart = String::new();
    for (name, value) in parts {
        multipart +=
            &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    multipart += "--b--\r\n";
    let kind = "multipart/form-data; boundary=b";
    let answer = post_as(&acme, "manage/group/", kind, multipart.clone()).await;
    assert_eq!(
        answer.header("x-suggestion-outcome"),
        Some("unchanged"),
        "{}",
        answer.text()
    );
    let again =
        json!({ "group_id": "102", "accepted": true, "visible": false, "metadata": { "a": 1 } });
    assert_eq!(outcome(&acme, "manage/group/", again).await.0, "unchanged");

    let form = format!(
        "platform_key=acme&program_key={}&user_id=student1",
        ZH.replace('+', "%2B")
    );
    let answer = post_as(&acme, "manage/", simple, form).await;
    assert_eq!(answer.header("x-suggestion-outcome"), Some("created"));

    for (form, field) in [
        ("accepted=yes", "accepted"),
        ("accepted=", "accepted"),
        ("visible=2", "visible"),
        ("metadata=%5B%5D", "metadata"),
        ("metadata=%7B", "metadata"),
        ("metadata=%7B%22a%22%3A1%2C%22a%22%3A2%7D", "metadata"),
        ("group_id=1", "group_id"),
    ] {
        let form = format!("platform_key=acme&program_key=x&group_id=102&{form}");
        assert_eq!(
            bad(&post_as(&acme, "manage/group/", simple, form).await).1,
            [field]
        );
    }
    bad(&post_as(&acme, "manage/group/", simple, "platform_key=%ff").await);
    bad(&post_as(&acme, "manage/group/", kind, "--b\r\nnonsense").await);
    bad(&post_as(
        &acme,
        "manage/group/",
        "multipart/form-data",
        multipart.clone(),
    )
    .await);
    // Many at once come as JSON only.
    refused(&post_as(&acme, "manage/bulk/", kind, multipart).await, 415);
}

async fn users_are_named_in_many_ways(server: &Server) {
    let acme = server.key("acme");
    for (fields, user_id) in [
        (json!({ "user_id": 21 }), 21),
        (json!({ "user_id": "21" }), 21),
        (json!({ "user_id": "STUDENT2" }), 21),
        (json!({ "user_id": "s1@acme.example" }), 20),
        (json!({ "user_id": "4711" }), 26),
        (json!({ "username": "mixedcase" }), 27),
        (json!({ "email": "S1@ACME.example" }), 20),
        (
            json!({ "user_id": 21, "username": "student2", "email": "shared@acme.example" }),
            21,
        ),
        (
            json!({ "user_id": null, "username": "student1", "email": null }),
            20,
        ),
    ] {
        let (_, row) = outcome(&acme, "manage/", fields.clone()).await;
        assert_eq!(row["user_id"], json!(user_id), "{fields}");
    }
    for (fields, code, field) in [
        (json!({}), "REQUIRED", "user_id"),
        (json!({ "user_id": "" }), "REQUIRED", "user_id"),
        (json!({ "user_id": true }), "INVALID", "user_id"),
        (json!({ "user_id": 20.5 }), "INVALID", "user_id"),
        (json!({ "user_id": [20] }), "INVALID", "user_id"),
        (json!({ "user_id": u64::MAX }), "INVALID", "user_id"),
        (
            json!({ "user_id": "99999999999999999999" }),
            "USER_NOT_FOUND",
            "user_id",
        ),
        (json!({ "user_id": 31 }), "USER_NOT_FOUND", "user_id"),
        (json!({ "username": "gone" }), "USER_NOT_FOUND", "username"),
        (json!({ "username": 20 }), "INVALID", "username"),
        (json!({ "email": "a\u{0}b" }), "INVALID", "email"),
        (
            json!({ "email": "shared@acme.example" }),
            "AMBIGUOUS_USER",
            "email",
        ),
        (
            json!({ "user_id": 20, "username": "student2" }),
            "AMBIGUOUS_USER",
            "user_id",
        ),
        (json!({ "user_id": "x".repeat(256) }), "TOO_LONG", "user_id"),
        (
            json!({ "user_id": 20, "suggested_by": "nemo" }),
            "USER_NOT_FOUND",
            "suggested_by",
        ),
        (
            json!({ "user_id": 20, "direct": "yes" }),
            "INVALID",
            "direct",
        ),
    ] {
        let (found, fields_named) = bad(&post(&acme, "manage/", &body(fields.clone())).await);
        assert_eq!(
            (found.as_str(), fields_named.join(" ").as_str()),
            (code, field),
            "{fields}"
        );
    }
}

async fn many_at_once(server: &Server) {
    let acme = server.key("acme");
    let items = json!([
        { "program_key": ZH, "user_id": 20, "anything": "else" },
        { "program_key": "no such", "user_id": 20 },
        { "user_id": 20 },
        { "program_key": 7, "user_id": 20 },
        { "program_key": ZH },
        { "program_key": ZH, "email": "shared@acme.example" },
        { "program_key": ZH, "username": "gone" },
        { "program_key": ZH, "user_id": "21", "username": "student3" },
        { "program_key": ZH, "user_id": 20, "accepted": "true" },
        { "program_key": ZH, "user_id": 20, "accepted": 1 },
        { "program_key": ZH, "user_id": 20, "metadata": [] },
        { "program_key": ZH, "user_id": 20, "metadata": { "a": "x".repeat(17_000) } },
        { "program_key": ZH, "user_id": "student1", "accepted": true },
        { "program_key": ZH, "email": "s1@acme.example" },
        { "program_key": "program-v1:acme+ml+2026", "user_id": 21, "visible": true },
    ]);
    let answer = post(
        &acme,
        "manage/bulk/",
        &json!({ "platform_key": "acme", "suggestion_data": items }),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let told: Vec<String> = body["results"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(index, result)| {
            assert_eq!(result["index"], json!(index));
            let failed = result["status"] == "failed";
            assert_eq!(failed, result["message"].is_string());
            assert_eq!(failed, result["id"].is_null());
            ["status", "code", "field"]
                .iter()
                .filter_map(|name| result[*name].as_str())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "created",
            "failed PROGRAM_NOT_FOUND program_key",
            "failed REQUIRED program_key",
            "failed INVALID program_key",
            "failed REQUIRED user_id",
            "failed AMBIGUOUS_USER email",
            "failed USER_NOT_FOUND username",
            "failed AMBIGUOUS_USER user_id",
            "failed INVALID accepted",
            "failed INVALID accepted",
            "failed INVALID metadata",
            "failed TOO_LONG metadata",
            "updated",
            "unchanged",
            "unchanged",
        ]
    );
    assert_eq!(body["successes"], json!(4));
    let codes: Vec<&str> = body["error_codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap())
        .collect();
    let of_results: Vec<&str> = told
        .iter()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert_eq!(codes, of_results);

    let all_wrong = json!({ "platform_key": "acme", "suggestion_data": [{}, {}] });
    let answer = post(&acme, "manage/bulk", &all_wrong).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["successes"]),
        (200, &json!(0))
    );
    let none = json!({ "platform_key": "acme", "suggestion_data": [] });
    assert_eq!(
        post(&acme, "manage/bulk/", &none).await.json(),
        json!({ "successes": 0, "error_codes": [], "results": [] })
    );
    // Department mode: outside is told from unknown.
    let items = json!([{ "program_key": ZH, "user_id": 22 }, { "program_key": ZH, "user_id": 31 }, { "program_key": ZH, "user_id": 21 }]);
    let body = json!({ "platform_key": "acme", "department_mode": true, "suggestion_data": items });
    let answer = post(&server.user("dora"), "manage/bulk/", &body)
        .await
        .json();
    assert_eq!(
        answer["error_codes"],
        json!(["OUT_OF_SCOPE", "USER_NOT_FOUND"])
    );
    assert_eq!(answer["successes"], json!(1));
}

async fn bulk_requests_that_are_none(server: &Server) {
    let acme = server.key("acme");
    for (fields, named) in [
        (json!({}), "suggestion_data"),
        (json!({ "suggestion_data": null }), "suggestion_data"),
        (json!({ "suggestion_data": {} }), "suggestion_data"),
        (json!({ "suggestion_data": "[]" }), "suggestion_data"),
        (json!({ "suggestion_data": [{}, 7] }), "suggestion_data"),
        (json!({ "suggestion_data": [[]] }), "suggestion_data"),
        (
            json!({ "suggestion_data": [], "platform_key": 7 }),
            "platform_key",
        ),
        (
            json!({ "suggestion_data": [], "platform_key": "" }),
            "platform_key",
        ),
        (
            json!({ "suggestion_data": [], "department_mode": 1 }),
            "department_mode",
        ),
    ] {
        let before = server.database.export();
        let answer = post(&acme, "manage/bulk/", &body(fields.clone())).await;
        assert_eq!(bad(&answer).1, [named], "{fields}");
        assert_eq!(server.database.export(), before);
    }
    let many = vec![json!({}); 10_001];
    let answer = post(
        &acme,
        "manage/bulk/",
        &json!({ "platform_key": "acme", "suggestion_data": many }),
    )
    .await;
    assert_eq!(
        bad(&answer),
        (
            "LIMIT_EXCEEDED".to_owned(),
            vec!["suggestion_data".to_owned()]
        )
    );
}

async fn what_fails_alone_says_why(server: &Server) {
    let acme = server.key("acme");
    for (fields, code, field) in [
        (
            json!({ "group_id": 102, "program_key": "no such" }),
            "PROGRAM_NOT_FOUND",
            "program_key",
        ),
        (
            json!({ "group_id": 102, "program_key": "" }),
            "REQUIRED",
            "program_key",
        ),
        (
            json!({ "group_id": 102, "program_key": null }),
            "REQUIRED",
            "program_key",
        ),
        (
            json!({ "group_id": 102, "program_key": "x".repeat(256) }),
            "TOO_LONG",
            "program_key",
        ),
        (json!({ "group_id": 201 }), "GROUP_NOT_FOUND", "group_id"),
        (json!({ "group_id": "-1" }), "GROUP_NOT_FOUND", "group_id"),
        (json!({}), "REQUIRED", "group_id"),
        (json!({ "group_id": null }), "REQUIRED", "group_id"),
        (json!({ "group_id": "Web Guild" }), "INVALID", "group_id"),
        (json!({ "group_id": 1.5 }), "INVALID", "group_id"),
        (
            json!({ "group_id": "99999999999999999999" }),
            "INVALID",
            "group_id",
        ),
        (
            json!({ "group_id": 102, "visible": 0 }),
            "INVALID",
            "visible",
        ),
        (
            json!({ "group_id": 102, "metadata": "{}" }),
            "INVALID",
            "metadata",
        ),
        (
            json!({ "group_id": 102, "platform_org": "globex-inc" }),
            "PLATFORM_MISMATCH",
            "platform_org",
        ),
        (
            json!({ "group_id": 102, "platform_org": " " }),
            "REQUIRED",
            "platform_org",
        ),
    ] {
        let (found, named) = bad(&post(&acme, "manage/group/", &body(fields.clone())).await);
        assert_eq!(
            (found.as_str(), named.join(" ").as_str()),
            (code, field),
            "{fields}"
        );
    }
    // Several at once.
    let answer = post(&acme, "manage/group/", &json!({ "accepted": "x" })).await;
    let (code, fields) = bad(&answer);
    assert_eq!(code, "REQUIRED");
    assert_eq!(
        fields,
        ["accepted", "group_id", "platform_key", "program_key"]
    );
    // Outside of the departments: 403, where the caller may know that the subject exists.
    let dora = server.user("dora");
    let group = |id: i64| body(json!({ "group_id": id, "department_mode": true }));
    refused(&post(&dora, "manage/group/", &group(103)).await, 403);
    refused(&post(&dora, "manage/group/", &group(104)).await, 403);
    assert_eq!(
        bad(&post(&dora, "manage/group/", &group(201)).await).0,
        "GROUP_NOT_FOUND"
    );
    let user = body(json!({ "user_id": 22, "department_mode": true }));
    refused(&post(&dora, "manage/", &user).await, 403);
}

async fn withdrawing(server: &Server) {
    let acme = server.key("acme");
    for (path, id) in [("manage/", 1001), ("manage/group", 3001)] {
        let url = format!("{path}?suggestion_id={id}&platform_key=acme&sort=-id&page=1");
        let answer = delete(&acme, &url).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, ""));
        refused(&delete(&acme, &url).await, 404);
        let list = get(&acme, &format!("{path}?platform_key=acme&page_size=100")).await;
        assert!(!ids(&list).contains(&id));
    }
    let without = delete(&acme, "manage/?suggestion_id=1002").await;
    assert_eq!(without.status, 200);
    for (caller, query, status) in [
        (Caller::Key("acme"), "suggestion_id=2001", 404),
        (
            Caller::Key("acme"),
            "suggestion_id=2001&platform_key=acme",
            404,
        ),
        (
            Caller::Key("acme"),
            "suggestion_id=2001&platform_key=globex",
            403,
        ),
        (Caller::User("student1"), "suggestion_id=1006", 404),
        (
            Caller::User("student1"),
            "suggestion_id=1006&platform_key=acme",
            403,
        ),
        (Caller::User("dora"), "suggestion_id=1006", 404),
        (
            Caller::User("dora"),
            "suggestion_id=1006&platform_key=acme",
            403,
        ),
        (
            Caller::User("dora"),
            "suggestion_id=1003&department_mode=true",
            404,
        ),
        (
            Caller::User("dora"),
            "suggestion_id=1003&department_mode=true&platform_key=acme",
            404,
        ),
        (Caller::User("root"), "suggestion_id=999999", 404),
        (Caller::User("root"), "suggestion_id=-1", 404),
        (
            Caller::User("root"),
            "suggestion_id=0&platform_key=acme",
            404,
        ),
        (Caller::Anonymous, "suggestion_id=x", 401),
    ] {
        let answer = delete(&server.caller(caller), &format!("manage/?{query}")).await;
        refused(&answer, status);
    }
    for (query, field) in [
        ("", "suggestion_id"),
        ("suggestion_id=", "suggestion_id"),
        ("suggestion_id=x", "suggestion_id"),
        ("suggestion_id=1.0", "suggestion_id"),
        ("suggestion_id=99999999999999999999", "suggestion_id"),
        ("suggestion_id=1003&platform_key=", "platform_key"),
        (
            "suggestion_id=1003&department_mode=maybe",
            "department_mode",
        ),
        (
            "suggestion_id=1003&platform_key=acme&platform_org=globex-inc",
            "platform_org",
        ),
    ] {
        assert_eq!(
            bad(&delete(&acme, &format!("manage/?{query}")).await).1,
            [field],
            "{query}"
        );
    }
    let inside = delete(
        &server.user("dora"),
        "manage/?suggestion_id=1006&department_mode=true",
    )
    .await;
    assert_eq!(inside.status, 200);
}

async fn platform_of_query_and_body(server: &Server) {
    let acme = server.key("acme");
    let group = body(json!({ "group_id": 102 }));
    let same = post(
        &acme,
        "manage/group/?platform_key=acme&sort=id&page=1",
        &group,
    )
    .await;
    assert_eq!(same.status, 200, "{}", same.text());
    for (query, field) in [
        ("platform_key=globex", "platform_key"),
        ("platform_key=", "platform_key"),
        ("platform_org=", "platform_org"),
        ("sort=", "sort"),
        ("query=", "query"),
        ("department_mode=x", "department_mode"),
    ] {
        let answer = post(&acme, &format!("manage/group/?{query}"), &group).await;
        assert_eq!(bad(&answer).1, [field], "{query}");
    }
    // The body's mode wins, and the query's counts where the body has none.
    let dora = server.user("dora");
    let with = |mode: bool| body(json!({ "group_id": 102, "department_mode": mode }));
    refused(
        &post(&dora, "manage/group/?department_mode=true", &with(false)).await,
        403,
    );
    assert_eq!(
        post(&dora, "manage/group/?department_mode=false", &with(true))
            .await
            .status,
        200
    );
    assert_eq!(
        post(&dora, "manage/group/?department_mode=1", &group)
            .await
            .status,
        200
    );
}
