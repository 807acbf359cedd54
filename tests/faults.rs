//! What is killed, stopped, full or crossed: what a client sees of it, and that nothing is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::support::cluster::{Cluster, SmallDisk};
use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Answer, Client, Database, Empty, Engine, large, run, until};

/// What a server said last that is no usual line.
fn last_words(server: &Process) -> String {
    let log = server.log();
    let lines: Vec<&str> = log.lines().filter(|line| !line.contains("INFO")).collect();
    lines[lines.len().saturating_sub(10)..].join("\n")
}

#[test]
fn a_bulk_whose_server_is_killed_is_done_once() {
    run(Engine::Postgres, a_killed_bulk);
}

async fn a_killed_bulk(_: &Empty) {
    const ITEMS: usize = 10_000;
    let database = large::database(Engine::Postgres, &large::lines(false));
    let root = database.bearer("root");
    let killed = Process::start(&database, &[]);
    let other = Process::start(&database, &[]);
    let first = killed.authorized(&root);
    let second = other.authorized(&root);
    let item = |number: usize| {
        json!({
            "programKey": format!("p{}", number / 100),
            "user": { "databaseId": (1000 + number % 100).to_string() },
            "metadata": { "n": number },
        })
    };
    // One is there already, and somebody holds it: the bulk stores all the others and waits for that one.
    let there = json!({ "items": [{ "programKey": "p50", "user": { "databaseId": "1050" } }] });
    let there = USERS.bulk_create(&first, there).await;
    assert_eq!(there["createdCount"], 1);
    let total =
        async || USERS.page(&second, json!({ "platformKey": "acme" })).await["count"].clone();
    assert_eq!(total().await, 1);
    let holding = database
        .hold("SELECT * FROM program_suggestions FOR UPDATE")
        .await;

    let selection = "createdCount updatedCount unchangedCount failedCount \
        results { index outcome suggestion { databaseId } }";
    let document = USERS.mutation_document("BulkCreate", selection);
    let items: Vec<Value> = (0..ITEMS).map(item).collect();
    let input = json!({ "platformKey": "acme", "idempotencyKey": "once", "items": items });
    let variables = json!({ "input": input });
    let request = tokio::spawn({
        let (document, variables) = (document.clone(), variables.clone());
        async move { first.try_graphql(&document, variables).await }
    });
    until(async || !database.waiting_for_locks().is_empty()).await;
    let broken_off = database.waiting_for_locks();
    assert_eq!(broken_off.len(), 1);
    // Dropped is killed, with SIGKILL.
    drop(killed);
    assert!(request.await.unwrap().is_err());

    // Its client asks the other server, while the lock is still held.
    let retried = tokio::spawn({
        let (second, document, variables) = (second.clone(), document.clone(), variables.clone());
        async move { second.data(&document, variables).await }
    });
    // PostgreSQL has ended what was killed, and the other one has got as far.
    until(async || {
        let waiting = database.waiting_for_locks();
        !waiting.is_empty() && !waiting.contains(&broken_off[0])
    })
    .await;
    assert_eq!(total().await, 1);
    holding.let_go().await;
    let answer = &retried.await.unwrap()["programSuggestionBulkCreate"];
    let counts = [
        "createdCount",
        "updatedCount",
        "unchangedCount",
        "failedCount",
    ];
    let counts = counts.map(|name| answer[name].as_u64().unwrap());
    assert_eq!(counts, [9_999, 1, 0, 0]);
    // Asked once more, it is the same answer.
    let again = &second.data(&document, variables).await["programSuggestionBulkCreate"];
    assert_eq!(again, answer);

    // Every item once, as the export and both ways of counting say, and one event for each.
    let export = database.export();
    let mut stored = BTreeMap::new();
    for line in export.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["type"] == "program_suggestion" {
            *stored.entry(line["metadata"]["n"].as_u64()).or_insert(0) += 1;
        }
    }
    assert_eq!(stored.len(), ITEMS);
    assert!(stored.values().all(|times| *times == 1));
    assert_eq!(total().await, ITEMS);
    let filter = json!({ "createdAfter": "1970-01-01T00:00:00Z" });
    let counted = json!({ "platformKey": "acme", "filter": filter });
    assert_eq!(USERS.page(&second, counted).await["count"], ITEMS);
    let events = "SELECT count(*) FROM suggestion_events";
    assert_eq!(database.numbers(events), [[Some(10_001)]]);
}

