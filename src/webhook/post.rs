//! Sending one message over HTTP.

use std::io::{ErrorKind, Read};
use std::time::Duration;

use ureq::unversioned::resolver::{DefaultResolver, Resolver};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Proxy};
use url::{Host, Url};

use super::address::{Allowed, Checked, Refused};
use crate::config;
use crate::error::{Error, Result};

/// How long everything may take: looking the name up, connecting, sending, and the head of the answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The longest head of an answer.
const LONGEST_HEAD: usize = 64 * 1024;

/// How many characters of an answer that is no success are kept.
const KEPT_OF_ANSWER: usize = 200;

#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) url: String,
    pub(super) id: String,
    /// Seconds since 1970.
    pub(super) timestamp: i64,
    pub(super) signature: String,
    pub(super) body: String,
}

/// What came back: the status of the answer, if there was one, and in words why the message was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: Option<u16>,
    pub(super) error: Option<String>,
}

/// Sends messages. Clones share everything.
#[derive(Debug, Clone)]
pub(super) struct Client {
    agent: Agent,
    allowed: Allowed,
    allow_http: bool,
}

impl Client {
    /// # Errors
    /// [`Error::Internal`] for a proxy that the configuration should not have let through.
    pub(super) fn new(config: &config::Webhooks) -> Result<Self> {
        let proxy = config.proxy.as_ref().map(|proxy| {
            Proxy::new(proxy.expose())
                .map_err(|_| Error::internal("webhooks.proxy is no URL of a proxy"))
        });
        let allowed = Allowed::new(config.allow_networks.clone());
        Ok(match proxy.transpose()? {
            // The proxy looks up the names it connects to; here only its own is looked up.
            Some(proxy) => Self::with(
                Some(proxy),
                DefaultResolver::default(),
                allowed,
                config.allow_http,
            ),
            None => {
                let names = Checked {
                    names: DefaultResolver::default(),
                    allowed: allowed.clone(),
                };
                Self::with(None, names, allowed, config.allow_http)
            }
        })
    }

    fn with(
        proxy: Option<Proxy>,
        names: impl Resolver,
        allowed: Allowed,
        allow_http: bool,
    ) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(0)
            .max_response_header_size(LONGEST_HEAD)
            .user_agent(concat!("Waymark/", env!("CARGO_PKG_VERSION")))
            .proxy(proxy)
            .build();
        Self {
            agent: Agent::with_parts(config, DefaultConnector::default(), names),
            allowed,
            allow_http,
        }
    }

    /// Breaks off whatever is being sent.
    pub(super) fn stop(&self) {
        self.agent.clone().shutdown();
    }

    /// Sends a message. Blocks the thread, for [`TIMEOUT`] at most.
    pub(super) fn post(&self, post: &Post) -> Answer {
        match self.send(post) {
            Ok(answer) => answer,
            Err(error) => Answer {
                status: None,
                error: Some(words(&error)),
            },
        }
    }

    fn send(&self, post: &Post) -> std::result::Result<Answer, ureq::Error> {
        let url = Url::parse(&post.url).map_err(|error| ureq::Error::BadUri(error.to_string()))?;
        if url.scheme() != "https" && !self.allow_http {
            return Err(ureq::Error::RequireHttpsOnly(String::new()));
        }
        // A proxy looks up names, and not what is an address already.
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        if address.is_some_and(|address| !self.allowed.holds(address)) {
            return Err(Refused.into());
        }
        let response = self
            .agent
            .post(url.as_str())
            .header("content-type", "application/json")
            .header("webhook-id", &post.id)
            .header("webhook-timestamp", post.timestamp.to_string())
            .header("webhook-signature", &post.signature)
            .send(post.body.as_bytes())?;
        let status = response.status();
        let error = if status.is_success() {
            // What the receiver says with it does not matter, and is not waited for.
            None
        } else if status.is_redirection() {
            Some(format!(
                "The answer was {status}: redirects are not followed."
            ))
        } else {
            let said = beginning(response.into_body().into_reader());
            Some(if said.is_empty() {
                format!("The answer was {status}.")
            } else {
                format!("The answer was {status}: {said}")
            })
        };
        Ok(Answer {
            status: Some(status.as_u16()),
            error,
        })
    }
}

/// The first characters of an answer, on one line; as many as come in time.
fn beginning(mut body: impl Read) -> String {
    // A character has at most four bytes.
    let mut bytes = [0; 4 * KEPT_OF_ANSWER];
    let mut filled = 0;
    while filled < bytes.len() {
        match body.read(&mut bytes[filled..]) {
            Ok(0) | Err(_) => break,
            Ok(more) => filled += more,
        }
    }
    let text = String::from_utf8_lossy(&bytes[..filled]);
    let text: String = text
        .chars()
        .take(KEPT_OF_ANSWER)
        .map(|it| if it.is_control() { ' ' } else { it })
        .collect();
    text.trim().to_owned()
}

