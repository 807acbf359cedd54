//! Choosing whom to suggest to: the users and departments of a platform, and the members of a group.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::ids::Ids;
use crate::support::{Client, Database, Server, large};

both_engines!(
    each_caller_sees_whom_they_may_suggest_to,
    each_caller_sees_the_departments_they_administer,
    each_caller_sees_the_members_of_the_groups_they_see,
    whoever_is_not_active_is_missing,
    one_user_of_two_departments_is_listed_once,
    search,
    the_department_filter,
    e_mails_out_of_scope_are_neither_shown_nor_found,
    pages_both_ways,
    wrong_counts_and_cursors,
    long_lists,
    as_many_statements_for_two_groups_as_for_fifty,
);

/// A list: the selection that leads to it, and its name.
#[derive(Clone, Copy)]
enum List<'a> {
    /// Of the platform with this key.
    Users(&'a str),
    Departments(&'a str),
    /// Of the group with this global id.
    Members(&'a str),
}

/// A page of one.
#[derive(Debug)]
struct Page {
    /// Usernames or keys.
    names: Vec<String>,
    nodes: Vec<Value>,
    next: bool,
    previous: bool,
    start: Value,
    end: Value,
    total: i64,
}

impl List<'_> {
    fn document(self) -> String {
        let (around, list, more, row) = match self {
            Self::Users(key) => (
                format!("platform(key: \"{key}\") {{"),
                "users",
                "departmentKey: $departmentKey",
                "id databaseId username name email",
            ),
            Self::Departments(key) => (
                format!("platform(key: \"{key}\") {{"),
                "departments",
                "",
                "id databaseId key name parent { key }",
            ),
            Self::Members(id) => (
                format!("node(id: \"{id}\") {{ ... on UserGroup {{"),
                "members",
                "",
                "id databaseId username name email",
            ),
        };
        let department = if more.is_empty() {
            ""
        } else {
            "$departmentKey: String, "
        };
        let ends = if around.contains("on UserGroup") {
            "} }"
        } else {
            "}"
        };
        format!(
            "query ({department}$query: String, $first: Int, $after: String, $last: Int, $before: String) {{
               around: {around} list: {list}({more} query: $query, first: $first, after: $after, last: $last, before: $before) {{
                 nodes {{ {row} }} edges {{ cursor node {{ id }} }} totalCount
                 pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} {ends} }}"
        )
    }

    async fn page(self, client: &Client, variables: Value) -> Page {
        let mut data = client.data(&self.document(), variables).await;
        let mut list = data["around"]["list"].take();
        let edges = list["edges"].as_array().unwrap();
        let cursor = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
        let (start, end) = (cursor(edges.first()), cursor(edges.last()));
        let info = &list["pageInfo"];
        assert_eq!(info["startCursor"], start);
        assert_eq!(info["endCursor"], end);
        let ids: Vec<&Value> = edges.iter().map(|edge| &edge["node"]["id"]).collect();
        let (next, previous) = (
            info["hasNextPage"].as_bool().unwrap(),
            info["hasPreviousPage"].as_bool().unwrap(),
        );
        let nodes = list["nodes"].as_array().unwrap();
        assert_eq!(
            ids,
            nodes.iter().map(|node| &node["id"]).collect::<Vec<_>>()
        );
        let name = |node: &Value| {
            let name = node["username"].as_str().or(node["key"].as_str());
            name.unwrap().to_owned()
        };
        Page {
            names: nodes.iter().map(name).collect(),
            next,
            previous,
            start,
            end,
            total: list["totalCount"].as_i64().unwrap(),
            nodes: match list["nodes"].take() {
                Value::Array(nodes) => nodes,
                _ => Vec::new(),
            },
        }
    }

    /// The names of the first hundred, which must be all.
    async fn names(self, client: &Client, mut variables: Value) -> Vec<String> {
        variables["first"] = json!(100);
        let page = self.page(client, variables).await;
        assert_eq!(page.total, i64::try_from(page.names.len()).unwrap());
        assert!(!page.next && !page.previous);
        page.names
    }
}

