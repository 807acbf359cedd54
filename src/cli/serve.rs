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
use crate::http::{self, App, Start};
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
    if verifier.jwks().is_some() {
        let verifier = Arc::clone(&verifier);
        background.spawn(async move {
            if let Some(jwks) = verifier.jwks() {
                jwks.keep_fresh().await;
            }
        });
    }

    let keep = config.history.keep;
    let app = Arc::new(App::new(
        db.clone(),
        Arc::new(config),
        verifier,
        Start::Running,
    ));
    let router = http::router(Arc::clone(&app))?;
    let webhooks = Sender::new(db.clone(), &app.config.webhooks)?;
    // From here on probes are answered, and callers wait.
    tracing::info!(probes = %address, "starting; http://{address}/readyz says when it is done");
    let serving = http::server::serve(listener, Arc::clone(&app), router, stop.clone());
    let serving = tokio::spawn(serving);
    let refused = Arc::new(OnceLock::new());
    tokio::select! {
        settled = settled(&app, migrate) => {
            if !settled? {
                let (app, stop, refused) = (Arc::clone(&app), stop.clone(), Arc::clone(&refused));
                background.spawn(async move { settle_later(&app, migrate, &stop, &refused).await });
            }
            tracing::info!(%address, "listening on http://{address}");
            announce(address)?;
        }
        () = stop.cancelled() => tracing::info!("told to stop while starting"),
    }
    if let Some(keep) = keep {
        let app = Arc::clone(&app);
        background.spawn(async move {
            app.starting.done().await;
            domain::event::remove_old(&app.db, keep).await;
        });
    }
    let sending = {
        let (app, stop) = (Arc::clone(&app), stop.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = app.starting.done() => {}
                () = stop.cancelled() => return,
            }
            Box::pin(webhooks.run(stop, app.config.shutdown_grace)).await;
        })
    };
    let served = async {
        if let Err(error) = serving.await {
            tracing::error!(%error, "serving broke off");
        }
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
async fn settled(app: &App, migrate: bool) -> Result<bool, Error> {
    let settled = if migrate {
        migrate::up(&app.db).await
    } else {
        migrate::refuse_newer(&app.db).await.map(|()| 0)
    };
    match settled {
        Ok(steps) => {
            if steps > 0 {
                tracing::info!(steps, "brought the schema of the database up to date");
            }
            app.starting.set(Start::Done);
            Ok(true)
        }
        Err(Error::Unavailable(reason)) => {
            tracing::warn!(reason, "the database does not answer yet");
            app.starting.set(Start::Waiting);
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Does it once the database is back, and stops the service if that comes to nothing.
async fn settle_later(
    app: &App,
    migrate: bool,
    stop: &CancellationToken,
    refused: &OnceLock<Error>,
) {
    loop {
        tokio::time::sleep(RETRY).await;
        match settled(app, migrate).await {
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
