//! Validates a document against the schema by the rules of the specification. Each definition is visited
//! once.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use async_graphql::parser::types::{
    BaseType, Directive, DirectiveLocation, Field, FragmentDefinition, OperationDefinition,
    OperationType, Selection, SelectionSet, Type,
};
use async_graphql::{Name, Pos, Positioned, ServerError};
use async_graphql_value::{ConstValue, Value};
use indexmap::IndexMap;

use super::lex::shortened;
use super::parse::Document;
use super::schema::{self, Input, Schema, TypeKind, innermost};
use super::variables::{TOO_LARGE, is_too_large};

/// The most errors of a request.
pub(super) const MAX_ERRORS: usize = 10;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Valid {
    /// Whether a selection has several fields of the same response name, which must be merged.
    pub(super) has_repetitions: bool,
}

/// Validates a document without fragment cycles. With `suggest`, messages suggest names of the schema.
pub(super) fn validate(
    schema: &Schema,
    document: &Document,
    suggest: bool,
) -> Result<Valid, Vec<ServerError>> {
    let mut fragments = HashMap::new();
    for fragment in &document.fragments {
        fragments
            .entry(fragment.name.node.as_str())
            .or_insert(&fragment.definition.node);
    }
    let mut checks = Checks {
        schema,
        fragments,
        suggest,
        errors: Vec::new(),
        uses: Uses::default(),
    };
    checks.names(document);
    let in_fragments: HashMap<&str, Uses<'_>> = document
        .fragments
        .iter()
        .map(|fragment| {
            checks.fragment(&fragment.definition);
            (
                fragment.name.node.as_str(),
                std::mem::take(&mut checks.uses),
            )
        })
        .collect();
    let mut spread = HashSet::new();
    for operation in &document.operations {
        checks.operation(
            operation.name.as_ref(),
            &operation.definition,
            &in_fragments,
            &mut spread,
        );
    }
    for fragment in &document.fragments {
        if !spread.contains(fragment.name.node.as_str()) {
            let name = shortened(&fragment.name.node);
            let message = format!("Fragment \"{name}\" is never used.");
            checks.report(message, fragment.name.pos);
        }
    }
    if !checks.errors.is_empty() {
        return Err(checks.errors);
    }
    let mut valid = Valid::default();
    for operation in &document.operations {
        checks.overlaps(&operation.definition.node, &mut valid);
    }
    if checks.errors.is_empty() {
        Ok(valid)
    } else {
        Err(checks.errors)
    }
}

/// The variables and fragments that a definition uses.
#[derive(Default)]
struct Uses<'d> {
    variables: Vec<VariableUse<'d>>,
    fragments: Vec<&'d str>,
}

/// The use of a variable at a position.
struct VariableUse<'d> {
    name: &'d Name,
    pos: Pos,
    /// The expected type, if it is known.
    position: Option<&'d Type>,
    /// Whether the position has a default.
    position_has_default: bool,
    /// The `@oneOf` input object, if the position is one of its fields.
    one_of: Option<&'d str>,
}

/// The position of a value.
#[derive(Clone, Copy)]
struct InputPosition<'d> {
    ty: Option<&'d Type>,
    has_default: bool,
    one_of: Option<&'d str>,
    pos: Pos,
}

/// The fields at the root of a subscription, fragments spread.
#[derive(Default)]
struct RootFields<'d> {
    /// The places of the fields by response name.
    fields: IndexMap<&'d str, Vec<Pos>>,
    /// The places of introspection fields.
    introspection: Vec<Pos>,
    /// The places of `@skip` and `@include`.
    conditions: Vec<Pos>,
    spread: HashSet<&'d str>,
}

