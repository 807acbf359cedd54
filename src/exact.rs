//! Numbers in JSON that come from outside. What cannot be kept exactly is refused: a whole number beyond 64
//! bits, or a decimal with more digits than a 64-bit floating-point number holds, would otherwise change
//! silently.

/// The first number in a JSON text that cannot be kept exactly. The text need not be valid JSON.
pub fn inexact_number(json: &[u8]) -> Option<&str> {
    let mut rest = json;
    while let [first, after @ ..] = rest {
        rest = match first {
            b'"' => after_string(after),
            b'-' | b'0'..=b'9' => {
                let length = rest
                    .iter()
                    .position(|byte| {
                        !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
                    })
                    .unwrap_or(rest.len());
                let (number, after) = rest.split_at(length);
                match std::str::from_utf8(number) {
                    Ok(number) if !is_exact(number) => return Some(number),
                    _ => after,
                }
            }
            _ => after,
        };
    }
    None
}

/// What is wrong with such a number, for people.
pub fn refusal(number: &str) -> String {
    format!(
        "the number {number:.40} cannot be kept exactly: a whole number has at most 64 bits and a decimal at most 17 digits. Send it as a text"
    )
}

fn after_string(text: &[u8]) -> &[u8] {
    let mut escaped = false;
    for (index, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return &text[index + 1..],
            _ => {}
        }
    }
    &[]
}

/// Whether a number in JSON or GraphQL can be kept exactly.
pub fn is_exact(number: &str) -> bool {
    if !number.contains(['.', 'e', 'E']) {
        return number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
    }
    // What is no number at all is for the JSON reader to refuse.
    number
        .parse::<f64>()
        .is_ok_and(|value| value.is_finite() && digits(number) == digits(&format!("{value:e}")))
        || number.parse::<f64>().is_err()
}

/// The significant digits of a decimal number, without zeros at the ends.
fn digits(number: &str) -> String {
    let mantissa = number.split(['e', 'E']).next().unwrap_or_default();
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::inexact_number;

    #[test]
    fn numbers_that_would_change_are_found() {
        for exact in [
            "0.60",
            "6e-1",
            "1e23",
            "-0",
            "-0.0",
            "0.30000000000000004",
            "18446744073709551615",
            "-9223372036854775808",
            "[1, 2.5, {\"a\\\"12345678901234567890123\": null}]",
            "1.7976931348623157e308",
            "",
        ] {
            assert_eq!(inexact_number(exact.as_bytes()), None, "{exact}");
        }
        for (text, number) in [
            ("18446744073709551616", "18446744073709551616"),
            ("{\"a\": -9223372036854775809}", "-9223372036854775809"),
            ("[1, 1e400]", "1e400"),
            ("[1e-400]", "1e-400"),
            ("0.1234567890123456789", "0.1234567890123456789"),
            ("9007199254740993.5", "9007199254740993.5"),
        ] {
            assert_eq!(inexact_number(text.as_bytes()), Some(number), "{text}");
        }
    }
}
