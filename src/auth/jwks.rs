//! The public keys that bearer tokens are checked with, from a file or a URL, while they rotate.
//!
//! What was read last stays in force while the file or the server is away or gives nonsense: keys
//! that were good a minute ago are better than a service that knows nobody.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use tokio::sync::{Notify, watch};

/// How long reading a URL may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
/// How soon a URL is read again for one more key that is not known, so that forged tokens cannot make
/// this service a burden to that one.
const FETCH_PAUSE: Duration = Duration::from_secs(5);
/// How long a token whose key is not known waits for that. Meanwhile it is executed in place of another request.
const PATIENCE: Duration = Duration::from_secs(1);
/// How soon a URL that could not be read is tried again.
const RETRY: Duration = Duration::from_secs(10);
/// The longest key set that is read, and the most keys that are kept of it.
const LONGEST: u64 = 1 << 20;
const MOST_KEYS: usize = 100;
/// Shorter RSA keys are no longer safe.
const SHORTEST_RSA_BITS: usize = 2048;

/// One key, and what it may check.
#[derive(Debug)]
struct Key {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

/// The usable keys of one reading.
#[derive(Debug, Default)]
pub struct KeySet {
    keys: Vec<Key>,
}

impl KeySet {
    /// Reads a JSON Web Key Set, leaving out what cannot check one of the algorithms `allowed`; the
    /// texts say what was left out and why.
    ///
    /// # Errors
    /// In words, if it is no key set at all.
    pub fn parse(text: &str, allowed: &[Algorithm]) -> Result<(Self, Vec<String>), String> {
        #[derive(Deserialize)]
        struct Document {
            keys: Vec<serde_json::Value>,
        }
        let document: Document = serde_json::from_str(text)
            .map_err(|error| format!("not a JSON object with a list \"keys\": {error}"))?;
        let mut set = Self::default();
        let mut skipped = Vec::new();
        for (index, value) in document.keys.into_iter().enumerate() {
            let read = if set.keys.len() < MOST_KEYS {
                read_key(value, allowed)
            } else {
                Err(format!("more than {MOST_KEYS} keys"))
            };
            match read {
                Ok(key) => set.keys.push(key),
                Err(why) => skipped.push(format!("key {index}: {why}")),
            }
        }
        Ok((set, skipped))
    }

    /// How many keys are usable.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether a token that names this key, or none, names one of these.
    pub(super) fn knows(&self, id: Option<&str>) -> bool {
        id.is_some() && self.keys.iter().any(|key| key.id.as_deref() == id)
    }

    /// The keys that may check a token of this algorithm that names this key, or none.
    pub(super) fn candidates<'s>(
        &'s self,
        id: Option<&'s str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &'s DecodingKey> {
        self.keys
            .iter()
            .filter(move |key| {
                key.algorithms.contains(&algorithm)
                    && (id.is_none() || key.id.is_none() || key.id.as_deref() == id)
            })
            .map(|key| &key.key)
    }
}

fn read_key(value: serde_json::Value, allowed: &[Algorithm]) -> Result<Key, String> {
    let jwk: Jwk = serde_json::from_value(value).map_err(|error| error.to_string())?;
    if !matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    ) {
        return Err("it is not meant for signatures".to_owned());
    }
    if let Some(operations) = &jwk.common.key_operations
        && !operations.contains(&KeyOperations::Verify)
    {
        return Err("it is not meant for checking signatures".to_owned());
    }
    let fitting: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(parameters) => {
            let bits = parameters.n.trim_end_matches('=').len() * 6;
            if bits < SHORTEST_RSA_BITS {
                return Err(format!("an RSA key of fewer than {SHORTEST_RSA_BITS} bits"));
            }
            &[
                Algorithm::RS256,
                Algorithm::RS384,
                Algorithm::RS512,
                Algorithm::PS256,
                Algorithm::PS384,
                Algorithm::PS512,
            ]
        }
        AlgorithmParameters::EllipticCurve(parameters) => match parameters.curve {
            EllipticCurve::P256 => &[Algorithm::ES256],
            EllipticCurve::P384 => &[Algorithm::ES384],
            _ => return Err("an elliptic curve other than P-256 and P-384".to_owned()),
        },
        AlgorithmParameters::OctetKeyPair(parameters)
            if parameters.curve == EllipticCurve::Ed25519 =>
        {
            &[Algorithm::EdDSA]
        }
        AlgorithmParameters::OctetKey(_) => {
            return Err("a shared secret, which does not belong among public keys".to_owned());
        }
        _ => return Err("an unknown type of key".to_owned()),
    };
    let named = match jwk.common.key_algorithm {
        None => None,
        Some(name) => Some(
            Algorithm::try_from(name).map_err(|_| "it names an unknown algorithm".to_owned())?,
        ),
    };
    let algorithms: Vec<Algorithm> = fitting
        .iter()
        .copied()
        .filter(|it| allowed.contains(it) && named.is_none_or(|named| named == *it))
        .collect();
    if algorithms.is_empty() {
        return Err("it fits none of the configured algorithms".to_owned());
    }
    let key = DecodingKey::from_jwk(&jwk).map_err(|error| error.to_string())?;
    Ok(Key {
        id: jwk.common.key_id,
        algorithms,
        key,
    })
}

/// A key set that follows its source.
#[derive(Debug)]
pub struct Jwks {
    source: Source,
    allowed: Vec<Algorithm>,
    current: Mutex<Arc<KeySet>>,
}

