//! Writing what was read: type by type, in one transaction.
//!
//! What lines refer to is looked up first ([`Run::look_up`]). Most types are then written in one way
//! ([`Run::write`]), and `entry` says what differs between them; users, departments and suggestions
//! have ways of their own.

mod departments;
mod entry;
mod known;
mod rows;
mod suggestions;
mod users;

use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;

use self::entry::{Entry, Refers};
use self::known::Known;
use self::rows::{Ids, Outcome, Rows};
use self::suggestions::EventBatch;
use super::fields::Subject;
use super::read::{At, Batch, Line};
use super::record::{
    DepartmentMember, Group, GroupMember, Kind, Member, Platform, Program, ProgramGroupSuggestion,
    ProgramSuggestion, SuggestionAnswer,
};
use crate::clock;
use crate::db::directory_write::{
    self as db, ById, GroupSuggestionKey, KeyOnPlatform, MembershipKey, OfUserKey, PlatformKey,
    Stored,
};
use crate::db::{Db, Finish, Tx};
use crate::error::Result;

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
            known: Known::new(clock::now(), batch.files.clone()),
            progress,
            counts: BTreeMap::new(),
            broken: Vec::new(),
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
                .map(|(at, reason)| format!("{}: {reason}", run.known.place(*at)))
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
        Kind::ProgramSuggestion => db::Suggestion::<OfUserKey>::table(),
        Kind::ProgramGroupSuggestion => db::Suggestion::<GroupSuggestionKey>::table(),
        Kind::SuggestionAnswer => db::Answer::table(),
    }
}

/// The tables of those of these types that have lines.
fn tables_of(batch: &Batch, kinds: &[Kind]) -> Vec<&'static str> {
    let kinds = kinds.iter().filter(|kind| batch.has(**kind));
    kinds.map(|kind| table(*kind)).collect()
}

/// An import under way.
struct Run<'a> {
    tx: &'a Tx,
    known: Known,
    progress: &'a mut dyn FnMut(u64),
    counts: BTreeMap<Kind, Counts>,
    broken: Vec<(At, String)>,
    /// The batch of events of each platform.
    batches: BTreeMap<i64, EventBatch>,
}

fn distinct<T: Eq + Hash>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let items: HashSet<T> = items.into_iter().collect();
    items.into_iter().collect()
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
        // What is referred to before what refers to it.
        self.portions::<Platform>(batch).await?;
        self.portions::<Program>(batch).await?;
        self.all_users(batch).await?;
        self.portions::<Member>(batch).await?;
        self.all_departments(batch).await?;
        self.portions::<DepartmentMember>(batch).await?;
        self.portions::<Group>(batch).await?;
        self.portions::<GroupMember>(batch).await?;
        self.all_suggestions::<ProgramSuggestion>(batch).await?;
        self.all_suggestions::<ProgramGroupSuggestion>(batch)
            .await?;
        self.portions::<SuggestionAnswer>(batch).await
    }

    async fn portions<T: Entry>(&mut self, batch: &mut Batch) -> Result<()> {
        let mut portions = batch.portions::<T>()?;
        while let Some(lines) = portions.next(PORTION)? {
            self.look_up(&lines, T::refers).await?;
            self.write(lines).await?;
        }
        Ok(())
    }

    /// Looks up what lines refer to; only that is known then.
    async fn look_up<'l, T>(
        &mut self,
        lines: &'l [Line<T>],
        refers: fn(&'l T, &mut Refers<'l>),
    ) -> Result<()> {
        let mut to = Refers::default();
        for line in lines {
            refers(&line.record, &mut to);
        }
        let keys = to.platforms.into_iter().map(str::to_owned);
        let keys: Vec<PlatformKey> = keys.map(|key| PlatformKey { key }).collect();
        Platform::know(&mut self.known, db::load(self.tx, &keys).await?);

        let names = to.users.iter().map(String::as_str).collect();
        let rows = self.users_named(names).await?.into_iter();
        self.known.users = rows.map(|row| (row.username_folded, row.id)).collect();

        let platforms = self.by_platform(to.departments);
        self.departments(&platforms, Vec::new()).await?;

        let ids: Vec<ById> = to.groups.into_iter().map(|id| ById { id }).collect();
        let rows: Vec<db::Group> = db::load(self.tx, &ids).await?;
        self.known.groups = rows.iter().map(|row| (row.id, row.platform_id)).collect();

        let members = to.members.into_iter();
        let keys: Vec<MembershipKey> = members
            .filter_map(|(platform, user)| self.known.membership(platform, user).ok())
            .collect();
        let rows: Vec<db::Membership> = db::load(self.tx, &keys).await?;
        self.known.members = rows.iter().map(Stored::key).collect();

        let programs = to.programs.into_iter();
        let keys: Vec<KeyOnPlatform> = programs
            .filter_map(|(platform, key)| self.known.on_platform(platform, key).ok())
            .collect();
        self.known.programs.clear();
        Program::know(&mut self.known, db::load(self.tx, &keys).await?);
        Ok(())
    }

    /// Writes lines of one type. Each is compared with what is stored under its key, or with what an
    /// earlier line of that key made of it.
    async fn write<T: Entry>(&mut self, lines: Vec<Line<T>>) -> Result<()> {
        let total = lines.len();
        let mut good = Vec::with_capacity(total);
        for Line { at, record } in lines {
            match record.key(&self.known) {
                Ok(key) => good.push((at, key, record)),
                Err(reason) => self.fail(at, record.subject(), reason),
            }
        }
        let keys = distinct(good.iter().map(|(_, key, _)| key.clone()));
        let mut rows = Rows::of(db::load(self.tx, &keys).await?);
        for (at, key, record) in good {
            let before = rows.get(&key);
            match record.row(key, before, &self.known) {
                Ok(row) => self.count(T::KIND, rows.put(row)),
                Err(reason) => self.fail(at, record.subject(), reason),
            }
        }
        let (new, changed) = rows.changes();
        self.save(&new, &changed, total).await?;
        if T::Row::GENERATED {
            let keys: Vec<_> = new.iter().map(Stored::key).collect();
            T::know(&mut self.known, db::load(self.tx, &keys).await?);
        }
        Ok(())
    }

    /// The ids of these rows, and of those rows that have an id which a line says.
    async fn ids<R: Stored>(
        &self,
        stored: &[R],
        said: impl Iterator<Item = i64>,
    ) -> Result<Ids<R::Key>> {
        let said: Vec<ById> = said.map(|id| ById { id }).collect();
        let elsewhere: Vec<R> = db::load(self.tx, &said).await?;
        Ok(Ids::of(stored, &elsewhere))
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

    fn fail(&mut self, at: At, subject: Option<Subject>, reason: String) {
        if let Some(subject) = subject {
            self.known.lost.entry(subject).or_insert(at);
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
}
