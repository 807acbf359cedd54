//! How much a caller may ask: buckets of tokens, filled steadily. Counted in this process alone; replicas do not
//! share their counts.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, Result};
use crate::metrics::{self, Quota};

/// From this many buckets on, those that are full again are thrown away: a full bucket is as good as
/// none.
const MANY: usize = 10_000;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// The buckets of all callers for one thing that is limited.
#[derive(Debug)]
pub(super) struct Rates {
    /// What is counted, as the headers call it.
    name: &'static str,
    per_second: f64,
    /// How many seconds' worth a bucket holds.
    window: u32,
    buckets: Mutex<HashMap<String, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Rates {
    /// `per_second` tokens a caller, on average over `window` seconds; 0 is any number.
    pub(super) fn new(name: &'static str, per_second: u32, window: u32) -> Self {
        Self {
            name,
            per_second: f64::from(per_second),
            window,
            buckets: Mutex::default(),
        }
    }

    /// Takes tokens from the caller's bucket, if there are enough. What costs more than a bucket holds takes a full
    /// one, and all who are unknown share one. The answer of the request tells what is left.
    ///
    /// # Errors
    /// [`Error::RateLimited`].
    pub(super) fn spend(&self, caller: &str, tokens: u64) -> Result<()> {
        if self.per_second <= 0.0 {
            return Ok(());
        }
        let quota = self.spend_at(caller, tokens, Instant::now());
        let refused = quota.again_in.is_some();
        metrics::note(|notes| {
            let mut quotas = notes.quotas.lock().unwrap_or_else(PoisonError::into_inner);
            quotas.push(quota);
        });
        if refused {
            Err(Error::RateLimited)
        } else {
            Ok(())
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "numbers far below 2^52, and none below 0"
    )]
    fn spend_at(&self, caller: &str, tokens: u64, now: Instant) -> Quota {
        let full = self.per_second * f64::from(self.window);
        let filled = |bucket: Bucket| {
            let since = now.saturating_duration_since(bucket.at).as_secs_f64();
            (bucket.tokens + since * self.per_second).min(full)
        };
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MANY {
            buckets.retain(|_, bucket| filled(*bucket) < full);
        }
        let there = buckets.get(caller).map_or(full, |bucket| filled(*bucket));
        let wanted = tokens as f64;
        let missing = wanted.min(full) - there;
        let left = if missing > 0.0 { there } else { there - wanted };
        let bucket = Bucket {
            tokens: left,
            at: now,
        };
        buckets.insert(caller.to_owned(), bucket);
        let seconds = |tokens: f64| Duration::from_secs_f64(tokens.max(0.0) / self.per_second);
        Quota {
            name: self.name,
            most: full as u64,
            window: self.window,
            left: left.max(0.0) as u64,
            full_in: seconds(full - left),
            again_in: (missing > 0.0).then(|| seconds(missing)),
        }
    }
}

/// Whole seconds, rounded up.
pub(super) fn seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

/// Tells the caller what is left, in the headers of draft-ietf-httpapi-ratelimit-headers-10.
pub(super) fn tell(quotas: &[Quota], headers: &mut HeaderMap) {
    if quotas.is_empty() {
        return;
    }
    let list = |item: fn(&Quota) -> String| {
        let items: Vec<String> = quotas.iter().map(item).collect();
        HeaderValue::from_str(&items.join(", ")).ok()
    };
    let policy = list(|quota| format!("\"{}\";q={};w={}", quota.name, quota.most, quota.window));
    let limit = list(|quota| {
        let (name, full_in) = (quota.name, seconds(quota.full_in));
        format!("\"{name}\";r={};t={full_in}", quota.left)
    });
    for (name, value) in [(POLICY, policy), (LIMIT, limit)] {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills() {
        let rates = Rates::new("requests", 2, 1);
        let begin = Instant::now();
        let at = |millis: u64, caller: &str| {
            let now = begin + Duration::from_millis(millis);
            rates.spend_at(caller, 1, now).again_in.is_none()
        };
        assert!(at(0, "a") && at(0, "a"));
        assert!(!at(0, "a") && !at(499, "a"));
        assert!(at(0, "b"));
        assert!(at(500, "a") && !at(500, "a"));
        assert!(at(9_000, "a") && at(9_000, "a") && !at(9_000, "a"));
        assert!(Rates::new("requests", 0, 1).spend("a", 1).is_ok());
    }

    #[test]
    fn what_costs_much_waits_longer() {
        let rates = Rates::new("cost", 100, 10);
        let begin = Instant::now();
        let at = |seconds: u64, cost: u64| {
            rates.spend_at("a", cost, begin + Duration::from_secs(seconds))
        };
        assert_eq!(at(0, 600).left, 400);
        let refused = at(0, 600);
        assert_eq!(
            (refused.left, refused.again_in),
            (400, Some(Duration::from_secs(2)))
        );
        assert_eq!(at(2, 600).again_in, None);
        // More than a bucket holds: a full one, and then a longer wait.
        assert!(at(3, 5_000).again_in.is_some());
        assert_eq!(at(20, 5_000).again_in, None);
        assert!(at(59, 1).again_in.is_some());
        assert_eq!(at(61, 1).again_in, None);
        let mut headers = HeaderMap::new();
        tell(&[at(61, 1)], &mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"cost\";q=1000;w=10");
        assert!(
            headers["ratelimit"]
                .to_str()
                .unwrap()
                .starts_with("\"cost\";r=9")
        );
    }
}
