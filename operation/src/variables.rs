//! Coerces the variables of a request by the specification, custom scalars included: resolvers find no
//! value that its type does not take.

use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::{Name, Number, ServerError, Variables};
use async_graphql_value::ConstValue;
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::ScalarCheck;
use super::lex::shortened;
use super::schema::{Schema, TypeKind};
use super::validate::MAX_ERRORS;

/// The values of an operation's variables. A variable without value and default is omitted; undeclared
/// variables are ignored.
pub(super) fn coerce(
    schema: &Schema,
    operation: &OperationDefinition,
    mut given: Map<String, Json>,
) -> Result<Variables, Vec<ServerError>> {
    let mut variables = Variables::default();
    let mut errors = Vec::new();
    for definition in &operation.variable_definitions {
        if errors.len() >= MAX_ERRORS {
            break;
        }
        let variable = &definition.node;
        let name = &variable.name.node;
        let ty = &variable.var_type.node;
        let mut report = |message: String| {
            let mut error = ServerError::new(message, None);
            error.locations.push(definition.pos);
            errors.push(error);
        };
        let Some(value) = given.remove(name.as_str()) else {
            if let Some(default) = &variable.default_value {
                variables.insert(name.clone(), listed(ty, default.node.clone()));
            } else if !ty.nullable {
                report(format!(
                    "Variable \"${}\" of required type \"{ty}\" was not provided.",
                    shortened(name)
                ));
            }
            continue;
        };
        if value.is_null() && !ty.nullable {
            report(format!(
                "Variable \"${}\" of non-null type \"{ty}\" must not be null.",
                shortened(name)
            ));
            continue;
        }
        let mut path = Vec::new();
        match value_of(schema, ty, value, &mut path) {
            Ok(value) => {
                variables.insert(name.clone(), value);
            }
            Err(reason) => {
                let at = path.iter().rev().fold(String::new(), |at, part| at + part);
                let location = if at.is_empty() {
                    String::new()
                } else {
                    format!(" at \"{}{at}\"", shortened(name))
                };
                report(format!(
                    "Variable \"${}\" got invalid value{location}; {reason}",
                    shortened(name)
                ));
            }
        }
    }
    if errors.is_empty() {
        Ok(variables)
    } else {
        Err(errors)
    }
}

/// Coerces a default: a single value for a list type becomes a list of one.
fn listed(ty: &Type, value: ConstValue) -> ConstValue {
    match (&ty.base, value) {
        (_, ConstValue::Null) => ConstValue::Null,
        (BaseType::List(inner), ConstValue::List(items)) => {
            ConstValue::List(items.into_iter().map(|item| listed(inner, item)).collect())
        }
        (BaseType::List(inner), value) => ConstValue::List(vec![listed(inner, value)]),
        (BaseType::Named(_), value) => value,
    }
}

/// Coerces one value. On an error, `path` has the segments from the inside out.
fn value_of(
    schema: &Schema,
    ty: &Type,
    value: Json,
    path: &mut Vec<String>,
) -> Result<ConstValue, String> {
    if value.is_null() {
        return if ty.nullable {
            Ok(ConstValue::Null)
        } else {
            Err(format!(
                "Expected non-nullable type \"{ty}\" not to be null."
            ))
        };
    }
    let name = match &ty.base {
        BaseType::List(inner) => {
            return match value {
                Json::Array(items) => {
                    let mut values = Vec::with_capacity(items.len());
                    for (index, item) in items.into_iter().enumerate() {
                        values.push(value_of(schema, inner, item, path).inspect_err(|_| {
                            path.push(format!("[{index}]"));
                        })?);
                    }
                    Ok(ConstValue::List(values))
                }
                single => Ok(ConstValue::List(vec![value_of(
                    schema, inner, single, path,
                )?])),
            };
        }
        BaseType::Named(name) => name.as_str(),
    };
    let Some(named) = schema.types.get(name) else {
        return Err(format!("There is no type \"{name}\"."));
    };
    match &named.kind {
        TypeKind::Scalar(check) => scalar(name, *check, value),
        TypeKind::Enum(values) => match value {
            Json::String(text) if values.contains(&text) => Ok(ConstValue::Enum(Name::new(text))),
            Json::String(text) => Err(format!(
                "Value \"{}\" does not exist in \"{name}\" enum.",
                shortened(&text)
            )),
            other => Err(format!(
                "Enum \"{name}\" cannot represent non-string value: {}.",
                shown(&other)
            )),
        },
        TypeKind::Input { fields, one_of } => {
            let Json::Object(mut given) = value else {
                return Err(format!("Expected type \"{name}\" to be an object."));
            };
            if *one_of && given.len() != 1 {
                return Err(format!(
                    "Exactly one key must be specified for OneOf type \"{name}\"."
                ));
            }
            let mut object = IndexMap::with_capacity(given.len());
            for (field, input) in fields {
                match given.remove(field) {
                    Some(Json::Null) if *one_of => {
                        return Err(format!("Field \"{field}\" must be non-null."));
                    }
                    Some(value) => {
                        let value = value_of(schema, &input.ty, value, path)
                            .inspect_err(|_| path.push(format!(".{field}")))?;
                        object.insert(Name::new(field), value);
                    }
                    // The executor adds defaults.
                    None if input.required() => {
                        return Err(format!(
                            "Field \"{field}\" of required type \"{}\" was not provided.",
                            input.ty
                        ));
                    }
                    None => {}
                }
            }
            match given.keys().next() {
                Some(unknown) => Err(format!(
                    "Field \"{}\" is not defined by type \"{name}\".",
                    shortened(unknown)
                )),
                None => Ok(ConstValue::Object(object)),
            }
        }
        _ => Err(format!("\"{name}\" is no input type.")),
    }
}

