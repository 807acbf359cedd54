//! Who may do what: every operation as every kind of caller, as a committed table.

use std::fmt::Write;

use serde_json::json;

use crate::operations;
use crate::support::ids::Ids;
use crate::support::kind::{BOTH, USERS};
use crate::support::{Caller, Subgraph};

both_engines!(the_table);

/// Every kind of caller, and what makes it one.
pub(crate) const CALLERS: [(&str, Caller); 19] = [
    ("anonymous", Caller::Anonymous),
    ("user without a platform", Caller::User("nobody")),
    ("learner", Caller::User("student2")),
    ("inactive learner", Caller::User("gone")),
    ("inactive department admin", Caller::User("ivo")),
    ("inactive platform admin", Caller::User("inez")),
    ("department admin, of the department", Caller::User("cody")),
    ("department admin, of its parent", Caller::User("dora")),
    ("department admin, of a sibling", Caller::User("dirk")),
    (
        "department admin here, admin elsewhere",
        Caller::User("dual"),
    ),
    ("platform admin", Caller::User("anna")),
    ("platform admin elsewhere", Caller::User("gabi")),
    ("DM admin", Caller::User("root")),
    ("key of the platform", Caller::Key("acme")),
    (
        "key of the platform, department admin's",
        Caller::Key("acme-dora"),
    ),
    (
        "key of the platform, learner's",
        Caller::Key("acme-student1"),
    ),
    ("key of the platform, DM admin's", Caller::Key("acme-root")),
    ("key of another platform", Caller::Key("globex")),
    (
        "key of another platform, department admin's here",
        Caller::Key("globex-dual"),
    ),
];

async fn the_table(Subgraph(server): &Subgraph) {
    let ids = Ids::of(server).await;
    let root = server.user("root");
    let mut table = String::new();
    for operation in operations::all(server, &ids).await {
        let heading = if operation.has_mode {
            "departmentMode: false / true"
        } else {
            ""
        };
        writeln!(table, "{:<60}{heading}", operation.name()).unwrap();
        for (name, caller) in CALLERS {
            let client = server.caller(caller);
            let mut cells = Vec::new();
            for mode in [false, true] {
                // Whoever deleted it before: it is there again, and not the same one.
                let there = if operation.field == "webhookEndpointDelete" {
                    let document = "mutation { webhookEndpointCreate(input: { platformKey: \"acme\", url: \"https://a.example\" }) { endpoint { id } } }";
                    let made = root.data(document, json!({})).await;
                    Some(made["webhookEndpointCreate"]["endpoint"]["id"].clone())
                } else if operation.field.ends_with("Delete") {
                    let kind = BOTH[usize::from(!operation.field.starts_with(USERS.prefix))];
                    let input = kind.item("ml", 21);
                    let there = kind.create(&root, input).await;
                    Some(there["suggestion"]["id"].clone())
                } else {
                    None
                };
                let mut variables = operation.variables("acme", mode);
                if let Some(id) = &there {
                    let input = &mut variables["input"];
                    if operation.field == "webhookEndpointDelete" {
                        input["id"] = id.clone();
                    } else if operation.field.contains("Bulk") {
                        input["suggestions"] = json!([{ "id": id }]);
                    } else {
                        input["suggestion"] = json!({ "id": id });
                    }
                }
                let answer = client.graphql(&operation.document, variables).await;
                cells.push(operation.outcome(&answer));
                if operation.field == "webhookEndpointDelete" {
                    // A platform has few.
                    let document = "mutation ($id: ID!) { webhookEndpointDelete(input: { id: $id }) { deletedId } }";
                    root.data(document, json!({ "id": there })).await;
                }
                if !operation.has_mode {
                    break;
                }
            }
            writeln!(table, "    {name:<56}{}", cells.join(" / ")).unwrap();
        }
    }
    insta::assert_snapshot!("role_table", table);
}
