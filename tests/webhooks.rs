//! Webhooks: a receiver that the test runs, told what happens. The clock is moved from outside: the instants
//! that the schedule goes by are rows of the database.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use crate::rest::clients;
use crate::support::kind::USERS;
use crate::support::server::Process;
use crate::support::{Client, Database, Engine, Given, Server};

both_engines!(
    an_endpoint_is_made_changed_and_deleted,
    who_manages_endpoints,
    at_most_twenty_endpoints,
    messages_say_what_happened_in_order,
    published_libraries_verify_messages,
    what_is_not_taken_is_sent_again,
    a_receiver_that_is_gone,
    pausing,
    replaying,
    other_secrets,
    a_new_endpoint_is_told_what_happens_from_then_on,
    two_replicas,
    a_killed_replica_is_replaced,
    a_lost_lease_changes_nothing,
    addresses_that_are_refused,
    answers_that_are_no_good,
    through_a_proxy,
    deliveries_by_page,
    stopping,
);

/// The environment of a service that may send to this machine. What others set for a proxy is nothing to it.
pub(crate) const LOCAL: [(&str, &str); 4] = [
    ("WAYMARK_WEBHOOKS_ALLOW_HTTP", "true"),
    ("WAYMARK_WEBHOOKS_ALLOW_NETWORKS", "127.0.0.1/32"),
    ("WAYMARK_WEBHOOKS_POLL", "20ms"),
    ("HTTP_PROXY", "http://127.0.0.1:9"),
];

/// A server that may send to this machine, and says everything in its log.
struct Sender(Server);

impl Given for Sender {
    async fn make(engine: Engine) -> Self {
        let mut environment = LOCAL.to_vec();
        environment.push(("WAYMARK_LOG_LEVEL", "trace"));
        Self(Server::over_with(
            Database::with_fixture(engine),
            &environment,
        ))
    }
}

/// What a receiver answers.
#[derive(Clone)]
pub(crate) enum Reply {
    Status(u16),
    Raw(String),
    /// This, and then a byte now and then, for ever.
    Drip(&'static str),
    /// Nothing at all.
    Never,
    /// A status, once it may.
    Held(u16, Arc<Semaphore>),
}

/// A message as it came.
#[derive(Debug, Clone)]
struct Got {
    headers: BTreeMap<String, String>,
    body: String,
    json: Value,
}

impl Got {
    fn id(&self) -> &str {
        &self.headers["webhook-id"]
    }

    fn events(&self) -> &[Value] {
        self.json["data"].as_array().unwrap()
    }

    /// Whether one of its signatures is made with a secret.
    fn is_signed_with(&self, secret: &str) -> bool {
        let key = STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        assert_eq!(key.len(), 32);
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        let timestamp = &self.headers["webhook-timestamp"];
        mac.update(format!("{}.{timestamp}.{}", self.id(), self.body).as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        self.headers["webhook-signature"]
            .split(' ')
            .any(|one| one == expected)
    }
}

struct Shared {
    got: watch::Sender<Vec<Got>>,
    /// The next answers; then always 204.
    replies: Mutex<VecDeque<Reply>>,
    /// Hosts that a proxy was asked to connect to.
    connected: Mutex<Vec<String>>,
    is_proxy: bool,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

/// Somebody who is told.
pub(crate) struct Receiver {
    at: SocketAddr,
    shared: Arc<Shared>,
}

impl Receiver {
    pub(crate) async fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::start(false, replies).await
    }

    async fn start(is_proxy: bool, replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            got: watch::Sender::new(Vec::new()),
            replies: Mutex::new(replies.into_iter().collect()),
            connected: Mutex::default(),
            is_proxy,
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&serving);
                tokio::spawn(async move {
                    // A sender that was killed or gave up leaves in the middle.
                    drop(shared.serve(stream).await);
                });
            }
        });
        Self { at, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook?a=b", self.at)
    }

    fn answer(&self, replies: impl IntoIterator<Item = Reply>) {
        *self.shared.replies.lock().unwrap() = replies.into_iter().collect();
    }

    /// The messages so far.
    fn got(&self) -> Vec<Got> {
        self.shared.got.borrow().clone()
    }

    /// The messages, once there are so many.
    async fn messages(&self, count: usize) -> Vec<Got> {
        let mut got = self.shared.got.subscribe();
        got.wait_for(|got| got.len() >= count)
            .await
            .unwrap()
            .clone()
    }

    /// The messages, once they have so many events together.
    async fn events(&self, count: usize) -> Vec<Value> {
        let all = |got: &Vec<Got>| -> Vec<Value> {
            got.iter().flat_map(|got| got.events().to_vec()).collect()
        };
        let mut got = self.shared.got.subscribe();
        let got = got.wait_for(|got| all(got).len() >= count).await.unwrap();
        all(&got)
    }
}

impl Shared {
    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let (mut line, mut headers) = head(&mut stream).await?;
        if self.is_proxy {
            let host = line.split(' ').nth(1).unwrap().to_owned();
            assert!(line.starts_with("CONNECT "), "{line}");
            self.connected.lock().unwrap().push(host);
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            (line, headers) = head(&mut stream).await?;
        }
        assert_eq!(line, "POST /hook?a=b HTTP/1.1");
        let mut body = vec![0; headers["content-length"].parse().unwrap()];
        stream.read_exact(&mut body).await?;
        let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        let body = String::from_utf8(body).unwrap();
        let json = serde_json::from_str(&body).unwrap();
        let reply = self.replies.lock().unwrap().pop_front();
        self.got.send_modify(|all| {
            all.push(Got {
                headers,
                body,
                json,
            });
        });
        let empty =
            |status: u16| format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").into_bytes();
        let answer = match reply.unwrap_or(Reply::Status(204)) {
            Reply::Status(status) => empty(status),
            Reply::Raw(text) => text.into_bytes(),
            Reply::Held(status, held) => {
                held.acquire().await.unwrap().forget();
                empty(status)
            }
            Reply::Never => std::future::pending().await,
            Reply::Drip(beginning) => {
                stream.write_all(beginning.as_bytes()).await?;
                loop {
                    stream.write_all(b"x").await?;
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
            }
        };
        // Before the sender knows, and may send the next.
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        stream.write_all(&answer).await?;
        stream.shutdown().await
    }
}

/// The first line and the headers of a request.
async fn head(
    stream: &mut BufReader<TcpStream>,
) -> std::io::Result<(String, BTreeMap<String, String>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let headers = lines.iter().skip(1).map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), value.to_owned())
    });
    let headers = headers.collect();
    Ok((lines.first().cloned().unwrap_or_default(), headers))
}

const ENDPOINT: &str = "id platform { key } url description actions state createdAt createdBy { username }
    lastDeliveredAt failingSince pendingCount
    deliveries(first: 100) { totalCount nodes { messageId at attempt statusCode error durationMs events } }";

/// One of the mutations.
async fn change(client: &Client, act: &str, input: Value) -> Value {
    let selection = match act {
        "Delete" => "deletedId".to_owned(),
        "Create" | "RotateSecret" => format!("secret endpoint {{ {ENDPOINT} }}"),
        _ => format!("endpoint {{ {ENDPOINT} }}"),
    };
    let document = format!(
        "mutation ($input: WebhookEndpoint{act}Input!) {{ webhookEndpoint{act}(input: $input) {{
            clientMutationId {selection} userErrors {{ code message field }} }} }}"
    );
    let mut data = client.data(&document, json!({ "input": input })).await;
    data[format!("webhookEndpoint{act}")].take()
}

