//! From the fields of one line to a typed record, and in words what is wrong with them.

use serde_json::Value;

use super::record::{
    Answer, Department, DepartmentMember, Facts, Group, GroupMember, Kind, Member, Metadata,
    Notice, Patch, Platform, Program, ProgramGroupSuggestion, ProgramSuggestion, Record, Role,
    SuggestionAnswer, User,
};
use crate::answer;
use crate::answer::{MAX_COMMENT, MAX_MESSAGE};
use crate::clock::Timestamp;
use crate::domain::{fold, suggestion};
use crate::exact::{inexact_number, refusal};

/// Keys, names and organisations, in characters.
const MAX_NAME: usize = 255;
/// The longest address that mail can be sent to.
const MAX_EMAIL: usize = 254;
const MAX_DESCRIPTION: usize = 20_000;
const MAX_URL: usize = 2_000;

/// A reason why a line fails.
type Reason = String;

/// The fields of one line, by name.
#[derive(Debug, Default)]
pub(super) struct Fields {
    entries: Vec<(String, Value)>,
    /// Every value is the text of a cell, or null for an empty one.
    cells: bool,
}

impl Fields {
    /// The fields of a JSON object.
    pub(super) fn json(entries: Vec<(String, Value)>) -> Self {
        Self {
            entries,
            cells: false,
        }
    }

    /// The cells of a row of CSV, under the names of their columns.
    pub(super) fn cells(entries: Vec<(String, Value)>) -> Self {
        Self {
            entries,
            cells: true,
        }
    }

