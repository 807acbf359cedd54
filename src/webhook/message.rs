//! What is sent: the body, as JSON, and its signature by the rules of Standard Webhooks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::Sha256;

use crate::auth::webhook_secret;
use crate::error::{Error, Result};

/// What every message is about.
const TYPE: &str = "suggestion.events";

/// The most events of a message.
pub(super) const MOST_EVENTS: u8 = 100;

/// No event is added to a body that is as long as this, in bytes.
const LONG_ENOUGH: usize = 1 << 20;

/// The body of a message, with as many of these events (each as JSON, with its cursor) as it takes: the text and
/// how many they are.
pub(super) fn body(
    platform: &str,
    events: impl IntoIterator<Item = (serde_json::Value, String)>,
) -> Result<(String, usize)> {
    #[derive(Serialize)]
    struct Body<'a> {
        r#type: &'static str,
        platform: &'a str,
        cursor: &'a str,
        data: &'a [Box<RawValue>],
    }
    let mut data = Vec::new();
    let mut last = String::new();
    let mut length = 0;
    for (event, cursor) in events {
        let event = serde_json::value::to_raw_value(&event).map_err(unwritable)?;
        length += event.get().len();
        data.push(event);
        last = cursor;
        if data.len() == usize::from(MOST_EVENTS) || length >= LONG_ENOUGH {
            break;
        }
    }
    let body = Body {
        r#type: TYPE,
        platform,
        cursor: &last,
        data: &data,
    };
    let text = serde_json::to_string(&body).map_err(unwritable)?;
    Ok((text, data.len()))
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::internal(format!("the body of a webhook: {error}"))
}

/// The header `webhook-signature`: one signature for each secret.
pub(super) fn signature(
    secrets: &[String],
    id: &str,
    timestamp: i64,
    body: &str,
) -> Result<String> {
    let signatures = secrets.iter().map(|secret| {
        let key =
            webhook_secret::bytes(secret).and_then(|key| Hmac::<Sha256>::new_from_slice(&key).ok());
        let mut mac = key.ok_or_else(|| Error::internal("a secret of a webhook is malformed"))?;
        mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
        Ok(format!(
            "v1,{}",
            STANDARD.encode(mac.finalize().into_bytes())
        ))
    });
    Ok(signatures.collect::<Result<Vec<_>>>()?.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_ends_where_it_is_long_enough() {
        let event = |number: usize, size: usize| (json!("x".repeat(size)), number.to_string());
        let (text, count) = body("acme", (0..500).map(|number| event(number, 1))).unwrap();
        assert_eq!(count, usize::from(MOST_EVENTS));
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["cursor"], "99");
        assert_eq!(read["data"].as_array().unwrap().len(), count);
        assert!(text.starts_with(r#"{"type":"suggestion.events","platform":"acme","cursor":"#));
        let (_, count) = body("acme", (0..9).map(|number| event(number, 400_000))).unwrap();
        assert_eq!(count, 3);
        let (_, count) = body("acme", [event(0, 9_000_000)]).unwrap();
        assert_eq!(count, 1, "one is always sent");
    }

    #[test]
    fn signs_as_standard_webhooks_says() {
        // The example of the specification.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let signed = signature(
            &[secret],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signed.unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
        assert!(signature(&["whsec_?".to_owned()], "m", 0, "").is_err());
    }
}
