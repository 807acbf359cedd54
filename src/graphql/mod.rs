//! The shape of the public schema: types and fields, one file a noun. No rule and no SQL lives here;
//! a resolver reads its arguments, calls the domain, and wraps the answer.

mod at_once;
mod bulk;
mod common;
mod connection;
mod department;
pub mod error;
mod event;
pub mod federation;
mod guard;
mod id;
pub mod json;
mod loader;
mod matching;
mod mutation;
mod node;
mod platform;
mod program;
mod program_group_suggestion;
mod program_suggestion;
mod query;
mod scalar;
mod subscription;
mod suggested_program;
mod suggestion;
mod suggestion_list;
mod undo;
mod user;
mod user_group;
mod viewer;
mod webhook;

use std::any::TypeId;

use async_graphql::{
    Context, Data, Executor, ObjectType, Request, Response, SDLExportOptions, SchemaBuilder,
    SubscriptionType,
};
use futures_util::stream::BoxStream;

pub use event::event_json;
pub use mutation::Mutation;
pub use query::Query;
pub use subscription::SubscriptionRoot;

use graphql_operation::{Limits, ListLengths, Settings, configure};

use crate::domain::Cx;
use crate::exact;
use crate::live::Live;

/// The executable schema.
pub type Schema = async_graphql::Schema<Query, Mutation, SubscriptionRoot>;

/// A schema, for requests and for subscriptions: each event of a subscription needs an extension, and with one the
/// executor would take a longer way to every field of a request.
#[derive(Clone)]
pub struct Executable<Q, M, S> {
    /// Executes queries and mutations.
    pub requests: async_graphql::Schema<Q, M, S>,
    /// Executes subscriptions.
    pub streams: async_graphql::Schema<Q, M, S>,
}

impl<Q, M, S> Executable<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    /// `build` begins the same schema each time.
    fn new(build: impl Fn() -> SchemaBuilder<Q, M, S>) -> Self {
        Self {
            requests: configure(build()).finish(),
            streams: configure(build())
                .extension(subscription::EachEvent)
                .finish(),
        }
    }
}

/// Builds the schema. What belongs to a request is added by [`context_data`].
pub fn schema() -> Executable<Query, Mutation, SubscriptionRoot> {
    Executable::new(|| async_graphql::Schema::build(Query, Mutation, SubscriptionRoot))
}

/// What the operation pipeline knows of this schema.
pub fn operation_settings(limits: Limits) -> Settings {
    Settings {
        limits,
        lists: ListLengths {
            arguments: &["first", "last", "pageSize"],
            short: &["userErrors"],
            ..ListLengths::default()
        },
        scalars: scalar::CHECKS,
        numbers: |number| {
            if exact::is_exact(number) {
                Ok(())
            } else {
                Err(format!("In the document {}.", exact::refusal(number)))
            }
        },
    }
}

/// Executes a request, and whenever all of its fields wait for loads, runs the loads. `only_reads`: it is no mutation.
pub async fn execute(schema: impl Executor, request: Request, only_reads: bool) -> Response {
    let cx = request.data.get(&TypeId::of::<Cx>());
    if let Some(cx) = cx.and_then(|cx| cx.downcast_ref::<Cx>())
        && only_reads
    {
        cx.read_from_replica().await;
    }
    let loads = request.data.get(&TypeId::of::<loader::Begun>());
    let loads = loads.and_then(|loads| loads.downcast_ref::<loader::Begun>().cloned());
    loader::drive(loads.as_ref(), schema.execute(request)).await
}

/// Executes a subscription. A response without data whose error is that of the root field, and of nothing below
/// it, is the end: the subscription itself failed.
pub fn subscribe(schema: &impl Executor, request: Request) -> BoxStream<'static, Response> {
    schema.execute_stream(request, None)
}

/// The schema in its own language, as it is published.
pub fn schema_sdl() -> String {
    sdl(&schema().requests)
}

/// A schema in its own language, with everything that it has.
pub fn sdl<Q, M, S>(schema: &async_graphql::Schema<Q, M, S>) -> String
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    written(schema, SDLExportOptions::new())
}

fn written<Q, M, S>(schema: &async_graphql::Schema<Q, M, S>, options: SDLExportOptions) -> String
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let options = options
        .include_specified_by()
        .prefer_single_line_descriptions();
    let mut sdl = schema.sdl_with_options(options).trim_end().to_owned();
    sdl.push('\n');
    sdl
}

/// What resolvers find in the context of a request: its caller and its loaders.
pub fn context_data(cx: Cx, live: Live) -> Data {
    let mut data = Data::default();
    data.insert(subscription::Caller::default());
    data.insert(live);
    let begun = loader::Begun::default();
    data.insert(loader::loaders(cx.clone(), &begun));
    data.insert(begun);
    data.insert(cx);
    data
}

/// The context of this request.
fn cx<'c>(ctx: &Context<'c>) -> async_graphql::Result<&'c Cx> {
    ctx.data::<Cx>()
}
