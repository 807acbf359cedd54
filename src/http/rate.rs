//! How many requests a caller may make: a bucket of tokens each, filled steadily, holding a second's
//! worth. Counted in this process alone; replicas do not share their counts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::auth::Viewer;
use crate::error::{Error, Result};

/// From this many buckets on, those that are full again are thrown away: a full bucket is as good as
/// none.
const MANY: usize = 10_000;

/// The buckets of all callers.
#[derive(Debug)]
pub(super) struct Rates {
    per_second: u32,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Rates {
    /// `per_second` requests a caller; 0 is any number.
    pub(super) fn new(per_second: u32) -> Self {
        Self {
            per_second,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token from the caller's bucket. All who are unknown share one.
    pub(super) fn spend(&self, viewer: &Viewer) -> Result<()> {
        if self.per_second == 0 {
            return Ok(());
        }
        let caller = viewer.caller().unwrap_or_default();
        self.spend_at(caller, Instant::now())
    }

    fn spend_at(&self, caller: String, now: Instant) -> Result<()> {
        let full = f64::from(self.per_second);
        let filled = |bucket: Bucket| {
            let since = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.tokens + since * full).min(full)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, bucket| filled(*bucket) < full);
        }
        let tokens = buckets.get(&caller).map_or(full, |bucket| filled(*bucket));
        if tokens < 1.0 {
            return Err(Error::RateLimited);
        }
        let left = Bucket {
            tokens: tokens - 1.0,
            at: now,
        };
        buckets.insert(caller, left);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_empties_and_fills() {
        let rates = Rates::new(2);
        let begin = Instant::now();
        let at = |millis: u64, caller: &str| {
            let now = begin + Duration::from_millis(millis);
            rates.spend_at(caller.to_owned(), now).is_ok()
        };
        assert!(at(0, "a") && at(0, "a"));
        assert!(!at(0, "a") && !at(499, "a"));
        assert!(at(0, "b"));
        assert!(at(500, "a") && !at(500, "a"));
        assert!(at(9_000, "a") && at(9_000, "a") && !at(9_000, "a"));
        assert!(Rates::new(0).spend(&Viewer::anonymous()).is_ok());
    }
}
