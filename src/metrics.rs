//! What is counted and timed, and what the log line of a request tells. Plain data for every layer.
//!
//! The values of all labels come from short lists or from the service itself, never from callers, so that nobody
//! can add series.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::error::{Error, Result};
use crate::event::EventAction;
use crate::traces::Trace;

/// The most names of trusted documents that are told apart.
const MAX_NAMES: usize = 1_000;

tokio::task_local! {
    static NOTES: Arc<Notes>;
}

/// What becomes known of a request while it is answered.
#[derive(Debug, Default)]
pub struct Notes {
    /// `user:456` or `key:12`.
    pub caller: OnceLock<String>,
    /// The door and the operation.
    pub operation: OnceLock<(Door, String)>,
    /// The code of the first error; none if there is none.
    pub code: OnceLock<String>,
    /// The price of a GraphQL operation.
    pub cost: OnceLock<u64>,
    /// How many SQL statements were sent for it.
    pub statements: AtomicU64,
    /// What is left of the caller's quotas.
    pub quotas: Mutex<Vec<Quota>>,
    /// Its trace, if it is traced.
    pub trace: Option<Box<Trace>>,
}

impl Notes {
    /// A SQL statement was answered just now.
    pub fn statement(&self, name: &'static str, succeeded: bool, took: Duration) {
        self.statements.fetch_add(1, Ordering::Relaxed);
        if let Some(trace) = &self.trace {
            trace.statement(name, succeeded, took);
        }
    }
}

/// What a caller may ask in a while, and what is left of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    pub name: &'static str,
    /// The most at once.
    pub most: u64,
    /// Over so many seconds.
    pub window: u32,
    pub left: u64,
    /// Until all of it is left again.
    pub full_in: Duration,
    /// Until the request that was refused may be made; none if it was not refused.
    pub again_in: Option<Duration>,
}

/// By which door an operation came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    Graphql,
    Subscription,
    Rest,
}

impl Door {
    fn name(self) -> &'static str {
        match self {
            Self::Graphql => "graphql",
            Self::Subscription => "subscription",
            Self::Rest => "rest",
        }
    }
}

impl EncodeLabelValue for Door {
    fn encode(
        &self,
        encoder: &mut LabelValueEncoder<'_>,
    ) -> std::result::Result<(), std::fmt::Error> {
        encoder.write_str(self.name())
    }
}

/// Notes something about the request that runs, if one does.
pub fn note(noted: impl FnOnce(&Notes)) {
    // Outside of a request there is nothing to tell.
    let _told = NOTES.try_with(|notes| noted(notes));
}

