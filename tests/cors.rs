//! Which pages of other sites may call, as browsers ask for it.

use reqwest::Method;

use crate::support::server::Process;
use crate::support::{Client, Database, Engine, run, waymark};

const ORIGINS: (&str, &str) = (
    "WAYMARK_CORS_ORIGINS",
    "https://app.example.org,http://localhost:3000",
);
const OTHER: &str = "https://evil.example.org";

fn on_database(body: impl AsyncFn(&Database)) {
    run(Engine::Sqlite, body);
}

/// What a browser asks before it sends a request of another site's page.
async fn preflight(client: &Client, path: &str, origin: &str) -> crate::support::Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "QUERY"),
        (
            "access-control-request-headers",
            "authorization,content-type",
        ),
    ];
    client
        .send(Method::OPTIONS, path, &headers, Vec::new())
        .await
}

/// The values of a header that is a list, in lower case.
fn list(answer: &crate::support::Answer, name: &str) -> Vec<String> {
    answer
        .headers
        .get_all(name)
        .iter()
        .flat_map(|value| value.to_str().unwrap().split(','))
        .map(|part| part.trim().to_ascii_lowercase())
        .collect()
}

#[test]
fn listed_origins_are_allowed() {
    on_database(async |database| {
        let process = Process::start(database, &[ORIGINS]);
        let client = process.anonymous();
        for origin in ["https://app.example.org", "http://localhost:3000"] {
            for path in ["/graphql", "/api/catalog/suggestions/program/manage/"] {
                let answer = preflight(&client, path, origin).await;
                assert_eq!(answer.status, 200, "{path}");
                let allowed = answer.header("access-control-allow-origin");
                assert_eq!(allowed, Some(origin), "{path}");
                let methods = list(&answer, "access-control-allow-methods");
                assert_eq!(
                    methods,
                    ["get", "head", "post", "delete", "query"],
                    "{path}"
                );
                let headers = list(&answer, "access-control-allow-headers");
                for header in [
                    "authorization",
                    "content-type",
                    "x-request-id",
                    "x-requested-with",
                    "traceparent",
                    "tracestate",
                    "baggage",
                    "sentry-trace",
                    "apollo-require-preflight",
                    "apollographql-client-name",
                    "apollographql-client-version",
                    "graphql-client-name",
                    "graphql-client-version",
                ] {
                    assert!(headers.iter().any(|it| it == header), "{header}");
                }
                assert!(list(&answer, "vary").contains(&"origin".to_owned()));
            }
            let answer = client
                .send(
                    Method::GET,
                    "/graphql?query=%7B__typename%7D",
                    &[("origin", origin)],
                    Vec::new(),
                )
                .await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
            // By header only, never by cookie.
            assert_eq!(answer.header("access-control-allow-credentials"), None);
            let exposed = list(&answer, "access-control-expose-headers");
            for header in ["x-request-id", "x-suggestion-outcome", "retry-after"] {
                assert!(exposed.contains(&header.to_owned()), "{header}");
            }
            let vary = list(&answer, "vary");
            assert!(vary.contains(&"origin".to_owned()), "{vary:?}");
            assert!(vary.contains(&"accept".to_owned()), "{vary:?}");
        }
    });
}

#[test]
fn more_headers_are_allowed_by_configuration() {
    on_database(async |database| {
        let headers = ("WAYMARK_CORS_HEADERS", "X-Tenant, x-other");
        let process = Process::start(database, &[ORIGINS, headers]);
        let client = process.anonymous();
        let answer = preflight(&client, "/graphql", "http://localhost:3000").await;
        let allowed = list(&answer, "access-control-allow-headers");
        for header in ["x-tenant", "x-other", "traceparent", "authorization"] {
            assert!(allowed.iter().any(|it| it == header), "{header}");
        }
    });
    let said = waymark(&["serve"])
        .env("WAYMARK_CORS_HEADERS", "x tenant")
        .fail(2);
    assert!(said.contains("WAYMARK_CORS_HEADERS"), "{said}");
    assert!(said.contains("x tenant"), "{said}");
}

