//! A platform that is large enough for full pages.

use serde_json::{Value, json};

use super::{Database, Engine, Server};

/// How many programs, users, groups and suggestions of each kind it has.
pub(crate) const SIZE: i64 = 120;

/// Its lines: the platform acme, `root` (DM admin), `admin` (platform admin), `head` (of the department
/// that all users and groups are in), users and groups from id 1000, and if wanted for each of them
/// one suggestion, of program `p0`, `p1` and so on.
pub(crate) fn lines(suggestions: bool) -> Vec<Value> {
    let user = |id: i64, username: &str| json!({ "type": "user", "id": id, "username": username, "name": username });
    let member = |username: &str, role: &str| json!({ "type": "member", "platform": "acme", "user": username, "role": role });
    let department = |username: &str, admin: bool| json!({ "type": "department_member", "platform": "acme", "department": "d", "user": username, "admin": admin });
    let mut lines = vec![
        json!({ "type": "platform", "key": "acme", "org": "acme-u", "name": "Acme" }),
        json!({ "type": "department", "platform": "acme", "key": "d", "name": "D", "parent": null }),
        json!({ "type": "user", "id": 1, "username": "root", "name": "Root", "dm_admin": true }),
        user(2, "admin"),
        member("admin", "admin"),
        user(3, "head"),
        member("head", "learner"),
        department("head", true),
    ];
    for number in 0..SIZE {
        let (id, program, username) = (1000 + number, format!("p{number}"), format!("u{number}"));
        lines.push(json!({ "type": "program", "platform": "acme", "key": program, "name": format!("Program {number}") }));
        lines.push(json!({ "type": "group", "id": id, "platform": "acme", "name": format!("g{number}"), "department": "d" }));
        lines.push(user(id, &username));
        lines.push(member(&username, "learner"));
        lines.push(department(&username, false));
        lines.push(json!({ "type": "group_member", "group": id, "user": username }));
        if suggestions {
            lines.push(json!({ "type": "program_suggestion", "platform": "acme", "program": program, "user": username, "suggested_by": "admin" }));
            lines.push(json!({ "type": "program_group_suggestion", "platform": "acme", "program": program, "group": id, "suggested_by": "head" }));
        }
    }
    lines
}

/// A server over a database with these lines.
pub(crate) fn serve(engine: Engine, lines: &[Value]) -> Server {
    Server::over(database(engine, lines))
}

/// A database with these lines.
pub(crate) fn database(engine: Engine, lines: &[Value]) -> Database {
    let database = Database::empty(engine);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    database.waymark(&["migrate", "up"]).succeed();
    database.waymark(&["import", "-"]).input(text).succeed();
    database
}
