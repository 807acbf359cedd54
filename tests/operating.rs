//! What an operator sees and sets: metrics, the line of each request, and what happens when too much is asked.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Database, Server};

both_engines!(
    metrics_by_operation,
    the_line_of_a_request,
    names_of_trusted_documents,
    too_many_at_once,
    quotas,
    slow_heads_and_bodies,
    too_many_connections,
    slow_operations_and_statements,
);

const COUNT: &str = "{ programSuggestions(platformKey: \"acme\", first: 1) { totalCount } }";

async fn metrics_by_operation(server: &Server) {
    let anna = server.user("anna");
    anna.data(COUNT, json!({})).await;
    anna.data(
        "query Mine { ...F } fragment F on Query { viewer { __typename } }",
        json!({}),
    )
    .await;
    anna.graphql("{ nonsense }", json!({})).await;
    anna.graphql("query ($first: Int) { programSuggestions(platformKey: \"acme\", first: $first) { totalCount } }", json!({ "first": "x" }))
        .await;
    server.user("student1").graphql(COUNT, json!({})).await;
    anna.get("/api/catalog/suggestions/program/manage/?platform_key=acme")
        .await;
    anna.get("/api/catalog/suggestions/program/manage/?platform_key=nowhere")
        .await;
    anna.get("/api/catalog/suggestions/program/manage/").await;
    let created = json!({ "items": [USERS.item("ml", 21), USERS.item("ds", 20)] });
    USERS.bulk_create(&anna, created).await;

    let answer = anna.get("/metrics").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let text = answer.text();
    for line in [
        "waymark_operations_total{door=\"graphql\",operation=\"programSuggestions\",code=\"OK\"} 1",
        "waymark_operations_total{door=\"graphql\",operation=\"programSuggestions\",code=\"FORBIDDEN\"} 1",
        "waymark_operations_total{door=\"graphql\",operation=\"programSuggestions\",code=\"BAD_USER_INPUT\"} 1",
        "waymark_operations_total{door=\"graphql\",operation=\"viewer\",code=\"OK\"} 1",
        "waymark_operations_total{door=\"graphql\",operation=\"none\",code=\"GRAPHQL_VALIDATION_FAILED\"} 1",
        "waymark_operations_total{door=\"rest\",operation=\"listUserSuggestions\",code=\"OK\"} 2",
        "waymark_operations_total{door=\"rest\",operation=\"listUserSuggestions\",code=\"FORBIDDEN\"} 1",
        "waymark_operation_duration_seconds_count{door=\"rest\",operation=\"listUserSuggestions\"} 3",
        "waymark_http_requests_total{route=\"/graphql\",method=\"POST\",status=\"200\"} 6",
        "waymark_cache_lookups_total{cache=\"documents\",outcome=\"hit\"} 1",
        "waymark_bulk_items_count 1",
        "waymark_bulk_items_sum 2",
        "waymark_requests_queued 0",
        "waymark_database_connections_waiting{pool=\"write\"} 0",
        "# TYPE waymark_build_info gauge",
        "# TYPE waymark_sql_statement_duration_seconds histogram",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let sample = |name: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.rsplit_once(' ').unwrap().1.parse().unwrap()
    };
    assert!(
        sample("waymark_sql_statements_total{statement=\"suggestions.list\",outcome=\"ok\"}")
            >= 1.0
    );
    assert!(sample("process_resident_memory_bytes ") > 1_000_000.0);
    assert!(sample("process_open_fds ") > 3.0);
    assert!(sample("process_max_fds ") >= sample("process_open_fds "));
    assert!(sample("process_start_time_seconds ") > 1_700_000_000.0);
    assert!(sample("waymark_http_connections ") >= 1.0);

    let open = anna
        .send(
            reqwest::Method::GET,
            "/metrics",
            &[(
                "accept",
                "application/openmetrics-text;version=1.0.0,text/plain;q=0.5",
            )],
            Vec::new(),
        )
        .await;
    assert!(
        open.header("content-type")
            .unwrap()
            .starts_with("application/openmetrics-text")
    );
    assert!(open.text().ends_with("# EOF\n"));
}

fn lines(log: &str, message: &str) -> Vec<Value> {
    log.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["message"] == message)
        .collect()
}

