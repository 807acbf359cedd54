//! Inputs and answers of the mutations, the same for both kinds of suggestion.

use std::marker::PhantomData;

use async_graphql::{
    Context, ID, InputObject, InputObjectType, InputType, Object, OutputType, SimpleObject,
};

use super::at_once::{AtOnce, Rows, Writer};
use super::connection::reaches;
use super::event::{SuggestionBatch, batch_of};
use super::program_group_suggestion::{self, ProgramGroupSuggestion};
use super::program_suggestion::{self, ProgramSuggestion};
use super::suggestion::{
    BulkErrorPolicy, SuggestionDeleteResult, SuggestionOutcome, SuggestionRef, SuggestionType,
    TargetInput, UserError, UserErrorCode,
};
use crate::domain::suggestion::{Answered, ItemResult, Outcome};
use crate::error::Problem;

/// Suggests many programs at once, each to one user or group.
//
// Fields that are flattened would copy all items.
#[derive(Debug, InputObject)]
#[graphql(
    concrete(
        name = "ProgramSuggestionBulkCreateInput",
        params(program_suggestion::ItemInput)
    ),
    concrete(
        name = "ProgramGroupSuggestionBulkCreateInput",
        params(program_group_suggestion::ItemInput)
    )
)]
pub(super) struct BulkCreateInput<I: InputType> {
    /// Comes back as it is.
    pub(super) client_mutation_id: Option<String>,
    /// The platform's key.
    pub(super) platform_key: String,
    /// The platform's organisation; if given, it must be that platform's.
    pub(super) platform_org: Option<String>,
    /// A department admin sets it to work within the administered departments.
    #[graphql(default)]
    pub(super) department_mode: bool,
    /// What to suggest to whom; at most 10,000 items. The same program and user or group twice: in
    /// order, the last one wins.
    pub(super) items: Vec<I>,
    /// What happens to the good items when another one fails.
    #[graphql(default_with = "BulkErrorPolicy::Continue")]
    pub(super) error_policy: BulkErrorPolicy,
    /// Answer exactly as the real run would, and write nothing.
    #[graphql(default)]
    pub(super) dry_run: bool,
    /// A text of your own, at most 255 characters: the same key and input within 24 hours gives the
    /// first answer again, without doing the work again.
    pub(super) idempotency_key: Option<String>,
}

/// What became of a request to suggest many programs.
pub(super) struct BulkCreatePayload<S> {
    client_mutation_id: Option<String>,
    dry_run: bool,
    answered: Answered,
    kind: PhantomData<S>,
}

impl<S: SuggestionType> BulkCreatePayload<S> {
    pub(super) fn new(
        client_mutation_id: Option<String>,
        dry_run: bool,
        answered: Answered,
    ) -> Self {
        Self {
            client_mutation_id,
            dry_run,
            answered,
            kind: PhantomData,
        }
    }

    fn answer(&self) -> &[ItemResult] {
        self.answered.as_ref().map_or(&[], |answer| &answer.results)
    }

    fn count(&self, outcomes: &[Outcome]) -> i32 {
        let count = self
            .answer()
            .iter()
            .filter(|result| outcomes.contains(&result.outcome))
            .count();
        int(count)
    }
}

