//! One item of a request: what it says, and whether that can be.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::Kind;
use crate::answer::MAX_MESSAGE;
use crate::auth::{List, Manage, Permit, Reach};
use crate::clock::Timestamp;
use crate::db::Tx;
use crate::db::suggestion::{self, SuggestionPatch, UserLookup, UserMatch};
use crate::domain::{Cx, fold};
use crate::error::{Problem, ProblemCode, Result};

/// The longest program key, username and the like, in characters.
pub(super) const MAX_TEXT: usize = 255;

/// The largest metadata, as compact UTF-8, in bytes.
pub(super) const MAX_METADATA: usize = 16 * 1024;

/// The deepest metadata; the object itself is the first level.
pub(super) const MAX_METADATA_DEPTH: usize = 8;

/// One item: suggest this program to that user or group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    pub program_key: String,
    /// The user or group.
    pub subject: SubjectRef,
    /// `None`: as it is, or `false` for a new suggestion.
    pub accepted: Option<bool>,
    /// `None`: as it is, or `true` for a new suggestion.
    pub visible: Option<bool>,
    /// `None`: as it is, or `true` for a new suggestion. Only for users.
    pub direct: Option<bool>,
    /// `None`: as it is, or `{}` for a new suggestion.
    pub metadata: Option<Metadata>,
    /// Who suggests, where that is not the caller. Only for users.
    pub suggested_by: Option<Vec<UserName>>,
    /// What is told to the person, and when.
    #[serde(flatten)]
    pub notice: Notice,
}

/// The message, the due date and the window of a suggestion: `None` keeps what there is, and the inner
/// `None` clears it. Nothing is written of what is kept, so that requests of before these fields have the
/// same fingerprint.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Notice {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Option<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible_from: Option<Option<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible_until: Option<Option<Timestamp>>,
}

impl Notice {
    /// # Errors
    /// `TOO_LONG` or `INVALID`, saying where.
    pub(super) fn check(&self) -> Result<(), Problem> {
        if let Some(Some(message)) = &self.message {
            check_prose(message, "message", MAX_MESSAGE)?;
        }
        match (self.visible_from, self.visible_until) {
            (Some(Some(from)), Some(Some(until))) if until <= from => {
                Err(suggestion::upside_down())
            }
            _ => Ok(()),
        }
    }

    /// Adds to a patch what is given.
    pub(super) fn patch(&self, patch: &mut SuggestionPatch) {
        let instant = |at: Option<Option<Timestamp>>| at.map(|at| at.map(|at| at.0));
        let message = self.message.clone();
        patch.message = message.map(|message| message.filter(|message| !message.is_empty()));
        patch.due_at = instant(self.due_at);
        patch.visible_from = instant(self.visible_from);
        patch.visible_until = instant(self.visible_until);
    }

    /// Whether nothing is given.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Item {
    /// Whether all it names can be looked up.
    ///
    /// # Errors
    /// `REQUIRED`, `TOO_LONG` or `INVALID`, saying where.
    pub fn check(&self) -> Result<(), Problem> {
        check_text(&self.program_key, &["programKey"])?;
        self.notice.check()?;
        if let SubjectRef::User(names) = &self.subject {
            check_names(names, &["user"])?;
        }
        match &self.suggested_by {
            Some(names) => check_names(names, &["suggestedBy"]),
            None => Ok(()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum SubjectRef {
    /// To the user whom all of these name.
    User(Vec<UserName>),
    /// To the group with this id.
    Group(i64),
}

/// One way of naming a user.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum UserName {
    Id(i64),
    /// By username, whatever the case.
    Username(String),
    /// By e-mail, whatever the case.
    Email(String),
    /// By text that is an id first and a username second if it is all digits, and otherwise a
    /// username first and an e-mail second.
    Text(String),
}

impl UserName {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Username(text) | Self::Email(text) | Self::Text(text) => Some(text),
        }
    }
}

/// A JSON object of the caller's own, checked: at most `MAX_METADATA` bytes as compact UTF-8 and
/// at most `MAX_METADATA_DEPTH` levels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metadata(Map<String, Value>);

impl Metadata {
    /// Checks an object.
    ///
    /// # Errors
    /// `TOO_LONG` or `INVALID`, saying what the limit is.
    pub fn new(object: Map<String, Value>) -> Result<Self, Problem> {
        let deep = object
            .values()
            .any(|value| deeper_than(value, MAX_METADATA_DEPTH - 1));
        if deep {
            return Err(Problem::new(
                ProblemCode::Invalid,
                &["metadata"],
                format!(
                    "`metadata` must have at most {MAX_METADATA_DEPTH} levels, the object itself being the first."
                ),
            ));
        }
        let metadata = Self(object);
        let bytes = metadata.text().len();
        if bytes > MAX_METADATA {
            return Err(Problem::new(
                ProblemCode::TooLong,
                &["metadata"],
                format!(
                    "`metadata` must have at most {MAX_METADATA} bytes as compact JSON; this has {bytes}."
                ),
            ));
        }
        Ok(metadata)
    }

