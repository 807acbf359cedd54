//! The types `SuggestionEvent` and `SuggestionBatch`: what happened to suggestions.

use std::sync::Arc;

use async_graphql::resolver_utils::EnumType;
use async_graphql::{
    Context, Enum, ID, InputObject, InputValueError, InputValueResult, Object, Result, Scalar,
    ScalarType, SimpleObject, Value,
};
use serde_json::{Value as Json, json};

use super::at_once::{AtOnce, Writer};
use super::connection::{Connection, Listed, selects_beyond, selects_total};
use super::cx;
use super::id::NodeType;
use super::loader::{BatchId, Loaders, UserId};
use super::platform::Platform;
use super::program::{Program, platform_of};
use super::scalar::DateTime;
use super::user::User;
use super::user_group::UserGroup;
use crate::answer::Reason;
use crate::clock::Timestamp;
use crate::domain::PlatformRef;
use crate::domain::event::{self as domain, EventFilter, EventQuery};
use crate::error::Error;
use crate::event::FieldChange;
use crate::kind::Kind;
use crate::page::{ConnectionArguments, Position, SortKey};

/// To whom a program is suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::kind::Kind")]
pub(super) enum SuggestionKind {
    /// To a user; the answers of a person too.
    User,
    /// To a group.
    Group,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::event::EventAction")]
pub(super) enum SuggestionEventAction {
    /// A suggestion was made.
    Created,
    /// A suggestion was changed.
    Updated,
    /// A suggestion was deleted.
    Deleted,
    /// The person accepted the program.
    Accepted,
    /// The person dismissed the program.
    Dismissed,
    /// The person took the answer back.
    Restored,
}

/// By which door a change came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::event::EventSource")]
pub(super) enum SuggestionSource {
    /// This API.
    Graphql,
    /// The REST surface.
    Rest,
    /// An import by the operator.
    Import,
}

/// Any JSON value.
#[derive(Debug, Clone)]
pub(super) struct AnyJson(Json);

/// Any JSON value.
#[Scalar(name = "JSON")]
impl ScalarType for AnyJson {
    fn parse(value: Value) -> InputValueResult<Self> {
        value
            .into_json()
            .map(Self)
            .map_err(|error| InputValueError::custom(error.to_string()))
    }

    fn to_value(&self) -> Value {
        Value::from_json(self.0.clone()).unwrap_or_default()
    }
}

/// A field that differs.
#[derive(SimpleObject)]
pub(super) struct SuggestionChange {
    /// The field, as the schema names it, e.g. `visibleUntil`.
    field: String,
    /// The value before.
    before: Option<AnyJson>,
    /// The value after.
    after: Option<AnyJson>,
}

impl SuggestionChange {
    fn new(FieldChange(field, before, after): &FieldChange) -> Self {
        let value = |stored: &Json| -> Option<AnyJson> {
            match (field.as_str(), stored) {
                (_, Json::Null) => None,
                ("metadata", Json::String(text)) => serde_json::from_str(text).ok().map(AnyJson),
                ("dueAt" | "visibleFrom" | "visibleUntil", Json::Number(at)) => {
                    let at = Timestamp(at.as_i64().unwrap_or_default());
                    Some(AnyJson(Json::String(at.to_string())))
                }
                ("suggestedBy", Json::Number(id)) => {
                    let id = NodeType::User.id(id.as_i64().unwrap_or_default());
                    Some(AnyJson(Json::String(id.0)))
                }
                ("reason", Json::String(name)) => {
                    let reason = Reason::of_name(name)?;
                    Some(AnyJson(Json::String(reason.name().to_uppercase())))
                }
                (_, value) => Some(AnyJson(value.clone())),
            }
        };
        Self {
            before: value(before),
            after: value(after),
            field: field.clone(),
        }
    }
}

/// An event.
#[derive(Clone)]
pub(super) struct SuggestionEvent(pub(super) Arc<domain::SuggestionEvent>);

impl Listed for SuggestionEvent {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl AtOnce for SuggestionEvent {
    fn at_once(&self, _: &str, _: &mut Writer<'_>) -> Option<()> {
        None
    }
}

/// Something that happened to a suggestion, or an answer of a person. It never changes.
#[Object]
impl SuggestionEvent {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::SuggestionEvent.id(self.0.id)
    }