/// What became of a request to suggest many programs.
#[Object(
    concrete(name = "ProgramSuggestionBulkCreatePayload", params(ProgramSuggestion)),
    concrete(
        name = "ProgramGroupSuggestionBulkCreatePayload",
        params(ProgramGroupSuggestion)
    )
)]
impl<S: SuggestionType> BulkCreatePayload<S>
where
    BulkResult<S>: OutputType,
{
    /// As it was given.
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }

    /// Whether nothing was written because that was asked for.
    async fn dry_run(&self) -> bool {
        self.dry_run
    }

    /// The number of items that did not fail: created, updated and unchanged.
    async fn successes(&self) -> i32 {
        self.count(&[Outcome::Created, Outcome::Updated, Outcome::Unchanged])
    }

    /// One code for each item that failed, in the order of the items.
    async fn error_codes(&self) -> Vec<UserErrorCode> {
        self.answer()
            .iter()
            .filter_map(|result| result.problem.as_ref())
            .map(|problem| problem.code.into())
            .collect()
    }

    /// The number of suggestions that are new.
    async fn created_count(&self) -> i32 {
        self.count(&[Outcome::Created])
    }

    /// The number of items that changed a suggestion.
    async fn updated_count(&self) -> i32 {
        self.count(&[Outcome::Updated])
    }

    /// The number of items whose suggestion said the same already.
    async fn unchanged_count(&self) -> i32 {
        self.count(&[Outcome::Unchanged])
    }

    /// The number of items that failed.
    async fn failed_count(&self) -> i32 {
        self.count(&[Outcome::Failed])
    }

    /// One result an item, in the order of the items.
    async fn results(&self) -> Rows<BulkResult<S>> {
        let results = self.answer().iter().enumerate();
        let results = results.map(|(index, result)| BulkResult {
            index: int(index),
            outcome: result.outcome.into(),
            suggestion: result.suggestion.clone().map(S::from),
            user_errors: item_errors(&["input", "items"], index, result),
        });
        Rows(results.collect())
    }

    /// The batch of everything that this request changed; null for a dry run, and where nothing changed.
    async fn batch(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SuggestionBatch>> {
        batch_of(
            ctx,
            self.answered.as_ref().ok().and_then(|answer| answer.batch),
        )
        .await
    }

    /// What is wrong with the request as a whole. If there is anything, nothing was done and
    /// `results` is empty.
    async fn user_errors(&self) -> Vec<UserError> {
        request_errors(&self.answered)
    }
}

/// What became of one item.
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "ProgramSuggestionBulkResult", params(ProgramSuggestion)),
    concrete(
        name = "ProgramGroupSuggestionBulkResult",
        params(ProgramGroupSuggestion)
    )
)]
pub(super) struct BulkResult<S: SuggestionType> {
    /// The place of the item in the request, from 0.
    index: i32,
    /// What became of it.
    outcome: SuggestionOutcome,
    /// The suggestion as it is after the request; null if the item failed.
    suggestion: Option<S>,
    /// Why it failed; otherwise empty.
    user_errors: Vec<UserError>,
}

impl<S: SuggestionType> AtOnce for BulkResult<S>
where
    Self: OutputType,
{
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "index" => to.int(self.index),
            "outcome" => to.choice(self.outcome),
            "suggestion" => to.nullable(self.suggestion.as_ref())?,
            "userErrors" => to.list(&self.user_errors)?,
            _ => return None,
        }
        Some(())
    }
}

/// Deletes many suggestions at once.
#[derive(Debug, InputObject)]
#[graphql(
    concrete(name = "ProgramSuggestionBulkDeleteInput", params(ProgramSuggestion)),
    concrete(
        name = "ProgramGroupSuggestionBulkDeleteInput",
        params(ProgramGroupSuggestion)
    )
)]
pub(super) struct BulkDeleteInput<S> {
    /// Comes back as it is.
    pub(super) client_mutation_id: Option<String>,
    /// The platform's key.
    pub(super) platform_key: String,
    /// The platform's organisation; if given, it must be that platform's.
    pub(super) platform_org: Option<String>,
    /// A department admin sets it to work within the administered departments.
    #[graphql(default)]
    pub(super) department_mode: bool,
    /// Which suggestions; at most 10,000.
    pub(super) suggestions: Vec<SuggestionRef>,
    /// What happens to the good items when another one fails.
    #[graphql(default_with = "BulkErrorPolicy::Continue")]
    pub(super) error_policy: BulkErrorPolicy,
    /// Answer exactly as the real run would, and write nothing.
    #[graphql(default)]
    pub(super) dry_run: bool,
    /// A text of your own, at most 255 characters: the same key and input within 24 hours gives the
    /// first answer again, without doing the work again.
    pub(super) idempotency_key: Option<String>,
    #[graphql(skip)]
    kind: PhantomData<S>,
}

/// What became of a request to delete many suggestions.
pub(super) struct BulkDeletePayload<S> {
    client_mutation_id: Option<String>,
    dry_run: bool,
    answered: Answered,
    kind: PhantomData<S>,
}

impl<S: SuggestionType> BulkDeletePayload<S> {
    pub(super) fn new(
        client_mutation_id: Option<String>,
        dry_run: bool,
        answered: Answered,
    ) -> Self {
        Self {
            client_mutation_id,
            dry_run,
            answered,
            kind: PhantomData,
        }
    }