impl<'d> RootFields<'d> {
    fn collect(
        &mut self,
        fragments: &HashMap<&'d str, &'d FragmentDefinition>,
        set: &'d SelectionSet,
    ) {
        for selection in &set.items {
            for directive in selection.node.directives() {
                if matches!(directive.node.name.node.as_str(), "skip" | "include") {
                    self.conditions.push(directive.pos);
                }
            }
            match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    self.fields.entry(key).or_default().push(field.pos);
                    if field.node.name.node.starts_with("__") {
                        self.introspection.push(field.pos);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    self.collect(fragments, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if self.spread.insert(name)
                        && let Some(fragment) = fragments.get(name)
                    {
                        self.collect(fragments, &fragment.selection_set.node);
                    }
                }
            }
        }
    }
}

struct Checks<'d> {
    schema: &'d Schema,
    fragments: HashMap<&'d str, &'d FragmentDefinition>,
    suggest: bool,
    errors: Vec<ServerError>,
    uses: Uses<'d>,
}

impl<'d> Checks<'d> {
    fn report(&mut self, message: impl Into<String>, pos: Pos) {
        if self.errors.len() < MAX_ERRORS {
            let mut error = ServerError::new(message, None);
            error.locations.push(pos);
            self.errors.push(error);
        }
    }

    /// Reports one error with several places.
    fn report_all(&mut self, message: String, positions: Vec<Pos>) {
        if self.errors.len() < MAX_ERRORS {
            let mut error = ServerError::new(message, None);
            error.locations = positions;
            error.locations.truncate(MAX_ERRORS);
            self.errors.push(error);
        }
    }

