//! Users, whose names can go from one to another within an import.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

use super::rows::{Rows, patched};
use super::{PORTION, Run};
use crate::db::directory_write::{self as db, ById, ByUsername};
use crate::domain::fold;
use crate::error::Result;
use crate::transfer::fields::Subject;
use crate::transfer::names::{Naming, taken_usernames};
use crate::transfer::read::{Batch, Line};
use crate::transfer::record::{Kind, User};

impl Run<'_> {
    /// Writes the users. Who ends up with which username can only be decided over all lines that
    /// have to do with each other; most have to do with no other line and go in a portion at a time.
    pub(super) async fn all_users(&mut self, batch: &mut Batch) -> Result<()> {
        let entangled = self.entangled_users(batch).await?;
        let mut together = Vec::new();
        let mut portions = batch.portions::<User>()?;
        while let Some(lines) = portions.next(PORTION)? {
            let (others, alone): (Vec<_>, _) =
                (lines.into_iter()).partition(|line| entangled.contains(&line.record.id));
            together.extend(others);
            self.users(alone).await?;
        }
        self.users(together).await
    }

    /// The users who have several lines, who change their username, or whose username another line
    /// asks for or another user has. Keeps 16 bytes of each line.
    async fn entangled_users(&self, batch: &mut Batch) -> Result<HashSet<i64>> {
        let mut entangled = HashSet::new();
        let state = RandomState::new();
        // Two names of one hash only make two lines go together that need not.
        let mut asked: Vec<(u64, i64)> = Vec::new();
        let mut portions = batch.portions::<User>()?;
        while let Some(lines) = portions.next(PORTION)? {
            let names: Vec<String> = (lines.iter())
                .map(|line| fold(&line.record.username))
                .collect();
            let ids: Vec<ById> = (lines.iter())
                .map(|line| ById { id: line.record.id })
                .collect();
            let stored: Vec<db::User> = db::load(self.tx, &ids).await?;
            let before: HashMap<i64, String> = stored
                .into_iter()
                .map(|row| (row.id, row.username_folded))
                .collect();
            let held = self
                .users_named(names.iter().map(String::as_str).collect())
                .await?;
            let holders: HashMap<&str, i64> = held
                .iter()
                .map(|row| (row.username_folded.as_str(), row.id))
                .collect();
            for (ById { id }, name) in ids.into_iter().zip(&names) {
                let renamed = before.get(&id).is_some_and(|before| before != name);
                let holder = holders.get(name.as_str());
                if renamed || holder.is_some_and(|holder| *holder != id) {
                    entangled.insert(id);
                }
                asked.push((state.hash_one(name), id));
            }
        }
        asked.sort_unstable();
        let same_name = asked.chunk_by(|one, other| one.0 == other.0);
        let several = same_name.filter(|lines| lines.len() > 1).flatten();
        entangled.extend(several.map(|line| line.1));
        asked.sort_unstable_by_key(|line| line.1);
        let same_user = asked.chunk_by(|one, other| one.1 == other.1);
        let several = same_user.filter(|lines| lines.len() > 1).flatten();
        entangled.extend(several.map(|line| line.1));
        Ok(entangled)
    }

    async fn users(&mut self, lines: Vec<Line<User>>) -> Result<()> {
        let naming: Vec<Naming> = lines
            .iter()
            .map(|line| Naming {
                user: line.record.id,
                username: fold(&line.record.username),
            })
            .collect();
        let listed: HashSet<i64> = naming.iter().map(|line| line.user).collect();
        let ids: Vec<ById> = listed.iter().map(|id| ById { id: *id }).collect();
        let mut stored: Vec<db::User> = db::load(self.tx, &ids).await?;
        let names = naming.iter().map(|line| line.username.as_str());
        let held = self.users_named(names.collect()).await?;
        stored.extend(held.into_iter().filter(|row| !listed.contains(&row.id)));

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
            let before = rows.get(&ById { id: record.id });
            let outcome = rows.put(row(record, before));
            self.count(Kind::User, outcome);
        }
        let (new, changed) = rows.changes();
        let renamed: Vec<i64> = changed
            .iter()
            .filter(|row| names_before.get(&row.id) != Some(&row.username_folded))
            .map(|row| row.id)
            .collect();
        db::set_usernames_aside(self.tx, &renamed).await?;
        self.save(&new, &changed, lines.len()).await
    }

    /// The users who have one of these folded names.
    pub(super) async fn users_named(&self, names: HashSet<&str>) -> Result<Vec<db::User>> {
        let keys: Vec<ByUsername<'_>> = names
            .into_iter()
            .map(|username_folded| ByUsername { username_folded })
            .collect();
        db::load(self.tx, &keys).await
    }
}

/// The user after this line.
fn row(record: &User, before: Option<&db::User>) -> db::User {
    let email = patched(&record.email, before.and_then(|row| row.email.as_ref()));
    let dm_admin = before.is_some_and(|row| row.dm_admin);
    db::User {
        id: record.id,
        username: record.username.clone(),
        username_folded: fold(&record.username),
        name: record.name.clone(),
        name_folded: fold(&record.name),
        email_folded: email.as_deref().map(fold),
        email,
        dm_admin: record.dm_admin.unwrap_or(dm_admin),
    }
}
