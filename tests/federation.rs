//! What a gateway asks of a subgraph.

use serde_json::{Value, json};

use crate::roles::CALLERS;
use crate::support::ids::Ids;
use crate::support::server::Process;
use crate::support::{Answer, Client, Database, Server, Subgraph, waymark};

both_engines!(
    gateways_are_served_where_it_is_configured,
    the_fields_are_those_of_the_specification,
    the_service_tells_what_the_command_prints,
    the_schema_is_shown_to_whom_it_is_shown,
    entities_come_in_the_order_asked,
    what_is_hidden_by_id_is_hidden_by_every_key,
    each_representation_is_wrong_on_its_own,
    representations_in_the_document,
    there_are_limits,
);

const ENTITIES: &str = "query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
        __typename
        ... on Platform { id key }
        ... on Department { id }
        ... on Program { id name platform { key } }
        ... on User { id username }
        ... on UserGroup { id name platform { key } }
        ... on ProgramSuggestion { id user { username } }
        ... on ProgramGroupSuggestion { id group { name } }
    } }";

/// The answer to these representations.
async fn ask(client: &Client, representations: &[Value]) -> Answer {
    let variables = json!({ "representations": representations });
    client.graphql(ENTITIES, variables).await
}

/// The entities, where nothing may be wrong.
async fn entities(client: &Client, representations: &[Value]) -> Vec<Value> {
    let variables = json!({ "representations": representations });
    let mut data = client.data(ENTITIES, variables).await;
    data["_entities"]
        .as_array_mut()
        .unwrap()
        .drain(..)
        .collect()
}

async fn gateways_are_served_where_it_is_configured(server: &Server) {
    let root = server.user("root");
    let document = "{ _entities(representations: []) { __typename } }";
    for document in [document, "{ _service { sdl } }"] {
        let code = root.code(document, json!({})).await;
        assert_eq!(code, "GRAPHQL_VALIDATION_FAILED");
    }
    let document = "{ __schema { types { name } } any: __type(name: \"_Any\") { name } }";
    let data = root.data(document, json!({})).await;
    assert_eq!(data["any"], Value::Null);
    assert!(!data.to_string().contains("\"_E"), "{data}");
}

