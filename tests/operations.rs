//! Every operation of the schema once, for the tests that call everything as everybody. A root field
//! that is not here fails them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::ids::Ids;
use crate::support::kind::BOTH;
use crate::support::{Answer, Client, Server};

/// One operation, on something of acme that lies in the department web.
pub(crate) struct Operation {
    /// The root field.
    pub(crate) field: String,
    /// The list inside it that is asked for, if it is one.
    pub(crate) list: Option<&'static str>,
    /// A document with this field alone.
    pub(crate) document: String,
    /// Its variables. `departmentMode`, and where it is there `platformKey`, are for the test to set.
    pub(crate) variables: Value,
    /// Where in the variables those two are.
    pub(crate) nested: bool,
    /// Whether there is a department mode.
    pub(crate) has_mode: bool,
    /// Whether there is a platform key.
    pub(crate) has_platform: bool,
}

impl Operation {
    /// Its variables on a platform, in one of the modes.
    pub(crate) fn variables(&self, platform: &str, department_mode: bool) -> Value {
        let mut variables = self.variables.clone();
        let inner = if self.nested {
            &mut variables["input"]
        } else {
            &mut variables
        };
        if self.has_platform {
            inner["platformKey"] = json!(platform);
        }
        if self.has_mode {
            inner["departmentMode"] = json!(department_mode);
        }
        variables
    }

    /// Calls it.
    pub(crate) async fn call(
        &self,
        client: &Client,
        platform: &str,
        department_mode: bool,
    ) -> Answer {
        let variables = self.variables(platform, department_mode);
        client.graphql(&self.document, variables).await
    }

    /// Its name.
    pub(crate) fn name(&self) -> String {
        match self.list {
            Some(list) => format!("{}, {list}", self.field),
            None => self.field.clone(),
        }
    }

    /// What came of it, in a few words.
    pub(crate) fn outcome(&self, answer: &Answer) -> String {
        let body = answer.json();
        if let Some(errors) = body["errors"].as_array() {
            let codes: Vec<&str> = errors
                .iter()
                .map(|error| error["extensions"]["code"].as_str().unwrap_or("no code"))
                .collect();
            return codes.join(" ");
        }
        let value = &body["data"][&self.field];
        let value = match self.list {
            Some(list) if !value.is_null() => &value[list],
            _ => value,
        };
        let errors = |errors: &Value| {
            let codes = crate::support::kind::codes(errors);
            (!codes.is_empty()).then(|| codes.join(" "))
        };
        if value.is_null() {
            "null".to_owned()
        } else if let Some(rows) = value.as_array() {
            let there = rows.iter().filter(|row| !row.is_null()).count();
            format!("{there} of {}", rows.len())
        } else if let Some(problem) = value.get("userErrors").and_then(errors) {
            problem
        } else if let Some(results) = value.get("results").filter(|_| value["count"].is_null()) {
            let one = |result: &Value| {
                errors(&result["userErrors"])
                    .unwrap_or_else(|| result["outcome"].as_str().unwrap().to_owned())
            };
            let all: Vec<String> = results.as_array().unwrap().iter().map(one).collect();
            all.join(" ")
        } else if let Some(outcome) = value["outcome"].as_str() {
            outcome.to_owned()
        } else if let Some(rows) = value["matchedCount"].as_i64() {
            format!("{rows} matched")
        } else if value["deletedId"].is_string() {
            "DELETED".to_owned()
        } else if let Some(rows) = value["count"].as_i64().or(value["totalCount"].as_i64()) {
            format!("{rows} rows")
        } else {
            "found".to_owned()
        }
    }
}

