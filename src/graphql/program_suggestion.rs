//! The type `ProgramSuggestion`: a program suggested to a user.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::connection::{Connection, Listed};
use super::cx;
use super::event::{self, SuggestionEvent};
use super::id::NodeType;
use super::matching::ListFilter;
use super::platform::Platform;
use super::program::{Program, platform_of};
use super::scalar::{DateTime, JsonObject};
use super::suggestion::{
    NoticeInput, OrderDirection, SuggestionAnswer, SuggestionPermissions, SuggestionState,
    SuggestionType, UserRef, field_at_once, instant, metadata, metadata_input, states, unread,
};
use super::user::User;
use crate::clock::Timestamp;
use crate::domain::directory;
use crate::domain::event::{self as domain_event, EventFilter};
use crate::domain::suggestion::{
    Filter, Item, Kind, Order, OrderField, Subject, SubjectRef, Suggestion,
};
use crate::error::{Error, Problem};
use crate::page::ConnectionArguments;

#[derive(Clone)]
pub(super) struct ProgramSuggestion(Arc<Suggestion>);

impl From<Suggestion> for ProgramSuggestion {
    fn from(row: Suggestion) -> Self {
        Self(Arc::new(row))
    }
}

impl Listed for ProgramSuggestion {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl SuggestionType for ProgramSuggestion {
    const KIND: Kind = Kind::User;
    const NODE: NodeType = NodeType::ProgramSuggestion;
    const SUBJECT_FIELDS: &'static [&'static str] = &["user"];
}

impl AtOnce for ProgramSuggestion {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "user" => match &self.0.joined.subject {
                Some(Subject::User(user)) => to.object(&User(Arc::clone(user)))?,
                _ => return None,
            },
            "direct" => to.bool(self.0.fields.direct),
            "state" => to.choice(SuggestionState::from(self.0.state?)),
            "answer" => {
                to.nullable(self.0.joined.answer.clone()?.map(SuggestionAnswer).as_ref())?;
            }
            _ => field_at_once::<Self>(&self.0, field, to)?,
        }
        Some(())
    }
}

