//! Suggestions of both kinds, whose lines may say an id and write what happened.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::entry::Refers;
use super::known::Known;
use super::rows::{Rows, patched};
use super::{PORTION, Run, distinct};
use crate::clock::Timestamp;
use crate::db::directory_write::{
    self as db, GroupSuggestionKey, MembershipKey, OfUserKey, Suggestion, SuggestionKey,
};
use crate::db::suggestion::SuggestionFields;
use crate::db::suggestion::event::{self, Act, NewEvent};
use crate::domain::fold;
use crate::error::Result;
use crate::event::{EventAction, EventSource, FieldChange, Origin};
use crate::kind::Kind as SuggestionKind;
use crate::transfer::fields::Subject;
use crate::transfer::read::{At, Batch, Line};
use crate::transfer::record::{Facts, Patch, ProgramGroupSuggestion, ProgramSuggestion, Typed};

/// How many rows are read back at once for the ids that the database gave them.
const CHUNK: usize = 10_000;

/// The events of an import on one platform.
pub(super) struct EventBatch {
    id: i64,
    created: i64,
    updated: i64,
}

/// A line about a suggestion of one kind.
pub(super) trait Suggested: Typed {
    type Key: SuggestionKey;

    /// Notes what it refers to.
    fn refers<'l>(&'l self, to: &mut Refers<'l>);

    /// The key of its row, or why something that it refers to is not there.
    fn key(&self, known: &Known) -> Result<Self::Key, String>;

    /// The id it says, and what it says of the suggestion.
    fn said(self) -> (Option<i64>, Facts);
}

impl Suggested for ProgramSuggestion {
    type Key = OfUserKey;

    fn refers<'l>(&'l self, to: &mut Refers<'l>) {
        to.platforms.insert(&self.platform);
        to.programs.insert((&self.platform, &self.program));
        to.members.insert((&self.platform, &self.user));
        to.users.insert(fold(&self.user));
        to.users.extend(suggester(&self.facts));
    }

    fn key(&self, known: &Known) -> Result<OfUserKey, String> {
        let key = known.of_user(&self.platform, &self.program, &self.user)?;
        let member = MembershipKey {
            platform_id: key.platform_id,
            user_id: key.user_id,
        };
        if known.members.contains(&member) {
            return Ok(key);
        }
        let absent = known.absent(&Subject::member(&self.platform, &self.user));
        Err(format!("{absent}; programs are suggested to members"))
    }

    fn said(self) -> (Option<i64>, Facts) {
        (self.id, self.facts)
    }
}

impl Suggested for ProgramGroupSuggestion {
    type Key = GroupSuggestionKey;

    fn refers<'l>(&'l self, to: &mut Refers<'l>) {
        to.platforms.insert(&self.platform);
        to.programs.insert((&self.platform, &self.program));
        to.groups.insert(self.group);
        to.users.extend(suggester(&self.facts));
    }

    fn key(&self, known: &Known) -> Result<GroupSuggestionKey, String> {
        let (platform_id, program_id) = known.program(&self.platform, &self.program)?;
        if known.group(self.group)? == platform_id {
            return Ok(GroupSuggestionKey {
                platform_id,
                program_id,
                group_id: self.group,
            });
        }
        Err(format!(
            "`group`: group {} is of another platform than `{}`; it must be of the same",
            self.group, self.platform
        ))
    }

    fn said(self) -> (Option<i64>, Facts) {
        (self.id, self.facts)
    }
}

/// The folded name of who suggests, where a line says so.
fn suggester(facts: &Facts) -> Option<String> {
    facts.suggested_by.as_ref()?.as_deref().map(fold)
}

