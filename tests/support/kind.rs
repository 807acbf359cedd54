//! The two kinds of suggestion. Nearly every rule holds for both, so that nearly every test takes
//! one of these and runs twice.

use serde_json::{Value, json};

use super::Client;

/// Suggestions to users, or to groups, in the words of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    /// The name of the type.
    pub(crate) type_name: &'static str,
    /// The same as a field begins with it.
    pub(crate) prefix: &'static str,
    /// Who it is suggested to: the name of the field.
    pub(crate) subject: &'static str,
    /// All suggestions of acme, in the order of their ids.
    pub(crate) of_acme: &'static [i64],
    /// What is selected of a suggestion.
    selection: &'static str,
}

pub(crate) const USERS: Kind = Kind {
    type_name: "ProgramSuggestion",
    prefix: "programSuggestion",
    subject: "user",
    of_acme: &[1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008],
    selection: "id databaseId accepted visible metadata direct created modified \
        program { key } user { databaseId } suggestedBy { username }",
};

pub(crate) const GROUPS: Kind = Kind {
    type_name: "ProgramGroupSuggestion",
    prefix: "programGroupSuggestion",
    subject: "group",
    of_acme: &[3001, 3002, 3003, 3004, 3005, 3006, 3007],
    selection: "id databaseId accepted visible metadata userCount created modified \
        program { key } group { databaseId } suggestedBy { username }",
};

pub(crate) const BOTH: [Kind; 2] = [USERS, GROUPS];

impl Kind {
    /// The document of the list by page number.
    pub(crate) fn page_document(&self, selection: &str) -> String {
        let Self {
            type_name, prefix, ..
        } = self;
        let id_order = self.default_order();
        format!(
            "query Page($platformKey: String!, $platformOrg: String, $departmentMode: Boolean! = false, \
                $query: String, $filter: {type_name}Filter, $orderBy: {type_name}Order! = {id_order}, \
                $page: Int! = 1, $pageSize: Int! = 10) {{ \
              {prefix}Page(platformKey: $platformKey, platformOrg: $platformOrg, departmentMode: $departmentMode, \
                query: $query, filter: $filter, orderBy: $orderBy, page: $page, pageSize: $pageSize) {{ {selection} }} }}"
        )
    }

    /// The document of the list by cursor.
    pub(crate) fn connection_document(&self, selection: &str) -> String {
        let Self {
            type_name, prefix, ..
        } = self;
        let id_order = self.default_order();
        format!(
            "query List($platformKey: String!, $platformOrg: String, $departmentMode: Boolean! = false, \
                $query: String, $filter: {type_name}Filter, $orderBy: {type_name}Order! = {id_order}, \
                $first: Int, $after: String, $last: Int, $before: String) {{ \
              {prefix}s(platformKey: $platformKey, platformOrg: $platformOrg, departmentMode: $departmentMode, \
                query: $query, filter: $filter, orderBy: $orderBy, \
                first: $first, after: $after, last: $last, before: $before) {{ {selection} }} }}"
        )
    }

