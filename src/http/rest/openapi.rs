//! The OpenAPI document, made from the code that it describes.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ArrayBuilder, Ref, RefOr, Schema};
use utoipa::{Modify, OpenApi};

use super::error::{BadRequest, Detail, Fault};
use super::{bulk, group, user};

/// The document of this surface.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Waymark",
        description = "Program suggestions on learning platforms: which programs a platform suggests to its users and groups.\n\nEvery operation takes an API key of a platform, or a bearer token of a person. Platform admins manage their platform, department admins their departments (with `department_mode`), DM admins everything. Paths work with and without the slash at the end.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "The host that serves this document.")),
    paths(
        user::list, user::create, user::delete, bulk::create, user::list_of_user,
        group::list, group::create, group::delete,
    ),
    components(schemas(BadRequest, Detail, Fault)),
    tags(
        (name = "Users", description = "Programs suggested to single users."),
        (name = "Groups", description = "Programs suggested to groups of users."),
    ),
    security(("ApiKey" = []), ("Bearer" = [])),
    modifiers(&Credentials, &Pages),
)]
struct Document;

/// The two ways to show who is calling.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let key = ApiKeyValue::with_description(
            "Authorization",
            "`Api-Token KEY`, with a key that `waymark api-key create` printed.",
        );
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("`Bearer TOKEN`, with a token that names a person."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("ApiKey", SecurityScheme::ApiKey(ApiKey::Header(key)));
        components.add_security_scheme("Bearer", SecurityScheme::Http(bearer));
    }
}

/// Lists hold rows by reference, where a generic type would hold a copy of their schema.
struct Pages;

impl Modify for Pages {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        for (name, schema) in &mut components.schemas {
            if let (Some(row), RefOr::T(Schema::Object(page))) =
                (name.strip_prefix("Page_"), schema)
            {
                let rows = ArrayBuilder::new()
                    .items(Ref::from_schema_name(row))
                    .description(Some("The rows of this page; none past the end."));
                page.properties
                    .insert("results".to_owned(), rows.build().into());
            }
        }
    }
}

/// The document as JSON, with a line break at the end.
pub fn json() -> &'static str {
    static JSON: OnceLock<String> = OnceLock::new();
    JSON.get_or_init(|| {
        let mut text = Document::openapi()
            .to_pretty_json()
            .unwrap_or_else(|_| "{}".to_owned());
        text.push('\n');
        text
    })
}

/// `GET /api/openapi.json`
pub(super) async fn show() -> Response {
    let body = Bytes::from_static(json().as_bytes());
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
