//! The mutations.

use async_graphql::{Context, InputObjectType, InputType, Object, Result};

use super::bulk::{
    BulkCreateInput, BulkCreatePayload, BulkDeleteInput, BulkDeletePayload, CreateInput,
    CreatePayload, DeleteInput, DeletePayload, selects_in_results,
};
use super::connection::reaches;
use super::cx;
use super::guard::{Administrator, Authenticated};
use super::matching::{
    DeleteWhereInput, DeleteWherePayload, UpdateWhereInput, UpdateWherePayload, delete_where,
    update_where,
};
use super::program_group_suggestion::{self, ProgramGroupSuggestion};
use super::program_suggestion::{self, ProgramSuggestion};
use super::suggested_program::{
    self, Accept, AcceptInput, AnswerPayload, Dismiss, DismissInput, Restore, RestoreInput,
};
use super::suggestion::{SuggestionType, platform_ref, wanted};
use super::undo::{UndoInput, UndoPayload, batch_undo};
use super::webhook;
use crate::domain::suggested_program::Saying;
use crate::domain::suggestion::{
    self, Answered, Create, Delete, DeleteOne, Item, Mode, Wants, join,
};
use crate::error::Problem;

/// What can be done.
#[derive(Debug)]
pub struct Mutation;

/// What can be done.
#[Object]
impl Mutation {
    /// Suggests many programs to users at once, or changes what is suggested already: each item on its
    /// own, or all or nothing.
    #[graphql(guard = "Administrator")]
    async fn program_suggestion_bulk_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to suggest to whom.")] input: BulkCreateInput<
            program_suggestion::ItemInput,
        >,
    ) -> Result<BulkCreatePayload<ProgramSuggestion>> {
        bulk_create(ctx, input).await
    }

    /// Deletes many suggestions to users at once: each item on its own, or all or nothing.
    #[graphql(guard = "Administrator")]
    async fn program_suggestion_bulk_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestions to delete.")] input: BulkDeleteInput<ProgramSuggestion>,
    ) -> Result<BulkDeletePayload<ProgramSuggestion>> {
        bulk_delete(ctx, input).await
    }

    /// Suggests a program to a user, or changes what is suggested already.
    #[graphql(guard = "Administrator")]
    async fn program_suggestion_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to suggest to whom.")] input: CreateInput<
            program_suggestion::ItemInput,
        >,
    ) -> Result<CreatePayload<ProgramSuggestion>> {
        create(ctx, input).await
    }

    /// Deletes a suggestion to a user.
    #[graphql(guard = "Administrator")]
    async fn program_suggestion_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestion to delete.")] input: DeleteInput<ProgramSuggestion>,
    ) -> Result<DeletePayload<ProgramSuggestion>> {
        delete(ctx, input).await
    }

    /// Accepts a program that is suggested to you. You may change your answer as long as it is suggested.
    #[graphql(guard = "Authenticated")]
    async fn suggested_program_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggested program.")] input: AcceptInput,
    ) -> Result<AnswerPayload<Accept>> {
        let id = input.client_mutation_id;
        suggested_program::answer(ctx, id, input.suggested_program, Saying::Accept).await
    }

    /// Dismisses a program that is suggested to you. Dismissing again replaces reason and comment.
    #[graphql(guard = "Authenticated")]
    async fn suggested_program_dismiss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggested program, and why.")] input: DismissInput,
    ) -> Result<AnswerPayload<Dismiss>> {
        let saying = Saying::Dismiss {
            reason: input.reason.into(),
            comment: input.comment,
        };
        let id = input.client_mutation_id;
        suggested_program::answer(ctx, id, input.suggested_program, saying).await
    }

    /// Takes your answer to a suggested program back.
    #[graphql(guard = "Authenticated")]
    async fn suggested_program_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggested program.")] input: RestoreInput,
    ) -> Result<AnswerPayload<Restore>> {
        let id = input.client_mutation_id;
        suggested_program::answer(ctx, id, input.suggested_program, Saying::Restore).await
    }

    /// Suggests many programs to groups at once, or changes what is suggested already: each item on its
    /// own, or all or nothing.
    #[graphql(guard = "Administrator")]
    async fn program_group_suggestion_bulk_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to suggest to whom.")] input: BulkCreateInput<
            program_group_suggestion::ItemInput,
        >,
    ) -> Result<BulkCreatePayload<ProgramGroupSuggestion>> {
        bulk_create(ctx, input).await
    }

    /// Deletes many suggestions to groups at once: each item on its own, or all or nothing.
    #[graphql(guard = "Administrator")]
    async fn program_group_suggestion_bulk_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestions to delete.")] input: BulkDeleteInput<
            ProgramGroupSuggestion,
        >,
    ) -> Result<BulkDeletePayload<ProgramGroupSuggestion>> {
        bulk_delete(ctx, input).await
    }

    /// Suggests a program to a group, or changes what is suggested already.
    #[graphql(guard = "Administrator")]
    async fn program_group_suggestion_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to suggest to whom.")] input: CreateInput<
            program_group_suggestion::ItemInput,
        >,
    ) -> Result<CreatePayload<ProgramGroupSuggestion>> {
        create(ctx, input).await
    }

    /// Deletes a suggestion to a group.
    #[graphql(guard = "Administrator")]
    async fn program_group_suggestion_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestion to delete.")] input: DeleteInput<ProgramGroupSuggestion>,
    ) -> Result<DeletePayload<ProgramGroupSuggestion>> {
        delete(ctx, input).await
    }

    /// Changes all suggestions to users that a list with the same `query` and `filter` shows you; at most 100,000.
    #[graphql(guard = "Administrator")]
    async fn program_suggestion_update_where(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestions, and what they are to say.")] input: UpdateWhereInput<
            program_suggestion::FilterInput,
        >,
    ) -> Result<UpdateWherePayload<ProgramSuggestion>> {
        update_where(ctx, input).await
    }

    /// Deletes all suggestions to users that a list with the same `query` and `filter` shows you; at most 100,000.
    #[graphql(guard = "Administrator")]
    async fn program_suggestion_delete_where(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestions.")] input: DeleteWhereInput<
            program_suggestion::FilterInput,
        >,
    ) -> Result<DeleteWherePayload<ProgramSuggestion>> {
        delete_where(ctx, input).await
    }

    /// Changes all suggestions to groups that a list with the same `query` and `filter` shows you; at most 100,000.
    #[graphql(guard = "Administrator")]
    async fn program_group_suggestion_update_where(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestions, and what they are to say.")] input: UpdateWhereInput<
            program_group_suggestion::FilterInput,
        >,
    ) -> Result<UpdateWherePayload<ProgramGroupSuggestion>> {
        update_where(ctx, input).await
    }

    /// Deletes all suggestions to groups that a list with the same `query` and `filter` shows you; at most 100,000.
    #[graphql(guard = "Administrator")]
    async fn program_group_suggestion_delete_where(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestions.")] input: DeleteWhereInput<
            program_group_suggestion::FilterInput,
        >,
    ) -> Result<DeleteWherePayload<ProgramGroupSuggestion>> {
        delete_where(ctx, input).await
    }

    /// Takes back everything that a batch changed, suggestion by suggestion, each only if nobody changed the same
    /// thing since. An undo is a batch as well: undo it to have the changes again. Answers of people stay.
    #[graphql(guard = "Administrator")]
    async fn suggestion_batch_undo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which batch.")] input: UndoInput,
    ) -> Result<UndoPayload> {
        batch_undo(ctx, input).await
    }

    /// Has an address told what happens on a platform from now on; at most 20 on a platform. For those who manage
    /// the platform.
    #[graphql(guard = "Administrator")]
    async fn webhook_endpoint_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to send what.")] input: webhook::CreateInput,
    ) -> Result<webhook::SecretPayload<webhook::Create>> {
        webhook::create(ctx, input).await
    }

    /// Changes an endpoint, pauses it, or starts it again.
    #[graphql(guard = "Administrator")]
    async fn webhook_endpoint_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint, and what to change.")] input: webhook::UpdateInput,
    ) -> Result<webhook::EndpointPayload<webhook::Update>> {
        webhook::update(ctx, input).await
    }

    /// Gives an endpoint another secret. For 24 hours messages are signed with the former one too, so that you can
    /// tell your receiver the new one; a second change in that time ends the first secret.
    #[graphql(guard = "Administrator")]
    async fn webhook_endpoint_rotate_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: webhook::RotateSecretInput,
    ) -> Result<webhook::SecretPayload<webhook::RotateSecret>> {
        webhook::rotate_secret(ctx, input).await
    }

    /// Sends again what happened after a cursor.
    #[graphql(guard = "Administrator")]
    async fn webhook_endpoint_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint, and from where.")] input: webhook::ReplayInput,
    ) -> Result<webhook::EndpointPayload<webhook::Replay>> {
        webhook::replay(ctx, input).await
    }

    /// Deletes an endpoint with the list of its deliveries. What waits for it is not sent.
    #[graphql(guard = "Administrator")]
    async fn webhook_endpoint_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which endpoint.")] input: webhook::DeleteInput,
    ) -> Result<webhook::DeletePayload> {
        webhook::delete(ctx, input).await
    }
}

