//! Sending webhooks. Any number of processes do it together: an endpoint is served by whoever holds its lease in
//! the database, one message at a time, and the next message comes when the one before was taken.

mod address;
mod message;
mod post;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::message::MOST_EVENTS;
use self::post::{Client, Post};
use crate::auth::random;
use crate::clock::{self, Timestamp};
use crate::config;
use crate::db::directory::{self, User};
use crate::db::suggestion::event::{self, EventFilter, EventQuery, EventsOf, SuggestionEvent};
use crate::db::webhook::sending::{self, Became, Lease, Message};
use crate::db::webhook::{KEPT, WebhookDelivery};
use crate::db::{Db, until_through};
use crate::error::{Error, Result};
use crate::event::EventAction;
use crate::graphql;
use crate::metrics::DeliveryOutcome;
use crate::page::{Beyond, Window};

/// How many messages a process sends at once.
const AT_ONCE: usize = 16;

/// How long a lease holds: longer than sending takes, and short enough that a process that was killed is replaced
/// soon.
const LEASE: Duration = Duration::from_secs(25);

/// How many events are looked at for one message where an endpoint is not told all of them.
const LOOKED_AT: u64 = 1_000;

/// When a message that was not taken is sent again; the last one holds for all further times.
const AGAIN: [Duration; 6] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(5 * 60 * 60),
];

/// How long an endpoint may fail.
const FAILING: Duration = Duration::from_secs(5 * 24 * 60 * 60);

/// By this status a receiver says that it is gone for good.
const GONE: u16 = 410;

/// How often the events that wait are counted, unless it is looked for them less often.
const COUNT_EVERY: Duration = Duration::from_secs(5);

/// How often old deliveries are removed.
const EXPIRE_EVERY: Duration = Duration::from_secs(60 * 60);

/// How much of the time to stop is left for those that are broken off.
const BREAK_OFF: Duration = Duration::from_secs(1);

/// Sends what happened to the endpoints of webhooks.
#[derive(Debug)]
pub struct Sender {
    db: Db,
    client: Client,
    poll: Duration,
    /// Cancelled when what is being sent is broken off.
    broken_off: CancellationToken,
}

impl Sender {
    /// One that is not running yet.
    ///
    /// # Errors
    /// [`Error::Internal`] for a proxy that the configuration should not have let through.
    pub fn new(db: Db, config: &config::Webhooks) -> Result<Self> {
        Ok(Self {
            db,
            client: Client::new(config)?,
            poll: config.poll,
            broken_off: CancellationToken::new(),
        })
    }

    /// Sends until `stop` is cancelled; then waits for what is being sent, at most `grace`, and gives all leases
    /// back.
    pub async fn run(self, stop: CancellationToken, grace: Duration) {
        let sender = Arc::new(self);
        let mut sending = JoinSet::new();
        tokio::select! {
            () = sender.keep_sending(&mut sending, &stop) => {}
            () = sender.keep_house() => {}
        }
        let drained = async {
            if tokio::time::timeout(grace.saturating_sub(BREAK_OFF), drain(&mut sending))
                .await
                .is_err()
            {
                sender.broken_off.cancel();
                sender.client.stop();
                drain(&mut sending).await;
            }
        };
        if tokio::time::timeout(grace, drained).await.is_err() {
            tracing::warn!("webhooks were still being sent and are dropped");
        }
    }