    /// What the line says of a field: `None` if nothing.
    pub(super) fn get(&self, field: &str) -> Option<&Value> {
        self.entries
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| value)
    }

    /// What the line says of a field, where it says more than null.
    fn given(&self, field: &str) -> Option<&Value> {
        self.get(field).filter(|value| !value.is_null())
    }

    /// The type that the line names.
    pub(super) fn kind(&self) -> Result<Kind, Reason> {
        let Some(value) = self.get("type") else {
            return Err(format!("`type` is missing: it is one of {}", Kind::names()));
        };
        let named = value
            .as_str()
            .and_then(|name| Kind::parse(name).filter(|kind| kind.name() == name));
        named.ok_or_else(|| {
            format!(
                "`type` must be one of {}, not {}",
                Kind::names(),
                shown(value)
            )
        })
    }

    /// Only fields that the type has, each once, and all that it must have.
    fn check_names(&self, kind: Kind) -> Result<(), Reason> {
        for (index, (name, _)) in self.entries.iter().enumerate() {
            if name != "type" && !kind.has(name) {
                return Err(unknown_field(kind, name));
            }
            if self.entries[..index].iter().any(|(other, _)| other == name) {
                return Err(format!("`{name}` is given twice"));
            }
        }
        for field in kind.required() {
            if self.given(field).is_none() {
                return Err(format!(
                    "`{field}` is missing: a line of type {} needs {}",
                    kind.name(),
                    kind.required().join(", ")
                ));
            }
        }
        Ok(())
    }

    fn text(&self, field: &str, limit: usize) -> Result<String, Reason> {
        let value = self.get(field).unwrap_or(&Value::Null);
        let Some(text) = value.as_str() else {
            return Err(format!("`{field}` must be a string, not {}", shown(value)));
        };
        if text.trim().is_empty() {
            return Err(format!("`{field}` must not be blank"));
        }
        storable(field, text, limit)?;
        Ok(text.to_owned())
    }

    /// What somebody says to somebody. Where nothing is said there is no text.
    fn words(&self, field: &str, limit: usize) -> Result<Patch<String>, Reason> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) if text.is_empty() => Ok(Some(None)),
            Some(Value::String(text)) => {
                storable(field, text, limit)?;
                Ok(Some(Some(text.clone())))
            }
            Some(other) => Err(format!("`{field}` must be a string, not {}", shown(other))),
        }
    }

    /// What something is found by. Two that look alike must be the same.
    fn key(&self, field: &str) -> Result<String, Reason> {
        let text = self.text(field, MAX_NAME)?;
        clean(field, &text)?;
        Ok(text)
    }

    /// A name for people, without white space at its ends.
    fn name(&self) -> Result<String, Reason> {
        self.text("name", MAX_NAME)
            .map(|name| name.trim().to_owned())
    }

    /// As [`Fields::key`], of a value that can be cleared.
    fn key_patch(&self, field: &str, limit: usize) -> Result<Patch<String>, Reason> {
        let patch = self.patch(field, limit)?;
        if let Some(Some(text)) = &patch {
            clean(field, text)?;
        }
        Ok(patch)
    }

    /// A text that is no words: a cell may have white space around it.
    fn word<'v>(&self, value: &'v Value) -> Option<&'v str> {
        let text = value.as_str()?;
        Some(if self.cells { text.trim() } else { text })
    }

    fn patch(&self, field: &str, limit: usize) -> Result<Patch<String>, Reason> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) if text.trim().is_empty() => Err(format!(
                "`{field}` must not be blank: leave it out to keep what is there, or clear it with null"
            )),
            Some(_) => self.text(field, limit).map(|text| Some(Some(text))),
        }
    }

    fn id(&self, field: &str) -> Result<i64, Reason> {
        let value = self.get(field).unwrap_or(&Value::Null);
        let number = match value {
            Value::String(text) if self.cells => {
                let text = text.trim();
                let digits = text.bytes().all(|digit| digit.is_ascii_digit());
                digits.then(|| text.parse().ok()).flatten()
            }
            _ => value.as_i64(),
        };
        number.filter(|number| *number > 0).ok_or_else(|| {
            format!(
                "`{field}` must be an integer from 1 to {}, not {}",
                i64::MAX,
                shown(value)
            )
        })
    }

    fn optional_id(&self, field: &str) -> Result<Option<i64>, Reason> {
        self.given(field).map(|_| self.id(field)).transpose()
    }

    fn flag(&self, field: &str) -> Result<Option<bool>, Reason> {
        let Some(value) = self.given(field) else {
            return Ok(None);
        };
        let flag = match value {
            Value::String(text) if self.cells => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => None,
            },
            _ => value.as_bool(),
        };
        let right = if self.cells {
            "true, false, 1 or 0"
        } else {
            "true or false"
        };
        flag.map(Some)
            .ok_or_else(|| format!("`{field}` must be {right}, not {}", shown(value)))
    }

    fn instant(&self, field: &str) -> Result<Option<Timestamp>, Reason> {
        let Some(value) = self.given(field) else {
            return Ok(None);
        };
        self.word(value)
            .and_then(Timestamp::parse)
            .map(Some)
            .ok_or_else(|| {
                format!(
                    "`{field}` must be a date and time such as 2026-11-23T09:30:00Z, not {}",
                    shown(value)
                )
            })
    }

    /// An instant that can be cleared.
    fn instant_patch(&self, field: &str) -> Result<Patch<Timestamp>, Reason> {
        let cleared = self.get(field).map(|_| None);
        Ok(self.instant(field)?.map(Some).or(cleared))
    }

    fn notice(&self) -> Result<Notice, Reason> {
        Ok(Notice {
            message: self.words("message", MAX_MESSAGE)?,
            due_at: self.instant_patch("due_at")?,
            visible_from: self.instant_patch("visible_from")?,
            visible_until: self.instant_patch("visible_until")?,
        })
    }

    fn facts(&self) -> Result<Facts, Reason> {
        Ok(Facts {
            accepted: self.flag("accepted")?,
            visible: self.flag("visible")?,
            direct: self.flag("direct")?,
            metadata: self.metadata("metadata")?,
            suggested_by: self.key_patch("suggested_by", MAX_NAME)?,
            notice: self.notice()?,
            created: self.instant("created")?,
            modified: self.instant("modified")?,
        })
    }

    fn answer(&self) -> Result<SuggestionAnswer, Reason> {
        let said = self.get("answer").unwrap_or(&Value::Null);
        let answer = self.word(said).and_then(Answer::parse).ok_or_else(|| {
            format!(
                "`answer` must be accepted or dismissed, not {}",
                shown(said)
            )
        })?;
        let record = SuggestionAnswer {
            platform: self.key("platform")?,
            program: self.key("program")?,
            user: self.key("user")?,
            answer,
            reason: self.reason()?,
            comment: self.words("comment", MAX_COMMENT)?,
            answered: self.instant("answered")?,
        };
        let why = [
            ("reason", matches!(record.reason, Some(Some(_)))),
            ("comment", matches!(record.comment, Some(Some(_)))),
        ];
        match why.into_iter().find(|(_, given)| *given) {
            Some((field, _)) if answer == Answer::Accepted => Err(format!(
                "`{field}` belongs to a dismissal only: leave it out or say null where `answer` is accepted"
            )),
            _ => Ok(record),
        }
    }

    fn reason(&self) -> Result<Patch<answer::Reason>, Reason> {
        let Some(value) = self.get("reason") else {
            return Ok(None);
        };
        if value.is_null() {
            return Ok(Some(None));
        }
        let reason = self.word(value).and_then(answer::Reason::of_name);
        reason.map(|reason| Some(Some(reason))).ok_or_else(|| {
            format!(
                "`reason` must be one of {}, not {}",
                answer::Reason::ALL.map(answer::Reason::name).join(", "),
                shown(value)
            )
        })
    }

    fn role(&self, field: &str) -> Result<Role, Reason> {
        let value = self.get(field).unwrap_or(&Value::Null);
        self.word(value)
            .and_then(Role::parse)
            .ok_or_else(|| format!("`{field}` must be admin or learner, not {}", shown(value)))
    }

    fn metadata(&self, field: &str) -> Result<Option<Metadata>, Reason> {
        let parsed;
        let value = match self.get(field) {
            None => return Ok(None),
            Some(Value::String(text)) if self.cells => {
                if let Some(number) = inexact_number(text.as_bytes()) {
                    return Err(format!("in `{field}` {}", refusal(number)));
                }
                parsed = serde_json::from_str(text)
                    .map_err(|error| format!("`{field}` is not valid JSON: {}", syntax(&error)))?;
                &parsed
            }
            Some(value) => value,
        };
        let object = match value {
            Value::Null => return Ok(Some(Metadata("{}".to_owned()))),
            Value::Object(object) => object,
            _ => {
                return Err(format!(
                    "`{field}` must be a JSON object, not {}",
                    shown(value)
                ));
            }
        };
        suggestion::Metadata::new(object.clone())
            .map(|metadata| Some(Metadata(metadata.text())))
            .map_err(|problem| problem.message)
    }

    /// The record of this type that the fields make.
    pub(super) fn record(&self, kind: Kind) -> Result<Record, Reason> {
        self.check_names(kind)?;
        Ok(match kind {
            Kind::Platform => Record::Platform(Platform {
                key: self.key("key")?,
                org: self.key("org")?,
                name: self.name()?,
            }),
            Kind::Program => Record::Program(Program {
                platform: self.key("platform")?,
                key: self.key("key")?,
                name: self.name()?,
                org: self.key_patch("org", MAX_NAME)?,
                description: self.patch("description", MAX_DESCRIPTION)?,
                url: self.patch("url", MAX_URL)?,
                image_url: self.patch("image_url", MAX_URL)?,
            }),
            Kind::User => Record::User(User {
                id: self.id("id")?,
                username: self.key("username")?,
                name: self.name()?,
                email: self.key_patch("email", MAX_EMAIL)?,
                dm_admin: self.flag("dm_admin")?,
            }),
            Kind::Member => Record::Member(Member {
                platform: self.key("platform")?,
                user: self.key("user")?,
                role: self.role("role")?,
                active: self.flag("active")?,
            }),
            Kind::Department => Record::Department(Department {
                id: self.optional_id("id")?,
                platform: self.key("platform")?,
                key: self.key("key")?,
                name: self.name()?,
                parent: self.key_patch("parent", MAX_NAME)?,
            }),
            Kind::DepartmentMember => Record::DepartmentMember(DepartmentMember {
                platform: self.key("platform")?,
                department: self.key("department")?,
                user: self.key("user")?,
                admin: self.flag("admin")?,
            }),
            Kind::Group => Record::Group(Group {
                id: self.id("id")?,
                platform: self.key("platform")?,
                name: self.name()?,
                department: self.key_patch("department", MAX_NAME)?,
            }),
            Kind::GroupMember => Record::GroupMember(GroupMember {
                group: self.id("group")?,
                user: self.key("user")?,
                active: self.flag("active")?,
            }),
            Kind::ProgramSuggestion => Record::ProgramSuggestion(ProgramSuggestion {
                id: self.optional_id("id")?,
                platform: self.key("platform")?,
                program: self.key("program")?,
                user: self.key("user")?,
                facts: self.facts()?,
            }),
            Kind::ProgramGroupSuggestion => {
                Record::ProgramGroupSuggestion(ProgramGroupSuggestion {
                    id: self.optional_id("id")?,
                    platform: self.key("platform")?,
                    program: self.key("program")?,
                    group: self.id("group")?,
                    facts: self.facts()?,
                })
            }
            Kind::SuggestionAnswer => Record::SuggestionAnswer(self.answer()?),
        })
    }

    /// What a line that cannot be read would have been about, as far as it says so: lines that
    /// refer to that are told why it is not there.
    pub(super) fn subject(&self, kind: Kind) -> Option<Subject> {
        let text = |field| self.get(field).and_then(Value::as_str).map(str::to_owned);
        Some(match kind {
            Kind::Platform => Subject::Platform(text("key")?),
            Kind::Program => Subject::Program(text("platform")?, text("key")?),
            Kind::User => Subject::user(&text("username")?),
            Kind::Member => Subject::member(&text("platform")?, &text("user")?),
            Kind::Department => Subject::Department(text("platform")?, text("key")?),
            Kind::Group => Subject::Group(self.id("id").ok()?),
            Kind::DepartmentMember
            | Kind::GroupMember
            | Kind::ProgramSuggestion
            | Kind::ProgramGroupSuggestion
            | Kind::SuggestionAnswer => return None,
        })
    }
}

