//! `waymark demo`: one command, nothing configured, and something to look at.

mod data;
mod names;

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::{Failure, Global, Outcome, database_options, print, serve};
use crate::answer::{State, States};
use crate::auth::{Subject, Viewer, api_key, jwt};
use crate::clock;
use crate::config::{Config, DEFAULT_TOML, JwtKeys, Secret};
use crate::db::{Db, Engine, access, api_keys, directory_export, migrate};
use crate::domain::suggested_program::{
    self, SuggestedProgramField, SuggestedProgramOrder, SuggestedProgramQuery,
};
use crate::domain::{Cx, PlatformRef};
use crate::error::Error;
use crate::event::{EventSource, Origin};
use crate::page::{Beyond, ConnectionArguments};
use crate::telemetry;
use crate::transfer::{self, Batch, OnError};

/// Where the data is, unless another place is configured.
const DATABASE_URL: &str = "sqlite://waymark-demo.db";
/// What the demo's own API key is called, by which the next run finds and revokes it.
const KEY_NAME: &str = "demo";
/// What the caller of the last examples is called.
const LEARNER_ROLE: &str = "learner";
/// How long the printed tokens are good for, if the demo runs that long.
const TOKENS_VALID: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What `demo` takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// The address and port to listen on; port 0 lets the system choose
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Throw the data of the last run away and start over
    #[arg(long)]
    fresh: bool,
}

/// Makes the demo data if it is not there yet, prints how to look at it, and serves.
///
/// # Errors
/// A wrong configuration, a database that holds something else, an address that is taken.
pub async fn run(global: Global, flags: Flags) -> Outcome {
    let chosen = global.database_url.is_some();
    let set = flags.listen.map(|value| ("listen", value));
    let mut config = global.configuration(set.into_iter().collect())?;
    if !chosen && is_default(config.database_url.expose()) {
        config.database_url = Secret::new(DATABASE_URL);
    }
    if config.log.level == "info" {
        "warn".clone_into(&mut config.log.level);
    }
    telemetry::start(&config.log)?;
    own_secret(&mut config)?;

    if flags.fresh {
        start_over(&config).await?;
    }
    let file = file_of(&config);
    let existed = file.as_deref().is_some_and(|path| size(path) > 0);
    let db = Db::connect(&database_options(&config)).await?;
    let guide = prepare(&db, &config, existed).await;
    db.close().await;
    let guide = guide?;
    serve::serve(config, true, |address| print(&guide.text(address))).await
}

/// Whether nobody configured another database.
fn is_default(url: &str) -> bool {
    DEFAULT_TOML
        .parse::<toml::Table>()
        .is_ok_and(|table| table.get("database_url").and_then(toml::Value::as_str) == Some(url))
}

/// Lets the demo sign tokens. Unless a secret is configured it makes a new one for each run and keeps
/// it nowhere: what a run prints is worth nothing after it.
fn own_secret(config: &mut Config) -> Outcome {
    if !matches!(config.auth.jwt.keys, JwtKeys::Secret(_)) {
        let (secret, _) = api_key::generate()?;
        config.auth.jwt.keys = JwtKeys::Secret(Secret::new(secret));
        config.auth.jwt.algorithms = vec!["HS256".to_owned()];
    }
    Ok(())
}

/// The file of an embedded database.
fn file_of(config: &Config) -> Option<PathBuf> {
    let path = config.database_url.expose().strip_prefix("sqlite://")?;
    path.split('?').next().map(PathBuf::from)
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// What a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Demo,
    SomethingElse,
}

/// Looks, and changes nothing. `existed`: a file with something in it was there before.
async fn look(db: &Db, existed: bool) -> Outcome<Found> {
    let steps = migrate::status(db).await?;
    if !steps.iter().any(|step| step.applied) {
        return Ok(if existed {
            Found::SomethingElse
        } else {
            Found::Nothing
        });
    }
    let found = db
        .snapshot(async |tx| {
            let platforms = directory_export::platforms(tx, None).await?;
            let users = directory_export::users(tx, None, 0).await?;
            let admin = users.iter().any(|user| {
                (user.id, user.username.as_str()) == (data::DM_ADMIN_ID, data::DM_ADMIN)
            });
            let platform = platforms.iter().any(|it| it.key == data::PLATFORM);
            Ok(if platforms.is_empty() && users.is_empty() {
                Found::Nothing
            } else if admin && platform {
                Found::Demo
            } else {
                Found::SomethingElse
            })
        })
        .await?;
    Ok(found)
}

