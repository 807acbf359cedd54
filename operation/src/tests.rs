//! The pipeline as a whole, with the schema of the service next to it: a large example.

use std::time::Duration;

use serde_json::json;

use super::*;

const SCHEMA: &str = include_str!("../../schema.graphql");

fn object(value: &ConstValue) -> Result<(), String> {
    match value {
        ConstValue::Object(_) => Ok(()),
        _ => Err("An object is expected.".to_owned()),
    }
}

/// A stand-in for a date: a text that starts with a digit.
fn date(value: &ConstValue) -> Result<(), String> {
    match value {
        ConstValue::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => Ok(()),
        _ => Err("A date is expected.".to_owned()),
    }
}

const SCALARS: &[(&str, ScalarCheck)] = &[
    ("JSONObject", object),
    ("DateTime", date),
    ("JSON", |_| Ok(())),
];

fn pipeline(limits: Limits) -> Pipeline {
    let settings = Settings {
        limits,
        scalars: SCALARS,
        lists: ListLengths {
            arguments: &["first", "last", "pageSize"],
            short: &["userErrors"],
            ..ListLengths::default()
        },
        ..Settings::default()
    };
    Pipeline::new(SCHEMA, settings).unwrap()
}

fn prepare(pipeline: &Pipeline, source: &str, variables: Json) -> Result<Prepared, RequestError> {
    let Json::Object(variables) = variables else {
        panic!("variables are an object");
    };
    pipeline.prepare(OperationRequest {
        query: Some(source),
        variables,
        suggest_names: true,
        ..OperationRequest::default()
    })
}

fn kind(pipeline: &Pipeline, source: &str) -> Option<RequestErrorKind> {
    let refused = prepare(pipeline, source, json!({})).err()?;
    assert!(!refused.errors.is_empty() && refused.errors.len() <= 10);
    for error in &refused.errors {
        assert!(error.message.len() < 1000, "{}", error.message);
    }
    Some(refused.kind)
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

#[test]
fn what_clients_need_goes_through() {
    let pipeline = pipeline(Limits::default());
    let prepared = prepare(&pipeline, INTROSPECTION, json!({})).unwrap();
    assert!(prepared.introspects && !prepared.is_mutation);

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
    assert!(prepared.is_mutation && !prepared.introspects);
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
    let cost = Some(RequestErrorKind::CostLimit);
    let depth = Some(RequestErrorKind::DepthLimit);
    let pipeline = pipeline(Limits::default());
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
            Some(RequestErrorKind::Validation),
        ),
    ] {
        let before = cpu_time();
        let found = kind(&pipeline, &document);
        let took = cpu_time().saturating_sub(before);
        let start: String = document.chars().take(60).collect();
        // Generous, for a program that is not optimised.
        assert!(took < Duration::from_secs(2), "{took:?} for {start}");
        // A chain of fragments is long before it is deep.
        let fits = found == expected || document.len() > 50_000 && found == cost;
        assert!(fits, "{found:?} for {start}");
    }
    assert_eq!(kind(&pipeline, &lists(1)), None);
    assert_eq!(kind(&pipeline, &listing(1)), None);
}

