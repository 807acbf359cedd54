//! Loads what many nested fields of one request ask for, a set at a time. Lists bring along what is
//! right beside their rows; these loaders serve what lies further out.
//!
//! A set is what all fields together ask for before any of them can go on. That is known when the
//! executor comes to rest, not after some time: so loads neither wait for a timer nor run as tasks of
//! their own, but within the request ([`drive`]). The number of statements of a request does not
//! depend on how busy the machine is, and a request that is dropped takes its loads with it.

use std::collections::HashMap;
use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::hash::Hash;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use async_graphql::runtime::Timer;
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use futures_util::task::{FutureObj, Spawn, SpawnError};

use crate::answer::StateCounts;
use crate::domain::Cx;
use crate::domain::directory::{self, Department, Group, NestedList, Platform, Program, User};
use crate::domain::event::{self, SuggestionBatch};
use crate::domain::suggested_program::{self, SuggestedProgram, SuggestedProgramQuery};
use crate::domain::webhook::{self, WebhookDelivery};
use crate::error::{Error, Result};
use crate::page::Slice;

/// The loaders of one request.
pub(super) type Loaders = DataLoader<Directory, HashMapCache>;

/// What the loaders read: the directory, in the sight of the caller.
pub(super) struct Directory(Cx);

pub(super) fn loaders(cx: Cx, begun: &Begun) -> Loaders {
    DataLoader::with_cache(
        Directory(cx),
        begun.clone(),
        NoDelay,
        HashMapCache::default(),
    )
    // A set is read by one statement, however large.
    .max_batch_size(usize::MAX)
}

/// The loads of one request that have not run yet.
#[derive(Clone, Default)]
pub(super) struct Begun(Arc<Mutex<Vec<FutureObj<'static, ()>>>>);

impl Begun {
    fn take(&self) -> Vec<FutureObj<'static, ()>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Spawn for Begun {
    fn spawn_obj(&self, load: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        begun.push(load);
        Ok(())
    }
}

/// A load runs when the executor has come to rest, which is late enough.
struct NoDelay;

impl Timer for NoDelay {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Executes, and whenever all fields wait, runs the loads that they wait for.
pub(super) async fn drive<T>(begun: Option<&Begun>, execution: impl Future<Output = T>) -> T {
    let Some(begun) = begun else {
        return execution.await;
    };
    let mut execution = pin!(execution);
    let mut loads = FuturesUnordered::new();
    poll_fn(|task| {
        loop {
            if let Poll::Ready(answer) = execution.as_mut().poll(task) {
                return Poll::Ready(answer);
            }
            loads.extend(begun.take());
            let mut some_ended = false;
            while let Poll::Ready(Some(())) = loads.poll_next_unpin(task) {
                some_ended = true;
            }
            if !some_ended {
                return Poll::Pending;
            }
        }
    })
    .await
}

/// A platform by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PlatformId(pub(super) i64);

impl Loader<PlatformId> for Directory {
    type Value = Arc<Platform>;
    type Error = Error;

    async fn load(&self, keys: &[PlatformId]) -> Result<HashMap<PlatformId, Self::Value>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = directory::platforms(&self.0, &ids).await?;
        Ok(found
            .into_iter()
            .map(|row| (PlatformId(row.id), Arc::new(row)))
            .collect())
    }
}

/// A department by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct DepartmentId(pub(super) i64);

impl Loader<DepartmentId> for Directory {
    type Value = Arc<Department>;
    type Error = Error;

    async fn load(&self, keys: &[DepartmentId]) -> Result<HashMap<DepartmentId, Self::Value>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = directory::departments(&self.0, &ids).await?;
        Ok(found
            .into_iter()
            .map(|row| (DepartmentId(row.id), Arc::new(row)))
            .collect())
    }
}

/// A list inside an object.
pub(super) trait ListOf: Debug + Copy + Default + Eq + Hash + Send + Sync + 'static {
    /// What is listed.
    type Row: Send + Sync + 'static;

    /// A part of the list of each of these objects.
    fn parts(
        cx: &Cx,
        ids: &[i64],
        list: &NestedList,
    ) -> impl Future<Output = Result<HashMap<i64, Slice<Self::Row>>>> + Send;
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $row:ty = $parts:path;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
            pub(super) struct $name;

            impl ListOf for $name {
                type Row = $row;

                async fn parts(
                    cx: &Cx,
                    ids: &[i64],
                    list: &NestedList,
                ) -> Result<HashMap<i64, Slice<$row>>> {
                    $parts(cx, ids, list).await
                }
            }
        )+
    };
}

