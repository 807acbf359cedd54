//! Secrets of webhooks, as Standard Webhooks writes them: 32 random bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::random;
use crate::error::Result;

const PREFIX: &str = "whsec_";

/// A new secret.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal) if the system has no randomness to give.
pub fn generate() -> Result<String> {
    Ok(format!(
        "{PREFIX}{}",
        STANDARD.encode(random::bytes::<32>()?)
    ))
}

/// The bytes of a secret.
pub fn bytes(secret: &str) -> Option<Vec<u8>> {
    STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()
}
