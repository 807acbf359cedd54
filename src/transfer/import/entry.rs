//! The types whose lines are judged one by one: for each only what differs, which is what a line
//! refers to, the key of its row, and the row that it makes.

use std::collections::HashSet;

use super::known::Known;
use super::rows::patched;
use crate::answer::Reason;
use crate::db::directory_write::{
    self as db, ById, DepartmentMemberKey, GroupMemberKey, KeyOnPlatform, PlatformKey, Stored,
};
use crate::domain::fold;
use crate::transfer::fields::Subject;
use crate::transfer::record::{
    Answer, DepartmentMember, Group, GroupMember, Member, Platform, Program, SuggestionAnswer,
    Typed,
};

/// What is to be looked up before the rows of lines can be made.
#[derive(Debug, Default)]
pub(super) struct Refers<'l> {
    pub(super) platforms: HashSet<&'l str>,
    /// Folded usernames.
    pub(super) users: HashSet<String>,
    /// Users who must be members of a platform, after its key.
    pub(super) members: HashSet<(&'l str, &'l str)>,
    /// Platforms whose departments are spoken of.
    pub(super) departments: HashSet<&'l str>,
    pub(super) groups: HashSet<i64>,
    /// After the keys of their platforms.
    pub(super) programs: HashSet<(&'l str, &'l str)>,
}

/// A type of line.
pub(super) trait Entry: Typed {
    /// What it is written as.
    type Row: Stored;

    /// Notes what it refers to.
    fn refers<'l>(&'l self, to: &mut Refers<'l>);

    /// What other lines may refer to by it.
    fn subject(&self) -> Option<Subject> {
        None
    }

    /// The key of its row, or why something that it refers to is not there.
    fn key(&self, known: &Known) -> Result<KeyOf<Self>, String>;

    /// The row after this line: what is said wins, what is left out stays.
    fn row(&self, key: KeyOf<Self>, before: Option<&Self::Row>, known: &Known) -> Made<Self>;

    /// Remembers rows whose ids the database gave them.
    fn know(_: &mut Known, _: Vec<Self::Row>) {}
}

pub(super) type KeyOf<T> = <<T as Entry>::Row as Stored>::Key;

/// A row, or why there is none.
pub(super) type Made<T> = Result<<T as Entry>::Row, String>;

impl Entry for Platform {
    type Row = db::Platform;

    fn refers<'l>(&'l self, _: &mut Refers<'l>) {}

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Platform(self.key.clone()))
    }

    fn key(&self, _: &Known) -> Result<KeyOf<Self>, String> {
        let key = self.key.clone();
        Ok(PlatformKey { key })
    }

    fn row(&self, key: KeyOf<Self>, before: Option<&Self::Row>, _: &Known) -> Made<Self> {
        Ok(db::Platform {
            id: before.and_then(|row| row.id),
            key: key.key,
            org: self.org.clone(),
            name: self.name.clone(),
        })
    }

    fn know(known: &mut Known, rows: Vec<Self::Row>) {
        let rows = rows.into_iter().filter_map(|row| Some((row.key, row.id?)));
        known.platforms.extend(rows);
    }
}

impl Entry for Program {
    type Row = db::Program;

    fn refers<'l>(&'l self, to: &mut Refers<'l>) {
        to.platforms.insert(&self.platform);
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Program(self.platform.clone(), self.key.clone()))
    }

    fn key(&self, known: &Known) -> Result<KeyOf<Self>, String> {
        known.on_platform(&self.platform, &self.key)
    }

    fn row(&self, key: KeyOf<Self>, before: Option<&Self::Row>, _: &Known) -> Made<Self> {
        let KeyOnPlatform { platform_id, key } = key;
        Ok(db::Program {
            id: before.and_then(|row| row.id),
            platform_id,
            key_folded: fold(&key),
            key,
            name_folded: fold(&self.name),
            name: self.name.clone(),
            org: patched(&self.org, before.and_then(|row| row.org.as_ref())),
            description: patched(
                &self.description,
                before.and_then(|row| row.description.as_ref()),
            ),
            url: patched(&self.url, before.and_then(|row| row.url.as_ref())),
            image_url: patched(
                &self.image_url,
                before.and_then(|row| row.image_url.as_ref()),
            ),
        })
    }

    fn know(known: &mut Known, rows: Vec<Self::Row>) {
        let rows = rows.iter().filter_map(|row| Some((row.key(), row.id?)));
        known.programs.extend(rows);
    }
}

impl Entry for Member {
    type Row = db::Membership;