#[test]
fn other_origins_are_not() {
    on_database(async |database| {
        let process = Process::start(database, &[ORIGINS]);
        let client = process.anonymous();
        for origin in [
            OTHER,
            "https://app.example.org.evil.example.org",
            "http://app.example.org",
            "null",
        ] {
            let answer = preflight(&client, "/graphql", origin).await;
            assert_eq!(
                answer.header("access-control-allow-origin"),
                None,
                "{origin}"
            );
            let headers = [("origin", origin)];
            let answer = client
                .send(Method::GET, "/livez", &headers, Vec::new())
                .await;
            assert_eq!(
                answer.header("access-control-allow-origin"),
                None,
                "{origin}"
            );
        }
        // Who keeps an answer for all must know that it would be another for somebody else.
        let answer = client.get("/livez").await;
        assert!(list(&answer, "vary").contains(&"origin".to_owned()));
    });
}

#[test]
fn without_origins_nothing_is_said() {
    on_database(async |database| {
        let process = Process::start(database, &[]);
        let client = process.anonymous();
        let answer = preflight(&client, "/graphql", OTHER).await;
        assert_eq!(answer.status, 405);
        let headers = [("origin", OTHER)];
        let answer = client
            .send(Method::GET, "/livez", &headers, Vec::new())
            .await;
        for name in answer.headers.keys() {
            assert!(!name.as_str().starts_with("access-control"), "{name}");
        }
        assert!(!list(&answer, "vary").contains(&"origin".to_owned()));
    });
}

#[test]
fn any_origin_is_allowed_by_a_star() {
    on_database(async |database| {
        let process = Process::start(database, &[("WAYMARK_CORS_ORIGINS", "*")]);
        let answer = preflight(&process.anonymous(), "/graphql", OTHER).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
    });
}

#[test]
fn whoever_asks_for_methods_gets_them_from_the_route() {
    on_database(async |database| {
        let with = Process::start(database, &[ORIGINS]);
        let without = Process::start(database, &[]);
        let origin = ("origin", "https://app.example.org");
        let method = ("access-control-request-method", "POST");
        for (path, status, allow) in [
            ("/graphql", 405, "GET, POST, QUERY"),
            (
                "/api/catalog/suggestions/program/manage/",
                204,
                "GET,HEAD,POST,DELETE,OPTIONS",
            ),
        ] {
            // Neither alone is what a browser asks before a request.
            for headers in [&[][..], &[origin], &[method]] {
                for process in [&with, &without] {
                    let client = process.anonymous();
                    let answer = client
                        .send(Method::OPTIONS, path, headers, Vec::new())
                        .await;
                    assert_eq!(answer.status, status, "{path} {headers:?}");
                    assert_eq!(answer.header("allow"), Some(allow), "{path} {headers:?}");
                }
            }
        }
    });
}

#[test]
fn what_no_browser_sends_is_refused_at_the_start() {
    for wrong in [
        "app.example.org",
        "https://app.example.org/",
        "https://app.example.org/path",
        "https://app.example.org?query",
        "https://App.example.org",
        "https://app.example.org:443",
        "http://app.example.org:80",
        "https://*.example.org",
        "null",
        "ftp://app.example.org",
        "https://me@app.example.org",
    ] {
        let said = waymark(&["serve"])
            .env("WAYMARK_CORS_ORIGINS", wrong)
            .fail(2);
        for part in ["WAYMARK_CORS_ORIGINS", wrong, "https://app.example.org"] {
            assert!(said.contains(part), "{wrong}: {said}");
        }
    }
    let said = waymark(&["serve"])
        .env("WAYMARK_CORS_ORIGINS", "*,https://app.example.org")
        .fail(2);
    assert!(said.contains("\"*\" alone"), "{said}");
}
