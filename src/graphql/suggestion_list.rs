//! What lists of suggestions have besides rows: counts by state, and the programs suggested most.

use std::sync::Arc;

use async_graphql::{Context, MergedObject, Object, Result, SimpleObject};

use super::connection::{Connection, NumberedPage, counted, uncounted};
use super::cx;
use super::program::Program;
use super::program_group_suggestion::ProgramGroupSuggestion;
use super::program_suggestion::ProgramSuggestion;
use crate::answer::StateCounts;
use crate::domain::suggestion::{self, List};

/// A page of a list of suggestions to users, by cursor.
#[derive(MergedObject)]
pub(super) struct ProgramSuggestionConnection(
    pub(super) Connection<ProgramSuggestion>,
    pub(super) Counts,
    pub(super) TopPrograms,
);

/// A page of a list of suggestions to groups, by cursor.
#[derive(MergedObject)]
pub(super) struct ProgramGroupSuggestionConnection(
    pub(super) Connection<ProgramGroupSuggestion>,
    pub(super) TopPrograms,
);

/// A page of a list of suggestions to users, by number.
#[derive(MergedObject)]
pub(super) struct ProgramSuggestionPage(
    pub(super) NumberedPage<ProgramSuggestion>,
    pub(super) Counts,
);

/// The rows of a list by state.
pub(super) struct Counts(pub(super) Option<StateCounts>);

/// The rows of a list by state.
#[Object(name = "StateCountsOfList")]
impl Counts {
    /// How many rows of the list there are in each state, whatever `states` the list is filtered by. Counted
    /// only when you ask for it.
    async fn state_counts(&self) -> Result<SuggestionStateCounts> {
        SuggestionStateCounts::new(self.0.ok_or_else(uncounted)?)
    }
}

/// How many there are in each state.
#[derive(Debug, SimpleObject)]
pub(super) struct SuggestionStateCounts {
    /// Not answered.
    pending: i32,
    /// Accepted.
    accepted: i32,
    /// Dismissed.
    dismissed: i32,
}

impl SuggestionStateCounts {
    pub(super) fn new(counts: StateCounts) -> Result<Self> {
        Ok(Self {
            pending: counted(Some(counts.pending))?,
            accepted: counted(Some(counts.accepted))?,
            dismissed: counted(Some(counts.dismissed))?,
        })
    }
}

/// The programs that a list suggests most.
pub(super) struct TopPrograms(pub(super) List);

/// The programs that a list suggests most.
#[Object(name = "TopProgramsOfList")]
impl TopPrograms {
    /// The programs with most suggestions of the list as it is filtered, on all pages together. Where two have
    /// the same number, the older program comes first.
    async fn top_programs(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 10, desc = "At most so many programs, from 1 to 20.")] first: i32,
    ) -> Result<Vec<ProgramCount>> {
        let top = suggestion::top_programs(cx(ctx)?, &self.0, first).await?;
        top.into_iter()
            .map(|(program, count)| {
                Ok(ProgramCount {
                    program: Program(Arc::new(program)),
                    count: counted(Some(count))?,
                })
            })
            .collect()
    }
}

/// A program, with the number of its suggestions.
#[derive(SimpleObject)]
pub(super) struct ProgramCount {
    /// The program.
    program: Program,
    /// How many suggestions of the list suggest it.
    count: i32,
}
