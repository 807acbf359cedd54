//! The queries.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::connection::{
    Connection, NumberedPage, selects_beyond, selects_state_counts, selects_total,
};
use super::cx;
use super::event::{self, SuggestionBatch, SuggestionEvent};
use super::guard::{Administrator, Authenticated};
use super::matching::ListFilter as _;
use super::node::{self, Node};
use super::platform::Platform;
use super::program_group_suggestion::{self, ProgramGroupSuggestion};
use super::program_suggestion::{self, ProgramSuggestion};
use super::suggested_program::{self, SuggestedProgramConnection};
use super::suggestion::{SuggestionState, SuggestionType, UserRef, platform_ref, wanted_in_list};
use super::suggestion_list::{
    Counts, ProgramGroupSuggestionConnection, ProgramSuggestionConnection, ProgramSuggestionPage,
    TopPrograms,
};
use super::viewer::Viewer;
use super::webhook::{self, WebhookEndpoint};
use crate::domain::directory;
use crate::domain::event as domain_event;
use crate::domain::suggested_program::SuggestedProgramOrder;
use crate::domain::suggestion::{self, Kind, List};
use crate::page::{Beyond, ConnectionArguments, PageNumber};

/// What can be asked.
#[derive(Debug)]
pub struct Query;

/// What can be asked.
#[Object]
impl Query {
    /// Anything that has a global id; null where it is hidden from you or unknown.
    #[graphql(guard = "Authenticated")]
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Result<Option<Node>> {
        let found = node::load(ctx, &[id]).await?;
        found.into_iter().next().flatten().transpose()
    }

