//! WebSockets with the subprotocol `graphql-transport-ws`: any number of operations in one connection.
//!
//! The transport is ours because that of the library fails a good part of the protocol (see
//! `docs/decisions/`), and it works on the WebSocket of the library below axum: a connection that is closed for a
//! message that is too long must still be read for a while, or its client never sees why.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use async_graphql::ServerError;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CONNECTION, HOST, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::stream::{self, BoxStream};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncReadExt as _;
use tokio::time::{Instant, interval_at, sleep, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error as WireError, Message, error::ProtocolError};
use tracing::Instrument as _;

use super::answer::{self, Refusal};
use super::protocol::{self, ClientMessage, Closing, SUBPROTOCOL};
use super::request::Parameters;
use super::{Credentials, Endpoint, Verb};
use crate::auth::{Credential, credentials};
use crate::error::Error;
use crate::graphql::error::{Code, RATE_LIMITED, code_of};
use crate::metrics::{Door, Measured};

/// The longest message of a client, whatever a request body may have.
const LONGEST_MESSAGE: usize = 1024 * 1024;

/// The size of the buffer for reading: there is one for each connection, and most are idle.
const READ_BUFFER: usize = 2 * 1024;

/// How long closing may take.
const CLOSING: Duration = Duration::from_secs(2);

/// How long to read on for a client that has sent more than it may.
const SILENCE: Duration = Duration::from_millis(200);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Whether a request asks for a WebSocket.
pub(super) fn is_asked_for(request: &Request) -> bool {
    request.method() == Method::GET && names(request.headers(), UPGRADE, "websocket")
}

/// Whether a list in a header has a word, whatever the case.
fn names(headers: &HeaderMap, header: HeaderName, word: &str) -> bool {
    listed(headers, header).any(|name| name.eq_ignore_ascii_case(word))
}

fn listed(headers: &HeaderMap, header: HeaderName) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header).iter();
    values
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .map(str::trim)
}

/// Turns the connection of a request into a WebSocket.
pub(super) fn upgrade(
    endpoint: &Arc<Endpoint>,
    mut request: Request,
    request_id: &str,
) -> Result<Response, Refusal> {
    let headers = request.headers();
    let bad_request =
        |message: &str| Refusal::new(StatusCode::BAD_REQUEST, Code::BadRequest, message);
    if !names(headers, CONNECTION, "upgrade") {
        return Err(bad_request(
            "A request for a WebSocket has the header `Connection: upgrade`.",
        ));
    }
    if headers
        .get(SEC_WEBSOCKET_VERSION)
        .is_none_or(|version| version != "13")
    {
        return Err(Refusal::new(
            StatusCode::UPGRADE_REQUIRED,
            Code::BadRequest,
            "WebSockets have version 13 here.",
        )
        .header(SEC_WEBSOCKET_VERSION, "13"));
    }
    let key = headers.get(SEC_WEBSOCKET_KEY);
    let key = key.ok_or_else(|| bad_request("The header `Sec-WebSocket-Key` is missing."))?;
    let accept = derive_accept_key(key.as_bytes());
    if !endpoint.allows_origin(headers) {
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            Code::Forbidden,
            "Pages of this origin may not open a WebSocket here: the operator allows them with \
             `[cors] origins`.",
        ));
    }
    let place = endpoint.place()?;
    let speaks = listed(headers, SEC_WEBSOCKET_PROTOCOL).any(|name| name == SUBPROTOCOL);
    let sent = super::super::credential(headers);

    let upgraded = hyper::upgrade::on(&mut request);
    let connection = {
        let (endpoint, request_id) = (Arc::clone(endpoint), request_id.to_owned());
        async move {
            let _place = place;
            match upgraded.await {
                Ok(upgraded) => {
                    Box::pin(serve(endpoint, upgraded, speaks, sent, request_id)).await;
                }
                Err(error) => tracing::debug!(%error, "a connection was not upgraded"),
            }
        }
    };
    endpoint.shared.tasks.spawn(connection.in_current_span());

    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&accept) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    if speaks {
        let subprotocol = HeaderValue::from_static(SUBPROTOCOL);
        headers.insert(SEC_WEBSOCKET_PROTOCOL, subprotocol);
    }
    Ok(response)
}

impl Endpoint {
    /// Whether a page that a request comes from may open a WebSocket. Programs send no origin.
    fn allows_origin(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(ORIGIN) else {
            return true;
        };
        let Ok(origin) = origin.to_str() else {
            return false;
        };
        let origin = origin.to_ascii_lowercase();
        let allowed = &self.settings.origins;
        if allowed.iter().any(|it| it == "*" || *it == origin) {
            return true;
        }
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        let own = |host: &str| is_of_host(&origin, &host.to_ascii_lowercase());
        host.is_some_and(own)
            || self.settings.public_url.as_ref().is_some_and(|url| {
                let mut parts = url.splitn(4, '/');
                parts.nth(2).is_some_and(own)
            })
    }

