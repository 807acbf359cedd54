//! The whole configuration, typed. Defaults, then a file, then the environment, then flags; the later
//! wins. The defaults are a file as well, compiled in: it is the one list of the keys there are, so a
//! key that it does not hold is unknown, and the type of a default is the type of its key.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::http::HeaderName;
pub use graphql_operation::LimitMode;
use ipnet::IpNet;
use toml::Value;

/// The commented defaults, as `waymark config default` prints them.
pub const DEFAULT_TOML: &str = include_str!("default.toml");

/// The file that is read if it is there and no other is named.
pub const DEFAULT_FILE: &str = "waymark.toml";

const ENV_PREFIX: &str = "WAYMARK_";
/// Variables that belong to the test suite, and are nothing to the service.
const ENV_TEST_PREFIX: &str = "WAYMARK_TEST_";

/// A shorter secret can be found by trying. Accepted all the same, for a quick try on one's own
/// machine, but never without a word.
pub const SHORTEST_SAFE_SECRET: usize = 32;

/// Everything that can be configured.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database is. A secret, because it may hold a password.
    pub database_url: Secret,
    /// A streaming replica that lists are read from. A secret as well.
    pub database_read_url: Option<Secret>,
    /// Upper bound of open connections; on SQLite, of those that read.
    pub database_max_connections: u32,
    pub listen: SocketAddr,
    /// Where clients find the service; without a slash at the end.
    pub public_url: Option<String>,
    /// How long a stopping service waits for what is running.
    pub shutdown_grace: Duration,
    pub auth: Auth,
    /// Browsers of other sites.
    pub cors: Cors,
    /// How much is too much.
    pub limits: Limits,
    pub graphql: Graphql,
    pub subscriptions: Subscriptions,
    /// The page for trying out queries.
    pub graphiql: Graphiql,
    /// Who may ask for the schema.
    pub introspection: Introspection,
    pub history: History,
    /// Telling others what happened.
    pub webhooks: Webhooks,
    pub log: Log,
    pub traces: Traces,
}

#[derive(Debug, Clone)]
pub struct History {
    /// How long events are kept; none: for ever.
    pub keep: Option<Duration>,
}

#[derive(Debug, Clone)]
pub struct Auth {
    pub jwt: Jwt,
}

#[derive(Debug, Clone)]
pub struct Jwt {
    /// What signatures are checked with.
    pub keys: JwtKeys,
    /// How often keys behind a URL are read again.
    pub jwks_refresh: Duration,
    /// The accepted algorithms; never empty where there are keys.
    pub algorithms: Vec<String>,
    /// Accepted issuers; empty: not checked.
    pub issuer: Vec<String>,
    /// Accepted audiences; empty: not checked.
    pub audience: Vec<String>,
    /// The claim that names the user.
    pub user_claim: String,
    /// How far clocks may differ.
    pub leeway: Duration,
}

/// Where the keys of bearer tokens come from.
#[derive(Debug, Clone)]
pub enum JwtKeys {
    /// Nowhere: no bearer token is accepted.
    None,
    Secret(Secret),
    /// A file of public keys.
    File(PathBuf),
    /// A URL of public keys.
    Url(String),
}

/// Browsers of other sites.
#[derive(Debug, Clone)]
pub struct Cors {
    /// Allowed origins; `*` is any.
    pub origins: Vec<String>,
    /// Request headers to allow beside the usual ones.
    pub headers: Vec<HeaderName>,
}

/// How much is too much.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The longest request body, in bytes.
    pub body_bytes: usize,
    /// The longest a request may take.
    pub request_timeout: Duration,
    /// Requests of one caller in a second; 0 is any number.
    pub requests_per_second: u32,
    /// What one caller's operations may cost in a second; 0 is any cost.
    pub cost_per_second: u32,
    /// Requests in execution at the same time.
    pub concurrency: usize,
    /// How long a request waits to be executed.
    pub queue: Duration,
    /// Open connections of clients.
    pub connections: usize,
    /// How long the head of a request may take, from its first byte on.
    pub head_timeout: Duration,
    /// How long a body may take, and a client that reads slowly.
    pub body_timeout: Duration,
    /// Levels of fields in a document.
    pub depth: usize,
    /// The price of an answer.
    pub cost: usize,
    /// Aliases in a document.
    pub aliases: usize,
    /// Fields of the root in an operation.
    pub root_fields: usize,
    /// Directives in a document.
    pub directives: usize,
    /// Tokens of a document's text.
    pub tokens: usize,
    /// Fields of a document, its fragments counted wherever they are spread.
    pub fields: usize,
    /// The longest variables of an operation, in bytes of JSON.
    pub variables_bytes: usize,
    /// What happens to an operation over a limit.
    pub mode: LimitMode,
}

#[derive(Debug, Clone)]
pub struct Graphql {
    /// Which statuses are answered.
    pub profile: Profile,
    /// Whether a client may name a document by its hash once it was sent whole.
    pub persisted_queries: bool,
    /// Whether gateways may ask what they ask of a subgraph.
    pub federation: bool,
    /// Documents that clients may name.
    pub trusted: Trusted,
}

/// Subscriptions, and everything else that comes over a WebSocket.
#[derive(Debug, Clone)]
pub struct Subscriptions {
    /// The most open WebSockets and event streams of this process.
    pub connections: usize,
    /// The most operations at once in a WebSocket.
    pub operations: usize,
    /// How long a client may take to say `connection_init`.
    pub init_timeout: Duration,
    /// How often clients are asked whether they are still there.
    pub ping: Duration,
    /// How often to look for events, whether told or not.
    pub poll: Duration,
}

