//! Waymark: a GraphQL gateway for program suggestions on learning platforms.
//!
//! The modules in reading order: a request comes in at a door, is told who is calling, is decided
//! on by the domain, and reaches the database only with what the policy allowed.

/// The commit that this program was built from, where that is known.
pub const COMMIT: Option<&str> = option_env!("BUILD_COMMIT");

pub mod answer;
pub mod clock;
pub mod config;
pub mod error;
pub mod event;
pub mod exact;
pub mod kind;
pub mod metrics;
pub mod page;
pub mod traces;

pub mod auth;
pub mod cli;
pub mod db;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod live;
pub mod telemetry;
pub mod transfer;
pub mod webhook;