/// The CPU time of this thread, where the system provides it.
fn cpu_time() -> Duration {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = schedule
        .split(' ')
        .next()
        .and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
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
        let refused = pipeline.prepare(OperationRequest {
            query: Some("{ viewr { id } }"),
            suggest_names: suggest,
            ..OperationRequest::default()
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
        pipeline.prepare(OperationRequest {
            query: Some(both),
            operation_name,
            ..OperationRequest::default()
        })
    };
    assert!(!chosen(Some("A")).unwrap().is_mutation);
    assert!(chosen(Some("B")).unwrap().is_mutation);
    assert_eq!(
        chosen(Some("C")).unwrap_err().kind,
        RequestErrorKind::OperationResolution
    );
    assert_eq!(
        chosen(None).unwrap_err().kind,
        RequestErrorKind::OperationResolution
    );
}

const CREATE: &str = "programSuggestionCreate(input: {platformKey: \"a\", programKey: \"p\", \
    user: {databaseId: 1}, metadata: @}) { outcome }";

#[test]
fn custom_scalars_are_checked_before_execution() {
    let pipeline = pipeline(Limits::default());
    let message = |source: &str, variables: Json, kind: RequestErrorKind| {
        let mut error = prepare(&pipeline, source, variables).unwrap_err();
        assert_eq!((error.kind, error.errors.len()), (kind, 1));
        error.errors.remove(0).message
    };
    let create = |variables: &str, metadata: &str| {
        format!(
            "mutation {variables} {{ {} }}",
            CREATE.replace('@', metadata)
        )
    };

    let by_variable = create("($m: JSONObject)", "$m");
    let variables = RequestErrorKind::Variables;
    assert_eq!(
        message(&by_variable, json!({ "m": [1] }), variables),
        "Variable \"$m\" got invalid value; Expected value of type \"JSONObject\", found a list. \
         An object is expected."
    );
    for fits in [json!({ "m": {"a": [1]} }), json!({ "m": null }), json!({})] {
        prepare(&pipeline, &by_variable, fits).unwrap();
    }
    let bulk = "mutation ($i: ProgramSuggestionBulkCreateInput!) { \
        programSuggestionBulkCreate(input: $i) { successes } }";
    let item = |metadata: Json| json!({ "programKey": "p", "user": { "databaseId": 1 }, "metadata": metadata });
    let mut items: Vec<Json> = (0..100).map(|_| item(json!({}))).collect();
    items[50] = item(json!("text"));
    let nested = json!({ "i": { "platformKey": "a", "items": items } });
    assert_eq!(
        message(bulk, nested, variables),
        "Variable \"$i\" got invalid value at \"i.items[50].metadata\"; Expected value of type \
         \"JSONObject\", found \"text\". An object is expected."
    );

    let validation = RequestErrorKind::Validation;
    for wrong in ["[1]", "\"x\"", "1", "true", "E", "[{a: 1}]"] {
        let message = message(&create("", wrong), json!({}), validation);
        assert!(message.ends_with(". An object is expected."), "{message}");
        message_of_default(&pipeline, wrong);
    }
    prepare(&pipeline, &create("", "{a: [1, {b: null}]}"), json!({})).unwrap();
    let inside = create("($x: String)", "{a: [$x]}");
    prepare(&pipeline, &inside, json!({ "x": "y" })).unwrap();
    let inside_a_list = create("($x: String)", "[$x]");
    message(&inside_a_list, json!({ "x": "y" }), validation);
}

fn message_of_default(pipeline: &Pipeline, default: &str) {
    let metadata = CREATE.replace('@', "$m");
    let document = format!("mutation ($m: JSONObject = {default}) {{ {metadata} }}");
    let error = prepare(pipeline, &document, json!({})).unwrap_err();
    assert_eq!(error.kind, RequestErrorKind::Validation);
    let inside = format!(
        "query ($f: ProgramSuggestionFilter = {{createdAfter: {default}}}) {{ \
         programSuggestions(platformKey: \"a\", first: 1, filter: $f) {{ totalCount }} }}"
    );
    let error = prepare(pipeline, &inside, json!({})).unwrap_err();
    assert_eq!(error.kind, RequestErrorKind::Validation);
}

#[test]
fn every_custom_scalar_needs_a_check() {
    let settings = Settings {
        scalars: &SCALARS[..1],
        ..Settings::default()
    };
    let error = Pipeline::new(SCHEMA, settings).unwrap_err();
    assert_eq!(error, "the scalar `DateTime` of the schema has no check");
}

#[test]
fn an_integer_id_beyond_64_bits_is_told_its_size() {
    let pipeline = pipeline(Limits::default());
    let node = "query ($id: ID!) { node(id: $id) { id } }";
    for large in [
        "9223372036854775808",
        "-9223372036854775809",
        "100000000000000000000",
    ] {
        let variables: Json = serde_json::from_str(&format!("{{\"id\": {large}}}")).unwrap();
        let literal = format!("{{ node(id: {large}) {{ id }} }}");
        for error in [
            prepare(&pipeline, node, variables).unwrap_err(),
            prepare(&pipeline, &literal, json!({})).unwrap_err(),
        ] {
            let message = &error.errors[0].message;
            assert!(message.contains("at most 64 bits"), "{message}");
        }
    }
    prepare(&pipeline, node, json!({ "id": i64::MAX })).unwrap();
    let fraction = prepare(&pipeline, node, json!({ "id": 1.5 })).unwrap_err();
    assert!(!fraction.errors[0].message.contains("bits"));
}

/// Words that documents are made of, and some that they are not.
const WORDS: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "=",
    "!",
    "$",
    "@",
    "|",
    "&",
    "...",
    "\"",
    "\"\"\"",
    "\\u",
    "#",
    "\n",
    ",",
    "query",
    "mutation",
    "fragment",
    "on",
    "true",
    "null",
    "0",
    "-1",
    "1.5e3",
    "99999999999",
    "\"x\"",
    "é",
    "\u{0}",
    "F",
    "G",
    "$v",
    "ID",
    "[ID!]!",
    "Query",
    "Node",
    "Program",
    "node",
    "nodes",
    "viewer",
    "user",
    "id",
    "ids",
    "__schema",
    "__typename",
    "types",
    "fields",
    "@skip(if: $v)",
    "@include(if: true)",
    "node(id: 1)",
    "{ id }",
    "...F",
    "... on Program {",
    "fragment F on Node {",
    "query ($v: Boolean = true) {",
    "first: 100",
    "platformKey: \"a\"",
    "programSuggestions(platformKey: \"a\", first: 1) {",
    "orderBy: {field: ID}",
    "viewer { user {",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2_000))]

    /// Whatever is sent: an answer, and no panic. What is let through is executed without complaint
    /// of the executor about the document.
    #[test]
    fn any_text_is_answered(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..40),
        closed in proptest::bool::ANY,
    ) {
        static PIPELINE: std::sync::OnceLock<Pipeline> = std::sync::OnceLock::new();
        let pipeline = PIPELINE.get_or_init(|| pipeline(Limits::default()));
        let mut text = words.join(" ");
        if closed {
            let open = text.matches('{').count().saturating_sub(text.matches('}').count());
            text.push_str(&"id }".repeat(open));
        }
        match prepare(pipeline, &text, json!({ "v": true })) {
            Ok(mut prepared) => proptest::prop_assert!(prepared.request.parsed_query().is_ok()),
            Err(refused) => proptest::prop_assert!(!refused.errors.is_empty()),
        }
    }
}

