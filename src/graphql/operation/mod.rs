//! Before execution, and what keeps execution to the specification.
//!
//! A document is read, measured, validated, and kept under its hash; of a known one only what depends
//! on the request is done again: choose the operation, coerce the variables, price it. The executor
//! gets the tree that was checked here and checks nothing itself. In that order, because validation
//! may take as long as a document is large once its fragments are spread: how large that is, is known
//! before.
//!
//! The executor's own validation disagrees with the specification on a fifth of a collection of hard
//! cases, spreads fragments before it counts anything, and coerces variables only where they are
//! used; hence all of this.

mod cache;
mod cost;
mod lex;
mod measure;
mod merge;
pub mod nullability;
mod parse;
mod schema;
mod stored;
#[cfg(test)]
mod tests;
mod validate;
mod variables;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType,
    Selection, SelectionSet,
};
use async_graphql::{
    Name, Positioned, Request, SchemaBuilder, ServerError, ValidationMode, Variables,
};
use async_graphql_value::Value;
use serde_json::{Map, Value as Json};

use self::cache::Cache;
use self::lex::Fault;
use self::measure::count;
use self::schema::Schema;
pub use self::stored::{Stored, TrustedMode};
use super::error::{Code, coded};
use crate::config::LimitMode;

/// Levels of a document that are looked at, whatever is configured: what follows needs stack for each.
const MOST_NESTING: u32 = 100;
/// Fields that are looked at, whatever is configured: what follows needs time and memory for each.
const MOST_FIELDS: u64 = 100_000;
/// Bytes of a text that are looked at, whatever is configured: more than the most tokens that any
/// sensible limit allows can need.
const MOST_BYTES: usize = 1024 * 1024;
/// Known documents that are kept.
const CACHED_DOCUMENTS: usize = 2_000;
/// Bytes that known documents may take together, as far as that can be told.
const CACHED_BYTES: usize = 64 * 1024 * 1024;
/// What a token comes to in the tree, generously.
const BYTES_A_TOKEN: usize = 200;

/// How much an operation may ask for. The defaults let through the introspection of the usual tools,
/// a page of 100 with everything that hangs on its rows, and a bulk mutation of 10,000 items.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Levels of fields.
    pub depth: usize,
    /// Fields that the answer may have; see the module `cost`.
    pub cost: usize,
    /// Aliases.
    pub aliases: usize,
    /// Fields of the uppermost level.
    pub root_fields: usize,
    /// Directives.
    pub directives: usize,
    /// Fields of the document, its fragments counted wherever they are spread.
    pub fields: usize,
    /// Tokens of the text.
    pub tokens: usize,
    /// Bytes of the variables as JSON.
    pub variables_bytes: usize,
    /// What happens to an operation that asks for more.
    pub mode: LimitMode,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 20,
            cost: 250_000,
            aliases: 100,
            root_fields: 20,
            directives: 100,
            fields: 10_000,
            tokens: 15_000,
            variables_bytes: 16 * 1024 * 1024,
            mode: LimitMode::Enforce,
        }
    }
}

/// Sets a schema up to execute what a [`Pipeline`] checked, and nothing else.
pub fn configure<Q, M, S>(builder: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S> {
    builder
        .validation_mode(ValidationMode::Fast)
        // Counted in another way than here, so it must not be the one that decides.
        .limit_recursive_depth(2 * usize::try_from(MOST_NESTING).unwrap_or(usize::MAX))
        .extension(nullability::Nullability)
}

/// Turns documents and variables into what can be executed.
#[derive(Debug)]
pub struct Pipeline {
    schema: Schema,
    limits: Limits,
    known: Cache<Checked>,
    stored: Stored,
}

/// What a request asks to be executed.
#[derive(Debug, Default)]
pub struct Wanted<'r> {
    /// The text of the document.
    pub text: Option<&'r str>,
    /// The id of a trusted document.
    pub id: Option<&'r str>,
    /// The SHA-256 of the text, in hexadecimal digits.
    pub sha256: Option<&'r str>,
    /// Which of its operations.
    pub operation_name: Option<&'r str>,
    /// The values of its variables.
    pub variables: Map<String, Json>,
    /// Whether messages may name what the schema has instead of an unknown name: for callers who may
    /// ask for the schema.
    pub suggest: bool,
}

/// An operation that may be executed.
#[derive(Debug)]
pub struct Prepared {
    /// For the executor.
    pub request: Request,
    /// Whether it is a mutation.
    pub mutates: bool,
    /// Whether it asks for the schema.
    pub introspects: bool,
    /// How many fields its answer has at most.
    pub cost: u64,
}

/// Why an operation is not executed.
#[derive(Debug)]
pub struct Refused {
    /// The code of the errors.
    pub code: Code,
    /// The errors, with their code; at most ten.
    pub errors: Vec<ServerError>,
}