/// A program of a platform, suggested to a user. There is at most one suggestion of a program to
/// the same user.
#[Object]
impl ProgramSuggestion {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::ProgramSuggestion.id(self.0.id)
    }

    /// The integer id, as the REST surface gives it.
    async fn database_id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The platform that suggests.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        match &self.0.joined.platform {
            Some(platform) => Ok(Platform(Arc::clone(platform))),
            None => platform_of(ctx, self.0.platform_id).await,
        }
    }

    /// The program that is suggested.
    async fn program(&self, ctx: &Context<'_>) -> Result<Program> {
        if let Some(program) = &self.0.joined.program {
            return Ok(Program(Arc::clone(program)));
        }
        let found = directory::programs(cx(ctx)?, &[self.0.program_id]).await?;
        let found = found.into_iter().next().ok_or_else(|| {
            Error::internal("the program of a suggestion in sight is out of sight")
        })?;
        Ok(Program(Arc::new(found)))
    }

    /// The user it is suggested to.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        if let Some(Subject::User(user)) = &self.0.joined.subject {
            return Ok(User(Arc::clone(user)));
        }
        let found = directory::users(cx(ctx)?, &[self.0.subject_id]).await?;
        let found = found
            .into_iter()
            .next()
            .ok_or_else(|| Error::internal("the user of a suggestion in sight is out of sight"))?;
        Ok(User(Arc::new(found)))
    }

    /// Whether the suggestion was accepted.
    async fn accepted(&self) -> bool {
        self.0.fields.accepted
    }

    /// Whether the user is to see the suggestion.
    async fn visible(&self) -> bool {
        self.0.fields.visible
    }

    /// What your application keeps with the suggestion: any JSON object of at most 16 KiB and 8
    /// levels.
    async fn metadata(&self) -> Result<JsonObject> {
        metadata(&self.0.fields.metadata)
    }

    /// Whether the suggestion was made to the user directly.
    async fn direct(&self) -> bool {
        self.0.fields.direct
    }

    /// Who suggested first; null where a platform key did, and where you do not administer that
    /// person.
    async fn suggested_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        if let Some(user) = &self.0.joined.suggested_by {
            return Ok(user.clone().map(User));
        }
        let Some(id) = self.0.fields.suggested_by else {
            return Ok(None);
        };
        let found = directory::users(cx(ctx)?, &[id]).await?;
        Ok(found.into_iter().next().map(|user| User(Arc::new(user))))
    }

    /// When it was suggested first.
    async fn created(&self) -> DateTime {
        DateTime(Timestamp(self.0.created))
    }

    /// When anything about the suggestion changed last.
    async fn modified(&self) -> DateTime {
        DateTime(Timestamp(self.0.modified))
    }

    /// What became of the suggestion: the person's answer, or the stored `accepted` where there is none.
    async fn state(&self) -> Result<SuggestionState> {
        Ok(self.0.state.map(SuggestionState::from).ok_or_else(unread)?)
    }

    /// What the person answered; null while they have not, also where `state` is `ACCEPTED` because an
    /// administrator recorded it.
    async fn answer(&self) -> Result<Option<SuggestionAnswer>> {
        let answer = self.0.joined.answer.clone().ok_or_else(unread)?;
        Ok(answer.map(SuggestionAnswer))
    }

    /// What the person is told; null for nothing.
    async fn message(&self) -> Option<&str> {
        self.0.fields.message.as_deref()
    }

    /// When the person is to have answered; null where there is no due date.
    async fn due_at(&self) -> Option<DateTime> {
        instant(self.0.fields.due_at)
    }

    /// From when on the person sees the suggestion, if it is `visible`; null for always.
    async fn visible_from(&self) -> Option<DateTime> {
        instant(self.0.fields.visible_from)
    }

    /// Until when the person sees the suggestion, that instant left out; null for ever.
    async fn visible_until(&self) -> Option<DateTime> {
        instant(self.0.fields.visible_until)
    }

    /// What happened to this suggestion, the oldest first, and what the person answered about the program; also before it was
    /// deleted and made again.
    async fn history(
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
        let query = event::event_query(ctx, EventFilter::default(), &arguments)?;
        let slice = domain_event::history(cx(ctx)?, &self.0, Kind::User, &query).await?;
        Ok(event::connected(slice))
    }

    /// What you may do to this suggestion, so that your interface shows no button that fails.
    async fn viewer_can(&self) -> Result<SuggestionPermissions> {
        Ok(SuggestionPermissions::of(&self.0).ok_or_else(unread)?)
    }
}

/// What a list of suggestions to users may be ordered by. Rows that are equal in it follow in order of
/// their ids, in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ProgramSuggestionOrderField")]
pub(super) enum OrderBy {
    /// The integer id.
    Id,
    /// The user's integer id.
    UserId,
    /// The username.
    Username,
    /// The user's name.
    Name,
    /// The program's key.
    ProgramKey,
    /// The program's name.
    ProgramName,
    /// Accepted or not.
    Accepted,
    /// Visible or not.
    Visible,
    /// When it was suggested first.
    Created,
    /// When it changed last.
    Modified,
}

impl From<OrderBy> for OrderField {
    fn from(field: OrderBy) -> Self {
        match field {
            OrderBy::Id => Self::Id,
            OrderBy::UserId => Self::UserId,
            OrderBy::Username => Self::Username,
            OrderBy::Name => Self::Name,
            OrderBy::ProgramKey => Self::ProgramKey,
            OrderBy::ProgramName => Self::ProgramName,
            OrderBy::Accepted => Self::Accepted,
            OrderBy::Visible => Self::Visible,
            OrderBy::Created => Self::Created,
            OrderBy::Modified => Self::Modified,
        }
    }
}