/// The active members of acme, in order.
const OF_ACME: [&str; 12] = [
    "4711",
    "anna",
    "both",
    "cody",
    "dirk",
    "dora",
    "dual",
    "MixedCase",
    "student1",
    "student2",
    "student3",
    "student4",
];

/// Those in the departments eng and web.
const OF_ENG: [&str; 6] = ["both", "cody", "dora", "dual", "student1", "student2"];

async fn each_caller_sees_whom_they_may_suggest_to(server: &Server) {
    let of_globex = ["both", "dual", "gabi", "glen", "gwen"];
    for (client, key, expected) in [
        (server.user("root"), "acme", OF_ACME.as_slice()),
        (server.user("root"), "globex", &of_globex),
        (server.user("anna"), "acme", &OF_ACME),
        (server.key("acme"), "acme", &OF_ACME),
        (server.key("acme-anna"), "acme", &OF_ACME),
        (server.key("acme-root"), "acme", &OF_ACME),
        (server.user("dora"), "acme", &OF_ENG),
        (server.key("acme-dora"), "acme", &OF_ENG),
        (server.user("dual"), "acme", &OF_ENG),
        (server.key("acme-dual"), "acme", &OF_ENG),
        (server.user("dual"), "globex", &of_globex),
        (server.user("cody"), "acme", &["both", "cody", "student2"]),
        (server.user("dirk"), "acme", &["dirk", "student3"]),
        (server.user("gwen"), "globex", &["glen", "gwen"]),
        (server.user("gabi"), "globex", &of_globex),
    ] {
        let names = List::Users(key).names(&client, json!({})).await;
        assert_eq!(names, expected, "{key}");
    }
    let nodes = (List::Users("acme")
        .page(&server.user("anna"), json!({ "first": 1 }))
        .await)
        .nodes;
    assert_eq!(nodes[0]["databaseId"], json!("26"));
    assert_eq!(nodes[0]["email"], json!("digits@acme.example"));
    // Who does not see the platform by its key does not see more through another way to it.
    let document = "{ viewer { platforms { platform { key
        users(first: 10) { totalCount nodes { id } } departments(first: 10) { totalCount nodes { id } } } } } }";
    for client in [server.user("student2"), server.key("acme-student1")] {
        let data = client.data(document, json!({})).await;
        let nothing = json!({ "totalCount": 0, "nodes": [] });
        assert_eq!(
            data["viewer"]["platforms"],
            json!([{ "platform": { "key": "acme", "users": nothing, "departments": nothing } }])
        );
    }
    // Two platforms at once, one seen whole and one in part.
    let data = server.user("dual").data(document, json!({})).await;
    let counts: Vec<(&str, i64, i64)> = data["viewer"]["platforms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let platform = &row["platform"];
            (
                platform["key"].as_str().unwrap(),
                platform["users"]["totalCount"].as_i64().unwrap(),
                platform["departments"]["totalCount"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(counts, [("acme", 6, 2), ("globex", 5, 1)]);
    for client in [
        server.user("gabi"),
        server.key("globex"),
        server.user("nobody"),
    ] {
        let document = "{ platform(key: \"acme\") { users(first: 1) { totalCount } } }";
        let data = client.data(document, json!({})).await;
        assert_eq!(data["platform"], json!(null));
    }
}

async fn each_caller_sees_the_departments_they_administer(server: &Server) {
    for (client, key, expected) in [
        (
            server.user("root"),
            "acme",
            ["eng", "sales", "web"].as_slice(),
        ),
        (server.user("anna"), "acme", &["eng", "sales", "web"]),
        (server.key("acme"), "acme", &["eng", "sales", "web"]),
        (server.user("dora"), "acme", &["eng", "web"]),
        (server.user("dual"), "acme", &["eng", "web"]),
        (server.user("cody"), "acme", &["web"]),
        (server.user("dirk"), "acme", &["sales"]),
        (server.user("gabi"), "globex", &["ops"]),
        (server.user("gwen"), "globex", &["ops"]),
    ] {
        let list = List::Departments(key);
        assert_eq!(list.names(&client, json!({})).await, expected);
    }
    let nodes = (List::Departments("acme")
        .page(&server.user("cody"), json!({ "first": 1 }))
        .await)
        .nodes;
    assert_eq!(nodes[0]["databaseId"], json!("2"));
    assert_eq!(nodes[0]["name"], json!("Web"));
    // It is not cody's.
    assert_eq!(nodes[0]["parent"], json!(null));
    // Folded keys make the order, and the ids where those are the same.
    server
        .database
        .waymark(&["import", "-"])
        .input(
            "{\"type\":\"department\",\"platform\":\"acme\",\"key\":\"WEB\",\"name\":\"Straßenbau\",\"parent\":null}\n\
             {\"type\":\"department\",\"platform\":\"acme\",\"key\":\"Finance\",\"name\":\"Money\",\"parent\":null}\n",
        )
        .succeed();
    let anna = server.user("anna");
    let list = List::Departments("acme");
    let all = ["eng", "Finance", "sales", "web", "WEB"];
    assert_eq!(list.names(&anna, json!({})).await, all);
    let one = list.page(&anna, json!({ "first": 4 })).await;
    let two = list
        .page(&anna, json!({ "first": 4, "after": one.end }))
        .await;
    assert_eq!(
        (one.names, two.names),
        (
            all[..4].iter().map(ToString::to_string).collect(),
            vec!["WEB".to_owned()],
        )
    );
    for (query, expected) in [
        ("STRASSE", [].as_slice()),
        ("STRAẞE", &["WEB"]),
        ("eb", &["web", "WEB"]),
        ("E", &["eng", "Finance", "sales", "web", "WEB"]),
        ("mon", &["Finance"]),
        ("%", &[]),
        (" ", &all),
    ] {
        let names = list.names(&anna, json!({ "query": query })).await;
        assert_eq!(names, expected, "{query}");
    }
    let dora = server.user("dora");
    let names = list.names(&dora, json!({ "query": "e" })).await;
    assert_eq!(names, ["eng", "web"]);
}

async fn each_caller_sees_the_members_of_the_groups_they_see(server: &Server) {
    let ids = Ids::of(server).await;
    for (client, group, expected) in [
        (
            server.user("root"),
            "104",
            ["student1", "student2", "student3", "student4"].as_slice(),
        ),
        (
            server.user("anna"),
            "101",
            &["both", "student1", "student2"],
        ),
        (server.key("acme"), "102", &["student2"]),
        (server.key("acme-anna"), "105", &[]),
        (
            server.user("dora"),
            "101",
            &["both", "student1", "student2"],
        ),
        (server.user("cody"), "106", &["both"]),
        (server.user("gwen"), "201", &["glen"]),
        (server.user("gabi"), "202", &["both", "glen"]),
    ] {
        let list = List::Members(ids.get(&format!("group {group}")));
        assert_eq!(list.names(&client, json!({})).await, expected, "{group}");
    }
    for (client, group) in [
        (server.user("cody"), "101"),
        (server.user("dora"), "104"),
        (server.user("student2"), "102"),
        (server.user("gabi"), "102"),
        (server.key("globex"), "102"),
    ] {
        let document = List::Members(ids.get(&format!("group {group}"))).document();
        let data = client.data(&document, json!({ "first": 1 })).await;
        assert_eq!(data["around"], json!(null), "{group}");
    }
    // Through a suggestion to the group.
    let document =
        "{ programGroupSuggestionPage(platformKey: \"acme\", departmentMode: true, pageSize: 10) {
        results { group { databaseId members(first: 1) { totalCount nodes { username } } } } } }";
    let data = server.user("cody").data(document, json!({})).await;
    let found: Vec<&Value> = data["programGroupSuggestionPage"]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["group"]["members"])
        .collect();
    let one = |name: &str| json!({ "totalCount": 1, "nodes": [{ "username": name }] });
    assert_eq!(found, [&one("student2"), &one("both")]);
}