/// Removes the files of the last run, and no others.
async fn start_over(config: &Config) -> Outcome {
    let Some(path) = file_of(config) else {
        return Err(Failure::Usage(
            "--fresh removes the demo's own SQLite file, and no database on a server: empty that one yourself".to_owned(),
        ));
    };
    let shown = path.display();
    if size(&path) == 0 {
        return Ok(());
    }
    let cannot = |error: io::Error| Failure::Failed(format!("cannot remove {shown}: {error}"));
    let mut start = Vec::new();
    let magic = b"SQLite format 3\0";
    fs::File::open(&path)
        .and_then(|file| file.take(magic.len() as u64).read_to_end(&mut start))
        .map_err(cannot)?;
    if start != magic {
        return Err(not_ours(&shown));
    }
    let db = Db::connect(&database_options(config)).await?;
    let found = look(&db, true).await;
    db.close().await;
    if found? == Found::SomethingElse {
        return Err(not_ours(&shown));
    }
    let beside = |suffix: &str| {
        let mut name = path.clone().into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    };
    // Whoever closes the file last takes its log away.
    if beside("-wal").exists() {
        return Err(Failure::Failed(format!(
            "{shown} is in use, perhaps by another waymark: stop that one first"
        )));
    }
    fs::remove_file(&path).map_err(cannot)
}

fn not_ours(shown: &impl std::fmt::Display) -> Failure {
    Failure::Failed(format!(
        "{shown} holds something else than the demo data, and is left alone; choose another place with --database-url sqlite://PATH"
    ))
}

/// Makes what is missing: the data, and credentials for this run.
async fn prepare(db: &Db, config: &Config, existed: bool) -> Outcome<Guide> {
    let found = look(db, existed).await?;
    if found == Found::SomethingElse {
        let shown = match (db.engine(), file_of(config)) {
            (Engine::Sqlite, Some(path)) => path.display().to_string(),
            _ => "the database".to_owned(),
        };
        return Err(not_ours(&shown));
    }
    migrate::up(db).await?;
    if found == Found::Nothing {
        print("Making the demo data, which takes a few seconds ...")?;
        let batch = Batch::of("demo", data::records(clock::now())?)?;
        let report = transfer::import(db, batch, OnError::Abort, &mut |_| ()).await?;
        if let Some(failure) = report.failures.first() {
            return Err(Failure::Failed(format!(
                "the demo data is wrong: {failure}"
            )));
        }
    }

    let now = clock::now();
    for old in api_keys::list(db, Some(data::PLATFORM)).await? {
        if old.name == KEY_NAME && old.revoked.is_none() {
            api_keys::revoke(db, old.id, now).await?;
        }
    }
    let new = api_keys::NewKey {
        platform: data::PLATFORM.to_owned(),
        user: None,
        name: KEY_NAME.to_owned(),
        expires: None,
    };
    let key = api_keys::create(db, &new, now).await?;
    let token = |username: &str| {
        jwt::issue(&config.auth.jwt, username, now, TOKENS_VALID).map_err(Failure::Failed)
    };
    let callers = [
        ("DM admin", data::DM_ADMIN),
        ("platform admin", data::PLATFORM_ADMIN),
        ("department admin", data::DEPARTMENT_ADMIN),
        (LEARNER_ROLE, data::LEARNER),
    ];
    Ok(Guide {
        callers: callers
            .into_iter()
            .map(|(role, username)| Ok((role, username, token(username)?)))
            .collect::<Outcome<_>>()?,
        key,
        suggestion: first_suggestion(db).await?,
        pending: first_pending(db).await?,
        graphiql: config.graphiql.enabled,
    })
}