async fn bulk_create<S, I>(
    ctx: &Context<'_>,
    input: BulkCreateInput<I>,
) -> Result<BulkCreatePayload<S>>
where
    S: SuggestionType,
    I: InputType + TryInto<Item, Error = Problem>,
{
    let request = Create {
        kind: S::KIND,
        operation: S::KIND.bulk_create(),
        platform: platform_ref(
            input.platform_key,
            input.platform_org,
            input.department_mode,
        ),
        mode: Mode {
            policy: input.error_policy.into(),
            dry_run: input.dry_run,
            idempotency_key: input.idempotency_key,
        },
        items: input.items.into_iter().map(TryInto::try_into).collect(),
    };
    let mut answered = suggestion::create(cx(ctx)?, &request).await?;
    let wants = wanted::<S>(|field| selects_in_results(ctx, field));
    complete::<S>(ctx, &mut answered, wants).await?;
    Ok(BulkCreatePayload::new(
        input.client_mutation_id,
        input.dry_run,
        answered,
    ))
}

async fn bulk_delete<S: SuggestionType>(
    ctx: &Context<'_>,
    input: BulkDeleteInput<S>,
) -> Result<BulkDeletePayload<S>> {
    let request = Delete {
        kind: S::KIND,
        operation: S::KIND.bulk_delete(),
        platform: platform_ref(
            input.platform_key,
            input.platform_org,
            input.department_mode,
        ),
        ids: input
            .suggestions
            .iter()
            .map(|suggestion| suggestion.id::<S>())
            .collect(),
        mode: Mode {
            policy: input.error_policy.into(),
            dry_run: input.dry_run,
            idempotency_key: input.idempotency_key,
        },
    };
    let answered = suggestion::delete(cx(ctx)?, &request).await?;
    Ok(BulkDeletePayload::new(
        input.client_mutation_id,
        input.dry_run,
        answered,
    ))
}

