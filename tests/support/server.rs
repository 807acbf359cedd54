//! A running server.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use serde_json::Value;

use super::client::{Caller, Client};
use super::{Database, Engine, Given};

/// How long a server may take to say where it listens.
const START: Duration = Duration::from_secs(60);

/// The field of the log that tells where a server listens whose start is done.
const LISTENING: &str = "address";

/// A server of its own for one test, on a port that the system chose. Killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    // In this order: the process ends before its database goes.
    process: Process,
    pub(crate) database: Database,
}

/// A server that gateways can ask, too.
#[derive(Debug)]
pub(crate) struct Subgraph(pub(crate) Server);

/// One `waymark serve`, whichever database it serves.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// Where it listens, as `http://127.0.0.1:PORT`.
    pub(crate) base: String,
    http: reqwest::Client,
    log: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts one with more environment, and waits for the line of the log that tells its address.
    pub(crate) fn start(database: &Database, environment: &[(&str, &str)]) -> Self {
        Self::start_with(database, &[], environment)
    }

    /// The same, with flags.
    pub(crate) fn start_with(
        database: &Database,
        flags: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let mut arguments = vec!["serve"];
        arguments.extend(flags);
        let mut run = database
            .waymark(&arguments)
            .env("WAYMARK_LISTEN", "127.0.0.1:0")
            .env("WAYMARK_LOG_FORMAT", "json")
            // Statements are counted: none may be sent in between.
            .env("WAYMARK_WEBHOOKS_POLL", "1h");
        for (name, value) in environment {
            run = run.env(name, value);
        }
        Self::run(run.into_command(), LISTENING)
    }

    /// Starts one, and does not wait until its start is done.
    pub(crate) fn start_early(database: &Database) -> Self {
        let run = database
            .waymark(&["serve"])
            .env("WAYMARK_LISTEN", "127.0.0.1:0")
            .env("WAYMARK_LOG_FORMAT", "json");
        Self::run(run.into_command(), "probes")
    }

    /// Starts one that cannot write files beyond this size, until it is [`allowed`](Self::allow_any_size):
    /// writing fails as on a broken disk.
    pub(crate) fn start_limited(database: &Database, kib: u64) -> Self {
        let waymark = database
            .waymark(&["serve"])
            .env("WAYMARK_LISTEN", "127.0.0.1:0")
            .env("WAYMARK_LOG_FORMAT", "json")
            .into_command();
        let mut limited = std::process::Command::new("bash");
        limited
            .args([
                "-c",
                "trap '' XFSZ; ulimit -S -f \"$1\"; shift; exec \"$@\"",
                "bash",
            ])
            .arg(kib.to_string())
            .arg(waymark.get_program())
            .args(waymark.get_args())
            .env_clear()
            .envs(
                waymark
                    .get_envs()
                    .filter_map(|(name, value)| Some((name, value?))),
            );
        if let Some(folder) = waymark.get_current_dir() {
            limited.current_dir(folder);
        }
        Self::run(limited, LISTENING)
    }

    /// Takes the limit of [`start_limited`](Self::start_limited) away.
    pub(crate) fn allow_any_size(&self) {
        let status = std::process::Command::new("prlimit")
            .args(["--pid", &self.child.id().to_string(), "--fsize=unlimited"])
            .status()
            .unwrap();
        assert!(status.success());
    }

    fn run(mut command: std::process::Command, field: &'static str) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (found, address) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn({
            let log = Arc::clone(&log);
            move || {
                for line in lines.map_while(Result::ok) {
                    if let Some(address) = address_of(&line, field) {
                        // Nobody listens any more once the server is up.
                        drop(found.send(address));
                    }
                    log.lock().unwrap().push(line);
                }
            }
        });
        let Ok(address) = address.recv_timeout(START) else {
            let said = log.lock().unwrap().join("\n");
            drop(child.kill());
            panic!("the server did not say where it listens:\n{said}");
        };
        Self {
            child,
            base: format!("http://{address}"),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            log,
        }
    }

    /// A client without credentials.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(self.http.clone(), &self.base, None)
    }

    /// A client without credentials that goes nowhere else when it is told to.
    pub(crate) fn not_redirected(&self) -> Client {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Client::new(http, &self.base, None)
    }

    /// A client that sends this `Authorization` header.
    pub(crate) fn authorized(&self, authorization: impl Into<String>) -> Client {
        Client::new(self.http.clone(), &self.base, Some(authorization.into()))
    }

    /// The id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Everything in the log so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    /// Asks it to stop, as a service manager does.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        let status = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }
}

