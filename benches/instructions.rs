//! A few requests through the whole service in this process, over a small SQLite database: what
//! scripts/instructions counts the instructions of. Run by itself it only checks that they are answered
//! as they should be.
//!
//! For each request it says on standard output what is counted and how often it is sent, and calls
//! [`counting_mark`] before and after; valgrind writes down what was counted whenever that is entered.

#![expect(clippy::print_stdout, reason = "what the script reads")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use waymark::auth::Verifier;
use waymark::clock::{self, Timestamp};
use waymark::config::{Config, Layers};
use waymark::db::api_keys::NewKey;
use waymark::db::{Db, Options, SQLITE_CACHE, api_keys, migrate};
use waymark::http::{self, App, Start};
use waymark::telemetry;
use waymark::transfer::record::{
    Facts, Group, GroupMember, Member, Platform, Program, ProgramGroupSuggestion,
    ProgramSuggestion, Record, Role, User,
};
use waymark::transfer::{Batch, OnError, import};

/// Sent before anything is counted, so that statements are prepared, the document is known, and the
/// allocator has what it needs.
const WARMING: usize = 10;

const PROGRAMS: i64 = 50;
const GROUPS: i64 = 40;
const USERS: i64 = 400;
/// Members of each group, and suggestions to each user.
const EACH: i64 = 5;

/// The instant of everything in the database: 1 January 2026.
const MOMENT: Timestamp = Timestamp(1_767_225_600_000_000);

/// Where counting begins and ends.
#[inline(never)]
fn counting_mark(name: &str) {
    black_box(name);
}

fn main() {
    // One thread runs the service, so that what is counted depends on no scheduler.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let folder = std::env::temp_dir().join(format!("waymark-instructions-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the database");
    runtime.block_on(count(&folder));
    drop(runtime);
    std::fs::remove_dir_all(&folder).expect("the folder can go");
}

async fn count(folder: &Path) {
    let service = Service::start(folder).await;
    for call in calls(&service).await {
        for _ in 0..WARMING {
            let answer = service.send(call.request(&service.key)).await;
            assert!((call.fits)(&answer), "{}: {answer:?}", call.name);
        }
        let requests: Vec<_> = (0..call.times)
            .map(|_| call.request(&service.key))
            .collect();
        println!("{}\t{}", call.name, call.times);
        counting_mark(call.name);
        for request in requests {
            black_box(service.answer(request).await);
        }
        counting_mark(call.name);
    }
    service.db.close().await;
}

/// The service, without a port.
struct Service {
    router: Router,
    db: Db,
    key: String,
}

type Answer = (StatusCode, Value);

impl Service {
    async fn start(folder: &Path) -> Self {
        let config = Config::from_layers(Layers::default()).expect("the defaults are valid");
        telemetry::start(&config.log).expect("the log is set up");
        let options = Options {
            url: format!("sqlite://{}", folder.join("waymark.db").display()),
            // Which of several connections is used would depend on time.
            slow_statement: std::time::Duration::from_secs(60),
            max_connections: 1,
            read_url: None,
            write_cache: SQLITE_CACHE,
        };
        let db = Db::connect(&options).await.expect("a database");
        migrate::up(&db).await.expect("its schema");
        let batch = Batch::of("instructions", records()).expect("room for its lines");
        let report = import(&db, batch, OnError::Abort, &mut |_| ())
            .await
            .expect("its data");
        assert!(report.failures.is_empty(), "{:?}", report.failures);
        let new = NewKey {
            platform: "acme".to_owned(),
            user: None,
            name: "instructions".to_owned(),
            expires: None,
        };
        let key = api_keys::create(&db, &new, clock::now())
            .await
            .expect("a key");
        let verifier = Verifier::new(&config.auth.jwt).expect("a verifier");
        let app = App::new(
            db.clone(),
            Arc::new(config),
            Arc::new(verifier),
            Start::Done,
        );
        Self {
            router: http::router(Arc::new(app)).expect("a router"),
            db,
            key,
        }
    }

    async fn answer(&self, request: Request<Body>) -> (StatusCode, Bytes) {
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await;
        (status, body.expect("a body"))
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let (status, body) = self.answer(request).await;
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }
}

