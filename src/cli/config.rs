//! `waymark config`

use std::path::Path;

use clap::Subcommand;

use super::{Failure, Global, Outcome, database_options, print};
use crate::auth::Verifier;
use crate::config::{Config, DEFAULT_TOML, JwtKeys};
use crate::db::{Db, Engine, migrate};
use crate::error::Error;

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prints the defaults, with comments: a configuration file to start from
    Default,
    /// Reads the configuration, connects, and says what is wrong
    Check,
}

/// Does it.
///
/// # Errors
/// Whatever is wrong.
pub async fn run(global: Global, command: Command) -> Outcome {
    match command {
        Command::Default => print(DEFAULT_TOML.trim_end()),
        Command::Check => check(&global.quiet_configuration()?).await,
    }
}

/// Goes on after the first thing that is wrong, so that one run tells all.
async fn check(config: &Config) -> Outcome {
    print("configuration: can be read")?;
    for warning in config.warnings() {
        print(&format!("warning: {warning}"))?;
    }
    let mut wrong = 0;
    for (what, found) in [
        ("database", database(config).await),
        ("tokens", tokens(config).await),
    ] {
        for line in found.said {
            print(&format!("{what}: {line}"))?;
        }
        if let Some(line) = found.wrong {
            print(&format!("{what}: wrong: {line}"))?;
            wrong += 1;
        }
    }
    match wrong {
        0 => print("all is well"),
        1 => Err(Failure::Failed("one thing is wrong, see above".to_owned())),
        more => Err(Failure::Failed(format!(
            "{more} things are wrong, see above"
        ))),
    }
}

/// What a look at one thing brought.
#[derive(Default)]
struct Found {
    said: Vec<String>,
    wrong: Option<String>,
}

impl Found {
    fn wrong(mut self, what: impl ToString) -> Self {
        self.wrong = Some(what.to_string());
        self
    }
}

async fn database(config: &Config) -> Found {
    let mut found = Found::default();
    // Looking must not make the file.
    if let Some(path) = config.database_url.expose().strip_prefix("sqlite://") {
        let path = Path::new(path.split('?').next().unwrap_or_default());
        if !path.as_os_str().is_empty() && !path.exists() {
            let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
            if let Some(folder) = folder.filter(|it| !it.is_dir()) {
                return found.wrong(format!("the folder {} does not exist", folder.display()));
            }
            found.said.push(format!(
                "the SQLite file {} is not there yet; `waymark serve` makes it",
                path.display()
            ));
            return found;
        }
    }
    let db = match Db::connect(&database_options(config)).await {
        Ok(db) => db,
        Err(Error::Unavailable(reason)) => {
            return found.wrong(format!("it does not answer: {reason}"));
        }
        Err(error) => return found.wrong(error),
    };
    let engine = match db.engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let looked = async {
        let (encoding, damage) = (db.encoding().await?, db.damage().await?);
        migrate::refuse_newer(&db).await?;
        Ok::<_, Error>((encoding, damage, migrate::pending(&db).await?))
    };
    let found = match looked.await {
        Err(error) => found.wrong(error),
        Ok((_, Some(damage), _)) => found.wrong(format!(
            "{engine} answers, but its file is corrupt: {damage}"
        )),
        Ok((encoding, ..)) if !encoding.replace('-', "").eq_ignore_ascii_case("utf8") => found
            .wrong(format!(
                "{engine} answers, but its encoding is {encoding}: make the database with the encoding UTF8"
            )),
        Ok((_, None, pending)) => {
            found.said.push(format!("{engine} answers"));
            found.said.push(match pending {
                0 => "its schema is up to date".to_owned(),
                _ => format!(
                    "its schema lacks {pending} step(s); `waymark migrate up` or `waymark serve` applies them"
                ),
            });
            found
        }
    };
    db.close().await;
    found
}

async fn tokens(config: &Config) -> Found {
    let mut found = Found::default();
    let jwt = &config.auth.jwt;
    let source = match &jwt.keys {
        JwtKeys::None => {
            found
                .said
                .push("no secret and no key set, so only API keys are accepted".to_owned());
            return found;
        }
        JwtKeys::Secret(_) => "a secret".to_owned(),
        JwtKeys::File(path) => format!("the key set {}", path.display()),
        JwtKeys::Url(url) => format!("the key set {url}"),
    };
    found.said.push(format!(
        "checked with {source}; {} accepted",
        jwt.algorithms.join(", ")
    ));
    let verifier = match Verifier::new(jwt) {
        Ok(verifier) => verifier,
        Err(error) => return found.wrong(error),
    };
    let Some(jwks) = verifier.jwks() else {
        return found;
    };
    match jwks.check().await {
        Ok((keys, skipped)) => {
            found
                .said
                .extend(skipped.iter().map(|why| format!("left out: {why}")));
            if keys == 0 {
                return found.wrong("the key set has no usable key");
            }
            found.said.push(format!("{keys} usable key(s)"));
            found
        }
        Err(error) => found.wrong(format!("{source}: {error}")),
    }
}