#[derive(Debug)]
enum Source {
    File {
        path: PathBuf,
        /// What the file looked like when it was read last: time of change and length.
        seen: Mutex<Option<(SystemTime, u64)>>,
    },
    Url {
        url: String,
        every: Duration,
        /// Asks for one more reading. Only [`Jwks::keep_fresh`] reads, so that it is read once at a time.
        wanted: Notify,
        /// The last reading that has ended.
        last: watch::Sender<Option<Reading>>,
    },
}

/// A reading of a URL that has ended.
#[derive(Debug, Clone, Copy)]
struct Reading {
    at: Instant,
    /// Whether it brought a key set.
    good: bool,
}

impl Jwks {
    /// Keys from a file. Reads it; if that fails, says so in the log and has no keys for now.
    pub fn file(path: &Path, allowed: Vec<Algorithm>) -> Self {
        let source = Source::File {
            path: path.to_owned(),
            seen: Mutex::new(None),
        };
        let jwks = Self::new(source, allowed);
        jwks.follow_file();
        jwks
    }

    /// Keys from a URL, which is read while [`Jwks::keep_fresh`] runs.
    pub fn url(url: &str, every: Duration, allowed: Vec<Algorithm>) -> Self {
        let source = Source::Url {
            url: url.to_owned(),
            every,
            wanted: Notify::new(),
            last: watch::Sender::default(),
        };
        Self::new(source, allowed)
    }

    fn new(source: Source, allowed: Vec<Algorithm>) -> Self {
        Self {
            source,
            allowed,
            current: Mutex::default(),
        }
    }

    /// The keys as of now; a file is looked at for changes.
    pub(super) fn current(&self) -> Arc<KeySet> {
        self.follow_file();
        Arc::clone(&self.current.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The keys after looking again for one that is not known yet: a URL is read unless that was done a moment
    /// ago. Nobody waits for a server of keys that does not answer, once that is known: whoever sends forged
    /// tokens could keep others out meanwhile.
    pub(super) async fn look_again(&self) -> Arc<KeySet> {
        if let Source::Url {
            every,
            wanted,
            last,
            ..
        } = &self.source
        {
            let mut next = last.subscribe();
            let known = *next.borrow_and_update();
            let pause = FETCH_PAUSE.min(*every);
            if known.is_none_or(|it| it.at.elapsed() >= pause) {
                wanted.notify_one();
                let answers = known.is_none_or(|it| it.good);
                if answers
                    && tokio::time::timeout(PATIENCE, next.changed())
                        .await
                        .is_err()
                {
                    let at = Instant::now();
                    last.send_replace(Some(Reading { at, good: false }));
                }
            }
        }
        self.current()
    }

    /// Reads a URL now and then, and when a key is not known, for ever; returns at once for a file, which is
    /// looked at whenever a token comes.
    pub async fn keep_fresh(&self) {
        let Source::Url {
            url,
            every,
            wanted,
            last,
        } = &self.source
        else {
            return;
        };
        loop {
            let good = self.put(url, get(url).await);
            let at = Instant::now();
            last.send_replace(Some(Reading { at, good }));
            let pause = if good { *every } else { RETRY.min(*every) };
            let _either = tokio::time::timeout(pause, wanted.notified()).await;
            // A permit may be left from a moment ago.
            tokio::time::sleep(FETCH_PAUSE.min(*every).saturating_sub(at.elapsed())).await;
        }
    }

    /// Reads the source once, for somebody who wants to know whether that works: how many keys are
    /// usable, and what is wrong with others.
    ///
    /// # Errors
    /// In words.
    pub async fn check(&self) -> Result<(usize, Vec<String>), String> {
        let text = match &self.source {
            Source::File { path, .. } => read_file(path)?,
            Source::Url { url, .. } => get(url).await?,
        };
        let (set, skipped) = KeySet::parse(&text, &self.allowed)?;
        Ok((set.len(), skipped))
    }

    fn follow_file(&self) {
        let Source::File { path, seen } = &self.source else {
            return;
        };
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = std::fs::metadata(path)
            .and_then(|it| Ok((it.modified()?, it.len())))
            // A file that went away is a change like any other, told once.
            .unwrap_or((SystemTime::UNIX_EPOCH, 0));
        if *seen != Some(now) {
            *seen = Some(now);
            let source = path.display().to_string();
            self.put(&source, read_file(path));
        }
    }

    /// Takes over what was read, if it is a key set; else keeps what is there and says so.
    fn put(&self, source: &str, read: Result<String, String>) -> bool {
        match read.and_then(|text| KeySet::parse(&text, &self.allowed)) {
            Ok((set, skipped)) => {
                for why in skipped {
                    tracing::warn!(source, "left out of the key set: {why}");
                }
                if set.is_empty() {
                    tracing::warn!(
                        source,
                        "the key set has no usable key: bearer tokens are refused"
                    );
                } else {
                    tracing::debug!(source, keys = set.len(), "read the key set");
                }
                *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
                true
            }
            Err(error) => {
                let keys = self
                    .current
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .len();
                if keys == 0 {
                    tracing::warn!(
                        source,
                        error,
                        "no key set: bearer tokens are refused until it can be read"
                    );
                } else {
                    tracing::warn!(
                        source,
                        error,
                        keys,
                        "could not read the key set again: the last one stays in force"
                    );
                }
                false
            }
        }
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))
}

async fn get(url: &str) -> Result<String, String> {
    let url = url.to_owned();
    let fetch = move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(FETCH_TIMEOUT))
            .build()
            .into();
        agent
            .get(&url)
            .header("accept", "application/json")
            .call()
            .and_then(|mut response| {
                response
                    .body_mut()
                    .with_config()
                    .limit(LONGEST)
                    .read_to_string()
            })
            .map_err(|error| format!("cannot be read: {error}"))
    };
    tokio::task::spawn_blocking(fetch)
        .await
        .map_err(|error| error.to_string())?
}