    fn default_order(&self) -> &'static str {
        match self.subject {
            "user" => "{ field: ID, direction: DESC }",
            _ => "{ field: ID, direction: ASC }",
        }
    }

    /// The document of one of the mutations: `Create`, `Delete`, `BulkCreate`, `BulkDelete`.
    pub(crate) fn mutation_document(&self, act: &str, selection: &str) -> String {
        let Self {
            type_name, prefix, ..
        } = self;
        format!(
            "mutation Change($input: {type_name}{act}Input!) {{ {prefix}{act}(input: $input) {{ {selection} }} }}"
        )
    }

    /// A page of a list: what was asked for, without the name of the field around it.
    pub(crate) async fn page(&self, client: &Client, variables: Value) -> Value {
        let document = self.page_document(
            "count page pageSize pageCount nextPage previousPage results { databaseId }",
        );
        let mut data = client.data(&document, variables).await;
        data[format!("{}Page", self.prefix)].take()
    }

    /// The integer ids of a page of acme, of up to 100.
    pub(crate) async fn ids(&self, client: &Client, mut variables: Value) -> Vec<i64> {
        variables["platformKey"] = json!("acme");
        variables["pageSize"] = json!(100);
        database_ids(&self.page(client, variables).await["results"])
    }

    /// A part of a list by cursor, in ids, edges and everything about the page.
    pub(crate) async fn connection(&self, client: &Client, variables: Value) -> Value {
        let document = self.connection_document(
            "nodes { databaseId } edges { cursor node { databaseId } } totalCount \
             pageInfo { hasNextPage hasPreviousPage startCursor endCursor }",
        );
        let mut data = client.data(&document, variables).await;
        data[format!("{}s", self.prefix)].take()
    }

    /// Every field of one suggestion of acme, as the list gives it.
    pub(crate) async fn suggestion(&self, client: &Client, database_id: i64) -> Value {
        let document = self.page_document(&format!("results {{ {} }}", self.selection));
        let variables = json!({ "platformKey": "acme", "pageSize": 100 });
        let data = client.data(&document, variables).await;
        data[format!("{}Page", self.prefix)]["results"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["databaseId"] == json!(database_id.to_string()))
            .cloned()
            .unwrap_or(Value::Null)
    }

    /// Creates or updates one suggestion.
    pub(crate) async fn create(&self, client: &Client, input: Value) -> Value {
        let selection = format!(
            "clientMutationId outcome suggestion {{ {} }} userErrors {{ code message field }}",
            self.selection
        );
        self.mutate(client, "Create", &selection, input).await
    }

    /// Deletes one suggestion.
    pub(crate) async fn delete(&self, client: &Client, input: Value) -> Value {
        let selection = "clientMutationId deletedId userErrors { code message field }";
        self.mutate(client, "Delete", selection, input).await
    }

    /// Creates or updates many suggestions.
    pub(crate) async fn bulk_create(&self, client: &Client, input: Value) -> Value {
        self.mutate(client, "BulkCreate", &self.bulk_create_selection(), input)
            .await
    }

    /// What [`Kind::bulk_create`] selects.
    pub(crate) fn bulk_create_selection(&self) -> String {
        format!(
            "clientMutationId dryRun successes errorCodes createdCount updatedCount unchangedCount failedCount \
             results {{ index outcome suggestion {{ {} }} userErrors {{ code message field }} }} \
             userErrors {{ code message field }}",
            self.selection
        )
    }

    /// Deletes many suggestions.
    pub(crate) async fn bulk_delete(&self, client: &Client, input: Value) -> Value {
        let selection = "clientMutationId dryRun deletedIds deletedCount failedCount \
            results { index outcome deletedId userErrors { code message field } } \
            userErrors { code message field }";
        self.mutate(client, "BulkDelete", selection, input).await
    }

    /// One of the mutations, on acme unless the input says otherwise.
    pub(crate) async fn mutate(
        &self,
        client: &Client,
        act: &str,
        selection: &str,
        input: Value,
    ) -> Value {
        let document = self.mutation_document(act, selection);
        let variables = json!({ "input": on_acme(input) });
        let mut data = client.data(&document, variables).await;
        data[format!("{}{act}", self.prefix)].take()
    }

    /// The code that one of the mutations, as a whole, is refused with.
    pub(crate) async fn refusal(&self, client: &Client, act: &str, input: Value) -> String {
        let document = self.mutation_document(act, "clientMutationId");
        client
            .code(&document, json!({ "input": on_acme(input) }))
            .await
    }

    /// Somebody or some group of acme, to suggest programs to; `number` is a user id for users and
    /// is turned into a group id for groups: 20 is 101, 21 is 102 and so on.
    pub(crate) fn subject(&self, number: i64) -> Value {
        match self.subject {
            "user" => json!({ "databaseId": number.to_string() }),
            _ => json!({ "databaseId": (number + 81).to_string() }),
        }
    }

    /// An item, or the input of a single creation: a program of acme and a subject.
    pub(crate) fn item(&self, program: &str, number: i64) -> Value {
        let mut item = json!({ "programKey": program_key(program) });
        item[self.subject] = self.subject(number);
        item
    }
}

fn on_acme(mut input: Value) -> Value {
    if input.get("platformKey").is_none() {
        input["platformKey"] = json!("acme");
    }
    input
}

/// The key of a program of acme's fixture.
pub(crate) fn program_key(short: &str) -> String {
    format!("program-v1:acme+{short}+2026")
}

/// The integer ids of a list of rows.
pub(crate) fn database_ids(rows: &Value) -> Vec<i64> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row["databaseId"].as_str().unwrap().parse().unwrap())
        .collect()
}

/// One member of each row, as text: the outcomes or codes of a bulk at a glance.
pub(crate) fn column<'v>(rows: &'v Value, name: &str) -> Vec<&'v str> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row[name].as_str().unwrap())
        .collect()
}

/// The codes of user errors.
pub(crate) fn codes(errors: &Value) -> Vec<&str> {
    column(errors, "code")
}
