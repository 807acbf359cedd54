//! Server-sent events, by the protocol graphql-sse in its mode of distinct connections: each operation has a
//! stream of its own, with events `next` and, at its end, `complete`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use futures_util::{Stream, StreamExt as _};
use graphql_operation::Prepared;
use tokio::time::{Instant, interval_at};

use super::answer::{self, Refusal};
use super::negotiate::Media;
use super::{Caller, Endpoint};

/// A comment, which clients pass over. The first one makes proxies hand on the head of the answer.
const COMMENT: &[u8] = b":\n\n";

const COMPLETE: &[u8] = b"event: complete\ndata: \n\n";

fn next(json: &[u8]) -> Vec<u8> {
    // No line of JSON ends before the JSON does.
    [b"event: next\ndata: ", json, b"\n\n"].concat()
}

/// The one response of a query or a mutation, or the errors of what could not be executed.
pub(super) fn answer(json: Vec<u8>) -> Response {
    respond(Body::from([&next(&json), COMPLETE].concat()))
}

/// The responses of a subscription, until it ends or the service stops.
pub(super) fn stream(
    endpoint: &Arc<Endpoint>,
    prepared: Prepared,
    caller: Caller,
    request_id: &str,
) -> Result<Response, Refusal> {
    let place = endpoint.place()?;
    let open = endpoint.shared.metrics.subscribed("sse");
    let responses = endpoint.follow(prepared, caller, request_id).boxed();
    let stopped = endpoint.shared.stopping.clone().cancelled_owned();
    let events = events(responses, endpoint.settings.subscriptions.ping);
    let events = events.take_until(stopped).map(move |event| {
        let _held = (&place, &open);
        Ok::<_, std::convert::Infallible>(Bytes::from(event))
    });
    Ok(respond(Body::from_stream(events)))
}

fn events(
    responses: stream::BoxStream<'static, Result<super::Answer, Vec<super::ServerError>>>,
    every: std::time::Duration,
) -> impl Stream<Item = Vec<u8>> {
    let pause = interval_at(Instant::now() + every, every);
    let begun = stream::once(std::future::ready(COMMENT.to_vec()));
    let rest = stream::unfold(Some((responses, pause)), |state| async {
        let (mut responses, mut pause) = state?;
        tokio::select! {
            response = responses.next() => Some(match response {
                Some(Ok(mut response)) => {
                    let errors = std::mem::take(&mut response.errors);
                    let event = next(&answer::json(errors, Some(response)));
                    (event, Some((responses, pause)))
                }
                Some(Err(errors)) => {
                    let event = [&next(&answer::json(errors, None)), COMPLETE].concat();
                    (event, None)
                }
                None => (COMPLETE.to_vec(), None),
            }),
            _ = pause.tick() => Some((COMMENT.to_vec(), Some((responses, pause)))),
        }
    });
    begun.chain(rest)
}

fn respond(body: Body) -> Response {
    let media = HeaderValue::from_static(Media::EventStream.content_type());
    (
        [
            (CONTENT_TYPE, media),
            (VARY, HeaderValue::from_static("Accept")),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            // A proxy that collects answers would keep events back.
            (
                HeaderName::from_static("x-accel-buffering"),
                HeaderValue::from_static("no"),
            ),
        ],
        body,
    )
        .into_response()
}
