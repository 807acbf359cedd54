//! What the operations on suggestions to users and to groups have in common.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::error::{Complaint, Refusal, detail};
use super::fields::Fields;
use super::page::{self, Links};
use super::{Answer, Call, query};
use crate::domain::PlatformRef;
use crate::domain::directory;
use crate::domain::suggestion::{
    self, Create, DeleteOne, Filter, Item, Kind, List, Mode, Order, OrderField, Outcome,
    Suggestion, Wants,
};
use crate::error::{Error, ProblemCode};

/// The header that says what a single creation came to.
pub(super) const OUTCOME: HeaderName = HeaderName::from_static("x-suggestion-outcome");

/// The names that `sort` takes, and what they order by.
pub(super) type Sorts = [(&'static str, OrderField); 10];

/// Which platform, on every operation of an administrator.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `platform` reads")]
pub(super) struct ManageParameters {
    /// The key of the platform. If it is given here and in the body, both must be the same.
    #[param(min_length = 1, example = "acme")]
    platform_key: Option<String>,
    /// The organisation of the platform; if given, it must be that platform's.
    #[param(min_length = 1, example = "acme-u")]
    platform_org: Option<String>,
    /// A department admin sets it to work within the departments. For others it changes nothing.
    /// What the body says wins.
    #[param(default = false)]
    department_mode: Option<bool>,
}

/// The parameters of the two deletions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `delete` reads")]
pub(super) struct DeleteParameters {
    /// The id of the suggestion.
    #[param(example = 1001)]
    suggestion_id: i64,
    /// The key of the platform. Without it anything that you may not manage is not found.
    #[param(min_length = 1, example = "acme")]
    platform_key: Option<String>,
    /// The organisation of the platform; if given, it must be that platform's.
    #[param(min_length = 1, example = "acme-u")]
    platform_org: Option<String>,
    /// A department admin sets it to work within the departments. For others it changes nothing.
    #[param(default = false)]
    department_mode: Option<bool>,
}

/// An object of the caller's own: at most 16 KiB as compact JSON, at most 8 levels.
#[derive(Debug, Serialize, ToSchema)]
#[schema(value_type = Object, example = json!({ "reason": "fits your goals" }))]
pub(super) struct MetadataObject(pub(super) Map<String, Value>);

impl MetadataObject {
    pub(super) fn of(suggestion: &Suggestion) -> Result<Self, Error> {
        serde_json::from_str(&suggestion.fields.metadata)
            .map(Self)
            .map_err(|error| Error::internal(format!("stored metadata: {error}")))
    }
}

/// A suggestion as this surface shows it.
pub(super) trait Shape: Serialize {
    const KIND: Kind;
    const SORTS: &'static Sorts;

    /// Of a suggestion with everything that it refers to read along.
    fn of(suggestion: &Suggestion) -> Option<Result<Self, Error>>
    where
        Self: Sized;
}

fn shape<S: Shape>(suggestion: &Suggestion) -> Result<S, Error> {
    S::of(suggestion).unwrap_or_else(|| {
        Err(Error::internal(format!(
            "what suggestion {} refers to was not read along",
            suggestion.id
        )))
    })
}

const WANTS: Wants = Wants {
    platform: true,
    program: true,
    program_details: false,
    subject: true,
    suggested_by: false,
    notice: false,
    state: false,
    answer: false,
    viewer_can: false,
};

/// Reads `sort`.
pub(super) fn order(fields: &mut Fields, sorts: &Sorts, default: &str) -> Order {
    let given = fields.optional_text("sort");
    let text = given.as_deref().unwrap_or(default);
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text, false),
    };
    let found = sorts.iter().find(|(known, _)| *known == name);
    if found.is_none() {
        let names: Vec<&str> = sorts.iter().map(|(name, _)| *name).collect();
        let message = format!(
            "`sort` must be one of {}, with a `-` before it for the opposite direction.",
            names.join(", ")
        );
        fields.complain(Complaint::new(ProblemCode::Invalid, "sort", message));
    }
    Order {
        field: found.map_or(OrderField::Id, |(_, field)| *field),
        descending,
    }
}

/// Reads the parameters that every operation takes, needed or not, so that none of them is blank.
fn platform_of_query(fields: &mut Fields) -> (Option<String>, Option<String>, Option<bool>) {
    (
        fields.optional_text("platform_key"),
        fields.optional_text("platform_org"),
        fields.boolean("department_mode"),
    )
}

/// A page of what an administrator may see.
pub(super) async fn list<S: Shape>(call: Call, default_sort: &str) -> Answer {
    let pairs = query::parse(call.request.uri())?;
    let mut fields = Fields::text(pairs.clone());
    if !fields.has("platform_key") {
        fields.missing("platform_key");
    }
    let (key, org, department_mode) = platform_of_query(&mut fields);
    let order = order(&mut fields, S::SORTS, default_sort);
    let number = page::number(&mut fields);
    let text = fields.optional_text("query");
    fields.finish()?;
    let filter = Filter {
        search: directory::search_text(text.as_deref())?,
        ..Filter::default()
    };
    let links = Links::new(&call.app.config, call.request.headers(), &call.path, pairs)?;
    let list = List {
        kind: S::KIND,
        platform: PlatformRef {
            key: key.unwrap_or_default(),
            org,
            department_mode: department_mode.unwrap_or_default(),
        },
        filter,
        order,
        wants: WANTS,
        total: true,
        state_counts: false,
        beyond: crate::page::Beyond::default(),
    };
    let slice = suggestion::list_page(&call.cx, &list, number).await?;
    page_of::<S>(&links, number, &slice)
}

