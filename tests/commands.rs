//! The command line but for import and export: configuration, keys, tokens, the schema.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::server::Process;
use crate::support::{Client, Database, Empty, waymark};

both_engines!(
    api_keys_live_and_end,
    keys_that_cannot_be_made,
    a_token_for_an_unknown_user_warns,
    nothing_secret_is_printed,
    commands_over_a_database_that_was_never_used,
    checking_the_configuration,
    what_the_demo_prints,
);

async fn api_keys_live_and_end(database: &Database) {
    let create = |name: &str, more: &[&str]| {
        let mut arguments = vec!["api-key", "create", "--platform", "acme", "--name", name];
        arguments.extend(more);
        database.waymark(&arguments).succeed()
    };
    let list = |more: &[&str]| -> Vec<Value> {
        let mut arguments = vec!["api-key", "list", "--format", "json"];
        arguments.extend(more);
        serde_json::from_str(&database.waymark(&arguments).succeed()).unwrap()
    };
    let before = list(&[]).len();
    // The key alone, on one line.
    let key = create("first", &["--expires-in", "90d"]);
    let text = key.strip_suffix('\n').unwrap();
    assert_eq!(text.len(), 64);
    assert!(
        text.bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    );
    assert_ne!(create("second", &["--user", "DORA"]), key);

    let all = list(&[]);
    assert_eq!(all.len(), before + 2);
    let named =
        |all: &[Value], name: &str| all.iter().find(|key| key["name"] == name).cloned().unwrap();
    let first = named(&all, "first");
    assert_eq!(first["platform"], "acme");
    assert_eq!(first["user"], Value::Null);
    assert!(first["expires"].is_string());
    assert_eq!(
        (&first["revoked"], &first["last_used"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(named(&all, "second")["user"], "dora");
    assert_eq!(named(&all, "second")["expires"], Value::Null);
    // The fixture has two keys of globex.
    assert_eq!(list(&["--platform", "globex"]).len(), 2);

    let id = first["id"].to_string();
    database.waymark(&["api-key", "revoke", &id]).succeed();
    assert!(named(&list(&[]), "first")["revoked"].is_string());
    database.waymark(&["api-key", "revoke", "999999"]).fail(1);
    database.waymark(&["api-key", "revoke", "first"]).fail(2);

    let table = database.waymark(&["api-key", "list"]).succeed();
    assert_eq!(table.lines().count(), before + 3);
    for shown in [table, serde_json::to_string(&list(&[])).unwrap()] {
        assert!(!shown.contains(text));
    }
}

async fn keys_that_cannot_be_made(database: &Database) {
    for (arguments, said) in [
        (&["--platform", "nowhere", "--name", "x"][..], "nowhere"),
        (
            &["--platform", "acme", "--name", "x", "--user", "missing"],
            "missing",
        ),
        (
            &["--platform", "acme", "--name", "x", "--expires-in", "soon"],
            "soon",
        ),
        (
            &["--platform", "acme", "--name", "x", "--expires-in", "0s"],
            "0s",
        ),
        (
            &["--platform", "acme", "--name", "x", "--expires-in=-1d"],
            "-1d",
        ),
        (&["--platform", "acme"], "--name"),
        (&["--name", "x"], "--platform"),
    ] {
        let mut all = vec!["api-key", "create"];
        all.extend(arguments);
        let ended = database.waymark(&all).end();
        assert!(matches!(ended.status, Some(1 | 2)), "{arguments:?}");
        assert_eq!(ended.stdout, "");
        assert!(
            ended.stderr.contains(said),
            "{arguments:?}: {}",
            ended.stderr
        );
    }
}

async fn a_token_for_an_unknown_user_warns(database: &Database) {
    let issue = |user: &str| {
        let ended = database.waymark(&["token", "issue", "--user", user]).end();
        assert_eq!(ended.status, Some(0), "{}", ended.stderr);
        assert_eq!(ended.stdout.trim_end().split('.').count(), 3);
        ended.stderr
    };
    assert_eq!(issue("DORA"), "");
    let said = issue("nobody-here");
    assert!(said.contains("has no user \"nobody-here\""), "{said}");
}

async fn nothing_secret_is_printed(database: &Database) {
    let server = Process::start(database, &[("WAYMARK_LOG_LEVEL", "debug")]);
    let key = database.key("acme");
    let client = server.authorized(format!("Api-Token {key}"));
    let document = "{ viewer { isDmAdmin } }";
    client.graphql(document, Value::Null).await;
    let wrong = "Api-Token 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let wrong_client = server.authorized(wrong);
    wrong_client.graphql(document, Value::Null).await;
    let log = server.log();
    assert!(log.contains("graphql"), "requests are logged: {log}");
    for secret in [key, &wrong[10..], crate::support::command::SECRET] {
        assert!(!log.contains(secret));
    }
    let checked = database.waymark(&["config", "check"]).end();
    assert_eq!(
        checked.status,
        Some(0),
        "{}{}",
        checked.stdout,
        checked.stderr
    );
    let password = database
        .url
        .split_once("postgres:")
        .map(|(_, rest)| rest.split('@').next());
    for printed in [checked.stdout, checked.stderr, log] {
        assert!(!printed.contains(crate::support::command::SECRET));
        if let Some(Some(password)) = password {
            assert!(!printed.contains(password));
        }
    }
}

async fn commands_over_a_database_that_was_never_used(given: &Empty) {
    let database = &given.0;
    let status = database.waymark(&["migrate", "status"]).succeed();
    assert!(
        status.contains("pending") && !status.contains("applied"),
        "{status}"
    );
    // Serving sets it up, unless that is not wanted; then it is alive, and not ready.
    let server = Process::start(database, &[]);
    assert_eq!(server.anonymous().get("/readyz").await.status, 200);
    let status = database.waymark(&["migrate", "status"]).succeed();
    assert!(
        status.contains("applied") && !status.contains("pending"),
        "{status}"
    );
    drop(server);

    database.waymark(&["migrate", "down", "--all"]).succeed();
    let server = Process::start_with(database, &["--no-migrate"], &[]);
    assert_eq!(server.anonymous().get("/livez").await.status, 200);
    assert_eq!(server.anonymous().get("/readyz").await.status, 503);
    assert_eq!(server.anonymous().get("/metrics").await.status, 200);
    database.waymark(&["migrate", "up"]).succeed();
}

async fn checking_the_configuration(database: &Database) {
    database.waymark(&["config", "check"]).succeed();
    // Everything that is wrong is said in words, and what is right with it.
    for (file, said) in [
        ("surprise = 1", "surprise"),
        ("[log]\nformat = \"xml\"", "xml"),
        ("[log]\nsurprise = 1", "surprise"),
        ("listen = \"nowhere\"", "listen"),
        ("listen = 8080", "listen"),
        ("[auth.jwt]\nalgorithms = [\"none\"]", "none"),
        ("[limits]\nrequest_timeout = \"soon\"", "request_timeout"),
        ("[limits]\nbody_bytes = -1", "body_bytes"),
        ("[introspection]\nmode = \"sometimes\"", "sometimes"),
        ("[graphql]\nfederation = \"yes\"", "federation"),
        ("this is no toml", "waymark.toml"),
    ] {
        database.file("waymark.toml", file);
        let told = database.waymark(&["config", "check"]).fail(2);
        assert!(told.contains(said), "{file}: {told}");
        let told = database.waymark(&["serve"]).fail(2);
        assert!(told.contains(said), "{file}: {told}");
    }
    std::fs::remove_file(database.folder.join("waymark.toml")).unwrap();
    for (name, value) in [
        ("WAYMARK_SURPRISE", "1"),
        ("WAYMARK_LOG_FORMAT", "xml"),
        ("WAYMARK_LISTEN", "nowhere"),
        ("WAYMARK_DATABASE_URL", "mysql://x"),
        ("WAYMARK_PUBLIC_URL", "not a url"),
    ] {
        let told = database
            .waymark(&["config", "check"])
            .env(name, value)
            .end();
        let all = format!("{}{}", told.stdout, told.stderr);
        assert!(matches!(told.status, Some(1 | 2)), "{name}: {all}");
        assert!(!all.contains("panicked"), "{all}");
    }
    database
        .waymark(&["config", "check", "--config", "missing.toml"])
        .fail(2);
}

/// A demo that serves, and is killed when it is dropped.
struct Demo(Child);

impl Demo {
    /// Starts it, and gives what it prints until it answers.
    fn start(database: &Database) -> (Self, String) {
        let run = database.waymark(&["demo", "--listen", "127.0.0.1:0"]);
        let mut child = run
            .into_command()
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let demo = Self(child);
        let mut printed = String::new();
        for line in lines {
            let line = line.unwrap();
            printed.push_str(&line);
            printed.push('\n');
            if line.starts_with("Stop with") {
                return (demo, printed);
            }
        }
        panic!("it ended: {printed}");
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs what is printed to be pasted, in its order.
async fn examples(printed: &str) -> Vec<Value> {
    let mut answers = Vec::new();
    for pasted in printed.split("\ncurl -s ").skip(1) {
        let mut words = pasted.split(" \\\n").map(str::trim_start);
        let url = words.next().unwrap();
        let base = url.strip_suffix("/graphql").unwrap();
        let quoted = |word: &str, flag: &str| {
            let text = word.lines().next().unwrap().strip_prefix(flag).unwrap();
            let text = text.strip_prefix(" '").unwrap();
            text.strip_suffix('\'').unwrap().to_owned()
        };
        let [kind, authorization] = [words.next(), words.next()].map(|word| {
            let header = quoted(word.unwrap(), "-H");
            let (name, value) = header.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        });
        let body = quoted(words.next().unwrap(), "-d");
        let client = Client::new(reqwest::Client::new(), base, None);
        let headers = [&kind, &authorization].map(|(name, value)| (&**name, &**value));
        let answer = client.send(Method::POST, "/graphql", &headers, body.into_bytes());
        let answer = answer.await.json();
        assert_eq!(answer["errors"], Value::Null, "{answer:#}");
        answers.push(answer["data"].clone());
    }
    answers
}

async fn what_the_demo_prints(given: &Empty) {
    let (demo, printed) = Demo::start(&given.0);
    let answers = examples(&printed).await;
    let [groups, suggested, deleted, mine, accepted] = answers.as_slice() else {
        panic!("{printed}");
    };
    let page = &groups["programGroupSuggestionPage"];
    assert_eq!(page["results"].as_array().unwrap().len(), 3);
    assert_eq!(suggested["programSuggestionBulkCreate"]["createdCount"], 3);
    assert_eq!(
        deleted["programGroupSuggestionBulkDelete"]["deletedCount"],
        1
    );

    let mine = &mine["suggestedPrograms"];
    let first = &mine["nodes"][0];
    assert_eq!(first["state"], "PENDING");
    for (state, least) in [("pending", 3), ("accepted", 1), ("dismissed", 1)] {
        let count = mine["stateCounts"][state].as_i64().unwrap();
        assert!(count >= least, "{mine:#}");
    }
    assert!(mine["totalCount"].as_i64().unwrap() >= 5);
    let ways: Vec<&Value> = mine["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row["ways"].as_array().unwrap())
        .collect();
    for direct in [true, false] {
        assert!(ways.iter().any(|way| way["direct"] == direct), "{mine:#}");
    }
    assert!(ways.iter().any(|way| way["message"].is_string()));

    let accepted = &accepted["suggestedProgramAccept"];
    assert_eq!(accepted["outcome"], "UPDATED");
    assert_eq!(accepted["userErrors"], json!([]));
    let program = &accepted["suggestedProgram"]["program"]["name"];
    assert_eq!(*program, first["program"]["name"]);
    assert_eq!(accepted["suggestedProgram"]["state"], "ACCEPTED");

    // The next run goes on with the same data, and its last example still does something.
    drop(demo);
    let (_demo, printed) = Demo::start(&given.0);
    let answers = examples(&printed).await;
    let accepted = &answers[4]["suggestedProgramAccept"];
    assert_eq!(accepted["outcome"], "UPDATED");
    assert_ne!(accepted["suggestedProgram"]["program"]["name"], *program);
}

#[test]
fn a_database_that_is_not_there() {
    let said = waymark(&["config", "check"])
        .env(
            "WAYMARK_DATABASE_URL",
            "postgres://nobody:secret-word@127.0.0.1:1/nothing",
        )
        .end();
    assert_eq!(said.status, Some(1), "{}", said.stdout);
    assert!(!format!("{}{}", said.stdout, said.stderr).contains("secret-word"));
    waymark(&["migrate", "up"])
        .env(
            "WAYMARK_DATABASE_URL",
            "postgres://nobody@127.0.0.1:1/nothing",
        )
        .fail(1);
    let said = waymark(&["migrate", "up"])
        .env("WAYMARK_DATABASE_URL", "sqlite:///no/such/folder/x.db")
        .end();
    assert!(matches!(said.status, Some(1 | 2)));
    assert!(said.stderr.contains("/no/such/folder"), "{}", said.stderr);
}

#[test]
fn the_defaults_are_a_configuration() {
    let defaults = waymark(&["config", "default"]).succeed();
    for key in [
        "database_url",
        "listen",
        "[auth.jwt]",
        "[cors]",
        "[limits]",
        "[log]",
    ] {
        assert!(defaults.contains(key), "{key}");
    }
    assert!(defaults.lines().any(|line| line.starts_with('#')));
    let folder = std::env::temp_dir().join(format!("waymark_defaults_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("waymark.toml"), &defaults).unwrap();
    let again = waymark(&["config", "check"])
        .without_env("WAYMARK_AUTH_JWT_SECRET")
        .folder(&folder)
        .end();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(again.status, Some(0), "{}{}", again.stdout, again.stderr);
}

#[test]
fn wrong_usage() {
    for arguments in [
        &[][..],
        &["nonsense"],
        &["serve", "--nonsense"],
        &["migrate", "sideways"],
        &["token", "issue"],
        &["token", "issue", "--user", "x", "--expires-in", "soon"],
        &["backup"],
        &["completions"],
        &["completions", "tcsh"],
        &["man", "nonsense"],
        &["man", "migrate", "sideways"],
    ] {
        let ended = waymark(arguments).end();
        assert_eq!(ended.status, Some(2), "{arguments:?}");
        assert!(!ended.stderr.is_empty());
    }
    for arguments in [
        &["help"][..],
        &["--help"],
        &["serve", "--help"],
        &["import", "--help"],
        &["export", "--help"],
        &["demo", "--help"],
        &["schema", "--help"],
        &["migrate", "up", "--help"],
        &["api-key", "create", "--help"],
        &["token", "issue", "--help"],
        &["config", "check", "--help"],
        &["backup", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        let shown = waymark(arguments).succeed();
        assert!(shown.contains("Usage"), "{arguments:?}: {shown}");
    }
}

#[test]
fn tokens_need_a_secret() {
    let token = waymark(&["token", "issue", "--user", "anna"]).succeed();
    assert_eq!(token.trim_end().split('.').count(), 3);
    waymark(&["token", "issue", "--user", "anna"])
        .without_env("WAYMARK_AUTH_JWT_SECRET")
        .fail(2);
    waymark(&["token", "issue", "--user", "anna"])
        .without_env("WAYMARK_AUTH_JWT_SECRET")
        .env("WAYMARK_AUTH_JWT_JWKS_URL", "http://127.0.0.1:1/keys")
        .fail(2);
}

#[test]
fn the_schema_is_the_committed_one() {
    let printed = waymark(&["schema"]).succeed();
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql"));
    assert_eq!(
        printed,
        committed.unwrap(),
        "schema.graphql is out of date: cargo run -- schema > schema.graphql"
    );
}

#[test]
fn the_schema_of_the_subgraph() {
    let printed = waymark(&["schema", "--federation"]).succeed();
    for line in [
        "type Platform implements Node @key(fields: \"id\") @key(fields: \"key\") {",
        "type Program implements Node @key(fields: \"id\") @key(fields: \"key platform { key }\") {",
        "type User implements Node @key(fields: \"id\") @key(fields: \"databaseId\") {",
        "type UserGroup implements Node @key(fields: \"id\") @key(fields: \"databaseId\") {",
        "type PageInfo @shareable {",
        "directive @oneOf on INPUT_OBJECT",
    ] {
        assert!(printed.lines().any(|printed| printed == line), "{line}");
    }
    assert!(printed.contains("https://specs.apollo.dev/federation/v2."));
    // Every gateway knows these, and none composes a subgraph that declares them in its own way.
    for name in ["_entities", "_service", "_Any", "_Entity", "_Service"] {
        assert!(!printed.contains(name), "{name}");
    }
}

#[test]
fn the_version_names_the_commit() {
    let version = env!("CARGO_PKG_VERSION");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let printed = waymark(&["--version"]).succeed();
    if root.join(".git").exists() {
        let head = Command::new("git")
            .args(["rev-parse", "HEAD"])
            .current_dir(root)
            .output()
            .unwrap();
        let head = String::from_utf8(head.stdout).unwrap();
        assert_eq!(printed, format!("waymark {version} ({})\n", head.trim()));
    } else {
        assert_eq!(printed, format!("waymark {version}\n"));
    }
}

/// The build script in checkouts of every shape, run as Cargo runs it.
#[test]
fn the_commit_is_found_wherever_git_keeps_it() {
    let root = std::env::temp_dir().join(format!("waymark_checkout_{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    let script = root.join("script");
    let built = Command::new("rustc")
        .args(["--edition", "2024", "-o"])
        .args([
            &script,
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs"),
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");

    let (one, other) = ("1".repeat(40), "ab".repeat(20));
    let packed = format!(
        "# pack-refs with: peeled\n{one} refs/heads/further\n{other} refs/heads/b\n^{one}\n"
    );
    let line = |hash: &str| format!("{hash}\n");
    for (name, files, commit) in [
        ("none", vec![], None),
        (
            "branch",
            vec![
                (".git/HEAD", "ref: refs/heads/a/b\n".to_owned()),
                (".git/refs/heads/a/b", line(&one)),
            ],
            Some(&one),
        ),
        ("detached", vec![(".git/HEAD", line(&other))], Some(&other)),
        (
            "packed",
            vec![
                (".git/HEAD", "ref: refs/heads/b\n".to_owned()),
                (".git/packed-refs", packed),
            ],
            Some(&other),
        ),
        (
            "unborn",
            vec![(".git/HEAD", "ref: refs/heads/main\n".to_owned())],
            None,
        ),
        (
            "worktree",
            vec![
                (".git", "gitdir: main/.git/worktrees/w\n".to_owned()),
                (
                    "main/.git/worktrees/w/HEAD",
                    "ref: refs/heads/b\n".to_owned(),
                ),
                ("main/.git/worktrees/w/commondir", "../..\n".to_owned()),
                ("main/.git/refs/heads/b", line(&one)),
            ],
            Some(&one),
        ),
    ] {
        let folder = root.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (path, content) in files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let printed = Command::new(&script).current_dir(&folder).output().unwrap();
        assert!(printed.status.success(), "{name}");
        let printed = String::from_utf8(printed.stdout).unwrap();
        let found = printed
            .lines()
            .find_map(|line| line.strip_prefix("cargo:rustc-env=BUILD_COMMIT="));
        assert_eq!(found, commit.map(String::as_str), "{name}: {printed}");
        // What is watched is there: Cargo would build again every time.
        for watched in printed
            .lines()
            .filter_map(|line| line.strip_prefix("cargo:rerun-if-changed=.git/"))
        {
            assert!(folder.join(".git").join(watched).exists(), "{name}");
        }
    }
    std::fs::remove_dir_all(root).unwrap();
}

#[test]
fn what_shells_complete_and_what_the_manual_says() {
    for (shell, marks) in [
        ("bash", ["complete -F _waymark", "--no-migrate"]),
        ("zsh", ["#compdef waymark", "--no-migrate"]),
        ("fish", ["complete -c waymark", "no-migrate"]),
    ] {
        let script = waymark(&["completions", shell]).succeed();
        for mark in marks.into_iter().chain(["backup", "api-key"]) {
            assert!(script.contains(mark), "{shell} lacks {mark}");
        }
    }
    // A shell that is there takes it.
    let bash = waymark(&["completions", "bash"]).succeed();
    let checked = Command::new("bash").args(["-n", "-c", &bash]).output();
    assert!(checked.unwrap().status.success());

    let page = waymark(&["man"]).succeed();
    for mark in [
        ".TH waymark 1",
        ".SH SYNOPSIS",
        "waymark\\-backup(1)",
        "database\\-url",
    ] {
        assert!(page.contains(mark), "{mark}: {page}");
    }
    let page = waymark(&["man", "migrate", "down"]).succeed();
    for mark in [".TH waymark-migrate-down 1", "steps"] {
        assert!(page.contains(mark), "{mark}: {page}");
    }
}
