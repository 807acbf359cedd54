//! What a suggestion may say to the person, and what the person may answer.

use crate::clock::Timestamp;

/// The longest message of a suggestion, in characters.
pub(super) const MAX_MESSAGE: usize = 2_000;

/// The longest comment on a dismissal, in characters.
pub(super) const MAX_COMMENT: usize = 1_000;

/// A window ends after it begins.
pub(super) fn check_window(
    from: Option<Timestamp>,
    until: Option<Timestamp>,
) -> Result<(), String> {
    match (from, until) {
        (Some(from), Some(until)) if until <= from => Err(format!(
            "`visible_until` must lie after `visible_from`; the suggestion would be visible from {from} until {until}"
        )),
        _ => Ok(()),
    }
}
