//! GraphQL over HTTP: methods, media types, statuses, and what is refused before anything runs. The
//! engine of the database makes no difference here, so these run on one.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::server::Process;
use crate::support::{Answer, Client, Database, Engine, Server, run};

const TYPENAME: &str = "{ __typename }";
const JSON: (&str, &str) = ("content-type", "application/json");
const NEW: (&str, &str) = ("accept", "application/graphql-response+json");
const OLD: (&str, &str) = ("accept", "application/json");
const CREATE: &str = "mutation ($input: ProgramSuggestionCreateInput!) { \
    programSuggestionCreate(input: $input) { outcome } }";

async fn post(client: &Client, headers: &[(&str, &str)], body: &Value) -> Answer {
    let body = body.to_string().into_bytes();
    client.send(Method::POST, "/graphql", headers, body).await
}

/// A request that is refused: GraphQL without data, and with a code and the id of the request.
fn refused(answer: &Answer, status: u16, code: &str) {
    let shown = answer.text();
    assert_eq!(answer.status.as_u16(), status, "{shown}");
    let body = answer.json();
    assert_eq!(body.get("data"), None, "{shown}");
    let extensions = &body["errors"][0]["extensions"];
    assert_eq!(extensions["code"], json!(code), "{shown}");
    assert_eq!(
        extensions["requestId"].as_str(),
        answer.header("x-request-id"),
        "{shown}"
    );
}

fn escaped(query: &str) -> String {
    query
        .bytes()
        .map(|byte| format!("%{byte:02X}"))
        .collect::<String>()
}

fn on_server(body: impl AsyncFn(&Server)) {
    run(Engine::Sqlite, body);
}

fn on_database(body: impl AsyncFn(&Database)) {
    run(Engine::Sqlite, body);
}

#[test]
fn the_media_type_is_negotiated() {
    on_server(async |server| {
        let client = server.anonymous();
        for (accept, status, content_type) in [
            ("*/*", 200, "application/json; charset=utf-8"),
            ("application/json", 200, "application/json; charset=utf-8"),
            (
                "application/graphql-response+json, application/json;q=0.9",
                200,
                "application/graphql-response+json; charset=utf-8",
            ),
            (
                "application/graphql-response+json;q=0.1, application/json",
                200,
                "application/json; charset=utf-8",
            ),
            ("text/html", 406, "application/json; charset=utf-8"),
        ] {
            let body = json!({ "query": TYPENAME });
            let answer = post(&client, &[JSON, ("accept", accept)], &body).await;
            assert_eq!(answer.status.as_u16(), status, "{accept}");
            assert_eq!(
                answer.header("content-type"),
                Some(content_type),
                "{accept}"
            );
            let vary = answer.header("vary").unwrap_or_default().to_lowercase();
            assert!(vary.contains("accept"), "{accept}: {vary}");
        }
    });
}

#[test]
fn only_json_is_taken_and_one_operation_at_a_time() {
    on_server(async |server| {
        let client = server.anonymous();
        let body = json!({ "query": TYPENAME });
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "application/json; charset=iso-8859-1",
        ] {
            let answer = post(&client, &[("content-type", content_type)], &body).await;
            refused(&answer, 415, "BAD_REQUEST");
            // Nor may a page of another site read with such a request.
            let path = format!("/graphql?query={}", escaped(TYPENAME));
            let headers = [("content-type", content_type)];
            let answer = client.send(Method::GET, &path, &headers, Vec::new()).await;
            refused(&answer, 415, "BAD_REQUEST");
        }
        refused(&post(&client, &[], &body).await, 415, "BAD_REQUEST");
        for body in [
            json!([body]),
            json!("query"),
            json!({}),
            json!({ "query": 1 }),
            json!({ "query": TYPENAME, "variables": [] }),
            json!({ "query": TYPENAME, "operationName": 1 }),
            json!({ "query": TYPENAME, "extensions": "x" }),
        ] {
            refused(&post(&client, &[JSON], &body).await, 400, "BAD_REQUEST");
        }
        let body = b"{ \"query\": ".to_vec();
        let answer = client.send(Method::POST, "/graphql", &[JSON], body).await;
        refused(&answer, 400, "BAD_REQUEST");
    });
}