/// Everything in the database: every program suggested to every second group, and some to each user.
fn records() -> Vec<Record> {
    let platform = || "acme".to_owned();
    let mut records = vec![Record::Platform(Platform {
        key: platform(),
        org: "acme-u".to_owned(),
        name: "Acme University".to_owned(),
    })];
    records.extend((0..PROGRAMS).map(|n| {
        Record::Program(Program {
            platform: platform(),
            key: program(n),
            name: format!("Program {n} of many"),
            org: None,
            description: Some(Some("What it is about.".to_owned())),
            url: None,
            image_url: None,
        })
    }));
    for n in 0..USERS {
        records.push(Record::User(User {
            id: 1 + n,
            username: user(n),
            name: format!("Person {n}"),
            email: Some(Some(format!("{}@acme.example", user(n)))),
            dm_admin: None,
        }));
        records.push(Record::Member(Member {
            platform: platform(),
            user: user(n),
            role: Role::Learner,
            active: None,
        }));
    }
    for n in 0..GROUPS {
        records.push(Record::Group(Group {
            id: 1 + n,
            platform: platform(),
            name: format!("Group {n}"),
            department: None,
        }));
        records.extend((0..EACH).map(|member| {
            Record::GroupMember(GroupMember {
                group: 1 + n,
                user: user(n * EACH + member),
                active: None,
            })
        }));
    }
    for n in 0..PROGRAMS * GROUPS / 2 {
        records.push(Record::ProgramGroupSuggestion(ProgramGroupSuggestion {
            id: None,
            platform: platform(),
            program: program(n % PROGRAMS),
            group: 1 + 2 * (n / PROGRAMS),
            facts: Facts {
                created: Some(MOMENT),
                modified: Some(MOMENT),
                ..Facts::default()
            },
        }));
    }
    for n in 0..USERS * EACH {
        records.push(Record::ProgramSuggestion(ProgramSuggestion {
            id: None,
            platform: platform(),
            program: program(suggested(n)),
            user: user(n / EACH),
            facts: Facts {
                created: Some(MOMENT),
                modified: Some(MOMENT),
                ..Facts::default()
            },
        }));
    }
    records
}

fn program(n: i64) -> String {
    format!("program-v1:acme+p{n}+2026")
}

fn user(n: i64) -> String {
    format!("person{n}")
}

/// The program of the n-th suggestion to a user.
fn suggested(n: i64) -> i64 {
    (n / EACH + n % EACH * 7) % PROGRAMS
}

/// A request, how often it is sent while it is counted, and how it must be answered.
struct Call {
    name: &'static str,
    times: usize,
    method: Method,
    path: String,
    body: Option<Value>,
    fits: fn(&Answer) -> bool,
}

impl Call {
    fn graphql(
        name: &'static str,
        times: usize,
        query: &str,
        variables: Value,
        fits: fn(&Answer) -> bool,
    ) -> Self {
        Self {
            name,
            times,
            method: Method::POST,
            path: "/graphql".to_owned(),
            body: Some(json!({ "query": query, "variables": variables })),
            fits,
        }
    }

    fn request(&self, key: &str) -> Request<Body> {
        let request = Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header(header::HOST, "waymark.example")
            .header(header::AUTHORIZATION, format!("Api-Token {key}"))
            .header(header::ACCEPT, "application/json")
            // The same in every run: the database and the log see it.
            .header("x-request-id", "instructions");
        let request = match &self.body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        request.expect("a request")
    }
}

const GROUP_PAGE: &str = "query Page($platform: String!, $page: Int) { programGroupSuggestionPage(\
    platformKey: $platform, page: $page, pageSize: 20, orderBy: {field: MODIFIED, direction: DESC}) { \
    count pageCount results { id databaseId program { id key name } group { id databaseId name } \
    userCount accepted visible metadata created modified } } }";

const GROUP_LIST: &str = "query List($platform: String!, $after: String) { programGroupSuggestions(\
    platformKey: $platform, first: 20, after: $after, orderBy: {field: MODIFIED, direction: DESC}) { \
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id databaseId program { id \
    key name } group { id databaseId name } userCount accepted visible metadata created modified } } \
    } }";

