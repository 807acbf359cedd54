//! The type `WebhookEndpoint`: who is told what happens, and what became of each message.

use std::marker::PhantomData;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, Result, SimpleObject};

use super::at_once::{AtOnce, Writer};
use super::connection::{Connection, Listed, Nested, counted, selects_total};
use super::cx;
use super::event::{SuggestionEventAction, user_of};
use super::id::NodeType;
use super::loader::{DeliveriesOf, Loaders, PendingOf};
use super::platform::Platform;
use super::program::platform_of;
use super::scalar::DateTime;
use super::suggestion::UserError;
use super::user::User;
use crate::clock::Timestamp;
use crate::domain::webhook as domain;
use crate::error::Problem;
use crate::page::ConnectionArguments;

/// How an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::domain::webhook::WebhookState")]
pub(super) enum WebhookState {
    /// Events are sent.
    Active,
    /// Somebody paused it: nothing is sent, and what happens waits.
    Paused,
    /// The last message was not taken. It is sent again, less and less often.
    Failing,
    /// It failed for five days, or the receiver said by 410 that it is gone: nothing is sent, and what happens
    /// waits.
    Disabled,
}

#[derive(Clone)]
pub(super) struct WebhookEndpoint(pub(super) Arc<domain::WebhookEndpoint>);

impl Listed for WebhookEndpoint {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl AtOnce for WebhookEndpoint {
    fn at_once(&self, _: &str, _: &mut Writer<'_>) -> Option<()> {
        None
    }
}

/// A receiver of webhooks: an address that is told what happens to the suggestions of a platform, in order, each
/// message at least once. Seen by those who manage the platform.
#[Object]
impl WebhookEndpoint {
    /// The global id.
    pub(super) async fn id(&self) -> ID {
        NodeType::WebhookEndpoint.id(self.0.id)
    }

    /// The platform.
    async fn platform(&self, ctx: &Context<'_>) -> Result<Platform> {
        platform_of(ctx, self.0.platform_id).await
    }

    /// The address that messages are sent to.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// What it is for, for people.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The actions that it is told.
    async fn actions(&self) -> Vec<SuggestionEventAction> {
        let actions = self.0.actions.iter().copied();
        actions.map(SuggestionEventAction::from).collect()
    }

    /// How it is.
    async fn state(&self) -> WebhookState {
        self.0.state.into()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(Timestamp(self.0.created))
    }

    /// Who made it; null where that is nobody, and where they are hidden from you.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        user_of(ctx, self.0.created_by).await
    }

    /// When a message was taken last; null if none was.
    async fn last_delivered_at(&self) -> Option<DateTime> {
        instant(self.0.last_delivered)
    }

    /// Since when messages are not taken; null where the last one was.
    async fn failing_since(&self) -> Option<DateTime> {
        instant(self.0.failing_since)
    }

    /// How many events wait to be sent; counted among the next 100,000 events of the platform.
    async fn pending_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let pending = ctx
            .data::<Loaders>()?
            .load_one(PendingOf(self.0.id))
            .await?;
        counted(Some(pending.unwrap_or_default()))
    }

    /// The attempts of the last 7 days to send a message, the newest first.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many rows, from 1 to 100. Give either `first` or `last`.")]
        first: Option<i32>,
        #[graphql(desc = "Rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many rows, from 1 to 100. Give either `first` or `last`.")]
        last: Option<i32>,
        #[graphql(desc = "Rows before this cursor.")] before: Option<String>,
    ) -> Result<Connection<WebhookDelivery>> {
        let list = Nested {
            ordering: domain::DELIVERIES_ORDERING,
            query: None,
            department_key: None,
            arguments: ConnectionArguments {
                first,
                after,
                last,
                before,
            },
        };
        list.load(ctx, DeliveriesOf, self.0.id, WebhookDelivery)
            .await
    }
}

fn instant(at: Option<i64>) -> Option<DateTime> {
    at.map(|at| DateTime(Timestamp(at)))
}

#[derive(Clone)]
pub(super) struct WebhookDelivery(pub(super) Arc<domain::WebhookDelivery>);

impl Listed for WebhookDelivery {
    fn row_id(&self) -> i64 {
        self.0.id
    }
}

impl AtOnce for WebhookDelivery {
    fn at_once(&self, _: &str, _: &mut Writer<'_>) -> Option<()> {
        None
    }
}

/// An attempt to send a message.
#[Object]
impl WebhookDelivery {
    /// The header `webhook-id` of the message, the same for each attempt.
    async fn message_id(&self) -> &str {
        &self.0.message_id
    }

    /// When it was sent.
    async fn at(&self) -> DateTime {
        DateTime(Timestamp(self.0.at))
    }

