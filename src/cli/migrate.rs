//! `waymark migrate`

use clap::Subcommand;

use super::{Global, Outcome, database_options, print};
use crate::db::{Db, migrate};

/// What can be done with the schema.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Applies every step that is pending
    Up,
    /// Takes back the last step, and whatever its tables hold
    Down {
        /// How many steps to take back
        #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Take back all steps
        #[arg(long, conflicts_with = "steps")]
        all: bool,
    },
    /// Shows which steps are applied and which are pending
    Status,
}

/// Does it.
///
/// # Errors
/// A wrong configuration, and those of the database.
pub async fn run(global: Global, command: Command) -> Outcome {
    let config = global.quiet_configuration()?;
    let db = Db::connect(&database_options(&config)).await?;
    let outcome = work(&db, command).await;
    db.close().await;
    outcome
}

async fn work(db: &Db, command: Command) -> Outcome {
    match command {
        Command::Up => {
            let steps = migrate::up(db).await?;
            print(&format!("{} applied", count(steps)))
        }
        Command::Down { steps, all } => {
            let steps = migrate::down(db, (!all).then_some(steps)).await?;
            print(&format!("{} taken back", count(steps)))
        }
        Command::Status => {
            for step in migrate::status(db).await? {
                let state = if step.applied { "applied" } else { "pending" };
                print(&format!("{state}  {}", step.name))?;
            }
            Ok(())
        }
    }
}

fn count(steps: usize) -> String {
    match steps {
        0 => "no step".to_owned(),
        1 => "1 step".to_owned(),
        more => format!("{more} steps"),
    }
}
