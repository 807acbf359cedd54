//! What somebody sends who means no good: requests that two servers would read differently, heads without end,
//! words for the log, and tokens made by hand.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::{Engine, Server, run};

/// What a front server would take for a part of the first request.
const SMUGGLED: &str = "GET /livez HTTP/1.1\r\nhost: a\r\nx-request-id: smuggled\r\n\r\n";

/// Sends these bytes on a connection of their own; everything that is answered until it is closed.
fn exchange(server: &Server, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(server.base().trim_start_matches("http://")).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    // The other side may close before it has read everything.
    let _sent = stream.write_all(bytes);
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
            panic!("not closed: {}", String::from_utf8_lossy(&answer))
        }
        _ => String::from_utf8_lossy(&answer).into_owned(),
    }
}

fn post(headers: &str, body: &str) -> String {
    format!(
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n{headers}\r\n{body}{SMUGGLED}"
    )
}

#[test]
fn requests_that_two_servers_read_differently() {
    run(Engine::Sqlite, smuggling);
}

async fn smuggling(server: &Server) {
    // Both lengths: the chunks count, as the RFC says, and nothing behind them on this connection.
    for headers in [
        "content-length: 5\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 5\r\n",
        "content-length: 5\r\nTransfer-Encoding: Chunked\r\nconnection: keep-alive\r\n",
    ] {
        let answer = exchange(server, post(headers, "0\r\n\r\n").as_bytes());
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "{headers}: {answer}"
        );
        assert!(answer.starts_with("HTTP/1.1 400 "), "{headers}: {answer}");
        assert!(!answer.contains("smuggled"), "{headers}: {answer}");
    }
    // What has no one meaning is refused, and the connection is closed.
    for headers in [
        "content-length: 0\r\ncontent-length: 5\r\n",
        "content-length: 0, 5\r\n",
        "content-length: +0\r\n",
        "content-length: 0x0\r\n",
        "content-length: -1\r\n",
        "content-length: \r\n",
        "content-length : 0\r\n",
        "content-length: 99999999999999999999999\r\n",
        "transfer-encoding: identity\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: xchunked\r\n",
        "transfer-encoding: \r\n chunked\r\n",
        "x-one: a\r\n two\r\ncontent-length: 0\r\n",
        "x-one: a\rtwo\r\ncontent-length: 0\r\n",
        "x-one: a\0two\r\ncontent-length: 0\r\n",
        ": nameless\r\ncontent-length: 0\r\n",
        "x one: a\r\ncontent-length: 0\r\n",
    ] {
        let answer = exchange(server, post(headers, "").as_bytes());
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "{headers}: {answer}"
        );
        assert!(answer.starts_with("HTTP/1.1 400 "), "{headers}: {answer}");
    }
    // A version that has no chunks.
    let old = "POST /graphql HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
    let answer = exchange(server, format!("{old}{SMUGGLED}").as_bytes());
    assert!(
        !answer.contains("smuggled") && answer.contains(" 400 "),
        "{answer}"
    );
    // Chunks whose length is none: whatever is answered, it is one refusal and the end.
    for length in ["fffffffffffffffff", "-1", "g", ""] {
        let body = format!("{length}\r\n");
        let answer = exchange(
            server,
            post("transfer-encoding: chunked\r\n", &body).as_bytes(),
        );
        assert!(!answer.contains("smuggled"), "{length}: {answer}");
        assert!(!answer.contains("HTTP/1.1 200"), "{length}: {answer}");
        assert!(
            answer.matches("HTTP/1.1 ").count() <= 1,
            "{length}: {answer}"
        );
    }
    // Lines that end without a carriage return may be read, as one request.
    let bare = "GET /livez HTTP/1.1\nhost: a\nconnection: close\n\n";
    let answer = exchange(server, format!("{bare}{SMUGGLED}").as_bytes());
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    assert!(!answer.contains("smuggled"), "{answer}");
    // Two requests that both mean what they say are two answers.
    let good = "GET /livez HTTP/1.1\r\nhost: a\r\n\r\n";
    let last =
        "GET /livez HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-request-id: second\r\n\r\n";
    let answer = exchange(server, format!("{good}{last}").as_bytes());
    assert_eq!(answer.matches("HTTP/1.1 200 ").count(), 2, "{answer}");
    assert!(answer.contains("x-request-id: second"), "{answer}");
}

#[test]
fn heads_without_end() {
    run(Engine::Sqlite, large_heads);
}

