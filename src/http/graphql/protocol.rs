//! The messages of the WebSocket subprotocol `graphql-transport-ws`, and its close codes.

use serde_json::{Map, Value, json};

use super::request::{Parameters, from_object};
use crate::exact;

/// The name of the subprotocol.
pub(super) const SUBPROTOCOL: &str = "graphql-transport-ws";

/// The longest reason of a close frame, in bytes.
const LONGEST_REASON: usize = 123;

/// Why a connection is closed: the code and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Closing {
    pub(super) fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        let mut end = reason.len().min(LONGEST_REASON);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        reason.truncate(end);
        Self { code, reason }
    }

    fn malformed(what: impl Into<String>) -> Self {
        Self::new(4400, what)
    }

    pub(super) fn binary() -> Self {
        Self::malformed("Messages are text, and not binary.")
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized")
    }

    pub(super) fn forbidden() -> Self {
        Self::new(4403, "Forbidden")
    }

    pub(super) fn no_subprotocol() -> Self {
        Self::new(4406, "Subprotocol not acceptable")
    }

    pub(super) fn init_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    pub(super) fn subscriber_exists(id: &str) -> Self {
        const ROOM: usize = LONGEST_REASON - "Subscriber for  already exists".len();
        let mut end = id.len().min(ROOM);
        while !id.is_char_boundary(end) {
            end -= 1;
        }
        Self::new(
            4409,
            format!("Subscriber for {} already exists", &id[..end]),
        )
    }

    pub(super) fn too_many_inits() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }

    pub(super) fn stopping() -> Self {
        Self::new(1001, "The service is stopping.")
    }

    pub(super) fn wrong_frame() -> Self {
        Self::new(1002, "This is not a WebSocket frame.")
    }

    pub(super) fn not_utf8() -> Self {
        Self::new(1007, "Messages are UTF-8.")
    }

    pub(super) fn unanswered() -> Self {
        Self::new(1008, "A ping was not answered.")
    }

    pub(super) fn too_large(limit: usize) -> Self {
        Self::new(1009, format!("A message has at most {limit} bytes."))
    }

    pub(super) fn internal() -> Self {
        Self::new(1011, "Something went wrong on our side.")
    }

    pub(super) fn try_later() -> Self {
        Self::new(1013, "Please try again later.")
    }
}

/// A message of a client.
#[derive(Debug)]
pub(super) enum ClientMessage {
    Init(Map<String, Value>),
    Ping(Option<Value>),
    Pong,
    Subscribe {
        id: String,
        /// None where a number cannot be kept exactly, with what is wrong.
        parameters: Result<Box<Parameters>, String>,
    },
    Complete {
        id: String,
    },
}

impl ClientMessage {
    /// Reads a message. The error says how the connection is closed.
    pub(super) fn read(text: &str) -> Result<Self, Closing> {
        let message: Value = serde_json::from_str(text)
            .map_err(|_| Closing::malformed("The message is not JSON."))?;
        let Value::Object(mut message) = message else {
            return Err(Closing::malformed("A message is a JSON object."));
        };
        let kind = match message.remove("type") {
            Some(Value::String(kind)) => kind,
            Some(_) => return Err(Closing::malformed("The `type` of a message is a string.")),
            None => return Err(Closing::malformed("The message has no `type`.")),
        };
        let payload = message.remove("payload");
        let id = message.remove("id");
        let id = |kind: &str| match id {
            Some(Value::String(id)) if !id.is_empty() => Ok(id),
            _ => Err(Closing::malformed(format!(
                "The `id` of `{kind}` is a string, and not empty."
            ))),
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::Init(details(&kind, payload)?.unwrap_or_default())),
            "ping" => Ok(Self::Ping(details(&kind, payload)?.map(Value::Object))),
            "pong" => {
                details(&kind, payload)?;
                Ok(Self::Pong)
            }
            "subscribe" => {
                let id = id(&kind)?;
                let Some(Value::Object(payload)) = payload else {
                    return Err(Closing::malformed(
                        "The `payload` of `subscribe` is a JSON object.",
                    ));
                };
                let parameters = from_object(payload)
                    .map_err(|refusal| Closing::malformed(refusal.message()))?;
                let named = parameters.document_id.is_some() || parameters.sha256().is_some();
                if parameters.query.is_none() && !named {
                    return Err(Closing::malformed(
                        "The `payload` of `subscribe` has no `query`: a string with a document.",
                    ));
                }
                let inexact = exact::inexact_number(text.as_bytes());
                Ok(Self::Subscribe {
                    id,
                    parameters: match inexact {
                        None => Ok(Box::new(parameters)),
                        Some(number) => Err(format!("In the message {}.", exact::refusal(number))),
                    },
                })
            }
            "complete" => Ok(Self::Complete { id: id(&kind)? }),
            _ => Err(Closing::malformed(format!(
                "Clients send no message of the type `{kind}`."
            ))),
        }
    }
}

/// The payload of a message that may have one.
fn details(kind: &str, payload: Option<Value>) -> Result<Option<Map<String, Value>>, Closing> {
    match payload {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(payload)) => Ok(Some(payload)),
        Some(_) => Err(Closing::malformed(format!(
            "The `payload` of `{kind}` is a JSON object."
        ))),
    }
}

/// `connection_ack`
pub(super) fn ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

/// `ping`
pub(super) fn ping() -> String {
    json!({ "type": "ping" }).to_string()
}

/// `pong`, with what the `ping` had.
pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }),
        None => json!({ "type": "pong" }),
    }
    .to_string()
}

/// `next`, with a response that is JSON already.
pub(super) fn next(id: &str, response: &[u8]) -> String {
    let id = Value::from(id);
    let response = String::from_utf8_lossy(response);
    format!(r#"{{"id":{id},"type":"next","payload":{response}}}"#)
}

/// `error`
pub(super) fn error(id: &str, errors: &[async_graphql::ServerError]) -> String {
    json!({ "id": id, "type": "error", "payload": errors }).to_string()
}

/// `complete`
pub(super) fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_into_a_close_frame() {
        for reason in ["x".repeat(500), "é".repeat(500), "日".repeat(500)] {
            let closing = Closing::new(4400, reason);
            assert!((121..=123).contains(&closing.reason.len()), "{closing:?}");
        }
        let closing = Closing::subscriber_exists(&"日".repeat(500));
        assert!(closing.reason.len() <= 123);
        assert!(closing.reason.ends_with(" already exists"), "{closing:?}");
    }
}
