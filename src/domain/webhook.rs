//! Webhooks: who is told what happens on a platform.

use std::collections::HashMap;

use url::Url;

use super::suggestion::check_prose;
use super::{Cx, PlatformRef, enter};
use crate::auth::{Permit, Webhooks, policy, webhook_secret};
use crate::clock;
use crate::db::webhook::{self as stored, EndpointPatch, NewEndpoint};
use crate::db::{Finish, Tx, directory, until_through};
use crate::error::{Error, Problem, ProblemCode, Result};
use crate::event::EventAction;
use crate::page::{ConnectionArguments, Slice, SortKey, Window};

pub use super::directory::NestedList;
use super::event::EVENTS_ORDERING;
pub use crate::db::webhook::{
    DELIVERIES_ORDERING, ENDPOINTS_ORDERING, WebhookDelivery, WebhookEndpoint, WebhookState,
};

/// The most endpoints of a platform.
const MAX_ENDPOINTS: i64 = 20;

/// The longest address, in characters.
const MAX_URL: usize = 2_000;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 500;

/// A change, or what is wrong with the input.
pub type Changed<T> = Result<Result<T, Problem>>;

/// The endpoints of a platform, in the order in which they were made. Endpoints are read where they are written: no
/// batch tells that somebody has just changed one.
///
/// # Errors
/// Those of the policy, of the arguments and of the database.
pub async fn list(
    cx: &Cx,
    platform_key: String,
    arguments: &ConnectionArguments,
) -> Result<Slice<WebhookEndpoint>> {
    let permit = admit(cx, platform_key).await?;
    let window = arguments.window(&ENDPOINTS_ORDERING)?;
    Ok(part(
        stored::of_platform(&cx.db.primary(), &permit).await?,
        &window,
    ))
}

/// A part of a list that was read whole.
fn part(all: Vec<WebhookEndpoint>, window: &Window) -> Slice<WebhookEndpoint> {
    let cut = window.cut();
    let total = i64::try_from(all.len()).ok();
    let is_after = |id: i64| cut.after.is_none_or(|after| id > after.id);
    let is_before = |id: i64| cut.before.is_none_or(|before| id < before.id);
    let behind = all.iter().any(|row| !is_after(row.id));
    let ahead = all.iter().any(|row| !is_before(row.id));
    let mut rows: Vec<_> = all
        .into_iter()
        .filter(|row| is_after(row.id) && is_before(row.id))
        .map(|row| (row, SortKey::Id))
        .collect();
    if cut.backward {
        rows.reverse();
    }
    let mut slice = cut.page(rows);
    slice.total = total;
    slice.has_previous |= behind;
    slice.has_next |= ahead;
    slice
}

async fn admit(cx: &Cx, platform_key: String) -> Result<Permit<Webhooks>> {
    let platform = PlatformRef {
        key: platform_key,
        org: None,
        department_mode: false,
    };
    enter(cx, &platform).await
}

/// The endpoints with these ids that are in sight.
pub async fn by_ids(cx: &Cx, ids: &[i64]) -> Result<Vec<WebhookEndpoint>> {
    stored::by_ids(&cx.db.primary(), &cx.sight, ids).await
}

/// How many events wait for each of these endpoints, counted among the next 100,000.
pub async fn pending(cx: &Cx, ids: &[i64]) -> Result<HashMap<i64, i64>> {
    stored::pending(&cx.db.primary(), &cx.sight, ids).await
}

/// A part of the deliveries of each of these endpoints, the newest first.
pub async fn deliveries_of(
    cx: &Cx,
    ids: &[i64],
    list: &NestedList,
) -> Result<HashMap<i64, Slice<WebhookDelivery>>> {
    stored::deliveries_of(&cx.db.primary(), &cx.sight, ids, list, clock::now()).await
}

/// An endpoint to be made.
#[derive(Debug)]
pub struct Create {
    pub platform_key: String,
    pub url: String,
    pub description: Option<String>,
    /// None: all.
    pub actions: Option<Vec<EventAction>>,
}

