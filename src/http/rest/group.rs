//! Suggestions to groups.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, Accept};
use super::error::{BodyRefusals, Detail, Refusals};
use super::fields::Fields;
use super::page::Page;
use super::suggestion::{self, DeleteParameters, ManageParameters, MetadataObject, Shape, Sorts};
use super::{Answer, Call, query};
use crate::clock::Timestamp;
use crate::domain::suggestion::{Kind, OrderField, Subject, SubjectRef, Suggestion};
use crate::error::Error;

/// A program that is suggested to a group.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GroupDetail {
    /// The id of the suggestion.
    #[schema(example = 3001)]
    id: i64,
    /// The id of the group.
    #[schema(example = 101)]
    group_id: i64,
    /// The name of the group.
    #[schema(example = "Engineering Team")]
    group_name: String,
    /// The key of the platform.
    #[schema(example = "acme")]
    platform_key: String,
    /// Whether the suggestion is marked as accepted.
    accepted: bool,
    /// Whether the members of the group see it.
    visible: bool,
    /// When it was made.
    #[schema(format = DateTime, example = "2026-01-01T09:00:00.000000Z")]
    created: String,
    /// When it was changed last.
    #[schema(format = DateTime, example = "2026-01-01T09:00:00.000000Z")]
    modified: String,
    metadata: MetadataObject,
    /// The key of the program.
    #[schema(example = "program-v1:acme+ds+2026")]
    program_key: String,
    /// The name of the program.
    #[schema(example = "Data Science")]
    program_name: String,
    /// How many active members the group has now.
    #[schema(minimum = 0, example = 3)]
    user_count: i64,
}

impl Shape for GroupDetail {
    const KIND: Kind = Kind::Group;
    const SORTS: &'static Sorts = &[
        ("id", OrderField::Id),
        ("group_id", OrderField::GroupId),
        ("group_name", OrderField::GroupName),
        ("program_key", OrderField::ProgramKey),
        ("program_name", OrderField::ProgramName),
        ("accepted", OrderField::Accepted),
        ("visible", OrderField::Visible),
        ("created", OrderField::Created),
        ("modified", OrderField::Modified),
        ("user_count", OrderField::UserCount),
    ];

    fn of(suggestion: &Suggestion) -> Option<Result<Self, Error>> {
        let joined = &suggestion.joined;
        let (platform, program) = (joined.platform.as_ref()?, joined.program.as_ref()?);
        let Some(Subject::Group(group)) = &joined.subject else {
            return None;
        };
        Some(MetadataObject::of(suggestion).map(|metadata| Self {
            id: suggestion.id,
            group_id: group.id,
            group_name: group.name.clone(),
            platform_key: platform.key.clone(),
            accepted: suggestion.fields.accepted,
            visible: suggestion.fields.visible,
            created: Timestamp(suggestion.created).to_string(),
            modified: Timestamp(suggestion.modified).to_string(),
            metadata,
            program_key: program.key.clone(),
            program_name: program.name.clone(),
            user_count: group.user_count,
        }))
    }
}

/// A program to suggest to a group.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "platform_key": "acme", "program_key": "program-v1:acme+ds+2026", "group_id": 101,
    "visible": true
}))]
#[expect(dead_code, reason = "describes what `create` reads")]
pub(super) struct GroupCreate {
    /// The key of the platform.
    #[schema(min_length = 1, example = "acme")]
    platform_key: String,
    /// The organisation of the platform; if given, it must be that platform's.
    #[schema(min_length = 1, example = "acme-u")]
    platform_org: Option<String>,
    /// The key of the program, which must be one of the platform's.
    #[schema(min_length = 1, max_length = 255, example = "program-v1:acme+ds+2026")]
    program_key: String,
    #[schema(schema_with = group_id_schema)]
    group_id: i64,
    /// Whether the suggestion counts as accepted. Omitted: as it is, or `false` on a new one.
    accepted: Option<bool>,
    /// Whether the members see it. Omitted: as it is, or `true` on a new one.
    visible: Option<bool>,
    /// Replaces what is there; null is the empty object. Omitted: as it is, or `{}` on a new one.
    metadata: Option<MetadataObject>,
    /// A department admin sets it to work within the departments. For others it changes nothing.
    #[schema(default = false)]
    department_mode: Option<bool>,
}

