//! Lists whose rows say everything that is asked of them at once, as JSON.
//!
//! The executor makes a future and a value of every field of every row, because any of them might
//! have to wait. What a list has read along with its rows never does, and then those futures and
//! values are most of what a page costs. So a list first asks its rows ([`AtOnce`]) to write
//! themselves; only where a field that is selected has to be looked up, or a selection is unusual, is
//! it left to the executor, which answers the same.

use std::borrow::Cow;
use std::collections::HashMap;

use async_graphql::parser::types::{Field, FragmentDefinition, Selection, SelectionSet};
use async_graphql::registry::Registry;
use async_graphql::resolver_utils::EnumType;
use async_graphql::{ContextSelectionSet, Name, OutputType, Positioned, ServerResult, Value};

use super::id::NodeType;
use super::json::Json;
use crate::clock::Timestamp;

/// An object that knows its fields.
pub(super) trait AtOnce: OutputType {
    /// Writes the value of a field without arguments, as its resolver would answer it. [`None`], with
    /// anything written, if that needs a look-up or can fail.
    fn at_once(&self, field: &str, to: &mut Writer<'_>) -> Option<()>;
}

/// Where the value of a field is written, and what is selected of it.
pub(super) struct Writer<'w> {
    json: &'w mut Json,
    set: &'w SelectionSet,
    fragments: &'w HashMap<Name, Positioned<FragmentDefinition>>,
}

impl Writer<'_> {
    pub(super) fn text(&mut self, text: &str) {
        self.json.text(text);
    }

    pub(super) fn nullable_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.json.text(text),
            None => self.json.null(),
        }
    }

    pub(super) fn int(&mut self, number: i32) {
        self.json.int(number.into());
    }

    pub(super) fn bool(&mut self, value: bool) {
        self.json.bool(value);
    }

    pub(super) fn null(&mut self) {
        self.json.null();
    }

    pub(super) fn database_id(&mut self, id: i64) {
        self.json.plain(|json| json.int(id));
    }

    pub(super) fn id(&mut self, kind: NodeType, id: i64) {
        self.json.plain(|json| json.raw(&kind.id(id)));
    }

    /// Text in which nothing has to be escaped.
    pub(super) fn plain_text(&mut self, text: &str) {
        self.json.plain(|json| json.raw(text));
    }

    pub(super) fn instant(&mut self, at: i64) {
        self.json.plain(|json| json.display(Timestamp(at)));
    }

    pub(super) fn nullable_instant(&mut self, at: Option<i64>) {
        match at {
            Some(at) => self.instant(at),
            None => self.null(),
        }
    }

    pub(super) fn nullable_choice<T: EnumType>(&mut self, value: Option<T>) {
        match value {
            Some(value) => self.choice(value),
            None => self.null(),
        }
    }

    pub(super) fn texts(&mut self, texts: Option<&[String]>) {
        let Some(texts) = texts else {
            return self.null();
        };
        self.json.open('[');
        for text in texts {
            self.json.next();
            self.json.text(text);
        }
        self.json.close(']');
    }

    /// A value of an enum.
    pub(super) fn choice<T: EnumType>(&mut self, value: T) {
        let item = T::items().iter().find(|item| item.value == value);
        self.json.text(item.map_or("", |item| item.name));
    }

    /// JSON as it is stored, always an object.
    pub(super) fn stored_object(&mut self, compact: &str) {
        self.json.raw(compact);
    }

    /// An object with what is selected of it.
    pub(super) fn object<T: AtOnce>(&mut self, object: &T) -> Option<()> {
        self.json.open('{');
        self.fields(object)?;
        self.json.close('}');
        Some(())
    }

    /// An object that may be missing.
    pub(super) fn nullable<T: AtOnce>(&mut self, object: Option<&T>) -> Option<()> {
        match object {
            Some(object) => self.object(object),
            None => {
                self.null();
                Some(())
            }
        }
    }

    /// A list of objects.
    pub(super) fn list<'o, T: AtOnce + 'o>(
        &mut self,
        objects: impl IntoIterator<Item = &'o T>,
    ) -> Option<()> {
        self.json.open('[');
        for object in objects {
            self.json.next();
            self.object(object)?;
        }
        self.json.close(']');
        Some(())
    }

    fn fields<T: AtOnce>(&mut self, object: &T) -> Option<()> {
        let set = self.set;
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(object, &field.node)?,
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let on = on.map(|on| on.node.on.node.as_str());
                    self.fragment(object, on, &fragment.node.selection_set.node)?;
                }
                Selection::FragmentSpread(spread) => {
                    let fragments = self.fragments;
                    let fragment = fragments.get(&spread.node.fragment_name.node)?;
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    self.fragment(object, Some(on), &fragment.node.selection_set.node)?;
                }
            }
        }
        Some(())
    }

    fn field<T: AtOnce>(&mut self, object: &T, field: &Field) -> Option<()> {
        if !field.directives.is_empty() || !field.arguments.is_empty() {
            return None;
        }
        self.json.key(&field.response_key().node);
        match field.name.node.as_str() {
            "__typename" => self.text(&T::type_name()),
            name => object.at_once(
                name,
                &mut Writer {
                    json: self.json,
                    set: &field.selection_set.node,
                    fragments: self.fragments,
                },
            )?,
        }
        Some(())
    }

    /// Fragments on the type itself; one on an interface is left to the executor.
    fn fragment<T: AtOnce>(
        &mut self,
        object: &T,
        on: Option<&str>,
        set: &SelectionSet,
    ) -> Option<()> {
        if on.is_some_and(|on| T::type_name() != on) {
            return None;
        }
        let mut inside = Writer {
            json: self.json,
            set,
            fragments: self.fragments,
        };
        inside.fields(object)
    }
}

/// A list of objects, in the schema as in the answer the same as a [`Vec`] of them.
///
/// Its value is JSON that is written already ([`Json::into_value`]), or what the executor makes of it.
/// No name is written twice: what is selected twice was put together before execution.
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
        let mut json = Json::default();
        let mut writer = Writer {
            json: &mut json,
            set: &ctx.item.node,
            fragments: &ctx.query_env.fragments,
        };
        match writer.list(&self.0) {
            Some(()) => Ok(json.into_value()),
            None => self.0.resolve(ctx, field).await,
        }
    }
}
