//! Inputs and answers of the mutations on everything that a list shows.

use std::marker::PhantomData;

use async_graphql::{Context, InputObject, InputType, Object, Result};

use super::connection::counted;
use super::cx;
use super::event::{SuggestionBatch, batch_of};
use super::program_group_suggestion::{self, ProgramGroupSuggestion};
use super::program_suggestion::{self, ProgramSuggestion};
use super::suggestion::{
    BulkErrorPolicy, NoticeInput, RunInput, SuggestionType, TargetInput, UserError,
};
use crate::domain::suggestion::{Changes, Filter, Matched, Matching, MatchingAct, act_on_matching};
use crate::error::Error;

/// The filter of one of the two kinds of list.
pub(super) trait ListFilter: InputType {
    /// The filter, with the text that is searched for.
    fn read(filter: Option<Self>, query: Option<&str>) -> Result<Filter, Error>;
}

/// New values for many suggestions. At least one must be given.
#[derive(Debug, InputObject)]
#[graphql(name = "SuggestionChanges")]
pub(super) struct ChangesInput {
    /// Omitted or null: as it is.
    accepted: Option<bool>,
    /// Omitted or null: as it is.
    visible: Option<bool>,
    #[graphql(flatten)]
    notice: NoticeInput,
}

/// Changes every suggestion that the list with this `query` and `filter` shows you.
#[derive(Debug, InputObject)]
#[graphql(
    concrete(
        name = "ProgramSuggestionUpdateWhereInput",
        params(program_suggestion::FilterInput)
    ),
    concrete(
        name = "ProgramGroupSuggestionUpdateWhereInput",
        params(program_group_suggestion::FilterInput)
    )
)]
pub(super) struct UpdateWhereInput<F: InputType> {
    /// Comes back as it is.
    client_mutation_id: Option<String>,
    #[graphql(flatten)]
    target: TargetInput,
    /// As in the list. Blank is no filter.
    query: Option<String>,
    /// As in the list. Without it everything in your scope is changed.
    filter: Option<F>,
    /// The new values.
    set: ChangesInput,
    /// The `totalCount` of the list: if another number of suggestions matches by now, nothing is done.
    expected_count: i32,
    #[graphql(flatten)]
    run: RunInput,
}

/// Deletes every suggestion that the list with this `query` and `filter` shows you.
#[derive(Debug, InputObject)]
#[graphql(
    concrete(
        name = "ProgramSuggestionDeleteWhereInput",
        params(program_suggestion::FilterInput)
    ),
    concrete(
        name = "ProgramGroupSuggestionDeleteWhereInput",
        params(program_group_suggestion::FilterInput)
    )
)]
pub(super) struct DeleteWhereInput<F: InputType> {
    /// Comes back as it is.
    client_mutation_id: Option<String>,
    #[graphql(flatten)]
    target: TargetInput,
    /// As in the list. Blank is no filter.
    query: Option<String>,
    /// As in the list. Without it everything in your scope is deleted.
    filter: Option<F>,
    /// The `totalCount` of the list: if another number of suggestions matches by now, nothing is done.
    expected_count: i32,
    #[graphql(flatten)]
    run: RunInput,
}

/// What became of a change by filter.
pub(super) struct UpdateWherePayload<S> {
    client_mutation_id: Option<String>,
    dry_run: bool,
    matched: Matched,
    kind: PhantomData<S>,
}