async fn the_line_of_a_request(database: &Database) {
    let mut server = Process::start(database, &[]);
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    key.data(COUNT, json!({})).await;
    key.graphql("{ nonsense }", json!({})).await;
    server
        .authorized("Api-Token nobody")
        .get("/api/catalog/suggestions/program/manage/?platform_key=acme")
        .await;
    key.get("/livez").await;
    server.terminate();
    server.wait();
    let log = server.log();
    let told = lines(&log, "request");
    let field = |number: usize, name: &str| told[number][name].clone();
    assert!(field(0, "caller").as_str().unwrap().starts_with("key:"));
    assert_eq!(field(0, "operation"), "programSuggestions");
    assert_eq!(field(0, "code"), "OK");
    assert_eq!(field(0, "route"), "/graphql");
    assert!(field(0, "statements").as_u64().unwrap() >= 2, "{}", told[0]);
    assert!(field(0, "cost").as_u64().unwrap() >= 1);
    assert!(field(0, "duration_ms").is_number() && field(0, "request_id").is_string());
    assert_eq!(field(1, "operation"), "none");
    assert_eq!(field(1, "code"), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(field(2, "caller"), "none");
    assert_eq!(field(2, "operation"), "listUserSuggestions");
    assert_eq!(field(2, "code"), "UNAUTHENTICATED");
    assert_eq!(field(3, "operation"), Value::Null);
    assert!(!log.contains(database.key("acme")));
}

async fn names_of_trusted_documents(database: &Database) {
    let manifest = json!({ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [
        { "id": "a1", "name": "CountOfAcme", "type": "query", "body": COUNT },
    ] });
    let file = database.file("trusted.json", manifest.to_string());
    let server = Process::start(
        database,
        &[
            ("WAYMARK_GRAPHQL_TRUSTED_DOCUMENTS", file.as_str()),
            ("WAYMARK_GRAPHQL_TRUSTED_MODE", "prefer"),
        ],
    );
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let body = json!({ "documentId": "a1" }).to_string().into_bytes();
    let json_type = [("content-type", "application/json")];
    let answer = key
        .send(reqwest::Method::POST, "/graphql", &json_type, body)
        .await;
    assert_eq!(answer.status, 200);
    key.data("query Other { viewer { __typename } }", json!({}))
        .await;
    let text = key.get("/metrics").await.text();
    for name in ["CountOfAcme", "viewer"] {
        let line = format!(
            "waymark_operations_total{{door=\"graphql\",operation=\"{name}\",code=\"OK\"}} 1"
        );
        assert!(text.contains(&line), "{line}\n{text}");
    }
}

async fn too_many_at_once(database: &Database) {
    let server = Process::start(
        database,
        &[
            ("WAYMARK_LIMITS_CONCURRENCY", "1"),
            ("WAYMARK_LIMITS_QUEUE", "1ms"),
        ],
    );
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let items: Vec<Value> = (0..200).map(|_| USERS.item("100x", 21)).collect();
    let input = json!({ "platformKey": "acme", "items": items });
    let document = USERS.mutation_document("BulkCreate", "successes");
    let (mut done, mut refused) = (0, 0);
    // Until one finds another one being executed.
    while done == 0 || refused == 0 {
        let asked = (0..16).map(|_| key.graphql(&document, json!({ "input": input })));
        for answer in futures_util::future::join_all(asked).await {
            if answer.status == 503 {
                refused += 1;
                assert_eq!(answer.header("retry-after"), Some("1"));
                let body = answer.json();
                assert_eq!(
                    body["errors"][0]["extensions"]["code"], "OVERLOADED",
                    "{body:#}"
                );
                assert!(body.get("data").is_none());
            } else {
                done += 1;
                assert_eq!(
                    answer.json()["data"]["programSuggestionBulkCreate"]["successes"],
                    200
                );
            }
        }
    }
    // Whoever watches is answered.
    assert_eq!(key.get("/livez").await.status, 200);
    let text = key.get("/metrics").await.text();
    let line = format!("waymark_requests_refused_total{{reason=\"overloaded\"}} {refused}");
    assert!(text.contains(&line), "{line}\n{text}");
}

async fn quotas(database: &Database) {
    let server = Process::start(
        database,
        &[
            ("WAYMARK_LIMITS_REQUESTS_PER_SECOND", "1000"),
            ("WAYMARK_LIMITS_COST_PER_SECOND", "1"),
        ],
    );
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let document = "{ programSuggestions(platformKey: \"acme\", first: 1) { nodes { id } } }";
    let answer = key.graphql(document, json!({})).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("ratelimit-policy"),
        Some("\"requests\";q=1000;w=1, \"cost\";q=10;w=10")
    );
    let left = answer.header("ratelimit").unwrap().to_owned();
    assert!(
        left.starts_with("\"requests\";r=999;t=1, \"cost\";r="),
        "{left}"
    );
    let mut refused = answer;
    for _ in 0..10 {
        refused = key.graphql(document, json!({})).await;
    }
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.json()["errors"][0]["extensions"]["code"],
        "RATE_LIMITED"
    );
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait));
    assert!(refused.header("ratelimit").is_some());
    // Others are not concerned, and REST has no cost.
    let other = server.authorized(format!("Api-Token {}", database.key("acme-root")));
    assert_eq!(other.graphql(document, json!({})).await.status, 200);
    let list = "/api/catalog/suggestions/program/manage/?platform_key=acme";
    let answer = key.get(list).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("ratelimit-policy"),
        Some("\"requests\";q=1000;w=1")
    );
    let text = key.get("/metrics").await.text();
    assert!(
        text.contains("waymark_requests_refused_total{reason=\"cost\"}"),
        "{text}"
    );
}

