//! Reading the fields of a request, whichever way they came: as JSON, with its types, or as the text
//! of a form or a query. What is wrong is collected, so that a client hears of all of it at once.

use serde_json::{Map, Value};

use super::error::{Complaint, Refusal};
use crate::domain::suggestion::{Metadata, UserName};
use crate::error::ProblemCode;

/// The fields as they came.
#[derive(Debug)]
enum Source {
    Json(Map<String, Value>),
    Text(Vec<(String, String)>),
}

/// The fields of a request, and what was found wrong with them so far.
#[derive(Debug)]
pub(super) struct Fields {
    source: Source,
    complaints: Vec<Complaint>,
}

impl Fields {
    /// Fields of a JSON object.
    pub(super) fn json(object: Map<String, Value>) -> Self {
        Self {
            source: Source::Json(object),
            complaints: Vec::new(),
        }
    }

    /// Fields of a form or a query.
    pub(super) fn text(pairs: Vec<(String, String)>) -> Self {
        Self {
            source: Source::Text(pairs),
            complaints: Vec::new(),
        }
    }

    /// The end of reading: whether all of it was right.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        if self.complaints.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Bad(self.complaints))
        }
    }

    /// The end of reading one item of many: the first thing that was wrong.
    pub(super) fn first_complaint(self) -> Option<Complaint> {
        self.complaints.into_iter().next()
    }

    pub(super) fn complain(&mut self, complaint: Complaint) {
        self.complaints.push(complaint);
    }

    fn invalid<T>(&mut self, name: &str, expected: &str) -> Option<T> {
        let message = format!("`{name}` must be {expected}.");
        self.complain(Complaint::new(ProblemCode::Invalid, name, message));
        None
    }

    /// What was given; null is as omitted.
    fn take(&mut self, name: &str) -> Option<Value> {
        match &mut self.source {
            Source::Json(object) => object.remove(name).filter(|value| !value.is_null()),
            Source::Text(pairs) => {
                let mut values = pairs.iter().filter(|(key, _)| key == name);
                let first = values.next().map(|(_, value)| value.clone())?;
                if values.next().is_some() {
                    return self.invalid(name, "given once only");
                }
                Some(Value::String(first))
            }
        }
    }

    fn is_text(&self) -> bool {
        matches!(self.source, Source::Text(_))
    }

    /// Whether the field was given, null or not.
    pub(super) fn has(&self, name: &str) -> bool {
        match &self.source {
            Source::Json(object) => object.get(name).is_some_and(|value| !value.is_null()),
            Source::Text(pairs) => pairs.iter().any(|(key, _)| key == name),
        }
    }

    fn check_text(&mut self, name: &str, text: String) -> Option<String> {
        if text.trim().is_empty() {
            let message = format!("`{name}` must not be blank.");
            self.complain(Complaint::new(ProblemCode::Required, name, message));
            None
        } else if text.contains('\0') {
            self.invalid(name, "text without the character NUL")
        } else {
            Some(text)
        }
    }

    /// Text that is not blank.
    pub(super) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => self.check_text(name, text),
            _ => self.invalid(name, "a string"),
        }
    }

    /// Text that must be there; empty where it is not.
    pub(super) fn required_text(&mut self, name: &str) -> String {
        if !self.has(name) {
            self.missing(name);
        }
        self.optional_text(name).unwrap_or_default()
    }

    pub(super) fn missing(&mut self, name: &str) {
        let message = format!("`{name}` is missing.");
        self.complain(Complaint::new(ProblemCode::Required, name, message));
    }

    /// In JSON `true` or `false`; as text also `1` or `0`, in any case.
    pub(super) fn boolean(&mut self, name: &str) -> Option<bool> {
        match self.take(name)? {
            Value::Bool(value) => Some(value),
            Value::String(text) if self.is_text() => match text.to_ascii_lowercase().as_str() {
                "true" | "1" => Some(true),
                "false" | "0" => Some(false),
                _ => self.invalid(name, "true or false"),
            },
            _ => self.invalid(name, "true or false"),
        }
    }

    /// An integer, as a number or in decimal digits.
    pub(super) fn integer(&mut self, name: &str) -> Option<i64> {
        let read = match self.take(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => decimal(&text),
            _ => None,
        };
        read.or_else(|| self.invalid(name, "an integer of at most 64 bits"))
    }

    /// An integer that must be there.
    pub(super) fn required_integer(&mut self, name: &str) -> i64 {
        if !self.has(name) {
            self.missing(name);
        }
        self.integer(name).unwrap_or_default()
    }

    /// The number or size of a page: whatever is too great to be counted is taken as very great.
    pub(super) fn count(&mut self, name: &str) -> Option<i64> {
        let Value::String(text) = self.take(name)? else {
            return self.invalid(name, "an integer");
        };
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Some(text.parse().unwrap_or(i64::MAX))
        } else {
            decimal(&text).or_else(|| self.invalid(name, "an integer"))
        }
    }

    /// An object of the client's own; in a form, its JSON. Null is the empty object.
    pub(super) fn metadata(&mut self) -> Option<Metadata> {
        let name = "metadata";
        let value = match &mut self.source {
            Source::Json(object) => object.remove(name)?,
            Source::Text(_) => match self.take(name)? {
                Value::String(text) => match super::body::parse_json(text.as_bytes()) {
                    Ok(value) => value,
                    Err(_) => return self.invalid(name, "a JSON object"),
                },
                other => other,
            },
        };
        let object = match value {
            Value::Null => Map::new(),
            Value::Object(object) => object,
            _ => return self.invalid(name, "a JSON object"),
        };
        match Metadata::new(object) {
            Ok(metadata) => Some(metadata),
            Err(problem) => {
                self.complain(Complaint::of(&problem, name));
                None
            }
        }
    }

    /// A user by id or by text that may be an id, a username or an e-mail.
    pub(super) fn user(&mut self, name: &str) -> Option<UserName> {
        match self.take(name)? {
            Value::Number(number) => match number.as_i64() {
                Some(id) => Some(UserName::Id(id)),
                None => self.invalid(name, "an integer of at most 64 bits, or a string"),
            },
            Value::String(text) => self.check_text(name, text).map(UserName::Text),
            _ => self.invalid(name, "an integer or a string"),
        }
    }

    /// A user by any of `user_id`, `username` and `email`; and by which of them first.
    pub(super) fn user_names(&mut self) -> (Vec<UserName>, &'static str) {
        let given = ["user_id", "username", "email"]
            .into_iter()
            .find(|name| self.has(name));
        let Some(first) = given else {
            self.complain(Complaint::new(
                ProblemCode::Required,
                "user_id",
                "Say which user: `user_id`, `username` or `email` is missing.",
            ));
            return (Vec::new(), "user_id");
        };
        let mut names = Vec::new();
        names.extend(self.user("user_id"));
        names.extend(self.optional_text("username").map(UserName::Username));
        names.extend(self.optional_text("email").map(UserName::Email));
        (names, first)
    }

    /// A list, which must be there.
    pub(super) fn required_list(&mut self, name: &str) -> Vec<Value> {
        match self.take(name) {
            Some(Value::Array(list)) => list,
            Some(_) => self.invalid(name, "a list").unwrap_or_default(),
            None => {
                self.missing(name);
                Vec::new()
            }
        }
    }
}