    /// Which attempt to send this message it was: 1 for the first. Counted anew after an endpoint was started again.
    async fn attempt(&self) -> Result<i32> {
        counted(Some(self.0.attempt))
    }

    /// The status of HTTP that came back; null where there was no answer, or the address is not allowed.
    async fn status_code(&self) -> Result<Option<i32>> {
        self.0
            .status
            .map(|status| counted(Some(status)))
            .transpose()
    }

    /// Why the message was not taken, with at most 200 characters of the answer; null where it was.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// How long it took, in milliseconds.
    async fn duration_ms(&self) -> Result<i32> {
        counted(Some(self.0.duration))
    }

    /// How many events the message has.
    async fn events(&self) -> Result<i32> {
        counted(Some(self.0.events))
    }
}

/// A page of the endpoints of a platform.
pub(super) async fn endpoints(
    ctx: &Context<'_>,
    platform_key: String,
    arguments: &ConnectionArguments,
) -> Result<Connection<WebhookEndpoint>> {
    let mut slice = domain::list(cx(ctx)?, platform_key, arguments).await?;
    slice.total = slice.total.filter(|_| selects_total(ctx));
    Ok(Connection::new(domain::ENDPOINTS_ORDERING, slice, |row| {
        WebhookEndpoint(Arc::new(row))
    }))
}

/// Makes an endpoint.
#[derive(InputObject)]
#[graphql(name = "WebhookEndpointCreateInput")]
pub(super) struct CreateInput {
    /// Comes back as it is.
    client_mutation_id: Option<String>,
    /// The platform's key.
    platform_key: String,
    /// Where to send to: an absolute https URL of at most 2,000 characters, without username, password and fragment.
    /// It must be on the public internet.
    url: String,
    /// What it is for, for people; at most 500 characters.
    description: Option<String>,
    /// The actions to tell, at least one; without it all.
    actions: Option<Vec<SuggestionEventAction>>,
}

/// Changes an endpoint. What is left out stays as it is.
#[derive(InputObject)]
#[graphql(name = "WebhookEndpointUpdateInput")]
pub(super) struct UpdateInput {
    /// Comes back as it is.
    client_mutation_id: Option<String>,
    /// The global id of the endpoint.
    id: ID,
    /// Another address; null is as left out. A message that was not taken is sent there at once.
    url: Option<String>,
    /// Another description; null takes it away.
    description: MaybeUndefined<String>,
    /// The actions to tell from the next message on, at least one; null is as left out.
    actions: Option<Vec<SuggestionEventAction>>,
    /// `true` stops sending. `false` goes on where it stopped, also where the endpoint is disabled; a message that
    /// was not taken is sent again at once. Null is as left out.
    paused: Option<bool>,
}

/// Gives an endpoint another secret.
#[derive(InputObject)]
#[graphql(name = "WebhookEndpointRotateSecretInput")]
pub(super) struct RotateSecretInput {
    /// Comes back as it is.
    client_mutation_id: Option<String>,
    /// The global id of the endpoint.
    id: ID,
}

/// Sends again what happened.
#[derive(InputObject)]
#[graphql(name = "WebhookEndpointReplayInput")]
pub(super) struct ReplayInput {
    /// Comes back as it is.
    client_mutation_id: Option<String>,
    /// The global id of the endpoint.
    id: ID,
    /// A cursor of `suggestionEvents` of the same platform, such as `cursor` of a message: what happened after it
    /// is sent. A paused or disabled endpoint stays so.
    after: String,
}

/// Deletes an endpoint.
#[derive(InputObject)]
#[graphql(name = "WebhookEndpointDeleteInput")]
pub(super) struct DeleteInput {
    /// Comes back as it is.
    client_mutation_id: Option<String>,
    /// The global id of the endpoint.
    id: ID,
}

/// What became of an endpoint.
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "WebhookEndpointUpdatePayload", params(Update)),
    concrete(name = "WebhookEndpointReplayPayload", params(Replay))
)]
pub(super) struct EndpointPayload<A: Send + Sync> {
    /// As it was given.
    client_mutation_id: Option<String>,
    /// The endpoint as it is now; null if nothing was done.
    endpoint: Option<WebhookEndpoint>,
    /// Why nothing was done; otherwise empty.
    user_errors: Vec<UserError>,
    #[graphql(skip)]
    act: PhantomData<A>,
}

/// Marks the payload of a change.
pub(super) struct Update;

/// Marks the payload of a replay.
pub(super) struct Replay;

/// What became of an endpoint, with its secret.
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "WebhookEndpointCreatePayload", params(Create)),
    concrete(name = "WebhookEndpointRotateSecretPayload", params(RotateSecret))
)]
pub(super) struct SecretPayload<A: Send + Sync> {
    /// As it was given.
    client_mutation_id: Option<String>,
    /// The endpoint as it is now; null if nothing was done.
    endpoint: Option<WebhookEndpoint>,
    /// What messages are signed with, as Standard Webhooks says. It is shown this once; null if nothing was done.
    secret: Option<String>,
    /// Why nothing was done; otherwise empty.
    user_errors: Vec<UserError>,
    #[graphql(skip)]
    act: PhantomData<A>,
}

