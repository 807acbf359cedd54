//! Suggestions to single users.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{IntoParams, ToSchema};

use super::body::{self, Accept};
use super::error::{BodyRefusals, Complaint, Detail, Refusal, Refusals};
use super::fields::Fields;
use super::page::{self, Links, Page};
use super::suggestion::{self, DeleteParameters, ManageParameters, MetadataObject, Shape, Sorts};
use super::{Answer, Call, query};
use crate::clock::Timestamp;
use crate::domain::suggestion::{
    self as domain, Kind, ListOfUser, OrderField, Subject, SubjectRef, Suggestion, UserName,
};
use crate::error::Error;

/// A program that is suggested to a user.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UserDetail {
    /// The id of the suggestion.
    #[schema(example = 1001)]
    id: i64,
    /// The id of the user.
    #[schema(example = 456)]
    user_id: i64,
    /// The user's username.
    #[schema(example = "student1")]
    username: String,
    /// The user's name.
    #[schema(example = "Student One")]
    name: String,
    /// The key of the platform.
    #[schema(example = "acme")]
    platform_key: String,
    /// Whether the user accepted it.
    accepted: bool,
    /// Whether the user sees it.
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
}

impl Shape for UserDetail {
    const KIND: Kind = Kind::User;
    const SORTS: &'static Sorts = &[
        ("id", OrderField::Id),
        ("user_id", OrderField::UserId),
        ("username", OrderField::Username),
        ("name", OrderField::Name),
        ("program_key", OrderField::ProgramKey),
        ("program_name", OrderField::ProgramName),
        ("accepted", OrderField::Accepted),
        ("visible", OrderField::Visible),
        ("created", OrderField::Created),
        ("modified", OrderField::Modified),
    ];

    fn of(suggestion: &Suggestion) -> Option<Result<Self, Error>> {
        let joined = &suggestion.joined;
        let (platform, program) = (joined.platform.as_ref()?, joined.program.as_ref()?);
        let Some(Subject::User(user)) = &joined.subject else {
            return None;
        };
        Some(MetadataObject::of(suggestion).map(|metadata| Self {
            id: suggestion.id,
            user_id: user.id,
            username: user.username.clone(),
            name: user.name.clone(),
            platform_key: platform.key.clone(),
            accepted: suggestion.fields.accepted,
            visible: suggestion.fields.visible,
            created: Timestamp(suggestion.created).to_string(),
            modified: Timestamp(suggestion.modified).to_string(),
            metadata,
            program_key: program.key.clone(),
            program_name: program.name.clone(),
        }))
    }
}

/// A program to suggest to a user, who is named in at least one way; several must agree.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "platform_key": "acme", "program_key": "program-v1:acme+ds+2026", "user_id": "student1",
    "metadata": { "reason": "fits your goals" }
}))]
#[expect(dead_code, reason = "describes what `create` reads")]
pub(super) struct UserCreate {
    /// The key of the platform.
    #[schema(min_length = 1, example = "acme")]
    platform_key: String,
    /// The organisation of the platform; if given, it must be that platform's.
    #[schema(min_length = 1, example = "acme-u")]
    platform_org: Option<String>,
    /// The key of the program, which must be one of the platform's.
    #[schema(min_length = 1, max_length = 255, example = "program-v1:acme+ds+2026")]
    program_key: String,
    #[schema(schema_with = user_id_schema)]
    user_id: Option<UserName>,
    /// The user's username, whatever the case.
    #[schema(min_length = 1, max_length = 255, example = "student1")]
    username: Option<String>,
    /// The user's e-mail address, whatever the case. It must name one member of the platform only.
    #[schema(min_length = 1, max_length = 255, example = "s1@acme.example")]
    email: Option<String>,
    /// Who suggests, where that is not you: an active member of the platform.
    #[schema(schema_with = suggested_by_schema)]
    suggested_by: Option<UserName>,
    /// Whether it is suggested to the user in person. Omitted: as it is, or `true` on a new one.
    direct: Option<bool>,
    /// Whether the user accepted it. Omitted: as it is, or `false` on a new one.
    accepted: Option<bool>,
    /// Whether the user sees it. Omitted: as it is, or `true` on a new one.
    visible: Option<bool>,
    /// Replaces what is there; null is the empty object. Omitted: as it is, or `{}` on a new one.
    metadata: Option<MetadataObject>,
    /// A department admin sets it to work within the departments. For others it changes nothing.
    #[schema(default = false)]
    department_mode: Option<bool>,
}

pub(super) fn user_id_schema() -> Schema {
    member_schema("The user, an active member of the platform")
}

fn suggested_by_schema() -> Schema {
    member_schema("Who suggests, where that is not you: an active member of the platform")
}

fn member_schema(who: &str) -> Schema {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255));
    OneOfBuilder::new()
        .item(suggestion::integer_schema())
        .item(text)
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .description(Some(format!("{who}: by id; or by text, which is an id first and a username second if it is all digits, and otherwise a username first and an e-mail address second.")))
        .examples([json!(456)])
        .build()
        .into()
}

