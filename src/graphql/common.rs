//! What suggestions of both kinds have: fields, and filters.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::connection::Connection;
use super::cx;
use super::event::{self, SuggestionEvent, suggestion_node};
use super::platform::Platform;
use super::program::{Program, platform_of};
use super::scalar::{DateTime, JsonObject};
use super::suggestion::{SuggestionPermissions, instant, metadata, unread};
use super::user::User;
use crate::clock::Timestamp;
use crate::domain::directory;
use crate::domain::event::{self as domain_event, EventFilter};
use crate::domain::suggestion::{Filter, Kind, Suggestion};
use crate::error::Error;
use crate::page::ConnectionArguments;

/// The fields of both kinds of suggestion.
#[derive(Clone)]
pub(super) struct CommonFields {
    pub(super) row: Arc<Suggestion>,
    pub(super) kind: Kind,
}

/// The fields of both kinds of suggestion.
#[Object]
impl CommonFields {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        suggestion_node(self.kind).id(self.row.id)
    }

    /// The integer id, as the REST surface gives it.
    async fn database_id(&self) -> ID {
        ID(self.row.id.to_string())
    }

    /// The platform that suggests.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        match &self.row.joined.platform {
            Some(platform) => Ok(Platform(Arc::clone(platform))),
            None => platform_of(ctx, self.row.platform_id).await,
        }
    }

    /// The program that is suggested.
    async fn program(&self, ctx: &Context<'_>) -> Result<Program> {
        if let Some(program) = &self.row.joined.program {
            return Ok(Program(Arc::clone(program)));
        }
        let found = directory::programs(cx(ctx)?, &[self.row.program_id]).await?;
        let found = found.into_iter().next().ok_or_else(|| {
            Error::internal("the program of a suggestion in sight is out of sight")
        })?;
        Ok(Program(Arc::new(found)))
    }

    /// Whether the suggestion was accepted. For a group it says nothing about any member.
    async fn accepted(&self) -> bool {
        self.row.fields.accepted
    }

    /// Whether the person, or the members of the group, are to see the suggestion.
    async fn visible(&self) -> bool {
        self.row.fields.visible
    }

    /// What your application keeps with the suggestion: any JSON object of at most 16 KiB and 8
    /// levels.
    async fn metadata(&self) -> Result<JsonObject> {
        metadata(&self.row.fields.metadata)
    }

    /// Who suggested first; null where a platform key did, and where you do not administer that
    /// person.
    async fn suggested_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        if let Some(user) = &self.row.joined.suggested_by {
            return Ok(user.clone().map(User));
        }
        let Some(id) = self.row.fields.suggested_by else {
            return Ok(None);
        };
        let found = directory::users(cx(ctx)?, &[id]).await?;
        Ok(found.into_iter().next().map(|user| User(Arc::new(user))))
    }

    /// When it was suggested first.
    async fn created(&self) -> DateTime {
        DateTime(Timestamp(self.row.created))
    }

    /// When anything about the suggestion changed last.
    async fn modified(&self) -> DateTime {
        DateTime(Timestamp(self.row.modified))
    }

    /// What the person, or each member of the group, is told; null for nothing.
    async fn message(&self) -> Option<&str> {
        self.row.fields.message.as_deref()
    }

    /// When the person, or each member of the group, is to have answered; null where there is no due date.
    async fn due_at(&self) -> Option<DateTime> {
        instant(self.row.fields.due_at)
    }

    /// From when on the suggestion is seen, if it is `visible`; null for always.
    async fn visible_from(&self) -> Option<DateTime> {
        instant(self.row.fields.visible_from)
    }

    /// Until when the suggestion is seen, that instant left out; null for ever.
    async fn visible_until(&self) -> Option<DateTime> {
        instant(self.row.fields.visible_until)
    }

    /// What happened to this suggestion, the oldest first, also before it was deleted and made again. Of one to a
    /// user, also what the person answered about the program.
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
        let slice = domain_event::history(cx(ctx)?, &self.row, self.kind, &query).await?;
        Ok(event::connected(slice))
    }

    /// What you may do to this suggestion, so that your interface shows no button that fails.
    async fn viewer_can(&self) -> Result<SuggestionPermissions> {
        Ok(SuggestionPermissions::of(&self.row).ok_or_else(unread)?)
    }
}

/// The filters of lists of both kinds.
#[derive(Debug, Default, InputObject)]
pub(super) struct FilterFields {
    /// Only accepted ones, or only others.
    accepted: Option<bool>,
    /// Only visible ones, or only others.
    visible: Option<bool>,
    /// Only of these programs. An empty list matches nothing.
    program_keys: Option<Vec<String>>,
    /// Only those created after this instant; the instant itself is left out.
    created_after: Option<DateTime>,
    /// Only those created before this instant; the instant itself is left out.
    created_before: Option<DateTime>,
    /// Only those with a due date after this instant; the instant itself is left out.
    due_after: Option<DateTime>,
    /// Only those with a due date before this instant; the instant itself is left out.
    due_before: Option<DateTime>,
}

impl From<FilterFields> for Filter {
    fn from(fields: FilterFields) -> Self {
        Self {
            accepted: fields.accepted,
            visible: fields.visible,
            // No key contains NUL, and PostgreSQL would not even look.
            program_keys: fields.program_keys.map(|mut keys| {
                keys.retain(|key| !key.contains('\0'));
                keys
            }),
            created_after: fields.created_after.map(|at| at.0),
            created_before: fields.created_before.map(|at| at.0),
            due_after: fields.due_after.map(|at| at.0),
            due_before: fields.due_before.map(|at| at.0),
            ..Self::default()
        }
    }
}