/// Runs work of a request.
pub async fn noting<F: Future>(notes: Arc<Notes>, work: F) -> F::Output {
    NOTES.scope(notes, work).await
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
    method: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    door: Door,
    operation: String,
    code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationTimeLabels {
    door: Door,
    operation: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatementLabels {
    statement: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatementTimeLabels {
    statement: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PoolStateLabels {
    pool: &'static str,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct PoolLabels {
    pool: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CacheLabels {
    cache: &'static str,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TransportLabels {
    transport: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ActionLabels {
    action: &'static str,
}

/// What became of a delivery to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The receiver took it.
    Taken,
    /// The receiver answered otherwise.
    Refused,
    /// There was no answer, or the address is not allowed.
    Failed,
}

impl DeliveryOutcome {
    const ALL: [Self; 3] = [Self::Taken, Self::Refused, Self::Failed];

    const fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeliveryLabels {
    outcome: &'static str,
}

/// An open subscription, until it is dropped.
#[derive(Debug)]
pub struct OpenSubscription(Gauge);

impl Drop for OpenSubscription {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// An operation that is executed outside of a request of its own: counted when it is dropped.
#[derive(Debug)]
pub struct Measured {
    metrics: Arc<Metrics>,
    pub door: Door,
    pub operation: String,
    /// The code of the first error.
    code: Option<String>,
    begun: Instant,
}

impl Measured {
    /// An operation of which nothing is known yet.
    pub fn begin(metrics: &Arc<Metrics>) -> Self {
        Self {
            metrics: Arc::clone(metrics),
            door: Door::Graphql,
            operation: "none".to_owned(),
            code: None,
            begun: Instant::now(),
        }
    }

    /// It failed with this code, if there is one.
    pub fn failed(&mut self, code: Option<&str>) {
        self.code = code.map(str::to_owned);
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        let code = self.code.as_deref().unwrap_or("OK");
        let took = self.begun.elapsed();
        self.metrics
            .operation(self.door, &self.operation, code, took);
    }
}

/// Why a request was refused before anything was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It waited too long, or too many wait.
    Overloaded,
    /// The database is away.
    Unavailable,
    /// The caller asks too often.
    Rate,
    /// The caller asks for too much in a short time.
    Cost,
    /// There are too many connections.
    Connections,
}

impl Refused {
    const ALL: [Self; 5] = [
        Self::Overloaded,
        Self::Unavailable,
        Self::Rate,
        Self::Cost,
        Self::Connections,
    ];

    const fn labels(self) -> ReasonLabels {
        let reason = match self {
            Self::Overloaded => "overloaded",
            Self::Unavailable => "unavailable",
            Self::Rate => "rate",
            Self::Cost => "cost",
            Self::Connections => "connections",
        };
        ReasonLabels { reason }
    }
}

/// How busy a pool of connections is.
#[derive(Debug, Clone, Copy)]
pub struct PoolUse {
    /// `read` or `write`.
    pub pool: &'static str,
    pub used: u64,
    pub idle: u64,
    pub waiting: u64,
}

impl PoolUse {
    /// Counts further connections for the same purpose.
    pub fn add(&mut self, more: &Self) {
        self.used += more.used;
        self.idle += more.idle;
        self.waiting += more.waiting;
    }
}

type Times<L> = Family<L, Histogram, fn() -> Histogram>;

/// Counters, for `/metrics`.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_times: Times<RouteLabels>,
    in_flight: Gauge,
    operations: Family<OperationLabels, Counter>,
    operation_times: Times<OperationTimeLabels>,
    /// Names of trusted documents that have series.
    names: Mutex<HashSet<String>>,
    statements: Family<StatementLabels, Counter>,
    statement_times: Times<StatementTimeLabels>,
    pools: Family<PoolStateLabels, Gauge>,
    waiting: Family<PoolLabels, Gauge>,
    caches: Family<CacheLabels, Counter>,
    refused: Family<ReasonLabels, Counter>,
    /// Requests that wait for their turn.
    pub queued: Gauge,
    /// Open connections of clients.
    pub connections: Gauge,
    bulk_items: Histogram,
    events: Family<ActionLabels, Counter>,
    subscriptions: Family<TransportLabels, Gauge>,
    deliveries: Family<DeliveryLabels, Counter>,
    /// Events that wait for webhooks.
    pub webhooks_pending: Gauge,
    process: Process,
}

impl Default for Metrics {
    fn default() -> Self {
        fn requests() -> Histogram {
            // Seconds, from an answer out of memory to the longest a request may take.
            Histogram::new([
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
            ])
        }
        fn statements() -> Histogram {
            Histogram::new([0.000_25, 0.001, 0.0025, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0])
        }
        let mut registry = Registry::default();
        let process = Process::registered(&mut registry);
        let ours = registry.sub_registry_with_prefix("waymark");
        let metrics = Self {
            registry: Registry::default(),
            requests: Family::default(),
            request_times: Family::new_with_constructor(requests),
            in_flight: Gauge::default(),
            operations: Family::default(),
            operation_times: Family::new_with_constructor(requests),
            names: Mutex::default(),
            statements: Family::default(),
            statement_times: Family::new_with_constructor(statements),
            pools: Family::default(),
            waiting: Family::default(),
            caches: Family::default(),
            refused: Family::default(),
            queued: Gauge::default(),
            connections: Gauge::default(),
            bulk_items: Histogram::new([1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0]),
            events: Family::default(),
            subscriptions: Family::default(),
            deliveries: Family::default(),
            webhooks_pending: Gauge::default(),
            process,
        };
        let build = Info::new([
            ("version", env!("CARGO_PKG_VERSION")),
            ("commit", crate::COMMIT.unwrap_or("unknown")),
        ]);
        ours.register("build", "What is running", build);
        ours.register(
            "http_requests",
            "Requests answered",
            metrics.requests.clone(),
        );
        ours.register(
            "http_request_duration_seconds",
            "From the head of a request to the head of its answer",
            metrics.request_times.clone(),
        );
        ours.register(
            "http_requests_in_flight",
            "Requests being answered now",
            metrics.in_flight.clone(),
        );
        ours.register(
            "http_connections",
            "Open connections of clients",
            metrics.connections.clone(),
        );
        ours.register(
            "operations",
            "Operations answered, by door, operation and code of the first error",
            metrics.operations.clone(),
        );
        ours.register(
            "operation_duration_seconds",
            "How long operations took",
            metrics.operation_times.clone(),
        );
        ours.register(
            "requests_queued",
            "Requests that wait for their turn",
            metrics.queued.clone(),
        );
        ours.register(
            "requests_refused",
            "Requests refused before anything was done",
            metrics.refused.clone(),
        );
        ours.register(
            "sql_statements",
            "SQL statements sent",
            metrics.statements.clone(),
        );
        ours.register(
            "sql_statement_duration_seconds",
            "How long SQL statements took",
            metrics.statement_times.clone(),
        );
        ours.register(
            "database_connections",
            "Connections to the database",
            metrics.pools.clone(),
        );
        ours.register(
            "database_connections_waiting",
            "Callers that wait for a connection to the database",
            metrics.waiting.clone(),
        );
        ours.register(
            "cache_lookups",
            "Look-ups in caches",
            metrics.caches.clone(),
        );
        ours.register(
            "bulk_items",
            "Items of requests with many items",
            metrics.bulk_items.clone(),
        );
        ours.register(
            "events",
            "Events of suggestions written by this process",
            metrics.events.clone(),
        );
        ours.register(
            "subscriptions",
            "Subscriptions that are open",
            metrics.subscriptions.clone(),
        );
        for transport in ["websocket", "sse"] {
            // There from the start, at zero.
            drop(
                metrics
                    .subscriptions
                    .get_or_create(&TransportLabels { transport }),
            );
        }
        for action in EventAction::ALL {
            metrics.event(action, 0);
        }
        for reason in Refused::ALL {
            drop(metrics.refused.get_or_create(&reason.labels()));
        }
        ours.register(
            "webhook_deliveries",
            "Attempts to send a message to a webhook",
            metrics.deliveries.clone(),
        );
        for outcome in DeliveryOutcome::ALL {
            let labels = DeliveryLabels {
                outcome: outcome.name(),
            };
            drop(metrics.deliveries.get_or_create(&labels));
        }
        ours.register(
            "webhook_pending",
            "Events that wait for webhooks, as far as they are counted",
            metrics.webhooks_pending.clone(),
        );
        Self {
            registry,
            ..metrics
        }
    }
}

impl Metrics {
    /// A request came in.
    pub fn begun(&self) {
        self.in_flight.inc();
    }

    /// A request was answered.
    pub fn ended(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        self.in_flight.dec();
        let route = route.to_owned();
        self.request_times
            .get_or_create(&RouteLabels {
                route: route.clone(),
                method,
            })
            .observe(took.as_secs_f64());
        self.requests
            .get_or_create(&RequestLabels {
                route,
                method,
                status,
            })
            .inc();
    }

    /// An operation was answered, with the code of its first error or `OK`.
    pub fn operation(&self, door: Door, operation: &str, code: &str, took: Duration) {
        let (operation, code) = (operation.to_owned(), code.to_owned());
        self.operation_times
            .get_or_create(&OperationTimeLabels {
                door,
                operation: operation.clone(),
            })
            .observe(took.as_secs_f64());
        self.operations
            .get_or_create(&OperationLabels {
                door,
                operation,
                code,
            })
            .inc();
    }

    /// The name of a trusted document as a label: `other` once there are too many.
    pub fn name(&self, trusted: &str) -> String {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() < MAX_NAMES && !names.contains(trusted) {
            names.insert(trusted.to_owned());
        }
        let known = names.contains(trusted);
        if known { trusted } else { "other" }.to_owned()
    }

    /// A SQL statement was answered.
    pub fn statement(&self, statement: &'static str, succeeded: bool, took: Duration) {
        note(|notes| notes.statement(statement, succeeded, took));
        let outcome = if succeeded { "ok" } else { "error" };
        self.statements
            .get_or_create(&StatementLabels { statement, outcome })
            .inc();
        self.statement_times
            .get_or_create(&StatementTimeLabels { statement })
            .observe(took.as_secs_f64());
    }

    /// Something was looked for in a cache.
    pub fn looked_up(&self, cache: &'static str, hit: bool) {
        let outcome = if hit { "hit" } else { "miss" };
        self.caches
            .get_or_create(&CacheLabels { cache, outcome })
            .inc();
    }

    /// So many events were written.
    pub fn event(&self, action: EventAction, number: u64) {
        let action = action.name();
        self.events
            .get_or_create(&ActionLabels { action })
            .inc_by(number);
    }

    /// A message was sent to a webhook, or not.
    pub fn delivered(&self, outcome: DeliveryOutcome) {
        let outcome = outcome.name();
        self.deliveries
            .get_or_create(&DeliveryLabels { outcome })
            .inc();
    }

    pub fn subscribed(&self, transport: &'static str) -> OpenSubscription {
        let labels = TransportLabels { transport };
        let gauge = self.subscriptions.get_or_create(&labels).clone();
        gauge.inc();
        OpenSubscription(gauge)
    }

    /// A request was refused before anything was done.
    pub fn refuse(&self, reason: Refused) {
        self.refused.get_or_create(&reason.labels()).inc();
    }

    /// A request came with so many items.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    pub fn bulk(&self, items: usize) {
        self.bulk_items.observe(items as f64);
    }

    /// Everything in the text format of OpenMetrics.
    ///
    /// # Errors
    /// [`Error::Internal`] if a metric cannot be written.
    pub fn open_metrics(&self, pools: &[PoolUse]) -> Result<String> {
        for pool in pools {
            for (state, number) in [("used", pool.used), ("idle", pool.idle)] {
                let labels = PoolStateLabels {
                    pool: pool.pool,
                    state,
                };
                self.pools.get_or_create(&labels).set(whole(number));
            }
            self.waiting
                .get_or_create(&PoolLabels { pool: pool.pool })
                .set(whole(pool.waiting));
        }
        self.process.look();
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)
            .map_err(|error| Error::internal(format!("the metrics: {error}")))?;
        Ok(text)
    }

    /// Everything in the text format 0.0.4 of Prometheus.
    ///
    /// # Errors
    /// As [`Metrics::open_metrics`].
    pub fn text(&self, pools: &[PoolUse]) -> Result<String> {
        Ok(text_format(&self.open_metrics(pools)?))
    }
}

/// The older format has the full name of a sample in `HELP` and `TYPE`, no type `info`, and no end.
fn text_format(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut help = "";
    for line in open_metrics.lines() {
        if let Some(told) = line.strip_prefix("# HELP ") {
            help = told;
        } else if let Some(told) = line.strip_prefix("# TYPE ") {
            let (name, kind) = told.split_once(' ').unwrap_or((told, "untyped"));
            let (suffix, kind) = match kind {
                "counter" => ("_total", kind),
                "info" => ("_info", "gauge"),
                "unknown" => ("", "untyped"),
                _ => ("", kind),
            };
            let about = help.split_once(' ').map_or("", |(_, about)| about);
            let written = write!(
                text,
                "# HELP {name}{suffix} {about}\n# TYPE {name}{suffix} {kind}\n"
            );
            debug_assert!(written.is_ok(), "writing to a string does not fail");
        } else if !line.starts_with('#') {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What the system says of this process.
#[derive(Debug)]
struct Process {
    memory: Gauge,
    cpu: Counter<f64, AtomicU64>,
    files: Gauge,
    most_files: Gauge,
    started: Gauge<f64, AtomicU64>,
}

impl Process {
    fn registered(registry: &mut Registry) -> Self {
        let process = Self {
            memory: Gauge::default(),
            cpu: Counter::default(),
            files: Gauge::default(),
            most_files: Gauge::default(),
            started: Gauge::default(),
        };
        registry.register(
            "process_resident_memory_bytes",
            "Memory in use",
            process.memory.clone(),
        );
        registry.register(
            "process_cpu_seconds",
            "Time of processors used",
            process.cpu.clone(),
        );
        registry.register("process_open_fds", "Open files", process.files.clone());
        registry.register(
            "process_max_fds",
            "The most open files that are allowed",
            process.most_files.clone(),
        );
        registry.register(
            "process_start_time_seconds",
            "When the process began, in seconds since 1970",
            process.started.clone(),
        );
        process
    }

    /// Reads what there is. Where the system has no `/proc`, the numbers stay 0.
    fn look(&self) {
        let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
            return;
        };
        // The name in parentheses may hold anything; the numbers come after it.
        let fields: Vec<&str> = stat
            .rsplit_once(')')
            .map(|(_, rest)| rest.split_whitespace().collect())
            .unwrap_or_default();
        let field = |number: usize| -> f64 {
            let field = fields.get(number - 3).and_then(|text| text.parse().ok());
            field.unwrap_or_default()
        };
        // Linux counts times in hundredths of a second and memory in pages of 4 KiB, as far as programs see.
        const TICKS: f64 = 100.0;
        let used = (field(14) + field(15)) / TICKS;
        let counted = self.cpu.get();
        if used > counted {
            self.cpu.inc_by(used - counted);
        }
        let pages = fields.get(24 - 3).and_then(|text| text.parse::<i64>().ok());
        self.memory.set(pages.unwrap_or_default() * 4_096);
        let boot = std::fs::read_to_string("/proc/stat").unwrap_or_default();
        let boot = boot
            .lines()
            .find_map(|line| line.strip_prefix("btime "))
            .and_then(|text| text.trim().parse::<f64>().ok());
        self.started
            .set(boot.unwrap_or_default() + field(22) / TICKS);
        if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
            self.files
                .set(i64::try_from(files.count()).unwrap_or(i64::MAX));
        }
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
        let most = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max open files"))
            .and_then(|line| line.split_whitespace().next())
            .and_then(|text| text.parse().ok());
        self.most_files.set(most.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_say_the_same() {
        let metrics = Metrics::default();
        metrics.operation(Door::Rest, "listUserSuggestions", "OK", Duration::ZERO);
        let text = metrics.text(&[]).unwrap();
        assert!(text.contains("# TYPE waymark_operations_total counter\nwaymark_operations_total{door=\"rest\",operation=\"listUserSuggestions\",code=\"OK\"} 1\n"), "{text}");
        assert!(text.contains("# TYPE waymark_build_info gauge\n"), "{text}");
        assert!(!text.contains("EOF"));
        let open = metrics.open_metrics(&[]).unwrap();
        assert!(open.ends_with("# EOF\n") && open.contains("# TYPE waymark_operations counter"));
        assert_eq!(
            open.lines().filter(|line| !line.starts_with('#')).count(),
            text.lines().filter(|line| !line.starts_with('#')).count()
        );
    }

    #[test]
    fn names_of_trusted_documents_are_bounded() {
        let metrics = Metrics::default();
        for number in 0..MAX_NAMES {
            assert_eq!(metrics.name(&format!("D{number}")), format!("D{number}"));
        }
        assert_eq!(metrics.name("one more"), "other");
        assert_eq!(metrics.name("D1"), "D1");
    }
}
