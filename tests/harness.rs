//! The ground that the other tests stand on.

use serde_json::{Value, json};

use crate::support::{Database, Server, Subgraph};

both_engines!(
    the_fixture_goes_in,
    a_server_starts,
    everything_is_described
);

async fn the_fixture_goes_in(database: &Database) {
    let export = database.export();
    assert_eq!(export.matches(r#""type":"user""#).count(), 20);
}

async fn a_server_starts(server: &Server) {
    assert_eq!(server.anonymous().get("/livez").await.status, 200);
    assert_eq!(server.anonymous().get("/readyz").await.status, 200);
}

async fn everything_is_described(Subgraph(server): &Subgraph) {
    let document = "{ __schema { types { name description
        fields { name description args { name description } }
        inputFields { name description } enumValues { name description } } } }";
    let data = server.user("root").data(document, json!({})).await;
    let mut bare = Vec::new();
    for of_schema in data["__schema"]["types"].as_array().unwrap() {
        let name = of_schema["name"].as_str().unwrap();
        // Not ours: the meta types, and the one scalar that the executor leaves bare.
        if !name.starts_with("__") && name != "ID" {
            look(of_schema, name, &mut bare);
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

/// Notes what lacks a description, here and below.
fn look(element: &Value, path: &str, bare: &mut Vec<String>) {
    if element["description"]
        .as_str()
        .unwrap_or_default()
        .is_empty()
    {
        bare.push(path.to_owned());
    }
    for parts in ["fields", "args", "inputFields", "enumValues"] {
        for part in element[parts].as_array().into_iter().flatten() {
            look(
                part,
                &format!("{path}.{}", part["name"].as_str().unwrap()),
                bare,
            );
        }
    }
}