    fn longest_message(&self) -> usize {
        self.settings.body_bytes.min(LONGEST_MESSAGE)
    }
}

/// Whether an origin is that of a host, the usual port of its scheme being named or not.
fn is_of_host(origin: &str, host: &str) -> bool {
    let usual = |scheme: &str, port: &str| {
        origin.strip_prefix(scheme).is_some_and(|of_origin| {
            let without_port = |text: &str| text.strip_suffix(port).unwrap_or(text).to_owned();
            without_port(of_origin) == without_port(host)
        })
    };
    usual("http://", ":80") || usual("https://", ":443")
}

/// Serves a connection until it ends.
async fn serve(
    endpoint: Arc<Endpoint>,
    upgraded: Upgraded,
    speaks: bool,
    sent: Credentials,
    request_id: String,
) {
    let limit = endpoint.longest_message();
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(Some(limit))
        .max_frame_size(Some(limit));
    let socket =
        WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let mut connection = Connection {
        endpoint,
        socket,
        request_id,
        credential: None,
        ready: false,
        operations: Operations::default(),
    };
    let end = if speaks {
        connection.converse(sent).await
    } else {
        End::Close(Closing::no_subprotocol())
    };
    // Whatever is still running for the client ends now, and not after the closing.
    connection.operations = Operations::default();
    let _in_time = timeout(CLOSING, connection.end(end)).await;
}

/// How a connection ends.
enum End {
    /// The client has closed it, or is gone.
    Gone,
    Close(Closing),
    /// As before, for a client that may still be sending what was refused.
    Refuse(Closing),
}

impl From<Closing> for End {
    fn from(closing: Closing) -> Self {
        Self::Close(closing)
    }
}

struct Connection {
    endpoint: Arc<Endpoint>,
    socket: Socket,
    request_id: String,
    /// What operations are authenticated with.
    credential: Option<Credential>,
    /// Whether `connection_init` was acknowledged.
    ready: bool,
    operations: Operations,
}

impl Connection {
    async fn converse(&mut self, sent: Credentials) -> End {
        match self.talk(sent).await {
            Ok(never) => match never {},
            Err(end) => end,
        }
    }

    async fn talk(&mut self, sent: Credentials) -> Result<std::convert::Infallible, End> {
        self.credential = self.check(sent).await?;
        let settings = self.endpoint.settings.subscriptions.clone();
        let stopping = self.endpoint.shared.stopping.clone();
        let init_until = sleep_until(Instant::now() + settings.init_timeout);
        tokio::pin!(init_until);
        let mut ping = interval_at(Instant::now() + settings.ping, settings.ping);
        // Whether anything came since the last ping.
        let mut heard = true;
        loop {
            tokio::select! {
                () = stopping.cancelled() => return Err(Closing::stopping().into()),
                frame = self.socket.next() => {
                    heard = true;
                    self.take(frame).await?;
                }
                event = self.operations.next() => {
                    self.send(Message::text(event)).await?;
                }
                () = &mut init_until, if !self.ready => {
                    return Err(Closing::init_timeout().into());
                }
                _ = ping.tick() => {
                    if !std::mem::replace(&mut heard, false) {
                        return Err(Closing::unanswered().into());
                    }
                    // The frame is answered by any implementation of WebSockets, the message by clients of
                    // this protocol, some of which cannot see frames.
                    self.send(Message::Ping(Bytes::new())).await?;
                    if self.ready {
                        self.send(Message::text(protocol::ping())).await?;
                    }
                }
            }
        }
    }

    /// Sends a message. A client that does not take it for as long as two pings is gone.
    async fn send(&mut self, message: Message) -> Result<(), End> {
        let patience = self.endpoint.settings.subscriptions.ping * 2;
        tokio::select! {
            sent = self.socket.send(message) => sent.map_err(|_| End::Gone),
            () = self.endpoint.shared.stopping.cancelled() => Err(Closing::stopping().into()),
            () = sleep(patience) => Err(Closing::unanswered().into()),
        }
    }

