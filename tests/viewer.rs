//! Who am I, and where may I do what?

use serde_json::{Value, json};

use crate::support::{Caller, Server};

both_engines!(
    everybody_is_told_who_they_are,
    learners_see_empty_lists,
    one_s_own_email
);

const VIEWER: &str = "{ viewer { isDmAdmin user { databaseId username }
    platforms { role platform { key org name } departments { databaseId key parent { key } } } } }";

async fn everybody_is_told_who_they_are(server: &Server) {
    let user = |id: &str, username: &str| json!({ "databaseId": id, "username": username });
    let acme = json!({ "key": "acme", "org": "acme-u", "name": "Acme University" });
    let globex = json!({ "key": "globex", "org": "globex-inc", "name": "Globex Academy" });
    let role = |platform: &Value, role: &str, departments: Value| json!({ "role": role, "platform": platform, "departments": departments });
    let web = |parent: Value| json!({ "databaseId": "2", "key": "web", "parent": parent });
    let eng = json!({ "databaseId": "1", "key": "eng", "parent": null });
    let eng_and_web = json!([eng, web(json!({ "key": "eng" }))]);
    for (caller, user, platforms) in [
        (
            Caller::User("anna"),
            user("10", "anna"),
            json!([role(&acme, "PLATFORM_ADMIN", json!([]))]),
        ),
        (
            Caller::User("dora"),
            user("11", "dora"),
            json!([role(&acme, "DEPARTMENT_ADMIN", eng_and_web.clone())]),
        ),
        (
            // The parent lies outside what cody administers.
            Caller::User("cody"),
            user("15", "cody"),
            json!([role(&acme, "DEPARTMENT_ADMIN", json!([web(json!(null))]))]),
        ),
        (
            Caller::User("dual"),
            user("28", "dual"),
            json!([
                role(&acme, "DEPARTMENT_ADMIN", eng_and_web.clone()),
                role(&globex, "PLATFORM_ADMIN", json!([])),
            ]),
        ),
        (
            Caller::User("both"),
            user("25", "both"),
            json!([
                role(&acme, "LEARNER", json!([])),
                role(&globex, "LEARNER", json!([]))
            ]),
        ),
        (Caller::User("ivo"), user("13", "ivo"), json!([])),
        (Caller::User("inez"), user("14", "inez"), json!([])),
        (Caller::User("gone"), user("24", "gone"), json!([])),
        (Caller::User("nobody"), user("40", "nobody"), json!([])),
        (
            Caller::Key("acme"),
            json!(null),
            json!([role(&acme, "PLATFORM_ADMIN", json!([]))]),
        ),
        (
            Caller::Key("acme-dual"),
            user("28", "dual"),
            json!([role(&acme, "DEPARTMENT_ADMIN", eng_and_web)]),
        ),
        (
            Caller::Key("acme-student1"),
            user("20", "student1"),
            json!([role(&acme, "LEARNER", json!([]))]),
        ),
    ] {
        let data = server.caller(caller).data(VIEWER, json!({})).await;
        assert_eq!(
            data["viewer"],
            json!({ "isDmAdmin": false, "user": user, "platforms": platforms }),
            "{caller:?}"
        );
    }
    let data = server.user("root").data(VIEWER, json!({})).await;
    assert_eq!(
        data["viewer"],
        json!({ "isDmAdmin": true, "user": user("1", "root"), "platforms": [] })
    );
    let data = server.anonymous().data(VIEWER, json!({})).await;
    assert_eq!(data["viewer"], json!(null));
}

async fn learners_see_empty_lists(server: &Server) {
    let document = "{ viewer { platforms { platform { key
        programs(first: 10) { nodes { id } totalCount } groups(last: 10) { nodes { id } totalCount } } } } }";
    let data = server.user("both").data(document, json!({})).await;
    let empty = json!({ "nodes": [], "totalCount": 0 });
    let platform =
        |key: &str| json!({ "platform": { "key": key, "programs": empty, "groups": empty } });
    assert_eq!(
        data["viewer"]["platforms"],
        json!([platform("acme"), platform("globex")])
    );
    // An admin of one is still a learner on the other.
    let data = server.user("dual").data(document, json!({})).await;
    let platforms = &data["viewer"]["platforms"];
    assert_eq!(
        platforms[0]["platform"]["programs"]["totalCount"],
        json!(10)
    );
    // Of the groups those of eng and web.
    assert_eq!(platforms[0]["platform"]["groups"]["totalCount"], json!(3));
    assert_eq!(platforms[1]["platform"]["groups"]["totalCount"], json!(2));
}

async fn one_s_own_email(server: &Server) {
    let document = "{ viewer { user { email name } } }";
    let data = server.user("student1").data(document, json!({})).await;
    assert_eq!(
        data["viewer"]["user"],
        json!({ "email": "s1@acme.example", "name": "Émile Zola" })
    );
    let data = server.user("gone").data(document, json!({})).await;
    assert_eq!(data["viewer"]["user"]["email"], json!("gone@acme.example"));
    let data = server.user("student4").data(document, json!({})).await;
    assert_eq!(data["viewer"]["user"]["email"], json!(null));
}