/// Decimal digits, perhaps with a minus; nothing else that a number may look like.
fn decimal(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of_json(value: Value) -> Fields {
        match value {
            Value::Object(object) => Fields::json(object),
            _ => unreachable!("the tests pass objects"),
        }
    }

    fn of_text(value: &str) -> Fields {
        Fields::text(vec![("x".to_owned(), value.to_owned())])
    }

    #[test]
    fn booleans_are_text_in_queries_only() {
        for (text, expected) in [("TRUE", true), ("1", true), ("False", false), ("0", false)] {
            assert_eq!(of_text(text).boolean("x"), Some(expected));
        }
        for wrong in [json!({"x": 1}), json!({"x": "true"}), json!({"x": []})] {
            let mut fields = of_json(wrong);
            assert_eq!(fields.boolean("x"), None);
            assert!(fields.finish().is_err());
        }
        let mut null = of_json(json!({"x": null}));
        assert_eq!(null.boolean("x"), None);
        assert!(null.finish().is_ok());
    }

    #[test]
    fn integers_are_digits() {
        assert_eq!(of_text("12").integer("x"), Some(12));
        assert_eq!(of_text("-1").integer("x"), Some(-1));
        assert_eq!(of_json(json!({"x": "12"})).integer("x"), Some(12));
        for wrong in ["", "+1", "1.0", "1e3", "--1", "９", "9223372036854775808"] {
            assert_eq!(of_text(wrong).integer("x"), None, "{wrong}");
        }
        for wrong in [
            json!({"x": 1.0}),
            json!({"x": true}),
            json!({"x": u64::MAX}),
        ] {
            assert_eq!(of_json(wrong).integer("x"), None);
        }
        assert_eq!(of_text("99999999999999999999").count("x"), Some(i64::MAX));
    }

    #[test]
    fn a_parameter_is_given_once() {
        let pair = || ("x".to_owned(), "1".to_owned());
        let mut fields = Fields::text(vec![pair(), pair()]);
        assert_eq!(fields.integer("x"), None);
        assert!(fields.finish().is_err());
    }
}