    async fn take(&mut self, frame: Option<Result<Message, WireError>>) -> Result<(), End> {
        let limit = self.endpoint.longest_message();
        let text = match frame {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Binary(_))) => return Err(Closing::binary().into()),
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => return Ok(()),
            Some(Ok(Message::Close(_))) | None => return Err(End::Gone),
            Some(Err(error)) => {
                return Err(match error {
                    WireError::Capacity(_) => End::Refuse(Closing::too_large(limit)),
                    WireError::Utf8(_) => End::Refuse(Closing::not_utf8()),
                    WireError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Gone,
                    WireError::Protocol(_) => End::Refuse(Closing::wrong_frame()),
                    _ => End::Gone,
                });
            }
        };
        match ClientMessage::read(&text)? {
            ClientMessage::Init(_) if self.ready => Err(Closing::too_many_inits().into()),
            ClientMessage::Init(payload) => {
                if let Some(sent) = authorization(&payload) {
                    self.credential = self.check(sent).await?;
                }
                self.ready = true;
                self.send(Message::text(protocol::ack())).await
            }
            ClientMessage::Ping(payload) => self.send(Message::text(protocol::pong(payload))).await,
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { .. } if !self.ready => Err(Closing::unauthorized().into()),
            ClientMessage::Subscribe { id, parameters } => {
                if self.operations.has(&id) {
                    return Err(Closing::subscriber_exists(&id).into());
                }
                let refused =
                    if self.operations.len() >= self.endpoint.settings.subscriptions.operations {
                        Some((
                            StatusCode::TOO_MANY_REQUESTS,
                            Code::RateLimited,
                            too_many(self.operations.len()),
                        ))
                    } else {
                        None
                    };
                let parameters = match (refused, parameters) {
                    (Some((status, code, message)), _) => Err(Refusal::new(status, code, message)),
                    (None, Err(message)) => Err(Refusal::new(
                        StatusCode::BAD_REQUEST,
                        Code::BadRequest,
                        message,
                    )),
                    (None, Ok(parameters)) => Ok(parameters),
                };
                match parameters {
                    Ok(parameters) => {
                        let outputs = Arc::clone(&self.endpoint).operate(
                            self.credential.clone(),
                            *parameters,
                            self.request_id.clone(),
                        );
                        self.operations.add(id, outputs);
                        Ok(())
                    }
                    Err(refusal) => {
                        let errors = refusal.into_errors(&self.request_id);
                        self.send(Message::text(protocol::error(&id, &errors)))
                            .await
                    }
                }
            }
            ClientMessage::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
        }
    }

    /// Whether credentials are right: they are asked again with each operation.
    async fn check(&mut self, sent: Credentials) -> Result<Option<Credential>, End> {
        if let Ok(None) = sent {
            return Ok(None);
        }
        let asked = (self.endpoint.authenticate)(sent.clone(), self.request_id.clone());
        let asked = timeout(self.endpoint.settings.request_timeout, asked).await;
        match asked.unwrap_or(Err(Error::RateLimited)) {
            Ok(_) => sent.map_err(|_| Closing::forbidden().into()),
            Err(Error::Unauthenticated(_) | Error::Forbidden(_)) => {
                Err(Closing::forbidden().into())
            }
            Err(Error::RateLimited | Error::Unavailable(_) | Error::Crossed(_)) => {
                Err(Closing::try_later().into())
            }
            Err(error) => {
                tracing::error!(request_id = self.request_id, %error, "could not authenticate");
                Err(Closing::internal().into())
            }
        }
    }

    /// Says why, and waits until the client has heard it.
    async fn end(&mut self, end: End) {
        let (closing, refused) = match end {
            End::Gone => {
                // Answers the client's closing, if it can be answered.
                while let Some(Ok(_)) = self.socket.next().await {}
                return;
            }
            End::Close(closing) => (closing, false),
            End::Refuse(closing) => (closing, true),
        };
        tracing::debug!(
            code = closing.code,
            reason = closing.reason,
            "closing a WebSocket"
        );
        let frame = CloseFrame {
            code: CloseCode::from(closing.code),
            reason: closing.reason.into(),
        };
        if self.socket.close(Some(frame)).await.is_err() {
            return;
        }
        if refused {
            // What cannot be read as frames is read all the same: a connection that is dropped before is
            // reset, and the client may never see the reason.
            let mut rest = [0; 4096];
            let socket = self.socket.get_mut();
            while let Ok(Ok(1..)) = timeout(SILENCE, socket.read(&mut rest)).await {}
        } else {
            while let Some(Ok(_)) = self.socket.next().await {}
        }
    }
}

fn too_many(most: usize) -> String {
    format!(
        "{RATE_LIMITED} At most {most} operations run at once in a connection; complete one of them first."
    )
}

