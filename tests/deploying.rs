//! The files in `deploy/` can be read, and what they name is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize as _;
use serde_json::Value;

use crate::support::kind::USERS;
use crate::support::{Engine, Server, waymark};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All documents of a YAML file.
fn yaml(path: &str) -> Vec<Value> {
    let text = read(path);
    serde_yaml_ng::Deserializer::from_str(&text)
        .map(|document| {
            Value::deserialize(document).unwrap_or_else(|error| panic!("{path}: {error}"))
        })
        .collect()
}

fn only(path: &str) -> Value {
    let mut documents = yaml(path);
    assert_eq!(documents.len(), 1, "{path}");
    documents.remove(0)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Everything in a text that begins like this and goes on with such characters.
fn names<'t>(text: &'t str, start: &str, fits: fn(char) -> bool) -> BTreeSet<&'t str> {
    text.match_indices(start)
        .map(|(at, _)| {
            let rest = &text[at..];
            &rest[..rest.find(|c| !fits(c)).unwrap_or(rest.len())]
        })
        .collect()
}

fn environment_names(text: &str) -> BTreeSet<&str> {
    let mut names = names(text, "WAYMARK_", |c| {
        c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'
    });
    names.remove("WAYMARK_");
    names
}

/// The keys of the configuration, by their path.
fn keys() -> BTreeSet<String> {
    fn flatten(table: &toml::Table, path: &str, keys: &mut BTreeSet<String>) {
        for (key, value) in table {
            let path = format!("{path}{key}");
            match value {
                toml::Value::Table(table) => flatten(table, &format!("{path}."), keys),
                _ => assert!(keys.insert(path)),
            }
        }
    }
    let printed = waymark(&["config", "default"]).succeed();
    let mut keys = BTreeSet::new();
    flatten(&printed.parse().unwrap(), "", &mut keys);
    keys
}

#[test]
fn every_environment_name_is_a_key() {
    let known: BTreeSet<String> = keys()
        .iter()
        .map(|key| format!("WAYMARK_{}", key.replace('.', "_").to_uppercase()))
        .collect();
    let mut found = 0;
    let mut documents = files(&root().join("deploy"));
    documents.extend(["README.md", "docs/running.md"].map(|path| root().join(path)));
    for path in documents {
        let text = std::fs::read_to_string(&path).unwrap();
        for name in environment_names(&text) {
            found += 1;
            assert!(known.contains(name), "{}: {name}", path.display());
        }
    }
    assert!(found > 15, "{found}");
}

#[test]
fn every_key_is_in_the_documentation() {
    let text = read("docs/running.md");
    let missing: Vec<String> = keys()
        .into_iter()
        .filter(|key| !text.contains(&format!("| `{key}` |")))
        .collect();
    assert!(missing.is_empty(), "docs/running.md: {missing:?}");
}

/// The image that is built, and the version that is run, are one.
fn image() -> String {
    format!("waymark:{}", env!("CARGO_PKG_VERSION"))
}