async fn whoever_is_not_active_is_missing(server: &Server) {
    let ids = Ids::of(server).await;
    let anna = server.user("anna");
    // On the platform, in a group; and one who was never on the platform.
    server
        .database
        .waymark(&["import", "-"])
        .input(
            "{\"type\":\"member\",\"platform\":\"acme\",\"user\":\"both\",\"role\":\"learner\",\"active\":false}\n\
             {\"type\":\"group_member\",\"group\":101,\"user\":\"student2\",\"active\":false}\n\
             {\"type\":\"group_member\",\"group\":101,\"user\":\"glen\"}\n\
             {\"type\":\"department_member\",\"platform\":\"acme\",\"department\":\"eng\",\"user\":\"glen\",\"admin\":false}\n",
        )
        .succeed();
    let names = List::Users("acme").names(&anna, json!({})).await;
    assert!(!names.iter().any(|name| name == "both" || name == "glen"));
    let dora = server.user("dora");
    assert_eq!(
        List::Users("acme").names(&dora, json!({})).await,
        ["cody", "dora", "dual", "student1", "student2"]
    );
    let by_key = json!({ "departmentKey": "eng" });
    assert_eq!(
        List::Users("acme").names(&anna, by_key).await,
        ["cody", "dora", "dual", "student1", "student2"]
    );
    for query in ["glen", "gl", "bo th"] {
        for client in [&anna, &dora] {
            let variables = json!({ "query": query });
            assert_eq!(List::Users("acme").names(client, variables).await, [""; 0]);
        }
    }
    // In a group whoever is counted is listed, on the platform or not.
    let group = List::Members(ids.get("group 101"));
    let page = group.page(&anna, json!({ "first": 10 })).await;
    assert_eq!(page.names, ["both", "glen", "student1"]);
    let data = anna
        .data(
            "query ($id: ID!) { node(id: $id) { ... on UserGroup { userCount } } }",
            json!({ "id": ids.get("group 101") }),
        )
        .await;
    assert_eq!(data["node"]["userCount"], json!(page.total));
    // Glen has the same e-mail as student1, and is none of anna's.
    assert_eq!(page.nodes[1]["email"], json!(null));
    let names = group.names(&anna, json!({ "query": "s1@acme" })).await;
    assert_eq!(names, ["student1"]);
    let names = group
        .names(&server.user("root"), json!({ "query": "s1@acme" }))
        .await;
    assert_eq!(names, ["glen", "student1"]);
}

