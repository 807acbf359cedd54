//! What every test needs: a database with the fixture in it, a server over it, callers of each kind,
//! and the command line.

pub(crate) mod client;
pub(crate) mod cluster;
pub(crate) mod command;
pub(crate) mod database;
pub(crate) mod ids;
pub(crate) mod kind;
pub(crate) mod large;
pub(crate) mod server;
pub(crate) mod socket;

use std::future::Future;
use std::time::Duration;

pub(crate) use client::{Answer, Caller, Client};
pub(crate) use command::waymark;
pub(crate) use database::{Database, Empty, Engine, Holding};
pub(crate) use server::{Server, Subgraph};

/// A test that waits longer than this hangs.
const LIMIT: Duration = Duration::from_secs(180);

/// Makes two tests of one body, `name::sqlite` and `name::postgres`.
///
/// The body is `async fn name(given: &G)`, where `G` says what it starts from: a running [`Server`]
/// over the fixture, a [`Database`] with the fixture in it, or an [`Empty`] one.
macro_rules! both_engines {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                #[test]
                fn sqlite() {
                    $crate::support::run($crate::support::Engine::Sqlite, super::$name);
                }

                #[test]
                fn postgres() {
                    $crate::support::run($crate::support::Engine::Postgres, super::$name);
                }
            }
        )+
    };
}

/// What a test starts from. Taken away when it is dropped.
pub(crate) trait Given: Sized {
    /// Makes it, on this engine.
    fn make(engine: Engine) -> impl Future<Output = Self>;
    /// What is worth printing when the test fails.
    fn last_words(&self) -> String {
        String::new()
    }
}

/// Waits for something that a query, an answer or the log will show.
pub(crate) async fn until(condition: impl AsyncFn() -> bool) {
    while !condition().await {
        tokio::task::yield_now().await;
    }
}

/// Runs one body on one engine.
pub(crate) fn run<G: Given>(engine: Engine, body: impl AsyncFn(&G)) {
    /// Prints what the server said last if the body panics.
    struct Words<'g, G: Given>(&'g G);
    impl<G: Given> Drop for Words<'_, G> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("{}", self.0.last_words());
            }
        }
    }

    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
        .block_on(async {
            let given = G::make(engine).await;
            let _words = Words(&given);
            tokio::time::timeout(LIMIT, body(&given))
                .await
                .expect("the test takes too long");
        });
}
