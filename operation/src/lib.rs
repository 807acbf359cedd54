#![doc = include_str!("../README.md")]

mod cache;
mod cost;
mod lex;
mod measure;
mod merge;
mod nullability;
mod parse;
mod persisted;
mod schema;
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
use async_graphql_value::{ConstValue, Value};
use serde_json::{Map, Value as Json};

use self::cache::Cache;
use self::lex::ParseErrorKind;
use self::measure::count;
use self::persisted::Source;
pub use self::persisted::{PersistedDocuments, TrustedMode};
use self::schema::Schema;

/// The deepest nesting of a document, whatever is configured: the following steps need stack for each
/// level.
const MAX_NESTING: u32 = 100;
/// The deepest nesting of fields, whatever is configured: executing a level takes tens of kilobytes of
/// stack in a program that is not optimised.
const MAX_DEPTH: u32 = 40;
/// The most fields of a document, whatever is configured: the following steps need time and memory for
/// each field.
const MAX_FIELDS: u64 = 100_000;
/// The longest document in bytes, whatever is configured: more than any sensible token limit needs.
const MAX_BYTES: usize = 1024 * 1024;
/// The most valid documents in the cache.
const CACHED_DOCUMENTS: usize = 2_000;
/// The most bytes in the cache, estimated.
const CACHED_BYTES: usize = 64 * 1024 * 1024;
/// The size of a token in the document tree, rounded up.
const BYTES_PER_TOKEN: usize = 200;

/// What a pipeline knows besides the schema.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The limits of an operation.
    pub limits: Limits,
    /// How to estimate the length of lists.
    pub lists: ListLengths,
    /// The checks of custom scalars, by name. Every custom scalar of the schema needs one.
    pub scalars: &'static [(&'static str, ScalarCheck)],
    /// The check of number literals.
    pub numbers: NumberCheck,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            lists: ListLengths::default(),
            scalars: &[],
            numbers: |_| Ok(()),
        }
    }
}

/// Decides whether a custom scalar takes a value. The error is a sentence that says what it takes.
///
/// Variables are checked with their value. In a literal, variables inside of it stand as null.
pub type ScalarCheck = fn(&ConstValue) -> Result<(), String>;

/// Decides by its text whether a number literal can be kept. The error is the message of a validation
/// error.
pub type NumberCheck = fn(&str) -> Result<(), String>;

/// How the cost of an operation estimates the length of a list.
#[derive(Debug, Clone)]
pub struct ListLengths {
    /// The arguments that set the length of a list.
    pub arguments: &'static [&'static str],
    /// The longest page: resolvers refuse or shorten longer ones.
    pub max: u64,
    /// The length of a list without such an argument.
    pub default: u64,
    /// Fields whose lists are empty or have one item as a rule.
    pub short: &'static [&'static str],
}

impl Default for ListLengths {
    fn default() -> Self {
        Self {
            arguments: &["first", "last"],
            max: 100,
            default: 10,
            short: &[],
        }
    }
}

/// The limits of an operation. The defaults allow the introspection queries of the usual tools, a page
/// of 100 rows with everything they lead to, and a bulk mutation of 10,000 items.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Levels of fields. More than 40 are never allowed.
    pub depth: usize,
    /// Fields in the answer, estimated.
    pub cost: usize,
    pub aliases: usize,
    pub root_fields: usize,
    pub directives: usize,
    /// Fields of the document. Fragments count at each spread.
    pub fields: usize,
    /// Tokens of the document.
    pub tokens: usize,
    /// Bytes of the variables as JSON.
    pub variables_bytes: usize,
    /// What happens to an operation over a limit.
    pub mode: LimitMode,
}

/// What happens to an operation over a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitMode {
    Enforce,
    /// It is logged and executed.
    Measure,
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

