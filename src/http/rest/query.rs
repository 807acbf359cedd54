//! The query of a request: read strictly, and written again for links to other pages.

use std::fmt::Write as _;

use axum::http::Uri;

use super::error::{Complaint, Refusal};
use crate::error::ProblemCode;

/// The parameters of a query, decoded, in their order.
///
/// # Errors
/// 400 for an encoding that is not one.
pub(super) fn parse(uri: &Uri) -> Result<Vec<(String, String)>, Refusal> {
    decode_pairs(uri.query().unwrap_or_default().as_bytes()).ok_or_else(|| {
        Complaint::of_all(
            ProblemCode::Invalid,
            "The query of the URL must be percent-encoded UTF-8.",
        )
        .into()
    })
}

/// Reads `a=1&b=2`, the format of queries and of simple forms.
pub(super) fn decode_pairs(text: &[u8]) -> Option<Vec<(String, String)>> {
    text.split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let mut halves = part.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            Some((name, value))
        })
        .collect()
}

fn decode(text: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(*bytes.next()?).to_digit(16)?;
                let low = char::from(*bytes.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            other => *other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Writes parameters as a query.
pub(super) fn encode_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        encode(&mut text, name);
        text.push('=');
        encode(&mut text, value);
    }
    text
}

fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let written = write!(out, "%{byte:02X}");
            debug_assert!(written.is_ok(), "writing to a string does not fail");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let pairs = [("q", "a&b=c d+é%"), ("q", ""), ("ü", "1")];
        let text = encode_pairs(pairs);
        assert_eq!(text, "q=a%26b%3Dc%20d%2B%C3%A9%25&q=&%C3%BC=1");
        let read = decode_pairs(text.as_bytes()).unwrap();
        let read: Vec<(&str, &str)> = read.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(read, pairs);
        for wrong in ["a=%", "a=%4", "a=%zz", "a=%ff", "a=%+1"] {
            assert!(decode_pairs(wrong.as_bytes()).is_none(), "{wrong}");
        }
        assert_eq!(decode_pairs(b"a+b").unwrap(), [("a b".into(), "".into())]);
    }
}