#[test]
fn safe_methods_only_read() {
    on_server(async |server| {
        let client = server.user("anna");
        let get = async |query: &str| {
            client
                .get(&format!("/graphql?query={}", escaped(query)))
                .await
        };
        assert_eq!(
            get(TYPENAME).await.json()["data"]["__typename"],
            json!("Query")
        );
        let answer = get("mutation { __typename }").await;
        refused(&answer, 405, "BAD_REQUEST");
        assert_eq!(answer.header("allow"), Some("POST"));

        let variables = escaped(r#"{"key":"acme"}"#);
        let named = escaped(
            "query A($key: String!) { platform(key: $key) { key } } query B { x: __typename }",
        );
        let path = format!("/graphql?operationName=A&variables={variables}&query={named}");
        assert_eq!(
            client.get(&path).await.json()["data"],
            json!({ "platform": { "key": "acme" } })
        );
        refused(
            &client.get("/graphql?variables=%5B%5D&query=%7B%7D").await,
            400,
            "BAD_REQUEST",
        );
        refused(
            &client.get("/graphql?query=a&query=b").await,
            400,
            "BAD_REQUEST",
        );
        refused(&client.get("/graphql").await, 400, "BAD_REQUEST");

        let query = Method::from_bytes(b"QUERY").unwrap();
        let send = async |document: &str| {
            let body = json!({ "query": document }).to_string().into_bytes();
            client.send(query.clone(), "/graphql", &[JSON], body).await
        };
        assert_eq!(send(TYPENAME).await.status, StatusCode::OK);
        refused(&send("mutation { __typename }").await, 405, "BAD_REQUEST");

        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = client.send(method, "/graphql", &[JSON], Vec::new()).await;
            refused(&answer, 405, "BAD_REQUEST");
            assert_eq!(answer.header("allow"), Some("GET, POST, QUERY"));
        }
    });
}

#[test]
fn refusals_have_their_status_and_code() {
    on_server(async |server| {
        let client = server.user("anna");
        for (body, code) in [
            (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
            (json!({ "query": "{ nope }" }), "GRAPHQL_VALIDATION_FAILED"),
            (
                json!({ "query": "query ($k: String!) { platform(key: $k) { id } }" }),
                "BAD_USER_INPUT",
            ),
            (
                json!({ "query": TYPENAME, "operationName": "Nope" }),
                "OPERATION_RESOLUTION_FAILURE",
            ),
            (
                json!({ "query": "{ node(id: 1) { ... on Department { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { parent { id } } } } } } } } } } } } } } } } } } } } } }" }),
                "DEPTH_LIMIT_EXCEEDED",
            ),
        ] {
            refused(&post(&client, &[JSON, NEW], &body).await, 400, code);
            refused(&post(&client, &[JSON, OLD], &body).await, 200, code);
        }
        // What goes wrong later is an answer with data.
        let body = json!({ "query": "{ nodes(ids: [\"nonsense\"]) { id } platform(key: \"acme\") { key } }" });
        let answer = post(&client, &[JSON, NEW], &body).await;
        assert_eq!(answer.status, StatusCode::OK);
        let wrong = server.authorized("Api-Token 00");
        let answer = post(&wrong, &[JSON, NEW], &json!({ "query": TYPENAME })).await;
        refused(&answer, 401, "UNAUTHENTICATED");
        assert_eq!(answer.header("www-authenticate"), Some("Api-Token"));
    });
}

#[test]
fn the_profile_of_the_current_draft() {
    on_database(async |database| {
        let process = Process::start(database, &[("WAYMARK_GRAPHQL_PROFILE", "strict")]);
        let client = process.anonymous();
        for (query, status) in [
            (TYPENAME, 200),
            ("{", 400),
            ("{ nope }", 422),
            ("query ($k: String!) { platform(key: $k) { id } }", 422),
            ("query A { __typename } query B { __typename }", 422),
            ("{ platform(key: \"acme\") { id } }", 294),
        ] {
            let answer = post(&client, &[JSON, NEW], &json!({ "query": query })).await;
            assert_eq!(answer.status.as_u16(), status, "{query} {}", answer.text());
        }
        refused(
            &post(&client, &[JSON, NEW], &json!({ "query": 1 })).await,
            422,
            "BAD_REQUEST",
        );
        let answer = post(&client, &[JSON], &json!({ "query": TYPENAME })).await;
        let new = "application/graphql-response+json; charset=utf-8";
        assert_eq!(answer.header("content-type"), Some(new));
        let answer = post(&client, &[JSON, OLD], &json!({ "query": "{ nope }" })).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (422, Some(new))
        );
    });
}

