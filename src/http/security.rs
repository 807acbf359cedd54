//! What browsers are told to be careful about. HTTPS, and the header that insists on it, is the matter
//! of the proxy in front, which has the certificate.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

/// On every answer: it is what its `Content-Type` says, and nothing else that it might look like.
pub(super) async fn no_sniffing(mut response: Response) -> Response {
    let value = HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(header::X_CONTENT_TYPE_OPTIONS, value);
    response
}

/// The policy of a page: it may load and run what `allowed` says, and nothing else from anywhere; no
/// other page may frame it.
pub(super) fn policy(allowed: &str) -> String {
    format!(
        "default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// The headers of a page for people, with the policy that [`policy`] wrote.
pub(super) fn page(policy: &str) -> HeaderMap {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        // For browsers that do not know `frame-ancestors`.
        (header::X_FRAME_OPTIONS, "DENY"),
        // Where somebody goes from here is not told where they came from.
        (header::REFERRER_POLICY, "no-referrer"),
        // No window of another site, whoever opened which, reaches into this one, ...
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        // ... and no page of another site loads this one's parts.
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ];
    headers
        .into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::from_str(value).ok()?)))
        .collect()
}