    fn refers<'l>(&'l self, to: &mut Refers<'l>) {
        to.platforms.insert(&self.platform);
        to.users.insert(fold(&self.user));
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::member(&self.platform, &self.user))
    }

    fn key(&self, known: &Known) -> Result<KeyOf<Self>, String> {
        known.membership(&self.platform, &self.user)
    }

    fn row(&self, key: KeyOf<Self>, before: Option<&Self::Row>, _: &Known) -> Made<Self> {
        Ok(db::Membership {
            platform_id: key.platform_id,
            user_id: key.user_id,
            role: self.role.as_str().to_owned(),
            active: self.active.unwrap_or(before.is_none_or(|row| row.active)),
        })
    }
}

impl Entry for DepartmentMember {
    type Row = db::DepartmentMember;

    fn refers<'l>(&'l self, to: &mut Refers<'l>) {
        to.platforms.insert(&self.platform);
        to.departments.insert(&self.platform);
        to.users.insert(fold(&self.user));
    }

    fn key(&self, known: &Known) -> Result<KeyOf<Self>, String> {
        Ok(DepartmentMemberKey {
            department_id: known.department(&self.platform, &self.department)?,
            user_id: known.user(&self.user)?,
        })
    }

    fn row(&self, key: KeyOf<Self>, before: Option<&Self::Row>, _: &Known) -> Made<Self> {
        Ok(db::DepartmentMember {
            department_id: key.department_id,
            user_id: key.user_id,
            admin: self.admin.unwrap_or(before.is_some_and(|row| row.admin)),
        })
    }
}

impl Entry for Group {
    type Row = db::Group;

    fn refers<'l>(&'l self, to: &mut Refers<'l>) {
        to.platforms.insert(&self.platform);
        to.departments.insert(&self.platform);
    }

    fn subject(&self) -> Option<Subject> {
        Some(Subject::Group(self.id))
    }

    fn key(&self, _: &Known) -> Result<KeyOf<Self>, String> {
        Ok(ById { id: self.id })
    }

    fn row(&self, key: KeyOf<Self>, before: Option<&Self::Row>, known: &Known) -> Made<Self> {
        let ById { id } = key;
        let platform = &self.platform;
        let platform_id = known.platform(platform)?;
        if before.is_some_and(|row| row.platform_id != platform_id) {
            return Err(format!(
                "`platform`: group {id} is of another platform than `{platform}`, and a group stays where it is"
            ));
        }
        Ok(db::Group {
            id,
            platform_id,
            name: self.name.clone(),
            name_folded: fold(&self.name),
            department_id: match &self.department {
                Some(Some(key)) => Some(known.department(platform, key)?),
                Some(None) => None,
                None => before.and_then(|row| row.department_id),
            },
        })
    }
}

impl Entry for GroupMember {
    type Row = db::GroupMember;

    fn refers<'l>(&'l self, to: &mut Refers<'l>) {
        to.groups.insert(self.group);
        to.users.insert(fold(&self.user));
    }

    fn key(&self, known: &Known) -> Result<KeyOf<Self>, String> {
        known.group(self.group)?;
        Ok(GroupMemberKey {
            group_id: self.group,
            user_id: known.user(&self.user)?,
        })
    }

    fn row(&self, key: KeyOf<Self>, before: Option<&Self::Row>, _: &Known) -> Made<Self> {
        Ok(db::GroupMember {
            group_id: key.group_id,
            user_id: key.user_id,
            active: self.active.unwrap_or(before.is_none_or(|row| row.active)),
        })
    }
}

impl Entry for SuggestionAnswer {
    type Row = db::Answer;

    fn refers<'l>(&'l self, to: &mut Refers<'l>) {
        to.platforms.insert(&self.platform);
        to.programs.insert((&self.platform, &self.program));
        to.users.insert(fold(&self.user));
    }

    fn key(&self, known: &Known) -> Result<KeyOf<Self>, String> {
        known.of_user(&self.platform, &self.program, &self.user)
    }

    /// Reason and comment belong to a dismissal, which always has a reason; the instant moves where
    /// the line changes anything and does not say when that was.
    fn row(&self, key: KeyOf<Self>, before: Option<&Self::Row>, known: &Known) -> Made<Self> {
        let accepted = self.answer == Answer::Accepted;
        let dismissed = |known: Option<String>| known.filter(|_| !accepted);
        let reason = self
            .reason
            .map(|reason| reason.map(|it| it.name().to_owned()));
        let reason = patched(&reason, before.and_then(|row| row.reason.as_ref()))
            .unwrap_or_else(|| Reason::Other.name().to_owned());
        let comment = patched(&self.comment, before.and_then(|row| row.comment.as_ref()));
        let mut row = db::Answer {
            key,
            accepted,
            reason: dismissed(Some(reason)),
            comment: dismissed(comment),
            answered: before.map_or(known.now, |row| row.answered),
        };
        if before.is_some_and(|before| *before != row) {
            row.answered = known.now;
        }
        row.answered = self.answered.unwrap_or(row.answered);
        Ok(row)
    }
}
