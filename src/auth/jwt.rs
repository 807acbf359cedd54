//! Bearer tokens: signed by somebody we trust, still valid, and naming a user. What they may do is
//! not in the token; that is for the database to say.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Map, Value};

use super::jwks::Jwks;
use crate::clock::{self, Timestamp};
use crate::config::{self, JwtKeys};
use crate::error::{Error, Result};

/// Whom a token speaks for, as its issuer names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(pub String);

#[derive(Debug)]
pub struct Verifier {
    keys: Keys,
    algorithms: Vec<Algorithm>,
    claims: Claims,
}

#[derive(Debug)]
enum Keys {
    None,
    Secret(DecodingKey),
    Set(Jwks),
}

/// What a token must say.
#[derive(Debug)]
struct Claims {
    issuer: Vec<String>,
    audience: Vec<String>,
    user: String,
    leeway: Duration,
}

impl Verifier {
    /// Reads what the configuration names. Keys that cannot be read now are no error: tokens are
    /// refused until they can.
    ///
    /// # Errors
    /// [`Error::Internal`] for an algorithm that the configuration should not have let through.
    pub fn new(config: &config::Jwt) -> Result<Self> {
        // The library panics at the first token if it has to guess. A second verifier in the same
        // process finds the provider installed, which is as good.
        let _installed = jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
        let algorithms = algorithms(config)?;
        let keys = match &config.keys {
            JwtKeys::None => Keys::None,
            JwtKeys::Secret(secret) => {
                Keys::Secret(DecodingKey::from_secret(secret.expose().as_bytes()))
            }
            JwtKeys::File(path) => Keys::Set(Jwks::file(path, algorithms.clone())),
            JwtKeys::Url(url) => Keys::Set(Jwks::url(url, config.jwks_refresh, algorithms.clone())),
        };
        Ok(Self {
            keys,
            algorithms,
            claims: Claims {
                issuer: config.issuer.clone(),
                audience: config.audience.clone(),
                user: config.user_claim.clone(),
                leeway: config.leeway,
            },
        })
    }

    /// The keys, where they come from a file or a URL.
    pub fn jwks(&self) -> Option<&Jwks> {
        match &self.keys {
            Keys::Set(jwks) => Some(jwks),
            Keys::None | Keys::Secret(_) => None,
        }
    }

    /// Checks a token and says whom it speaks for, and until when.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], with the reason for the log.
    pub async fn verify(&self, token: &str) -> Result<(Subject, Timestamp)> {
        let claims = self.signed_claims(token).await?;
        self.claims.check(&claims, clock::now())
    }

    async fn signed_claims(&self, token: &str) -> Result<Map<String, Value>> {
        // An algorithm that the library does not know, "none" among them, fails here.
        let header = jsonwebtoken::decode_header(token)
            .map_err(|error| refused(format!("it cannot be read: {error}")))?;
        if header.crit.is_some() {
            return Err(refused(
                "it has critical extensions, and none is known here",
            ));
        }
        if matches!(self.keys, Keys::None) {
            return Err(refused("neither a secret nor a key set is configured"));
        }
        if !self.algorithms.contains(&header.alg) {
            return Err(refused(format!(
                "it is signed with {:?}, and only {:?} is accepted",
                header.alg, self.algorithms
            )));
        }
        match &self.keys {
            Keys::None => Err(refused("there are no keys")),
            Keys::Secret(key) => decode(token, &header, std::iter::once(key)),
            Keys::Set(jwks) => {
                let id = header.kid.as_deref();
                let set = jwks.current();
                match decode(token, &header, set.candidates(id, header.alg)) {
                    Err(_) if !set.knows(id) => {
                        let set = jwks.look_again().await;
                        decode(token, &header, set.candidates(id, header.alg))
                    }
                    decided => decided,
                }
            }
        }
    }
}

/// The claims of a token that one of the keys signed.
fn decode<'k>(
    token: &str,
    header: &Header,
    keys: impl Iterator<Item = &'k DecodingKey>,
) -> Result<Map<String, Value>> {
    // Only the signature: the claims are checked below, against our own clock and without the
    // library's exceptions.
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let mut reason = match &header.kid {
        Some(id) => format!("no key {id:.100?} for {:?} is known", header.alg),
        None => format!("no key for {:?} is known", header.alg),
    };
    for key in keys {
        match jsonwebtoken::decode(token, key, &validation) {
            Ok(data) => return Ok(data.claims),
            Err(error) => reason = error.to_string(),
        }
    }
    Err(refused(reason))
}