/// Configures a schema to execute prepared operations: without validation of its own, and with errors
/// that stop at the nearest nullable field.
pub fn configure<Q, M, S>(builder: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S> {
    builder
        .validation_mode(ValidationMode::Fast)
        // The executor counts levels differently. The limit here must decide.
        .limit_recursive_depth(2 * usize::try_from(MAX_NESTING).unwrap_or(usize::MAX))
        .extension(nullability::Nullability)
}

/// Prepares operations for execution.
#[derive(Debug)]
pub struct Pipeline {
    schema: Schema,
    limits: Limits,
    lists: ListLengths,
    numbers: NumberCheck,
    cache: Cache<ValidDocument>,
    persisted: PersistedDocuments,
}

/// The parameters of a request.
#[derive(Debug, Default)]
pub struct OperationRequest<'r> {
    /// The text of the document.
    pub query: Option<&'r str>,
    /// The id of a trusted document.
    pub document_id: Option<&'r str>,
    /// The SHA-256 of the document, in hexadecimal digits.
    pub sha256: Option<&'r str>,
    /// The name of the operation to execute.
    pub operation_name: Option<&'r str>,
    /// The values of its variables.
    pub variables: Map<String, Json>,
    /// Whether messages may suggest names of the schema: for callers who may read it.
    pub suggest_names: bool,
}

/// An operation that can be executed.
#[derive(Debug)]
pub struct Prepared {
    /// The request for the executor.
    pub request: Request,
    /// Whether it is a mutation.
    pub is_mutation: bool,
    /// Whether it is a subscription. It has one root field.
    pub is_subscription: bool,
    /// Whether it reads the schema.
    pub introspects: bool,
    /// The most fields its answer can have, estimated.
    pub cost: u64,
    /// What it is called in metrics and logs.
    pub label: Label,
    /// Whether its document was in the cache.
    pub cached: bool,
}

/// What an operation is called in metrics and logs: nothing that a caller made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The name of a trusted document, else the first field of the root.
    pub name: Arc<str>,
    /// Whether it is the name of a trusted document. There may be many.
    pub trusted: bool,
}

/// A request error: the operation is not executed, and the response has no `data`.
#[derive(Debug)]
pub struct RequestError {
    pub kind: RequestErrorKind,
    /// One to ten errors of this kind.
    pub errors: Vec<ServerError>,
    /// The operation, where the document is valid.
    pub label: Option<Label>,
}

/// The cause of a request error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestErrorKind {
    /// The request has no document, or contradicts itself.
    BadRequest,
    /// The document is not GraphQL.
    Syntax,
    /// The document does not fit the schema.
    Validation,
    /// The document has no such operation, or several and no name was given.
    OperationResolution,
    /// A variable has a value that its type does not take.
    Variables,
    /// Over a limit of size or cost.
    CostLimit,
    /// Over a limit of depth.
    DepthLimit,
    /// Only trusted documents are executed, and this is none.
    NotTrusted,
    /// No document with this id or hash is known.
    PersistedQueryNotFound,
    /// Persisted documents are switched off.
    PersistedQueryNotSupported,
}

impl RequestError {
    fn new(kind: RequestErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            errors: vec![ServerError::new(message, None)],
            label: None,
        }
    }
}

#[derive(Debug)]
struct ValidDocument {
    operations: Vec<ValidOperation>,
    fragments: HashMap<Name, Positioned<FragmentDefinition>>,
    has_repetitions: bool,
}

#[derive(Debug)]
struct ValidOperation {
    name: Option<Name>,
    definition: Positioned<OperationDefinition>,
    introspects: bool,
    label: Label,
}

impl Pipeline {
    /// Creates a pipeline for a schema in the schema definition language.
    ///
    /// # Errors
    /// Fails if the schema cannot be parsed or has a custom scalar without a check.
    pub fn new(sdl: &str, settings: Settings) -> Result<Self, String> {
        Ok(Self {
            schema: Schema::parse(sdl, settings.scalars)?,
            limits: settings.limits,
            lists: settings.lists,
            numbers: settings.numbers,
            cache: Cache::new(CACHED_DOCUMENTS, CACHED_BYTES),
            persisted: PersistedDocuments::default(),
        })
    }

    /// Accepts requests that name a document instead of sending it.
    ///
    /// # Errors
    /// Lists the trusted documents that are not valid.
    pub fn with_persisted(mut self, documents: PersistedDocuments) -> Result<Self, String> {
        let mut invalid = Vec::new();
        for (id, text) in documents.trusted() {
            if let Err(error) = self.check(text, true) {
                let reason = error.errors.first().map(|error| error.message.as_str());
                invalid.push(format!("{id}: {}", reason.unwrap_or_default()));
            }
        }
        if !invalid.is_empty() {
            invalid.sort();
            return Err(invalid.join("\n"));
        }
        self.persisted = documents;
        Ok(self)
    }

