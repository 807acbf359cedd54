//! The page that shows the OpenAPI document to people: written here, once, from the document itself.
//! It needs no script and nothing from elsewhere, so its policy forbids both.

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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
        (Page::write(&document), policy)
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

/// The page, while it is being written.
struct Page<'d> {
    document: &'d Value,
    html: String,
}

impl<'d> Page<'d> {
    fn write(document: &'d Value) -> String {
        let mut page = Page {
            document,
            html: String::with_capacity(64 * 1024),
        };
        page.head();
        page.operations();
        page.schemas();
        page.push("</main></body></html>\n");
        page.html
    }

    /// Adds markup of ours.
    fn push(&mut self, markup: &str) {
        self.html.push_str(markup);
    }

    /// Adds text, which may hold anything. What stands between backquotes is code.
    fn text(&mut self, text: &str) {
        for (number, part) in text.split('`').enumerate() {
            let code = number % 2 == 1;
            self.push(if code { "<code>" } else { "" });
            self.push(&escaped(part));
            self.push(if code { "</code>" } else { "" });
        }
    }

    fn element(&mut self, tag: &str, text: &str) {
        self.push(&format!("<{tag}>"));
        self.text(text);
        self.push(&format!("</{tag}>"));
    }

    fn head(&mut self) {
        let info = &self.document["info"];
        let title = text_of(&info["title"]);
        self.push("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        self.element("title", &format!("{title}: the REST interface"));
        self.push("<style>");
        self.push(STYLE);
        self.push("</style></head><body><header>");
        self.element("h1", &format!("{title}: the REST interface"));
        for paragraph in text_of(&info["description"]).split("\n\n") {
            self.element("p", paragraph);
        }
        self.push("<p>The same for programs: <a href=\"openapi.json\">openapi.json</a>, ");
        self.element(
            "span",
            &format!("OpenAPI {}.", text_of(&self.document["openapi"])),
        );
        self.push("</p><dl>");
        for (name, scheme) in entries(&self.document["components"]["securitySchemes"]) {
            self.element("dt", name);
            self.element("dd", text_of(&scheme["description"]));
        }
        self.push("</dl></header><main>");
    }

    /// Every operation with its tag, method and path.
    fn all_operations(&self) -> Vec<(&'d str, &'d str, &'d str, &'d Value)> {
        let document = self.document;
        entries(&document["paths"])
            .flat_map(|(path, methods)| {
                ["get", "post", "delete"]
                    .into_iter()
                    .filter_map(move |method| {
                        let operation = methods.get(method)?;
                        Some((text_of(&operation["tags"][0]), method, path, operation))
                    })
            })
            .collect()
    }

    fn operations(&mut self) {
        let all = self.all_operations();
        self.push("<nav><ul>");
        for (_, method, path, operation) in &all {
            let id = text_of(&operation["operationId"]);
            self.push(&format!(
                "<li><a href=\"#{}\"><b class=\"{method}\">{}</b> <code>{}</code> {}</a></li>",
                escaped(id),
                method.to_uppercase(),
                escaped(path),
                escaped(text_of(&operation["summary"])),
            ));
        }
        self.push("</ul></nav>");
        for tag in self.document["tags"].as_array().into_iter().flatten() {
            let name = text_of(&tag["name"]);
            self.element("h2", name);
            self.element("p", text_of(&tag["description"]));
            for (_, method, path, operation) in all.iter().filter(|(tag, ..)| *tag == name) {
                self.operation(method, path, operation);
            }
        }
    }

    fn operation(&mut self, method: &str, path: &str, operation: &'d Value) {
        let id = escaped(text_of(&operation["operationId"]));
        self.push(&format!("<section id=\"{id}\">"));
        self.element("h3", text_of(&operation["summary"]));
        self.push(&format!(
            "<p class=\"route\"><b class=\"{method}\">{}</b> <code>{}</code></p>",
            method.to_uppercase(),
            escaped(path)
        ));
        if let Some(description) = operation["description"].as_str() {
            self.element("p", description);
        }
        let parameters = operation["parameters"].as_array();
        if let Some(parameters) = parameters.filter(|list| !list.is_empty()) {
            self.push("<h4>Parameters of the query</h4><table><tr><th>Name</th><th>Type</th><th>Meaning</th></tr>");
            for parameter in parameters {
                let schema = &parameter["schema"];
                let description = parameter["description"].as_str();
                self.row(
                    text_of(&parameter["name"]),
                    parameter["required"] == true,
                    schema,
                    description.unwrap_or(text_of(&schema["description"])),
                );
            }
            self.push("</table>");
        }
        let body = &operation["requestBody"];
        let mut example = None;
        if let Some(contents) = body["content"].as_object() {
            self.push("<h4>Body</h4><p>");
            self.text(text_of(&body["description"]));
            let types: Vec<String> = contents.keys().map(|name| format!("`{name}`")).collect();
            self.text(&format!(" As {}: ", types.join(", ")));
            let schema = &contents["application/json"]["schema"];
            self.kind(schema);
            self.push("</p>");
            example = Some(self.example(schema));
        }
        self.push("<h4>For example</h4><pre>");
        self.curl(method, path, operation, example.as_ref());
        self.push(
            "</pre><h4>Answers</h4><table><tr><th>Status</th><th>Body</th><th>Meaning</th></tr>",
        );
        let mut success = None;
        for (status, response) in entries(&operation["responses"]) {
            let schema = &response["content"]["application/json"]["schema"];
            self.push(&format!("<tr><td>{}</td><td>", escaped(status)));
            if schema.is_null() {
                self.push("none");
            } else {
                self.kind(schema);
            }
            self.push("</td><td>");
            self.text(text_of(&response["description"]));
            for (name, header) in entries(&response["headers"]) {
                self.text(&format!(
                    " Header `{name}`: {}",
                    text_of(&header["description"])
                ));
            }
            self.push("</td></tr>");
            if status == "200" && !schema.is_null() {
                success = Some(self.example(schema));
            }
        }
        self.push("</table>");
        if let Some(success) = success {
            self.push("<pre>");
            self.json(&success);
            self.push("</pre>");
        }
        self.push("</section>");
    }

    fn curl(&mut self, method: &str, path: &str, operation: &Value, body: Option<&Value>) {
        let method = method.to_uppercase();
        let asked: Vec<(&str, String)> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["required"] == true || parameter["name"] == "username")
            .map(|parameter| {
                let value = match self.example(parameter_example(parameter)) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (text_of(&parameter["name"]), value)
            })
            .collect();
        let query =
            super::query::encode_pairs(asked.iter().map(|(name, value)| (*name, value.as_str())));
        let mark = if query.is_empty() { "" } else { "?" };
        let mut command = format!(
            "curl -X {method} 'http://127.0.0.1:8080{path}{mark}{query}' \\\n  -H 'Authorization: Api-Token KEY'"
        );
        if let Some(body) = body {
            let written = write!(
                command,
                " \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'"
            );
            debug_assert!(written.is_ok(), "writing to a string does not fail");
        }
        self.push(&escaped(&command));
    }

