//! The type `ProgramGroupSuggestion`: a program suggested to a group.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, MergedObject, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::common::{CommonFields, FilterFields};
use super::connection::Listed;
use super::cx;
use super::id::NodeType;
use super::loader::{Loaders, MembersOfSuggestion, StateCountsOf};
use super::matching::ListFilter;
use super::scalar::JsonObject;
use super::suggested_program::{self, SuggestedProgramConnection};
use super::suggestion::{
    NoticeInput, OrderDirection, SuggestionState, SuggestionType, UserGroupRef, field_at_once,
    metadata_input,
};
use super::suggestion_list::SuggestionStateCounts;
use super::user_group::UserGroup;
use crate::domain::directory;
use crate::domain::suggested_program::MEMBERS_ORDERING;
use crate::domain::suggestion::{
    Filter, Item, Kind, Order, OrderField, Subject, SubjectRef, Suggestion,
};
use crate::error::{Error, Problem};
use crate::page::ConnectionArguments;

/// A program of a platform, suggested to a group. There is at most one suggestion of a program to
/// the same group.
#[derive(Clone, MergedObject)]
pub(super) struct ProgramGroupSuggestion(CommonFields, OfGroup);

impl From<Suggestion> for ProgramGroupSuggestion {
    fn from(row: Suggestion) -> Self {
        let row = Arc::new(row);
        let common = CommonFields {
            row: Arc::clone(&row),
            kind: Kind::Group,
        };
        Self(common, OfGroup(row))
    }
}

impl ProgramGroupSuggestion {
    /// For the interface `Node`.
    pub(super) async fn id(&self, ctx: &Context<'_>) -> Result<ID> {
        self.0.id(ctx).await
    }
}

impl Listed for ProgramGroupSuggestion {
    fn row_id(&self) -> i64 {
        self.0.row.id
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
            "group" => match &self.0.row.joined.subject {
                Some(Subject::Group(group)) => to.object(&UserGroup(Arc::clone(group)))?,
                _ => return None,
            },
            "userCount" => match &self.0.row.joined.subject {
                Some(Subject::Group(group)) => to.int(UserGroup(Arc::clone(group)).members()),
                _ => return None,
            },
            _ => field_at_once::<Self>(&self.0.row, field, to)?,
        }
        Some(())
    }
}

/// The fields of suggestions to groups alone.
#[derive(Clone)]
pub(super) struct OfGroup(Arc<Suggestion>);

/// The fields of suggestions to groups alone.
#[Object]
impl OfGroup {
    /// The group it is suggested to.
    async fn group(&self, ctx: &Context<'_>) -> Result<UserGroup> {
        Ok(UserGroup(group_of(ctx, &self.0).await?))
    }

    /// The number of active members of the group now.
    async fn user_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let group = group_of(ctx, &self.0).await?;
        Ok(i32::try_from(group.user_count).unwrap_or(i32::MAX))
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
    #[graphql(flatten)]
    common: FilterFields,
    /// Only to these groups: global ids or integer ids, as you like. An empty list matches nothing.
    group_ids: Option<Vec<ID>>,
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
            subject_ids: subject_ids.transpose()?,
            ..filter.common.into()
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