#[test]
fn the_image_is_built_and_runs_without_rights() {
    let text = read("deploy/Containerfile");
    let instructions: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .collect();
    let of = |name: &str| -> Vec<&str> {
        let lines = instructions.iter().filter(|(of, _)| *of == name);
        lines.map(|(_, rest)| *rest).collect()
    };
    assert_eq!(of("FROM").len(), 2, "two stages");
    let minimum = only_version(&read("Cargo.toml"));
    let tag = of("FROM")[0].split("rust:").nth(1).unwrap();
    let (major, minor) = tag.split('-').next().unwrap().split_once('.').unwrap();
    let built_with: (u32, u32) = (major.parse().unwrap(), minor.parse().unwrap());
    assert!(built_with >= minimum, "{built_with:?} builds {minimum:?}");
    assert_eq!(of("USER"), ["65532:65532"]);
    assert_eq!(of("EXPOSE"), ["8080"]);
    assert!(of("ENV")[0].contains("WAYMARK_LISTEN=0.0.0.0:8080"));
    assert_eq!(of("ENTRYPOINT"), [r#"["/usr/local/bin/waymark"]"#]);
    assert_eq!(of("CMD"), [r#"["serve"]"#]);
    assert!(text.contains(&format!("--tag {}", image())));
}

/// The oldest Rust that builds it.
fn only_version(manifest: &str) -> (u32, u32) {
    let manifest: toml::Table = manifest.parse().unwrap();
    let version = manifest["workspace"]["package"]["rust-version"].as_str();
    let (major, minor) = version.unwrap().split_once('.').unwrap();
    (major.parse().unwrap(), minor.parse().unwrap())
}

#[test]
fn the_compose_file() {
    let compose = only("deploy/compose.yaml");
    let services = &compose["services"];
    for replica in ["waymark-1", "waymark-2"] {
        let service = &services[replica];
        assert_eq!(service["image"], image(), "{replica}");
        assert_eq!(service["read_only"], true);
        assert_eq!(service["environment"]["WAYMARK_LISTEN"], "0.0.0.0:8080");
        assert_eq!(
            service["depends_on"]["postgres"]["condition"],
            "service_healthy"
        );
        let file = service["build"]["dockerfile"].as_str().unwrap();
        assert!(root().join(file).exists(), "{file}");
        let grace = service["stop_grace_period"].as_str().unwrap();
        assert!(seconds(grace) > shutdown_grace(), "{grace}");
    }
    let proxy = compose["configs"]["caddyfile"]["content"].as_str().unwrap();
    assert!(proxy.contains("reverse_proxy waymark-1:8080 waymark-2:8080"));
    assert!(proxy.contains("health_uri /readyz"));
    let volumes = services["postgres"]["volumes"].as_array().unwrap();
    let volume = volumes[0].as_str().unwrap().split(':').next().unwrap();
    assert!(compose["volumes"].as_object().unwrap().contains_key(volume));
}

/// How long a service takes to stop at most, in seconds.
fn shutdown_grace() -> u64 {
    let printed = waymark(&["config", "default"]).succeed();
    let table: toml::Table = printed.parse().unwrap();
    seconds(table["shutdown_grace"].as_str().unwrap())
}

fn seconds(text: &str) -> u64 {
    text.strip_suffix('s').unwrap().parse().unwrap()
}

#[test]
fn the_kubernetes_files() {
    let deployment = only("deploy/kubernetes/deployment.yaml");
    let pod = &deployment["spec"]["template"];
    let labels = &pod["metadata"]["labels"];
    assert_eq!(&deployment["spec"]["selector"]["matchLabels"], labels);
    let container = &pod["spec"]["containers"][0];
    assert_eq!(container["image"], image());
    assert_eq!(container["args"], serde_json::json!(["serve"]));
    assert_eq!(container["ports"][0]["containerPort"], 8080);
    for (probe, path) in [
        ("startupProbe", "/livez"),
        ("livenessProbe", "/livez"),
        ("readinessProbe", "/readyz"),
    ] {
        assert_eq!(container[probe]["httpGet"]["path"], path);
        assert_eq!(
            container[probe]["httpGet"]["port"],
            container["ports"][0]["name"]
        );
    }
    let environment = container["env"].as_array().unwrap();
    let listen = environment.iter().find(|it| it["name"] == "WAYMARK_LISTEN");
    assert_eq!(listen.unwrap()["value"], "0.0.0.0:8080");
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], true);
    assert_eq!(pod["spec"]["securityContext"]["runAsNonRoot"], true);
    assert_eq!(
        pod["spec"]["securityContext"]["runAsUser"], 65532,
        "as in the image"
    );
    let pause = container["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64();
    let grace = pod["spec"]["terminationGracePeriodSeconds"].as_u64();
    assert!(grace.unwrap() > pause.unwrap() + shutdown_grace());

    let service = only("deploy/kubernetes/service.yaml");
    assert_eq!(&service["spec"]["selector"], labels);
    assert_eq!(
        service["spec"]["ports"][0]["targetPort"],
        container["ports"][0]["name"]
    );
    let budget = only("deploy/kubernetes/disruption-budget.yaml");
    assert_eq!(&budget["spec"]["selector"]["matchLabels"], labels);
    let replicas = deployment["spec"]["replicas"].as_u64().unwrap();
    assert!(budget["spec"]["minAvailable"].as_u64().unwrap() < replicas);
}

#[test]
fn the_systemd_unit() {
    let text = read("deploy/waymark.service");
    let mut section = "";
    let mut lines = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            section = name;
        } else {
            let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{line}"));
            lines.push((section, key, value));
        }
    }
    let value = |section: &str, key: &str| {
        let found = lines.iter().find(|it| it.0 == section && it.1 == key);
        found.unwrap_or_else(|| panic!("[{section}] {key}")).2
    };
    // Its words are a command that the program knows.
    let start: Vec<&str> = value("Service", "ExecStart").split(' ').collect();
    assert_eq!(start[0], "/usr/local/bin/waymark");
    let mut command = start[1..].to_vec();
    command.push("--help");
    waymark(&command).succeed();
    assert!(seconds(value("Service", "TimeoutStopSec")) > shutdown_grace());
    assert_eq!(value("Service", "RestartPreventExitStatus"), "2");
    assert_eq!(value("Service", "DynamicUser"), "yes");
    assert_eq!(value("Service", "ProtectSystem"), "strict");
    let folder = format!("/var/lib/{}", value("Service", "StateDirectory"));
    assert_eq!(value("Service", "WorkingDirectory"), folder);
    assert_eq!(value("Install", "WantedBy"), "multi-user.target");
}

/// The names of metrics in expressions: what is neither a function nor a label.
fn metrics_of(expression: &str) -> BTreeSet<&str> {
    let fits = |c: char| c.is_ascii_lowercase() || c == '_';
    let mut found = names(expression, "waymark_", fits);
    found.extend(names(expression, "process_", fits));
    found
}

fn expressions() -> Vec<String> {
    let mut found = Vec::new();
    let grafana: Value = serde_json::from_str(&read("deploy/grafana.json")).unwrap();
    let mut ids = BTreeSet::new();
    for panel in grafana["panels"].as_array().unwrap() {
        assert!(
            ids.insert(panel["id"].as_u64().unwrap()),
            "{}",
            panel["title"]
        );
        for target in panel["targets"].as_array().unwrap() {
            let expression = target["expr"].as_str().unwrap();
            assert!(expression.contains("job=\"$job\""), "{expression}");
            found.push(expression.to_owned());
        }
    }
    for rule in alerts() {
        found.push(rule["expr"].as_str().unwrap().to_owned());
    }
    found
}

fn alerts() -> Vec<Value> {
    let groups = only("deploy/alerts.yaml");
    let groups = groups["groups"].as_array().unwrap().clone();
    groups
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap().clone())
        .collect()
}