    /// As it is stored.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_else(|_| "{}".to_owned())
    }

    /// Whether what is stored says the same, whatever the order of its keys.
    pub(super) fn same_as(&self, stored: &str) -> bool {
        serde_json::from_str::<Map<String, Value>>(stored).is_ok_and(|stored| stored == self.0)
    }
}

/// Whether a value has more than `levels` levels of objects and arrays.
fn deeper_than(value: &Value, levels: usize) -> bool {
    let mut inner: Box<dyn Iterator<Item = &Value>> = match value {
        Value::Array(values) => Box::new(values.iter()),
        Value::Object(values) => Box::new(values.values()),
        _ => return false,
    };
    levels == 0 || inner.any(|value| deeper_than(value, levels - 1))
}

/// An item whose program and subject were found.
#[derive(Debug)]
pub(super) struct Resolved<'i> {
    pub(super) item: &'i Item,
    pub(super) program_id: i64,
    pub(super) subject_id: i64,
    pub(super) suggested_by: Option<i64>,
}

/// Finds the program and the subject of every item, in two statements.
///
/// # Errors
/// Those of the database; what is wrong with an item stands in its place.
pub(super) async fn resolve<'i>(
    tx: &Tx,
    kind: Kind,
    permit: &Permit<Manage>,
    items: &'i [Result<Item, Problem>],
) -> Result<Vec<Result<Resolved<'i>, Problem>>> {
    let good = || items.iter().filter_map(|item| item.as_ref().ok());

    let keys: HashSet<&str> = good()
        .map(|item| item.program_key.as_str())
        .filter(|key| check_text(key, &["programKey"]).is_ok())
        .collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    let programs: HashMap<String, i64> = if keys.is_empty() {
        HashMap::new()
    } else {
        suggestion::programs(tx, permit, &keys)
            .await?
            .into_iter()
            .collect()
    };

    let mut lookup = UserLookup::default();
    let mut group_ids = Vec::new();
    for item in good() {
        match &item.subject {
            SubjectRef::User(names) => names.iter().for_each(|name| lookup_name(&mut lookup, name)),
            SubjectRef::Group(id) => group_ids.push(*id),
        }
        for name in item.suggested_by.iter().flatten() {
            lookup_name(&mut lookup, name);
        }
    }
    tidy(&mut lookup);
    group_ids.sort_unstable();
    group_ids.dedup();
    let groups: HashMap<i64, bool> = if group_ids.is_empty() {
        HashMap::new()
    } else {
        suggestion::groups(tx, permit, &group_ids)
            .await?
            .into_iter()
            .map(|group| (group.id, group.in_scope))
            .collect()
    };
    let users = Users::new(suggestion::users(tx, permit, &lookup).await?);

    Ok(items
        .iter()
        .map(|item| {
            let item = item.as_ref().map_err(Clone::clone)?;
            item.check()?;
            let program_id = *programs.get(&item.program_key).ok_or_else(|| {
                not_found(
                    ProblemCode::ProgramNotFound,
                    &["programKey"],
                    "The platform has no program with this key.",
                    [item.program_key.as_str()],
                )
            })?;
            let subject_id = match &item.subject {
                SubjectRef::User(names) => {
                    let user = users.find(names, &["user"])?;
                    in_scope(user.in_scope, user.id, "user")?
                }
                SubjectRef::Group(id) => {
                    let known = groups.get(id).ok_or_else(|| {
                        Problem::new(
                            ProblemCode::GroupNotFound,
                            &["group"],
                            "The platform has no group with this id.",
                        )
                    })?;
                    in_scope(*known, *id, "group")?
                }
            };
            let suggested_by = match &item.suggested_by {
                Some(names) => Some(users.find(names, &["suggestedBy"])?.id),
                None => None,
            };
            debug_assert_eq!(
                kind == Kind::Group,
                matches!(item.subject, SubjectRef::Group(_))
            );
            Ok(Resolved {
                item,
                program_id,
                subject_id,
                suggested_by,
            })
        })
        .collect())
}

