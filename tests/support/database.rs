//! A database for each test. The fixture is imported once a run and engine, through the command
//! line; each test gets a copy.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sea_orm::{ConnectionTrait, Statement};

use super::Given;
use super::command::Run;

/// The directory and the suggestions that tests start from.
pub(crate) const FIXTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/fixtures/directory.ndjson"
);

/// The keys of the fixture: a name for tests, the platform, and the user it is bound to.
const KEYS: [(&str, &str, Option<&str>); 8] = [
    ("acme", "acme", None),
    ("acme-anna", "acme", Some("anna")),
    ("acme-dora", "acme", Some("dora")),
    ("acme-root", "acme", Some("root")),
    ("acme-dual", "acme", Some("dual")),
    ("acme-student1", "acme", Some("student1")),
    ("globex", "globex", None),
    ("globex-dual", "globex", Some("dual")),
];

/// The two engines, for which everything must be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A database of one test.
#[derive(Debug)]
pub(crate) struct Database {
    pub(crate) engine: Engine,
    pub(crate) url: String,
    /// Where the service finds it: behind a pooler, if the test command names one.
    service_url: String,
    /// A folder of the test's own: its working directory, and the home of an embedded database.
    pub(crate) folder: PathBuf,
    /// Its name on the server that tests share; none on another.
    name: Option<String>,
}

/// A database with nothing in it, not even the schema.
#[derive(Debug)]
pub(crate) struct Empty(pub(crate) Database);

/// A transaction that a test holds open.
#[derive(Debug)]
pub(crate) struct Holding(sea_orm::DatabaseConnection);

impl Holding {
    /// Rolls it back.
    pub(crate) async fn let_go(self) {
        self.0.execute_unprepared("ROLLBACK").await.unwrap();
        self.0.close().await.unwrap();
    }
}

/// What is made once: a database with the fixture, and the keys that were printed.
#[derive(Debug)]
struct Template {
    database: Database,
    keys: HashMap<&'static str, String>,
}

impl Database {
    /// A copy of the fixture.
    pub(crate) fn with_fixture(engine: Engine) -> Self {
        let template = &Template::of(engine).database;
        let (name, folder) = fresh();
        match engine {
            Engine::Sqlite => {
                let copy = folder.join("test.db");
                std::fs::copy(template.folder.join("test.db"), &copy).unwrap();
            }
            Engine::Postgres => administer(&format!(
                "CREATE DATABASE {name} TEMPLATE {}",
                template.name.as_deref().unwrap()
            )),
        }
        Self::at(engine, name, folder)
    }

    /// A database with nothing in it.
    pub(crate) fn empty(engine: Engine) -> Self {
        let (name, folder) = fresh();
        if engine == Engine::Postgres {
            administer(&format!("CREATE DATABASE {name}"));
        }
        Self::at(engine, name, folder)
    }

    fn at(engine: Engine, name: String, folder: PathBuf) -> Self {
        let (url, service_url) = match engine {
            Engine::Sqlite => {
                let url = format!("sqlite://{}/test.db", folder.display());
                (url.clone(), url)
            }
            Engine::Postgres => {
                let on = |server: &str| {
                    let (server, _) = server.rsplit_once('/').unwrap();
                    format!("{server}/{name}")
                };
                let server = server_url();
                (on(&server), on(&pooler_url().unwrap_or(server)))
            }
        };
        Self {
            engine,
            url,
            service_url,
            folder,
            name: Some(name),
        }
    }

    /// The database at this URL of a server of the test's own.
    pub(crate) fn at_server(url: String) -> Self {
        Self {
            engine: Engine::Postgres,
            service_url: url.clone(),
            url,
            folder: fresh_folder(),
            name: None,
        }
    }