/// Documents that clients may name, because they were collected when those clients were built.
#[derive(Debug, Clone)]
pub enum Trusted {
    Off,
    /// Those of a file may be named; any other may be sent.
    Prefer(PathBuf),
    /// Those of a file, and no others.
    Require(PathBuf),
}

/// Which HTTP statuses GraphQL answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// What clients expect today.
    Compat,
    /// What the current draft asks for.
    Strict,
}

/// The page for trying out queries.
#[derive(Debug, Clone)]
pub struct Graphiql {
    /// Whether it is served.
    pub enabled: bool,
}

/// Who may ask for the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Introspection {
    Public,
    Authenticated,
    Off,
}

/// Telling others what happened.
#[derive(Debug, Clone)]
pub struct Webhooks {
    /// Whether addresses may be http.
    pub allow_http: bool,
    /// Networks that are no part of the public internet and may be sent to all the same.
    pub allow_networks: Vec<IpNet>,
    /// The proxy that everything goes through. A secret, because it may hold a password.
    pub proxy: Option<Secret>,
    /// How often to look for what is to be sent.
    pub poll: Duration,
}

#[derive(Debug, Clone)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,
    /// What is worth logging.
    pub level: String,
    /// A request that takes longer is logged once more.
    pub slow_operation: Duration,
    /// A SQL statement that takes longer is logged.
    pub slow_statement: Duration,
}

#[derive(Debug, Clone)]
pub struct Traces {
    /// Where they are sent; none: nothing is traced.
    pub otlp: Option<Otlp>,
    /// The share of those that begin here, from 0 to 1.
    pub sample: f64,
}

/// A collector of traces.
#[derive(Debug, Clone)]
pub struct Otlp {
    /// Its URL, without `/v1/traces` and without a slash at the end.
    pub endpoint: String,
    /// What is sent with every request to it. Secrets, because credentials stand there.
    pub headers: Vec<(String, Secret)>,
    /// What the service is called.
    pub service_name: String,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    /// One JSON object a line.
    Json,
}

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for whom it is meant.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// What is wrong with a configuration, one sentence a problem. Never shows the value of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// All of it, not only the first.
    pub problems: Vec<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

/// What a flag of the command line sets: a key and its value.
pub type Flag = (&'static str, String);

/// Everything that is put over the defaults.
#[derive(Debug, Default)]
pub struct Layers {
    /// The name and the text of the file.
    pub file: Option<(String, String)>,
    pub environment: Vec<(String, String)>,
    /// Flags of the command line.
    pub flags: Vec<Flag>,
}

impl Config {
    /// Reads the file (the named one, else `waymark.toml` if it is there) and the environment, and puts
    /// the flags over them.
    ///
    /// # Errors
    /// [`ConfigError`] names everything that is wrong.
    pub fn load(file: Option<&Path>, flags: Vec<Flag>) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let file = match std::fs::read_to_string(path) {
            Ok(text) => Some((path.display().to_string(), text)),
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                problems.push(format!("{}: cannot be read: {error}", path.display()));
                None
            }
        };
        let mut environment = Vec::new();
        for (name, value) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            match value.into_string() {
                Ok(value) => environment.push((name, value)),
                Err(_) if name.starts_with(ENV_PREFIX) => {
                    problems.push(format!("{name}: is not UTF-8"));
                }
                Err(_) => {}
            }
        }
        let layers = Layers {
            file,
            environment,
            flags,
        };
        match (Self::from_layers(layers), problems.is_empty()) {
            (result, true) => result,
            (Ok(_), false) => Err(ConfigError { problems }),
            (Err(more), false) => {
                problems.extend(more.problems);
                Err(ConfigError { problems })
            }
        }
    }

    /// Puts the layers over the defaults. Reads nothing by itself.
    ///
    /// # Errors
    /// [`ConfigError`] names everything that is wrong.
    pub fn from_layers(layers: Layers) -> Result<Self, ConfigError> {
        let mut values = Values::defaults()?;
        if let Some((name, text)) = &layers.file {
            values.put_file(name, text);
        }
        values.put_environment(&layers.environment);
        for (key, value) in layers.flags {
            let flag = format!("--{}", key.replace('_', "-"));
            values.put_text(key, value, flag);
        }
        let config = values.typed();
        if values.problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError {
                problems: values.problems,
            })
        }
    }

    /// What works, and should not stay as it is.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if let JwtKeys::Secret(secret) = &self.auth.jwt.keys
            && secret.expose().len() < SHORTEST_SAFE_SECRET
        {
            warnings.push(format!(
                "auth.jwt.secret has {} bytes; a secret of fewer than {SHORTEST_SAFE_SECRET} can be found by trying, and whoever finds it can sign tokens for anybody",
                secret.expose().len()
            ));
        }
        if let JwtKeys::Url(url) = &self.auth.jwt.keys
            && url.starts_with("http://")
        {
            warnings.push("auth.jwt.jwks_url is not https: whoever sits on the way can replace the keys, and sign tokens for anybody".to_owned());
        }
        if self.webhooks.allow_http {
            warnings.push("webhooks.allow_http is set: whoever sits on the way of a webhook to an http address reads what happened".to_owned());
        }
        warnings
    }
}