    fn answer(&self) -> &[ItemResult] {
        self.answered.as_ref().map_or(&[], |answer| &answer.results)
    }
}

/// What became of a request to delete many suggestions.
#[Object(
    concrete(name = "ProgramSuggestionBulkDeletePayload", params(ProgramSuggestion)),
    concrete(
        name = "ProgramGroupSuggestionBulkDeletePayload",
        params(ProgramGroupSuggestion)
    )
)]
impl<S: SuggestionType> BulkDeletePayload<S> {
    /// As it was given.
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }

    /// Whether nothing was written because that was asked for.
    async fn dry_run(&self) -> bool {
        self.dry_run
    }

    /// The global ids of the suggestions that were deleted.
    async fn deleted_ids(&self) -> Vec<ID> {
        self.answer()
            .iter()
            .filter_map(|result| result.deleted)
            .map(|id| S::NODE.id(id))
            .collect()
    }

    /// The number of suggestions that were deleted.
    async fn deleted_count(&self) -> i32 {
        int(self
            .answer()
            .iter()
            .filter(|result| result.outcome == Outcome::Deleted)
            .count())
    }

    /// The number of items that failed.
    async fn failed_count(&self) -> i32 {
        int(self
            .answer()
            .iter()
            .filter(|result| result.outcome == Outcome::Failed)
            .count())
    }

    /// One result an item, in the order of the items.
    async fn results(&self) -> Rows<SuggestionDeleteResult> {
        let results = self.answer().iter().enumerate();
        let results = results.map(|(index, result)| SuggestionDeleteResult {
            index: int(index),
            outcome: result.outcome.into(),
            deleted_id: result.deleted.map(|id| S::NODE.id(id)),
            user_errors: item_errors(&["input", "suggestions"], index, result),
        });
        Rows(results.collect())
    }

    /// The batch of everything that this request changed; null for a dry run, and where nothing changed.
    async fn batch(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SuggestionBatch>> {
        batch_of(
            ctx,
            self.answered.as_ref().ok().and_then(|answer| answer.batch),
        )
        .await
    }

    /// What is wrong with the request as a whole. If there is anything, nothing was done and
    /// `results` is empty.
    async fn user_errors(&self) -> Vec<UserError> {
        request_errors(&self.answered)
    }
}

/// Suggests a program to a user or group, or changes what is suggested already.
#[derive(Debug, InputObject)]
#[graphql(
    concrete(
        name = "ProgramSuggestionCreateInput",
        params(program_suggestion::ItemInput)
    ),
    concrete(
        name = "ProgramGroupSuggestionCreateInput",
        params(program_group_suggestion::ItemInput)
    )
)]
pub(super) struct CreateInput<I: InputObjectType> {
    /// Comes back as it is.
    pub(super) client_mutation_id: Option<String>,
    #[graphql(flatten)]
    pub(super) target: TargetInput,
    #[graphql(flatten)]
    pub(super) item: I,
}

/// What became of a suggestion.
pub(super) struct CreatePayload<S> {
    client_mutation_id: Option<String>,
    result: Result<(SuggestionOutcome, S), Problem>,
    batch: Option<i64>,
}

impl<S: SuggestionType> CreatePayload<S> {
    pub(super) fn new(client_mutation_id: Option<String>, answered: Answered) -> Self {
        let batch = answered.as_ref().ok().and_then(|answer| answer.batch);
        let result = answered.and_then(|answer| {
            let result = answer.results.into_iter().next();
            match result.map(|result| (result.outcome, result.suggestion, result.problem)) {
                Some((outcome, Some(row), _)) => Ok((outcome.into(), S::from(row))),
                Some((_, None, Some(problem))) => Err(problem),
                _ => Err(Problem::new(
                    crate::error::ProblemCode::Conflict,
                    &[],
                    "Nothing was done. Please try again.",
                )),
            }
        });
        Self {
            client_mutation_id,
            result,
            batch,
        }
    }
}