/// Makes an endpoint of acme, and returns its id and its secret.
async fn create(client: &Client, url: &str, actions: Value) -> (String, String) {
    let input = json!({ "platformKey": "acme", "url": url, "actions": actions });
    let made = change(client, "Create", input).await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&made["endpoint"]["id"]), text(&made["secret"]))
}

async fn endpoint(client: &Client, id: &str) -> Value {
    let document = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on WebhookEndpoint {{ {ENDPOINT} }} }} }}"
    );
    client.data(&document, json!({ "id": id })).await["node"].take()
}

/// The endpoint, once it is so.
async fn once(client: &Client, id: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    loop {
        let found = endpoint(client, id).await;
        if is_so(&found) {
            return found;
        }
        tokio::task::yield_now().await;
    }
}

/// The endpoint, once so many attempts were made. Its fields are read one after the other, so it is read again.
async fn attempts(client: &Client, id: &str, count: i64) -> Value {
    once(client, id, |found| {
        found["deliveries"]["totalCount"] == json!(count)
    })
    .await;
    endpoint(client, id).await
}

/// Makes so many events, in one request.
async fn happen(client: &Client, count: usize) {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let items: Vec<Value> = (0..count)
        .map(|_| {
            let mut item = USERS.item("100x", 20);
            item["message"] = json!(format!("message {}", NEXT.fetch_add(1, Ordering::SeqCst)));
            item
        })
        .collect();
    let input = json!({ "platformKey": "acme", "items": items });
    let done = USERS.bulk_create(client, input).await;
    assert_eq!(done["successes"], json!(count), "{done:#}");
}

/// The ids of the events of acme, and their cursors, once there are so many.
async fn listed(client: &Client, count: usize) -> Vec<(Value, Value)> {
    loop {
        let (mut all, mut after) = (Vec::new(), Value::Null);
        loop {
            let document = "query ($after: String) { suggestionEvents(platformKey: \"acme\", first: 100, after: $after) {
                edges { cursor node { id } } pageInfo { hasNextPage } } }";
            let data = client.data(document, json!({ "after": after })).await;
            let list = &data["suggestionEvents"];
            for edge in list["edges"].as_array().unwrap() {
                after = edge["cursor"].clone();
                all.push((edge["node"]["id"].clone(), after.clone()));
            }
            if list["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        if all.len() >= count {
            return all;
        }
        tokio::task::yield_now().await;
    }
}

/// Events of the fixture.
const BEFORE: usize = 15;

fn now_is_due(database: &Database) {
    database.execute("UPDATE webhook_endpoints SET next_attempt_at = 0");
}

async fn an_endpoint_is_made_changed_and_deleted(Sender(server): &Sender) {
    let anna = server.user("anna");
    let input = json!({ "clientMutationId": "c", "platformKey": "acme", "url": "https://hooks.example/a?b=c",
        "description": "For the portal", "actions": ["DISMISSED", "CREATED", "CREATED"] });
    let made = change(&anna, "Create", input).await;
    assert_eq!(made["clientMutationId"], "c");
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert_eq!(
        STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap()
            .len(),
        32
    );
    let first = made["endpoint"].clone();
    let id = first["id"].as_str().unwrap();
    assert_eq!(first["platform"]["key"], "acme");
    assert_eq!(first["url"], "https://hooks.example/a?b=c");
    assert_eq!(first["description"], "For the portal");
    assert_eq!(first["actions"], json!(["CREATED", "DISMISSED"]));
    assert_eq!(first["state"], "ACTIVE");
    assert_eq!(first["createdBy"]["username"], "anna");
    assert_eq!(first["pendingCount"], 0);
    assert_eq!(first["lastDeliveredAt"], Value::Null);
    assert_eq!(first["deliveries"], json!({ "totalCount": 0, "nodes": [] }));
    assert_eq!(endpoint(&anna, id).await, first);

    // Without actions: all of them; a key made it.
    let key = server.key("acme");
    let input = json!({ "platformKey": "acme", "url": "http://hooks.example", "description": "" });
    let second = change(&key, "Create", input).await["endpoint"].take();
    assert_eq!(second["actions"].as_array().unwrap().len(), 6);
    assert_eq!(second["description"], Value::Null);
    assert_eq!(second["createdBy"], Value::Null);

    let list = |arguments: &'static str| {
        let anna = anna.clone();
        async move {
            let document = format!(
                "{{ webhookEndpoints(platformKey: \"acme\", {arguments}) {{ totalCount nodes {{ id }} edges {{ cursor }}
                    pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"
            );
            anna.data(&document, json!({})).await["webhookEndpoints"].take()
        }
    };
    let all = list("first: 100").await;
    assert_eq!(all["totalCount"], 2);
    assert_eq!(
        all["nodes"],
        json!([{ "id": first["id"] }, { "id": second["id"] }])
    );
    let page = list("first: 1").await;
    assert_eq!(page["nodes"], json!([{ "id": first["id"] }]));
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    assert_eq!(page["pageInfo"]["hasPreviousPage"], false);
    let document = "query ($after: String) { webhookEndpoints(platformKey: \"acme\", first: 5, after: $after) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage } } }";
    let rest = anna
        .data(document, json!({ "after": page["pageInfo"]["endCursor"] }))
        .await;
    let rest = &rest["webhookEndpoints"];
    assert_eq!(rest["nodes"], json!([{ "id": second["id"] }]));
    assert_eq!(
        rest["pageInfo"],
        json!({ "hasNextPage": false, "hasPreviousPage": true })
    );
    assert_eq!(
        list("last: 1").await["nodes"],
        json!([{ "id": second["id"] }])
    );
    assert_eq!(
        anna.code(document, json!({ "after": "nonsense" })).await,
        "INVALID_CURSOR"
    );

    // What is left out stays.
    let changed = change(&anna, "Update", json!({ "id": id, "paused": true })).await;
    assert_eq!(changed["endpoint"]["state"], "PAUSED");
    assert_eq!(changed["endpoint"]["actions"], first["actions"]);
    assert_eq!(changed["endpoint"]["description"], "For the portal");
    let input = json!({ "id": id, "url": "https://other.example/", "description": null, "actions": ["UPDATED"],
        "paused": false });
    let changed = change(&anna, "Update", input).await["endpoint"].take();
    assert_eq!(changed["state"], "ACTIVE");
    assert_eq!(changed["url"], "https://other.example/");
    assert_eq!(changed["description"], Value::Null);
    assert_eq!(changed["actions"], json!(["UPDATED"]));
    let same = change(
        &anna,
        "Update",
        json!({ "id": id, "url": null, "actions": null }),
    )
    .await;
    assert_eq!(same["endpoint"], changed);

    // What is wrong is said, and nothing is done.
    let long = format!("https://a.example/{}", "x".repeat(2_000));
    for (input, code, field) in [
        (json!({ "url": "hooks.example" }), "INVALID", "url"),
        (json!({ "url": "ftp://hooks.example" }), "INVALID", "url"),
        (
            json!({ "url": "https://me:hush@hooks.example" }),
            "INVALID",
            "url",
        ),
        (json!({ "url": "https://a.example/#x" }), "INVALID", "url"),
        (json!({ "url": long }), "TOO_LONG", "url"),
        (
            json!({ "url": "https://a.example", "description": "x".repeat(501) }),
            "TOO_LONG",
            "description",
        ),
        (
            json!({ "url": "https://a.example", "actions": [] }),
            "REQUIRED",
            "actions",
        ),
    ] {
        for act in ["Create", "Update"] {
            let mut input = input.clone();
            if act == "Create" {
                input["platformKey"] = json!("acme");
            } else {
                input["id"] = json!(id);
            }
            let answer = change(&anna, act, input).await;
            let error = &answer["userErrors"][0];
            assert_eq!(error["code"], code, "{answer:#}");
            assert_eq!(error["field"], json!(["input", field]));
            assert_eq!(answer["endpoint"], Value::Null);
            if act == "Create" {
                assert_eq!(answer["secret"], Value::Null);
            }
        }
    }
    assert_eq!(endpoint(&anna, id).await, changed);

    let gone = change(&anna, "Delete", json!({ "id": id })).await;
    assert_eq!(gone["deletedId"], first["id"]);
    assert_eq!(endpoint(&anna, id).await, Value::Null);
    assert_eq!(list("first: 5").await["totalCount"], 1);
    // The secret was shown once, and is nowhere else.
    assert!(!server.log().contains(&secret));
    assert!(!server.log().contains("whsec_"));
}