fn scalar(name: &str, check: Option<ScalarCheck>, value: Json) -> Result<ConstValue, String> {
    let wrong = |value: &Json, what: &str| {
        Err(format!(
            "{name} cannot represent {what} value: {}.",
            shown(value)
        ))
    };
    match name {
        "Int" => {
            let Some(number) = whole(&value) else {
                return wrong(&value, "non-integer");
            };
            match i32::try_from(number) {
                Ok(number) => Ok(ConstValue::Number(number.into())),
                Err(_) => wrong(&value, "non 32-bit signed integer"),
            }
        }
        "Float" => match value {
            Json::Number(number) => Ok(ConstValue::Number(number)),
            other => wrong(&other, "non numeric"),
        },
        "String" => match value {
            Json::String(text) => Ok(ConstValue::String(text)),
            other => wrong(&other, "a non string"),
        },
        "Boolean" => match value {
            Json::Bool(truth) => Ok(ConstValue::Boolean(truth)),
            other => wrong(&other, "a non boolean"),
        },
        "ID" => match (whole(&value), value) {
            (_, Json::String(text)) => Ok(ConstValue::String(text)),
            (Some(number), _) => Ok(ConstValue::String(number.to_string())),
            (None, Json::Number(number)) if is_too_large(&number) => {
                Err(format!("ID cannot represent {number}. {TOO_LARGE}"))
            }
            (None, other) => wrong(&other, "a non-string and non-integer"),
        },
        _ => {
            let value = ConstValue::from_json(value)
                .map_err(|_| format!("{name} cannot represent this value."))?;
            if let Some(Err(reason)) = check.map(|check| check(&value)) {
                let found = match &value {
                    ConstValue::List(_) => "a list".to_owned(),
                    ConstValue::Object(_) => "an object".to_owned(),
                    other => shortened(&other.to_string()).into_owned(),
                };
                return Err(format!(
                    "Expected value of type \"{name}\", found {found}. {reason}"
                ));
            }
            Ok(value)
        }
    }
}

/// The explanation of a message when [`is_too_large`].
pub(super) const TOO_LARGE: &str = "An integer id has at most 64 bits: it is between -9223372036854775808 and 9223372036854775807.";

/// Whether a number is an integer beyond 64 bits with a sign.
pub(super) fn is_too_large(number: &Number) -> bool {
    !number.is_i64()
        && number
            .as_f64()
            .is_some_and(|number| number.fract() == 0.0 && number.abs() >= 9.2e18)
}

/// An integer, also one written as `1.0`: JSON does not distinguish the two.
fn whole(value: &Json) -> Option<i64> {
    let number = value.as_number()?;
    if let Some(number) = number.as_i64() {
        return Some(number);
    }
    let text = number.as_f64()?.to_string();
    text.parse().ok()
}

fn shown(value: &Json) -> String {
    match value {
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
        other => shortened(&other.to_string()).into_owned(),
    }
}
