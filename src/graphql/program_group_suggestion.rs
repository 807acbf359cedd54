//! The type `ProgramGroupSuggestion`: a program suggested to a group.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::connection::{Connection, Listed};
use super::cx;
use super::event::{self, SuggestionEvent};
use super::id::NodeType;
use super::loader::{Loaders, MembersOfSuggestion, StateCountsOf};
use super::matching::ListFilter;
use super::platform::Platform;
use super::program::{Program, platform_of};
use super::scalar::{DateTime, JsonObject};
use super::suggested_program::{self, SuggestedProgramConnection};
use super::suggestion::{
    NoticeInput, OrderDirection, SuggestionPermissions, SuggestionState, SuggestionType,
    UserGroupRef, field_at_once, instant, metadata, metadata_input, unread,
};
use super::suggestion_list::SuggestionStateCounts;
use super::user::User;
use super::user_group::UserGroup;
use crate::clock::Timestamp;
use crate::domain::directory;
use crate::domain::event::{self as domain_event, EventFilter};
use crate::domain::suggested_program::MEMBERS_ORDERING;
use crate::domain::suggestion::{
    Filter, Item, Kind, Order, OrderField, Subject, SubjectRef, Suggestion,
};
use crate::error::{Error, Problem};
use crate::page::ConnectionArguments;

#[derive(Clone)]
pub(super) struct ProgramGroupSuggestion(Arc<Suggestion>);

impl From<Suggestion> for ProgramGroupSuggestion {
    fn from(row: Suggestion) -> Self {
        Self(Arc::new(row))
    }
}

impl Listed for ProgramGroupSuggestion {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl SuggestionType for ProgramGroupSuggestion {
    const KIND: Kind = Kind::Group;
    const NODE: NodeType = NodeType::ProgramGroupSuggestion;
    const SUBJECT_FIELDS: &'static [&'static str] = &["group", "userCount"];
}

impl AtOnce for ProgramGroupSuggestion {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "group" => match &self.0.joined.subject {
                Some(Subject::Group(group)) => to.object(&UserGroup(Arc::clone(group)))?,
                _ => return None,
            },
            "userCount" => match &self.0.joined.subject {
                Some(Subject::Group(group)) => to.int(UserGroup(Arc::clone(group)).members()),
                _ => return None,
            },
            _ => field_at_once::<Self>(&self.0, field, to)?,
        }
        Some(())
    }
}

/// A program of a platform, suggested to a group. There is at most one suggestion of a program to
/// the same group.
#[Object]
impl ProgramGroupSuggestion {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::ProgramGroupSuggestion.id(self.0.id)
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

    /// The group it is suggested to.
    async fn group(&self, ctx: &Context<'_>) -> Result<UserGroup> {
        Ok(UserGroup(group_of(ctx, &self.0).await?))
    }

    /// The number of active members of the group now.
    async fn user_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let group = group_of(ctx, &self.0).await?;
        Ok(i32::try_from(group.user_count).unwrap_or(i32::MAX))
    }

    /// Whether the suggestion was accepted for the group.
    async fn accepted(&self) -> bool {
        self.0.fields.accepted
    }

    /// Whether the members of the group are to see the suggestion.
    async fn visible(&self) -> bool {
        self.0.fields.visible
    }

    /// What your application keeps with the suggestion: any JSON object of at most 16 KiB and 8
    /// levels.
    async fn metadata(&self) -> Result<JsonObject> {
        metadata(&self.0.fields.metadata)
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

    /// What the members are told; null for nothing.
    async fn message(&self) -> Option<&str> {
        self.0.fields.message.as_deref()
    }

    /// When the members are to have answered; null where there is no due date.
    async fn due_at(&self) -> Option<DateTime> {
        instant(self.0.fields.due_at)
    }

    /// From when on the members see the suggestion, if it is `visible`; null for always.
    async fn visible_from(&self) -> Option<DateTime> {
        instant(self.0.fields.visible_from)
    }

    /// Until when the members see the suggestion, that instant left out; null for ever.
    async fn visible_until(&self) -> Option<DateTime> {
        instant(self.0.fields.visible_until)
    }

    /// How many active members of the group are in each state, whether the suggestion is visible or not:
    /// together they are `userCount`.
    async fn state_counts(&self, ctx: &Context<'_>) -> Result<SuggestionStateCounts> {
        let key = StateCountsOf(self.0.id);
        let counts = ctx.data::<Loaders>()?.load_one(key).await?;
        SuggestionStateCounts::new(counts.unwrap_or_default())
    }

    /// The suggested programs of the active members of the group, one a member, in order of the usernames. A
    /// member to whom no way is open has no `ways`.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only those in one of these states. Omitted or null: all; an empty list matches nothing."
        )]
        states: Option<Vec<SuggestionState>>,
        #[graphql(
            desc = "Only members whose username, name or e-mail address contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<SuggestedProgramConnection> {
        let arguments = ConnectionArguments {
            first,
            after,
            last,
            before,
        };
        let query = suggested_program::read_query(
            ctx,
            states,
            query.as_deref(),
            &arguments,
            &MEMBERS_ORDERING,
            true,
        )?;
        let key = MembersOfSuggestion(self.0.id, query);
        let slice = ctx.data::<Loaders>()?.load_one(key).await?;
        let slice = slice.map(|slice| (*slice).clone()).unwrap_or_default();
        suggested_program::members(ctx, slice)
    }

    /// What happened to this suggestion, the oldest first; also before it was
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
        let slice = domain_event::history(cx(ctx)?, &self.0, Kind::Group, &query).await?;
        Ok(event::connected(slice))
    }

    /// What you may do to this suggestion, so that your interface shows no button that fails.
    async fn viewer_can(&self) -> Result<SuggestionPermissions> {
        Ok(SuggestionPermissions::of(&self.0).ok_or_else(unread)?)
    }
}

