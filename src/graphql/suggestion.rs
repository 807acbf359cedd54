//! What suggestions to users and to groups have in common.

use std::sync::Arc;

use async_graphql::{
    Context, Enum, ID, InputObject, MaybeUndefined, Object, OneofObject, Result, SimpleObject,
};

use super::at_once::{AtOnce, Writer};
use super::connection::{Listed, selects};
use super::id::{self, NodeType};
use super::platform::Platform;
use super::program::Program;
use super::scalar::{DateTime, JsonObject};
use super::user::User;
use crate::answer::{self, State, States};
use crate::clock::Timestamp;
use crate::domain::PlatformRef;
use crate::domain::suggestion::{
    Kind, Metadata, Mode, Notice, Outcome, Suggestion, UserName, Wants,
};
use crate::error::{Error, Problem, ProblemCode};

/// One of the two kinds of suggestion, as a GraphQL type.
pub(super) trait SuggestionType: Listed + From<Suggestion> {
    const KIND: Kind;
    const NODE: NodeType;
    /// The field of the user or group, and others that need it.
    const SUBJECT_FIELDS: &'static [&'static str];
}

/// What to read along with a list of suggestions, from the fields that are selected.
pub(super) fn wanted_in_list<S: SuggestionType>(ctx: &Context<'_>) -> Wants {
    wanted::<S>(|field| selects(ctx, field))
}

/// What to read along, where `selected` tells whether a field of a suggestion, or one of a field (as in
/// `program.url`), is selected.
pub(super) fn wanted<S: SuggestionType>(selected: impl Fn(&str) -> bool) -> Wants {
    Wants {
        platform: selected("platform"),
        program: selected("program"),
        program_details: ["description", "url", "imageUrl"]
            .iter()
            .any(|text| selected(&format!("program.{text}"))),
        subject: S::SUBJECT_FIELDS.iter().any(|field| selected(field)),
        suggested_by: selected("suggestedBy"),
        notice: ["message", "dueAt", "visibleFrom", "visibleUntil"]
            .iter()
            .any(|field| selected(field)),
        state: selected("state"),
        answer: selected("answer"),
        viewer_can: selected("viewerCan"),
    }
}

/// The fields that both kinds of suggestion have, as far as they are at hand: see [`AtOnce`].
pub(super) fn field_at_once<S: SuggestionType>(
    row: &Suggestion,
    field: &str,
    to: &mut Writer<'_>,
) -> Option<()> {
    let joined = &row.joined;
    match field {
        "id" => to.id(S::NODE, row.id),
        "databaseId" => to.database_id(row.id),
        "platform" => to.object(&Platform(Arc::clone(joined.platform.as_ref()?)))?,
        "program" => to.object(&Program(Arc::clone(joined.program.as_ref()?)))?,
        "accepted" => to.bool(row.fields.accepted),
        "visible" => to.bool(row.fields.visible),
        "metadata" => to.stored_object(&row.fields.metadata),
        "suggestedBy" if row.fields.suggested_by.is_none() => to.null(),
        "suggestedBy" => to.nullable(joined.suggested_by.clone()?.map(User).as_ref())?,
        "created" => to.instant(row.created),
        "modified" => to.instant(row.modified),
        "message" => to.nullable_text(row.fields.message.as_deref()),
        "dueAt" => to.nullable_instant(row.fields.due_at),
        "visibleFrom" => to.nullable_instant(row.fields.visible_from),
        "visibleUntil" => to.nullable_instant(row.fields.visible_until),
        "viewerCan" => to.object(&SuggestionPermissions::of(row)?)?,
        _ => return None,
    }
    Some(())
}

/// What you may do to a suggestion. Computed from who you are alone: what fails because of the data still
/// fails.
#[derive(SimpleObject)]
pub(super) struct SuggestionPermissions {
    /// Suggest again with other values. Where you administer departments: with `departmentMode: true`.
    update: bool,
    /// Delete it. Where you administer departments: with `departmentMode: true`.
    delete: bool,
}