async fn the_fields_are_those_of_the_specification(Subgraph(server): &Subgraph) {
    let document = "{ query: __type(name: \"Query\") { fields { name type { ...T } args { name type { ...T } } } }
            entity: __type(name: \"_Entity\") { kind possibleTypes { name } }
            service: __type(name: \"_Service\") { fields { name type { ...T } } } }
        fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
    let data = server.anonymous().data(document, json!({})).await;
    let field = |of: &Value, name: &str| {
        let fields = of["fields"].as_array().unwrap();
        let found = fields.iter().find(|field| field["name"] == name);
        found.unwrap().clone()
    };
    let entities = field(&data["query"], "_entities");
    assert_eq!(written(&entities["type"]), "[_Entity]!");
    assert_eq!(entities["args"].as_array().unwrap().len(), 1);
    assert_eq!(entities["args"][0]["name"], "representations");
    assert_eq!(written(&entities["args"][0]["type"]), "[_Any!]!");
    assert_eq!(data["entity"]["kind"], "UNION");
    assert_eq!(
        data["entity"]["possibleTypes"].as_array().unwrap().len(),
        10
    );
    let service = field(&data["query"], "_service");
    assert_eq!(written(&service["type"]), "_Service!");
    let sdl = field(&data["service"], "sdl");
    assert_eq!(written(&sdl["type"]), "String!");
}

/// A type as it is written.
fn written(of_type: &Value) -> String {
    let inner = || written(&of_type["ofType"]);
    match of_type["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", inner()),
        "LIST" => format!("[{}]", inner()),
        _ => of_type["name"].as_str().unwrap().to_owned(),
    }
}

async fn the_service_tells_what_the_command_prints(Subgraph(server): &Subgraph) {
    let data = server
        .anonymous()
        .data("{ _service { sdl } }", json!({}))
        .await;
    let printed = waymark(&["schema", "--federation"]).succeed();
    assert_eq!(data["_service"]["sdl"], json!(printed));
}

async fn the_schema_is_shown_to_whom_it_is_shown(database: &Database) {
    for (mode, of_anonymous, of_known) in [
        ("public", None, None),
        ("authenticated", Some("UNAUTHENTICATED"), None),
        (
            "off",
            Some("GRAPHQL_VALIDATION_FAILED"),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
    ] {
        let process = Process::start(
            database,
            &[
                ("WAYMARK_INTROSPECTION_MODE", mode),
                ("WAYMARK_GRAPHQL_FEDERATION", "true"),
            ],
        );
        let key = process.authorized(format!("Api-Token {}", database.key("acme")));
        for (client, expected) in [(process.anonymous(), of_anonymous), (key, of_known)] {
            let answer = client.graphql("{ _service { sdl } }", json!({})).await;
            let body = answer.json();
            let code = body["errors"][0]["extensions"]["code"].as_str();
            assert_eq!(code, expected, "{mode}");
            assert_eq!(body["data"]["_service"]["sdl"].is_string(), code.is_none());
        }
    }
}

async fn entities_come_in_the_order_asked(Subgraph(server): &Subgraph) {
    let ids = Ids::of(server).await;
    let group = json!({
        "__typename": "UserGroup", "id": ids.get("group 102"), "name": "Web Guild",
        "platform": { "key": "acme" },
    });
    let program = json!({
        "__typename": "Program", "id": ids.get("program globex program-v1:shared+intro+2026"),
        "name": "Introduction", "platform": { "key": "globex" },
    });
    let answered = entities(
        &server.user("root"),
        &[
            json!({ "__typename": "UserGroup", "databaseId": "102" }),
            json!({ "__typename": "Program", "key": "program-v1:shared+intro+2026", "platform": { "key": "globex" } }),
            json!({ "__typename": "User", "databaseId": "999999" }),
            // Numbers are ids as well, and a gateway may add fields of its own.
            json!({ "__typename": "UserGroup", "databaseId": 102, "more": { "of": ["it"] } }),
            json!({ "__typename": "Platform", "key": "acme" }),
            json!({ "__typename": "UserGroup", "id": ids.get("group 102") }),
            json!({ "__typename": "Program", "id": ids.get("program globex program-v1:shared+intro+2026") }),
            json!({ "__typename": "ProgramSuggestion", "databaseId": "1002" }),
            json!({ "__typename": "ProgramGroupSuggestion", "databaseId": "3002" }),
            json!({ "__typename": "Department", "databaseId": "2" }),
        ],
    )
    .await;
    assert_eq!(
        answered,
        [
            group.clone(),
            program.clone(),
            Value::Null,
            group.clone(),
            json!({ "__typename": "Platform", "id": ids.get("platform acme"), "key": "acme" }),
            group,
            program,
            json!({ "__typename": "ProgramSuggestion", "id": ids.get("suggestion 1002"), "user": { "username": "student2" } }),
            json!({ "__typename": "ProgramGroupSuggestion", "id": ids.get("group suggestion 3002"), "group": { "name": "Web Guild" } }),
            json!({ "__typename": "Department", "id": ids.get("department web") }),
        ]
    );
    assert_eq!(
        entities(&server.user("root"), &[]).await,
        Vec::<Value>::new()
    );
}

/// The keys of everything in the fixture: its id, and the others it has.
async fn all_keys(server: &Server, ids: &Ids) -> Vec<(String, Vec<Value>)> {
    let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
        ... on Platform { key } ... on Program { key platform { key } } ... on Department { databaseId }
        ... on User { databaseId } ... on UserGroup { databaseId }
        ... on ProgramSuggestion { databaseId } ... on ProgramGroupSuggestion { databaseId } } }";
    let all: Vec<&str> = ids.all().map(|(_, id)| id).collect();
    let data = server
        .user("root")
        .data(document, json!({ "ids": all }))
        .await;
    let nodes = data["nodes"].as_array().unwrap();
    nodes
        .iter()
        .map(|node| {
            let id = node["id"].as_str().unwrap().to_owned();
            let mut other = node.clone();
            other.as_object_mut().unwrap().remove("id");
            let name = &node["__typename"];
            (
                id.clone(),
                vec![json!({ "__typename": name, "id": id }), other],
            )
        })
        .collect()
}