lists! {
    /// The programs of a platform.
    ProgramsOf: Program = directory::programs_of;
    /// The groups of a platform.
    GroupsOf: Group = directory::groups_of;
    /// The departments of a platform.
    DepartmentsOf: Department = directory::departments_of;
    /// The users of a platform.
    UsersOf: User = directory::users_of;
    /// The members of a group.
    MembersOf: User = directory::members_of;
    /// The deliveries of an endpoint of webhooks.
    DeliveriesOf: WebhookDelivery = webhook::deliveries_of;
}

/// A part of the list of the object with this id.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Part<L>(L, i64, NestedList);

impl<L: ListOf> Loader<Part<L>> for Directory {
    type Value = Arc<Slice<Arc<L::Row>>>;
    type Error = Error;

    async fn load(&self, keys: &[Part<L>]) -> Result<HashMap<Part<L>, Self::Value>> {
        let mut loaded = HashMap::new();
        for (list, ids) in by_list(keys.iter().map(|key| (key.1, &key.2))) {
            for (id, slice) in L::parts(&self.0, &ids, list).await? {
                let part = Part(L::default(), id, list.clone());
                loaded.insert(part, Arc::new(slice.shared()));
            }
        }
        Ok(loaded)
    }
}

/// A part of the list of the object with this id.
pub(super) async fn part<L: ListOf>(
    loaders: &Loaders,
    which: L,
    id: i64,
    list: NestedList,
) -> Result<Slice<Arc<L::Row>>> {
    let loaded = loaders.load_one(Part(which, id, list)).await?;
    Ok(loaded.map(|slice| (*slice).clone()).unwrap_or_default())
}

/// A user by the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct UserId(pub(super) i64);

impl Loader<UserId> for Directory {
    type Value = Arc<User>;
    type Error = Error;

    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Self::Value>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = directory::users(&self.0, &ids).await?;
        Ok(found
            .into_iter()
            .map(|row| (UserId(row.id), Arc::new(row)))
            .collect())
    }
}

/// A batch by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct BatchId(pub(super) i64);

impl Loader<BatchId> for Directory {
    type Value = Arc<SuggestionBatch>;
    type Error = Error;

    async fn load(&self, keys: &[BatchId]) -> Result<HashMap<BatchId, Self::Value>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = event::batches_by_ids(&self.0, &ids).await?;
        Ok(found
            .into_iter()
            .map(|row| (BatchId(row.id), Arc::new(row)))
            .collect())
    }
}

/// How many members of the group of a group suggestion are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StateCountsOf(pub(super) i64);

impl Loader<StateCountsOf> for Directory {
    type Value = StateCounts;
    type Error = Error;

    async fn load(&self, keys: &[StateCountsOf]) -> Result<HashMap<StateCountsOf, StateCounts>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = suggested_program::state_counts(&self.0, &ids).await?;
        Ok(found
            .into_iter()
            .map(|(id, counts)| (StateCountsOf(id), counts))
            .collect())
    }
}

/// How many events wait for an endpoint of webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PendingOf(pub(super) i64);

impl Loader<PendingOf> for Directory {
    type Value = i64;
    type Error = Error;

    async fn load(&self, keys: &[PendingOf]) -> Result<HashMap<PendingOf, i64>> {
        let ids: Vec<i64> = keys.iter().map(|key| key.0).collect();
        let found = webhook::pending(&self.0, &ids).await?;
        Ok(found
            .into_iter()
            .map(|(id, count)| (PendingOf(id), count))
            .collect())
    }
}

/// A part of the suggested programs of the members of the group of a group suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct MembersOfSuggestion(pub(super) i64, pub(super) SuggestedProgramQuery);

impl Loader<MembersOfSuggestion> for Directory {
    type Value = Arc<Slice<Arc<SuggestedProgram>>>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[MembersOfSuggestion],
    ) -> Result<HashMap<MembersOfSuggestion, Self::Value>> {
        let mut loaded = HashMap::new();
        for (list, ids) in by_list(keys.iter().map(|key| (key.0, &key.1))) {
            for (id, slice) in suggested_program::members(&self.0, &ids, list).await? {
                let slice = Arc::new(slice.shared());
                loaded.insert(MembersOfSuggestion(id, list.clone()), slice);
            }
        }
        Ok(loaded)
    }
}

/// The rows of which the same part is asked for.
fn by_list<'k, L: Eq + Hash>(keys: impl Iterator<Item = (i64, &'k L)>) -> HashMap<&'k L, Vec<i64>> {
    let mut by_list: HashMap<&L, Vec<i64>> = HashMap::new();
    for (id, list) in keys {
        by_list.entry(list).or_default().push(id);
    }
    by_list
}
