//! Negotiates the media type of a response and checks that of a request.

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
}

impl Media {
    pub(super) const fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// How a media range matches a candidate: its specificity and its weight in thousandths.
type Fit = (u8, u16);

/// The best media type that the client accepts; `None` if it accepts neither.
pub(super) fn media(headers: &HeaderMap, profile: Profile) -> Option<Media> {
    let default = match profile {
        Profile::Compat => Media::Json,
        Profile::Strict => Media::GraphqlResponse,
    };
    let mut said = false;
    let (mut response, mut json): (Option<Fit>, Option<Fit>) = (None, None);
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
    if !said {
        return Some(default);
    }
    let liked = |fit: Option<Fit>| fit.filter(|(_, liked)| *liked > 0);
    match (liked(response), liked(json)) {
        (None, None) => None,
        (Some(_), None) => Some(Media::GraphqlResponse),
        (None, Some(_)) => Some(Media::Json),
        (Some((close_r, liked_r)), Some((close_j, liked_j))) => {
            Some(match (liked_r.cmp(&liked_j), close_r.cmp(&close_j)) {
                (std::cmp::Ordering::Greater, _) => Media::GraphqlResponse,
                (std::cmp::Ordering::Less, _) => Media::Json,
                (_, std::cmp::Ordering::Greater) => Media::GraphqlResponse,
                (_, std::cmp::Ordering::Less) => Media::Json,
                _ if close_r == 3 => Media::GraphqlResponse,
                _ => default,
            })
        }
    }
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
        media(&headers, Profile::Compat)
    }

    #[test]
    fn the_best_liked_media_type_wins() {
        use Media::{GraphqlResponse, Json};
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
        ] {
            assert_eq!(chosen(accept), expected, "{accept}");
        }
        assert_eq!(
            media(&HeaderMap::new(), Profile::Strict),
            Some(GraphqlResponse)
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
