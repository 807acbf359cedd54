//! The page for trying out queries. It is built from `graphiql/` with the packages of its lock file
//! (see `graphiql/build.mjs`), committed, and stands in the program: nothing is fetched, neither by the
//! service nor by the browser.
//!
//! Everything on the page is named relative to `/graphiql`, so it works whatever path a proxy puts
//! before it. The page holds no secret; what it may ask, its user has to paste a key for.

use std::io::Read as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use flate2::read::GzDecoder;
use sha2::{Digest as _, Sha256};

use super::{App, security};

static PAGE: File = File {
    media_type: "text/html; charset=utf-8",
    stored: include_bytes!("../../graphiql/dist/index.html"),
    packed: false,
};

/// What the page loads, below `/graphiql/`, and the licences of what it is made of.
static FILES: [(&str, File); 4] = [
    (
        "graphiql.js",
        File {
            media_type: "text/javascript; charset=utf-8",
            stored: include_bytes!("../../graphiql/dist/graphiql.js.gz"),
            packed: true,
        },
    ),
    (
        "graphiql.css",
        File {
            media_type: "text/css; charset=utf-8",
            stored: include_bytes!("../../graphiql/dist/graphiql.css.gz"),
            packed: true,
        },
    ),
    (
        "icon.svg",
        File {
            media_type: "image/svg+xml",
            stored: include_bytes!("../../graphiql/dist/icon.svg"),
            packed: false,
        },
    ),
    (
        "licenses.txt",
        File {
            media_type: "text/plain; charset=utf-8",
            stored: include_bytes!("../../graphiql/dist/licenses.txt.gz"),
            packed: true,
        },
    ),
];

/// What the page may do: its scripts, styles and pictures are files of ours, but for small pictures
/// that stand in the editor's style; requests go to the service.
const ALLOWED: &str =
    "script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:";

/// A file as it was built.
#[derive(Debug)]
struct File {
    media_type: &'static str,
    stored: &'static [u8],
    /// Whether it is stored with gzip.
    packed: bool,
}

/// The routes of the page.
pub(super) fn router() -> Router<Arc<App>> {
    let mut router = Router::new()
        .route("/graphiql", serve(&PAGE))
        // Relative names would mean something else from there.
        .route("/graphiql/", get(async || see("../graphiql")));
    for (name, file) in &FILES {
        router = router.route(&format!("/graphiql/{name}"), serve(file));
    }
    router
}

/// Sends the browser to another place, relative to where it is.
fn see(place: &'static str) -> Response {
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response()
}

fn serve(file: &'static File) -> MethodRouter<Arc<App>> {
    let headers = file.headers();
    get(async move |request: HeaderMap| file.answer(&request, headers.clone()))
}

impl File {
    /// The headers that do not depend on the request.
    fn headers(&self) -> HeaderMap {
        let mut headers = security::page(&security::policy(ALLOWED));
        // Weak, because it is the same packed and unpacked.
        let tag = format!("W/\"{}\"", &hex::encode(Sha256::digest(self.stored))[..32]);
        let own = [
            (header::ETAG, tag.as_str()),
            // Kept, and asked for again each time: a new version is seen at once.
            (header::CACHE_CONTROL, "no-cache"),
            (header::VARY, "accept-encoding"),
        ];
        for (name, value) in own {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        headers
    }

    fn answer(&'static self, request: &HeaderMap, mut headers: HeaderMap) -> Response {
        if has_already(request, &headers) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let media_type = HeaderValue::from_static(self.media_type);
        headers.insert(header::CONTENT_TYPE, media_type);
        let body = if !self.packed {
            Bytes::from_static(self.stored)
        } else if takes_gzip(request) {
            // The layer that packs answers leaves this one alone, because it says that it is packed.
            let gzip = HeaderValue::from_static("gzip");
            headers.insert(header::CONTENT_ENCODING, gzip);
            Bytes::from_static(self.stored)
        } else {
            // Every browser takes gzip: it is not worth keeping the result.
            match unpacked(self.stored) {
                Ok(body) => body.into(),
                Err(error) => {
                    tracing::error!(%error, "a file of the page cannot be unpacked");
                    return StatusCode::INTERNAL_SERVER_ERROR.into_response();
                }
            }
        };
        (headers, body).into_response()
    }
}

fn unpacked(stored: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    GzDecoder::new(stored).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The parts of a header that is a list, however many times it was sent.
fn parts(request: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    request
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

/// Whether the browser kept the file as it is now.
fn has_already(request: &HeaderMap, headers: &HeaderMap) -> bool {
    let bare = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
    let now = headers
        .get(header::ETAG)
        .and_then(|tag| tag.to_str().ok())
        .map(bare);
    parts(request, header::IF_NONE_MATCH).any(|tag| tag == "*" || Some(bare(tag)) == now)
}

/// Whether the client unpacks gzip.
fn takes_gzip(request: &HeaderMap) -> bool {
    let mut any = false;
    for part in parts(request, header::ACCEPT_ENCODING) {
        let (coding, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight = weight.trim().trim_start_matches(['q', 'Q', '=']);
        let wanted = weight.parse::<f32>().is_ok_and(|weight| weight > 0.0);
        match coding.trim().to_ascii_lowercase().as_str() {
            // Its own name says more than "any".
            "gzip" | "x-gzip" => return wanted,
            "*" => any = wanted,
            _ => {}
        }
    }
    any
}