/// The parameters of the list of a platform.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `list` reads")]
pub(super) struct UserListParameters {
    /// The key of the platform.
    #[param(min_length = 1, example = "acme")]
    platform_key: String,
    /// The organisation of the platform; if given, it must be that platform's.
    #[param(min_length = 1, example = "acme-u")]
    platform_org: Option<String>,
    /// Only suggestions in which the username, name or e-mail address of the user, or name or key of
    /// the program contains this text, whatever the case.
    #[param(min_length = 1, max_length = 500, example = "data")]
    query: Option<String>,
    /// The order: a field, with a `-` before it for the opposite direction. The id breaks ties.
    #[param(schema_with = user_sort)]
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

/// The parameters of the list of one user, who is named in at least one way; several must agree.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what `list_of_user` reads")]
pub(super) struct OneUserParameters {
    /// The user's username, or id.
    #[param(min_length = 1, max_length = 255, example = "student1")]
    username: Option<String>,
    /// The user's id.
    #[param(example = 456)]
    user_id: Option<i64>,
    /// The user's e-mail address.
    #[param(min_length = 1, max_length = 255, example = "s1@acme.example")]
    email: Option<String>,
    /// Only suggestions of this platform.
    #[param(min_length = 1, example = "acme")]
    platform_key: Option<String>,
    /// Only suggestions of platforms of this organisation.
    #[param(min_length = 1, example = "acme-u")]
    platform_org: Option<String>,
    /// The order: a field, with a `-` before it for the opposite direction. The id breaks ties.
    #[param(schema_with = user_sort)]
    sort: Option<String>,
    /// The number of the page. Past the end a page is empty.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// The most rows of a page; more than 100 is taken as 100.
    #[param(minimum = 1, default = 10)]
    page_size: Option<i64>,
}

fn user_sort() -> utoipa::openapi::schema::Object {
    suggestion::sort_schema(UserDetail::SORTS, "-id")
}

/// Programs suggested to users
///
/// Those of a platform that you administer, or of your departments.
#[utoipa::path(
    get,
    path = "/api/catalog/suggestions/program/manage/",
    operation_id = "listUserSuggestions",
    tag = "Users",
    params(UserListParameters),
    responses(
        (status = 200, description = "A page of them.", body = Page<UserDetail>),
        Refusals,
    ),
)]
pub(super) async fn list(call: Call) -> Answer {
    suggestion::list::<UserDetail>(call, "-id").await
}

/// Suggest a program to a user
///
/// Suggesting again updates: what is omitted stays as it is.
#[utoipa::path(
    post,
    path = "/api/catalog/suggestions/program/manage/",
    operation_id = "suggestToUser",
    tag = "Users",
    params(ManageParameters),
    request_body(
        description = "What to suggest to whom. In a form, `metadata` is the JSON of an object.",
        content(
            (UserCreate = "application/json"),
            (UserCreate = "application/x-www-form-urlencoded"),
            (UserCreate = "multipart/form-data"),
        ),
    ),
    responses(
        (status = 200, description = "The suggestion as it is now.", body = UserDetail, headers(("X-Suggestion-Outcome" = String, description = "`created`, `updated` or `unchanged`."))),
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
    let (names, user_field) = body.user_names();
    let mut item = suggestion::item(&mut body, program_key, SubjectRef::User(names));
    item.direct = body.boolean("direct");
    item.suggested_by = body.user("suggested_by").map(|name| vec![name]);
    query.finish()?;
    body.finish()?;
    suggestion::create::<UserDetail>(call, platform, item, user_field).await
}

/// Withdraw a suggestion to a user
#[utoipa::path(
    delete,
    path = "/api/catalog/suggestions/program/manage/",
    operation_id = "withdrawFromUser",
    tag = "Users",
    params(DeleteParameters),
    responses(
        (status = 200, description = "It is gone. The answer has no body."),
        Refusals,
        (status = 404, description = "There is no such suggestion, or none that you may manage.", body = Detail),
    ),
)]
pub(super) async fn delete(call: Call) -> Answer {
    suggestion::delete(call, Kind::User).await
}

/// Programs suggested to one user
///
/// Administrators see all of their platforms; users see those of their own that are visible. Whoever
/// is unknown, or hidden from you as an administrator, has none.
#[utoipa::path(
    get,
    path = "/api/catalog/suggestions/program/user/",
    operation_id = "listSuggestionsOfUser",
    tag = "Users",
    params(OneUserParameters),
    responses(
        (status = 200, description = "A page of them.", body = Page<UserDetail>),
        Refusals,
    ),
)]
pub(super) async fn list_of_user(call: Call) -> Answer {
    let pairs = query::parse(call.request.uri())?;
    let mut fields = Fields::text(pairs.clone());
    let given = ["username", "user_id", "email"]
        .into_iter()
        .find(|name| fields.has(name));
    let user_field = given.unwrap_or("username");
    if given.is_none() {
        fields.missing(user_field);
    }
    let mut names = Vec::new();
    names.extend(fields.user("username"));
    names.extend(fields.integer("user_id").map(UserName::Id));
    names.extend(fields.optional_text("email").map(UserName::Email));
    let platform_key = fields.optional_text("platform_key");
    let platform_org = fields.optional_text("platform_org");
    let order = suggestion::order(&mut fields, UserDetail::SORTS, "-id");
    let number = page::number(&mut fields);
    fields.optional_text("query");
    fields.finish()?;
    let refused = |problem| Refusal::from(Complaint::of(&problem, user_field));
    domain::check_names(&names, &["user"]).map_err(refused)?;
    let links = Links::new(&call.app.config, call.request.headers(), &call.path, pairs)?;
    let list = ListOfUser {
        names,
        platform_key,
        platform_org,
        order,
    };
    let slice = domain::list_page_of_user(&call.cx, &list, number)
        .await?
        .map_err(refused)?;
    suggestion::page_of::<UserDetail>(&links, number, &slice)
}
