//! Parses a document into the executor's own tree: what is checked is what is executed. Nesting is
//! bounded, because parsing needs stack for each level.

use async_graphql::parser::types::{
    BaseType, Directive, Field, FragmentDefinition, FragmentSpread, InlineFragment,
    OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
    VariableDefinition,
};
use async_graphql::{Name, Number, Pos, Positioned};
use async_graphql_value::{ConstValue, Value};
use indexmap::IndexMap;

use super::NumberCheck;
use super::lex::{Lexer, ParseError, ParseErrorKind, Token};

/// A document in the order of its text, with details that the executor's tree cannot hold.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) operations: Vec<Operation>,
    pub(super) fragments: Vec<Fragment>,
    /// Repeated fields of input objects.
    pub(super) repeated_input_fields: Vec<(Name, Pos)>,
    pub(super) tokens: usize,
}

#[derive(Debug)]
pub(super) struct Operation {
    pub(super) name: Option<Name>,
    pub(super) definition: Positioned<OperationDefinition>,
}

#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) name: Positioned<Name>,
    pub(super) definition: Positioned<FragmentDefinition>,
}

type Parsed<T> = Result<T, ParseError>;

pub(super) fn parse(
    text: &str,
    max_tokens: usize,
    max_nesting: usize,
    check_number: NumberCheck,
) -> Parsed<Document> {
    let mut lexer = Lexer::new(text, max_tokens);
    let (token, pos) = lexer.next()?;
    let mut parser = Parser {
        lexer,
        token,
        pos,
        nesting: 0,
        max_nesting,
        check_number,
        repeated_input_fields: Vec::new(),
    };
    let mut operations = Vec::new();
    let mut fragments = Vec::new();
    loop {
        parser.definition(&mut operations, &mut fragments)?;
        if parser.token == Token::End {
            break;
        }
    }
    Ok(Document {
        operations,
        fragments,
        repeated_input_fields: parser.repeated_input_fields,
        tokens: parser.lexer.tokens(),
    })
}

struct Parser<'s> {
    lexer: Lexer<'s>,
    /// The next token and its position.
    token: Token<'s>,
    pos: Pos,
    nesting: usize,
    max_nesting: usize,
    check_number: NumberCheck,
    repeated_input_fields: Vec<(Name, Pos)>,
}