/// A value and where it came from: nothing for a default.
#[derive(Debug, Clone)]
struct Sourced {
    value: Value,
    source: Option<String>,
}

/// The values of all keys, by path, while the layers are put on, and what was wrong with them.
struct Values {
    values: BTreeMap<String, Sourced>,
    /// Variables of the environment that every program with OpenTelemetry knows.
    otel: BTreeMap<String, String>,
    problems: Vec<String>,
}

/// `auth.jwt.secret` -> `WAYMARK_AUTH_JWT_SECRET`.
fn environment_name(path: &str) -> String {
    format!("{ENV_PREFIX}{}", path.replace('.', "_").to_uppercase())
}

/// All leaves of a table by their path. An empty section is a leaf, so that it is known or unknown too.
fn flatten(table: toml::Table, prefix: &str, into: &mut Vec<(String, Value)>) {
    for (key, value) in table {
        let path = if prefix.is_empty() {
            key
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            Value::Table(table) if !table.is_empty() => flatten(table, &path, into),
            value => into.push((path, value)),
        }
    }
}

/// The up to three of `names` that are most like `name`.
fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    let mut scored: Vec<(f64, &str)> = names
        .map(|candidate| {
            // The same key in another section is what was meant as often as a misspelling.
            let whole = strsim::jaro_winkler(name, candidate);
            let leaf = strsim::jaro_winkler(&last(name), &last(candidate));
            (whole.max(leaf), candidate)
        })
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored
        .into_iter()
        .take(3)
        .map(|(_, candidate)| candidate)
        .collect()
}

impl Values {
    fn defaults() -> Result<Self, ConfigError> {
        let table: toml::Table = DEFAULT_TOML.parse().map_err(|error| ConfigError {
            problems: vec![format!("the defaults that are compiled in: {error}")],
        })?;
        let mut leaves = Vec::new();
        flatten(table, "", &mut leaves);
        let values = leaves
            .into_iter()
            .map(|(path, value)| {
                let source = None;
                (path, Sourced { value, source })
            })
            .collect();
        Ok(Self {
            values,
            otel: BTreeMap::new(),
            problems: Vec::new(),
        })
    }