#[test]
fn who_may_ask_for_the_schema() {
    on_database(async |database| {
        let asks = json!({ "query": "{ __schema { queryType { name } } }" });
        let misspelt = json!({ "query": "{ viewr { id } }" });
        let hint = |answer: &Answer| answer.text().contains("Did you mean");
        for (mode, anonymous, known) in [
            ("public", None, None),
            ("authenticated", Some("UNAUTHENTICATED"), None),
            (
                "off",
                Some("GRAPHQL_VALIDATION_FAILED"),
                Some("GRAPHQL_VALIDATION_FAILED"),
            ),
        ] {
            let process = Process::start(database, &[("WAYMARK_INTROSPECTION_MODE", mode)]);
            let key = format!("Api-Token {}", database.key("acme"));
            for (client, expected) in [
                (process.anonymous(), anonymous),
                (process.authorized(key), known),
            ] {
                let answer = post(&client, &[JSON, NEW], &asks).await;
                match expected {
                    None => assert_eq!(
                        answer.json()["data"]["__schema"]["queryType"]["name"],
                        json!("Query")
                    ),
                    Some(code) => refused(&answer, 400, code),
                }
                assert_eq!(
                    hint(&post(&client, &[JSON], &misspelt).await),
                    expected.is_none()
                );
                let answer = post(&client, &[JSON], &json!({ "query": TYPENAME })).await;
                assert_eq!(answer.json()["data"]["__typename"], json!("Query"));
            }
        }
    });
}

#[test]
fn limits_of_the_body_and_of_time() {
    on_database(async |database| {
        let process = Process::start(
            database,
            &[
                ("WAYMARK_LIMITS_BODY_BYTES", "2000"),
                ("WAYMARK_LIMITS_REQUEST_TIMEOUT", "300ms"),
            ],
        );
        let client = process.anonymous();
        let long = json!({ "query": TYPENAME, "variables": { "x": "y".repeat(3000) } });
        refused(&post(&client, &[JSON], &long).await, 413, "BAD_REQUEST");
        assert_eq!(
            post(&client, &[JSON], &json!({ "query": TYPENAME }))
                .await
                .status,
            StatusCode::OK
        );

        // A body that never comes.
        let address = process.base.strip_prefix("http://").unwrap().to_owned();
        let answer = tokio::task::spawn_blocking(move || {
            use std::io::{Read, Write};
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            stream
                .write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
                .unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        });
        let answer = answer.await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains("\"TIMEOUT\""), "{answer}");
    });
}

#[test]
fn the_price_is_told_on_request() {
    on_server(async |server| {
        let client = server.user("anna");
        let body = json!({ "query": "{ programSuggestions(platformKey: \"acme\", first: 50) { nodes { id } } }" });
        let answer = post(&client, &[JSON, ("x-graphql-cost", "1")], &body)
            .await
            .json();
        let found = answer["data"]["programSuggestions"]["nodes"]
            .as_array()
            .unwrap()
            .len();
        assert_eq!(
            answer["extensions"]["cost"],
            json!({ "estimated": 52, "actual": 2 + found })
        );
        assert_eq!(
            post(&client, &[JSON], &body).await.json().get("extensions"),
            None
        );
        let huge = json!({ "query": "{ programSuggestions(platformKey: \"acme\", first: 100) { nodes { platform { groups(first: 100) { nodes { platform { programs(first: 100) { nodes { id } } } } } } } } }" });
        refused(
            &post(&client, &[JSON, NEW], &huge).await,
            400,
            "COST_LIMIT_EXCEEDED",
        );
    });
}

#[test]
fn a_field_that_is_selected_twice_is_executed_once() {
    on_server(async |server| {
        let client = server.user("anna");
        let input = json!({ "input": {
            "platformKey": "acme",
            "programKey": "program-v1:acme+zh+2026",
            "user": { "databaseId": 23 },
        } });
        let twice = "mutation ($input: ProgramSuggestionCreateInput!) { ...A ...B } \
            fragment A on Mutation { programSuggestionCreate(input: $input) { outcome } } \
            fragment B on Mutation { programSuggestionCreate(input: $input) { outcome \
            suggestion { user { username } } userErrors { code } } }";
        let data = client.data(twice, input.clone()).await;
        assert_eq!(
            data["programSuggestionCreate"],
            json!({ "outcome": "CREATED", "suggestion": { "user": { "username": "student4" } }, "userErrors": [] })
        );
        let data = client.data(CREATE, input).await;
        assert_eq!(
            data["programSuggestionCreate"]["outcome"],
            json!("UNCHANGED")
        );
    });
}

