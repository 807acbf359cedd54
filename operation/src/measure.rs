//! The size of a document with its fragments spread. Each fragment is measured once and never spread, so
//! a small document that grows exponentially is measured in the time it takes to read it.

use std::collections::HashMap;

use async_graphql::Pos;
use async_graphql::parser::types::{Selection, SelectionSet};

use super::lex::shortened;
use super::parse::Document;
use super::{Limits, RequestError, RequestErrorKind};

/// The introspection fields that can be nested in each other without end.
const LISTINGS: [&str; 4] = ["fields", "interfaces", "possibleTypes", "inputFields"];
/// The deepest nesting of them. Clients that read the whole schema nest them once.
const MAX_LISTINGS: u32 = 2;

/// The size of a selection. Sums saturate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Levels of fields.
    pub(super) depth: u32,
    /// Fields. Fragments count at each spread.
    pub(super) fields: u64,
    pub(super) aliases: u64,
    pub(super) directives: u64,
    pub(super) root_fields: u64,
    /// Levels of fragments and fields together.
    pub(super) nesting: u32,
    /// Levels of [`LISTINGS`].
    listings: u32,
    /// The most levels of them below `__schema` or `__type`.
    pub(super) introspection: u32,
    /// Whether it has a field `__schema`, `__type` or `_service`.
    pub(super) introspects: bool,
}

impl Size {
    /// The size of two selections side by side.
    fn and(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            directives: self.directives.saturating_add(other.directives),
            root_fields: self.root_fields.saturating_add(other.root_fields),
            nesting: self.nesting.max(other.nesting),
            listings: self.listings.max(other.listings),
            introspection: self.introspection.max(other.introspection),
            introspects: self.introspects || other.introspects,
        }
    }
}

/// Measures a document.
///
/// # Errors
/// A fragment that contains itself, or nesting over the hard limit.
pub(super) fn measure(document: &Document) -> Result<Measured, RequestError> {
    let fragments: HashMap<&str, &SelectionSet> = document
        .fragments
        .iter()
        .map(|fragment| {
            let set = &fragment.definition.node.selection_set.node;
            (fragment.name.node.as_str(), set)
        })
        .collect();
    let mut measurer = Measurer {
        fragments,
        known: HashMap::new(),
        open: Vec::new(),
    };
    let mut total = Size::default();
    let mut introspects = Vec::with_capacity(document.operations.len());
    for operation in &document.operations {
        let definition = &operation.definition.node;
        let mut size = measurer.set(&definition.selection_set.node, 1)?;
        let on_variables = definition.variable_definitions.iter();
        let directives = on_variables.map(|variable| variable.node.directives.len());
        size.directives = size.directives.saturating_add(count(
            directives.sum::<usize>() + definition.directives.len(),
        ));
        introspects.push(size.introspects);
        // Only one operation is executed, but all of them are validated.
        let root_fields = total.root_fields.max(size.root_fields);
        total = total.and(size);
        total.root_fields = root_fields;
    }
    // Unused fragments too: validation would not end in a cycle among them.
    for fragment in &document.fragments {
        measurer.fragment(fragment.name.node.as_str(), fragment.name.pos, 1)?;
    }
    Ok(Measured { total, introspects })
}

/// The sum of all operations, and for each operation whether it reads the schema.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) total: Size,
    pub(super) introspects: Vec<bool>,
}

impl Measured {
    /// The first exceeded limit.
    pub(super) fn over(&self, limits: &Limits) -> Option<RequestError> {
        let size = &self.total;
        if count(limits.depth) < u64::from(size.depth) {
            return Some(RequestError::new(
                RequestErrorKind::DepthLimit,
                format!(
                    "The document has {} levels of fields; {} are allowed.",
                    size.depth, limits.depth
                ),
            ));
        }
        [
            (size.root_fields, limits.root_fields, "fields at its root"),
            (size.aliases, limits.aliases, "aliases"),
            (size.directives, limits.directives, "directives"),
            (size.fields, limits.fields, "fields"),
        ]
        .into_iter()
        .find(|(found, limit, _)| *found > count(*limit))
        .map(|(found, limit, what)| {
            RequestError::new(
                RequestErrorKind::CostLimit,
                format!(
                    "The document has {found} {what}, fragments counted wherever they are spread; \
                     {limit} are allowed."
                ),
            )
        })
    }

