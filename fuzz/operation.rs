//! The steps before execution answer any document, variables and operation name; they answer the same
//! twice, and in the form that the service relies on.
//!
//! An input has up to three parts: the document, the variables as JSON, and the operation name. Nothing is
//! executed.

#![no_main]

mod mutate;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use async_graphql_value::ConstValue;
use graphql_operation::{
    LimitMode, Limits, OperationRequest, Pipeline, Prepared, RequestError, ScalarCheck, Settings,
};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::{Map, Value};

/// Separates the parts of an input. No document has it outside of strings and comments.
const BETWEEN: &str = "\n---\n";

const SCHEMA: &str = include_str!("../schema.graphql");

fn object(value: &ConstValue) -> Result<(), String> {
    match value {
        ConstValue::Object(_) => Ok(()),
        _ => Err("An object is expected.".to_owned()),
    }
}

fn text(value: &ConstValue) -> Result<(), String> {
    match value {
        ConstValue::String(_) => Ok(()),
        _ => Err("A text is expected.".to_owned()),
    }
}

const SCALARS: &[(&str, ScalarCheck)] = &[
    ("JSONObject", object),
    ("DateTime", text),
    ("JSON", |_| Ok(())),
];

/// The pipeline with default limits, and one with limits that are only measured, which allows more.
static PIPELINES: LazyLock<[Pipeline; 2]> = LazyLock::new(|| {
    [LimitMode::Enforce, LimitMode::Measure].map(|mode| {
        let limits = Limits {
            mode,
            ..Limits::default()
        };
        let settings = Settings {
            limits,
            scalars: SCALARS,
            ..Settings::default()
        };
        Pipeline::new(SCHEMA, settings).expect("the schema is valid")
    })
});

/// The most CPU time for preparing an input three times, in a program that is hardly optimised.
const MOST_WORK: Duration = Duration::from_secs(1);

fuzz_target!(|data: &[u8]| {
    let before = worked();
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split(BETWEEN);
    let document = parts.next().unwrap_or_default();
    let variables = parts.next().map(serde_json::from_str);
    let variables = match variables {
        Some(Ok(Value::Object(variables))) => variables,
        _ => Map::new(),
    };
    let operation_name = parts.next().map(str::trim_end);

    let prepare = |pipeline: &Pipeline, suggest_names: bool| {
        pipeline.prepare(OperationRequest {
            query: Some(document),
            operation_name,
            variables: variables.clone(),
            suggest_names,
            ..OperationRequest::default()
        })
    };
    let [enforcing, measuring] = &*PIPELINES;
    let first = prepare(enforcing, true);
    if let Err(refused) = &first {
        check(refused, document);
    }
    let allowed = first.is_ok();
    let first = outcome(first);
    // A valid document is cached now.
    let again = outcome(prepare(enforcing, true));
    assert_eq!(first, again, "the same document, another outcome");

    let measured = prepare(measuring, false);
    if let Err(refused) = &measured {
        check(refused, document);
    }
    if allowed {
        assert_eq!(
            first,
            outcome(measured),
            "limits change what is let through"
        );
    }
    let work = worked().saturating_sub(before);
    assert!(work < MOST_WORK, "it takes {work:?}");
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate::mutate(data, size, max_size, seed)
});

/// The CPU time of this thread, where the system provides it.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

/// Checks what clients rely on in a request error.
fn check(refused: &RequestError, document: &str) {
    let number = refused.errors.len();
    assert!((1..=10).contains(&number), "{number} errors");
    let lines = document.split(['\n', '\r']).count();
    for error in &refused.errors {
        assert!(!error.message.is_empty() && error.message.len() < 1000);
        for place in &error.locations {
            assert!((1..=lines).contains(&place.line), "{error:?}");
            assert!(place.column >= 1, "{error:?}");
        }
    }
}

/// Everything visible of an outcome.
fn outcome(prepared: Result<Prepared, RequestError>) -> String {
    let mut seen = String::new();
    let written = match prepared {
        Err(refused) => write!(seen, "{refused:?}"),
        Ok(mut prepared) => {
            let document = prepared.request.parsed_query().expect("it is parsed");
            let fragments: BTreeMap<_, _> = document.fragments.iter().collect();
            write!(seen, "{:?} {fragments:?}", document.operations).and_then(|()| {
                write!(
                    seen,
                    "{:?} {} {} {}",
                    prepared.request.variables,
                    prepared.is_mutation,
                    prepared.introspects,
                    prepared.cost
                )
            })
        }
    };
    written.expect("texts can be written");
    seen
}