/// What became of a change by filter.
#[Object(
    concrete(
        name = "ProgramSuggestionUpdateWherePayload",
        params(ProgramSuggestion)
    ),
    concrete(
        name = "ProgramGroupSuggestionUpdateWherePayload",
        params(ProgramGroupSuggestion)
    )
)]
impl<S: SuggestionType> UpdateWherePayload<S> {
    /// As it was given.
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }

    /// Whether nothing was written because that was asked for.
    async fn dry_run(&self) -> bool {
        self.dry_run
    }

    /// How many suggestions match, also where that is not `expectedCount`.
    async fn matched_count(&self) -> Result<i32> {
        counted(Some(self.matched.matched))
    }

    /// How many suggestions were changed.
    async fn updated_count(&self) -> Result<i32> {
        counted(Some(self.matched.done))
    }

    /// How many suggestions said the same already.
    async fn unchanged_count(&self) -> Result<i32> {
        counted(Some(match self.matched.problem {
            Some(_) => 0,
            None => self.matched.matched - self.matched.done,
        }))
    }

    /// The batch of everything that this request changed; null for a dry run, and where nothing changed.
    async fn batch(&self, ctx: &Context<'_>) -> Result<Option<SuggestionBatch>> {
        batch_of(ctx, self.matched.batch).await
    }

    /// Why nothing was done; otherwise empty.
    async fn user_errors(&self) -> Vec<UserError> {
        user_errors(&self.matched)
    }
}

/// What became of a deletion by filter.
pub(super) struct DeleteWherePayload<S> {
    client_mutation_id: Option<String>,
    dry_run: bool,
    matched: Matched,
    kind: PhantomData<S>,
}

/// What became of a deletion by filter.
#[Object(
    concrete(
        name = "ProgramSuggestionDeleteWherePayload",
        params(ProgramSuggestion)
    ),
    concrete(
        name = "ProgramGroupSuggestionDeleteWherePayload",
        params(ProgramGroupSuggestion)
    )
)]
impl<S: SuggestionType> DeleteWherePayload<S> {
    /// As it was given.
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }

    /// Whether nothing was written because that was asked for.
    async fn dry_run(&self) -> bool {
        self.dry_run
    }

    /// How many suggestions match, also where that is not `expectedCount`.
    async fn matched_count(&self) -> Result<i32> {
        counted(Some(self.matched.matched))
    }

    /// How many suggestions were deleted.
    async fn deleted_count(&self) -> Result<i32> {
        counted(Some(self.matched.done))
    }

    /// The batch of everything that this request changed; null for a dry run, and where nothing changed.
    async fn batch(&self, ctx: &Context<'_>) -> Result<Option<SuggestionBatch>> {
        batch_of(ctx, self.matched.batch).await
    }

    /// Why nothing was done; otherwise empty.
    async fn user_errors(&self) -> Vec<UserError> {
        user_errors(&self.matched)
    }
}

fn user_errors(matched: &Matched) -> Vec<UserError> {
    let problem = matched.problem.as_ref();
    problem
        .map(|problem| UserError::at(&["input"], problem))
        .into_iter()
        .collect()
}

pub(super) async fn update_where<S: SuggestionType, F: ListFilter>(
    ctx: &Context<'_>,
    input: UpdateWhereInput<F>,
) -> Result<UpdateWherePayload<S>> {
    let request = Matching {
        kind: S::KIND,
        platform: input.target.into(),
        filter: F::read(input.filter, input.query.as_deref())?,
        expected: input.expected_count.into(),
        act: MatchingAct::Update(Changes {
            accepted: input.set.accepted,
            visible: input.set.visible,
            notice: input.set.notice.into(),
        }),
        mode: input.run.mode(BulkErrorPolicy::Continue),
    };
    Ok(UpdateWherePayload {
        client_mutation_id: input.client_mutation_id,
        dry_run: request.mode.dry_run,
        matched: Box::pin(act_on_matching(cx(ctx)?, &request)).await?,
        kind: PhantomData,
    })
}

pub(super) async fn delete_where<S: SuggestionType, F: ListFilter>(
    ctx: &Context<'_>,
    input: DeleteWhereInput<F>,
) -> Result<DeleteWherePayload<S>> {
    let request = Matching {
        kind: S::KIND,
        platform: input.target.into(),
        filter: F::read(input.filter, input.query.as_deref())?,
        expected: input.expected_count.into(),
        act: MatchingAct::Delete,
        mode: input.run.mode(BulkErrorPolicy::Continue),
    };
    Ok(DeleteWherePayload {
        client_mutation_id: input.client_mutation_id,
        dry_run: request.mode.dry_run,
        matched: Box::pin(act_on_matching(cx(ctx)?, &request)).await?,
        kind: PhantomData,
    })
}
