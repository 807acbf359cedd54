//! The list of one user: who may see whose.

use serde_json::json;

use super::{bad, get, ids, refused};
use crate::support::{Caller, Server};

both_engines!(who_sees_whose, ways_to_name_a_user, limits_and_orders);

async fn who_sees_whose(server: &Server) {
    for (caller, query, expected) in [
        // Those who command everything, one platform, or the key of one.
        (Caller::User("root"), "username=both", vec![2002, 1005]),
        (Caller::User("root"), "username=student3", vec![1008, 1003]),
        (Caller::User("anna"), "username=both", vec![1005]),
        (Caller::User("gabi"), "username=both", vec![2002]),
        (Caller::Key("acme"), "username=student3", vec![1008, 1003]),
        (Caller::Key("acme-root"), "username=both", vec![1005]),
        // Hidden or unknown: nothing.
        (Caller::User("anna"), "username=glen", vec![]),
        (Caller::Key("globex"), "username=student1", vec![]),
        (Caller::User("root"), "username=nemo", vec![]),
        // Oneself, visible ones only.
        (
            Caller::User("student1"),
            "username=student1",
            vec![1006, 1001],
        ),
        (Caller::User("student1"), "user_id=20", vec![1006, 1001]),
        (Caller::User("student3"), "username=student3", vec![]),
        (Caller::User("both"), "username=both", vec![2002, 1005]),
        (
            Caller::User("both"),
            "username=both&platform_key=globex",
            vec![2002],
        ),
        (
            Caller::User("both"),
            "username=both&platform_org=acme-u",
            vec![1005],
        ),
        (Caller::User("nobody"), "username=nobody", vec![]),
        (
            Caller::Key("acme-student1"),
            "username=student1",
            vec![1006, 1001],
        ),
        // A department admin is a user like any other here.
        (Caller::User("dora"), "username=dora", vec![]),
        // An admin elsewhere sees the own ones here as well.
        (Caller::User("dual"), "username=glen", vec![2001]),
    ] {
        let answer = get(&server.caller(caller), &format!("user/?{query}")).await;
        assert_eq!(ids(&answer), expected, "{caller:?} {query}");
    }
    for (caller, query) in [
        (Caller::User("student1"), "username=student2"),
        (Caller::User("student1"), "username=nemo"),
        (Caller::User("student1"), "username=student1&user_id=21"),
        (
            Caller::User("student1"),
            "username=student1&platform_key=globex",
        ),
        (
            Caller::User("student1"),
            "username=student1&platform_key=nowhere",
        ),
        (Caller::User("dora"), "username=student1"),
        (Caller::User("dora"), "username=student1&platform_key=acme"),
        (Caller::Key("acme-student1"), "username=student2"),
        (Caller::User("anna"), "username=both&platform_key=globex"),
        (Caller::Key("acme"), "username=student1&platform_key=globex"),
        (
            Caller::Key("acme-root"),
            "username=both&platform_key=globex",
        ),
        (Caller::User("dual"), "username=student1&platform_key=acme"),
    ] {
        refused(
            &get(&server.caller(caller), &format!("user/?{query}")).await,
            403,
        );
    }
    refused(
        &get(&server.anonymous(), "user/?username=student1").await,
        401,
    );
}

async fn ways_to_name_a_user(server: &Server) {
    let acme = server.key("acme");
    for query in [
        "username=student1",
        "username=STUDENT1",
        "username=20",
        "user_id=20",
        "email=S1%40acme.example",
        "username=s1%40acme.example",
        "username=20&user_id=20&email=s1%40acme.example",
    ] {
        let answer = get(&acme, &format!("user?{query}")).await;
        assert_eq!(ids(&answer), [1006, 1001], "{query}");
    }
    for (query, code, field) in [
        ("platform_key=acme", "REQUIRED", "username"),
        ("username=", "REQUIRED", "username"),
        ("user_id=", "INVALID", "user_id"),
        ("user_id=student1", "INVALID", "user_id"),
        ("user_id=99999999999999999999", "INVALID", "user_id"),
        ("email=+", "REQUIRED", "email"),
        ("username=a%00b", "INVALID", "username"),
        ("username=student1&user_id=21", "AMBIGUOUS_USER", "username"),
        ("email=shared%40acme.example", "AMBIGUOUS_USER", "email"),
        (
            "username=student1&platform_key=",
            "REQUIRED",
            "platform_key",
        ),
        (
            "username=student1&platform_org=",
            "REQUIRED",
            "platform_org",
        ),
        ("username=student1&sort=group_id", "INVALID", "sort"),
        ("username=student1&page=0", "INVALID", "page"),
        (
            "username=student1&platform_key=acme&platform_org=x",
            "INVALID",
            "platform_org",
        ),
    ] {
        let (found, fields) = bad(&get(&acme, &format!("user/?{query}")).await);
        assert_eq!(
            (found.as_str(), fields.join(" ").as_str()),
            (code, field),
            "{query}"
        );
    }
    // To those who administer nothing, a wrong name is somebody else.
    let learner = server.user("student1");
    refused(
        &get(&learner, "user/?email=shared%40acme.example").await,
        403,
    );
    // Unknown to a DM admin alone is the platform bad input.
    let answer = get(
        &server.user("root"),
        "user/?username=both&platform_key=nowhere",
    )
    .await;
    assert_eq!(bad(&answer).1, ["platform_key"]);
}

async fn limits_and_orders(server: &Server) {
    let root = server.user("root");
    let answer = get(&root, "user/?username=both&sort=id&page_size=1").await;
    assert_eq!(ids(&answer), [1005]);
    let body = answer.json();
    assert_eq!(body["count"], json!(2));
    assert_eq!(body["results"][0]["platform_key"], json!("acme"));
    let link = body["next_page"].as_str().unwrap();
    let next = root.get(link.strip_prefix(server.base()).unwrap()).await;
    assert_eq!(ids(&next), [2002]);
    let answer = get(&root, "user/?username=both&platform_org=globex-inc").await;
    assert_eq!(ids(&answer), [2002]);
    let answer = get(&root, "user/?username=both&platform_org=nowhere").await;
    assert!(ids(&answer).is_empty());
    let before = server.statements().await;
    get(&root, "user/?username=both").await;
    let few = server.statements().await - before;
    assert!(few <= 6, "{few} statements");
}
