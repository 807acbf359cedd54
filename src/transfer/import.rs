//! Writing what was read: type by type, in one transaction.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher as _, Hash, RandomState};

use super::fields::Subject;
use super::names::{Misplaced, Naming, Placing, misplaced_departments, taken_usernames};
use super::read::{At, Batch, Line, Lines};
use super::record::{
    Answer, Department, DepartmentMember, Group, GroupMember, Kind, Member, Metadata, Notice,
    Patch, Platform, Program, ProgramGroupSuggestion, ProgramSuggestion, SuggestionAnswer, User,
};
use crate::answer::Reason;
use crate::clock::{self, Timestamp};
use crate::db::directory_write::{
    self as db, ById, ByPlatform, ByUsername, DepartmentMemberKey, Facts, GroupMemberKey,
    GroupSuggestionKey, KeyOnPlatform, MembershipKey, OfUserKey, PlatformKey, Stored,
};
use crate::db::suggestion::SuggestionFields;
use crate::db::suggestion::event::{self, Act, NewEvent};
use crate::db::{Db, Finish, Tx};
use crate::domain::fold;
use crate::error::Result;
use crate::event::{EventAction, EventSource, FieldChange, Origin};
use crate::kind::Kind as SuggestionKind;

/// What becomes of the good lines when another one fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// Nothing is written.
    Abort,
    /// They go in.
    Continue,
}

/// What became of the good lines of one type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines that brought something new.
    pub created: u64,
    /// Lines that changed what was there.
    pub updated: u64,
    /// Lines that said what was so already.
    pub unchanged: u64,
}

/// What an import did.
#[derive(Debug)]
pub struct Report {
    /// How many lines there were.
    pub lines: u64,
    /// The good ones, by type.
    pub counts: BTreeMap<Kind, Counts>,
    /// The others as `FILE:LINE: reason`, in order.
    pub failures: Vec<String>,
    /// Whether the good lines went in.
    pub written: bool,
}

/// Imports what was read. `progress` is told how many more lines are done.
///
/// # Errors
/// Those of the database; what is wrong with a line stands in the report.
pub async fn import(
    db: &Db,
    mut batch: Batch,
    on_error: OnError,
    progress: &mut dyn FnMut(u64),
) -> Result<Report> {
    let lines = batch.lines();
    db.write(async |tx| {
        let mut run = Run {
            tx,
            now: clock::now(),
            files: batch.files.clone(),
            progress,
            counts: BTreeMap::new(),
            broken: Vec::new(),
            lost: HashMap::new(),
            platforms: HashMap::new(),
            programs: HashMap::new(),
            users: HashMap::new(),
            members: HashSet::new(),
            departments: HashMap::new(),
            groups: HashMap::new(),
            batches: BTreeMap::new(),
        };
        run.all(&mut batch).await?;
        run.end_batches().await?;
        run.broken.sort_by_key(|(at, _)| *at);
        let written = run.broken.is_empty() || on_error == OnError::Continue;
        if written {
            db::analyze(tx, &tables_of(&batch, &Kind::ALL)).await?;
        }
        let report = Report {
            lines,
            failures: run
                .broken
                .iter()
                .map(|(at, reason)| format!("{}: {reason}", run.place(*at)))
                .collect(),
            counts: run.counts,
            written,
        };
        Ok(if written {
            Finish::Commit(report)
        } else {
            Finish::Rollback(report)
        })
    })
    .await
}

/// The events of an import on one platform.
struct EventBatch {
    id: i64,
    created: i64,
    updated: i64,
}

/// How many rows are read back at once for the ids that the database gave them.
const CHUNK: usize = 10_000;

/// How many lines of a type are looked at together.
const PORTION: usize = 20_000;

/// What requests read, in the order in which it is locked.
const DIRECTORY: [Kind; 8] = [
    Kind::Platform,
    Kind::Program,
    Kind::User,
    Kind::Member,
    Kind::Department,
    Kind::DepartmentMember,
    Kind::Group,
    Kind::GroupMember,
];

/// What requests write, in the order in which they do.
const SUGGESTIONS: [Kind; 3] = [
    Kind::ProgramSuggestion,
    Kind::ProgramGroupSuggestion,
    Kind::SuggestionAnswer,
];

/// The table of a type.
fn table(kind: Kind) -> &'static str {
    match kind {
        Kind::Platform => db::Platform::table(),
        Kind::Program => db::Program::table(),
        Kind::User => db::User::table(),
        Kind::Member => db::Membership::table(),
        Kind::Department => db::Department::table(),
        Kind::DepartmentMember => db::DepartmentMember::table(),
        Kind::Group => db::Group::table(),
        Kind::GroupMember => db::GroupMember::table(),
        Kind::ProgramSuggestion => db::UserSuggestion::table(),
        Kind::ProgramGroupSuggestion => db::GroupSuggestion::table(),
        Kind::SuggestionAnswer => db::Answer::table(),
    }
}

/// The tables of those of these types that have lines.
fn tables_of(batch: &Batch, kinds: &[Kind]) -> Vec<&'static str> {
    let kinds = kinds.iter().filter(|kind| batch.has(**kind));
    kinds.map(|kind| table(*kind)).collect()
}

/// An import under way: what is known so far.
struct Run<'a> {
    tx: &'a Tx,
    now: Timestamp,
    files: Vec<String>,
    progress: &'a mut dyn FnMut(u64),
    counts: BTreeMap<Kind, Counts>,
    broken: Vec<(At, String)>,
    /// What would be there if this line had not failed.
    lost: HashMap<Subject, At>,
    platforms: HashMap<String, i64>,
    programs: HashMap<KeyOnPlatform, i64>,
    /// By folded username.
    users: HashMap<String, i64>,
    /// Members to whom something is suggested.
    members: HashSet<MembershipKey>,
    departments: HashMap<KeyOnPlatform, i64>,
    /// The platform of each group.
    groups: HashMap<i64, i64>,
    /// The batch of events of each platform.
    batches: BTreeMap<i64, EventBatch>,
}

/// The rows of a table that the lines speak of: as they were, and as they are to be.
struct Rows<R: Stored> {
    places: HashMap<R::Key, usize>,
    entries: Vec<Changed<R>>,
}

struct Changed<R> {
    before: Option<R>,
    now: R,
}

/// What a line made of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Created,
    Updated,
    Unchanged,
}

