//! Negotiates the media type of a response and checks that of a request.

use std::cmp::Ordering;

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE};

use super::Profile;

/// The media types of responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status shows whether the request failed.
    GraphqlResponse,
    /// `application/json`: what older clients expect.
    Json,
    /// `text/event-stream`: one response after another.
    EventStream,
}

/// What a client accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Accepted {
    /// The media type that it likes best.
    pub(super) media: Media,
    /// Whether it accepts event streams: what a subscription is answered with, even where others are liked as
    /// well.
    pub(super) event_stream: bool,
}

impl Media {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        }
    }
}

/// How a media range matches a candidate: its specificity and its weight in thousandths.
type Fit = (u8, u16);

/// What the client accepts of all that is answered here; `None` if nothing.
pub(super) fn accepted(headers: &HeaderMap, profile: Profile) -> Option<Accepted> {
    let default = match profile {
        Profile::Compat => Media::Json,
        Profile::Strict => Media::GraphqlResponse,
    };
    let mut said = false;
    let (mut response, mut json): (Option<Fit>, Option<Fit>) = (None, None);
    let mut stream: Option<Fit> = None;
    for range in headers
        .get_all(ACCEPT)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .filter(|range| !range.is_empty())
    {
        said = true;
        let Some((essence, liked)) = accept_range(range) else {
            continue;
        };
        let keep = |best: &mut Option<Fit>, closeness: u8| {
            if best.is_none_or(|(close, _)| close < closeness) {
                *best = Some((closeness, liked));
            }
        };
        match essence.as_str() {
            "application/graphql-response+json" => keep(&mut response, 3),
            "application/json" => keep(&mut json, 3),
            "text/event-stream" => keep(&mut stream, 3),
            "application/*" => {
                keep(&mut response, 2);
                keep(&mut json, 2);
            }
            "*/*" => {
                keep(&mut response, 1);
                keep(&mut json, 1);
            }
            _ => {}
        }
    }
    let liked = |fit: Option<Fit>| fit.filter(|(_, liked)| *liked > 0);
    let (response, json, stream) = (liked(response), liked(json), liked(stream));
    let answer = match (response, json) {
        _ if !said => Some((default, (0, 0))),
        (None, None) => None,
        (Some(fit), None) => Some((Media::GraphqlResponse, fit)),
        (None, Some(fit)) => Some((Media::Json, fit)),
        (Some(r), Some(j)) => Some(match (r.1.cmp(&j.1), r.0.cmp(&j.0)) {
            (Ordering::Greater, _) => (Media::GraphqlResponse, r),
            (Ordering::Less, _) => (Media::Json, j),
            (_, Ordering::Greater) => (Media::GraphqlResponse, r),
            (_, Ordering::Less) => (Media::Json, j),
            _ if r.0 == 3 => (Media::GraphqlResponse, r),
            _ => (default, r),
        }),
    };
    let media = match (answer, stream) {
        (None, None) => return None,
        (Some((media, _)), None) => media,
        (None, Some(_)) => Media::EventStream,
        // Of two that are liked as much, the one that was named; and of two that were named, the answer:
        // clients name event streams for what may turn out to be a subscription.
        (Some((media, answer)), Some(stream)) => {
            if (stream.1, stream.0) > (answer.1, answer.0) {
                Media::EventStream
            } else {
                media
            }
        }
    };
    Some(Accepted {
        media,
        event_stream: stream.is_some(),
    })
}

/// The media range in lower case and its weight, or `None` if no response can match it.
fn accept_range(range: &str) -> Option<(String, u16)> {
    let mut parts = range.split(';');
    let essence = parts.next()?.trim().to_ascii_lowercase();
    let mut liked = 1000;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => liked = weight(value)?,
            "charset" if !value.eq_ignore_ascii_case("utf-8") => return None,
            _ => {}
        }
    }
    Some((essence, liked))
}

/// `0.75` as 750.
fn weight(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

/// Checks that the body is JSON in UTF-8 without a content encoding. With `required`, the content type must
/// be given. Other types are refused: browsers send them to other origins without a preflight.
///
/// # Errors
/// The message for the client.
pub(super) fn json_body(headers: &HeaderMap, required: bool) -> Result<(), String> {
    let Some(content_type) = headers.get(CONTENT_TYPE) else {
        return if required {
            Err("The request needs the header `Content-Type: application/json`.".to_owned())
        } else {
            Ok(())
        };
    };
    let content_type = content_type.to_str().unwrap_or_default();
    let mut parts = content_type.split(';');
    let essence = parts.next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err("The body of a request is `application/json`, and nothing else.".to_owned());
    }
    let foreign_charset = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .any(|(_, value)| {
            let value = value.trim().trim_matches('"');
            !value.eq_ignore_ascii_case("utf-8") && !value.eq_ignore_ascii_case("utf8")
        });
    if foreign_charset {
        return Err("The body of a request is encoded in UTF-8, and nothing else.".to_owned());
    }
    let packed = headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if packed {
        return Err("The body of a request is not compressed.".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn chosen(accept: &'static str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        accepted(&headers, Profile::Compat).map(|accepted| accepted.media)
    }

    #[test]
    fn the_best_liked_media_type_wins() {
        use Media::{EventStream, GraphqlResponse, Json};
        for (accept, expected) in [
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("", Some(Json)),
            ("text/html", None),
            ("text/html, */*;q=0.1", Some(Json)),
            (
                "application/graphql-response+json, application/json;q=0.9",
                Some(GraphqlResponse),
            ),
            (
                "application/json;q=0.9, application/graphql-response+json;q=0.8",
                Some(Json),
            ),
            (
                "application/json, application/graphql-response+json",
                Some(GraphqlResponse),
            ),
            ("application/json, text/plain, */*", Some(Json)),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0", None),
            ("application/json; charset=UTF-8", Some(Json)),
            ("application/json; charset=latin1", None),
            ("APPLICATION/JSON", Some(Json)),
            ("nonsense", None),
            ("text/event-stream", Some(EventStream)),
            ("text/event-stream, multipart/mixed", Some(EventStream)),
            ("text/event-stream, */*", Some(EventStream)),
            ("text/event-stream;q=0.5, */*", Some(Json)),
            ("text/event-stream;q=0", None),
            ("text/event-stream;q=0, */*", Some(Json)),
            (
                "application/json;q=0.5, text/event-stream",
                Some(EventStream),
            ),
            ("application/json, text/event-stream;q=0.5", Some(Json)),
            (
                "application/graphql-response+json, application/graphql+json, application/json, \
                 text/event-stream, multipart/mixed",
                Some(GraphqlResponse),
            ),
        ] {
            assert_eq!(chosen(accept), expected, "{accept}");
        }
        let nothing_said = accepted(&HeaderMap::new(), Profile::Strict);
        assert_eq!(
            nothing_said,
            Some(Accepted {
                media: GraphqlResponse,
                event_stream: false
            })
        );
    }

    #[test]
    fn only_json_in_utf_8_is_taken() {
        let fits = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
            json_body(&headers, true).is_ok()
        };
        assert!(fits("application/json"));
        assert!(fits("Application/JSON; Charset=\"UTF-8\""));
        for refused in [
            "application/json; charset=utf-16",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "application/json+x",
            "",
        ] {
            assert!(!fits(refused), "{refused}");
        }
        assert!(json_body(&HeaderMap::new(), true).is_err());
        assert!(json_body(&HeaderMap::new(), false).is_ok());
    }
}
