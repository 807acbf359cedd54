//! What happened: events and batches, in the scope of the caller.

use std::time::Duration;

use super::{Cx, ORG_MISMATCH, PlatformRef, enter, org_matches, suggestion};
use crate::auth::{self, Permit};
use crate::clock;
use crate::db::Db;
use crate::db::history;
use crate::db::suggestion::event as stored;
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::page::{Beyond, ConnectionArguments, Slice};

pub use crate::auth::PlatformFacts as Platform;
pub use crate::db::directory::User;
pub use crate::db::suggestion::event::{
    BATCHES_ORDERING, EVENTS_ORDERING, EventFilter, EventQuery, SuggestionBatch, SuggestionEvent,
};

/// Who may read the events of a platform.
///
/// # Errors
/// Those of the policy and of the database; [`Error::BadInput`] for another organisation.
pub async fn admit(cx: &Cx, platform: &PlatformRef) -> Result<Permit<auth::List>> {
    let permit = enter(cx, platform).await?;
    if org_matches(&permit, platform) {
        Ok(permit)
    } else {
        Err(Error::bad_input("platformOrg", ORG_MISMATCH))
    }
}

/// The events of a platform, oldest first, in the one order that every reader sees alike.
///
/// # Errors
/// Those of the policy and of the database.
pub async fn list(
    cx: &Cx,
    platform: &PlatformRef,
    query: &EventQuery,
) -> Result<Slice<SuggestionEvent>> {
    let permit = admit(cx, platform).await?;
    stored::events(&cx.db, stored::EventsOf::Permit(&permit), query).await
}

/// The history of a suggestion, which is in sight.
pub async fn history(
    cx: &Cx,
    suggestion: &suggestion::Suggestion,
    kind: Kind,
    query: &EventQuery,
) -> Result<Slice<SuggestionEvent>> {
    let of = stored::EventsOf::Suggestion(suggestion, kind);
    stored::events(&cx.db, of, query).await
}

/// The events of a batch, which is in sight.
pub async fn of_batch(
    cx: &Cx,
    batch_id: i64,
    query: &EventQuery,
) -> Result<Slice<SuggestionEvent>> {
    stored::events(&cx.db, stored::EventsOf::Batch(batch_id), query).await
}

/// The events with these ids that are in sight.
pub async fn by_ids(cx: &Cx, ids: &[i64]) -> Result<Vec<SuggestionEvent>> {
    let query = EventQuery {
        filter: EventFilter::default(),
        window: crate::page::Window::Offset {
            offset: 0,
            limit: i64::try_from(ids.len()).unwrap_or(i64::MAX),
        },
        total: false,
        beyond: Beyond::default(),
    };
    let of = stored::EventsOf::Ids(&cx.sight, ids);
    let slice = stored::events(&cx.db, of, &query).await?;
    Ok(slice.rows.into_iter().map(|(row, _)| row).collect())
}

/// The batches with these ids that are in sight.
pub async fn batches_by_ids(cx: &Cx, ids: &[i64]) -> Result<Vec<SuggestionBatch>> {
    stored::batches_by_ids(&cx.db, &cx.sight, ids).await
}

/// The batches of a platform, the newest first: for a department admin those that lie wholly in scope.
///
/// # Errors
/// Those of the policy, of the arguments and of the database.
pub async fn batches(
    cx: &Cx,
    platform: &PlatformRef,
    arguments: &ConnectionArguments,
    total: bool,
    beyond: Beyond,
) -> Result<Slice<SuggestionBatch>> {
    let permit = admit(cx, platform).await?;
    let window = arguments.window(&BATCHES_ORDERING)?;
    stored::batches(&cx.db, &permit, &window, total, beyond).await
}

/// Removes events that are older than `keep`, in small steps, as long as the process runs. What is removed meanwhile
/// by another process is not removed here.
pub async fn remove_old(db: &Db, keep: Duration) {
    // Nobody notices some per cent more.
    let pause = (keep / 20).clamp(Duration::from_millis(500), Duration::from_secs(600));
    loop {
        match history::remove_some(db, clock::now().minus(keep)).await {
            Ok(true) => tokio::task::yield_now().await,
            Ok(false) => tokio::time::sleep(pause).await,
            Err(error) => {
                tracing::warn!(%error, "events that are too old could not be removed");
                tokio::time::sleep(pause).await;
            }
        }
    }
}