/// Marks the payload of a creation.
pub(super) struct Create;

/// Marks the payload of another secret.
pub(super) struct RotateSecret;

/// What became of an endpoint that was to be deleted.
#[derive(SimpleObject)]
#[graphql(name = "WebhookEndpointDeletePayload")]
pub(super) struct DeletePayload {
    /// As it was given.
    client_mutation_id: Option<String>,
    /// The global id of the endpoint that was deleted, for your store to forget; null if none was.
    deleted_id: Option<ID>,
    /// Why nothing was deleted; otherwise empty.
    user_errors: Vec<UserError>,
}

fn errors(problem: Option<&Problem>) -> Vec<UserError> {
    let problem = problem.map(|problem| UserError::at(&["input"], problem));
    problem.into_iter().collect()
}

impl<A: Send + Sync> EndpointPayload<A> {
    fn new(
        client_mutation_id: Option<String>,
        changed: Result<domain::WebhookEndpoint, Problem>,
    ) -> Self {
        Self {
            client_mutation_id,
            user_errors: errors(changed.as_ref().err()),
            endpoint: changed.ok().map(|row| WebhookEndpoint(Arc::new(row))),
            act: PhantomData,
        }
    }
}

impl<A: Send + Sync> SecretPayload<A> {
    fn new(
        client_mutation_id: Option<String>,
        changed: Result<(domain::WebhookEndpoint, String), Problem>,
    ) -> Self {
        let user_errors = errors(changed.as_ref().err());
        let (endpoint, secret) = changed.ok().unzip();
        Self {
            client_mutation_id,
            endpoint: endpoint.map(|row| WebhookEndpoint(Arc::new(row))),
            secret,
            user_errors,
            act: PhantomData,
        }
    }
}

fn actions(actions: Option<Vec<SuggestionEventAction>>) -> Option<Vec<crate::event::EventAction>> {
    actions.map(|actions| actions.into_iter().map(Into::into).collect())
}

fn endpoint_id(id: &ID) -> Result<i64, Problem> {
    NodeType::WebhookEndpoint.input(id, &["id"])
}

pub(super) async fn create(ctx: &Context<'_>, input: CreateInput) -> Result<SecretPayload<Create>> {
    let request = domain::Create {
        platform_key: input.platform_key,
        url: input.url,
        description: input.description,
        actions: actions(input.actions),
    };
    let created = domain::create(cx(ctx)?, &request).await?;
    Ok(SecretPayload::new(input.client_mutation_id, created))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateInput,
) -> Result<EndpointPayload<Update>> {
    let changed = match endpoint_id(&input.id) {
        Ok(id) => {
            let request = domain::Update {
                id,
                url: input.url,
                description: match input.description {
                    MaybeUndefined::Undefined => None,
                    MaybeUndefined::Null => Some(None),
                    MaybeUndefined::Value(text) => Some(Some(text)),
                },
                actions: actions(input.actions),
                paused: input.paused,
            };
            domain::update(cx(ctx)?, request).await?
        }
        Err(problem) => Err(problem),
    };
    Ok(EndpointPayload::new(input.client_mutation_id, changed))
}

pub(super) async fn rotate_secret(
    ctx: &Context<'_>,
    input: RotateSecretInput,
) -> Result<SecretPayload<RotateSecret>> {
    let changed = match endpoint_id(&input.id) {
        Ok(id) => domain::rotate_secret(cx(ctx)?, id).await?,
        Err(problem) => Err(problem),
    };
    Ok(SecretPayload::new(input.client_mutation_id, changed))
}

pub(super) async fn replay(
    ctx: &Context<'_>,
    input: ReplayInput,
) -> Result<EndpointPayload<Replay>> {
    let changed = match endpoint_id(&input.id) {
        Ok(id) => domain::replay(cx(ctx)?, id, &input.after).await?,
        Err(problem) => Err(problem),
    };
    Ok(EndpointPayload::new(input.client_mutation_id, changed))
}

pub(super) async fn delete(ctx: &Context<'_>, input: DeleteInput) -> Result<DeletePayload> {
    let deleted = match endpoint_id(&input.id) {
        Ok(id) => domain::delete(cx(ctx)?, id).await?,
        Err(problem) => Err(problem),
    };
    Ok(DeletePayload {
        client_mutation_id: input.client_mutation_id,
        user_errors: errors(deleted.as_ref().err()),
        deleted_id: deleted.ok().map(|id| NodeType::WebhookEndpoint.id(id)),
    })
}
