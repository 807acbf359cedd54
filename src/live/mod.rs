//! Events as they happen. One reader a process serves all subscriptions: it is woken when something was
//! committed, and looks for itself from time to time (`feed`); another loop asks again whether all who
//! subscribe still may (`rights`). The number of their statements does not depend on the number of
//! subscriptions.

mod feed;
mod queue;
mod rights;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::queue::{Next, Queue};
use crate::answer::StateCounts;
use crate::auth::{List, Permit, PersonPermit, Viewer, Watch};
use crate::clock::{self, Timestamp};
use crate::db::Db;
use crate::db::suggestion::event as stored;
use crate::db::suggestion::follow::{self, Place};
use crate::domain::event::{EVENTS_ORDERING, EventFilter, EventQuery, SuggestionEvent};
use crate::domain::{Cx, PlatformRef, event, suggested_program};
use crate::error::Result;
use crate::page::{Beyond, Window};

pub use self::queue::Ending;

/// Events that are read at once.
const PAGE: u16 = 250;

/// All subscriptions of the process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Live(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    /// How often to look, whether woken or not.
    poll: Duration,
    stopping: CancellationToken,
    seats: Mutex<Seats>,
    next_id: AtomicU64,
    /// Wakes the reader: somebody subscribed, or counts are to be sent.
    called: Notify,
}

#[derive(Debug, Default)]
struct Seats {
    /// Whether the loops run.
    running: bool,
    events: HashMap<u64, Arc<EventSeat>>,
    persons: HashMap<u64, Arc<PersonSeat>>,
    /// How far the events of a platform were handed out.
    read: HashMap<Watch, Place>,
}

/// A subscription to the events of a platform.
#[derive(Debug)]
struct EventSeat {
    filter: EventFilter,
    department_mode: bool,
    rights: Mutex<EventRights>,
    queue: Queue<Arc<SuggestionEvent>>,
}

#[derive(Debug, Clone)]
struct EventRights {
    viewer: Arc<Viewer>,
    permit: Permit<List>,
    /// Whether the reader hands out events to it: not while it catches up.
    joined: bool,
}