impl SuggestionPermissions {
    pub(super) fn of(row: &Suggestion) -> Option<Self> {
        row.joined.manageable.map(|manageable| Self {
            update: manageable,
            delete: manageable,
        })
    }
}

impl AtOnce for SuggestionPermissions {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "update" => to.bool(self.update),
            "delete" => to.bool(self.delete),
            _ => return None,
        }
        Some(())
    }
}

/// The state of a program that is suggested to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::answer::State")]
pub(super) enum SuggestionState {
    /// The person has not answered.
    Pending,
    /// The person accepted, or an administrator recorded that.
    Accepted,
    /// The person dismissed the program.
    Dismissed,
}

/// States of an argument.
pub(super) fn states(states: Vec<SuggestionState>) -> States {
    States::new(states.into_iter().map(State::from))
}

/// Why a person dismissed a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::answer::Reason")]
pub(super) enum DismissReason {
    /// It does not fit.
    NotRelevant,
    /// The person did it already.
    AlreadyDone,
    /// There is no time for it.
    NoTime,
    /// Something else, or nothing said.
    Other,
}

/// What a person answered.
pub(super) struct SuggestionAnswer(pub(super) Arc<answer::SuggestionAnswer>);

/// What a person answered.
#[Object]
impl SuggestionAnswer {
    /// When.
    async fn answered_at(&self) -> DateTime {
        DateTime(Timestamp(self.0.answered))
    }

    /// Whether the person accepted; false if they dismissed.
    async fn accepted(&self) -> bool {
        self.0.accepted
    }

    /// Why the person dismissed the program; null if they accepted.
    async fn reason(&self) -> Option<DismissReason> {
        self.0.reason.map(DismissReason::from)
    }

    /// What the person added to the dismissal.
    async fn comment(&self) -> Option<&str> {
        self.0.comment.as_deref()
    }
}

impl AtOnce for SuggestionAnswer {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "answeredAt" => to.instant(self.0.answered),
            "accepted" => to.bool(self.0.accepted),
            "reason" => to.nullable_choice(self.0.reason.map(DismissReason::from)),
            "comment" => to.nullable_text(self.0.comment.as_deref()),
            _ => return None,
        }
        Some(())
    }
}

/// The metadata of a suggestion.
pub(super) fn metadata(stored: &str) -> Result<JsonObject> {
    Ok(JsonObject(serde_json::from_str(stored)?))
}

/// What is told to the person, and when: the same fields in every input that has them.
#[derive(Debug, Clone, InputObject)]
pub(super) struct NoticeInput {
    /// Text for the person, at most 2,000 characters. Omitted: as it is; null or empty: no message.
    message: MaybeUndefined<String>,
    /// When the person is to have answered. Omitted: as it is; null: no due date.
    due_at: MaybeUndefined<DateTime>,
    /// From when on the person sees the suggestion, if it is `visible`. Omitted: as it is; null: from now on.
    visible_from: MaybeUndefined<DateTime>,
    /// Until when the person sees the suggestion; the instant itself is left out, and must lie after
    /// `visibleFrom`. Omitted: as it is; null: without end.
    visible_until: MaybeUndefined<DateTime>,
}

impl From<NoticeInput> for Notice {
    fn from(input: NoticeInput) -> Self {
        Self {
            message: input.message.into(),
            due_at: input.due_at.map_value(|at| at.0).into(),
            visible_from: input.visible_from.map_value(|at| at.0).into(),
            visible_until: input.visible_until.map_value(|at| at.0).into(),
        }
    }
}

/// Names a user in one of four ways.
#[derive(Debug, OneofObject)]
pub(super) enum UserRef {
    /// The global id.
    Id(ID),
    /// The learning system's integer id.
    DatabaseId(ID),
    /// The username, whatever the case.
    Username(String),
    /// The e-mail address, whatever the case. It must name one member of the platform only.
    Email(String),
}

