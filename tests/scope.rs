//! What an administrator of departments sees and may choose from.

use serde_json::{Value, json};

use crate::support::Server;
use crate::support::kind::{BOTH, GROUPS, USERS, database_ids};

both_engines!(
    lists_hold_what_lies_in_the_departments,
    higher_tiers_see_the_same_in_both_modes,
    without_department_mode_nothing,
    search_and_filters_stay_inside,
    nested_fields_stay_inside,
    programs_are_all_to_choose_from,
    counting_the_whole_group,
    an_import_moves_somebody_at_once,
);

async fn lists_hold_what_lies_in_the_departments(server: &Server) {
    for (username, users, groups) in [
        (
            "dora",
            [1006, 1005, 1002, 1001].as_slice(),
            [3001, 3002, 3006, 3007].as_slice(),
        ),
        ("dual", &[1006, 1005, 1002, 1001], &[3001, 3002, 3006, 3007]),
        ("cody", &[1005, 1002], &[3002, 3006]),
        ("dirk", &[1008, 1003], &[3003]),
    ] {
        let client = server.user(username);
        for (kind, expected) in [(USERS, users), (GROUPS, groups)] {
            let ids = kind.ids(&client, json!({ "departmentMode": true })).await;
            assert_eq!(ids, expected, "{username}");
            let variables = json!({ "platformKey": "acme", "departmentMode": true, "first": 100 });
            let list = kind.connection(&client, variables).await;
            assert_eq!(database_ids(&list["nodes"]), expected, "{username}");
            assert_eq!(list["totalCount"], json!(expected.len()));
            let variables =
                json!({ "platformKey": "acme", "departmentMode": true, "pageSize": 1, "page": 2 });
            let page = kind.page(&client, variables).await;
            assert_eq!(page["count"], json!(expected.len()));
            assert_eq!(page["pageCount"], json!(expected.len()));
            assert_eq!(
                database_ids(&page["results"]),
                &expected[expected.len().min(1)..expected.len().min(2)]
            );
        }
    }
}

async fn higher_tiers_see_the_same_in_both_modes(server: &Server) {
    for client in [
        server.user("root"),
        server.user("anna"),
        server.key("acme"),
        server.key("acme-anna"),
        server.key("acme-root"),
    ] {
        for kind in BOTH {
            for mode in [false, true] {
                let ids = kind.ids(&client, json!({ "departmentMode": mode })).await;
                assert_eq!(ids.len(), kind.of_acme.len());
            }
        }
    }
}

async fn without_department_mode_nothing(server: &Server) {
    for username in ["dora", "cody", "dirk", "dual"] {
        let client = server.user(username);
        for kind in BOTH {
            let document = kind.page_document("count");
            let code = client
                .code(&document, json!({ "platformKey": "acme" }))
                .await;
            assert_eq!(code, "FORBIDDEN", "{username}");
        }
    }
    // On the platform where dual is the admin, the mode makes no difference.
    let dual = server.user("dual");
    for mode in [false, true] {
        let variables = json!({ "platformKey": "globex", "departmentMode": mode });
        let page = GROUPS.page(&dual, variables).await;
        assert_eq!(page["count"], json!(2));
    }
    // A department admin who is no longer an active member administers nothing.
    for kind in BOTH {
        let document = kind.page_document("count");
        let variables = json!({ "platformKey": "acme", "departmentMode": true });
        let code = server.user("ivo").code(&document, variables).await;
        assert_eq!(code, "FORBIDDEN");
    }
}

async fn search_and_filters_stay_inside(server: &Server) {
    let dora = server.user("dora");
    for (kind, variables, expected) in [
        // "data" finds 1004 and "a" everything, but not outside of eng and web.
        (USERS, json!({ "query": "data" }), [1001].as_slice()),
        (USERS, json!({ "query": "a" }), &[1006, 1005, 1002, 1001]),
        (USERS, json!({ "query": "student3" }), &[]),
        (USERS, json!({ "filter": { "userIds": ["22"] } }), &[]),
        (USERS, json!({ "filter": { "accepted": true } }), &[1002]),
        (GROUPS, json!({ "query": "e" }), &[3001, 3002, 3006, 3007]),
        (GROUPS, json!({ "query": "everyone" }), &[]),
        (
            GROUPS,
            json!({ "filter": { "groupIds": ["103", "104"] } }),
            &[],
        ),
        (GROUPS, json!({ "filter": { "visible": false } }), &[]),
    ] {
        let mut variables = variables;
        variables["departmentMode"] = json!(true);
        let ids = kind.ids(&dora, variables.clone()).await;
        assert_eq!(ids, expected, "{variables}");
    }
}

