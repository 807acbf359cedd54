//! What the pipeline costs, with the schema of the service: `cargo bench -p graphql-operation`.

use std::sync::atomic::{AtomicU64, Ordering};

use async_graphql::Value as GraphqlValue;
use divan::Bencher;
use divan::counter::ItemsCount;
use graphql_operation::{OperationRequest, Pipeline, Prepared, ScalarCheck, Settings};
use serde_json::{Map, Value, json};

fn main() {
    divan::main();
}

const SCHEMA: &str = include_str!("../../schema.graphql");

fn is_object(value: &GraphqlValue) -> Result<(), String> {
    match value {
        GraphqlValue::Object(_) => Ok(()),
        _ => Err("An object is expected.".to_owned()),
    }
}

const SCALARS: &[(&str, ScalarCheck)] = &[
    ("JSONObject", is_object),
    ("DateTime", |_| Ok(())),
    ("JSON", |_| Ok(())),
];

/// A page of a list with what an admin table shows.
const PAGE: &str = "query Page($platform: String!, $page: Int) { programGroupSuggestionPage(\
    platformKey: $platform, page: $page, pageSize: 20, orderBy: {field: MODIFIED, direction: DESC}) { \
    count pageCount nextPage results { id databaseId program { ...Program } group { id databaseId \
    name } userCount accepted visible metadata created modified } } } fragment Program on Program { \
    id key name org imageUrl }";

const BULK: &str = "mutation Bulk($input: ProgramSuggestionBulkCreateInput!) { \
    programSuggestionBulkCreate(input: $input) { successes createdCount results { index outcome \
    suggestion { databaseId } userErrors { code message field } } userErrors { code message } } }";

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn pipeline() -> Pipeline {
    let settings = Settings {
        scalars: SCALARS,
        ..Settings::default()
    };
    Pipeline::new(SCHEMA, settings).expect("the schema is valid")
}

fn prepare(pipeline: &Pipeline, text: &str, variables: Map<String, Value>) -> Prepared {
    let request = OperationRequest {
        query: Some(text),
        variables,
        ..OperationRequest::default()
    };
    pipeline.prepare(request).expect("the operation is valid")
}

/// Parsed, measured, validated, and kept.
#[divan::bench]
fn prepare_a_new_document(bencher: Bencher) {
    let pipeline = pipeline();
    let next = AtomicU64::new(0);
    bencher
        .with_inputs(|| {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let variables = object(json!({ "platform": "acme", "page": 1 }));
            // Another comment is another document.
            (format!("{PAGE} # {number}"), variables)
        })
        .bench_values(|(text, variables)| prepare(&pipeline, &text, variables));
}

/// Found by its hash; only the variables and the cost are new.
#[divan::bench]
fn prepare_a_known_document(bencher: Bencher) {
    let pipeline = pipeline();
    bencher
        .with_inputs(|| object(json!({ "platform": "acme", "page": 1 })))
        .bench_values(|variables| prepare(&pipeline, PAGE, variables));
}

/// A known document with variables of 10,000 items.
#[divan::bench(sample_count = 20)]
fn prepare_10_000_items(bencher: Bencher) {
    let pipeline = pipeline();
    let items: Vec<Value> = (0..10_000)
        .map(|id| {
            json!({
                "programKey": format!("program-v1:acme+{}+2026", id % 300),
                "user": { "databaseId": id },
                "metadata": { "source": "benchmark" },
            })
        })
        .collect();
    let variables = object(json!({ "input": { "platformKey": "acme", "items": items } }));
    bencher
        .counter(ItemsCount::new(10_000_usize))
        .with_inputs(|| variables.clone())
        .bench_values(|variables| prepare(&pipeline, BULK, variables));
}
