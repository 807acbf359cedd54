//! Many suggestions to users at once.

use axum::Json;
use axum::response::IntoResponse as _;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::{self, Accept};
use super::error::{BodyRefusals, Code, Complaint, Refusal, Refusals};
use super::fields::Fields;
use super::suggestion::{self, ManageParameters, MetadataObject};
use super::user::user_id_schema;
use super::{Answer, Call, query};
use crate::domain::suggestion::{
    self as domain, Create, Item, Kind, Mode, Outcome, SubjectRef, UserName,
};
use crate::error::{Problem, ProblemCode};

/// Programs to suggest to users of one platform.
#[derive(Debug, ToSchema)]
#[schema(example = json!({
    "platform_key": "acme",
    "suggestion_data": [
        { "program_key": "program-v1:acme+ds+2026", "user_id": 456, "accepted": true },
        { "program_key": "program-v1:acme+ds+2026", "email": "s1@acme.example" }
    ]
}))]
#[expect(dead_code, reason = "describes what `create` reads")]
pub(super) struct BulkCreate {
    /// The key of the platform.
    #[schema(min_length = 1, example = "acme")]
    platform_key: String,
    /// The organisation of the platform; if given, it must be that platform's.
    #[schema(min_length = 1, example = "acme-u")]
    platform_org: Option<String>,
    /// What to suggest to whom. Each on its own: one that fails does not keep the others.
    #[schema(max_items = 10000)]
    suggestion_data: Vec<BulkItem>,
    /// A department admin sets it to work within the departments. For others it changes nothing.
    #[schema(default = false)]
    department_mode: Option<bool>,
}

/// A program to suggest to a user, who is named in at least one way; several must agree. An item that
/// is not like this fails, and the others do not. Other keys are ignored.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "describes what `create` reads")]
pub(super) struct BulkItem {
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
    /// Whether the user accepted it. Omitted: as it is, or `false` on a new one.
    accepted: Option<bool>,
    /// Whether the user sees it. Omitted: as it is, or `true` on a new one.
    visible: Option<bool>,
    /// Replaces what is there; null is the empty object. Omitted: as it is, or `{}` on a new one.
    metadata: Option<MetadataObject>,
}

/// What became of many suggestions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkAnswer {
    /// How many were created, updated or already as asked.
    #[schema(minimum = 0, example = 1)]
    successes: usize,
    /// One for each that failed, in their order.
    #[schema(example = json!(["USER_NOT_FOUND"]))]
    error_codes: Vec<Code>,
    /// One for each item, in their order.
    results: Vec<BulkResult>,
}

/// What became of one of many suggestions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkResult {
    /// The place of the item, from 0.
    #[schema(minimum = 0, example = 0)]
    index: usize,
    /// What became of it.
    status: BulkStatus,
    /// Why it failed, for programs.
    #[schema(required)]
    code: Option<Code>,
    /// Which field of the item is to blame.
    #[schema(required, example = json!(null))]
    field: Option<String>,
    /// Why it failed, for people.
    #[schema(required, example = json!(null))]
    message: Option<String>,
    /// The id of the suggestion.
    #[schema(required, example = 1001)]
    id: Option<i64>,
}

/// What can become of a suggestion.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(example = "created")]
pub(super) enum BulkStatus {
    /// It is new.
    Created,
    /// It was there, and is now as asked.
    Updated,
    /// It was there as asked.
    Unchanged,
    /// It could not be made.
    Failed,
}

/// Suggest programs to users
///
/// Up to 10,000 at once, each on its own: the answer is 200 also when all of them fail.
#[utoipa::path(
    post,
    path = "/api/catalog/suggestions/program/manage/bulk/",
    operation_id = "suggestToUsers",
    tag = "Users",
    params(ManageParameters),
    request_body(description = "What to suggest to whom.", content((BulkCreate = "application/json"))),
    responses(
        (status = 200, description = "What became of each.", body = BulkAnswer),
        Refusals,
        BodyRefusals,
    ),
)]
pub(super) async fn create(mut call: Call) -> Answer {
    let mut query = Fields::text(query::parse(call.request.uri())?);
    let request = std::mem::take(&mut call.request);
    let mut body = body::read(request, Accept::Json, call.body_timeout()).await?;
    let platform = suggestion::platform(&mut body, &mut query);
    let list = body.required_list("suggestion_data");
    let mut items = Vec::with_capacity(list.len());
    let mut user_fields = Vec::with_capacity(list.len());
    for (index, value) in list.into_iter().enumerate() {
        let Value::Object(object) = value else {
            let message =
                format!("`suggestion_data` must hold objects, and element {index} is none.");
            body.complain(Complaint::new(
                ProblemCode::Invalid,
                "suggestion_data",
                message,
            ));
            break;
        };
        let (item, user_field) = read(Fields::json(object));
        items.push(item);
        user_fields.push(user_field);
    }
    query.finish()?;
    body.finish()?;

    let request = Create {
        operation: Kind::User.bulk_create(),
        kind: Kind::User,
        platform,
        items,
        mode: Mode::default(),
    };
    let answer = domain::create(&call.cx, &request)
        .await?
        .map_err(|problem| Refusal::from(Complaint::of(&problem, "user_id")))?;
    let results: Vec<BulkResult> = answer
        .results
        .iter()
        .zip(user_fields)
        .enumerate()
        .map(|(index, (result, user_field))| {
            let complaint = result
                .problem
                .as_ref()
                .map(|problem| Complaint::of(problem, user_field));
            let code = complaint.as_ref().map(|complaint| complaint.code.into());
            let (field, message) =
                complaint.map_or((None, None), |it| (it.field, Some(it.message)));
            BulkResult {
                index,
                status: match result.outcome {
                    Outcome::Created => BulkStatus::Created,
                    Outcome::Updated => BulkStatus::Updated,
                    Outcome::Unchanged => BulkStatus::Unchanged,
                    Outcome::Deleted | Outcome::Failed => BulkStatus::Failed,
                },
                code,
                field,
                message,
                id: result.suggestion.as_ref().map(|row| row.id),
            }
        })
        .collect();
    let error_codes: Vec<Code> = results.iter().filter_map(|result| result.code).collect();
    let body = BulkAnswer {
        successes: results.len() - error_codes.len(),
        error_codes,
        results,
    };
    Ok(Json(body).into_response())
}

/// One item, or why it cannot be read; and how it names its user.
fn read(mut fields: Fields) -> (Result<Item, Problem>, &'static str) {
    let program_key = fields.required_text("program_key");
    let (names, user_field) = fields.user_names();
    let item = suggestion::item(&mut fields, program_key, SubjectRef::User(names));
    let item = match fields.first_complaint() {
        Some(complaint) => Err(complaint.into_problem()),
        None => Ok(item),
    };
    (item, user_field)
}
