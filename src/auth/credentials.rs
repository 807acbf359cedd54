//! What a caller sends to say who they are.

use std::fmt;

use super::api_key;
use crate::error::{Error, Result};

/// What came in the `Authorization` header.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// The hash of an API key.
    ApiKey(String),
    /// A bearer token, not yet checked.
    Jwt(String),
}

/// Shows the kind only: credentials do not belong into logs.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ApiKey(_) => "ApiKey",
            Self::Jwt(_) => "Jwt",
        })
    }
}

/// Reads the value of the `Authorization` header; `None` where there is none.
///
/// # Errors
/// [`Error::Unauthenticated`] for anything that is neither an API key nor a bearer token: whoever sends
/// credentials means them, and is never taken for nobody.
pub fn parse(authorization: Option<&str>) -> Result<Option<Credential>> {
    let Some(text) = authorization else {
        return Ok(None);
    };
    let mut words = text.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(key), None, None) => api_key(key),
        (Some(scheme), Some(word), None) => match scheme.to_ascii_lowercase().as_str() {
            "api-token" | "api-key" | "token" => api_key(word),
            "bearer" => Ok(Some(Credential::Jwt(word.to_owned()))),
            _ => Err(wrong("an unknown scheme")),
        },
        _ => Err(wrong("neither one word nor a scheme and a word")),
    }
}

fn api_key(text: &str) -> Result<Option<Credential>> {
    if api_key::is_key(text) {
        Ok(Some(Credential::ApiKey(api_key::hash(text))))
    } else {
        Err(wrong("not an API key"))
    }
}

fn wrong(what: &str) -> Error {
    Error::Unauthenticated(format!("the Authorization header: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling_of_a_key() {
        let key = "0123456789abcdef".repeat(4);
        let expected = Some(Credential::ApiKey(api_key::hash(&key)));
        for scheme in ["", "Api-Token ", "api-key ", "TOKEN ", "token  "] {
            let read = parse(Some(&format!("{scheme}{key}")));
            assert_eq!(read.ok(), Some(expected.clone()), "{scheme}");
        }
        let token = parse(Some("bEARER a.b.c")).ok();
        assert_eq!(token, Some(Some(Credential::Jwt("a.b.c".to_owned()))));
    }

    #[test]
    fn nothing_is_nobody_and_garbage_is_refused() {
        assert_eq!(parse(None).ok(), Some(None));
        let key = "0".repeat(64);
        for garbage in [
            "",
            " ",
            "Bearer",
            "Token",
            "Basic dTpw",
            "a.b.c",
            "Bearer a b",
            &format!("Token {key}0"),
            &format!("Token,{key}"),
            &format!("Basic {key}"),
            &key.to_uppercase().replace('0', "A"),
        ] {
            let refused = matches!(parse(Some(garbage)), Err(Error::Unauthenticated(_)));
            assert!(refused, "{garbage:?}");
        }
    }
}
