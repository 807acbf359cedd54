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
    pub(super) fn tell(self: &Arc<Self>, name: &'static str, text: &str) {
        if !tracing::enabled!(target: "waymark::plan", tracing::Level::DEBUG)
            || self.busy.swap(true, Ordering::Acquire)
        {
            return;
        }
        let (planner, text) = (Arc::clone(self), text.to_owned());
        tokio::spawn(async move {
            match planner.plan(&text).await {
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
    async fn plan(&self, text: &str) -> Result<Vec<String>, sqlx::Error> {
        let mut connection = self.opener.open().await?;
        let plan = match &mut connection {
            Connection::Postgres { connection, .. } => postgres(connection, text).await,
            Connection::Sqlite { connection, .. } => sqlite(connection, text).await,
        };
        connection.close().await;
        plan
    }
}

/// The plan that holds for all values.
async fn postgres(connection: &mut PgConnection, text: &str) -> Result<Vec<String>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    // EXPLAIN takes no parameters. A prepared statement has them, and a plan without their values.
    sqlx::raw_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        .execute(&mut *transaction)
        .await?;
    let prepared = format!("PREPARE waymark_plan AS {text}");
    sqlx::raw_sql(AssertSqlSafe(prepared))
        .execute(&mut *transaction)
        .await?;
    let mut attempt = transaction.begin().await?;
    let explained = match vec!["NULL"; parameters(text)].join(", ") {
        none if none.is_empty() => "EXPLAIN EXECUTE waymark_plan".to_owned(),
        values => format!("EXPLAIN EXECUTE waymark_plan({values})"),
    };
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

/// The highest number of a parameter in a text.
fn parameters(text: &str) -> usize {
    let numbers = text.split('$').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit());
        rest[..end.unwrap_or(rest.len())].parse().ok()
    });
    numbers.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted() {
        assert_eq!(parameters("SELECT 1"), 0);
        assert_eq!(parameters("SELECT $2, $10, '$', $1"), 10);
    }
}
