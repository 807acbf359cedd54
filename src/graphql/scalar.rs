//! The custom scalars. What a scalar takes is decided by one function: for the operation pipeline,
//! before anything is executed, and for the resolver that reads the value.

use async_graphql::{InputValueError, InputValueResult, Name, Scalar, ScalarType, Value};
use graphql_operation::ScalarCheck;
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use crate::clock::Timestamp;

/// The check of every custom scalar.
pub(super) const CHECKS: &[(&str, ScalarCheck)] = &[
    ("DateTime", |value| DateTime::read(value).map(|_| ())),
    ("JSONObject", |value| JsonObject::fields(value).map(|_| ())),
    ("JSON", |_| Ok(())),
    // `_entities` judges each representation by itself.
    ("_Any", |_| Ok(())),
];

/// An instant as RFC 3339 text in UTC, e.g. `"2026-11-23T09:30:00.000000Z"`. As input any offset is
/// taken; what is finer than a microsecond is cut off.
#[derive(Debug, Clone, Copy)]
pub(super) struct DateTime(pub(super) Timestamp);

/// An instant as RFC 3339 text in UTC, e.g. `"2026-11-23T09:30:00.000000Z"`. As input any offset is
/// taken; what is finer than a microsecond is cut off.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        Self::read(&value).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

impl DateTime {
    fn read(value: &Value) -> Result<Self, String> {
        let at = match value {
            Value::String(text) => Timestamp::parse(text),
            _ => None,
        };
        at.map(Self).ok_or_else(|| {
            "A DateTime is an RFC 3339 text such as \"2026-11-23T09:30:00Z\".".to_owned()
        })
    }
}

/// Any JSON object: never an array, a text or a number at the top.
#[derive(Debug, Clone)]
pub(super) struct JsonObject(pub(super) Map<String, Json>);

/// Any JSON object: never an array, a text or a number at the top.
#[Scalar(name = "JSONObject")]
impl ScalarType for JsonObject {
    fn parse(value: Value) -> InputValueResult<Self> {
        Self::fields(&value).map_err(InputValueError::custom)?;
        match value.into_json() {
            Ok(Json::Object(object)) => Ok(Self(object)),
            _ => Err(InputValueError::expected_type(Value::Null)),
        }
    }

    fn to_value(&self) -> Value {
        Value::from_json(Json::Object(self.0.clone())).unwrap_or_default()
    }
}

impl JsonObject {
    fn fields(value: &Value) -> Result<&IndexMap<Name, Value>, String> {
        match value {
            Value::Object(fields) => Ok(fields),
            _ => {
                Err("A JSONObject is a JSON object such as {\"note\": \"for spring\"}.".to_owned())
            }
        }
    }
}