/// What other lines may refer to, by its natural key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    Platform(String),
    Program(String, String),
    /// By username, folded.
    User(String),
    /// By platform and username, folded.
    Member(String, String),
    Department(String, String),
    Group(i64),
}

impl Subject {
    pub(super) fn user(username: &str) -> Self {
        Self::User(fold(username))
    }

    pub(super) fn member(platform: &str, username: &str) -> Self {
        Self::Member(platform.to_owned(), fold(username))
    }
}

/// What every text must be.
fn storable(field: &str, text: &str, limit: usize) -> Result<(), Reason> {
    if text.contains('\0') {
        return Err(format!("`{field}` must not contain the character U+0000"));
    }
    let length = text.chars().count();
    if length > limit {
        return Err(format!(
            "`{field}` is {length} characters long; at most {limit} are allowed"
        ));
    }
    Ok(())
}

/// Whether a text looks like what it is: nothing invisible at its ends, and no control or
/// bidirectional-override character anywhere.
fn clean(field: &str, text: &str) -> Result<(), Reason> {
    let ends = [text.chars().next(), text.chars().next_back()];
    if let Some(end) = ends.into_iter().flatten().find(|end| is_invisible(*end)) {
        return Err(format!(
            "`{field}` must not begin or end with white space or an invisible character (U+{:04X})",
            u32::from(end)
        ));
    }
    if let Some(hidden) = text.chars().find(|char| is_hidden_control(*char)) {
        return Err(format!(
            "`{field}` must not contain the control character U+{:04X}",
            u32::from(hidden)
        ));
    }
    Ok(())
}

/// Embeddings, overrides and isolates change the order in which other characters are shown.
fn is_hidden_control(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(char: char) -> bool {
    char.is_whitespace()
        || matches!(
            char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2065}'
                | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        )
}

/// A field that the type does not have.
pub(super) fn unknown_field(kind: Kind, name: &str) -> Reason {
    format!(
        "unknown field `{}`: a line of type {} has {}",
        name.escape_debug(),
        kind.name(),
        [kind.required(), kind.optional()].concat().join(", ")
    )
}

/// A syntax error with its column; the line is ours to tell.
pub(super) fn syntax(error: &serde_json::Error) -> Reason {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    format!("{what} (column {})", error.column())
}

/// A value in a message: short, and on one line.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) => {
            let start: String = text.chars().take(40).collect();
            let more = if start.len() < text.len() { "…" } else { "" };
            format!("the string \"{}{more}\"", start.escape_debug())
        }
    }
}