/// Sends a part of a request, and returns everything that is answered until the connection is closed.
fn begin(base: &str, part: &str) -> String {
    let mut stream = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
    stream.write_all(part.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A connection that is reset is closed as well.
    let _ended = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

async fn slow_heads_and_bodies(database: &Database) {
    let server = Process::start(
        database,
        &[
            ("WAYMARK_LIMITS_HEAD_TIMEOUT", "50ms"),
            ("WAYMARK_LIMITS_BODY_TIMEOUT", "50ms"),
        ],
    );
    let key = database.key("acme");
    let base = server.base.clone();
    assert_eq!(begin(&base, "GET /livez HTTP/1.1\r\nhost: a\r\n"), "");
    let head = |path: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\nauthorization: Api-Token {key}\r\ncontent-type: application/json\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{{"
        )
    };
    for path in [
        "/graphql",
        "/api/catalog/suggestions/program/manage/?platform_key=acme",
    ] {
        let answer = begin(&base, &head(path));
        assert!(answer.starts_with("HTTP/1.1 408 "), "{path}: {answer}");
    }
    // A connection that says nothing yet is no slow head.
    let mut stream = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
    assert!(begin(&base, "GET ").is_empty());
    stream
        .write_all(b"GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

async fn too_many_connections(database: &Database) {
    let server = Process::start(database, &[("WAYMARK_LIMITS_CONNECTIONS", "2")]);
    let address = server.base.trim_start_matches("http://").to_owned();
    let ask = |stream: &mut TcpStream| {
        stream
            .write_all(b"GET /livez HTTP/1.1\r\nhost: a\r\n\r\n")
            .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8(answer.to_vec()).unwrap()
    };
    let mut open: Vec<TcpStream> = (0..2)
        .map(|_| TcpStream::connect(&address).unwrap())
        .collect();
    for stream in &mut open {
        assert_eq!(ask(stream), "HTTP/1.1 200");
    }
    let answer = begin(&server.base, "");
    assert!(
        answer.starts_with("HTTP/1.1 503 ") && answer.contains("retry-after: 1"),
        "{answer}"
    );
    for stream in &mut open {
        let mut rest = [0; 4096];
        assert!(stream.read(&mut rest).unwrap() > 0);
        assert_eq!(ask(stream), "HTTP/1.1 200", "the others are still served");
    }
}

async fn slow_operations_and_statements(database: &Database) {
    let mut server = Process::start(
        database,
        &[
            ("WAYMARK_LOG_SLOW_OPERATION", "1ms"),
            ("WAYMARK_LOG_SLOW_STATEMENT", "1ms"),
            ("WAYMARK_LOG_LEVEL", "info,waymark::plan=debug"),
        ],
    );
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let programs = ["100x", "ds", "ml", "zh", "strasse"];
    let items: Vec<Value> = (0..500_i64)
        .zip(programs.into_iter().cycle())
        .map(|(number, program)| {
            let mut item = USERS.item(program, 20 + number % 4);
            item["metadata"] = json!({ "n": number });
            item
        })
        .collect();
    // The plan is asked for beside the request. Where all statements are quick, there is none yet. One with lists as
    // parameters is among them.
    loop {
        let input = json!({ "items": items });
        USERS.mutate(&key, "BulkCreate", "successes", input).await;
        let log = server.log();
        let plans = lines(&log, "plan of a slow statement");
        let mut planned = plans.iter().filter_map(|line| line["statement"].as_str());
        if planned.any(|name| name.starts_with("suggestions.")) {
            break;
        }
        assert!(!log.contains("no plan of a slow statement"), "{log}");
    }
    server.terminate();
    server.wait();
    let log = server.log();
    let slow = lines(&log, "slow operation");
    assert_eq!(slow[0]["operation"], "programSuggestionBulkCreate", "{log}");
    assert!(slow[0]["duration_ms"].as_f64().unwrap() >= 1.0);
    let slow = lines(&log, "slow statement");
    assert!(slow.iter().all(|line| line["statement"].is_string()));
    let plan = &lines(&log, "plan of a slow statement")[0];
    assert!(
        slow.iter()
            .any(|line| line["statement"] == plan["statement"])
    );
    assert!(!plan["plan"].as_str().unwrap().is_empty());
}
