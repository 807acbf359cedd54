//! Lists whose rows say everything that is asked of them at once.
//!
//! The executor makes a future of every field of every row, because any of them might have to wait.
//! What a list has read along with its rows never does, and then those futures are most of what a
//! page costs. So a list first asks its rows ([`AtOnce`]); only where a field that is selected has to
//! be looked up, or a selection is unusual, is it left to the executor, which answers the same.

use std::borrow::Cow;
use std::collections::HashMap;

use async_graphql::parser::types::{Field, FragmentDefinition, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value};
use indexmap::IndexMap;

/// An object that knows its fields.
pub(super) trait AtOnce: OutputType {
    /// The value of a field without arguments, as its resolver would answer it, if that needs no
    /// look-up and cannot fail; `below` is what is selected of it.
    fn at_once(&self, field: &str, below: Below<'_>) -> Option<Value>;
}

/// What is selected of an object.
#[derive(Clone, Copy)]
pub(super) struct Below<'s> {
    set: &'s SelectionSet,
    fragments: &'s HashMap<Name, Positioned<FragmentDefinition>>,
}

impl<'s> Below<'s> {
    /// An object with what is selected of it.
    pub(super) fn object(self, object: &impl AtOnce) -> Option<Value> {
        let mut fields = IndexMap::with_capacity(self.set.items.len());
        self.fields(object, &mut fields)?;
        Some(Value::Object(fields))
    }

    /// An object that may be missing.
    pub(super) fn nullable(self, object: Option<&impl AtOnce>) -> Option<Value> {
        object.map_or(Some(Value::Null), |object| self.object(object))
    }

    /// A list of objects.
    pub(super) fn list<'o, T: AtOnce + 'o>(
        self,
        objects: impl IntoIterator<Item = &'o T>,
    ) -> Option<Value> {
        let values = objects.into_iter().map(|object| self.object(object));
        values.collect::<Option<_>>().map(Value::List)
    }

    fn fields<T: AtOnce>(self, object: &T, fields: &mut IndexMap<Name, Value>) -> Option<()> {
        for selection in &self.set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let (name, value) = self.field(object, &field.node)?;
                    if fields.insert(name, value).is_some() {
                        return None;
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let on = on.map(|on| on.node.on.node.as_str());
                    let set = &fragment.node.selection_set.node;
                    self.fragment(object, on, set, fields)?;
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragments.get(&spread.node.fragment_name.node)?;
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    let set = &fragment.node.selection_set.node;
                    self.fragment(object, Some(on), set, fields)?;
                }
            }
        }
        Some(())
    }

    fn field<T: AtOnce>(self, object: &T, field: &'s Field) -> Option<(Name, Value)> {
        if !field.directives.is_empty() || !field.arguments.is_empty() {
            return None;
        }
        let value = match field.name.node.as_str() {
            "__typename" => Value::String(T::type_name().into_owned()),
            name => {
                let set = &field.selection_set.node;
                object.at_once(name, Self { set, ..self })?
            }
        };
        Some((field.response_key().node.clone(), value))
    }

    /// Fragments on the type itself; one on an interface is left to the executor.
    fn fragment<T: AtOnce>(
        self,
        object: &T,
        on: Option<&str>,
        set: &'s SelectionSet,
        fields: &mut IndexMap<Name, Value>,
    ) -> Option<()> {
        if on.is_some_and(|on| T::type_name() != on) {
            return None;
        }
        Self { set, ..self }.fields(object, fields)
    }
}

/// A list of objects, in the schema as in the answer the same as a [`Vec`] of them.
pub(super) struct Rows<T>(pub(super) Vec<T>);

impl<T: AtOnce> OutputType for Rows<T> {
    fn type_name() -> Cow<'static, str> {
        Vec::<T>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<T>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<T>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        ctx: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let below = Below {
            set: &ctx.item.node,
            fragments: &ctx.query_env.fragments,
        };
        match below.list(&self.0) {
            Some(list) => Ok(list),
            None => self.0.resolve(ctx, field).await,
        }
    }
}
