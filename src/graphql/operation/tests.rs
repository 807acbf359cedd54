//! The pipeline as a whole, over the service's own schema.

use std::time::{Duration, Instant};

use serde_json::json;

use super::*;
use crate::graphql::error::code_of;
use crate::graphql::{schema, schema_sdl};

fn pipeline(limits: Limits) -> Pipeline {
    Pipeline::new(&schema_sdl(), limits).unwrap()
}

fn prepare(pipeline: &Pipeline, source: &str, variables: Json) -> Result<Prepared, Refused> {
    let Json::Object(variables) = variables else {
        panic!("variables are an object");
    };
    pipeline.prepare(Wanted {
        text: Some(source),
        variables,
        suggest: true,
        ..Wanted::default()
    })
}

fn code(source: &str) -> Option<&'static str> {
    let refused = prepare(&pipeline(Limits::default()), source, json!({})).err()?;
    assert!(!refused.errors.is_empty() && refused.errors.len() <= 10);
    for error in &refused.errors {
        assert_eq!(code_of(error), Some(refused.code.as_str()));
        assert!(error.message.len() < 1000, "{}", error.message);
    }
    Some(refused.code.as_str())
}

/// What graphql-js and GraphiQL send to read a schema.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { description queryType { name } \
    mutationType { name } subscriptionType { name } types { ...FullType } directives { name \
    description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } } \
    fragment FullType on __Type { kind name description specifiedByURL isOneOf \
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { \
    ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } \
    inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef } \
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } \
    possibleTypes { ...TypeRef } } fragment InputValue on __InputValue { name description type { \
    ...TypeRef } defaultValue isDeprecated deprecationReason } fragment TypeRef on __Type { kind \
    name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { \
    kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } \
    } } } } } }";

#[tokio::test]
async fn what_clients_need_goes_through() {
    let pipeline = pipeline(Limits::default());
    let prepared = prepare(&pipeline, INTROSPECTION, json!({})).unwrap();
    assert!(prepared.introspects && !prepared.mutates);
    let answer = schema().execute(prepared.request).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let read = answer.data.into_json().unwrap();
    let types = read["__schema"]["types"].as_array().unwrap();
    assert!(types.len() > 40);

    let everything = "fragment Pl on Platform { id key org name } fragment Pr on Program { id key \
        name org description url imageUrl platform { ...Pl } } fragment U on User { id databaseId \
        username name email } fragment S on ProgramSuggestion { id databaseId platform { ...Pl } \
        program { ...Pr } user { ...U } accepted visible metadata direct suggestedBy { ...U } \
        created modified } query ($n: Int) { programSuggestions(platformKey: \"acme\", first: $n) \
        { edges { cursor node { ...S } } nodes { ...S } pageInfo { hasNextPage hasPreviousPage \
        startCursor endCursor } totalCount } }";
    let prepared = prepare(&pipeline, everything, json!({ "n": 100 })).unwrap();
    assert_eq!(prepared.cost, 7809);

    let items: Vec<Json> = (0..10_000)
        .map(|id| json!({ "programKey": "p", "user": { "databaseId": id } }))
        .collect();
    let bulk = "mutation ($input: ProgramSuggestionBulkCreateInput!) { \
        programSuggestionBulkCreate(input: $input) { successes errorCodes results { index outcome \
        suggestion { id program { name } user { username } } userErrors { code message field } } \
        userErrors { code } } }";
    let prepared = prepare(
        &pipeline,
        bulk,
        json!({ "input": { "platformKey": "acme", "items": items } }),
    )
    .unwrap();
    assert!(prepared.mutates && !prepared.introspects);
}