    /// Prepares an operation.
    ///
    /// # Errors
    /// The cause, if the operation cannot be executed.
    pub fn prepare(&self, request: OperationRequest<'_>) -> Result<Prepared, RequestError> {
        let (document, cached) = match self.persisted.find(&request)? {
            Source::Text(text) => self.document(text, request.suggest_names)?,
            Source::Hash(key) => {
                let document = self.cache.get(&key).ok_or_else(persisted::not_found)?;
                (document, true)
            }
        };
        let operation = choose(&document.operations, request.operation_name)?;
        let mut prepared = self
            .prepare_operation(&document, operation, request.variables)
            .map_err(|error| RequestError {
                label: Some(operation.label.clone()),
                ..error
            })?;
        prepared.cached = cached;
        Ok(prepared)
    }

    /// A valid document from its text, and whether it was in the cache.
    fn document(
        &self,
        source: &str,
        suggest_names: bool,
    ) -> Result<(Arc<ValidDocument>, bool), RequestError> {
        if source.len() > MAX_BYTES {
            return Err(RequestError::new(
                RequestErrorKind::CostLimit,
                format!(
                    "The document has {} bytes; {MAX_BYTES} are allowed. Values belong into the \
                     variables.",
                    source.len()
                ),
            ));
        }
        let key = cache::key(source);
        if let Some(checked) = self.cache.get(&key) {
            return Ok((checked, true));
        }
        let (mut checked, tokens) = self.check(source, suggest_names)?;
        if let Some(trusted) = self.persisted.name(&key) {
            for operation in &mut checked.operations {
                let own = operation.name.as_ref().map(Name::as_str);
                if let Some(name) = trusted.or(own) {
                    operation.label.name = name.into();
                }
                operation.label.trusted = true;
            }
        }
        let checked = Arc::new(checked);
        self.cache.put(
            key,
            Arc::clone(&checked),
            source.len() + tokens * BYTES_PER_TOKEN,
        );
        Ok((checked, false))
    }

    /// Coerces the variables of an operation, and prices it.
    fn prepare_operation(
        &self,
        document: &ValidDocument,
        operation: &ValidOperation,
        variables: Map<String, Json>,
    ) -> Result<Prepared, RequestError> {
        let definition = &operation.definition.node;

        let bytes = variables.values().map(json_bytes).sum::<usize>();
        if bytes > self.limits.variables_bytes {
            self.over_limit(RequestError::new(
                RequestErrorKind::CostLimit,
                format!(
                    "The variables take more than {} bytes.",
                    self.limits.variables_bytes
                ),
            ))?;
        }
        let variables =
            variables::coerce(&self.schema, definition, variables).map_err(|errors| {
                RequestError {
                    kind: RequestErrorKind::Variables,
                    errors,
                    label: None,
                }
            })?;
        let cost = cost::Costs {
            schema: &self.schema,
            lists: &self.lists,
            fragments: &document.fragments,
            variables: &variables,
            known: HashMap::new(),
        }
        .operation(definition);
        if cost > count(self.limits.cost) {
            self.over_limit(RequestError::new(
                RequestErrorKind::CostLimit,
                format!(
                    "The answer can have {cost} fields; {} are allowed. Ask for shorter pages, or \
                     for fewer fields below long lists.",
                    self.limits.cost
                ),
            ))?;
        }
        Ok(Prepared {
            is_mutation: definition.ty == OperationType::Mutation,
            is_subscription: definition.ty == OperationType::Subscription,
            introspects: operation.introspects,
            cost,
            label: operation.label.clone(),
            cached: false,
            request: self.request(document, operation, variables),
        })
    }

