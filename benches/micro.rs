//! What is done for every request, without a database: `cargo bench --bench micro`.

use std::hint::black_box;
use std::io::Cursor;
use std::sync::atomic::{AtomicU64, Ordering};

use divan::Bencher;
use divan::counter::ItemsCount;
use serde_json::{Map, Value, json};
use waymark::auth::policy::{self, List};
use waymark::auth::viewer::{KeyIdentity, PlatformFacts, Standing, UserIdentity, Viewer};
use waymark::graphql::operation::{Limits, Pipeline, Prepared, Wanted};
use waymark::graphql::schema_sdl;
use waymark::page::{Ordering as Order, Position, SortKey, SortKind};
use waymark::transfer::{Batch, Format, Source, read};

fn main() {
    divan::main();
}

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
    Pipeline::new(&schema_sdl(), Limits::default()).expect("the schema can be read")
}

fn prepare(pipeline: &Pipeline, text: &str, variables: Map<String, Value>) -> Prepared {
    let wanted = Wanted {
        text: Some(text),
        variables,
        ..Wanted::default()
    };
    pipeline.prepare(wanted).expect("the operation is valid")
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

const BY_NAME: Order = Order {
    list: "groupSuggestions",
    field: "PROGRAM_NAME",
    kind: SortKind::Text,
    descending: true,
};

fn position() -> Position {
    Position {
        key: SortKey::Text("introduction to data science".to_owned()),
        id: 123_456,
    }
}

#[divan::bench]
fn write_a_cursor() -> String {
    BY_NAME.cursor(black_box(&position()))
}

#[divan::bench]
fn read_a_cursor(bencher: Bencher) {
    let cursor = BY_NAME.cursor(&position());
    bencher.bench(|| BY_NAME.position("after", black_box(&cursor)));
}

fn platform(id: i64) -> PlatformFacts {
    PlatformFacts {
        id,
        key: format!("platform-{id}"),
        org: format!("org-{id}"),
        name: format!("Platform {id}"),
    }
}

/// The unbound key of a platform: what admin front ends call with.
fn platform_key() -> Viewer {
    Viewer {
        user: None,
        key: Some(KeyIdentity {
            id: 1,
            platform_id: 1,
        }),
        standings: vec![Standing {
            platform: platform(1),
            admin: true,
            member: false,
            departments: Vec::new(),
        }],
    }
}

/// Somebody who administers 40 departments on each of five platforms.
fn department_admin() -> Viewer {
    let user = UserIdentity {
        id: 7,
        username: "dora".to_owned(),
        dm_admin: false,
    };
    let standings = (1..=5).map(|id| Standing {
        platform: platform(id),
        admin: false,
        member: true,
        departments: (id * 100..id * 100 + 40).collect(),
    });
    Viewer {
        user: Some(user),
        key: None,
        standings: standings.collect(),
    }
}

const CALLERS: [&str; 2] = ["platform key", "department admin"];

fn caller(name: &str) -> Viewer {
    match name {
        "platform key" => platform_key(),
        _ => department_admin(),
    }
}

#[divan::bench(args = CALLERS)]
fn permit(bencher: Bencher, name: &str) {
    let viewer = caller(name);
    let platform = platform(1);
    bencher.bench(|| {
        policy::permit::<List>(black_box(&viewer), &platform, true).expect("it is permitted")
    });
}

#[divan::bench(args = CALLERS)]
fn sight(bencher: Bencher, name: &str) {
    let viewer = caller(name);
    bencher.bench(|| policy::sight(black_box(&viewer)));
}

/// One line of NDJSON to a checked record.
#[divan::bench]
fn read_a_line_of_an_import(bencher: Bencher) {
    const LINE: &str = "{\"type\":\"program_group_suggestion\",\"id\":17,\"platform\":\"acme\",\
        \"program\":\"program-v1:acme+ds+2026\",\"group\":540,\"accepted\":true,\"visible\":true,\
        \"metadata\":{\"source\":\"benchmark\"},\"suggested_by\":\"anna\",\
        \"created\":\"2026-01-02T03:04:05Z\",\"modified\":\"2026-01-02T03:04:05Z\"}\n";
    bencher
        .with_inputs(|| Source {
            name: "lines.ndjson".to_owned(),
            format: Format::Ndjson,
            delimiter: None,
            reader: Box::new(Cursor::new(LINE)),
        })
        .bench_local_values(|source| -> Batch {
            read(vec![source], &mut || ()).expect("the line can be read")
        });
}