    /// When it happened.
    async fn at(&self) -> DateTime {
        DateTime(Timestamp(self.0.at))
    }

    /// What happened.
    async fn action(&self) -> SuggestionEventAction {
        self.0.action.into()
    }

    /// Whether it is about a user or a group; `USER` for the answers of a person.
    async fn kind(&self) -> SuggestionKind {
        self.0.kind.into()
    }

    /// The platform.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        platform_of(ctx, self.0.platform_id).await
    }

    /// The program.
    async fn program(&self) -> Program {
        Program(Arc::clone(&self.0.program))
    }

    /// The person it is about; null for a group, and where the person is hidden from you.
    async fn user(&self) -> Option<User> {
        self.0.user.clone().map(User)
    }

    /// The group it is about; null for a user, and where the group is hidden from you.
    async fn group(&self) -> Option<UserGroup> {
        self.0.group.clone().map(UserGroup)
    }

    /// The global id of the suggestion, also of one that is deleted; null for an answer.
    async fn suggestion_id(&self) -> Option<ID> {
        let suggestion = suggestion_node(self.0.kind);
        self.0.suggestion_id.map(|id| suggestion.id(id))
    }

    /// The fields that differ; of a creation and a deletion none.
    async fn changes(&self) -> Vec<SuggestionChange> {
        self.0.changes.iter().map(SuggestionChange::new).collect()
    }

    /// Who did it; null where that is nobody, and where they are hidden from you.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        user_of(ctx, self.0.actor_id).await
    }

    /// The name of the platform key that it was done with, if any.
    async fn api_key_name(&self) -> Option<&str> {
        self.0.api_key_name.as_deref()
    }

    /// By which door it came.
    async fn source(&self) -> SuggestionSource {
        self.0.source.into()
    }

    /// The id of the request, as in the logs.
    async fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The request with everything else that it changed; null for the answers of a person.
    async fn batch(&self, ctx: &Context<'_>) -> Result<Option<SuggestionBatch>> {
        batch_of(ctx, self.0.batch_id).await
    }
}

/// A batch.
#[derive(Clone)]
pub(super) struct SuggestionBatch(pub(super) Arc<domain::SuggestionBatch>);

impl Listed for SuggestionBatch {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl AtOnce for SuggestionBatch {
    fn at_once(&self, _: &str, _: &mut Writer<'_>) -> Option<()> {
        None
    }
}

/// A request or an import that changed suggestions, with all that it changed.
#[Object]
impl SuggestionBatch {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::SuggestionBatch.id(self.0.id)
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(Timestamp(self.0.at))
    }

    /// What was asked for: the name of the mutation, or `import`.
    async fn operation(&self) -> &str {
        &self.0.operation
    }

    /// Who asked; null where that is nobody, and where they are hidden from you.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        user_of(ctx, self.0.actor_id).await
    }

    /// The name of the platform key that was used, if any.
    async fn api_key_name(&self) -> Option<&str> {
        self.0.api_key_name.as_deref()
    }

    /// By which door it came.
    async fn source(&self) -> SuggestionSource {
        self.0.source.into()
    }

    /// How many suggestions were made.
    async fn created_count(&self) -> Result<i32> {
        super::connection::counted(Some(self.0.created_count))
    }

    /// How many suggestions were changed.
    async fn updated_count(&self) -> Result<i32> {
        super::connection::counted(Some(self.0.updated_count))
    }

    /// How many suggestions were deleted.
    async fn deleted_count(&self) -> Result<i32> {
        super::connection::counted(Some(self.0.deleted_count))
    }

    /// The batch that this one takes back; null of a batch that is no undo, and where that one is no longer kept.
    async fn undoes(&self, ctx: &Context<'_>) -> Result<Option<SuggestionBatch>> {
        batch_of(ctx, self.0.undoes).await
    }

    /// The batch that took this one back, if any: undo that one to have the changes again.
    async fn undone_by(&self, ctx: &Context<'_>) -> Result<Option<SuggestionBatch>> {
        batch_of(ctx, self.0.undone_by).await
    }

    /// What happened, in the order of the request.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SuggestionEvent>> {
        let arguments = ConnectionArguments {
            first,
            after,
            last,
            before,
        };
        let query = event_query(ctx, EventFilter::default(), &arguments)?;
        let slice = domain::of_batch(cx(ctx)?, self.0.id, &query).await?;
        Ok(connected(slice))
    }
}