async fn who_manages_endpoints(Sender(server): &Sender) {
    let anna = server.user("anna");
    let (id, _) = create(&anna, "https://hooks.example", Value::Null).await;
    let document = "{ webhookEndpoints(platformKey: \"acme\", first: 5) { nodes { id } } }";
    for client in [
        server.user("anna"),
        server.user("root"),
        server.key("acme"),
        server.key("acme-anna"),
        server.key("acme-root"),
    ] {
        let data = client.data(document, json!({})).await;
        assert_eq!(data["webhookEndpoints"]["nodes"], json!([{ "id": id }]));
        let data = client
            .data(
                "{ platform(key: \"acme\") { viewerCan { manageWebhooks } } }",
                json!({}),
            )
            .await;
        assert_eq!(data["platform"]["viewerCan"]["manageWebhooks"], true);
        assert_eq!(endpoint(&client, &id).await["id"], json!(id));
        let changed = change(&client, "Update", json!({ "id": id, "description": "x" })).await;
        assert_eq!(changed["userErrors"], json!([]));
    }
    let mutations = |id: Value| {
        [
            ("Update", json!({ "id": id, "paused": true })),
            ("RotateSecret", json!({ "id": id })),
            (
                "Replay",
                json!({ "id": id, "after": "WyJzZSIsIkFUIixmYWxzZSwwLDFd" }),
            ),
            ("Delete", json!({ "id": id })),
        ]
    };
    // Nobody else, and what is hidden is as what does not exist.
    let unknown = "V2ViaG9va0VuZHBvaW50OjQ3MTE";
    for client in [
        server.user("dora"),
        server.user("cody"),
        server.user("gabi"),
        server.key("globex"),
        server.key("acme-dora"),
        server.key("globex-dual"),
    ] {
        assert_eq!(client.code(document, json!({})).await, "FORBIDDEN");
        assert_eq!(endpoint(&client, &id).await, Value::Null);
        let input = json!({ "platformKey": "acme", "url": "https://a.example" });
        let creation = "mutation ($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) { secret } }";
        assert_eq!(
            client.code(creation, json!({ "input": input })).await,
            "FORBIDDEN"
        );
        for ((act, hidden), (_, unknown)) in
            std::iter::zip(mutations(json!(id)), mutations(json!(unknown)))
        {
            let hidden = change(&client, act, hidden).await;
            assert_eq!(hidden, change(&client, act, unknown).await, "{act}");
            assert_eq!(hidden["userErrors"][0]["code"], "INVALID");
            assert_eq!(hidden["userErrors"][0]["field"], json!(["input", "id"]));
        }
    }
    for (client, code) in [
        (server.user("student1"), "FORBIDDEN"),
        (server.user("nobody"), "FORBIDDEN"),
        (server.user("inez"), "FORBIDDEN"),
        (server.key("acme-student1"), "FORBIDDEN"),
        (server.anonymous(), "UNAUTHENTICATED"),
    ] {
        assert_eq!(client.code(document, json!({})).await, code);
        for (act, input) in mutations(json!(id)) {
            let document = format!(
                "mutation ($input: WebhookEndpoint{act}Input!) {{ webhookEndpoint{act}(input: $input) {{ userErrors {{ code }} }} }}"
            );
            assert_eq!(
                client.code(&document, json!({ "input": input })).await,
                code
            );
        }
    }
    // Ids of something else.
    let platform = anna
        .data("{ platform(key: \"acme\") { id } }", json!({}))
        .await["platform"]["id"]
        .take();
    for wrong in [platform, json!("nonsense"), json!("")] {
        for (act, input) in mutations(wrong) {
            let answer = change(&anna, act, input).await;
            assert_eq!(answer["userErrors"][0]["code"], "INVALID", "{answer:#}");
            assert_eq!(answer["userErrors"][0]["field"], json!(["input", "id"]));
        }
    }
    assert_eq!(endpoint(&anna, &id).await["state"], "ACTIVE");
    let unknown = json!({ "input": { "platformKey": "nowhere", "url": "https://a.example" } });
    let document = "mutation ($input: WebhookEndpointCreateInput!) { webhookEndpointCreate(input: $input) { secret } }";
    assert_eq!(anna.code(document, unknown.clone()).await, "FORBIDDEN");
    assert_eq!(
        server.user("root").code(document, unknown).await,
        "BAD_USER_INPUT"
    );
}

async fn at_most_twenty_endpoints(Sender(server): &Sender) {
    let make = |_| {
        let anna = server.user("anna");
        async move {
            let input = json!({ "platformKey": "acme", "url": "https://hooks.example" });
            change(&anna, "Create", input).await
        }
    };
    let made = futures_util::future::join_all((0..25).map(make)).await;
    let (made, refused): (Vec<_>, Vec<_>) =
        made.iter().partition(|made| made["endpoint"].is_object());
    assert_eq!(made.len(), 20);
    let error = &refused[0]["userErrors"][0];
    assert_eq!(error["code"], "LIMIT_EXCEEDED");
    assert_eq!(error["field"], json!(["input"]));
    let secrets: BTreeSet<&str> = made
        .iter()
        .map(|made| made["secret"].as_str().unwrap())
        .collect();
    assert_eq!(secrets.len(), 20);
    // Of this platform.
    let gabi = server.user("gabi");
    let input = json!({ "platformKey": "globex", "url": "https://hooks.example" });
    assert!(change(&gabi, "Create", input).await["endpoint"].is_object());
}

