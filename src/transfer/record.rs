//! The lines of the import format, typed. What is read becomes one of these, and the export writes
//! them; the order of the fields here is their order in an exported line.

use serde::{Serialize, Serializer};

use crate::answer;
use crate::clock::Timestamp;

/// An optional field: `None` where the line does not speak of it, `Some(None)` for an explicit null.
pub type Patch<T> = Option<Option<T>>;

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Platform,
    Program,
    User,
    Member,
    Department,
    DepartmentMember,
    Group,
    GroupMember,
    ProgramSuggestion,
    ProgramGroupSuggestion,
    SuggestionAnswer,
}

impl Kind {
    /// All of them, what is referred to before what refers to it.
    pub const ALL: [Self; 11] = [
        Self::Platform,
        Self::Program,
        Self::User,
        Self::Member,
        Self::Department,
        Self::DepartmentMember,
        Self::Group,
        Self::GroupMember,
        Self::ProgramSuggestion,
        Self::ProgramGroupSuggestion,
        Self::SuggestionAnswer,
    ];

    /// The value of `type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Program => "program",
            Self::User => "user",
            Self::Member => "member",
            Self::Department => "department",
            Self::DepartmentMember => "department_member",
            Self::Group => "group",
            Self::GroupMember => "group_member",
            Self::ProgramSuggestion => "program_suggestion",
            Self::ProgramGroupSuggestion => "program_group_suggestion",
            Self::SuggestionAnswer => "suggestion_answer",
        }
    }

    /// Reads a name, in the singular or with an `s`.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.strip_suffix('s').unwrap_or(name);
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// All names, for people.
    pub fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }

    /// The fields a line of this type must have.
    pub fn required(self) -> &'static [&'static str] {
        match self {
            Self::Platform => &["key", "org", "name"],
            Self::Program => &["platform", "key", "name"],
            Self::User => &["id", "username", "name"],
            Self::Member => &["platform", "user", "role"],
            Self::Department => &["platform", "key", "name"],
            Self::DepartmentMember => &["platform", "department", "user"],
            Self::Group => &["id", "platform", "name"],
            Self::GroupMember => &["group", "user"],
            Self::ProgramSuggestion => &["platform", "program", "user"],
            Self::ProgramGroupSuggestion => &["platform", "program", "group"],
            Self::SuggestionAnswer => &["platform", "program", "user", "answer"],
        }
    }

    /// The fields it may have besides.
    pub fn optional(self) -> &'static [&'static str] {
        match self {
            Self::Platform => &[],
            Self::Program => &["org", "description", "url", "image_url"],
            Self::User => &["email", "dm_admin"],
            Self::Member | Self::GroupMember => &["active"],
            Self::Department => &["id", "parent"],
            Self::DepartmentMember => &["admin"],
            Self::Group => &["department"],
            Self::ProgramSuggestion => &[
                "id",
                "accepted",
                "visible",
                "direct",
                "metadata",
                "suggested_by",
                "message",
                "due_at",
                "visible_from",
                "visible_until",
                "created",
                "modified",
            ],
            Self::SuggestionAnswer => &["reason", "comment", "answered"],
            Self::ProgramGroupSuggestion => &[
                "id",
                "accepted",
                "visible",
                "metadata",
                "suggested_by",
                "message",
                "due_at",
                "visible_from",
                "visible_until",
                "created",
                "modified",
            ],
        }
    }

    /// Whether a line of this type may have this field.
    pub fn has(self, field: &str) -> bool {
        self.required().contains(&field) || self.optional().contains(&field)
    }
}

/// The role of a member on a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Learner,
    Admin,
}

impl Role {
    /// As it is written and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Learner => "learner",
            Self::Admin => "admin",
        }
    }

    /// Reads what [`Role::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Learner, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Accepted,
    Dismissed,
}

