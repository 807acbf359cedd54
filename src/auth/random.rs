//! Randomness.

use crate::error::{Error, Result};

/// So many random bytes, from the system.
///
/// # Errors
/// [`Error::Internal`] if the system has none to give.
pub fn bytes<const LENGTH: usize>() -> Result<[u8; LENGTH]> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::internal(format!("no randomness: {error}")))?;
    Ok(bytes)
}