async fn large_heads(server: &Server) {
    let many: String = (0..101).map(|n| format!("x-{n}: a\r\n")).collect();
    let answer = exchange(server, post(&many, "").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    for head in [
        format!(
            "GET /livez HTTP/1.1\r\nx-long: {}\r\n\r\n",
            "a".repeat(1 << 20)
        ),
        format!(
            "GET /livez?{} HTTP/1.1\r\nhost: a\r\n\r\n",
            "a".repeat(1 << 20)
        ),
        format!("GET /livez HTTP/1.1\r\n{}: a\r\n\r\n", "a".repeat(1 << 20)),
    ] {
        // The refusal may be lost, since the connection is closed before everything was read.
        let answer = exchange(server, head.as_bytes());
        assert!(
            !answer.contains(" 200 "),
            "{}",
            &answer[..answer.len().min(200)]
        );
    }
    assert_eq!(server.anonymous().get("/livez").await.status, 200);
}

fn token(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), "A".repeat(43))
}

#[test]
fn tokens_made_by_hand() {
    run(Engine::Sqlite, hand_made_tokens);
}

async fn hand_made_tokens(server: &Server) {
    let claims = json!({ "sub": "root", "exp": 4_000_000_000_u64 });
    let mut deep = "[".repeat(100_000);
    deep.push_str(&"]".repeat(100_000));
    for (what, token) in [
        ("huge", "a".repeat(300_000)),
        (
            "huge header",
            token(
                &json!({ "alg": "HS256", "kid": "k".repeat(200_000) }),
                &claims,
            ),
        ),
        ("deep", format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(deep))),
        ("many parts", "a.".repeat(100_000)),
        (
            "critical",
            token(&json!({ "alg": "HS256", "crit": ["exp"] }), &claims),
        ),
        ("none", token(&json!({ "alg": "none" }), &claims)),
        ("None", token(&json!({ "alg": "None" }), &claims)),
        (
            "a key of its own",
            token(
                &json!({ "alg": "HS256", "jwk": { "kty": "oct", "k": "AAAA" } }),
                &claims,
            ),
        ),
        (
            "a key from elsewhere",
            token(
                &json!({ "alg": "RS256", "jku": "http://127.0.0.1:1/keys" }),
                &claims,
            ),
        ),
        (
            "a public algorithm",
            token(&json!({ "alg": "RS256" }), &claims),
        ),
        (
            "an empty signature",
            format!(
                "{}.{}.",
                URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#),
                URL_SAFE_NO_PAD.encode(claims.to_string())
            ),
        ),
    ] {
        let client = server.authorized(format!("Bearer {token}"));
        let answer = client.graphql("{ viewer { __typename } }", json!({})).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
    }
}

#[test]
fn words_for_the_log_and_for_headers() {
    run(Engine::Sqlite, injection);
}

async fn injection(server: &Server) {
    let forged = "\r\n{\"message\":\"forged\"}\u{1b}[31m";
    let kid = token(&json!({ "alg": "RS256", "kid": forged }), &json!({}));
    let client = server.authorized(format!("Bearer {kid}"));
    assert_eq!(client.get("/graphql").await.status, 401);
    let client = server.key("acme");
    let text = json!({ "query": forged });
    let document = "query($query: String) { programSuggestions(platformKey: \"acme\", query: $query, first: 1) { totalCount } }";
    client.graphql(document, text).await;
    client
        .graphql(&format!("query forged {{ \"{forged}\" }}"), json!({}))
        .await;
    let escaped = "%0d%0aset-cookie:%20a=b%0d%0a%0d%0a";
    for path in [
        format!("/{escaped}"),
        format!("/api/docs/{escaped}"),
        format!("/api/catalog/suggestions/program/manage/?platform_key={escaped}"),
        format!("/api/catalog/suggestions/program/manage/?platform_key=acme&sort={escaped}"),
        format!("/graphql?query={escaped}"),
    ] {
        let answer = client.get(&path).await;
        assert!(answer.header("set-cookie").is_none(), "{path}");
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
    }
    // An id of a request is taken only if it is visible ASCII and short.
    for id in ["a b", "ä", &"a".repeat(129)] {
        let headers = [("x-request-id", id)];
        let answer = client
            .send(reqwest::Method::GET, "/livez", &headers, Vec::new())
            .await;
        assert_ne!(answer.headers["x-request-id"].as_bytes(), id.as_bytes());
    }
    for line in server.log().lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert_ne!(line["message"], "forged");
        assert!(!line.to_string().contains('\u{1b}'), "{line}");
    }
}
