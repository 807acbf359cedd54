//! Writing everything out: the import format, references before what refers to them, always in the
//! same order, so that two databases that hold the same give the same bytes.

use std::collections::HashMap;
use std::io::Write;

use super::record::{
    Answer, Department, DepartmentMember, Facts, Group, GroupMember, Member, Metadata, Notice,
    Platform, Program, ProgramGroupSuggestion, ProgramSuggestion, Record, Role, SuggestionAnswer,
    User,
};
use crate::answer::Reason;
use crate::db::directory_export as db;
use crate::db::directory_write::Notice as Stored;
use crate::db::{Db, Tx};
use crate::error::{Error, Result};

/// Why an export stopped.
#[derive(Debug)]
pub enum ExportError {
    /// The database, or what it holds.
    Failed(Error),
    /// Whoever reads the lines takes no more of them.
    Write(std::io::Error),
}

impl From<Error> for ExportError {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<std::io::Error> for ExportError {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

/// Writes the whole database as NDJSON, or one platform with the users it has to do with; all but
/// keys and idempotency records. What comes out is one state of the database.
///
/// # Errors
/// Those of the database and of the writer; [`Error::BadInput`] for an unknown platform.
pub async fn export(
    db: &Db,
    platform: Option<&str>,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    // The writer's errors pass through the transaction beside its own.
    let mut stopped = None;
    let done = db
        .snapshot(async |tx| {
            let mut run = Run { tx, out };
            match run.all(platform).await {
                Ok(()) => Ok(()),
                Err(ExportError::Failed(error)) => Err(error),
                Err(ExportError::Write(error)) => {
                    stopped = Some(error);
                    Ok(())
                }
            }
        })
        .await;
    match stopped {
        Some(error) => Err(ExportError::Write(error)),
        None => Ok(done?),
    }
}

struct Run<'a> {
    tx: &'a Tx,
    out: &'a mut dyn Write,
}

type Done = Result<(), ExportError>;

impl Run<'_> {
    async fn all(&mut self, only: Option<&str>) -> Done {
        let platforms = db::platforms(self.tx, only).await?;
        if let (Some(key), true) = (only, platforms.is_empty()) {
            return Err(ExportError::Failed(Error::bad_input(
                "platform",
                format!("there is no platform `{key}`"),
            )));
        }
        for platform in &platforms {
            self.line(&Record::Platform(Platform {
                key: platform.key.clone(),
                org: platform.org.clone(),
                name: platform.name.clone(),
            }))?;
        }
        for platform in &platforms {
            self.programs(platform).await?;
        }
        let only = only.and_then(|_| platforms.first().map(|platform| platform.id));
        self.users(only).await?;
        for platform in &platforms {
            self.members(platform).await?;
            self.departments(platform).await?;
            self.department_members(platform).await?;
            self.groups(platform).await?;
            self.group_members(platform).await?;
        }
        for platform in &platforms {
            self.user_suggestions(platform).await?;
            self.group_suggestions(platform).await?;
            self.suggestion_answers(platform).await?;
        }
        self.out.flush()?;
        Ok(())
    }

