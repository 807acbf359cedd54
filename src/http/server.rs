//! Accepting connections, and stopping without dropping what is running.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::metrics::gauge::Gauge;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::App;
use crate::metrics::Refused;

/// How long a connection may live without a request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// The pause after the system refuses a connection for want of something, files mostly.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Whoever sends requests here learns from `/readyz` that the service stops, and needs a moment for it. Once nobody
/// has asked for so long, they have.
const QUIET: Duration = Duration::from_secs(1);
/// Those who go on asking are not waited for any longer than this.
const QUIET_LIMIT: Duration = Duration::from_secs(5);

/// Answers requests until `stop` is cancelled, and until those who send them have seen it; then waits for those that
/// are running. Both take at most the configured grace. While it waits, it still answers whoever asks whether it is
/// ready.
pub async fn serve(listener: TcpListener, app: Arc<App>, router: Router, stop: CancellationToken) {
    let doors = Doors::default();
    tokio::spawn(doors.clone().open(listener, Arc::clone(&app), router));
    stop.cancelled().await;

    let grace = app.config.shutdown_grace;
    tracing::info!(?grace, "stopping");
    app.stopping.cancel();
    let drained = async {
        // Who goes on asking does not keep it for ever.
        let _quiet = tokio::time::timeout(QUIET_LIMIT, app.asked.quiet_for(QUIET)).await;
        app.running.close();
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

/// When somebody asked last for more than how the service is.
#[derive(Debug, Default)]
pub struct Asked(Mutex<Option<Instant>>);

impl Asked {
    fn last(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody does now.
    pub(super) fn now(&self) {
        *self.last() = Some(Instant::now());
    }

    /// Ends once nobody has for this long.
    async fn quiet_for(&self, long: Duration) {
        loop {
            let last = *self.last();
            match last.map(|last| last + long) {
                Some(quiet) if quiet > Instant::now() => tokio::time::sleep_until(quiet).await,
                _ => return,
            }
        }
    }
}

/// The connections that are open, and whether there are to be more.
#[derive(Debug, Clone, Default)]
struct Doors {
    connections: TaskTracker,
    closing: CancellationToken,
}

impl Doors {
    async fn open(self, listener: TcpListener, app: Arc<App>, router: Router) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = self.closing.cancelled() => break,
            };
            match accepted {
                Ok((stream, _)) if self.connections.len() >= app.config.limits.connections => {
                    app.metrics.refuse(Refused::Connections);
                    refuse(&stream);
                }
                Ok((stream, _)) => {
                    let served = serve_connection(
                        stream,
                        Arc::clone(&app),
                        router.clone(),
                        self.closing.clone(),
                    );
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

/// Says why a connection is closed at once, if that can be sent without waiting.
fn refuse(stream: &TcpStream) {
    const ANSWER: &[u8] =
        b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\n\
        connection: close\r\n\r\n";
    if let Err(error) = stream.try_write(ANSWER) {
        tracing::debug!(%error, "could not say that there are too many connections");
    }
}

async fn serve_connection(
    stream: TcpStream,
    app: Arc<App>,
    router: Router,
    closing: CancellationToken,
) {
    let limits = &app.config.limits;
    let _counted = Counted::new(&app.metrics.connections);
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "could not turn off delayed sending");
    }
    let head = Arc::new(Head::default());
    let mut stream = TimeoutWriter::new(Watched {
        stream,
        head: Arc::clone(&head),
    });
    stream.set_timeout(Some(limits.body_timeout));
    let service = {
        let head = Arc::clone(&head);
        service_fn(move |request: Request<Incoming>| {
            head.is_there();
            let answer = router.clone().oneshot(request.map(Body::new));
            let head = Arc::clone(&head);
            async move {
                let answer = answer.await;
                head.is_next();
                answer
            }
        })
    };
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE_TIMEOUT);
    let connection = builder
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = head.is_late(limits.head_timeout) => {
            tracing::debug!("the head of a request took too long");
            return;
        }
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

/// A gauge that counts something as long as it lives.
struct Counted<'a>(&'a Gauge);

impl<'a> Counted<'a> {
    fn new(gauge: &'a Gauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Since when the head of a request is on its way.
#[derive(Debug, Default)]
struct Head {
    state: Mutex<HeadState>,
    began: Notify,
}

#[derive(Debug, Clone, Copy, Default)]
enum HeadState {
    /// Nothing of the next head is there yet.
    #[default]
    Next,
    /// A part of it is.
    Since(Instant),
    /// A request is being answered: what comes in is its body.
    There,
}

impl Head {
    fn state(&self) -> std::sync::MutexGuard<'_, HeadState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn came_in(&self) {
        let mut state = self.state();
        if let HeadState::Next = *state {
            *state = HeadState::Since(Instant::now());
            self.began.notify_one();
        }
    }

    fn is_there(&self) {
        *self.state() = HeadState::There;
    }

    fn is_next(&self) {
        *self.state() = HeadState::Next;
    }

    /// Ends once a head takes longer than `patience`.
    async fn is_late(&self, patience: Duration) {
        loop {
            let state = *self.state();
            match state {
                HeadState::Since(since) if since.elapsed() >= patience => return,
                HeadState::Since(since) => tokio::time::sleep_until(since + patience).await,
                HeadState::Next | HeadState::There => self.began.notified().await,
            }
        }
    }
}

/// A connection that notes when the head of a request begins.
struct Watched {
    stream: TcpStream,
    head: Arc<Head>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.head.came_in();
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::auth::Verifier;
    use crate::config::{Config, Layers};
    use crate::db::{Db, Options, SQLITE_CACHE, migrate};
    use crate::http::{Start, health, shell};

    async fn app(folder: &std::path::Path) -> Arc<App> {
        let config = Config::from_layers(Layers::default()).unwrap();
        let options = Options {
            url: format!("sqlite://{}", folder.join("w.db").display()),
            max_connections: 2,
            read_url: None,
            write_cache: SQLITE_CACHE,
            slow_statement: Duration::from_secs(1),
        };
        let db = Db::connect(&options).await.unwrap();
        migrate::up(&db).await.unwrap();
        let verifier = Verifier::new(&config.auth.jwt).unwrap();
        Arc::new(App::new(
            db,
            Arc::new(config),
            Arc::new(verifier),
            Start::Done,
        ))
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