const SEARCH: &str = "query Search($platform: String!, $query: String) { programSuggestionPage(\
    platformKey: $platform, query: $query, pageSize: 20) { count results { id databaseId program { \
    id key name } user { id databaseId username name email } accepted visible created modified } } }";

const CREATE: &str = "mutation Create($input: ProgramGroupSuggestionCreateInput!) { \
    programGroupSuggestionCreate(input: $input) { outcome suggestion { id databaseId program { key } \
    group { name } } userErrors { code message field } } }";

const BULK: &str = "mutation Bulk($input: ProgramSuggestionBulkCreateInput!) { \
    programSuggestionBulkCreate(input: $input) { successes unchangedCount results { index outcome \
    suggestion { databaseId } userErrors { code message field } } userErrors { code message } } }";

const REFUSED: &str = "query Wrong($platform: String!) { programGroupSuggestionPage(platformKey: \
    $platform, pageSize: 20) { count results { id databaseId nam program { id key titel } } } }";

async fn calls(service: &Service) -> Vec<Call> {
    let first = Call::graphql(
        "first page",
        1,
        GROUP_LIST,
        json!({ "platform": "acme" }),
        |_| true,
    );
    let (_, first) = service.send(first.request(&service.key)).await;
    let after = &first["data"]["programGroupSuggestions"]["pageInfo"]["endCursor"];
    assert!(after.is_string(), "{first}");

    let items: Vec<Value> = (0..1_000)
        .map(|n| {
            json!({
                "programKey": program(suggested(n)),
                "user": { "username": user(n / EACH) },
            })
        })
        .collect();
    vec![
        Call::graphql(
            "group list, page by number",
            20,
            GROUP_PAGE,
            json!({ "platform": "acme", "page": 1 }),
            |(_, body)| {
                let page = &body["data"]["programGroupSuggestionPage"];
                page["count"] == PROGRAMS * GROUPS / 2
                    && page["results"].as_array().is_some_and(|rows| {
                        rows.len() == 20 && rows.iter().all(|row| row["userCount"] == EACH)
                    })
            },
        ),
        Call::graphql(
            "group list, second page by cursor",
            20,
            GROUP_LIST,
            json!({ "platform": "acme", "after": after }),
            |(_, body)| {
                let list = &body["data"]["programGroupSuggestions"];
                list["totalCount"] == PROGRAMS * GROUPS / 2
                    && list["edges"]
                        .as_array()
                        .is_some_and(|rows| rows.len() == 20)
            },
        ),
        Call::graphql(
            "user list, search",
            20,
            SEARCH,
            json!({ "platform": "acme", "query": "person 12" }),
            // Person 12 and Person 120 to 129.
            |(_, body)| body["data"]["programSuggestionPage"]["count"] == 11 * EACH,
        ),
        Call::graphql(
            "one group suggestion, unchanged",
            20,
            CREATE,
            json!({ "input": {
                "platformKey": "acme", "programKey": program(3), "group": { "databaseId": "5" },
            } }),
            |(_, body)| body["data"]["programGroupSuggestionCreate"]["outcome"] == "UNCHANGED",
        ),
        Call::graphql(
            "bulk of 1,000, unchanged",
            3,
            BULK,
            json!({ "input": { "platformKey": "acme", "items": items } }),
            |(_, body)| body["data"]["programSuggestionBulkCreate"]["unchangedCount"] == 1_000,
        ),
        Call::graphql(
            "a document that is refused",
            20,
            REFUSED,
            json!({ "platform": "acme" }),
            |(_, body)| {
                body["errors"]
                    .as_array()
                    .is_some_and(|errors| errors.len() == 2)
                    && body["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
            },
        ),
        Call {
            name: "group list over REST",
            times: 20,
            method: Method::GET,
            path: "/api/catalog/suggestions/program/manage/group/?platform_key=acme&page_size=20"
                .to_owned(),
            body: None,
            fits: |(status, body)| {
                *status == StatusCode::OK
                    && body["results"]
                        .as_array()
                        .is_some_and(|rows| rows.len() == 20)
            },
        },
    ]
}
