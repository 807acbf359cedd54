//! API keys: 32 random bytes, shown once as 64 hexadecimal characters, kept as a hash.

use sha2::{Digest, Sha256};

use super::random;
use crate::error::Result;

/// A key as it goes over the wire.
const LENGTH: usize = 64;

/// A new key: its text, to show once, and its hash, to keep.
///
/// # Errors
/// [`Error::Internal`](crate::error::Error::Internal) if the system has no randomness to give.
pub fn generate() -> Result<(String, String)> {
    let text = hex::encode(random::bytes::<{ LENGTH / 2 }>()?);
    let hash = hash(&text);
    Ok((text, hash))
}

/// Whether a text can be a key at all.
pub fn is_key(text: &str) -> bool {
    text.len() == LENGTH
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What is kept of a key, and looked up by. No salt: a key has 256 bits of its own.
pub fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
