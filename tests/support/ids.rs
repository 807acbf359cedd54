//! The opaque ids of the fixture, as a DM admin is told them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Server;

/// Global ids by a name for tests: `platform acme`, `user student1`, `group 101` and so on.
#[derive(Debug)]
pub(crate) struct Ids(BTreeMap<String, String>);

impl Ids {
    /// Asks for all of them.
    pub(crate) async fn of(server: &Server) -> Self {
        let one = |key: &str| {
            format!(
                "{key}: platform(key: \"{key}\") {{ id key
                   programs(first: 100) {{ nodes {{ id key }} }}
                   groups(first: 100) {{ nodes {{ id databaseId department {{ id key }} }} }} }}
                 {key}Users: programSuggestionPage(platformKey: \"{key}\", pageSize: 100) {{
                   results {{ id databaseId user {{ id username }} suggestedBy {{ id username }} }} }}
                 {key}Groups: programGroupSuggestionPage(platformKey: \"{key}\", pageSize: 100) {{
                   results {{ id databaseId suggestedBy {{ id username }} }} }}"
            )
        };
        let document = format!(
            "{{ viewer {{ user {{ id username }} }} {} {} }}",
            one("acme"),
            one("globex")
        );
        let data = server.user("root").data(&document, json!({})).await;
        let mut ids = Self(BTreeMap::new());
        ids.add("user", "username", &data["viewer"]["user"]);
        for key in ["acme", "globex"] {
            let platform = &data[key];
            ids.add("platform", "key", platform);
            for program in platform["programs"]["nodes"].as_array().unwrap() {
                ids.add(&format!("program {key}"), "key", program);
            }
            for group in platform["groups"]["nodes"].as_array().unwrap() {
                ids.add("group", "databaseId", group);
                ids.add("department", "key", &group["department"]);
            }
            for (what, rows) in [("suggestion", "Users"), ("group suggestion", "Groups")] {
                let rows = &data[format!("{key}{rows}")]["results"];
                for row in rows.as_array().unwrap() {
                    ids.add(what, "databaseId", row);
                    ids.add("user", "username", &row["user"]);
                    ids.add("user", "username", &row["suggestedBy"]);
                }
            }
        }
        ids
    }

    fn add(&mut self, what: &str, name: &str, row: &Value) {
        if let (Some(name), Some(id)) = (row[name].as_str(), row["id"].as_str()) {
            self.0.insert(format!("{what} {name}"), id.to_owned());
        }
    }

    /// The id of this name.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0
            .get(name)
            .unwrap_or_else(|| panic!("the fixture has no {name}"))
    }

    /// All names and ids, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, id)| (name.as_str(), id.as_str()))
    }
}