/// The credentials in the payload of `connection_init`, whatever the case of their name.
fn authorization(payload: &serde_json::Map<String, serde_json::Value>) -> Option<Credentials> {
    let mut named = payload
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let wrong = |what: &str| Err(Error::Unauthenticated(format!("connection_init: {what}")));
    match (named.next(), named.next()) {
        (None, _) => None,
        (Some(_), Some(_)) => Some(wrong("several values for Authorization")),
        (Some((_, serde_json::Value::String(text))), None) => Some(credentials::parse(Some(text))),
        (Some(_), None) => Some(wrong("Authorization is not a string")),
    }
}

/// What comes of an operation: a response as JSON, or the errors that end it.
type Output = Result<Vec<u8>, Vec<ServerError>>;

impl Endpoint {
    /// Begins an operation. Nothing happens before the stream is asked, and it may be dropped at any time: a
    /// mutation goes on.
    fn operate(
        self: Arc<Self>,
        credential: Option<Credential>,
        parameters: Parameters,
        request_id: String,
    ) -> BoxStream<'static, Output> {
        let begun = async move {
            match self.begin(credential, parameters, &request_id).await {
                Ok(outputs) => outputs,
                Err(refusal) => {
                    let errors = refusal.into_errors(&request_id);
                    stream::once(std::future::ready(Err(errors))).boxed()
                }
            }
        };
        // Boxed: an idle subscription keeps nothing of how it began.
        stream::once(Box::pin(begun)).flatten().boxed()
    }

    async fn begin(
        self: &Arc<Self>,
        credential: Option<Credential>,
        parameters: Parameters,
        request_id: &str,
    ) -> Result<BoxStream<'static, Output>, Refusal> {
        let mut measured = Measured::begin(&self.shared.metrics);
        let begun = self.begin_measured(credential, parameters, request_id, &mut measured);
        let begun = begun.await;
        if let Err(refusal) = &begun {
            measured.failed(refusal.first().and_then(code_of));
        }
        let outputs = begun?;
        Ok(outputs
            .map(move |output| {
                if let Err(errors) = &output {
                    measured.failed(errors.first().and_then(code_of));
                }
                output
            })
            .boxed())
    }

    async fn begin_measured(
        self: &Arc<Self>,
        credential: Option<Credential>,
        parameters: Parameters,
        request_id: &str,
        measured: &mut Measured,
    ) -> Result<BoxStream<'static, Output>, Refusal> {
        let deadline = Instant::now() + self.settings.request_timeout;
        let _turn = self.turn().await?;
        let caller = self.caller(Ok(credential), request_id, deadline).await?;
        let prepared = self.prepare(parameters, Verb::Post, &caller)?;
        measured.operation = self.name(&prepared.label);
        self.spend(&caller, &prepared, request_id)?;
        let written = |mut response: async_graphql::Response| {
            let errors = std::mem::take(&mut response.errors);
            answer::json(errors, Some(response))
        };
        if prepared.is_subscription {
            measured.door = Door::Subscription;
            let open = self.shared.metrics.subscribed("websocket");
            let responses = self.follow(prepared, caller, request_id);
            let outputs = responses.map(move |response| {
                let _held = &open;
                response.map(written)
            });
            return Ok(outputs.boxed());
        }
        let response = self.run(prepared, caller, deadline, request_id).await?;
        measured.failed(response.errors.first().and_then(code_of));
        Ok(stream::once(std::future::ready(Ok(written(response)))).boxed())
    }
}

/// The operations of a connection.
#[derive(Default)]
struct Operations {
    running: Vec<(String, BoxStream<'static, Output>)>,
    /// Where to look first, so that no operation keeps others waiting.
    turn: usize,
}

impl Operations {
    fn len(&self) -> usize {
        self.running.len()
    }

    fn has(&self, id: &str) -> bool {
        self.running.iter().any(|(known, _)| known == id)
    }

    fn add(&mut self, id: String, outputs: BoxStream<'static, Output>) {
        self.running.push((id, outputs));
    }

    fn remove(&mut self, id: &str) {
        self.running.retain(|(known, _)| known != id);
    }

    /// The next message of any of them.
    async fn next(&mut self) -> String {
        poll_fn(|task| {
            let count = self.running.len();
            for place in (self.turn..count).chain(0..self.turn.min(count)) {
                let (id, outputs) = &mut self.running[place];
                let Poll::Ready(output) = outputs.poll_next_unpin(task) else {
                    continue;
                };
                let (message, ended) = match output {
                    Some(Ok(response)) => (protocol::next(id, &response), false),
                    Some(Err(errors)) => (protocol::error(id, &errors), true),
                    None => (protocol::complete(id), true),
                };
                if ended {
                    drop(self.running.remove(place));
                }
                self.turn = place + 1;
                return Poll::Ready(message);
            }
            Poll::Pending
        })
        .await
    }
}
