//! Bodies that are none, the order of the checks, and credentials.

use serde_json::json;

use super::{BASE, bad, get, post, post_as, refused};
use crate::support::server::Process;
use crate::support::{Database, Server};

both_engines!(
    bodies_that_are_none,
    the_order_of_the_checks,
    credentials,
    a_body_that_is_too_long
);

async fn bodies_that_are_none(server: &Server) {
    let acme = server.key("acme");
    for path in ["manage/", "manage/group/", "manage/bulk/"] {
        for body in [
            "",
            "null",
            "[]",
            "7",
            "\"{}\"",
            "{",
            "{}}",
            "{'a': 1}",
            "nonsense",
            r#"{"platform_key": "acme", "platform_key": "acme"}"#,
            r#"{"platform_key": "acme", "metadata": {"a": 1, "a": 1}}"#,
        ] {
            bad(&post_as(&acme, path, "application/json", body).await);
        }
        bad(&post_as(&acme, path, "application/json", vec![b'"', 0xff, b'"']).await);
        bad(&post_as(&acme, path, "application/json", "[".repeat(100_000)).await);
        for kind in [
            "",
            "text/plain",
            "application/json; charset=latin1",
            "application/xml",
            "json",
        ] {
            refused(&post_as(&acme, path, kind, "{}").await, 415);
        }
        bad(&post_as(&acme, path, "application/json; charset=UTF-8", "{}").await);
    }
}

async fn the_order_of_the_checks(server: &Server) {
    let shapeless = json!({ "platform_key": "acme" });
    let whole = json!({ "platform_key": "acme", "program_key": "no such", "user_id": 999, "group_id": 999, "suggestion_data": [] });
    for path in ["manage/", "manage/group/", "manage/bulk/"] {
        refused(&post(&server.anonymous(), path, &shapeless).await, 401);
        refused(
            &post_as(&server.anonymous(), path, "text/plain", "").await,
            401,
        );
        bad(&post(&server.user("student1"), path, &shapeless).await);
        refused(&post(&server.user("student1"), path, &whole).await, 403);
        refused(&post(&server.user("dora"), path, &whole).await, 403);
    }
    bad(&post(&server.key("acme"), "manage/", &whole).await);
    refused(&get(&server.anonymous(), "manage/?sort=x").await, 401);
    bad(&get(&server.user("student1"), "manage/?platform_key=acme&sort=x").await);
    refused(
        &get(&server.user("student1"), "manage/?platform_key=acme").await,
        403,
    );
    // An unknown platform is bad input to those only who may know every platform.
    refused(
        &get(&server.user("anna"), "manage/?platform_key=nowhere").await,
        403,
    );
    refused(
        &get(&server.key("acme-root"), "manage/?platform_key=nowhere").await,
        403,
    );
    assert_eq!(
        bad(&get(&server.user("root"), "manage/?platform_key=nowhere").await).1,
        ["platform_key"]
    );
}

async fn credentials(server: &Server) {
    let key = server.database.key("acme");
    for right in [
        format!("Api-Token {key}"),
        format!("api-key {key}"),
        format!("TOKEN {key}"),
        key.to_owned(),
        format!("Bearer {}", server.token("anna")),
    ] {
        let answer = get(&server.authorized(right), "manage/?platform_key=acme").await;
        assert_eq!(answer.status, 200);
        assert!(answer.header("x-request-id").is_some());
    }
    for wrong in ["Api-Token 00", "Bearer x.y.z", "Basic YTpi", "Api-Token"] {
        let answer = get(&server.authorized(wrong), "manage/?platform_key=acme").await;
        refused(&answer, 401);
        assert_eq!(answer.header("www-authenticate"), Some("Api-Token"));
    }
    // The document and its page are for everybody.
    assert_eq!(
        server.anonymous().get("/api/openapi.json").await.status,
        200
    );
    assert_eq!(server.anonymous().get("/api/docs").await.status, 200);
}

async fn a_body_that_is_too_long(database: &Database) {
    let process = Process::start(database, &[("WAYMARK_LIMITS_BODY_BYTES", "2000")]);
    let acme = process.authorized(format!("Api-Token {}", database.key("acme")));
    let long = json!({ "platform_key": "acme", "suggestion_data": [], "x": "x".repeat(2000) });
    let answer = post(&acme, "manage/bulk/", &long).await;
    refused(&answer, 413);
    let short = json!({ "platform_key": "acme", "suggestion_data": [] });
    assert_eq!(post(&acme, "manage/bulk/", &short).await.status, 200);
    let path = format!("{BASE}manage/bulk/");
    let longer = vec![b' '; 3000];
    let form = acme
        .send(
            reqwest::Method::POST,
            &path,
            &[("content-type", "application/json")],
            longer,
        )
        .await;
    refused(&form, 413);
}
