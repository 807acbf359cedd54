//! The cost of an operation: the most fields its answer can have. A field counts one, and fields below a
//! list count once for each possible item. Each fragment is counted once and remembered.
//!
//! The length of a list comes from the arguments of the list or of the field around it: those of
//! [`ListLengths`], or the length of an input list such as `ids` or `input.items`. Without them, a default
//! counts. Each item of an input list counts one too.

use std::collections::HashMap;

use async_graphql::parser::types::{
    BaseType, Directive, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::{ConstValue, Value};

use super::ListLengths;
use super::measure::count;
use super::schema::{self, Schema, innermost};

pub(super) struct Costs<'o> {
    pub(super) schema: &'o Schema,
    pub(super) lists: &'o ListLengths,
    pub(super) fragments: &'o HashMap<Name, Positioned<FragmentDefinition>>,
    pub(super) variables: &'o Variables,
    /// The cost of fragments, by the length that their lists inherit.
    pub(super) known: HashMap<(&'o str, Option<u64>), u64>,
}

impl<'o> Costs<'o> {
    pub(super) fn operation(&mut self, operation: &'o OperationDefinition) -> u64 {
        let root = self.schema.root(operation.ty).unwrap_or_default();
        self.set(&operation.selection_set.node, root, None)
    }

    fn set(&mut self, set: &'o SelectionSet, parent: &str, inherited: Option<u64>) -> u64 {
        let mut total = 0_u64;
        for selection in &set.items {
            if self.is_excluded(selection.node.directives()) {
                continue;
            }
            let cost = match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent, inherited),
                Selection::InlineFragment(fragment) => {
                    let fragment = &fragment.node;
                    let on = fragment.type_condition.as_ref();
                    let on = on.map_or(parent, |on| on.node.on.node.as_str());
                    self.set(&fragment.selection_set.node, on, inherited)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    self.fragment(name, inherited)
                }
            };
            total = total.saturating_add(cost);
        }
        total
    }

    fn fragment(&mut self, name: &'o Name, inherited: Option<u64>) -> u64 {
        let key = (name.as_str(), inherited);
        if let Some(cost) = self.known.get(&key) {
            return *cost;
        }
        let Some(fragment) = self.fragments.get(name) else {
            return 0;
        };
        let on = fragment.node.type_condition.node.on.node.as_str();
        let cost = self.set(&fragment.node.selection_set.node, on, inherited);
        self.known.insert(key, cost);
        cost
    }

    fn field(&mut self, field: &'o Field, parent: &str, inherited: Option<u64>) -> u64 {
        let schema = self.schema;
        let Some(known) = schema.field(parent, field.name.node.as_str()) else {
            return 1;
        };
        let (own, items) = self.sizes(field, known);
        let is_list = matches!(known.ty.base, BaseType::List(_));
        let (times, below) = if is_list {
            let times = if self.lists.short.contains(&field.name.node.as_str()) {
                1
            } else {
                own.or(inherited).unwrap_or(self.lists.default)
            };
            (times, None)
        } else {
            (1, own)
        };
        let core = innermost(&known.ty).as_str();
        let inner = self.set(&field.selection_set.node, core, below);
        inner
            .saturating_mul(times)
            .saturating_add(items)
            .saturating_add(1)
    }

    /// The length of the requested list, and the number of items sent in arguments.
    fn sizes(&self, field: &Field, known: &schema::Field) -> (Option<u64>, u64) {
        let (mut asked, mut sent) = (None, None);
        let mut items = 0_u64;
        for (name, input) in &known.arguments {
            let given = field.get_argument(name).map(|value| &value.node);
            if self.lists.arguments.contains(&name.as_str()) {
                let number = match given {
                    Some(Value::Variable(name)) => match self.variables.get(name) {
                        Some(value) => whole(value),
                        None => input.default.as_ref().and_then(whole),
                    },
                    Some(Value::Number(number)) => number.as_u64(),
                    Some(_) => None,
                    None => input.default.as_ref().and_then(whole),
                };
                asked = asked.max(number.map(|number| number.min(self.lists.max)));
                continue;
            }
            let (longest, sum) = match given {
                Some(value) => self.lengths(value, 2),
                None => (None, 0),
            };
            sent = sent.max(longest);
            items = items.saturating_add(sum);
        }
        (asked.or(sent), items)
    }

    /// The longest list in an input and the number of items in all of them, some levels deep.
    fn lengths(&self, value: &Value, levels: u8) -> (Option<u64>, u64) {
        let levels_left = levels.saturating_sub(1);
        match value {
            Value::Variable(name) => self
                .variables
                .get(name)
                .map_or((None, 0), |value| const_lengths(value, levels)),
            Value::List(items) => (Some(count(items.len())), count(items.len())),
            Value::Object(fields) if levels > 0 => fields
                .values()
                .map(|value| self.lengths(value, levels_left))
                .fold((None, 0), together),
            _ => (None, 0),
        }
    }

    fn is_excluded(&self, directives: &[Positioned<Directive>]) -> bool {
        is_excluded(directives, self.variables)
    }
}

/// Whether `@skip` or `@include` excludes a selection with these variables.
pub(super) fn is_excluded(directives: &[Positioned<Directive>], variables: &Variables) -> bool {
    directives.iter().any(|directive| {
        let directive = &directive.node;
        let excluded_if = match directive.name.node.as_str() {
            "skip" => true,
            "include" => false,
            _ => return false,
        };
        let condition = match directive.get_argument("if").map(|value| &value.node) {
            Some(Value::Boolean(condition)) => Some(*condition),
            Some(Value::Variable(name)) => match variables.get(name) {
                Some(ConstValue::Boolean(condition)) => Some(*condition),
                _ => None,
            },
            _ => None,
        };
        condition == Some(excluded_if)
    })
}

fn const_lengths(value: &ConstValue, levels: u8) -> (Option<u64>, u64) {
    match value {
        ConstValue::List(items) => (Some(count(items.len())), count(items.len())),
        ConstValue::Object(fields) if levels > 0 => fields
            .values()
            .map(|value| const_lengths(value, levels - 1))
            .fold((None, 0), together),
        _ => (None, 0),
    }
}

fn together(a: (Option<u64>, u64), b: (Option<u64>, u64)) -> (Option<u64>, u64) {
    (a.0.max(b.0), a.1.saturating_add(b.1))
}

fn whole(value: &ConstValue) -> Option<u64> {
    match value {
        ConstValue::Number(number) => number.as_u64(),
        _ => None,
    }
}
