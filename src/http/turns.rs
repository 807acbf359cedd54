//! Turns: how many requests are executed at the same time. The others wait a short while, and are refused when that
//! does not suffice, so that those that are executed stay fast whatever comes in.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::metrics::{Metrics, Refused};

/// The most requests that wait.
const MOST_WAITING: i64 = 1_000;

/// While there is always somebody waiting, waiting longer than this share of the queue's time helps nobody: it only
/// makes everybody slower.
const STANDING: u32 = 100;

/// Who may be executed.
#[derive(Debug)]
pub(super) struct Turns {
    permits: Arc<Semaphore>,
    queue: Duration,
    /// When somebody last found nobody waiting.
    last_free: Mutex<Instant>,
    metrics: Arc<Metrics>,
}

/// The right to be executed, as long as it lives.
#[derive(Debug)]
pub(super) struct Turn {
    _permit: OwnedSemaphorePermit,
}

/// It took too long, or too many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overloaded;

/// What a caller is told.
pub(super) const OVERLOADED: &str =
    "The service is busy: nothing was done. Please try again in a second.";

impl Turns {
    /// `most` at the same time; each other one waits at most `queue`.
    pub(super) fn new(most: usize, queue: Duration, metrics: Arc<Metrics>) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            queue,
            last_free: Mutex::new(Instant::now()),
            metrics,
        }
    }

    /// Waits for a turn.
    pub(super) async fn take(&self) -> Result<Turn, Overloaded> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            *self.last_free() = Instant::now();
            return Ok(Turn { _permit: permit });
        }
        let waiting = Queued::new(&self.metrics);
        let standing = self.last_free().elapsed() > self.queue;
        let patience = if standing {
            self.queue / STANDING
        } else {
            self.queue
        };
        let turn = Arc::clone(&self.permits).acquire_owned();
        let permit = if waiting.number > MOST_WAITING {
            None
        } else {
            let turn = tokio::time::timeout(patience, turn).await;
            turn.ok().and_then(Result::ok)
        };
        drop(waiting);
        match permit {
            Some(permit) => Ok(Turn { _permit: permit }),
            None => {
                self.metrics.refuse(Refused::Overloaded);
                Err(Overloaded)
            }
        }
    }

    fn last_free(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.last_free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who waits, counted as long as it lives.
struct Queued<'a> {
    metrics: &'a Metrics,
    number: i64,
}

impl<'a> Queued<'a> {
    fn new(metrics: &'a Metrics) -> Self {
        let number = metrics.queued.inc() + 1;
        Self { metrics, number }
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.metrics.queued.dec();
    }
}

/// The turn of a request, given back while its body is on its way.
#[derive(Debug, Clone)]
pub(super) struct Held {
    turns: Arc<Turns>,
    turn: Arc<Mutex<Option<Turn>>>,
}

impl Held {
    /// Waits for a turn.
    pub(super) async fn take(turns: &Arc<Turns>) -> Result<Self, Overloaded> {
        let turn = turns.take().await?;
        Ok(Self {
            turns: Arc::clone(turns),
            turn: Arc::new(Mutex::new(Some(turn))),
        })
    }

    /// Waits for something without taking up a turn, unless it is there already. Whoever sends slowly would
    /// otherwise keep others out.
    pub(super) async fn without<T>(&self, work: impl Future<Output = T>) -> Result<T, Overloaded> {
        let mut work = std::pin::pin!(work);
        if let std::task::Poll::Ready(done) = futures_util::poll!(work.as_mut()) {
            return Ok(done);
        }
        drop(self.turn().take());
        let done = work.await;
        let turn = self.turns.take().await?;
        *self.turn() = Some(turn);
        Ok(done)
    }

    fn turn(&self) -> std::sync::MutexGuard<'_, Option<Turn>> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_waits_too_long_is_refused() {
        let queue = Duration::from_millis(20);
        let turns = Arc::new(Turns::new(1, queue, Arc::default()));
        let first = Held::take(&turns).await.unwrap();
        assert_eq!(turns.take().await.unwrap_err(), Overloaded);
        assert_eq!(turns.metrics.queued.get(), 0);
        // While a body is on its way, another one is executed.
        let (sent, body) = tokio::sync::oneshot::channel();
        let other = async {
            let turn = turns.take().await.unwrap();
            sent.send(7).unwrap();
            tokio::task::yield_now().await;
            drop(turn);
        };
        let (body, ()) = tokio::join!(first.without(body), other);
        assert_eq!(body.unwrap().unwrap(), 7);
        assert_eq!(turns.take().await.unwrap_err(), Overloaded);
        drop(first);
        assert!(turns.take().await.is_ok());
    }
}
