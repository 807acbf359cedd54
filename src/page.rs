//! Pages: which part of a list is asked for, and where in it a row stands.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::answer::StateCounts;
use crate::error::{Error, Result};

/// The most rows a page holds.
pub const MAX_PAGE: i64 = 100;

/// The value that a row is ordered by. The row's id breaks ties, in the same direction.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Ordered by the id alone.
    Id,
    /// A number or an instant.
    Int(i64),
    /// `false` before `true`.
    Bool(bool),
    /// Folded text, by code point.
    Text(String),
}

/// What kind of value an order compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortKind {
    Id,
    Int,
    Bool,
    Text,
}

/// Where a row stands in an ordered list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    /// The value it is ordered by.
    pub key: SortKey,
    pub id: i64,
}

/// A list and its order: what a cursor is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ordering {
    /// A short name of the list.
    pub list: &'static str,
    /// The name of the order's field.
    pub field: &'static str,
    pub kind: SortKind,
    pub descending: bool,
}

impl Ordering {
    /// The opaque cursor of a row.
    pub fn cursor(&self, position: &Position) -> String {
        let key = match &position.key {
            SortKey::Id => Value::Null,
            SortKey::Int(value) => json!(value),
            SortKey::Bool(value) => json!(value),
            SortKey::Text(value) => json!(value),
        };
        let text = json!([self.list, self.field, self.descending, key, position.id]).to_string();
        URL_SAFE_NO_PAD.encode(text)
    }

    /// Reads a cursor that this list gave out in this order.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`] for anything else; `argument` names it.
    pub fn position(&self, argument: &str, cursor: &str) -> Result<Position> {
        let malformed = || {
            Error::InvalidCursor(format!(
                "`{argument}` is not a cursor of this list: pass on a cursor exactly as it was given."
            ))
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| malformed())?;
        let (list, field, descending, key, id): (String, String, bool, Value, i64) =
            serde_json::from_slice(&bytes).map_err(|_| malformed())?;
        if list != self.list {
            return Err(malformed());
        }
        if field != self.field || descending != self.descending {
            return Err(Error::InvalidCursor(format!(
                "`{argument}` is a cursor of the order {field} {}, and the list is asked for in the order {} {}: begin again without a cursor when the order changes.",
                direction(descending),
                self.field,
                direction(self.descending),
            )));
        }
        let key = match (self.kind, key) {
            (SortKind::Id, Value::Null) => SortKey::Id,
            (SortKind::Int, Value::Number(number)) => {
                SortKey::Int(number.as_i64().ok_or_else(malformed)?)
            }
            (SortKind::Bool, Value::Bool(value)) => SortKey::Bool(value),
            (SortKind::Text, Value::String(text)) if !text.contains('\0') => SortKey::Text(text),
            _ => return Err(malformed()),
        };
        Ok(Position { key, id })
    }
}

fn direction(descending: bool) -> &'static str {
    if descending { "DESC" } else { "ASC" }
}

/// Which rows of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Window {
    /// By cursor, counted from one end of what lies between the two positions.
    Cursor {
        /// Rows after this one.
        after: Option<Position>,
        /// Rows before this one.
        before: Option<Position>,
        /// At most so many.
        limit: i64,
        /// Counted from the far end.
        backward: bool,
    },
    /// By number.
    Offset {
        offset: i64,
        /// At most so many.
        limit: i64,
    },
}

/// What a statement needs of a [`Window`], and how its rows become a page.
#[derive(Debug, Clone, Copy)]
pub struct Cut<'w> {
    pub after: Option<&'w Position>,
    pub before: Option<&'w Position>,
    /// Rows of the page. One more is read: it tells whether the list goes on.
    pub limit: i64,
    pub backward: bool,
}

impl Window {
    pub fn cut(&self) -> Cut<'_> {
        match self {
            Self::Cursor {
                after,
                before,
                limit,
                backward,
            } => Cut {
                after: after.as_ref(),
                before: before.as_ref(),
                limit: *limit,
                backward: *backward,
            },
            Self::Offset { limit, .. } => Cut {
                after: None,
                before: None,
                limit: *limit,
                backward: false,
            },
        }
    }
}

impl Cut<'_> {
    /// The page of rows that were read in their direction, and whether there is more in that direction. Nothing
    /// is counted.
    pub fn page<T>(&self, mut rows: Vec<(T, SortKey)>) -> Slice<T> {
        let wanted = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > wanted;
        rows.truncate(wanted);
        if self.backward {
            rows.reverse();
        }
        Slice {
            rows,
            total: None,
            state_counts: None,
            has_next: more && !self.backward,
            has_previous: more && self.backward,
        }
    }
}

/// Whether to look for rows beyond the cursors that were given: a page finds out itself whether it is
/// followed, so that these are only what lies behind `after` and behind `before`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Beyond {
    /// For rows before the page.
    pub previous: bool,
    /// For rows after the page.
    pub next: bool,
}

/// The arguments of a connection, as GraphQL has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConnectionArguments {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
}

