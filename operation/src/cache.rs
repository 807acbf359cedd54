//! A cache of valid documents by the hash of their text, bounded in number and size. It has two halves:
//! when the newer is full, the older is dropped, and what was used meanwhile has moved to the newer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// The SHA-256 of a document.
pub(super) type Key = [u8; 32];

pub(super) fn key(text: &str) -> Key {
    Sha256::digest(text.as_bytes()).into()
}

#[derive(Debug)]
pub(super) struct Cache<T> {
    halves: Mutex<Halves<T>>,
    max_entries: usize,
    max_weight: usize,
}

#[derive(Debug)]
struct Halves<T> {
    newer: HashMap<Key, (Arc<T>, usize)>,
    older: HashMap<Key, (Arc<T>, usize)>,
    weight: usize,
}

impl<T> Cache<T> {
    pub(super) fn new(max_entries: usize, max_weight: usize) -> Self {
        Self {
            halves: Mutex::new(Halves {
                newer: HashMap::new(),
                older: HashMap::new(),
                weight: 0,
            }),
            max_entries,
            max_weight,
        }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Arc<T>> {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((value, _)) = halves.newer.get(key) {
            return Some(Arc::clone(value));
        }
        let (value, weight) = halves.older.remove(key)?;
        self.put_newer(&mut halves, *key, Arc::clone(&value), weight);
        Some(value)
    }

    pub(super) fn put(&self, key: Key, value: Arc<T>, weight: usize) {
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        self.put_newer(&mut halves, key, value, weight);
    }

    fn put_newer(&self, halves: &mut Halves<T>, key: Key, value: Arc<T>, weight: usize) {
        let half = self.max_weight / 2;
        if weight > half {
            return;
        }
        if halves.newer.len() >= self.max_entries / 2 || halves.weight + weight > half {
            halves.older = std::mem::take(&mut halves.newer);
            halves.weight = 0;
        }
        if halves.newer.insert(key, (value, weight)).is_none() {
            halves.weight += weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_what_is_used_and_stays_bounded() {
        let cache = Cache::new(10, 1000);
        let often = key("often");
        cache.put(often, Arc::new(0), 10);
        for number in 1..1000 {
            cache.put(key(&number.to_string()), Arc::new(number), 10);
            assert_eq!(cache.get(&often).as_deref(), Some(&0));
        }
        let halves = cache.halves.lock().unwrap();
        assert!(halves.newer.len() + halves.older.len() <= 10);
        drop(halves);
        cache.put(key("huge"), Arc::new(1), 501);
        assert!(cache.get(&key("huge")).is_none());
    }
}
