//! A client of subscriptions that sees every message: WebSockets and event streams.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::Server;

/// The headers of a client that speaks the subprotocol.
pub(crate) const SPEAKS: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

/// A WebSocket.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens one with these headers. The error is the status of the refusal.
    pub(crate) async fn open(base: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let url = format!("{}/graphql", base.replacen("http", "ws", 1));
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens one and says `connection_init` with this authorization.
    pub(crate) async fn ready(base: &str, authorization: &str) -> Self {
        let mut socket = Self::open(base, &[SPEAKS]).await.unwrap();
        let payload = json!({ "Authorization": authorization });
        socket
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub(crate) async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    pub(crate) async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Begins an operation.
    pub(crate) async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload }))
            .await;
    }

    /// The next frame as it is, or its error.
    pub(crate) async fn frame(&mut self) -> Option<Result<Message, Error>> {
        self.0.next().await
    }

    /// The next message that is no ping.
    pub(crate) async fn hear(&mut self) -> Value {
        loop {
            match self.frame().await {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["type"] != "ping" {
                        return message;
                    }
                    self.say(json!({ "type": "pong" })).await;
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("a message was expected, and not {other:?}"),
            }
        }
    }

    /// The data of the next response, which must be of this operation.
    pub(crate) async fn next(&mut self, id: &str) -> Value {
        let mut message = self.hear().await;
        assert_eq!(
            (&message["type"], &message["id"]),
            (&json!("next"), &json!(id)),
            "{message:#}"
        );
        assert_eq!(message["payload"].get("errors"), None, "{message:#}");
        message["payload"]["data"].take()
    }

    /// The code of the error that ends this operation, and what came before.
    pub(crate) async fn until_error(&mut self, id: &str) -> (Vec<Value>, String) {
        let mut before = Vec::new();
        loop {
            let mut message = self.hear().await;
            assert_eq!(message["id"], json!(id), "{message:#}");
            match message["type"].as_str() {
                Some("next") => before.push(message["payload"]["data"].take()),
                Some("error") => {
                    let code = message["payload"][0]["extensions"]["code"].as_str();
                    return (before, code.unwrap().to_owned());
                }
                _ => panic!("{message:#}"),
            }
        }
    }

    /// The code of the error that is the next message.
    pub(crate) async fn error(&mut self, id: &str) -> String {
        let (before, code) = self.until_error(id).await;
        assert!(before.is_empty(), "{before:#?}");
        code
    }

    /// The code and the reason with which the server closes.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.frame().await {
                Some(Ok(Message::Close(Some(frame)))) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("a close frame was expected, and not {other:?}"),
            }
        }
    }
}

impl Server {
    /// A WebSocket of this user, ready for operations.
    pub(crate) async fn socket(&self, username: &'static str) -> Socket {
        let authorization = format!("Bearer {}", self.token(username));
        Socket::ready(self.base(), &authorization).await
    }
}

/// An event stream, read event by event.
pub(crate) struct EventStream {
    pub(crate) response: reqwest::Response,
    read: String,
}

impl EventStream {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        assert_eq!(response.status(), 200);
        let media = response.headers()["content-type"].to_str().unwrap();
        assert!(media.starts_with("text/event-stream"), "{media}");
        Self {
            response,
            read: String::new(),
        }
    }

    /// The next event with its data, or none at the end. Comments are passed over.
    pub(crate) async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.read = rest;
                let field = |name: &str| {
                    let start = format!("{name}: ");
                    let line = event.lines().find(|line| line.starts_with(&start));
                    line.map(|line| line[start.len()..].to_owned())
                };
                let Some(name) = field("event") else { continue };
                let data = field("data").unwrap();
                let data = serde_json::from_str(&data).unwrap_or(Value::Null);
                return Some((name, data));
            }
            let more = self.response.chunk().await.ok()??;
            self.read.push_str(std::str::from_utf8(&more).unwrap());
        }
    }
}