    /// The first exceeded hard limit: the following steps would run out of stack or memory.
    pub(super) fn over_hard_limits(&self) -> Option<RequestError> {
        if self.total.depth > super::MAX_DEPTH {
            return Some(RequestError::new(
                RequestErrorKind::DepthLimit,
                format!(
                    "The document has {} levels of fields; more than {} are never executed.",
                    self.total.depth,
                    super::MAX_DEPTH
                ),
            ));
        }
        if self.total.introspection > MAX_LISTINGS {
            return Some(RequestError::new(
                RequestErrorKind::DepthLimit,
                "The document nests the lists of the schema's own fields too deeply.",
            ));
        }
        (self.total.fields > super::MAX_FIELDS).then(|| {
            RequestError::new(
                RequestErrorKind::CostLimit,
                format!(
                    "The document has {} fields, fragments counted wherever they are spread; that \
                     is more than can be looked at.",
                    self.total.fields
                ),
            )
        })
    }
}

pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

struct Measurer<'d> {
    fragments: HashMap<&'d str, &'d SelectionSet>,
    known: HashMap<&'d str, Size>,
    /// The fragments that are being measured, outermost first.
    open: Vec<&'d str>,
}

impl<'d> Measurer<'d> {
    fn set(&mut self, set: &'d SelectionSet, level: u32) -> Result<Size, RequestError> {
        if level > super::MAX_NESTING {
            return Err(RequestError::new(
                RequestErrorKind::DepthLimit,
                format!(
                    "The document is nested more than {} levels deep.",
                    super::MAX_NESTING
                ),
            ));
        }
        let mut total = Size::default();
        for selection in &set.items {
            let directives = count(selection.node.directives().len());
            let mut size = match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.name.node.as_str();
                    let inner = self.set(&field.node.selection_set.node, level + 1)?;
                    let of_schema = matches!(name, "__schema" | "__type" | "_service");
                    let listings = inner.listings + u32::from(LISTINGS.contains(&name));
                    Size {
                        depth: inner.depth.saturating_add(1),
                        fields: inner.fields.saturating_add(1),
                        aliases: inner
                            .aliases
                            .saturating_add(u64::from(field.node.alias.is_some())),
                        directives: inner.directives,
                        root_fields: 1,
                        nesting: inner.nesting.saturating_add(1),
                        listings,
                        introspection: if of_schema {
                            inner.introspection.max(listings)
                        } else {
                            inner.introspection
                        },
                        introspects: of_schema || inner.introspects,
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    self.fragment(name, spread.pos, level + 1)?
                }
                Selection::InlineFragment(fragment) => {
                    let inner = self.set(&fragment.node.selection_set.node, level + 1)?;
                    Size {
                        nesting: inner.nesting.saturating_add(1),
                        ..inner
                    }
                }
            };
            size.directives = size.directives.saturating_add(directives);
            total = total.and(size);
        }
        Ok(total)
    }

    fn fragment(&mut self, name: &'_ str, pos: Pos, level: u32) -> Result<Size, RequestError> {
        let Some((&name, &set)) = self.fragments.get_key_value(name) else {
            // Validation reports it.
            return Ok(Size::default());
        };
        if let Some(size) = self.known.get(name) {
            // A deep fragment in a deep place may exceed the limit, although it did not at its first spread.
            if level.saturating_add(size.nesting) > super::MAX_NESTING {
                return Err(RequestError::new(
                    RequestErrorKind::DepthLimit,
                    format!(
                        "The document is nested more than {} levels deep.",
                        super::MAX_NESTING
                    ),
                ));
            }
            return Ok(*size);
        }
        if let Some(start) = self.open.iter().position(|open| *open == name) {
            let via: Vec<String> = self.open[start + 1..]
                .iter()
                .take(5)
                .map(|open| format!("\"{}\"", shortened(open)))
                .collect();
            let via = if via.is_empty() {
                String::new()
            } else {
                format!(" via {}", via.join(", "))
            };
            let mut error = RequestError::new(
                RequestErrorKind::Validation,
                format!(
                    "Cannot spread fragment \"{}\" within itself{via}.",
                    shortened(name)
                ),
            );
            error.errors[0].locations.push(pos);
            return Err(error);
        }
        self.open.push(name);
        let size = self.set(set, level)?;
        self.open.pop();
        let size = Size {
            nesting: size.nesting.saturating_add(1),
            ..size
        };
        self.known.insert(name, size);
        Ok(size)
    }
}
