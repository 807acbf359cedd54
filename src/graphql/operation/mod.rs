//! Before execution, and what keeps execution to the specification.

pub mod nullability;