async fn one_user_of_two_departments_is_listed_once(server: &Server) {
    server
        .database
        .waymark(&["import", "-"])
        .input("{\"type\":\"department_member\",\"platform\":\"acme\",\"department\":\"web\",\"user\":\"student1\",\"admin\":false}\n")
        .succeed();
    let dora = server.user("dora");
    let list = List::Users("acme");
    assert_eq!(list.names(&dora, json!({})).await, OF_ENG);
    let names = list.names(&dora, json!({ "query": "student1" })).await;
    assert_eq!(names, ["student1"]);
    let anna = server.user("anna");
    let names = list.names(&anna, json!({ "departmentKey": "eng" })).await;
    assert_eq!(names, OF_ENG);
}

async fn search(server: &Server) {
    let anna = server.user("anna");
    let list = List::Users("acme");
    for (query, expected) in [
        // Username, name, e-mail.
        (
            "STUDENT",
            ["student1", "student2", "student3", "student4"].as_slice(),
        ),
        ("émile", &["student1"]),
        ("É", &["student1"]),
        ("øy", &["student2"]),
        ("ÅS", &["student2"]),
        ("shared@", &["student2", "student3"]),
        ("SHARED@ACME", &["student2", "student3"]),
        ("@waymark.", &["both", "dual"]),
        // Taken literally.
        ("100%", &["student4"]),
        ("b_1", &["student4"]),
        ("%", &["student4"]),
        ("_", &["student4"]),
        ("\\", &[]),
        ("\"", &[]),
        ("'", &[]),
        ("mixedcase", &["MixedCase"]),
        ("47", &["4711"]),
        ("no such person", &[]),
        // Other platforms' and former members.
        ("gabi", &[]),
        ("gone", &[]),
        ("   ", &OF_ACME),
        ("", &OF_ACME),
    ] {
        let names = list.names(&anna, json!({ "query": query })).await;
        assert_eq!(names, expected, "{query}");
    }
    // The folded total is that of the search, whatever the page.
    let page = list
        .page(&anna, json!({ "first": 1, "query": "student" }))
        .await;
    assert_eq!((page.total, page.next), (4, true));
    let dora = server.user("dora");
    for (query, expected) in [
        ("student", ["student1", "student2"].as_slice()),
        ("shared@", &["student2"]),
        ("an", &[]),
        ("s1@", &["student1"]),
    ] {
        let names = list.names(&dora, json!({ "query": query })).await;
        assert_eq!(names, expected, "{query}");
    }
    for wrong in ["a\u{0}b".to_owned(), "x".repeat(501)] {
        for list in [list, List::Departments("acme")] {
            let variables = json!({ "first": 1, "query": wrong });
            assert_eq!(
                anna.code(&list.document(), variables).await,
                "BAD_USER_INPUT"
            );
        }
    }
}