impl Answer {
    /// Reads how it is written.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "accepted" => Some(Self::Accepted),
            "dismissed" => Some(Self::Dismissed),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Record {
    Platform(Platform),
    Program(Program),
    User(User),
    Member(Member),
    Department(Department),
    DepartmentMember(DepartmentMember),
    Group(Group),
    GroupMember(GroupMember),
    ProgramSuggestion(ProgramSuggestion),
    ProgramGroupSuggestion(ProgramGroupSuggestion),
    SuggestionAnswer(SuggestionAnswer),
}

impl Record {
    /// The id that a suggestion is to have, where its line says so.
    pub(super) fn generated_id(&self) -> Option<i64> {
        match self {
            Self::ProgramSuggestion(record) => record.id,
            Self::ProgramGroupSuggestion(record) => record.id,
            _ => None,
        }
    }
}

/// A type of record.
pub(super) trait Typed: Sized {
    /// What it is about.
    const KIND: Kind;
    /// The record, if it is of this type.
    fn of(record: Record) -> Option<Self>;
}

macro_rules! typed {
    ($($name:ident)+) => {
        impl Record {
            /// What it is about.
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$name(_) => Kind::$name,)+
                }
            }
        }
        $(
            impl Typed for $name {
                const KIND: Kind = Kind::$name;

                fn of(record: Record) -> Option<Self> {
                    match record {
                        Record::$name(record) => Some(record),
                        _ => None,
                    }
                }
            }
        )+
    };
}

typed! {
    Platform Program User Member Department DepartmentMember Group GroupMember
    ProgramSuggestion ProgramGroupSuggestion SuggestionAnswer
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Platform {
    pub key: String,
    pub org: String,
    pub name: String,
}

/// A course of study.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Program {
    pub platform: String,
    pub key: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub org: Patch<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Patch<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Patch<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Patch<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct User {
    pub id: i64,
    pub username: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Patch<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dm_admin: Option<bool>,
}

/// A person on a platform.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    pub platform: String,
    pub user: String,
    pub role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// A unit of a platform.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Department {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    pub platform: String,
    pub key: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Patch<String>,
}

/// A person in a department.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DepartmentMember {
    pub platform: String,
    pub department: String,
    pub user: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin: Option<bool>,
}

/// A named set of people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    pub id: i64,
    pub platform: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Patch<String>,
}

/// A person in a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupMember {
    pub group: i64,
    pub user: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// A program suggested to a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProgramSuggestion {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    pub platform: String,
    pub program: String,
    pub user: String,
    #[serde(flatten)]
    pub facts: Facts,
}

/// A program suggested to a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProgramGroupSuggestion {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    pub platform: String,
    pub program: String,
    pub group: i64,
    #[serde(flatten)]
    pub facts: Facts,
}

/// What a line says of a suggestion of either kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Facts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible: Option<bool>,
    /// Never of a suggestion to a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggested_by: Patch<String>,
    #[serde(flatten)]
    pub notice: Notice,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "instant")]
    pub created: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "instant")]
    pub modified: Option<Timestamp>,
}

/// What a suggestion of either kind says to the person, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Notice {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Patch<String>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "instant_patch"
    )]
    pub due_at: Patch<Timestamp>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "instant_patch"
    )]
    pub visible_from: Patch<Timestamp>,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "instant_patch"
    )]
    pub visible_until: Patch<Timestamp>,
}

/// What a person answered about a program of a platform.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuggestionAnswer {
    pub platform: String,
    pub program: String,
    pub user: String,
    pub answer: Answer,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "reason")]
    pub reason: Patch<answer::Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Patch<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "instant")]
    pub answered: Option<Timestamp>,
}

/// A JSON object as compact text, as it is stored. It goes out as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata(pub String);

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&serde_json::value::RawValue>(&self.0)
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

fn instant<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => serializer.collect_str(at),
        None => serializer.serialize_none(),
    }
}

fn instant_patch<S: Serializer>(
    patch: &Patch<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    instant(&patch.flatten(), serializer)
}

fn reason<S: Serializer>(patch: &Patch<answer::Reason>, serializer: S) -> Result<S::Ok, S::Error> {
    patch
        .flatten()
        .map(answer::Reason::name)
        .serialize(serializer)
}