async fn messages_say_what_happened_in_order(Sender(server): &Sender) {
    let (anna, key) = (server.user("anna"), server.key("acme"));
    let receiver = Receiver::new([]).await;
    let (id, secret) = create(&anna, &receiver.url(), Value::Null).await;
    // Not of this platform.
    USERS
        .bulk_create(
            &server.user("gabi"),
            json!({ "platformKey": "globex", "items": [{ "programKey": "program-v1:shared+intro+2026", "user": { "username": "glen" } }] }),
        )
        .await;
    key.data("mutation { programSuggestionCreate(input: { platformKey: \"acme\", programKey: \"program-v1:acme+100x+2026\",
        user: { username: \"student1\" }, dueAt: \"2030-01-01T00:00:00Z\" }) { outcome } }", json!({})).await;
    let message = &receiver.messages(1).await[0];
    assert!(message.is_signed_with(&secret));
    assert_eq!(message.headers["content-type"], "application/json");
    assert!(message.headers["user-agent"].starts_with("Waymark/"));
    assert_eq!(message.headers["webhook-signature"].split(' ').count(), 1);
    assert!(message.id().starts_with("msg_"));
    let list = listed(&anna, BEFORE + 1).await;
    assert_eq!(message.json["type"], "suggestion.events");
    assert_eq!(message.json["platform"], "acme");
    assert_eq!(message.json["cursor"], list[BEFORE].1);
    assert_eq!(message.json.as_object().unwrap().len(), 4);
    // The same that the list says, and no e-mails.
    let document = "{ suggestionEvents(platformKey: \"acme\", last: 1) { nodes { id at action kind platform { id key name }
        program { id key name } user { id databaseId username name } group { id databaseId name } suggestionId
        changes { field before after } actor { id databaseId username name } apiKeyName source requestId
        batch { id operation } } } }";
    let same = async || {
        let mut data = anna.data(document, json!({})).await;
        data["suggestionEvents"]["nodes"][0].take()
    };
    assert_eq!(message.events(), [same().await]);
    assert_eq!(message.events()[0]["apiKeyName"], "acme");
    assert!(!message.body.contains('@'), "{}", message.body);
    anna.data("mutation { programSuggestionCreate(input: { platformKey: \"acme\", programKey: \"program-v1:acme+100x+2026\",
        user: { username: \"student1\" }, dueAt: \"2031-01-01T00:00:00Z\" }) { outcome } }", json!({})).await;
    let message = &receiver.messages(2).await[1];
    listed(&anna, BEFORE + 2).await;
    assert_eq!(message.events(), [same().await]);
    assert_eq!(message.events()[0]["actor"]["username"], "anna");
    assert_eq!(message.events()[0]["changes"][0]["field"], "dueAt");
    let student = server.user("student1");
    student.data("mutation { suggestedProgramDismiss(input: { suggestedProgram: { key: { platformKey: \"acme\",
        programKey: \"program-v1:acme+ds+2026\" } }, reason: NO_TIME }) { outcome } }", json!({})).await;
    let message = &receiver.messages(3).await[2];
    listed(&anna, BEFORE + 3).await;
    assert_eq!(message.events(), [same().await]);
    assert_eq!(message.events()[0]["batch"], Value::Null);
    anna.data("mutation { programGroupSuggestionCreate(input: { platformKey: \"acme\", programKey: \"program-v1:acme+zh+2026\",
        group: { databaseId: \"102\" } }) { outcome } }", json!({})).await;
    let message = &receiver.messages(4).await[3];
    listed(&anna, BEFORE + 4).await;
    assert_eq!(message.events(), [same().await]);
    assert_eq!(message.events()[0]["group"]["databaseId"], "102");

    // A hundred a message; and the next only when the one before was taken.
    receiver.answer([Reply::Status(500)]);
    happen(&anna, 250).await;
    attempts(&anna, &id, 5).await;
    assert_eq!(receiver.got().len(), 5);
    now_is_due(&server.database);
    let got = receiver.messages(8).await;
    let sizes: Vec<usize> = got[4..].iter().map(|got| got.events().len()).collect();
    assert_eq!(sizes, [100, 100, 100, 50]);
    assert_eq!(got[4].id(), got[5].id());
    assert_eq!(got[4].body, got[5].body);
    let ids: BTreeSet<&str> = got.iter().map(Got::id).collect();
    assert_eq!(ids.len(), 7);
    let told: Vec<&Value> = got[5..]
        .iter()
        .flat_map(|got| got.events())
        .map(|event| &event["id"])
        .collect();
    let list = listed(&anna, BEFORE + 254).await;
    let expected: Vec<&Value> = list[BEFORE + 4..].iter().map(|(id, _)| id).collect();
    assert_eq!(told, expected);
    assert_eq!(got[7].json["cursor"], list.last().unwrap().1);
    assert_eq!(receiver.shared.most_at_once.load(Ordering::SeqCst), 1);
    let found = attempts(&anna, &id, 8).await;
    assert_eq!(found["pendingCount"], 0);
    assert!(found["lastDeliveredAt"].is_string());

    // Only what is asked for; what is not told is passed.
    let picky = Receiver::new([]).await;
    create(&anna, &picky.url(), json!(["DELETED"])).await;
    happen(&anna, 1_200).await;
    anna.data("mutation { programSuggestionDelete(input: { suggestion: { databaseId: \"1001\" } }) { deletedId } }", json!({})).await;
    let got = picky.messages(1).await;
    assert_eq!(got[0].events().len(), 1);
    assert_eq!(got[0].events()[0]["action"], "DELETED");
    let metrics = server.anonymous().get("/metrics").await.text();
    for line in [
        "waymark_webhook_deliveries_total{outcome=\"refused\"} 1\n",
        "waymark_webhook_deliveries_total{outcome=\"failed\"} 0\n",
        "# TYPE waymark_webhook_pending gauge\n",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
}

async fn published_libraries_verify_messages(Sender(server): &Sender) {
    let anna = server.user("anna");
    let receiver = Receiver::new([Reply::Status(500)]).await;
    let (id, first) = create(&anna, &receiver.url(), Value::Null).await;
    let rotated = change(&anna, "RotateSecret", json!({ "id": id })).await;
    let second = rotated["secret"].as_str().unwrap();
    happen(&anna, 3).await;
    attempts(&anna, &id, 1).await;
    now_is_due(&server.database);
    // The first attempt, and one that repeats it, with either secret.
    for got in receiver.messages(2).await {
        let message = json!({ "body": got.body, "headers": got.headers }).to_string();
        for secret in [&first, second] {
            for (program, script) in [
                (std::path::PathBuf::from("node"), "webhook.mjs"),
                (clients::python(), "webhook.py"),
            ] {
                let mut child = Command::new(program)
                    .arg(script)
                    .arg(secret)
                    .current_dir(clients::folder())
                    .stdin(Stdio::piped())
                    .spawn()
                    .unwrap();
                std::io::Write::write_all(&mut child.stdin.take().unwrap(), message.as_bytes())
                    .unwrap();
                assert!(child.wait().unwrap().success(), "{script}");
            }
        }
    }
}

/// Microseconds.
const SECOND: i64 = 1_000_000;
const DAY: i64 = 24 * 3_600 * SECOND;

async fn what_is_not_taken_is_sent_again(Sender(server): &Sender) {
    let anna = server.user("anna");
    let receiver = Receiver::new(std::iter::repeat_n(Reply::Status(503), 8)).await;
    let (id, _) = create(&anna, &receiver.url(), Value::Null).await;
    happen(&anna, 1).await;
    let mut since = None;
    for (attempt, seconds) in std::iter::zip(1.., [5, 30, 300, 1_800, 7_200, 18_000, 18_000]) {
        let found = attempts(&anna, &id, attempt).await;
        assert_eq!(found["state"], "FAILING");
        assert_eq!(found["pendingCount"], 1);
        let delivery = &found["deliveries"]["nodes"][0];
        assert_eq!(delivery["attempt"], json!(attempt));
        assert_eq!(delivery["statusCode"], 503);
        assert_eq!(delivery["error"], "The answer was 503 Service Unavailable.");
        let failing_since = found["failingSince"].as_str().unwrap().to_owned();
        assert_eq!(*since.get_or_insert(failing_since.clone()), failing_since);
        let rows = server.database.numbers(
            "SELECT w.next_attempt_at - d.at, w.attempt FROM webhook_endpoints w, webhook_deliveries d ORDER BY d.id DESC",
        );
        let wait = rows[0][0].unwrap() - seconds * SECOND;
        assert!((0..10 * SECOND).contains(&wait), "{rows:?}");
        // What happens meanwhile waits.
        if attempt == 1 {
            assert_eq!(receiver.got().len(), 1);
        }
        now_is_due(&server.database);
    }
    // Five days later.
    let found = attempts(&anna, &id, 8).await;
    assert_eq!(found["state"], "FAILING");
    server.database.execute(&format!(
        "UPDATE webhook_endpoints SET failing_since = failing_since - {}, next_attempt_at = 0",
        5 * DAY
    ));
    receiver.answer([Reply::Status(500)]);
    let found = attempts(&anna, &id, 9).await;
    assert_eq!(found["state"], "DISABLED");
    assert_eq!(found["pendingCount"], 1);
    now_is_due(&server.database);
    happen(&anna, 1).await;
    let waiting = once(&anna, &id, |found| found["pendingCount"] == json!(2)).await;
    assert_eq!(waiting["deliveries"]["totalCount"], 9);

    // Started again, it goes on where it stopped.
    receiver.answer([Reply::Status(500)]);
    let started = change(&anna, "Update", json!({ "id": id, "paused": false })).await;
    assert_eq!(started["userErrors"], json!([]));
    let found = attempts(&anna, &id, 10).await;
    assert_eq!(found["state"], "FAILING");
    assert_ne!(found["failingSince"].as_str(), since.as_deref());
    assert_eq!(found["deliveries"]["nodes"][0]["attempt"], 1);
    // Without waiting, by hand.
    change(&anna, "Update", json!({ "id": id, "paused": false })).await;
    let found = attempts(&anna, &id, 12).await;
    assert_eq!(found["state"], "ACTIVE");
    assert_eq!(found["failingSince"], Value::Null);
    assert_eq!(found["pendingCount"], 0);
    let got = receiver.got();
    assert!(
        got[..11]
            .iter()
            .all(|one| one.id() == got[0].id() && one.body == got[0].body)
    );
    assert_ne!(got[11].id(), got[0].id());
}

async fn a_receiver_that_is_gone(Sender(server): &Sender) {
    let anna = server.user("anna");
    let receiver = Receiver::new([Reply::Status(410)]).await;
    let (id, _) = create(&anna, &receiver.url(), Value::Null).await;
    happen(&anna, 1).await;
    let found = attempts(&anna, &id, 1).await;
    assert_eq!(found["state"], "DISABLED");
    assert_eq!(found["deliveries"]["nodes"][0]["statusCode"], 410);
    // Another address alone does not start it.
    let other = Receiver::new([]).await;
    let input = json!({ "id": id, "url": other.url() });
    assert_eq!(
        change(&anna, "Update", input).await["endpoint"]["state"],
        "DISABLED"
    );
    change(&anna, "Update", json!({ "id": id, "paused": false })).await;
    let got = other.messages(1).await;
    assert_eq!(got[0].id(), receiver.got()[0].id());
    // A failing one is tried at its new address at once.
    other.answer([Reply::Status(500)]);
    happen(&anna, 1).await;
    attempts(&anna, &id, 3).await;
    receiver.answer([]);
    let input = json!({ "id": id, "url": receiver.url() });
    change(&anna, "Update", input).await;
    assert_eq!(attempts(&anna, &id, 4).await["state"], "ACTIVE");
    assert_eq!(receiver.got().len(), 2);
}

async fn pausing(Sender(server): &Sender) {
    let anna = server.user("anna");
    let (receiver, other) = (Receiver::new([]).await, Receiver::new([]).await);
    let (id, _) = create(&anna, &receiver.url(), Value::Null).await;
    create(&anna, &other.url(), Value::Null).await;
    change(&anna, "Update", json!({ "id": id, "paused": true })).await;
    happen(&anna, 120).await;
    other.events(120).await;
    let found = once(&anna, &id, |found| found["pendingCount"] == json!(120)).await;
    assert_eq!(found["state"], "PAUSED");
    assert_eq!(receiver.got().len(), 0);
    let list =
        "{ webhookEndpoints(platformKey: \"acme\", first: 5) { nodes { pendingCount state } } }";
    loop {
        let data = anna.data(list, json!({})).await;
        let both = &data["webhookEndpoints"]["nodes"];
        assert_eq!(both[0]["pendingCount"], 120);
        if both[1]["pendingCount"] == 0 {
            break;
        }
    }
    // Seen by whoever looks after the service.
    loop {
        let metrics = server.anonymous().get("/metrics").await.text();
        if metrics.contains("waymark_webhook_pending 120\n") {
            break;
        }
        tokio::task::yield_now().await;
    }
    let before = listed(&anna, BEFORE + 120).await;
    change(&anna, "Update", json!({ "id": id, "paused": false })).await;
    let told = receiver.events(120).await;
    let told: Vec<&Value> = told.iter().map(|event| &event["id"]).collect();
    let expected: Vec<&Value> = before[BEFORE..].iter().map(|(id, _)| id).collect();
    assert_eq!(told, expected);
    // While a message is on its way.
    let held = Arc::new(Semaphore::new(0));
    receiver.answer([Reply::Held(200, Arc::clone(&held))]);
    happen(&anna, 1).await;
    receiver.messages(3).await;
    change(&anna, "Update", json!({ "id": id, "paused": true })).await;
    happen(&anna, 1).await;
    held.add_permits(1);
    let found = attempts(&anna, &id, 3).await;
    assert_eq!(found["state"], "PAUSED");
    once(&anna, &id, |found| found["pendingCount"] == json!(1)).await;
    assert_eq!(receiver.got().len(), 3);
}

async fn replaying(Sender(server): &Sender) {
    let anna = server.user("anna");
    let receiver = Receiver::new([]).await;
    let (id, _) = create(&anna, &receiver.url(), Value::Null).await;
    happen(&anna, 3).await;
    receiver.events(3).await;
    let list = listed(&anna, BEFORE + 3).await;
    let replay = async |cursor: &Value| {
        let input = json!({ "id": id, "after": cursor });
        change(&anna, "Replay", input).await
    };
    for wrong in [
        json!("nonsense"),
        json!(""),
        json!("WyJzZSIsIkFUIixmYWxzZSw5MDAwMDAwMDAwMDAwMDAwLDQ3MTEwMDBd"),
    ] {
        let answer = replay(&wrong).await;
        assert_eq!(answer["userErrors"][0]["code"], "INVALID", "{answer:#}");
        assert_eq!(answer["userErrors"][0]["field"], json!(["input", "after"]));
        assert_eq!(answer["endpoint"], Value::Null);
    }
    // A cursor of another platform.
    let gabi = server.user("gabi");
    let document = "{ suggestionEvents(platformKey: \"globex\", last: 1) { edges { cursor } } }";
    USERS
        .bulk_create(
            &gabi,
            json!({ "platformKey": "globex", "items": [{ "programKey": "program-v1:shared+intro+2026", "user": { "username": "glen" } }] }),
        )
        .await;
    let cursor = loop {
        let data = gabi.data(document, json!({})).await;
        let cursor = data["suggestionEvents"]["edges"][0]["cursor"].clone();
        if cursor.is_string() {
            break cursor;
        }
    };
    assert_eq!(replay(&cursor).await["userErrors"][0]["code"], "INVALID");
    assert_eq!(receiver.got().len(), endpoint_count(&anna, &id).await);

    let told = async |from: usize, count: usize| {
        let all = receiver.events(from + count).await;
        all[from..]
            .iter()
            .map(|event| event["id"].clone())
            .collect::<Vec<Value>>()
    };
    let ids =
        |from: usize| -> Vec<Value> { list[from..].iter().map(|(id, _)| id.clone()).collect() };
    let answer = replay(&list[BEFORE - 1].1).await;
    assert_eq!(answer["userErrors"], json!([]));
    assert_eq!(told(3, 3).await, ids(BEFORE));
    // Before the endpoint was made, too.
    replay(&list[0].1).await;
    assert_eq!(told(6, BEFORE + 2).await, ids(1));
    once(&anna, &id, |found| found["pendingCount"] == json!(0)).await;

    // A paused one stays so.
    change(&anna, "Update", json!({ "id": id, "paused": true })).await;
    let answer = replay(&list[BEFORE].1).await;
    assert_eq!(answer["endpoint"]["state"], "PAUSED");
    assert_eq!(answer["endpoint"]["pendingCount"], 2);
    change(&anna, "Update", json!({ "id": id, "paused": false })).await;
    let mut from = 6 + BEFORE + 2;
    assert_eq!(told(from, 2).await, ids(BEFORE + 1));
    from += 2;
    once(&anna, &id, |found| found["pendingCount"] == json!(0)).await;

    // While a message is on its way: it does not move the place that was set.
    let held = Arc::new(Semaphore::new(0));
    let before = receiver.got().len();
    receiver.answer([Reply::Held(200, Arc::clone(&held))]);
    happen(&anna, 1).await;
    receiver.messages(before + 1).await;
    let answer = replay(&list[BEFORE + 1].1).await;
    assert_eq!(answer["endpoint"]["pendingCount"], 2);
    held.add_permits(1);
    let again = told(from + 1, 2).await;
    assert_eq!(again[0], list[BEFORE + 2].0);
    assert_eq!(receiver.shared.most_at_once.load(Ordering::SeqCst), 1);
}

async fn endpoint_count(client: &Client, id: &str) -> usize {
    let found = once(client, id, |found| found["pendingCount"] == json!(0)).await;
    usize::try_from(found["deliveries"]["totalCount"].as_u64().unwrap()).unwrap()
}

async fn other_secrets(Sender(server): &Sender) {
    let anna = server.user("anna");
    let receiver = Receiver::new([]).await;
    let (id, first) = create(&anna, &receiver.url(), Value::Null).await;
    let rotate = async || {
        let rotated = change(&anna, "RotateSecret", json!({ "id": id })).await;
        assert_eq!(rotated["userErrors"], json!([]));
        rotated["secret"].as_str().unwrap().to_owned()
    };
    let second = rotate().await;
    assert_ne!(first, second);
    happen(&anna, 1).await;
    let got = &receiver.messages(1).await[0];
    assert_eq!(got.headers["webhook-signature"].split(' ').count(), 2);
    assert!(got.is_signed_with(&first) && got.is_signed_with(&second));
    // 24 hours later.
    server.database.execute(&format!(
        "UPDATE webhook_endpoints SET former_until = former_until - {DAY}"
    ));
    happen(&anna, 1).await;
    let got = &receiver.messages(2).await[1];
    assert!(got.is_signed_with(&second) && !got.is_signed_with(&first));
    let third = rotate().await;
    happen(&anna, 1).await;
    let got = &receiver.messages(3).await[2];
    assert!(got.is_signed_with(&third) && got.is_signed_with(&second));
    for secret in [first, second, third] {
        assert!(!server.log().contains(&secret));
    }
}

/// Also where what happened before cannot be read yet, because of somebody's open transaction.
async fn a_new_endpoint_is_told_what_happens_from_then_on(Sender(server): &Sender) {
    use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
    let anna = server.user("anna");
    let receiver = Receiver::new([]).await;
    if server.database.engine == Engine::Sqlite {
        happen(&anna, 2).await;
        create(&anna, &receiver.url(), Value::Null).await;
    } else {
        let other = sea_orm::Database::connect(&server.database.url)
            .await
            .unwrap();
        #[expect(clippy::disallowed_methods, reason = "somebody else's")]
        let open = other.begin().await.unwrap();
        open.execute_unprepared(
            "CREATE TEMPORARY TABLE held (id BIGINT); INSERT INTO held VALUES (1)",
        )
        .await
        .unwrap();
        happen(&anna, 2).await;
        let (id, _) = create(&anna, &receiver.url(), Value::Null).await;
        assert_eq!(endpoint(&anna, &id).await["pendingCount"], 0);
        happen(&anna, 1).await;
        assert_eq!(endpoint(&anna, &id).await["pendingCount"], 1);
        open.rollback().await.unwrap();
        other.close().await.unwrap();
    }
    happen(&anna, 1).await;
    let expected = BEFORE + 2;
    let list = listed(&anna, expected + 1).await;
    let told = receiver.events(list.len() - expected).await;
    let told: Vec<&Value> = told.iter().map(|event| &event["id"]).collect();
    let expected: Vec<&Value> = list[expected..].iter().map(|(id, _)| id).collect();
    assert_eq!(told, expected);
}

fn start(database: &Database) -> (Process, Client) {
    let process = Process::start(database, &LOCAL);
    let client = process.authorized(format!("Api-Token {}", database.key("acme")));
    (process, client)
}

async fn two_replicas(database: &Database) {
    let ((_first, one), (_second, two)) = (start(database), start(database));
    let receivers = [Receiver::new([]).await, Receiver::new([]).await];
    for receiver in &receivers {
        create(&one, &receiver.url(), Value::Null).await;
    }
    let write = async |client: &Client| {
        for _ in 0..20 {
            happen(client, 3).await;
        }
    };
    tokio::join!(write(&one), write(&two));
    let list = listed(&one, BEFORE + 120).await;
    let expected: Vec<&Value> = list[BEFORE..].iter().map(|(id, _)| id).collect();
    for receiver in &receivers {
        let told = receiver.events(120).await;
        let told: Vec<&Value> = told.iter().map(|event| &event["id"]).collect();
        assert_eq!(told, expected);
        assert_eq!(receiver.shared.most_at_once.load(Ordering::SeqCst), 1);
    }
}

async fn a_killed_replica_is_replaced(database: &Database) {
    let (first, client) = start(database);
    let receiver = Receiver::new([Reply::Never]).await;
    create(&client, &receiver.url(), Value::Null).await;
    happen(&client, 2).await;
    receiver.messages(1).await;
    let (_second, client) = start(database);
    // Killed in the middle.
    drop(first);
    let now = i64::try_from(
        std::time::SystemTime::UNIX_EPOCH
            .elapsed()
            .unwrap()
            .as_micros(),
    )
    .unwrap();
    let until = database.numbers("SELECT lease_until FROM webhook_endpoints")[0][0].unwrap();
    assert!(until > now, "it is still held");
    assert!(until - now <= 25 * SECOND, "and not for long");
    assert_eq!(receiver.got().len(), 1);
    // 25 seconds later.
    database.execute(&format!(
        "UPDATE webhook_endpoints SET lease_until = lease_until - {}",
        25 * SECOND
    ));
    let got = receiver.messages(2).await;
    assert_eq!(got[0].id(), got[1].id());
    assert_eq!(got[0].body, got[1].body);
    happen(&client, 1).await;
    let got = receiver.messages(3).await;
    assert_eq!(got[2].events().len(), 1);
    assert_ne!(got[2].id(), got[1].id());
}

async fn a_lost_lease_changes_nothing(database: &Database) {
    let (process, client) = start(database);
    let held = Arc::new(Semaphore::new(0));
    let replies = [200, 500].map(|status| Reply::Held(status, Arc::clone(&held)));
    let receiver = Receiver::new(replies).await;
    let (id, _) = create(&client, &receiver.url(), Value::Null).await;
    happen(&client, 1).await;
    for round in 1..=2 {
        receiver.messages(round).await;
        let there = "SELECT place_settled, place_id, attempt, failing_since FROM webhook_endpoints";
        let before = database.numbers(there);
        // Somebody else took it meanwhile.
        database.execute("UPDATE webhook_endpoints SET lease_owner = 'other'");
        held.add_permits(1);
        while process
            .log()
            .matches("the lease of a webhook was lost")
            .count()
            < round
        {
            tokio::task::yield_now().await;
        }
        assert_eq!(database.numbers(there), before);
        let found = endpoint(&client, &id).await;
        assert_eq!(found["pendingCount"], 1);
        assert_eq!(found["state"], "ACTIVE");
        assert_eq!(found["deliveries"]["totalCount"], 0);
        database.execute("UPDATE webhook_endpoints SET lease_owner = NULL, lease_until = 0");
    }
    let got = receiver.messages(3).await;
    assert!(got.iter().all(|one| one.id() == got[0].id()));
    attempts(&client, &id, 1).await;
}

async fn addresses_that_are_refused(database: &Database) {
    let environment = [
        ("WAYMARK_WEBHOOKS_ALLOW_HTTP", "true"),
        ("WAYMARK_WEBHOOKS_ALLOW_NETWORKS", "127.0.0.9/32"),
        ("WAYMARK_WEBHOOKS_POLL", "20ms"),
    ];
    let process = Process::start(database, &environment);
    let client = process.authorized(format!("Api-Token {}", database.key("acme")));
    let receiver = Receiver::new([]).await;
    let hosts = [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00::1]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
    ];
    for host in hosts {
        let url = format!("http://{host}:{}/hook?a=b", receiver.at.port());
        create(&client, &url, Value::Null).await;
    }
    happen(&client, 1).await;
    let document = "{ webhookEndpoints(platformKey: \"acme\", first: 100) { nodes { url state
        deliveries(first: 2) { nodes { statusCode error attempt } } } } }";
    loop {
        let data = client.data(document, json!({})).await;
        let rows = data["webhookEndpoints"]["nodes"].as_array().unwrap();
        assert_eq!(rows.len(), hosts.len());
        // The state is read before the deliveries.
        let told = rows
            .iter()
            .filter(|row| row["deliveries"]["nodes"][0].is_object() && row["state"] != "ACTIVE");
        if told.count() < hosts.len() {
            continue;
        }
        for row in rows {
            let delivery = &row["deliveries"]["nodes"][0];
            assert_eq!(delivery["statusCode"], Value::Null, "{row:#}");
            assert_eq!(
                delivery["error"], "The address is not allowed: it is private, local or reserved.",
                "{row:#}"
            );
            assert_eq!(row["state"], "FAILING");
        }
        break;
    }
    assert_eq!(receiver.got().len(), 0);
    assert_eq!(receiver.shared.at_once.load(Ordering::SeqCst), 0);
    let metrics = process.anonymous().get("/metrics").await.text();
    let failed = format!(
        "waymark_webhook_deliveries_total{{outcome=\"failed\"}} {}\n",
        hosts.len()
    );
    assert!(metrics.contains(&failed), "{metrics}");

    // Where http is not allowed, an endpoint of earlier days is not sent to either.
    drop(process);
    let process = Process::start(
        database,
        &[
            ("WAYMARK_WEBHOOKS_ALLOW_NETWORKS", "127.0.0.1/32"),
            ("WAYMARK_WEBHOOKS_POLL", "20ms"),
        ],
    );
    let client = process.authorized(format!("Api-Token {}", database.key("acme")));
    let input = json!({ "platformKey": "acme", "url": receiver.url() });
    let refused = change(&client, "Create", input).await;
    assert_eq!(refused["userErrors"][0]["code"], "INVALID");
    let message = refused["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("absolute https URL"), "{message}");
    now_is_due(database);
    let data = client.data(document, json!({})).await;
    let first = data["webhookEndpoints"]["nodes"][0]["url"].clone();
    loop {
        let data = client.data(document, json!({})).await;
        let row = &data["webhookEndpoints"]["nodes"][0];
        assert_eq!(row["url"], first);
        if row["deliveries"]["nodes"][0]["attempt"] == 2 {
            let error = &row["deliveries"]["nodes"][0]["error"];
            assert_eq!(error, "Only https addresses are allowed.");
            break;
        }
    }
    assert_eq!(receiver.got().len(), 0);
}

