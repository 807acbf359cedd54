//! Keys and tokens, right and wrong.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::support::command::SECRET;
use crate::support::{Client, Server};

both_engines!(
    every_way_to_send_a_key,
    every_way_to_send_a_token,
    wrong_credentials_are_never_anonymous,
    wrong_tokens,
    whom_a_token_names,
    revoked_and_expired_keys,
);

const WHO: &str = "{ viewer { user { username } } }";

/// Who the caller is, or `anonymous`, or `key` for one that is bound to nobody.
async fn who(client: &Client) -> String {
    let data = client.data(WHO, json!({})).await;
    match &data["viewer"] {
        Value::Null => "anonymous".to_owned(),
        viewer => viewer["user"]["username"]
            .as_str()
            .unwrap_or("key")
            .to_owned(),
    }
}

/// Asserts that the credentials are refused before anything else happens.
async fn refused(client: &Client, what: &str) {
    let answer = client.graphql(WHO, json!({})).await;
    assert_eq!(answer.status, 401, "{what}: {}", answer.text());
    assert!(answer.header("x-request-id").is_some());
    let body = answer.json();
    assert_eq!(body.get("data"), None, "{what}");
    let errors = body["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["extensions"]["code"], "UNAUTHENTICATED");
    // One plain answer, whatever the reason.
    let message = errors[0]["message"].as_str().unwrap();
    assert!(
        !message.contains("expired")
            && !message.contains("revoked")
            && !message.contains("signature")
    );
}

async fn every_way_to_send_a_key(server: &Server) {
    let (unbound, bound) = (
        server.database.key("acme"),
        server.database.key("acme-dora"),
    );
    assert_eq!(unbound.len(), 64);
    for scheme in [
        "Api-Token ",
        "api-token ",
        "API-KEY ",
        "Api-Key ",
        "Token ",
        "tOKEN ",
        "",
    ] {
        let client = server.authorized(format!("{scheme}{unbound}"));
        assert_eq!(who(&client).await, "key", "{scheme}");
        let client = server.authorized(format!("{scheme}{bound}"));
        assert_eq!(who(&client).await, "dora", "{scheme}");
    }
    assert_eq!(who(&server.anonymous()).await, "anonymous");
}

async fn every_way_to_send_a_token(server: &Server) {
    let token = server.token("dora");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let client = server.authorized(format!("{scheme} {token}"));
        assert_eq!(who(&client).await, "dora", "{scheme}");
    }
}

async fn wrong_credentials_are_never_anonymous(server: &Server) {
    let key = server.database.key("acme");
    let token = server.token("anna");
    for authorization in [
        "0".repeat(64),
        format!("Api-Token {}", "0".repeat(64)),
        format!("Api-Token {}", &key[..63]),
        format!("Api-Token {key}0"),
        "Api-Token".to_owned(),
        "Api-Token not-hex".to_owned(),
        format!("Bearer {key}"),
        "Bearer".to_owned(),
        "Bearer nonsense".to_owned(),
        "Bearer a.b.c".to_owned(),
        format!("Api-Token {token}"),
        format!("Basic {key}"),
        "Digest x".to_owned(),
        "x".repeat(4_000),
    ] {
        refused(&server.authorized(authorization.clone()), &authorization).await;
    }
}

fn signed(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    encode(&Header::new(algorithm), claims, &key).unwrap()
}

fn now() -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a token needs the present")]
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

async fn wrong_tokens(server: &Server) {
    let good = json!({ "sub": "anna", "exp": now() + 3600 });
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        signed(Algorithm::HS256, SECRET, &claims)
    };
    let client = |token: &str| server.authorized(format!("Bearer {token}"));
    let token = signed(Algorithm::HS256, SECRET, &good);
    assert_eq!(who(&client(&token)).await, "anna");
    let past = with("nbf", json!(now() - 3600));
    assert_eq!(who(&client(&past)).await, "anna");

    let mut tampered = token.clone();
    let last = tampered.pop().unwrap();
    tampered.push(if last == 'A' { 'B' } else { 'A' });
    let (head, signature) = token.rsplit_once('.').unwrap();
    // {"alg":"none","typ":"JWT"} and the claims of the good one.
    let claims = head.split_once('.').unwrap().1;
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}");
    for (what, token) in [
        ("expired", with("exp", json!(now() - 3600))),
        (
            "no expiry",
            signed(Algorithm::HS256, SECRET, &json!({ "sub": "anna" })),
        ),
        ("not yet", with("nbf", json!(now() + 3600))),
        (
            "another secret",
            signed(
                Algorithm::HS256,
                "another secret that is long enough",
                &good,
            ),
        ),
        ("another algorithm", signed(Algorithm::HS512, SECRET, &good)),
        ("tampered with", tampered),
        ("unsigned", format!("{unsigned}.")),
        (
            "unsigned with a signature",
            format!("{unsigned}.{signature}"),
        ),
        ("unknown user", with("sub", json!("nobody-at-all"))),
        ("shared e-mail", with("sub", json!("shared@acme.example"))),
        (
            "no subject",
            signed(Algorithm::HS256, SECRET, &json!({ "exp": now() + 3600 })),
        ),
        ("subject of another type", with("sub", json!(["anna"]))),
        ("empty subject", with("sub", json!(""))),
        ("unknown id", with("sub", json!("999999"))),
        ("a NUL", with("sub", json!("anna\u{0}"))),
    ] {
        refused(&client(&token), what).await;
    }
}

async fn whom_a_token_names(server: &Server) {
    for (subject, username) in [
        (json!("anna"), "anna"),
        (json!("ANNA"), "anna"),
        (json!("10"), "anna"),
        (json!(10), "anna"),
        // No id, so a username.
        (json!("4711"), "4711"),
        (json!("Anna@Acme.example"), "anna"),
        (json!("mixed@acme.example"), "MixedCase"),
        (json!("nobody"), "nobody"),
    ] {
        let claims = json!({ "sub": subject, "exp": now() + 3600 });
        let token = signed(Algorithm::HS256, SECRET, &claims);
        let client = server.authorized(format!("Bearer {token}"));
        assert_eq!(who(&client).await, username, "{subject}");
    }
}

/// Asks until the credentials are refused. The limit of the test bounds it.
async fn until_refused(client: &Client) {
    while client.graphql(WHO, json!({})).await.status != 401 {
        tokio::task::yield_now().await;
    }
    refused(client, "by now").await;
}

async fn revoked_and_expired_keys(server: &Server) {
    let create = |more: &[&str]| {
        let mut arguments = vec!["api-key", "create", "--platform", "acme", "--name", "short"];
        arguments.extend(more);
        server
            .database
            .waymark(&arguments)
            .succeed()
            .trim_end()
            .to_owned()
    };
    let client = |key: &str| server.authorized(format!("Api-Token {key}"));
    let lasting = client(&create(&["--expires-in", "1h"]));
    assert_eq!(who(&lasting).await, "key");

    let expiring = client(&create(&["--expires-in", "1s"]));
    until_refused(&expiring).await;

    let revoked = client(&create(&[]));
    assert_eq!(who(&revoked).await, "key");
    let list = server
        .database
        .waymark(&["api-key", "list", "--format", "json"])
        .succeed();
    let list: Value = serde_json::from_str(&list).unwrap();
    let newest = list
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["id"].as_i64().unwrap())
        .max();
    let id = newest.unwrap().to_string();
    server
        .database
        .waymark(&["api-key", "revoke", &id])
        .succeed();
    until_refused(&revoked).await;
    assert_eq!(who(&lasting).await, "key");
}
