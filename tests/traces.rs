//! Traces, as a collector gets them.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value as Any};
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind, status::StatusCode};
use prost::Message as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Client, Database, Engine};

both_engines!(
    a_request_its_operation_and_its_statements,
    a_traceparent_is_followed,
    a_collector_that_is_away_costs_nothing,
    variables_that_every_program_knows,
);

const COUNT: &str = "{ programSuggestions(platformKey: \"acme\", first: 1) { totalCount } }";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

/// Something that came to the collector.
struct Post {
    /// The first line, and the headers in lower case.
    head: String,
    body: ExportTraceServiceRequest,
}

/// A collector of the test's own.
struct Collector {
    endpoint: String,
    posts: Receiver<Post>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let (sender, posts) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let sender = sender.clone();
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream);
                    while let Some(post) = take(&mut reader) {
                        if sender.send(post).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { endpoint, posts }
    }

    /// Everything that came until the service ended, because what is left is sent then, and what it logged.
    fn spans(&self, mut server: Process) -> (Vec<Span>, String) {
        server.terminate();
        server.wait();
        // Its last line.
        while !server.log().contains("\"stopped\"") {
            std::thread::yield_now();
        }
        let mut spans = Vec::new();
        for post in self.posts.try_iter() {
            assert!(
                post.head.starts_with("post /v1/traces http/1.1\r\n"),
                "{}",
                post.head
            );
            assert!(
                post.head
                    .contains("content-type: application/x-protobuf\r\n")
            );
            for resource in post.body.resource_spans {
                let told = attributes(&resource.resource.unwrap().attributes);
                assert_eq!(told["service.name"], "waymark");
                assert_eq!(told["service.version"], env!("CARGO_PKG_VERSION"));
                spans.extend(resource.scope_spans.into_iter().flat_map(|it| it.spans));
            }
        }
        (spans, server.log())
    }
}

/// Reads one request and answers it; none at the end of the connection.
fn take(reader: &mut BufReader<TcpStream>) -> Option<Post> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let head = head.to_lowercase();
    let length = head.split("content-length: ").nth(1)?;
    let length: usize = length.split("\r\n").next()?.parse().unwrap();
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = ExportTraceServiceRequest::decode(&body[..]).unwrap();
    reader
        .get_mut()
        .write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n",
        )
        .unwrap();
    Some(Post { head, body })
}

fn attributes(list: &[KeyValue]) -> BTreeMap<String, Value> {
    let value = |it: &KeyValue| match it.value.clone().unwrap().value.unwrap() {
        Any::StringValue(text) => json!(text),
        Any::IntValue(number) => json!(number),
        other => panic!("{other:?}"),
    };
    list.iter().map(|it| (it.key.clone(), value(it))).collect()
}

fn start(database: &Database, collector: &Collector, more: &[(&str, &str)]) -> Process {
    let mut environment = vec![("WAYMARK_TRACES_OTLP_ENDPOINT", collector.endpoint.as_str())];
    environment.extend(more);
    Process::start(database, &environment)
}

fn key(database: &Database, server: &Process) -> Client {
    server.authorized(format!("Api-Token {}", database.key("acme")))
}

async fn ask(client: &Client, traceparent: &str) {
    let headers = [
        ("content-type", "application/json"),
        ("traceparent", traceparent),
    ];
    let body = json!({ "query": COUNT }).to_string().into_bytes();
    let answer = client.send(Method::POST, "/graphql", &headers, body).await;
    assert_eq!(answer.status, 200);
}

/// The line of the log that tells a request of this route.
fn line(log: &str, route: &str) -> Value {
    log.lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|line| line["message"] == "request" && line["route"] == route)
        .unwrap()
}

fn of_kind(spans: &[Span], kind: SpanKind) -> Vec<&Span> {
    let of_kind = spans.iter().filter(|span| span.kind() == kind);
    of_kind.collect()
}