/// What became of a suggestion.
#[Object(
    concrete(name = "ProgramSuggestionCreatePayload", params(ProgramSuggestion)),
    concrete(
        name = "ProgramGroupSuggestionCreatePayload",
        params(ProgramGroupSuggestion)
    )
)]
impl<S: SuggestionType> CreatePayload<S> {
    /// As it was given.
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }

    /// `CREATED`, `UPDATED`, `UNCHANGED` or `FAILED`.
    async fn outcome(&self) -> SuggestionOutcome {
        match &self.result {
            Ok((outcome, _)) => *outcome,
            Err(_) => SuggestionOutcome::Failed,
        }
    }

    /// The suggestion as it is now; null if it failed.
    async fn suggestion(&self) -> Option<S> {
        let (_, suggestion) = self.result.as_ref().ok()?;
        Some(suggestion.clone())
    }

    /// The batch of everything that this request changed; null for a dry run, and where nothing changed.
    async fn batch(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SuggestionBatch>> {
        batch_of(ctx, self.batch).await
    }

    /// Why it failed; otherwise empty.
    async fn user_errors(&self) -> Vec<UserError> {
        let problem = self.result.as_ref().err();
        problem
            .map(|problem| UserError::at(&["input"], problem))
            .into_iter()
            .collect()
    }
}

/// Deletes a suggestion.
#[derive(Debug, InputObject)]
#[graphql(
    concrete(name = "ProgramSuggestionDeleteInput", params(ProgramSuggestion)),
    concrete(
        name = "ProgramGroupSuggestionDeleteInput",
        params(ProgramGroupSuggestion)
    )
)]
pub(super) struct DeleteInput<S> {
    /// Comes back as it is.
    pub(super) client_mutation_id: Option<String>,
    /// The platform's key. Without it the suggestion is looked for wherever you may manage any.
    pub(super) platform_key: Option<String>,
    /// A department admin sets it to work within the administered departments.
    #[graphql(default)]
    pub(super) department_mode: bool,
    /// Which suggestion.
    pub(super) suggestion: SuggestionRef,
    #[graphql(skip)]
    kind: PhantomData<S>,
}

/// What became of a suggestion that was to be deleted.
pub(super) struct DeletePayload<S> {
    client_mutation_id: Option<String>,
    /// With the batch.
    deleted: Result<(i64, Option<i64>), Problem>,
    kind: PhantomData<S>,
}

impl<S: SuggestionType> DeletePayload<S> {
    pub(super) fn new(
        client_mutation_id: Option<String>,
        deleted: Result<(i64, Option<i64>), Problem>,
    ) -> Self {
        Self {
            client_mutation_id,
            deleted,
            kind: PhantomData,
        }
    }
}

/// What became of a suggestion that was to be deleted.
#[Object(
    concrete(name = "ProgramSuggestionDeletePayload", params(ProgramSuggestion)),
    concrete(
        name = "ProgramGroupSuggestionDeletePayload",
        params(ProgramGroupSuggestion)
    )
)]
impl<S: SuggestionType> DeletePayload<S> {
    /// As it was given.
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }

    /// The global id of the suggestion that was deleted, for your store to forget; null if none was.
    async fn deleted_id(&self) -> Option<ID> {
        self.deleted.as_ref().ok().map(|(id, _)| S::NODE.id(*id))
    }

    /// The batch of everything that this request changed; null for a dry run, and where nothing changed.
    async fn batch(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SuggestionBatch>> {
        batch_of(
            ctx,
            self.deleted.as_ref().ok().and_then(|(_, batch)| *batch),
        )
        .await
    }

    /// Why nothing was deleted; otherwise empty.
    async fn user_errors(&self) -> Vec<UserError> {
        self.deleted
            .as_ref()
            .err()
            .map(|problem| UserError::at(&["input", "suggestion"], problem))
            .into_iter()
            .collect()
    }
}

fn item_errors(path: &[&str], index: usize, result: &ItemResult) -> Vec<UserError> {
    let Some(problem) = &result.problem else {
        return Vec::new();
    };
    let index = index.to_string();
    let path: Vec<&str> = path.iter().copied().chain([index.as_str()]).collect();
    vec![UserError::at(&path, problem)]
}

fn request_errors(answered: &Answered) -> Vec<UserError> {
    answered
        .as_ref()
        .err()
        .map(|problem| UserError::at(&["input"], problem))
        .into_iter()
        .collect()
}

/// A number of items as the `Int` of GraphQL; there are never more than 100,000.
pub(super) fn int(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// What to read along with the results of a bulk request.
pub(super) fn selects_in_results(ctx: &Context<'_>, path: &str) -> bool {
    let results = ctx.look_ahead().field("results");
    reaches(results.field("suggestion"), path)
}
