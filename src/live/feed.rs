//! The reader: looks for new events of all platforms that somebody follows, and hands them out.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Changed, EventSeat, Live, PAGE, PersonSeat};
use crate::auth::{PersonPermit, Watch};
use crate::clock;
use crate::db::suggestion::follow::{self, News, Place};
use crate::domain::event::SuggestionEvent;
use crate::error::Result;
use crate::kind::Kind;

/// How soon to look again for what has happened and cannot be read yet, because an older transaction is open:
/// at first, and then at twice the time up to the usual pause.
const SOON: Duration = Duration::from_millis(20);

/// The least time between two counts for one person.
const COUNTS: Duration = Duration::from_secs(1);

/// Reads until the service stops.
pub(super) async fn run(live: Live) {
    tokio::select! {
        () = read(&live) => {}
        () = live.0.stopping.cancelled() => {}
    }
}

async fn read(live: &Live) {
    let db = &live.0.db;
    let mut notices = None;
    // How soon to look again.
    let mut pause = live.0.poll;
    loop {
        let followed = live.followed();
        if followed.is_empty() {
            notices = None;
            live.0.called.notified().await;
            continue;
        }
        let news = match follow::news(db, &followed, PAGE.into()).await {
            Ok(news) => live.hand_out(&followed, news).await,
            Err(error) => Err(error),
        };
        match news {
            Ok(Left::More) => continue,
            Ok(Left::Unsettled) if pause >= live.0.poll => pause = SOON.min(live.0.poll),
            Ok(Left::Unsettled) => pause = (pause * 2).min(live.0.poll),
            Ok(Left::Nothing) => pause = live.0.poll,
            Err(error) => {
                tracing::warn!(%error, "could not look for events");
                pause = live.0.poll;
            }
        }
        let due = [live.count().await, live.end_slow_ones()];
        let due = due.into_iter().flatten().min().map_or(pause, |due| {
            pause.min(due.saturating_duration_since(Instant::now()))
        });
        let notices = notices.get_or_insert_with(|| db.follow());
        tokio::select! {
            () = notices.next() => {}
            () = live.0.called.notified() => {}
            () = tokio::time::sleep(due) => {}
        }
    }
}

/// What is left to read.
enum Left {
    Nothing,
    More,
    /// Something has happened that cannot be read yet.
    Unsettled,
}

impl Live {
    /// The platforms that somebody follows, and how far they were read.
    fn followed(&self) -> Vec<(Watch, Place)> {
        self.seats(|seats| {
            let mut watched: HashSet<Watch> = seats
                .persons
                .values()
                .map(|seat| seat.permit.watch())
                .collect();
            watched.extend(seats.events.values().filter_map(|seat| {
                seat.rights(|rights| rights.joined.then(|| rights.permit.watch()))
            }));
            seats.read.retain(|watch, _| watched.contains(watch));
            seats
                .read
                .iter()
                .map(|(watch, place)| (*watch, *place))
                .collect()
        })
    }

    /// Hands out new events, each to those who may see it and asked for it.
    async fn hand_out(&self, followed: &[(Watch, Place)], news: News) -> Result<Left> {
        let left = match &news {
            News { more: true, .. } => Left::More,
            News {
                unsettled: true, ..
            } => Left::Unsettled,
            News { .. } => Left::Nothing,
        };
        let Some(last) = news.events.last().map(Place::of) else {
            return Ok(left);
        };
        let departments = self.departments(&news.events).await?;
        let events: Vec<Arc<SuggestionEvent>> = news.events.into_iter().map(Arc::new).collect();
        self.seats(|seats| {
            for event in &events {
                for seat in seats.events.values() {
                    if seat.sees(event, departments.get(&event.id)) {
                        seat.queue.push(Arc::clone(event));
                    }
                }
                for seat in seats.persons.values() {
                    if seat.is_concerned(event) {
                        seat.state(|state| state.concerned = true);
                    }
                }
            }
            // Everything up to the last event was read, on all of these platforms.
            for (watch, _) in followed {
                if let Some(place) = seats.read.get_mut(watch) {
                    *place = last.max(*place);
                }
            }
        });
        Ok(left)
    }

    /// The departments that the events concern, if somebody sees only some of those.
    async fn departments(&self, events: &[SuggestionEvent]) -> Result<HashMap<i64, Vec<i64>>> {
        let watches: HashSet<Watch> = self.seats(|seats| {
            let seats = seats.events.values().filter_map(|seat| {
                seat.rights(|rights| {
                    let limited = rights.joined && rights.permit.departments().is_some();
                    limited.then(|| rights.permit.watch())
                })
            });
            seats.collect()
        });
        let watched: HashSet<i64> = watches.iter().map(|watch| watch.platform_id()).collect();
        let ids: Vec<i64> = events
            .iter()
            .filter(|event| watched.contains(&event.platform_id))
            .map(|event| event.id)
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let watches: Vec<Watch> = watches.into_iter().collect();
        follow::departments(&self.0.db, &watches, &ids).await
    }

    /// Ends subscriptions whose clients are too slow. Returns when to look again.
    fn end_slow_ones(&self) -> Option<Instant> {
        let now = Instant::now();
        self.seats(|seats| {
            let due = seats.events.values();
            due.filter_map(|seat| seat.queue.end_if_slow(now)).min()
        })
    }

    /// Counts for those whom something concerned. Returns when the next counts are due.
    async fn count(&self) -> Option<Instant> {
        let now = Instant::now();
        let (due, later): (Vec<_>, Vec<_>) = self.seats(|seats| {
            let concerned = seats.persons.values().filter_map(|seat| {
                let state = seat.state(|state| state.concerned.then_some(state.sent + COUNTS));
                state.map(|due| (due, Arc::clone(seat)))
            });
            concerned.partition(|(due, _)| *due <= now)
        });
        if !due.is_empty() {
            for (_, seat) in &due {
                seat.state(|state| {
                    state.concerned = false;
                    state.sent = now;
                });
            }
            let permits: Vec<PersonPermit> =
                due.iter().map(|(_, seat)| seat.permit.clone()).collect();
            let at = clock::now();
            match follow::counts(&self.0.db, &permits, at).await {
                Ok(counts) => {
                    for (_, seat) in &due {
                        let found = counts.get(&follow::person_key(&seat.permit));
                        seat.queue.replace(Changed {
                            at,
                            state_counts: found.copied().unwrap_or_default(),
                        });
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "could not count suggested programs");
                    for (_, seat) in &due {
                        seat.state(|state| state.concerned = true);
                    }
                    return Some(now + COUNTS);
                }
            }
        }
        later.iter().map(|(due, _)| *due).min()
    }
}

impl EventSeat {
    /// Whether the caller may see an event and asked for it.
    fn sees(&self, event: &SuggestionEvent, departments: Option<&Vec<i64>>) -> bool {
        self.rights(|rights| {
            let permit = &rights.permit;
            let in_scope = permit.departments().is_none_or(|mine| {
                departments.is_some_and(|concerned| concerned.iter().any(|it| mine.contains(it)))
            });
            rights.joined && permit.platform().id == event.platform_id && in_scope
        }) && self.filter.takes(event)
    }
}

impl PersonSeat {
    /// Whether an event is about the person, or about a group of theirs.
    fn is_concerned(&self, event: &SuggestionEvent) -> bool {
        let recipient = event.recipient_id;
        event.platform_id == self.permit.platform().id
            && match event.kind {
                Kind::User => recipient == self.permit.user_id(),
                Kind::Group => self.state(|state| state.groups.binary_search(&recipient).is_ok()),
            }
    }
}