    /// The key that the fixture has under this name.
    pub(crate) fn key(&self, name: &str) -> &'static str {
        Template::of(self.engine)
            .keys
            .get(name)
            .unwrap_or_else(|| panic!("the fixture has no key {name}"))
    }

    /// A command line over this database.
    pub(crate) fn waymark(&self, arguments: &[&str]) -> Run {
        super::waymark(arguments)
            .folder(&self.folder)
            .env("WAYMARK_DATABASE_URL", &self.service_url)
    }

    /// An `Authorization` header with a token of this user, for any server over this database.
    pub(crate) fn bearer(&self, username: &str) -> String {
        let issue = ["token", "issue", "--user", username];
        format!("Bearer {}", self.waymark(&issue).succeed().trim_end())
    }

    /// A file in the test's folder.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    /// A copy of the file of an embedded database, put in the place of a new one's.
    pub(crate) fn of_file(file: &Path) -> Self {
        let (name, folder) = fresh();
        std::fs::copy(file, folder.join("test.db")).unwrap();
        Self::at(Engine::Sqlite, name, folder)
    }

    /// Runs statements on the database, beside the service.
    pub(crate) fn execute(&self, statements: &str) {
        execute(self.url.clone(), statements);
    }

    /// Runs statements in a transaction that stays open, and keeps its locks, until it is rolled back.
    pub(crate) async fn hold(&self, statements: &str) -> Holding {
        let mut options = sea_orm::ConnectOptions::new(&self.url);
        options.min_connections(1).max_connections(1);
        let server = sea_orm::Database::connect(options).await.unwrap();
        let statements = format!("BEGIN; {statements}");
        server.execute_unprepared(&statements).await.unwrap();
        Holding(server)
    }

    /// Moves the file of an embedded database, which nobody uses, to another folder.
    pub(crate) fn move_file(&self, folder: &Path) {
        let (file, moved) = (self.folder.join("test.db"), folder.join("test.db"));
        std::fs::copy(&file, &moved).unwrap();
        std::fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink(moved, file).unwrap();
    }

    /// The processes of PostgreSQL in which the service waits for a lock.
    pub(crate) fn waiting_for_locks(&self) -> Vec<i64> {
        let waiting = self.numbers(
            "SELECT CAST(pid AS bigint) FROM pg_stat_activity WHERE datname = current_database()
             AND application_name = 'waymark' AND wait_event_type = 'Lock'",
        );
        waiting.iter().map(|row| row[0].unwrap()).collect()
    }

    /// The rows of a query whose columns are whole numbers or null.
    pub(crate) fn numbers(&self, query: &str) -> Vec<Vec<Option<i64>>> {
        let (url, query) = (self.url.clone(), query.to_owned());
        on_its_own(async move {
            let server = sea_orm::Database::connect(url).await.unwrap();
            let statement = Statement::from_string(server.get_database_backend(), query);
            let rows = server.query_all_raw(statement).await.unwrap();
            server.close().await.unwrap();
            rows.iter()
                .map(|row| {
                    (0..row.column_names().len())
                        .map(|column| row.try_get_by_index(column).unwrap())
                        .collect()
                })
                .collect()
        })
    }

    /// Makes PostgreSQL refuse or take writes in new connections to this database.
    pub(crate) fn set_read_only(&self, read_only: bool) {
        let value = if read_only { "on" } else { "off" };
        administer(&format!(
            "ALTER DATABASE {} SET default_transaction_read_only = {value}",
            self.name.as_deref().unwrap()
        ));
    }

    /// Ends all connections to this database, as a restart of PostgreSQL does.
    pub(crate) fn end_connections(&self) {
        administer(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'",
            self.name.as_deref().unwrap()
        ));
    }

    /// Everything in the database, as the export prints it.
    pub(crate) fn export(&self) -> String {
        self.waymark(&["export"]).succeed()
    }
}

/// So that a long run does not fill the disk.
impl Drop for Database {
    fn drop(&mut self) {
        if let (Engine::Postgres, Some(name)) = (self.engine, &self.name) {
            administer(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
        remove(&self.folder);
    }
}

impl Given for Database {
    async fn make(engine: Engine) -> Self {
        Self::with_fixture(engine)
    }
}

impl Given for Empty {
    async fn make(engine: Engine) -> Self {
        Self(Database::empty(engine))
    }
}

impl Template {
    fn of(engine: Engine) -> &'static Self {
        static SQLITE: OnceLock<Template> = OnceLock::new();
        static POSTGRES: OnceLock<Template> = OnceLock::new();
        match engine {
            Engine::Sqlite => SQLITE.get_or_init(|| Self::make(engine)),
            Engine::Postgres => POSTGRES.get_or_init(|| Self::make(engine)),
        }
    }

    fn make(engine: Engine) -> Self {
        let mut database = Database::empty(engine);
        // A pooler would keep connections open, and only what nobody uses can be copied.
        database.service_url.clone_from(&database.url);
        database.waymark(&["migrate", "up"]).succeed();
        database.waymark(&["import", FIXTURE]).succeed();
        let keys = KEYS
            .iter()
            .map(|(name, platform, user)| {
                let mut arguments = vec!["api-key", "create", "--platform", platform];
                arguments.extend(["--name", name]);
                if let Some(user) = user {
                    arguments.extend(["--user", user]);
                }
                let key = database.waymark(&arguments).succeed();
                (*name, key.trim_end().to_owned())
            })
            .collect();
        Self { database, keys }
    }
}

/// A name and a folder that nobody else has.
fn fresh() -> (String, PathBuf) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("waymark_test_{}_{number}", std::process::id());
    let folder = std::env::temp_dir().join(&name);
    // A folder of that name is the leftover of an earlier process of this id.
    remove(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    (name, folder)
}

/// A folder that nobody else has.
pub(crate) fn fresh_folder() -> PathBuf {
    fresh().1
}

fn remove(folder: &Path) {
    if folder.exists() {
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command hands over its throwaway server here"
)]
fn server_url() -> String {
    std::env::var("WAYMARK_TEST_POSTGRES_URL").expect(
        "WAYMARK_TEST_POSTGRES_URL is not set: run the tests with scripts/test, which starts a throwaway PostgreSQL",
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test command hands over its throwaway pooler here"
)]
fn pooler_url() -> Option<String> {
    std::env::var("WAYMARK_TEST_POOLER_URL").ok()
}

/// Runs statements on the throwaway server.
fn administer(statements: &str) {
    execute(server_url(), statements);
}

/// Runs statements on a database.
fn execute(url: String, statements: &str) {
    let statements = statements.to_owned();
    on_its_own(async move {
        let server = sea_orm::Database::connect(url).await.unwrap();
        server.execute_unprepared(&statements).await.unwrap();
        server.close().await.unwrap();
    });
}

/// Does some work on a thread of its own, so that it can be called from a test that is itself a future.
fn on_its_own<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let thread = std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(work)
    });
    thread.join().unwrap()
}