    fn put_file(&mut self, name: &str, text: &str) {
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                // The message of the parser quotes the line, which may hold a secret.
                let error: toml::de::Error = error;
                let line = error.span().map_or(1, |span| {
                    1 + text[..span.start.min(text.len())].matches('\n').count()
                });
                self.problems.push(format!(
                    "{name}: line {line} is not TOML: {}",
                    error.message()
                ));
                return;
            }
        };
        let mut leaves = Vec::new();
        flatten(table, "", &mut leaves);
        for (path, value) in leaves {
            let source = format!("{name}: {path}");
            let Some(known) = self.values.get(&path) else {
                let section = format!("{path}.");
                if self.values.keys().any(|key| key.starts_with(&section)) {
                    if value.is_table() {
                        continue;
                    }
                    self.problems
                        .push(format!("{source} is a section: write [{path}]"));
                } else {
                    let near = nearest(&path, self.values.keys().map(String::as_str));
                    self.problems.push(format!(
                        "{source} is no key; near to it are {}",
                        near.join(", ")
                    ));
                }
                continue;
            };
            // One issuer need not be written as a list.
            let value = match (&known.value, value) {
                (Value::Array(_), Value::String(text)) if !text.is_empty() => {
                    Value::Array(vec![Value::String(text)])
                }
                (Value::Array(_), Value::String(_)) => Value::Array(Vec::new()),
                (Value::Float(_), Value::Integer(whole @ (0 | 1))) => {
                    Value::Float(if whole == 0 { 0.0 } else { 1.0 })
                }
                (_, value) => value,
            };
            if known.value.type_str() == value.type_str() {
                let source = Some(source);
                self.values.insert(path, Sourced { value, source });
            } else {
                self.problems.push(format!(
                    "{source} must be {}, not {}",
                    type_words(&known.value),
                    type_words(&value)
                ));
            }
        }
    }

    fn put_environment(&mut self, environment: &[(String, String)]) {
        let names: BTreeMap<String, String> = self
            .values
            .keys()
            .map(|path| (environment_name(path), path.clone()))
            .collect();
        for (name, value) in environment {
            if name.starts_with("OTEL_") && !value.is_empty() {
                self.otel.insert(name.clone(), value.clone());
            }
            if !name.starts_with(ENV_PREFIX) || name.starts_with(ENV_TEST_PREFIX) {
                continue;
            }
            if let Some(path) = names.get(name) {
                self.put_text(path, value.clone(), name.clone());
            } else {
                let near = nearest(name, names.keys().map(String::as_str));
                self.problems.push(format!(
                    "{name} is no variable of Waymark; near to it are {}",
                    near.join(", ")
                ));
            }
        }
    }

    /// Sets a key from a text, read as the type of the key asks.
    fn put_text(&mut self, path: &str, text: String, source: String) {
        let Some(known) = self.values.get_mut(path) else {
            self.problems.push(format!("{source}: no key {path}"));
            return;
        };
        let value = match &known.value {
            Value::Integer(_) => text.trim().parse().ok().map(Value::Integer),
            Value::Float(_) => text.trim().parse().ok().map(Value::Float),
            Value::Boolean(_) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => Some(Value::Boolean(true)),
                "false" | "0" => Some(Value::Boolean(false)),
                _ => None,
            },
            Value::Array(_) => Some(Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(|item| Value::String(item.to_owned()))
                    .collect(),
            )),
            _ => Some(Value::String(text)),
        };
        match value {
            Some(value) => {
                known.value = value;
                known.source = Some(source);
            }
            None => self
                .problems
                .push(format!("{source} must be {}", type_words(&known.value))),
        }
    }

    /// Reads every key as what it is. Where one is wrong, a problem is kept and what is answered in
    /// its place does not matter, because the whole is refused.
    fn typed(&mut self) -> Config {
        Config {
            database_url: Secret::new(self.database_url()),
            database_read_url: self.database_read_url().map(Secret::new),
            database_max_connections: self.number("database_max_connections", 1),
            listen: self.listen(),
            public_url: self.public_url(),
            shutdown_grace: self.duration("shutdown_grace"),
            auth: Auth { jwt: self.jwt() },
            cors: Cors {
                origins: self.origins(),
                headers: self.headers(),
            },
            limits: Limits {
                body_bytes: self.number("limits.body_bytes", 1),
                request_timeout: self.positive_duration("limits.request_timeout"),
                requests_per_second: self.number("limits.requests_per_second", 0),
                cost_per_second: self.number("limits.cost_per_second", 0),
                concurrency: self.concurrency(),
                queue: self.duration("limits.queue"),
                connections: self.number("limits.connections", 1),
                head_timeout: self.positive_duration("limits.head_timeout"),
                body_timeout: self.positive_duration("limits.body_timeout"),
                depth: self.number("limits.depth", 1),
                cost: self.number("limits.cost", 1),
                aliases: self.number("limits.aliases", 0),
                root_fields: self.number("limits.root_fields", 1),
                directives: self.number("limits.directives", 0),
                tokens: self.number("limits.tokens", 1),
                fields: self.number("limits.fields", 1),
                variables_bytes: self.number("limits.variables_bytes", 1),
                mode: self.choice(
                    "limits.mode",
                    &[
                        ("enforce", LimitMode::Enforce),
                        ("measure", LimitMode::Measure),
                    ],
                ),
            },
            graphql: Graphql {
                profile: self.choice(
                    "graphql.profile",
                    &[("compat", Profile::Compat), ("strict", Profile::Strict)],
                ),
                persisted_queries: matches!(
                    self.value("graphql.persisted_queries"),
                    Value::Boolean(true)
                ),
                federation: matches!(self.value("graphql.federation"), Value::Boolean(true)),
                trusted: self.trusted(),
            },
            subscriptions: Subscriptions {
                connections: self.number("subscriptions.connections", 1),
                operations: self.number("subscriptions.operations", 1),
                init_timeout: self.positive_duration("subscriptions.init_timeout"),
                ping: self.positive_duration("subscriptions.ping"),
                poll: self.positive_duration("subscriptions.poll"),
            },
            graphiql: Graphiql {
                enabled: matches!(self.value("graphiql.enabled"), Value::Boolean(true)),
            },
            history: History {
                keep: Some(self.duration("history.keep")).filter(|keep| !keep.is_zero()),
            },
            introspection: self.choice(
                "introspection.mode",
                &[
                    ("public", Introspection::Public),
                    ("authenticated", Introspection::Authenticated),
                    ("off", Introspection::Off),
                ],
            ),
            webhooks: Webhooks {
                allow_http: matches!(self.value("webhooks.allow_http"), Value::Boolean(true)),
                allow_networks: self.networks(),
                proxy: self.proxy(),
                poll: self.positive_duration("webhooks.poll"),
            },
            log: Log {
                format: self.choice(
                    "log.format",
                    &[("text", LogFormat::Text), ("json", LogFormat::Json)],
                ),
                level: self.log_level(),
                slow_operation: self.positive_duration("log.slow_operation"),
                slow_statement: self.positive_duration("log.slow_statement"),
            },
            traces: Traces {
                otlp: self.otlp(),
                sample: self.share("traces.sample"),
            },
        }
    }

    fn value(&self, path: &str) -> &Value {
        // Every path asked for stands in the defaults: a test asks for them all.
        self.values
            .get(path)
            .map_or(&Value::Boolean(false), |sourced| &sourced.value)
    }

    fn text(&self, path: &str) -> String {
        self.value(path).as_str().unwrap_or_default().to_owned()
    }

    fn optional_text(&self, path: &str) -> Option<String> {
        Some(self.text(path)).filter(|text| !text.is_empty())
    }

    /// Keeps a problem, in words that name the key and where its value stands.
    fn wrong(&mut self, path: &str, what: impl fmt::Display) {
        let source = self.values.get(path).and_then(|it| it.source.clone());
        let place = source.unwrap_or_else(|| path.to_owned());
        self.problems.push(format!("{place} {what}"));
    }

    fn list(&mut self, path: &str) -> Vec<String> {
        let Value::Array(items) = self.value(path) else {
            return Vec::new();
        };
        let texts: Option<Vec<String>> = items
            .iter()
            .map(|item| item.as_str().filter(|it| !it.is_empty()).map(str::to_owned))
            .collect();
        texts.unwrap_or_else(|| {
            self.wrong(path, "must be a list of texts, none of them empty");
            Vec::new()
        })
    }

    fn number<N: TryFrom<i64> + Default>(&mut self, path: &str, least: i64) -> N {
        let number = self.value(path).as_integer().unwrap_or_default();
        match N::try_from(number) {
            Ok(typed) if number >= least => typed,
            _ => {
                self.wrong(path, format!("must be at least {least}, and not {number}"));
                N::default()
            }
        }
    }

    fn duration(&mut self, path: &str) -> Duration {
        let text = self.text(path);
        parse_duration(&text).unwrap_or_else(|wrong| {
            self.wrong(path, wrong);
            Duration::ZERO
        })
    }

    fn positive_duration(&mut self, path: &str) -> Duration {
        let before = self.problems.len();
        let duration = self.duration(path);
        if duration.is_zero() && self.problems.len() == before {
            self.wrong(path, "must be longer than nothing");
        }
        duration
    }

    fn choice<T: Copy>(&mut self, path: &str, choices: &[(&str, T)]) -> T {
        let text = self.text(path);
        if let Some((_, found)) = choices.iter().find(|(name, _)| *name == text) {
            return *found;
        }
        let names: Vec<String> = choices
            .iter()
            .map(|(name, _)| format!("{name:?}"))
            .collect();
        self.wrong(
            path,
            format!("must be {}, and not {text:?}", names.join(" or ")),
        );
        choices[0].1
    }

    /// Where none is set: several times what keeps processors and connections busy, so that usual bursts are never
    /// refused, and no more, because requests that are executed together make each other slower.
    fn concurrency(&mut self) -> usize {
        let set = self.number("limits.concurrency", 0);
        if set > 0 {
            return set;
        }
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let connections: usize = self.number("database_max_connections", 1);
        16 + 4 * (cores + connections)
    }

    fn database_url(&mut self) -> String {
        let path = "database_url";
        let url = self.text(path);
        let known = ["sqlite://", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| url.starts_with(scheme)) {
            self.wrong(path, "must begin with sqlite:// or postgres://");
        }
        url
    }

    fn database_read_url(&mut self) -> Option<String> {
        let path = "database_read_url";
        let url = self.optional_text(path)?;
        let is_postgres = |url: &str| {
            ["postgres://", "postgresql://"]
                .iter()
                .any(|scheme| url.starts_with(scheme))
        };
        if !is_postgres(&url) {
            self.wrong(path, "must begin with postgres://");
        } else if !is_postgres(&self.text("database_url")) {
            self.wrong(
                path,
                "is for PostgreSQL: database_url must begin with postgres:// as well",
            );
        }
        Some(url)
    }

    fn listen(&mut self) -> SocketAddr {
        let path = "listen";
        let text = self.text(path);
        text.parse().unwrap_or_else(|_| {
            self.wrong(
                path,
                format!(
                    "must be an address and a port, as in 127.0.0.1:8080 or [::]:8080, and not {text:?}"
                ),
            );
            SocketAddr::from(([127, 0, 0, 1], 0))
        })
    }

    fn public_url(&mut self) -> Option<String> {
        let path = "public_url";
        let text = self.optional_text(path)?;
        let url = text.trim_end_matches('/').to_owned();
        if !is_http_url(&url) || url.contains(['?', '#']) {
            self.wrong(
                path,
                format!(
                    "must be an absolute http or https URL without query, as in https://suggestions.example.org, and not {text:?}"
                ),
            );
        }
        Some(url)
    }

    fn trusted(&mut self) -> Trusted {
        let required = self.choice(
            "graphql.trusted_mode",
            &[
                ("off", None),
                ("prefer", Some(false)),
                ("require", Some(true)),
            ],
        );
        let file = "graphql.trusted_documents";
        match (required, self.optional_text(file)) {
            (None, _) => Trusted::Off,
            (Some(false), Some(file)) => Trusted::Prefer(file.into()),
            (Some(true), Some(file)) => Trusted::Require(file.into()),
            (Some(_), None) => {
                self.wrong(
                    file,
                    "must name a file, since graphql.trusted_mode is not off",
                );
                Trusted::Off
            }
        }
    }

    fn origins(&mut self) -> Vec<String> {
        let path = "cors.origins";
        let origins = self.list(path);
        for origin in &origins {
            if origin != "*" && !is_origin(origin) {
                self.wrong(
                    path,
                    format!(
                        "must hold origins as browsers send them, as in https://app.example.org: in lower case, without path, slash at the end or usual port, and not {origin:?}"
                    ),
                );
            }
        }
        if origins.len() > 1 && origins.iter().any(|origin| origin == "*") {
            self.wrong(path, "must be \"*\" alone, or name origins without it");
        }
        origins
    }

    fn headers(&mut self) -> Vec<HeaderName> {
        let path = "cors.headers";
        let mut headers = Vec::new();
        for name in self.list(path) {
            match name.parse() {
                Ok(header) => headers.push(header),
                Err(_) => self.wrong(
                    path,
                    format!("must hold names of headers, as in x-tenant, and not {name:?}"),
                ),
            }
        }
        headers
    }

    fn networks(&mut self) -> Vec<IpNet> {
        let path = "webhooks.allow_networks";
        let mut networks = Vec::new();
        for text in self.list(path) {
            match text.parse() {
                Ok(network) => networks.push(network),
                Err(_) => self.wrong(
                    path,
                    format!(
                        "must hold networks, as in 10.0.0.0/8, 192.168.1.7/32 or fd00::/8, and not {text:?}"
                    ),
                ),
            }
        }
        networks
    }

    fn proxy(&mut self) -> Option<Secret> {
        let path = "webhooks.proxy";
        let text = self.optional_text(path)?;
        let known = ["http://", "https://"];
        if !known.iter().any(|scheme| text.starts_with(scheme)) || ureq::Proxy::new(&text).is_err()
        {
            self.wrong(
                path,
                "must be the http or https URL of a proxy, as in http://proxy.example.org:3128",
            );
        }
        Some(Secret::new(text))
    }

    fn share(&mut self, path: &str) -> f64 {
        let share = self.value(path).as_float().unwrap_or_default();
        if !(0.0..=1.0).contains(&share) {
            self.wrong(path, format!("must be from 0 to 1, and not {share}"));
        }
        share
    }

    fn otlp(&mut self) -> Option<Otlp> {
        const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
        const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
        let path = "traces.otlp_endpoint";
        let own = self.optional_text(path);
        // What goes to one collector may be a secret to another one.
        let otel = match &own {
            Some(_) => BTreeMap::new(),
            None => std::mem::take(&mut self.otel),
        };
        let text = own.as_ref().or_else(|| otel.get(ENDPOINT))?;
        let endpoint = text.trim_end_matches('/').to_owned();
        if !is_http_url(&endpoint) || endpoint.contains(['?', '#']) {
            let what =
                "must be an absolute http or https URL without query, as in http://localhost:4318";
            match own {
                Some(_) => self.wrong(path, what),
                None => self.problems.push(format!("{ENDPOINT} {what}")),
            }
        }
        let listed = otel.get(HEADERS).map_or("", String::as_str);
        let headers = otlp_headers(listed).unwrap_or_else(|| {
            self.problems.push(format!(
                "{HEADERS} must be a list of headers, as in api-key=abc,x-tenant=north, with % codes for what else stands in a value"
            ));
            Vec::new()
        });
        let service_name = otel.get("OTEL_SERVICE_NAME");
        Some(Otlp {
            endpoint,
            headers,
            service_name: service_name.map_or("waymark", String::as_str).to_owned(),
        })
    }

    fn log_level(&mut self) -> String {
        const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
        let path = "log.level";
        let text = self.text(path);
        let fits = text.split(',').all(|part| {
            let level = part.rsplit('=').next().unwrap_or_default();
            LEVELS.contains(&level.trim())
        });
        if !fits {
            self.wrong(
                path,
                format!(
                    "must be error, warn, info, debug or trace, also by module as in info,sqlx=debug, and not {text:?}"
                ),
            );
        }
        text
    }

    fn jwt(&mut self) -> Jwt {
        let keys = self.jwt_keys();
        let user_claim = self.text("auth.jwt.user_claim");
        if user_claim.is_empty() {
            self.wrong("auth.jwt.user_claim", "must name a claim, as in \"sub\"");
        }
        Jwt {
            algorithms: self.algorithms(&keys),
            keys,
            jwks_refresh: self.positive_duration("auth.jwt.jwks_refresh"),
            issuer: self.list("auth.jwt.issuer"),
            audience: self.list("auth.jwt.audience"),
            user_claim,
            leeway: self.duration("auth.jwt.leeway"),
        }
    }

    fn jwt_keys(&mut self) -> JwtKeys {
        let [secret, file, url] = ["auth.jwt.secret", "auth.jwt.jwks_file", "auth.jwt.jwks_url"];
        let set: Vec<&str> = [secret, file, url]
            .into_iter()
            .filter(|path| self.optional_text(path).is_some())
            .collect();
        if set.len() > 1 {
            self.problems.push(format!(
                "{} are set: tokens are checked with one of them, so leave one",
                set.join(" and ")
            ));
            return JwtKeys::None;
        }
        if let Some(secret) = self.optional_text(secret) {
            JwtKeys::Secret(Secret::new(secret))
        } else if let Some(file) = self.optional_text(file) {
            JwtKeys::File(PathBuf::from(file))
        } else if let Some(text) = self.optional_text(url) {
            if !is_http_url(&text) {
                self.wrong(url, "must be an absolute http or https URL");
            }
            JwtKeys::Url(text)
        } else {
            JwtKeys::None
        }
    }

    /// The configured algorithms, which must fit the keys: accepting a public-key algorithm beside a
    /// secret, or the other way round, is how tokens get forged.
    fn algorithms(&mut self, keys: &JwtKeys) -> Vec<String> {
        const SHARED: [&str; 3] = ["HS256", "HS384", "HS512"];
        const PUBLIC: [&str; 9] = [
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
        ];
        let path = "auth.jwt.algorithms";
        let chosen = self.list(path);
        let (fitting, default, what): (&[&str], &[&str], &str) = match keys {
            JwtKeys::None => return chosen,
            JwtKeys::Secret(_) => (&SHARED, &["HS256"], "a secret"),
            JwtKeys::File(_) | JwtKeys::Url(_) => {
                (&PUBLIC, &["RS256", "ES256", "EdDSA"], "a key set")
            }
        };
        for name in &chosen {
            if !fitting.contains(&name.as_str()) {
                self.wrong(
                    path,
                    format!(
                        "holds {name:?}; with {what} it may hold {}",
                        fitting.join(", ")
                    ),
                );
            }
        }
        if chosen.is_empty() {
            default.iter().map(|name| (*name).to_owned()).collect()
        } else {
            chosen
        }
    }
}

