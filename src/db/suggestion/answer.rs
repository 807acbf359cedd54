//! The columns of an answer.

use sea_orm::DbErr;
use sea_orm::sea_query::SelectStatement;

use crate::answer::{Reason, SuggestionAnswer};
use crate::db::entity::suggestion_answer::Column::{Accepted, Answered, Comment, Reason as Why};
use crate::db::sql::Row;

/// Selects what [`decode`] reads, from the alias `a`.
pub(in crate::db) fn columns(query: &mut SelectStatement) {
    query.columns([Accepted, Why, Comment, Answered].map(|column| ("a", column)));
}

pub(in crate::db) fn decode(row: &Row<'_>) -> Result<SuggestionAnswer, DbErr> {
    Ok(SuggestionAnswer {
        accepted: row.take()?,
        reason: decode_reason(row)?,
        comment: row.take()?,
        answered: row.take()?,
    })
}

/// As [`decode`], where there may be none.
pub(in crate::db) fn decode_some(row: &Row<'_>) -> Result<Option<SuggestionAnswer>, DbErr> {
    let accepted: Option<bool> = row.take()?;
    let Some(accepted) = accepted else {
        row.skip(3);
        return Ok(None);
    };
    Ok(Some(SuggestionAnswer {
        accepted,
        reason: decode_reason(row)?,
        comment: row.take()?,
        answered: row.take()?,
    }))
}

fn decode_reason(row: &Row<'_>) -> Result<Option<Reason>, DbErr> {
    let name: Option<String> = row.take()?;
    Ok(name.as_deref().and_then(Reason::of_name))
}