#[test]
fn a_variable_that_is_not_given_leaves_the_default() {
    on_server(async |server| {
        let client = server.user("anna");
        let list = "query ($o: ProgramSuggestionOrder, $d: Boolean, $k: OrderDirection) { \
            a: programSuggestions(platformKey: \"acme\", first: 5, orderBy: $o, departmentMode: $d) { nodes { id } } \
            b: programSuggestions(platformKey: \"acme\", first: 5, orderBy: { field: ID, direction: $k }) { nodes { id } } }";
        let data = client.data(list, json!({})).await;
        let ids = |name: &str| data[name]["nodes"].as_array().unwrap().len();
        assert!(ids("a") > 0 && ids("b") > 0);
        let body = client.graphql(list, json!({ "d": null })).await.json();
        assert_eq!(
            body["errors"][0]["extensions"]["code"],
            json!("BAD_USER_INPUT"),
            "{body:#}"
        );
        assert_eq!(body["errors"][0]["path"], json!(["a"]));
    });
}

const TYPENAME_SHA256: &str = "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b";

fn by_hash(hash: &str) -> Value {
    json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } })
}

fn answered(answer: &Answer) {
    let body = answer.json();
    assert_eq!(body["data"]["__typename"], json!("Query"), "{body:#}");
}

#[test]
fn a_document_is_sent_once_and_named_from_then_on() {
    on_database(async |database| {
        let process = Process::start(database, &[]);
        let client = process.anonymous();
        let named = by_hash(TYPENAME_SHA256);
        let answer = post(&client, &[JSON, NEW], &named).await;
        refused(&answer, 400, "PERSISTED_QUERY_NOT_FOUND");
        let message = &answer.json()["errors"][0]["message"];
        assert_eq!(message, &json!("PersistedQueryNotFound"));

        let mut whole = named.clone();
        whole["query"] = json!("{ other: __typename }");
        refused(&post(&client, &[JSON], &whole).await, 400, "BAD_REQUEST");
        whole["query"] = json!(TYPENAME);
        answered(&post(&client, &[JSON], &whole).await);

        answered(&post(&client, &[JSON], &named).await);
        let extensions = escaped(&named["extensions"].to_string());
        answered(
            &client
                .get(&format!("/graphql?extensions={extensions}"))
                .await,
        );
        let id = json!({ "documentId": format!("sha256:{TYPENAME_SHA256}") });
        answered(&post(&client, &[JSON], &id).await);

        let off = [("WAYMARK_GRAPHQL_PERSISTED_QUERIES", "false")];
        let process = Process::start(database, &off);
        let answer = post(&process.anonymous(), &[JSON, NEW], &named).await;
        refused(&answer, 400, "PERSISTED_QUERY_NOT_SUPPORTED");
    });
}

#[test]
fn only_trusted_documents() {
    on_database(async |database| {
        let documents = json!({
            "who": TYPENAME,
            "both": "query A { a: __typename } query B { b: __typename }",
        });
        let file = database.file("documents.json", documents.to_string());
        let other = json!({ "query": "{ x: __typename }" });
        for (mode, status) in [("prefer", 200), ("require", 403)] {
            let environment = [
                ("WAYMARK_GRAPHQL_TRUSTED_DOCUMENTS", file.as_str()),
                ("WAYMARK_GRAPHQL_TRUSTED_MODE", mode),
            ];
            let process = Process::start(database, &environment);
            let client = process.anonymous();
            let answer = post(&client, &[JSON, NEW], &other).await;
            assert_eq!(answer.status.as_u16(), status);
            for body in [
                json!({ "documentId": "who" }),
                json!({ "query": TYPENAME }),
                by_hash(TYPENAME_SHA256),
            ] {
                answered(&post(&client, &[JSON, NEW], &body).await);
            }
            answered(&client.get("/graphql?documentId=who").await);
            let second = json!({ "documentId": "both", "operationName": "B" });
            let answer = post(&client, &[JSON, NEW], &second).await;
            assert_eq!(answer.json()["data"], json!({ "b": "Query" }));
            let unknown = json!({ "documentId": "nobody" });
            let answer = post(&client, &[JSON, NEW], &unknown).await;
            refused(&answer, 400, "PERSISTED_QUERY_NOT_FOUND");
        }
    });
}

