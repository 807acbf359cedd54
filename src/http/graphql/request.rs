//! Reads the parameters of a GraphQL request from an HTTP request.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use futures_util::StreamExt;
use serde_json::{Map, Value};

use super::answer::Refusal;
use crate::exact::{inexact_number, refusal};
use crate::graphql::error::Code;
use crate::http::without_byte_order_mark;

/// The parameters of a GraphQL request.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) query: Option<String>,
    pub(super) document_id: Option<String>,
    pub(super) operation_name: Option<String>,
    pub(super) variables: Map<String, Value>,
    pub(super) extensions: Map<String, Value>,
}

impl Parameters {
    /// The hash of an automatic persisted query.
    pub(super) fn sha256(&self) -> Option<&str> {
        self.extensions
            .get("persistedQuery")?
            .get("sha256Hash")?
            .as_str()
    }
}

/// Reads the whole body. Fails as soon as it is too long.
pub(super) async fn read_body(body: Body, limit: usize) -> Result<Bytes, Refusal> {
    let too_long = || {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            Code::BadRequest,
            format!("The body of a request has at most {limit} bytes."),
        )
    };
    let announced = body.size_hint().lower();
    if usize::try_from(announced).is_ok_and(|length| length > limit) {
        return Err(too_long());
    }
    let mut frames = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(frame) = frames.next().await {
        let frame = frame.map_err(|_| bad_request("The body of the request broke off."))?;
        if whole.len() + frame.len() > limit {
            return Err(too_long());
        }
        whole.extend_from_slice(&frame);
    }
    Ok(whole.into())
}

/// The parameters in the body of a POST.
pub(super) fn from_body(body: &[u8]) -> Result<Parameters, Refusal> {
    let body = without_byte_order_mark(body);
    if let Some(number) = inexact_number(body) {
        return Err(bad_request(format!(
            "In the body of the request {}.",
            refusal(number)
        )));
    }
    let body: Value = serde_json::from_slice(body).map_err(|error| {
        bad_request(format!(
            "The body of the request is not JSON: {} at line {}, column {}.",
            what_is_wrong(&error),
            error.line(),
            error.column()
        ))
    })?;
    match body {
        Value::Object(body) => from_object(body),
        Value::Array(_) => Err(malformed(
            "A request holds one operation: its body is an object, not an array. Requests are not \
             batched here.",
        )),
        _ => Err(malformed("The body of a request is a JSON object.")),
    }
}

/// The parameters in a JSON object.
pub(super) fn from_object(mut body: Map<String, Value>) -> Result<Parameters, Refusal> {
    let mut take = |name: &str| match body.remove(name) {
        None | Some(Value::Null) => None,
        Some(value) => Some(value),
    };
    Ok(Parameters {
        query: text("query", take("query"))?,
        document_id: text("documentId", take("documentId"))?.filter(|id| !id.is_empty()),
        operation_name: text("operationName", take("operationName"))?
            .filter(|name| !name.is_empty()),
        variables: object("variables", take("variables"))?,
        extensions: object("extensions", take("extensions"))?,
    })
}

/// The parameters in the URL of a GET.
pub(super) fn from_url(query: Option<&str>) -> Result<Parameters, Refusal> {
    let mut parameters = Parameters::default();
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if !matches!(
            &*name,
            "query" | "documentId" | "operationName" | "variables" | "extensions"
        ) {
            continue;
        }
        if seen.contains(&name) {
            return Err(malformed(format!("The parameter `{name}` is there twice.")));
        }
        match &*name {
            "query" => parameters.query = Some(value.into_owned()),
            "documentId" if !value.is_empty() => {
                parameters.document_id = Some(value.into_owned());
            }
            "operationName" if !value.is_empty() => {
                parameters.operation_name = Some(value.into_owned());
            }
            "variables" => parameters.variables = embedded("variables", &value)?,
            "extensions" => parameters.extensions = embedded("extensions", &value)?,
            _ => {}
        }
        seen.push(name);
    }
    Ok(parameters)
}

fn text(name: &str, value: Option<Value>) -> Result<Option<String>, Refusal> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(malformed(format!("`{name}` is a string."))),
    }
}

fn object(name: &str, value: Option<Value>) -> Result<Map<String, Value>, Refusal> {
    match value {
        None => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(malformed(format!("`{name}` is a JSON object."))),
    }
}

fn embedded(name: &str, json: &str) -> Result<Map<String, Value>, Refusal> {
    if json.is_empty() {
        return Ok(Map::new());
    }
    if let Some(number) = inexact_number(json.as_bytes()) {
        return Err(bad_request(format!(
            "In the parameter `{name}` {}.",
            refusal(number)
        )));
    }
    match serde_json::from_str(json) {
        Ok(Value::Null) => Ok(Map::new()),
        Ok(value) => object(name, Some(value)),
        Err(_) => Err(bad_request(format!(
            "The parameter `{name}` is a JSON object."
        ))),
    }
}

fn what_is_wrong(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        _ => "it cannot be read",
    }
}

fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, Code::BadRequest, message)
}

/// JSON that is not a GraphQL request: the current draft has another status for this.
fn malformed(message: impl Into<String>) -> Refusal {
    bad_request(message).strictly(StatusCode::UNPROCESSABLE_ENTITY)
}