/// A refusal for one reason, whose error has its code.
fn refuse(error: ServerError) -> Refused {
    let code = match super::error::code_of(&error) {
        Some("DEPTH_LIMIT_EXCEEDED") => Code::DepthLimit,
        Some("COST_LIMIT_EXCEEDED") => Code::CostLimit,
        _ => Code::ValidationFailed,
    };
    Refused {
        code,
        errors: vec![error],
    }
}

fn refuse_with(code: Code, message: impl Into<String>) -> Refused {
    Refused {
        code,
        errors: vec![coded(code, message)],
    }
}

/// A valid document.
#[derive(Debug)]
struct Checked {
    operations: Vec<CheckedOperation>,
    fragments: HashMap<Name, Positioned<FragmentDefinition>>,
    has_repetitions: bool,
}

#[derive(Debug)]
struct CheckedOperation {
    name: Option<Name>,
    definition: Positioned<OperationDefinition>,
    introspects: bool,
}

impl Pipeline {
    /// A pipeline for a schema in its own language.
    ///
    /// # Errors
    /// What cannot be read of the schema.
    pub fn new(sdl: &str, limits: Limits) -> Result<Self, String> {
        Ok(Self {
            schema: Schema::parse(sdl)?,
            limits,
            known: Cache::new(CACHED_DOCUMENTS, CACHED_BYTES),
            stored: Stored::default(),
        })
    }

    /// Lets requests name documents instead of sending them.
    ///
    /// # Errors
    /// Names the trusted documents that cannot be executed.
    pub fn with_stored(mut self, stored: Stored) -> Result<Self, String> {
        let mut wrong = Vec::new();
        for (id, text) in stored.trusted() {
            if let Err(refused) = self.check(text, true) {
                let why = refused.errors.first().map(|error| error.message.as_str());
                wrong.push(format!("{id}: {}", why.unwrap_or_default()));
            }
        }
        if !wrong.is_empty() {
            wrong.sort();
            return Err(wrong.join("\n"));
        }
        self.stored = stored;
        Ok(self)
    }

    /// Prepares an operation.
    ///
    /// # Errors
    /// [`Refused`] says why it cannot be executed.
    pub fn prepare(&self, wanted: Wanted<'_>) -> Result<Prepared, Refused> {
        let checked = match self.stored.find(&wanted)? {
            stored::Found::Text(text) => self.checked(text, wanted.suggest)?,
            stored::Found::Hash(key) => self.known.get(&key).ok_or_else(stored::not_found)?,
        };
        self.finish(&checked, wanted.operation_name, wanted.variables)
    }

    /// A document, known or not yet.
    fn checked(&self, source: &str, suggest: bool) -> Result<Arc<Checked>, Refused> {
        if source.len() > MOST_BYTES {
            return Err(refuse_with(
                Code::CostLimit,
                format!(
                    "The document has {} bytes; {MOST_BYTES} are allowed. Values belong into the \
                     variables.",
                    source.len()
                ),
            ));
        }
        let key = cache::key(source);
        if let Some(checked) = self.known.get(&key) {
            return Ok(checked);
        }
        let (checked, tokens) = self.check(source, suggest)?;
        let checked = Arc::new(checked);
        self.known.put(
            key,
            Arc::clone(&checked),
            source.len() + tokens * BYTES_A_TOKEN,
        );
        Ok(checked)
    }

    /// Everything about an operation that depends on the request.
    fn finish(
        &self,
        checked: &Checked,
        operation_name: Option<&str>,
        variables: Map<String, Json>,
    ) -> Result<Prepared, Refused> {
        let operation = choose(&checked.operations, operation_name)?;
        let definition = &operation.definition.node;

        let bytes = variables.values().map(json_bytes).sum::<usize>();
        if bytes > self.limits.variables_bytes {
            self.limit(coded(
                Code::CostLimit,
                format!(
                    "The variables take more than {} bytes.",
                    self.limits.variables_bytes
                ),
            ))?;
        }
        let variables =
            variables::coerce(&self.schema, definition, variables).map_err(|errors| Refused {
                code: Code::BadUserInput,
                errors,
            })?;
        let cost = cost::Costs {
            schema: &self.schema,
            fragments: &checked.fragments,
            variables: &variables,
            known: HashMap::new(),
        }
        .operation(definition);
        if cost > count(self.limits.cost) {
            self.limit(coded(
                Code::CostLimit,
                format!(
                    "The answer can have {cost} fields; {} are allowed. Ask for shorter pages, or \
                     for fewer fields below long lists.",
                    self.limits.cost
                ),
            ))?;
        }
        Ok(Prepared {
            mutates: definition.ty == OperationType::Mutation,
            introspects: operation.introspects,
            cost,
            request: self.request(checked, operation, variables),
        })
    }

