//! The GraphQL surface.

pub mod error;
pub mod operation;