impl UserRef {
    pub(super) fn name(self) -> Result<UserName, Problem> {
        match self {
            Self::Id(id) => NodeType::User.input(&id, &["user", "id"]).map(UserName::Id),
            Self::DatabaseId(id) => id::database_id(&id, &["user", "databaseId"]).map(UserName::Id),
            Self::Username(text) => Ok(UserName::Username(text)),
            Self::Email(text) => Ok(UserName::Email(text)),
        }
    }
}

/// Names a group in one of two ways.
#[derive(Debug, OneofObject)]
pub(super) enum UserGroupRef {
    /// The global id.
    Id(ID),
    /// The learning system's integer id.
    DatabaseId(ID),
}

impl UserGroupRef {
    pub(super) fn id(self) -> Result<i64, Problem> {
        match self {
            Self::Id(id) => NodeType::UserGroup.input(&id, &["group", "id"]),
            Self::DatabaseId(id) => id::database_id(&id, &["group", "databaseId"]),
        }
    }
}

/// Names a suggestion in one of two ways.
#[derive(Debug, OneofObject)]
pub(super) enum SuggestionRef {
    /// The global id.
    Id(ID),
    /// The integer id, as the REST surface gives it.
    DatabaseId(ID),
}

impl SuggestionRef {
    pub(super) fn id<S: SuggestionType>(&self) -> Result<i64, Problem> {
        match self {
            Self::Id(id) => S::NODE.input(id, &["id"]),
            Self::DatabaseId(id) => id::database_id(id, &["databaseId"]),
        }
    }
}

/// What became of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Outcome")]
pub(super) enum SuggestionOutcome {
    /// There was no such suggestion; now there is.
    Created,
    /// The suggestion was there and has changed.
    Updated,
    /// The suggestion was there and says the same already; nothing was written.
    Unchanged,
    /// The suggestion is gone.
    Deleted,
    /// Nothing was done for this item; see its `userErrors`.
    Failed,
}

/// What happens to the good items of a request when another one fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::suggestion::ErrorPolicy")]
pub(super) enum BulkErrorPolicy {
    /// Good items are kept.
    Continue,
    /// One failed item, and nothing is written.
    Abort,
}

/// Something in the input that you or your user can mend.
#[derive(Debug, SimpleObject)]
pub(super) struct UserError {
    /// For programs.
    code: UserErrorCode,
    /// For people.
    message: String,
    /// The path into the arguments, e.g. `["input", "items", "3", "programKey"]`.
    field: Option<Vec<String>>,
}

impl UserError {
    /// A problem, with the path to what it is about.
    pub(super) fn at(path: &[&str], problem: &Problem) -> Self {
        let field = path
            .iter()
            .map(|part| (*part).to_owned())
            .chain(problem.field.iter().cloned())
            .collect();
        Self {
            code: problem.code.into(),
            message: problem.message.clone(),
            field: Some(field),
        }
    }
}

impl AtOnce for UserError {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "code" => to.choice(self.code),
            "message" => to.text(&self.message),
            "field" => to.texts(self.field.as_deref()),
            _ => return None,
        }
        Some(())
    }
}

/// What kind of problem a user error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "ProblemCode")]
pub(super) enum UserErrorCode {
    /// Something that must be given is missing or blank.
    Required,
    /// A value of the right type that cannot be, such as the id of another type of object.
    Invalid,
    /// A text, or metadata, is longer than allowed.
    TooLong,
    /// More items than a request takes.
    LimitExceeded,
    /// The platform has no such program.
    ProgramNotFound,
    /// The platform has no such active member.
    UserNotFound,
    /// The platform has no such group.
    GroupNotFound,
    /// There is no such suggestion, or none that you may manage.
    SuggestionNotFound,
    /// The platform does not belong to the organisation that was named.
    PlatformMismatch,
    /// The identifiers do not name exactly one member of the platform.
    AmbiguousUser,
    /// The user or group exists and lies outside the departments that you administer.
    OutOfScope,
    /// Another request is in the way.
    Conflict,
    /// The idempotency key was used for another input within the last 24 hours.
    IdempotencyKeyReused,
    /// Nothing is wrong with this item: another one failed, and the request was all or nothing.
    Aborted,
}

