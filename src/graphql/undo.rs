//! Input and answer of the mutation that takes a batch back.

use async_graphql::{Context, ID, InputObject, Object, Result};

use super::at_once::{AtOnce, Rows, Writer};
use super::bulk::int;
use super::cx;
use super::event::{SuggestionBatch, batch_of};
use super::id::NodeType;
use super::suggestion::{BulkErrorPolicy, RunInput, SuggestionOutcome, TargetInput, UserError};
use crate::domain::suggestion::{Outcome, Undo, Undone, undo};
use crate::error::Problem;
use crate::kind::Kind;

/// Takes back everything that a batch changed.
#[derive(Debug, InputObject)]
#[graphql(name = "SuggestionBatchUndoInput")]
pub(super) struct UndoInput {
    /// Comes back as it is.
    client_mutation_id: Option<String>,
    #[graphql(flatten)]
    target: TargetInput,
    /// Which batch: its global id. A department admin may undo a batch that lies wholly in scope.
    batch: ID,
    /// What happens to the good items when another one fails.
    #[graphql(default_with = "BulkErrorPolicy::Continue")]
    error_policy: BulkErrorPolicy,
    #[graphql(flatten)]
    run: RunInput,
}

/// What became of a request to take a batch back.
pub(super) struct UndoPayload {
    client_mutation_id: Option<String>,
    dry_run: bool,
    undone: Result<Undone, Problem>,
}

impl UndoPayload {
    fn count(&self, outcome: Outcome) -> i32 {
        int(self
            .undone
            .as_ref()
            .map_or(0, |undone| undone.count(outcome)))
    }
}

/// What became of a request to take a batch back.
#[Object(name = "SuggestionBatchUndoPayload")]
impl UndoPayload {
    /// As it was given.
    async fn client_mutation_id(&self) -> Option<&str> {
        self.client_mutation_id.as_deref()
    }

    /// Whether nothing was written because that was asked for.
    async fn dry_run(&self) -> bool {
        self.dry_run
    }

    /// The batch that the undo itself is: undo it to have the changes again. Null for a dry run, and where nothing
    /// was done.
    async fn batch(&self, ctx: &Context<'_>) -> Result<Option<SuggestionBatch>> {
        batch_of(
            ctx,
            self.undone.as_ref().ok().and_then(|undone| undone.batch),
        )
        .await
    }

    /// The number of suggestions that are there again.
    async fn created_count(&self) -> i32 {
        self.count(Outcome::Created)
    }

    /// The number of suggestions that say again what they said.
    async fn updated_count(&self) -> i32 {
        self.count(Outcome::Updated)
    }

    /// The number of suggestions that were deleted, because the batch had made them.
    async fn deleted_count(&self) -> i32 {
        self.count(Outcome::Deleted)
    }

    /// The number of suggestions of which nothing had to be taken back.
    async fn unchanged_count(&self) -> i32 {
        self.count(Outcome::Unchanged)
    }

    /// The number of suggestions that were left as they are, because they changed since.
    async fn failed_count(&self) -> i32 {
        self.count(Outcome::Failed)
    }

    /// One result a suggestion that the batch touched, in the order of its events.
    async fn results(&self) -> Rows<UndoResult> {
        let results = self.undone.iter().flat_map(|undone| &undone.results);
        let results = results.map(|result| UndoResult {
            suggestion_id: match result.kind {
                Kind::User => NodeType::ProgramSuggestion,
                Kind::Group => NodeType::ProgramGroupSuggestion,
            }
            .id(result.id),
            outcome: result.outcome.into(),
            user_errors: result
                .problem
                .iter()
                .map(|problem| UserError::at(&["input", "batch"], problem))
                .collect(),
        });
        Rows(results.collect())
    }

    /// What is wrong with the request as a whole. If there is anything, nothing was done and
    /// `results` is empty.
    async fn user_errors(&self) -> Vec<UserError> {
        self.undone
            .as_ref()
            .err()
            .map(|problem| UserError::at(&["input"], problem))
            .into_iter()
            .collect()
    }
}

/// What became of one suggestion that the batch touched.
#[derive(async_graphql::SimpleObject)]
#[graphql(name = "SuggestionBatchUndoResult")]
pub(super) struct UndoResult {
    /// The global id of the suggestion, also of one that is deleted.
    suggestion_id: ID,
    /// `DELETED` of what the batch had made, `CREATED` of what it had deleted, `UPDATED` of what it had changed.
    outcome: SuggestionOutcome,
    /// Why it failed: `CONFLICT` where the same thing changed since. Otherwise empty.
    user_errors: Vec<UserError>,
}

impl AtOnce for UndoResult {
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()> {
        match field {
            "suggestionId" => to.text(self.suggestion_id.as_str()),
            "outcome" => to.choice(self.outcome),
            "userErrors" => to.list(&self.user_errors)?,
            _ => return None,
        }
        Some(())
    }
}

pub(super) async fn batch_undo(ctx: &Context<'_>, input: UndoInput) -> Result<UndoPayload> {
    let request = Undo {
        platform: input.target.into(),
        batch: NodeType::SuggestionBatch.input(&input.batch, &["batch"]),
        mode: input.run.mode(input.error_policy),
    };
    Ok(UndoPayload {
        client_mutation_id: input.client_mutation_id,
        dry_run: request.mode.dry_run,
        undone: Box::pin(undo(cx(ctx)?, &request)).await?,
    })
}
