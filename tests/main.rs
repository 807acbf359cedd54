//! Everything here comes in through a door: HTTP, or the command line. Nothing reaches into the
//! program. Each test has a server and a database of its own, and every body that needs a database
//! runs on both engines; `scripts/test` provides the PostgreSQL one.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

#[macro_use]
mod support;

mod harness;
