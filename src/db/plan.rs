//! How the database carries out a statement that was slow, for the log at `debug`.
//!
//! The plan is asked for beside the request, without executing the statement, and for no values in particular: a
//! plan shows what a statement compares with, and that is what people wrote.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::sqlx::{self, AssertSqlSafe, Connection as _, PgPool, SqlitePool};

use super::readers::Pool;

/// Asks for plans, one at a time.
#[derive(Debug)]
pub(super) struct Planner {
    pool: Pool,
    busy: AtomicBool,
}

impl Planner {
    pub(super) fn new(pool: Pool) -> Arc<Self> {
        Arc::new(Self {
            pool,
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
            let plan = match &planner.pool {
                Pool::Postgres(pool) => postgres(pool, &text).await,
                Pool::Sqlite(pool) => sqlite(pool, &text).await,
            };
            match plan {
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
}

/// The plan that holds for all values.
async fn postgres(pool: &PgPool, text: &str) -> Result<Vec<String>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
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

async fn sqlite(pool: &SqlitePool, text: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")))
            .persistent(false)
            .fetch_all(pool)
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