/// Makes an endpoint, and returns it with its secret, which is shown this once.
///
/// # Errors
/// Those of the policy and of the database.
pub async fn create(cx: &Cx, request: &Create) -> Changed<(WebhookEndpoint, String)> {
    let permit = admit(cx, request.platform_key.clone()).await?;
    let actions = request.actions.as_deref();
    if let Err(problem) = check_url(&request.url, cx.allow_http)
        .and_then(|()| check_description(request.description.as_deref()))
        .and_then(|()| check_actions(actions))
    {
        return Ok(Err(problem));
    }
    let secret = webhook_secret::generate()?;
    let endpoint = NewEndpoint {
        url: &request.url,
        description: request.description.as_deref().filter(|it| !it.is_empty()),
        actions: actions.unwrap_or(&EventAction::ALL),
        secret: &secret,
        at: clock::now(),
    };
    let made = until_through(async || {
        cx.db
            .write(async |tx| {
                if stored::count(tx, &permit).await? >= MAX_ENDPOINTS {
                    return Ok(Finish::Rollback(None));
                }
                let id = stored::insert(tx, &permit, &endpoint).await?;
                Ok(Finish::Commit(Some(id)))
            })
            .await
    })
    .await?;
    let Some(id) = made else {
        return Ok(Err(Problem::new(
            ProblemCode::LimitExceeded,
            &[],
            format!(
                "A platform has at most {MAX_ENDPOINTS} endpoints: delete one that is not needed."
            ),
        )));
    };
    Ok(found(cx, id).await?.map(|endpoint| (endpoint, secret)))
}

/// What is to change of an endpoint; none: as it is.
#[derive(Debug)]
pub struct Update {
    pub id: i64,
    pub url: Option<String>,
    pub description: Option<Option<String>>,
    pub actions: Option<Vec<EventAction>>,
    pub paused: Option<bool>,
}

pub async fn update(cx: &Cx, request: Update) -> Changed<WebhookEndpoint> {
    let checked = request
        .url
        .as_deref()
        .map_or(Ok(()), |url| check_url(url, cx.allow_http))
        .and_then(|()| check_description(request.description.as_ref().and_then(Option::as_deref)))
        .and_then(|()| check_actions(request.actions.as_deref()));
    if let Err(problem) = checked {
        return Ok(Err(problem));
    }
    let id = request.id;
    let patch = EndpointPatch {
        url: request.url,
        description: request
            .description
            .map(|text| text.filter(|text| !text.is_empty())),
        actions: request.actions,
        paused: request.paused,
    };
    if patch == EndpointPatch::default() {
        return found(cx, id).await;
    }
    change(cx, id, async |tx, permit| {
        stored::update(tx, permit, id, &patch).await
    })
    .await
}

/// Gives an endpoint another secret, and returns it with that secret, which is shown this once.
pub async fn rotate_secret(cx: &Cx, id: i64) -> Changed<(WebhookEndpoint, String)> {
    let secret = webhook_secret::generate()?;
    let changed = change(cx, id, async |tx, permit| {
        stored::rotate(tx, permit, id, &secret, clock::now()).await
    })
    .await?;
    Ok(changed.map(|endpoint| (endpoint, secret)))
}

/// Sets the place of an endpoint to a cursor of the events of its platform.
pub async fn replay(cx: &Cx, id: i64, after: &str) -> Changed<WebhookEndpoint> {
    let Ok(place) = EVENTS_ORDERING.position("after", after) else {
        return Ok(Err(no_cursor()));
    };
    let Some(permit) = permit_of(cx, id).await? else {
        return Ok(Err(not_found()));
    };
    let set = cx
        .db
        .write(async |tx| {
            if !stored::knows_place(tx, &permit, &place).await? {
                return Ok(Finish::Rollback(Err(no_cursor())));
            }
            let set = stored::replay(tx, &permit, id, &place).await?;
            Ok(Finish::Commit(set.then_some(()).ok_or_else(not_found)))
        })
        .await?;
    match set {
        Ok(()) => found(cx, id).await,
        Err(problem) => Ok(Err(problem)),
    }
}

/// Deletes an endpoint, and returns its id.
pub async fn delete(cx: &Cx, id: i64) -> Changed<i64> {
    let Some(permit) = permit_of(cx, id).await? else {
        return Ok(Err(not_found()));
    };
    let write = async |tx: &Tx| stored::delete(tx, &permit, id).await.map(Finish::Commit);
    let deleted = cx.db.write(write).await?;
    Ok(deleted.then_some(id).ok_or_else(not_found))
}

/// Changes an endpoint in a transaction, and reads it again.
async fn change(
    cx: &Cx,
    id: i64,
    write: impl AsyncFnOnce(&Tx, &Permit<Webhooks>) -> Result<bool>,
) -> Changed<WebhookEndpoint> {
    let Some(permit) = permit_of(cx, id).await? else {
        return Ok(Err(not_found()));
    };
    let written = cx
        .db
        .write(async |tx| write(tx, &permit).await.map(Finish::Commit))
        .await?;
    if !written {
        return Ok(Err(not_found()));
    }
    found(cx, id).await
}

