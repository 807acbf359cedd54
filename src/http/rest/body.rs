//! The body of a request: what it says it is, how long it may be, and its fields.

use std::fmt;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};

use super::error::{Complaint, Refusal};
use super::fields::Fields;
use super::query;
use crate::error::ProblemCode;
use crate::exact::{inexact_number, refusal};
use crate::http::turns::Held;
use crate::http::without_byte_order_mark;

/// What a body may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accept {
    /// JSON.
    Json,
    /// JSON or a form, simple or in parts.
    JsonOrForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Form,
    Multipart,
}

/// Reads the fields of a body.
///
/// # Errors
/// 415 for a type that is not taken, 413 if it is too long, 408 if it takes longer than `patience`, 400 if it is not
/// what it says.
pub(super) async fn read(
    request: Request,
    accept: Accept,
    patience: Duration,
) -> Result<Fields, Refusal> {
    let kind = kind(request.headers(), accept)?;
    let (parts, body) = request.into_parts();
    let read = Bytes::from_request(Request::from_parts(parts.clone(), body), &());
    let read = tokio::time::timeout(patience, read);
    let read = match parts.extensions.get::<Held>() {
        Some(turn) => turn.without(read).await?,
        None => read.await,
    };
    let late = |_| {
        let message = "The request did not arrive in time.".to_owned();
        Refusal::Status(StatusCode::REQUEST_TIMEOUT, message)
    };
    let bytes = read.map_err(late)?.map_err(unread)?;
    match kind {
        Kind::Json => match parse_json(without_byte_order_mark(&bytes)) {
            Ok(Value::Object(object)) => match inexact_number(&bytes) {
                None => Ok(Fields::json(object)),
                Some(number) => Err(malformed(format!("In the body {}.", refusal(number)))),
            },
            Ok(_) => Err(malformed("The body must be a JSON object.")),
            Err(error) => Err(malformed(format!("The body is not valid JSON: {error}."))),
        },
        Kind::Form => query::decode_pairs(&bytes)
            .map(Fields::text)
            .ok_or_else(|| malformed("The form must be percent-encoded UTF-8.")),
        Kind::Multipart => {
            let request = Request::from_parts(parts, Body::from(bytes));
            parse_multipart(request).await
        }
    }
}

fn malformed(message: impl Into<String>) -> Refusal {
    Complaint::of_all(ProblemCode::Invalid, message).into()
}

fn unread(rejection: BytesRejection) -> Refusal {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            Refusal::Status(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body of the request is too long: split it.".to_owned(),
            )
        }
        _ => malformed("The body of the request broke off."),
    }
}

fn kind(headers: &HeaderMap, accept: Accept) -> Result<Kind, Refusal> {
    let unsupported = || {
        let taken = match accept {
            Accept::Json => "application/json",
            Accept::JsonOrForm => {
                "application/json, application/x-www-form-urlencoded or multipart/form-data"
            }
        };
        let message = format!("The header Content-Type must be {taken}, in UTF-8.");
        Refusal::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    };
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unsupported());
    };
    let text = value.to_str().map_err(|_| unsupported())?;
    let mut parts = text.split(';');
    let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    for parameter in parts {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("charset") {
            let charset = value.trim().trim_matches('"').to_ascii_lowercase();
            if !["utf-8", "utf8"].contains(&charset.as_str()) {
                return Err(unsupported());
            }
        }
    }
    match (essence.as_str(), accept) {
        ("application/json", _) => Ok(Kind::Json),
        ("application/x-www-form-urlencoded", Accept::JsonOrForm) => Ok(Kind::Form),
        ("multipart/form-data", Accept::JsonOrForm) => Ok(Kind::Multipart),
        _ => Err(unsupported()),
    }
}

async fn parse_multipart(request: Request) -> Result<Fields, Refusal> {
    let wrong = || malformed("The body is not a valid multipart/form-data form in UTF-8.");
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|_| wrong())?;
    let mut pairs = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|_| wrong())? {
        let name = field.name().ok_or_else(wrong)?.to_owned();
        let bytes = field.bytes().await.map_err(|_| wrong())?;
        let value = String::from_utf8(bytes.to_vec()).map_err(|_| wrong())?;
        pairs.push((name, value));
    }
    Ok(Fields::text(pairs))
}

/// Reads JSON in which no object has a key twice: which of the two counts would be anybody's guess.
///
/// # Errors
/// Says what is wrong, and where.
pub(super) fn parse_json(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(bytes).map(|Unique(value)| value)
}

struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        UniqueVisitor.deserialize(deserializer).map(Unique)
    }
}

#[derive(Clone, Copy)]
struct UniqueVisitor;

impl<'de> DeserializeSeed<'de> for UniqueVisitor {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = access.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
            let value = access.next_value_seed(self)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn no_key_stands_twice() {
        let text = r#"{"a": [1, -2, 2.5, "x", true, null, {"b": {}}]}"#;
        let plain: Value = serde_json::from_str(text).unwrap();
        assert_eq!(parse_json(text.as_bytes()).unwrap(), plain);
        for wrong in [
            r#"{"a": 1, "a": 2}"#,
            r#"[{"b": {"a": 1, "\u0061": 1}}]"#,
            "",
            "{} {}",
        ] {
            assert!(parse_json(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn types_that_are_taken() {
        let read = |text: &'static str, accept| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(text));
            kind(&headers, accept).ok()
        };
        for right in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
        ] {
            assert_eq!(read(right, Accept::Json), Some(Kind::Json), "{right}");
        }
        for wrong in [
            "application/json; charset=latin1",
            "text/json",
            "",
            "text/plain",
        ] {
            assert_eq!(read(wrong, Accept::JsonOrForm), None, "{wrong}");
        }
        let form = "application/x-www-form-urlencoded";
        assert_eq!(read(form, Accept::Json), None);
        assert_eq!(read(form, Accept::JsonOrForm), Some(Kind::Form));
        assert!(kind(&HeaderMap::new(), Accept::Json).is_err());
    }
}