#[test]
fn every_metric_is_there() {
    crate::support::run(Engine::Sqlite, every_metric);
}

/// What is printed once something of each kind has happened.
async fn every_metric(server: &Server) {
    let anna = server.user("anna");
    let items = serde_json::json!({ "items": [USERS.item("ml", 21)] });
    USERS.bulk_create(&anna, items).await;
    anna.get("/nowhere").await;
    let text = anna.get("/metrics").await.text();
    let mut printed: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    // A family without a sample is not printed before the first refusal.
    printed.insert("waymark_requests_refused_total");
    let families = printed.clone();
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    printed.extend(samples.filter_map(|line| line.split(['{', ' ']).next()));

    let mut named = 0;
    for expression in expressions() {
        for name in metrics_of(&expression) {
            named += 1;
            assert!(printed.contains(name), "{name} in {expression}\n{text}");
        }
    }
    assert!(named > 30, "{named}");

    // The documentation lists what is printed, and nothing else.
    let documentation = read("docs/running.md");
    let table = documentation.split("## Metrics\n").nth(1).unwrap();
    let table = table.split("\n## ").next().unwrap();
    let listed: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split(['{', '`']).next())
        .collect();
    assert_eq!(listed, families);
}

#[test]
fn every_alert_has_its_page() {
    let documentation = read("docs/running.md");
    let headings: BTreeSet<&str> = documentation
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    let alerts = alerts();
    let mut names = BTreeSet::new();
    for rule in &alerts {
        let name = rule["alert"].as_str().unwrap();
        assert!(names.insert(name), "{name} is there twice");
        assert!(
            headings.contains(name),
            "docs/running.md has no page for {name}"
        );
        assert!(["page", "ticket"].contains(&rule["labels"]["severity"].as_str().unwrap()));
        assert!(rule["annotations"]["summary"].is_string());
        let page = rule["annotations"]["runbook"].as_str().unwrap();
        assert_eq!(page, format!("docs/running.md#{}", name.to_lowercase()));
    }
    let pages = headings.iter().filter(|name| name.starts_with("Waymark"));
    assert_eq!(pages.count(), alerts.len(), "a page without its alert");
}

/// The fields of the line of a request, as docs/running.md lists them.
#[test]
fn every_field_of_the_log_is_in_the_documentation() {
    let documentation = read("docs/running.md");
    let source = read("src/http/request.rs");
    let call = source.split("tracing::info!(").nth(1).unwrap();
    let call = call.split("\"request\"").next().unwrap();
    let fields: Vec<&str> = call
        .lines()
        .filter_map(|line| line.trim().split(['=', ',']).next())
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .collect();
    assert!(fields.len() > 9, "{fields:?}");
    for field in fields {
        assert!(documentation.contains(&format!("| `{field}` |")), "{field}");
    }
}