#[test]
fn postgresql_stops_and_comes_back() {
    run(Engine::Postgres, a_server_that_comes_back);
}

/// How many programs one loop may suggest to its user.
const PROGRAMS: usize = 5_000;
/// An answer that says "later" comes within this.
const SOON: Duration = Duration::from_secs(2);

/// What PostgreSQL is doing, as a number that only grows: between, there, between, away, and so on.
#[derive(Debug, Default)]
struct Phase(AtomicUsize);

/// What is known of the time between two looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum During {
    There,
    Away,
    /// It may have been either.
    Either,
}

impl Phase {
    fn next(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn now(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    fn since(&self, before: usize) -> During {
        match (self.now() == before, before % 4) {
            (true, 1) => During::There,
            (true, 3) => During::Away,
            _ => During::Either,
        }
    }
}

/// What one of the clients does again and again.
#[derive(Debug, Clone, Copy)]
enum Ask {
    GraphqlList,
    RestList,
    /// The user that everything is suggested to.
    GraphqlCreate(i64),
    RestCreate(i64),
}

const DOOR: &str = "/api/catalog/suggestions/program/manage/";

impl Ask {
    async fn once(self, client: &Client, number: usize) -> Answer {
        match self {
            Self::GraphqlList => {
                let document = USERS.page_document("count results { databaseId program { name } }");
                client
                    .graphql(&document, json!({ "platformKey": "acme" }))
                    .await
            }
            Self::RestList => client.get(&format!("{DOOR}?platform_key=acme")).await,
            Self::GraphqlCreate(user) => {
                let input = json!({ "platformKey": "acme", "programKey": program(number),
                    "user": { "databaseId": user.to_string() } });
                let document = USERS.mutation_document("Create", "outcome");
                client.graphql(&document, json!({ "input": input })).await
            }
            Self::RestCreate(user) => {
                let body = json!({ "platform_key": "acme", "program_key": program(number), "user_id": user });
                let headers = [("content-type", "application/json")];
                client
                    .send(Method::POST, DOOR, &headers, body.to_string().into_bytes())
                    .await
            }
        }
    }

    const fn is_graphql(self) -> bool {
        matches!(self, Self::GraphqlList | Self::GraphqlCreate(_))
    }
}

fn program(number: usize) -> String {
    format!("many{number}")
}

/// Whether an answer is what was asked for. If not, it must be the refusal that says "later".
#[track_caller]
fn is_done(ask: Ask, answer: &Answer) -> bool {
    if answer.status == 200 {
        let body = answer.json();
        assert!(body.get("errors").is_none(), "{ask:?}: {body}");
        assert!(!body.to_string().contains("FAILED"), "{ask:?}: {body}");
        return true;
    }
    assert_later(answer, ask.is_graphql());
    false
}

/// The refusal that says "later", in words.
#[track_caller]
fn assert_later(answer: &Answer, graphql: bool) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.headers.contains_key(RETRY_AFTER), "{answer:?}");
    let body = answer.json();
    if graphql {
        let error = &body["errors"][0];
        assert_eq!(error["extensions"]["code"], "SERVICE_UNAVAILABLE", "{body}");
        assert!(error["message"].is_string(), "{body}");
    } else {
        assert!(body["detail"].is_string(), "{body}");
    }
}

/// One client: what it was told is done, and how often it was answered in the present phase.
#[derive(Debug, Default)]
struct Told {
    done: Mutex<Vec<usize>>,
    phase: AtomicUsize,
    answers: AtomicUsize,
}