impl EventSeat {
    fn rights<T>(&self, work: impl FnOnce(&mut EventRights) -> T) -> T {
        work(&mut self.rights.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A subscription to the suggested programs of a person.
#[derive(Debug)]
struct PersonSeat {
    permit: PersonPermit,
    state: Mutex<PersonState>,
    queue: Queue<Changed>,
}

#[derive(Debug)]
struct PersonState {
    viewer: Arc<Viewer>,
    /// The groups that the person is an active member of, sorted.
    groups: Vec<i64>,
    /// Whether something has concerned the person since the last counts.
    concerned: bool,
    /// When counts were sent last.
    sent: Instant,
}

impl PersonSeat {
    fn state<T>(&self, work: impl FnOnce(&mut PersonState) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How many suggested programs a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// When they were counted.
    pub at: Timestamp,
    pub state_counts: StateCounts,
}

impl Live {
    /// Nobody has subscribed yet, and nothing runs until somebody does.
    pub fn new(db: Db, poll: Duration, stopping: CancellationToken) -> Self {
        Self(Arc::new(Inner {
            db,
            poll,
            stopping,
            seats: Mutex::default(),
            next_id: AtomicU64::new(0),
            called: Notify::new(),
        }))
    }

    fn seats<T>(&self, work: impl FnOnce(&mut Seats) -> T) -> T {
        work(&mut self.0.seats.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds a subscription, and starts the loops with the first.
    fn seat(&self, add: impl FnOnce(&mut Seats, u64)) -> Seat {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let start = self.seats(|seats| {
            add(seats, id);
            !std::mem::replace(&mut seats.running, true)
        });
        if start {
            tokio::spawn(feed::run(self.clone()));
            tokio::spawn(rights::run(self.clone()));
        }
        Seat {
            live: self.clone(),
            id,
        }
    }

    /// What happens on a platform, and first what happened since a cursor.
    ///
    /// # Errors
    /// Those of the policy and of the database; [`InvalidCursor`](crate::error::Error::InvalidCursor).
    pub async fn events(
        &self,
        cx: &Cx,
        platform: &PlatformRef,
        filter: EventFilter,
        after: Option<&str>,
    ) -> Result<Events> {
        let permit = event::admit(cx, platform).await?;
        let after = after.map(|cursor| EVENTS_ORDERING.position("after", cursor));
        let after = after.transpose()?;
        let watch = permit.watch();
        let seat = Arc::new(EventSeat {
            filter,
            department_mode: platform.department_mode,
            rights: Mutex::new(EventRights {
                viewer: Arc::clone(&cx.viewer),
                permit,
                joined: false,
            }),
            queue: Queue::default(),
        });
        let held = self.seat(|seats, id| {
            seats.events.insert(id, Arc::clone(&seat));
        });
        let mut events = Events {
            seat,
            watch,
            last: Place { settled: 0, id: 0 },
            horizon: None,
            page: VecDeque::new(),
            behind: true,
            skipped: HashSet::new(),
            held,
        };
        match after {
            Some(position) => events.last = Place::of_position(&position),
            None => {
                let present = follow::present(&self.0.db, watch).await?;
                events.last = present.place;
                events.skipped = present.unsettled;
                events.join(present.place);
            }
        }
        Ok(events)
    }

    /// How many suggested programs the caller has on a platform: now, and whenever something concerns them.
    ///
    /// # Errors
    /// Those of the policy and of the database.
    pub async fn suggested_programs(
        &self,
        cx: &Cx,
        platform: &PlatformRef,
    ) -> Result<SuggestedPrograms> {
        let permit = suggested_program::oneself(cx, platform).await?;
        let db = &self.0.db;
        let watch = permit.watch();
        let persons = std::slice::from_ref(&permit);
        let groups = follow::groups(db, persons).await?;
        let present = follow::present(db, watch).await?;
        let seat = Arc::new(PersonSeat {
            state: Mutex::new(PersonState {
                viewer: Arc::clone(&cx.viewer),
                groups: groups.into_values().next().unwrap_or_default(),
                concerned: false,
                sent: Instant::now(),
            }),
            queue: Queue::default(),
            permit: permit.clone(),
        });
        let held = self.seat(|seats, id| {
            seats.read.entry(watch).or_insert(present.place);
            seats.persons.insert(id, Arc::clone(&seat));
        });
        self.0.called.notify_one();
        // Counted after the reader knows of the person, so that nothing is missed.
        let now = clock::now();
        let counts = follow::counts(db, persons, now).await?;
        seat.queue.replace(Changed {
            at: now,
            state_counts: counts.into_values().next().unwrap_or_default(),
        });
        Ok(SuggestedPrograms { seat, _held: held })
    }
}

/// A subscription among those of the process, until it is dropped.
#[derive(Debug)]
struct Seat {
    live: Live,
    id: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.live.seats(|seats| {
            seats.events.remove(&self.id);
            seats.persons.remove(&self.id);
        });
    }
}

/// The events of a subscription.
#[derive(Debug)]
pub struct Events {
    seat: Arc<EventSeat>,
    watch: Watch,
    /// The place of the last event that was given, or where the subscription begins.
    last: Place,
    /// Up to where everything has been read when the page that is read now turns out to be the last.
    horizon: Option<Place>,
    page: VecDeque<Arc<SuggestionEvent>>,
    /// Whether to read from the database.
    behind: bool,
    /// Events that had happened before the subscription, and could not be read then.
    skipped: HashSet<i64>,
    held: Seat,
}

impl Events {
    /// The next event.
    ///
    /// # Errors
    /// The end of the subscription.
    pub async fn next(&mut self) -> Result<Arc<SuggestionEvent>, Ending> {
        loop {
            if let Some(Ending::Refused(error)) = self.seat.queue.ended() {
                return Err(Ending::Refused(error));
            }
            let event = match self.page.pop_front() {
                Some(event) => {
                    self.seat.queue.is_busy();
                    event
                }
                None if self.behind => {
                    self.catch_up().await.map_err(Ending::Failed)?;
                    continue;
                }
                None => match self.seat.queue.next().await? {
                    Next::Item(event) => event,
                    Next::Lapsed => {
                        self.behind = true;
                        continue;
                    }
                },
            };
            let place = Place::of(&event);
            // What was read while it caught up was handed out as well.
            if place > self.last {
                self.last = place;
                if self.skipped.is_empty() || !self.skipped.remove(&event.id) {
                    return Ok(event);
                }
            }
        }
    }

    /// The caller as last asked.
    pub fn viewer(&self) -> Arc<Viewer> {
        self.seat.rights(|rights| Arc::clone(&rights.viewer))
    }

    /// Lets the reader hand out events to the subscription, and looks whether it is ahead.
    fn join(&mut self, place: Place) {
        let read = self.held.live.seats(|seats| {
            self.seat.rights(|rights| rights.joined = true);
            *seats.read.entry(self.watch).or_insert(place)
        });
        self.behind = read > self.last;
        self.held.live.0.called.notify_one();
    }

    /// Reads a page of what the reader does not hand out: what is older than where it stands.
    async fn catch_up(&mut self) -> Result<()> {
        let db = &self.held.live.0.db;
        let rights = self.seat.rights(|rights| rights.clone());
        let from = match self.page.back() {
            Some(event) => Place::of(event),
            None => self.last,
        };
        let horizon = match self.horizon {
            Some(horizon) => horizon,
            None => follow::present(db, self.watch).await?.place,
        };
        let query = EventQuery {
            filter: self.seat.filter.clone(),
            window: Window::Cursor {
                after: Some(from.position()),
                before: None,
                limit: PAGE.into(),
                backward: false,
            },
            total: false,
            beyond: Beyond::default(),
        };
        let of = stored::EventsOf::Permit(&rights.permit);
        let slice = stored::events(db, of, &query).await?;
        let rows = slice.rows.into_iter();
        self.page = rows.map(|(event, _)| Arc::new(event)).collect();
        if slice.has_next {
            self.horizon = Some(horizon);
            return Ok(());
        }
        self.horizon = None;
        if rights.joined {
            self.behind = false;
        } else if self.page.is_empty() {
            // A cursor of the future stays where it is.
            self.last = self.last.max(horizon);
            self.join(horizon);
        }
        Ok(())
    }
}

/// The counts of a subscription.
#[derive(Debug)]
pub struct SuggestedPrograms {
    seat: Arc<PersonSeat>,
    _held: Seat,
}

impl SuggestedPrograms {
    /// The next counts.
    ///
    /// # Errors
    /// The end of the subscription.
    pub async fn next(&mut self) -> Result<Changed, Ending> {
        loop {
            // Counts replace each other: none of them lapses.
            if let Next::Item(changed) = self.seat.queue.next().await? {
                return Ok(changed);
            }
        }
    }

    /// The caller as last asked.
    pub fn viewer(&self) -> Arc<Viewer> {
        self.seat.state(|state| Arc::clone(&state.viewer))
    }
}
