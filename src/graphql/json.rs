//! Answers as JSON text: what was written before, and values of the executor.

use std::fmt::{self, Write as _};

use async_graphql::Value;

/// JSON text that is being written.
#[derive(Debug, Default)]
pub struct Json(Vec<u8>);

impl Json {
    pub(super) fn null(&mut self) {
        self.raw("null");
    }

    pub(super) fn bool(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    pub(super) fn int(&mut self, number: i64) {
        self.raw(itoa::Buffer::new().format(number));
    }

    pub(super) fn text(&mut self, text: &str) {
        let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        if text.bytes().all(plain) {
            self.plain(|json| json.raw(text));
        } else {
            self.serialized(&text);
        }
    }

    /// A text of which nothing has to be escaped.
    pub(super) fn plain(&mut self, write: impl FnOnce(&mut Self)) {
        self.0.push(b'"');
        write(self);
        self.0.push(b'"');
    }

    /// Text that is JSON, or part of it.
    pub fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    pub(super) fn display(&mut self, value: impl fmt::Display) {
        let written = write!(self, "{value}");
        debug_assert!(written.is_ok(), "writing to memory does not fail");
    }

    /// Begins an object or a list.
    pub fn open(&mut self, bracket: char) {
        self.0.push(if bracket == '{' { b'{' } else { b'[' });
    }

    /// Ends it.
    pub fn close(&mut self, bracket: char) {
        self.0.push(if bracket == '}' { b'}' } else { b']' });
    }

    /// Goes on to the next item, or the first.
    pub(super) fn next(&mut self) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[')) {
            self.0.push(b',');
        }
    }

    /// Goes on to a field. Names of GraphQL need no escaping.
    pub fn key(&mut self, name: &str) {
        self.next();
        self.plain(|json| json.raw(name));
        self.0.push(b':');
    }

    fn serialized(&mut self, value: &impl serde::Serialize) {
        if serde_json::to_writer(&mut self.0, value).is_err() {
            // Numbers and texts can be written, and so can memory.
            self.null();
        }
    }

    /// Writes a value of the executor, and what stands in it as JSON already.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.null(),
            Value::Boolean(value) => self.bool(*value),
            Value::Number(number) => self.serialized(number),
            Value::String(text) => self.text(text),
            Value::Enum(name) => self.text(name),
            Value::Binary(json) => self.0.extend_from_slice(json),
            Value::List(items) => {
                self.open('[');
                for item in items {
                    self.next();
                    self.value(item);
                }
                self.close(']');
            }
            Value::Object(fields) => {
                self.open('{');
                for (name, value) in fields {
                    self.next();
                    // Not a field of GraphQL only: metadata has whatever names people give.
                    self.text(name);
                    self.0.push(b':');
                    self.value(value);
                }
                self.close('}');
            }
        }
    }

    /// The text as a value for the executor to carry. No type of ours has binary values, so that a
    /// binary value is JSON, always.
    pub(super) fn into_value(self) -> Value {
        Value::Binary(self.0.into())
    }

    /// The text.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl fmt::Write for Json {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.raw(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writes_what_serde_json_would() {
        let value = json!({
            "null": null, "yes": true, "no": false, "empty": {}, "none": [],
            "numbers": [0, -1, i64::MAX, i64::MIN, u64::MAX, 1.5, -0.25e-10],
            "texts": ["", "plain", "\"", "\\", "line\nbreak", "\u{0}", "\u{1f}\u{7f}", "ß💥", "a/b"],
            "nested": [{ "list": [[], [{}], [1, [2]]] }],
            "\"odd\"\n": 1,
        });
        let mut json = Json::default();
        json.value(&Value::from_json(value.clone()).unwrap());
        let written = String::from_utf8(json.into_bytes()).unwrap();
        assert_eq!(written, value.to_string());
        for number in [0, 7, 10, -10, i64::MAX, i64::MIN] {
            let mut json = Json::default();
            json.int(number);
            assert_eq!(json.into_bytes(), number.to_string().into_bytes());
        }
    }
}
