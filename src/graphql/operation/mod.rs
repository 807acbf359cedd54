//! Before execution, and what keeps execution to the specification.

pub mod nullability;

use async_graphql::{Request, ServerError, Variables};
use serde_json::{Map, Value};

use super::error::{Code, coded};

/// Turns a document and its variables into something that can be executed.
#[derive(Debug, Default)]
pub struct Pipeline;

/// An operation that may be executed.
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
    /// The errors, with their code.
    pub errors: Vec<ServerError>,
}

impl Pipeline {
    /// Prepares an operation.
    ///
    /// # Errors
    /// [`Refused`] says why it cannot be executed.
    pub fn prepare(
        &self,
        source: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        _introspection: bool,
    ) -> Result<Prepared, Refused> {
        let mut request = Request::new(source).variables(Variables::from_json(variables.into()));
        request.operation_name = operation_name.map(str::to_owned);
        let document = match request.parsed_query() {
            Ok(document) => document,
            Err(error) => {
                return Err(Refused {
                    code: Code::ParseFailed,
                    errors: vec![coded(Code::ParseFailed, error.message)],
                });
            }
        };
        let mutates = document.operations.iter().any(|(_, operation)| {
            operation.node.ty == async_graphql::parser::types::OperationType::Mutation
        });
        Ok(Prepared {
            request,
            mutates,
            introspects: false,
            cost: 0,
        })
    }
}
