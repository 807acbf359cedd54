//! What the service does: one function an operation, check and act together. No GraphQL, no HTTP.

pub mod identity;