/// The names and texts of the statements in a log.
pub(crate) fn statements_of(log: &str) -> Vec<(String, String)> {
    let entries = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|entry| entry["target"] == "waymark::sql");
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap().to_owned();
    entries
        .map(|entry| (text(&entry, "name"), text(&entry, "text")))
        .collect()
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    /// Starts one over a database.
    pub(crate) fn over(database: Database) -> Self {
        let process = Process::start(&database, &[]);
        Self { process, database }
    }

    /// Starts one with more environment.
    pub(crate) fn over_with(database: Database, environment: &[(&str, &str)]) -> Self {
        let process = Process::start(&database, environment);
        Self { process, database }
    }

    /// Everything in the log so far.
    pub(crate) fn log(&self) -> String {
        self.process.log()
    }

    /// Starts one that gateways can ask, too.
    pub(crate) fn subgraph_over(database: Database) -> Self {
        // The statements as well, for the test that compares them.
        let environment = [
            ("WAYMARK_GRAPHQL_FEDERATION", "true"),
            ("WAYMARK_LOG_LEVEL", "info,waymark::sql=debug"),
        ];
        let process = Process::start(&database, &environment);
        Self { process, database }
    }

    /// The names and texts of the statements that it sent, where it logs them.
    pub(crate) fn sent(&self) -> Vec<(String, String)> {
        statements_of(&self.process.log())
    }

    /// A client of this caller.
    pub(crate) fn caller(&self, caller: Caller) -> Client {
        match caller {
            Caller::Anonymous => self.process.anonymous(),
            Caller::User(username) => self
                .process
                .authorized(format!("Bearer {}", self.token(username))),
            Caller::Key(name) => self
                .process
                .authorized(format!("Api-Token {}", self.database.key(name))),
        }
    }

    /// Where it listens.
    pub(crate) fn base(&self) -> &str {
        &self.process.base
    }

    /// A client with the token of this user.
    pub(crate) fn user(&self, username: &'static str) -> Client {
        self.caller(Caller::User(username))
    }

    /// A client with a key of the fixture.
    pub(crate) fn key(&self, name: &'static str) -> Client {
        self.caller(Caller::Key(name))
    }

    /// A client without credentials.
    pub(crate) fn anonymous(&self) -> Client {
        self.process.anonymous()
    }

    /// A client without credentials that goes nowhere else when it is told to.
    pub(crate) fn not_redirected(&self) -> Client {
        self.process.not_redirected()
    }

    /// A client that sends this `Authorization` header.
    pub(crate) fn authorized(&self, authorization: impl Into<String>) -> Client {
        self.process.authorized(authorization)
    }

    /// A token of this user, issued through the command line once a run.
    pub(crate) fn token(&self, username: &'static str) -> String {
        static TOKENS: Mutex<Vec<(&'static str, String)>> = Mutex::new(Vec::new());
        let known = |tokens: &[(&'static str, String)]| {
            tokens
                .iter()
                .find(|(of, _)| *of == username)
                .map(|(_, token)| token.clone())
        };
        if let Some(token) = known(&TOKENS.lock().unwrap()) {
            return token;
        }
        let token = self
            .database
            .waymark(&["token", "issue", "--user", username])
            .succeed()
            .trim_end()
            .to_owned();
        TOKENS.lock().unwrap().push((username, token.clone()));
        token
    }

    /// How many SQL statements it has sent so far for requests: what it does by itself in the meantime is left
    /// out.
    pub(crate) async fn statements(&self) -> u64 {
        let metrics = self.anonymous().get("/metrics").await.text();
        metrics
            .lines()
            .filter(|line| line.starts_with("waymark_sql_statements_total{"))
            .filter(|line| !BY_ITSELF.iter().any(|name| line.contains(name)))
            .map(|line| line.rsplit_once(' ').unwrap().1.parse::<u64>().unwrap())
            .sum()
    }
}

/// How the names of statements begin that no request asks for.
const BY_ITSELF: [&str; 1] = ["statement=\"history."];

impl Given for Server {
    async fn make(engine: Engine) -> Self {
        Self::over(Database::with_fixture(engine))
    }

    fn last_words(&self) -> String {
        let log = self.process.log();
        let lines: Vec<&str> = log.lines().collect();
        let last = lines.len().saturating_sub(30);
        format!("the server's last lines:\n{}", lines[last..].join("\n"))
    }
}

impl Given for Subgraph {
    async fn make(engine: Engine) -> Self {
        Self(Server::subgraph_over(Database::with_fixture(engine)))
    }

    fn last_words(&self) -> String {
        self.0.last_words()
    }
}

/// The field `address` of a line of the log.
fn address_of(line: &str, field: &str) -> Option<String> {
    let line: Value = serde_json::from_str(line).ok()?;
    [&line[field], &line["fields"][field]]
        .into_iter()
        .find_map(Value::as_str)
        .map(str::to_owned)
}