async fn a_request_its_operation_and_its_statements(database: &Database) {
    let collector = Collector::start();
    let server = start(database, &collector, &[]);
    let client = key(database, &server);
    client.data(COUNT, json!({})).await;
    client.get("/livez").await;
    let (spans, log) = collector.spans(server);

    let [request] = of_kind(&spans, SpanKind::Server)[..] else {
        panic!("one request, and no probe: {spans:#?}");
    };
    assert_eq!(request.name, "POST /graphql");
    assert!(request.parent_span_id.is_empty());
    let told = attributes(&request.attributes);
    assert_eq!(told["http.request.method"], "POST");
    assert_eq!(told["http.route"], "/graphql");
    assert_eq!(told["http.response.status_code"], 200);
    let told = line(&log, "/graphql");
    assert_eq!(told["trace_id"], hex::encode(&request.trace_id));
    assert_eq!(line(&log, "/livez")["trace_id"], Value::Null);

    let [operation] = of_kind(&spans, SpanKind::Internal)[..] else {
        panic!("one operation: {spans:#?}");
    };
    assert_eq!(operation.name, "programSuggestions");
    assert_eq!(operation.parent_span_id, request.span_id);
    let told_of_it = attributes(&operation.attributes);
    assert_eq!(told_of_it["graphql.operation.type"], "query");

    let statements = of_kind(&spans, SpanKind::Client);
    assert_eq!(
        statements.len() as u64,
        told["statements"].as_u64().unwrap()
    );
    let system = match database.engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgresql",
    };
    let mut below_operation = 0;
    for statement in &statements {
        let told = attributes(&statement.attributes);
        assert_eq!(told["db.system.name"], system);
        assert_eq!(told["db.operation.name"], statement.name.as_str());
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(statement.trace_id, request.trace_id);
        assert!(statement.start_time_unix_nano >= request.start_time_unix_nano);
        assert!(statement.end_time_unix_nano <= request.end_time_unix_nano);
        if statement.parent_span_id == operation.span_id {
            below_operation += 1;
        } else {
            assert_eq!(statement.parent_span_id, request.span_id);
        }
    }
    let named = |name: &str| statements.iter().any(|it| it.name == name);
    assert!(
        named("api_keys.by_hash") && below_operation >= 1,
        "{statements:#?}"
    );
}

async fn a_traceparent_is_followed(database: &Database) {
    let collector = Collector::start();
    let server = start(database, &collector, &[("WAYMARK_TRACES_SAMPLE", "0")]);
    let client = key(database, &server);
    // Begun here, and not sampled there: nothing.
    client.data(COUNT, json!({})).await;
    ask(&client, &format!("00-{}-{SPAN}-00", "a".repeat(32))).await;
    ask(&client, &format!("00-{TRACE}-{SPAN}-01")).await;
    let suggest = json!({ "items": [USERS.item("nothing", 21)] });
    let wrong = json!({ "input": suggest });
    client.graphql("{ nonsense }", wrong).await;
    let list = "/api/catalog/suggestions/program/manage/?platform_key=globex";
    let headers = [("traceparent", &*format!("00-{TRACE}-{SPAN}-01"))];
    client.send(Method::GET, list, &headers, Vec::new()).await;
    let (spans, log) = collector.spans(server);

    let requests = of_kind(&spans, SpanKind::Server);
    assert_eq!(requests.len(), 2, "{spans:#?}");
    for request in &requests {
        assert_eq!(hex::encode(&request.parent_span_id), SPAN);
    }
    assert!(
        spans
            .iter()
            .all(|span| hex::encode(&span.trace_id) == TRACE)
    );
    let operations = of_kind(&spans, SpanKind::Internal);
    let refused = operations
        .iter()
        .find(|span| span.name == "listUserSuggestions")
        .unwrap();
    let told = attributes(&refused.attributes);
    assert_eq!(told["error.type"], "FORBIDDEN");
    assert!(!told.contains_key("graphql.operation.type"));
    assert_eq!(refused.status.clone().unwrap().code(), StatusCode::Error);
    assert!(log.contains(TRACE) && log.contains(&"a".repeat(32)));
}

async fn a_collector_that_is_away_costs_nothing(database: &Database) {
    // Takes connections and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let mut server = Process::start(
        database,
        &[("WAYMARK_TRACES_OTLP_ENDPOINT", endpoint.as_str())],
    );
    let client = key(database, &server);
    // More spans than are kept, while the first ones hang.
    let begun = Instant::now();
    for _ in 0..60 {
        let asked = (0..16).map(|_| client.data(COUNT, json!({})));
        futures_util::future::join_all(asked).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(60));
    let stopping = Instant::now();
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    assert!(stopping.elapsed() < Duration::from_secs(10));
}

async fn variables_that_every_program_knows(database: &Database) {
    let collector = Collector::start();
    let mut server = Process::start(
        database,
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint.as_str()),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=very%20secret"),
            ("OTEL_SERVICE_NAME", "suggestions"),
        ],
    );
    key(database, &server).data(COUNT, json!({})).await;
    server.terminate();
    server.wait();
    let post = collector.posts.try_iter().next().unwrap();
    assert!(
        post.head.contains("api-key: very secret\r\n"),
        "{}",
        post.head
    );
    let resource = post.body.resource_spans[0].resource.clone().unwrap();
    assert_eq!(
        attributes(&resource.attributes)["service.name"],
        "suggestions"
    );
    assert!(!server.log().contains("very secret"));
}