    fn schemas(&mut self) {
        self.push("<h2>Bodies</h2>");
        for (name, schema) in entries(&self.document["components"]["schemas"]) {
            self.push(&format!("<section id=\"schema-{}\">", escaped(name)));
            self.element("h3", name);
            self.element("p", text_of(&schema["description"]));
            if let Some(properties) = schema["properties"].as_object() {
                let required = schema["required"].as_array();
                self.push("<table><tr><th>Name</th><th>Type</th><th>Meaning</th></tr>");
                for (field, property) in properties {
                    let needed = required.is_some_and(|list| list.iter().any(|it| it == field));
                    let described = self.resolved(property);
                    let description = match property["description"].as_str() {
                        Some(own) => own,
                        None => text_of(&described["description"]),
                    };
                    self.row(field, needed, property, description);
                }
                self.push("</table>");
            } else {
                self.push("<p>");
                self.limits(schema);
                self.push("</p>");
            }
            self.push("</section>");
        }
    }

    fn row(&mut self, name: &str, required: bool, schema: &'d Value, description: &str) {
        self.push("<tr><td>");
        self.text(&format!("`{name}`"));
        self.push(if required { " <em>required</em>" } else { "" });
        self.push("</td><td>");
        self.kind(schema);
        self.push("</td><td>");
        self.text(description);
        self.limits(schema);
        self.push("</td></tr>");
    }

    /// The type of something, in a few words.
    fn kind(&mut self, schema: &'d Value) {
        if let Some(name) = name_of(schema) {
            let name = escaped(name);
            self.push(&format!("<a href=\"#schema-{name}\">{name}</a>"));
        } else if let Some(choices) = choices(schema) {
            for (number, choice) in choices.iter().enumerate() {
                self.push(if number > 0 { " or " } else { "" });
                self.kind(choice);
            }
        } else if schema["type"] == "array" {
            self.push("list of ");
            self.kind(&schema["items"]);
        } else {
            let mut words = match &schema["type"] {
                Value::Array(types) => types.iter().map(text_of).collect::<Vec<_>>().join(" or "),
                other => text_of(other).to_owned(),
            };
            if schema["format"] == "date-time" {
                words.push_str(", RFC 3339");
            }
            self.text(&words);
        }
    }

    /// What limits a value, and what it is where it is not given.
    fn limits(&mut self, schema: &Value) {
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
        if !words.is_empty() {
            self.text(&format!(" {}", words.join(" ")));
        }
    }

    /// What a reference refers to.
    fn resolved(&self, schema: &'d Value) -> &'d Value {
        if let Some(name) = name_of(schema) {
            return &self.document["components"]["schemas"][name];
        }
        let choice = choices(schema).and_then(|list| list.iter().find(|it| it["type"] != "null"));
        match choice {
            Some(choice) if name_of(choice).is_some() => self.resolved(choice),
            _ => schema,
        }
    }

    /// A value that fits, put together from the examples of its parts.
    fn example(&self, schema: &'d Value) -> Value {
        if let Some(example) = schema.get("example") {
            return example.clone();
        }
        if let Some(example) = schema["examples"].get(0) {
            return example.clone();
        }
        if let Some(name) = name_of(schema) {
            return self.example(&self.document["components"]["schemas"][name]);
        }
        if let Some(choice) = choices(schema).and_then(|list| list.first()) {
            return self.example(choice);
        }
        if let Some(properties) = schema["properties"].as_object() {
            let fields = properties
                .iter()
                .map(|(name, property)| (name.clone(), self.example(property)));
            return Value::Object(fields.collect::<Map<String, Value>>());
        }
        match text_of(&schema["type"]) {
            "array" => Value::Array(vec![self.example(&schema["items"])]),
            "boolean" => Value::Bool(true),
            "integer" => 1.into(),
            "string" => "text".into(),
            "object" => Value::Object(Map::new()),
            _ => Value::Null,
        }
    }

    fn json(&mut self, value: &Value) {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        self.push(&escaped(&text));
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

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_of_the_document_is_on_the_page() {
        let document: Value = serde_json::from_str(openapi::json()).unwrap();
        let page = Page::write(&document);
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
        assert_eq!(
            page.matches("<table>").count(),
            page.matches("</table>").count()
        );
    }

    #[test]
    fn text_is_no_markup() {
        assert_eq!(escaped("<a b=\"c\">&"), "&lt;a b=&quot;c&quot;&gt;&amp;");
    }
}