#[test]
fn a_subscription_has_one_root_field_that_has_events() {
    let pipeline = pipeline(Limits::default());
    let of = |name: &str| format!("{name}: suggestedPrograms(platformKey: \"acme\") {{ at }}");
    let one = of("a");
    for (selection, expected) in [
        (
            format!("{one} {}", of("b")),
            "must select only one top level field",
        ),
        (
            format!("...F }} fragment F on Subscription {{ {one} {}", of("b")),
            "only one top level field",
        ),
        (
            "__typename".to_owned(),
            "must not select an introspection top level field",
        ),
        (
            one.replacen(" {", " @include(if: true) {", 1),
            "must not use `@skip` or `@include`",
        ),
        (
            format!("... @skip(if: false) {{ {one} }}"),
            "must not use `@skip` or `@include`",
        ),
    ] {
        let source = format!("subscription S {{ {selection} }}");
        let refused = prepare(&pipeline, &source, json!({})).unwrap_err();
        assert_eq!(refused.kind, RequestErrorKind::Validation, "{source}");
        let message = &refused.errors[0].message;
        assert!(message.starts_with("Subscription \"S\" "), "{message}");
        assert!(message.contains(expected), "{message}");
    }
    // The same field twice is one, and a fragment is spread where the executor looks.
    let source = format!("subscription {{ ...F {one} }} fragment F on Subscription {{ {one} }}");
    let prepared = prepare(&pipeline, &source, json!({})).unwrap();
    assert!(prepared.is_subscription && !prepared.is_mutation);
    // The root field once, and `at`.
    assert!(prepared.cost >= 2);
}