impl Run<'_> {
    pub(super) async fn all_suggestions<T: Suggested>(&mut self, batch: &mut Batch) -> Result<()> {
        let mut portions = batch.portions::<T>()?;
        while let Some(lines) = portions.next(PORTION)? {
            self.look_up(&lines, T::refers).await?;
            self.suggestions(lines).await?;
        }
        Ok(())
    }

    async fn suggestions<T: Suggested>(&mut self, lines: Vec<Line<T>>) -> Result<()> {
        let total = lines.len();
        let mut good = Vec::with_capacity(total);
        for Line { at, record } in lines {
            match self.asked(at, record) {
                Ok(asked) => good.push(asked),
                Err(reason) => self.fail(at, None, reason),
            }
        }
        let keys = distinct(good.iter().map(|line| line.key.clone()));
        let stored: Vec<Suggestion<T::Key>> = db::load(self.tx, &keys).await?;
        let said = good.iter().filter_map(|line| line.id);
        let mut ids = self.ids(&stored, said).await?;
        let mut rows = Rows::of(stored);
        for line in good {
            let (at, key, before) = (line.at, line.key.clone(), rows.get(&line.key));
            let row = line.notice(before).and_then(|notice| {
                let id = ids.claim("suggestion", &key, line.id)?;
                Ok(line.onto(id, before, notice, self.known.now))
            });
            match row {
                Ok(row) => self.count(T::KIND, rows.put(row)),
                Err(reason) => self.fail(at, None, reason),
            }
        }
        let updated = rows.entries.iter().filter_map(|entry| {
            let changes = fields(entry.before.as_ref()?).changes(&fields(&entry.now));
            let differs = !changes.is_empty();
            differs.then(|| happening(&entry.now, EventAction::Updated, changes))
        });
        let updated: Vec<_> = updated.flatten().collect();
        let (new, changed) = rows.changes();
        self.save(&new, &changed, total).await?;
        for rows in new.chunks(CHUNK) {
            // What the database gave an id has it now.
            let keys: Vec<T::Key> = rows.iter().map(|row| row.key.clone()).collect();
            let made: Vec<Suggestion<T::Key>> = db::load(self.tx, &keys).await?;
            let by_key: HashMap<_, _> = made.iter().map(|row| (&row.key, row)).collect();
            let created = keys.iter().filter_map(|key| by_key.get(key));
            let created =
                created.filter_map(|row| happening(row, EventAction::Created, Vec::new()));
            self.happened(T::Key::KIND, created.collect()).await?;
        }
        self.happened(T::Key::KIND, updated).await
    }

    /// What a line asks for, once what it refers to is there.
    fn asked<T: Suggested>(&self, at: At, record: T) -> Result<Asked<T::Key>, String> {
        let key = record.key(&self.known)?;
        let (id, said) = record.said();
        let suggested_by = match &said.suggested_by {
            Some(Some(username)) => match self.known.user(username) {
                Ok(id) => Some(Some(id)),
                Err(reason) => return Err(format!("`suggested_by`: {reason}")),
            },
            Some(None) => Some(None),
            None => None,
        };
        Ok(Asked {
            at,
            key,
            id,
            suggested_by,
            said,
        })
    }

    /// Writes events, each to the batch of its platform: the lines of an import are one batch there.
    async fn happened(&mut self, kind: SuggestionKind, events: Vec<(i64, NewEvent)>) -> Result<()> {
        let mut by_platform: BTreeMap<i64, Vec<NewEvent>> = BTreeMap::new();
        for (platform_id, event) in events {
            by_platform.entry(platform_id).or_default().push(event);
        }
        let now = self.known.now;
        for (platform_id, events) in by_platform {
            let batch = match self.batches.entry(platform_id) {
                Entry::Occupied(batch) => batch.into_mut(),
                Entry::Vacant(place) => {
                    let origin = Origin {
                        source: EventSource::Import,
                        request_id: format!("import-{}", now.0),
                    };
                    let act = Act {
                        platform_id,
                        operation: Some("import"),
                        actor_id: None,
                        api_key_id: None,
                        origin: &origin,
                        at: now,
                        undoes: None,
                    };
                    place.insert(EventBatch {
                        id: event::begin_import(self.tx, act).await?,
                        created: 0,
                        updated: 0,
                    })
                }
            };
            for event in &events {
                match event.action {
                    EventAction::Created => batch.created += 1,
                    _ => batch.updated += 1,
                }
            }
            event::add_events(self.tx, platform_id, batch.id, kind, &events).await?;
        }
        Ok(())
    }

    pub(super) async fn end_batches(&mut self) -> Result<()> {
        for batch in self.batches.values() {
            event::end_import(self.tx, batch.id, batch.created, batch.updated).await?;
        }
        Ok(())
    }
}