async fn create<S, I>(ctx: &Context<'_>, input: CreateInput<I>) -> Result<CreatePayload<S>>
where
    S: SuggestionType,
    I: InputObjectType + TryInto<Item, Error = Problem>,
{
    let request = Create {
        kind: S::KIND,
        operation: S::KIND.create(),
        platform: input.target.into(),
        items: vec![input.item.try_into()],
        mode: Mode::default(),
    };
    let mut answered = suggestion::create(cx(ctx)?, &request).await?;
    let wants = wanted::<S>(|path| reaches(ctx.look_ahead().field("suggestion"), path));
    complete::<S>(ctx, &mut answered, wants).await?;
    Ok(CreatePayload::new(input.client_mutation_id, answered))
}

async fn delete<S: SuggestionType>(
    ctx: &Context<'_>,
    input: DeleteInput<S>,
) -> Result<DeletePayload<S>> {
    let deleted = match input.suggestion.id::<S>() {
        Ok(id) => {
            let request = DeleteOne {
                kind: S::KIND,
                operation: S::KIND.delete(),
                platform_key: input.platform_key,
                platform_org: None,
                department_mode: input.department_mode,
                id,
            };
            suggestion::delete_one(cx(ctx)?, &request).await?
        }
        Err(problem) => Err(problem),
    };
    Ok(DeletePayload::new(input.client_mutation_id, deleted))
}

/// Reads along what the selected fields of the results need.
async fn complete<S: SuggestionType>(
    ctx: &Context<'_>,
    answered: &mut Answered,
    wants: Wants,
) -> Result<()> {
    if let Ok(answer) = answered {
        let mut rows: Vec<_> = answer
            .results
            .iter_mut()
            .filter_map(|result| result.suggestion.as_mut())
            .collect();
        join(cx(ctx)?, S::KIND, &mut rows, wants).await?;
    }
    Ok(())
}
