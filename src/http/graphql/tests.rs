//! What a schema of the service cannot be made to do: panic, hang, or lose its database.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{EmptySubscription, Object, Schema};
use axum::body::{Body, to_bytes};
use axum::http::HeaderMap;
use graphql_operation::Settings as PipelineSettings;
use graphql_operation::{LimitMode, Limits, configure};
use serde_json::{Value, json};

use super::*;

struct Query;

#[Object]
impl Query {
    async fn panics(&self) -> i32 {
        i32::try_from(i64::MAX).unwrap()
    }
    async fn hangs(&self) -> i32 {
        std::future::pending().await
    }
    async fn away(&self) -> async_graphql::Result<Option<i32>> {
        Err(Error::Unavailable("host db-1 refused".to_owned()).into())
    }
    async fn secret(&self) -> async_graphql::Result<Option<i32>> {
        Err(Error::internal("host db-1 said something").into())
    }
    async fn fine(&self) -> i32 {
        1
    }
    async fn again(&self) -> Query {
        Query
    }
}

static STARTED: tokio::sync::Notify = tokio::sync::Notify::const_new();
static ENDED: AtomicUsize = AtomicUsize::new(0);

/// Work that has an end, whichever.
struct Work;

impl Drop for Work {
    fn drop(&mut self) {
        ENDED.fetch_add(1, Ordering::SeqCst);
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn slow(&self) -> i32 {
        let _work = Work;
        STARTED.notify_one();
        std::future::pending().await
    }
}

fn endpoint() -> Arc<Endpoint> {
    endpoint_with(Limits::default())
}

fn endpoint_with(limits: Limits) -> Arc<Endpoint> {
    let schema = configure(Schema::build(Query, Mutation, EmptySubscription)).finish();
    let pipeline = Pipeline::new(
        &schema.sdl(),
        PipelineSettings {
            limits,
            ..PipelineSettings::default()
        },
    )
    .unwrap();
    let settings = Settings {
        profile: Profile::Compat,
        introspection: Introspection::Public,
        body_bytes: 10_000,
        request_timeout: Duration::from_millis(200),
        body_timeout: Duration::from_millis(200),
        subscriptions: config::Subscriptions {
            connections: 1,
            operations: 1,
            init_timeout: Duration::from_secs(1),
            ping: Duration::from_secs(1),
            poll: Duration::from_secs(1),
        },
        origins: Vec::new(),
        public_url: None,
    };
    let metrics = Arc::<Metrics>::default();
    let shared = Shared {
        tasks: TaskTracker::new(),
        stopping: CancellationToken::new(),
        guards: Guards::without_limits(&metrics),
        metrics,
    };
    let endpoint = Endpoint::new(
        schema.clone(),
        schema,
        pipeline,
        settings,
        shared,
        |_, _| {
            Box::pin(async {
                Ok(Caller {
                    known: false,
                    name: String::new(),
                    data: Data::default(),
                })
            })
        },
    );
    Arc::new(endpoint)
}

fn request(query: &str) -> Request {
    Request::post("/graphql")
        .header("content-type", "application/json")
        .body(Body::from(json!({ "query": query }).to_string()))
        .unwrap()
}

async fn asked(endpoint: &Arc<Endpoint>, query: &str) -> (u16, HeaderMap, Value) {
    let response = Arc::clone(endpoint).serve(request(query)).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap();
    (parts.status.as_u16(), parts.headers, body)
}

#[tokio::test]
async fn a_panic_is_an_error_and_nothing_more() {
    let endpoint = endpoint();
    let (status, _, body) = asked(&endpoint, "{ panics }").await;
    assert_eq!(status, 500);
    assert_eq!(body.get("data"), None);
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], json!("INTERNAL_SERVER_ERROR"));
    assert!(!body.to_string().contains("as it should"));
    assert_eq!(asked(&endpoint, "{ fine }").await.0, 200);
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_stopped() {
    let endpoint = endpoint();
    let (status, _, body) = asked(&endpoint, "{ hangs }").await;
    assert_eq!(status, 504);
    assert_eq!(body["errors"][0]["extensions"]["code"], json!("TIMEOUT"));
}

#[tokio::test]
async fn without_a_database_a_client_is_told_to_come_back() {
    let endpoint = endpoint();
    let (status, headers, body) = asked(&endpoint, "{ away }").await;
    assert_eq!(status, 503);
    assert!(headers.contains_key("retry-after"));
    let code = &body["errors"][0]["extensions"]["code"];
    assert_eq!(code, &json!("SERVICE_UNAVAILABLE"));
    assert!(!body.to_string().contains("db-1"));
    // What could be answered is answered.
    let (status, _, body) = asked(&endpoint, "{ away fine }").await;
    assert_eq!((status, &body["data"]["fine"]), (200, &json!(1)));
}

#[tokio::test]
async fn a_fault_of_ours_is_told_without_its_text() {
    let endpoint = endpoint();
    let (status, _, body) = asked(&endpoint, "{ secret fine }").await;
    assert_eq!(status, 200);
    assert_eq!(body["data"], json!({ "secret": null, "fine": 1 }));
    assert_eq!(body["errors"][0]["path"], json!(["secret"]));
    assert!(!body.to_string().contains("db-1"));
}

#[tokio::test]
async fn an_operation_ends_when_its_client_is_gone() {
    let endpoint = endpoint();
    let client = tokio::spawn(Arc::clone(&endpoint).serve(request("mutation { slow }")));
    STARTED.notified().await;
    client.abort();
    assert!(client.await.unwrap_err().is_cancelled());
    assert_eq!(ENDED.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_deepest_document_that_is_ever_executed_fits_the_stack() {
    let endpoint = endpoint_with(Limits {
        mode: LimitMode::Measure,
        ..Limits::default()
    });
    let deep = |levels: usize| {
        format!(
            "{}fine{}",
            "{ again ".repeat(levels) + "{",
            "}".repeat(levels + 1)
        )
    };
    assert_eq!(asked(&endpoint, &deep(39)).await.2.get("errors"), None);
    let (_, _, body) = asked(&endpoint, &deep(40)).await;
    let code = &body["errors"][0]["extensions"]["code"];
    assert_eq!(code, &json!("DEPTH_LIMIT_EXCEEDED"));
}