/// A line about a suggestion, with the ids of what it refers to.
struct Asked<K> {
    at: At,
    key: K,
    id: Option<i64>,
    suggested_by: Patch<i64>,
    said: Facts,
}

impl<K: SuggestionKey> Asked<K> {
    /// What the suggestion says to the person after this line.
    fn notice(&self, before: Option<&Suggestion<K>>) -> Result<db::Notice, String> {
        let old = before.map(|row| &row.facts.notice);
        let said = &self.said.notice;
        let notice = db::Notice {
            message: patched(&said.message, old.and_then(|old| old.message.as_ref())),
            due_at: patched(&said.due_at, old.and_then(|old| old.due_at.as_ref())),
            visible_from: patched(
                &said.visible_from,
                old.and_then(|old| old.visible_from.as_ref()),
            ),
            visible_until: patched(
                &said.visible_until,
                old.and_then(|old| old.visible_until.as_ref()),
            ),
        };
        match (notice.visible_from, notice.visible_until) {
            (Some(from), Some(until)) if until <= from => Err(format!(
                "`visible_until` must lie after `visible_from`; the suggestion would be visible from {from} until {until}"
            )),
            _ => Ok(notice),
        }
    }

    /// The suggestion after this line: what is said wins, what is left out stays. `modified` moves
    /// only if something else did, or if the line says so.
    fn onto(
        self,
        id: Option<i64>,
        before: Option<&Suggestion<K>>,
        notice: db::Notice,
        now: Timestamp,
    ) -> Suggestion<K> {
        let Self { key, said, .. } = self;
        let metadata = said.metadata.map(|metadata| metadata.0);
        let Some(before) = before else {
            let facts = db::Facts {
                accepted: said.accepted.unwrap_or(false),
                visible: said.visible.unwrap_or(true),
                metadata: metadata.unwrap_or_else(|| "{}".to_owned()),
                suggested_by: self.suggested_by.flatten(),
                created: said.created.or(said.modified).unwrap_or(now),
                modified: said.modified.or(said.created).unwrap_or(now),
                notice,
                direct: said.direct.unwrap_or(true),
            };
            return Suggestion { id, key, facts };
        };
        let old = &before.facts;
        let facts = db::Facts {
            accepted: said.accepted.unwrap_or(old.accepted),
            visible: said.visible.unwrap_or(old.visible),
            metadata: metadata
                .filter(|new| !same_json(new, &old.metadata))
                .unwrap_or_else(|| old.metadata.clone()),
            suggested_by: self.suggested_by.unwrap_or(old.suggested_by),
            created: said.created.unwrap_or(old.created),
            modified: said.modified.unwrap_or(old.modified),
            notice,
            direct: said.direct.unwrap_or(old.direct),
        };
        let mut row = Suggestion { id, key, facts };
        if said.modified.is_none() && row != *before {
            row.facts.modified = now;
        }
        row
    }
}

/// Whether two texts of JSON have the same value, whatever the spelling of numbers and the order of
/// keys.
fn same_json(one: &str, other: &str) -> bool {
    let value = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    one == other || value(one).is_some_and(|one| Some(one) == value(other))
}

/// What a suggestion says, as events compare it.
fn fields<K>(row: &Suggestion<K>) -> SuggestionFields {
    let (facts, notice) = (&row.facts, &row.facts.notice);
    let instant = |at: Option<Timestamp>| at.map(|at| at.0);
    SuggestionFields {
        accepted: facts.accepted,
        visible: facts.visible,
        direct: facts.direct,
        metadata: facts.metadata.clone(),
        suggested_by: facts.suggested_by,
        message: notice.message.clone(),
        due_at: instant(notice.due_at),
        visible_from: instant(notice.visible_from),
        visible_until: instant(notice.visible_until),
    }
}

/// What happened to a suggestion, with its platform; none of a row without an id.
fn happening<K: SuggestionKey>(
    row: &Suggestion<K>,
    action: EventAction,
    changes: Vec<FieldChange>,
) -> Option<(i64, NewEvent)> {
    let (platform_id, program_id, recipient_id) = row.key.ids();
    let event = NewEvent {
        action,
        program_id,
        recipient_id,
        suggestion_id: Some(row.id?),
        changes,
        deleted: None,
    };
    Some((platform_id, event))
}