async fn the_department_filter(server: &Server) {
    let list = List::Users("acme");
    let of_web = ["both", "cody", "student2"];
    for (client, key, expected) in [
        // A parent, a child, a sibling.
        (server.user("anna"), "eng", OF_ENG.as_slice()),
        (server.user("anna"), "web", &of_web),
        (server.user("root"), "sales", &["dirk", "student3"]),
        (server.key("acme"), "web", &of_web),
        (server.user("dora"), "eng", &OF_ENG),
        (server.user("dora"), "web", &of_web),
        (server.user("cody"), "web", &of_web),
        // Out of scope, above the scope, of another platform, unknown.
        (server.user("dora"), "sales", &[]),
        (server.user("cody"), "eng", &[]),
        (server.user("anna"), "ops", &[]),
        (server.user("dual"), "ops", &[]),
        (server.user("anna"), "nowhere", &[]),
        (server.user("anna"), "ENG", &[]),
        (server.user("anna"), "", &[]),
        (server.user("anna"), "\u{0}", &[]),
    ] {
        let names = list.names(&client, json!({ "departmentKey": key })).await;
        assert_eq!(names, expected, "{key}");
    }
    let anna = server.user("anna");
    let both = json!({ "departmentKey": "eng", "query": "student" });
    assert_eq!(list.names(&anna, both).await, ["student1", "student2"]);
    // A user of globex's department who is on acme as well is in none of acme's.
    server
        .database
        .waymark(&["import", "-"])
        .input("{\"type\":\"department\",\"platform\":\"acme\",\"key\":\"ops\",\"name\":\"Ops\",\"parent\":null}\n\
                {\"type\":\"department_member\",\"platform\":\"globex\",\"department\":\"ops\",\"user\":\"both\",\"admin\":false}\n")
        .succeed();
    let document = "{ viewer { platforms { platform { users(first: 10, departmentKey: \"ops\") { nodes { username } } } } } }";
    let data = server.user("dual").data(document, json!({})).await;
    assert_eq!(
        data["viewer"]["platforms"],
        json!([
            { "platform": { "users": { "nodes": [] } } },
            { "platform": { "users": { "nodes": [{ "username": "both" }, { "username": "glen" }, { "username": "gwen" }] } } },
        ])
    );
    let names = list.names(&anna, json!({ "departmentKey": "ops" })).await;
    assert_eq!(names, [""; 0]);
}