async fn answers_that_are_no_good(Sender(server): &Sender) {
    let anna = server.user("anna");
    let elsewhere = Receiver::new([]).await;
    let huge = "ä".repeat(3_000_000);
    let raw = |head: &str, body: &str| Reply::Raw(format!("HTTP/1.1 {head}\r\n\r\n{body}"));
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", away.local_addr().unwrap());
    drop(away);
    let location = format!(
        "302 Found\r\nlocation: {}\r\ncontent-length: 0",
        elsewhere.url()
    );
    let cases = [
        // A redirect is not followed.
        (
            raw(&location, ""),
            json!(302),
            "The answer was 302 Found: redirects are not followed.",
        ),
        (
            raw(&location.replace("302 Found", "307 Temporary Redirect"), ""),
            json!(307),
            "redirects are not followed",
        ),
        (
            raw("304 Not Modified", ""),
            json!(304),
            "redirects are not followed",
        ),
        // A success is one whatever follows, and however long.
        (
            raw("200 OK\r\ncontent-length: 6000000", &huge),
            json!(200),
            "",
        ),
        (Reply::Drip("HTTP/1.1 201 Created\r\n\r\n"), json!(201), ""),
        // Of anything else the beginning is kept.
        (
            raw("500 Oops\r\ncontent-length: 6000000", &huge),
            json!(500),
            "The answer was 500 Internal Server Error: äää",
        ),
        (
            raw("400 Bad Request", "<b>no\r\nsuch\u{0}thing</b>"),
            json!(400),
            "The answer was 400 Bad Request: <b>no  such thing</b>",
        ),
        (
            Reply::Drip("HTTP/1.1 503 Wait\r\n\r\n"),
            json!(503),
            "The answer was 503 Service Unavailable: xxx",
        ),
        // No answer.
        (
            Reply::Never,
            Value::Null,
            "There was no answer within 15 seconds.",
        ),
        (
            Reply::Drip("HTTP/1.1 200 OK\r\nx-long: "),
            Value::Null,
            "There was no answer within 15 seconds.",
        ),
        (
            raw(&format!("200 OK\r\nx-large: {}", "x".repeat(70_000)), ""),
            Value::Null,
            "The head of the answer is too large.",
        ),
        (
            Reply::Raw("220 ready when you are\r\n".to_owned()),
            Value::Null,
            "The answer was not one of HTTP.",
        ),
        (
            Reply::Raw(String::new()),
            Value::Null,
            "The connection was closed without an answer.",
        ),
    ];
    let mut running = Vec::new();
    for (reply, status, error) in cases {
        let receiver = Receiver::new([reply]).await;
        let (id, _) = create(&anna, &receiver.url(), Value::Null).await;
        running.push((receiver, id, status, error));
    }
    let (refusing, _) = create(&anna, &nobody, Value::Null).await;
    let (unknown, _) = create(&anna, "http://nowhere.invalid/", Value::Null).await;
    let began = Instant::now();
    happen(&anna, 1).await;
    // It may have been sent again meanwhile.
    let first = async |id: &str| {
        let found = once(&anna, id, |found| {
            found["deliveries"]["nodes"][0].is_object()
        })
        .await;
        let rows = found["deliveries"]["nodes"].as_array().unwrap();
        rows.last().unwrap().clone()
    };
    for (_, id, status, error) in &running {
        let delivery = first(id).await;
        assert_eq!(&delivery["statusCode"], status, "{delivery:#}");
        let took = delivery["durationMs"].as_i64().unwrap();
        if error.is_empty() {
            assert_eq!(delivery["error"], Value::Null);
            assert!(took < 10_000, "{took}");
        } else {
            let said = delivery["error"].as_str().unwrap();
            let fits = said.starts_with(error) || said.ends_with(&format!("{error}."));
            assert!(fits, "{said}");
            assert!(said.matches('ä').count() <= 200, "{said}");
        }
        if *error == "There was no answer within 15 seconds." {
            assert!((15_000..20_000).contains(&took), "{took}");
        }
    }
    // All of them at once.
    assert!(began.elapsed() < Duration::from_secs(40));
    for (id, error) in [
        (refusing, "The connection was refused."),
        (unknown, "The name of the host could not be looked up."),
    ] {
        let delivery = first(&id).await;
        assert_eq!(delivery["statusCode"], Value::Null);
        assert_eq!(delivery["error"], error);
    }
    assert_eq!(elsewhere.got().len(), 0);
}