impl ConnectionArguments {
    /// What they ask for.
    ///
    /// # Errors
    /// [`Error::BadInput`] unless exactly one of `first` and `last` is there, from 1 to 100;
    /// [`Error::InvalidCursor`] for a cursor that is not of this list and order.
    pub fn window(&self, ordering: &Ordering) -> Result<Window> {
        let (name, count, backward) = match (self.first, self.last) {
            (Some(first), None) => ("first", first, false),
            (None, Some(last)) => ("last", last, true),
            (None, None) => {
                return Err(Error::bad_input(
                    "first",
                    "Say how many rows you want: pass `first` or `last`, from 1 to 100.",
                ));
            }
            (Some(_), Some(_)) => {
                return Err(Error::bad_input(
                    "last",
                    "Pass either `first` or `last`, not both.",
                ));
            }
        };
        let limit = i64::from(count);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::bad_input(
                name,
                format!("`{name}` must be from 1 to {MAX_PAGE}, not {count}."),
            ));
        }
        let position = |argument: &str, cursor: &Option<String>| {
            cursor
                .as_deref()
                .map(|cursor| ordering.position(argument, cursor))
                .transpose()
        };
        Ok(Window::Cursor {
            after: position("after", &self.after)?,
            before: position("before", &self.before)?,
            limit,
            backward,
        })
    }
}

/// A page by number: from 1, and at most [`MAX_PAGE`] rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageNumber {
    /// From 1.
    pub page: i64,
    /// From 1 to [`MAX_PAGE`].
    pub size: i64,
}

impl PageNumber {
    /// Checks a page number and clamps its size.
    ///
    /// # Errors
    /// [`Error::BadInput`] below 1, naming the argument in the door's spelling.
    pub fn new(page: i64, size: i64, size_argument: &'static str) -> Result<Self> {
        for (name, value) in [("page", page), (size_argument, size)] {
            if value < 1 {
                return Err(Error::bad_input(
                    name,
                    format!("`{name}` must be 1 or more, not {value}."),
                ));
            }
        }
        Ok(Self {
            page,
            size: size.min(MAX_PAGE),
        })
    }

    /// What it asks for.
    pub fn window(self) -> Window {
        Window::Offset {
            offset: (self.page - 1).saturating_mul(self.size),
            limit: self.size,
        }
    }

    /// How many pages a list of `count` rows has.
    pub fn page_count(self, count: i64) -> i64 {
        (count + self.size - 1) / self.size
    }

    /// The page before this one; past the end, the last real page.
    pub fn previous(self, count: i64) -> Option<i64> {
        let previous = (self.page - 1).min(self.page_count(count));
        (previous >= 1).then_some(previous)
    }

    /// The page after this one.
    pub fn next(self, count: i64) -> Option<i64> {
        (self.page < self.page_count(count)).then(|| self.page + 1)
    }
}

/// A part of a list, in the order asked for.
#[derive(Debug, Clone)]
pub struct Slice<T> {
    /// The rows, each with the value it is ordered by.
    pub rows: Vec<(T, SortKey)>,
    /// All rows of the list, if that was asked for.
    pub total: Option<i64>,
    /// All rows of the list by state, if that was asked for.
    pub state_counts: Option<StateCounts>,
    /// Whether there are rows after these.
    pub has_next: bool,
    /// Whether there are rows before these; only where it was asked for.
    pub has_previous: bool,
}

impl<T> Slice<T> {
    /// The same, with rows that can be handed out without copying them.
    pub fn shared(self) -> Slice<Arc<T>> {
        Slice {
            rows: self
                .rows
                .into_iter()
                .map(|(row, key)| (Arc::new(row), key))
                .collect(),
            total: self.total,
            state_counts: self.state_counts,
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

/// By hand: a default row is not needed for an empty slice.
impl<T> Default for Slice<T> {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            total: Some(0),
            state_counts: Some(StateCounts::default()),
            has_next: false,
            has_previous: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_NAME: Ordering = Ordering {
        list: "list",
        field: "NAME",
        kind: SortKind::Text,
        descending: false,
    };

    #[test]
    fn a_cursor_is_read_by_the_order_that_wrote_it_and_no_other() {
        let position = Position {
            key: SortKey::Text("straße \"x\"".to_owned()),
            id: 7,
        };
        let cursor = BY_NAME.cursor(&position);
        assert_eq!(BY_NAME.position("after", &cursor).unwrap(), position);
        for other in [
            Ordering {
                descending: true,
                ..BY_NAME
            },
            Ordering {
                field: "KEY",
                ..BY_NAME
            },
            Ordering {
                list: "other",
                ..BY_NAME
            },
            Ordering {
                kind: SortKind::Int,
                ..BY_NAME
            },
        ] {
            assert!(matches!(
                other.position("after", &cursor),
                Err(Error::InvalidCursor(_))
            ));
        }
        for wrong in ["", "nonsense", "e30", "💥", &cursor[1..]] {
            assert!(BY_NAME.position("after", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn page_numbers_at_the_edges() {
        let page = |page| PageNumber::new(page, 10, "pageSize").unwrap();
        assert_eq!(page(1).page_count(0), 0);
        assert_eq!((page(1).previous(0), page(1).next(0)), (None, None));
        assert_eq!((page(2).previous(25), page(2).next(25)), (Some(1), Some(3)));
        assert_eq!((page(3).previous(25), page(3).next(25)), (Some(2), None));
        assert_eq!((page(99).previous(25), page(99).next(25)), (Some(3), None));
        assert_eq!(page(99).previous(0), None);
        assert!(PageNumber::new(0, 10, "pageSize").is_err());
        assert!(PageNumber::new(1, 0, "pageSize").is_err());
        let far = PageNumber::new(i64::MAX, 1000, "pageSize").unwrap();
        assert_eq!(far.size, 100);
        assert_eq!((far.previous(25), far.next(25)), (Some(1), None));
        assert!(matches!(
            far.window(),
            Window::Offset {
                offset: i64::MAX,
                ..
            }
        ));
    }
}