async fn e_mails_out_of_scope_are_neither_shown_nor_found(server: &Server) {
    let ids = Ids::of(server).await;
    server
        .database
        .waymark(&["import", "-"])
        .input(
            "{\"type\":\"group_member\",\"group\":102,\"user\":\"student3\"}\n\
             {\"type\":\"group_member\",\"group\":102,\"user\":\"cody\"}\n",
        )
        .succeed();
    let list = List::Members(ids.get("group 102"));
    let seen = |page: &Page| -> Vec<(String, Value)> {
        let email = page.nodes.iter().map(|node| node["email"].clone());
        page.names.iter().cloned().zip(email).collect()
    };
    // student3 is in sales, which is dirk's and neither cody's nor dora's.
    for username in ["cody", "dora"] {
        let client = server.user(username);
        let page = list.page(&client, json!({ "first": 10 })).await;
        assert_eq!(
            seen(&page),
            [
                ("cody".to_owned(), json!("cody@acme.example")),
                ("student2".to_owned(), json!("shared@acme.example")),
                ("student3".to_owned(), json!(null)),
            ]
        );
        assert_eq!(page.nodes[2]["databaseId"], json!("22"));
        assert_eq!(page.nodes[2]["name"], json!("carla ant"));
        assert_eq!(page.nodes[2]["id"], json!(ids.get("user student3")));
        for (query, expected) in [
            ("shared@", ["student2"].as_slice()),
            ("@ACME", &["cody", "student2"]),
            ("@a", &["cody", "student2"]),
            ("carla", &["student3"]),
            ("CA", &["student3"]),
            ("student", &["student2", "student3"]),
        ] {
            let names = list.names(&client, json!({ "query": query })).await;
            assert_eq!(names, expected, "{query}");
        }
        // By the id alone nothing is seen of student3.
        let document = "query ($id: ID!) { node(id: $id) { id } }";
        let data = client
            .data(document, json!({ "id": ids.get("user student3") }))
            .await;
        assert_eq!(data["node"], json!(null));
    }
    for client in [server.user("anna"), server.user("root"), server.key("acme")] {
        let page = list.page(&client, json!({ "first": 10 })).await;
        assert_eq!(seen(&page)[2].1, json!("Shared@Acme.example"));
        let names = list.names(&client, json!({ "query": "shared@" })).await;
        assert_eq!(names, ["student2", "student3"]);
    }
}

/// All names of a list, page by page, forwards or backwards; each page must be where it should.
async fn walk(list: List<'_>, client: &Client, size: usize, forwards: bool) -> Vec<String> {
    let (count, bound) = if forwards {
        ("first", "after")
    } else {
        ("last", "before")
    };
    let (mut all, mut cursor, mut begun) = (Vec::new(), Value::Null, false);
    loop {
        let page = list
            .page(client, json!({ count: size, bound: cursor }))
            .await;
        let (onwards, back, edge) = if forwards {
            (page.next, page.previous, page.end)
        } else {
            (page.previous, page.next, page.start)
        };
        assert_eq!(back, begun);
        assert!(page.names.len() == size || !onwards);
        if forwards {
            all.extend(page.names);
        } else {
            all.splice(0..0, page.names);
        }
        if !onwards {
            assert_eq!(page.total, i64::try_from(all.len()).unwrap());
            return all;
        }
        (cursor, begun) = (edge, true);
    }
}

async fn pages_both_ways(server: &Server) {
    let ids = Ids::of(server).await;
    let (anna, dora) = (server.user("anna"), server.user("dora"));
    for (client, list, expected) in [
        (&anna, List::Users("acme"), OF_ACME.as_slice()),
        (&dora, List::Users("acme"), &OF_ENG),
        (&anna, List::Departments("acme"), &["eng", "sales", "web"]),
        (&dora, List::Departments("acme"), &["eng", "web"]),
        (
            &anna,
            List::Members(ids.get("group 104")),
            &["student1", "student2", "student3", "student4"],
        ),
    ] {
        for size in [1, 2, 5, 100] {
            for forwards in [true, false] {
                assert_eq!(walk(list, client, size, forwards).await, expected);
            }
        }
    }
    // Between two cursors, and past the ends.
    let list = List::Users("acme");
    let one = list.page(&anna, json!({ "first": 2 })).await;
    let last = list.page(&anna, json!({ "last": 3 })).await;
    let between = json!({ "first": 100, "after": one.end, "before": last.start });
    let page = list.page(&anna, between).await;
    assert_eq!(page.names, OF_ACME[2..9]);
    assert!(page.next && page.previous);
    assert_eq!(page.total, 12);
    let page = list
        .page(
            &anna,
            json!({ "last": 2, "after": one.end, "before": last.start }),
        )
        .await;
    assert_eq!(page.names, OF_ACME[7..9]);
    let page = list
        .page(&anna, json!({ "first": 2, "after": last.end }))
        .await;
    assert_eq!(
        (page.names.len(), page.next, page.previous),
        (0, false, true)
    );
    // A cursor whose row is gone.
    server
        .database
        .waymark(&["import", "-"])
        .input("{\"type\":\"member\",\"platform\":\"acme\",\"user\":\"anna\",\"role\":\"admin\",\"active\":false}\n")
        .succeed();
    let page = list
        .page(&server.key("acme"), json!({ "first": 2, "after": one.end }))
        .await;
    assert_eq!(page.names, ["both", "cody"]);
    assert!(page.previous);
}

