//! The schema, parsed from its SDL, in the form that validation and coercion need.

use std::collections::{HashMap, HashSet};

use async_graphql::Name;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, DirectiveLocation, FieldDefinition, InputValueDefinition, OperationType, Type,
    TypeKind as ParsedKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, parser};
use async_graphql_value::ConstValue;
use indexmap::IndexMap;

use super::ScalarCheck;

/// The scalars of the specification.
const BUILT_IN_SCALARS: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// What every schema has and its SDL omits.
const BUILT_IN: &str = r#"
directive @skip(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @deprecated(reason: String = "No longer supported")
    on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @specifiedBy(url: String!) on SCALAR
directive @oneOf on INPUT_OBJECT
scalar Int
scalar Float
scalar String
scalar Boolean
scalar ID
type __Schema {
    description: String
    types: [__Type!]!
    queryType: __Type!
    mutationType: __Type
    subscriptionType: __Type
    directives: [__Directive!]!
}
type __Type {
    kind: __TypeKind!
    name: String
    description: String
    specifiedByURL: String
    fields(includeDeprecated: Boolean = false): [__Field!]
    interfaces: [__Type!]
    possibleTypes: [__Type!]
    enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
    inputFields(includeDeprecated: Boolean = false): [__InputValue!]
    ofType: __Type
    isOneOf: Boolean
}
enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
type __Field {
    name: String!
    description: String
    args(includeDeprecated: Boolean = false): [__InputValue!]!
    type: __Type!
    isDeprecated: Boolean!
    deprecationReason: String
}
type __InputValue {
    name: String!
    description: String
    type: __Type!
    defaultValue: String
    isDeprecated: Boolean!
    deprecationReason: String
}
type __EnumValue {
    name: String!
    description: String
    isDeprecated: Boolean!
    deprecationReason: String
}
type __Directive {
    name: String!
    description: String
    isRepeatable: Boolean!
    locations: [__DirectiveLocation!]!
    args(includeDeprecated: Boolean = false): [__InputValue!]!
}
enum __DirectiveLocation {
    QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT
    VARIABLE_DEFINITION SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION
    ENUM ENUM_VALUE INPUT_OBJECT INPUT_FIELD_DEFINITION
}
type __Meta {
    __typename: String!
    __schema: __Schema!
    __type(name: String!): __Type
}
"#;

#[derive(Debug)]
pub(super) struct Schema {
    pub(super) types: HashMap<String, Named>,
    pub(super) directives: HashMap<String, DirectiveType>,
    query: String,
    mutation: Option<String>,
    subscription: Option<String>,
    meta: IndexMap<String, Field>,
}

#[derive(Debug)]
pub(super) struct Named {
    pub(super) kind: TypeKind,
    /// The fields of an object or an interface.
    pub(super) fields: IndexMap<String, Field>,
    /// The possible object types at run time. For an object, the object itself.
    pub(super) possible: HashSet<String>,
}

#[derive(Debug)]
pub(super) enum TypeKind {
    /// With the check of a custom scalar.
    Scalar(Option<ScalarCheck>),
    Enum(Vec<String>),
    Input {
        fields: IndexMap<String, Input>,
        one_of: bool,
    },
    Object,
    Interface,
    Union,
}

/// A field of an object or an interface.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) ty: Type,
    pub(super) arguments: IndexMap<String, Input>,
}

/// An argument or a field of an input object.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) ty: Type,
    pub(super) default: Option<ConstValue>,
}

impl Input {
    /// Whether a value is required.
    pub(super) fn required(&self) -> bool {
        !self.ty.nullable && self.default.is_none()
    }
}

/// A directive. No directive is repeatable: the parser of the SDL does not read that.
#[derive(Debug)]
pub(super) struct DirectiveType {
    pub(super) arguments: IndexMap<String, Input>,
    pub(super) locations: Vec<DirectiveLocation>,
}

impl Named {
    pub(super) fn is_composite(&self) -> bool {
        matches!(
            self.kind,
            TypeKind::Object | TypeKind::Interface | TypeKind::Union
        )
    }

    pub(super) fn is_input(&self) -> bool {
        matches!(
            self.kind,
            TypeKind::Scalar(_) | TypeKind::Enum(_) | TypeKind::Input { .. }
        )
    }
}

