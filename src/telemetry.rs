//! What the service says about itself: log lines on standard error, and metrics.

use std::fmt::{self, Debug};
use std::io::IsTerminal as _;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use tracing_subscriber::filter::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::error::{Error, Result};

/// Quiet unless they are asked for: what they tell at their usual level is told by the service itself.
const QUIET: [&str; 2] = ["sqlx=warn", "sea_orm_migration=warn"];

/// Sends log lines and panics to standard error from now on.
///
/// # Errors
/// [`Error::Internal`] for a level that the configuration should not have let through.
pub fn start(log: &Log) -> Result<()> {
    // What the configuration says of a module comes later, and wins.
    let directives = format!("{},{}", QUIET.join(","), log.level);
    let filter = EnvFilter::builder()
        .parse(&directives)
        .map_err(|error| Error::internal(format!("log.level: {error}")))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // Only the first call of a process counts; that suffices, because there is one standard error.
    let _started = match log.format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let said = panic.payload_as_str().unwrap_or("nothing");
        let place = panic.location().map(ToString::to_string);
        tracing::error!(said, place, "panic");
    }));
    Ok(())
}

/// How a request went. The values of all labels come from short lists, never from the caller.
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

/// What became of a delivery.
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

    const fn as_str(self) -> &'static str {
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

/// What the sender of webhooks counts. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct WebhookMetrics {
    deliveries: Family<DeliveryLabels, Counter>,
    pending: Gauge,
}

impl WebhookMetrics {
    /// A message was sent, or not.
    pub fn delivered(&self, outcome: DeliveryOutcome) {
        self.of(outcome).inc();
    }

    fn of(&self, outcome: DeliveryOutcome) -> Counter {
        let outcome = outcome.as_str();
        self.deliveries
            .get_or_create(&DeliveryLabels { outcome })
            .clone()
    }

    /// So many events wait.
    pub fn waiting(&self, events: i64) {
        self.pending.set(events);
    }
}

/// Counters, for `/metrics`.
#[derive(Debug)]
pub struct Metrics {
    /// Those of webhooks.
    pub webhooks: WebhookMetrics,
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
}

impl Metrics {
    /// All at zero. `statements` tells how many SQL statements were sent so far.
    pub fn new(statements: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        fn histogram() -> Histogram {
            // Seconds, from an answer out of memory to the longest a request may take.
            Histogram::new([
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
            ])
        }
        let mut registry = Registry::with_prefix("waymark");
        let requests = Family::default();
        let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        let in_flight = Gauge::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "From the head of a request to the head of its answer",
            durations.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests being answered now",
            in_flight.clone(),
        );
        registry.register(
            "build",
            "What is running",
            Info::new([("version", env!("CARGO_PKG_VERSION"))]),
        );
        let webhooks = WebhookMetrics::default();
        for outcome in DeliveryOutcome::ALL {
            // So that it is there, at zero.
            webhooks.of(outcome);
        }
        registry.register(
            "webhook_deliveries",
            "Attempts to send a message to a webhook",
            webhooks.deliveries.clone(),
        );
        registry.register(
            "webhook_pending",
            "Events that wait for webhooks, as far as they are counted",
            webhooks.pending.clone(),
        );
        registry.register_collector(Box::new(Statements(Box::new(statements))));
        Self {
            webhooks,
            registry,
            requests,
            durations,
            in_flight,
        }
    }

    /// A request came in.
    pub fn begun(&self) {
        self.in_flight.inc();
    }

    /// A request was answered.
    pub fn ended(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        self.in_flight.dec();
        let route = route.to_owned();
        self.durations
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

    /// Everything in the text format of OpenMetrics.
    ///
    /// # Errors
    /// [`Error::Internal`] if a metric cannot be written.
    pub fn encode(&self) -> Result<String> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)
            .map_err(|error| Error::internal(format!("the metrics: {error}")))?;
        Ok(text)
    }
}

/// The database counts its statements itself.
struct Statements(Box<dyn Fn() -> u64 + Send + Sync>);

impl Debug for Statements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Statements")
    }
}

impl Collector for Statements {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let counter = ConstCounter::new((self.0)());
        let metric = encoder.encode_descriptor(
            "sql_statements",
            "SQL statements sent",
            None,
            counter.metric_type(),
        )?;
        counter.encode(metric)
    }
}