async fn wrong_counts_and_cursors(server: &Server) {
    let ids = Ids::of(server).await;
    let anna = server.user("anna");
    let lists = [
        List::Users("acme"),
        List::Departments("acme"),
        List::Members(ids.get("group 101")),
    ];
    let mut ends = Vec::new();
    for list in lists {
        for variables in [
            json!({}),
            json!({ "first": 0 }),
            json!({ "last": 0 }),
            json!({ "first": -1 }),
            json!({ "first": 101 }),
            json!({ "first": 1, "last": 1 }),
        ] {
            let code = anna.code(&list.document(), variables).await;
            assert_eq!(code, "BAD_USER_INPUT");
        }
        ends.push(list.page(&anna, json!({ "first": 1 })).await.end);
    }
    let data = anna
        .data(
            "{ platform(key: \"acme\") { groups(first: 1) { pageInfo { endCursor } } } }",
            json!({}),
        )
        .await;
    ends.push(data["platform"]["groups"]["pageInfo"]["endCursor"].clone());
    ends.extend([json!(""), json!("nonsense"), json!("💥")]);
    for (number, list) in lists.into_iter().enumerate() {
        for (other, cursor) in ends
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number)
        {
            for (count, bound) in [("first", "after"), ("last", "before")] {
                let code = anna
                    .code(&list.document(), json!({ count: 1, bound: cursor }))
                    .await;
                assert_eq!(code, "INVALID_CURSOR", "{number} {other}");
            }
        }
    }
}

