//! What the service says about itself: log lines on standard error, and metrics.

use std::fmt::{self, Debug};
use std::io::IsTerminal as _;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
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

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TransportLabels {
    transport: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ActionLabels {
    action: &'static str,
}

/// The subscriptions that are open, by transport.
#[derive(Debug, Clone, Default)]
pub struct Subscriptions(Family<TransportLabels, Gauge>);

/// An open subscription, until it is dropped.
#[derive(Debug)]
pub struct OpenSubscription(Gauge);

impl Subscriptions {
    /// A subscription begins.
    pub fn open(&self, transport: &'static str) -> OpenSubscription {
        let gauge = self.0.get_or_create(&TransportLabels { transport }).clone();
        gauge.inc();
        OpenSubscription(gauge)
    }
}

impl Drop for OpenSubscription {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// What the database counts itself, as numbers so far.
pub struct Counted {
    /// SQL statements sent.
    pub statements: Box<dyn Fn() -> u64 + Send + Sync>,
    /// Events written, by action.
    pub events: Box<dyn Fn() -> Vec<(&'static str, u64)> + Send + Sync>,
}

impl Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Counted")
    }
}

/// Counters, for `/metrics`.
#[derive(Debug)]
pub struct Metrics {
    /// The subscriptions that are open.
    pub subscriptions: Subscriptions,
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
}

impl Metrics {
    /// All at zero, beside what the database has counted.
    pub fn new(counted: Counted) -> Self {
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
        registry.register_collector(Box::new(counted));
        let subscriptions = Subscriptions::default();
        for transport in ["websocket", "sse"] {
            // There from the start, at zero.
            drop(
                subscriptions
                    .0
                    .get_or_create(&TransportLabels { transport }),
            );
        }
        registry.register(
            "subscriptions",
            "Subscriptions that are open",
            subscriptions.0.clone(),
        );
        Self {
            subscriptions,
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

impl Collector for Counted {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let counter = ConstCounter::new((self.statements)());
        let metric = encoder.encode_descriptor(
            "sql_statements",
            "SQL statements sent",
            None,
            counter.metric_type(),
        )?;
        counter.encode(metric)?;
        let mut metric = encoder.encode_descriptor(
            "events",
            "Events of suggestions written by this process",
            None,
            MetricType::Counter,
        )?;
        for (action, count) in (self.events)() {
            let labels = ActionLabels { action };
            ConstCounter::new(count).encode(metric.encode_family(&labels)?)?;
        }
        Ok(())
    }
}
