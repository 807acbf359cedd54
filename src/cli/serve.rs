//! `waymark serve`

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{Failure, Global, Outcome, database_options};
use crate::auth::Verifier;
use crate::config::Config;
use crate::db::{Db, migrate};
use crate::domain;
use crate::error::Error;
use crate::http::{self, App};
use crate::telemetry;
use crate::webhook::Sender;

/// How soon a database that was away at the start is asked again.
const RETRY: Duration = Duration::from_secs(2);
/// How long closing the database may take.
const CLOSING: Duration = Duration::from_secs(5);

/// What `serve` takes.
#[derive(Debug, Args)]
pub struct Flags {
    /// The address and port to listen on; port 0 lets the system choose
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Where clients find the service, as in `https://suggestions.example.org`
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Leave the schema of the database as it is; not ready until it is up to date
    #[arg(long)]
    no_migrate: bool,
}

/// Serves, until it is told to stop.
///
/// # Errors
/// A wrong configuration, an address that is taken, a database that is not as it should be.
pub async fn run(global: Global, flags: Flags) -> Outcome {
    let mut set = Vec::new();
    set.extend(flags.listen.map(|value| ("listen", value)));
    set.extend(flags.public_url.map(|value| ("public_url", value)));
    let config = global.configuration(set)?;
    telemetry::start(&config.log)?;
    serve(config, !flags.no_migrate, |_| Ok(())).await
}

/// Serves, until a signal says stop. `announce` runs once the address is known and answers.
///
/// # Errors
/// As [`run`], and those of `announce`.
pub(crate) async fn serve(
    config: Config,
    migrate: bool,
    announce: impl FnOnce(SocketAddr) -> Outcome,
) -> Outcome {
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    // From here on a signal ends things in order.
    let (stop, at_once) = stop_signals()?;
    let verifier = Arc::new(Verifier::new(&config.auth.jwt)?);
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| cannot_listen(config.listen, &error))?;
    let address = listener
        .local_addr()
        .map_err(|error| cannot_listen(config.listen, &error))?;

    let db = Db::connect_lazily(&database_options(&config)).await?;
    let mut background = tokio::task::JoinSet::new();
    {
        let db = db.clone();
        background.spawn(async move { db.follow_replica().await });
    }
    let refused = Arc::new(OnceLock::new());
    if !settled(&db, migrate).await? {
        let (db, stop, refused) = (db.clone(), stop.clone(), Arc::clone(&refused));
        background.spawn(async move { settle_later(&db, migrate, &stop, &refused).await });
    }
    if verifier.jwks().is_some() {
        let verifier = Arc::clone(&verifier);
        background.spawn(async move {
            if let Some(jwks) = verifier.jwks() {
                jwks.keep_fresh().await;
            }
        });
    }

    if let Some(keep) = config.history.keep {
        let db = db.clone();
        background.spawn(async move { domain::event::remove_old(&db, keep).await });
    }

    let app = Arc::new(App::new(db.clone(), Arc::new(config), verifier));
    let router = http::router(Arc::clone(&app))?;
    let webhooks = Sender::new(db.clone(), &app.config.webhooks)?;
    let sending = tokio::spawn(webhooks.run(stop.clone(), app.config.shutdown_grace));
    tracing::info!(%address, "listening on http://{address}");
    announce(address)?;
    let served = async {
        http::server::serve(listener, Arc::clone(&app), router, stop).await;
        if let Err(error) = sending.await {
            tracing::error!(%error, "sending webhooks broke off");
        }
    };
    tokio::select! {
        () = served => {}
        () = at_once.cancelled() => tracing::warn!("told again: stopping at once"),
    }

    background.shutdown().await;
    let closing = tokio::task::spawn_blocking(move || {
        if let Some(traces) = &app.traces {
            traces.close();
        }
    });
    if let Err(error) = closing.await {
        tracing::warn!(%error, "closing the traces broke off");
    }
    if tokio::time::timeout(CLOSING, db.close()).await.is_err() {
        tracing::warn!("the database takes too long to close");
    }
    tracing::info!("stopped");
    match refused.get() {
        Some(error) => Err(Failure::from(error.clone())),
        None => Ok(()),
    }
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Failure {
    Failure::Failed(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "cannot listen on {address}: the port is taken, perhaps by another waymark; choose another with --listen"
        ),
        _ => format!("cannot listen on {address}: {error}"),
    })
}

/// Brings the schema up to date, or only looks whether this program may work with it; `false` if the
/// database is away, which is no reason not to start: the service is not ready, and says so, until it
/// is back.
async fn settled(db: &Db, migrate: bool) -> Result<bool, Error> {
    let settled = if migrate {
        migrate::up(db).await
    } else {
        migrate::refuse_newer(db).await.map(|()| 0)
    };
    match settled {
        Ok(0) => Ok(true),
        Ok(steps) => {
            tracing::info!(steps, "brought the schema of the database up to date");
            Ok(true)
        }
        Err(Error::Unavailable(reason)) => {
            tracing::warn!(reason, "the database does not answer yet");
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Does it once the database is back, and stops the service if that comes to nothing.
async fn settle_later(db: &Db, migrate: bool, stop: &CancellationToken, refused: &OnceLock<Error>) {
    loop {
        tokio::time::sleep(RETRY).await;
        match settled(db, migrate).await {
            Ok(true) => break,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, "the schema of the database does not fit");
                // Nobody else sets it.
                let _first = refused.set(error);
                stop.cancel();
                break;
            }
        }
    }
}

/// Cancelled when the process is told to stop; the second one when it is told again.
fn stop_signals() -> Outcome<(CancellationToken, CancellationToken)> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error: io::Error| Failure::Failed(format!("cannot wait for signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let tokens = (CancellationToken::new(), CancellationToken::new());
    let (first, second) = tokens.clone();
    tokio::spawn(async move {
        for token in [first, second] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            token.cancel();
        }
    });
    Ok(tokens)
}