async fn nested_fields_stay_inside(server: &Server) {
    let dora = server.user("dora");
    let document = USERS.page_document(
        "results { databaseId user { username email } suggestedBy { username } platform { name groups(first: 10) { nodes { databaseId } } } }",
    );
    let variables = json!({
        "platformKey": "acme", "departmentMode": true, "filter": { "userIds": ["20", "21"] },
        "orderBy": { "field": "ID" },
    });
    let data = dora.data(&document, variables).await;
    let results = data["programSuggestionPage"]["results"].as_array().unwrap();
    // anna suggested it, and is in none of dora's departments.
    assert_eq!(results[0]["suggestedBy"], json!(null));
    assert_eq!(
        results[0]["user"],
        json!({ "username": "student1", "email": "s1@acme.example" })
    );
    assert_eq!(results[1]["suggestedBy"], json!({ "username": "dora" }));
    let groups = &results[0]["platform"]["groups"]["nodes"];
    assert_eq!(database_ids(groups), [101, 102, 106]);

    let cody = server.user("cody");
    let document = GROUPS
        .page_document("results { databaseId group { name department { key parent { key } } } }");
    let variables = json!({ "platformKey": "acme", "departmentMode": true });
    let data = cody.data(&document, variables).await;
    let first = &data["programGroupSuggestionPage"]["results"][0];
    assert_eq!(
        first["group"]["department"],
        json!({ "key": "web", "parent": null })
    );
}

async fn programs_are_all_to_choose_from(server: &Server) {
    let document = "{ platform(key: \"acme\", org: \"acme-u\") { name programs(first: 100) { totalCount } groups(first: 100) { totalCount nodes { databaseId } } } }";
    let shape = |data: &Value| {
        (
            data["platform"]["programs"]["totalCount"].as_i64().unwrap(),
            database_ids(&data["platform"]["groups"]["nodes"]),
        )
    };
    for (username, groups) in [
        ("anna", [101, 102, 103, 104, 105, 106].as_slice()),
        ("dora", &[101, 102, 106]),
        ("cody", &[102, 106]),
        ("dirk", &[103]),
    ] {
        let data = server.user(username).data(document, json!({})).await;
        assert_eq!(shape(&data), (10, groups.to_vec()), "{username}");
        assert_eq!(
            data["platform"]["groups"]["totalCount"],
            json!(groups.len())
        );
    }
    for (client, document) in [
        (server.user("gabi"), document),
        (server.key("globex"), document),
        (server.user("anna"), "{ platform(key: \"nowhere\") { id } }"),
        (server.user("root"), "{ platform(key: \"nowhere\") { id } }"),
        (
            server.user("anna"),
            "{ platform(key: \"acme\", org: \"globex-inc\") { id } }",
        ),
    ] {
        let data = client.data(document, json!({})).await;
        assert_eq!(data["platform"], json!(null));
    }
}

async fn counting_the_whole_group(server: &Server) {
    // Of Engineering Team's three members one is in eng and two in web; cody, who has web only, is
    // shown the group that is linked to web whole.
    server
        .database
        .waymark(&["import", "-"])
        .input("{\"type\":\"group_member\",\"group\":102,\"user\":\"student3\"}\n{\"type\":\"group_member\",\"group\":102,\"user\":\"student1\",\"active\":true}\n")
        .succeed();
    let variables =
        json!({ "platformKey": "acme", "departmentMode": true, "filter": { "groupIds": ["102"] } });
    let document = GROUPS.page_document("results { userCount group { userCount } }");
    let data = server.user("cody").data(&document, variables).await;
    let expected = json!([{ "userCount": 3, "group": { "userCount": 3 } }]);
    assert_eq!(data["programGroupSuggestionPage"]["results"], expected);
}

async fn an_import_moves_somebody_at_once(server: &Server) {
    let dora = server.user("dora");
    let mode = json!({ "departmentMode": true });
    assert_eq!(USERS.ids(&dora, mode.clone()).await.len(), 4);
    server
        .database
        .waymark(&["import", "-"])
        .input("{\"type\":\"department_member\",\"platform\":\"acme\",\"department\":\"web\",\"user\":\"student3\",\"admin\":false}\n")
        .succeed();
    assert_eq!(
        USERS.ids(&dora, mode).await,
        [1008, 1006, 1005, 1003, 1002, 1001]
    );
}