/// That nothing has this name; white space at its ends, which nobody sees, is pointed out.
fn not_found<'n>(
    code: ProblemCode,
    field: &[&str],
    message: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Problem {
    let spaced = names.into_iter().any(|name| name != name.trim());
    let hint = if spaced {
        " What you sent begins or ends with white space: leave it out."
    } else {
        ""
    };
    Problem::new(code, field, format!("{message}{hint}"))
}

fn in_scope(covered: bool, id: i64, what: &str) -> Result<i64, Problem> {
    if covered {
        Ok(id)
    } else {
        Err(Problem::new(
            ProblemCode::OutOfScope,
            &[what],
            format!("This {what} lies outside the departments that you administer."),
        ))
    }
}

/// Text that can name something: not blank, not over-long, without NUL.
pub(super) fn check_text(text: &str, field: &[&str]) -> Result<(), Problem> {
    let name = field.last().copied().unwrap_or_default();
    if text.trim().is_empty() {
        Err(Problem::new(
            ProblemCode::Required,
            field,
            format!("`{name}` must not be blank."),
        ))
    } else if text.chars().nth(MAX_TEXT).is_some() {
        Err(Problem::new(
            ProblemCode::TooLong,
            field,
            format!("`{name}` must have at most {MAX_TEXT} characters."),
        ))
    } else if text.contains('\0') {
        Err(Problem::new(
            ProblemCode::Invalid,
            field,
            format!("`{name}` must not contain the character NUL."),
        ))
    } else {
        Ok(())
    }
}

/// Text for people: it may be empty or blank.
pub(in crate::domain) fn check_prose(text: &str, field: &str, most: usize) -> Result<(), Problem> {
    if text.chars().nth(most).is_some() {
        Err(Problem::new(
            ProblemCode::TooLong,
            &[field],
            format!("`{field}` must have at most {most} characters."),
        ))
    } else if text.contains('\0') {
        Err(Problem::new(
            ProblemCode::Invalid,
            &[field],
            format!("`{field}` must not contain the character NUL."),
        ))
    } else {
        Ok(())
    }
}

/// Whether these can name a user.
///
/// # Errors
/// `REQUIRED`, `TOO_LONG` or `INVALID`, saying where.
pub fn check_names(names: &[UserName], field: &[&str]) -> Result<(), Problem> {
    if names.is_empty() {
        return Err(Problem::new(
            ProblemCode::Required,
            field,
            "Say which user: by id, username or e-mail.",
        ));
    }
    names.iter().try_for_each(|name| check_name(name, field))
}

fn check_name(name: &UserName, field: &[&str]) -> Result<(), Problem> {
    let (text, part) = match name {
        UserName::Id(_) => return Ok(()),
        UserName::Username(text) => (text, Some("username")),
        UserName::Email(text) => (text, Some("email")),
        UserName::Text(text) => (text, None),
    };
    let path: Vec<&str> = field.iter().copied().chain(part).collect();
    check_text(text, &path)
}

/// An id in so many digits, if the text is one.
fn digits(text: &str) -> Option<i64> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