fn group_id_schema() -> Schema {
    let digits = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some("^-?[0-9]+$"));
    OneOfBuilder::new()
        .item(suggestion::integer_schema())
        .item(digits)
        .description(Some(
            "The id of a group of the platform: an integer, or its decimal digits.",
        ))
        .examples([json!(101)])
        .build()
        .into()
}

/// The parameters of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `list` reads")]
pub(super) struct GroupListParameters {
    /// The key of the platform.
    #[param(min_length = 1, example = "acme")]
    platform_key: String,
    /// The organisation of the platform; if given, it must be that platform's.
    #[param(min_length = 1, example = "acme-u")]
    platform_org: Option<String>,
    /// Only suggestions in which the name of the group, or name or key of the program contains this
    /// text, whatever the case.
    #[param(min_length = 1, max_length = 500, example = "data")]
    query: Option<String>,
    /// The order: a field, with a `-` before it for the opposite direction. The id breaks ties.
    #[param(schema_with = group_sort)]
    sort: Option<String>,
    /// A department admin sets it to see what lies in the departments. For others it changes nothing.
    #[param(default = false)]
    department_mode: Option<bool>,
    /// The number of the page. Past the end a page is empty.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// The most rows of a page; more than 100 is taken as 100.
    #[param(minimum = 1, default = 10)]
    page_size: Option<i64>,
}

fn group_sort() -> utoipa::openapi::schema::Object {
    suggestion::sort_schema(GroupDetail::SORTS, "id")
}

/// Programs suggested to groups
///
/// Those of a platform that you administer, or of your departments.
#[utoipa::path(
    get,
    path = "/api/catalog/suggestions/program/manage/group/",
    operation_id = "listGroupSuggestions",
    tag = "Groups",
    params(GroupListParameters),
    responses(
        (status = 200, description = "A page of them.", body = Page<GroupDetail>),
        Refusals,
    ),
)]
pub(super) async fn list(call: Call) -> Answer {
    suggestion::list::<GroupDetail>(call, "id").await
}

/// Suggest a program to a group
///
/// Suggesting again updates: what is omitted stays as it is.
#[utoipa::path(
    post,
    path = "/api/catalog/suggestions/program/manage/group/",
    operation_id = "suggestToGroup",
    tag = "Groups",
    params(ManageParameters),
    request_body(
        description = "What to suggest to whom. In a form, `metadata` is the JSON of an object.",
        content(
            (GroupCreate = "application/json"),
            (GroupCreate = "application/x-www-form-urlencoded"),
            (GroupCreate = "multipart/form-data"),
        ),
    ),
    responses(
        (status = 200, description = "The suggestion as it is now.", body = GroupDetail, headers(("X-Suggestion-Outcome" = String, description = "`created`, `updated` or `unchanged`."))),
        Refusals,
        BodyRefusals,
    ),
)]
pub(super) async fn create(mut call: Call) -> Answer {
    let mut query = Fields::text(query::parse(call.request.uri())?);
    let request = std::mem::take(&mut call.request);
    let mut body = body::read(request, Accept::JsonOrForm, call.body_timeout()).await?;
    let platform = suggestion::platform(&mut body, &mut query);
    let program_key = body.required_text("program_key");
    let group_id = body.required_integer("group_id");
    let item = suggestion::item(&mut body, program_key, SubjectRef::Group(group_id));
    query.finish()?;
    body.finish()?;
    suggestion::create::<GroupDetail>(call, platform, item, "user_id").await
}

/// Withdraw a suggestion to a group
#[utoipa::path(
    delete,
    path = "/api/catalog/suggestions/program/manage/group/",
    operation_id = "withdrawFromGroup",
    tag = "Groups",
    params(DeleteParameters),
    responses(
        (status = 200, description = "It is gone. The answer has no body."),
        Refusals,
        (status = 404, description = "There is no such suggestion, or none that you may manage.", body = Detail),
    ),
)]
pub(super) async fn delete(call: Call) -> Answer {
    suggestion::delete(call, Kind::Group).await
}