/// The order of a list of suggestions to users.
#[derive(Debug, Clone, Copy, InputObject)]
#[graphql(name = "ProgramSuggestionOrder")]
pub(super) struct OrderInput {
    /// By what.
    field: OrderBy,
    /// In which direction.
    #[graphql(default_with = "OrderDirection::Asc")]
    direction: OrderDirection,
}

/// The order that a list has unless another is asked for.
impl Default for OrderInput {
    fn default() -> Self {
        Self {
            field: OrderBy::Id,
            direction: OrderDirection::Desc,
        }
    }
}

impl From<OrderInput> for Order {
    fn from(order: OrderInput) -> Self {
        Self {
            field: order.field.into(),
            descending: order.direction == OrderDirection::Desc,
        }
    }
}

/// Which suggestions to users a list has. Everything that is given must hold.
#[derive(Debug, InputObject)]
#[graphql(name = "ProgramSuggestionFilter")]
pub(super) struct FilterInput {
    /// Only accepted ones, or only others.
    accepted: Option<bool>,
    /// Only visible ones, or only others.
    visible: Option<bool>,
    /// Only of these programs. An empty list matches nothing.
    program_keys: Option<Vec<String>>,
    /// Only to these users: global ids or integer ids, as you like. An empty list matches nothing.
    user_ids: Option<Vec<ID>>,
    /// Only those created after this instant; the instant itself is left out.
    created_after: Option<DateTime>,
    /// Only those created before this instant; the instant itself is left out.
    created_before: Option<DateTime>,
    /// Only those in one of these states. An empty list matches nothing.
    states: Option<Vec<SuggestionState>>,
    /// Only those with a due date after this instant; the instant itself is left out.
    due_after: Option<DateTime>,
    /// Only those with a due date before this instant; the instant itself is left out.
    due_before: Option<DateTime>,
}

impl ListFilter for FilterInput {
    fn read(filter: Option<Self>, query: Option<&str>) -> Result<Filter, Error> {
        let search = directory::search_text(query)?;
        let Some(filter) = filter else {
            return Ok(Filter {
                search,
                ..Filter::default()
            });
        };
        let subject_ids = filter.user_ids.map(|ids| {
            ids.iter()
                .map(|id| NodeType::User.read_either(id, "userIds", "users"))
                .collect::<Result<_, _>>()
        });
        Ok(Filter {
            search,
            accepted: filter.accepted,
            visible: filter.visible,
            // No key contains NUL, and PostgreSQL would not even look.
            program_keys: filter.program_keys.map(|mut keys| {
                keys.retain(|key| !key.contains('\0'));
                keys
            }),
            subject_ids: subject_ids.transpose()?,
            created_after: filter.created_after.map(|at| at.0),
            created_before: filter.created_before.map(|at| at.0),
            states: filter.states.map(states),
            due_after: filter.due_after.map(|at| at.0),
            due_before: filter.due_before.map(|at| at.0),
        })
    }
}

/// One program to suggest to one user.
#[derive(Debug, InputObject)]
#[graphql(name = "ProgramSuggestionItem")]
pub(super) struct ItemInput {
    /// The program's key.
    pub(super) program_key: String,
    /// The user.
    pub(super) user: UserRef,
    /// Omitted or null: as it is, and `false` for a new suggestion.
    pub(super) accepted: Option<bool>,
    /// Omitted or null: as it is, and `true` for a new suggestion.
    pub(super) visible: Option<bool>,
    /// Replaces the metadata as a whole. Omitted: as it is, and `{}` for a new suggestion; null: `{}`.
    pub(super) metadata: MaybeUndefined<JsonObject>,
    #[graphql(flatten)]
    pub(super) notice: NoticeInput,
}

impl TryFrom<ItemInput> for Item {
    type Error = Problem;

    fn try_from(item: ItemInput) -> Result<Self, Problem> {
        Ok(Self {
            program_key: item.program_key,
            subject: SubjectRef::User(vec![item.user.name()?]),
            accepted: item.accepted,
            visible: item.visible,
            direct: None,
            metadata: metadata_input(item.metadata)?,
            suggested_by: None,
            notice: item.notice.into(),
        })
    }
}
