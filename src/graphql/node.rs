//! Anything by its global id.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Result};

use super::connection::reaches;
use super::cx;
use super::department::Department;
use super::event::{SuggestionBatch, SuggestionEvent};
use super::id::{self, NodeId, NodeType};
use super::platform::Platform;
use super::program::Program;
use super::program_group_suggestion::ProgramGroupSuggestion;
use super::program_suggestion::ProgramSuggestion;
use super::suggested_program::{self, SuggestedProgram};
use super::suggestion::{SuggestionType, wanted};
use super::user::User;
use super::user_group::UserGroup;
use super::webhook::WebhookEndpoint;
use crate::domain::directory;
use crate::domain::suggestion::join;
use crate::error::Error;

/// The most ids of one request.
const MAX_NODES: usize = 100;

/// Anything that has a global id, by which it can be fetched again.
#[derive(Clone, Interface)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "The global id: opaque, and unique among everything that has one."
))]
pub(super) enum Node {
    Platform(Platform),
    Department(Department),
    Program(Program),
    User(User),
    UserGroup(UserGroup),
    ProgramSuggestion(ProgramSuggestion),
    ProgramGroupSuggestion(ProgramGroupSuggestion),
    SuggestedProgram(SuggestedProgram),
    SuggestionEvent(SuggestionEvent),
    SuggestionBatch(SuggestionBatch),
    WebhookEndpoint(WebhookEndpoint),
}

/// The objects with these ids, in the same order; null where one is hidden or unknown, an error where an
/// id is malformed. One statement a type.
pub(super) async fn load(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Result<Node>>>> {
    if ids.len() > MAX_NODES {
        return Err(Error::bad_input(
            "ids",
            format!("`ids` takes at most {MAX_NODES} ids, not {}.", ids.len()),
        )
        .into());
    }
    let wanted_ids: Vec<_> = ids.iter().map(|id| id::node(id)).collect();
    let mut by_type: HashMap<NodeType, Vec<i64>> = HashMap::new();
    let mut keys = Vec::new();
    for id in wanted_ids.iter().flatten() {
        match id {
            NodeId::Row(kind, id) => {
                let ids = by_type.entry(*kind).or_default();
                if !ids.contains(id) {
                    ids.push(*id);
                }
            }
            NodeId::SuggestedProgram(key) if keys.contains(key) => {}
            NodeId::SuggestedProgram(key) => keys.push(*key),
        }
    }
    let mut found: HashMap<NodeId, Node> = HashMap::with_capacity(ids.len());
    for (kind, ids) in by_type {
        for (id, node) in of_type(ctx, kind, &ids).await? {
            found.insert(NodeId::Row(kind, id), node);
        }
    }
    if !keys.is_empty() {
        for (key, node) in suggested_program::load(ctx, &keys).await? {
            found.insert(NodeId::SuggestedProgram(key), Node::SuggestedProgram(node));
        }
    }
    Ok(wanted_ids
        .into_iter()
        .map(|key| match key {
            Ok(key) => found.get(&key).cloned().map(Ok),
            Err(error) => Some(Err(error.into())),
        })
        .collect())
}

/// What of one type has these ids and is in sight, in any order. One statement.
pub(super) async fn of_type(
    ctx: &Context<'_>,
    kind: NodeType,
    ids: &[i64],
) -> Result<Vec<(i64, Node)>> {
    let cx = cx(ctx)?;
    Ok(match kind {
        NodeType::Platform => directory::platforms(cx, ids)
            .await?
            .into_iter()
            .map(|row| (row.id, Node::Platform(Platform(Arc::new(row)))))
            .collect(),
        NodeType::Department => directory::departments(cx, ids)
            .await?
            .into_iter()
            .map(|row| (row.id, Node::Department(Department(Arc::new(row)))))
            .collect(),
        NodeType::Program => directory::programs(cx, ids)
            .await?
            .into_iter()
            .map(|row| (row.id, Node::Program(Program(Arc::new(row)))))
            .collect(),
        NodeType::User => directory::users(cx, ids)
            .await?
            .into_iter()
            .map(|row| (row.id, Node::User(User(Arc::new(row)))))
            .collect(),
        NodeType::UserGroup => directory::groups(cx, ids)
            .await?
            .into_iter()
            .map(|row| (row.id, Node::UserGroup(UserGroup(Arc::new(row)))))
            .collect(),
        NodeType::SuggestionEvent => crate::domain::event::by_ids(cx, ids)
            .await?
            .into_iter()
            .map(|row| {
                (
                    row.id,
                    Node::SuggestionEvent(SuggestionEvent(Arc::new(row))),
                )
            })
            .collect(),
        NodeType::SuggestionBatch => crate::domain::event::batches_by_ids(cx, ids)
            .await?
            .into_iter()
            .map(|row| {
                (
                    row.id,
                    Node::SuggestionBatch(SuggestionBatch(Arc::new(row))),
                )
            })
            .collect(),
        NodeType::WebhookEndpoint => crate::domain::webhook::by_ids(cx, ids)
            .await?
            .into_iter()
            .map(|row| {
                (
                    row.id,
                    Node::WebhookEndpoint(WebhookEndpoint(Arc::new(row))),
                )
            })
            .collect(),
        NodeType::ProgramSuggestion => suggestions(ctx, ids, Node::ProgramSuggestion).await?,
        NodeType::ProgramGroupSuggestion => {
            suggestions(ctx, ids, Node::ProgramGroupSuggestion).await?
        }
    })
}

async fn suggestions<S: SuggestionType>(
    ctx: &Context<'_>,
    ids: &[i64],
    wrap: fn(S) -> Node,
) -> Result<Vec<(i64, Node)>> {
    let cx = cx(ctx)?;
    let mut rows = directory::suggestions(cx, S::KIND, ids).await?;
    let wants = wanted::<S>(|path| reaches(ctx.look_ahead(), path));
    let mut borrowed: Vec<_> = rows.iter_mut().collect();
    join(cx, S::KIND, &mut borrowed, wants).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.id, wrap(S::from(row))))
        .collect())
}