#[test]
fn the_deepest_document_is_executed_and_one_more_level_is_not() {
    on_database(async |database| {
        let process = Process::start(database, &[("WAYMARK_LIMITS_MODE", "measure")]);
        let client = process.authorized(format!("Api-Token {}", database.key("acme")));
        let deep = |times: usize, inner: &str| {
            format!(
                "{{ platform(key: \"acme\") {{ {} {inner} {} }} }}",
                "programs(first: 1) { nodes { platform { ".repeat(times),
                "} } }".repeat(times)
            )
        };
        let deepest = deep(12, "programs(first: 1) { nodes { id } }");
        let data = client.data(&deepest, json!({})).await;
        assert!(data["platform"].is_object());
        let code = client.code(&deep(13, "id"), json!({})).await;
        assert_eq!(code, "DEPTH_LIMIT_EXCEEDED");
    });
}

/// Two creates, of which the second has the metadata of a variable.
const TWO_CREATES: &str = "mutation ($m: JSONObject) { \
    a: programSuggestionCreate(input: {platformKey: \"acme\", \
    programKey: \"program-v1:acme+zh+2026\", user: {databaseId: 23}}) { outcome } \
    b: programSuggestionCreate(input: {platformKey: \"acme\", \
    programKey: \"program-v1:acme+zh+2026\", user: {databaseId: 22}, metadata: $m}) { outcome } }";

#[test]
fn a_value_that_a_scalar_does_not_take_is_found_before_anything_is_written() {
    on_database(async |database| {
        let process = Process::start(database, &[]);
        let client = process.authorized(format!("Api-Token {}", database.key("acme")));
        let before = database.export();
        let bulk = "mutation ($i: ProgramSuggestionBulkCreateInput!) { \
            programSuggestionBulkCreate(input: $i) { successes } }";
        let item = |metadata: Value| {
            json!({
                "programKey": "program-v1:acme+zh+2026",
                "user": { "databaseId": 23 },
                "metadata": metadata,
            })
        };
        let mut items = vec![item(json!({})); 60];
        items[50] = item(json!("text"));
        let list = "query ($f: ProgramSuggestionFilter) { programSuggestions(\
            platformKey: \"acme\", first: 1, filter: $f) { totalCount } }";
        let is_not_an_object = "A JSONObject is a JSON object such as";
        let is_not_an_instant = "A DateTime is an RFC 3339 text such as";
        for (query, variables, place, reason) in [
            (TWO_CREATES, json!({ "m": [1] }), "\"$m\"", is_not_an_object),
            (
                TWO_CREATES,
                json!({ "m": "{}" }),
                "\"$m\"",
                is_not_an_object,
            ),
            (
                bulk,
                json!({ "i": { "platformKey": "acme", "items": items } }),
                "\"i.items[50].metadata\"",
                is_not_an_object,
            ),
            (
                list,
                json!({ "f": { "createdAfter": "2026-01-01" } }),
                "\"f.createdAfter\"",
                is_not_an_instant,
            ),
        ] {
            let body = json!({ "query": query, "variables": variables });
            let answer = post(&client, &[JSON, NEW], &body).await;
            refused(&answer, 400, "BAD_USER_INPUT");
            let message = answer.json()["errors"][0]["message"].to_string();
            let message = message.replace("\\\"", "\"");
            assert!(
                message.contains(place) && message.contains(reason),
                "{message}"
            );
        }
        let literal = TWO_CREATES.replace("($m: JSONObject)", "");
        let of_variable = TWO_CREATES.replace("JSONObject", "String");
        for query in [
            literal.replace("$m", "[1]"),
            literal.replace("$m", "ENUM"),
            of_variable.replace("$m}", "[$m]}"),
            TWO_CREATES.replace("JSONObject", "JSONObject = 1"),
            literal.replace("$m", "{n: 12345678901234567890123}"),
            list.replace("$f: ProgramSuggestionFilter", "")
                .replace("()", "")
                .replace("$f", "{createdBefore: \"x\"}"),
            list.replace("Filter)", "Filter = {createdBefore: {at: 1}})"),
        ] {
            let answer = post(&client, &[JSON, NEW], &json!({ "query": query })).await;
            refused(&answer, 400, "GRAPHQL_VALIDATION_FAILED");
            let message = answer.json()["errors"][0]["message"].to_string();
            let reasons = [
                is_not_an_object,
                is_not_an_instant,
                "cannot be kept exactly",
            ];
            assert!(
                reasons.iter().any(|reason| message.contains(reason)),
                "{message}"
            );
        }
        assert_eq!(database.export(), before, "something was written");

        let inside = of_variable.replace("$m}", "{note: $m}}");
        let data = client.data(&inside, json!({ "m": "x" })).await;
        assert_eq!(data["b"]["outcome"], json!("UPDATED"));
        assert_ne!(database.export(), before);
    });
}

