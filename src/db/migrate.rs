//! Bringing the schema up and down.

use migrations::{Migrator, MigratorTrait};

use sea_orm::sea_query::Query;
use sea_orm::sea_query::extension::postgres::PgFunc;

use super::statement::{Arguments, Shapes, slot};
use super::{Db, Engine, Finish, Tx};
use crate::error::{Error, Result};

/// What replicas that start together queue for; any number would do.
const LOCK: i64 = 0x7761_796d_6172_6b00;

static WAIT: Shapes<()> = Shapes::new("migrations.wait");

/// A step of the schema.
#[derive(Debug)]
pub struct Step {
    /// Its name, which begins with its date.
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

/// All steps that this program knows, in order. Writes nothing, also to a database without any.
///
/// # Errors
/// Those of the database, and [`Error::Internal`] if it has a step that this program does not know.
pub async fn status(db: &Db) -> Result<Vec<Step>> {
    let steps = Migrator::get_migration_with_status_read_only(db.reader()).await?;
    Ok(steps
        .into_iter()
        .map(|step| Step {
            name: step.name().to_owned(),
            applied: matches!(step.status(), migrations::MigrationStatus::Applied),
        })
        .collect())
}

/// How many steps the database has not.
///
/// # Errors
/// As [`status`].
pub async fn pending(db: &Db) -> Result<usize> {
    let steps = status(db).await?;
    Ok(steps.iter().filter(|step| !step.applied).count())
}

/// Applies what is pending, all of it or nothing. Replicas that start together do it one after the
/// other. Answers how many steps it were.
///
/// # Errors
/// As [`status`].
pub async fn up(db: &Db) -> Result<usize> {
    let count = pending(db).await?;
    if count > 0 {
        db.write(async |tx| {
            lock(tx).await?;
            Migrator::up(tx.connection(), None).await?;
            Ok(Finish::Commit(()))
        })
        .await?;
    }
    Ok(count)
}

/// Takes back the last `steps` steps, or all of them, with everything that is in their tables.
/// Answers how many it were.
///
/// # Errors
/// As [`status`].
pub async fn down(db: &Db, steps: Option<u32>) -> Result<usize> {
    let before = pending(db).await?;
    db.write(async |tx| {
        lock(tx).await?;
        Migrator::down(tx.connection(), steps).await?;
        Ok(Finish::Commit(()))
    })
    .await?;
    Ok(pending(db).await? - before)
}

/// A write transaction is alone on SQLite; on PostgreSQL it has to ask.
async fn lock(tx: &Tx) -> Result<(), Error> {
    if tx.engine() == Engine::Postgres {
        let arguments = Arguments::default().with("key", LOCK);
        let sql = WAIT.bind(tx.engine(), &(), arguments, || {
            Query::select()
                .expr(PgFunc::advisory_xact_lock(slot("key")))
                .take()
        })?;
        tx.execute(sql).await?;
    }
    Ok(())
}
