//! Documents that a request names instead of sending them: trusted documents, collected when a client was
//! built, and documents from the cache (automatic persisted queries).

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::cache::{self, Key};
use super::{OperationRequest, RequestError, RequestErrorKind};

/// How trusted documents are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustedMode {
    /// Other documents can be sent too.
    Prefer,
    /// Other documents are refused.
    Require,
}

/// The documents that requests can name.
#[derive(Debug, Default)]
pub struct PersistedDocuments {
    /// Whether cached documents can be named by their hash.
    automatic: bool,
    required: bool,
    by_id: HashMap<String, String>,
    /// The ids of trusted documents by the hash of their text.
    by_hash: HashMap<Key, String>,
    /// The names that a manifest gives to its documents, by the hash of their text.
    names: HashMap<Key, String>,
}

/// Where the document of a request comes from.
#[derive(Debug)]
pub(super) enum Source<'f> {
    Text(&'f str),
    /// The key of a cached document.
    Hash(Key),
}

pub(super) fn not_found() -> RequestError {
    // Clients match this message.
    RequestError::new(
        RequestErrorKind::PersistedQueryNotFound,
        "PersistedQueryNotFound",
    )
}

impl PersistedDocuments {
    /// Creates an instance without trusted documents.
    pub fn new(automatic: bool) -> Self {
        Self {
            automatic,
            ..Self::default()
        }
    }

    /// Adds trusted documents: a JSON object of ids and texts, as relay-compiler and graphql-codegen
    /// write it, or the manifest of Apollo's tools.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub fn trust(mut self, json: &str, mode: TrustedMode) -> Result<Self, String> {
        let file: Map<String, Json> =
            serde_json::from_str(json).map_err(|error| format!("not a JSON object: {error}"))?;
        let mut add = |id: &str, text: Option<&Json>| {
            let Some(text) = text.and_then(Json::as_str) else {
                return Err(format!("the document {id:?} has no text"));
            };
            self.by_hash.insert(cache::key(text), id.to_owned());
            match self.by_id.insert(id.to_owned(), text.to_owned()) {
                Some(other) if other != text => Err(format!("the id {id:?} is there twice")),
                _ => Ok(()),
            }
        };
        match file.get("operations").and_then(Json::as_array) {
            Some(operations) => {
                for operation in operations {
                    let id = operation.get("id").and_then(Json::as_str);
                    let id = id.ok_or("an operation of the manifest has no id")?;
                    add(id, operation.get("body"))?;
                    let body = operation.get("body").and_then(Json::as_str);
                    let name = operation.get("name").and_then(Json::as_str);
                    if let (Some(body), Some(name)) = (body, name) {
                        self.names.insert(cache::key(body), name.to_owned());
                    }
                }
            }
            None => {
                for (id, text) in &file {
                    add(id, Some(text))?;
                }
            }
        }
        self.required = mode == TrustedMode::Require;
        Ok(self)
    }

    /// The ids and texts of all trusted documents.
    pub(super) fn trusted(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.by_id.iter();
        all.map(|(id, text)| (id.as_str(), text.as_str()))
    }

    /// Whether a document is trusted, and the name that its manifest gives it.
    pub(super) fn name(&self, key: &Key) -> Option<Option<&str>> {
        self.by_hash.get(key)?;
        Some(self.names.get(key).map(String::as_str))
    }

    /// Finds the document of a request.
    pub(super) fn find<'f>(
        &'f self,
        request: &OperationRequest<'f>,
    ) -> Result<Source<'f>, RequestError> {
        if let Some(id) = request.document_id {
            if request.query.is_some() {
                return Err(RequestError::new(
                    RequestErrorKind::BadRequest,
                    "A request has a `query` or a `documentId`, and not both.",
                ));
            }
            return match self.by_id.get(id) {
                Some(text) => Ok(Source::Text(text)),
                None => self.by_hash(id.strip_prefix("sha256:").unwrap_or(id)),
            };
        }
        match (request.query, request.sha256) {
            (None, None) => Err(RequestError::new(
                RequestErrorKind::BadRequest,
                "The request has no `query`: a string with a GraphQL document.",
            )),
            (None, Some(hash)) => self.by_hash(hash),
            (Some(text), hash) => {
                let key = cache::key(text);
                if hash.is_some_and(|hash| read(hash) != Some(key)) {
                    return Err(RequestError::new(
                        RequestErrorKind::BadRequest,
                        "The hash of the request is not the SHA-256 of its `query`.",
                    ));
                }
                if self.required && !self.by_hash.contains_key(&key) {
                    return Err(RequestError::new(
                        RequestErrorKind::NotTrusted,
                        "Only documents that were registered before are executed here.",
                    ));
                }
                Ok(Source::Text(text))
            }
        }
    }

    fn by_hash(&self, hash: &str) -> Result<Source<'_>, RequestError> {
        let key = read(hash);
        let trusted = key
            .and_then(|key| self.by_hash.get(&key))
            .and_then(|id| self.by_id.get(id))
            // Some tools use as id the hash of the text before their last change to it.
            .or_else(|| self.by_id.get(hash))
            .or_else(|| self.by_id.get(&format!("sha256:{hash}")));
        match (trusted, key) {
            (Some(text), _) => Ok(Source::Text(text)),
            (None, Some(key)) if self.automatic && !self.required => Ok(Source::Hash(key)),
            (None, _) if self.automatic || !self.by_id.is_empty() => Err(not_found()),
            _ => Err(RequestError::new(
                RequestErrorKind::PersistedQueryNotSupported,
                "PersistedQueryNotSupported",
            )),
        }
    }
}

/// Decodes a hash of 64 hexadecimal digits.
fn read(hash: &str) -> Option<Key> {
    let mut key = Key::default();
    hex::decode_to_slice(hash, &mut key).ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_usual_tools_are_read() {
        let hash = hex::encode(cache::key("{ __typename }"));
        let apollo = r#"{ "format": "apollo-persisted-query-manifest", "version": 1,
            "operations": [{ "id": "x", "name": "A", "type": "query", "body": "{ __typename }" }] }"#;
        for file in [
            r#"{ "x": "{ __typename }" }"#.to_owned(),
            apollo.to_owned(),
            format!(r#"{{ "sha256:{hash}": "{{ __typename }}", "x": "{{ __typename }}" }}"#),
        ] {
            let documents = PersistedDocuments::new(false);
            let documents = documents.trust(&file, TrustedMode::Require).unwrap();
            let prefixed = format!("sha256:{hash}");
            for (id, sha256) in [
                (Some("x"), None),
                (Some(hash.as_str()), None),
                (Some(prefixed.as_str()), None),
                (None, Some(hash.as_str())),
            ] {
                let request = OperationRequest {
                    document_id: id,
                    sha256,
                    ..OperationRequest::default()
                };
                let found = documents.find(&request);
                assert!(
                    matches!(found, Ok(Source::Text("{ __typename }"))),
                    "{found:?}"
                );
            }
            let other = OperationRequest {
                query: Some("{ a }"),
                ..OperationRequest::default()
            };
            assert_eq!(
                documents.find(&other).unwrap_err().kind,
                RequestErrorKind::NotTrusted
            );
        }
        for file in [
            "[]",
            r#"{ "x": 1 }"#,
            r#"{ "operations": [{ "body": "x" }] }"#,
        ] {
            assert!(
                PersistedDocuments::new(false)
                    .trust(file, TrustedMode::Prefer)
                    .is_err()
            );
        }
    }
}