    /// Similar names for a message.
    fn did_you_mean<'n>(&self, name: &str, known: impl Iterator<Item = &'n String>) -> String {
        if !self.suggest || name.len() > 64 {
            return String::new();
        }
        let most = name.chars().count() * 2 / 5 + 1;
        let lower = name.to_lowercase();
        let mut near: Vec<(usize, &String)> = known
            .map(|known| {
                (
                    strsim::damerau_levenshtein(&lower, &known.to_lowercase()),
                    known,
                )
            })
            .filter(|(distance, _)| *distance <= most)
            .collect();
        near.sort();
        let near: Vec<String> = near
            .into_iter()
            .take(3)
            .map(|(_, known)| format!("\"{known}\""))
            .collect();
        if near.is_empty() {
            String::new()
        } else {
            format!(" Did you mean {}?", near.join(" or "))
        }
    }

    /// Checks the uniqueness of names.
    fn names(&mut self, document: &Document) {
        let mut seen = HashSet::new();
        for operation in &document.operations {
            let pos = operation.definition.pos;
            match &operation.name {
                None if document.operations.len() > 1 => {
                    self.report(
                        "This anonymous operation must be the only defined operation.",
                        pos,
                    );
                }
                Some(name) if !seen.insert(name) => {
                    let name = shortened(name);
                    let message = format!("There can be only one operation named \"{name}\".");
                    self.report(message, pos);
                }
                _ => {}
            }
        }
        let mut seen = HashSet::new();
        for fragment in &document.fragments {
            if !seen.insert(&fragment.name.node) {
                let name = shortened(&fragment.name.node);
                let message = format!("There can be only one fragment named \"{name}\".");
                self.report(message, fragment.name.pos);
            }
        }
        for (name, pos) in &document.repeated_input_fields {
            let name = shortened(name);
            let message = format!("There can be only one input field named \"{name}\".");
            self.report(message, *pos);
        }
    }

    fn fragment(&mut self, fragment: &'d Positioned<FragmentDefinition>) {
        let definition = &fragment.node;
        self.directives(
            &definition.directives,
            DirectiveLocation::FragmentDefinition,
        );
        let parent = self.condition(&definition.type_condition.node.on);
        self.set(&definition.selection_set.node, parent);
    }

    /// The type condition of a fragment, if it is a composite type.
    fn condition(&mut self, on: &'d Positioned<Name>) -> Option<&'d str> {
        let name = on.node.as_str();
        match self.schema.types.get(name) {
            Some(named) if named.is_composite() => Some(name),
            Some(_) => {
                let message =
                    format!("Fragment cannot condition on non composite type \"{name}\".");
                self.report(message, on.pos);
                None
            }
            None => {
                self.unknown_type(name, on.pos);
                None
            }
        }
    }

    fn unknown_type(&mut self, name: &str, pos: Pos) {
        let did_you_mean = self.did_you_mean(name, self.schema.types.keys());
        let message = format!("Unknown type \"{}\".{did_you_mean}", shortened(name));
        self.report(message, pos);
    }

    fn operation(
        &mut self,
        name: Option<&'d Name>,
        operation: &'d Positioned<OperationDefinition>,
        in_fragments: &HashMap<&str, Uses<'d>>,
        spread: &mut HashSet<&'d str>,
    ) {
        let definition = &operation.node;
        let schema = self.schema;
        let location = match definition.ty {
            OperationType::Query => DirectiveLocation::Query,
            OperationType::Mutation => DirectiveLocation::Mutation,
            OperationType::Subscription => DirectiveLocation::Subscription,
        };
        let root = schema.root(definition.ty);
        if root.is_none() {
            let message = format!("The schema has no {} operations.", definition.ty);
            self.report(message, operation.pos);
        }
        if definition.ty == OperationType::Subscription && root.is_some() {
            self.single_root_field(name, definition);
        }
        self.directives(&definition.directives, location);
        self.variable_definitions(definition);
        self.set(&definition.selection_set.node, root);

        let uses = std::mem::take(&mut self.uses);
        let mut reached: HashSet<&'d str> = HashSet::new();
        let mut next: Vec<&'d str> = uses.fragments.clone();
        let mut variables: Vec<&VariableUse<'d>> = uses.variables.iter().collect();
        while let Some(fragment) = next.pop() {
            if reached.insert(fragment)
                && let Some(inner) = in_fragments.get(fragment)
            {
                next.extend(&inner.fragments);
                variables.extend(&inner.variables);
            }
        }
        self.variable_uses(name, definition, &variables);
        spread.extend(reached);
    }

    /// Checks that a subscription has one root field, whatever its variables are, and one that has events.
    fn single_root_field(&mut self, name: Option<&Name>, operation: &'d OperationDefinition) {
        let mut root = RootFields::default();
        root.collect(&self.fragments, &operation.selection_set.node);
        let subscription = name.map_or_else(
            || "Anonymous Subscription".to_owned(),
            |name| format!("Subscription \"{}\"", shortened(name)),
        );
        if !root.conditions.is_empty() {
            let message = format!(
                "{subscription} must not use `@skip` or `@include` directives in the top level \
                 selection."
            );
            self.report_all(message, root.conditions);
            return;
        }
        let more: Vec<Pos> = root.fields.values().skip(1).flatten().copied().collect();
        if !more.is_empty() {
            let message = format!("{subscription} must select only one top level field.");
            self.report_all(message, more);
        }
        let introspection = root.introspection;
        if !introspection.is_empty() {
            let message =
                format!("{subscription} must not select an introspection top level field.");
            self.report_all(message, introspection);
        }
    }

    fn variable_definitions(&mut self, operation: &'d OperationDefinition) {
        let schema = self.schema;
        let mut seen = HashSet::new();
        for variable in &operation.variable_definitions {
            let definition = &variable.node;
            let name = shortened(&definition.name.node);
            if !seen.insert(&definition.name.node) {
                let message = format!("There can be only one variable named \"${name}\".");
                self.report(message, definition.name.pos);
            }
            self.directives(
                &definition.directives,
                DirectiveLocation::VariableDefinition,
            );
            let core = innermost(&definition.var_type.node);
            match schema.types.get(core.as_str()) {
                None => self.unknown_type(core, definition.var_type.pos),
                Some(named) if !named.is_input() => {
                    let message = format!(
                        "Variable \"${name}\" cannot be non-input type \"{}\".",
                        definition.var_type.node
                    );
                    self.report(message, definition.var_type.pos);
                }
                Some(_) => {
                    if let Some(default) = &definition.default_value {
                        let value = default.node.clone().into_value();
                        self.constant(&value, &definition.var_type.node, default.pos);
                    }
                }
            }
        }
    }

    fn variable_uses(
        &mut self,
        name: Option<&Name>,
        operation: &OperationDefinition,
        uses: &[&VariableUse<'d>],
    ) {
        let within = name.map_or_else(String::new, |name| {
            format!(" by operation \"{}\"", shortened(name))
        });
        let defined: HashMap<&Name, _> = operation
            .variable_definitions
            .iter()
            .map(|variable| (&variable.node.name.node, &variable.node))
            .collect();
        let mut used = HashSet::new();
        for usage in uses {
            let shown = shortened(usage.name);
            let Some(definition) = defined.get(usage.name) else {
                self.report(
                    format!("Variable \"${shown}\" is not defined{within}."),
                    usage.pos,
                );
                continue;
            };
            used.insert(usage.name);
            let ty = &definition.var_type.node;
            let Some(position) = usage.position else {
                continue;
            };
            let has_default = definition
                .default_value
                .as_ref()
                .is_some_and(|value| value.node != ConstValue::Null);
            if !fits(ty, has_default, position, usage.position_has_default) {
                let message = format!(
                    "Variable \"${shown}\" of type \"{ty}\" used in position expecting type \
                     \"{position}\"."
                );
                self.report(message, usage.pos);
            } else if let Some(one_of) = usage.one_of
                && ty.nullable
            {
                let message = format!(
                    "Variable \"${shown}\" is of type \"{ty}\" but must be non-nullable to be \
                     used for OneOf Input Object \"{one_of}\"."
                );
                self.report(message, usage.pos);
            }
        }
        for variable in &operation.variable_definitions {
            let name = &variable.node.name;
            if !used.contains(&name.node) {
                let message = format!("Variable \"${}\" is never used.", shortened(&name.node));
                self.report(message, name.pos);
            }
        }
    }

    fn set(&mut self, set: &'d SelectionSet, parent: Option<&'d str>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent),
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives, DirectiveLocation::FragmentSpread);
                    let name = &spread.node.fragment_name;
                    let Some(fragment) = self.fragments.get(name.node.as_str()) else {
                        let message = format!("Unknown fragment \"{}\".", shortened(&name.node));
                        self.report(message, name.pos);
                        continue;
                    };
                    self.uses.fragments.push(name.node.as_str());
                    let on = fragment.type_condition.node.on.node.as_str();
                    self.possible(parent, on, spread.pos);
                }
                Selection::InlineFragment(fragment) => {
                    let pos = fragment.pos;
                    let fragment = &fragment.node;
                    self.directives(&fragment.directives, DirectiveLocation::InlineFragment);
                    let inner = match &fragment.type_condition {
                        None => parent,
                        Some(condition) => {
                            let on = self.condition(&condition.node.on);
                            if let Some(on) = on {
                                self.possible(parent, on, pos);
                            }
                            on
                        }
                    };
                    self.set(&fragment.selection_set.node, inner);
                }
            }
        }
    }

    fn possible(&mut self, parent: Option<&str>, on: &str, pos: Pos) {
        let composite = |name: &str| {
            self.schema
                .types
                .get(name)
                .is_some_and(|n| n.is_composite())
        };
        if let Some(parent) = parent
            && composite(on)
            && !self.schema.overlap(parent, on)
        {
            let message = format!(
                "Fragment cannot be spread here as objects of type \"{parent}\" can never be of \
                 type \"{on}\"."
            );
            self.report(message, pos);
        }
    }

    fn field(&mut self, field: &'d Field, parent: Option<&'d str>) {
        let schema = self.schema;
        self.directives(&field.directives, DirectiveLocation::Field);
        let name = field.name.node.as_str();
        let known = parent.and_then(|parent| schema.field(parent, name));
        let Some(known) = known else {
            if let Some(parent) = parent {
                let fields = schema.types.get(parent).map(|named| named.fields.keys());
                let did_you_mean = self.did_you_mean(name, fields.into_iter().flatten());
                let name = shortened(name);
                let message =
                    format!("Cannot query field \"{name}\" on type \"{parent}\".{did_you_mean}");
                self.report(message, field.name.pos);
            }
            self.untyped_arguments(&field.arguments);
            self.set(&field.selection_set.node, None);
            return;
        };
        let owner = format!("{}.{name}", parent.unwrap_or_default());
        self.arguments(
            &field.arguments,
            &known.arguments,
            field.name.pos,
            &format!("field \"{owner}\""),
            &format!("Field \"{name}\""),
        );
        let core = innermost(&known.ty).as_str();
        let composite = schema
            .types
            .get(core)
            .is_some_and(|named| named.is_composite());
        let selects = !field.selection_set.node.items.is_empty();
        if composite && !selects {
            let message = format!(
                "Field \"{name}\" of type \"{}\" must have a selection of subfields. Did you mean \
                 \"{name} {{ ... }}\"?",
                known.ty
            );
            self.report(message, field.name.pos);
        } else if !composite && selects {
            let message = format!(
                "Field \"{name}\" must not have a selection since type \"{}\" has no subfields.",
                known.ty
            );
            self.report(message, field.selection_set.pos);
        }
        self.set(&field.selection_set.node, composite.then_some(core));
    }

    fn directives(&mut self, directives: &'d [Positioned<Directive>], at: DirectiveLocation) {
        let schema = self.schema;
        let mut seen = HashSet::new();
        for directive in directives {
            let pos = directive.pos;
            let directive = &directive.node;
            let name = directive.name.node.as_str();
            let Some(known) = schema.directives.get(name) else {
                self.report(format!("Unknown directive \"@{}\".", shortened(name)), pos);
                self.untyped_arguments(&directive.arguments);
                continue;
            };
            if !known.locations.contains(&at) {
                self.report(format!("Directive \"@{name}\" may not be used here."), pos);
            }
            if !seen.insert(name) {
                let message =
                    format!("The directive \"@{name}\" can only be used once at this location.");
                self.report(message, pos);
            }
            self.arguments(
                &directive.arguments,
                &known.arguments,
                pos,
                &format!("directive \"@{name}\""),
                &format!("Directive \"@{name}\""),
            );
        }
    }

    /// Arguments of unknown type: only their variables are collected.
    fn untyped_arguments(&mut self, given: &'d [(Positioned<Name>, Positioned<Value>)]) {
        for (_, value) in given {
            self.untyped(&value.node, value.pos);
        }
    }

    fn arguments(
        &mut self,
        given: &'d [(Positioned<Name>, Positioned<Value>)],
        known: &'d IndexMap<String, Input>,
        pos: Pos,
        owner: &str,
        subject: &str,
    ) {
        let mut seen = HashSet::new();
        for (name, value) in given {
            let text = name.node.as_str();
            if !seen.insert(text) {
                let text = shortened(text);
                self.report(
                    format!("There can be only one argument named \"{text}\"."),
                    name.pos,
                );
            }
            let Some(input) = known.get(text) else {
                let did_you_mean = self.did_you_mean(text, known.keys());
                let text = shortened(text);
                self.report(
                    format!("Unknown argument \"{text}\" on {owner}.{did_you_mean}"),
                    name.pos,
                );
                self.untyped(&value.node, value.pos);
                continue;
            };
            let position = InputPosition {
                ty: Some(&input.ty),
                has_default: input.default.is_some(),
                one_of: None,
                pos: value.pos,
            };
            self.value(&value.node, position);
        }
        for (name, input) in known {
            if input.required() && !seen.contains(name.as_str()) {
                let message = format!(
                    "{subject} argument \"{name}\" of type \"{}\" is required, but it was not \
                     provided.",
                    input.ty
                );
                self.report(message, pos);
            }
        }
    }

    fn untyped(&mut self, value: &'d Value, pos: Pos) {
        let position = InputPosition {
            ty: None,
            has_default: false,
            one_of: None,
            pos,
        };
        self.value(value, position);
    }

    /// Checks a value and collects its variables.
    fn value(&mut self, value: &'d Value, position: InputPosition<'d>) {
        match value {
            Value::Variable(name) => self.uses.variables.push(VariableUse {
                name,
                pos: position.pos,
                position: position.ty,
                position_has_default: position.has_default,
                one_of: position.one_of,
            }),
            Value::List(items) => {
                let inner = match position.ty.map(|ty| &ty.base) {
                    Some(BaseType::List(inner)) => Some(&**inner),
                    Some(BaseType::Named(_)) => {
                        self.leaf(value, position);
                        None
                    }
                    None => None,
                };
                for item in items {
                    let position = InputPosition {
                        ty: inner,
                        has_default: false,
                        one_of: None,
                        pos: position.pos,
                    };
                    self.value(item, position);
                }
            }
            Value::Object(given) => self.object(value, given, position),
            _ => self.leaf(value, position),
        }
    }

    fn object(
        &mut self,
        value: &'d Value,
        given: &'d IndexMap<Name, Value>,
        position: InputPosition<'d>,
    ) {
        let schema = self.schema;
        // A single value is coerced to a list of one.
        let core = position.ty.map(innermost);
        let kind = core
            .and_then(|core| schema.types.get(core.as_str()))
            .map(|named| &named.kind);
        let (Some(core), Some(TypeKind::Input { fields, one_of })) = (core, kind) else {
            self.leaf(value, position);
            for inner in given.values() {
                self.untyped(inner, position.pos);
            }
            return;
        };
        for (name, inner) in given {
            let Some(input) = fields.get(name.as_str()) else {
                let did_you_mean = self.did_you_mean(name, fields.keys());
                let message = format!(
                    "Field \"{}\" is not defined by type \"{core}\".{did_you_mean}",
                    shortened(name)
                );
                self.report(message, position.pos);
                self.untyped(inner, position.pos);
                continue;
            };
            let inner_position = InputPosition {
                ty: Some(&input.ty),
                has_default: input.default.is_some(),
                one_of: one_of.then_some(core.as_str()),
                pos: position.pos,
            };
            self.value(inner, inner_position);
        }
        for (name, input) in fields {
            if input.required() && !given.contains_key(name.as_str()) {
                let message = format!(
                    "Field \"{core}.{name}\" of required type \"{}\" was not provided.",
                    input.ty
                );
                self.report(message, position.pos);
            }
        }
        if *one_of {
            if given.len() != 1 {
                let message =
                    format!("OneOf Input Object \"{core}\" must specify exactly one key.");
                self.report(message, position.pos);
            } else if let Some((name, Value::Null)) = given.first() {
                let message = format!("Field \"{core}.{name}\" must be non-null.");
                self.report(message, position.pos);
            }
        }
    }

    /// Checks a default value.
    fn constant(&mut self, value: &Value, ty: &Type, pos: Pos) {
        let mut inner = Checks {
            schema: self.schema,
            fragments: HashMap::new(),
            suggest: self.suggest,
            errors: std::mem::take(&mut self.errors),
            uses: Uses::default(),
        };
        let position = InputPosition {
            ty: Some(ty),
            has_default: false,
            one_of: None,
            pos,
        };
        inner.value(value, position);
        self.errors = inner.errors;
    }

    /// Checks a scalar or enum value, or a value of the wrong shape.
    fn leaf(&mut self, value: &Value, position: InputPosition<'_>) {
        let Some(ty) = position.ty else {
            return;
        };
        if *value == Value::Null {
            if !ty.nullable {
                let message = format!("Expected value of type \"{ty}\", found null.");
                self.report(message, position.pos);
            }
            return;
        }
        let core = innermost(ty);
        let Some(named) = self.schema.types.get(core.as_str()) else {
            return;
        };
        let mut expected = String::new();
        let fits = match &named.kind {
            TypeKind::Enum(values) => match value {
                Value::Enum(name) => {
                    if !values.iter().any(|known| known == name.as_str()) {
                        let did_you_mean = self.did_you_mean(name, values.iter());
                        let message = format!(
                            "Value \"{}\" does not exist in \"{core}\" enum.{did_you_mean}",
                            shortened(name)
                        );
                        self.report(message, position.pos);
                    }
                    true
                }
                _ => false,
            },
            TypeKind::Scalar(check) => match core.as_str() {
                "Int" => matches!(value, Value::Number(number)
                    if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())),
                "Float" => matches!(value, Value::Number(_)),
                "String" => matches!(value, Value::String(_)),
                "Boolean" => matches!(value, Value::Boolean(_)),
                "ID" => match value {
                    Value::String(_) => true,
                    Value::Number(number) if number.is_i64() => true,
                    Value::Number(number) => {
                        if is_too_large(number) {
                            expected = format!(" {TOO_LARGE}");
                        }
                        false
                    }
                    _ => false,
                },
                _ => match check.map(|check| check(&without_variables(value))) {
                    Some(Err(reason)) => {
                        expected = format!(" {reason}");
                        false
                    }
                    _ => true,
                },
            },
            _ => false,
        };
        if !fits {
            let shown = value.to_string();
            let message = format!(
                "Expected value of type \"{ty}\", found {}.{expected}",
                shortened(&shown)
            );
            self.report(message, position.pos);
        }
    }

    fn overlaps(&mut self, operation: &'d OperationDefinition, valid: &mut Valid) {
        let Some(root) = self.schema.root(operation.ty) else {
            return;
        };
        let mut fields = Vec::new();
        self.collect(root, &operation.selection_set.node, &mut fields);
        self.same_shape(&fields, valid);
        if self.errors.is_empty() && valid.has_repetitions {
            self.same_fields(&fields);
        }
    }

    /// The fields of a selection with fragments spread. The measured limits bound their number.
    fn collect(&self, parent: &'d str, set: &'d SelectionSet, fields: &mut Vec<Selected<'d>>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let known = self.schema.field(parent, field.node.name.node.as_str());
                    if let Some(known) = known {
                        fields.push(Selected {
                            parent,
                            field: &field.node,
                            known,
                        });
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.fragments.get(name) {
                        let on = fragment.type_condition.node.on.node.as_str();
                        self.collect(on, &fragment.selection_set.node, fields);
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let on = match &fragment.node.type_condition {
                        Some(condition) => condition.node.on.node.as_str(),
                        None => parent,
                    };
                    self.collect(on, &fragment.node.selection_set.node, fields);
                }
            }
        }
    }

    /// The subfields of fields that are merged.
    fn below(&self, fields: &[Selected<'d>]) -> Vec<Selected<'d>> {
        let mut inner = Vec::new();
        for selected in fields {
            let core = innermost(&selected.known.ty).as_str();
            self.collect(core, &selected.field.selection_set.node, &mut inner);
        }
        inner
    }

    /// Fields of the same response name must have the same shape, whatever their parent type.
    fn same_shape(&mut self, fields: &[Selected<'d>], valid: &mut Valid) {
        for (key, group) in by_key(fields) {
            let first = group[0];
            valid.has_repetitions |= group.len() > 1;
            for other in &group[1..] {
                if !self.alike(&first.known.ty, &other.known.ty) {
                    let message = format!(
                        "Fields \"{}\" conflict because they return conflicting types \"{}\" and \
                         \"{}\". Use different aliases on the fields to fetch both if this was \
                         intentional.",
                        shortened(key),
                        first.known.ty,
                        other.known.ty
                    );
                    self.report(message, other.field.name.pos);
                    return;
                }
            }
            self.same_shape(&self.below(&group), valid);
        }
    }

    fn alike(&self, a: &Type, b: &Type) -> bool {
        if a.nullable != b.nullable {
            return false;
        }
        match (&a.base, &b.base) {
            (BaseType::List(a), BaseType::List(b)) => self.alike(a, b),
            (BaseType::Named(a), BaseType::Named(b)) => {
                let composite = |name: &Name| {
                    let named = self.schema.types.get(name.as_str());
                    named.is_some_and(|named| named.is_composite())
                };
                a == b || composite(a) && composite(b)
            }
            _ => false,
        }
    }

    /// Fields of the same response name must be the same field with the same arguments, if their parent can
    /// be the same object.
    fn same_fields(&mut self, fields: &[Selected<'d>]) {
        for (key, group) in by_key(fields) {
            if group.len() == 1 {
                self.same_fields(&self.below(&group));
                continue;
            }
            for class in self.classes(&group) {
                let first = class[0];
                for other in &class[1..] {
                    let reason = if first.field.name.node != other.field.name.node {
                        format!(
                            "\"{}\" and \"{}\" are different fields",
                            first.field.name.node, other.field.name.node
                        )
                    } else if !same_arguments(first.field, other.field) {
                        "they have differing arguments".to_owned()
                    } else {
                        continue;
                    };
                    let message = format!(
                        "Fields \"{}\" conflict because {reason}. Use different aliases on the \
                         fields to fetch both if this was intentional.",
                        shortened(key)
                    );
                    self.report(message, other.field.name.pos);
                    return;
                }
                self.same_fields(&self.below(&class));
            }
        }
    }

    /// Groups fields by their parent object. A field of an interface belongs to every group.
    fn classes(&self, group: &[Selected<'d>]) -> Vec<Vec<Selected<'d>>> {
        let mut of_objects: IndexMap<&str, Vec<Selected<'d>>> = IndexMap::new();
        let mut of_any = Vec::new();
        for selected in group {
            match self.schema.types.get(selected.parent).map(|n| &n.kind) {
                Some(TypeKind::Object) => of_objects
                    .entry(selected.parent)
                    .or_default()
                    .push(*selected),
                _ => of_any.push(*selected),
            }
        }
        if of_objects.is_empty() {
            return vec![of_any];
        }
        of_objects
            .into_values()
            .map(|mut class| {
                class.extend(&of_any);
                class
            })
            .collect()
    }
}

/// A field and its parent type.
#[derive(Clone, Copy)]
struct Selected<'d> {
    parent: &'d str,
    field: &'d Field,
    known: &'d schema::Field,
}

fn by_key<'d>(fields: &[Selected<'d>]) -> IndexMap<&'d str, Vec<Selected<'d>>> {
    let mut groups: IndexMap<&str, Vec<Selected<'d>>> = IndexMap::new();
    for selected in fields {
        groups
            .entry(selected.field.response_key().node.as_str())
            .or_default()
            .push(*selected);
    }
    groups
}

fn same_arguments(a: &Field, b: &Field) -> bool {
    a.arguments.len() == b.arguments.len()
        && a.arguments.iter().all(|(name, value)| {
            b.get_argument(&name.node)
                .is_some_and(|other| other.node == value.node)
        })
}

/// A literal of a custom scalar with null for the variables inside.
fn without_variables(value: &Value) -> ConstValue {
    let constant = value
        .clone()
        .into_const_with(|_| Ok::<_, Infallible>(ConstValue::Null));
    match constant {
        Ok(constant) => constant,
        Err(never) => match never {},
    }
}

/// Whether a variable is allowed at a position.
fn fits(variable: &Type, has_default: bool, position: &Type, position_has_default: bool) -> bool {
    if !position.nullable && variable.nullable {
        return (has_default || position_has_default) && same_base(&variable.base, &position.base);
    }
    within(variable, position)
}

fn within(inner: &Type, outer: &Type) -> bool {
    (outer.nullable || !inner.nullable) && same_base(&inner.base, &outer.base)
}

fn same_base(inner: &BaseType, outer: &BaseType) -> bool {
    match (inner, outer) {
        (BaseType::Named(inner), BaseType::Named(outer)) => inner == outer,
        (BaseType::List(inner), BaseType::List(outer)) => within(inner, outer),
        _ => false,
    }
}
