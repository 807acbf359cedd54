//! Rows as they were and as they are to be, and the ids that lines give them.

use std::collections::HashMap;
use std::hash::Hash;

use crate::db::directory_write::Stored;
use crate::transfer::record::Patch;

/// The rows of a table that the lines speak of.
pub(super) struct Rows<R: Stored> {
    places: HashMap<R::Key, usize>,
    pub(super) entries: Vec<Changed<R>>,
}

pub(super) struct Changed<R> {
    pub(super) before: Option<R>,
    pub(super) now: R,
}

/// What a line made of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Created,
    Updated,
    Unchanged,
}

impl<R: Stored> Rows<R> {
    pub(super) fn of(stored: Vec<R>) -> Self {
        let places = stored.iter().enumerate();
        Self {
            places: places.map(|(place, row)| (row.key(), place)).collect(),
            entries: stored
                .into_iter()
                .map(|row| Changed {
                    before: Some(row.clone()),
                    now: row,
                })
                .collect(),
        }
    }

    pub(super) fn get(&self, key: &R::Key) -> Option<&R> {
        self.places.get(key).map(|place| &self.entries[*place].now)
    }

    pub(super) fn put(&mut self, row: R) -> Outcome {
        let key = row.key();
        let Some(place) = self.places.get(&key) else {
            self.places.insert(key, self.entries.len());
            self.entries.push(Changed {
                before: None,
                now: row,
            });
            return Outcome::Created;
        };
        let entry = &mut self.entries[*place];
        if entry.now == row {
            return Outcome::Unchanged;
        }
        entry.now = row;
        Outcome::Updated
    }

    /// The rows to insert, in the order of their lines, and those to update.
    pub(super) fn changes(self) -> (Vec<R>, Vec<R>) {
        let mut new = Vec::new();
        let mut changed = Vec::new();
        for entry in self.entries {
            match entry.before {
                None => new.push(entry.now),
                Some(before) if before != entry.now => changed.push(entry.now),
                Some(_) => {}
            }
        }
        (new, changed)
    }
}

/// Ids that lines give to rows whose ids are otherwise generated.
pub(super) struct Ids<K> {
    pub(super) of: HashMap<K, i64>,
    owner: HashMap<i64, K>,
}

impl<K: Eq + Hash + Clone> Ids<K> {
    /// The ids that are given away already: to these rows, and to others that lines do not speak of.
    pub(super) fn of<R: Stored<Key = K>>(stored: &[R], elsewhere: &[R]) -> Self {
        let with_id = |row: &R| Some((row.key(), row.id()?));
        let all = stored.iter().chain(elsewhere).filter_map(with_id);
        Self {
            of: stored.iter().filter_map(with_id).collect(),
            owner: all.map(|(key, id)| (id, key)).collect(),
        }
    }

    /// Lets a row have the id that its line says.
    pub(super) fn claim(
        &mut self,
        what: &str,
        key: &K,
        said: Option<i64>,
    ) -> Result<Option<i64>, String> {
        let has = self.of.get(key).copied();
        let Some(said) = said else {
            return Ok(has);
        };
        match (has, self.owner.get(&said)) {
            (Some(has), _) if has == said => Ok(Some(said)),
            (Some(has), _) => Err(format!(
                "`id` cannot become {said}: this {what} has the id {has}; leave `id` out or say {has}"
            )),
            (None, Some(_)) => Err(format!(
                "`id` {said} is already that of another {what}; leave `id` out or choose a free one"
            )),
            (None, None) => {
                self.of.insert(key.clone(), said);
                self.owner.insert(said, key.clone());
                Ok(Some(said))
            }
        }
    }
}

/// What a patch makes of a value that can be cleared.
pub(super) fn patched<T: Clone>(patch: &Patch<T>, before: Option<&T>) -> Option<T> {
    patch.as_ref().map_or(before, Option::as_ref).cloned()
}