impl Claims {
    fn check(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<(Subject, Timestamp)> {
        let expires = time(claims, "exp")?.ok_or_else(|| refused("it has no exp"))?;
        if now.minus(self.leeway) >= expires {
            return Err(refused(format!("it expired at {expires}")));
        }
        if let Some(starts) = time(claims, "nbf")?
            && now.plus(self.leeway) < starts
        {
            return Err(refused(format!("it is not valid before {starts}")));
        }
        if !self.issuer.is_empty() {
            let issuer = claims.get("iss").and_then(Value::as_str);
            if !issuer.is_some_and(|issuer| self.issuer.iter().any(|it| it == issuer)) {
                return Err(refused(format!("it comes from the issuer {issuer:.200?}")));
            }
        }
        if !self.audience.is_empty() {
            let audience = match claims.get("aud") {
                Some(Value::Array(several)) => several.as_slice(),
                Some(one) => std::slice::from_ref(one),
                None => &[],
            };
            let ours = |it: &Value| {
                it.as_str()
                    .is_some_and(|it| self.audience.iter().any(|our| our == it))
            };
            if !audience.iter().any(ours) {
                return Err(refused("it is meant for another audience"));
            }
        }
        let subject = match claims.get(&self.user) {
            Some(Value::String(text)) if !text.is_empty() && !text.contains('\0') => text.clone(),
            Some(Value::Number(number)) if number.is_i64() || number.is_u64() => number.to_string(),
            _ => {
                return Err(refused(format!(
                    "its claim {:?} is neither a text nor a whole number",
                    self.user
                )));
            }
        };
        Ok((Subject(subject), expires))
    }
}

/// A claim that counts the seconds since 1970, with or without a fraction.
fn time(claims: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>> {
    /// The year 9999 is late enough, and whatever is later is as good.
    const LATEST: f64 = 253_402_300_799.0;
    match claims.get(name) {
        None => Ok(None),
        Some(value) => {
            let seconds = value
                .as_f64()
                .filter(|seconds| *seconds >= 0.0)
                .ok_or_else(|| refused(format!("its {name} is not a time")))?;
            let span = Duration::from_secs_f64(seconds.min(LATEST));
            Ok(Some(Timestamp(0).plus(span)))
        }
    }
}

/// Signs a token for a user, with the configured secret.
///
/// # Errors
/// In words, where there is no secret to sign with.
pub fn issue(
    config: &config::Jwt,
    user: &str,
    now: Timestamp,
    valid_for: Duration,
) -> Result<String, String> {
    let secret = match &config.keys {
        JwtKeys::Secret(secret) => secret,
        JwtKeys::None => {
            return Err("there is no secret to sign with: set auth.jwt.secret".to_owned());
        }
        JwtKeys::File(_) | JwtKeys::Url(_) => {
            return Err(
                "tokens are checked with a key set here: only its owner can issue one".to_owned(),
            );
        }
    };
    let _installed = jsonwebtoken::crypto::rust_crypto::DEFAULT_PROVIDER.install_default();
    let algorithm = algorithms(config)
        .map_err(|error| error.to_string())?
        .first()
        .copied()
        .unwrap_or_default();
    let seconds = |at: Timestamp| Value::from(at.0.div_euclid(1_000_000));
    let mut claims = Map::new();
    claims.insert(config.user_claim.clone(), Value::from(user));
    claims.insert("iat".to_owned(), seconds(now));
    claims.insert("exp".to_owned(), seconds(now.plus(valid_for)));
    for (name, accepted) in [("iss", &config.issuer), ("aud", &config.audience)] {
        if let Some(first) = accepted.first() {
            claims.insert(name.to_owned(), Value::from(first.as_str()));
        }
    }
    let key = EncodingKey::from_secret(secret.expose().as_bytes());
    jsonwebtoken::encode(&Header::new(algorithm), &claims, &key).map_err(|error| error.to_string())
}

fn algorithms(config: &config::Jwt) -> Result<Vec<Algorithm>> {
    config
        .algorithms
        .iter()
        .map(|name| {
            name.parse()
                .map_err(|_| Error::internal(format!("unknown algorithm {name}")))
        })
        .collect()
}

fn refused(reason: impl std::fmt::Display) -> Error {
    Error::Unauthenticated(format!("bearer token: {reason}"))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use jsonwebtoken::jwk::Jwk;
    use serde_json::json;

    use super::*;
    use crate::config::Secret;

    const SECRET: &str = "a secret that is long enough to be one";

    fn config(keys: JwtKeys, algorithms: &[&str]) -> config::Jwt {
        config::Jwt {
            keys,
            jwks_refresh: Duration::from_secs(900),
            algorithms: algorithms.iter().map(|name| (*name).to_owned()).collect(),
            issuer: Vec::new(),
            audience: Vec::new(),
            user_claim: "sub".to_owned(),
            leeway: Duration::ZERO,
        }
    }

    fn secret() -> config::Jwt {
        config(JwtKeys::Secret(Secret::new(SECRET)), &["HS256"])
    }

    fn seconds(from_now: i64) -> i64 {
        clock::now().0 / 1_000_000 + from_now
    }

    fn sign(claims: &Value) -> String {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).unwrap()
    }

    async fn verify(config: &config::Jwt, token: &str) -> Result<String, String> {
        match Verifier::new(config).unwrap().verify(token).await {
            Ok((subject, _)) => Ok(subject.0),
            Err(Error::Unauthenticated(reason)) => Err(reason),
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn what_is_issued_is_accepted() {
        let mut config = secret();
        config.issuer = vec!["me".to_owned()];
        config.audience = vec!["us".to_owned()];
        config.user_claim = "preferred_username".to_owned();
        let hour = Duration::from_secs(3600);
        let token = issue(&config, "ann", clock::now(), hour).unwrap();
        assert_eq!(verify(&config, &token).await, Ok("ann".to_owned()));
        assert!(issue(&self::config(JwtKeys::None, &[]), "ann", clock::now(), hour).is_err());
        let set = self::config(JwtKeys::File("x".into()), &["RS256"]);
        assert!(issue(&set, "ann", clock::now(), hour).is_err());
    }

    #[tokio::test]
    async fn claims_are_checked() {
        let exp = seconds(60);
        for (claims, expected) in [
            (json!({"sub": "ann", "exp": exp}), Ok("ann")),
            (json!({"sub": 7, "exp": f64::from(u32::MAX) + 0.5}), Ok("7")),
            (
                json!({"sub": "ann", "exp": 1e300, "nbf": seconds(-1)}),
                Ok("ann"),
            ),
            (
                json!({"sub": "ann", "exp": exp, "aud": "anybody", "iss": "x"}),
                Ok("ann"),
            ),
            (json!({"sub": "ann"}), Err("no exp")),
            (json!({"sub": "ann", "exp": null}), Err("exp is not a time")),
            (
                json!({"sub": "ann", "exp": exp.to_string()}),
                Err("exp is not a time"),
            ),
            (json!({"sub": "ann", "exp": seconds(0)}), Err("expired")),
            (
                json!({"sub": "ann", "exp": exp, "nbf": seconds(30)}),
                Err("not valid before"),
            ),
            (
                json!({"sub": "ann", "exp": exp, "nbf": "x"}),
                Err("nbf is not a time"),
            ),
            (json!({"exp": exp}), Err("its claim \"sub\"")),
            (json!({"sub": "", "exp": exp}), Err("its claim")),
            (json!({"sub": "a\0", "exp": exp}), Err("its claim")),
            (json!({"sub": 1.5, "exp": exp}), Err("its claim")),
        ] {
            let result = verify(&secret(), &sign(&claims)).await;
            match expected {
                Ok(subject) => assert_eq!(result, Ok(subject.to_owned()), "{claims}"),
                Err(part) => assert!(result.unwrap_err().contains(part), "{claims}"),
            }
        }
    }

    #[tokio::test]
    async fn issuer_and_audience_are_checked_where_configured() {
        let mut config = secret();
        config.issuer = vec!["me".to_owned(), "my sister".to_owned()];
        config.audience = vec!["us".to_owned()];
        let exp = seconds(60);
        for (iss, aud, accepted) in [
            (json!("my sister"), json!("us"), true),
            (json!("me"), json!(["them", "us"]), true),
            (json!("me"), json!("them"), false),
            (json!("me"), json!([]), false),
            (json!("me"), json!(null), false),
            (json!("he"), json!("us"), false),
            (json!(["me"]), json!("us"), false),
            (json!(null), json!("us"), false),
        ] {
            let token = sign(&json!({"sub": "ann", "exp": exp, "iss": iss, "aud": aud}));
            assert_eq!(
                verify(&config, &token).await.is_ok(),
                accepted,
                "{iss} {aud}"
            );
        }
    }

    #[tokio::test]
    async fn signatures_are_checked() {
        let claims = json!({"sub": "ann", "exp": seconds(60)});
        let good = sign(&claims);
        let encode = |value: &Value| {
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
        };
        let none = format!("{}.{}.", encode(&json!({"alg": "none"})), encode(&claims));
        let critical = Header {
            crit: Some(vec!["exp".to_owned()]),
            ..Header::new(Algorithm::HS256)
        };
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let critical = jsonwebtoken::encode(&critical, &claims, &key).unwrap();
        let other = Header::new(Algorithm::HS384);
        let other = jsonwebtoken::encode(&other, &claims, &key).unwrap();
        let forged = EncodingKey::from_secret(b"another secret that is long enough too");
        let forged = jsonwebtoken::encode(&Header::default(), &claims, &forged).unwrap();
        for (token, part) in [
            (none.as_str(), "cannot be read"),
            (&critical, "critical"),
            (&other, "HS384"),
            (&forged, "InvalidSignature"),
            ("a.b.c", "cannot be read"),
            ("", "cannot be read"),
        ] {
            let reason = verify(&secret(), token).await.unwrap_err();
            assert!(reason.contains(part), "{reason}");
        }
        let nothing = config(JwtKeys::None, &[]);
        let reason = verify(&nothing, &good).await.unwrap_err();
        assert!(reason.contains("configured"), "{reason}");
    }

    /// A key of each kind: its algorithm, the private key and the public one.
    fn pairs() -> [(Algorithm, EncodingKey, Value); 3] {
        // Something has to name the provider before keys can be turned into their public halves.
        Verifier::new(&secret()).unwrap();
        let pem = |name: &str| {
            std::fs::read(format!(
                "{}/tests/keys/{name}.pem",
                env!("CARGO_MANIFEST_DIR")
            ))
            .unwrap()
        };
        [
            (
                Algorithm::RS256,
                EncodingKey::from_rsa_pem(&pem("rs256")).unwrap(),
            ),
            (
                Algorithm::ES256,
                EncodingKey::from_ec_pem(&pem("es256")).unwrap(),
            ),
            (
                Algorithm::EdDSA,
                EncodingKey::from_ed_pem(&pem("eddsa")).unwrap(),
            ),
        ]
        .map(|(algorithm, key)| {
            let mut public =
                serde_json::to_value(Jwk::from_encoding_key(&key, algorithm).unwrap()).unwrap();
            public["kid"] = json!(format!("{algorithm:?}"));
            (algorithm, key, public)
        })
    }

    #[tokio::test]
    async fn public_keys_are_found_and_rotate() {
        let all = ["RS256", "ES256", "EdDSA"];
        let path = std::env::temp_dir().join(format!("waymark-jwks-{}.json", std::process::id()));
        let config = config(JwtKeys::File(path.clone()), &all);
        let claims = json!({"sub": "ann", "exp": seconds(60)});
        let publics: Vec<Value> = pairs().into_iter().map(|(_, _, public)| public).collect();

        // No file yet: the service runs, tokens are refused.
        let verifier = Verifier::new(&config).unwrap();
        let (algorithm, key, _) = &pairs()[2];
        let header = Header {
            kid: Some("EdDSA".to_owned()),
            ..Header::new(*algorithm)
        };
        let token = jsonwebtoken::encode(&header, &claims, key).unwrap();
        assert!(verifier.verify(&token).await.is_err());

        std::fs::write(&path, json!({ "keys": publics }).to_string()).unwrap();
        for (algorithm, key, _) in pairs() {
            for kid in [None, Some(format!("{algorithm:?}"))] {
                let header = Header {
                    kid,
                    ..Header::new(algorithm)
                };
                let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
                assert_eq!(
                    verifier.verify(&token).await.ok().map(|found| found.0),
                    Some(Subject("ann".to_owned()))
                );
            }
            let header = Header {
                kid: Some("unknown".to_owned()),
                ..Header::new(algorithm)
            };
            let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
            assert!(verifier.verify(&token).await.is_err());
        }
        // A public key is no secret: a token signed with it as one is forged.
        let secret = EncodingKey::from_secret(publics[0]["n"].as_str().unwrap().as_bytes());
        let forged =
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &secret).unwrap();
        assert!(verifier.verify(&forged).await.is_err());

        // Nonsense in the file: the last keys stay. A set without the key: it goes.
        std::fs::write(&path, "{").unwrap();
        assert!(verifier.verify(&token).await.is_ok());
        std::fs::write(&path, json!({ "keys": [publics[0]] }).to_string()).unwrap();
        assert!(verifier.verify(&token).await.is_err());
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn unfit_keys_are_left_out() {
        use super::super::jwks::KeySet;
        let [(_, _, rsa), (_, _, ec), _] = pairs();
        let with = |key: &Value, name: &str, value: Value| {
            let mut key = key.clone();
            key[name] = value;
            key
        };
        let keys = [
            ec.clone(),
            with(&ec, "use", json!("enc")),
            with(&ec, "key_ops", json!(["sign"])),
            with(&ec, "crv", json!("P-384")),
            with(&ec, "alg", json!("RS256")),
            with(&rsa, "n", json!("AQAB")),
            json!({"kty": "oct", "k": "c2VjcmV0"}),
            json!({"kty": "new"}),
            json!("key"),
        ];
        let text = json!({ "keys": keys }).to_string();
        let (set, skipped) = KeySet::parse(&text, &[Algorithm::RS256, Algorithm::ES256]).unwrap();
        assert_eq!((set.len(), skipped.len()), (1, 8), "{skipped:?}");
        assert!(KeySet::parse("[]", &[]).is_err());
    }
}