/// A page, written.
pub(super) fn page_of<S: Shape>(
    links: &Links,
    number: crate::page::PageNumber,
    slice: &crate::page::Slice<Suggestion>,
) -> Answer {
    let rows = slice
        .rows
        .iter()
        .map(|(row, _)| shape::<S>(row))
        .collect::<Result<Vec<S>, Error>>()?;
    let page = links.page(number, slice.total.unwrap_or_default(), rows);
    Ok(Json(page).into_response())
}

/// The platform of a request that writes: what its body and its query say.
pub(super) fn platform(body: &mut Fields, query: &mut Fields) -> PlatformRef {
    let (key_of_query, org_of_query, mode_of_query) = platform_of_query(query);
    // Of the parameters that the upstream declares for its lists, these two are refused when blank.
    query.optional_text("query");
    query.optional_text("sort");
    let key = body.required_text("platform_key");
    let org = body.optional_text("platform_org");
    let mode = body.boolean("department_mode");
    for (name, here, there) in [
        ("platform_key", Some(&key), &key_of_query),
        ("platform_org", org.as_ref(), &org_of_query),
    ] {
        if let (Some(here), Some(there)) = (here, there)
            && !here.is_empty()
            && here != there
        {
            let message = format!("`{name}` in the query and in the body must be the same.");
            body.complain(Complaint::new(ProblemCode::Invalid, name, message));
        }
    }
    PlatformRef {
        key,
        org: org.or(org_of_query),
        department_mode: mode.or(mode_of_query).unwrap_or_default(),
    }
}

/// Reads the rest of an item, which both kinds have.
pub(super) fn item(
    fields: &mut Fields,
    program_key: String,
    subject: suggestion::SubjectRef,
) -> Item {
    Item {
        program_key,
        subject,
        accepted: fields.boolean("accepted"),
        visible: fields.boolean("visible"),
        direct: None,
        metadata: fields.metadata(),
        suggested_by: None,
        notice: suggestion::Notice::default(),
    }
}

/// Suggests one program to one user or group.
pub(super) async fn create<S: Shape>(
    call: Call,
    platform: PlatformRef,
    item: Item,
    user_field: &str,
) -> Answer {
    let refused = |problem| Refusal::from(Complaint::of(&problem, user_field));
    item.check().map_err(refused)?;
    let request = Create {
        operation: S::KIND.create(),
        kind: S::KIND,
        platform,
        items: vec![Ok(item)],
        mode: Mode::default(),
    };
    let answer = suggestion::create(&call.cx, &request)
        .await?
        .map_err(refused)?;
    let result = answer.results.into_iter().next();
    let (outcome, mut row) = match result.map(|it| (it.outcome, it.suggestion, it.problem)) {
        Some((_, _, Some(problem))) => return Err(refused(problem)),
        Some((outcome, Some(row), None)) => (outcome, row),
        _ => return Err(Error::internal("an item without a result").into()),
    };
    suggestion::join(&call.cx, S::KIND, &mut [&mut row], WANTS).await?;
    let mut response = Json(shape::<S>(&row)?).into_response();
    response
        .headers_mut()
        .insert(OUTCOME, HeaderValue::from_static(word(outcome)));
    Ok(response)
}

/// An outcome in the words of this surface.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Updated => "updated",
        Outcome::Unchanged => "unchanged",
        Outcome::Deleted => "deleted",
        Outcome::Failed => "failed",
    }
}

/// Deletes one suggestion.
pub(super) async fn delete(call: Call, kind: Kind) -> Answer {
    let mut fields = Fields::text(query::parse(call.request.uri())?);
    let id = fields.required_integer("suggestion_id");
    let (platform_key, platform_org, department_mode) = platform_of_query(&mut fields);
    fields.optional_text("query");
    fields.optional_text("sort");
    fields.finish()?;
    let request = DeleteOne {
        operation: kind.delete(),
        kind,
        platform_key,
        platform_org,
        department_mode: department_mode.unwrap_or_default(),
        id,
    };
    match suggestion::delete_one(&call.cx, &request).await? {
        Ok(_) => Ok(empty()),
        Err(problem) if problem.code == ProblemCode::SuggestionNotFound => {
            Ok(detail(StatusCode::NOT_FOUND, problem.message))
        }
        Err(problem) => Err(Complaint::of(&problem, "user_id").into()),
    }
}

fn empty() -> Response {
    StatusCode::OK.into_response()
}

/// The schema of an id.
pub(super) fn integer_schema() -> utoipa::openapi::schema::Object {
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
        .build()
}

/// The schema of `sort`, from what the code takes.
pub(super) fn sort_schema(sorts: &Sorts, default: &str) -> utoipa::openapi::schema::Object {
    let names = sorts
        .iter()
        .flat_map(|(name, _)| [(*name).to_owned(), format!("-{name}")]);
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .description(Some(
            "The order: a field, with a `-` before it for the opposite direction. The id breaks ties.",
        ))
        .enum_values(Some(names))
        .default(Some(default.into()))
        .build()
}
