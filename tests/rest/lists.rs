//! The two lists of administrators.

use serde_json::{Value, json};

use super::{BASE, bad, get, ids, refused};
use crate::support::kind::{GROUPS, USERS};
use crate::support::server::Process;
use crate::support::{Database, Server};

both_engines!(
    rows_look_like_this,
    the_order_is_that_of_the_graphql_list,
    pages_and_links,
    search,
    what_is_wrong_is_said,
    department_mode,
    links_start_with_the_public_url
);

async fn rows_look_like_this(server: &Server) {
    let acme = server.key("acme");
    let page = get(
        &acme,
        "manage/group/?platform_key=acme&page_size=2&sort=-accepted",
    )
    .await;
    let mut rows = page.json()["results"].take();
    assert_eq!(
        rows[1].take(),
        json!({
            "id": 3005, "group_id": 105, "group_name": "snake_case Club", "platform_key": "acme",
            "accepted": true, "visible": false, "created": "2026-01-05T09:00:00.000000Z",
            "modified": "2026-01-05T09:00:00.000000Z", "metadata": {},
            "program_key": "program-v1:acme+webxdev+2026", "program_name": "webxdev basics",
            "user_count": 0
        })
    );
    let page = get(
        &acme,
        "manage?platform_key=acme&platform_org=acme-u&query=%C3%B8yvind",
    )
    .await;
    assert_eq!(
        page.json(),
        json!({
            "count": 1, "next_page": null, "previous_page": null, "next": null, "previous": null,
            "results": [{
                "id": 1002, "user_id": 21, "username": "student2", "name": "Øyvind Ås",
                "platform_key": "acme", "accepted": true, "visible": true,
                "created": "2026-01-02T08:00:00.000000Z", "modified": "2026-03-01T08:00:00.123456Z",
                "metadata": { "why": "fits", "n": [1, 2.5, null] },
                "program_key": "program-v1:acme+ml+2026", "program_name": "Machine Learning 100%"
            }]
        })
    );
}

async fn the_order_is_that_of_the_graphql_list(server: &Server) {
    let acme = server.key("acme");
    let of_groups = "id group_id group_name program_key program_name accepted visible created modified user_count";
    let of_users =
        "id user_id username name program_key program_name accepted visible created modified";
    for (kind, path, sorts) in [
        (GROUPS, "manage/group/", of_groups),
        (USERS, "manage/", of_users),
    ] {
        for sort in sorts.split(' ') {
            for (sign, direction) in [("", "ASC"), ("-", "DESC")] {
                let there = get(
                    &acme,
                    &format!("{path}?platform_key=acme&page_size=100&sort={sign}{sort}"),
                )
                .await;
                let order = json!({ "field": sort.to_uppercase(), "direction": direction });
                let variables = json!({ "platformKey": "acme", "pageSize": 100, "orderBy": order });
                let here = kind.page(&acme, variables).await;
                let here: Vec<i64> = here["results"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| row["databaseId"].as_str().unwrap().parse().unwrap())
                    .collect();
                assert_eq!(ids(&there), here, "{path} {sign}{sort}");
            }
        }
        let default = if path == "manage/" { "-id" } else { "id" };
        assert_eq!(
            ids(&get(&acme, &format!("{path}?platform_key=acme")).await),
            ids(&get(&acme, &format!("{path}?platform_key=acme&sort={default}")).await),
        );
    }
}

async fn pages_and_links(server: &Server) {
    let acme = server.key("acme");
    let base = server.base().to_owned();
    // Other parameters stay, in their order and encoded; the page stands where it stood.
    let first = get(
        &acme,
        "manage/group?q=%26%20%C3%A9&platform_key=acme&page=1&page_size=3",
    )
    .await;
    let link = |page: i64| {
        json!(format!(
            "{base}{BASE}manage/group?q=%26%20%C3%A9&platform_key=acme&page={page}&page_size=3"
        ))
    };
    let body = first.json();
    assert_eq!(body["count"], json!(7));
    assert_eq!((&body["next_page"], &body["next"]), (&link(2), &link(2)));
    assert_eq!(
        (&body["previous_page"], &body["previous"]),
        (&Value::Null, &Value::Null)
    );

    let mut seen = ids(&first);
    let mut body = body;
    while let Some(link) = body["next_page"].as_str() {
        let next = acme.get(link.strip_prefix(&base).unwrap()).await;
        seen.extend(ids(&next));
        body = next.json();
    }
    assert_eq!(seen, [3001, 3002, 3003, 3004, 3005, 3006, 3007]);
    assert_eq!(body["previous_page"], link(2));

    for far in ["9", "9223372036854775807", "99999999999999999999"] {
        let page = get(
            &acme,
            &format!("manage/group?q=%26%20%C3%A9&platform_key=acme&page={far}&page_size=3"),
        )
        .await;
        let body = page.json();
        assert_eq!((&body["results"], &body["count"]), (&json!([]), &json!(7)));
        assert_eq!(
            (&body["next_page"], &body["previous_page"]),
            (&Value::Null, &link(3))
        );
    }
    let wide = get(&acme, "manage/?platform_key=acme&page_size=100000").await;
    assert_eq!(ids(&wide).len(), 8);
    assert_eq!(wide.json()["next_page"], Value::Null);
}

async fn search(server: &Server) {
    let acme = server.key("acme");
    for (query, expected) in [
        ("100%25", vec![3002, 3004]),
        ("SNAKE_", vec![3005]),
        ("stra%C3%9Fe", vec![3006]),
        ("web", vec![3002, 3004, 3005]),
        ("no%20such", vec![]),
    ] {
        let page = get(
            &acme,
            &format!("manage/group/?platform_key=acme&query={query}"),
        )
        .await;
        assert_eq!(ids(&page), expected, "{query}");
    }
    let page = get(&acme, "manage/?platform_key=acme&query=MIXED%40acme").await;
    assert_eq!(ids(&page), [1007]);
}

