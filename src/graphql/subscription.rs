//! The subscriptions.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute};
use async_graphql::{
    Context, Error, ErrorExtensions as _, Response, Result, SimpleObject, Subscription,
};
use futures_util::stream::{self, Stream};

use super::connection::Edge;
use super::error::Code;
use super::event::{FilterInput, SuggestionEvent};
use super::guard::{Administrator, Authenticated};
use super::scalar::DateTime;
use super::suggestion::platform_ref;
use super::suggestion_list::SuggestionStateCounts;
use super::{cx, loader};
use crate::auth::Viewer;
use crate::domain::Cx;
use crate::domain::event::EVENTS_ORDERING;
use crate::live::{Changed, Ending, Live};
use crate::page::{Position, SortKey};

/// What can be followed as it happens.
#[derive(Debug, Clone, Copy, Default)]
pub struct SubscriptionRoot;

/// What can be followed as it happens.
#[Subscription(name = "Subscription")]
impl SubscriptionRoot {
    /// Changes to the suggestions of a platform, as they happen; with `after`, first those since that cursor.
    #[graphql(guard = "Administrator")]
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
        #[graphql(desc = "Only events of which all of this holds.")] filter: Option<FilterInput>,
        #[graphql(
            desc = "A cursor of an event: first comes what has happened since. Without it, only what happens from now on."
        )]
        after: Option<String>,
    ) -> Result<impl Stream<Item = Result<Edge<SuggestionEvent>>>> {
        let platform = platform_ref(platform_key, platform_org, department_mode);
        let filter = FilterInput::read(filter)?;
        let live = ctx.data::<Live>()?;
        // Boxed: what it takes to begin is more than a subscription needs while it waits.
        let events = live.events(cx(ctx)?, &platform, filter, after.as_deref());
        let events = Box::pin(events).await?;
        let caller = ctx.data::<Caller>()?.clone();
        Ok(stream::unfold(Some(events), move |events| {
            let caller = caller.clone();
            async move {
                let mut events = events?;
                match events.next().await {
                    Ok(event) => {
                        caller.is(events.viewer());
                        let cursor = EVENTS_ORDERING.cursor(&Position {
                            key: SortKey::Int(event.settled),
                            id: event.id,
                        });
                        let edge = Edge::new(cursor, SuggestionEvent(event));
                        Some((Ok(edge), Some(events)))
                    }
                    Err(ending) => Some((Err(ended(ending)), None)),
                }
            }
        }))
    }

    /// For the person: how many suggested programs there are in each state; at once, and again whenever that or
    /// what they say may have changed. At most one message a second.
    #[graphql(guard = "Authenticated")]
    async fn suggested_programs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The platform's key.")] platform_key: String,
        #[graphql(desc = "The platform's organisation; if given, it must be that platform's.")]
        platform_org: Option<String>,
    ) -> Result<impl Stream<Item = Result<SuggestedProgramsChanged>>> {
        let platform = platform_ref(platform_key, platform_org, false);
        let live = ctx.data::<Live>()?;
        let programs = Box::pin(live.suggested_programs(cx(ctx)?, &platform)).await?;
        let caller = ctx.data::<Caller>()?.clone();
        Ok(stream::unfold(Some(programs), move |programs| {
            let caller = caller.clone();
            async move {
                let mut programs = programs?;
                match programs.next().await {
                    Ok(changed) => {
                        caller.is(programs.viewer());
                        Some((SuggestedProgramsChanged::new(changed), Some(programs)))
                    }
                    Err(ending) => Some((Err(ended(ending)), None)),
                }
            }
        }))
    }
}

/// The suggested programs of a person, counted.
#[derive(Debug, SimpleObject)]
pub(super) struct SuggestedProgramsChanged {
    /// When they were counted.
    at: DateTime,
    /// How many are in each state.
    state_counts: SuggestionStateCounts,
}

impl SuggestedProgramsChanged {
    fn new(changed: Changed) -> Result<Self> {
        Ok(Self {
            at: DateTime(changed.at),
            state_counts: SuggestionStateCounts::new(changed.state_counts)?,
        })
    }
}

/// Why a subscription ends, as its client is told.
fn ended(ending: Ending) -> Error {
    match ending {
        Ending::Slow => Error::new(
            "More than 1,000 events wait for you: the subscription has ended. Subscribe again with the last \
             cursor as `after`, and nothing is missed.",
        )
        .extend_with(|_, extensions| extensions.set("code", Code::SlowConsumer.as_str())),
        Ending::Refused(error) | Ending::Failed(error) => error.into(),
    }
}

/// The caller of a subscription, as last asked: roles change while it lives.
#[derive(Debug, Clone, Default)]
pub(super) struct Caller(Arc<Mutex<Option<Arc<Viewer>>>>);

impl Caller {
    fn is(&self, viewer: Arc<Viewer>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(viewer);
    }

    fn known(&self) -> Option<Arc<Viewer>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Gives each event of a subscription a context of its own, as if it were a request: what the caller may see
/// then, and loaders that know nothing of earlier events.
#[derive(Debug, Clone, Copy)]
pub(super) struct EachEvent;

impl ExtensionFactory for EachEvent {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for EachEvent {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let viewer = ctx.data::<Caller>().ok().and_then(Caller::known);
        let (Some(viewer), Ok(cx)) = (viewer, ctx.data::<Cx>()) else {
            return next.run(ctx, operation_name).await;
        };
        let cx = cx.of_viewer(viewer);
        let begun = loader::Begun::default();
        let mut data = async_graphql::Data::default();
        data.insert(loader::loaders(cx.clone(), &begun));
        data.insert(cx);
        let execution = next.run_with_data(ctx, operation_name, data);
        loader::drive(Some(&begun), execution).await
    }
}