impl<R: Stored> Rows<R> {
    fn of(stored: Vec<R>) -> Self {
        let mut rows = Self {
            places: HashMap::with_capacity(stored.len()),
            entries: Vec::with_capacity(stored.len()),
        };
        for row in stored {
            rows.places.insert(row.key(), rows.entries.len());
            rows.entries.push(Changed {
                before: Some(row.clone()),
                now: row,
            });
        }
        rows
    }

    fn get(&self, key: &R::Key) -> Option<&R> {
        self.places.get(key).map(|place| &self.entries[*place].now)
    }

    fn put(&mut self, row: R) -> Outcome {
        let key = row.key();
        match self.places.get(&key) {
            None => {
                self.places.insert(key, self.entries.len());
                self.entries.push(Changed {
                    before: None,
                    now: row,
                });
                Outcome::Created
            }
            Some(place) => {
                let entry = &mut self.entries[*place];
                let outcome = if entry.now == row {
                    Outcome::Unchanged
                } else {
                    Outcome::Updated
                };
                entry.now = row;
                outcome
            }
        }
    }

    /// The rows to insert, in the order of their lines, and those to update.
    fn changes(self) -> (Vec<R>, Vec<R>) {
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
struct Ids<K> {
    of: HashMap<K, i64>,
    owner: HashMap<i64, K>,
}

impl<K: Eq + Hash + Clone> Ids<K> {
    /// The ids that are given away already.
    fn of<R: Stored<Key = K>>(stored: &[R]) -> Self {
        let mut ids = Self {
            of: HashMap::new(),
            owner: HashMap::new(),
        };
        for row in stored {
            if let Some(id) = row.id() {
                ids.of.insert(row.key(), id);
                ids.owner.insert(id, row.key());
            }
        }
        ids
    }

    /// Lets a row have the id that its line says.
    fn claim(&mut self, what: &str, key: &K, said: Option<i64>) -> Result<Option<i64>, String> {
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
fn patched<T>(patch: Patch<T>, before: Option<T>) -> Option<T> {
    patch.unwrap_or(before)
}

fn distinct<T: Eq + Hash>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items
        .into_iter()
        .collect::<HashSet<_>>()
        .into_iter()
        .collect()
}

impl Run<'_> {
    async fn all(&mut self, batch: &mut Batch) -> Result<()> {
        let broken = std::mem::take(&mut batch.broken);
        (self.progress)(broken.len() as u64);
        for line in broken {
            self.fail(line.at, line.subject, line.reason);
        }
        db::lock(self.tx, db::Lock::Write, &tables_of(batch, &DIRECTORY)).await?;
        // In the order of requests: suggestions, then answers.
        let mut suggestions = tables_of(batch, &SUGGESTIONS);
        if batch.has(Kind::SuggestionAnswer) && !batch.has(Kind::ProgramSuggestion) {
            // An answer is repeated in the suggestions about it.
            suggestions.insert(0, table(Kind::ProgramSuggestion));
        }
        db::lock(self.tx, db::Lock::Rows, &suggestions).await?;

        for kind in [Kind::ProgramSuggestion, Kind::ProgramGroupSuggestion] {
            if let Some(id) = batch.reserved(kind) {
                db::reserve(self.tx, table(kind), id).await?;
            }
        }
        for kind in Kind::ALL {
            match kind {
                Kind::User => self.all_users(batch).await?,
                _ => {
                    // The tree of departments can only be judged as a whole.
                    let whole = kind == Kind::Department;
                    let size = if whole { usize::MAX } else { PORTION };
                    let mut portions = batch.portions(kind)?;
                    while let Some(lines) = portions.next(size)? {
                        self.portion(kind, lines).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes lines of one type. What they refer to is looked up first, and only that is known.
    async fn portion(&mut self, kind: Kind, lines: Lines) -> Result<()> {
        self.platforms(&lines).await?;
        self.users(&lines).await?;
        match kind {
            Kind::Platform | Kind::User => Ok(()),
            Kind::Program => self.programs(&lines).await,
            Kind::Member => self.members(&lines).await,
            Kind::Department => self.departments(&lines).await,
            Kind::DepartmentMember => {
                self.departments(&lines).await?;
                self.department_members(&lines).await
            }
            Kind::Group => {
                self.departments(&lines).await?;
                self.groups(&lines).await
            }
            Kind::GroupMember => {
                self.groups(&lines).await?;
                self.group_members(&lines).await
            }
            Kind::ProgramSuggestion => {
                self.members(&lines).await?;
                self.programs(&lines).await?;
                self.program_suggestions(lines.program_suggestions).await
            }
            Kind::ProgramGroupSuggestion => {
                self.groups(&lines).await?;
                self.programs(&lines).await?;
                self.program_group_suggestions(lines.program_group_suggestions)
                    .await
            }
            Kind::SuggestionAnswer => {
                self.programs(&lines).await?;
                self.suggestion_answers(&lines.suggestion_answers).await
            }
        }
    }

    /// Writes the users. Who ends up with which username can only be decided over all lines that
    /// have to do with each other; most have to do with no other line and go in a portion at a time.
    async fn all_users(&mut self, batch: &mut Batch) -> Result<()> {
        let entangled = self.entangled_users(batch).await?;
        let mut together = Lines::default();
        let mut portions = batch.portions(Kind::User)?;
        while let Some(mut lines) = portions.next(PORTION)? {
            let users = lines.users.into_iter();
            let (others, alone) = users.partition(|line| entangled.contains(&line.record.id));
            lines.users = alone;
            together.users.extend::<Vec<_>>(others);
            self.portion(Kind::User, lines).await?;
        }
        if together.users.is_empty() {
            return Ok(());
        }
        self.portion(Kind::User, together).await
    }

    /// The users who have several lines, who change their username, or whose username another line
    /// asks for or another user has. Keeps 16 bytes of each line.
    async fn entangled_users(&self, batch: &mut Batch) -> Result<HashSet<i64>> {
        let mut entangled = HashSet::new();
        let state = RandomState::new();
        // Two names of one hash only make two lines go together that need not.
        let mut asked: Vec<(u64, i64)> = Vec::new();
        let mut portions = batch.portions(Kind::User)?;
        while let Some(lines) = portions.next(PORTION)? {
            let names: Vec<String> = (lines.users.iter())
                .map(|line| fold(&line.record.username))
                .collect();
            let ids: Vec<ById> = (lines.users.iter())
                .map(|line| ById { id: line.record.id })
                .collect();
            let stored: Vec<db::User> = db::load(self.tx, &ids).await?;
            let before: HashMap<i64, String> = stored
                .into_iter()
                .map(|row| (row.id, row.username_folded))
                .collect();
            let named: Vec<&str> = distinct(names.iter().map(String::as_str));
            let held = self.users_named(&named).await?;
            let holders: HashMap<&str, i64> = held
                .iter()
                .map(|row| (row.username_folded.as_str(), row.id))
                .collect();
            for (ById { id }, name) in ids.into_iter().zip(&names) {
                let renamed = before.get(&id).is_some_and(|before| before != name);
                let held = holders
                    .get(name.as_str())
                    .is_some_and(|holder| *holder != id);
                if renamed || held {
                    entangled.insert(id);
                }
                asked.push((state.hash_one(name), id));
            }
        }
        asked.sort_unstable();
        let same = asked.chunk_by(|one, other| one.0 == other.0);
        entangled.extend(
            same.filter(|lines| lines.len() > 1)
                .flatten()
                .map(|line| line.1),
        );
        asked.sort_unstable_by_key(|line| line.1);
        let same = asked.chunk_by(|one, other| one.1 == other.1);
        entangled.extend(
            same.filter(|lines| lines.len() > 1)
                .flatten()
                .map(|line| line.1),
        );
        Ok(entangled)
    }

    fn place(&self, at: At) -> String {
        let file = self.files.get(at.file).map_or("", String::as_str);
        format!("{file}:{}", at.line)
    }

    fn fail(&mut self, at: At, subject: Option<Subject>, reason: String) {
        if let Some(subject) = subject {
            self.lost.entry(subject).or_insert(at);
        }
        self.broken.push((at, reason));
    }

    fn count(&mut self, kind: Kind, outcome: Outcome) {
        let counts = self.counts.entry(kind).or_default();
        match outcome {
            Outcome::Created => counts.created += 1,
            Outcome::Updated => counts.updated += 1,
            Outcome::Unchanged => counts.unchanged += 1,
        }
    }

    /// Why something that a line refers to is not there.
    fn absent(&self, subject: &Subject) -> String {
        let what = match subject {
            Subject::Platform(key) => format!("platform `{key}`"),
            Subject::Program(platform, key) => {
                format!("program `{key}` of platform `{platform}`")
            }
            Subject::User(username) => format!("user `{username}`"),
            Subject::Member(platform, username) => {
                format!("membership of user `{username}` on platform `{platform}`")
            }
            Subject::Department(platform, key) => {
                format!("department `{key}` of platform `{platform}`")
            }
            Subject::Group(id) => format!("group {id}"),
        };
        match self.lost.get(subject) {
            Some(at) => format!(
                "the {what} is not there, because {} failed",
                self.place(*at)
            ),
            None => {
                format!("there is no {what}, neither in the database nor in this import")
            }
        }
    }

    fn platform(&self, key: &str) -> Result<i64, String> {
        self.platforms
            .get(key)
            .copied()
            .ok_or_else(|| self.absent(&Subject::Platform(key.to_owned())))
    }

    fn user(&self, username: &str) -> Result<i64, String> {
        self.users
            .get(&fold(username))
            .copied()
            .ok_or_else(|| self.absent(&Subject::user(username)))
    }

    fn department(&self, platform: &str, key: &str) -> Result<i64, String> {
        let place = KeyOnPlatform {
            platform_id: self.platform(platform)?,
            key: key.to_owned(),
        };
        self.departments
            .get(&place)
            .copied()
            .ok_or_else(|| self.absent(&Subject::Department(platform.to_owned(), place.key)))
    }

    fn program(&self, platform: &str, key: &str) -> Result<(i64, i64), String> {
        let place = KeyOnPlatform {
            platform_id: self.platform(platform)?,
            key: key.to_owned(),
        };
        match self.programs.get(&place) {
            Some(id) => Ok((place.platform_id, *id)),
            None => Err(self.absent(&Subject::Program(platform.to_owned(), place.key))),
        }
    }

    /// Writes what changed, and tells the progress of `lines` lines.
    async fn save<R: Stored>(&mut self, new: &[R], changed: &[R], lines: usize) -> Result<()> {
        let mut open = lines as u64;
        let mut written = |rows: usize| {
            let rows = open.min(rows as u64);
            open -= rows;
            (self.progress)(rows);
        };
        // Updates first: they may free what a new row takes.
        db::update(self.tx, changed, &mut written).await?;
        db::insert(self.tx, new, &mut written).await?;
        (self.progress)(open);
        Ok(())
    }

    async fn platforms(&mut self, batch: &Lines) -> Result<()> {
        let lines = &batch.platforms;
        let named = lines.iter().map(|line| &line.record.key);
        let keys = named
            .chain(batch.programs.iter().map(|line| &line.record.platform))
            .chain(batch.members.iter().map(|line| &line.record.platform))
            .chain(batch.departments.iter().map(|line| &line.record.platform))
            .chain(
                batch
                    .department_members
                    .iter()
                    .map(|line| &line.record.platform),
            )
            .chain(batch.groups.iter().map(|line| &line.record.platform))
            .chain(
                batch
                    .program_suggestions
                    .iter()
                    .map(|line| &line.record.platform),
            )
            .chain(
                batch
                    .program_group_suggestions
                    .iter()
                    .map(|line| &line.record.platform),
            )
            .chain(
                batch
                    .suggestion_answers
                    .iter()
                    .map(|line| &line.record.platform),
            );
        let keys: Vec<PlatformKey> = distinct(keys)
            .into_iter()
            .map(|key| PlatformKey { key: key.clone() })
            .collect();
        let stored: Vec<db::Platform> = db::load(self.tx, &keys).await?;
        self.know_platforms(&stored);
        let mut rows = Rows::of(stored);
        for Line { record, .. } in lines {
            let Platform { key, org, name } = record.clone();
            let outcome = rows.put(db::Platform {
                id: self.platforms.get(&key).copied(),
                key,
                org,
                name,
            });
            self.count(Kind::Platform, outcome);
        }
        let (new, changed) = rows.changes();
        self.save(&new, &changed, lines.len()).await?;
        let keys: Vec<PlatformKey> = new.iter().map(Stored::key).collect();
        let new: Vec<db::Platform> = db::load(self.tx, &keys).await?;
        self.know_platforms(&new);
        Ok(())
    }

    fn know_platforms(&mut self, rows: &[db::Platform]) {
        let known = rows
            .iter()
            .filter_map(|row| Some((row.key.clone(), row.id?)));
        self.platforms.extend(known);
    }

    async fn users(&mut self, batch: &Lines) -> Result<()> {
        let lines = &batch.users;
        let naming: Vec<Naming> = lines
            .iter()
            .map(|line| Naming {
                user: line.record.id,
                username: fold(&line.record.username),
            })
            .collect();
        let ids: Vec<ById> = distinct(naming.iter().map(|line| line.user))
            .into_iter()
            .map(|id| ById { id })
            .collect();
        let mut stored: Vec<db::User> = db::load(self.tx, &ids).await?;
        let listed: HashSet<i64> = ids.iter().map(|key| key.id).collect();
        let names = distinct(naming.iter().map(|line| line.username.as_str()));
        stored.extend(
            self.users_named(&names)
                .await?
                .into_iter()
                .filter(|row| !listed.contains(&row.id)),
        );

        let names_before: HashMap<i64, String> = stored
            .iter()
            .map(|row| (row.id, row.username_folded.clone()))
            .collect();
        let taken = taken_usernames(&naming, &names_before);
        let mut rows = Rows::of(stored);
        for (index, Line { at, record }) in lines.iter().enumerate() {
            if let Some(other) = taken.get(&index) {
                let reason = format!(
                    "`username` {} is that of user {other}: usernames are unique, whatever their case",
                    record.username
                );
                self.fail(*at, Some(Subject::user(&record.username)), reason);
                continue;
            }
            let User {
                id,
                username,
                name,
                email,
                dm_admin,
            } = record.clone();
            let before = rows.get(&ById { id });
            let email = patched(email, before.and_then(|row| row.email.clone()));
            let dm_admin = dm_admin.unwrap_or(before.is_some_and(|row| row.dm_admin));
            let outcome = rows.put(db::User {
                id,
                username_folded: fold(&username),
                username,
                name_folded: fold(&name),
                name,
                email_folded: email.as_deref().map(fold),
                email,
                dm_admin,
            });
            self.count(Kind::User, outcome);
        }
        let (new, changed) = rows.changes();
        let renamed: Vec<i64> = changed
            .iter()
            .filter(|row| names_before.get(&row.id) != Some(&row.username_folded))
            .map(|row| row.id)
            .collect();
        db::set_usernames_aside(self.tx, &renamed).await?;
        self.save(&new, &changed, lines.len()).await?;

        let suggested_by = |patch: &Patch<String>| patch.clone().flatten();
        let referred = (batch.members.iter().map(|line| fold(&line.record.user)))
            .chain(
                batch
                    .department_members
                    .iter()
                    .map(|line| fold(&line.record.user)),
            )
            .chain(
                batch
                    .group_members
                    .iter()
                    .map(|line| fold(&line.record.user)),
            )
            .chain(
                batch
                    .program_suggestions
                    .iter()
                    .map(|line| fold(&line.record.user)),
            )
            .chain(
                batch
                    .program_suggestions
                    .iter()
                    .filter_map(|line| suggested_by(&line.record.suggested_by))
                    .map(|name| fold(&name)),
            )
            .chain(
                batch
                    .program_group_suggestions
                    .iter()
                    .filter_map(|line| suggested_by(&line.record.suggested_by))
                    .map(|name| fold(&name)),
            )
            .chain(
                batch
                    .suggestion_answers
                    .iter()
                    .map(|line| fold(&line.record.user)),
            );
        let referred = distinct(referred);
        let named: Vec<&str> = referred.iter().map(String::as_str).collect();
        let found = self.users_named(&named).await?;
        self.users = found
            .into_iter()
            .map(|row| (row.username_folded, row.id))
            .collect();
        Ok(())
    }

    async fn users_named(&self, folded: &[&str]) -> Result<Vec<db::User>> {
        let keys: Vec<ByUsername<'_>> = folded
            .iter()
            .map(|username_folded| ByUsername { username_folded })
            .collect();
        db::load(self.tx, &keys).await
    }

    async fn members(&mut self, batch: &Lines) -> Result<()> {
        let lines = &batch.members;
        let mut good = Vec::with_capacity(lines.len());
        for Line { at, record } in lines {
            match self.membership(&record.platform, &record.user) {
                Ok(key) => good.push((key, record)),
                Err(reason) => {
                    let subject = Subject::member(&record.platform, &record.user);
                    self.fail(*at, Some(subject), reason);
                }
            }
        }
        let keys = distinct(good.iter().map(|(key, _)| key.clone()));
        let mut rows: Rows<db::Membership> = Rows::of(db::load(self.tx, &keys).await?);
        for (key, Member { role, active, .. }) in good {
            let before = rows.get(&key);
            let outcome = rows.put(db::Membership {
                platform_id: key.platform_id,
                user_id: key.user_id,
                role: role.as_str().to_owned(),
                active: active.unwrap_or(before.is_none_or(|row| row.active)),
            });
            self.count(Kind::Member, outcome);
        }
        let (new, changed) = rows.changes();
        self.save(&new, &changed, lines.len()).await?;

        let suggested = distinct(
            batch
                .program_suggestions
                .iter()
                .map(|line| (&line.record.platform, &line.record.user)),
        );
        let keys: Vec<MembershipKey> = suggested
            .into_iter()
            .filter_map(|(platform, user)| self.membership(platform, user).ok())
            .collect();
        let found: Vec<db::Membership> = db::load(self.tx, &keys).await?;
        self.members = found.iter().map(Stored::key).collect();
        Ok(())
    }

    fn membership(&self, platform: &str, username: &str) -> Result<MembershipKey, String> {
        Ok(MembershipKey {
            platform_id: self.platform(platform)?,
            user_id: self.user(username)?,
        })
    }

    /// All departments of the platforms whose departments the call speaks of.
    async fn departments_on(&self, platforms: &[ByPlatform]) -> Result<Vec<db::Department>> {
        db::load(self.tx, platforms).await
    }

    async fn departments(&mut self, batch: &Lines) -> Result<()> {
        let lines = &batch.departments;
        let platforms = (lines.iter().map(|line| &line.record.platform))
            .chain(
                batch
                    .department_members
                    .iter()
                    .map(|line| &line.record.platform),
            )
            .chain(batch.groups.iter().map(|line| &line.record.platform));
        let platforms: Vec<ByPlatform> = distinct(platforms)
            .into_iter()
            .filter_map(|key| self.platforms.get(key))
            .map(|platform_id| ByPlatform {
                platform_id: *platform_id,
            })
            .collect();
        let stored = self.departments_on(&platforms).await?;
        let mut ids = Ids::of(&stored);
        let said: Vec<ById> = lines
            .iter()
            .filter_map(|line| line.record.id)
            .map(|id| ById { id })
            .collect();
        let elsewhere: Vec<db::Department> = db::load(self.tx, &said).await?;
        for row in &elsewhere {
            if let Some(id) = row.id {
                ids.owner.insert(id, row.key());
            }
        }

        let mut good: Vec<&Line<Department>> = Vec::with_capacity(lines.len());
        let mut placings = Vec::with_capacity(lines.len());
        for line in lines {
            let record = &line.record;
            let claimed = self.platform(&record.platform).and_then(|platform_id| {
                let department = KeyOnPlatform {
                    platform_id,
                    key: record.key.clone(),
                };
                ids.claim("department", &department, record.id)?;
                Ok(department)
            });
            match claimed {
                Ok(department) => {
                    good.push(line);
                    placings.push(Placing {
                        department,
                        parent: record.parent.clone(),
                    });
                }
                Err(reason) => {
                    let subject = Subject::Department(record.platform.clone(), record.key.clone());
                    self.fail(line.at, Some(subject), reason);
                }
            }
        }
        let keys: HashMap<i64, &str> = stored
            .iter()
            .filter_map(|row| Some((row.id?, row.key.as_str())))
            .collect();
        let parents = stored
            .iter()
            .map(|row| {
                let parent = row.parent_id.and_then(|id| keys.get(&id));
                (row.key(), parent.map(|key| (*key).to_owned()))
            })
            .collect();
        let mut misplaced = HashSet::new();
        for (index, what) in misplaced_departments(&placings, &parents) {
            let Department {
                platform,
                key,
                parent,
                ..
            } = &good[index].record;
            let reason = match what {
                Misplaced::UnknownParent => {
                    let parent = parent.clone().flatten().unwrap_or_default();
                    let subject = Subject::Department(platform.clone(), parent);
                    format!("`parent`: {}", self.absent(&subject))
                }
                Misplaced::Cycle(way) => format!(
                    "`parent` makes a circle: {}; a department cannot be above itself",
                    way.join(" > ")
                ),
            };
            let subject = Subject::Department(platform.clone(), key.clone());
            self.fail(good[index].at, Some(subject), reason);
            misplaced.insert(index);
        }

        // New departments go in without a parent: that may be a new one, too.
        let mut rows = Rows::of(stored);
        let mut blank: Rows<db::Department> = Rows::of(Vec::new());
        for (index, placing) in placings.iter().enumerate() {
            let department = &placing.department;
            if misplaced.contains(&index) || rows.get(department).is_some() {
                continue;
            }
            blank.put(db::Department {
                id: ids.of.get(department).copied(),
                platform_id: department.platform_id,
                key: department.key.clone(),
                name: good[index].record.name.clone(),
                parent_id: None,
                key_folded: fold(&department.key),
                name_folded: fold(&good[index].record.name),
            });
        }
        let (blank, _) = blank.changes();
        self.save(&blank, &[], lines.len()).await?;
        for row in self.departments_on(&platforms).await? {
            if let Some(id) = row.id {
                self.departments.insert(row.key(), id);
            }
        }

        for (index, placing) in placings.into_iter().enumerate() {
            if misplaced.contains(&index) {
                continue;
            }
            let department = placing.department;
            let parent = placing.parent.map(|parent| {
                parent.and_then(|key| {
                    let place = KeyOnPlatform { key, ..department };
                    self.departments.get(&place).copied()
                })
            });
            let before = rows.get(&department);
            let row = db::Department {
                id: self.departments.get(&department).copied(),
                platform_id: department.platform_id,
                parent_id: patched(parent, before.and_then(|row| row.parent_id)),
                key_folded: fold(&department.key),
                name_folded: fold(&good[index].record.name),
                key: department.key,
                name: good[index].record.name.clone(),
            };
            let outcome = rows.put(row);
            self.count(Kind::Department, outcome);
        }
        let (new, mut changed) = rows.changes();
        changed.extend(new);
        self.save(&[], &changed, 0).await
    }

    async fn department_members(&mut self, batch: &Lines) -> Result<()> {
        let lines = &batch.department_members;
        let mut good = Vec::with_capacity(lines.len());
        for Line { at, record } in lines {
            let DepartmentMember {
                platform,
                department,
                user,
                ..
            } = record;
            let key = self
                .department(platform, department)
                .and_then(|department_id| {
                    Ok(DepartmentMemberKey {
                        department_id,
                        user_id: self.user(user)?,
                    })
                });
            match key {
                Ok(key) => good.push((key, record)),
                Err(reason) => self.fail(*at, None, reason),
            }
        }
        let keys = distinct(good.iter().map(|(key, _)| key.clone()));
        let mut rows: Rows<db::DepartmentMember> = Rows::of(db::load(self.tx, &keys).await?);
        for (key, record) in good {
            let before = rows.get(&key);
            let admin = record.admin.unwrap_or(before.is_some_and(|row| row.admin));
            let outcome = rows.put(db::DepartmentMember {
                department_id: key.department_id,
                user_id: key.user_id,
                admin,
            });
            self.count(Kind::DepartmentMember, outcome);
        }
        let (new, changed) = rows.changes();
        self.save(&new, &changed, lines.len()).await
    }

    async fn groups(&mut self, batch: &Lines) -> Result<()> {
        let lines = &batch.groups;
        let ids = (lines.iter().map(|line| line.record.id))
            .chain(batch.group_members.iter().map(|line| line.record.group))
            .chain(
                batch
                    .program_group_suggestions
                    .iter()
                    .map(|line| line.record.group),
            );
        let ids: Vec<ById> = distinct(ids).into_iter().map(|id| ById { id }).collect();
        let mut rows: Rows<db::Group> = Rows::of(db::load(self.tx, &ids).await?);
        for Line { at, record } in lines {
            match self.group_row(record, rows.get(&ById { id: record.id })) {
                Ok(row) => {
                    let outcome = rows.put(row);
                    self.count(Kind::Group, outcome);
                }
                Err(reason) => self.fail(*at, Some(Subject::Group(record.id)), reason),
            }
        }
        self.groups = rows
            .entries
            .iter()
            .map(|entry| (entry.now.id, entry.now.platform_id))
            .collect();
        let (new, changed) = rows.changes();
        self.save(&new, &changed, lines.len()).await
    }

    fn group_row(&self, record: &Group, before: Option<&db::Group>) -> Result<db::Group, String> {
        let Group {
            id,
            platform,
            name,
            department,
        } = record;
        let platform_id = self.platform(platform)?;
        if before.is_some_and(|row| row.platform_id != platform_id) {
            return Err(format!(
                "`platform`: group {id} is of another platform than `{platform}`, and a group stays where it is"
            ));
        }
        let department = match department {
            Some(Some(key)) => Some(Some(self.department(platform, key)?)),
            Some(None) => Some(None),
            None => None,
        };
        Ok(db::Group {
            id: *id,
            platform_id,
            name: name.clone(),
            name_folded: fold(name),
            department_id: patched(department, before.and_then(|row| row.department_id)),
        })
    }

    async fn group_members(&mut self, batch: &Lines) -> Result<()> {
        let lines = &batch.group_members;
        let mut good = Vec::with_capacity(lines.len());
        for Line { at, record } in lines {
            let GroupMember { group, user, .. } = record;
            let key = if self.groups.contains_key(group) {
                self.user(user).map(|user_id| GroupMemberKey {
                    group_id: *group,
                    user_id,
                })
            } else {
                Err(self.absent(&Subject::Group(*group)))
            };
            match key {
                Ok(key) => good.push((key, record)),
                Err(reason) => self.fail(*at, None, reason),
            }
        }
        let keys = distinct(good.iter().map(|(key, _)| key.clone()));
        let mut rows: Rows<db::GroupMember> = Rows::of(db::load(self.tx, &keys).await?);
        for (key, record) in good {
            let before = rows.get(&key);
            let active = record.active.unwrap_or(before.is_none_or(|row| row.active));
            let outcome = rows.put(db::GroupMember {
                group_id: key.group_id,
                user_id: key.user_id,
                active,
            });
            self.count(Kind::GroupMember, outcome);
        }
        let (new, changed) = rows.changes();
        self.save(&new, &changed, lines.len()).await
    }

    async fn programs(&mut self, batch: &Lines) -> Result<()> {
        let lines = &batch.programs;
        let mut good = Vec::with_capacity(lines.len());
        for Line { at, record } in lines {
            match self.platform(&record.platform) {
                Ok(platform_id) => good.push((platform_id, record)),
                Err(reason) => {
                    let subject = Subject::Program(record.platform.clone(), record.key.clone());
                    self.fail(*at, Some(subject), reason);
                }
            }
        }
        let referred = (batch.program_suggestions.iter())
            .map(|line| (&line.record.platform, &line.record.program))
            .chain(
                batch
                    .program_group_suggestions
                    .iter()
                    .map(|line| (&line.record.platform, &line.record.program)),
            )
            .chain(
                batch
                    .suggestion_answers
                    .iter()
                    .map(|line| (&line.record.platform, &line.record.program)),
            )
            .filter_map(|(platform, key)| Some((*self.platforms.get(platform)?, key)));
        let keys = (good
            .iter()
            .map(|(platform_id, record)| (*platform_id, &record.key)))
        .chain(referred);
        let keys: Vec<KeyOnPlatform> = distinct(keys)
            .into_iter()
            .map(|(platform_id, key)| KeyOnPlatform {
                platform_id,
                key: key.clone(),
            })
            .collect();
        let stored: Vec<db::Program> = db::load(self.tx, &keys).await?;
        self.programs.clear();
        self.know_programs(&stored);
        let mut rows = Rows::of(stored);
        for (platform_id, record) in good {
            let Program {
                key,
                name,
                org,
                description,
                url,
                image_url,
                ..
            } = record.clone();
            let place = KeyOnPlatform { platform_id, key };
            let before = rows.get(&place);
            let row = db::Program {
                id: before.and_then(|row| row.id),
                platform_id,
                key_folded: fold(&place.key),
                key: place.key,
                name_folded: fold(&name),
                name,
                org: patched(org, before.and_then(|row| row.org.clone())),
                description: patched(description, before.and_then(|row| row.description.clone())),
                url: patched(url, before.and_then(|row| row.url.clone())),
                image_url: patched(image_url, before.and_then(|row| row.image_url.clone())),
            };
            let outcome = rows.put(row);
            self.count(Kind::Program, outcome);
        }
        let (new, changed) = rows.changes();
        self.save(&new, &changed, lines.len()).await?;
        let keys: Vec<KeyOnPlatform> = new.iter().map(Stored::key).collect();
        let new: Vec<db::Program> = db::load(self.tx, &keys).await?;
        self.know_programs(&new);
        Ok(())
    }

    fn know_programs(&mut self, rows: &[db::Program]) {
        let known = rows.iter().filter_map(|row| Some((row.key(), row.id?)));
        self.programs.extend(known);
    }

    async fn program_suggestions(&mut self, lines: Vec<Line<ProgramSuggestion>>) -> Result<()> {
        let total = lines.len();
        let mut good = Vec::with_capacity(total);
        for Line { at, record } in lines {
            let key = self.program(&record.platform, &record.program).and_then(
                |(platform_id, program_id)| {
                    let member = MembershipKey {
                        platform_id,
                        user_id: self.user(&record.user)?,
                    };
                    if !self.members.contains(&member) {
                        let subject = Subject::member(&record.platform, &record.user);
                        return Err(format!(
                            "{}; programs are suggested to members",
                            self.absent(&subject)
                        ));
                    }
                    Ok(OfUserKey {
                        platform_id,
                        program_id,
                        user_id: member.user_id,
                    })
                },
            );
            let asked = key.and_then(|key| {
                let said = Said {
                    id: record.id,
                    accepted: record.accepted,
                    visible: record.visible,
                    direct: record.direct,
                    metadata: record.metadata,
                    suggested_by: self.suggester(record.suggested_by)?,
                    notice: record.notice,
                    created: record.created,
                    modified: record.modified,
                };
                Ok(Asked { at, key, said })
            });
            match asked {
                Ok(asked) => good.push(asked),
                Err(reason) => self.fail(at, None, reason),
            }
        }
        self.suggestions::<db::UserSuggestion>(Kind::ProgramSuggestion, good, total)
            .await
    }

    async fn program_group_suggestions(
        &mut self,
        lines: Vec<Line<ProgramGroupSuggestion>>,
    ) -> Result<()> {
        let total = lines.len();
        let mut good = Vec::with_capacity(total);
        for Line { at, record } in lines {
            let key = self
                .program(&record.platform, &record.program)
                .and_then(|(platform_id, program_id)| match self.groups.get(&record.group) {
                    Some(platform) if *platform == platform_id => Ok(GroupSuggestionKey {
                        platform_id,
                        program_id,
                        group_id: record.group,
                    }),
                    Some(_) => Err(format!(
                        "`group`: group {} is of another platform than `{}`; it must be of the same",
                        record.group, record.platform
                    )),
                    None => Err(self.absent(&Subject::Group(record.group))),
                });
            let asked = key.and_then(|key| {
                let said = Said {
                    id: record.id,
                    accepted: record.accepted,
                    visible: record.visible,
                    direct: None,
                    metadata: record.metadata,
                    suggested_by: self.suggester(record.suggested_by)?,
                    notice: record.notice,
                    created: record.created,
                    modified: record.modified,
                };
                Ok(Asked { at, key, said })
            });
            match asked {
                Ok(asked) => good.push(asked),
                Err(reason) => self.fail(at, None, reason),
            }
        }
        self.suggestions::<db::GroupSuggestion>(Kind::ProgramGroupSuggestion, good, total)
            .await
    }

    fn suggester(&self, suggested_by: Patch<String>) -> Result<Patch<i64>, String> {
        match suggested_by {
            None => Ok(None),
            Some(None) => Ok(Some(None)),
            Some(Some(username)) => match self.user(&username) {
                Ok(id) => Ok(Some(Some(id))),
                Err(reason) => Err(format!("`suggested_by`: {reason}")),
            },
        }
    }

    async fn suggestions<R: Suggestion>(
        &mut self,
        kind: Kind,
        lines: Vec<Asked<R::Key>>,
        total: usize,
    ) -> Result<()> {
        let keys = distinct(lines.iter().map(|line| line.key.clone()));
        let stored: Vec<R> = db::load(self.tx, &keys).await?;
        let mut ids = Ids::of(&stored);
        let said: Vec<ById> = lines
            .iter()
            .filter_map(|line| line.said.id)
            .map(|id| ById { id })
            .collect();
        let elsewhere: Vec<R> = db::load(self.tx, &said).await?;
        for row in &elsewhere {
            if let Some(id) = row.id() {
                ids.owner.insert(id, row.key());
            }
        }
        let mut rows = Rows::of(stored);
        for Asked { at, key, said } in lines {
            let before = rows.get(&key);
            let row = said.notice(before).and_then(|notice| {
                let id = ids.claim("suggestion", &key, said.id)?;
                Ok(said.onto(key, id, before, notice, self.now))
            });
            match row {
                Ok(row) => {
                    let outcome = rows.put(row);
                    self.count(kind, outcome);
                }
                Err(reason) => self.fail(at, None, reason),
            }
        }
        let updated = rows.entries.iter().filter_map(|entry| {
            let changes = entry.before.as_ref()?.fields().changes(&entry.now.fields());
            let differs = !changes.is_empty();
            differs.then(|| entry.now.event(EventAction::Updated, changes))
        });
        let updated: Vec<_> = updated.flatten().collect();
        let (new, changed) = rows.changes();
        self.save(&new, &changed, total).await?;
        for rows in new.chunks(CHUNK) {
            // What the database gave an id has it now.
            let keys: Vec<R::Key> = rows.iter().map(R::key).collect();
            let made: Vec<R> = db::load(self.tx, &keys).await?;
            let by_key: HashMap<R::Key, &R> = made.iter().map(|row| (row.key(), row)).collect();
            let created = keys.iter().filter_map(|key| by_key.get(key));
            let created = created.filter_map(|row| row.event(EventAction::Created, Vec::new()));
            self.happened(R::KIND, created.collect()).await?;
        }
        self.happened(R::KIND, updated).await
    }

    /// Writes events, each to the batch of its platform: the lines of an import are one batch there.
    async fn happened(&mut self, kind: SuggestionKind, events: Vec<(i64, NewEvent)>) -> Result<()> {
        let mut by_platform: BTreeMap<i64, Vec<NewEvent>> = BTreeMap::new();
        for (platform_id, event) in events {
            by_platform.entry(platform_id).or_default().push(event);
        }
        for (platform_id, events) in by_platform {
            let batch = match self.batches.entry(platform_id) {
                Entry::Occupied(batch) => batch.into_mut(),
                Entry::Vacant(place) => {
                    let origin = Origin {
                        source: EventSource::Import,
                        request_id: format!("import-{}", self.now.0),
                    };
                    let act = Act {
                        platform_id,
                        operation: Some("import"),
                        actor_id: None,
                        api_key_id: None,
                        origin: &origin,
                        at: self.now,
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

    async fn end_batches(&mut self) -> Result<()> {
        for batch in self.batches.values() {
            event::end_import(self.tx, batch.id, batch.created, batch.updated).await?;
        }
        Ok(())
    }

    async fn suggestion_answers(&mut self, lines: &[Line<SuggestionAnswer>]) -> Result<()> {
        let mut good = Vec::with_capacity(lines.len());
        for Line { at, record } in lines {
            let key = self.program(&record.platform, &record.program).and_then(
                |(platform_id, program_id)| {
                    Ok(OfUserKey {
                        platform_id,
                        program_id,
                        user_id: self.user(&record.user)?,
                    })
                },
            );
            match key {
                Ok(key) => good.push((key, record)),
                Err(reason) => self.fail(*at, None, reason),
            }
        }
        let keys = distinct(good.iter().map(|(key, _)| key.clone()));
        let mut rows: Rows<db::Answer> = Rows::of(db::load(self.tx, &keys).await?);
        for (key, record) in good {
            let row = answered(key, record, &rows, self.now);
            let outcome = rows.put(row);
            self.count(Kind::SuggestionAnswer, outcome);
        }
        let (new, changed) = rows.changes();
        self.save(&new, &changed, lines.len()).await
    }
}

/// The answer after this line. Reason and comment belong to a dismissal, which always has a reason;
/// the instant moves where the line changes anything and does not say when that was.
fn answered(
    key: OfUserKey,
    line: &SuggestionAnswer,
    rows: &Rows<db::Answer>,
    now: Timestamp,
) -> db::Answer {
    let before = rows.get(&key);
    let accepted = line.answer == Answer::Accepted;
    let dismissed = |known: Option<String>| known.filter(|_| !accepted);
    let reason = line
        .reason
        .map(|reason| reason.map(|reason| reason.name().to_owned()));
    let reason = patched(reason, before.and_then(|row| row.reason.clone()))
        .unwrap_or_else(|| Reason::Other.name().to_owned());
    let comment = line.comment.clone();
    let comment = patched(comment, before.and_then(|row| row.comment.clone()));
    let mut row = db::Answer {
        key,
        accepted,
        reason: dismissed(Some(reason)),
        comment: dismissed(comment),
        answered: before.map_or(now, |row| row.answered),
    };
    if before.is_some_and(|before| *before != row) {
        row.answered = now;
    }
    row.answered = line.answered.unwrap_or(row.answered);
    row
}

/// Whether two texts of JSON have the same value, whatever the spelling of numbers and the order of
/// keys.
fn same_json(one: &str, other: &str) -> bool {
    let value = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    one == other || value(one).is_some_and(|one| Some(one) == value(other))
}

/// A line about a suggestion.
struct Asked<K> {
    at: At,
    key: K,
    said: Said,
}

/// What a line says of a suggestion.
struct Said {
    id: Option<i64>,
    accepted: Option<bool>,
    visible: Option<bool>,
    direct: Option<bool>,
    metadata: Option<Metadata>,
    suggested_by: Patch<i64>,
    notice: Notice,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
}

impl Said {
    /// What the suggestion says to the person after this line.
    fn notice<R: Suggestion>(&self, before: Option<&R>) -> Result<db::Notice, String> {
        let old = before
            .map(|row| row.facts().notice.clone())
            .unwrap_or_default();
        let said = &self.notice;
        let notice = db::Notice {
            message: patched(said.message.clone(), old.message),
            due_at: patched(said.due_at, old.due_at),
            visible_from: patched(said.visible_from, old.visible_from),
            visible_until: patched(said.visible_until, old.visible_until),
        };
        check_window(notice.visible_from, notice.visible_until)?;
        Ok(notice)
    }

    /// The suggestion after this line: what is said wins, what is left out stays. `modified` moves
    /// only if something else did, or if the line says so.
    fn onto<R: Suggestion>(
        self,
        key: R::Key,
        id: Option<i64>,
        before: Option<&R>,
        notice: db::Notice,
        now: Timestamp,
    ) -> R {
        let metadata = self.metadata.map(|metadata| metadata.0);
        let Some(before) = before else {
            let facts = Facts {
                accepted: self.accepted.unwrap_or(false),
                visible: self.visible.unwrap_or(true),
                metadata: metadata.unwrap_or_else(|| "{}".to_owned()),
                suggested_by: self.suggested_by.flatten(),
                created: self.created.or(self.modified).unwrap_or(now),
                modified: self.modified.or(self.created).unwrap_or(now),
                notice,
            };
            return R::new(id, key, facts, self.direct.unwrap_or(true));
        };
        let old = before.facts().clone();
        let facts = Facts {
            accepted: self.accepted.unwrap_or(old.accepted),
            visible: self.visible.unwrap_or(old.visible),
            metadata: metadata
                .filter(|new| !same_json(new, &old.metadata))
                .unwrap_or(old.metadata),
            suggested_by: patched(self.suggested_by, old.suggested_by),
            created: self.created.unwrap_or(old.created),
            modified: self.modified.unwrap_or(old.modified),
            notice,
        };
        let direct = self.direct.unwrap_or(before.direct());
        let mut row = R::new(id, key, facts, direct);
        if self.modified.is_none() && row != *before {
            row.facts_mut().modified = now;
        }
        row
    }
}

/// Either kind of suggestion.
trait Suggestion: Stored {
    fn new(id: Option<i64>, key: Self::Key, facts: Facts, direct: bool) -> Self;
    fn facts(&self) -> &Facts;
    fn facts_mut(&mut self) -> &mut Facts;
    /// Always true of a suggestion to a group, which does not know of it.
    fn direct(&self) -> bool;
    const KIND: SuggestionKind;
    /// The platform, the program, and the user or the group.
    fn place(&self) -> (i64, i64, i64);

    /// What it says, as events compare it.
    fn fields(&self) -> SuggestionFields {
        let (facts, notice) = (self.facts(), &self.facts().notice);
        let instant = |at: Option<Timestamp>| at.map(|at| at.0);
        SuggestionFields {
            accepted: facts.accepted,
            visible: facts.visible,
            direct: self.direct(),
            metadata: facts.metadata.clone(),
            suggested_by: facts.suggested_by,
            message: notice.message.clone(),
            due_at: instant(notice.due_at),
            visible_from: instant(notice.visible_from),
            visible_until: instant(notice.visible_until),
        }
    }

    /// What happened to it, with its platform; none of a row without an id.
    fn event(&self, action: EventAction, changes: Vec<FieldChange>) -> Option<(i64, NewEvent)> {
        let (platform_id, program_id, recipient_id) = self.place();
        let event = NewEvent {
            action,
            program_id,
            recipient_id,
            suggestion_id: Some(self.id()?),
            changes,
            deleted: None,
        };
        Some((platform_id, event))
    }
}

impl Suggestion for db::UserSuggestion {
    fn new(id: Option<i64>, key: Self::Key, facts: Facts, direct: bool) -> Self {
        Self {
            id,
            key,
            facts,
            direct,
        }
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn facts_mut(&mut self) -> &mut Facts {
        &mut self.facts
    }

    fn direct(&self) -> bool {
        self.direct
    }

    const KIND: SuggestionKind = SuggestionKind::User;

    fn place(&self) -> (i64, i64, i64) {
        (self.key.platform_id, self.key.program_id, self.key.user_id)
    }
}

impl Suggestion for db::GroupSuggestion {
    fn new(id: Option<i64>, key: Self::Key, facts: Facts, _direct: bool) -> Self {
        Self { id, key, facts }
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn facts_mut(&mut self) -> &mut Facts {
        &mut self.facts
    }

    fn direct(&self) -> bool {
        true
    }

    const KIND: SuggestionKind = SuggestionKind::Group;

    fn place(&self) -> (i64, i64, i64) {
        (self.key.platform_id, self.key.program_id, self.key.group_id)
    }
}

/// A window ends after it begins.
fn check_window(from: Option<Timestamp>, until: Option<Timestamp>) -> Result<(), String> {
    match (from, until) {
        (Some(from), Some(until)) if until <= from => Err(format!(
            "`visible_until` must lie after `visible_from`; the suggestion would be visible from {from} until {until}"
        )),
        _ => Ok(()),
    }
}