/// The permit for the platform of an endpoint; none where the endpoint is unknown or hidden.
async fn permit_of(cx: &Cx, id: i64) -> Result<Option<Permit<Webhooks>>> {
    policy::authenticated(&cx.viewer)?;
    let Some(endpoint) = by_ids(cx, &[id]).await?.into_iter().next() else {
        return Ok(None);
    };
    let platforms = directory::platforms(&cx.db, &cx.sight, &[endpoint.platform_id]).await?;
    let Some(platform) = platforms.first() else {
        return Ok(None);
    };
    match policy::permit(&cx.viewer, platform, false) {
        Ok(permit) => Ok(Some(permit)),
        Err(Error::Forbidden(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn found(cx: &Cx, id: i64) -> Changed<WebhookEndpoint> {
    let found = by_ids(cx, &[id]).await?;
    Ok(found.into_iter().next().ok_or_else(not_found))
}

fn not_found() -> Problem {
    Problem::new(ProblemCode::Invalid, &["id"], "There is no such endpoint.")
}

fn no_cursor() -> Problem {
    Problem::new(
        ProblemCode::Invalid,
        &["after"],
        "`after` is not a cursor of `suggestionEvents` of the endpoint's platform: pass on a cursor exactly as it was given.",
    )
}

fn check_url(text: &str, allow_http: bool) -> Result<(), Problem> {
    check_prose(text, "url", MAX_URL)?;
    let wrong = |why: &str| {
        let right = "as in https://hooks.example.org/waymark";
        let message = format!("`url` {why}, {right}.");
        Err(Problem::new(ProblemCode::Invalid, &["url"], message))
    };
    // Parsers of URLs pass over white space, so that what is shown would not be what is sent to.
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return wrong("must not contain white space or control characters");
    }
    let schemes = if allow_http {
        "must be an absolute https or http URL"
    } else {
        "must be an absolute https URL"
    };
    let Ok(url) = Url::parse(text) else {
        return wrong(schemes);
    };
    let fits = url.scheme() == "https" || (allow_http && url.scheme() == "http");
    let Some((_, rest)) = text.split_once("://").filter(|_| fits) else {
        return wrong(schemes);
    };
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        wrong("must not contain a username or a password")
    } else if authority.is_empty() || url.port() == Some(0) {
        wrong(schemes)
    } else if url.fragment().is_some() {
        wrong("must not contain a fragment (`#`)")
    } else {
        Ok(())
    }
}

fn check_description(text: Option<&str>) -> Result<(), Problem> {
    text.map_or(Ok(()), |text| {
        check_prose(text, "description", MAX_DESCRIPTION)
    })
}

fn check_actions(actions: Option<&[EventAction]>) -> Result<(), Problem> {
    match actions {
        Some([]) => Err(Problem::new(
            ProblemCode::Required,
            &["actions"],
            "Name at least one action, or leave `actions` out.",
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_and_name_nobody() {
        for right in [
            "https://hooks.example.org",
            "https://hooks.example.org:8443/a/b?c=d",
            "HTTPS://hooks.example.org/",
            "https://münchen.example/",
            "https://127.0.0.1/",
            "https://[::1]/",
        ] {
            assert_eq!(check_url(right, false), Ok(()), "{right}");
        }
        let long = format!("https://a.example/{}", "x".repeat(MAX_URL));
        for (wrong, why) in [
            ("", "must be an absolute https URL"),
            ("hooks.example.org", "must be an absolute https URL"),
            ("/hook", "must be an absolute https URL"),
            ("http://hooks.example.org", "must be an absolute https URL"),
            ("ftp://hooks.example.org", "must be an absolute https URL"),
            ("https:hooks.example.org", "must be an absolute https URL"),
            ("https:///hook", "must be an absolute https URL"),
            ("https://", "must be an absolute https URL"),
            ("https://a.example:0/", "must be an absolute https URL"),
            ("https://a.example:x/", "must be an absolute https URL"),
            ("https://a.example:70000/", "must be an absolute https URL"),
            ("https://me@a.example/", "username or a password"),
            ("https://me:hush@a.example/", "username or a password"),
            ("https://@a.example/", "username or a password"),
            ("https://a.example/#x", "fragment"),
            ("https://a.example/#", "fragment"),
            ("https://a.example/a b", "white space"),
            (" https://a.example/", "white space"),
            ("https://a.ex\tample/", "white space"),
            ("https://a.example/\u{7}", "white space"),
            ("https://a.example/\0", "NUL"),
            (long.as_str(), "at most 2000 characters"),
        ] {
            let problem = check_url(wrong, false).unwrap_err();
            assert!(
                problem.message.contains(why),
                "{wrong}: {}",
                problem.message
            );
            assert_eq!(problem.field, ["url"]);
        }
        assert_eq!(check_url("http://a.example/", true), Ok(()));
        assert!(check_url("ftp://a.example/", true).is_err());
    }
}
