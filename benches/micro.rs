//! What is done for every request, without a database: `cargo bench --bench micro`.

use std::hint::black_box;
use std::io::Cursor;

use divan::Bencher;
use waymark::auth::policy::{self, List};
use waymark::auth::viewer::{KeyIdentity, PlatformFacts, Standing, UserIdentity, Viewer};
use waymark::page::{Ordering as Order, Position, SortKey, SortKind};
use waymark::transfer::{Batch, Format, Source, read};

fn main() {
    divan::main();
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
        expires: None,
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
        expires: None,
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