impl<'s> Parser<'s> {
    fn advance(&mut self) -> Parsed<Token<'s>> {
        let (token, pos) = self.lexer.next()?;
        self.pos = pos;
        Ok(std::mem::replace(&mut self.token, token))
    }

    fn error<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(ParseError {
            message: format!("Syntax Error: {}", message.into()),
            pos: self.pos,
            kind: ParseErrorKind::Syntax,
        })
    }

    fn unexpected<T>(&self) -> Parsed<T> {
        self.error(format!("Unexpected {}.", self.token.shown()))
    }

    fn at(&self, mark: u8) -> bool {
        self.token == Token::Punctuator(mark)
    }

    fn take(&mut self, mark: u8) -> Parsed<bool> {
        let there = self.at(mark);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn expect(&mut self, mark: u8) -> Parsed<()> {
        if self.take(mark)? {
            return Ok(());
        }
        self.error(format!(
            "Expected {}, found {}.",
            Token::Punctuator(mark).shown(),
            self.token.shown()
        ))
    }

    fn name(&mut self) -> Parsed<Positioned<Name>> {
        let pos = self.pos;
        if let Token::Name(name) = self.token {
            self.advance()?;
            return Ok(Positioned::new(Name::new(name), pos));
        }
        self.error(format!("Expected Name, found {}.", self.token.shown()))
    }

    /// Enters a level of nesting.
    fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting == self.max_nesting {
            return Err(ParseError {
                message: format!(
                    "The document is nested more than {} levels deep.",
                    self.max_nesting
                ),
                pos: self.pos,
                kind: ParseErrorKind::Nesting,
            });
        }
        self.nesting += 1;
        let result = inner(self)?;
        self.nesting -= 1;
        Ok(result)
    }

    /// One or more items between two punctuators.
    fn some<T>(
        &mut self,
        open: u8,
        close: u8,
        mut one: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.expect(open)?;
        let mut all = vec![one(self)?];
        while !self.take(close)? {
            all.push(one(self)?);
        }
        Ok(all)
    }

    fn description(&mut self) -> Parsed<bool> {
        let there = matches!(self.token, Token::String(_));
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn definition(
        &mut self,
        operations: &mut Vec<Operation>,
        fragments: &mut Vec<Fragment>,
    ) -> Parsed<()> {
        let described = self.description()?;
        let pos = self.pos;
        match self.token {
            Token::Punctuator(b'{') if !described => {
                let definition = OperationDefinition {
                    ty: OperationType::Query,
                    variable_definitions: Vec::new(),
                    directives: Vec::new(),
                    selection_set: self.selection_set()?,
                };
                operations.push(Operation {
                    name: None,
                    definition: Positioned::new(definition, pos),
                });
                Ok(())
            }
            Token::Name("query") => self.operation(OperationType::Query, operations),
            Token::Name("mutation") => self.operation(OperationType::Mutation, operations),
            Token::Name("subscription") => self.operation(OperationType::Subscription, operations),
            Token::Name("fragment") => {
                fragments.push(self.fragment()?);
                Ok(())
            }
            Token::Name(
                "schema" | "scalar" | "type" | "interface" | "union" | "enum" | "input"
                | "directive" | "extend",
            ) => Err(ParseError {
                message: "Definitions of types are not executable.".to_owned(),
                pos,
                kind: ParseErrorKind::NotExecutable,
            }),
            _ => self.unexpected(),
        }
    }

    fn operation(&mut self, ty: OperationType, operations: &mut Vec<Operation>) -> Parsed<()> {
        let pos = self.pos;
        self.advance()?;
        let name = match self.token {
            Token::Name(_) => Some(self.name()?.node),
            _ => None,
        };
        let variable_definitions = if self.at(b'(') {
            self.some(b'(', b')', Self::variable_definition)?
        } else {
            Vec::new()
        };
        let definition = OperationDefinition {
            ty,
            variable_definitions,
            directives: self.directives()?,
            selection_set: self.selection_set()?,
        };
        operations.push(Operation {
            name,
            definition: Positioned::new(definition, pos),
        });
        Ok(())
    }

    fn variable_definition(&mut self) -> Parsed<Positioned<VariableDefinition>> {
        self.description()?;
        let pos = self.pos;
        self.expect(b'$')?;
        let name = self.name()?;
        self.expect(b':')?;
        let type_pos = self.pos;
        let var_type = Positioned::new(self.ty()?, type_pos);
        let default_value = if self.take(b'=')? {
            let pos = self.pos;
            let value = self.const_value()?;
            Some(Positioned::new(value, pos))
        } else {
            None
        };
        let mut directives = Vec::new();
        while self.at(b'@') {
            directives.push(self.directive(true)?);
        }
        let definition = VariableDefinition {
            name,
            var_type,
            directives,
            default_value,
        };
        Ok(Positioned::new(definition, pos))
    }

    fn ty(&mut self) -> Parsed<Type> {
        let base = if self.take(b'[')? {
            let inner = self.nested(Self::ty)?;
            self.expect(b']')?;
            BaseType::List(Box::new(inner))
        } else {
            BaseType::Named(self.name()?.node)
        };
        Ok(Type {
            base,
            nullable: !self.take(b'!')?,
        })
    }

    fn selection_set(&mut self) -> Parsed<Positioned<SelectionSet>> {
        let pos = self.pos;
        let items = self.nested(|parser| parser.some(b'{', b'}', Self::selection))?;
        Ok(Positioned::new(SelectionSet { items }, pos))
    }

    fn selection(&mut self) -> Parsed<Positioned<Selection>> {
        let pos = self.pos;
        let selection = if self.take(b'.')? {
            match self.token {
                Token::Name(name) if name != "on" => {
                    let spread = FragmentSpread {
                        fragment_name: self.name()?,
                        directives: self.directives()?,
                    };
                    Selection::FragmentSpread(Positioned::new(spread, pos))
                }
                _ => {
                    let type_condition = match self.token {
                        Token::Name(_) => Some(self.type_condition()?),
                        _ => None,
                    };
                    let fragment = InlineFragment {
                        type_condition,
                        directives: self.directives()?,
                        selection_set: self.selection_set()?,
                    };
                    Selection::InlineFragment(Positioned::new(fragment, pos))
                }
            }
        } else {
            Selection::Field(Positioned::new(self.field()?, pos))
        };
        Ok(Positioned::new(selection, pos))
    }

    fn field(&mut self) -> Parsed<Field> {
        let first = self.name()?;
        let (alias, name) = if self.take(b':')? {
            (Some(first), self.name()?)
        } else {
            (None, first)
        };
        let arguments = self.arguments(false)?;
        let directives = self.directives()?;
        let selection_set = if self.at(b'{') {
            self.selection_set()?
        } else {
            Positioned::new(SelectionSet::default(), name.pos)
        };
        Ok(Field {
            alias,
            name,
            arguments,
            directives,
            selection_set,
        })
    }

    fn arguments(&mut self, constant: bool) -> Parsed<Vec<(Positioned<Name>, Positioned<Value>)>> {
        if !self.at(b'(') {
            return Ok(Vec::new());
        }
        self.some(b'(', b')', |parser| {
            let name = parser.name()?;
            parser.expect(b':')?;
            let pos = parser.pos;
            let value = parser.value(constant)?;
            Ok((name, Positioned::new(value, pos)))
        })
    }

    fn directives(&mut self) -> Parsed<Vec<Positioned<Directive>>> {
        let mut directives = Vec::new();
        while self.at(b'@') {
            directives.push(self.directive(false)?);
        }
        Ok(directives)
    }

    fn directive(&mut self, constant: bool) -> Parsed<Positioned<Directive>> {
        let pos = self.pos;
        self.expect(b'@')?;
        let directive = Directive {
            name: self.name()?,
            arguments: self.arguments(constant)?,
        };
        Ok(Positioned::new(directive, pos))
    }

    fn type_condition(&mut self) -> Parsed<Positioned<TypeCondition>> {
        let pos = self.pos;
        if self.token != Token::Name("on") {
            return self.error(format!("Expected \"on\", found {}.", self.token.shown()));
        }
        self.advance()?;
        Ok(Positioned::new(TypeCondition { on: self.name()? }, pos))
    }

    fn fragment(&mut self) -> Parsed<Fragment> {
        let pos = self.pos;
        self.advance()?;
        if self.token == Token::Name("on") {
            return self.unexpected();
        }
        let name = self.name()?;
        let definition = FragmentDefinition {
            type_condition: self.type_condition()?,
            directives: self.directives()?,
            selection_set: self.selection_set()?,
        };
        Ok(Fragment {
            name,
            definition: Positioned::new(definition, pos),
        })
    }

    fn const_value(&mut self) -> Parsed<ConstValue> {
        let value = self.value(true)?;
        match value.into_const() {
            Some(value) => Ok(value),
            None => self.unexpected(),
        }
    }

    fn value(&mut self, constant: bool) -> Parsed<Value> {
        match &self.token {
            Token::Punctuator(b'[') => self.nested(|parser| {
                parser.advance()?;
                let mut items = Vec::new();
                while !parser.take(b']')? {
                    items.push(parser.value(constant)?);
                }
                Ok(Value::List(items))
            }),
            Token::Punctuator(b'{') => self.nested(|parser| parser.object(constant)),
            Token::Punctuator(b'$') => {
                let pos = self.pos;
                self.advance()?;
                let name = self.name()?.node;
                if constant {
                    return Err(ParseError {
                        message: format!(
                            "Syntax Error: Unexpected variable \"${name}\" in constant value."
                        ),
                        pos,
                        kind: ParseErrorKind::Syntax,
                    });
                }
                Ok(Value::Variable(name))
            }
            Token::Name(name) => {
                let value = match *name {
                    "true" => Value::Boolean(true),
                    "false" => Value::Boolean(false),
                    "null" => Value::Null,
                    other => Value::Enum(Name::new(other)),
                };
                self.advance()?;
                Ok(value)
            }
            Token::Int(text) | Token::Float(text) => {
                if let Err(message) = (self.check_number)(text) {
                    return Err(ParseError {
                        message,
                        pos: self.pos,
                        kind: ParseErrorKind::NotExecutable,
                    });
                }
                let Some(number) = number(text, matches!(self.token, Token::Int(_))) else {
                    return self.error("Invalid number, too large.");
                };
                self.advance()?;
                Ok(Value::Number(number))
            }
            Token::String(_) => match self.advance()? {
                Token::String(text) => Ok(Value::String(text.into_owned())),
                _ => self.unexpected(),
            },
            _ => self.unexpected(),
        }
    }

    fn object(&mut self, constant: bool) -> Parsed<Value> {
        self.advance()?;
        let mut fields = IndexMap::new();
        while !self.take(b'}')? {
            let name = self.name()?;
            self.expect(b':')?;
            let value = self.value(constant)?;
            if fields.insert(name.node.clone(), value).is_some() {
                self.repeated_input_fields.push((name.node, name.pos));
            }
        }
        Ok(Value::Object(fields))
    }
}

