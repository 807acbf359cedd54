//! The type `ProgramSuggestion`: a program suggested to a user.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, MergedObject, Object, Result};

use super::at_once::{AtOnce, Writer};
use super::common::{CommonFields, FilterFields};
use super::connection::Listed;
use super::cx;
use super::id::NodeType;
use super::matching::ListFilter;
use super::scalar::JsonObject;
use super::suggestion::{
    NoticeInput, OrderDirection, SuggestionAnswer, SuggestionState, SuggestionType, UserRef,
    field_at_once, metadata_input, states, unread,
};
use super::user::User;
use crate::domain::directory;
use crate::domain::suggestion::{
    Filter, Item, Kind, Order, OrderField, Subject, SubjectRef, Suggestion,
};
use crate::error::{Error, Problem};

/// A program of a platform, suggested to a user. There is at most one suggestion of a program to
/// the same user.
#[derive(Clone, MergedObject)]
pub(super) struct ProgramSuggestion(CommonFields, OfUser);

impl From<Suggestion> for ProgramSuggestion {
    fn from(row: Suggestion) -> Self {
        let row = Arc::new(row);
        let common = CommonFields {
            row: Arc::clone(&row),
            kind: Kind::User,
        };
        Self(common, OfUser(row))
    }
}

impl ProgramSuggestion {
    /// For the interface `Node`.
    pub(super) async fn id(&self, ctx: &Context<'_>) -> Result<ID> {
        self.0.id(ctx).await
    }
}

impl Listed for ProgramSuggestion {
    fn row_id(&self) -> i64 {
        self.0.row.id
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
            "user" => match &self.0.row.joined.subject {
                Some(Subject::User(user)) => to.object(&User(Arc::clone(user)))?,
                _ => return None,
            },
            "direct" => to.bool(self.0.row.fields.direct),
            "state" => to.choice(SuggestionState::from(self.0.row.state?)),
            "answer" => {
                to.nullable(
                    self.0
                        .row
                        .joined
                        .answer
                        .clone()?
                        .map(SuggestionAnswer)
                        .as_ref(),
                )?;
            }
            _ => field_at_once::<Self>(&self.0.row, field, to)?,
        }
        Some(())
    }
}

/// The fields of suggestions to users alone.
#[derive(Clone)]
pub(super) struct OfUser(Arc<Suggestion>);

/// The fields of suggestions to users alone.
#[Object]
impl OfUser {
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

    /// Whether the suggestion was made to the user directly.
    async fn direct(&self) -> bool {
        self.0.fields.direct
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
    #[graphql(flatten)]
    common: FilterFields,
    /// Only to these users: global ids or integer ids, as you like. An empty list matches nothing.
    user_ids: Option<Vec<ID>>,
    /// Only those in one of these states. An empty list matches nothing.
    states: Option<Vec<SuggestionState>>,
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
            subject_ids: subject_ids.transpose()?,
            states: filter.states.map(states),
            ..filter.common.into()
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