async fn what_is_hidden_by_id_is_hidden_by_every_key(Subgraph(server): &Subgraph) {
    let ids = Ids::of(server).await;
    let keys = all_keys(server, &ids).await;
    let asked: Vec<&str> = keys.iter().map(|(id, _)| id.as_str()).collect();
    let representations: Vec<Value> = keys.iter().flat_map(|(_, keys)| keys.clone()).collect();
    let mut seen = 0;
    for (name, caller) in CALLERS {
        let client = server.caller(caller);
        let answer = ask(&client, &representations).await;
        if name == "anonymous" {
            let body = answer.json();
            assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
            assert_eq!(body["data"], Value::Null);
            continue;
        }
        // The table of tests/nodes.rs says what is right here.
        let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let nodes = client.data(document, json!({ "ids": asked })).await;
        let body = answer.json();
        assert!(body.get("errors").is_none(), "{name}: {body:#}");
        for (number, entity) in body["data"]["_entities"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            let representation = &representations[number];
            let node = &nodes["nodes"][number / 2];
            assert_eq!(entity["id"], node["id"], "{name}: {representation}");
            if !entity.is_null() {
                assert_eq!(entity["__typename"], representation["__typename"]);
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "only {seen} entities were seen at all");
}

async fn each_representation_is_wrong_on_its_own(Subgraph(server): &Subgraph) {
    let ids = Ids::of(server).await;
    let good = json!({ "__typename": "User", "databaseId": "21" });
    let user = |id: Value| json!({ "__typename": "User", "id": id });
    let database_id = |id: Value| json!({ "__typename": "User", "databaseId": id });
    let program = |key: Value, platform: Value| json!({ "__typename": "Program", "key": key, "platform": platform });
    let input = "BAD_USER_INPUT";
    for (wrong, code, said) in [
        (json!("User"), input, "__typename"),
        (json!(7), input, "__typename"),
        (json!([good]), input, "__typename"),
        (json!({}), input, "__typename"),
        (json!({ "databaseId": "21" }), input, "__typename"),
        (
            json!({ "__typename": null, "id": "x" }),
            input,
            "__typename",
        ),
        (
            json!({ "__typename": "Course", "id": "1" }),
            input,
            "UserGroup",
        ),
        (
            json!({ "__typename": "Viewer", "id": "1" }),
            input,
            "UserGroup",
        ),
        (json!({ "__typename": "User" }), input, "`databaseId`"),
        (
            json!({ "__typename": "User", "username": "anna" }),
            input,
            "`databaseId`",
        ),
        (
            json!({ "__typename": "Platform", "databaseId": "1" }),
            input,
            "`key`",
        ),
        (
            json!({ "__typename": "Platform", "key": 1 }),
            input,
            "`key`",
        ),
        (database_id(json!("-1")), input, "`databaseId`"),
        (database_id(json!(-1)), input, "`databaseId`"),
        (database_id(json!(1.5)), input, "`databaseId`"),
        (
            database_id(json!("99999999999999999999")),
            input,
            "`databaseId`",
        ),
        (database_id(Value::Null), input, "`databaseId`"),
        (
            program(json!("p"), json!("acme")),
            input,
            "`key platform { key }`",
        ),
        (
            program(json!("p"), json!({})),
            input,
            "`key platform { key }`",
        ),
        (
            program(Value::Null, json!({ "key": "acme" })),
            input,
            "`key platform { key }`",
        ),
        (user(json!("nonsense")), "INVALID_ID", "User"),
        (user(json!(21)), "INVALID_ID", "User"),
        (user(json!(null)), "INVALID_ID", "User"),
        (user(json!(ids.get("group 102"))), "INVALID_ID", "User"),
    ] {
        let representations = [good.clone(), wrong.clone(), good.clone()];
        let answer = ask(&server.user("anna"), &representations).await;
        assert_eq!(answer.status, 200);
        let body = answer.json();
        let found = &body["data"]["_entities"];
        assert_eq!(found[0]["username"], json!("student2"), "{wrong}: {body:#}");
        assert_eq!((&found[1], &found[2]), (&Value::Null, &found[0]), "{wrong}");
        let errors = body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{wrong}");
        assert_eq!(errors[0]["path"], json!(["_entities", 1]), "{wrong}");
        assert_eq!(errors[0]["extensions"]["code"], json!(code), "{wrong}");
        let message = errors[0]["message"].as_str().unwrap();
        assert!(message.contains(said), "{wrong}: {message}");
    }
    // What cannot be stored is not there, and no fault.
    let odd = [
        json!({ "__typename": "Platform", "key": "a\u{0}b" }),
        program(json!("a\u{0}b"), json!({ "key": "acme" })),
        program(json!("p"), json!({ "key": "\u{0}" })),
        database_id(json!(i64::MAX.to_string())),
    ];
    assert_eq!(
        entities(&server.user("root"), &odd).await,
        vec![Value::Null; 4]
    );
    // No list, or null in it, is wrong altogether.
    for variables in [
        json!({}),
        json!({ "representations": null }),
        json!({ "representations": [null] }),
    ] {
        let code = server.user("root").code(ENTITIES, variables).await;
        assert_eq!(code, "BAD_USER_INPUT");
    }
}

async fn representations_in_the_document(Subgraph(server): &Subgraph) {
    let document = "query ($id: ID!, $key: String!) {
        people: _entities(representations: [{ __typename: \"User\", databaseId: $id }, { __typename: \"User\" }]) {
            ... on User { username } }
        programs: _entities(representations: { __typename: \"Program\", key: \"program-v1:acme+ds+2026\", platform: { key: $key } }) {
            ... on Program { name } }
    }";
    let variables = json!({ "id": 21, "key": "acme" });
    let body = server
        .user("anna")
        .graphql(document, variables)
        .await
        .json();
    let expected = json!({
        "people": [{ "username": "student2" }, null],
        "programs": [{ "name": "Data Science" }],
    });
    assert_eq!(body["data"], expected, "{body:#}");
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0]["path"], json!(["people", 1]));
}

async fn there_are_limits(Subgraph(server): &Subgraph) {
    let anna = server.user("anna");
    let many =
        |count: usize| vec![json!({ "__typename": "UserGroup", "databaseId": "101" }); count];
    assert_eq!(entities(&anna, &many(1000)).await.len(), 1000);
    let body = ask(&anna, &many(1001)).await.json();
    assert_eq!(body["data"], Value::Null);
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    assert!(error["message"].as_str().unwrap().contains("1000"));
    // What stands below counts as often as there are representations.
    let document = "query ($all: [_Any!]!) { _entities(representations: $all) {
        ... on Platform { groups(first: 100) { nodes { id name userCount } } } } }";
    let platforms = vec![json!({ "__typename": "Platform", "key": "acme" }); 1000];
    let code = anna.code(document, json!({ "all": platforms })).await;
    assert_eq!(code, "COST_LIMIT_EXCEEDED");
}