fn lookup_name(lookup: &mut UserLookup, name: &UserName) {
    if check_name(name, &[]).is_err() {
        return;
    }
    match name {
        UserName::Id(id) => lookup.ids.push(*id),
        UserName::Username(text) => lookup.usernames.push(fold(text)),
        UserName::Email(text) => lookup.emails.push(fold(text)),
        UserName::Text(text) => {
            lookup.usernames.push(fold(text));
            match digits(text) {
                Some(id) => lookup.ids.push(id),
                None => lookup.emails.push(fold(text)),
            }
        }
    }
}

fn tidy(lookup: &mut UserLookup) {
    lookup.ids.sort_unstable();
    lookup.ids.dedup();
    lookup.usernames.sort_unstable();
    lookup.usernames.dedup();
    lookup.emails.sort_unstable();
    lookup.emails.dedup();
}

/// The id of the one user in reach whom all the names name.
///
/// # Errors
/// Those of the database; the inner one says why there is no such user.
pub(super) async fn find_in_reach(
    cx: &Cx,
    reach: &Reach,
    names: &[UserName],
) -> Result<Result<i64, Problem>> {
    let mut lookup = UserLookup::default();
    names.iter().for_each(|name| lookup_name(&mut lookup, name));
    tidy(&mut lookup);
    let users = Users::new(suggestion::users_in_reach(&cx.db, reach, &lookup).await?);
    Ok(users.find(names, &["user"]).map(|user| user.id))
}

/// The id of the one active member of the permit's platform, and within its scope, whom all the names name.
///
/// # Errors
/// Those of the database; the inner one says why there is no such user.
pub(in crate::domain) async fn find_to_list(
    cx: &Cx,
    permit: &Permit<List>,
    names: &[UserName],
) -> Result<Result<i64, Problem>> {
    let mut lookup = UserLookup::default();
    names.iter().for_each(|name| lookup_name(&mut lookup, name));
    tidy(&mut lookup);
    // What lies outside the scope is as unknown as what is not there.
    let mut found = suggestion::users_to_list(&cx.db, permit, &lookup).await?;
    found.retain(|user| user.in_scope);
    Ok(Users::new(found).find(names, &["user"]).map(|user| user.id))
}

/// The members that were found, by each of their names.
struct Users {
    all: Vec<UserMatch>,
    by_id: HashMap<i64, usize>,
    by_username: HashMap<String, usize>,
    by_email: HashMap<String, Vec<usize>>,
}

impl Users {
    fn new(all: Vec<UserMatch>) -> Self {
        let mut users = Self {
            by_id: HashMap::with_capacity(all.len()),
            by_username: HashMap::with_capacity(all.len()),
            by_email: HashMap::new(),
            all: Vec::new(),
        };
        for (place, user) in all.iter().enumerate() {
            users.by_id.insert(user.id, place);
            users.by_username.insert(user.username.clone(), place);
            if let Some(email) = &user.email {
                users.by_email.entry(email.clone()).or_default().push(place);
            }
        }
        users.all = all;
        users
    }

    fn named(&self, name: &UserName) -> Vec<usize> {
        let by_id = |id: &i64| self.by_id.get(id).copied();
        let by_username = |text: &str| self.by_username.get(&fold(text)).copied();
        let by_email = |text: &str| self.by_email.get(&fold(text)).cloned().unwrap_or_default();
        match name {
            UserName::Id(id) => by_id(id).into_iter().collect(),
            UserName::Username(text) => by_username(text).into_iter().collect(),
            UserName::Email(text) => by_email(text),
            UserName::Text(text) => match digits(text) {
                Some(id) => by_id(&id)
                    .or_else(|| by_username(text))
                    .into_iter()
                    .collect(),
                None => by_username(text).map_or_else(|| by_email(text), |place| vec![place]),
            },
        }
    }

