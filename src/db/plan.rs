//! How the database carries out a statement that was slow, for the log at `debug`.
//!
//! The plan is asked for beside the request, without executing the statement, and for no values in particular: a
//! plan shows what a statement compares with, and that is what people wrote.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::sqlx::postgres::PgConnection;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{self, AssertSqlSafe, Connection as _};

use super::opener::{Connection, Opener};
use super::sql::Sql;

/// Asks for plans, one at a time.
#[derive(Debug)]
pub(super) struct Planner {
    opener: Opener,
    busy: AtomicBool,
}

impl Planner {
    pub(super) fn new(opener: Opener) -> Arc<Self> {
        Arc::new(Self {
            opener,
            busy: AtomicBool::new(false),
        })
    }

    /// Logs the plan of a statement soon, if plans are logged and no other one is being asked for.
    pub(super) fn tell(self: &Arc<Self>, statement: &Sql) {
        if !tracing::enabled!(target: "waymark::plan", tracing::Level::DEBUG)
            || self.busy.swap(true, Ordering::Acquire)
        {
            return;
        }
        let planner = Arc::clone(self);
        let (name, text, types) = (
            statement.name(),
            statement.text().to_owned(),
            statement.types(),
        );
        tokio::spawn(async move {
            match planner.plan(&text, &types).await {
                Ok(lines) => {
                    let plan = lines.join("\n");
                    tracing::debug!(target: "waymark::plan", statement = name, plan, "plan of a slow statement");
                }
                Err(error) => {
                    tracing::debug!(target: "waymark::plan", statement = name, %error, "no plan of a slow statement");
                }
            }
            planner.busy.store(false, Ordering::Release);
        });
    }

    /// On a connection of its own: nobody waits for it.
    async fn plan(&self, text: &str, types: &[&str]) -> Result<Vec<String>, sqlx::Error> {
        let mut connection = self.opener.open().await?;
        let plan = match &mut connection {
            Connection::Postgres { connection, .. } => postgres(connection, text, types).await,
            Connection::Sqlite { connection, .. } => sqlite(connection, text).await,
        };
        connection.close().await;
        plan
    }
}

/// The plan that holds for all values.
async fn postgres(
    connection: &mut PgConnection,
    text: &str,
    types: &[&str],
) -> Result<Vec<String>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    // EXPLAIN takes no parameters. A prepared statement has them, and a plan without their values.
    sqlx::raw_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        .execute(&mut *transaction)
        .await?;
    // Without parameters there are no parentheses either.
    let list = |items: &[&str]| match items {
        [] => String::new(),
        items => format!("({})", items.join(", ")),
    };
    let prepared = format!("PREPARE waymark_plan {} AS {text}", list(types));
    sqlx::raw_sql(AssertSqlSafe(prepared))
        .execute(&mut *transaction)
        .await?;
    let mut attempt = transaction.begin().await?;
    let nothing = vec!["NULL"; types.len()];
    let explained = format!("EXPLAIN EXECUTE waymark_plan {}", list(&nothing));
    let rows = sqlx::query_scalar(AssertSqlSafe(explained))
        .persistent(false)
        .fetch_all(&mut *attempt)
        .await;
    attempt.rollback().await?;
    // A prepared statement outlives its transaction.
    sqlx::raw_sql("DEALLOCATE waymark_plan")
        .execute(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    rows
}

async fn sqlite(connection: &mut SqliteConnection, text: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")))
            .persistent(false)
            .fetch_all(connection)
            .await?;
    Ok(rows.into_iter().map(|(_, _, _, line)| line).collect())
}