/// More people than are read at once, so that each way in which they are found is gone.
async fn long_lists(server: &Server) {
    const LAST: usize = 9_000;
    let numbers =
        format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {LAST})");
    // z100001 and so on are on acme; those after z105000 are on globex too, in acme's sales and its ring.
    let name = "CASE WHEN i % 1000 = 500 THEN 'rare' WHEN i > 8000 THEN 'late' ELSE 'common' END";
    let late = "FROM n WHERE i > 5000";
    server.database.execute(&format!(
        "{numbers} INSERT INTO users (id, username, username_folded, name, name_folded, email, email_folded, dm_admin)
            SELECT 100000 + i, 'z' || (100000 + i), 'z' || (100000 + i), {name}, {name}, NULL, NULL, false FROM n;
         {numbers} INSERT INTO memberships (platform_id, user_id, role, active)
            SELECT p.id, 100000 + i, 'learner', true FROM n, platforms p WHERE p.key = 'acme' OR i > 5000;
         {numbers} INSERT INTO department_members (department_id, user_id, admin) SELECT 3, 100000 + i, false {late};
         {numbers} INSERT INTO group_members (group_id, user_id, active) SELECT 103, 100000 + i, true {late};"
    ));
    let names = |first: usize| -> Vec<String> {
        (first..=LAST)
            .map(|number| format!("z{}", 100_000 + number))
            .collect()
    };
    let with = |fixture: &[&str], first: usize| -> Vec<String> {
        let fixture = fixture.iter().map(ToString::to_string);
        fixture.chain(names(first)).collect()
    };
    let ids = Ids::of(server).await;
    let (root, dirk) = (server.user("root"), server.user("dirk"));
    let of_globex = ["both", "dual", "gabi", "glen", "gwen"];
    for (client, list, all) in [
        (&root, List::Users("acme"), with(&OF_ACME, 1)),
        (&root, List::Users("globex"), with(&of_globex, 5_001)),
        (
            &dirk,
            List::Users("acme"),
            with(&["dirk", "student3"], 5_001),
        ),
        (
            &root,
            List::Members(ids.get("group 103")),
            with(&["student3"], 5_001),
        ),
    ] {
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let total = i64::try_from(all.len()).unwrap();
        let matching: BTreeMap<&str, Vec<&str>> = ["rare", "late", "z105", "te", "z1", "c0mmon"]
            .into_iter()
            .map(|query| {
                let matches = |name: &&&str| {
                    let number = name
                        .strip_prefix('z')
                        .and_then(|id| id.parse::<usize>().ok());
                    let called = match number.map(|number| number - 100_000) {
                        None => "",
                        Some(number) if number % 1_000 == 500 => "rare",
                        Some(number) if number > 8_000 => "late",
                        Some(_) => "common",
                    };
                    name.contains(query) || called.contains(query)
                };
                (query, all.iter().filter(matches).copied().collect())
            })
            .collect();
        for (query, expected) in std::iter::once((&"", &all)).chain(&matching) {
            let ask = async |mut variables: Value| {
                variables["query"] = json!(query);
                list.page(client, variables).await
            };
            let front = ask(json!({ "first": 30 })).await;
            let many = expected.len() > 30;
            assert_eq!(front.names, expected[..expected.len().min(30)], "{query}");
            assert_eq!((front.next, front.previous), (many, false), "{query}");
            assert_eq!(
                front.total,
                i64::try_from(expected.len()).unwrap(),
                "{query}"
            );
            let back = ask(json!({ "last": 30 })).await;
            let start = expected.len().saturating_sub(30);
            assert_eq!(back.names, expected[start..], "{query}");
            assert_eq!((back.next, back.previous), (false, many), "{query}");
            if many {
                let second = ask(json!({ "first": 30, "after": front.end })).await;
                let end = expected.len().min(60);
                assert_eq!(second.names, expected[30..end], "{query}");
                assert_eq!((second.next, second.previous), (expected.len() > 60, true));
                let last = ask(json!({ "last": 30, "before": back.start })).await;
                assert_eq!(
                    last.names,
                    expected[start.saturating_sub(30)..start],
                    "{query}"
                );
                assert!(last.next);
            }
        }
        // From end to end.
        let walked = walk(list, client, 100, total % 2 == 0).await;
        assert_eq!(walked, all);
    }
    let by_key = json!({ "first": 3, "departmentKey": "sales", "query": "rare" });
    let page = List::Users("acme").page(&root, by_key).await;
    assert_eq!(page.names, ["z105500", "z106500", "z107500"]);
    assert_eq!((page.total, page.next), (4, true));
}

async fn as_many_statements_for_two_groups_as_for_fifty(given: &Database) {
    let server = Server::over(large::database(given.engine, &large::lines(true)));
    for username in ["root", "head"] {
        let client = server.user(username);
        for document in [
            "query ($n: Int!) { platform(key: \"acme\") { groups(first: $n) { nodes { members(first: 2, query: \"u1\") { totalCount nodes { username email } pageInfo { hasNextPage } } } } } }",
            "query ($n: Int!) { programGroupSuggestions(platformKey: \"acme\", departmentMode: true, first: $n) { nodes { group { name members(last: 2) { nodes { username } } } } } }",
        ] {
            let mut counts = Vec::new();
            for size in [2, 50] {
                let before = server.statements().await;
                client.data(document, json!({ "n": size })).await;
                counts.push(server.statements().await - before);
            }
            assert_eq!(counts[0], counts[1], "{username}: {document}");
        }
    }
}