    /// Several objects by their global ids, in the order asked; null where one is hidden from you, unknown
    /// or malformed.
    #[graphql(guard = "Authenticated")]
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "At most 100 global ids. One that is malformed has an error `INVALID_ID` with the path to it."
        )]
        ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        node::load(ctx, &ids).await
    }

    /// Who is calling; null without credentials.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        Ok((!cx(ctx)?.viewer.is_anonymous()).then_some(Viewer))
    }

    /// A platform by its key; null where it is hidden from you or unknown.
    #[graphql(guard = "Authenticated")]
    async fn platform(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        org: Option<String>,
    ) -> Result<Option<Platform>> {
        let found = directory::platform(cx(ctx)?, &key, org.as_deref()).await?;
        Ok(found.map(|platform| Platform(Arc::new(platform))))
    }

    /// What happened to the suggestions of a platform, and what persons answered, the oldest first: `first` with
    /// `after` goes on, `last` shows the newest.
    #[graphql(guard = "Administrator")]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn suggestion_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        platform_org: Option<String>,
        #[graphql(
            default,
            desc = "A department admin sets it to see what lies in the administered departments. For others it changes nothing."
        )]
        department_mode: bool,
        #[graphql(desc = "Only events of which all of this holds.")] filter: Option<
            event::FilterInput,
        >,
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
        let platform = platform_ref(platform_key, platform_org, department_mode);
        let filter = event::FilterInput::read(filter)?;
        let query = event::event_query(ctx, filter, &arguments)?;
        let slice = domain_event::list(cx(ctx)?, &platform, &query).await?;
        Ok(event::connected(slice))
    }

    /// The requests and imports that changed suggestions of a platform, the newest first. A department admin sees
    /// those that lie wholly in the administered departments.
    #[graphql(guard = "Administrator")]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn suggestion_batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        platform_org: Option<String>,
        #[graphql(
            default,
            desc = "A department admin sets it to see what lies in the administered departments. For others it changes nothing."
        )]
        department_mode: bool,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<SuggestionBatch>> {
        let arguments = ConnectionArguments {
            first,
            after,
            last,
            before,
        };
        let platform = platform_ref(platform_key, platform_org, department_mode);
        event::batches(ctx, &platform, &arguments).await
    }

    /// Who is told what happens on a platform: the endpoints of webhooks, in the order in which they were made. For
    /// those who manage the platform.
    #[graphql(guard = "Administrator")]
    async fn webhook_endpoints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<WebhookEndpoint>> {
        let arguments = ConnectionArguments {
            first,
            after,
            last,
            before,
        };
        webhook::endpoints(ctx, platform_key, &arguments).await
    }

    /// The programs that are suggested to you on a platform, each once, by cursor. Administrators may name
    /// another user of theirs.
    #[graphql(guard = "Authenticated")]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn suggested_programs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        platform_org: Option<String>,
        #[graphql(
            default,
            desc = "A department admin sets it to name a user of the administered departments. For others it changes nothing."
        )]
        department_mode: bool,
        #[graphql(
            desc = "Whose suggested programs; yours without it. Required for who is no member of the platform, such as a platform key."
        )]
        user: Option<UserRef>,
        #[graphql(
            default_with = "vec![SuggestionState::Pending, SuggestionState::Accepted]",
            desc = "Only those in one of these states. An empty list matches nothing."
        )]
        states: Vec<SuggestionState>,
        #[graphql(
            desc = "Only programs whose name or key contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(
            default_with = "suggested_program::OrderInput::default()",
            desc = "The order of the list."
        )]
        order_by: suggested_program::OrderInput,
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
        let platform = platform_ref(platform_key, platform_org, department_mode);
        let order: SuggestedProgramOrder = order_by.into();
        let ordering = order.ordering();
        let query = suggested_program::read_query(
            ctx,
            Some(states),
            query.as_deref(),
            &arguments,
            &ordering,
            false,
        )?;
        suggested_program::list(ctx, &platform, user, order, &query).await
    }

    /// Programs suggested to groups, by cursor.
    #[graphql(guard = "Administrator")]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn program_group_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        platform_org: Option<String>,
        #[graphql(
            default,
            desc = "A department admin sets it to see what lies in the administered departments. For others it changes nothing."
        )]
        department_mode: bool,
        #[graphql(
            desc = "Only suggestions in which the name of the group, or name or key of the program contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "Only suggestions of which all of this holds.")] filter: Option<
            program_group_suggestion::FilterInput,
        >,
        #[graphql(
            default_with = "program_group_suggestion::OrderInput::default()",
            desc = "The order of the list."
        )]
        order_by: program_group_suggestion::OrderInput,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<ProgramGroupSuggestionConnection> {
        let list = List {
            kind: Kind::Group,
            platform: platform_ref(platform_key, platform_org, department_mode),
            filter: program_group_suggestion::FilterInput::read(filter, query.as_deref())?,
            order: order_by.into(),
            wants: wanted_in_list::<ProgramGroupSuggestion>(ctx),
            total: selects_total(ctx),
            state_counts: false,
            beyond: selects_beyond(ctx),
        };
        let arguments = ConnectionArguments {
            first,
            after,
            last,
            before,
        };
        let (rows, _) = connected(ctx, &list, &arguments).await?;
        Ok(ProgramGroupSuggestionConnection(rows, TopPrograms(list)))
    }

    /// Programs suggested to groups, by page number: for admin tables.
    #[graphql(guard = "Administrator")]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn program_group_suggestion_page(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        platform_org: Option<String>,
        #[graphql(
            default,
            desc = "A department admin sets it to see what lies in the administered departments. For others it changes nothing."
        )]
        department_mode: bool,
        #[graphql(
            desc = "Only suggestions in which the name of the group, or name or key of the program contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "Only suggestions of which all of this holds.")] filter: Option<
            program_group_suggestion::FilterInput,
        >,
        #[graphql(
            default_with = "program_group_suggestion::OrderInput::default()",
            desc = "The order of the list."
        )]
        order_by: program_group_suggestion::OrderInput,
        #[graphql(
            default = 1,
            desc = "The number of the page, from 1. Past the end a page is empty."
        )]
        page: i32,
        #[graphql(
            default = 10,
            desc = "The most rows of a page, from 1; more than 100 is taken as 100."
        )]
        page_size: i32,
    ) -> Result<NumberedPage<ProgramGroupSuggestion>> {
        let list = List {
            kind: Kind::Group,
            platform: platform_ref(platform_key, platform_org, department_mode),
            filter: program_group_suggestion::FilterInput::read(filter, query.as_deref())?,
            order: order_by.into(),
            wants: wanted_in_list::<ProgramGroupSuggestion>(ctx),
            total: NumberedPage::<ProgramGroupSuggestion>::needs_total(ctx),
            state_counts: false,
            beyond: Beyond::default(),
        };
        let (rows, _) = numbered(ctx, &list, page, page_size).await?;
        Ok(rows)
    }

    /// Programs suggested to users, by cursor.
    #[graphql(guard = "Administrator")]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn program_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        platform_org: Option<String>,
        #[graphql(
            default,
            desc = "A department admin sets it to see what lies in the administered departments. For others it changes nothing."
        )]
        department_mode: bool,
        #[graphql(
            desc = "Only suggestions in which the username, name or e-mail address of the user, or name or key of the program contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "Only suggestions of which all of this holds.")] filter: Option<
            program_suggestion::FilterInput,
        >,
        #[graphql(
            default_with = "program_suggestion::OrderInput::default()",
            desc = "The order of the list."
        )]
        order_by: program_suggestion::OrderInput,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<ProgramSuggestionConnection> {
        let list = List {
            kind: Kind::User,
            platform: platform_ref(platform_key, platform_org, department_mode),
            filter: program_suggestion::FilterInput::read(filter, query.as_deref())?,
            order: order_by.into(),
            wants: wanted_in_list::<ProgramSuggestion>(ctx),
            total: selects_total(ctx),
            state_counts: selects_state_counts(ctx),
            beyond: selects_beyond(ctx),
        };
        let arguments = ConnectionArguments {
            first,
            after,
            last,
            before,
        };
        let (rows, counts) = connected(ctx, &list, &arguments).await?;
        Ok(ProgramSuggestionConnection(rows, counts, TopPrograms(list)))
    }

    /// Programs suggested to users, by page number: for admin tables.
    #[graphql(guard = "Administrator")]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is an argument of the field"
    )]
    async fn program_suggestion_page(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        platform_org: Option<String>,
        #[graphql(
            default,
            desc = "A department admin sets it to see what lies in the administered departments. For others it changes nothing."
        )]
        department_mode: bool,
        #[graphql(
            desc = "Only suggestions in which the username, name or e-mail address of the user, or name or key of the program contains this text, whatever the case. Blank is no filter."
        )]
        query: Option<String>,
        #[graphql(desc = "Only suggestions of which all of this holds.")] filter: Option<
            program_suggestion::FilterInput,
        >,
        #[graphql(
            default_with = "program_suggestion::OrderInput::default()",
            desc = "The order of the list."
        )]
        order_by: program_suggestion::OrderInput,
        #[graphql(
            default = 1,
            desc = "The number of the page, from 1. Past the end a page is empty."
        )]
        page: i32,
        #[graphql(
            default = 10,
            desc = "The most rows of a page, from 1; more than 100 is taken as 100."
        )]
        page_size: i32,
    ) -> Result<ProgramSuggestionPage> {
        let list = List {
            kind: Kind::User,
            platform: platform_ref(platform_key, platform_org, department_mode),
            filter: program_suggestion::FilterInput::read(filter, query.as_deref())?,
            order: order_by.into(),
            wants: wanted_in_list::<ProgramSuggestion>(ctx),
            total: NumberedPage::<ProgramSuggestion>::needs_total(ctx),
            state_counts: selects_state_counts(ctx),
            beyond: Beyond::default(),
        };
        let (rows, counts) = numbered(ctx, &list, page, page_size).await?;
        Ok(ProgramSuggestionPage(rows, counts))
    }
}

async fn connected<S: SuggestionType>(
    ctx: &Context<'_>,
    list: &List,
    arguments: &ConnectionArguments,
) -> Result<(Connection<S>, Counts)> {
    let slice = Box::pin(suggestion::list(cx(ctx)?, list, arguments)).await?;
    let ordering = list.order.ordering(list.kind);
    let counts = Counts(slice.state_counts);
    Ok((Connection::new(ordering, slice, S::from), counts))
}

async fn numbered<S: SuggestionType>(
    ctx: &Context<'_>,
    list: &List,
    page: i32,
    page_size: i32,
) -> Result<(NumberedPage<S>, Counts)> {
    let number = PageNumber::new(page.into(), page_size.into(), "pageSize")?;
    let slice = Box::pin(suggestion::list_page(cx(ctx)?, list, number)).await?;
    let counts = Counts(slice.state_counts);
    Ok((NumberedPage::new(number, slice, S::from), counts))
}