/// The group suggestion that the example of deleting takes: the first that is listed.
async fn first_suggestion(db: &Db) -> Outcome<Option<i64>> {
    let first = db
        .snapshot(async |tx| {
            let platforms = directory_export::platforms(tx, Some(data::PLATFORM)).await?;
            let Some(platform) = platforms.first() else {
                return Err(Error::internal("the demo platform is gone"));
            };
            let suggestions = directory_export::group_suggestions(tx, platform.id, 0);
            Ok(suggestions.await?.first().map(|suggestion| suggestion.id))
        })
        .await?;
    Ok(first)
}

/// Key and name of the program that the example of accepting takes: the first that is suggested to the
/// learner and not answered yet.
async fn first_pending(db: &Db) -> Outcome<Option<(String, String)>> {
    let user = access::user_by_subject(db, &Subject(data::LEARNER.to_owned())).await?;
    let Some(user) = user else { return Ok(None) };
    let viewer = Viewer {
        standings: access::standings(db, user.id, None).await?,
        user: Some(user),
        key: None,
        ..Viewer::default()
    };
    let platform = PlatformRef {
        key: data::PLATFORM.to_owned(),
        org: None,
        department_mode: false,
    };
    let order = SuggestedProgramOrder {
        field: SuggestedProgramField::SuggestedAt,
        descending: true,
    };
    let first = ConnectionArguments {
        first: Some(1),
        ..ConnectionArguments::default()
    };
    let query = SuggestedProgramQuery {
        states: States::new([State::Pending]),
        search: None,
        window: first.window(&order.ordering())?,
        total: false,
        state_counts: false,
        beyond: Beyond {
            previous: false,
            next: false,
        },
        ways: false,
    };
    // It only reads: no event has this.
    let origin = Origin {
        source: EventSource::Import,
        request_id: "demo".to_owned(),
    };
    let cx = Cx::new(db.clone(), viewer, origin);
    let listed = suggested_program::list(&cx, &platform, None, order, &query, clock::now()).await;
    let rows = match listed {
        Ok((_, slice)) => slice.rows,
        // Somebody took the learner from the platform.
        Err(Error::Forbidden(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let program = rows.into_iter().next().map(|(row, _)| row.program);
    Ok(program.map(|program| (program.key.clone(), program.name.clone())))
}

/// What is printed when the service answers.
struct Guide {
    /// Role, username and token.
    callers: Vec<(&'static str, &'static str, String)>,
    key: String,
    suggestion: Option<i64>,
    /// Key and name of a program.
    pending: Option<(String, String)>,
    /// Whether there is a page to try queries on.
    graphiql: bool,
}

impl Guide {
    fn text(&self, address: SocketAddr) -> String {
        // Everywhere is no place to call.
        let host = if address.ip().is_unspecified() {
            format!("127.0.0.1:{}", address.port())
        } else {
            address.to_string()
        };
        let url = format!("http://{host}");
        let mut text = format!("\nWaymark demo on {url}\n\n  GraphQL   {url}/graphql\n");
        if self.graphiql {
            add(
                &mut text,
                format_args!(
                    "  GraphiQL  {url}/graphiql#key={} (in a browser, with the platform key)\n",
                    self.key
                ),
            );
        }
        add(
            &mut text,
            format_args!("  REST      {url}/api/catalog/suggestions/program/\n"),
        );
        text.push_str("\nWho can call, and with which Authorization header (good until the demo stops or starts again):\n");
        for (role, username, token) in &self.callers {
            add(
                &mut text,
                format_args!("\n  {role} ({username})\n    Bearer {token}\n"),
            );
        }
        add(
            &mut text,
            format_args!(
                "\n  platform key ({})\n    Api-Token {}\n",
                data::PLATFORM,
                self.key
            ),
        );
        text.push_str("\nFor others, set WAYMARK_AUTH_JWT_SECRET before the demo starts, and run: waymark token issue --user USERNAME --database-url URL\nIt warns about a user that the database does not know.\n");

        let key = format!("Api-Token {}", self.key);
        let mut example = |title: &str, authorization: &str, query: &str, variables: &Value| {
            let body = json!({ "query": query, "variables": variables });
            add(
                &mut text,
                format_args!(
                    "\n{title}\n\ncurl -s {url}/graphql \\\n  -H 'Content-Type: application/json' \\\n  -H 'Authorization: {authorization}' \\\n  -d '{body}'\n"
                ),
            );
        };
        example(
            "List what is suggested to groups:",
            &key,
            "query($platform: String!) { programGroupSuggestionPage(platformKey: $platform, pageSize: 3) { count pageCount results { databaseId program { key name } group { name } userCount accepted } } }",
            &json!({ "platform": data::PLATFORM }),
        );
        let items: Vec<Value> = data::LEARNERS
            .iter()
            .map(
                |username| json!({ "programKey": data::PROGRAM, "user": { "username": username } }),
            )
            .collect();
        example(
            "Suggest a program to three users at once:",
            &key,
            "mutation($input: ProgramSuggestionBulkCreateInput!) { programSuggestionBulkCreate(input: $input) { successes createdCount unchangedCount results { outcome suggestion { databaseId user { name } program { name } } userErrors { code message } } userErrors { code message } } }",
            &json!({ "input": { "platformKey": data::PLATFORM, "items": items } }),
        );
        if let Some(id) = self.suggestion {
            example(
                "Delete the first of the list:",
                &key,
                "mutation($input: ProgramGroupSuggestionBulkDeleteInput!) { programGroupSuggestionBulkDelete(input: $input) { deletedIds deletedCount results { outcome userErrors { code message } } userErrors { code message } } }",
                &json!({ "input": { "platformKey": data::PLATFORM, "suggestions": [{ "databaseId": id.to_string() }] } }),
            );
        }
        let learner = self.callers.iter().find(|(role, ..)| *role == LEARNER_ROLE);
        if let Some((.., token)) = learner {
            let token = format!("Bearer {token}");
            example(
                "As the learner, see what is suggested to you:",
                &token,
                "query($platform: String!) { suggestedPrograms(platformKey: $platform, first: 5) { totalCount stateCounts { pending accepted dismissed } nodes { state program { key name } ways { direct groupName message } } } }",
                &json!({ "platform": data::PLATFORM }),
            );
            if let Some((program, name)) = &self.pending {
                example(
                    &format!("And accept the first that is pending, {name}:"),
                    &token,
                    "mutation($input: SuggestedProgramAcceptInput!) { suggestedProgramAccept(input: $input) { outcome suggestedProgram { state program { name } answer { answeredAt } } userErrors { code message } } }",
                    &json!({ "input": { "suggestedProgram": { "key": { "platformKey": data::PLATFORM, "programKey": program } } } }),
                );
            }
        }
        text.push_str("\nStop with Ctrl-C.\n");
        text
    }
}

fn add(text: &mut String, part: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(part);
    debug_assert!(written.is_ok(), "writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_database_is_known() {
        assert!(is_default("sqlite://waymark.db"));
        assert!(!is_default("postgres://localhost/waymark"));
    }

    #[test]
    fn examples_can_be_pasted() {
        let guide = Guide {
            callers: vec![("learner", "someone", "token".to_owned())],
            key: "0".repeat(64),
            suggestion: Some(7),
            pending: Some(("program-v1:acme+1+2026".to_owned(), "Law".to_owned())),
            graphiql: true,
        };
        let text = guide.text(SocketAddr::from(([0, 0, 0, 0], 4321)));
        let bodies: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("-d '"))
            .collect();
        assert_eq!(bodies.len(), 5);
        for body in bodies {
            // One quoted word of the shell, and JSON inside it.
            let body = body.strip_suffix('\'').unwrap();
            assert!(!body.contains('\''));
            serde_json::from_str::<Value>(body).unwrap();
        }
        assert!(text.contains("curl -s http://127.0.0.1:4321/graphql \\\n"));
        let link = format!(" http://127.0.0.1:4321/graphiql#key={} ", "0".repeat(64));
        assert!(text.contains(&link));
    }
}