async fn group_of(ctx: &Context<'_>, row: &Suggestion) -> Result<Arc<directory::Group>> {
    if let Some(Subject::Group(group)) = &row.joined.subject {
        return Ok(Arc::clone(group));
    }
    let found = directory::groups(cx(ctx)?, &[row.subject_id]).await?;
    let found = found
        .into_iter()
        .next()
        .ok_or_else(|| Error::internal("the group of a suggestion in sight is out of sight"))?;
    Ok(Arc::new(found))
}

/// What a list of suggestions to groups may be ordered by. Rows that are equal in it follow in order of
/// their ids, in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ProgramGroupSuggestionOrderField")]
pub(super) enum OrderBy {
    /// The integer id.
    Id,
    /// The group's integer id.
    GroupId,
    /// The group's name.
    GroupName,
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
    /// The number of active members of the group.
    UserCount,
}

impl From<OrderBy> for OrderField {
    fn from(field: OrderBy) -> Self {
        match field {
            OrderBy::Id => Self::Id,
            OrderBy::GroupId => Self::GroupId,
            OrderBy::GroupName => Self::GroupName,
            OrderBy::ProgramKey => Self::ProgramKey,
            OrderBy::ProgramName => Self::ProgramName,
            OrderBy::Accepted => Self::Accepted,
            OrderBy::Visible => Self::Visible,
            OrderBy::Created => Self::Created,
            OrderBy::Modified => Self::Modified,
            OrderBy::UserCount => Self::UserCount,
        }
    }
}

/// The order of a list of suggestions to groups.
#[derive(Debug, Clone, Copy, InputObject)]
#[graphql(name = "ProgramGroupSuggestionOrder")]
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
            direction: OrderDirection::Asc,
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

/// Which suggestions to groups a list has. Everything that is given must hold.
#[derive(Debug, InputObject)]
#[graphql(name = "ProgramGroupSuggestionFilter")]
pub(super) struct FilterInput {
    /// Only accepted ones, or only others.
    accepted: Option<bool>,
    /// Only visible ones, or only others.
    visible: Option<bool>,
    /// Only of these programs. An empty list matches nothing.
    program_keys: Option<Vec<String>>,
    /// Only to these groups: global ids or integer ids, as you like. An empty list matches nothing.
    group_ids: Option<Vec<ID>>,
    /// Only those created after this instant; the instant itself is left out.
    created_after: Option<DateTime>,
    /// Only those created before this instant; the instant itself is left out.
    created_before: Option<DateTime>,
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
        let subject_ids = filter.group_ids.map(|ids| {
            ids.iter()
                .map(|id| NodeType::UserGroup.read_either(id, "groupIds", "groups"))
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
            states: None,
            due_after: filter.due_after.map(|at| at.0),
            due_before: filter.due_before.map(|at| at.0),
        })
    }
}

/// One program to suggest to one group.
#[derive(Debug, InputObject)]
#[graphql(name = "ProgramGroupSuggestionItem")]
pub(super) struct ItemInput {
    /// The program's key.
    pub(super) program_key: String,
    /// The group.
    pub(super) group: UserGroupRef,
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
            subject: SubjectRef::Group(item.group.id()?),
            accepted: item.accepted,
            visible: item.visible,
            direct: None,
            metadata: metadata_input(item.metadata)?,
            suggested_by: None,
            notice: item.notice.into(),
        })
    }
}
