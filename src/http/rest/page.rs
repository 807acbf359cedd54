//! Pages of a list: which one is asked for, and the links to its neighbours.

use axum::http::{HeaderMap, header, uri::Authority};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::{Complaint, Refusal};
use super::fields::Fields;
use super::query;
use crate::config::Config;
use crate::error::{Error, ProblemCode};
use crate::page::PageNumber;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// All rows of the list, on whichever page.
    #[schema(minimum = 0, example = 25)]
    pub(super) count: i64,
    /// Where the next page is; null on the last one.
    #[schema(
        required,
        example = "https://suggestions.example.org/api/catalog/suggestions/program/manage/?platform_key=acme&page=2"
    )]
    pub(super) next_page: Option<String>,
    /// Where the page before is; null on the first one.
    #[schema(required, example = json!(null))]
    pub(super) previous_page: Option<String>,
    /// The same as `next_page`.
    #[schema(
        required,
        example = "https://suggestions.example.org/api/catalog/suggestions/program/manage/?platform_key=acme&page=2"
    )]
    pub(super) next: Option<String>,
    /// The same as `previous_page`.
    #[schema(required, example = json!(null))]
    pub(super) previous: Option<String>,
    /// The rows of this page; none past the end.
    pub(super) results: Vec<T>,
}

/// Reads `page` and `page_size`.
pub(super) fn number(fields: &mut Fields) -> PageNumber {
    let page = fields.count("page").unwrap_or(1);
    let size = fields.count("page_size").unwrap_or(10);
    PageNumber::new(page, size, "page_size").unwrap_or_else(|error| {
        if let Error::BadInput { message, field } = error {
            let name = field.unwrap_or("page");
            fields.complain(Complaint::new(ProblemCode::Invalid, name, message));
        }
        PageNumber { page: 1, size: 10 }
    })
}

/// What links to other pages of this request start from.
#[derive(Debug)]
pub(super) struct Links {
    base: String,
    pairs: Vec<(String, String)>,
}

impl Links {
    /// For a request to this path with these parameters.
    ///
    /// # Errors
    /// 400 where no public URL is configured and the request has no proper Host.
    pub(super) fn new(
        config: &Config,
        headers: &HeaderMap,
        path: &str,
        pairs: Vec<(String, String)>,
    ) -> Result<Self, Refusal> {
        let origin = match &config.public_url {
            Some(url) => url.clone(),
            None => format!("http://{}", host(headers).ok_or_else(no_host)?),
        };
        Ok(Self {
            base: format!("{origin}{path}"),
            pairs,
        })
    }

    fn to(&self, page: i64) -> String {
        let number = page.to_string();
        let known = self.pairs.iter().any(|(name, _)| name == "page");
        let kept = self.pairs.iter().map(|(name, value)| match name.as_str() {
            "page" => ("page", number.as_str()),
            name => (name, value.as_str()),
        });
        let added = (!known).then_some(("page", number.as_str()));
        format!("{}?{}", self.base, query::encode_pairs(kept.chain(added)))
    }

    /// One page with its links.
    pub(super) fn page<T>(&self, number: PageNumber, count: i64, results: Vec<T>) -> Page<T> {
        let next = number.next(count).map(|page| self.to(page));
        let previous = number.previous(count).map(|page| self.to(page));
        Page {
            count,
            next_page: next.clone(),
            previous_page: previous.clone(),
            next,
            previous,
            results,
        }
    }
}

/// The Host of a request, if it is a host and perhaps a port, and nothing else.
fn host(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return None;
    };
    let text = host.to_str().ok()?;
    let authority: Authority = text.parse().ok()?;
    let name = authority.host();
    let plain = if name.starts_with('[') {
        name.bytes()
            .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'[' | b']' | b':' | b'.'))
    } else {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
    };
    // A port that is no number would be left over.
    let length = name.len()
        + authority
            .port_u16()
            .map_or(0, |_| text.len().saturating_sub(name.len()));
    (plain && length == text.len()).then_some(text)
}

fn no_host() -> Refusal {
    Complaint::of_all(
        ProblemCode::Invalid,
        "The header Host must name the host, and perhaps a port, that you called.",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_host_is_a_host_and_a_port() {
        let accepted = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(text));
            host(&headers) == Some(text)
        };
        for right in [
            "example.org",
            "example.org:8080",
            "127.0.0.1:1",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(accepted(right), "{right}");
        }
        for wrong in [
            "", "a@b", "a/b", "a?b", "a b", "a:b", "a:", "a:99999", "a,b", "<a>", "a:1:2",
        ] {
            assert!(!accepted(wrong), "{wrong}");
        }
    }

    #[test]
    fn links_keep_what_was_asked() {
        let links = Links {
            base: "http://h/p/".to_owned(),
            pairs: [("query", "a b"), ("page", "1"), ("page_size", "5")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        let number = PageNumber { page: 2, size: 5 };
        let page = links.page::<()>(number, 11, Vec::new());
        assert_eq!(
            page.next_page.as_deref(),
            Some("http://h/p/?query=a%20b&page=3&page_size=5")
        );
        assert_eq!(page.previous, page.previous_page);
        let past = links.page::<()>(PageNumber { page: 9, size: 5 }, 11, Vec::new());
        assert_eq!(past.next_page, None);
        assert!(
            past.previous_page
                .is_some_and(|link| link.contains("page=3"))
        );
    }
}
