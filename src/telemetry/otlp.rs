//! Spans to a collector: OTLP over HTTP, as protobuf.
//!
//! The SDK keeps spans in a queue of 2,048, which others never wait for, and hands them to the exporter in a thread
//! of its own. What does not fit, and what the collector does not take, is dropped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider, SpanData,
    SpanExporter,
};
use prost::Message as _;
use ureq::Agent;

use crate::config::{self, Secret};

/// How long the collector may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long spans wait for others.
const DELAY: Duration = Duration::from_secs(1);
/// How long the last spans may take when the service stops.
const CLOSING: Duration = Duration::from_secs(2);

/// Where spans are made and from where they are sent.
#[derive(Debug)]
pub struct Traces {
    pub tracer: SdkTracer,
    provider: SdkTracerProvider,
}

impl Traces {
    /// None if traces are off.
    pub fn start(config: &config::Traces) -> Option<Self> {
        let otlp = config.otlp.as_ref()?;
        let version = env!("CARGO_PKG_VERSION");
        let resource = Resource::builder_empty()
            .with_service_name(otlp.service_name.clone())
            .with_attribute(KeyValue::new("service.version", version))
            .build();
        let batches = BatchConfigBuilder::default()
            .with_scheduled_delay(DELAY)
            .build();
        let processor = BatchSpanProcessor::builder(Collector::new(otlp))
            .with_batch_config(batches)
            .build();
        let sampler = Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.sample)));
        let provider = SdkTracerProvider::builder()
            .with_sampler(sampler)
            .with_resource(resource)
            .with_span_processor(processor)
            .build();
        let scope = InstrumentationScope::builder("waymark")
            .with_version(version)
            .build();
        Some(Self {
            tracer: provider.tracer_with_scope(scope),
            provider,
        })
    }

    /// Sends what is left. Blocks, for a little while at most.
    pub fn close(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(CLOSING) {
            tracing::debug!(%error, "the last spans could not be sent");
        }
    }
}

#[derive(Debug)]
struct Collector {
    agent: Agent,
    url: String,
    headers: Vec<(String, Secret)>,
    resource: ResourceAttributesWithSchema,
    /// Whether the last attempt failed.
    away: AtomicBool,
}

impl Collector {
    fn new(otlp: &config::Otlp) -> Self {
        let agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .proxy(None)
            .build()
            .into();
        Self {
            agent,
            url: format!("{}/v1/traces", otlp.endpoint),
            headers: otlp.headers.clone(),
            resource: ResourceAttributesWithSchema::default(),
            away: AtomicBool::new(false),
        }
    }

    fn send(&self, body: &[u8]) -> Result<(), ureq::Error> {
        let mut post = self
            .agent
            .post(&self.url)
            .header("content-type", "application/x-protobuf");
        for (name, value) in &self.headers {
            post = post.header(name.as_str(), value.expose());
        }
        post.send(body).map(drop)
    }
}

impl SpanExporter for Collector {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let request = ExportTraceServiceRequest {
            resource_spans: group_spans_by_resource_and_scope(batch, &self.resource),
        };
        let sent = self.send(&request.encode_to_vec());
        let was_away = self.away.swap(sent.is_err(), Ordering::Relaxed);
        match &sent {
            Err(error) if !was_away => {
                tracing::warn!(%error, "the collector of traces takes nothing: spans are dropped until it does");
            }
            Ok(()) if was_away => tracing::info!("the collector of traces takes spans again"),
            _ => {}
        }
        sent.map_err(|error| OTelSdkError::InternalFailure(error.to_string()))
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}
