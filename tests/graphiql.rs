//! The page for trying out queries: how it is served. What it does in a browser is tested by
//! `scripts/graphiql`. The engine of the database makes no difference here, so these run on one.

use std::io::Read as _;

use flate2::read::GzDecoder;
use reqwest::Method;

use crate::support::server::Process;
use crate::support::{Answer, Client, Database, Engine, Server, run};

/// Everything the page consists of, and the type of each.
const FILES: [(&str, &str); 5] = [
    ("/graphiql", "text/html; charset=utf-8"),
    ("/graphiql/graphiql.js", "text/javascript; charset=utf-8"),
    ("/graphiql/graphiql.css", "text/css; charset=utf-8"),
    ("/graphiql/icon.svg", "image/svg+xml"),
    ("/graphiql/licenses.txt", "text/plain; charset=utf-8"),
];

fn on_server(body: impl AsyncFn(&Server)) {
    run(Engine::Sqlite, body);
}

fn on_database(body: impl AsyncFn(&Database)) {
    run(Engine::Sqlite, body);
}

async fn get(client: &Client, path: &str, headers: &[(&str, &str)]) -> Answer {
    client.send(Method::GET, path, headers, Vec::new()).await
}

#[test]
fn the_page_and_its_files_are_served() {
    on_server(async |server| {
        let client = server.anonymous();
        for (path, media_type) in FILES {
            let plain = get(&client, path, &[]).await;
            assert_eq!(plain.status, 200, "{path}");
            assert_eq!(plain.header("content-type"), Some(media_type), "{path}");
            assert_eq!(plain.header("content-encoding"), None, "{path}");
            assert!(!plain.text().is_empty(), "{path}");

            for asked in ["gzip, deflate, br", "*;q=0.5", "br, GZIP;q=0.1"] {
                let packed = get(&client, path, &[("accept-encoding", asked)]).await;
                let mut text = packed.bytes().to_vec();
                if packed.header("content-encoding") == Some("gzip") {
                    assert!(packed.bytes().len() < plain.bytes().len(), "{path}");
                    text = Vec::new();
                    // Once, and not a second time inside.
                    let mut packed = GzDecoder::new(packed.bytes());
                    packed.read_to_end(&mut text).unwrap();
                } else {
                    assert!(plain.bytes().len() < 1024, "{path} is sent unpacked");
                }
                assert!(text == plain.bytes(), "{path} with {asked}");
            }
            for asked in ["identity", "gzip;q=0", "br, gzip;q=0.0, *"] {
                let answer = get(&client, path, &[("accept-encoding", asked)]).await;
                assert_eq!(answer.header("content-encoding"), None, "{path}: {asked}");
            }

            let head = client.send(Method::HEAD, path, &[], Vec::new()).await;
            assert_eq!(head.status, 200, "{path}");
            assert_eq!(head.bytes().len(), 0, "{path}");
            assert_eq!(head.header("content-type"), Some(media_type), "{path}");
        }
        assert_eq!(client.get("/graphiql/other.js").await.status, 404);
    });
}

#[test]
fn what_a_browser_has_already_is_not_sent_again() {
    on_server(async |server| {
        let client = server.anonymous();
        for (path, _) in FILES {
            let first = get(&client, path, &[("accept-encoding", "gzip")]).await;
            assert_eq!(first.header("cache-control"), Some("no-cache"), "{path}");
            let tag = first.header("etag").unwrap();
            assert!(tag.starts_with("W/\""), "{path}: {tag}");
            for kept in [tag, "\"other\", *", &format!("\"other\", {tag}")] {
                let again = get(&client, path, &[("if-none-match", kept)]).await;
                assert_eq!(again.status, 304, "{path}: {kept}");
                assert_eq!(again.bytes().len(), 0, "{path}: {kept}");
                assert_eq!(again.header("etag"), Some(tag), "{path}: {kept}");
            }
            let other = get(&client, path, &[("if-none-match", "\"other\"")]).await;
            assert_eq!(other.status, 200, "{path}");
        }
    });
}

