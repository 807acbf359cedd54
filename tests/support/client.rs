//! A caller over HTTP.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// The kinds of caller that the fixture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Anonymous,
    /// Somebody with a token, by username.
    User(&'static str),
    /// A key of the fixture, by its name there.
    Key(&'static str),
}

/// Somebody who calls.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    authorization: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Client {
    pub(crate) fn new(http: reqwest::Client, base: &str, authorization: Option<String>) -> Self {
        Self {
            http,
            base: base.to_owned(),
            authorization,
        }
    }

    /// Sends one request.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        self.try_send(method, path, headers, body).await.unwrap()
    }

    /// The same, where there may be no answer.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, reqwest::Error> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .body(body);
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        Ok(Answer {
            status: response.status(),
            headers: response.headers().clone(),
            bytes: response.bytes().await?.to_vec(),
        })
    }

    /// Asks for an event stream.
    pub(crate) async fn event_stream(&self, query: &str, variables: Value) -> reqwest::Response {
        let body = json!({ "query": query, "variables": variables });
        let mut request = self
            .http
            .post(format!("{}/graphql", self.base))
            .header(CONTENT_TYPE, "application/json")
            .header("accept", "text/event-stream")
            .body(body.to_string());
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        request.send().await.unwrap()
    }

    /// A plain GET.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    /// A GraphQL request, whatever comes of it.
    pub(crate) async fn graphql(&self, query: &str, variables: Value) -> Answer {
        self.try_graphql(query, variables).await.unwrap()
    }

    /// The same, where there may be no answer.
    pub(crate) async fn try_graphql(
        &self,
        query: &str,
        variables: Value,
    ) -> Result<Answer, reqwest::Error> {
        let body = json!({ "query": query, "variables": variables });
        self.try_send(
            Method::POST,
            "/graphql",
            &[(CONTENT_TYPE.as_str(), "application/json")],
            body.to_string().into_bytes(),
        )
        .await
    }

    /// The data of a GraphQL request that must have no errors.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.graphql(query, variables).await;
        let mut body = answer.json();
        assert!(
            body.get("errors").is_none(),
            "{} for {query}\n{body:#}",
            answer.status
        );
        body["data"].take()
    }

    /// The code of the one error that a GraphQL request must have.
    pub(crate) async fn code(&self, query: &str, variables: Value) -> String {
        let body = self.graphql(query, variables).await.json();
        let errors = body["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("no errors for {query}\n{body:#}"));
        assert_eq!(errors.len(), 1, "for {query}\n{body:#}");
        let code = errors[0]["extensions"]["code"].as_str();
        code.unwrap_or_else(|| panic!("no code for {query}\n{body:#}"))
            .to_owned()
    }
}

impl Answer {
    /// The body, which must be JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.text()))
    }

    /// The body as it came.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// One header, if it is there and readable.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