/// Asks until it is told to stop, and judges each answer by what PostgreSQL did meanwhile.
async fn ask_again_and_again(
    ask: Ask,
    client: Client,
    phase: Arc<Phase>,
    told: Arc<Told>,
    enough: CancellationToken,
) {
    for number in 0.. {
        assert!(number < PROGRAMS, "too few programs");
        // What was refused is sent once more, as clients do.
        loop {
            if enough.is_cancelled() {
                return;
            }
            let (before, begun) = (phase.now(), Instant::now());
            let answer = ask.once(&client, number).await;
            let took = begun.elapsed();
            let (done, during) = (is_done(ask, &answer), phase.since(before));
            match during {
                During::There => assert!(done, "{ask:?}: {}", answer.text()),
                During::Away => assert!(!done, "{ask:?}: {}", answer.text()),
                During::Either => {}
            }
            let soon = during != During::Away || took < SOON;
            assert!(soon, "{ask:?} took {took:?}");
            if phase.now() == before && (done || during == During::Away) {
                if told.phase.swap(before, Ordering::SeqCst) != before {
                    told.answers.store(0, Ordering::SeqCst);
                }
                told.answers.fetch_add(1, Ordering::SeqCst);
            }
            if done {
                told.done.lock().unwrap().push(number);
                break;
            }
        }
    }
}

async fn a_server_that_comes_back(_: &Empty) {
    let cluster = Cluster::start_new("");
    let database = cluster.database();
    make_programs(&database, PROGRAMS);
    let server = Process::start(&database, &[]);
    let client = server.authorized(format!("Api-Token {}", database.key("acme")));
    let phase = Arc::new(Phase::default());
    let enough = CancellationToken::new();
    let asks = [
        Ask::GraphqlList,
        Ask::RestList,
        Ask::GraphqlList,
        Ask::RestList,
        Ask::GraphqlCreate(20),
        Ask::RestCreate(21),
    ];
    let mut clients = JoinSet::new();
    let told = asks.map(|ask| {
        let told = Arc::new(Told::default());
        let handle = clients.spawn(ask_again_and_again(
            ask,
            client.clone(),
            Arc::clone(&phase),
            Arc::clone(&told),
            enough.clone(),
        ));
        (handle, told)
    });
    // Until each of them was answered a few times in this phase.
    let all_answered = async || {
        let now = phase.now();
        for (handle, told) in &told {
            until(async || {
                assert!(
                    !handle.is_finished(),
                    "a client was answered what it must not be:\n{}",
                    last_words(&server)
                );
                told.phase.load(Ordering::SeqCst) == now && told.answers.load(Ordering::SeqCst) > 3
            })
            .await;
        }
    };
    let probe = server.anonymous();
    let ready = async || {
        assert_eq!(probe.get("/livez").await.status, 200);
        probe.get("/readyz").await
    };
    until(async || ready().await.status == 200).await;
    all_answered().await;
    phase.next();
    for mode in ["fast", "immediate"] {
        all_answered().await;
        phase.next();
        cluster.stop(mode);
        phase.next();
        until(async || ready().await.status == 503).await;
        let said = ready().await;
        assert_eq!(said.json()["reason"], "database unavailable");
        assert!(said.headers.contains_key(RETRY_AFTER));
        all_answered().await;
        phase.next();
        cluster.start();
        until(async || ready().await.status == 200).await;
        // Somebody may still wait for the first connections. Once all have been answered, nobody is refused.
        all_answered().await;
        phase.next();
    }
    all_answered().await;
    enough.cancel();
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
    // What was acknowledged is there.
    let stored = stored(&database);
    for ((_, told), user) in told[4..].iter().zip(["student1", "student2"]) {
        let done = told.done.lock().unwrap();
        assert!(done.len() > 12);
        for number in &*done {
            let key = (program(*number), user.to_owned());
            assert!(stored.contains(&key), "{key:?}");
        }
    }
}

#[test]
fn what_postgresql_breaks_off_is_done_again() {
    run(Engine::Postgres, broken_off_and_done_again);
}

/// How often work is begun that others cross (see `src/db/mod.rs`).
const ATTEMPTS: i64 = 5;
/// More failures than anybody has patience for.
const FOR_EVER: i64 = 1_000_000;

