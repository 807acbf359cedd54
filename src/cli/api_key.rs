//! `waymark api-key`

use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::{Failure, Global, Outcome, print, with_database};
use crate::clock::{self, Timestamp};
use crate::config::parse_duration;
use crate::db::api_keys::{self, ListedKey, NewKey};

/// What can be done with API keys.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Makes a key and prints it; it is never shown again
    Create {
        /// The key of the platform it is for
        #[arg(long, value_name = "KEY")]
        platform: String,
        /// The person it acts as; without one it acts as the platform itself
        #[arg(long, value_name = "USERNAME")]
        user: Option<String>,
        /// What it is called in the list of keys
        #[arg(long)]
        name: String,
        /// How long it is good for, as in 90d; without this, until it is revoked
        #[arg(long, value_name = "DURATION", value_parser = positive_duration, allow_hyphen_values = true)]
        expires_in: Option<Duration>,
    },
    /// Lists keys, but never the keys themselves
    List {
        /// Only those of the platform with this key
        #[arg(long, value_name = "KEY")]
        platform: Option<String>,
        /// How to write the list
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Ends a key
    Revoke {
        /// Its id in the list of keys
        id: i64,
    },
}

/// How to write a list.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For machines
    Json,
}

/// Reads a duration that is longer than nothing.
pub(super) fn positive_duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).and_then(|duration| {
        if duration.is_zero() {
            Err("must be longer than nothing".to_owned())
        } else {
            Ok(duration)
        }
    })
}

/// Does it.
///
/// # Errors
/// A wrong configuration, an unknown platform, user or key, and those of the database.
pub async fn run(global: Global, command: Command) -> Outcome {
    let config = global.quiet_configuration()?;
    with_database(&config, async |db| match command {
        Command::Create {
            platform,
            user,
            name,
            expires_in,
        } => {
            let now = clock::now();
            let new = NewKey {
                platform,
                user,
                name,
                expires: expires_in.map(|span| now.plus(span)),
            };
            print(&api_keys::create(db, &new, now).await?)
        }
        Command::List { platform, format } => {
            let keys = api_keys::list(db, platform.as_deref()).await?;
            match format {
                Format::Table => print(&table(&keys)),
                Format::Json => print(&json_list(&keys)?),
            }
        }
        Command::Revoke { id } => {
            api_keys::revoke(db, id, clock::now()).await?;
            print(&format!("API key {id} is revoked"))
        }
    })
    .await
}

fn json_list(keys: &[ListedKey]) -> Outcome<String> {
    let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let list: Vec<_> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id,
                "name": key.name,
                "platform": key.platform,
                "user": key.user,
                "created": key.created.to_string(),
                "expires": instant(key.expires),
                "last_used": instant(key.last_used),
                "revoked": instant(key.revoked),
            })
        })
        .collect();
    serde_json::to_string_pretty(&list).map_err(|error| Failure::Failed(error.to_string()))
}

fn table(keys: &[ListedKey]) -> String {
    let instant = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), minutes);
    let heads = [
        "ID",
        "NAME",
        "PLATFORM",
        "USER",
        "CREATED",
        "EXPIRES",
        "LAST USED",
        "REVOKED",
    ];
    let mut rows = vec![heads.map(str::to_owned)];
    rows.extend(keys.iter().map(|key| {
        [
            key.id.to_string(),
            // A name must not be able to forge a line.
            key.name.replace(char::is_control, " "),
            key.platform.clone(),
            key.user.clone().unwrap_or_else(|| "-".to_owned()),
            minutes(key.created),
            instant(key.expires),
            instant(key.last_used),
            instant(key.revoked),
        ]
    }));
    let widths: [usize; 8] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    });
    let line = |row: &[String; 8]| {
        let cells = row.iter().zip(widths);
        let padded: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// As exact as a table needs it.
fn minutes(at: Timestamp) -> String {
    let text = at.to_string();
    format!("{}Z", text.split_at(text.len().min(16)).0)
}
