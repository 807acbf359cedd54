//! The database schema of Waymark, one step a file, for SQLite and PostgreSQL.
//!
//! A step is frozen once it has landed: what must change later is a new step. The steps are plain
//! SQL, because what matters here (collations, partial uniqueness, triggers, full-text indexes) is
//! where the two engines differ, and because a step must not follow the entities of the service
//! when those move on.

pub use fold::fold;
pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod dialect;
mod fold;
mod m20261123_000001_initial;
mod m20261124_000001_suggestion_counts;
mod m20261125_000002_person_side;
mod m20261125_000003_fold;
mod m20261125_000004_department_names;
mod m20261125_000005_events;
mod m20261126_000008_webhooks;
mod m20261126_000009_covering_indexes;
mod m20261127_000010_batches_of_callers;
mod m20261127_000011_pairs;
mod m20261127_000012_events_of_batches;
mod m20261127_000013_states_of_keys;

/// The ordered list of all steps.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_initial::Migration),
            Box::new(m20261124_000001_suggestion_counts::Migration),
            Box::new(m20261125_000002_person_side::Migration),
            Box::new(m20261125_000003_fold::Migration),
            Box::new(m20261125_000004_department_names::Migration),
            Box::new(m20261125_000005_events::Migration),
            Box::new(m20261126_000008_webhooks::Migration),
            Box::new(m20261126_000009_covering_indexes::Migration),
            Box::new(m20261127_000010_batches_of_callers::Migration),
            Box::new(m20261127_000011_pairs::Migration),
            Box::new(m20261127_000012_events_of_batches::Migration),
            Box::new(m20261127_000013_states_of_keys::Migration),
        ]
    }
}
