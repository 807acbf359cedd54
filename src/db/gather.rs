//! Look-ups by key that are made together: what is asked for while one statement runs is looked up by
//! the next, all of it at once.
//!
//! Every answer comes from a statement that began after it was asked for, so nobody is told anything
//! old. When nobody else asks, a look-up is one statement for one key.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::error::{Error, Result};
use crate::metrics;

/// A database that does not answer for so long hangs. Everybody else is waiting, too.
const PATIENCE: Duration = Duration::from_secs(5);

/// The look-ups of one kind.
#[derive(Debug)]
pub(super) struct Gather<K, V>(Arc<Mutex<State<K, V>>>);

#[derive(Debug)]
struct State<K, V> {
    waiting: Vec<Asked<K, V>>,
    running: bool,
}

type Asked<K, V> = (K, oneshot::Sender<Result<Option<V>>>);
type Found<K, V> = BoxFuture<'static, Result<HashMap<K, V>>>;

impl<K, V> Clone for Gather<K, V> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V> Default for Gather<K, V> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State {
            waiting: Vec::new(),
            running: false,
        })))
    }
}

impl<K, V> Gather<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + 'static,
{
    /// What `look_up` finds for a key; it is given all keys that are waiting. `statement` is the name of the statement
    /// that it sends.
    pub(super) async fn find(
        &self,
        statement: &'static str,
        key: K,
        look_up: impl Fn(Vec<K>) -> Found<K, V> + Send + 'static,
    ) -> Result<Option<V>> {
        let (sender, answer) = oneshot::channel();
        let first = {
            let mut state = self.state();
            state.waiting.push((key, sender));
            !std::mem::replace(&mut state.running, true)
        };
        if first {
            // A task of its own: whoever asked first may go away, the others still want to know.
            tokio::spawn(self.clone().run(look_up));
        }
        let begun = Instant::now();
        let answer = answer.await;
        // Sent in that task, and for this request as well.
        let succeeded = matches!(answer, Ok(Ok(_)));
        metrics::note(|notes| notes.statement(statement, succeeded, begun.elapsed()));
        answer.unwrap_or_else(|_| Err(Error::internal("a look-up broke off")))
    }

    async fn run(self, look_up: impl Fn(Vec<K>) -> Found<K, V>) {
        let mut running = Running(self.0, true);
        while let Some(asked) = running.next() {
            let mut keys: Vec<K> = Vec::with_capacity(asked.len());
            for (key, _) in &asked {
                if !keys.contains(key) {
                    keys.push(key.clone());
                }
            }
            // No request is behind it whose end would be its end.
            let found = tokio::time::timeout(PATIENCE, look_up(keys)).await;
            let found = found
                .unwrap_or_else(|_| Err(Error::Unavailable("a look-up takes too long".to_owned())));
            for (key, sender) in asked {
                let answer = match &found {
                    Ok(found) => Ok(found.get(&key).cloned()),
                    Err(error) => Err(error.clone()),
                };
                // Whoever went away does not mind.
                drop(sender.send(answer));
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State<K, V>> {
        lock(&self.0)
    }
}

/// The one task that looks up. If it breaks off, nobody waits for it any longer.
struct Running<K, V>(Arc<Mutex<State<K, V>>>, bool);

impl<K, V> Running<K, V> {
    fn next(&mut self) -> Option<Vec<Asked<K, V>>> {
        let mut state = lock(&self.0);
        if state.waiting.is_empty() {
            state.running = false;
            self.1 = false;
            return None;
        }
        Some(std::mem::take(&mut state.waiting))
    }
}

impl<K, V> Drop for Running<K, V> {
    fn drop(&mut self) {
        if self.1 {
            let mut state = lock(&self.0);
            state.running = false;
            state.waiting.clear();
        }
    }
}

fn lock<K, V>(state: &Mutex<State<K, V>>) -> MutexGuard<'_, State<K, V>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt as _;
    use futures_util::future::join_all;
    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn what_is_asked_meanwhile_is_looked_up_together() {
        let gather = Gather::<i32, i32>::default();
        let (go_on, batches) = (
            Arc::new(Semaphore::new(0)),
            Arc::new(Mutex::new(Vec::new())),
        );
        let look_up = {
            let (go_on, batches) = (Arc::clone(&go_on), Arc::clone(&batches));
            move |keys: Vec<i32>| {
                let (go_on, batches) = (Arc::clone(&go_on), Arc::clone(&batches));
                async move {
                    go_on.acquire().await.unwrap().forget();
                    batches.lock().unwrap().push(keys.clone());
                    let known = keys.into_iter().filter(|key| *key < 10);
                    Ok(known.map(|key| (key, key * 2)).collect())
                }
                .boxed()
            }
        };
        let mut asked: Vec<_> = [1, 2, 3, 2, 99]
            .map(|key| Box::pin(gather.find("test", key, look_up.clone())))
            .into();
        for asking in &mut asked {
            assert!(futures_util::poll!(asking).is_pending());
            // The first is being looked up before the others ask.
            tokio::task::yield_now().await;
        }
        // One who goes away takes nothing from the others.
        drop(asked.remove(1));
        go_on.add_permits(2);
        let answers = join_all(asked).await;
        let answers: Vec<Option<i32>> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers, [Some(2), Some(6), Some(4), None]);
        assert_eq!(*batches.lock().unwrap(), [vec![1], vec![2, 3, 99]]);
    }

    #[tokio::test]
    async fn a_look_up_that_breaks_off_keeps_nobody_waiting() {
        let gather = Gather::<i32, i32>::default();
        let times = Arc::new(AtomicUsize::new(0));
        for expected in 1..3 {
            let times = Arc::clone(&times);
            let counted = Arc::clone(&times);
            let broken = gather.find("test", 1, move |_| {
                counted.fetch_add(1, Ordering::Relaxed);
                async { panic!("on purpose") }.boxed()
            });
            assert!(broken.await.is_err());
            assert_eq!(times.load(Ordering::Relaxed), expected);
        }
    }
}