    /// Parses, measures and validates a document. Returns its number of tokens too.
    fn check(
        &self,
        source: &str,
        suggest_names: bool,
    ) -> Result<(ValidDocument, usize), RequestError> {
        // A limit that is only measured must not let in any text.
        let tokens = match self.limits.mode {
            LimitMode::Enforce => self.limits.tokens,
            LimitMode::Measure => self.limits.tokens.max(100_000),
        };
        let nesting = usize::try_from(MAX_NESTING).unwrap_or(usize::MAX);
        let document = parse::parse(source, tokens, nesting, self.numbers).map_err(|error| {
            let kind = match error.kind {
                ParseErrorKind::Syntax => RequestErrorKind::Syntax,
                ParseErrorKind::NotExecutable => RequestErrorKind::Validation,
                ParseErrorKind::Tokens => RequestErrorKind::CostLimit,
                ParseErrorKind::Nesting => RequestErrorKind::DepthLimit,
            };
            RequestError {
                kind,
                errors: vec![ServerError::new(error.message, Some(error.pos))],
                label: None,
            }
        })?;
        let measured = measure::measure(&document)?;
        if let Some(error) = measured.over_hard_limits() {
            return Err(error);
        }
        if let Some(error) = measured.over(&self.limits) {
            self.over_limit(error)?;
        }
        let valid =
            validate::validate(&self.schema, &document, suggest_names).map_err(|errors| {
                RequestError {
                    kind: RequestErrorKind::Validation,
                    errors,
                    label: None,
                }
            })?;
        let tokens = document.tokens;
        let fragments: HashMap<_, _> = document
            .fragments
            .into_iter()
            .map(|fragment| (fragment.name.node, fragment.definition))
            .collect();
        let operations = document
            .operations
            .into_iter()
            .zip(measured.introspects)
            .map(|(operation, introspects)| ValidOperation {
                label: Label {
                    name: first_field(&operation.definition.node.selection_set.node, &fragments)
                        .unwrap_or("none")
                        .into(),
                    trusted: false,
                },
                name: operation.name,
                definition: operation.definition,
                introspects,
            })
            .collect();
        let checked = ValidDocument {
            operations,
            fragments,
            has_repetitions: valid.has_repetitions,
        };
        Ok((checked, tokens))
    }

    /// Refuses an operation over a limit, or logs it.
    fn over_limit(&self, error: RequestError) -> Result<(), RequestError> {
        match self.limits.mode {
            LimitMode::Enforce => Err(error),
            LimitMode::Measure => {
                let message = error.errors.first().map(|error| error.message.as_str());
                tracing::warn!(
                    "over a limit that is only measured: {}",
                    message.unwrap_or_default()
                );
                Ok(())
            }
        }
    }

    /// The request for the executor.
    fn request(
        &self,
        document: &ValidDocument,
        operation: &ValidOperation,
        variables: Variables,
    ) -> Request {
        let mut definition = operation.definition.clone();
        let mut fragments = HashMap::new();
        // Of a subscription, the executor sees only fields that stand at the root themselves.
        let is_subscription = definition.node.ty == OperationType::Subscription;
        if document.has_repetitions || is_subscription {
            let root = self.schema.root(definition.node.ty);
            let merger = merge::Merger {
                schema: &self.schema,
                fragments: &document.fragments,
                variables: &variables,
            };
            definition.node.selection_set.node = merger.merge(
                root.unwrap_or_default(),
                &[&operation.definition.node.selection_set.node],
            );
        } else {
            fragments.clone_from(&document.fragments);
        }
        // Without a value for its variable, an argument is omitted. The executor would use null instead
        // of the default.
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

/// The first field of a selection of a valid document, in the order of the text.
fn first_field<'d>(
    set: &'d SelectionSet,
    fragments: &'d HashMap<Name, Positioned<FragmentDefinition>>,
) -> Option<&'d str> {
    set.items
        .iter()
        .find_map(|selection| match &selection.node {
            Selection::Field(field) => Some(field.node.name.node.as_str()),
            Selection::InlineFragment(fragment) => {
                first_field(&fragment.node.selection_set.node, fragments)
            }
            Selection::FragmentSpread(spread) => {
                let fragment = fragments.get(&spread.node.fragment_name.node)?;
                first_field(&fragment.node.selection_set.node, fragments)
            }
        })
}

fn choose<'c>(
    operations: &'c [ValidOperation],
    name: Option<&str>,
) -> Result<&'c ValidOperation, RequestError> {
    match (operations, name) {
        ([only], None) => Ok(only),
        ([], _) => Err(RequestError::new(
            RequestErrorKind::OperationResolution,
            "The document has no operation.",
        )),
        (_, None) => Err(RequestError::new(
            RequestErrorKind::OperationResolution,
            "The document has several operations; `operationName` says which is meant.",
        )),
        (all, Some(name)) => all
            .iter()
            .find(|operation| operation.name.as_deref() == Some(name))
            .ok_or_else(|| {
                RequestError::new(
                    RequestErrorKind::OperationResolution,
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

/// The approximate length of a value as JSON.
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