#[test]
fn hostile_documents_are_refused_at_once() {
    let repeat = |count: usize, one: &dyn Fn(usize) -> String| -> String {
        (0..count).map(one).collect::<Vec<_>>().join(" ")
    };
    let bomb = |levels: usize| {
        let fragments = repeat(levels, &|n| {
            format!("fragment F{n} on Node {{ ...F{0} ...F{0} }}", n + 1)
        });
        format!("{{ node(id: 1) {{ ...F0 }} }} {fragments} fragment F{levels} on Node {{ id }}")
    };
    let deep = |open: &str, core: &str, close: &str| {
        format!("{}{core}{}", open.repeat(20_000), close.repeat(20_000))
    };
    let lists = |levels: usize| {
        format!(
            "{{ platform(key: \"a\") {{ {} id {} }} }}",
            "groups(first: 100) { nodes { platform { ".repeat(levels),
            "} } } ".repeat(levels)
        )
    };
    let listing = |levels: usize| {
        format!(
            "{{ __schema {{ types {} {{ name }} {} }} }}",
            "{ fields { type ".repeat(levels),
            "} }".repeat(levels)
        )
    };
    let cost = Some("COST_LIMIT_EXCEEDED");
    let depth = Some("DEPTH_LIMIT_EXCEEDED");
    for (document, expected) in [
        (bomb(24), cost),
        (bomb(60), cost),
        (bomb(1500), depth),
        (
            format!("{{ {} }}", repeat(10_000, &|n| format!("a{n}: __typename"))),
            cost,
        ),
        (format!("{{ {} }}", "__typename ".repeat(14_000)), cost),
        (format!("{{ {} }}", "a ".repeat(1_000_000)), cost),
        (format!("{{ {} }}", "a".repeat(10_000_000)), cost),
        (
            format!("{{ __typename {} }}", "@skip(if: false)".repeat(200)),
            cost,
        ),
        (deep("{ viewer ", "{ isDmAdmin }", "}"), depth),
        (format!("{{ {} }}", deep("... {", "__typename", "}")), depth),
        (
            format!("{{ nodes(ids: {}) {{ id }} }}", deep("[", "1", "]")),
            depth,
        ),
        (format!("{{ a(b: {}) }}", deep("{a:", "1", "}")), depth),
        (
            format!("query ($a: {}) {{ a }}", deep("[", "ID", "]")),
            depth,
        ),
        (lists(3), cost),
        (listing(3), depth),
        (
            "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }".to_owned(),
            Some("GRAPHQL_VALIDATION_FAILED"),
        ),
    ] {
        let started = Instant::now();
        let found = code(&document);
        let took = started.elapsed();
        let start: String = document.chars().take(60).collect();
        // Generous, for a busy machine and a program that is not optimised.
        assert!(took < Duration::from_secs(2), "{took:?} for {start}");
        // A chain of fragments is long before it is deep.
        let fits = found == expected || document.len() > 50_000 && found == cost;
        assert!(fits, "{found:?} for {start}");
    }
    assert_eq!(code(&lists(1)), None);
    assert_eq!(code(&listing(1)), None);
}

#[test]
fn limits_that_are_only_measured_let_pass_what_can_be_borne() {
    let strict = Limits {
        depth: 2,
        cost: 3,
        aliases: 0,
        root_fields: 1,
        directives: 0,
        fields: 1,
        tokens: 5,
        ..Limits::default()
    };
    let document = "{ a: viewer @skip(if: false) { user { id username } } b: __typename }";
    assert!(prepare(&pipeline(strict.clone()), document, json!({})).is_err());
    let measured = Limits {
        mode: LimitMode::Measure,
        ..strict
    };
    let measured = pipeline(measured);
    assert!(prepare(&measured, document, json!({})).is_ok());
    let bomb: String = (0..60)
        .map(|n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }} ", n + 1))
        .collect();
    let bomb = format!("{{ ...F0 }} {bomb} fragment F60 on Query {{ __typename }}");
    assert!(prepare(&measured, &bomb, json!({})).is_err());
}

