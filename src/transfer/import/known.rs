//! What lines refer to, as far as it was looked up, and in words why something is not there.

use std::collections::{HashMap, HashSet};

use crate::clock::Timestamp;
use crate::db::directory_write::{KeyOnPlatform, MembershipKey, OfUserKey};
use crate::domain::fold;
use crate::transfer::fields::Subject;
use crate::transfer::read::At;

pub(super) struct Known {
    /// When this import happens.
    pub(super) now: Timestamp,
    pub(super) files: Vec<String>,
    /// What would be there if this line had not failed.
    pub(super) lost: HashMap<Subject, At>,
    pub(super) platforms: HashMap<String, i64>,
    pub(super) programs: HashMap<KeyOnPlatform, i64>,
    /// By folded username.
    pub(super) users: HashMap<String, i64>,
    /// Members to whom something is suggested.
    pub(super) members: HashSet<MembershipKey>,
    pub(super) departments: HashMap<KeyOnPlatform, i64>,
    /// The platform of each group.
    pub(super) groups: HashMap<i64, i64>,
}

impl Known {
    pub(super) fn new(now: Timestamp, files: Vec<String>) -> Self {
        Self {
            now,
            files,
            lost: HashMap::new(),
            platforms: HashMap::new(),
            programs: HashMap::new(),
            users: HashMap::new(),
            members: HashSet::new(),
            departments: HashMap::new(),
            groups: HashMap::new(),
        }
    }

    pub(super) fn place(&self, at: At) -> String {
        let file = self.files.get(at.file).map_or("", String::as_str);
        format!("{file}:{}", at.line)
    }

    /// Why something that a line refers to is not there.
    pub(super) fn absent(&self, subject: &Subject) -> String {
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

    pub(super) fn platform(&self, key: &str) -> Result<i64, String> {
        let found = self.platforms.get(key).copied();
        found.ok_or_else(|| self.absent(&Subject::Platform(key.to_owned())))
    }

    pub(super) fn user(&self, username: &str) -> Result<i64, String> {
        let found = self.users.get(&fold(username)).copied();
        found.ok_or_else(|| self.absent(&Subject::user(username)))
    }

    /// The key of a program or a department of a platform that is there.
    pub(super) fn on_platform(&self, platform: &str, key: &str) -> Result<KeyOnPlatform, String> {
        Ok(KeyOnPlatform {
            platform_id: self.platform(platform)?,
            key: key.to_owned(),
        })
    }

    pub(super) fn department(&self, platform: &str, key: &str) -> Result<i64, String> {
        let place = self.on_platform(platform, key)?;
        let found = self.departments.get(&place).copied();
        found.ok_or_else(|| self.absent(&Subject::Department(platform.to_owned(), place.key)))
    }

    /// The ids of the platform and of the program.
    pub(super) fn program(&self, platform: &str, key: &str) -> Result<(i64, i64), String> {
        let place = self.on_platform(platform, key)?;
        match self.programs.get(&place) {
            Some(id) => Ok((place.platform_id, *id)),
            None => Err(self.absent(&Subject::Program(platform.to_owned(), place.key))),
        }
    }

    pub(super) fn membership(
        &self,
        platform: &str,
        username: &str,
    ) -> Result<MembershipKey, String> {
        Ok(MembershipKey {
            platform_id: self.platform(platform)?,
            user_id: self.user(username)?,
        })
    }

    /// What is suggested to a user, or answered by one.
    pub(super) fn of_user(
        &self,
        platform: &str,
        program: &str,
        username: &str,
    ) -> Result<OfUserKey, String> {
        let (platform_id, program_id) = self.program(platform, program)?;
        Ok(OfUserKey {
            platform_id,
            program_id,
            user_id: self.user(username)?,
        })
    }

    /// The platform of a group.
    pub(super) fn group(&self, id: i64) -> Result<i64, String> {
        let found = self.groups.get(&id).copied();
        found.ok_or_else(|| self.absent(&Subject::Group(id)))
    }
}