pub(super) async fn user_of(ctx: &Context<'_>, id: Option<i64>) -> Result<Option<User>> {
    let Some(id) = id else { return Ok(None) };
    let found = ctx.data::<Loaders>()?.load_one(UserId(id)).await?;
    Ok(found.map(User))
}

/// An event as webhooks tell it, with the fields that `SuggestionEvent` has and no e-mails, and its cursor.
pub fn event_json(
    event: &domain::SuggestionEvent,
    platform: &domain::Platform,
    actor: Option<&domain::User>,
) -> (Json, String) {
    let user = |user: &domain::User| {
        json!({
            "id": NodeType::User.id(user.id).0,
            "databaseId": user.id.to_string(),
            "username": user.username,
            "name": user.name,
        })
    };
    let suggestion = suggestion_node(event.kind);
    let changes = event.changes.iter().map(SuggestionChange::new);
    let changes: Vec<Json> = changes
        .map(|change| {
            let json = |value: Option<AnyJson>| value.map(|value| value.0);
            json!({ "field": change.field, "before": json(change.before), "after": json(change.after) })
        })
        .collect();
    let told = json!({
        "id": NodeType::SuggestionEvent.id(event.id).0,
        "at": Timestamp(event.at).to_string(),
        "action": name_of(SuggestionEventAction::from(event.action)),
        "kind": name_of(SuggestionKind::from(event.kind)),
        "platform": {
            "id": NodeType::Platform.id(platform.id).0,
            "key": platform.key,
            "name": platform.name,
        },
        "program": {
            "id": NodeType::Program.id(event.program.id).0,
            "key": event.program.key,
            "name": event.program.name,
        },
        "user": event.user.as_deref().map(user),
        "group": event.group.as_ref().map(|group| json!({
            "id": NodeType::UserGroup.id(group.id).0,
            "databaseId": group.id.to_string(),
            "name": group.name,
        })),
        "suggestionId": event.suggestion_id.map(|id| suggestion.id(id).0),
        "changes": changes,
        "actor": actor.map(user),
        "apiKeyName": event.api_key_name,
        "source": name_of(SuggestionSource::from(event.source)),
        "requestId": event.request_id,
        "batch": event.batch_id.map(|id| json!({
            "id": NodeType::SuggestionBatch.id(id).0,
            "operation": event.operation,
        })),
    });
    let cursor = domain::EVENTS_ORDERING.cursor(&Position {
        key: SortKey::Int(event.settled),
        id: event.id,
    });
    (told, cursor)
}

/// The name of a value of an enum.
fn name_of<T: EnumType>(value: T) -> &'static str {
    let item = T::items().iter().find(|item| item.value == value);
    item.map_or("", |item| item.name)
}

/// The type of suggestions of a kind.
pub(super) fn suggestion_node(kind: Kind) -> NodeType {
    match kind {
        Kind::User => NodeType::ProgramSuggestion,
        Kind::Group => NodeType::ProgramGroupSuggestion,
    }
}