    /// Looks for something to send, until `stop`. It is not dropped while it looks: leases would be lost.
    async fn keep_sending(self: &Arc<Self>, sending: &mut JoinSet<()>, stop: &CancellationToken) {
        let mut well = true;
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => break,
                Some(_) = sending.join_next() => {}
                () = tokio::time::sleep(self.poll) => {}
            }
            let free = AT_ONCE - sending.len().min(AT_ONCE);
            match self.look(free).await {
                Ok(leases) => {
                    well = true;
                    for lease in leases {
                        let sender = Arc::clone(self);
                        sending.spawn(async move { sender.serve(lease).await });
                    }
                }
                // Once, and not with every look.
                Err(error) => {
                    if well {
                        tracing::warn!(%error, "could not look for webhooks to send");
                    }
                    well = false;
                }
            }
        }
    }

    /// The leases of at most so many endpoints that something is to be sent to.
    async fn look(&self, free: usize) -> Result<Vec<Lease>> {
        if free == 0 {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(free).unwrap_or(i64::MAX);
        let due = sending::due(&self.db, clock::now(), limit).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let now = clock::now();
        let owner = hex::encode(random::bytes::<16>()?);
        // Another process may take some of them at this moment.
        until_through(async || sending::lease(&self.db, &due, &owner, now, now.plus(LEASE)).await)
            .await
    }

    /// Sends one message to an endpoint, and gives its lease back.
    async fn serve(&self, lease: Lease) {
        let endpoint = lease.endpoint_id;
        if let Err(error) = self.send_next(&lease).await {
            tracing::warn!(%error, endpoint, "could not send a webhook");
            if let Err(error) = sending::release(&self.db, &lease, clock::now()).await {
                tracing::debug!(%error, endpoint, "could not give a lease back");
            }
        }
    }

    async fn send_next(&self, lease: &Lease) -> Result<()> {
        let message = match &lease.message {
            Some(message) => message.clone(),
            None => match self.next_message(lease).await? {
                Some(message) => message,
                None => return Ok(()),
            },
        };
        let at = clock::now();
        let timestamp = at.0.div_euclid(1_000_000);
        let secrets = lease.secrets.expose();
        let post = Post {
            url: lease.url.clone(),
            signature: message::signature(secrets, &message.id, timestamp, &message.body)?,
            id: message.id.clone(),
            timestamp,
            body: message.body,
        };
        let began = Instant::now();
        let client = self.client.clone();
        let answer = tokio::task::spawn_blocking(move || client.post(&post))
            .await
            .map_err(|error| Error::internal(format!("sending a webhook: {error}")))?;
        let took = began.elapsed();
        let now = clock::now();
        if self.broken_off.is_cancelled() && answer.status.is_none() {
            // That it was broken off is not the receiver's fault.
            return sending::release(&self.db, lease, now).await;
        }
        let (outcome, became) = match answer.status {
            Some(200..=299) => (DeliveryOutcome::Taken, Became::Taken),
            Some(GONE) => (DeliveryOutcome::Refused, Became::Disabled),
            Some(_) => (DeliveryOutcome::Refused, again(lease, now)),
            None => (DeliveryOutcome::Failed, again(lease, now)),
        };
        self.db.metrics().delivered(outcome);
        let delivery = WebhookDelivery {
            id: 0,
            message_id: message.id,
            at: at.0,
            attempt: lease.attempt + 1,
            status: answer.status.map(i64::from),
            error: answer.error,
            duration: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            events: message.events,
        };
        let endpoint = lease.endpoint_id;
        let platform = lease.platform.key.as_str();
        if !sending::finish(&self.db, lease, &delivery, became, now).await? {
            tracing::warn!(endpoint, platform, "the lease of a webhook was lost");
            return Ok(());
        }
        let (attempt, status) = (delivery.attempt, delivery.status);
        match became {
            Became::Taken => tracing::debug!(endpoint, platform, attempt, "a webhook was taken"),
            Became::Failed { .. } => {
                tracing::info!(
                    endpoint,
                    platform,
                    attempt,
                    status,
                    "a webhook was not taken"
                );
            }
            Became::Disabled => {
                tracing::warn!(endpoint, platform, attempt, status, "a webhook is disabled");
            }
        }
        Ok(())
    }

    /// The next message for an endpoint, written down; none where nothing waits or the lease was lost, and the
    /// lease is given back.
    async fn next_message(&self, lease: &Lease) -> Result<Option<Message>> {
        let everything = EventAction::ALL.map(EventAction::bit);
        let limit = if everything.iter().all(|bit| lease.actions & bit != 0) {
            u64::from(MOST_EVENTS)
        } else {
            LOOKED_AT
        };
        let next = sending::next(&self.db, lease, limit).await?;
        let Some(last) = next.last() else {
            sending::release(&self.db, lease, clock::now()).await?;
            return Ok(None);
        };
        let told: Vec<_> = next.iter().filter(|it| it.told).collect();
        // What follows the events of the message and is not told is passed along with it.
        let end_of = |count: usize| match told.get(count) {
            None => last.place,
            Some(_) => told[count - 1].place,
        };
        let ids: Vec<i64> = told
            .iter()
            .take(usize::from(MOST_EVENTS))
            .map(|event| event.place.id)
            .collect();
        let events = self.events(lease, &ids).await?;
        // Events whose program is gone are told to nobody.
        if events.is_empty() {
            let end = end_of(ids.len());
            sending::skip(&self.db, lease, end, clock::now()).await?;
            return Ok(None);
        }
        let actors = self.actors(lease, &events).await?;
        let (body, count) = message::body(
            &lease.platform.key,
            events.iter().map(|event| {
                let actor = event.actor_id.and_then(|id| actors.get(&id));
                graphql::event_json(event, &lease.platform, actor)
            }),
        )?;
        let end = if count == events.len() {
            end_of(ids.len())
        } else {
            let id = events[count - 1].id;
            let place = ids.iter().position(|it| *it == id).unwrap_or_default();
            end_of(place + 1)
        };
        let message = Message {
            id: format!("msg_{}", hex::encode(random::bytes::<16>()?)),
            body,
            events: i64::try_from(count).unwrap_or(i64::MAX),
        };
        let until = clock::now().plus(LEASE);
        let begun = sending::begin(&self.db, lease, &message, end, until).await?;
        Ok(begun.then_some(message))
    }

    /// The events with these ids, in their order.
    async fn events(&self, lease: &Lease, ids: &[i64]) -> Result<Vec<SuggestionEvent>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = EventQuery {
            filter: EventFilter::default(),
            window: Window::Offset {
                offset: 0,
                limit: i64::from(MOST_EVENTS),
            },
            total: false,
            beyond: Beyond::default(),
        };
        let sight = lease.sight();
        let slice = event::events(&self.db, EventsOf::Ids(&sight, ids), &query).await?;
        Ok(slice.rows.into_iter().map(|(event, _)| event).collect())
    }

    /// Those who did these things, as far as an admin of the platform sees them.
    async fn actors(
        &self,
        lease: &Lease,
        events: &[SuggestionEvent],
    ) -> Result<HashMap<i64, User>> {
        let mut ids: Vec<i64> = events.iter().filter_map(|event| event.actor_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = directory::users(&self.db, &lease.sight(), &ids).await?;
        Ok(found.into_iter().map(|user| (user.id, user)).collect())
    }

    /// Counts what waits, and removes what is old, for ever.
    async fn keep_house(&self) {
        let mut expired: Option<Instant> = None;
        loop {
            tokio::time::sleep(COUNT_EVERY.max(self.poll)).await;
            match sending::all_waiting(&self.db).await {
                Ok(waiting) => {
                    self.db.metrics().webhooks_pending.set(waiting);
                }
                Err(error) => tracing::debug!(%error, "could not count what waits for webhooks"),
            }
            if expired.is_some_and(|at| at.elapsed() < EXPIRE_EVERY) {
                continue;
            }
            match sending::expire(&self.db, clock::now().minus(KEPT)).await {
                Ok(0) => expired = Some(Instant::now()),
                // There may be more.
                Ok(_) => {}
                Err(error) => tracing::debug!(%error, "could not remove old deliveries"),
            }
        }
    }
}

/// What becomes of an endpoint that did not take a message.
fn again(lease: &Lease, now: Timestamp) -> Became {
    let since = lease.failing_since.map_or(now, Timestamp);
    if since.plus(FAILING) <= now {
        return Became::Disabled;
    }
    let failed = usize::try_from(lease.attempt).unwrap_or(usize::MAX);
    let after = AGAIN[failed.min(AGAIN.len() - 1)];
    Became::Failed {
        again: now.plus(after),
    }
}

async fn drain(sending: &mut JoinSet<()>) {
    while sending.join_next().await.is_some() {}
}
