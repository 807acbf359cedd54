//! The two scalars of our own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use serde_json::{Map, Value as Json};

use crate::clock::Timestamp;

/// An instant as RFC 3339 text in UTC, e.g. `"2026-11-23T09:30:00.000000Z"`. As input any offset is
/// taken; what is finer than a microsecond is cut off.
#[derive(Debug, Clone, Copy)]
pub(super) struct DateTime(pub(super) Timestamp);

/// An instant as RFC 3339 text in UTC, e.g. `"2026-11-23T09:30:00.000000Z"`. As input any offset is
/// taken; what is finer than a microsecond is cut off.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        if let Value::String(text) = &value
            && let Some(at) = Timestamp::parse(text)
        {
            return Ok(Self(at));
        }
        Err(InputValueError::custom(
            "A DateTime is an RFC 3339 text such as \"2026-11-23T09:30:00Z\".",
        ))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Any JSON object: never an array, a text or a number at the top.
#[derive(Debug, Clone)]
pub(super) struct JsonObject(pub(super) Map<String, Json>);

/// Any JSON object: never an array, a text or a number at the top.
#[Scalar(name = "JSONObject")]
impl ScalarType for JsonObject {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value.into_json() {
            Ok(Json::Object(object)) => Ok(Self(object)),
            _ => Err(InputValueError::custom(
                "A JSONObject is a JSON object such as {\"note\": \"for spring\"}.",
            )),
        }
    }

    fn to_value(&self) -> Value {
        Value::from_json(Json::Object(self.0.clone())).unwrap_or_default()
    }
}
