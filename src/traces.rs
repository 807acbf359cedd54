//! The trace of a request: what it did, and how long each part took. Plain data for every layer.
//!
//! While a request runs, only names and times are kept, and only where it is sampled. Spans are made of them when
//! it ends.

use std::borrow::Cow;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{
    Span as _, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt as _, Tracer as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, Span};

use crate::clock;

/// The most statements of a request that get a span.
const MAX_STATEMENTS: usize = 256;

/// The trace that a request belongs to, as its headers `traceparent` and `tracestate` say.
#[derive(Debug, Default)]
pub struct Parent(Context);

struct Headers<'h> {
    traceparent: &'h str,
    tracestate: Option<&'h str>,
}

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => Some(self.traceparent),
            "tracestate" => self.tracestate,
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}

impl Parent {
    /// Reads the headers; what is not as it should be counts as not there.
    pub fn read(traceparent: &str, tracestate: Option<&str>) -> Self {
        let headers = Headers {
            traceparent,
            tracestate,
        };
        Self(TraceContextPropagator::new().extract_with_context(&Context::new(), &headers))
    }

    fn context(&self) -> SpanContext {
        self.0.span().span_context().clone()
    }

    /// The id of the trace, if there is one.
    pub fn trace_id(&self) -> Option<String> {
        let context = self.context();
        context.is_valid().then(|| context.trace_id().to_string())
    }
}

/// A statement that was answered.
#[derive(Debug)]
struct Ran {
    name: &'static str,
    succeeded: bool,
    begun: Instant,
    took: Duration,
}

/// What is known of a request that is traced.
#[derive(Debug)]
pub struct Trace {
    tracer: SdkTracer,
    request: Mutex<Span>,
    /// The engine, as traces call it.
    system: &'static str,
    at: SystemTime,
    begun: Instant,
    /// When the operation began, and what it is in GraphQL.
    operation: OnceLock<(Instant, Option<&'static str>)>,
    statements: Mutex<Vec<Ran>>,
}

/// How a request ended.
#[derive(Debug)]
pub struct Ended<'e> {
    pub status: u16,
    /// The name of the operation, if there was one.
    pub operation: Option<&'e str>,
    /// `OK`, or the code of the first error.
    pub code: &'e str,
    pub took: Duration,
}

impl Trace {
    /// Begins the trace of a request, or goes on with the one it belongs to; none if it is not sampled.
    pub fn begin(
        tracer: &SdkTracer,
        parent: &Parent,
        method: &'static str,
        route: &str,
        system: &'static str,
    ) -> Option<Self> {
        let (at, begun) = (wall_clock(), Instant::now());
        let method = if method == "other" { "_OTHER" } else { method };
        let mut attributes = vec![KeyValue::new("http.request.method", method)];
        let name: Cow<'static, str> = if route == "none" {
            method.into()
        } else {
            attributes.push(KeyValue::new("http.route", route.to_owned()));
            format!("{method} {route}").into()
        };
        let builder = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Server)
            .with_start_time(at)
            .with_attributes(attributes);
        let request = tracer.build_with_context(builder, &parent.0);
        request.span_context().is_sampled().then(|| Self {
            tracer: tracer.clone(),
            request: Mutex::new(request),
            system,
            at,
            begun,
            operation: OnceLock::new(),
            statements: Mutex::default(),
        })
    }

    /// The id of the trace.
    pub fn trace_id(&self) -> String {
        let request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        request.span_context().trace_id().to_string()
    }

    /// From here on statements are the operation's. `kind` is `query`, `mutation` or `subscription`.
    pub fn operation(&self, kind: Option<&'static str>) {
        let _first = self.operation.set((Instant::now(), kind));
    }

    /// A statement was answered just now.
    pub fn statement(&self, name: &'static str, succeeded: bool, took: Duration) {
        let now = Instant::now();
        let begun = now.checked_sub(took).unwrap_or(now);
        let mut statements = self
            .statements
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if statements.len() < MAX_STATEMENTS {
            statements.push(Ran {
                name,
                succeeded,
                begun,
                took,
            });
        }
    }

    /// Makes the spans.
    pub fn end(&self, ended: &Ended<'_>) {
        let mut request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        let end = self.at + ended.took;
        let below_request = below(&request);
        let operation = self
            .operation
            .get()
            .zip(ended.operation)
            .map(|((begun, kind), name)| {
                let mut attributes = Vec::new();
                attributes.extend(kind.map(|kind| KeyValue::new("graphql.operation.type", kind)));
                if ended.code != "OK" {
                    attributes.push(KeyValue::new("error.type", ended.code.to_owned()));
                }
                let builder = SpanBuilder::from_name(name.to_owned())
                    .with_kind(SpanKind::Internal)
                    .with_start_time(self.moment(*begun))
                    .with_attributes(attributes);
                let mut span = self.tracer.build_with_context(builder, &below_request);
                if ended.code != "OK" {
                    span.set_status(Status::error(ended.code.to_owned()));
                }
                (*begun, span)
            });
        let below_operation = operation
            .as_ref()
            .map(|(begun, span)| (*begun, below(span)));
        let statements = std::mem::take(
            &mut *self
                .statements
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for ran in statements {
            let parent = match &below_operation {
                Some((begun, context)) if ran.begun >= *begun => context,
                _ => &below_request,
            };
            let start = self.moment(ran.begun);
            let builder = SpanBuilder::from_name(ran.name)
                .with_kind(SpanKind::Client)
                .with_start_time(start)
                .with_attributes([
                    KeyValue::new("db.system.name", self.system),
                    KeyValue::new("db.operation.name", ran.name),
                ]);
            let mut span = self.tracer.build_with_context(builder, parent);
            if !ran.succeeded {
                span.set_status(Status::error("the statement failed"));
            }
            span.end_with_timestamp(start + ran.took);
        }
        if let Some((_, mut span)) = operation {
            span.end_with_timestamp(end);
        }
        request.set_attribute(KeyValue::new(
            "http.response.status_code",
            i64::from(ended.status),
        ));
        if ended.status >= 500 {
            request.set_attribute(KeyValue::new("error.type", ended.status.to_string()));
            request.set_status(Status::error(ended.code.to_owned()));
        }
        request.end_with_timestamp(end);
    }

    fn moment(&self, instant: Instant) -> SystemTime {
        self.at + instant.saturating_duration_since(self.begun)
    }
}

/// The context of spans below this one.
fn below(span: &Span) -> Context {
    Context::new().with_remote_span_context(span.span_context().clone())
}

fn wall_clock() -> SystemTime {
    let micros = u64::try_from(clock::now().0).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_is_read_or_left() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        let parent = Parent::read(&format!("00-{id}-00f067aa0ba902b7-01"), Some("a=b"));
        assert_eq!(parent.trace_id().as_deref(), Some(id));
        for wrong in [
            String::new(),
            format!("00-{id}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("ff-{id}-00f067aa0ba902b7-01"),
            format!("00-{id}-00f067aa0ba902b7"),
            format!("00-{}-00f067aa0ba902b7-01", id.to_uppercase()),
        ] {
            assert_eq!(Parent::read(&wrong, None).trace_id(), None, "{wrong}");
        }
    }
}
