//! The page that shows the OpenAPI document to people: written here, once, from the document itself.
//! It needs no script and nothing from elsewhere, so its policy forbids both.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::openapi;
use crate::http::security;

const STYLE: &str = include_str!("docs.css");

/// `GET /api/docs`
pub(super) async fn show() -> Response {
    static PAGE: OnceLock<(String, String)> = OnceLock::new();
    let (page, policy) = PAGE.get_or_init(|| {
        let document: Value = serde_json::from_str(openapi::json()).unwrap_or_default();
        let style = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
        let policy = security::policy(&format!("style-src 'sha256-{style}'"));
        (page(&document).into_string(), policy)
    });
    (
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        security::page(policy),
        Bytes::from_static(page.as_bytes()),
    )
        .into_response()
}

/// `GET /api/docs/`: links are relative to the page, and would mean something else from there.
pub(super) async fn without_slash() -> Response {
    let place = [(header::LOCATION, "../docs")];
    (StatusCode::PERMANENT_REDIRECT, place).into_response()
}

/// The whole page.
fn page(document: &Value) -> Markup {
    let info = &document["info"];
    let title = format!("{}: the REST interface", text_of(&info["title"]));
    let operations = all_operations(document);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    @for paragraph in text_of(&info["description"]).split("\n\n") {
                        p { (prose(paragraph)) }
                    }
                    p {
                        "The same for programs: "
                        a href="openapi.json" { "openapi.json" }
                        ", OpenAPI " (text_of(&document["openapi"])) "."
                    }
                    dl {
                        @for (name, scheme) in entries(&document["components"]["securitySchemes"]) {
                            dt { (name) }
                            dd { (prose(text_of(&scheme["description"]))) }
                        }
                    }
                }
                main {
                    nav {
                        ul {
                            @for operation in &operations {
                                li {
                                    a href={ "#" (operation.id()) } {
                                        (operation.route()) " " (operation.text("summary"))
                                    }
                                }
                            }
                        }
                    }
                    @for tag in list(&document["tags"]) {
                        h2 { (text_of(&tag["name"])) }
                        p { (prose(text_of(&tag["description"]))) }
                        @for operation in operations.iter().filter(|it| it.told["tags"][0] == tag["name"]) {
                            (operation.section())
                        }
                    }
                    h2 { "Bodies" }
                    @for (name, schema) in entries(&document["components"]["schemas"]) {
                        section id={ "schema-" (name) } {
                            h3 { (name) }
                            p { (prose(text_of(&schema["description"]))) }
                            (body(document, schema))
                        }
                    }
                }
            }
        }
    }
}

/// An operation of the document.
struct Operation<'d> {
    document: &'d Value,
    method: &'d str,
    path: &'d str,
    told: &'d Value,
}

fn all_operations(document: &Value) -> Vec<Operation<'_>> {
    let mut all = Vec::new();
    for (path, methods) in entries(&document["paths"]) {
        for method in ["get", "post", "delete"] {
            if let Some(told) = methods.get(method) {
                all.push(Operation {
                    document,
                    method,
                    path,
                    told,
                });
            }
        }
    }
    all
}