/// Why there was no answer, for those who manage the endpoint.
fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Other(other) if other.is::<Refused>() => other.to_string(),
        ureq::Error::RequireHttpsOnly(_) => "Only https addresses are allowed.".to_owned(),
        ureq::Error::Timeout(_) => {
            format!("There was no answer within {} seconds.", TIMEOUT.as_secs())
        }
        ureq::Error::HostNotFound => NO_SUCH_NAME.to_owned(),
        ureq::Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => "The connection was refused.".to_owned(),
            ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof => "The connection was closed without an answer.".to_owned(),
            ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                "The address cannot be reached.".to_owned()
            }
            // The system has no kind of error for it.
            _ if error.to_string().contains("lookup address") => NO_SUCH_NAME.to_owned(),
            kind => format!("The connection failed: {kind}."),
        },
        ureq::Error::Rustls(error) => format!("TLS failed: {error}."),
        ureq::Error::Tls(error) => format!("TLS failed: {error}."),
        ureq::Error::LargeResponseHeader(..) => "The head of the answer is too large.".to_owned(),
        ureq::Error::ConnectProxyFailed(_) => "The proxy did not connect.".to_owned(),
        ureq::Error::BadUri(_) => "The address is not one that can be sent to.".to_owned(),
        _ => "The answer was not one of HTTP.".to_owned(),
    }
}

const NO_SUCH_NAME: &str = "The name of the host could not be looked up.";

#[cfg(test)]
mod tests {
    use std::net::{SocketAddr, TcpListener};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use ureq::config::Config;
    use ureq::http::Uri;
    use ureq::unversioned::resolver::ResolvedSocketAddrs;
    use ureq::unversioned::transport::NextTimeout;

    use super::*;

    /// A name that has another address each time.
    #[derive(Debug, Clone)]
    struct Changing {
        addresses: Vec<Vec<SocketAddr>>,
        looked_up: Arc<AtomicUsize>,
    }

    impl Resolver for Changing {
        fn resolve(
            &self,
            _: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> std::result::Result<ResolvedSocketAddrs, ureq::Error> {
            let round = self.looked_up.fetch_add(1, Ordering::SeqCst);
            let mut found = self.empty();
            for address in &self.addresses[round] {
                found.push(*address);
            }
            Ok(found)
        }
    }

    /// Takes one connection, answers it and returns what was asked.
    fn receiver(address: &str, answer: &'static str) -> (SocketAddr, std::thread::JoinHandle<()>) {
        use std::io::{BufRead as _, BufReader, Write as _};
        let listener = TcpListener::bind(address).unwrap();
        let at = listener.local_addr().unwrap();
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            stream.write_all(answer.as_bytes()).unwrap();
        });
        (at, thread)
    }

    #[test]
    fn a_name_is_looked_up_once_and_its_checked_addresses_are_connected_to() {
        let (open, served) = receiver(
            "127.0.0.1:0",
            "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n",
        );
        // Nobody is allowed to come here.
        let inside = TcpListener::bind("127.0.0.2:0").unwrap();
        inside.set_nonblocking(true).unwrap();
        let closed = inside.local_addr().unwrap();
        let looked_up = Arc::new(AtomicUsize::new(0));
        let allowed = Allowed::new(vec!["127.0.0.1/32".parse().unwrap()]);
        let names = Checked {
            names: Changing {
                addresses: vec![vec![closed, open], vec![closed]],
                looked_up: Arc::clone(&looked_up),
            },
            allowed: allowed.clone(),
        };
        let client = Client::with(None, names, allowed, true);
        let post = Post {
            url: "http://receiver.example/hook".to_owned(),
            id: "msg_1".to_owned(),
            timestamp: 0,
            signature: String::new(),
            body: String::new(),
        };
        assert_eq!(client.post(&post).status, Some(204));
        served.join().unwrap();
        assert_eq!(looked_up.load(Ordering::SeqCst), 1);
        let second = client.post(&post);
        assert_eq!(second.status, None);
        assert_eq!(second.error, Some(Refused.to_string()));
        assert_eq!(looked_up.load(Ordering::SeqCst), 2);
        assert!(inside.accept().is_err(), "nobody connected");
    }

    #[test]
    fn the_beginning_of_an_answer_has_at_most_so_many_characters() {
        let long = "ä\n".repeat(1_000);
        let said = beginning(long.as_bytes());
        assert!(said.chars().count() <= KEPT_OF_ANSWER);
        assert!(said.starts_with("ä ä "), "{said}");
        assert_eq!(beginning(&[0xff, b'x'][..]), "\u{fffd}x");
    }
}
