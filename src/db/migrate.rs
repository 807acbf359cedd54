//! Bringing the schema up and down.

use migrations::{Migrator, MigratorTrait};

use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{Expr, ExprTrait as _, Func, Query};
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, DbErr};

use super::statement::{Arguments, Shapes};
use super::{Db, Engine};
use crate::error::{Error, Result};

/// What replicas that start together queue for; any number would do.
const LOCK: i64 = 0x7761_796d_6172_6b00;

/// Where the steps are listed that a database has.
const TABLE: &str = "seaql_migrations";

static IS_LISTED: Shapes<()> = Shapes::new("migrations.is_listed");
static APPLIED: Shapes<()> = Shapes::new("migrations.applied");

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
    refuse_newer(db).await?;
    let applied = applied(db).await?;
    Ok(known()
        .map(|name| Step {
            applied: applied.contains(&name),
            name,
        })
        .collect())
}

/// How many steps of this program the database has not. A service that runs goes on where another
/// replica, a newer one, has brought the schema further.
pub async fn pending(db: &Db) -> Result<usize> {
    let applied = applied(db).await?;
    Ok(known().filter(|name| !applied.contains(name)).count())
}

/// Refuses a database that a newer program has brought further than this one knows.
///
/// # Errors
/// Those of the database, and [`Error::Internal`] that names the newest step of both.
pub async fn refuse_newer(db: &Db) -> Result<()> {
    let known: Vec<String> = known().collect();
    let applied = applied(db).await?;
    let Some(newest) = applied.iter().filter(|name| !known.contains(name)).max() else {
        return Ok(());
    };
    Err(Error::internal(format!(
        "the schema of the database is newer than this program: the database has {newest}, and the newest step that waymark {} knows is {}; use the waymark that brought it there, or a newer one",
        env!("CARGO_PKG_VERSION"),
        known.last().map_or("none", String::as_str),
    )))
}

/// The names of the steps of this program, in order.
fn known() -> impl Iterator<Item = String> {
    Migrator::migrations()
        .into_iter()
        .map(|step| step.name().to_owned())
}

/// The names of the steps that the database has, whether this program knows them or not.
async fn applied(db: &Db) -> Result<Vec<String>> {
    let is_listed = IS_LISTED.bind(db.engine(), &(), Arguments::default(), || {
        let listed = match db.engine() {
            Engine::Sqlite => {
                let table = Query::select()
                    .expr(Expr::val(1))
                    .from("sqlite_schema")
                    .and_where(Expr::col("name").eq(TABLE))
                    .take();
                Expr::exists(table)
            }
            Engine::Postgres => Expr::from(Func::cust("to_regclass").arg(TABLE)).is_not_null(),
        };
        Query::select().expr(listed).take()
    })?;
    let is_listed: Vec<bool> = db.query(is_listed, |row| row.take()).await?;
    if is_listed != [true] {
        return Ok(Vec::new());
    }
    let applied = APPLIED.bind(db.engine(), &(), Arguments::default(), || {
        Query::select().column("version").from(TABLE).take()
    })?;
    db.query(applied, |row| row.take()).await
}

/// Applies what is pending, all of it or nothing. Replicas that start together do it one after the
/// other. Answers how many steps it were.
///
/// # Errors
/// As [`status`].
pub async fn up(db: &Db) -> Result<usize> {
    refuse_newer(db).await?;
    let count = pending(db).await?;
    if count > 0 {
        tracing::info!(
            steps = count,
            "bringing the schema of the database up to date"
        );
        db.migrate(async |transaction| {
            wait(transaction).await?;
            Migrator::up(transaction, None).await
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
    refuse_newer(db).await?;
    let before = pending(db).await?;
    db.migrate(async |transaction| {
        wait(transaction).await?;
        Migrator::down(transaction, steps).await
    })
    .await?;
    Ok(pending(db).await? - before)
}

/// A write transaction is alone on SQLite; on PostgreSQL it has to ask.
async fn wait(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let lock = Query::select()
            .expr(PgFunc::advisory_xact_lock(Expr::val(LOCK)))
            .take();
        transaction.execute(&lock).await?;
    }
    Ok(())
}
