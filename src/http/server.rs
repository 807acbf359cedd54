//! Accepting connections, and stopping without dropping what is running.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::App;

/// How long a connection may sit without a whole request head: between two requests, or because the
/// caller means to hold it for ever.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// The pause after the system refuses a connection for want of something, files mostly.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Answers requests until `stop` is cancelled; then waits for those that are running, at most the
/// configured grace. While it waits, it still answers whoever asks whether it is ready.
pub async fn serve(listener: TcpListener, app: Arc<App>, router: Router, stop: CancellationToken) {
    let doors = Doors::default();
    tokio::spawn(doors.clone().open(listener, router));
    stop.cancelled().await;

    let grace = app.config.shutdown_grace;
    tracing::info!(?grace, "stopping");
    app.stopping.cancel();
    app.running.close();
    let drained = async {
        app.running.wait().await;
        doors.closing.cancel();
        doors.connections.close();
        doors.connections.wait().await;
    };
    if tokio::time::timeout(grace, drained).await.is_err() {
        tracing::warn!("requests were still running and are dropped");
    }
    doors.closing.cancel();
}

/// The connections that are open, and whether there are to be more.
#[derive(Debug, Clone, Default)]
struct Doors {
    connections: TaskTracker,
    closing: CancellationToken,
}

impl Doors {
    async fn open(self, listener: TcpListener, router: Router) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = self.closing.cancelled() => break,
            };
            match accepted {
                Ok((stream, _)) => {
                    let served = serve_connection(stream, router.clone(), self.closing.clone());
                    self.connections.spawn(served);
                }
                Err(error) => {
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }
}

async fn serve_connection(stream: TcpStream, router: Router, closing: CancellationToken) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "could not turn off delayed sending");
    }
    let service = router.map_request(|request: Request<Incoming>| request.map(Body::new));
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    let connection = builder
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = closing.cancelled() => {
            // Ends at once if it is idle, else after the request it is at.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::auth::Verifier;
    use crate::config::{Config, Layers};
    use crate::db::{Db, Options, migrate};
    use crate::http::{health, shell};

    async fn app(folder: &std::path::Path) -> Arc<App> {
        let config = Config::from_layers(Layers::default()).unwrap();
        let options = Options {
            url: format!("sqlite://{}", folder.join("w.db").display()),
            max_connections: 2,
        };
        let db = Db::connect(&options).await.unwrap();
        migrate::up(&db).await.unwrap();
        let verifier = Verifier::new(&config.auth.jwt).unwrap();
        Arc::new(App::new(db, Arc::new(config), Arc::new(verifier)))
    }

    async fn broken() -> &'static str {
        panic!("on purpose")
    }

    #[tokio::test]
    async fn what_is_running_is_finished() {
        let folder = std::env::temp_dir().join(format!("waymark-stop-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let app = app(&folder).await;

        // A request that takes until it is let go.
        let begun = Arc::new(Semaphore::new(0));
        let go_on = Arc::new(Semaphore::new(0));
        let slow = {
            let (begun, go_on) = (Arc::clone(&begun), Arc::clone(&go_on));
            move || async move {
                begun.add_permits(1);
                go_on.acquire().await.unwrap().forget();
                "done"
            }
        };
        let routes = Router::new()
            .route("/slow", get(slow))
            .route("/panic", get(broken))
            .route("/readyz", get(health::ready));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let router = shell(Arc::clone(&app), routes);
        let server = tokio::spawn(serve(listener, Arc::clone(&app), router, stop.clone()));
        let get = |path: &str| reqwest::get(format!("{base}{path}"));

        assert_eq!(get("/readyz").await.unwrap().status(), 200);
        let broken = get("/panic").await.unwrap();
        assert_eq!(broken.status(), 500);
        let id = broken.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(broken.text().await.unwrap().contains(&id));

        let slow = tokio::spawn(get("/slow"));
        begun.acquire().await.unwrap().forget();
        stop.cancel();
        app.stopping.cancelled().await;
        // Still there, to say that it is not there for more.
        assert_eq!(get("/readyz").await.unwrap().status(), 503);
        go_on.add_permits(1);
        let done = slow.await.unwrap().unwrap();
        assert_eq!(done.text().await.unwrap(), "done");
        server.await.unwrap();
        assert!(get("/readyz").await.is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
