//! Everything here comes in through a door: HTTP, or the command line. Nothing reaches into the
//! program. Each test has a server and a database of its own, and every body that needs a database
//! runs on both engines; `scripts/test` provides the PostgreSQL one.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]
#![expect(clippy::print_stderr, reason = "part of the report of a failed test")]

#[macro_use]
mod support;

mod architecture;
mod backup;
mod bulk;
mod cancelling;
mod choosing;
mod clock;
mod commands;
mod connections;
mod cors;
mod credentials;
mod dependencies;
mod deploying;
mod door;
mod durability;
mod events;
mod faults;
mod federation;
mod graphiql;
mod hardening;
mod harness;
mod import;
mod key_sets;
mod lists;
mod live;
mod migrations;
mod nodes;
mod operating;
mod operations;
mod person;
mod properties;
mod replica;
mod rest;
mod roles;
mod scope;
mod shutdown;
mod starting;
mod statements;
mod suggesting;
mod tenants;
mod traces;
mod undo;
mod viewer;
mod webhooks;
