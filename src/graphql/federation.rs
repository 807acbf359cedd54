//! The service as a subgraph: a gateway composes its schema with those of other services (Apollo
//! Federation 2), and asks here for what the others only name.
//!
//! What the executor offers for it is used for the text of the schema, and not for answering: it
//! resolves entity by entity, and one that cannot be found is an error of the whole request. Here a
//! request takes one statement for each key by which entities are named, and each entity is found,
//! null or an error on its own.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaType, Registry};
use async_graphql::resolver_utils::{ContainerType, resolve_container};
use async_graphql::types::Any;
use async_graphql::{
    Context, ContextSelectionSet, Object, ObjectType, OutputType, Positioned, Result,
    SDLExportOptions, ServerResult, SimpleObject, Union, Value,
};

use super::Executable;
use super::cx;
use super::department::Department;
use super::event::{SuggestionBatch, SuggestionEvent};
use super::guard::Authenticated;
use super::id::{self, NodeType};
use super::mutation::Mutation;
use super::node::{self, Node};
use super::platform::Platform;
use super::program::Program;
use super::program_group_suggestion::ProgramGroupSuggestion;
use super::program_suggestion::ProgramSuggestion;
use super::query::Query;
use super::subscription::SubscriptionRoot;
use super::user::User;
use super::user_group::UserGroup;
use super::webhook::WebhookEndpoint;
use crate::domain::directory;
use crate::error::Error;

/// The most representations of one request. A gateway sends everything that a page of another
/// subgraph refers to at once, so it is more than the ids that a client may ask for.
const MAX_REPRESENTATIONS: usize = 1_000;

/// Builds the schema with what a gateway asks for: that of everybody else, and two fields.
pub fn schema() -> Executable<Subgraph<false>, Mutation, SubscriptionRoot> {
    let sdl = sdl();
    Executable::new(|| {
        let query = Subgraph {
            query: Query,
            federation: Federation { sdl: sdl.clone() },
        };
        async_graphql::Schema::build(query, Mutation, SubscriptionRoot)
    })
}

/// The schema as a gateway composes it: with the keys of its entities, and without the two fields,
/// which every gateway knows.
pub fn sdl() -> String {
    let query = Subgraph::<true> {
        query: Query,
        federation: Federation { sdl: String::new() },
    };
    let described = async_graphql::Schema::build(query, Mutation, SubscriptionRoot).finish();
    super::written(&described, SDLExportOptions::new().federation())
}

/// The root of queries in a subgraph. Where it is `KEYED`, its entities have their keys: for the text
/// of the schema only, because the executor answers for keyed types itself.
#[derive(Debug)]
pub struct Subgraph<const KEYED: bool> {
    query: Query,
    federation: Federation,
}

impl<const KEYED: bool> ContainerType for Subgraph<KEYED> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        match self.query.resolve_field(ctx).await? {
            Some(value) => Ok(Some(value)),
            None => self.federation.resolve_field(ctx).await,
        }
    }
}

impl<const KEYED: bool> OutputType for Subgraph<KEYED> {
    fn type_name() -> Cow<'static, str> {
        Query::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = Query::create_type_info(registry);
        if KEYED {
            for kind in NodeType::ALL {
                for key in keys(kind) {
                    registry.add_keys(kind.name(), *key);
                }
            }
        } else if let MetaType::Object { fields: more, .. } =
            registry.create_fake_output_type::<Federation>()
            && let Some(MetaType::Object { fields, .. }) =
                registry.types.get_mut(&*Query::type_name())
        {
            fields.extend(more);
        }
        name
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl<const KEYED: bool> ObjectType for Subgraph<KEYED> {}

/// The keys by which an entity is named, as the schema declares them. [`name_of`] reads them.
fn keys(kind: NodeType) -> &'static [&'static str] {
    match kind {
        NodeType::Platform => &["id", "key"],
        NodeType::Program => &["id", "key platform { key }"],
        NodeType::Department
        | NodeType::User
        | NodeType::UserGroup
        | NodeType::ProgramSuggestion
        | NodeType::ProgramGroupSuggestion => &["id", "databaseId"],
        NodeType::SuggestionEvent | NodeType::SuggestionBatch | NodeType::WebhookEndpoint => {
            &["id"]
        }
    }
}

/// What a gateway asks of a subgraph.
#[derive(Debug)]
struct Federation {
    sdl: String,
}

/// What a gateway asks of a subgraph.
#[Object]
impl Federation {
    /// For gateways: the entities that these representations name, in their order; null where one is
    /// hidden from you or unknown.
    #[graphql(name = "_entities", guard = "Authenticated")]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "At most 1,000 objects, each with `__typename` and the fields of one of the type's keys, e.g. `{\"__typename\": \"User\", \"databaseId\": \"456\"}`."
        )]
        representations: Vec<Any>,
    ) -> Result<Vec<Option<Result<Entity>>>> {
        load(ctx, &representations).await
    }

    /// For gateways: what this subgraph is.
    #[graphql(name = "_service")]
    async fn service(&self) -> Service<'_> {
        Service { sdl: &self.sdl }
    }
}

/// What a subgraph says of itself.
#[derive(SimpleObject)]
#[graphql(name = "_Service")]
struct Service<'s> {
    /// The schema of the subgraph in its own language, with the directives of Apollo Federation 2.
    sdl: &'s str,
}

/// Whatever other subgraphs can refer to.
#[derive(Clone, Union)]
#[graphql(name = "_Entity")]
enum Entity {
    Platform(Platform),
    Department(Department),
    Program(Program),
    User(User),
    UserGroup(UserGroup),
    ProgramSuggestion(ProgramSuggestion),
    ProgramGroupSuggestion(ProgramGroupSuggestion),
    WebhookEndpoint(WebhookEndpoint),
    SuggestionEvent(SuggestionEvent),
    SuggestionBatch(SuggestionBatch),
}