/// A batch by its id, if it is in sight.
pub(super) async fn batch_of(
    ctx: &Context<'_>,
    id: Option<i64>,
) -> Result<Option<SuggestionBatch>> {
    let Some(id) = id else { return Ok(None) };
    let found = ctx.data::<Loaders>()?.load_one(BatchId(id)).await?;
    Ok(found.map(SuggestionBatch))
}

/// What a list of events reads, from its arguments and what is selected.
pub(super) fn event_query(
    ctx: &Context<'_>,
    filter: EventFilter,
    arguments: &ConnectionArguments,
) -> Result<EventQuery> {
    Ok(EventQuery {
        filter,
        window: arguments.window(&domain::EVENTS_ORDERING)?,
        total: selects_total(ctx),
        beyond: selects_beyond(ctx),
    })
}

pub(super) fn connected(
    slice: crate::page::Slice<domain::SuggestionEvent>,
) -> Connection<SuggestionEvent> {
    Connection::new(domain::EVENTS_ORDERING, slice, |row| {
        SuggestionEvent(Arc::new(row))
    })
}

/// A page of the batches of a platform.
pub(super) async fn batches(
    ctx: &Context<'_>,
    platform: &PlatformRef,
    arguments: &ConnectionArguments,
) -> Result<Connection<SuggestionBatch>> {
    let (total, beyond) = (selects_total(ctx), selects_beyond(ctx));
    let slice = domain::batches(cx(ctx)?, platform, arguments, total, beyond).await?;
    Ok(Connection::new(domain::BATCHES_ORDERING, slice, |row| {
        SuggestionBatch(Arc::new(row))
    }))
}

/// Which events a list has. Everything that is given must hold.
#[derive(Debug, InputObject)]
#[graphql(name = "SuggestionEventFilter")]
pub(super) struct FilterInput {
    /// Only these actions. An empty list matches nothing.
    actions: Option<Vec<SuggestionEventAction>>,
    /// Only about users, or only about groups.
    kind: Option<SuggestionKind>,
    /// Only about these programs. An empty list matches nothing.
    program_keys: Option<Vec<String>>,
    /// Only about these users: global ids or integer ids, as you like. An empty list matches nothing.
    user_ids: Option<Vec<ID>>,
    /// Only about these groups: global ids or integer ids, as you like. An empty list matches nothing.
    group_ids: Option<Vec<ID>>,
    /// Only by these users: global ids or integer ids, as you like. An empty list matches nothing.
    actor_ids: Option<Vec<ID>>,
    /// Only of these batches: global ids. An empty list matches nothing.
    batch_ids: Option<Vec<ID>>,
    /// Only after this instant; the instant itself is left out.
    after: Option<DateTime>,
    /// Only before this instant; the instant itself is left out.
    before: Option<DateTime>,
}

impl FilterInput {
    pub(super) fn read(filter: Option<Self>) -> Result<EventFilter, Error> {
        let Some(filter) = filter else {
            return Ok(EventFilter::default());
        };
        let ids = |kind: NodeType, ids: Option<Vec<ID>>, field: &str, rows: &str| {
            ids.map(|ids| {
                ids.iter()
                    .map(|id| kind.read_either(id, field, rows))
                    .collect::<Result<Vec<i64>, Error>>()
            })
            .transpose()
        };
        Ok(EventFilter {
            actions: filter
                .actions
                .map(|actions| actions.into_iter().map(Into::into).collect()),
            kind: filter.kind.map(Into::into),
            program_keys: filter.program_keys.map(|mut keys| {
                keys.retain(|key| !key.contains('\0'));
                keys
            }),
            user_ids: ids(NodeType::User, filter.user_ids, "userIds", "users")?,
            group_ids: ids(NodeType::UserGroup, filter.group_ids, "groupIds", "groups")?,
            actor_ids: ids(NodeType::User, filter.actor_ids, "actorIds", "users")?,
            batch_ids: ids(
                NodeType::SuggestionBatch,
                filter.batch_ids,
                "batchIds",
                "batches",
            )?,
            after: filter.after.map(|at| at.0),
            before: filter.before.map(|at| at.0),
        })
    }
}
