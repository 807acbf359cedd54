//! Another tenant's ids under one's own credentials: nothing is shown, nothing is changed.

use serde_json::json;

use crate::operations;
use crate::support::ids::Ids;
use crate::support::kind::{BOTH, USERS};
use crate::support::{Server, Subgraph};

both_engines!(
    every_operation_replayed_as_another_tenant,
    nested_ways_lead_nowhere
);

/// What only acme has.
pub(crate) const SECRETS: [&str; 8] = [
    "Acme University",
    "acme-u",
    "Engineering Team",
    "Web Guild",
    "Øyvind",
    "shared@",
    "Machine Learning",
    "student2",
];

async fn every_operation_replayed_as_another_tenant(Subgraph(server): &Subgraph) {
    let ids = Ids::of(server).await;
    let operations = operations::all(server, &ids).await;
    let before = server.database.export();
    for client in [
        server.user("gabi"),
        server.user("gwen"),
        server.user("glen"),
        server.key("globex"),
        server.key("globex-dual"),
        server.user("nobody"),
        server.anonymous(),
    ] {
        for operation in &operations {
            for platform in ["acme", "globex"] {
                for mode in [false, true] {
                    let answer = operation.call(&client, platform, mode).await;
                    let text = answer.text();
                    for secret in SECRETS {
                        assert!(!text.contains(secret), "{} shows {text}", operation.name());
                    }
                    // On the own platform a list shows what is there, never acme's.
                    for (name, id) in ids.all() {
                        let of_acme = [
                            "suggestion 1",
                            "group suggestion 3",
                            "group 1",
                            "program acme",
                        ]
                        .iter()
                        .any(|start| name.starts_with(start));
                        assert!(
                            !(of_acme && text.contains(&format!("\"{id}\""))),
                            "{} shows {name}: {text}",
                            operation.name()
                        );
                    }
                }
            }
        }
    }
    assert_eq!(server.database.export(), before);
}

async fn nested_ways_lead_nowhere(server: &Server) {
    let ids = Ids::of(server).await;
    let before = server.database.export();
    // `both` is a member of both platforms, and gabi sees them; what acme suggested to them, never.
    let gabi = server.user("gabi");
    for kind in BOTH {
        let mut item = json!({ "programKey": "program-v1:acme+ml+2026" });
        item[kind.subject] = match kind.subject {
            "user" => json!({ "id": ids.get("user both") }),
            _ => json!({ "id": ids.get("group 102") }),
        };
        let input = json!({ "platformKey": "globex", "items": [item] });
        let payload = kind.bulk_create(&gabi, input).await;
        assert_eq!(
            payload["errorCodes"],
            json!(["PROGRAM_NOT_FOUND"]),
            "{payload:#}"
        );
        let mut item = json!({ "programKey": "program-v1:shared+intro+2026" });
        item[kind.subject] = match kind.subject {
            "user" => json!({ "id": ids.get("user student2") }),
            _ => json!({ "id": ids.get("group 102") }),
        };
        let input = json!({ "platformKey": "globex", "items": [item] });
        let payload = kind.bulk_create(&gabi, input).await;
        let not_found = match kind.subject {
            "user" => "USER_NOT_FOUND",
            _ => "GROUP_NOT_FOUND",
        };
        assert_eq!(payload["errorCodes"], json!([not_found]));
        let foreign = match kind.subject {
            "user" => ids.get("suggestion 1005"),
            _ => ids.get("group suggestion 3006"),
        };
        let input = json!({ "platformKey": "globex", "suggestions": [{ "id": foreign }] });
        let payload = kind.bulk_delete(&gabi, input).await;
        assert_eq!(payload["deletedIds"], json!([]));
    }
    let variables =
        json!({ "platformKey": "globex", "filter": { "userIds": [ids.get("user both")] } });
    let page = USERS.page(&gabi, variables).await;
    assert_eq!(page["results"], json!([{ "databaseId": "2002" }]));
    let variables =
        json!({ "platformKey": "globex", "filter": { "userIds": [ids.get("user student2")] } });
    let page = USERS.page(&gabi, variables).await;
    assert_eq!(page["count"], json!(0));
    assert_eq!(server.database.export(), before);
}