    /// The one member whom all the names name.
    fn find(&self, names: &[UserName], field: &[&str]) -> Result<&UserMatch, Problem> {
        check_names(names, field)?;
        let mut common: Option<Vec<usize>> = None;
        let mut any = false;
        for name in names {
            let named = self.named(name);
            any |= !named.is_empty();
            common = Some(match common {
                None => named,
                Some(common) => common
                    .into_iter()
                    .filter(|place| named.contains(place))
                    .collect(),
            });
        }
        match common.as_deref().unwrap_or_default() {
            [place] => Ok(&self.all[*place]),
            [] if any => Err(Problem::new(
                ProblemCode::AmbiguousUser,
                field,
                "The identifiers do not name the same member of the platform: leave all but one out.",
            )),
            [] => Err(not_found(
                ProblemCode::UserNotFound,
                field,
                "The platform has no active member of this name.",
                names.iter().filter_map(UserName::text),
            )),
            _ => Err(Problem::new(
                ProblemCode::AmbiguousUser,
                field,
                "Several members of the platform have this e-mail: name the user by id or username.",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn metadata(value: Value) -> Result<Metadata, Problem> {
        match value {
            Value::Object(object) => Metadata::new(object),
            _ => unreachable!("the tests pass objects"),
        }
    }

    #[test]
    fn metadata_is_measured_in_levels_and_bytes() {
        let mut eight = json!({});
        for _ in 0..7 {
            eight = json!({ "a": eight });
        }
        assert!(metadata(eight.clone()).is_ok());
        assert!(metadata(json!({ "a": [[[[[[[]]]]]]] })).is_ok());
        let nine = metadata(json!({ "a": eight })).unwrap_err();
        assert_eq!(nine.code, ProblemCode::Invalid);
        let exact = "x".repeat(MAX_METADATA - r#"{"a":""}"#.len());
        assert!(metadata(json!({ "a": exact })).is_ok());
        let over = metadata(json!({ "a": exact + "x" })).unwrap_err();
        assert_eq!(over.code, ProblemCode::TooLong);
    }

    #[test]
    fn metadata_is_the_same_whatever_the_order_of_its_keys() {
        let one = metadata(json!({ "a": 1, "b": [true, null] })).unwrap();
        assert!(one.same_as(r#"{"b":[true,null],"a":1}"#));
        assert!(!one.same_as(r#"{"b":[null,true],"a":1}"#));
    }

    fn users() -> Users {
        let user = |id, username: &str, email: Option<&str>| UserMatch {
            id,
            username: username.to_owned(),
            email: email.map(str::to_owned),
            in_scope: true,
        };
        Users::new(vec![
            user(1, "ann", Some("shared@x")),
            user(2, "bob", Some("shared@x")),
            user(3, "1", None),
            user(4, "77", None),
            user(5, "eve@x", None),
            user(6, "six", Some("eve@x")),
        ])
    }

    fn find(names: &[UserName]) -> Result<i64, ProblemCode> {
        users()
            .find(names, &["user"])
            .map(|user| user.id)
            .map_err(|problem| problem.code)
    }

    #[test]
    fn a_user_is_named_in_several_ways() {
        use UserName::{Email, Id, Text, Username};
        assert_eq!(find(&[Id(2)]), Ok(2));
        assert_eq!(find(&[Username("ANN".into())]), Ok(1));
        assert_eq!(find(&[Text("1".into())]), Ok(1), "an id first");
        assert_eq!(find(&[Text("77".into())]), Ok(4), "a username second");
        assert_eq!(find(&[Text("Eve@x".into())]), Ok(5), "a username first");
        assert_eq!(find(&[Email("eve@x".into())]), Ok(6));
        assert_eq!(
            find(&[Email("shared@x".into())]),
            Err(ProblemCode::AmbiguousUser)
        );
        assert_eq!(find(&[Email("shared@x".into()), Id(2)]), Ok(2));
        assert_eq!(
            find(&[Id(1), Username("bob".into())]),
            Err(ProblemCode::AmbiguousUser)
        );
        assert_eq!(
            find(&[Id(1), Username("nobody".into())]),
            Err(ProblemCode::AmbiguousUser)
        );
        assert_eq!(
            find(&[Username("nobody".into())]),
            Err(ProblemCode::UserNotFound)
        );
        assert_eq!(find(&[Username(" ".into())]), Err(ProblemCode::Required));
        assert_eq!(find(&[]), Err(ProblemCode::Required));
    }
}