/// When PostgreSQL finds out that two transactions cross, and what it calls that.
#[derive(Debug, Clone, Copy)]
struct Crossing {
    /// At the commit, and not at the first row.
    late: bool,
    code: &'static str,
}

const CROSSINGS: [Crossing; 3] = [
    // A deadlock.
    Crossing {
        late: false,
        code: "40P01",
    },
    // A serialization failure.
    Crossing {
        late: false,
        code: "40001",
    },
    Crossing {
        late: true,
        code: "40001",
    },
];

impl Crossing {
    /// Writes fail from now on, if a sequence says so: what a sequence counted is not rolled back.
    fn begin(self, database: &Database) {
        let Self { late, code } = self;
        database.execute(&format!(
            "CREATE SEQUENCE crossed MINVALUE -{FOR_EVER} START 1;
             CREATE FUNCTION crosses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF nextval('crossed') <= 0 THEN RAISE EXCEPTION 'crossed' USING ERRCODE = '{code}'; END IF;
             IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
             RETURN NEW; END $$;"
        ));
        for table in ["program_suggestions", "suggestion_answers"] {
            let (kind, moment, deferred) = if late {
                (
                    "CONSTRAINT TRIGGER",
                    "AFTER",
                    "DEFERRABLE INITIALLY DEFERRED",
                )
            } else {
                ("TRIGGER", "BEFORE", "")
            };
            database.execute(&format!(
                "CREATE {kind} crosses {moment} INSERT OR UPDATE OR DELETE ON {table} {deferred}
                 FOR EACH ROW EXECUTE FUNCTION crosses();"
            ));
        }
    }

    fn end(database: &Database) {
        database.execute("DROP FUNCTION crosses CASCADE; DROP SEQUENCE crossed;");
    }

    /// So many more rows or commits fail.
    fn fail(database: &Database, times: i64) {
        let first = 1 - times;
        database.execute(&format!("SELECT setval('crossed', {first}, false)"));
    }

    /// How many failed since.
    fn failed(database: &Database, times: i64) -> i64 {
        let last = database.numbers("SELECT last_value FROM crossed")[0][0].unwrap();
        last.min(0) + times
    }
}

/// A request that writes.
#[derive(Debug)]
struct Write<'a> {
    client: &'a Client,
    /// What the answer has where it was done.
    done: &'static str,
    sent: Sent,
}

#[derive(Debug)]
enum Sent {
    Graphql(String, Value),
    Rest(Value),
}

impl Write<'_> {
    async fn send(&self) -> Answer {
        match &self.sent {
            Sent::Graphql(document, input) => {
                let variables = json!({ "input": input });
                self.client.graphql(document, variables).await
            }
            Sent::Rest(body) => {
                let headers = [("content-type", "application/json")];
                let body = body.to_string().into_bytes();
                self.client.send(Method::POST, DOOR, &headers, body).await
            }
        }
    }
}

/// Makes so many programs of acme that are suggested to nobody.
fn make_programs(database: &Database, count: usize) {
    let programs: String = (0..count)
        .map(|number| {
            let key = program(number);
            let line = json!({ "type": "program", "platform": "acme", "key": key, "name": key });
            format!("{line}\n")
        })
        .collect();
    database.waymark(&["import", "-"]).input(programs).succeed();
}

