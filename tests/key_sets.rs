//! The server of the public keys that bearer tokens are checked with: its keys rotate, it is wrong, slow and away.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::database::Database;
use crate::support::server::Process;
use crate::support::{Client, until};

both_engines!(keys_come_from_a_server);

const WHO: &str = "{ viewer { user { username } } }";

/// What the server of keys does when it is asked.
#[derive(Debug, Clone)]
enum Answer {
    Is(StatusCode, String),
    Never,
}

type Answers = Arc<Mutex<Answer>>;

async fn keys(State(answer): State<Answers>) -> (StatusCode, String) {
    let answer = answer.lock().unwrap().clone();
    match answer {
        Answer::Is(status, text) => (status, text),
        Answer::Never => std::future::pending().await,
    }
}

/// A key of the test, as the service sees it and as it signs.
fn pair(name: &str, algorithm: Algorithm) -> (EncodingKey, Value) {
    let path = format!("{}/tests/keys/{name}.pem", env!("CARGO_MANIFEST_DIR"));
    let pem = std::fs::read(path).unwrap();
    let key = match algorithm {
        Algorithm::ES256 => EncodingKey::from_ec_pem(&pem),
        _ => EncodingKey::from_ed_pem(&pem),
    }
    .unwrap();
    let mut public =
        serde_json::to_value(Jwk::from_encoding_key(&key, algorithm).unwrap()).unwrap();
    public["kid"] = json!(name);
    (key, public)
}

fn token(key: &EncodingKey, algorithm: Algorithm, id: &str) -> String {
    let header = Header {
        kid: Some(id.to_owned()),
        ..Header::new(algorithm)
    };
    let claims = json!({ "sub": "anna", "exp": 4_000_000_000_u64 });
    format!(
        "Bearer {}",
        jsonwebtoken::encode(&header, &claims, key).unwrap()
    )
}

async fn status(client: &Client) -> u16 {
    client.graphql(WHO, json!({})).await.status.as_u16()
}

async fn keys_come_from_a_server(database: &Database) {
    let first = pair("es256", Algorithm::ES256);
    let second = pair("eddsa", Algorithm::EdDSA);
    let answer: Answers = Arc::new(Mutex::new(Answer::Never));
    let set = |new: Answer| *answer.lock().unwrap() = new;
    let good = |keys: &[&Value]| Answer::Is(StatusCode::OK, json!({ "keys": keys }).to_string());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/keys", get(keys))
        .with_state(Arc::clone(&answer));
    let _server = tokio::spawn(async move { axum::serve(listener, router).await });

    let service = Process::start(
        database,
        &[
            ("WAYMARK_AUTH_JWT_SECRET", ""),
            ("WAYMARK_AUTH_JWT_JWKS_URL", &url),
            ("WAYMARK_AUTH_JWT_JWKS_REFRESH", "1s"),
            ("WAYMARK_AUTH_JWT_ALGORITHMS", "ES256,EdDSA"),
            ("WAYMARK_LIMITS_CONCURRENCY", "2"),
        ],
    );
    let signed_first = service.authorized(token(&first.0, Algorithm::ES256, "es256"));
    let signed_second = service.authorized(token(&second.0, Algorithm::EdDSA, "eddsa"));
    let by_key = service.authorized(format!("Api-Token {}", database.key("acme")));

    // It hangs from the start: the service runs, and who needs no key set is served.
    assert_eq!(status(&by_key).await, 200);
    assert_eq!(status(&signed_first).await, 401);

    // It answers; a token of a key that comes later is taken as soon as the key is there.
    set(good(&[&first.1]));
    until(async || status(&signed_first).await == 200).await;
    assert_eq!(status(&signed_second).await, 401);
    set(good(&[&second.1, &first.1]));
    until(async || status(&signed_second).await == 200).await;

    // Whatever nonsense it gives, the last keys stay in force.
    let huge = format!("{{\"keys\": [], \"more\": \"{}\"}}", "x".repeat(2 << 20));
    for nonsense in [
        Answer::Is(StatusCode::INTERNAL_SERVER_ERROR, "down".to_owned()),
        Answer::Is(StatusCode::OK, "<html>".to_owned()),
        Answer::Is(StatusCode::OK, "{}".to_owned()),
        Answer::Is(StatusCode::OK, huge),
    ] {
        let told = || service.log().matches("stays in force").count();
        let before = told();
        set(nonsense);
        until(async || told() > before).await;
        assert_eq!(status(&signed_first).await, 200);
        assert_eq!(status(&signed_second).await, 200);
    }

    // A key that is no longer in the set is no longer taken.
    set(good(&[&second.1]));
    until(async || status(&signed_first).await == 401).await;
    assert_eq!(status(&signed_second).await, 200);

    // It hangs while many ask with keys that nobody knows: the others are served at once.
    set(Answer::Never);
    let forged = service.authorized(token(&first.0, Algorithm::ES256, "unknown"));
    let many = async {
        let asked = (0..40).map(|_| status(&forged));
        for status in futures_util::future::join_all(asked).await {
            assert!(matches!(status, 401 | 503), "{status}");
        }
    };
    tokio::join!(many, async {
        until(async || status(&by_key).await == 200).await;
    });
    for _ in 0..40 {
        let asked = futures_util::future::join(status(&forged), status(&by_key));
        let (refused, served) = tokio::time::timeout(Duration::from_secs(3), asked)
            .await
            .unwrap();
        assert_eq!((refused, served), (401, 200));
    }
}