    fn line(&mut self, record: &Record) -> Done {
        serde_json::to_writer(&mut *self.out, record).map_err(|error| {
            if error.is_io() {
                ExportError::Write(error.into())
            } else {
                ExportError::Failed(Error::internal(format!("cannot write a line: {error}")))
            }
        })?;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    async fn programs(&mut self, platform: &db::Platform) -> Done {
        let mut after = String::new();
        loop {
            let rows = db::programs(self.tx, platform.id, &after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after.clone_from(&last.key);
            for row in rows {
                self.line(&Record::Program(Program {
                    platform: platform.key.clone(),
                    key: row.key,
                    name: row.name,
                    org: Some(row.org),
                    description: Some(row.description),
                    url: Some(row.url),
                    image_url: Some(row.image_url),
                }))?;
            }
        }
    }

    async fn users(&mut self, platform_id: Option<i64>) -> Done {
        let mut after = 0;
        loop {
            let rows = db::users(self.tx, platform_id, after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.id;
            for row in rows {
                self.line(&Record::User(User {
                    id: row.id,
                    username: row.username,
                    name: row.name,
                    email: Some(row.email),
                    dm_admin: Some(row.dm_admin),
                }))?;
            }
        }
    }

    async fn members(&mut self, platform: &db::Platform) -> Done {
        let mut after = 0;
        loop {
            let rows = db::members(self.tx, platform.id, after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.user_id;
            for row in rows {
                let role = Role::parse(&row.role)
                    .ok_or_else(|| Error::internal(format!("an unknown role: {}", row.role)))?;
                self.line(&Record::Member(Member {
                    platform: platform.key.clone(),
                    user: row.username,
                    role,
                    active: Some(row.active),
                }))?;
            }
        }
    }

    /// Parents first, and among siblings in order of id. A platform's departments fit in memory.
    async fn departments(&mut self, platform: &db::Platform) -> Done {
        let rows = db::departments(self.tx, platform.id).await?;
        let mut children: HashMap<Option<i64>, Vec<&db::Department>> = HashMap::new();
        for row in rows.iter().rev() {
            children.entry(row.parent_id).or_default().push(row);
        }
        let mut open: Vec<(&db::Department, Option<&str>)> = children
            .remove(&None)
            .unwrap_or_default()
            .into_iter()
            .map(|root| (root, None))
            .collect();
        while let Some((row, parent)) = open.pop() {
            self.line(&Record::Department(Department {
                id: Some(row.id),
                platform: platform.key.clone(),
                key: row.key.clone(),
                name: row.name.clone(),
                parent: Some(parent.map(str::to_owned)),
            }))?;
            let below = children.remove(&Some(row.id)).unwrap_or_default();
            open.extend(
                below
                    .into_iter()
                    .map(|child| (child, Some(row.key.as_str()))),
            );
        }
        Ok(())
    }

    async fn department_members(&mut self, platform: &db::Platform) -> Done {
        let mut after = (0, 0);
        loop {
            let rows = db::department_members(self.tx, platform.id, after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = (last.department_id, last.user_id);
            for row in rows {
                self.line(&Record::DepartmentMember(DepartmentMember {
                    platform: platform.key.clone(),
                    department: row.department,
                    user: row.username,
                    admin: Some(row.admin),
                }))?;
            }
        }
    }

    async fn groups(&mut self, platform: &db::Platform) -> Done {
        let mut after = 0;
        loop {
            let rows = db::groups(self.tx, platform.id, after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.id;
            for row in rows {
                self.line(&Record::Group(Group {
                    id: row.id,
                    platform: platform.key.clone(),
                    name: row.name,
                    department: Some(row.department),
                }))?;
            }
        }
    }

    async fn group_members(&mut self, platform: &db::Platform) -> Done {
        let mut after = (0, 0);
        loop {
            let rows = db::group_members(self.tx, platform.id, after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = (last.group_id, last.user_id);
            for row in rows {
                self.line(&Record::GroupMember(GroupMember {
                    group: row.group_id,
                    user: row.username,
                    active: Some(row.active),
                }))?;
            }
        }
    }

    async fn user_suggestions(&mut self, platform: &db::Platform) -> Done {
        let mut after = 0;
        loop {
            let rows = db::user_suggestions(self.tx, platform.id, after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.id;
            for row in rows {
                self.line(&Record::ProgramSuggestion(ProgramSuggestion {
                    id: Some(row.id),
                    platform: platform.key.clone(),
                    program: row.program,
                    user: row.subject.username,
                    facts: Facts {
                        accepted: Some(row.accepted),
                        visible: Some(row.visible),
                        direct: Some(row.subject.direct),
                        metadata: Some(Metadata(row.metadata)),
                        suggested_by: Some(row.suggested_by),
                        notice: notice(row.notice),
                        created: Some(row.created),
                        modified: Some(row.modified),
                    },
                }))?;
            }
        }
    }

    async fn group_suggestions(&mut self, platform: &db::Platform) -> Done {
        let mut after = 0;
        loop {
            let rows = db::group_suggestions(self.tx, platform.id, after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.id;
            for row in rows {
                self.line(&Record::ProgramGroupSuggestion(ProgramGroupSuggestion {
                    id: Some(row.id),
                    platform: platform.key.clone(),
                    program: row.program,
                    group: row.subject,
                    facts: Facts {
                        accepted: Some(row.accepted),
                        visible: Some(row.visible),
                        direct: None,
                        metadata: Some(Metadata(row.metadata)),
                        suggested_by: Some(row.suggested_by),
                        notice: notice(row.notice),
                        created: Some(row.created),
                        modified: Some(row.modified),
                    },
                }))?;
            }
        }
    }

    async fn suggestion_answers(&mut self, platform: &db::Platform) -> Done {
        let mut after = db::AnswerPlace::default();
        loop {
            let rows = db::suggestion_answers(self.tx, platform.id, &after).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after.clone_from(&last.place);
            for row in rows {
                let reason = row.reason.map(|reason| {
                    Reason::of_name(&reason)
                        .ok_or_else(|| Error::internal(format!("an unknown reason: {reason}")))
                });
                self.line(&Record::SuggestionAnswer(SuggestionAnswer {
                    platform: platform.key.clone(),
                    program: row.place.program,
                    user: row.username,
                    answer: if row.accepted {
                        Answer::Accepted
                    } else {
                        Answer::Dismissed
                    },
                    reason: Some(reason.transpose()?),
                    comment: Some(row.comment),
                    answered: Some(row.answered),
                }))?;
            }
        }
    }
}

fn notice(row: Stored) -> Notice {
    Notice {
        message: Some(row.message),
        due_at: Some(row.due_at),
        visible_from: Some(row.visible_from),
        visible_until: Some(row.visible_until),
    }
}