async fn broken_off_and_done_again(database: &Database) {
    make_programs(database, 4 * CROSSINGS.len());
    let server = Process::start(database, &[]);
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let learner = server.authorized(database.bearer("student4"));
    let suggest = |number: usize, user: i64| {
        json!({ "platformKey": "acme", "programKey": program(number),
            "user": { "databaseId": user.to_string() } })
    };
    for (round, crossing) in CROSSINGS.iter().enumerate() {
        // A program for each kind of write; something to delete, to dismiss and to undo.
        let [single, many, there, dismissed] = [0, 1, 2, 3].map(|number| 4 * round + number);
        let create = USERS.mutation_document("Create", "outcome suggestion { id } batch { id }");
        let mut made = Vec::new();
        for (number, user) in [(there, 20), (there, 21), (dismissed, 23)] {
            let variables = json!({ "input": suggest(number, user) });
            let answer = key.data(&create, variables).await;
            made.push(answer["programSuggestionCreate"].clone());
        }
        let items: Vec<Value> = (20..23)
            .map(|user| json!({ "programKey": program(many), "user": { "databaseId": user.to_string() } }))
            .collect();
        let bulk = json!({ "platformKey": "acme", "idempotencyKey": format!("round {round}"), "items": items });
        let undo = "mutation ($input: SuggestionBatchUndoInput!) {
            suggestionBatchUndo(input: $input) { deletedCount } }";
        let dismiss = "mutation ($input: SuggestedProgramDismissInput!) {
            suggestedProgramDismiss(input: $input) { outcome } }";
        let delete = USERS.mutation_document("Delete", "deletedId");
        let bulk_create = USERS.mutation_document("BulkCreate", "createdCount");
        let by_key = json!({ "key": { "platformKey": "acme", "programKey": program(dismissed) } });
        let write = |client, done, document: &str, input| Write {
            client,
            done,
            sent: Sent::Graphql(document.to_owned(), input),
        };
        let writes = [
            write(&key, "CREATED", &create, suggest(single, 20)),
            write(&key, "\"createdCount\":3", &bulk_create, bulk),
            write(
                &key,
                "\"deletedId\":\"",
                &delete,
                json!({ "suggestion": { "id": made[0]["suggestion"]["id"] } }),
            ),
            write(
                &key,
                "\"deletedCount\":1",
                undo,
                json!({ "platformKey": "acme", "batch": made[1]["batch"]["id"] }),
            ),
            write(
                &learner,
                "UPDATED",
                dismiss,
                json!({ "suggestedProgram": by_key }),
            ),
            Write {
                client: &key,
                done: "\"program_key\"",
                sent: Sent::Rest(
                    json!({ "platform_key": "acme", "program_key": program(single), "user_id": 21 }),
                ),
            },
        ];

        // Without end: after a few attempts the client is told, and nothing is stored of it.
        crossing.begin(database);
        let before = database.export();
        for write in &writes {
            Crossing::fail(database, FOR_EVER);
            let refused = write.send().await;
            assert_later(&refused, matches!(write.sent, Sent::Graphql(..)));
            let failed = Crossing::failed(database, FOR_EVER);
            assert_eq!(failed, ATTEMPTS, "{crossing:?} {write:?}");
        }
        assert_eq!(database.export(), before);

        // A few times: the client does not notice.
        for write in &writes {
            Crossing::fail(database, 3);
            let answer = write.send().await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            let body = answer.text();
            assert!(body.contains(write.done), "{crossing:?} {write:?} {body}");
            assert_eq!(Crossing::failed(database, 3), 3, "{crossing:?} {write:?}");
        }
        Crossing::end(database);
        // What was done is stored, and once: three by the bulk, two alone, and what was dismissed.
        let export = database.export();
        let stored = |number: usize| {
            let name = format!("\"program\":\"{}\"", program(number));
            let lines = export.lines();
            lines
                .filter(|line| {
                    line.starts_with("{\"type\":\"program_suggestion\"") && line.contains(&name)
                })
                .count()
        };
        assert_eq!([single, many, there, dismissed].map(stored), [2, 3, 0, 1]);
    }
}

both_engines!(a_rolling_restart_is_not_noticed);

/// How often the balancer asks who is ready.
const PROBES: Duration = Duration::from_millis(100);

/// What a balancer knows of one replica.
#[derive(Debug)]
struct Behind {
    client: Client,
    ready: AtomicBool,
    answered: AtomicUsize,
}

/// Sends requests to those that said they are ready when they were asked last.
#[derive(Debug)]
struct Balancer([Behind; 2]);

impl Balancer {
    /// Looks who is ready, again and again.
    async fn look(self: Arc<Self>, enough: CancellationToken) {
        let mut turns = tokio::time::interval(PROBES);
        while !enough.is_cancelled() {
            turns.tick().await;
            for behind in &self.0 {
                let said = behind
                    .client
                    .try_send(Method::GET, "/readyz", &[], Vec::new());
                let ready = said.await.is_ok_and(|said| said.status == 200);
                behind.ready.store(ready, Ordering::SeqCst);
            }
        }
    }