/// What became of one suggestion that was to be deleted.
#[derive(SimpleObject)]
pub(super) struct SuggestionDeleteResult {
    /// The place of the suggestion in the request, from 0.
    pub(super) index: i32,
    /// `DELETED` or `FAILED`.
    pub(super) outcome: SuggestionOutcome,
    /// The global id of the suggestion that was deleted.
    pub(super) deleted_id: Option<ID>,
    /// Why it failed; otherwise empty.
    pub(super) user_errors: Vec<UserError>,
}

impl AtOnce for SuggestionDeleteResult {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "index" => to.int(self.index),
            "outcome" => to.choice(self.outcome),
            "deletedId" => to.nullable_text(self.deleted_id.as_ref().map(|id| id.as_str())),
            "userErrors" => to.list(&self.user_errors)?,
            _ => return None,
        }
        Some(())
    }
}

/// Ascending or descending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum OrderDirection {
    /// From the least to the greatest. Text compares by lower-cased characters, `false` before `true`.
    Asc,
    /// From the greatest to the least.
    Desc,
}

/// The platform of a change.
#[derive(Debug, InputObject)]
pub(super) struct TargetInput {
    /// The platform's key.
    platform_key: String,
    /// The platform's organisation; if given, it must be that platform's.
    platform_org: Option<String>,
    /// A department admin sets it to work within the administered departments.
    #[graphql(default)]
    department_mode: bool,
}

impl From<TargetInput> for PlatformRef {
    fn from(target: TargetInput) -> Self {
        platform_ref(
            target.platform_key,
            target.platform_org,
            target.department_mode,
        )
    }
}

/// Whether a change is made, and once only.
#[derive(Debug, InputObject)]
pub(super) struct RunInput {
    /// Answer exactly as the real run would, and write nothing.
    #[graphql(default)]
    pub(super) dry_run: bool,
    /// A text of your own, at most 255 characters: the same key and input within 24 hours gives the
    /// first answer again, without doing the work again.
    idempotency_key: Option<String>,
}

impl RunInput {
    /// With what happens to the good items when another one fails.
    pub(super) fn mode(self, policy: BulkErrorPolicy) -> Mode {
        Mode {
            policy: policy.into(),
            dry_run: self.dry_run,
            idempotency_key: self.idempotency_key,
        }
    }
}

/// The arguments by which every operation names its platform.
pub(super) fn platform_ref(key: String, org: Option<String>, department_mode: bool) -> PlatformRef {
    PlatformRef {
        key,
        org,
        department_mode,
    }
}

/// Metadata of an input: omitted, null (which means `{}`), or an object to check.
pub(super) fn metadata_input(
    metadata: async_graphql::MaybeUndefined<JsonObject>,
) -> Result<Option<Metadata>, Problem> {
    match metadata {
        async_graphql::MaybeUndefined::Undefined => Ok(None),
        async_graphql::MaybeUndefined::Null => Metadata::new(serde_json::Map::new()).map(Some),
        async_graphql::MaybeUndefined::Value(object) => Metadata::new(object.0).map(Some),
    }
}

/// A stored instant.
pub(super) fn instant(at: Option<i64>) -> Option<DateTime> {
    at.map(Timestamp).map(DateTime)
}

/// That a field was resolved whose value was not read, because it was not selected.
pub(super) fn unread() -> Error {
    Error::internal("a selected field of a suggestion was not read")
}
