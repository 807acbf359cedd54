//! What waits for one subscription.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::error::Error;

/// The most that waits for one subscription.
const LONGEST: usize = 1_000;

/// How long a client may take nothing while more than that waits for it, before it is too slow.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why a subscription ends.
#[derive(Debug, Clone)]
pub enum Ending {
    /// The client did not take what waited for it.
    Slow,
    /// The caller may not see it any more.
    Refused(Error),
    /// It cannot go on: the database is away.
    Failed(Error),
}

/// A queue for one reader.
#[derive(Debug)]
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    changed: Notify,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    /// Whether something found no place. Nothing more is added then: the reader finds it in the database.
    lapsed: bool,
    /// When the reader asked last.
    asked: Instant,
    ended: Option<Ending>,
}

/// What a reader gets.
#[derive(Debug)]
pub(super) enum Next<T> {
    Item(T),
    /// What comes now found no place.
    Lapsed,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                lapsed: false,
                asked: Instant::now(),
                ended: None,
            }),
            changed: Notify::new(),
        }
    }
}

impl<T> Queue<T> {
    fn locked<R>(&self, work: impl FnOnce(&mut State<T>) -> R) -> R {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds something, if it finds a place and all before it did.
    pub(super) fn push(&self, item: T) {
        self.locked(|state| {
            if state.lapsed || state.ended.is_some() {
                return;
            }
            if state.waiting.is_empty() {
                // A reader that had nothing to take is not slow for it.
                state.asked = Instant::now();
            }
            if state.waiting.len() >= LONGEST {
                state.lapsed = true;
            } else {
                state.waiting.push_back(item);
            }
        });
        self.changed.notify_one();
    }

    /// Ends the subscription of a reader that has not asked for long while more waits than has a place. Returns
    /// when to look again.
    pub(super) fn end_if_slow(&self, now: Instant) -> Option<Instant> {
        let due = self.locked(|state| {
            if !state.lapsed || state.ended.is_some() {
                return None;
            }
            let due = state.asked + PATIENCE;
            if due > now {
                return Some(due);
            }
            state.ended = Some(Ending::Slow);
            None
        });
        self.changed.notify_one();
        due
    }

    /// The reader is there, and busy with what it found elsewhere.
    pub(super) fn is_busy(&self) {
        self.locked(|state| state.asked = Instant::now());
    }

    /// Puts something in place of all that waits.
    pub(super) fn replace(&self, item: T) {
        self.locked(|state| {
            if state.ended.is_none() {
                state.waiting.clear();
                state.waiting.push_back(item);
            }
        });
        self.changed.notify_one();
    }

    /// Ends the subscription. Those who may not see it any more get nothing of what waits either.
    pub(super) fn end(&self, ending: Ending) {
        self.locked(|state| {
            state.waiting = VecDeque::new();
            state.ended = Some(ending);
        });
        self.changed.notify_one();
    }

    /// What waits first, or the end. After a lapse things are added again.
    pub(super) async fn next(&self) -> Result<Next<T>, Ending> {
        loop {
            let next = self.locked(|state| {
                state.asked = Instant::now();
                let next = state.waiting.pop_front();
                if state.waiting.is_empty() && state.waiting.capacity() > 0 {
                    // Most wait for nothing, most of the time.
                    state.waiting = VecDeque::new();
                }
                match (next, &state.ended) {
                    (Some(item), _) => Some(Ok(Next::Item(item))),
                    (None, Some(ending)) => Some(Err(ending.clone())),
                    (None, None) if std::mem::take(&mut state.lapsed) => Some(Ok(Next::Lapsed)),
                    (None, None) => None,
                }
            });
            if let Some(next) = next {
                return next;
            }
            self.changed.notified().await;
        }
    }

    /// The end, once there is one.
    pub(super) fn ended(&self) -> Option<Ending> {
        self.locked(|state| state.ended.clone())
    }
}