    /// One client: asks those in turn that are ready, and is always answered. What it was told is done.
    async fn ask(self: Arc<Self>, ask: Ask, enough: CancellationToken) -> usize {
        for number in 0..PROGRAMS {
            if enough.is_cancelled() {
                return number;
            }
            let of = |turn: usize| &self.0[(number + turn) % 2];
            let ready = [of(0), of(1)]
                .into_iter()
                .find(|it| it.ready.load(Ordering::SeqCst));
            let behind = ready.expect("nobody is ready");
            let answer = ask.once(&behind.client, number).await;
            assert!(is_done(ask, &answer), "{}", answer.text());
            behind.answered.fetch_add(1, Ordering::SeqCst);
        }
        panic!("too few programs");
    }
}

async fn a_rolling_restart_is_not_noticed(database: &Database) {
    make_programs(database, PROGRAMS);
    let key = format!("Api-Token {}", database.key("acme"));
    // Not where other tests listen: nobody takes the port while nobody listens there.
    let start = |address: &str| Process::start(database, &[("WAYMARK_LISTEN", address)]);
    let mut processes = ["127.0.0.2:0"; 2].map(start);
    let balancer = Arc::new(Balancer([0, 1].map(|number: usize| Behind {
        client: processes[number].authorized(&key),
        ready: AtomicBool::default(),
        answered: AtomicUsize::default(),
    })));
    let is_ready = |number: usize| balancer.0[number].ready.load(Ordering::SeqCst);
    let enough = CancellationToken::new();
    let looking = tokio::spawn(Arc::clone(&balancer).look(enough.clone()));
    until(async || is_ready(0) && is_ready(1)).await;
    let asks = [
        Ask::GraphqlList,
        Ask::RestList,
        Ask::GraphqlCreate(20),
        Ask::RestCreate(21),
    ];
    let clients = asks.map(|ask| tokio::spawn(Arc::clone(&balancer).ask(ask, enough.clone())));
    // Each replica that is named answers so many more.
    let answered = async |numbers: &[usize]| {
        for number in numbers {
            let answered = &balancer.0[*number].answered;
            let before = answered.load(Ordering::SeqCst);
            until(async || {
                assert!(
                    !clients.iter().any(tokio::task::JoinHandle::is_finished),
                    "a request failed"
                );
                answered.load(Ordering::SeqCst) > before + 20
            })
            .await;
        }
    };
    answered(&[0, 1]).await;
    for number in [0, 1] {
        let process = &mut processes[number];
        process.terminate();
        assert_eq!(process.wait(), Some(0));
        assert!(!is_ready(number));
        answered(&[1 - number]).await;
        let address = process.base.strip_prefix("http://").unwrap().to_owned();
        *process = start(&address);
        until(async || is_ready(number)).await;
        answered(&[0, 1]).await;
    }
    enough.cancel();
    looking.await.unwrap();
    let mut done = Vec::new();
    for client in clients {
        done.push(client.await.unwrap());
    }
    // What was acknowledged is there.
    let stored = stored(database);
    for (count, user) in done[2..].iter().zip(["student1", "student2"]) {
        for number in 0..*count {
            let key = (program(number), user.to_owned());
            assert!(stored.contains(&key), "{key:?}");
        }
    }
}

/// The program and the user of each suggestion that is stored.
fn stored(database: &Database) -> BTreeSet<(String, String)> {
    let export = database.export();
    export
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["type"] == "program_suggestion")
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            (text("program"), text("user"))
        })
        .collect()
}

#[test]
fn a_full_disk_of_postgresql_is_said_and_costs_nothing() {
    run(Engine::Postgres, a_full_disk);
}