impl Entity {
    fn new(node: Node) -> Option<Self> {
        Some(match node {
            Node::Platform(it) => Self::Platform(it),
            Node::Department(it) => Self::Department(it),
            Node::Program(it) => Self::Program(it),
            Node::User(it) => Self::User(it),
            Node::UserGroup(it) => Self::UserGroup(it),
            Node::ProgramSuggestion(it) => Self::ProgramSuggestion(it),
            Node::ProgramGroupSuggestion(it) => Self::ProgramGroupSuggestion(it),
            Node::WebhookEndpoint(it) => Self::WebhookEndpoint(it),
            Node::SuggestionEvent(it) => Self::SuggestionEvent(it),
            Node::SuggestionBatch(it) => Self::SuggestionBatch(it),
            // It is no entity: it is never asked for here.
            Node::SuggestedProgram(_) => return None,
        })
    }
}

/// What a representation names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum EntityName {
    Id(NodeType, i64),
    PlatformKey(String),
    ProgramKey(directory::ProgramKey),
}

/// What these representations name, in their order. One statement for each key that is used.
async fn load(ctx: &Context<'_>, representations: &[Any]) -> Result<Vec<Option<Result<Entity>>>> {
    if representations.len() > MAX_REPRESENTATIONS {
        return Err(wrong(format!(
            "`representations` takes at most {MAX_REPRESENTATIONS} representations, not {}.",
            representations.len()
        ))
        .into());
    }
    let names: Vec<Result<EntityName, Error>> = representations
        .iter()
        .map(|representation| name_of(&representation.0))
        .collect();

    let mut ids: HashMap<NodeType, Vec<i64>> = HashMap::new();
    let (mut platforms, mut programs) = (Vec::new(), Vec::new());
    for name in names.iter().flatten().collect::<HashSet<_>>() {
        match name {
            EntityName::Id(kind, id) => ids.entry(*kind).or_default().push(*id),
            EntityName::PlatformKey(key) => platforms.push(key.as_str()),
            EntityName::ProgramKey(key) => programs.push(key),
        }
    }
    let mut found: HashMap<EntityName, Entity> = HashMap::with_capacity(names.len());
    for (kind, ids) in ids {
        for (id, node) in node::of_type(ctx, kind, &ids).await? {
            if let Some(entity) = Entity::new(node) {
                found.insert(EntityName::Id(kind, id), entity);
            }
        }
    }
    if !platforms.is_empty() {
        for row in directory::platforms_by_key(cx(ctx)?, &platforms).await? {
            let name = EntityName::PlatformKey(row.key.clone());
            found.insert(name, Entity::Platform(Platform(Arc::new(row))));
        }
    }
    if !programs.is_empty() {
        for (key, row) in directory::programs_by_key(cx(ctx)?, &programs).await? {
            let name = EntityName::ProgramKey(key);
            found.insert(name, Entity::Program(Program(Arc::new(row))));
        }
    }
    Ok(names
        .into_iter()
        .map(|name| match name {
            Ok(name) => found.get(&name).cloned().map(Ok),
            Err(error) => Some(Err(error.into())),
        })
        .collect())
}

fn wrong(message: impl Into<String>) -> Error {
    Error::bad_input("representations", message)
}

/// Reads a representation: the first of the type's keys that it has.
///
/// # Errors
/// [`Error::BadInput`] if it is none, [`Error::InvalidId`] if its id is none of its type.
fn name_of(representation: &Value) -> Result<EntityName, Error> {
    let Value::Object(fields) = representation else {
        return Err(wrong(
            "A representation is an object with `__typename` and the fields of a key.",
        ));
    };
    let kind = match fields.get("__typename") {
        Some(Value::String(name)) => NodeType::ALL.into_iter().find(|kind| kind.name() == name),
        _ => None,
    };
    let Some(kind) = kind else {
        let known = NodeType::ALL.map(|kind| format!("`{}`", kind.name()));
        return Err(wrong(format!(
            "`__typename` of a representation must be one of {}.",
            known.join(", ")
        )));
    };
    if let Some(id) = fields.get("id") {
        return match id {
            Value::String(id) => kind.read(id),
            _ => None,
        }
        .map(|id| EntityName::Id(kind, id))
        .ok_or_else(|| {
            Error::InvalidId(format!(
                "This is not the id of a {}: pass on an `id` exactly as it was given.",
                kind.name()
            ))
        });
    }
    let text = |field: &str| match fields.get(field) {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    };
    let name = match kind {
        NodeType::Platform => text("key").map(EntityName::PlatformKey),
        NodeType::Program => match (text("key"), fields.get("platform")) {
            (Some(key), Some(Value::Object(platform))) => match platform.get("key") {
                Some(Value::String(platform)) => {
                    Some(EntityName::ProgramKey(directory::ProgramKey {
                        platform: platform.clone(),
                        key,
                    }))
                }
                _ => None,
            },
            _ => None,
        },
        NodeType::SuggestionEvent | NodeType::SuggestionBatch | NodeType::WebhookEndpoint => None,
        _ => match fields.get("databaseId") {
            Some(Value::String(text)) => id::integer(text),
            Some(Value::Number(number)) => number.as_i64().filter(|number| *number >= 0),
            _ => None,
        }
        .map(|id| EntityName::Id(kind, id)),
    };
    name.ok_or_else(|| {
        let keys: Vec<String> = keys(kind).iter().map(|key| format!("`{key}`")).collect();
        wrong(format!(
            "A representation of a {} has the fields {}.",
            kind.name(),
            keys.join(" or ")
        ))
    })
}