#[test]
fn the_length_of_a_list_is_what_the_request_asks_for() {
    let pipeline = pipeline(Limits::default());
    let cost =
        |document: &str, variables: Json| prepare(&pipeline, document, variables).unwrap().cost;
    let page = "query ($n: Int! = 20) { programSuggestionPage(platformKey: \"a\", pageSize: $n) { \
        results { id } } }";
    assert_eq!(cost(page, json!({})), 1 + 1 + 20);
    assert_eq!(cost(page, json!({ "n": 50 })), 1 + 1 + 50);
    assert_eq!(cost(page, json!({ "n": 5000 })), 1 + 1 + 100);
    let default = "{ programSuggestionPage(platformKey: \"a\") { results { id } count } }";
    assert_eq!(cost(default, json!({})), 1 + 2 + 10);
    let absent = "query ($n: Int) { programSuggestions(platformKey: \"a\", last: $n) { edges { \
        node { id } } } }";
    assert_eq!(cost(absent, json!({ "n": 3 })), 1 + 1 + 3 * 2);
    assert_eq!(cost(absent, json!({})), 1 + 1 + 10 * 2);
    let ids = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    assert_eq!(cost(ids, json!({ "ids": ["a", "b", "c"] })), 3 + 1 + 3);
    let skipped = "query ($s: Boolean!) { viewer @skip(if: $s) { isDmAdmin } __typename }";
    assert_eq!(cost(skipped, json!({ "s": true })), 1);
    assert_eq!(cost(skipped, json!({ "s": false })), 3);
}

#[test]
fn a_repeated_field_is_executed_once() {
    let merged = |document: &str| {
        let pipeline = pipeline(Limits::default());
        let checked = pipeline.check(document, true).unwrap().0;
        assert!(checked.has_repetitions);
        let variables = Variables::default();
        let merger = merge::Merger {
            schema: &pipeline.schema,
            fragments: &checked.fragments,
            variables: &variables,
        };
        let definition = &checked.operations[0].definition.node;
        shown(&merger.merge("Query", &[&definition.selection_set.node]))
    };
    assert_eq!(
        merged(
            "{ viewer { isDmAdmin } ...F __typename } \
             fragment F on Query { viewer { user { id } isDmAdmin } }"
        ),
        "viewer{isDmAdmin user{id}} __typename"
    );
    assert_eq!(
        merged(
            "{ node(id: 1) { ... on Program { name } id ... on Node { id } ... on Program { key \
             name @skip(if: true) } ...P } } fragment P on Platform { id name }"
        ),
        "node{...Program{name key} id ...Platform{id name}}"
    );
}

fn shown(set: &SelectionSet) -> String {
    let one = |selection: &Positioned<Selection>| match &selection.node {
        Selection::Field(field) => {
            let inner = shown(&field.node.selection_set.node);
            let name = &field.node.name.node;
            if inner.is_empty() {
                name.to_string()
            } else {
                format!("{name}{{{inner}}}")
            }
        }
        Selection::InlineFragment(fragment) => {
            let on = &fragment.node.type_condition.as_ref().unwrap().node.on.node;
            format!("...{on}{{{}}}", shown(&fragment.node.selection_set.node))
        }
        Selection::FragmentSpread(_) => "spread".to_owned(),
    };
    set.items.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn suggestions_are_for_callers_who_may_see_the_schema() {
    let pipeline = pipeline(Limits::default());
    let message = |suggest: bool| {
        let refused = pipeline.prepare(Wanted {
            text: Some("{ viewr { id } }"),
            suggest,
            ..Wanted::default()
        });
        refused.unwrap_err().errors.remove(0).message
    };
    assert!(message(true).contains("Did you mean \"viewer\""));
    assert!(!message(false).contains("viewer"));
}

#[test]
fn the_operation_is_chosen_by_name() {
    let pipeline = pipeline(Limits::default());
    let both = "query A { __typename } mutation B { __typename }";
    let chosen = |operation_name: Option<&'static str>| {
        pipeline.prepare(Wanted {
            text: Some(both),
            operation_name,
            ..Wanted::default()
        })
    };
    assert!(!chosen(Some("A")).unwrap().mutates);
    assert!(chosen(Some("B")).unwrap().mutates);
    assert_eq!(
        chosen(Some("C")).unwrap_err().code,
        Code::OperationResolution
    );
    assert_eq!(chosen(None).unwrap_err().code, Code::OperationResolution);
}
