//! Instants, and where they come from.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// An instant in UTC: microseconds since 1970-01-01T00:00:00Z, which is also how it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Reads RFC 3339 with any offset. What is finer than a microsecond is cut off.
    ///
    /// Returns `None` for anything else, and outside the years 0000 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000))
            .ok()
            .map(Self)
    }

    /// This instant and `span` more.
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)))
    }

    /// This instant and `span` less.
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)))
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

/// RFC 3339, UTC, with `Z` and six digits of the second, e.g. `2026-11-23T09:30:00.000000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        // By hand: a page has dozens of these, and and formatting them was a visible part of it.
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        let mut put = |from: usize, to: usize, mut number: u32| {
            for digit in text[from..to].iter_mut().rev() {
                *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
                number /= 10;
            }
        };
        put(0, 4, at.year().unsigned_abs());
        put(5, 7, u8::from(at.month()).into());
        put(8, 10, at.day().into());
        put(11, 13, at.hour().into());
        put(14, 16, at.minute().into());
        put(17, 19, at.second().into());
        put(20, 26, at.microsecond());
        f.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

/// The present. Everything that asks for the time asks here.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the system clock is read"
)]
pub fn now() -> Timestamp {
    let nanos = OffsetDateTime::now_utc().unix_timestamp_nanos();
    Timestamp(i64::try_from(nanos.div_euclid(1_000)).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc_3339() {
        let at = Timestamp::parse("2026-11-23T10:30:00.1234567+01:00").map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2026-11-23T09:30:00.123456Z"));
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999999Z");
        for wrong in ["", "2026-11-23", "2026-13-01T00:00:00Z", "yesterday"] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }
}