async fn through_a_proxy(database: &Database) {
    let proxy = Receiver::start(true, []).await;
    let at = format!("http://me:hush@{}", proxy.at);
    let environment = [
        ("WAYMARK_WEBHOOKS_ALLOW_HTTP", "true"),
        ("WAYMARK_WEBHOOKS_POLL", "20ms"),
        ("WAYMARK_WEBHOOKS_PROXY", at.as_str()),
        ("WAYMARK_LOG_LEVEL", "debug"),
    ];
    let process = Process::start(database, &environment);
    let client = process.authorized(format!("Api-Token {}", database.key("acme")));
    // A name that only the proxy knows; and an address that it would connect to.
    let (named, secret) = create(&client, "http://receiver.invalid/hook?a=b", Value::Null).await;
    let (inside, _) = create(&client, "http://10.0.0.1/hook?a=b", Value::Null).await;
    happen(&client, 1).await;
    let found = attempts(&client, &named, 1).await;
    assert_eq!(found["state"], "ACTIVE", "{found:#}");
    assert!(proxy.got()[0].is_signed_with(&secret));
    let found = attempts(&client, &inside, 1).await;
    assert_eq!(
        found["deliveries"]["nodes"][0]["error"],
        "The address is not allowed: it is private, local or reserved."
    );
    assert_eq!(
        *proxy.shared.connected.lock().unwrap(),
        ["receiver.invalid:80"]
    );
    assert!(!process.log().contains("hush"));
}