/// All operations, those of gateways included. Asserts that the schema has no other.
pub(crate) async fn all(server: &Server, ids: &Ids) -> Vec<Operation> {
    let read = |field: &str, document: &str, variables: Value| Operation {
        field: field.to_owned(),
        list: None,
        document: document.to_owned(),
        variables,
        nested: false,
        has_mode: false,
        has_platform: document.contains("$platformKey"),
    };
    let mut operations = vec![
        read(
            "node",
            "query ($id: ID!) { node(id: $id) { id } }",
            json!({ "id": ids.get("suggestion 1002") }),
        ),
        read(
            "nodes",
            "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
            json!({ "ids": [
                ids.get("platform acme"), ids.get("department web"), ids.get("user student2"),
                ids.get("group 102"), ids.get("program acme program-v1:acme+ml+2026"),
                ids.get("suggestion 1002"), ids.get("group suggestion 3002"),
            ] }),
        ),
        read("viewer", "{ viewer { isDmAdmin } }", json!({})),
        read(
            "platform",
            "query ($platformKey: String!) { platform(key: $platformKey) { name } }",
            json!({}),
        ),
    ];
    for (list, rows) in [
        ("users", "totalCount nodes { id username name email }"),
        ("departments", "totalCount nodes { id key name }"),
    ] {
        operations.push(Operation {
            list: Some(list),
            ..read(
                "platform",
                &format!("query ($platformKey: String!) {{ platform(key: $platformKey) {{ {list}(first: 100) {{ {rows} }} }} }}"),
                json!({}),
            )
        });
    }
    operations.push(Operation {
        list: Some("members"),
        ..read(
            "node",
            "query ($id: ID!) { node(id: $id) { ... on UserGroup { members(first: 100) { totalCount nodes { id username name email } } } } }",
            json!({ "id": ids.get("group 102") }),
        )
    });
    // What a gateway asks: everything by its id, and whatever has another key by that.
    let entities = [
        ("Platform", json!({ "id": ids.get("platform acme") })),
        ("Platform", json!({ "key": "acme" })),
        ("Department", json!({ "id": ids.get("department web") })),
        ("Department", json!({ "databaseId": "2" })),
        (
            "Program",
            json!({ "id": ids.get("program acme program-v1:acme+ml+2026") }),
        ),
        (
            "Program",
            json!({ "key": "program-v1:acme+ml+2026", "platform": { "key": "acme" } }),
        ),
        ("User", json!({ "id": ids.get("user student2") })),
        ("User", json!({ "databaseId": "21" })),
        ("UserGroup", json!({ "id": ids.get("group 102") })),
        ("UserGroup", json!({ "databaseId": "102" })),
        (
            "ProgramSuggestion",
            json!({ "id": ids.get("suggestion 1002") }),
        ),
        ("ProgramSuggestion", json!({ "databaseId": "1002" })),
        (
            "ProgramGroupSuggestion",
            json!({ "id": ids.get("group suggestion 3002") }),
        ),
        ("ProgramGroupSuggestion", json!({ "databaseId": "3002" })),
    ];
    let representations = entities.map(|(name, mut key)| {
        key["__typename"] = json!(name);
        key
    });
    operations.push(read(
        "_entities",
        "query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on Node { id } } }",
        json!({ "representations": representations }),
    ));
    operations.push(read("_service", "{ _service { sdl } }", json!({})));
    for kind in BOTH {
        let (prefix, subject) = (kind.prefix, kind.subject);
        let mut list = |field: String, document: String, variables: Value| {
            operations.push(Operation {
                field,
                list: None,
                document,
                variables,
                nested: false,
                has_mode: true,
                has_platform: true,
            });
        };
        list(
            format!("{prefix}s"),
            kind.connection_document("totalCount nodes { id }"),
            json!({ "first": 100 }),
        );
        list(
            format!("{prefix}Page"),
            kind.page_document("count results { id }"),
            json!({}),
        );
        let mut change = |act: &str, selection: &str, input: Value| {
            operations.push(Operation {
                field: format!("{prefix}{act}"),
                list: None,
                document: kind.mutation_document(act, selection),
                variables: json!({ "input": input }),
                nested: true,
                has_mode: true,
                has_platform: true,
            });
        };
        // What is there already, so that the next caller finds the same.
        let there = match subject {
            "user" => ids.get("suggestion 1002"),
            _ => ids.get("group suggestion 3002"),
        };
        change(
            "Create",
            "outcome suggestion { id } userErrors { code message }",
            kind.item("ml", 21),
        );
        change(
            "BulkCreate",
            "results { outcome suggestion { id } userErrors { code message } } userErrors { code message }",
            json!({ "items": [kind.item("ml", 21)] }),
        );
        change(
            "Delete",
            "deletedId userErrors { code message }",
            json!({ "suggestion": { "id": there } }),
        );
        let filter = match subject {
            "user" => json!({ "userIds": ["21"] }),
            _ => json!({ "groupIds": ["102"] }),
        };
        let mut by_filter = json!({ "filter": filter, "expectedCount": 1, "dryRun": true });
        change(
            "DeleteWhere",
            "matchedCount deletedCount userErrors { code message }",
            by_filter.clone(),
        );
        by_filter["set"] = json!({ "visible": false });
        change(
            "UpdateWhere",
            "matchedCount updatedCount unchangedCount userErrors { code message }",
            by_filter,
        );
        change(
            "BulkDelete",
            "results { outcome deletedId userErrors { code message } } userErrors { code message }",
            json!({ "suggestions": [{ "id": there }], "dryRun": true }),
        );
    }
    let root = server.user("root");
    let document = "{ suggestedPrograms(platformKey: \"acme\", user: { username: \"student2\" }, query: \"acme+ml\", first: 1) { nodes { id } } }";
    let of_person = root.data(document, json!({})).await;
    let id = &of_person["suggestedPrograms"]["nodes"][0]["id"];
    for (user, document) in [
        (json!(null), "of oneself"),
        (json!({ "username": "student2" }), "of student2"),
    ] {
        operations.push(Operation {
            list: None,
            field: "suggestedPrograms".to_owned(),
            document: format!(
                "# {document}\nquery ($platformKey: String!, $departmentMode: Boolean!, $user: UserRef) {{
                    suggestedPrograms(platformKey: $platformKey, departmentMode: $departmentMode, user: $user, first: 100) {{
                        totalCount nodes {{ id program {{ name }} ways {{ groupName }} }} }} }}"
            ),
            variables: json!({ "user": user }),
            nested: false,
            has_mode: true,
            has_platform: true,
        });
    }
    for (field, rows) in [
        (
            "suggestionEvents",
            "nodes { action program { name } user { name } group { name } }",
        ),
        (
            "suggestionBatches",
            "nodes { operation events(first: 5) { nodes { program { name } } } }",
        ),
    ] {
        operations.push(Operation {
            list: None,
            field: field.to_owned(),
            document: format!(
                "query ($platformKey: String!, $departmentMode: Boolean!) {{
                    {field}(platformKey: $platformKey, departmentMode: $departmentMode, first: 1) {{ totalCount {rows} }} }}"
            ),
            variables: json!({}),
            nested: false,
            has_mode: true,
            has_platform: true,
        });
    }
    let document = "{ suggestionBatches(platformKey: \"acme\", last: 1) { nodes { id } } }";
    let of_acme = root.data(document, json!({})).await;
    let batch = &of_acme["suggestionBatches"]["nodes"][0]["id"];
    operations.push(Operation {
        list: None,
        field: "suggestionBatchUndo".to_owned(),
        document:
            "mutation ($input: SuggestionBatchUndoInput!) { suggestionBatchUndo(input: $input) {
            matchedCount: failedCount userErrors { code message } } }"
                .to_owned(),
        variables: json!({ "input": { "batch": batch, "dryRun": true } }),
        nested: true,
        has_mode: true,
        has_platform: true,
    });
    let made = root
        .data("mutation { webhookEndpointCreate(input: { platformKey: \"acme\", url: \"https://student2.example\" }) { endpoint { id } } }", json!({}))
        .await;
    let endpoint = &made["webhookEndpointCreate"]["endpoint"]["id"];
    let first = root
        .data(
            "{ suggestionEvents(platformKey: \"acme\", first: 1) { edges { cursor } } }",
            json!({}),
        )
        .await;
    let cursor = &first["suggestionEvents"]["edges"][0]["cursor"];
    operations.push(read(
        "webhookEndpoints",
        "query ($platformKey: String!) { webhookEndpoints(platformKey: $platformKey, first: 1) { totalCount
            nodes { id url deliveries(first: 1) { nodes { error } } } } }",
        json!({}),
    ));
    for (act, input) in [
        ("Create", json!({ "url": "https://a.example" })),
        ("Update", json!({ "id": endpoint, "description": "x" })),
        ("RotateSecret", json!({ "id": endpoint })),
        ("Replay", json!({ "id": endpoint, "after": cursor })),
        ("Delete", json!({ "id": endpoint })),
    ] {
        let field = format!("webhookEndpoint{act}");
        let selection = match act {
            "Delete" => "deletedId",
            _ => "endpoint { id platform { name } }",
        };
        operations.push(Operation {
            list: None,
            document: format!(
                "mutation ($input: WebhookEndpoint{act}Input!) {{ {field}(input: $input) {{ {selection} userErrors {{ code message }} }} }}"
            ),
            field,
            variables: json!({ "input": input }),
            nested: true,
            has_mode: false,
            has_platform: act == "Create",
        });
    }
    for act in ["Accept", "Dismiss", "Restore"] {
        let field = format!("suggestedProgram{act}");
        operations.push(Operation {
            list: None,
            document: format!(
                "mutation ($input: SuggestedProgram{act}Input!) {{ {field}(input: $input) {{ outcome suggestedProgram {{ id program {{ name }} }} userErrors {{ code message }} }} }}"
            ),
            field,
            variables: json!({ "input": { "suggestedProgram": { "id": id } } }),
            nested: true,
            has_mode: false,
            has_platform: false,
        });
    }
    let introspection = server
        .user("root")
        .data(
            "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }",
            json!({}),
        )
        .await;
    let of_schema: BTreeSet<&str> = ["queryType", "mutationType"]
        .iter()
        .flat_map(|root| {
            introspection["__schema"][root]["fields"]
                .as_array()
                .unwrap()
        })
        .map(|field| field["name"].as_str().unwrap())
        .collect();
    let here: BTreeSet<&str> = operations.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(
        here, of_schema,
        "every root field of the schema needs a row in tests/operations.rs"
    );
    operations
}