impl Operation<'_> {
    fn text(&self, field: &str) -> &str {
        text_of(&self.told[field])
    }

    fn id(&self) -> &str {
        self.text("operationId")
    }

    fn route(&self) -> Markup {
        html! {
            b class=(self.method) { (self.method.to_uppercase()) }
            " " code { (self.path) }
        }
    }

    fn section(&self) -> Markup {
        let parameters = list(&self.told["parameters"]);
        let body = &self.told["requestBody"];
        let types: Vec<String> = entries(&body["content"])
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let schema = &body["content"]["application/json"]["schema"];
        let success = &self.told["responses"]["200"]["content"]["application/json"]["schema"];
        html! {
            section id=(self.id()) {
                h3 { (self.text("summary")) }
                p class="route" { (self.route()) }
                @if self.told["description"].is_string() {
                    p { (prose(self.text("description"))) }
                }
                @if !parameters.is_empty() {
                    h4 { "Parameters of the query" }
                    table {
                        (fields_head())
                        @for parameter in parameters {
                            (field(
                                text_of(&parameter["name"]),
                                parameter["required"] == true,
                                &parameter["schema"],
                                described([parameter, &parameter["schema"]]),
                            ))
                        }
                    }
                }
                @if !types.is_empty() {
                    h4 { "Body" }
                    p {
                        (prose(text_of(&body["description"])))
                        (prose(&format!(" As {}: ", types.join(", "))))
                        (kind(schema))
                    }
                }
                h4 { "For example" }
                pre { (self.curl((!types.is_empty()).then(|| example(self.document, schema)))) }
                h4 { "Answers" }
                table {
                    tr { th { "Status" } th { "Body" } th { "Meaning" } }
                    @for (status, response) in entries(&self.told["responses"]) {
                        (answer(status, response))
                    }
                }
                @if !success.is_null() {
                    pre { (format!("{:#}", example(self.document, success))) }
                }
            }
        }
    }

    /// How to call it, with the body that it takes.
    fn curl(&self, body: Option<Value>) -> String {
        let asked: Vec<(&str, String)> = list(&self.told["parameters"])
            .iter()
            .filter(|parameter| parameter["required"] == true || parameter["name"] == "username")
            .map(|parameter| {
                let value = match example(self.document, parameter_example(parameter)) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (text_of(&parameter["name"]), value)
            })
            .collect();
        let query =
            super::query::encode_pairs(asked.iter().map(|(name, value)| (*name, value.as_str())));
        let mark = if query.is_empty() { "" } else { "?" };
        let (method, path) = (self.method.to_uppercase(), self.path);
        let body = body.map_or_else(String::new, |body| {
            format!(" \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'")
        });
        format!(
            "curl -X {method} 'http://127.0.0.1:8080{path}{mark}{query}' \\\n  -H 'Authorization: Api-Token KEY'{body}"
        )
    }
}

/// What is answered with a status.
fn answer(status: &str, response: &Value) -> Markup {
    let schema = &response["content"]["application/json"]["schema"];
    html! {
        tr {
            td { (status) }
            td { @if schema.is_null() { "none" } @else { (kind(schema)) } }
            td {
                (prose(text_of(&response["description"])))
                @for (name, header) in entries(&response["headers"]) {
                    " Header " code { (name) } ": " (prose(text_of(&header["description"])))
                }
            }
        }
    }
}

/// A body: its fields, or what limits it.
fn body(document: &Value, schema: &Value) -> Markup {
    let Some(properties) = schema["properties"].as_object() else {
        return html! { p { (limits(schema)) } };
    };
    let required = list(&schema["required"]);
    html! {
        table {
            (fields_head())
            @for (name, property) in properties {
                (field(
                    name,
                    required.iter().any(|it| it == name),
                    property,
                    described([property, resolved(document, property)]),
                ))
            }
        }
    }
}

fn fields_head() -> Markup {
    html! { tr { th { "Name" } th { "Type" } th { "Meaning" } } }
}

/// A parameter, or a field of a body.
fn field(name: &str, required: bool, schema: &Value, description: &str) -> Markup {
    html! {
        tr {
            td { code { (name) } @if required { " " em { "required" } } }
            td { (kind(schema)) }
            td { (prose(description)) (limits(schema)) }
        }
    }
}