/// The disk of the data is full, as with a volume of its own. What PostgreSQL writes ahead has room.
async fn a_full_disk(_: &Empty) {
    let Some(disk) = SmallDisk::mount(120) else {
        eprintln!("not run: only root may mount a small disk");
        return;
    };
    let cluster = Cluster::start_new("autovacuum = off");
    let database = cluster.database();
    cluster.move_database(&disk.folder);
    make_programs(&database, 2_000);
    let server = Process::start(&database, &[]);
    let client = server.authorized(format!("Api-Token {}", database.key("acme")));
    let list =
        async || USERS.page(&client, json!({ "platformKey": "acme" })).await["count"].clone();
    let ask = Ask::GraphqlCreate(20);
    assert!(is_done(ask, &ask.once(&client, 0).await));
    let before = list().await.as_i64().unwrap();

    disk.fill();
    // There is room in the pages that are there.
    let mut number = 1;
    while is_done(ask, &ask.once(&client, number).await) {
        number += 1;
        assert!(number < 1_900, "the disk was not full");
    }
    let acknowledged = number - 1;
    let refused = Ask::RestCreate(21).once(&client, number).await;
    assert_later(&refused, false);
    for more in 0..3 {
        assert!(!is_done(ask, &ask.once(&client, number + more).await));
        // Reads go on, by both doors.
        assert_eq!(list().await, before + i64::try_from(acknowledged).unwrap());
        let read = Ask::RestList.once(&client, 0).await;
        assert!(is_done(Ask::RestList, &read));
    }

    disk.make_room();
    for more in number..number + 20 {
        assert!(is_done(ask, &ask.once(&client, more).await));
        let by_rest = Ask::RestCreate(21);
        assert!(is_done(by_rest, &by_rest.once(&client, more).await));
    }
    // What was acknowledged is there, and nothing else is.
    let stored = stored(&database);
    let user = |name: &str| {
        let of_user = stored.iter().filter(|(_, user)| user == name);
        let programs = of_user.map(|(program, _)| program);
        programs
            .filter(|program| program.starts_with("many"))
            .count()
    };
    assert_eq!((user("student1"), user("student2")), (number + 20, 20));
}

#[test]
fn a_full_disk_of_postgresqls_log_costs_nothing() {
    run(Engine::Postgres, a_disk_that_is_full_for_the_log);
}

/// Everything is on one disk, and PostgreSQL cannot write ahead: it stops itself.
async fn a_disk_that_is_full_for_the_log(_: &Empty) {
    let Some(disk) = SmallDisk::mount(250) else {
        eprintln!("not run: only root may mount a small disk");
        return;
    };
    let cluster = Cluster::start_in(disk.subfolder(), "min_wal_size = 32MB");
    let database = cluster.database();
    make_programs(&database, 200);
    let server = Process::start(&database, &[]);
    let client = server.authorized(format!("Api-Token {}", database.key("acme")));
    let probe = server.anonymous();
    let (ask, by_rest) = (Ask::GraphqlCreate(20), Ask::RestCreate(21));
    disk.fill();
    let mut number = 0;
    while is_done(ask, &ask.once(&client, number).await) {
        number += 1;
        assert!(number < 50, "the disk was not full");
        // What comes next needs a new file.
        cluster.begin_another_log_file();
    }
    let acknowledged = number;
    until(async || {
        cluster.begin_another_log_file();
        assert!(!is_done(ask, &ask.once(&client, number).await));
        !cluster.is_running()
    })
    .await;
    for more in 0..3 {
        for ask in [ask, by_rest, Ask::GraphqlList, Ask::RestList] {
            let begun = Instant::now();
            assert_later(&ask.once(&client, number + more).await, ask.is_graphql());
            assert!(begun.elapsed() < SOON, "{ask:?}");
        }
    }
    assert_eq!(probe.get("/livez").await.status, 200);
    assert_eq!(probe.get("/readyz").await.status, 503);

    disk.make_room();
    cluster.start();
    until(async || probe.get("/readyz").await.status == 200).await;
    for more in number..number + 20 {
        assert!(is_done(ask, &ask.once(&client, more).await));
        assert!(is_done(by_rest, &by_rest.once(&client, more).await));
    }
    let stored = stored(&database);
    for (numbers, user) in [
        (0..acknowledged, "student1"),
        (number..number + 20, "student1"),
        (number..number + 20, "student2"),
    ] {
        for number in numbers {
            let key = (program(number), user.to_owned());
            assert!(stored.contains(&key), "{key:?}");
        }
    }
}