#[test]
fn pages_have_strict_headers() {
    const SHARED: [(&str, &str); 6] = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    on_server(async |server| {
        let client = server.anonymous();
        for path in FILES.map(|(path, _)| path).into_iter().chain(["/api/docs"]) {
            let answer = client.get(path).await;
            for (name, value) in SHARED {
                assert_eq!(answer.header(name), Some(value), "{path} {name}");
                assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{path}");
            }
        }
        for (path, _) in FILES {
            assert_eq!(
                client.get(path).await.header("content-security-policy"),
                Some(
                    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                     img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                ),
                "{path}"
            );
        }
        let docs = client.get("/api/docs").await;
        let policy = docs.header("content-security-policy").unwrap();
        let style = policy
            .strip_prefix("default-src 'none'; style-src 'sha256-")
            .and_then(|rest| {
                rest.strip_suffix("'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
            });
        assert_eq!(style.map(str::len), Some(44), "{policy}");
    });
}

#[test]
fn every_answer_keeps_its_type_and_none_sets_a_cookie() {
    on_server(async |server| {
        let client = server.key("acme");
        for path in [
            "/graphiql",
            "/graphql?query=%7B__typename%7D",
            "/graphql",
            "/api/docs",
            "/api/openapi.json",
            "/api/catalog/suggestions/program/manage/?platform_key=acme",
            "/api/catalog/suggestions/program/manage/",
            "/livez",
            "/readyz",
            "/metrics",
            "/nothing",
        ] {
            let answer = client.get(path).await;
            let nosniff = answer.header("x-content-type-options");
            assert_eq!(nosniff, Some("nosniff"), "{path}");
            assert_eq!(answer.header("set-cookie"), None, "{path}");
        }
    });
}

#[test]
fn only_reading_is_served() {
    on_server(async |server| {
        let client = server.anonymous();
        for path in ["/graphiql", "/graphiql/", "/graphiql/graphiql.js"] {
            for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let answer = client.send(method, path, &[], Vec::new()).await;
                assert_eq!(answer.status, 405, "{path}");
                assert_eq!(answer.header("allow"), Some("GET,HEAD"), "{path}");
            }
        }
    });
}

#[test]
fn everything_is_named_relative_to_the_page() {
    on_server(async |server| {
        let client = server.anonymous();
        let html = client.get("/graphiql").await.text();
        let mut names = 0;
        for attribute in ["src=\"", "href=\""] {
            for rest in html.split(attribute).skip(1) {
                let name = rest.split('"').next().unwrap();
                assert!(name.starts_with("graphiql/"), "{name}");
                assert_eq!(client.get(&format!("/{name}")).await.status, 200, "{name}");
                names += 1;
            }
        }
        assert_eq!(names, 3, "{html}");
        assert!(
            !html.contains("<script>") && !html.contains("style="),
            "{html}"
        );
        assert!(!html.contains("://"), "{html}");

        // A proxy that strips a path passes this on, and it is right behind it as well.
        let client = server.not_redirected();
        for (path, place) in [("/graphiql/", "../graphiql"), ("/api/docs/", "../docs")] {
            let answer = client.get(path).await;
            assert_eq!(answer.status, 308, "{path}");
            assert_eq!(answer.header("location"), Some(place), "{path}");
        }
        let docs = server.anonymous().get("/api/docs").await.text();
        assert!(docs.contains("href=\"openapi.json\""));
        assert!(!docs.contains("href=\"/"));
    });
}

#[test]
fn the_root_names_the_endpoints() {
    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    on_server(async |server| {
        let client = server.anonymous();
        for accept in [
            "*/*",
            "application/json",
            "application/json, text/html;q=0.5",
        ] {
            let answer = get(&client, "/", &[("accept", accept)]).await;
            assert_eq!(answer.status, 200, "{accept}");
            assert_eq!(answer.header("content-type"), Some("application/json"));
            let vary = answer.headers.get_all("vary").iter();
            assert!(vary.into_iter().any(|value| value == "accept"));
            let body: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
            assert_eq!(body["service"], "waymark");
            assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
            assert_eq!(body["endpoints"]["graphiql"], "/graphiql");
            assert_eq!(body["endpoints"]["graphql"], "/graphql");
        }
        let answer = get(&client, "/", &[("accept", BROWSER)]).await;
        let media_type = answer.header("content-type");
        assert_eq!(media_type, Some("text/html; charset=utf-8"));
        assert_eq!(answer.header("x-frame-options"), Some("DENY"));
        let html = answer.text();
        assert!(html.contains(env!("CARGO_PKG_VERSION")), "{html}");
        let mut links = 0;
        for rest in html.split("href=\".").skip(1) {
            let path = rest.split('"').next().unwrap();
            // What needs credentials says so; everything is there.
            assert_ne!(client.get(path).await.status, 404, "{path}");
            links += 1;
        }
        assert_eq!(links, 8, "{html}");
        let client = server.anonymous();
        let answer = client.send(Method::POST, "/", &[], Vec::new()).await;
        assert_eq!(answer.status, 405);
    });
}

#[test]
fn it_can_be_switched_off() {
    on_database(async |database| {
        let process = Process::start(database, &[("WAYMARK_GRAPHIQL_ENABLED", "false")]);
        let client = process.anonymous();
        for path in FILES
            .map(|(path, _)| path)
            .into_iter()
            .chain(["/graphiql/"])
        {
            assert_eq!(client.get(path).await.status, 404, "{path}");
        }
        assert_eq!(client.get("/api/docs").await.status, 200);
        let answer = client.get("/graphql?query=%7B__typename%7D").await;
        assert_eq!(answer.status, 200);
    });
}
