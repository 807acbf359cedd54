//! What waits for one subscription.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use crate::error::Error;

/// The most that waits for one subscription. More is a client that is too slow.
pub(super) const LONGEST: usize = 1_000;

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
    /// Told whenever something was taken.
    taken: Notify,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    ended: Option<Ending>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                ended: None,
            }),
            changed: Notify::new(),
            taken: Notify::new(),
        }
    }
}

impl<T> Queue<T> {
    fn locked<R>(&self, work: impl FnOnce(&mut State<T>) -> R) -> R {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds something, unless the subscription has ended. A full queue ends it.
    pub(super) fn push(&self, item: T) {
        self.locked(|state| {
            if state.ended.is_some() {
                return;
            }
            if state.waiting.len() >= LONGEST {
                state.ended = Some(Ending::Slow);
            } else {
                state.waiting.push_back(item);
            }
        });
        self.changed.notify_one();
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
        self.taken.notify_one();
    }

    /// Whether so many more find a place, or the subscription has ended anyway.
    pub(super) fn has_room(&self, count: usize) -> bool {
        self.locked(|state| state.ended.is_some() || state.waiting.len() + count <= LONGEST)
    }

    /// Waits until something is taken.
    pub(super) async fn taken(&self) {
        self.taken.notified().await;
    }

    /// What waits first, or the end.
    pub(super) async fn next(&self) -> Result<T, Ending> {
        loop {
            let next = self.locked(|state| {
                let next = state.waiting.pop_front();
                if state.waiting.is_empty() && state.waiting.capacity() > 0 {
                    // Most wait for nothing, most of the time.
                    state.waiting = VecDeque::new();
                }
                match (next, &state.ended) {
                    (Some(item), _) => Some(Ok(item)),
                    (None, Some(ending)) => Some(Err(ending.clone())),
                    (None, None) => None,
                }
            });
            if let Some(next) = next {
                self.taken.notify_one();
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