/// Reads `name=value,name=value`, with percent codes in the values.
fn otlp_headers(text: &str) -> Option<Vec<(String, Secret)>> {
    let listed = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    listed
        .map(|header| {
            let (name, value) = header.split_once('=')?;
            let name: HeaderName = name.trim().parse().ok()?;
            let value = percent_encoding::percent_decode_str(value.trim())
                .decode_utf8()
                .ok()?;
            axum::http::HeaderValue::from_str(&value).ok()?;
            Some((name.to_string(), Secret::new(value)))
        })
        .collect()
}

fn type_words(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number with a fraction",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list of texts",
        Value::Table(_) => "a section",
    }
}

/// Whether a text is an absolute http or https URL, with a host and nobody's name or password in it.
fn is_http_url(text: &str) -> bool {
    let Some(rest) = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
    else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // The colons of an address in brackets separate no port.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    text.bytes().all(|byte| byte.is_ascii_graphic())
        && !host.is_empty()
        && !host.contains(['@', '\\'])
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Whether a text is what a browser sends as the origin of a page: anything else would never match.
fn is_origin(text: &str) -> bool {
    let usual_port = match text.split_once("://") {
        Some(("http", rest)) => rest.ends_with(":80"),
        Some(("https", rest)) => rest.ends_with(":443"),
        _ => false,
    };
    is_http_url(text)
        && text.splitn(4, '/').count() == 3
        && !text.contains(['?', '#', '*'])
        && !text.bytes().any(|byte| byte.is_ascii_uppercase())
        && !usual_port
}

/// Reads `500ms`, `30s`, `15m`, `12h` or `90d`.
///
/// # Errors
/// A sentence's end that says what would be right.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong =
        || format!("must be a duration, as in 500ms, 30s, 15m, 12h or 90d, and not {text:?}");
    if text == "0" {
        return Ok(Duration::ZERO);
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let millis_each = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(wrong()),
    };
    // More than a century is a slip, and would run into the end of the calendar.
    number
        .checked_mul(millis_each)
        .filter(|millis| *millis <= 100 * 366 * 86_400_000)
        .map(Duration::from_millis)
        .ok_or_else(|| format!("must be at most 36600d, and not {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(
        file: &str,
        environment: &[(&str, &str)],
        flags: &[(&'static str, &str)],
    ) -> Result<Config, String> {
        let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        Config::from_layers(Layers {
            file: Some(("waymark.toml".to_owned(), file.to_owned())),
            environment: environment.iter().map(owned).collect(),
            flags: flags
                .iter()
                .map(|(key, value)| (*key, (*value).to_owned()))
                .collect(),
        })
        .map_err(|error| error.to_string())
    }

    #[test]
    fn later_layers_win() {
        let config = load("", &[], &[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.public_url, None);
        assert!(matches!(config.auth.jwt.keys, JwtKeys::None));

        let file = "listen = '127.0.0.1:1'\n[auth.jwt]\nissuer = 'me'\n[limits]\ndepth = 3";
        let environment = [
            ("WAYMARK_LISTEN", "127.0.0.1:2"),
            ("WAYMARK_AUTH_JWT_AUDIENCE", "a, b"),
            ("WAYMARK_GRAPHIQL_ENABLED", "false"),
            ("WAYMARK_TEST_ANYTHING", "x"),
            ("PATH", "x"),
        ];
        let config = load(file, &environment, &[("listen", "127.0.0.1:3")]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:3");
        assert_eq!(config.limits.depth, 3);
        assert_eq!(config.auth.jwt.issuer, ["me"]);
        assert_eq!(config.auth.jwt.audience, ["a", "b"]);
        assert!(!config.graphiql.enabled);
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        for (file, environment, expected) in [
            (
                "lissten = ''",
                None,
                "waymark.toml: lissten is no key; near to it are listen",
            ),
            (
                "[limits]\norigins = []",
                None,
                "limits.origins is no key; near to it are cors.origins",
            ),
            ("limits = 3", None, "waymark.toml: limits is a section"),
            (
                "listen = 3",
                None,
                "listen must be a text, not a whole number",
            ),
            ("a =", None, "line 1 is not TOML"),
            (
                "",
                Some(("WAYMARK_LISTENS", "x")),
                "near to it are WAYMARK_LISTEN,",
            ),
            (
                "",
                Some(("WAYMARK_LISTEN", "here")),
                "WAYMARK_LISTEN must be an address",
            ),
            (
                "",
                Some(("WAYMARK_LIMITS_DEPTH", "x")),
                "WAYMARK_LIMITS_DEPTH must be a whole number",
            ),
            ("limits.depth = 0", None, "limits.depth must be at least 1"),
            (
                "public_url = '/here'",
                None,
                "public_url must be an absolute http or https URL",
            ),
            (
                "introspection.mode = 'no'",
                None,
                "must be \"public\" or \"authenticated\" or \"off\"",
            ),
            (
                "shutdown_grace = '5'",
                None,
                "shutdown_grace must be a duration",
            ),
            (
                "cors.origins = ['https://a/']",
                None,
                "cors.origins must hold origins",
            ),
            (
                "auth.jwt = { secret = 'a', jwks_file = 'b' }",
                None,
                "auth.jwt.secret and auth.jwt.jwks_file are set",
            ),
            (
                "auth.jwt = { secret = 'a', algorithms = ['RS256'] }",
                None,
                "with a secret it may hold HS256",
            ),
            (
                "auth.jwt = { jwks_file = 'a', algorithms = ['HS256'] }",
                None,
                "with a key set it may hold RS256",
            ),
            ("log.level = 'loud'", None, "log.level must be error, warn"),
            (
                "webhooks.allow_networks = ['10.0.0.1/33']",
                None,
                "webhooks.allow_networks must hold networks",
            ),
            (
                "webhooks.proxy = 'socks5://proxy'",
                None,
                "webhooks.proxy must be the http or https URL",
            ),
            (
                "traces.sample = 1.5",
                None,
                "traces.sample must be from 0 to 1",
            ),
            (
                "traces.otlp_endpoint = 'collector:4317'",
                None,
                "traces.otlp_endpoint must be an absolute http or https URL",
            ),
            (
                "",
                Some(("WAYMARK_TRACES_SAMPLE", "some")),
                "WAYMARK_TRACES_SAMPLE must be a number with a fraction",
            ),
            (
                "",
                Some(("OTEL_EXPORTER_OTLP_ENDPOINT", "collector")),
                "OTEL_EXPORTER_OTLP_ENDPOINT must be an absolute",
            ),
            (
                "webhooks.poll = '0s'",
                None,
                "webhooks.poll must be longer than nothing",
            ),
        ] {
            let environment: Vec<_> = environment.into_iter().collect();
            let problems = load(file, &environment, &[]).unwrap_err();
            assert!(problems.contains(expected), "{file}: {problems}");
        }
    }

    #[test]
    fn secrets_do_not_print() {
        let file = "database_url = 'postgres://me:hush@db/x'\nauth.jwt.secret = 'hush'";
        let config = load(file, &[], &[]).unwrap();
        assert!(!format!("{config:?}").contains("hush"));
        assert_eq!(config.warnings().len(), 1);
        let config = load("webhooks.proxy = 'http://me:hush@proxy:1'", &[], &[]).unwrap();
        assert!(!format!("{config:?}").contains("hush"));
        let problems = load("webhooks.proxy = 'ftp://me:hush@proxy'", &[], &[]).unwrap_err();
        assert!(!problems.contains("hush"), "{problems}");
        let problems = load("auth.jwt.secret = 'hush", &[], &[]).unwrap_err();
        assert!(!problems.contains("hush"), "{problems}");
        let problems = load("database_url = 'mysql://me:hush@db/x'", &[], &[]).unwrap_err();
        assert!(!problems.contains("hush"), "{problems}");
    }

    #[test]
    fn where_traces_go() {
        assert!(load("", &[], &[]).unwrap().traces.otlp.is_none());
        let environment = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://far:4318/"),
            (
                "OTEL_EXPORTER_OTLP_HEADERS",
                "api-key=hush%20hush, x-tenant=a",
            ),
            ("OTEL_SERVICE_NAME", "suggestions"),
        ];
        let config = load("traces.sample = 0", &environment, &[]).unwrap();
        assert!(!format!("{config:?}").contains("hush"));
        let otlp = config.traces.otlp.unwrap();
        assert_eq!(otlp.endpoint, "http://far:4318");
        assert_eq!(otlp.service_name, "suggestions");
        assert_eq!(otlp.headers[0].1.expose(), "hush hush");
        assert_eq!(otlp.headers[1].0, "x-tenant");
        let own = "traces.otlp_endpoint = 'http://near:4318'";
        let otlp = load(own, &environment, &[]).unwrap().traces.otlp.unwrap();
        assert_eq!(otlp.endpoint, "http://near:4318");
        assert_eq!(otlp.service_name, "waymark");
        assert!(otlp.headers.is_empty(), "credentials of another collector");
        let environment = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://far:4318"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hush%0d%0ax: y"),
        ];
        let problems = load("", &environment, &[]).unwrap_err();
        assert!(problems.contains("OTEL_EXPORTER_OTLP_HEADERS must be"));
        assert!(!problems.contains("hush"));
    }

    #[test]
    fn knows_urls() {
        for right in [
            "http://a",
            "https://a.example:8443/x/",
            "http://[::1]:80",
            "http://[::1]",
        ] {
            assert!(is_http_url(right), "{right}");
        }
        for wrong in [
            "",
            "a",
            "/a",
            "ftp://a",
            "http://",
            "http:///a",
            "http://:80",
            "http://a:x",
            "http://u:p@a",
            "http://a b",
        ] {
            assert!(!is_http_url(wrong), "{wrong}");
        }
    }

    #[test]
    fn reads_durations() {
        assert_eq!(parse_duration("90d"), Ok(Duration::from_secs(90 * 86_400)));
        assert_eq!(parse_duration("0s"), Ok(Duration::ZERO));
        for wrong in [
            "",
            "5",
            "s",
            "-5s",
            "5 s",
            "1.5h",
            "5w",
            "99999999999999999999s",
            "400000000000d",
        ] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn durations_are_read_or_refused(text in ".{0,12}", number in 0..=3_000_000_u64) {
            if let Err(reason) = parse_duration(&text) {
                proptest::prop_assert!(reason.starts_with("must be "));
            }
            for (unit, millis) in [("ms", 1), ("s", 1_000), ("m", 60_000)] {
                let read = parse_duration(&format!("{number}{unit}"));
                proptest::prop_assert_eq!(read, Ok(Duration::from_millis(number * millis)));
            }
        }
    }

    #[test]
    fn every_key_has_an_environment_name_of_its_own() {
        let values = Values::defaults().unwrap();
        let names: std::collections::BTreeSet<_> = values
            .values
            .keys()
            .map(|path| environment_name(path))
            .collect();
        assert_eq!(names.len(), values.values.len());
        assert!(names.contains("WAYMARK_AUTH_JWT_SECRET"));
        assert!(names.contains("WAYMARK_LOG_FORMAT"));
    }
}