async fn what_is_wrong_is_said(server: &Server) {
    let acme = server.key("acme");
    for (query, code, fields) in [
        ("", "REQUIRED", "platform_key"),
        ("platform_key=", "REQUIRED", "platform_key"),
        ("platform_key=%20", "REQUIRED", "platform_key"),
        (
            "platform_key=acme&platform_org=",
            "REQUIRED",
            "platform_org",
        ),
        ("platform_key=acme&query=+", "REQUIRED", "query"),
        ("platform_key=acme&sort=", "REQUIRED", "sort"),
        ("platform_key=acme&sort=colour", "INVALID", "sort"),
        ("platform_key=acme&sort=--id", "INVALID", "sort"),
        ("platform_key=acme&sort=ID", "INVALID", "sort"),
        ("platform_key=acme&page=0", "INVALID", "page"),
        ("platform_key=acme&page=-1", "INVALID", "page"),
        ("platform_key=acme&page=1.0", "INVALID", "page"),
        ("platform_key=acme&page=", "INVALID", "page"),
        ("platform_key=acme&page_size=0", "INVALID", "page_size"),
        ("platform_key=acme&page_size=ten", "INVALID", "page_size"),
        (
            "platform_key=acme&department_mode=yes",
            "INVALID",
            "department_mode",
        ),
        (
            "platform_key=acme&platform_key=globex",
            "INVALID",
            "platform_key",
        ),
        ("platform_key=ac%00me", "INVALID", "platform_key"),
        ("platform_key=acme&query=%00", "INVALID", "query"),
        ("platform_key=acme&query=%ff", "INVALID", ""),
        ("platform_key=acme&query=%4", "INVALID", ""),
        (
            "platform_key=acme&platform_org=globex-inc",
            "INVALID",
            "platform_org",
        ),
        ("page=0&sort=x", "REQUIRED", "page platform_key sort"),
    ] {
        for path in ["manage/", "manage/group/"] {
            let answer = get(&acme, &format!("{path}?{query}")).await;
            let (found, named) = bad(&answer);
            assert_eq!(
                (found.as_str(), named.join(" ").as_str()),
                (code, fields),
                "{query}"
            );
        }
    }
    let long = "x".repeat(501);
    let answer = get(&acme, &format!("manage/?platform_key=acme&query={long}")).await;
    assert_eq!(bad(&answer).1, ["query"]);
    // The names that `sort` takes are told.
    let answer = get(&acme, "manage/?platform_key=acme&sort=group_id").await;
    let text = answer.text();
    for name in ["user_id", "username", "program_name", "modified"] {
        assert!(text.contains(name), "{text}");
    }
}

async fn department_mode(server: &Server) {
    let dora = server.user("dora");
    for path in ["manage/", "manage/group/"] {
        refused(&get(&dora, &format!("{path}?platform_key=acme")).await, 403);
        for no in ["false", "0", "FALSE"] {
            let answer = get(
                &dora,
                &format!("{path}?platform_key=acme&department_mode={no}"),
            )
            .await;
            refused(&answer, 403);
            assert!(
                answer.text().contains("department_mode"),
                "{}",
                answer.text()
            );
        }
        // The whole platform for those above, whatever the flag.
        for yes in ["true", "1", "True"] {
            let with = get(
                &server.user("anna"),
                &format!("{path}?platform_key=acme&department_mode={yes}"),
            )
            .await;
            let without = get(&server.user("anna"), &format!("{path}?platform_key=acme")).await;
            assert_eq!(ids(&with), ids(&without));
        }
    }
    let groups = get(&dora, "manage/group/?platform_key=acme&department_mode=1").await;
    assert_eq!(ids(&groups), [3001, 3002, 3006, 3007]);
    assert_eq!(groups.json()["count"], json!(4));
    let users = get(&dora, "manage/?platform_key=acme&department_mode=true").await;
    assert_eq!(ids(&users), [1006, 1005, 1002, 1001]);
}

async fn links_start_with_the_public_url(database: &Database) {
    let url = (
        "WAYMARK_PUBLIC_URL",
        "https://suggestions.example.org/front/",
    );
    let process = Process::start(database, &[url]);
    let acme = process.authorized(format!("Api-Token {}", database.key("acme")));
    let liar = [("host", "evil.example")];
    let path = format!("{BASE}manage/?platform_key=acme&page_size=1");
    let page = acme
        .send(reqwest::Method::GET, &path, &liar, Vec::new())
        .await;
    assert_eq!(
        page.json()["next_page"],
        json!(format!(
            "https://suggestions.example.org/front{BASE}manage/?platform_key=acme&page_size=1&page=2"
        ))
    );

    let process = Process::start(database, &[]);
    let acme = process.authorized(format!("Api-Token {}", database.key("acme")));
    let named = [("host", "api.example.org:8443")];
    let page = acme
        .send(reqwest::Method::GET, &path, &named, Vec::new())
        .await;
    let link = page.json()["next_page"].take();
    assert_eq!(
        link,
        json!(format!(
            "http://api.example.org:8443{BASE}manage/?platform_key=acme&page_size=1&page=2"
        ))
    );
    for wrong in [
        "evil.example/path",
        "user@evil.example",
        "evil.example:port",
        "<script>",
    ] {
        let page = acme
            .send(reqwest::Method::GET, &path, &[("host", wrong)], Vec::new())
            .await;
        assert_eq!(page.status, 400, "{wrong}: {}", page.text());
    }
}