#[test]
fn a_request_is_read_although_clients_write_it_a_little_differently() {
    on_server(async |server| {
        let client = server.anonymous();
        let body = json!({ "query": TYPENAME, "documentId": "", "operationName": "" });
        answered(&post(&client, &[JSON], &body).await);
        let query = escaped(TYPENAME);
        answered(
            &client
                .get(&format!("/graphql?query={query}&documentId="))
                .await,
        );

        let bytes = body.to_string().into_bytes();
        let answer = client
            .send(Method::POST, "/graphql/", &[JSON], bytes.clone())
            .await;
        answered(&answer);
        answered(&client.get(&format!("/graphql/?query={query}")).await);

        let marked = [b"\xef\xbb\xbf".as_slice(), &bytes].concat();
        answered(&client.send(Method::POST, "/graphql", &[JSON], marked).await);
        let bulk = json!({ "platform_key": "acme", "suggestion_data": [] }).to_string();
        let bulk = [b"\xef\xbb\xbf".as_slice(), bulk.as_bytes()].concat();
        let path = "/api/catalog/suggestions/program/manage/bulk/";
        let admin = server.user("anna");
        let answer = admin.send(Method::POST, path, &[JSON], bulk).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let twice = [b"\xef\xbb\xbf\xef\xbb\xbf".as_slice(), &bytes].concat();
        let answer = client.send(Method::POST, "/graphql", &[JSON], twice).await;
        refused(&answer, 400, "BAD_REQUEST");
    });
}

#[test]
fn an_integer_id_that_is_too_large_is_told_so() {
    on_server(async |server| {
        let client = server.user("anna");
        let size = "at most 64 bits";
        let large = "9223372036854775808";
        let list = "query ($ids: [ID!]) { programSuggestions(platformKey: \"acme\", first: 1, \
            filter: {userIds: $ids}) { totalCount } }";
        let groups = list
            .replace("programSuggestions", "programGroupSuggestions")
            .replace("userIds", "groupIds");
        for query in [list, &groups] {
            let body = client
                .graphql(query, json!({ "ids": [large] }))
                .await
                .json();
            let error = &body["errors"][0];
            assert_eq!(error["extensions"]["code"], json!("INVALID_ID"), "{body:#}");
            assert!(
                error["message"].as_str().unwrap().contains(size),
                "{body:#}"
            );
        }
        let create = "mutation ($input: ProgramSuggestionCreateInput!) { \
            programSuggestionCreate(input: $input) { userErrors { code message field } } }";
        let input = json!({ "input": {
            "platformKey": "acme",
            "programKey": "program-v1:acme+zh+2026",
            "user": { "databaseId": large },
        } });
        let data = client.data(create, input).await;
        let error = &data["programSuggestionCreate"]["userErrors"][0];
        assert_eq!(error["code"], json!("INVALID"), "{data:#}");
        assert!(
            error["message"].as_str().unwrap().contains(size),
            "{data:#}"
        );

        let variables = format!("{{\"query\": {list:?}, \"variables\": {{\"ids\": [{large}]}}}}");
        let answer = client
            .send(
                Method::POST,
                "/graphql",
                &[JSON, NEW],
                variables.into_bytes(),
            )
            .await;
        refused(&answer, 400, "BAD_USER_INPUT");
        assert!(answer.text().contains(size), "{}", answer.text());
        let literal = json!({ "query": "{ node(id: 100000000000000000000) { id } }" });
        let answer = post(&client, &[JSON, NEW], &literal).await;
        refused(&answer, 400, "GRAPHQL_VALIDATION_FAILED");
        assert!(answer.text().contains(size), "{}", answer.text());
    });
}