#[test]
fn whoever_waits_for_a_busy_postgresql_is_served() {
    run(Engine::Postgres, no_new_connections);
}

/// Nobody gets a new connection, which is how it is asked whether it is there; those that are open are busy.
async fn no_new_connections(_: &Empty) {
    let cluster = Cluster::start_new("");
    let database = cluster.database();
    make_programs(&database, 300);
    let environment = [
        ("WAYMARK_DATABASE_MAX_CONNECTIONS", "3"),
        ("WAYMARK_LIMITS_CONCURRENCY", "300"),
        ("WAYMARK_LIMITS_REQUEST_TIMEOUT", "60s"),
    ];
    let server = Process::start(&database, &environment);
    let client = server.authorized(format!("Api-Token {}", database.key("acme")));
    let all = async |numbers: std::ops::Range<usize>| {
        let ask = Ask::GraphqlCreate(20);
        let asked = numbers.map(|number| ask.once(&client, number));
        for answer in futures_util::future::join_all(asked).await {
            assert!(is_done(ask, &answer));
        }
    };
    // Opens as many as there may be.
    all(0..20).await;
    cluster.hang_main(true);
    all(20..300).await;
    cluster.hang_main(false);
}

#[test]
fn a_postgresql_that_hangs_is_not_waited_for() {
    run(Engine::Postgres, a_server_that_hangs);
}

/// Nothing is refused and nothing ends: PostgreSQL just does not go on.
async fn a_server_that_hangs(_: &Empty) {
    let timeout = Duration::from_secs(6);
    let cluster = Cluster::start_new("");
    let database = cluster.database();
    make_programs(&database, 100);
    let server = Process::start(&database, &[("WAYMARK_LIMITS_REQUEST_TIMEOUT", "6s")]);
    let key = server.authorized(format!("Api-Token {}", database.key("acme")));
    let user = server.authorized(database.bearer("root"));
    let asks = [
        (Ask::GraphqlList, &key),
        (Ask::GraphqlList, &user),
        (Ask::RestList, &key),
        (Ask::RestList, &user),
        (Ask::GraphqlCreate(20), &key),
        (Ask::RestCreate(21), &user),
    ];
    // All of them at once, and how long each took.
    let all = async |number: usize| {
        futures_util::future::join_all(asks.map(async |(ask, client)| {
            let begun = Instant::now();
            let answer = ask.once(client, number).await;
            (ask, answer, begun.elapsed())
        }))
        .await
    };
    let all_done = async |number: usize| {
        for (ask, answer, _) in all(number).await {
            assert!(is_done(ask, &answer), "{ask:?}");
        }
    };
    all_done(0).await;
    cluster.hang(true);
    // Those that are on their way time out, in words, if they are not told earlier.
    for (ask, answer, took) in all(1).await {
        assert!(took < timeout + SOON, "{ask:?} took {took:?}");
        if answer.status == 504 {
            let error = &answer.json()["errors"][0];
            assert_eq!(error["extensions"]["code"], "TIMEOUT");
            assert!(error["message"].is_string());
        } else {
            assert_later(&answer, ask.is_graphql());
        }
    }
    // From then on nobody waits.
    for _ in 0..3 {
        for (ask, answer, took) in all(1).await {
            assert_later(&answer, ask.is_graphql());
            assert!(took < SOON + SOON, "{ask:?} took {took:?}");
        }
    }
    let probe = server.anonymous();
    assert_eq!(probe.get("/livez").await.status, 200);
    assert_eq!(probe.get("/readyz").await.status, 503);
    cluster.hang(false);
    until(async || probe.get("/readyz").await.status == 200).await;
    all_done(2).await;
    let stored = stored(&database);
    for number in [0, 2] {
        for user in ["student1", "student2"] {
            let key = (program(number), user.to_owned());
            assert!(stored.contains(&key), "{key:?}");
        }
    }
}