    /// Everything about a document that does not depend on a request.
    fn check(&self, source: &str, suggest: bool) -> Result<(Checked, usize), Refused> {
        // A token limit that is only measured still may not let in any text.
        let tokens = match self.limits.mode {
            LimitMode::Enforce => self.limits.tokens,
            LimitMode::Measure => self.limits.tokens.max(100_000),
        };
        let nesting = usize::try_from(MOST_NESTING).unwrap_or(usize::MAX);
        let document = parse::parse(source, tokens, nesting).map_err(|error| {
            let code = match error.fault {
                Fault::Syntax => Code::ParseFailed,
                Fault::NotExecutable => Code::ValidationFailed,
                Fault::Tokens => Code::CostLimit,
                Fault::Nesting => Code::DepthLimit,
            };
            let mut told = coded(code, error.message);
            told.locations.push(error.pos);
            Refused {
                code,
                errors: vec![told],
            }
        })?;
        let measured = measure::measure(&document)?;
        if let Some(error) = measured.unbearable() {
            return Err(refuse(error));
        }
        if let Some(error) = measured.over(&self.limits) {
            self.limit(error)?;
        }
        let valid =
            validate::validate(&self.schema, &document, suggest).map_err(|errors| Refused {
                code: Code::ValidationFailed,
                errors,
            })?;
        let tokens = document.tokens;
        let operations = document
            .operations
            .into_iter()
            .zip(measured.introspects)
            .map(|(operation, introspects)| CheckedOperation {
                name: operation.name,
                definition: operation.definition,
                introspects,
            })
            .collect();
        let fragments = document
            .fragments
            .into_iter()
            .map(|fragment| (fragment.name.node, fragment.definition))
            .collect();
        let checked = Checked {
            operations,
            fragments,
            has_repetitions: valid.has_repetitions,
        };
        Ok((checked, tokens))
    }

    /// What a passed limit comes to.
    fn limit(&self, error: ServerError) -> Result<(), Refused> {
        match self.limits.mode {
            LimitMode::Enforce => Err(refuse(error)),
            LimitMode::Measure => {
                tracing::warn!("over a limit that is only measured: {}", error.message);
                Ok(())
            }
        }
    }

    /// The operation as the executor takes it.
    fn request(
        &self,
        checked: &Checked,
        operation: &CheckedOperation,
        variables: Variables,
    ) -> Request {
        let mut definition = operation.definition.clone();
        let mut fragments = HashMap::new();
        if checked.has_repetitions {
            let root = match definition.node.ty {
                OperationType::Mutation => self.schema.mutation.as_deref(),
                _ => None,
            };
            let merger = merge::Merger {
                schema: &self.schema,
                fragments: &checked.fragments,
                variables: &variables,
            };
            definition.node.selection_set.node = merger.merge(
                root.unwrap_or(&self.schema.query),
                &[&operation.definition.node.selection_set.node],
            );
        } else {
            fragments.clone_from(&checked.fragments);
        }
        // An argument whose variable was not given is not given: the executor would take it for null,
        // and leave out the default.
        if definition
            .node
            .variable_definitions
            .iter()
            .any(|variable| !variables.contains_key(&variable.node.name.node))
        {
            drop_absent(&mut definition.node.selection_set.node, &variables);
            for fragment in fragments.values_mut() {
                drop_absent(&mut fragment.node.selection_set.node, &variables);
            }
        }
        let mut request = Request::new(String::new()).variables(variables);
        request.set_parsed_query(ExecutableDocument {
            operations: DocumentOperations::Single(definition),
            fragments,
        });
        request
    }
}

fn choose<'c>(
    operations: &'c [CheckedOperation],
    name: Option<&str>,
) -> Result<&'c CheckedOperation, Refused> {
    match (operations, name) {
        ([only], None) => Ok(only),
        ([], _) => Err(refuse_with(
            Code::OperationResolution,
            "The document has no operation.",
        )),
        (_, None) => Err(refuse_with(
            Code::OperationResolution,
            "The document has several operations; `operationName` says which is meant.",
        )),
        (all, Some(name)) => all
            .iter()
            .find(|operation| operation.name.as_deref() == Some(name))
            .ok_or_else(|| {
                refuse_with(
                    Code::OperationResolution,
                    format!("Unknown operation named \"{}\".", lex::shortened(name)),
                )
            }),
    }
}

fn drop_absent(set: &mut SelectionSet, variables: &Variables) {
    for selection in &mut set.items {
        match &mut selection.node {
            Selection::Field(field) => {
                field.node.arguments.retain(|(_, value)| match &value.node {
                    Value::Variable(name) => variables.contains_key(name),
                    _ => true,
                });
                drop_absent(&mut field.node.selection_set.node, variables);
            }
            Selection::InlineFragment(fragment) => {
                drop_absent(&mut fragment.node.selection_set.node, variables);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// About how long a value is as JSON.
fn json_bytes(value: &Json) -> usize {
    match value {
        Json::Null | Json::Bool(_) => 4,
        Json::Number(_) => 8,
        Json::String(text) => text.len() + 2,
        Json::Array(items) => items.iter().map(|item| json_bytes(item) + 1).sum::<usize>() + 2,
        Json::Object(fields) => {
            let fields = fields.iter();
            fields
                .map(|(name, value)| name.len() + 4 + json_bytes(value))
                .sum::<usize>()
                + 2
        }
    }
}