async fn deliveries_by_page(Sender(server): &Sender) {
    let anna = server.user("anna");
    let receiver = Receiver::new([]).await;
    let (id, _) = create(&anna, &receiver.url(), Value::Null).await;
    for count in 1..=5 {
        happen(&anna, count).await;
        attempts(&anna, &id, i64::try_from(count).unwrap()).await;
    }
    let document = "query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) {
        ... on WebhookEndpoint { deliveries(first: $first, after: $after, last: $last, before: $before) {
          totalCount nodes { events messageId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }";
    let page = async |mut variables: Value| {
        variables["id"] = json!(id);
        let mut data = anna.data(document, variables).await;
        data["node"]["deliveries"].take()
    };
    let events = |page: &Value| -> Vec<i64> {
        let rows = page["nodes"].as_array().unwrap();
        rows.iter()
            .map(|row| row["events"].as_i64().unwrap())
            .collect()
    };
    // The newest first.
    let first = page(json!({ "first": 2 })).await;
    assert_eq!(events(&first), [5, 4]);
    assert_eq!(first["totalCount"], 5);
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    assert_eq!(first["pageInfo"]["hasPreviousPage"], false);
    assert_eq!(first["nodes"][0]["messageId"], receiver.got()[4].id());
    let second = page(json!({ "first": 3, "after": first["pageInfo"]["endCursor"] })).await;
    assert_eq!(events(&second), [3, 2, 1]);
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    assert_eq!(second["pageInfo"]["hasPreviousPage"], true);
    let last = page(json!({ "last": 2 })).await;
    assert_eq!(events(&last), [2, 1]);
    assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
    let before = page(json!({ "last": 5, "before": last["pageInfo"]["startCursor"] })).await;
    assert_eq!(events(&before), [5, 4, 3]);
    assert_eq!(before["pageInfo"]["hasNextPage"], true);
    assert_eq!(before["pageInfo"]["hasPreviousPage"], false);

    // A week later the oldest are gone, also from the database when the service starts.
    server.database.execute(&format!(
        "UPDATE webhook_deliveries SET at = at - {} WHERE events < 3",
        7 * DAY
    ));
    let kept = page(json!({ "first": 100 })).await;
    assert_eq!(events(&kept), [5, 4, 3]);
    assert_eq!(kept["totalCount"], 3);
    let _again = start(&server.database);
    loop {
        let rows = server
            .database
            .numbers("SELECT COUNT(*) FROM webhook_deliveries");
        if rows[0][0] == Some(3) {
            break;
        }
        tokio::task::yield_now().await;
    }
    let gone = change(&anna, "Delete", json!({ "id": id })).await;
    assert_eq!(gone["deletedId"], json!(id));
    let rows = server
        .database
        .numbers("SELECT COUNT(*) FROM webhook_deliveries");
    assert_eq!(rows[0][0], Some(0));
}

/// A message on its way is waited for, but not for longer than the grace; either way the lease is given back.
async fn stopping(database: &Database) {
    let free = "SELECT COUNT(*) FROM webhook_endpoints WHERE lease_owner IS NULL";
    let (mut process, client) = start(database);
    let held = Arc::new(Semaphore::new(0));
    let receiver = Receiver::new([Reply::Held(200, Arc::clone(&held))]).await;
    let (id, _) = create(&client, &receiver.url(), Value::Null).await;
    happen(&client, 1).await;
    receiver.messages(1).await;
    assert_eq!(database.numbers(free)[0][0], Some(0));
    process.terminate();
    while !process.log().contains("stopping") {
        tokio::task::yield_now().await;
    }
    held.add_permits(1);
    assert_eq!(process.wait(), Some(0));
    assert_eq!(database.numbers(free)[0][0], Some(1));

    let mut environment = LOCAL.to_vec();
    environment.push(("WAYMARK_SHUTDOWN_GRACE", "2s"));
    let mut process = Process::start(database, &environment);
    let client = process.authorized(format!("Api-Token {}", database.key("acme")));
    let found = endpoint(&client, &id).await;
    assert_eq!(found["deliveries"]["totalCount"], 1);
    assert_eq!(found["pendingCount"], 0);
    receiver.answer([Reply::Never]);
    happen(&client, 1).await;
    receiver.messages(2).await;
    let began = Instant::now();
    process.terminate();
    assert_eq!(process.wait(), Some(0));
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(database.numbers(free)[0][0], Some(1));
    // It is no failure of the receiver's.
    let (_process, client) = start(database);
    let found = attempts(&client, &id, 2).await;
    assert_eq!(found["state"], "ACTIVE");
    let got = receiver.messages(3).await;
    assert_eq!(got[1].id(), got[2].id());
}