/// Text, which may hold anything. What stands between backquotes is code.
fn prose(text: &str) -> Markup {
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if number % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// The type of something, in a few words.
fn kind(schema: &Value) -> Markup {
    if let Some(name) = name_of(schema) {
        return html! { a href={ "#schema-" (name) } { (name) } };
    }
    if let Some(choices) = choices(schema) {
        return html! {
            @for (number, choice) in choices.iter().enumerate() {
                @if number > 0 { " or " }
                (kind(choice))
            }
        };
    }
    if schema["type"] == "array" {
        return html! { "list of " (kind(&schema["items"])) };
    }
    let words = match &schema["type"] {
        Value::Array(types) => types.iter().map(text_of).collect::<Vec<_>>().join(" or "),
        other => text_of(other).to_owned(),
    };
    html! { (words) @if schema["format"] == "date-time" { ", RFC 3339" } }
}

/// What limits a value, and what it is where it is not given.
fn limits(schema: &Value) -> Markup {
    let mut words = Vec::new();
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", text_of(value)))
            .collect();
        words.push(format!("One of {}.", values.join(", ")));
    }
    for (key, before) in [("minimum", "At least"), ("maximum", "At most")] {
        if let Some(limit) = schema[key].as_number() {
            words.push(format!("{before} {limit}."));
        }
    }
    for (key, what) in [("maxLength", "characters"), ("maxItems", "elements")] {
        if let Some(limit) = schema[key].as_number() {
            words.push(format!("At most {limit} {what}."));
        }
    }
    match &schema["default"] {
        Value::Null => {}
        Value::String(text) => words.push(format!("Default: `{text}`.")),
        other => words.push(format!("Default: `{other}`.")),
    }
    html! { @if !words.is_empty() { " " (prose(&words.join(" "))) } }
}

/// The first description that there is.
fn described<const N: usize>(places: [&Value; N]) -> &str {
    let mut told = places.into_iter().map(|it| &it["description"]);
    told.find_map(Value::as_str).unwrap_or_default()
}

/// What a reference refers to.
fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    if let Some(name) = name_of(schema) {
        return &document["components"]["schemas"][name];
    }
    let choice = choices(schema).and_then(|list| list.iter().find(|it| it["type"] != "null"));
    match choice {
        Some(choice) if name_of(choice).is_some() => resolved(document, choice),
        _ => schema,
    }
}

/// A value that fits, put together from the examples of its parts.
fn example(document: &Value, schema: &Value) -> Value {
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    if let Some(example) = schema["examples"].get(0) {
        return example.clone();
    }
    if let Some(name) = name_of(schema) {
        return example(document, &document["components"]["schemas"][name]);
    }
    if let Some(choice) = choices(schema).and_then(|list| list.first()) {
        return example(document, choice);
    }
    if let Some(properties) = schema["properties"].as_object() {
        let fields = properties
            .iter()
            .map(|(name, property)| (name.clone(), example(document, property)));
        return Value::Object(fields.collect::<Map<String, Value>>());
    }
    match text_of(&schema["type"]) {
        "array" => Value::Array(vec![example(document, &schema["items"])]),
        "boolean" => Value::Bool(true),
        "integer" => 1.into(),
        "string" => "text".into(),
        "object" => Value::Object(Map::new()),
        _ => Value::Null,
    }
}

/// Where the example of a parameter stands: beside its schema, or in it.
fn parameter_example(parameter: &Value) -> &Value {
    if parameter.get("example").is_some() {
        parameter
    } else {
        &parameter["schema"]
    }
}

fn choices(schema: &Value) -> Option<&Vec<Value>> {
    ["oneOf", "anyOf"]
        .into_iter()
        .find_map(|key| schema[key].as_array())
}

fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_of_the_document_is_on_the_page() {
        let document: Value = serde_json::from_str(openapi::json()).unwrap();
        let page = page(&document).into_string();
        for (path, methods) in entries(&document["paths"]) {
            assert!(page.contains(path), "{path}");
            for (_, operation) in entries(methods) {
                let id = text_of(&operation["operationId"]);
                assert!(page.contains(&format!("<section id=\"{id}\">")), "{id}");
            }
        }
        for (name, _) in entries(&document["components"]["schemas"]) {
            assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
        assert!(!page.contains("<script"));
    }
}
