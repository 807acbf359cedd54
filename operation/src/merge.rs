//! Merges repeated fields. The executor would resolve each of them, and run such a mutation twice.

use std::collections::HashMap;

use async_graphql::parser::types::{
    Field, FragmentDefinition, InlineFragment, Selection, SelectionSet, TypeCondition,
};
use async_graphql::{Name, Positioned, Variables};
use indexmap::IndexMap;

use super::cost::is_excluded;
use super::schema::{Schema, innermost};

pub(super) struct Merger<'o> {
    pub(super) schema: &'o Schema,
    pub(super) fragments: &'o HashMap<Name, Positioned<FragmentDefinition>>,
    pub(super) variables: &'o Variables,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'o> {
    /// A field, by its response name.
    Field(&'o str),
    /// A selection for objects of a type.
    If(&'o str),
}

#[derive(Default)]
struct Parts<'o> {
    fields: Vec<&'o Positioned<Field>>,
    sets: Vec<&'o SelectionSet>,
}

impl<'o> Merger<'o> {
    /// Merges selection sets on one type into one without repetitions, named fragments and directives.
    /// The measured limits bound its size.
    pub(super) fn merge(&self, parent: &'o str, sets: &[&'o SelectionSet]) -> SelectionSet {
        let mut parts: IndexMap<Key<'o>, Parts<'o>> = IndexMap::new();
        for set in sets {
            self.walk(parent, set, &mut parts);
        }
        let items = parts.into_iter().filter_map(|(key, parts)| match key {
            Key::Field(_) => self.field(parent, &parts.fields),
            Key::If(on) => {
                let pos = parts.sets.first()?.items.first()?.pos;
                let condition = TypeCondition {
                    on: Positioned::new(Name::new(on), pos),
                };
                let fragment = InlineFragment {
                    type_condition: Some(Positioned::new(condition, pos)),
                    directives: Vec::new(),
                    selection_set: Positioned::new(self.merge(on, &parts.sets), pos),
                };
                let fragment = Selection::InlineFragment(Positioned::new(fragment, pos));
                Some(Positioned::new(fragment, pos))
            }
        });
        SelectionSet {
            items: items.collect(),
        }
    }

    fn field(&self, parent: &str, same: &[&'o Positioned<Field>]) -> Option<Positioned<Selection>> {
        let first = same.first()?;
        let name = first.node.name.node.as_str();
        let core = innermost(&self.schema.field(parent, name)?.ty).as_str();
        let sets: Vec<&SelectionSet> = same
            .iter()
            .map(|field| &field.node.selection_set.node)
            .collect();
        let merged = Field {
            alias: first.node.alias.clone(),
            name: first.node.name.clone(),
            arguments: first.node.arguments.clone(),
            directives: Vec::new(),
            selection_set: Positioned::new(self.merge(core, &sets), first.node.selection_set.pos),
        };
        let merged = Selection::Field(Positioned::new(merged, first.pos));
        Some(Positioned::new(merged, first.pos))
    }

    fn walk(
        &self,
        parent: &'o str,
        set: &'o SelectionSet,
        parts: &mut IndexMap<Key<'o>, Parts<'o>>,
    ) {
        for selection in &set.items {
            if is_excluded(selection.node.directives(), self.variables) {
                continue;
            }
            let (on, inner) = match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    let part = parts.entry(Key::Field(key)).or_default();
                    part.fields.push(field);
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let on = on.map_or(parent, |on| on.node.on.node.as_str());
                    (on, &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.fragments.get(name) else {
                        continue;
                    };
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    (on, &fragment.node.selection_set.node)
                }
            };
            if self.schema.is_within(parent, on) {
                self.walk(parent, inner, parts);
            } else {
                let part = parts.entry(Key::If(on)).or_default();
                part.sets.push(inner);
            }
        }
    }
}