impl Schema {
    /// Parses the SDL that the executor exports.
    ///
    /// # Errors
    /// Says what cannot be parsed, or which custom scalar has no check.
    pub(super) fn parse(sdl: &str, scalars: &[(&str, ScalarCheck)]) -> Result<Self, String> {
        let mut schema = Self {
            types: HashMap::new(),
            directives: HashMap::new(),
            query: "Query".to_owned(),
            mutation: None,
            subscription: None,
            meta: IndexMap::new(),
        };
        let mut named_roots = false;
        let mut implementations: Vec<(String, String)> = Vec::new();
        let mut unions: Vec<(String, Vec<String>)> = Vec::new();
        for text in [BUILT_IN, sdl] {
            let document = parse_schema(text).map_err(|error: parser::Error| error.to_string())?;
            for definition in document.definitions {
                match definition {
                    TypeSystemDefinition::Schema(roots) => {
                        named_roots = true;
                        if let Some(query) = roots.node.query {
                            schema.query = query.node.to_string();
                        }
                        schema.mutation = roots.node.mutation.map(|name| name.node.to_string());
                        let subscription = roots.node.subscription;
                        schema.subscription = subscription.map(|name| name.node.to_string());
                    }
                    TypeSystemDefinition::Directive(directive) => {
                        let directive = directive.node;
                        let locations = directive.locations.into_iter().map(|at| at.node);
                        schema.directives.insert(
                            directive.name.node.to_string(),
                            DirectiveType {
                                arguments: inputs(directive.arguments),
                                locations: locations.collect(),
                            },
                        );
                    }
                    TypeSystemDefinition::Type(definition) => {
                        let definition = definition.node;
                        let name = definition.name.node.to_string();
                        let mut fields = IndexMap::new();
                        let kind = match definition.kind {
                            ParsedKind::Scalar if BUILT_IN_SCALARS.contains(&name.as_str()) => {
                                TypeKind::Scalar(None)
                            }
                            ParsedKind::Scalar => {
                                let check = scalars.iter().find(|(scalar, _)| *scalar == name);
                                let (_, check) = check.ok_or_else(|| {
                                    format!("the scalar `{name}` of the schema has no check")
                                })?;
                                TypeKind::Scalar(Some(*check))
                            }
                            ParsedKind::Object(object) => {
                                fields = outputs(object.fields);
                                for interface in object.implements {
                                    implementations
                                        .push((interface.node.to_string(), name.clone()));
                                }
                                implementations.push((name.clone(), name.clone()));
                                TypeKind::Object
                            }
                            ParsedKind::Interface(interface) => {
                                fields = outputs(interface.fields);
                                TypeKind::Interface
                            }
                            ParsedKind::Union(union) => {
                                let members = union.members.iter();
                                let members = members.map(|member| member.node.to_string());
                                unions.push((name.clone(), members.collect()));
                                TypeKind::Union
                            }
                            ParsedKind::Enum(values) => TypeKind::Enum(
                                values
                                    .values
                                    .into_iter()
                                    .map(|value| value.node.value.node.to_string())
                                    .collect(),
                            ),
                            ParsedKind::InputObject(input) => TypeKind::Input {
                                fields: inputs(input.fields),
                                one_of: definition
                                    .directives
                                    .iter()
                                    .any(|directive| directive.node.name.node == "oneOf"),
                            },
                        };
                        let possible = HashSet::new();
                        schema.types.insert(
                            name,
                            Named {
                                kind,
                                fields,
                                possible,
                            },
                        );
                    }
                }
            }
        }
        for (abstraction, object) in implementations {
            if let Some(named) = schema.types.get_mut(&abstraction) {
                named.possible.insert(object);
            }
        }
        for (union, members) in unions {
            if let Some(named) = schema.types.get_mut(&union) {
                named.possible.extend(members);
            }
        }
        if let Some(meta) = schema.types.remove("__Meta") {
            schema.meta = meta.fields;
        }
        if !named_roots {
            let named = |name: &str| schema.types.contains_key(name).then(|| name.to_owned());
            let (mutation, subscription) = (named("Mutation"), named("Subscription"));
            schema.mutation = mutation;
            schema.subscription = subscription;
        }
        if !schema.types.contains_key(&schema.query) {
            return Err(format!("the schema has no type `{}`", schema.query));
        }
        Ok(schema)
    }

    /// The root type of an operation, if the schema has such operations.
    pub(super) fn root(&self, operation: OperationType) -> Option<&str> {
        match operation {
            OperationType::Query => Some(&self.query),
            OperationType::Mutation => self.mutation.as_deref(),
            OperationType::Subscription => self.subscription.as_deref(),
        }
    }

    /// A field of a type, introspection fields included.
    pub(super) fn field(&self, parent: &str, field: &str) -> Option<&Field> {
        let named = self.types.get(parent)?;
        if field.starts_with("__") {
            let everywhere = field == "__typename" && named.is_composite();
            return if everywhere || parent == self.query {
                self.meta.get(field)
            } else {
                None
            };
        }
        named.fields.get(field)
    }

    /// Whether some object can be of both types.
    pub(super) fn overlap(&self, a: &str, b: &str) -> bool {
        a == b
            || match (self.types.get(a), self.types.get(b)) {
                (Some(a), Some(b)) => !a.possible.is_disjoint(&b.possible),
                _ => false,
            }
    }

    /// Whether every object of the first type is of the second.
    pub(super) fn is_within(&self, inner: &str, outer: &str) -> bool {
        inner == outer
            || match (self.types.get(inner), self.types.get(outer)) {
                (Some(inner), Some(outer)) => {
                    !inner.possible.is_empty() && inner.possible.is_subset(&outer.possible)
                }
                _ => false,
            }
    }
}

/// The named type inside lists and non-null wrappers.
pub(super) fn innermost(ty: &Type) -> &Name {
    let mut base = &ty.base;
    loop {
        match base {
            BaseType::Named(name) => return name,
            BaseType::List(inner) => base = &inner.base,
        }
    }
}

fn inputs(definitions: Vec<Positioned<InputValueDefinition>>) -> IndexMap<String, Input> {
    definitions
        .into_iter()
        .map(|definition| {
            let input = Input {
                ty: definition.node.ty.node,
                default: definition.node.default_value.map(|value| value.node),
            };
            (definition.node.name.node.to_string(), input)
        })
        .collect()
}

fn outputs(definitions: Vec<Positioned<FieldDefinition>>) -> IndexMap<String, Field> {
    definitions
        .into_iter()
        .map(|definition| {
            let field = Field {
                ty: definition.node.ty.node,
                arguments: inputs(definition.node.arguments),
            };
            (definition.node.name.node.to_string(), field)
        })
        .collect()
}