/// The value of a number literal.
fn number(text: &str, whole: bool) -> Option<Number> {
    if whole {
        if let Ok(number) = text.parse::<i64>() {
            return Some(number.into());
        }
        if let Ok(number) = text.parse::<u64>() {
            return Some(number.into());
        }
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, max_tokens: usize, max_nesting: usize) -> Parsed<Document> {
        super::parse(text, max_tokens, max_nesting, |_| Ok(()))
    }

    #[test]
    fn documents_are_read() {
        for text in [
            "{ a }",
            "query { a }",
            "query A($x: [Int!]! = [1] @d, $on: T = {a: {b: [E, null, true]}}) @d(x: 1) { a }",
            "\"what it is for\" query A(\"x\" $x: Int) { a }",
            "fragment true on Q { a } { ...true @x ... @include(if: true) { a } ...on Q { b: a } }",
            "{ a(x: {}, y: [], z: $v, true: -0.5e3) { b } }",
            "subscription { a }",
            "query on { a }",
        ] {
            assert!(parse(text, 100, 20).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in [
            "",
            "# only",
            "{",
            "{}",
            "{ a() }",
            "query () { a }",
            "query ($x: Int = $y) { a }",
            "fragment on on Q { a }",
            "fragment F { a }",
            "\"described\" { a }",
            "{ a } }",
            "{ a(x: ) }",
            "{ a b: }",
            "{ ... }",
            "mutation",
            "queri { a }",
            "query ($x: [Int) { a }",
            "{ a(x: 1e999) }",
        ] {
            let error = parse(text, 100, 20).expect_err(text);
            assert!(
                error.kind == ParseErrorKind::Syntax && error.message.starts_with("Syntax Error: ")
            );
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = |open: &str, close: &str| {
            let text = format!("{}{}", open.repeat(20_000), close.repeat(20_000));
            parse(&text, 1_000_000, 100)
                .map_err(|error| error.kind)
                .err()
        };
        assert_eq!(deep("{a", "}"), Some(ParseErrorKind::Nesting));
        assert_eq!(
            parse(&format!("{{a(x:{}", "[".repeat(20_000)), 1_000_000, 100)
                .err()
                .map(|error| error.kind),
            Some(ParseErrorKind::Nesting)
        );
        assert_eq!(
            parse(&format!("{{a(x:{}", "{a:".repeat(20_000)), 1_000_000, 100)
                .err()
                .map(|error| error.kind),
            Some(ParseErrorKind::Nesting)
        );
        assert_eq!(
            parse(&format!("query($a:{}", "[".repeat(20_000)), 1_000_000, 100)
                .err()
                .map(|error| error.kind),
            Some(ParseErrorKind::Nesting)
        );
        assert_eq!(
            parse(&"a ".repeat(20_000), 1000, 100)
                .err()
                .map(|error| error.kind),
            Some(ParseErrorKind::Syntax),
            "the first wrong token ends it"
        );
        assert_eq!(
            parse(&format!("{{{}", "a ".repeat(20_000)), 1000, 100)
                .err()
                .map(|error| error.kind),
            Some(ParseErrorKind::Tokens)
        );
    }
}
